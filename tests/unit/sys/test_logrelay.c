/*
 * Log lines from another process: whole, in order, cleaned, and never waited for.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/logrelay.h"

#define KEPT 4096

struct heard {
	struct log log;
	size_t n;
	enum log_level level[KEPT];
	char text[KEPT][LOG_LINE_MAX];
};

static void hear(void *ctx, enum log_level level, const char *text)
{
	struct heard *h = ctx;

	ck_assert_uint_lt(h->n, KEPT);
	h->level[h->n] = level;
	snprintf(h->text[h->n++], LOG_LINE_MAX, "%s", text);
}

static struct heard *heard_new(void)
{
	struct heard *h = calloc(1, sizeof(*h));

	ck_assert_ptr_nonnull(h);
	h->log = (struct log){ .ctx = h, .line = hear, .level = LOG_LVL_DEBUG };
	return h;
}

static void take_all(int fd, struct heard *h)
{
	size_t before;

	do {
		before = h->n;
		ck_assert(lrl_receive(fd, &h->log));
	} while (h->n > before);
}

START_TEST(lines_arrive_whole_and_in_order)
{
	struct heard *h = heard_new();
	struct lrl sender;
	struct log log;
	char want[32];
	int ends[2];

	ck_assert_int_eq(lrl_pair(ends), 0);
	lrl_log(&sender, ends[1], LOG_LVL_DETAIL, &log);
	for (int i = 0; i < 100; i++)
		log_printf(&log, i % 2 ? LOG_LVL_ERROR : LOG_LVL_DETAIL, "line %d", i);
	log_printf(&log, LOG_LVL_DEBUG, "not wanted");
	take_all(ends[0], h);
	ck_assert_uint_eq(h->n, 100);
	for (int i = 0; i < 100; i++) {
		snprintf(want, sizeof(want), "line %d", i);
		ck_assert_str_eq(h->text[i], want);
		ck_assert_int_eq(h->level[i], i % 2 ? LOG_LVL_ERROR : LOG_LVL_DETAIL);
	}
	close(ends[1]);
	ck_assert(!lrl_receive(ends[0], &h->log));
	close(ends[0]);
	free(h);
}
END_TEST

START_TEST(what_does_not_fit_is_counted_and_told)
{
	struct heard *h = heard_new();
	struct lrl sender;
	struct log log;
	int ends[2], sent = 0;

	ck_assert_int_eq(lrl_pair(ends), 0);
	lrl_log(&sender, ends[1], LOG_LVL_INFO, &log);
	while (!sender.dropped)		/* nobody reads: this must neither wait nor end */
		log_printf(&log, LOG_LVL_INFO, "line %d", sent++);
	for (int i = 0; i < 9; i++)
		log_printf(&log, LOG_LVL_INFO, "lost");
	ck_assert_uint_eq(sender.dropped, 10);
	for (size_t before = SIZE_MAX; before != h->n && h->n < KEPT - 64;) {
		before = h->n;
		ck_assert(lrl_receive(ends[0], &h->log));
	}
	h->n = 0;
	while (recv(ends[0], h->text[0], LOG_LINE_MAX, MSG_DONTWAIT) > 0)
		;
	log_printf(&log, LOG_LVL_INFO, "again");
	take_all(ends[0], h);
	ck_assert_uint_eq(h->n, 2);
	ck_assert_ptr_eq(strstr(h->text[0], "10 log lines were lost"), h->text[0]);
	ck_assert_int_eq(h->level[0], LOG_LVL_WARN);
	ck_assert_str_eq(h->text[1], "again");
	close(ends[0]);
	log_printf(&log, LOG_LVL_INFO, "the keeper is gone");
	close(ends[1]);
	free(h);
}
END_TEST

/* The sender may have been taken over. */
START_TEST(foreign_octets_do_no_harm)
{
	struct heard *h = heard_new();
	char large[2 * LOG_LINE_MAX];
	int ends[2];

	ck_assert_int_eq(lrl_pair(ends), 0);
	memset(large, 'x', sizeof(large));
	large[0] = LOG_LVL_INFO;
	ck_assert_int_eq(send(ends[1], "\x02" "a\nb\033[2Jc\x7f%s%n", 14, 0), 14);
	ck_assert_int_eq(send(ends[1], "\xff" "no such level", 14, 0), 14);
	ck_assert_int_eq(send(ends[1], "\x02" "cut\0off", 8, 0), 8);
	ck_assert_int_eq(send(ends[1], "\x02", 1, 0), 1);
	ck_assert_int_eq(send(ends[1], large, sizeof(large), 0), (int)sizeof(large));
	take_all(ends[0], h);
	ck_assert_uint_eq(h->n, 5);
	ck_assert_str_eq(h->text[0], "a?b?[2Jc?%s%n");
	ck_assert_str_eq(h->text[1], "no such level");
	ck_assert_int_eq(h->level[1], LOG_LVL_ERROR);
	ck_assert_str_eq(h->text[2], "cut");
	ck_assert_str_eq(h->text[3], "");
	ck_assert_uint_lt(strlen(h->text[4]), LOG_LINE_MAX);
	close(ends[0]);
	close(ends[1]);
	free(h);
}
END_TEST

START_TEST(a_flood_is_taken_in_shares)
{
	struct heard *h = heard_new();
	struct lrl sender;
	struct log log;
	int ends[2];

	ck_assert_int_eq(lrl_pair(ends), 0);
	lrl_log(&sender, ends[1], LOG_LVL_INFO, &log);
	for (int i = 0; i < 200; i++)
		log_printf(&log, LOG_LVL_INFO, "line");
	ck_assert(lrl_receive(ends[0], &h->log));
	ck_assert_uint_gt(h->n, 0);
	ck_assert_uint_lt(h->n, 200);
	take_all(ends[0], h);
	ck_assert_uint_eq(h->n, 200);
	close(ends[0]);
	close(ends[1]);
	free(h);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("logrelay");
	TCase *t = tcase_create("logrelay");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, lines_arrive_whole_and_in_order);
	tcase_add_test(t, what_does_not_fit_is_counted_and_told);
	tcase_add_test(t, foreign_octets_do_no_harm);
	tcase_add_test(t, a_flood_is_taken_in_shares);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
