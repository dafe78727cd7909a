/* holdfastctl as scripts see it: exit status, standard output, standard error. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "main/command.h"
#include "main/version.h"

#define TEXT_MAX 8192
#define OWN_VERSION "holdfastctl " HOLDFAST_VERSION "\n"
#define ARGS_MAX 12

#define HEAD(ok) "{\"ok\":" ok ",\"version\":1,\"pid\":7,\"started\":\"x\",\"monotonic_us\":1"
#define STATE(state) \
	HEAD("true") ",\"daemon\":{\"version\":\"9.9\"},\"instances\":[{\"name\":\"VI_1\"," \
	"\"state\":\"" state "\"}],\"checks\":[],\"interfaces\":[]}\n"
#define ADDRESS(held, tracked) \
	"{\"address\":\"192.0.2.1/24\",\"held\":" held ",\"tracked\":" tracked "}"
#define MASTER_WITH(addresses) STATE("MASTER\",\"addresses\":[" addresses "],\"why\":\"x")
#define REFUSAL(reason, error, hint) \
	HEAD("false") ",\"reason\":\"" reason "\",\"error\":\"" error "\",\"hint\":" hint "}\n"

/* What one run left behind. */
struct outcome {
	int status;
	char out[TEXT_MAX];
	char err[TEXT_MAX];
	char request[TEXT_MAX];		/* that the daemon has read; "" without a daemon */
};

static char dir[64];
static char path[96];

static void make_place(void)
{
	snprintf(dir, sizeof(dir), "/tmp/holdfast-command-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
}

static void remove_place(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* A daemon that answers TIMES requests with ANSWER, puts them into REQUEST, and is gone. */
static pid_t serve_times(const char *answer, int request, int times)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char line[TEXT_MAX];
	pid_t pid;

	strcpy(to.sun_path, path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid > 0) {
		close(fd);
		return pid;
	}
	for (int i = 0; i < times; i++) {
		int client = accept(fd, NULL, NULL);
		ssize_t n = read(client, line, sizeof(line));

		if (n <= 0 || write(request, line, (size_t)n) != n ||
		    write(client, answer, strlen(answer)) != (ssize_t)strlen(answer))
			_exit(1);
		close(client);
	}
	_exit(0);
}

static pid_t serve(const char *answer, int request)
{
	return serve_times(answer, request, 1);
}

/* The program itself, in a process of its own; LINE are its words. */
static pid_t start(const char *line, int out, int err)
{
	char *argv[ARGS_MAX + 1] = { strdup("holdfastctl"), strdup("--control"), strdup(path) };
	char *copy = strdup(line);
	int argc = 3;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		setenv("TZ", "UTC", 1);
		unsetenv("COLUMNS");
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		close_range(3, ~0u, 0);		/* the other ends are not ours */
		for (char *w = strtok(copy, " "); w && argc < ARGS_MAX; w = strtok(NULL, " "))
			argv[argc++] = w;
		_exit(cmd_main(argc, argv));
	}
	for (int i = 0; i < 3; i++)
		free(argv[i]);
	free(copy);
	return pid;
}

static int status_of(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static void take(FILE *f, char *text)
{
	rewind(f);
	text[fread(text, 1, TEXT_MAX - 1, f)] = '\0';
	fclose(f);
}

/* Runs the words of LINE against a daemon that gives ANSWER; NULL: there is none. */
static struct outcome run(const char *line, const char *answer)
{
	FILE *out = tmpfile(), *err = tmpfile(), *request = tmpfile();
	pid_t daemon = answer ? serve(answer, fileno(request)) : 0;
	struct outcome o = { .status = status_of(start(line, fileno(out), fileno(err))) };

	if (daemon) {
		kill(daemon, SIGKILL);		/* it may not have been asked at all */
		waitpid(daemon, NULL, 0);
		unlink(path);
	}
	take(out, o.out);
	take(err, o.err);
	take(request, o.request);
	return o;
}

static void contains(const char *text, const char *wanted)
{
	ck_assert_msg(strstr(text, wanted) != NULL, "'%s' is not in '%s'", wanted, text);
}

START_TEST(the_state_is_the_status)
{
	static const struct {
		const char *answer;
		int status;
	} cases[] = {
		{ STATE("MASTER"), 0 }, { STATE("BACKUP"), 1 }, { STATE("FAULT"), 2 },
		{ STATE("INIT"), 3 }, { STATE("SOMETHING"), 3 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = run("status VI_1", cases[i].answer);

		ck_assert_int_eq(o.status, cases[i].status);
		ck_assert_str_eq(o.request, "{\"verb\":\"status\",\"instance\":\"VI_1\"}\n");
		ck_assert_int_eq(strncmp(o.out, "VI_1: ", 6), 0);
		ck_assert_str_eq(o.err, "");
	}
	ck_assert_int_eq(run("status", STATE("FAULT")).status, 0);
}
END_TEST

/* A master without an address that counts, or without any, serves nobody. */
START_TEST(a_master_that_lacks_an_address)
{
	static const struct {
		const char *answer;
		int status;
	} cases[] = {
		{ MASTER_WITH(ADDRESS("true", "true")), 0 },
		{ MASTER_WITH(ADDRESS("false", "true")), 5 },
		{ MASTER_WITH(ADDRESS("true", "true") "," ADDRESS("false", "true")), 5 },
		{ MASTER_WITH(ADDRESS("true", "true") "," ADDRESS("false", "false")), 0 },
		{ MASTER_WITH(ADDRESS("false", "false")), 5 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(run("status VI_1", cases[i].answer).status, cases[i].status);
		ck_assert_int_eq(run("status", cases[i].answer).status, cases[i].status);
	}
}
END_TEST

START_TEST(json_is_one_line_of_ascii)
{
	struct outcome o = run("status VI_1 --json", STATE("BACK\\u009bUP\xe5\x85\xa7"));

	ck_assert_int_eq(o.status, 3);
	contains(o.out, "\"state\":\"BACK\\u009BUP\\u5167\"");
	ck_assert_ptr_eq(strchr(o.out, '\n'), o.out + strlen(o.out) - 1);
	o = run("--json status", STATE("MASTER"));
	ck_assert_str_eq(o.out, STATE("MASTER"));
}
END_TEST

START_TEST(no_daemon_is_an_error)
{
	static const char *const lines[] = { "status", "status VI_1", "watch", "reload", "version",
					     "upgrade", "version --json", "status --json" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct outcome o = run(lines[i], NULL);

		ck_assert_int_eq(o.status, 3);
		ck_assert_str_eq(o.out, strcmp(lines[i], "version") ? "" : OWN_VERSION);
		contains(o.err, "holdfastctl: no answer from ");
		contains(o.err, path);
		contains(o.err, "is holdfastd running?");
	}
}
END_TEST

START_TEST(what_is_no_answer)
{
	static const char *const answers[] = {
		"hello\n", "{}\n", "[1]\n", "{\"ok\":true}\n", "{\"ok\":1,\"version\":1}\n",
		"{\"ok\":true,\"version\":2}\n", "\n",
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct outcome o = run("status VI_1", answers[i]);

		ck_assert_int_eq(o.status, 3);
		ck_assert_str_eq(o.out, "");
		contains(o.err, "does not speak version 1 of our protocol");
	}
	struct outcome o = run("status VI_1", "{\"ok\":true,\"version\"");
	ck_assert_int_eq(o.status, 3);
	contains(o.err, "the daemon has closed the connection");
}
END_TEST

START_TEST(refusals)
{
	struct outcome o = run("status VI_2", REFUSAL("unknown-instance",
						      "there is no instance 'VI_2'", "\"VI_1\""));

	ck_assert_int_eq(o.status, 4);
	ck_assert_str_eq(o.err,
			 "holdfastctl: there is no instance 'VI_2' (did you mean 'VI_1'?)\n");
	ck_assert_str_eq(o.out, "");
	o = run("status", REFUSAL("bad-request", "no\\u001b[2J", "null"));
	ck_assert_int_eq(o.status, 3);
	ck_assert_str_eq(o.err, "holdfastctl: no?[2J\n");
	o = run("reload", REFUSAL("not-allowed", "not you", "null"));
	ck_assert_int_eq(o.status, 1);
	ck_assert_str_eq(o.err, "holdfastctl: not you\n");
}
END_TEST

START_TEST(reload_and_version)
{
	struct outcome o = run("reload", HEAD("true") ",\"reloaded\":true}\n");

	ck_assert_int_eq(o.status, 0);
	ck_assert_str_eq(o.request, "{\"verb\":\"reload\"}\n");
	ck_assert_str_eq(o.out, "The configuration has been read again.\n");
	o = run("version", HEAD("true") ",\"daemon_version\":\"9.9\\n\"}\n");
	ck_assert_int_eq(o.status, 0);
	ck_assert_str_eq(o.request, "{\"verb\":\"version\"}\n");
	contains(o.out, OWN_VERSION "holdfastd 9.9?\nThey differ: ");
	o = run("version", HEAD("true") ",\"daemon_version\":\"" HOLDFAST_VERSION "\"}\n");
	ck_assert_str_eq(o.out, OWN_VERSION "holdfastd " HOLDFAST_VERSION "\n");
	o = run("version --json", HEAD("true") ",\"daemon_version\":\"9.9\"}\n");
	contains(o.out, ",\"daemon_version\":\"9.9\",\"holdfastctl_version\":\"" HOLDFAST_VERSION
		 "\"}\n");
	ck_assert_int_eq(o.status, 0);
}
END_TEST

#define EVENTS \
	HEAD("true") ",\"watching\":true}\n" \
	HEAD("true") ",\"time\":\"2026-11-20T19:19:41.734123Z\"," \
	"\"suppressed\":0,\"text\":\"(VI_1) one\"}\n" \
	HEAD("true") ",\"time\":\"2026-11-20T19:19:42.000001Z\"," \
	"\"suppressed\":3,\"text\":\"(VI_1) two\"}\n"
#define EVENTS_AS_TEXT \
	"watching holdfastd, pid 7\n" \
	"2026-11-20 19:19:41.734  (VI_1) one\n" \
	"2026-11-20 19:19:42.000  (VI_1) two (3 similar events suppressed)\n"

/* Runs LINE against a daemon that is started TIMES times, and reads until WANTED has come; then
 * nobody reads any more, and it must end. */
static int watch(const char *line, int times, const char *wanted, char *text, char *said)
{
	FILE *err = tmpfile(), *request = tmpfile();
	int ends[2], status;
	size_t len = 0;
	pid_t daemon = serve_times(EVENTS, fileno(request), times), client;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	client = start(line, ends[1], fileno(err));
	close(ends[1]);
	while (len < strlen(wanted)) {
		ssize_t n = read(ends[0], text + len, TEXT_MAX - 1 - len);

		ck_assert_int_gt(n, 0);
		len += (size_t)n;
	}
	text[len] = '\0';
	ck_assert_int_eq(status_of(daemon), 0);
	close(ends[0]);
	status = status_of(client);
	unlink(path);
	take(err, said);
	fclose(request);
	return status;
}

START_TEST(watch_goes_on_with_the_next_daemon_while_somebody_reads)
{
	const char *again = "holdfastctl: the daemon has closed the connection; waiting for it to "
			    "come back\n";
	char text[TEXT_MAX], said[TEXT_MAX];

	ck_assert_int_eq(watch("watch", 1, EVENTS_AS_TEXT, text, said), CMD_OUTPUT);
	ck_assert_str_eq(text, EVENTS_AS_TEXT);
	ck_assert_int_eq(watch("watch", 2, EVENTS_AS_TEXT EVENTS_AS_TEXT, text, said), CMD_OUTPUT);
	ck_assert_str_eq(text, EVENTS_AS_TEXT EVENTS_AS_TEXT);
	contains(said, again);
	ck_assert_int_eq(watch("watch --json", 1, EVENTS, text, said), CMD_OUTPUT);
	contains(text, "\"text\":\"(VI_1) one\"}\n{");
}
END_TEST

/* As in `holdfastctl watch | head -1`: it ends although there is no event to be written. */
START_TEST(watch_ends_with_its_reader)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *answer = HEAD("true") ",\"watching\":true}\n";
	FILE *err = tmpfile();
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ends[2], client;
	char text[TEXT_MAX];
	pid_t pid;

	strcpy(to.sun_path, path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = start("watch", ends[1], fileno(err));
	close(ends[1]);
	client = accept(fd, NULL, NULL);
	ck_assert_int_eq(write(client, answer, strlen(answer)), strlen(answer));
	ck_assert_int_gt(read(ends[0], text, sizeof(text)), 0);
	close(ends[0]);
	ck_assert_int_eq(status_of(pid), CMD_OUTPUT);
	close(client);
	close(fd);
	unlink(path);
	take(err, text);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(wrong_command_lines)
{
	static const char *const cases[][2] = {
		{ "", "a verb is missing" },
		{ "statsu", "there is no verb 'statsu' (did you mean 'status'?)" },
		{ "status VI_1 VI_2", "one word too many: 'VI_2'; see holdfastctl status --help" },
		{ "reload now", "one word too many: 'now'; see holdfastctl reload --help" },
		{ "version now", "one word too many: 'now'; see holdfastctl version --help" },
		{ "watch VI_1", "one word too many: 'VI_1'; see holdfastctl watch --help" },
		{ "upgrade a b", "one word too many: 'b'; see holdfastctl upgrade --help" },
		{ "help status now", "one word too many: 'now'" },
		{ "help statsu", "there is no verb 'statsu' (did you mean 'status'?)" },
		{ "--help statsu", "there is no verb 'statsu' (did you mean 'status'?)" },
		{ "--version now", "one word too many: 'now'" },
		{ "-v status", "one word too many: 'status'" },
		{ "status --frob", "there is no option '--frob';" },
		{ "status --jsno", "there is no option '--jsno' (did you mean '--json'?)" },
		{ "--timout=3 watch", "there is no option '--timout' (did you mean '--timeout'?)" },
		{ "status --json=1", "no value belongs to '--json'" },
		{ "status --help=1", "no value belongs to '--help'" },
		{ "status -x", "there is no option '-x';" },
		{ "status -json", "there is no option '-json' (did you mean '--json'?)" },
		{ "status -x -json", "there is no option '-x';" },
		{ "-help", "there is no option '-help' (did you mean '--help'?)" },
		{ "-version", "there is no option '-version' (did you mean '--version'?)" },
		{ "status --daemon x", "with --control there is no need for --daemon 'x'" },
		{ "upgrade --daemon x", "with --control there is no need for --daemon 'x'" },
		{ "status --control=", "a value is missing behind '--control'" },
		{ "status --daemon=", "a value is missing behind '--daemon'" },
		{ "lint a", "this verb asks no daemon, so it has no use for '--control'" },
		{ "simulate a", "this verb asks no daemon, so it has no use for '--control'" },
		{ "replay a", "this verb asks no daemon, so it has no use for '--control'" },
		{ "status --timeout", "a value is missing behind '--timeout'" },
		{ "status --timeout 0", "not a number of seconds up to 3600: '0'" },
		{ "status --timeout -1", "not a number of seconds up to 3600: '-1'" },
		{ "status --timeout nan", "not a number of seconds up to 3600: 'nan'" },
		{ "status --timeout 1e9", "not a number of seconds up to 3600: '1e9'" },
		{ "status --timeout 5s", "not a number of seconds up to 3600: '5s'" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = run(cases[i][0], NULL);

		ck_assert_msg(o.status == 64, "'%s' ends with %d", cases[i][0], o.status);
		ck_assert_str_eq(o.out, "");
		contains(o.err, cases[i][1]);
		contains(o.err, "--help\n");
	}
}
END_TEST

static void narrow_enough(const char *text)
{
	for (const char *end; *text; text = end + 1) {
		end = strchr(text, '\n');
		ck_assert_ptr_nonnull(end);
		ck_assert_msg(end - text <= 80, "wider than 80: %.*s", (int)(end - text), text);
	}
}

START_TEST(help_and_own_version_need_no_daemon)
{
	static const char *const lines[] = { "--help", "-h", "help" };

	for (size_t i = 0; i < 3; i++) {
		struct outcome o = run(lines[i], NULL);

		ck_assert_int_eq(o.status, 0);
		contains(o.out, "status   [INSTANCE]");
		contains(o.out, "3   nobody answers");
		contains(o.out, "5   it is MASTER, but another host claims its addresses");
		ck_assert_str_eq(o.err, "");
		narrow_enough(o.out);
	}
	ck_assert_str_eq(run("--version", NULL).out, OWN_VERSION);
}
END_TEST

START_TEST(each_verb_has_its_help)
{
	static const char *const verbs[] = { "status", "watch", "reload", "version", "upgrade",
					     "lint", "replay", "simulate" };
	static const char *const forms[][2] = { { "help ", "" }, { "", " --help" }, { "-h ", "" } };
	char line[64], usage[64];

	for (size_t i = 0; i < 3 * sizeof(verbs) / sizeof(verbs[0]); i++) {
		const char *verb = verbs[i / 3];

		snprintf(line, sizeof(line), "%s%s%s", forms[i % 3][0], verb, forms[i % 3][1]);
		snprintf(usage, sizeof(usage), "Usage: holdfastctl %s [OPTION]...", verb);
		/* Those with options of their own read them after the complaint about --control. */
		if (i % 3 == 1 && i / 3 > 5)
			continue;
		struct outcome o = run(line, NULL);

		ck_assert_msg(o.status == 0, "'%s' ends with %d", line, o.status);
		ck_assert_int_eq(strncmp(o.out, usage, strlen(usage)), 0);
		contains(o.out, "\nExit status");
		contains(o.out, "  --json ");
		narrow_enough(o.out);
	}
}
END_TEST

START_TEST(an_answer_that_cannot_be_written)
{
	int full = open("/dev/full", O_WRONLY);
	FILE *err = tmpfile(), *request = tmpfile();
	char text[TEXT_MAX];
	pid_t daemon = serve(STATE("MASTER"), fileno(request));

	ck_assert_int_eq(status_of(start("status VI_1", full, fileno(err))), 74);
	ck_assert_int_eq(status_of(daemon), 0);
	take(err, text);
	contains(text, "the answer could not be written");
	fclose(request);
	close(full);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/command");
	TCase *t = tcase_create("command");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, make_place, remove_place);
	tcase_add_test(t, the_state_is_the_status);
	tcase_add_test(t, a_master_that_lacks_an_address);
	tcase_add_test(t, json_is_one_line_of_ascii);
	tcase_add_test(t, no_daemon_is_an_error);
	tcase_add_test(t, what_is_no_answer);
	tcase_add_test(t, refusals);
	tcase_add_test(t, reload_and_version);
	tcase_add_test(t, watch_goes_on_with_the_next_daemon_while_somebody_reads);
	tcase_add_test(t, watch_ends_with_its_reader);
	tcase_add_test(t, wrong_command_lines);
	tcase_add_test(t, help_and_own_version_need_no_daemon);
	tcase_add_test(t, each_verb_has_its_help);
	tcase_add_test(t, an_answer_that_cannot_be_written);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
