/*
 * What the keeper takes from an engine: messages of the table, and nothing else, whatever is sent.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/keepwire.h"

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Sends M as it stands, LEN octets of it, with N copies of FD. */
static void send_raw(int to, const struct kpw *m, size_t len, int fd, size_t n)
{
	struct iovec iov = { (void *)(uintptr_t)m, len };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(200 * sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	memset(&control, 0, sizeof(control));
	if (n) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(n * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		for (size_t i = 0; i < n; i++)
			memcpy(CMSG_DATA(c) + i * sizeof(int), &fd, sizeof(int));
	}
	ck_assert_int_eq(sendmsg(to, &message, 0), (int)len);
}

START_TEST(a_message_crosses_with_its_descriptors)
{
	struct kpw m = { .kind = KPW_RELOAD, .arg = 7, .value = UINT64_MAX, .text = "why" };
	struct kpw_got got;
	int ends[2], pipes[2];

	ck_assert_int_eq(kpw_pair(ends), 0);
	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(kpw_recv(ends[1], KPW_ENGINE, &got), KPW_EMPTY);
	ck_assert_int_eq(kpw_send(ends[0], &m, &pipes[1], 1), 0);
	ck_assert_int_eq(kpw_recv(ends[1], KPW_ENGINE, &got), KPW_GOT);
	ck_assert_int_eq(got.m.kind, KPW_RELOAD);
	ck_assert_uint_eq(got.m.arg, 7);
	ck_assert_uint_eq(got.m.value, UINT64_MAX);
	ck_assert_str_eq(got.m.text, "why");
	ck_assert_uint_eq(got.n_fds, 1);
	ck_assert_int_eq(fcntl(got.fds[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(write(got.fds[0], "x", 1), 1);
	kpw_drop(&got);
	close(ends[0]);
	ck_assert_int_eq(kpw_recv(ends[1], KPW_ENGINE, &got), KPW_END);
	close(ends[1]);
}
END_TEST

START_TEST(what_is_not_in_the_table_is_refused)
{
	const struct kpw ready = { .version = KPW_VERSION, .kind = KPW_READY };
	int before = count_fds(), ends[2];
	struct kpw_got got;

	ck_assert_int_eq(kpw_pair(ends), 0);
	for (int kind = 0; kind <= KPW_N_KINDS + 1; kind++) {
		struct kpw m = { .version = KPW_VERSION, .kind = (uint16_t)kind };

		for (size_t n = 0; n < 3; n++) {
			send_raw(ends[1], &m, sizeof(m), ends[0], n);
			enum kpw_result result = kpw_recv(ends[0], KPW_KEEPER, &got);

			ck_assert(result == KPW_GOT || result == KPW_BAD);
			if (result == KPW_GOT)
				ck_assert(kind >= KPW_READY && kind <= KPW_LEFT);
			kpw_drop(&got);
		}
	}
	struct kpw bad[4] = { ready, ready, ready, ready };
	bad[0].version++;
	bad[1].kind = KPW_STOP;
	bad[2].kind = UINT16_MAX;
	memset(bad[3].text, 'x', sizeof(bad[3].text));
	for (size_t i = 0; i < 4; i++) {
		send_raw(ends[1], &bad[i], sizeof(bad[i]), ends[0], 1);
		ck_assert_int_eq(kpw_recv(ends[0], KPW_KEEPER, &got), KPW_BAD);
	}
	for (size_t len = 1; len < sizeof(ready); len++) {
		send_raw(ends[1], &ready, len, -1, 0);
		ck_assert_int_eq(kpw_recv(ends[0], KPW_KEEPER, &got), KPW_BAD);
	}
	char large[sizeof(ready) + 1];
	memcpy(large, &ready, sizeof(ready));
	ck_assert_int_eq(send(ends[1], large, sizeof(large), 0), (int)sizeof(large));
	ck_assert_int_eq(kpw_recv(ends[0], KPW_KEEPER, &got), KPW_BAD);
	send_raw(ends[1], &ready, sizeof(ready), ends[0], 200);
	ck_assert_int_eq(kpw_recv(ends[0], KPW_KEEPER, &got), KPW_BAD);
	send_raw(ends[1], &ready, sizeof(ready), -1, 0);
	ck_assert_int_eq(kpw_recv(ends[0], KPW_KEEPER, &got), KPW_GOT);
	close(ends[0]);
	close(ends[1]);
	ck_assert_int_eq(count_fds(), before);
}
END_TEST

/* An engine that was taken over can name no program: the keeper does not hear it say the word. */
START_TEST(an_engine_asks_for_no_upgrade)
{
	const struct kpw m = { .kind = KPW_UPGRADE, .text = "/proc/self/fd/4" };
	struct kpw_got got;
	int ends[2];

	ck_assert_int_eq(kpw_pair(ends), 0);
	for (size_t n = 0; n < 2; n++) {
		ck_assert_int_eq(kpw_send(ends[1], &m, &ends[0], n), 0);
		ck_assert_int_eq(kpw_recv(ends[0], KPW_KEEPER, &got), KPW_BAD);
		ck_assert_int_eq(kpw_send(ends[1], &m, &ends[0], n), 0);
		ck_assert_int_eq(kpw_recv(ends[0], KPW_READER, &got), KPW_BAD);
		ck_assert_int_eq(kpw_send(ends[1], &m, &ends[0], n), 0);
		ck_assert_int_eq(kpw_recv(ends[0], KPW_UPGRADER, &got), KPW_GOT);
		kpw_drop(&got);
	}
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(noise_does_no_harm)
{
	int before = count_fds(), ends[2];
	unsigned int seed = 1;
	struct kpw_got got;
	struct kpw m;

	ck_assert_int_eq(kpw_pair(ends), 0);
	for (int round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof(m); i++)
			((uint8_t *)&m)[i] = (uint8_t)rand_r(&seed);
		if (round % 2) {
			m.version = KPW_VERSION;
			m.kind = (uint16_t)(rand_r(&seed) % (KPW_N_KINDS + 1));
		}
		send_raw(ends[1], &m, sizeof(m), ends[0], (size_t)rand_r(&seed) % 4);
		if (kpw_recv(ends[0], KPW_KEEPER, &got) == KPW_GOT)
			ck_assert_ptr_nonnull(memchr(got.m.text, '\0', KPW_TEXT_MAX));
		kpw_drop(&got);
	}
	close(ends[0]);
	close(ends[1]);
	ck_assert_int_eq(count_fds(), before);
}
END_TEST

START_TEST(nobody_is_waited_for)
{
	int ends[2], error = 0;

	ck_assert_int_eq(kpw_pair(ends), 0);
	for (int i = 0; i < 100000 && !error; i++)
		error = kpw_say(ends[0], KPW_PING, 0, 0);
	ck_assert_int_eq(error, EAGAIN);
	close(ends[1]);
	error = kpw_say(ends[0], KPW_PING, 0, 0);
	ck_assert(error == EPIPE || error == ECONNRESET);
	close(ends[0]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("keepwire");
	TCase *t = tcase_create("keepwire");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_message_crosses_with_its_descriptors);
	tcase_add_test(t, what_is_not_in_the_table_is_refused);
	tcase_add_test(t, an_engine_asks_for_no_upgrade);
	tcase_add_test(t, noise_does_no_harm);
	tcase_add_test(t, nobody_is_waited_for);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
