/*
 * The control socket: rights, requests, streams, and clients that misbehave.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/ctlsock.h"
#include "sys/limits.h"
#include "unit/sys/lab.h"

#define MUCH 60000
#define GLUTTON 40			/* requests for it */

struct rig {
	struct loop *loop;
	struct csk *sock;
	struct csk_listener listener;
	const char *group;
	struct csk_options options;
	struct csk_handlers handlers;
	char dir[64], path[96], why[256];
	int requests, closed;
	char last[256];
	size_t last_len;
	struct csk_peer peer;
	struct csk_client *client;	/* the last that asked */
	int fd;				/* a client's end, for the conditions */
	char answer[1 << 20];
	size_t answer_len, wanted_len;
	bool at_end;
	uint64_t dialled;
};

/* Answers "echo X" with X, "twice" with two lines, "bye" with an end, "watch" with a stream. */
static const char much[MUCH];

static void on_request(void *ctx, struct csk_client *client, const char *line, size_t len)
{
	struct rig *r = ctx;

	r->requests++;
	r->client = client;
	r->peer = csk_peer(client);
	r->last_len = len;
	snprintf(r->last, sizeof(r->last), "%s", line);
	ck_assert_uint_eq(line[len], 0);
	if (!strncmp(line, "echo ", 5)) {
		csk_send(client, line + 5, len - 5);
		csk_send(client, "\n", 1);
	} else if (!strcmp(line, "much")) {
		csk_send(client, much, MUCH);
	} else if (!strcmp(line, "bye")) {
		csk_send(client, "good bye\n", 9);
		csk_close(client);
		ck_assert(!csk_send(client, "x", 1));
	} else if (!strcmp(line, "watch")) {
		csk_stream(client);
	} else if (!strcmp(line, "later")) {
		csk_await(client);
	} else if (!strcmp(line, "end")) {
		csk_close(client);
	}
}

static void on_closed(void *ctx, struct csk_client *client)
{
	struct rig *r = ctx;

	r->closed++;
	if (r->client == client)
		r->client = NULL;
}

static struct rig *make(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	strcpy(r->dir, "/tmp/holdfast-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(r->dir));
	snprintf(r->path, sizeof(r->path), "%s/ctl", r->dir);
	r->loop = loop_new();
	r->handlers = (struct csk_handlers){ r, on_request, on_closed };
	r->group = "holdfast-none";
	r->listener.fd = -1;
	return r;
}

static bool hear(struct rig *r, const char *path)
{
	return csk_listen(&r->listener, path, r->group, 0660, r->why, sizeof(r->why));
}

static struct rig *start(struct rig *r)
{
	ck_assert_msg(hear(r, r->path), "%s", r->why);
	r->options.fd = r->listener.fd;
	r->sock = csk_new(r->loop, &r->options, &r->handlers);
	ck_assert_ptr_nonnull(r->sock);
	return r;
}

static void stop(struct rig *r)
{
	struct stat st;

	csk_free(r->sock);
	csk_unlisten(&r->listener);
	ck_assert_int_eq(stat(r->path, &st), -1);
	ck_assert_int_eq(rmdir(r->dir), 0);
	loop_free(r->loop);
	free(r);
}

static int dial(const struct rig *r)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", r->path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void put(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (int)strlen(text));
}

static bool answered(void *ctx)
{
	struct rig *r = ctx;
	/* what is behind it belongs to the next answer */
	size_t most = r->wanted_len ? r->wanted_len : sizeof(r->answer);
	ssize_t n = recv(r->fd, r->answer + r->answer_len, most - r->answer_len, MSG_DONTWAIT);

	if (n > 0)
		r->answer_len += (size_t)n;
	r->at_end = n == 0 || (n < 0 && errno == ECONNRESET);
	return r->at_end || (r->wanted_len && r->answer_len >= r->wanted_len);
}

/* Runs the loop until FD has given LEN octets; 0: until its end. */
static const char *take(struct rig *r, int fd, size_t len)
{
	r->fd = fd;
	r->answer_len = 0;
	r->wanted_len = len;
	lab_until(r->loop, answered, r);
	r->answer[r->answer_len] = '\0';
	return r->answer;
}

START_TEST(a_request_is_answered_and_the_kernel_says_who_asks)
{
	struct rig *r = start(make());
	int fd = dial(r);

	put(fd, "echo hello\n");
	ck_assert_str_eq(take(r, fd, 6), "hello\n");
	ck_assert_int_eq(r->peer.pid, getpid());
	ck_assert_uint_eq(r->peer.uid, getuid());
	ck_assert_uint_eq(r->peer.gid, getgid());
	close(fd);
	stop(r);
}
END_TEST

START_TEST(requests_may_come_in_pieces_or_together)
{
	struct rig *r = start(make());
	int fd = dial(r);

	put(fd, "ec");
	lab_for(r->loop, 5000);
	put(fd, "ho a\necho b\necho c");
	ck_assert_str_eq(take(r, fd, 4), "a\nb\n");
	put(fd, "\n");
	ck_assert_str_eq(take(r, fd, 2), "c\n");
	for (int i = 0; i < 100; i++)
		put(fd, "echo x\n");
	ck_assert_uint_eq(strlen(take(r, fd, 200)), 200);
	ck_assert_int_eq(r->requests, 103);
	close(fd);
	stop(r);
}
END_TEST

/* As "printf ... | nc -N -U": the answer comes although the asking side is closed. */
START_TEST(a_client_that_ends_its_side_gets_its_answers)
{
	struct rig *r = start(make());
	int fd = dial(r);

	for (int i = 0; i < 50; i++)
		put(fd, "echo 12345678\n");
	shutdown(fd, SHUT_WR);
	ck_assert_uint_eq(strlen(take(r, fd, 0)), 450);
	ck_assert_int_eq(r->requests, 50);
	ck_assert_int_eq(r->closed, 1);
	close(fd);
	stop(r);
}
END_TEST

static bool has_asked(void *ctx)
{
	return ((struct rig *)ctx)->requests > 0;
}

/* As "printf '{...}' | nc -N -U", without a newline. */
START_TEST(the_last_request_needs_no_newline)
{
	struct rig *r = start(make());
	int fd = dial(r);

	put(fd, "echo a\necho b");
	shutdown(fd, SHUT_WR);
	ck_assert_str_eq(take(r, fd, 0), "a\nb\n");
	close(fd);
	fd = dial(r);
	put(fd, "echo c\n");
	shutdown(fd, SHUT_WR);
	ck_assert_str_eq(take(r, fd, 0), "c\n");
	ck_assert_int_eq(r->requests, 3);	/* what is empty is none */
	close(fd);
	stop(r);
}
END_TEST

static bool has_asked_twice(void *ctx)
{
	return ((struct rig *)ctx)->requests > 1;
}

START_TEST(who_ends_its_side_gets_an_answer_that_comes_later)
{
	struct rig *r = start(make());
	int fd = dial(r);

	put(fd, "later\necho x\n");
	shutdown(fd, SHUT_WR);
	lab_until(r->loop, has_asked_twice, r);
	ck_assert_str_eq(take(r, fd, 2), "x\n");
	lab_for(r->loop, 100000);
	ck_assert_int_eq(r->closed, 0);
	ck_assert(csk_send(r->client, "done\n", 5));
	ck_assert_str_eq(take(r, fd, 0), "done\n");
	ck_assert_int_eq(r->closed, 1);
	close(fd);
	stop(r);
}
END_TEST

static bool is_closed(void *ctx)
{
	return ((struct rig *)ctx)->closed > 0;
}

START_TEST(who_ends_its_side_goes_on_listening_until_it_goes)
{
	struct rig *r = start(make());
	int fd = dial(r);

	put(fd, "watch\necho x\n");
	shutdown(fd, SHUT_WR);
	ck_assert_str_eq(take(r, fd, 2), "x\n");
	for (int i = 0; i < 3; i++) {
		lab_for(r->loop, 20000);
		ck_assert(csk_send(r->client, "event\n", 6));
		ck_assert_str_eq(take(r, fd, 6), "event\n");
	}
	ck_assert_int_eq(r->closed, 0);
	close(fd);
	lab_until(r->loop, is_closed, r);	/* nobody writes to it */
	stop(r);
}
END_TEST

/* Who closes both sides is gone at once, whatever it was waiting for. */
START_TEST(a_watcher_that_closes_is_gone_at_once)
{
	struct rig *r = start(make());
	int fd = dial(r);

	put(fd, "watch\n");
	lab_until(r->loop, has_asked, r);
	close(fd);
	lab_until(r->loop, is_closed, r);
	stop(r);
}
END_TEST

START_TEST(closing_lets_the_last_words_out)
{
	struct rig *r = start(make());
	int fd = dial(r), other = dial(r);

	put(fd, "bye\necho more\n");
	ck_assert_str_eq(take(r, fd, 0), "good bye\n");
	ck_assert_int_eq(r->requests, 1);
	put(other, "end\n");
	ck_assert_str_eq(take(r, other, 0), "");
	ck_assert_int_eq(r->closed, 2);
	close(fd);
	close(other);
	stop(r);
}
END_TEST

START_TEST(a_huge_answer_arrives_whole)
{
	enum { LEN = 900 * 1000 };
	struct rig *r = start(make());
	char *big = malloc(LEN);
	int fd = dial(r);

	memset(big, 'x', LEN);
	put(fd, "watch\n");
	lab_until(r->loop, has_asked, r);
	ck_assert_ptr_nonnull(r->client);
	ck_assert(csk_send(r->client, big, LEN));
	take(r, fd, LEN);
	ck_assert_uint_eq(r->answer_len, LEN);
	free(big);
	close(fd);
	stop(r);
}
END_TEST

START_TEST(a_watcher_that_does_not_read_is_dropped)
{
	struct rig *r = make();
	struct csk_counters count;
	char line[1000];
	int sent = 0, fd;

	r->options.max_output = 100 * 1000;
	start(r);
	fd = dial(r);
	put(fd, "watch\n");
	lab_until(r->loop, has_asked, r);
	memset(line, 'e', sizeof(line));
	while (sent < 100000 && csk_send(r->client, line, sizeof(line))) {
		ck_assert_int_eq(r->closed, 0);
		if (!(++sent % 100))
			lab_for(r->loop, 1000);
	}
	ck_assert_int_gt(sent, 99);
	ck_assert_int_lt(sent, 2000);
	ck_assert_int_eq(r->closed, 0);		/* not from inside the call */
	lab_until(r->loop, is_closed, r);
	csk_count(r->sock, &count);
	ck_assert_uint_eq(count.too_slow, 1);
	ck_assert_uint_eq(count.clients, 0);
	close(fd);
	stop(r);
}
END_TEST

/* Asks for more than a socket holds, and reads none of it. */
static int glutton(const struct rig *r)
{
	int fd = dial(r);

	for (int i = 0; i < GLUTTON; i++)
		put(fd, "much\n");
	lab_for(r->loop, 20000);
	return fd;
}

START_TEST(who_does_not_read_is_asked_nothing)
{
	struct rig *r = start(make());
	int fd = glutton(r), after = r->requests;

	ck_assert_int_lt(after, GLUTTON / 2);
	for (int i = 0; i < GLUTTON; i++)		/* he reads again, and is asked again */
		take(r, fd, MUCH);
	ck_assert_int_eq(r->requests, GLUTTON);
	ck_assert_int_eq(r->closed, 0);
	close(fd);
	stop(r);
}
END_TEST

START_TEST(what_all_leave_unread_is_bounded)
{
	struct rig *r = make();
	struct csk_counters count;
	int fds[10], fd;

	r->options.max_total = 100 * 1000;
	r->options.busy = "busy\n";
	start(r);
	for (int i = 0; i < 10; i++)
		fds[i] = glutton(r);
	csk_count(r->sock, &count);
	ck_assert_uint_gt(count.refused, 0);
	ck_assert_uint_lt(count.refused, 10);
	fd = dial(r);
	put(fd, "echo me\n");
	ck_assert_str_eq(take(r, fd, 5), "busy\n");
	close(fd);
	for (int i = 0; i < 10; i++)
		close(fds[i]);
	lab_for(r->loop, 50000);
	fd = dial(r);
	put(fd, "echo me\n");
	ck_assert_str_eq(take(r, fd, 3), "me\n");
	close(fd);
	stop(r);
}
END_TEST

START_TEST(a_request_without_end_is_refused)
{
	struct rig *r = start(make());
	struct csk_counters count;
	char *line = malloc(CSK_LINE_MAX);
	int fd = dial(r);

	/* the longest that is allowed */
	memset(line, 'y', CSK_LINE_MAX);
	line[CSK_LINE_MAX - 1] = '\n';
	ck_assert_int_eq(send(fd, line, CSK_LINE_MAX, MSG_NOSIGNAL), CSK_LINE_MAX);
	put(fd, "echo z\n");
	ck_assert_str_eq(take(r, fd, 2), "z\n");
	ck_assert_int_eq(r->requests, 2);
	line[CSK_LINE_MAX - 1] = 'y';
	ck_assert_int_eq(send(fd, line, CSK_LINE_MAX, MSG_NOSIGNAL), CSK_LINE_MAX);
	take(r, fd, 0);
	csk_count(r->sock, &count);
	ck_assert_uint_eq(count.too_long, 1);
	ck_assert_int_eq(r->requests, 2);
	ck_assert_int_eq(r->closed, 1);
	free(line);
	close(fd);
	stop(r);
}
END_TEST

START_TEST(a_silent_client_is_closed_and_a_watcher_is_not)
{
	struct rig *r = make();
	struct csk_counters count;
	int silent, watcher;

	r->options.idle_us = 50000;
	start(r);
	silent = dial(r);
	watcher = dial(r);
	put(watcher, "watch\n");
	take(r, silent, 0);
	lab_for(r->loop, 200000);
	csk_count(r->sock, &count);
	ck_assert_uint_eq(count.idle, 1);
	ck_assert_uint_eq(count.clients, 1);
	ck_assert_int_eq(r->closed, 0);		/* it had never asked: nobody knows it */
	ck_assert(csk_send(r->client, "event\n", 6));
	ck_assert_str_eq(take(r, watcher, 6), "event\n");
	close(silent);
	close(watcher);
	stop(r);
}
END_TEST

START_TEST(there_is_a_limit_of_clients)
{
	struct rig *r = make();
	struct csk_counters count;
	int fds[4];

	r->options.max_clients = 3;
	r->options.busy = "busy\n";
	start(r);
	for (int i = 0; i < 4; i++)
		fds[i] = dial(r);
	ck_assert_str_eq(take(r, fds[3], 5), "busy\n");
	csk_count(r->sock, &count);
	ck_assert_uint_eq(count.clients, 3);
	ck_assert_uint_eq(count.refused, 1);
	for (int i = 0; i < 3; i++) {
		put(fds[i], "echo x\n");
		ck_assert_str_eq(take(r, fds[i], 2), "x\n");
		close(fds[i]);
	}
	close(fds[3]);
	stop(r);
}
END_TEST

/* A connection of user UID, or of root. */
static int dial_as(const struct rig *r, uid_t uid)
{
	ck_assert_int_eq(seteuid(uid), 0);
	int fd = dial(r);
	ck_assert_int_eq(seteuid(0), 0);
	return fd;
}

static bool is_let_in(struct rig *r, int fd)
{
	put(fd, "echo x\n");
	return !strcmp(take(r, fd, 2), "x\n");
}

START_TEST(one_user_leaves_room_for_others_and_for_root)
{
	enum { MOST = 64, SHARE = 16, RESERVE = 4, USER = 4001 };
	struct rig *r = make();
	int fds[MOST + 1], n = 0;

	if (geteuid() != 0)
		return;			/* nobody else can speak for others; the net tests do */
	r->options.max_clients = MOST;
	r->options.busy = "b\n";
	ck_assert_int_eq(chmod(r->dir, 0755), 0);
	start(r);
	ck_assert_int_eq(chmod(r->path, 0666), 0);
	for (; n < SHARE; n++) {
		fds[n] = dial_as(r, USER);
		ck_assert(is_let_in(r, fds[n]));
	}
	fds[n] = dial_as(r, USER);
	ck_assert_str_eq(take(r, fds[n], 2), "b\n");
	close(fds[n]);
	for (uid_t other = USER + 1; n < MOST - RESERVE; n++) {
		if (n % SHARE == 0)
			other++;
		fds[n] = dial_as(r, other);
		ck_assert(is_let_in(r, fds[n]));
	}
	fds[n] = dial_as(r, USER + 99);	/* what is left is root's */
	ck_assert_str_eq(take(r, fds[n], 2), "b\n");
	close(fds[n]);
	for (; n < MOST; n++) {
		fds[n] = dial(r);
		ck_assert(is_let_in(r, fds[n]));
	}
	close(fds[0]);			/* a share is given back */
	lab_for(r->loop, 50000);
	close(fds[MOST - 1]);
	lab_for(r->loop, 50000);
	fds[0] = dial_as(r, USER);
	ck_assert(!is_let_in(r, fds[0]));	/* still more than others may have in all */
	for (int i = 0; i < MOST - 1; i++)
		close(fds[i]);
	stop(r);
}
END_TEST

START_TEST(what_one_user_leaves_unread_is_nobody_elses_loss)
{
	enum { USER = 4001 };
	struct rig *r = make();
	int fds[10], fd;

	if (geteuid() != 0)
		return;
	r->options.max_total = 400 * 1000;
	r->options.busy = "busy\n";
	ck_assert_int_eq(chmod(r->dir, 0755), 0);
	start(r);
	ck_assert_int_eq(chmod(r->path, 0666), 0);
	for (int i = 0; i < 10; i++) {
		fds[i] = dial_as(r, USER);
		for (int n = 0; n < GLUTTON; n++)
			put(fds[i], "much\n");
		lab_for(r->loop, 20000);
	}
	fd = dial_as(r, USER);
	put(fd, "echo me\n");
	ck_assert_str_eq(take(r, fd, 5), "busy\n");
	close(fd);
	fd = dial_as(r, USER + 1);
	ck_assert(is_let_in(r, fd));
	close(fd);
	fd = dial(r);
	ck_assert(is_let_in(r, fd));
	close(fd);
	for (int i = 0; i < 10; i++)
		close(fds[i]);
	stop(r);
}
END_TEST

static bool all_accepted(void *ctx)
{
	struct rig *r = ctx;
	struct csk_counters count;

	csk_count(r->sock, &count);
	return count.accepted == r->dialled;
}

START_TEST(a_thousand_clients_are_served)
{
	enum { N = 1000 };
	struct rig *r = start(make());
	static int fds[N];

	lim_raise();		/* both ends are in this process */
	for (int i = 0; i < N; i++) {
		fds[i] = dial(r);
		r->dialled = (uint64_t)i + 1;
		if (r->dialled % 100 == 0)	/* fewer than the backlog takes */
			lab_until(r->loop, all_accepted, r);
	}
	for (int i = 0; i < N; i++)
		put(fds[i], "echo hello\n");
	for (int i = 0; i < N; i++) {
		ck_assert_str_eq(take(r, fds[i], 6), "hello\n");
		close(fds[i]);
	}
	stop(r);
}
END_TEST

START_TEST(the_socket_has_mode_and_group)
{
	struct rig *r = make();
	struct group *group = getgrnam("daemon");
	struct stat st;

	r->group = "daemon";
	start(r);
	ck_assert_int_eq(stat(r->path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	ck_assert_ptr_nonnull(group);
	ck_assert_uint_eq(st.st_gid, group->gr_gid);
	stop(r);
}
END_TEST

/* The daemon's lock has said that nobody else may listen here. */
START_TEST(a_socket_is_taken_whether_somebody_answers_or_not)
{
	struct rig *r = start(make());
	struct rig *second = make();
	struct csk_listener old = r->listener;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd;

	ck_assert_msg(hear(r, r->path), "%s", r->why);
	r->options.fd = r->listener.fd;
	csk_free(r->sock);
	r->sock = csk_new(r->loop, &r->options, &r->handlers);
	fd = dial(r);
	put(fd, "echo new\n");
	ck_assert_str_eq(take(r, fd, 4), "new\n");
	close(fd);
	csk_unlisten(&old);		/* its file is not its own any more */
	fd = dial(r);
	close(fd);

	/* left behind by a process that is no more */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", second->path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
	start(second);
	fd = dial(second);
	put(fd, "echo new\n");
	ck_assert_str_eq(take(second, fd, 4), "new\n");
	close(fd);
	stop(second);
	stop(r);
}
END_TEST

START_TEST(what_is_not_a_socket_stays)
{
	struct rig *r = make();
	struct stat st;
	FILE *f = fopen(r->path, "w");

	fclose(f);
	ck_assert(!hear(r, r->path));
	ck_assert_int_eq(errno, EEXIST);
	ck_assert_ptr_nonnull(strstr(r->why, "is not a socket"));
	ck_assert_int_eq(stat(r->path, &st), 0);
	unlink(r->path);
	ck_assert(!hear(r, "/nonexistent/dir/ctl"));
	ck_assert_int_eq(errno, ENOENT);
	stop(r);
}
END_TEST

START_TEST(a_successors_socket_is_left_alone)
{
	struct rig *r = start(make());
	struct stat st;
	FILE *f;

	unlink(r->path);
	f = fopen(r->path, "w");
	fclose(f);
	csk_unlisten(&r->listener);
	ck_assert_int_eq(stat(r->path, &st), 0);
	unlink(r->path);
	stop(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ctlsock");
	TCase *c = tcase_create("ctlsock");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_request_is_answered_and_the_kernel_says_who_asks);
	tcase_add_test(c, requests_may_come_in_pieces_or_together);
	tcase_add_test(c, a_client_that_ends_its_side_gets_its_answers);
	tcase_add_test(c, the_last_request_needs_no_newline);
	tcase_add_test(c, who_ends_its_side_gets_an_answer_that_comes_later);
	tcase_add_test(c, who_ends_its_side_goes_on_listening_until_it_goes);
	tcase_add_test(c, a_watcher_that_closes_is_gone_at_once);
	tcase_add_test(c, closing_lets_the_last_words_out);
	tcase_add_test(c, a_huge_answer_arrives_whole);
	tcase_add_test(c, a_watcher_that_does_not_read_is_dropped);
	tcase_add_test(c, who_does_not_read_is_asked_nothing);
	tcase_add_test(c, what_all_leave_unread_is_bounded);
	tcase_add_test(c, a_request_without_end_is_refused);
	tcase_add_test(c, a_silent_client_is_closed_and_a_watcher_is_not);
	tcase_add_test(c, there_is_a_limit_of_clients);
	tcase_add_test(c, one_user_leaves_room_for_others_and_for_root);
	tcase_add_test(c, what_one_user_leaves_unread_is_nobody_elses_loss);
	tcase_add_test(c, a_thousand_clients_are_served);
	tcase_add_test(c, the_socket_has_mode_and_group);
	tcase_add_test(c, a_socket_is_taken_whether_somebody_answers_or_not);
	tcase_add_test(c, what_is_not_a_socket_stays);
	tcase_add_test(c, a_successors_socket_is_left_alone);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	SRunner *r = srunner_create(suite());
	int failed;

	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
