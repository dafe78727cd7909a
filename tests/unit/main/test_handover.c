/*
 * What a keeper leaves to the next binary: it arrives whole, open over exec, or not at all.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "main/handover.h"

static int some_fd(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static bool crosses_exec(int fd)
{
	return !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static struct hov filled(void)
{
	struct hov h = { .engine = 11, .runner = 12, .engines = 3, .open_files = 5, .key = "left" };

	for (int i = 0; i < HOV_N_FDS; i++)
		h.fds[i] = -1;
	h.fds[HOV_ENGINE] = some_fd();
	return h;
}

START_TEST(it_arrives_whole_and_is_closed_to_later_execs)
{
	struct hov h = filled(), got;
	struct ksk sockets = { 0 }, back = { 0 };
	const char *why;

	ck_assert_int_eq(ksk_add(&sockets, some_fd(), IP_V4), 0);
	ck_assert_int_eq(ksk_add(&sockets, some_fd(), IP_V6), 0);
	int fd = hov_write(&h, &sockets);
	ck_assert_int_ge(fd, 0);
	ck_assert(crosses_exec(fd) && crosses_exec(h.fds[HOV_ENGINE]));
	ck_assert(crosses_exec(sockets.v[0].fd) && crosses_exec(sockets.v[1].fd));

	ck_assert(hov_read(fd, &got, &back, &why));
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	ck_assert_int_eq(got.engine, 11);
	ck_assert_int_eq(got.runner, 12);
	ck_assert_uint_eq(got.open_files, 5);
	ck_assert_str_eq(got.key, "left");
	ck_assert_int_eq(got.fds[HOV_ENGINE], h.fds[HOV_ENGINE]);
	ck_assert_uint_eq(back.n, 2);
	ck_assert_int_eq(back.v[1].fd, sockets.v[1].fd);
	ck_assert_uint_eq(back.v[0].family, IP_V4);
	ck_assert_uint_eq(back.v[1].family, IP_V6);
	ck_assert(!crosses_exec(h.fds[HOV_ENGINE]) && !crosses_exec(back.v[0].fd));
	free(back.v);
	ksk_free(&sockets);
	close(h.fds[HOV_ENGINE]);
}
END_TEST

START_TEST(an_exec_that_fails_leaves_all_as_it_was)
{
	struct hov h = filled();
	struct ksk sockets = { 0 };

	ck_assert_int_eq(ksk_add(&sockets, some_fd(), IP_V4), 0);
	int fd = hov_write(&h, &sockets);
	close(fd);
	hov_cancel(&h, &sockets);
	ck_assert(!crosses_exec(h.fds[HOV_ENGINE]) && !crosses_exec(sockets.v[0].fd));
	ksk_free(&sockets);
	close(h.fds[HOV_ENGINE]);
}
END_TEST

/* WHERE of the memfd is overwritten; -1: it is cut there instead. */
static const char *spoilt(off_t where, uint32_t with, off_t length)
{
	struct hov h = filled(), got;
	struct ksk sockets = { 0 }, back = { 0 };
	const char *why;
	int fd;

	ck_assert_int_eq(ksk_add(&sockets, some_fd(), IP_V4), 0);
	fd = hov_write(&h, &sockets);
	if (where >= 0)
		ck_assert_int_eq(pwrite(fd, &with, sizeof(with), where), sizeof(with));
	else
		ck_assert_int_eq(ftruncate(fd, length), 0);
	ck_assert(!hov_read(fd, &got, &back, &why));
	free(back.v);
	ksk_free(&sockets);
	close(h.fds[HOV_ENGINE]);
	return why;
}

START_TEST(what_is_not_understood_is_refused)
{
	ck_assert_str_eq(spoilt(0, 1, 0), "it is no hand-over");
	ck_assert_str_eq(spoilt(-1, 0, 7), "it is no hand-over");
	ck_assert_str_eq(spoilt(offsetof(struct hov, version), HOV_VERSION + 1, 0),
			 "it is a hand-over of another version");
	ck_assert_str_eq(spoilt(offsetof(struct hov, size), 8, 0),
			 "it is a hand-over of another version");
	ck_assert_str_eq(spoilt(offsetof(struct hov, n_sockets), 1u << 30, 0),
			 "it names too many sockets");
	ck_assert_str_eq(spoilt(-1, 0, sizeof(struct hov) + 3), "its end is missing");
}
END_TEST

START_TEST(the_environment_names_it_once)
{
	unsetenv(HOV_VARIABLE);
	ck_assert_int_eq(hov_inherited(), -1);
	setenv(HOV_VARIABLE, "7", 1);
	ck_assert_int_eq(hov_inherited(), 7);
	ck_assert_int_eq(hov_inherited(), -1);
	setenv(HOV_VARIABLE, "nonsense", 1);
	ck_assert_int_eq(hov_inherited(), -1);
}
END_TEST

START_TEST(the_keeper_keeps_each_socket_until_it_is_closed)
{
	struct ksk k = { 0 };
	int a = some_fd(), b = some_fd();

	ck_assert_int_eq(ksk_add(&k, a, IP_V4), 0);
	ck_assert_int_eq(ksk_add(&k, b, IP_V4), 0);
	ksk_closed(&k, 0);			/* nobody's */
	ck_assert_uint_eq(k.n, 2);
	ksk_closed(&k, k.v[0].cookie);
	ck_assert_uint_eq(k.n, 1);
	ck_assert_int_eq(k.v[0].fd, b);
	ck_assert_int_eq(fcntl(a, F_GETFD), -1);
	ksk_free(&k);
	ck_assert_int_eq(fcntl(b, F_GETFD), -1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("handover");
	TCase *c = tcase_create("handover");

	tcase_add_test(c, it_arrives_whole_and_is_closed_to_later_execs);
	tcase_add_test(c, an_exec_that_fails_leaves_all_as_it_was);
	tcase_add_test(c, what_is_not_understood_is_refused);
	tcase_add_test(c, the_environment_names_it_once);
	tcase_add_test(c, the_keeper_keeps_each_socket_until_it_is_closed);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	SRunner *r = srunner_create(suite());

	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
