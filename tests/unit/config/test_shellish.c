/*
 * Which words of a command were meant for a shell, and which are for the program.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/shellish.h"

START_TEST(what_a_shell_would_do_is_found)
{
	static const struct {
		const char *command, *what, *mistake;
	} cases[] = {
		{ "/usr/bin/killall -0 haproxy || exit 1", "||", "does not join two commands" },
		{ "/bin/a && /bin/b", "&&", "does not join" },
		{ "/bin/ps ax | /bin/grep x", "|", "does not join" },
		{ "/bin/ps ax|grep x", "|", "does not join" },
		{ "/bin/a; /bin/b", ";", "does not join" },
		{ "/bin/sh -c test -e /x", "test", "is all that the" },
		{ "timeout 5 bash -ec /x/check.sh a", "/x/check.sh", "is all that the" },
		{ "sh -c pidof haproxy || exit 1", "pidof", "is all that the" },
		{ "/bin/a ;", ";", "is taken as a part" },
		{ "/bin/a -x; ", ";", "is taken as a part" },
		{ "/bin/a &", "&", "does not join" },
		{ "/bin/a&", "&", "does not join" },
		{ "/bin/a x&&/bin/b", "&&", "does not join" },
		{ "/usr/bin/pgrep -f 'a|b' || exit 1", "||", "does not join" },
		{ "sh -c \"a || b\" || c", "||", "does not join" },
		{ "/bin/a > /run/x", ">", "does not redirect" },
		{ "/bin/a >/dev/null 2>&1", ">/dev/null", "does not redirect" },
		{ "/bin/a 2>&1", "2>&1", "does not redirect" },
		{ "/bin/a &>/dev/null", "&>/dev/null", "does not redirect" },
		{ "/bin/a>/dev/null", ">/dev/null", "does not redirect" },
		{ "/bin/a < /etc/x", "<", "does not redirect" },
		{ "/usr/bin/test $(cat /run/x) = 1", "$(", "is not replaced by what" },
		{ "/usr/bin/test \"$(cat /run/x)\" = 1", "$(", "is not replaced by what" },
		{ "/usr/bin/test `cat /run/x` = 1", "`", "is not replaced by what" },
		{ "/bin/a $HOME/x", "$HOME", "is not replaced by a value" },
		{ "/bin/a ${HOME", "${HOME", "is not replaced by a value" },
		{ "/bin/a ${HOME}/x", "${HOME}", "is not replaced by a value" },
		{ "/bin/ls /run/haproxy/*.pid", "/run/haproxy/*.pid", "is not replaced by names" },
		{ "/bin/cat ~/x", "~/x", "is not replaced by a home" },
		{ "/bin/cat ~root/x", "~root/x", "is not replaced by a home" },
		{ "~/check.sh x", "~/check.sh", "is not replaced by a home" },
		{ "A=b /bin/a", "A=b", "is taken for the program" },
		{ "'A=b' /bin/a", "A=b", "is taken for the program" },
		{ "  cd /tmp && ./x", "cd", "is a word of the shell" },
		{ "[[ -f /x ]]", "[[", "is a word of the shell" },
		{ "! /bin/a", "!", "is a word of the shell" },
		{ "exit 0", "exit", "is a word of the shell" },
		{ "if true; then false; fi", "if", "is a word of the shell" },
		{ "(/bin/a; /bin/b)", "(/bin/a;", "is a word of the shell" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct shellish s;

		ck_assert_msg(shi_find(cases[i].command, &s), "%s", cases[i].command);
		ck_assert_msg(s.len == strlen(cases[i].what) &&
			      strncmp(cases[i].command + s.at, cases[i].what, s.len) == 0,
			      "%s: %.*s", cases[i].command, (int)s.len, cases[i].command + s.at);
		ck_assert_msg(strncmp(s.mistake, cases[i].mistake, 12) == 0, "%s: %s",
			      cases[i].command, s.mistake);
	}
}
END_TEST

/* It runs as it is written. */
START_TEST(what_the_program_is_to_get_is_not)
{
	static const char *const commands[] = {
		"", "/usr/bin/killall -0 haproxy", "/usr/bin/pgrep -f 'a|b'", "pgrep -f a|b",
		"/usr/bin/pgrep -f \"^/usr/sbin/haproxy.*$\"", "grep -E ^a.*b$ /etc/x",
		"sh -c 'exec \"$0\" \"$@\"' /bin/a b",
		"sh -c /bin/a", "sh -x /bin/a b", "/usr/bin/nice -c a b",
		"sh -c \"a || b\" c d", "sh -c \"a || b\"",
		"/bin/sh -c 'a > /dev/null; b $(c) `d` $E ~/f *.g'",
		"/bin/bash -c \"test $(cat /run/x) = 1\"", "timeout 5 bash -c \"a $(b) && c\"",
		"awk '{ print $1 }' /etc/x", "awk \"$(NF-1) > 3\" /etc/x",
		"/usr/bin/find /run -name *.pid -exec rm {} \\;", "sed s/a*/b/ /etc/x",
		"/usr/bin/curl -fs http://127.0.0.1:8080/health?a=1&b=2;c",
		"/usr/bin/curl -fs -H Accept:*/* http://127.0.0.1/*",
		"/usr/bin/docker inspect -f {{.State.Running|json}} haproxy",
		"/usr/bin/nc -z ::1 80", "/bin/test -e /run/x", "[ -e /run/x ]",
		"/usr/bin/env A=b /bin/a",
		"/bin/a --name=b -x=y", "/bin/a x=$", "/bin/a $ $1 ab~c $",
		"</dev/tcp/127.0.0.1/80",
		"</etc/hosts", "/bin/a \\| \\> \\$HOME \\*",
		"/bin/a '||' \">\" '$HOME' '*' \"~\"",
		"/bin/a a->b", "/bin/printf \"%s\\n\" \"$HOME\"", "/bin/a '", "\\",
		"/opt/a=b/check", "./x=y", "/bin/a !important", "/bin/a user@host:/x",
		"/bin/a C&A&B",
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		struct shellish s;

		if (shi_find(commands[i], &s))
			ck_abort_msg("%s: %.*s %s", commands[i], (int)s.len, commands[i] + s.at,
				     s.mistake);
	}
}
END_TEST

START_TEST(long_words_are_cut)
{
	static char text[2000];
	struct shellish s;

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "A=", 2);
	ck_assert(shi_find(text, &s));
	ck_assert_uint_lt(s.len, sizeof(text));
	memset(text, '$', sizeof(text) - 1);
	ck_assert(!shi_find(text, &s));
	memset(text, '|', sizeof(text) - 1);
	ck_assert(shi_find(text, &s));
	ck_assert(!shi_is_no_program(text));
}
END_TEST

START_TEST(some_words_are_no_programs)
{
	ck_assert(shi_is_no_program("cd") && shi_is_no_program("X=1") && shi_is_no_program("~/x"));
	ck_assert(!shi_is_no_program("/bin/cd") && !shi_is_no_program("[") &&
		  !shi_is_no_program("") && !shi_is_no_program("=x"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("shellish");
	TCase *t = tcase_create("words");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, what_a_shell_would_do_is_found);
	tcase_add_test(t, what_the_program_is_to_get_is_not);
	tcase_add_test(t, long_words_are_cut);
	tcase_add_test(t, some_words_are_no_programs);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
