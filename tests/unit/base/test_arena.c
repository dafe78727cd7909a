/* The arena: aligned, zeroed, disjoint memory of any size. */
#include <check.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define MANY 3000

static size_t nth_size(size_t i)
{
	return (i * 37) % 900;
}

START_TEST(memory_is_aligned_zeroed_and_disjoint)
{
	struct arena *a = arena_new();
	unsigned char **p = calloc(MANY, sizeof(*p));

	for (size_t i = 0; i < MANY; i++) {
		p[i] = arena_alloc(a, nth_size(i));
		ck_assert_uint_eq((uintptr_t)p[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < nth_size(i); k++)
			ck_assert_uint_eq(p[i][k], 0);
		memset(p[i], (int)(i % 251) + 1, nth_size(i));
	}
	for (size_t i = 0; i < MANY; i++) {
		for (size_t k = 0; k < nth_size(i); k++)
			ck_assert_uint_eq(p[i][k], i % 251 + 1);
	}
	free(p);
	arena_free(a);
}
END_TEST

START_TEST(large_objects_do_not_disturb_small_ones)
{
	struct arena *a = arena_new();
	char *small = arena_str(a, "before");
	char *large = arena_alloc(a, 1 << 20);
	char *next = arena_str(a, "after");

	memset(large, 'x', 1 << 20);
	ck_assert_str_eq(small, "before");
	ck_assert_str_eq(next, "after");
	arena_free(a);
}
END_TEST

START_TEST(sizes_that_overflow_are_refused)
{
	struct arena *a = arena_new();

	ck_assert_ptr_null(arena_array(a, SIZE_MAX / 4, 8));
	ck_assert_ptr_null(arena_alloc(a, SIZE_MAX));
	ck_assert_ptr_null(arena_alloc(a, SIZE_MAX / 2 + 1));
	ck_assert_ptr_nonnull(arena_array(a, 0, 8));
	arena_free(a);
}
END_TEST

START_TEST(strings_are_cut_at_their_end_or_length)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(arena_str(a, ""), "");
	ck_assert_str_eq(arena_strn(a, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_strn(a, "ab", 100), "ab");
	arena_free(a);
	arena_free(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/arena");
	TCase *t = tcase_create("arena");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, memory_is_aligned_zeroed_and_disjoint);
	tcase_add_test(t, large_objects_do_not_disturb_small_ones);
	tcase_add_test(t, sizes_that_overflow_are_refused);
	tcase_add_test(t, strings_are_cut_at_their_end_or_length);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
