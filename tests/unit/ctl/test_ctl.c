/* The daemon's end of the control socket: verbs, rights, watching. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "fake.h"

#define DAEMON_UID 990
#define READER_UID 1000
#define LINES_MAX 512

/* What main would be: takes the lines for clients, and reloads as the test says. */
struct desk {
	struct fake f;
	struct ctl *ctl;
	bool alone;			/* there is nobody to read a configuration */
	int reloads;
	uint64_t ticket;		/* of the last one */
	json_t *lines[LINES_MAX];	/* sent to watching clients */
	const void *to[LINES_MAX];
	size_t n;
	const void *deaf;		/* the client that takes nothing */
	struct log log;
	char logged[8][LOG_LINE_MAX];
	size_t n_logged;
};

static void desk_log(void *ctx, enum log_level level, const char *line)
{
	struct desk *d = ctx;

	(void)level;
	ck_assert_uint_lt(d->n_logged, 8);
	snprintf(d->logged[d->n_logged++], LOG_LINE_MAX, "%s", line);
}

static bool desk_reload(void *ctx, uint64_t ticket)
{
	struct desk *d = ctx;

	ck_assert_uint_gt(ticket, d->ticket);
	d->ticket = ticket;
	d->reloads++;
	return !d->alone;
}

static bool desk_send(void *ctx, void *client, const char *line, size_t len)
{
	struct desk *d = ctx;

	if (client == d->deaf)
		return false;
	ck_assert_uint_lt(d->n, LINES_MAX);
	ck_assert_uint_eq(strlen(line), len);
	ck_assert_ptr_eq(strchr(line, '\n'), line + len - 1);
	d->to[d->n] = client;
	d->lines[d->n] = json_loadb(line, len, 0, NULL);
	ck_assert_ptr_nonnull(d->lines[d->n++]);
	return true;
}

static void desk_open(struct desk *d)
{
	struct ctl_host host = {
		.ctx = d, .version = "0.1.0", .pid = 812, .uid = DAEMON_UID,
		.log = &d->log, .reload = desk_reload, .send = desk_send,
	};

	memset(d, 0, sizeof(*d));
	d->log = (struct log){ .ctx = d, .line = desk_log, .level = LOG_LVL_DEBUG };
	fake_new(&d->f);
	d->ctl = ctl_new(d->f.engine, &host);
	ck_assert_ptr_nonnull(d->ctl);
}

static void desk_clear(struct desk *d)
{
	while (d->n)
		json_decref(d->lines[--d->n]);
}

static void desk_close(struct desk *d)
{
	desk_clear(d);
	eng_free(d->f.engine);
	ctl_free(d->ctl);
}

/* The answer to LINE as read from the wire; every answer has the envelope. */
static json_t *ask_as(struct desk *d, void *client, uint32_t uid, const char *line)
{
	struct ctl_peer peer = { .client = client, .uid = uid, .pid = 4711 };
	struct ctl_reply reply;
	json_t *answer;

	ctl_handle(d->ctl, &peer, line, strlen(line), &reply);
	ck_assert_ptr_nonnull(reply.line);
	ck_assert_uint_eq(strlen(reply.line), reply.len);
	ck_assert_ptr_eq(strchr(reply.line, '\n'), reply.line + reply.len - 1);
	answer = json_loadb(reply.line, reply.len, 0, NULL);
	ck_assert_int_eq(json_integer_value(json_object_get(answer, "version")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(answer, "pid")), 812);
	ck_assert(json_is_string(json_object_get(answer, "started")));
	ck_assert(json_is_integer(json_object_get(answer, "monotonic_us")));
	ck_assert(reply.watching == json_is_true(json_object_get(answer, "watching")));
	ctl_reply_free(&reply);
	ck_assert_ptr_null(reply.line);
	return answer;
}

/* Asks for a reload as CLIENT; the answer must not be there yet. */
static void want(struct desk *d, void *client, uint32_t uid, const char *line)
{
	struct ctl_peer peer = { .client = client, .uid = uid, .pid = 4711 };
	struct ctl_reply reply;

	ctl_handle(d->ctl, &peer, line, strlen(line), &reply);
	ck_assert_ptr_null(reply.line);
	ck_assert(reply.later && !reply.watching);
	ctl_reply_free(&reply);
}

static void want_reload(struct desk *d, void *client, uint32_t uid)
{
	want(d, client, uid, "{\"verb\":\"reload\"}");
}

static json_t *ask(struct desk *d, const char *line)
{
	return ask_as(d, d, READER_UID, line);
}

static const char *text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* The refusal that LINE earns; HINT NULL: none. */
static void refused(struct desk *d, uint32_t uid, const char *line, const char *reason,
		    const char *error, const char *hint)
{
	json_t *answer = ask_as(d, d, uid, line);

	ck_assert(json_is_false(json_object_get(answer, "ok")));
	ck_assert_str_eq(text(answer, "reason"), reason);
	ck_assert_str_eq(text(answer, "error"), error);
	if (hint)
		ck_assert_str_eq(text(answer, "hint"), hint);
	else
		ck_assert(json_is_null(json_object_get(answer, "hint")));
	ck_assert_uint_eq(json_object_size(answer), 8);
	json_decref(answer);
}

START_TEST(status_answers_readers)
{
	struct desk d;
	json_t *a;

	desk_open(&d);
	a = ask(&d, "{\"verb\":\"status\"}\n");
	ck_assert(json_is_true(json_object_get(a, "ok")));
	ck_assert_uint_eq(json_array_size(json_object_get(a, "instances")), 2);
	json_decref(a);
	a = ask(&d, "{\"verb\":\"status\",\"instance\":\"VI_2\"}");
	ck_assert_uint_eq(json_array_size(json_object_get(a, "instances")), 1);
	ck_assert_str_eq(text(json_array_get(json_object_get(a, "instances"), 0), "name"), "VI_2");
	json_decref(a);
	desk_close(&d);
}
END_TEST

START_TEST(mistakes_are_answered_with_a_sentence)
{
	struct desk d;

	desk_open(&d);
	refused(&d, 0, "hello\n", "bad-request", "the request is not one line of JSON (column 5)",
		NULL);
	refused(&d, 0, "{\"verb\":\"statsu\"}", "unknown-verb", "there is no verb 'statsu'",
		"status");
	refused(&d, 0, "{\"verb\":\"\\u001b[2J\"}", "unknown-verb", "there is no verb '?[2J'",
		NULL);
	refused(&d, 0, "{\"verb\":\"status\",\"instance\":\"VI_3\"}", "unknown-instance",
		"there is no instance 'VI_3'", "VI_1");
	refused(&d, 0, "{\"verb\":\"status\",\"instance\":\"\"}", "unknown-instance",
		"there is no instance ''", NULL);
	refused(&d, 0, "{\"verb\":\"reload\",\"instance\":\"VI_1\"}", "bad-request",
		"'reload' takes no instance", NULL);
	refused(&d, 0, "{\"verb\":\"status\",\"force\":\"1\"}", "bad-request",
		"the request has an unknown member 'force'", NULL);
	ck_assert_int_eq(d.reloads, 0);
	desk_close(&d);
}
END_TEST

START_TEST(only_root_and_the_daemon_steer)
{
	static const uint32_t allowed[] = { 0, DAEMON_UID };
	struct desk d;

	desk_open(&d);
	refused(&d, READER_UID, "{\"verb\":\"reload\"}", "not-allowed",
		"'reload' is for root and for the user who started the daemon only", NULL);
	ck_assert_int_eq(d.reloads, 0);
	for (size_t i = 0; i < 2; i++) {
		want_reload(&d, &d, allowed[i]);
		ctl_outcome(d.ctl, REQ_RELOAD, d.ticket, NULL, NULL);
		ck_assert_uint_eq(d.n, 1);
		ck_assert(json_is_true(json_object_get(d.lines[0], "ok")));
		ck_assert(json_is_true(json_object_get(d.lines[0], "reloaded")));
		desk_clear(&d);
	}
	ck_assert_int_eq(d.reloads, 2);
	desk_close(&d);
}
END_TEST

static const json_t *first_mistake(const json_t *answer)
{
	ck_assert_int_eq(json_integer_value(json_object_get(answer, "errors")), 1);
	return json_array_get(json_object_get(answer, "mistakes"), 0);
}

/* Refused or at work in part: who asked is told what is wrong, and where. */
START_TEST(a_reload_is_answered_with_what_is_wrong_in_the_file)
{
	const struct diag_pos pos = { .file = "a.conf", .line = 3, .col = 1 };
	struct diag_list diags;
	struct desk d;
	int a, b;

	diag_init(&diags);
	diag_add(&diags, &pos, DIAG_ERROR, "priority", "unknown keyword 'prority'");
	desk_open(&d);
	want_reload(&d, &a, 0);
	ctl_outcome(d.ctl, REQ_RELOAD, d.ticket, "VI_1 would be lost", &diags);
	ck_assert(json_is_false(json_object_get(d.lines[0], "ok")));
	ck_assert_str_eq(text(d.lines[0], "error"), "VI_1 would be lost");
	ck_assert_str_eq(text(first_mistake(d.lines[0]), "text"), "unknown keyword 'prority'");
	want_reload(&d, &b, 0);
	ctl_outcome(d.ctl, REQ_RELOAD, d.ticket, NULL, &diags);
	ck_assert(json_is_true(json_object_get(d.lines[1], "reloaded")));
	ck_assert_str_eq(text(first_mistake(d.lines[1]), "hint"), "priority");
	desk_close(&d);
	diag_free(&diags);
}
END_TEST

START_TEST(each_reload_has_its_answer)
{
	struct desk d;
	int a, b, gone;

	desk_open(&d);
	want_reload(&d, &a, 0);
	want_reload(&d, &gone, 0);
	ctl_gone(d.ctl, &gone);
	uint64_t early = d.ticket;
	want_reload(&d, &b, 0);			/* the file may have changed since the others */
	ctl_outcome(d.ctl, REQ_RELOAD, early,
		    "keepalived.conf:3:1: error: unknown keyword 'prority'", NULL);
	ck_assert_uint_eq(d.n, 1);
	ck_assert_ptr_eq(d.to[0], &a);
	ck_assert_str_eq(text(d.lines[0], "reason"), "refused");
	ck_assert_str_eq(text(d.lines[0], "error"),
			 "keepalived.conf:3:1: error: unknown keyword 'prority'");
	ctl_outcome(d.ctl, REQ_RELOAD, d.ticket, NULL, NULL);
	ck_assert_uint_eq(d.n, 2);
	ck_assert_ptr_eq(d.to[1], &b);
	ck_assert(json_is_true(json_object_get(d.lines[1], "reloaded")));
	ctl_outcome(d.ctl, REQ_RELOAD, d.ticket, NULL, NULL);
	ck_assert_uint_eq(d.n, 2);
	ck_assert_ptr_null(json_object_get(d.lines[1], "mistakes"));
	d.alone = true;
	refused(&d, 0, "{\"verb\":\"reload\"}", "refused",
		"there is no keeper to read the configuration", NULL);
	ctl_outcome(d.ctl, REQ_RELOAD, d.ticket, NULL, NULL);
	ck_assert_uint_eq(d.n, 2);
	desk_close(&d);
}
END_TEST

/* Who waits is told by the next engine; an upgrade is the keeper's, and no engine hears of it. */
START_TEST(a_connection_goes_on_with_the_next_engine)
{
	struct desk d, next;
	struct ctl_reply reply;
	int reader;

	desk_open(&d);
	want(&d, &d, 0, "{\"verb\":\"reload\"}");
	json_decref(ask_as(&d, &reader, 0, "{\"verb\":\"watch\"}"));
	uint32_t asks = ctl_keepsake(d.ctl, &d), watches = ctl_keepsake(d.ctl, &reader);
	ck_assert_uint_eq(ctl_keepsake(d.ctl, &next), 0);

	desk_open(&next);
	ctl_take(next.ctl, &reader, watches, &reply);
	ck_assert(reply.watching);
	ck_assert_ptr_null(reply.line);
	ctl_take(next.ctl, &d, asks, &reply);
	ck_assert(!reply.watching);
	ck_assert_ptr_nonnull(strstr(reply.line, "upgraded meanwhile; ask again"));
	ctl_reply_free(&reply);
	desk_close(&next);

	refused(&d, 0, "{\"verb\":\"upgrade\"}", "unknown-verb", "there is no verb 'upgrade'",
		NULL);
	refused(&d, 0, "{\"verb\":\"reload\",\"binary\":\"/opt/new\"}", "bad-request",
		"the request has an unknown member 'binary'", NULL);
	desk_close(&d);
}
END_TEST

START_TEST(who_steers_is_logged)
{
	struct desk d;

	desk_open(&d);
	want_reload(&d, &d, 0);
	ck_assert_uint_eq(d.n_logged, 1);
	ck_assert_str_eq(d.logged[0], "'reload' was asked for by user 0, process 4711");
	json_decref(ask(&d, "{\"verb\":\"status\"}"));
	json_decref(ask(&d, "{\"verb\":\"version\"}"));
	ck_assert_uint_eq(d.n_logged, 1);
	desk_close(&d);
}
END_TEST

START_TEST(who_may_not_steer_is_logged_once_a_minute)
{
	struct desk d;

	desk_open(&d);
	for (int i = 0; i < 1000; i++)
		json_decref(ask(&d, "{\"verb\":\"reload\"}"));
	ck_assert_uint_eq(d.n_logged, 1);
	ck_assert_str_eq(d.logged[0], "'reload' was refused to user 1000, process 4711");
	d.f.now_us += 61 * FAKE_S;
	json_decref(ask(&d, "{\"verb\":\"reload\"}"));
	ck_assert_uint_eq(d.n_logged, 2);
	ck_assert_ptr_nonnull(strstr(d.logged[1], "(999 similar lines suppressed)"));
	ck_assert_int_eq(d.reloads, 0);
	desk_close(&d);
}
END_TEST

START_TEST(version_names_the_daemon)
{
	struct desk d;
	json_t *a;

	desk_open(&d);
	a = ask(&d, "{\"verb\":\"version\"}");
	ck_assert_str_eq(text(a, "daemon_version"), "0.1.0");
	json_decref(a);
	desk_close(&d);
}
END_TEST

/* The first line of EVENT that was sent, or NULL. */
static const json_t *event(const struct desk *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(text(d->lines[i], "event"), name))
			return d->lines[i];
	return NULL;
}

START_TEST(watchers_are_told_what_happens)
{
	struct desk d;
	const json_t *e;

	desk_open(&d);
	json_decref(ask(&d, "{\"verb\":\"watch\"}"));
	json_decref(ask(&d, "{\"verb\":\"watch\"}"));	/* twice is once */
	fake_start(&d.f);
	e = event(&d, "state");
	ck_assert_ptr_nonnull(e);
	ck_assert_ptr_eq(d.to[0], &d);
	ck_assert_str_eq(text(e, "from"), "INIT");
	ck_assert_str_eq(text(e, "instance"), "VI_1");
	ck_assert_str_eq(text(e, "cause"), "start");
	ck_assert_str_eq(text(e, "time"), "2026-11-20T19:19:39.123456Z");
	ck_assert_int_eq(json_integer_value(json_object_get(e, "monotonic_us")), FAKE_S);
	ck_assert_ptr_nonnull(strstr(text(e, "text"), "(VI_1) Entering "));
	ck_assert_int_eq(json_integer_value(json_object_get(e, "version")), 1);
	for (size_t i = 0; i < d.n; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert(!json_equal(d.lines[i], d.lines[k]));
	desk_close(&d);
}
END_TEST

START_TEST(events_name_their_numbers)
{
	struct desk d;
	const json_t *e;

	desk_open(&d);
	json_decref(ask(&d, "{\"verb\":\"watch\"}"));
	fake_start(&d.f);
	e = event(&d, "fault-on");
	ck_assert_str_eq(text(e, "fault"), "check-pending");
	ck_assert_str_eq(text(e, "subject"), "chk_fault");
	desk_clear(&d);
	fake_check(&d.f, CHK_WEIGHT, VR_CHECK_GOOD, 0, NULL);
	e = event(&d, "check");
	ck_assert_str_eq(text(e, "subject"), "chk_weight");
	ck_assert(json_is_true(json_object_get(e, "good")));
	ck_assert_str_eq(text(e, "result"), "good");
	e = event(&d, "priority");
	ck_assert_str_eq(text(e, "subject"), "chk_weight");
	ck_assert_int_eq(json_integer_value(json_object_get(e, "from_priority")), 100);
	ck_assert_int_eq(json_integer_value(json_object_get(e, "to_priority")), 102);
	desk_clear(&d);
	fake_link(&d.f, 2, "eth0", false);
	e = event(&d, "fault-on");
	ck_assert_str_eq(text(e, "fault"), "interface-down");
	ck_assert_str_eq(text(e, "subject"), "eth0");
	desk_clear(&d);
	d.f.addr_error = 1;
	fake_link(&d.f, 2, "eth0", true);
	fake_until(&d.f, d.f.now_us + 20 * FAKE_S);
	e = event(&d, "state");
	ck_assert_ptr_nonnull(e);
	ck_assert(json_is_null(json_object_get(e, "silence_ms")));
	e = event(&d, "address-failed");
	ck_assert_str_eq(text(e, "address"), "192.168.16.130/32");
	ck_assert_int_eq(json_integer_value(json_object_get(e, "errno")), 1);
	desk_close(&d);
}
END_TEST

START_TEST(events_of_damping_have_their_numbers)
{
	struct desk d;
	const json_t *e;

	desk_open(&d);
	fake_start(&d.f);
	fake_check(&d.f, CHK_WEIGHT, VR_CHECK_GOOD, 0, NULL);
	json_decref(ask(&d, "{\"verb\":\"watch\"}"));
	fake_damp(&d.f);
	e = event(&d, "damped");
	ck_assert_str_eq(text(e, "instance"), "VI_1");
	ck_assert_int_eq(json_integer_value(json_object_get(e, "changes")), 10);
	ck_assert_int_eq(json_integer_value(json_object_get(e, "window_s")), 30);
	desk_clear(&d);
	fake_until(&d.f, d.f.now_us + 60 * FAKE_S);
	e = event(&d, "state-told");
	ck_assert_str_eq(text(e, "state"), "MASTER");
	ck_assert_int_ge(json_integer_value(json_object_get(e, "unsaid")), 1);
	ck_assert(json_is_integer(json_object_get(e, "damped_s")));
	e = event(&d, "damped-over");
	ck_assert_int_ge(json_integer_value(json_object_get(e, "changes")), 1);
	ck_assert_int_ge(json_integer_value(json_object_get(e, "damped_s")), 30);
	desk_close(&d);
}
END_TEST

/* How many events of that name were sent, and how many they say were left out. */
static size_t told(const struct desk *d, const char *name, long long *left_out)
{
	size_t n = 0;

	*left_out = 0;
	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(text(d->lines[i], "event"), name))
			continue;
		n++;
		*left_out += json_integer_value(json_object_get(d->lines[i], "suppressed"));
	}
	return n;
}

START_TEST(a_storm_is_thinned_and_counted)
{
	struct desk d;
	long long left_out;

	desk_open(&d);
	fake_start(&d.f);
	json_decref(ask(&d, "{\"verb\":\"watch\"}"));
	for (int i = 0; i < 100; i++) {
		fake_advert(&d.f, 110);
		fake_advert(&d.f, VR_PRIO_STOP);
	}
	ck_assert_uint_eq(told(&d, "priority-zero", &left_out), 20);
	ck_assert_int_eq(left_out, 0);
	ck_assert_str_eq(text(event(&d, "priority-zero"), "who"), "192.168.16.129");
	desk_clear(&d);
	d.f.now_us += FAKE_S;
	fake_advert(&d.f, 110);
	fake_advert(&d.f, VR_PRIO_STOP);
	ck_assert_uint_eq(told(&d, "priority-zero", &left_out), 1);
	ck_assert_int_eq(left_out, 80);
	desk_close(&d);
}
END_TEST

START_TEST(who_is_gone_or_deaf_is_told_nothing)
{
	struct desk d;
	int one, two, three;

	desk_open(&d);
	json_decref(ask_as(&d, &one, READER_UID, "{\"verb\":\"watch\"}"));
	json_decref(ask_as(&d, &two, READER_UID, "{\"verb\":\"watch\"}"));
	json_decref(ask_as(&d, &three, READER_UID, "{\"verb\":\"watch\"}"));
	ctl_gone(d.ctl, &one);
	ctl_gone(d.ctl, &d);		/* did not watch */
	d.deaf = &two;
	fake_start(&d.f);
	ck_assert_uint_gt(d.n, 1);
	for (size_t i = 0; i < d.n; i++)
		ck_assert_ptr_eq(d.to[i], &three);
	desk_clear(&d);
	d.deaf = NULL;			/* was dropped for good */
	fake_link(&d.f, 2, "eth0", false);
	for (size_t i = 0; i < d.n; i++)
		ck_assert_ptr_eq(d.to[i], &three);
	ctl_gone(d.ctl, &three);
	desk_clear(&d);
	fake_link(&d.f, 2, "eth0", true);
	ck_assert_uint_eq(d.n, 0);
	desk_close(&d);
}
END_TEST

START_TEST(many_can_watch)
{
	static char clients[100];
	struct desk d;

	desk_open(&d);
	fake_start(&d.f);
	for (size_t i = 0; i < sizeof(clients); i++)
		json_decref(ask_as(&d, &clients[i], READER_UID, "{\"verb\":\"watch\"}"));
	fake_advert(&d.f, VR_PRIO_STOP);
	ck_assert_uint_eq(d.n, sizeof(clients));
	desk_close(&d);
}
END_TEST

START_TEST(events_carry_no_secret)
{
	struct desk d;

	desk_open(&d);
	json_decref(ask(&d, "{\"verb\":\"watch\"}"));
	fake_start(&d.f);
	fake_check(&d.f, CHK_FAULT, VR_CHECK_EXIT, 1, NULL);
	fake_until(&d.f, 30 * FAKE_S);
	ck_assert_uint_gt(d.n, 5);
	for (size_t i = 0; i < d.n; i++) {
		char *line = json_dumps(d.lines[i], 0);

		ck_assert_ptr_null(strstr(line, SECRET));
		free(line);
	}
	desk_close(&d);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ctl/ctl");
	TCase *t = tcase_create("ctl");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, status_answers_readers);
	tcase_add_test(t, mistakes_are_answered_with_a_sentence);
	tcase_add_test(t, only_root_and_the_daemon_steer);
	tcase_add_test(t, each_reload_has_its_answer);
	tcase_add_test(t, a_reload_is_answered_with_what_is_wrong_in_the_file);
	tcase_add_test(t, who_steers_is_logged);
	tcase_add_test(t, a_connection_goes_on_with_the_next_engine);
	tcase_add_test(t, who_may_not_steer_is_logged_once_a_minute);
	tcase_add_test(t, version_names_the_daemon);
	tcase_add_test(t, watchers_are_told_what_happens);
	tcase_add_test(t, events_name_their_numbers);
	tcase_add_test(t, events_of_damping_have_their_numbers);
	tcase_add_test(t, a_storm_is_thinned_and_counted);
	tcase_add_test(t, who_is_gone_or_deaf_is_told_nothing);
	tcase_add_test(t, many_can_watch);
	tcase_add_test(t, events_carry_no_secret);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
