/* Shell scripts, as far as they are understood: what sleeps, what stops the daemon, what does not.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint/shell.h"

/* All commands of TEXT: words with blanks, '?' behind one that is not always run, ';' between them.
 */
static const char *commands(const char *text)
{
	static char out[4096];
	struct shl_command c;
	struct shl s;
	size_t n = 0;

	*out = '\0';
	shl_open(&s, text, strlen(text));
	while (shl_next(&s, &c)) {
		for (size_t i = 0; i < c.n; i++)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", i ? " " : "",
					      c.words[i].text);
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", c.always ? "" : "?",
				      c.background ? "&;" : ";");
	}
	return out;
}

START_TEST(words)
{
	ck_assert_str_eq(commands(""), "");
	ck_assert_str_eq(commands("\n # all a comment\n"), "");
	ck_assert_str_eq(commands("a b\tc"), "a b c;");
	ck_assert_str_eq(commands("a 'b c' \"d 'e' \\\" f\" g\\ h"), "a b c d 'e' \" f g h;");
	ck_assert_str_eq(commands("a#b #c\nd"), "a#b;d;");
	ck_assert_str_eq(commands("a \\\n b"), "a b;");
	ck_assert_str_eq(commands("a >/dev/null 2>&1 </x"), "a /dev/null 2 /x;");
	ck_assert_str_eq(commands("a | b |& c"), "a;b;c;");
	ck_assert_str_eq(commands("x=$(a b); `c d`"), "x=$;a b;c d;");
	ck_assert_str_eq(commands("a 'never closed"), "a never closed;");
	ck_assert_str_eq(commands("'' a"), " a;");
}
END_TEST

START_TEST(what_is_always_run)
{
	ck_assert_str_eq(commands("a && b || c; d\ne"), "a;b?;c?;d;e;");
	ck_assert_str_eq(commands("if a; then b; elif c; then d; else e; fi; f"),
			 "a?;b?;c?;d?;e?;f;");
	ck_assert_str_eq(commands("for i in 1 2; do a; done\nb"), "for i in 1 2;a?;b;");
	ck_assert_str_eq(commands("while a; do b; done; c"), "a?;b?;c;");
	ck_assert_str_eq(commands("f() {\n a\n}\nf"), "f;a?;f;");
	ck_assert_str_eq(commands("case $x in\na) b ;;\nesac\nc"), "case $x in;a?;b?;c;");
	ck_assert_str_eq(commands("fi; fi; a"), "a;");
	ck_assert_str_eq(commands("a & b"), "a&;b;");
	ck_assert_str_eq(commands("! a\n'if' b"), "a;if b;");
}
END_TEST

static int64_t slept(const char *text)
{
	struct shl_command c;
	struct shl s;

	shl_open(&s, text, strlen(text));
	ck_assert(shl_next(&s, &c));
	return shl_sleep_us(&c);
}

START_TEST(sleeps)
{
	ck_assert_int_eq(slept("sleep 2"), 2000000);
	ck_assert_int_eq(slept("/bin/sleep 0.5"), 500000);
	ck_assert_int_eq(slept("sleep 1m 2s"), 62000000);
	ck_assert_int_eq(slept("sleep $n"), 0);
	ck_assert_int_eq(slept("sleep 1 &"), -1);
	ck_assert_int_eq(slept("sleep"), -1);
	ck_assert_int_eq(slept("sleeper 2"), -1);
	ck_assert_int_eq(slept("sleep 1e300 nan inf -5"), 0);
	ck_assert_int_eq(slept("sleep 900000d"), INT64_C(1000000000000));
}
END_TEST

static bool stops(const char *text)
{
	struct shl_command c;
	struct shl s;

	shl_open(&s, text, strlen(text));
	return shl_next(&s, &c) && shl_stops_daemon(&c);
}

START_TEST(stopping)
{
	static const char *const yes[] = {
		"service keepalived stop", "/usr/sbin/service keepalived restart",
		"systemctl stop keepalived", "systemctl --no-block stop holdfast.service",
		"sudo -n systemctl kill holdfastd", "/etc/init.d/keepalived stop",
		"/etc/rc.d/init.d/holdfast restart", "killall keepalived", "pkill -9 keepalived",
		"killall -s TERM holdfastd", "kill $(pidof keepalived)",
		"kill -9 `cat /var/run/keepalived.pid`", "nohup timeout 5 service holdfast stop",
		"systemctl disable --now keepalived", "LANG=C service keepalived stop",
	};
	static const char *const no[] = {
		"service keepalived status", "service haproxy stop", "systemctl reload keepalived",
		"systemctl is-active keepalived", "echo service keepalived stop",
		"logger 'systemctl stop keepalived'", "killall -0 keepalived",
		"pkill -HUP keepalived", "killall -s HUP keepalived", "kill -0 $(pidof keepalived)",
		"kill -USR1 `cat /run/keepalived.pid`", "kill $(pidof haproxy)",
		"/etc/init.d/keepalived status", "pidof keepalived", "keepalived stop",
		"rm /etc/init.d/keepalived", "service", "",
	};

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		ck_assert_msg(stops(yes[i]), "%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		ck_assert_msg(!stops(no[i]), "%s", no[i]);
}
END_TEST

START_TEST(places)
{
	const char *text = "#!/bin/sh\n\n  a; bb c\n";
	struct shl_command c;
	struct shl s;

	shl_open(&s, text, strlen(text));
	ck_assert(shl_next(&s, &c));
	ck_assert_uint_eq(c.words[0].line, 3);
	ck_assert_uint_eq(c.words[0].col, 3);
	ck_assert(shl_next(&s, &c));
	ck_assert_uint_eq(c.words[1].line, 3);
	ck_assert_uint_eq(c.words[1].col, 9);
	ck_assert_uint_eq(c.rest_len, strlen("bb c"));
	ck_assert(!shl_next(&s, &c));
}
END_TEST

/* Words and commands beyond every limit, and any octets. */
START_TEST(limits)
{
	static const char octets[] = " \n;&|()<>`'\"\\#{}";
	size_t size = 100000;
	char *text = malloc(size);
	struct shl_command c;
	struct shl s;
	uint32_t x = 1;

	memset(text, 'w', size);
	shl_open(&s, text, size);
	ck_assert(shl_next(&s, &c));
	ck_assert_uint_lt(strlen(c.words[0].text), SHL_TEXT);
	for (size_t i = 0; i < size; i++)
		text[i] = i % 2 ? ' ' : 'w';
	shl_open(&s, text, size);
	ck_assert(shl_next(&s, &c));
	ck_assert_uint_eq(c.n, SHL_WORDS);
	ck_assert(!shl_next(&s, &c));
	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = x >> 24 & 1 ? (char)(x >> 16) : octets[x >> 16 & 15];
	}
	shl_open(&s, text, size);
	while (shl_next(&s, &c)) {
		ck_assert_uint_ge(c.n, 1);
		shl_stops_daemon(&c);
		shl_sleep_us(&c);
	}
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("lint/shell");
	TCase *t = tcase_create("shell");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, words);
	tcase_add_test(t, what_is_always_run);
	tcase_add_test(t, sleeps);
	tcase_add_test(t, stopping);
	tcase_add_test(t, places);
	tcase_add_test(t, limits);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
