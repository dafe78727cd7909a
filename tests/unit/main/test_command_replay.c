/* `holdfastctl replay` on a file: what it prints, what it leaves out, and its statuses. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/journal.h"
#include "main/command.h"
#include "main/command_replay.h"

#define TEXT_MAX 16384
#define SIZE JRN_SIZE_LEAST
#define SECOND INT64_C(1000000)
#define WALL INT64_C(1795202378123456)		/* 2026-11-20 19:19:38.123456 UTC */

static char dir[64];
static char out[TEXT_MAX], err[TEXT_MAX];

/* ---- a journal of two instances that become MASTER, one of them with a check ---- */

struct clock {
	int64_t now_us;
};

static int64_t now(void *ctx)
{
	return ((struct clock *)ctx)->now_us;
}

static int64_t wall(void *ctx)
{
	return WALL + ((struct clock *)ctx)->now_us;
}

static int put(void *ctx, uint64_t offset, const void *data, size_t len)
{
	memcpy((uint8_t *)ctx + offset, data, len);
	return 0;
}

static void push(void *ctx)
{
	(void)ctx;
}

static size_t room(void *ctx)
{
	(void)ctx;
	return SIZE;
}

static bool get(void *ctx, uint64_t offset, void *to, size_t len)
{
	memcpy(to, (uint8_t *)ctx + offset, len);
	return true;
}

struct daemon {
	struct clock clock;
	struct vr_node *node;
	struct vr_actions actions;
	struct journal *journal;
};

static void step(struct daemon *d, struct vr_event event)
{
	event.now_us = d->clock.now_us;
	jrn_event(d->journal, &event);
	vr_step(d->node, &event, &d->actions);
	jrn_result(d->journal, &d->actions);
}

static void live(struct daemon *d)
{
	const uint8_t own[4] = { 192, 0, 2, 1 };

	step(d, (struct vr_event){
		.type = VR_EV_ADDR, .addr = { .family = IP_V4, .primary = ip_v4(own) },
	});
	step(d, (struct vr_event){
		.type = VR_EV_LINK, .link = { .exists = true, .up = true, .rx_ready = true },
	});
	step(d, (struct vr_event){ .type = VR_EV_START });
	step(d, (struct vr_event){ .type = VR_EV_CHECK, .check = { .result = VR_CHECK_GOOD } });
	d->clock.now_us += 4 * SECOND;
	step(d, (struct vr_event){ .type = VR_EV_WAKE });
}

/* The file's octets, for free(). NAMES: of the two instances. */
static uint8_t *make_journal(const char *first, const char *second)
{
	static const uint8_t group[4] = { 224, 0, 0, 18 };
	struct vr_iface_conf iface = { "eth0" };
	struct vr_check_conf check = { .name = "chk", .rise = 1, .fall = 1 };
	struct vr_ref ref = { .weight = 10 };
	struct vr_inst_conf insts[2] = {
		{ .name = first, .vrid = 1, .track_checks = &ref, .n_track_checks = 1 },
		{ .name = second, .vrid = 2 },
	};
	struct vr_config conf = {
		.ifaces = &iface, .n_ifaces = 1, .checks = &check, .n_checks = 1, .insts = insts,
		.n_insts = 2,
	};
	struct daemon d = { .clock = { 0 } };
	struct port port = { .ctx = &d.clock, .now_us = now, .wall_us = wall };
	struct jrn_sink sink = {
		.ctx = calloc(1, SIZE), .size = SIZE, .put = put, .push = push, .room = room,
		.get = get,
	};

	for (int i = 0; i < 2; i++) {
		insts[i].family = IP_V4;
		insts[i].version = 2;
		insts[i].priority = 100;
		insts[i].down_timer_adverts = 3;
		insts[i].adver_int_us = SECOND;
		insts[i].group = ip_v4(group);
	}
	d.node = vr_node_init(malloc(vr_node_size(&conf)), &conf, 1);
	d.actions.max = vr_actions_max(&conf, NULL);
	d.actions.v = calloc(d.actions.max, sizeof(*d.actions.v));
	d.journal = jrn_new(&sink, &port, &log_null, "9.9");
	jrn_begin(d.journal, d.node, 1);
	live(&d);
	jrn_free(d.journal);
	free(d.actions.v);
	free(d.node);
	return sink.ctx;
}

static void write_journal(const uint8_t *image, size_t size)
{
	FILE *f = fopen("journal", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(image, 1, size, f), size);
	ck_assert_int_eq(fclose(f), 0);
}

static void write_any(const char *first, const char *second)
{
	uint8_t *image = make_journal(first, second);

	write_journal(image, SIZE);
	free(image);
}

/* ---- runs ---- */

static void enter(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	strcpy(dir, "/tmp/holdfast-replay-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void leave(void)
{
	unlink("journal");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void take(FILE *f, char *text)
{
	rewind(f);
	text[fread(text, 1, TEXT_MAX - 1, f)] = '\0';
	fclose(f);
}

/* holdfastctl replay with up to four words; fills out and err. */
static int run(const char *a, const char *b, const char *c, const char *d)
{
	const char *words[] = { "holdfastctl", "replay", a, b, c, d, NULL };
	FILE *to = tmpfile(), *bad = tmpfile();
	char *argv[7] = { NULL };
	pid_t pid = fork();
	int argc = 0, status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fileno(to), STDOUT_FILENO);
		dup2(fileno(bad), STDERR_FILENO);
		for (; words[argc]; argc++)
			argv[argc] = strdup(words[argc]);
		status = cmd_main(argc, argv);
		for (int i = 0; words[i]; i++)		/* getopt may have moved them */
			free(argv[i]);
		_exit(status);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	take(to, out);
	take(bad, err);
	return WEXITSTATUS(status);
}

#define MASTER(name) \
	"2026-11-20 19:19:42.123 (" name ") Entering MASTER STATE: no master was heard at all\n"

START_TEST(lines_as_in_the_log)
{
	write_any("VI_1", "VI_2");
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_SAME);
	ck_assert_str_eq(out,
		"2026-11-20 19:19:38.123 -- holdfastd 9.9, 2 instances: the journal begins "
		"here\n"
		"2026-11-20 19:19:38.123 (VI_1) Entering BACKUP STATE (init): the daemon started\n"
		"2026-11-20 19:19:38.123 (VI_2) Entering BACKUP STATE (init): the daemon started\n"
		"2026-11-20 19:19:38.123 VRRP_Script(chk) succeeded\n"
		"2026-11-20 19:19:38.123 (VI_1) Changing effective priority from 100 to 110: a "
		"check changed its verdict (check chk)\n"
		MASTER("VI_1") MASTER("VI_2")
		"-- 5 events; the daemon decided the same in all of the 3 steps that have a "
		"proof\n");
	ck_assert_str_eq(err, "");
}
END_TEST

START_TEST(one_instance_alone)
{
	write_any("VI_1", "VI_2");
	ck_assert_int_eq(run("journal", "--instance", "VI_1", NULL), CMR_SAME);
	ck_assert_ptr_nonnull(strstr(out, "VRRP_Script(chk) succeeded"));
	ck_assert_ptr_nonnull(strstr(out, MASTER("VI_1")));
	ck_assert_ptr_null(strstr(out, "VI_2"));
	ck_assert_int_eq(run("--instance=VI_2", "journal", NULL, NULL), CMR_SAME);
	ck_assert_ptr_null(strstr(out, "chk"));
	ck_assert_ptr_nonnull(strstr(out, MASTER("VI_2")));
	ck_assert_int_eq(run("journal", "--instance", "VI_3", NULL), CMD_UNKNOWN_INSTANCE);
	ck_assert_str_eq(err, "holdfastctl: journal: there is no such instance in it (did you mean "
			 "'VI_1'?)\n");
	ck_assert_int_eq(run("journal", "--instance", "mail", NULL), CMD_UNKNOWN_INSTANCE);
	ck_assert_str_eq(err, "holdfastctl: journal: there is no such instance in it\n");
}
END_TEST

START_TEST(from_a_time_on)
{
	static const struct {
		const char *from;
		bool early, late;		/* are the first lines there, and the last ones */
	} cases[] = {
		{ "2026-11-20", true, true },
		{ "2026-11-20 19:19", true, true },
		{ "2026-11-20 19:19:38", true, true },
		{ "2026-11-20 19:19:38.124", false, true },
		{ "2026-11-20T19:19:39", false, true },
		{ "2026-11-20 19:19:42.123", false, true },
		{ "2026-11-20 19:20", false, false },
		{ "2026-11-21", false, false },
	};

	write_any("VI_1", "VI_2");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(run("--from", cases[i].from, "journal", NULL), CMR_SAME);
		ck_assert_msg((strstr(out, "BACKUP") != NULL) == cases[i].early, "%s",
			      cases[i].from);
		ck_assert_msg((strstr(out, "MASTER") != NULL) == cases[i].late, "%s",
			      cases[i].from);
	}
	ck_assert_int_eq(run("--from", "19:30", "journal", NULL), CMR_SAME);	/* of today */
	ck_assert_int_eq(run("--from", "19:30:61x", "journal", NULL), CMD_USAGE);
	ck_assert_int_eq(run("--from", "2026-13-01", "journal", NULL), CMD_USAGE);
	ck_assert_int_eq(run("--from", "2026-11-20 19:19.5", "journal", NULL), CMD_USAGE);
	ck_assert_ptr_nonnull(strstr(err, "not a time, as in '2026-11-20 19:30:00' or '19:30': "
				     "'2026-11-20 19:19.5'"));
}
END_TEST

START_TEST(for_programs)
{
	write_any("VI_1", "VI_2");
	ck_assert_int_eq(run("--json", "journal", "--instance", "VI_2"), CMR_SAME);
	ck_assert_str_eq(out,
		"{\"time\":\"2026-11-20T19:19:38.123456Z\",\"note\":\"begin\",\"text\":\"holdfastd "
		"9.9, 2 instances: the journal begins here\"}\n"
		"{\"time\":\"2026-11-20T19:19:38.123456Z\",\"event\":\"state\",\"instance\":"
		"\"VI_2\",\"cause\":\"start\",\"text\":\"(VI_2) Entering BACKUP STATE (init): the "
		"daemon started\",\"from\":\"INIT\",\"to\":\"BACKUP\",\"priority\":0,"
		"\"our_priority\":100,\"silence_ms\":null}\n"
		"{\"time\":\"2026-11-20T19:19:42.123456Z\",\"event\":\"state\",\"instance\":"
		"\"VI_2\",\"cause\":\"master-down-timer\",\"text\":\"(VI_2) Entering MASTER STATE: "
		"no master was heard at all\",\"from\":\"BACKUP\",\"to\":\"MASTER\",\"priority\":0,"
		"\"our_priority\":100,\"silence_ms\":null}\n"
		"{\"summary\":{\"events\":5,\"lines\":2,\"proven\":3,\"differences\":0,\"lost\":0,"
		"\"gaps\":0,\"damaged\":0}}\n");
}
END_TEST

/* A name that would steer a terminal. */
START_TEST(names_are_harmless)
{
	write_any("V\x1b[31mI", "V\xc2\x9bI\n");
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_SAME);
	ck_assert_ptr_nonnull(strstr(out, "(V?[31mI) Entering MASTER"));
	ck_assert_ptr_nonnull(strstr(out, "(V?I?) Entering MASTER"));
	ck_assert_int_eq(run("journal", "--json", NULL, NULL), CMR_SAME);
	ck_assert_ptr_nonnull(strstr(out, "V\\u001B[31mI"));
	ck_assert_ptr_null(strchr(out, '\x1b'));
}
END_TEST

/* The last octet that is not zero is of a record's check. */
START_TEST(damage_has_a_status)
{
	uint8_t *image = make_journal("VI_1", "VI_2");
	size_t last = SIZE;

	while (image[last - 1] == 0)
		last--;
	image[last - 1] ^= 1;
	write_journal(image, SIZE);
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_UNUSABLE);
	ck_assert_ptr_nonnull(strstr(out, " -- offset "));
	ck_assert_ptr_nonnull(strstr(out, "the rest of this segment cannot be read\n"));
	ck_assert_ptr_nonnull(strstr(out, MASTER("VI_2")));
	ck_assert_ptr_nonnull(strstr(err, ": a record is damaged\n"));
	free(image);
}
END_TEST

START_TEST(what_is_no_journal)
{
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_UNUSABLE);
	ck_assert_str_eq(err, "holdfastctl: journal: No such file or directory\n");
	write_journal((const uint8_t *)"root:x:0:0", 10);
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_UNUSABLE);
	ck_assert_str_eq(err, "holdfastctl: journal: offset 0: this is not a journal\n");
	ck_assert_str_eq(out, "");
	ck_assert_int_eq(truncate("journal", (off_t)JRN_SIZE_MOST + 1), 0);
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_UNUSABLE);
	ck_assert_str_eq(err, "holdfastctl: journal: it is too long to be a journal\n");
	ck_assert_int_eq(unlink("journal"), 0);
	ck_assert_int_eq(mkfifo("journal", 0600), 0);
	ck_assert_int_eq(run("journal", NULL, NULL, NULL), CMR_UNUSABLE);
	ck_assert_str_eq(err, "holdfastctl: journal: it is not a regular file\n");
}
END_TEST

START_TEST(wrong_words)
{
	static const struct {
		const char *words[2], *said;
	} cases[] = {
		{ { NULL }, "the name of a journal is missing behind 'replay'" },
		{ { "a", "b" }, "one word too many: 'b'" },
		{ { "--form", "a" }, "there is no option '--form' (did you mean '--from'?)" },
		{ { "a", "--from" }, "a value is missing behind '--from'" },
		{ { "a", "--json=1" }, "no value belongs to '--json'" },
		{ { "a", "-x" }, "there is no option '-x'" },
	};
	char said[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(run(cases[i].words[0], cases[i].words[1], NULL, NULL), CMD_USAGE);
		snprintf(said, sizeof(said), "holdfastctl: %s; see holdfastctl replay --help\n",
			 cases[i].said);
		ck_assert_str_eq(err, said);
		ck_assert_str_eq(out, "");
	}
	ck_assert_int_eq(run("--help", NULL, NULL, NULL), CMR_SAME);
	ck_assert_ptr_nonnull(strstr(out, "Usage: holdfastctl replay [OPTION]... JOURNAL\n"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/command_replay");
	TCase *t = tcase_create("replay");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, lines_as_in_the_log);
	tcase_add_test(t, one_instance_alone);
	tcase_add_test(t, from_a_time_on);
	tcase_add_test(t, for_programs);
	tcase_add_test(t, names_are_harmless);
	tcase_add_test(t, damage_has_a_status);
	tcase_add_test(t, what_is_no_journal);
	tcase_add_test(t, wrong_words);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
