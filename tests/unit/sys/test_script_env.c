/*
 * Which variables are handed on to scripts.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/script_env.h"

#define OURS "PATH=" SENV_PATH

static char **given(const char *const *v)
{
	return (char **)(uintptr_t)v;
}

/* What a script of the daemon's own user gets, one a line. */
static const char *made(const char *const *env, const char *const *own, bool all,
			char buf[static 4096])
{
	struct senv e;
	char **v;

	ck_assert(senv_read(&e, given(env)));
	v = senv_make(&e, own, all);
	ck_assert_ptr_nonnull(v);
	buf[0] = '\0';
	for (size_t i = 0; v[i]; i++)
		strcat(strcat(buf, v[i]), "\n");
	free(v);
	senv_free(&e);
	return buf;
}

START_TEST(what_was_given_is_handed_on)
{
	const char *env[] = { "http_proxy=http://p:1", "A=", "LANG=de_DE.UTF-8", "TMPDIR=/t",
			      "TZ=UTC", "a.b-c=1", "LDAP=1", "ENVIRONMENT=x", "Ld_preload=x",
			      "IFSX=1", "PYTHOn=1", NULL };
	char buf[4096];

	ck_assert_str_eq(made(env, NULL, true, buf),
			 OURS "\nA=\nENVIRONMENT=x\nIFSX=1\nLANG=de_DE.UTF-8\nLDAP=1\n"
			 "Ld_preload=x\nPYTHOn=1\nTMPDIR=/t\nTZ=UTC\na.b-c=1\n"
			 "http_proxy=http://p:1\n");
	ck_assert_str_eq(made(env, NULL, false, buf), OURS "\nLANG=C\n");
}
END_TEST

START_TEST(what_loads_code_is_kept_back)
{
	static const char *const names[] = {
		"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_", "GLIBC_TUNABLES",
		"MALLOC_PERTURB_", "GCONV_PATH", "LOCPATH", "NLSPATH", "IFS", "ENV", "BASH_ENV",
		"BASH_FUNC_ls%%", "BASH_LOADABLES_PATH", "SHELLOPTS", "BASHOPTS", "PS4", "CDPATH",
		"GLOBIGNORE", "ZDOTDIR", "PERL5LIB", "PERL5OPT", "PERLLIB", "PYTHONPATH",
		"PYTHONSTARTUP", "RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "LUA_PATH_5_3", "PHPRC",
		"JAVA_TOOL_OPTIONS", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
		"WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM", "PWD", "OLDPWD", "SHLVL", "_",
		"HOME", "USER", "LOGNAME", "SHELL",
	};
	char text[64], buf[4096];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *env[] = { text, NULL };

		snprintf(text, sizeof(text), "%s=x", names[i]);
		ck_assert_str_eq(made(env, NULL, true, buf), OURS "\nLANG=C\n");
	}
}
END_TEST

START_TEST(what_is_no_variable_is_left_out)
{
	const char *env[] = { "NO_SIGN", "=nameless", "", "=", "B=1\nC=2", "\xff\xfe=\xff", "B=2",
			      "D==", NULL };
	const char *none[] = { NULL };
	char buf[4096];

	/* of two, the first, as getenv(3) finds it */
	ck_assert_str_eq(made(env, NULL, true, buf),
			 OURS "\nLANG=C\nB=1\nC=2\nD==\n\xff\xfe=\xff\n");
	ck_assert_str_eq(made(none, NULL, true, buf), OURS "\nLANG=C\n");
}
END_TEST

START_TEST(the_account_is_the_users)
{
	const char *env[] = { "HOME=/root", "USER=root", "SHELL=/x", "X=1", NULL };
	const char *own[] = { "HOME=/home/u", "USER=u", NULL };
	char buf[4096];

	ck_assert_str_eq(made(env, own, true, buf),
			 "HOME=/home/u\nUSER=u\n" OURS "\nLANG=C\nX=1\n");
	ck_assert_str_eq(made(env, own, false, buf), "HOME=/home/u\nUSER=u\n" OURS "\nLANG=C\n");
}
END_TEST

START_TEST(the_path_is_that_of_the_environment)
{
	const char *env[] = { "PATH=/opt/bin:/bin", NULL }, *empty[] = { "PATH=", NULL };
	static char longest[5 + SENV_PATH_MAX + 2];
	const char *too_long[] = { longest, NULL };
	char buf[4096];

	ck_assert_str_eq(made(env, NULL, false, buf), "PATH=/opt/bin:/bin\nLANG=C\n");
	ck_assert_str_eq(made(empty, NULL, false, buf), OURS "\nLANG=C\n");
	memset(longest, 'x', sizeof(longest) - 1);
	memcpy(longest, "PATH=", 5);
	ck_assert_str_eq(senv_path(given(too_long)), SENV_PATH);
	longest[5 + SENV_PATH_MAX] = '\0';
	ck_assert_uint_eq(strlen(senv_path(given(too_long))), SENV_PATH_MAX);
}
END_TEST

/* Whoever starts the daemon with more than a program can take has its scripts run all the same. */
static void executed_with_much(void *v)
{
	static const char *const argv[] = { "/bin/true", NULL };
	struct senv e;
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		struct rlimit small = { 1 << 18, 1 << 18 };

		setrlimit(RLIMIT_STACK, &small);
		if (!senv_read(&e, v) || !e.left_out || !e.n)
			_exit(2);
		execve(argv[0], given(argv), senv_make(&e, NULL, true));
		_exit(3);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

START_TEST(what_is_too_much_is_left_out)
{
	enum { N = 60000 };
	static char texts[N][40];
	static char large[3 << 20];
	static const char *env[N + 2];
	struct senv e;

	for (size_t i = 0; i < N; i++) {
		snprintf(texts[i], sizeof(texts[i]), "V%zu=%zu", N - i, i);
		env[i] = texts[i];
	}
	ck_assert(senv_read(&e, given(env)));
	ck_assert_uint_gt(e.n, N / 2);
	ck_assert_uint_gt(e.left_out, 0);
	ck_assert_uint_eq(e.n + e.left_out, N);
	senv_free(&e);
	executed_with_much(env);

	/* one that is too large takes no other's place */
	memset(large, 'x', sizeof(large) - 1);
	memcpy(large, "A=", 2);
	env[0] = large;
	env[1] = "B=1";
	env[2] = NULL;
	ck_assert(senv_read(&e, given(env)));
	ck_assert(e.n == 1 && e.left_out == 1);
	ck_assert_str_eq(e.v[0], "B=1");
	senv_free(&e);
}
END_TEST

START_TEST(what_is_wiped_is_gone)
{
	char one[] = "SECRET=1", two[] = "A";
	char *env[] = { one, two, NULL };

	senv_wipe(env);
	ck_assert_ptr_null(env[0]);
	ck_assert(one[0] == '\0' && !memchr(one, '1', sizeof(one)) && two[0] == '\0');
	senv_wipe(env);
	senv_wipe(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("script_env");
	TCase *t = tcase_create("environment");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, what_was_given_is_handed_on);
	tcase_add_test(t, what_loads_code_is_kept_back);
	tcase_add_test(t, what_is_no_variable_is_left_out);
	tcase_add_test(t, the_account_is_the_users);
	tcase_add_test(t, the_path_is_that_of_the_environment);
	tcase_add_test(t, what_is_too_much_is_left_out);
	tcase_add_test(t, what_is_wiped_is_gone);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
