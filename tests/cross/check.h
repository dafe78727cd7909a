/*
 * In the place of the library Check, for other machines.
 *
 * Debian has compilers for them, and no built libraries without their whole distribution. This is
 * as much of Check's interface as the unit tests of the pure floors use. A test that fails ends the
 * program. Its last line is Check's.
 */
#ifndef CROSS_CHECK_H
#define CROSS_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CK_ENV 0
#define CROSS_TESTS 256

typedef void (*cross_test)(int i);

typedef struct tcase {
	const char *name;
	struct { cross_test test; const char *name; int from, to; } tests[CROSS_TESTS];
	int count;
	struct tcase *next;
} TCase;

typedef struct {
	const char *name;
	TCase *cases;
} Suite;

typedef struct {
	Suite *suite;
} SRunner;

#define START_TEST(name) \
	static void name(int _i __attribute__((unused))); \
	static void name(int _i __attribute__((unused)))
#define END_TEST

static inline Suite *suite_create(const char *name)
{
	Suite *s = calloc(1, sizeof(*s));

	s->name = name;
	return s;
}

static inline TCase *tcase_create(const char *name)
{
	TCase *t = calloc(1, sizeof(*t));

	t->name = name;
	return t;
}

static inline void suite_add_tcase(Suite *s, TCase *t)
{
	t->next = s->cases;
	s->cases = t;
}

static inline void cross_add(TCase *t, cross_test test, const char *name, int from, int to)
{
	if (t->count == CROSS_TESTS)
		abort();
	t->tests[t->count].test = test;
	t->tests[t->count].name = name;
	t->tests[t->count].from = from;
	t->tests[t->count++].to = to;
}

#define tcase_add_test(t, test) cross_add(t, test, #test, 0, 1)
#define tcase_add_loop_test(t, test, from, to) cross_add(t, test, #test, from, to)
#define tcase_set_timeout(t, seconds) ((void)(t))

static inline SRunner *srunner_create(Suite *s)
{
	SRunner *r = calloc(1, sizeof(*r));

	r->suite = s;
	return r;
}

static inline void srunner_run_all(SRunner *r, int how)
{
	int ran = 0;

	(void)how;
	for (TCase *t = r->suite->cases; t; t = t->next) {
		for (int n = 0; n < t->count; n++) {
			for (int i = t->tests[n].from; i < t->tests[n].to; i++, ran++) {
				fprintf(stderr, "%s %d\n", t->tests[n].name, i);
				t->tests[n].test(i);
			}
		}
	}
	printf("100%%: Checks: %d, Failures: 0, Errors: 0\n", ran);
}

static inline int srunner_ntests_failed(const SRunner *r)
{
	return r->suite == NULL;
}

static inline void srunner_free(SRunner *r)
{
	for (TCase *t = r->suite->cases, *next; t; t = next) {
		next = t->next;
		free(t);
	}
	free(r->suite);
	free(r);
}

#define ck_abort_msg(...) \
	do { \
		fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
		fprintf(stderr, __VA_ARGS__); \
		fprintf(stderr, "\n"); \
		exit(EXIT_FAILURE); \
	} while (0)
#define ck_assert_msg(x, ...) \
	do { \
		if (!(x)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)
#define ck_assert(x) ck_assert_msg(x, "%s", #x)

#define CROSS_COMPARE(type, format, x, op, y) \
	do { \
		type cross_x = (x), cross_y = (y); \
		if (!(cross_x op cross_y)) \
			ck_abort_msg("%s %s %s: %" format ", %" format, #x, #op, #y, \
				     cross_x, cross_y); \
	} while (0)
#define ck_assert_int_eq(x, y) CROSS_COMPARE(intmax_t, PRIdMAX, x, ==, y)
#define ck_assert_int_ne(x, y) CROSS_COMPARE(intmax_t, PRIdMAX, x, !=, y)
#define ck_assert_int_gt(x, y) CROSS_COMPARE(intmax_t, PRIdMAX, x, >, y)
#define ck_assert_int_ge(x, y) CROSS_COMPARE(intmax_t, PRIdMAX, x, >=, y)
#define ck_assert_int_lt(x, y) CROSS_COMPARE(intmax_t, PRIdMAX, x, <, y)
#define ck_assert_int_le(x, y) CROSS_COMPARE(intmax_t, PRIdMAX, x, <=, y)
#define ck_assert_uint_eq(x, y) CROSS_COMPARE(uintmax_t, PRIuMAX, x, ==, y)
#define ck_assert_uint_ne(x, y) CROSS_COMPARE(uintmax_t, PRIuMAX, x, !=, y)
#define ck_assert_uint_gt(x, y) CROSS_COMPARE(uintmax_t, PRIuMAX, x, >, y)
#define ck_assert_uint_ge(x, y) CROSS_COMPARE(uintmax_t, PRIuMAX, x, >=, y)
#define ck_assert_uint_lt(x, y) CROSS_COMPARE(uintmax_t, PRIuMAX, x, <, y)
#define ck_assert_uint_le(x, y) CROSS_COMPARE(uintmax_t, PRIuMAX, x, <=, y)
#define ck_assert_ptr_eq(x, y) ck_assert((const void *)(x) == (const void *)(y))
#define ck_assert_ptr_null(x) ck_assert((x) == NULL)
#define ck_assert_ptr_nonnull(x) ck_assert((x) != NULL)
#define ck_assert_mem_eq(x, y, n) ck_assert(memcmp(x, y, n) == 0)
#define ck_assert_str_eq(x, y) \
	do { \
		const char *cross_s = (x), *cross_t = (y); \
		if (strcmp(cross_s, cross_t)) \
			ck_abort_msg("%s is \"%s\", not \"%s\"", #x, cross_s, cross_t); \
	} while (0)

#endif
