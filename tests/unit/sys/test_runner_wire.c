/*
 * The messages between engine and runner: what goes in comes out, and nothing else is taken.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/runner_wire.h"

static const char *const words[] = { "/bin/x", "", "two words", NULL };
static const struct port_job sample = {
	.rank = PORT_JOB_EVENT, .change = 77,
	.id = 7, .kind = PORT_JOB_NOTIFY, .lane = UINT32_MAX, .argv = words, .uid = 1, .gid = 2,
	.groups = true, .timeout_us = 3,
};

START_TEST(a_job_survives_the_way)
{
	char buf[WIRE_JOB_MAX];
	const char *argv[WIRE_ARGC_MAX + 1];
	struct port_job job;
	size_t len = wire_put_job(buf, &sample);

	ck_assert(wire_get_job(buf, len, &job, argv));
	ck_assert_uint_eq(job.id, 7);
	ck_assert_int_eq(job.kind, PORT_JOB_NOTIFY);
	ck_assert_uint_eq(job.lane, UINT32_MAX);
	ck_assert_uint_eq(job.uid, 1);
	ck_assert_uint_eq(job.gid, 2);
	ck_assert(job.groups);
	ck_assert_int_eq(job.rank, PORT_JOB_EVENT);
	ck_assert_uint_eq(job.change, 77);
	ck_assert_int_eq(job.timeout_us, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_str_eq(job.argv[i], words[i]);
	ck_assert_ptr_null(job.argv[3]);
}
END_TEST

START_TEST(every_cut_job_is_refused)
{
	char buf[WIRE_JOB_MAX];
	const char *argv[WIRE_ARGC_MAX + 1];
	struct port_job job;
	size_t len = wire_put_job(buf, &sample);

	for (size_t n = 0; n < len; n++)
		ck_assert(!wire_get_job(buf, n, &job, argv));
	ck_assert(!wire_get_job(buf, len + 1, &job, argv));
	ck_assert(!wire_get_job(buf, WIRE_JOB_MAX + 1, &job, argv));
}
END_TEST

START_TEST(timeouts_are_cut_to_their_range)
{
	static const int64_t given[] = { INT64_MIN, -1, 0, INT64_MAX };
	static const int64_t taken[] = { 1, 1, 1, WIRE_TIMEOUT_MAX_US };
	char buf[WIRE_JOB_MAX];
	const char *argv[WIRE_ARGC_MAX + 1];
	struct port_job job;

	for (int i = 0; i < 4; i++) {
		struct port_job in = sample;

		in.timeout_us = given[i];
		ck_assert(wire_get_job(buf, wire_put_job(buf, &in), &job, argv));
		ck_assert_int_eq(job.timeout_us, taken[i]);
	}
}
END_TEST

/* One field of a good job after the other becomes wrong. Offsets as in the head's order. */
START_TEST(every_wrong_field_is_refused)
{
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = {
		{ 4, 2 }, { 12, PORT_JOB_LAST + 1 }, { 20, UINT32_MAX }, { 24, UINT32_MAX },
		{ 28, 2 }, { 32, 0 }, { 32, 2 }, { 32, 4 }, { 32, WIRE_ARGC_MAX + 1 }, { 36, 0 },
		{ 36, UINT32_MAX }, { 44, 0x80000000u }, { 44, 0x7fffffffu },
	};
	const char *argv[WIRE_ARGC_MAX + 1];
	char buf[WIRE_JOB_MAX];
	struct port_job job;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		size_t len = wire_put_job(buf, &sample);

		memcpy(buf + wrong[i].at, &wrong[i].value, 4);
		ck_assert_msg(!wire_get_job(buf, len, &job, argv), "case %zu", i);
	}
}
END_TEST

START_TEST(the_largest_job_fits_and_one_more_octet_does_not)
{
	enum { HEAD = 48 };
	static char word[WIRE_JOB_MAX], buf[WIRE_JOB_MAX];
	const char *in[] = { word, NULL }, *argv[WIRE_ARGC_MAX + 1];
	struct port_job job = { .argv = in, .timeout_us = 1 };

	memset(word, 'x', WIRE_JOB_MAX - HEAD - 1);
	ck_assert_uint_eq(wire_put_job(buf, &job), WIRE_JOB_MAX);
	ck_assert(wire_get_job(buf, WIRE_JOB_MAX, &job, argv));
	job.argv = in;
	word[WIRE_JOB_MAX - HEAD - 1] = 'x';
	errno = 0;
	ck_assert_uint_eq(wire_put_job(buf, &job), 0);
	ck_assert_int_eq(errno, E2BIG);
}
END_TEST

START_TEST(a_result_survives_the_way)
{
	const struct port_job_result in = {
		.id = 3, .result = VR_CHECK_CANNOT_RUN, .code = ENOENT, .took_us = 1234567890123,
		.detail = "'/x' does not exist",
	};
	struct port_job_result out;
	char buf[WIRE_RESULT_MAX];
	size_t len = wire_put_result(buf, &in);

	ck_assert(wire_get_result(buf, len, &out));
	ck_assert_uint_eq(out.id, 3);
	ck_assert_int_eq(out.result, VR_CHECK_CANNOT_RUN);
	ck_assert_int_eq(out.code, ENOENT);
	ck_assert_int_eq(out.took_us, 1234567890123);
	ck_assert_str_eq(out.detail, in.detail);
	for (size_t n = 0; n < len; n++)
		ck_assert(!wire_get_result(buf, n, &out));
}
END_TEST

START_TEST(a_long_detail_is_cut_and_none_is_null)
{
	static char longer[2 * WIRE_DETAIL_MAX];
	struct port_job_result in = { .id = 3, .result = VR_CHECK_GOOD }, out;
	char buf[WIRE_RESULT_MAX];

	ck_assert(wire_get_result(buf, wire_put_result(buf, &in), &out));
	ck_assert_ptr_null(out.detail);
	memset(longer, 'y', sizeof(longer) - 1);
	in.detail = longer;
	ck_assert(wire_get_result(buf, wire_put_result(buf, &in), &out));
	ck_assert_uint_eq(strlen(out.detail), WIRE_DETAIL_MAX - 1);
}
END_TEST

START_TEST(results_that_cannot_be_are_refused)
{
	const struct port_job_result in = { .id = 3, .result = VR_CHECK_EXIT, .detail = "abc" };
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = {
		{ 0, 2 }, { 8, VR_CHECK_NONE }, { 8, VR_N_CHECK_RESULTS }, { 20, 3 },
		{ 20, UINT32_MAX }, { 28, 0x80000000u }, { 32, 0 }, { 32, 0x61616161u },
	};
	struct port_job_result out;
	char buf[WIRE_RESULT_MAX];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		size_t len = wire_put_result(buf, &in);

		memcpy(buf + wrong[i].at, &wrong[i].value, 4);
		ck_assert_msg(!wire_get_result(buf, len, &out), "case %zu", i);
	}
}
END_TEST

START_TEST(a_wait_survives_the_way_and_is_no_result)
{
	struct port_wait in = { .lane = 9, .script = "/x", .running_us = 1234567890123,
				.waiting = 4 }, out;
	struct port_job_result result = { .id = 9, .result = VR_CHECK_GOOD };
	char buf[WIRE_RESULT_MAX];
	size_t len = wire_put_wait(buf, &in);

	ck_assert(wire_get_wait(buf, len, &out));
	ck_assert_uint_eq(out.lane, 9);
	ck_assert_uint_eq(out.waiting, 4);
	ck_assert_int_eq(out.running_us, 1234567890123);
	ck_assert_str_eq(out.script, "/x");
	for (size_t n = 0; n < len; n++)
		ck_assert(!wire_get_wait(buf, n, &out));
	ck_assert(!wire_get_result(buf, len, &result));
	in.script = NULL;
	ck_assert(wire_get_wait(buf, wire_put_wait(buf, &in), &out));
	ck_assert_ptr_null(out.script);
	ck_assert(!wire_get_wait(buf, wire_put_result(buf, &result), &out));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("runner_wire");
	TCase *t = tcase_create("runner_wire");
	SRunner *r;
	int failed;

	tcase_add_test(t, a_job_survives_the_way);
	tcase_add_test(t, every_cut_job_is_refused);
	tcase_add_test(t, timeouts_are_cut_to_their_range);
	tcase_add_test(t, every_wrong_field_is_refused);
	tcase_add_test(t, the_largest_job_fits_and_one_more_octet_does_not);
	tcase_add_test(t, a_result_survives_the_way);
	tcase_add_test(t, a_long_detail_is_cut_and_none_is_null);
	tcase_add_test(t, results_that_cannot_be_are_refused);
	tcase_add_test(t, a_wait_survives_the_way_and_is_no_result);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
