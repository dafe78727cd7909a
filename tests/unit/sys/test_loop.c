/*
 * The loop: wake-ups are never early, replace each other, and go before everything that can wait.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/node.h"
#include "sys/loop.h"
#include "unit/sys/lab.h"

struct probe {
	struct loop *loop;
	int64_t wanted_at;
	int woken, early;
	int signals, last_signal;
	int reads;
	int order[8], n_order;
};

static void on_wake(void *ctx)
{
	struct probe *p = ctx;

	p->woken++;
	p->early += loop_now_us() < p->wanted_at;
}

static bool has_woken(void *ctx)
{
	struct probe *p = ctx;

	return p->woken > 0;
}

START_TEST(a_wake_up_is_never_early)
{
	struct probe p = { .loop = loop_new() };

	loop_on_wake(p.loop, on_wake, &p);
	for (int i = 0; i < 50; i++) {
		p.woken = 0;
		p.wanted_at = loop_now_us() + 700;
		loop_wake_at(p.loop, p.wanted_at);
		lab_until(p.loop, has_woken, &p);
	}
	ck_assert_int_eq(p.early, 0);
	loop_free(p.loop);
}
END_TEST

START_TEST(a_time_in_the_past_comes_at_once)
{
	struct probe p = { .loop = loop_new() };

	loop_on_wake(p.loop, on_wake, &p);
	loop_wake_at(p.loop, 0);
	ck_assert_int_eq(p.woken, 0);
	lab_until(p.loop, has_woken, &p);
	ck_assert_int_eq(p.woken, 1);
	loop_free(p.loop);
}
END_TEST

START_TEST(a_new_wish_replaces_the_old_one)
{
	struct probe p = { .loop = loop_new() };

	loop_on_wake(p.loop, on_wake, &p);
	loop_wake_at(p.loop, loop_now_us() + 1000);
	p.wanted_at = loop_now_us() + 30000;
	loop_wake_at(p.loop, p.wanted_at);	/* later */
	lab_until(p.loop, has_woken, &p);
	ck_assert_int_eq(p.early, 0);

	p.woken = 0;
	loop_wake_at(p.loop, loop_now_us() + 3600 * 1000000LL);
	p.wanted_at = loop_now_us() + 1000;
	loop_wake_at(p.loop, p.wanted_at);	/* earlier */
	lab_until(p.loop, has_woken, &p);
	ck_assert_int_eq(p.woken, 1);

	p.woken = 0;
	loop_wake_at(p.loop, loop_now_us() + 1000);
	loop_wake_at(p.loop, VR_NEVER);
	lab_for(p.loop, 20000);
	ck_assert_int_eq(p.woken, 0);
	loop_free(p.loop);
}
END_TEST

static void on_signal(void *ctx, int signo)
{
	struct probe *p = ctx;

	p->signals++;
	p->last_signal = signo;
}

static bool has_signal(void *ctx)
{
	struct probe *p = ctx;

	return p->signals > 0;
}

START_TEST(signals_come_through_the_loop)
{
	struct probe p = { .loop = loop_new() };

	ck_assert_int_eq(loop_on_signal(p.loop, SIGTERM, on_signal, &p), 0);
	ck_assert_int_eq(loop_on_signal(p.loop, SIGHUP, on_signal, &p), 0);
	kill(getpid(), SIGHUP);
	ck_assert_int_eq(p.signals, 0);
	lab_until(p.loop, has_signal, &p);
	ck_assert_int_eq(p.last_signal, SIGHUP);
	p.signals = 0;
	kill(getpid(), SIGTERM);
	lab_until(p.loop, has_signal, &p);
	ck_assert_int_eq(p.last_signal, SIGTERM);
	loop_free(p.loop);
}
END_TEST

struct reader {
	struct probe *probe;
	int name;
	struct loop_watch *watch;
};

/* Notes its name and is done; the first idle one makes the wake-up due. */
static void on_read(void *ctx, int fd)
{
	struct reader *r = ctx;
	struct probe *p = r->probe;
	uint64_t value;

	ck_assert_int_eq(read(fd, &value, sizeof(value)), sizeof(value));
	p->order[p->n_order++] = r->name;
	loop_unwatch(r->watch);
	if (r->name == 1)
		loop_wake_at(p->loop, 0);
}

static void note_wake(void *ctx)
{
	struct probe *p = ctx;

	p->order[p->n_order++] = 0;
}

static bool all_noted(void *ctx)
{
	struct probe *p = ctx;

	return p->n_order == 4;
}

START_TEST(the_urgent_goes_between_what_can_wait)
{
	struct probe p = { .loop = loop_new() };
	struct reader r[3];
	int fds[3];

	loop_on_wake(p.loop, note_wake, &p);
	for (int i = 0; i < 3; i++) {
		fds[i] = eventfd(1, EFD_CLOEXEC);
		r[i] = (struct reader){ .probe = &p, .name = i + 1 };
		r[i].watch = loop_watch_read(p.loop, fds[i], LOOP_IDLE, on_read, &r[i]);
		ck_assert_ptr_nonnull(r[i].watch);
	}
	lab_until(p.loop, all_noted, &p);
	for (int i = 0; i < 4; i++) {
		if (p.order[i] == 1)
			ck_assert_int_eq(p.order[i + 1], 0);
	}
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	loop_free(p.loop);
}
END_TEST

struct named {
	struct probe *probe;
	int name;
	struct loop_timer *timer;
	int64_t set_for;
};

static void note_timer(void *ctx)
{
	struct named *n = ctx;
	struct probe *p = n->probe;

	p->early += loop_now_us() < n->set_for;
	p->order[p->n_order++] = n->name;
}

static void set_named(struct named *n, struct probe *p, int name, int64_t in_us)
{
	n->probe = p;
	n->name = name;
	n->timer = loop_timer_new(p->loop, LOOP_NORMAL, note_timer, n);
	ck_assert_ptr_nonnull(n->timer);
	n->set_for = loop_now_us() + in_us;
	loop_timer_at(n->timer, n->set_for);
}

START_TEST(timers_fire_once_in_order_and_can_be_taken_back)
{
	struct probe p = { .loop = loop_new() };
	struct named n[7];

	loop_on_wake(p.loop, note_wake, &p);
	set_named(&n[3], &p, 3, 30000);
	set_named(&n[1], &p, 1, 10000);
	set_named(&n[4], &p, 4, 15000);
	set_named(&n[2], &p, 2, 20000);
	set_named(&n[5], &p, 5, -1);
	set_named(&n[6], &p, 6, 12000);
	loop_wake_at(p.loop, loop_now_us() + 25000);
	loop_timer_at(n[4].timer, VR_NEVER);
	loop_timer_at(n[5].timer, VR_NEVER);	/* due, but not told yet */
	loop_timer_free(n[6].timer);
	lab_until(p.loop, all_noted, &p);
	lab_for(p.loop, 20000);
	ck_assert_int_eq(p.n_order, 4);
	ck_assert_int_eq(p.early, 0);
	for (int i = 0, last = 0; i < 4; i++) {		/* the wake-up, 0, may overtake */
		ck_assert(!p.order[i] || p.order[i] == last + 1);
		last = p.order[i] ? p.order[i] : last;
	}

	p.n_order = 0;
	n[2].set_for = loop_now_us();
	loop_timer_at(n[2].timer, 0);		/* set again, and moved */
	loop_timer_at(n[2].timer, loop_now_us() + 1000);
	lab_for(p.loop, 20000);
	ck_assert_int_eq(p.n_order, 1);
	for (int i = 1; i <= 5; i++)
		loop_timer_free(n[i].timer);
	loop_free(p.loop);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("loop");
	TCase *c = tcase_create("loop");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_wake_up_is_never_early);
	tcase_add_test(c, a_time_in_the_past_comes_at_once);
	tcase_add_test(c, a_new_wish_replaces_the_old_one);
	tcase_add_test(c, signals_come_through_the_loop);
	tcase_add_test(c, the_urgent_goes_between_what_can_wait);
	tcase_add_test(c, timers_fire_once_in_order_and_can_be_taken_back);
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
