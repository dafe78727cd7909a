/*
 * The logger: lines arrive whole and in order, a reader that hangs costs lines but never time.
 */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "sys/logger.h"
#include "unit/sys/lab.h"

#define SECOND_US 1000000

struct place {
	char dir[64];
	char file[96];
};

static void make_place(struct place *p)
{
	strcpy(p->dir, "/tmp/holdfast-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->dir));
	snprintf(p->file, sizeof(p->file), "%s/log", p->dir);
}

static void remove_place(const struct place *p)
{
	unlink(p->file);
	rmdir(p->dir);
}

START_TEST(lines_arrive_whole_and_in_order)
{
	enum { N = 500 };
	struct place place;
	struct lgr_options options = { .file = place.file };
	char line[1024], want[64];
	struct log log;
	struct lgr *l;
	FILE *f;

	make_place(&place);
	l = lgr_new(&options);
	ck_assert_ptr_nonnull(l);
	lgr_log(l, LOG_LVL_INFO, &log);
	for (int i = 0; i < N; i++)
		log_printf(&log, LOG_LVL_INFO, "line %d of many", i);
	log_printf(&log, LOG_LVL_DEBUG, "not wanted");
	lgr_free(l, 10 * SECOND_US);

	f = fopen(place.file, "r");
	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < N; i++) {
		int year, month, day, hour, minute, second, ms, at = 0;

		ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
		ck_assert_int_eq(sscanf(line, "%4d-%2d-%2d %2d:%2d:%2d.%3d %n", &year, &month, &day,
					&hour, &minute, &second, &ms, &at), 7);
		snprintf(want, sizeof(want), "line %d of many\n", i);
		ck_assert_str_eq(line + at, want);
	}
	ck_assert_ptr_null(fgets(line, sizeof(line), f));
	fclose(f);
	remove_place(&place);
}
END_TEST

/* Standard error is a pipe that nobody reads: writing to it blocks. */
START_TEST(a_reader_that_hangs_costs_no_time)
{
	struct lgr_options options = { .to_stderr = true };
	int64_t begin, longest = 0, before;
	struct log log;
	struct lgr *l;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	l = lgr_new(&options);
	lgr_log(l, LOG_LVL_INFO, &log);
	begin = loop_now_us();
	for (int i = 0; i < 20000; i++) {
		before = loop_now_us();
		log_printf(&log, LOG_LVL_INFO, "a line that nobody reads, number %d", i);
		if (loop_now_us() - before > longest)
			longest = loop_now_us() - before;
	}
	ck_assert_int_lt(loop_now_us() - begin, 5 * SECOND_US);
	ck_assert_uint_gt(lgr_dropped(l), 10000);
	begin = loop_now_us();
	lgr_free(l, SECOND_US / 5);		/* gives up */
	ck_assert_int_ge(loop_now_us() - begin, SECOND_US / 5);
	ck_assert_int_lt(loop_now_us() - begin, 10 * SECOND_US);
}
END_TEST

START_TEST(lost_lines_are_counted_and_told)
{
	struct lgr_options options = { .to_stderr = true };
	int saved = dup(STDERR_FILENO);
	char buf[4096], want[64];
	struct log log;
	struct lgr *l;
	uint64_t dropped;
	FILE *f;
	int ends[2], found = 0, lines = 0;

	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	l = lgr_new(&options);
	lgr_log(l, LOG_LVL_INFO, &log);
	for (int i = 0; i < 20000; i++)
		log_printf(&log, LOG_LVL_INFO, "a line that is read late, number %d", i);
	dropped = lgr_dropped(l);
	ck_assert_uint_gt(dropped, 0);
	snprintf(want, sizeof(want), " %llu log lines were lost", (unsigned long long)dropped);
	f = fdopen(ends[0], "r");
	while (!found && fgets(buf, sizeof(buf), f)) {
		lines++;
		found = strstr(buf, want) != NULL;
	}
	ck_assert(found);
	ck_assert_int_eq(lines - 1 + (int)dropped, 20000);
	lgr_free(l, 10 * SECOND_US);
	dup2(saved, STDERR_FILENO);
	fclose(f);
}
END_TEST

/* A signal that the process waits for must not end up in the thread. */
START_TEST(the_thread_has_no_signals_and_no_rights)
{
	struct place place;
	struct lgr_options options = { .file = place.file };
	const unsigned long long wanted = 1ull << (SIGTERM - 1) | 1ull << (SIGHUP - 1) |
					  1ull << (SIGPIPE - 1);
	char line[256], path[64];
	struct stat st;
	struct log log;
	struct lgr *l;
	FILE *f;
	int lines = 0;

	make_place(&place);
	l = lgr_new(&options);
	lgr_log(l, LOG_LVL_INFO, &log);
	log_printf(&log, LOG_LVL_INFO, "it runs");
	while (stat(place.file, &st) || !st.st_size)	/* until it has got that far */
		usleep(1000);
	f = popen("grep -H -e SigBlk -e CapEff -e CapPrm /proc/$PPID/task/*/status", "r");
	snprintf(path, sizeof(path), "/task/%d/", (int)getpid());
	while (fgets(line, sizeof(line), f)) {
		unsigned long long bits = strtoull(strrchr(line, '\t'), NULL, 16);

		if (strstr(line, path))
			continue;
		lines++;
		if (strstr(line, "Cap"))
			ck_assert_uint_eq(bits, 0);
		else
			ck_assert_uint_eq(bits & wanted, wanted);
	}
	pclose(f);
	ck_assert_int_eq(lines, 3);
	lgr_free(l, 10 * SECOND_US);
	remove_place(&place);
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_is_an_error)
{
	struct lgr_options options = { .file = "/nonexistent/holdfast.log" };

	ck_assert_ptr_null(lgr_new(&options));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("logger");
	TCase *c = tcase_create("logger");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, lines_arrive_whole_and_in_order);
	tcase_add_test(c, a_reader_that_hangs_costs_no_time);
	tcase_add_test(c, lost_lines_are_counted_and_told);
	tcase_add_test(c, the_thread_has_no_signals_and_no_rights);
	tcase_add_test(c, a_file_that_cannot_be_opened_is_an_error);
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
