/* Log lines: levels, limits, and no octet that drives a terminal. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct caught {
	char last[LOG_LINE_MAX];
	enum log_level level;
	int n;
};

static void catch(void *ctx, enum log_level level, const char *text)
{
	struct caught *c = ctx;

	ck_assert_uint_lt(strlen(text), sizeof(c->last));
	snprintf(c->last, sizeof(c->last), "%s", text);
	c->level = level;
	c->n++;
}

static struct log log_to(struct caught *c, enum log_level level)
{
	*c = (struct caught){ 0 };
	return (struct log){ .ctx = c, .line = catch, .level = level };
}

START_TEST(levels_above_the_sink_are_dropped)
{
	struct caught c;
	struct log l = log_to(&c, LOG_LVL_INFO);

	log_printf(&l, LOG_LVL_DETAIL, "no");
	ck_assert_int_eq(c.n, 0);
	log_printf(&l, LOG_LVL_INFO, "%s %d", "yes", 1);
	ck_assert_str_eq(c.last, "yes 1");
	log_printf(&l, LOG_LVL_ERROR, "worse");
	ck_assert_int_eq(c.level, LOG_LVL_ERROR);
	ck_assert_int_eq(c.n, 2);
}
END_TEST

START_TEST(nothing_comes_of_the_null_sink)
{
	struct log_limit limit = { 0 };

	log_printf(&log_null, LOG_LVL_ERROR, "gone");
	ck_assert(!log_limited(&log_null, &limit, 1, 1, LOG_LVL_ERROR, "gone"));
	ck_assert_int_eq(limit.next_us, 0);
}
END_TEST

START_TEST(control_octets_are_replaced)
{
	struct caught c;
	struct log l = log_to(&c, LOG_LVL_DEBUG);
	char buf[8];

	log_printf(&l, LOG_LVL_INFO, "a\nb\033[2J\x7f\tz %s", "\xe4\xb8\xbb");
	ck_assert_str_eq(c.last, "a?b?[2J??z \xe4\xb8\xbb");
	ck_assert_str_eq(log_clean("x\r\ny", buf, sizeof(buf)), "x??y");
	ck_assert_str_eq(log_clean("0123456789", buf, sizeof(buf)), "0123456");
	ck_assert_ptr_eq(log_clean("x", buf, 0), buf);
}
END_TEST

START_TEST(long_lines_are_cut)
{
	struct caught c;
	struct log l = log_to(&c, LOG_LVL_DEBUG);

	log_printf(&l, LOG_LVL_INFO, "%02000d", 1);
	ck_assert_uint_eq(strlen(c.last), LOG_LINE_MAX - 1);
}
END_TEST

START_TEST(a_storm_is_one_line_and_a_count)
{
	struct caught c;
	struct log l = log_to(&c, LOG_LVL_INFO);
	struct log_limit limit = { 0 };

	ck_assert(log_limited(&l, &limit, 1000, 500, LOG_LVL_WARN, "bad %d", 1));
	for (int64_t t = 1000; t < 1500; t++)
		ck_assert(!log_limited(&l, &limit, t, 500, LOG_LVL_WARN, "bad %d", 2));
	ck_assert_int_eq(c.n, 1);
	ck_assert(log_limited(&l, &limit, 1500, 500, LOG_LVL_WARN, "bad %d", 3));
	ck_assert_str_eq(c.last, "bad 3 (500 similar lines suppressed)");
	ck_assert(log_limited(&l, &limit, 2000, 500, LOG_LVL_WARN, "bad %d", 4));
	ck_assert_str_eq(c.last, "bad 4");
}
END_TEST

START_TEST(the_count_survives_a_long_line)
{
	struct caught c;
	struct log l = log_to(&c, LOG_LVL_INFO);
	struct log_limit limit = { .suppressed = UINT32_MAX };

	ck_assert(!log_limited(&l, &(struct log_limit){ .next_us = 5, .suppressed = UINT32_MAX },
		1, 1,
			       LOG_LVL_WARN, "x"));
	ck_assert(log_limited(&l, &limit, 1, 1, LOG_LVL_WARN, "%02000d", 1));
	ck_assert_ptr_nonnull(strstr(c.last, "(4294967295 similar lines suppressed)"));
}
END_TEST

START_TEST(a_dropped_level_does_not_start_the_limit)
{
	struct caught c;
	struct log l = log_to(&c, LOG_LVL_ERROR);
	struct log_limit limit = { 0 };

	ck_assert(!log_limited(&l, &limit, 1000, 500, LOG_LVL_INFO, "quiet"));
	ck_assert_int_eq(limit.next_us, 0);
	ck_assert_uint_eq(limit.suppressed, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/log");
	TCase *t = tcase_create("log");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, levels_above_the_sink_are_dropped);
	tcase_add_test(t, nothing_comes_of_the_null_sink);
	tcase_add_test(t, control_octets_are_replaced);
	tcase_add_test(t, long_lines_are_cut);
	tcase_add_test(t, a_storm_is_one_line_and_a_count);
	tcase_add_test(t, the_count_survives_a_long_line);
	tcase_add_test(t, a_dropped_level_does_not_start_the_limit);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
