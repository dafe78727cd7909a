/*
 * No memory: a start or a reload fails as a whole, and what runs is not touched.
 *
 * The allocator of this program is its own: it can be told to fail at the N-th request. It stands
 * on the sanitizer's when there is one, so that leaks on the way out are seen.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)
#define DOWN INT64_C(3609375)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t n, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *p, size_t size) __attribute__((weak));

static long allowed = -1;		/* requests until one fails; -1: none fails */

static bool refused(void)
{
	if (allowed < 0)
		return false;
	if (allowed == 0) {
		errno = ENOMEM;
		return true;
	}
	allowed--;
	return false;
}

void *malloc(size_t size)
{
	if (refused())
		return NULL;
	return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	if (refused())
		return NULL;
	return __interceptor_calloc ? __interceptor_calloc(n, size) : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	if (refused())
		return NULL;
	return __interceptor_realloc ? __interceptor_realloc(p, size) : __libc_realloc(p, size);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	return realloc(p, n * size);
}

/* Bigger than the plain one in every way. */
static struct box *big(void)
{
	struct box *b = box_new();

	for (int v = 1; v < BOX_MAX; v++)
		box_vip(b, 0, v == 1 ? "192.0.2.101/24" : v == 2 ? "192.0.2.102/24" :
								   "192.0.2.103/24");
	box_iface(b, "eth1");
	box_iface(b, "eth2");
	box_inst(b, 52, 1);
	box_vip(b, 1, "198.51.100.1/24");
	box_check(b, "chk", 5, 0, 2);
	return b;
}

START_TEST(a_start_fails_as_a_whole)
{
	struct fake f;
	struct box *b = big();
	long n = 0;

	fake_new(&f, box_new());		/* its port and log serve */
	for (;; n++) {
		allowed = n;
		struct engine *e = eng_new(&b->cfg, &f.port, &f.log);
		bool failed = allowed == 0 && !e;

		allowed = -1;
		if (e) {
			eng_free(e);		/* and B with it */
			break;
		}
		ck_assert(failed);
		/* Still ours: it can be read, and freed by us. */
		ck_assert_str_eq(b->cfg.vr.insts[1].name, "VI_2");
	}
	ck_assert_int_ge(n, 8);
	fake_quiet(&f);
	fake_free(&f);
}
END_TEST

START_TEST(a_reload_without_memory_changes_nothing)
{
	struct fake f;
	struct box *b = big();
	long n = 0;

	fake_new(&f, box_new());
	fake_start(&f);
	fake_until(&f, START + DOWN);
	fake_forget(&f);
	const struct cfg *running = eng_cfg(f.engine);
	int64_t wake_us = f.wake_us;
	for (;; n++) {
		allowed = n;
		bool done = eng_reload(f.engine, &b->cfg);

		allowed = -1;
		if (done)
			break;
		fake_quiet(&f);
		ck_assert_ptr_eq(eng_cfg(f.engine), running);
		ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
		ck_assert_int_eq(f.wake_us, wake_us);
		ck_assert_uint_eq(eng_reloads(f.engine), 0);
		ck_assert_str_eq(b->cfg.vr.insts[1].name, "VI_2");
	}
	ck_assert_int_ge(n, 7);
	ck_assert_ptr_eq(eng_cfg(f.engine), &b->cfg);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	ck_assert_int_ge(fake_find(&f, "+ 192.0.2.103/24 #2"), 0);
	fake_free(&f);
}
END_TEST

/* A fact that found no room is told; the next re-read of the kernel brings it back. */
START_TEST(a_lost_fact_is_told)
{
	struct fake f;
	char name[16] = "net00";

	fake_new(&f, box_new());
	fake_start(&f);
	allowed = 0;
	for (int i = 10; i < 90; i++) {
		name[3] = (char)('0' + i / 10);
		name[4] = (char)('0' + i % 10);
		fake_link(&f, i, name, true);
	}
	allowed = -1;
	ck_assert_uint_ge(fake_logged(&f, "out of memory: a fact of the kernel is lost"), 1);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/memory");
	TCase *t = tcase_create("memory");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, a_start_fails_as_a_whole);
	tcase_add_test(t, a_reload_without_memory_changes_nothing);
	tcase_add_test(t, a_lost_fact_is_told);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
