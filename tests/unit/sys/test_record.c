/*
 * The memory that outlives a process: the last whole record is read whenever the writer was killed,
 * and whatever somebody has written into it, the reader stays inside its own.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/record.h"

#define SIZE 65536
#define HEAD 4096

static struct rec *open_new(void)
{
	struct rec *r = rec_new(SIZE);

	ck_assert_ptr_nonnull(r);
	return r;
}

static void expect(const struct rec *r, const char *text, int64_t at_us, int64_t served_us)
{
	struct rec_copy c;
	const char *why = NULL;

	ck_assert_msg(rec_get(r, &c, &why), "%s", why);
	ck_assert_uint_eq(c.len, strlen(text));
	ck_assert(memcmp(c.data, text, c.len) == 0);
	ck_assert_int_eq(c.at_us, at_us);
	ck_assert_int_eq(c.served_us, served_us);
	free(c.data);
}

static void expect_none(const struct rec *r, const char *wanted)
{
	struct rec_copy c;
	const char *why = NULL;

	ck_assert(!rec_get(r, &c, &why));
	ck_assert_str_eq(why, wanted);
}

START_TEST(the_last_record_is_read)
{
	struct rec *r = open_new();

	expect_none(r, "there is no record");
	ck_assert(rec_put(r, "one", 3, 10));
	expect(r, "one", 10, 10);
	ck_assert(rec_put(r, "second", 6, 20));
	expect(r, "second", 20, 20);
	rec_served(r, 25);
	expect(r, "second", 20, 25);
	ck_assert(rec_put(r, "", 0, 30));
	expect(r, "", 30, 25);
	rec_clear(r);
	expect_none(r, "there is no record");
	ck_assert(rec_put(r, "again", 5, 40));
	expect(r, "again", 40, 25);
	rec_free(r);
}
END_TEST

START_TEST(one_that_is_too_long_changes_nothing)
{
	struct rec *r = open_new();
	char *much = calloc(1, SIZE + 1);

	ck_assert_ptr_nonnull(much);
	ck_assert(rec_put(r, much, SIZE, 1));
	ck_assert(rec_put(r, "short", 5, 2));
	ck_assert(!rec_put(r, much, SIZE + 1, 3));
	expect(r, "short", 2, 2);
	free(much);
	rec_free(r);
}
END_TEST

/* Whoever has the descriptor reads what was written, and goes on writing. */
START_TEST(it_goes_from_hand_to_hand)
{
	struct rec *a = open_new(), *b;
	const char *why;

	ck_assert(rec_put(a, "from a", 6, 1));
	b = rec_over(rec_fd(a), &why);
	ck_assert_ptr_nonnull(b);
	ck_assert_int_ne(rec_fd(a), rec_fd(b));
	ck_assert(fcntl(rec_fd(b), F_GETFD) & FD_CLOEXEC);
	rec_free(a);
	expect(b, "from a", 1, 1);
	ck_assert(rec_put(b, "from b", 6, 2));
	expect(b, "from b", 2, 2);
	rec_free(b);
}
END_TEST

/* ---- killed ---- */

/* Records of changing length, each of one octet all over; its time says which. */
static void write_for_ever(struct rec *r)
{
	uint8_t data[SIZE];

	for (int64_t n = 1;; n++) {
		memset(data, (int)n, sizeof(data));
		rec_put(r, data, (size_t)(1 + n * 7919 % SIZE), n);
	}
}

static void expect_whole(const struct rec *r)
{
	struct rec_copy c;
	const char *why = NULL;

	ck_assert_msg(rec_get(r, &c, &why), "%s", why);
	ck_assert_uint_eq(c.len, (size_t)(1 + c.at_us * 7919 % SIZE));
	for (size_t i = 0; i < c.len; i++)
		ck_assert_uint_eq(((uint8_t *)c.data)[i], (uint8_t)c.at_us);
	free(c.data);
}

START_TEST(a_writer_may_be_killed_at_any_time)
{
	for (unsigned int i = 0; i < 80; i++) {
		struct rec *r = open_new();
		const char *why;
		struct rec *next;
		pid_t pid;

		ck_assert(rec_put(r, "", 1, 0));
		pid = fork();
		ck_assert_int_ge(pid, 0);
		if (pid == 0)
			write_for_ever(r);
		usleep(500 + i * 37 % 1000);
		/* While it writes, too: what is read is whole, or there is nothing. */
		struct rec_copy c;
		if (rec_get(r, &c, &why))
			free(c.data);
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
		expect_whole(r);
		next = rec_over(rec_fd(r), &why);
		ck_assert_ptr_nonnull(next);
		ck_assert(rec_put(next, "next", 4, 7));
		expect(r, "next", 7, 7);
		rec_free(next);
		rec_free(r);
	}
}
END_TEST

/* ---- enemies ---- */

START_TEST(other_descriptors_are_refused)
{
	int plain = memfd_create("x", MFD_ALLOW_SEALING), null = open("/dev/null", O_RDWR);
	int sealed = memfd_create("x", MFD_ALLOW_SEALING);
	const char *why;

	ck_assert_int_eq(ftruncate(plain, HEAD + 2 * SIZE), 0);
	ck_assert_int_eq(ftruncate(sealed, HEAD + 2 * SIZE), 0);
	ck_assert_int_eq(fcntl(sealed, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
	ck_assert_ptr_null(rec_over(-1, &why));
	ck_assert_str_eq(why, "the descriptor is not a record's");
	ck_assert_ptr_null(rec_over(null, &why));
	ck_assert_ptr_null(rec_over(plain, &why));
	ck_assert_str_eq(why, "the descriptor is not a record's");
	ck_assert_ptr_null(rec_over(sealed, &why));
	ck_assert_str_eq(why, "the memory is not a record's");
	close(plain);
	close(null);
	close(sealed);
}
END_TEST

START_TEST(nobody_can_take_the_memory_away)
{
	struct rec *r = open_new();

	ck_assert_int_eq(ftruncate(rec_fd(r), 0), -1);
	ck_assert_int_eq(errno, EPERM);
	rec_free(r);
}
END_TEST

/* Every octet of the head damaged, in turn and at random: a whole record, or a sentence. */
START_TEST(whatever_stands_there_the_reader_is_safe)
{
	struct rec *r = open_new();
	uint8_t *m = mmap(NULL, HEAD, PROT_READ | PROT_WRITE, MAP_SHARED, rec_fd(r), 0);
	uint8_t good[256];

	ck_assert_ptr_ne(m, MAP_FAILED);
	ck_assert(rec_put(r, "first", 5, 1));
	ck_assert(rec_put(r, "second", 6, 2));
	memcpy(good, m, sizeof(good));
	for (size_t i = 0; i < 20000; i++) {
		struct rec_copy c;
		struct rec *other;
		const char *why = NULL;

		if (i < sizeof(good))
			m[i] = (uint8_t)~m[i];
		for (size_t n = 0; i >= sizeof(good) && n < 1 + i % 12; n++)
			m[(size_t)rand() % sizeof(good)] = (uint8_t)rand();
		if (rec_get(r, &c, &why)) {
			ck_assert(c.len == 5 || c.len == 6);
			free(c.data);
		} else {
			ck_assert_ptr_nonnull(why);
		}
		other = rec_over(rec_fd(r), &why);
		if (other) {
			ck_assert(rec_put(other, "third", 5, 3));
			rec_served(other, 3);
			expect(other, "third", 3, 3);
		}
		rec_free(other);
		memcpy(m, good, sizeof(good));
	}
	munmap(m, HEAD);
	rec_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sys/record");
	TCase *t = tcase_create("record");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, the_last_record_is_read);
	tcase_add_test(t, one_that_is_too_long_changes_nothing);
	tcase_add_test(t, it_goes_from_hand_to_hand);
	tcase_add_test(t, a_writer_may_be_killed_at_any_time);
	tcase_add_test(t, other_descriptors_are_refused);
	tcase_add_test(t, nobody_can_take_the_memory_away);
	tcase_add_test(t, whatever_stands_there_the_reader_is_safe);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
