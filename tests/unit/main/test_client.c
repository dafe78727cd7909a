/* Asking daemons that answer, hang, vanish, or were never there. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "main/client.h"

#define PATIENCE_US INT64_C(30000000)	/* for what must succeed, on a busy machine */
#define SHORT_US INT64_C(200000)	/* for what must not */

static char dir[64];
static char path[128];
static char why[CLT_WHY_MAX];
static pid_t server;

static void make_place(void)
{
	snprintf(dir, sizeof(dir), "/tmp/holdfast-client-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	server = 0;
}

static void remove_place(void)
{
	if (server) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static int listen_at(const char *where)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_uint_lt(strlen(where), sizeof(to.sun_path));
	strcpy(to.sun_path, where);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	ck_assert_int_eq(listen(fd, 0), 0);
	return fd;
}

/* A server that reads one line from one client and does what ANSWER does. */
static void serve(void (*answer)(int fd))
{
	int fd = listen_at(path);

	server = fork();
	ck_assert_int_ge(server, 0);
	if (server == 0) {
		char line[256];
		int client = accept(fd, NULL, NULL);

		if (read(client, line, sizeof(line)) > 0)
			answer(client);
		_exit(0);
	}
	close(fd);
}

static void put(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = write(fd, text, len);

		if (n <= 0)
			_exit(1);
		text += n;
		len -= (size_t)n;
	}
}

static void answer_in_pieces(int fd)
{
	put(fd, "{\"a\":");
	usleep(20000);
	put(fd, "1}\nsecond\nth");
	usleep(20000);
	put(fd, "ird\n");
}

static void answer_nothing(int fd)
{
	(void)fd;
	pause();
}

static void answer_half(int fd)
{
	put(fd, "{\"half\":");
}

static void answer_much(int fd)
{
	static char chunk[1 << 20];

	memset(chunk, 'x', sizeof(chunk) - 1);
	for (int i = 0; i < 3; i++)
		put(fd, chunk);
	put(fd, "\n");
}

static void answer_for_ever(int fd)
{
	static char chunk[1 << 20];

	memset(chunk, 'x', sizeof(chunk) - 1);
	for (;;)
		put(fd, chunk);
}

static void ask(struct clt *c, int64_t timeout_us)
{
	ck_assert_msg(clt_open(c, path, timeout_us, why), "%s", why);
	ck_assert_msg(clt_send(c, "hello\n", why), "%s", why);
}

START_TEST(lines_come_one_by_one)
{
	struct clt c;

	serve(answer_in_pieces);
	ask(&c, PATIENCE_US);
	ck_assert_str_eq(clt_line(&c, why), "{\"a\":1}");
	clt_wait_for_ever(&c, -1);
	ck_assert_str_eq(clt_line(&c, why), "second");
	ck_assert_str_eq(clt_line(&c, why), "third");
	ck_assert_ptr_null(clt_line(&c, why));
	ck_assert_ptr_nonnull(strstr(why, "the daemon has closed the connection"));
	clt_close(&c);
}
END_TEST

START_TEST(a_long_answer_is_whole)
{
	struct clt c;

	serve(answer_much);
	ask(&c, PATIENCE_US);
	ck_assert_uint_eq(strlen(clt_line(&c, why)), 3 * ((1u << 20) - 1));
	clt_close(&c);
}
END_TEST

START_TEST(an_endless_answer_is_refused)
{
	struct clt c;

	serve(answer_for_ever);
	ask(&c, PATIENCE_US);
	ck_assert_ptr_null(clt_line(&c, why));
	ck_assert_ptr_nonnull(strstr(why, "too long"));
	clt_close(&c);
}
END_TEST

START_TEST(a_hung_daemon_is_an_error)
{
	struct clt c;

	serve(answer_nothing);
	ask(&c, SHORT_US);
	ck_assert_ptr_null(clt_line(&c, why));
	ck_assert_ptr_nonnull(strstr(why, "does not answer in time"));
	ck_assert_ptr_nonnull(strstr(why, path));
	clt_close(&c);
}
END_TEST

START_TEST(half_an_answer_is_none)
{
	struct clt c;

	serve(answer_half);
	ask(&c, PATIENCE_US);
	ck_assert_ptr_null(clt_line(&c, why));
	ck_assert_ptr_nonnull(strstr(why, "has closed the connection"));
	clt_close(&c);
}
END_TEST

START_TEST(no_socket)
{
	struct clt c;

	ck_assert(!clt_open(&c, path, SHORT_US, why));
	ck_assert_ptr_nonnull(strstr(why, path));
	ck_assert_ptr_nonnull(strstr(why, "there is no such socket"));
}
END_TEST

START_TEST(a_dead_daemons_socket)
{
	struct clt c;

	close(listen_at(path));
	ck_assert(!clt_open(&c, path, SHORT_US, why));
	ck_assert_ptr_nonnull(strstr(why, "nobody listens on it"));
}
END_TEST

START_TEST(a_name_that_no_socket_has)
{
	char name[200];
	struct clt c;

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ck_assert(!clt_open(&c, name, SHORT_US, why));
	ck_assert_ptr_nonnull(strstr(why, "too long for a socket"));
}
END_TEST

/* A listener that never accepts: its backlog of one is full after a while. */
START_TEST(a_full_backlog_is_waited_for_and_given_up)
{
	struct clt c[8];
	int fd = listen_at(path);
	int opened = 0;

	while (opened < 8 && clt_open(&c[opened], path, SHORT_US, why))
		opened++;
	ck_assert_int_lt(opened, 8);
	ck_assert_ptr_nonnull(strstr(why, "does not take the connection in time"));
	while (opened)
		clt_close(&c[--opened]);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/client");
	TCase *t = tcase_create("client");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, make_place, remove_place);
	tcase_add_test(t, lines_come_one_by_one);
	tcase_add_test(t, a_long_answer_is_whole);
	tcase_add_test(t, an_endless_answer_is_refused);
	tcase_add_test(t, a_hung_daemon_is_an_error);
	tcase_add_test(t, half_an_answer_is_none);
	tcase_add_test(t, no_socket);
	tcase_add_test(t, a_dead_daemons_socket);
	tcase_add_test(t, a_name_that_no_socket_has);
	tcase_add_test(t, a_full_backlog_is_waited_for_and_given_up);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
