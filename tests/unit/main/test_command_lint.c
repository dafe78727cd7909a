/* `holdfastctl lint` and `holdfastd -t --lint` on real files: what they print, and their statuses.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "main/check.h"
#include "ctl/text.h"
#include "main/command.h"
#include "main/command_lint.h"

#define TEXT_MAX 16384

#define NODE(vrid, priority) \
	"vrrp_script chk {\n    script \"/nonexistent/check.sh\"\n    weight 2\n}\n" \
	"vrrp_instance web {\n    interface eth0\n    virtual_router_id " vrid "\n" \
	"    priority " priority "\n    track_script {\n        chk\n    }\n" \
	"    virtual_ipaddress {\n        192.0.2.1/24\n    }\n}\n"

static char dir[64];
static char out[TEXT_MAX], err[TEXT_MAX];

static void make_place(void)
{
	snprintf(dir, sizeof(dir), "/tmp/holdfast-lint-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void remove_place(void)
{
	static const char *const names[] = { "a.conf", "b.conf", "check.sh" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void take(FILE *f, char *text)
{
	rewind(f);
	text[fread(text, 1, TEXT_MAX - 1, f)] = '\0';
	fclose(f);
}

/* holdfastctl with up to five words; fills out and err. */
static int run(const char *a, const char *b, const char *c, const char *d)
{
	const char *words[] = { "holdfastctl", a, b, c, d, NULL };
	FILE *to = tmpfile(), *bad = tmpfile();
	char *argv[6] = { NULL };
	pid_t pid = fork();
	int argc = 0, status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fileno(to), STDOUT_FILENO);
		dup2(fileno(bad), STDERR_FILENO);
		while (words[argc]) {
			argv[argc] = strdup(words[argc]);
			argc++;
		}
		status = cmd_main(argc, argv);
		while (argc > 0)
			free(argv[--argc]);
		_exit(status);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	take(to, out);
	take(bad, err);
	return WEXITSTATUS(status);
}

START_TEST(statuses)
{
	put("a.conf", NODE("30", "101"));
	put("b.conf", NODE("30", "100"));
	ck_assert_int_eq(run("lint", "a.conf", "b.conf", NULL), CML_CLEAN);
	ck_assert_ptr_nonnull(strstr(out, "\n2 files: 0 errors, 0 warnings, 1 note\n"));
	ck_assert_str_eq(err, "");
	put("b.conf", NODE("30", "80"));
	ck_assert_int_eq(run("lint", "a.conf", "b.conf", NULL), CML_FINDINGS);
	ck_assert_ptr_nonnull(strstr(out, "a.conf:3:5: warning: 'chk' can never move 192.0.2.1"));
	ck_assert_int_eq(run("lint", "a.conf", NULL, NULL), CML_CLEAN);
	ck_assert_ptr_nonnull(strstr(out, "note: "));
	put("b.conf", "global_defs {\n}\n");
	ck_assert_int_eq(run("lint", "a.conf", "b.conf", NULL), CML_UNUSABLE);
	ck_assert_int_eq(run("lint", "a.conf", "missing.conf", NULL), CML_UNUSABLE);
	ck_assert_ptr_nonnull(strstr(out, "missing.conf: fatal: "));
}
END_TEST

START_TEST(json)
{
	put("a.conf", NODE("30", "100"));
	put("b.conf", NODE("31", "80"));
	ck_assert_int_eq(run("lint", "--json", "a.conf", "b.conf"), CML_FINDINGS);
	ck_assert_ptr_eq(strchr(out, '\n'), out + strlen(out) - 1);
	ck_assert_int_eq(strncmp(out, "{\"version\":1,\"files\":[{\"file\":\"a.conf\"", 38), 0);
	ck_assert_ptr_nonnull(strstr(out, "\"id\":\"vrid-differs\",\"severity\":\"warning\","
					  "\"file\":\"b.conf\",\"line\":7,\"column\":5"));
}
END_TEST

/* C1 controls and marks that turn the direction of writing are no letters, and neither is what is
 * no UTF-8. */
START_TEST(text_is_harmless_for_a_terminal)
{
	put("a.conf", "x\xc2\x9b" "31m\xe2\x80\xae\xff\xc3\xa4 y\n");
	ck_assert_int_eq(run("lint", "a.conf", NULL, NULL), CML_UNUSABLE);
	ck_assert(txt_is_utf8(out));
	ck_assert_ptr_null(strstr(out, "\xc2\x9b"));
	ck_assert_ptr_null(strstr(out, "\xe2\x80\xae"));
	ck_assert_ptr_nonnull(strstr(out, "31m"));
	ck_assert_ptr_nonnull(strstr(out, "\xc3\xa4"));
}
END_TEST

START_TEST(no_files)
{
	ck_assert_int_eq(run("lint", NULL, NULL, NULL), CMD_USAGE);
	ck_assert_ptr_nonnull(strstr(err, "a configuration file is missing behind 'lint'"));
	ck_assert_int_eq(run("limt", NULL, NULL, NULL), CMD_USAGE);
	ck_assert_ptr_nonnull(strstr(err, "did you mean 'lint'?"));
	ck_assert_int_eq(run("help", NULL, NULL, NULL), CMD_DONE);
	ck_assert_ptr_nonnull(strstr(out, "  lint     FILE... "));
}
END_TEST

/* A script beside the configuration is read; a fifo is not waited for. */
START_TEST(scripts)
{
	put("a.conf", NODE("30", "101"));
	put("check.sh", "#!/bin/sh\npidof haproxy || service keepalived stop\n");
	ck_assert_int_eq(run("lint", "a.conf", NULL, NULL), CML_FINDINGS);
	ck_assert_ptr_nonnull(strstr(out, "check.sh:2:18: warning: the check 'chk' stops"));
	unlink("check.sh");
	ck_assert_int_eq(mkfifo("check.sh", 0600), 0);
	ck_assert_int_eq(run("lint", "a.conf", NULL, NULL), CML_CLEAN);
}
END_TEST

static bool iface_exists(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return true;
}

static void each_iface(void *ctx, void (*tell)(void *to, const char *name), void *to)
{
	(void)ctx;
	tell(to, "eth0");
}

static bool is_safe(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	(void)ctx;
	(void)cfg;
	(void)command;
	(void)why;
	(void)size;
	return true;
}

static bool can_run(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	(void)ctx;
	(void)cfg;
	(void)command;
	(void)why;
	(void)size;
	return true;
}

static enum cft_status test(bool lint)
{
	const struct cft_system system = { .iface_exists = iface_exists,
					    .each_iface = each_iface, .can_run = can_run,
					    .is_safe = is_safe };
	struct options o = { .action = OPT_TEST, .config = "a.conf", .lint = lint };
	FILE *to = tmpfile();
	enum cft_status status = cft_run(&o, &system, to);

	take(to, out);
	return status;
}

START_TEST(with_t)
{
	put("a.conf", "vrrp_instance web {\n    state MASTER\n    interface eth0\n"
		      "    virtual_router_id 30\n    nopreempt\n"
		      "    virtual_ipaddress {\n        192.0.2.1/24\n    }\n    bogus\n}\n");
	ck_assert_int_eq(test(false), CFT_RUNS);
	ck_assert_ptr_nonnull(strstr(out, "a.conf:5:5: warning: 'nopreempt' needs state BACKUP"));
	ck_assert_int_eq(test(true), CFT_RUNS);
	ck_assert_ptr_null(strstr(out, "'nopreempt' needs state BACKUP"));
	ck_assert_ptr_nonnull(strstr(out, "a.conf:5:5: warning: 'nopreempt' has no effect"));
	ck_assert_ptr_nonnull(strstr(out, "a.conf:9:5: warning: "));
	ck_assert_ptr_nonnull(strstr(out, "0 errors, 2 warnings\n"));
}
END_TEST

/* What only lint warns of makes the difference between clean and not. */
START_TEST(counted_into_the_status)
{
	put("a.conf", NODE("30", "101"));
	ck_assert_int_eq(test(true), CFT_CLEAN);
	ck_assert_ptr_nonnull(strstr(out, "a.conf:3:5: note: 'chk' with weight 2"));
	ck_assert_ptr_nonnull(strstr(out, "a.conf: clean: 1 instance, 1 check\n"));
	put("check.sh", "systemctl stop holdfast\n");
	ck_assert_int_eq(test(false), CFT_CLEAN);
	ck_assert_int_eq(test(true), CFT_RUNS);
	ck_assert_ptr_nonnull(strstr(out, "check.sh:1:1: warning: "));
	put("a.conf", "bogus\n");
	ck_assert_int_eq(test(true), CFT_CANNOT_RUN);
}
END_TEST

START_TEST(only_with_t)
{
	char name[] = "holdfastd", lint[] = "--lint", t[] = "-t";
	char *alone[] = { name, lint, NULL }, *both[] = { name, lint, t, NULL };
	struct options o;

	opt_parse(2, alone, &o);
	ck_assert_int_eq(o.action, OPT_BAD);
	opt_parse(3, both, &o);
	ck_assert_int_eq(o.action, OPT_TEST);
	ck_assert(o.lint);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/command_lint");
	TCase *t = tcase_create("lint");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(t, make_place, remove_place);
	tcase_add_test(t, statuses);
	tcase_add_test(t, json);
	tcase_add_test(t, text_is_harmless_for_a_terminal);
	tcase_add_test(t, no_files);
	tcase_add_test(t, scripts);
	tcase_add_test(t, with_t);
	tcase_add_test(t, counted_into_the_status);
	tcase_add_test(t, only_with_t);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
