/*
 * The event loop: libevent, with two things of our own around it.
 *
 * One timerfd with an absolute time serves the wake-up and all timers, because a takeover is late
 * by whatever the timer is late: a relative timeout adds the time between computing and arming it,
 * and libevent's own precise timers cost a call at every turn of the loop. A wish for a later time
 * leaves the timerfd as it is and costs nothing; the early expiry is recognised and armed again. So
 * a backup, whose deadline moves with every advert, hardly ever enters the kernel for it.
 *
 * Signals come through a signalfd: a handler inherited by a forked child would write into the
 * parent's loop.
 */
#include "sys/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "core/node.h"

#define US_PER_S 1000000
#define MAX_SIGNALS 16

struct signal_slot {
	int signo;
	void (*fn)(void *ctx, int signo);
	void *ctx;
};

struct loop {
	struct event_base *base;

	int timer_fd;
	struct event *timer_event;
	int64_t armed_at;		/* what the kernel has; VR_NEVER: nothing */
	int64_t wanted_at;		/* the wake-up; VR_NEVER: no wish */
	void (*wake)(void *ctx);
	void *wake_ctx;
	struct loop_timer *first;	/* those that are set, the next one first */

	int signal_fd;
	struct event *signal_event;
	sigset_t signals;
	struct signal_slot slots[MAX_SIGNALS];
	size_t n_slots;
};

struct loop_watch {
	struct event *event;
	void (*fn)(void *ctx, int fd);
	void *ctx;
};

struct loop_timer {
	struct loop *loop;
	struct event *event;		/* made active by hand; carries the priority */
	void (*fn)(void *ctx);
	void *ctx;
	struct loop_timer *next, **link;	/* LINK: what points to it; NULL: not set */
	int64_t at_us;
};

static int64_t clock_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

int64_t loop_now_us(void)
{
	return clock_us(CLOCK_BOOTTIME);
}

int64_t loop_wall_us(void)
{
	return clock_us(CLOCK_REALTIME);
}

struct timespec loop_join_until(int64_t wait_us)
{
	int64_t until = clock_us(CLOCK_MONOTONIC) + wait_us;

	return (struct timespec){ .tv_sec = until / US_PER_S, .tv_nsec = until % US_PER_S * 1000 };
}

static void arm(struct loop *loop, int64_t at_us)
{
	int64_t at = at_us > 0 ? at_us : 1;	/* zero would disarm */
	struct itimerspec spec = {
		.it_value = { .tv_sec = at / US_PER_S, .tv_nsec = at % US_PER_S * 1000 },
	};

	timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	loop->armed_at = at_us;
}

/* Sees to it that the timerfd expires in time for what comes next. */
static void arm_next(struct loop *loop)
{
	int64_t at = loop->wanted_at;

	if (loop->first && loop->first->at_us < at)
		at = loop->first->at_us;
	if (at < loop->armed_at)
		arm(loop, at);
}

void loop_wake_at(struct loop *loop, int64_t at_us)
{
	loop->wanted_at = at_us;
	arm_next(loop);
}

static void unset(struct loop_timer *timer)
{
	if (!timer->link)
		return;
	*timer->link = timer->next;
	if (timer->next)
		timer->next->link = timer->link;
	timer->link = NULL;
}

static void run_timers(struct loop *loop, int64_t now_us)
{
	while (loop->first && loop->first->at_us <= now_us) {
		struct loop_timer *timer = loop->first;

		unset(timer);
		event_active(timer->event, 0, 0);
	}
}

/* Edge-triggered: arming again is all that an expiry needs, reading it would be one call more. */
static void timer_expired(evutil_socket_t fd, short what, void *ctx)
{
	struct loop *loop = ctx;
	int64_t now = loop_now_us();

	(void)fd;
	(void)what;
	loop->armed_at = VR_NEVER;
	run_timers(loop, now);
	if (loop->wanted_at <= now) {
		loop->wanted_at = VR_NEVER;
		if (loop->wake)
			loop->wake(loop->wake_ctx);
	}
	arm_next(loop);
}

void loop_on_wake(struct loop *loop, void (*fn)(void *ctx), void *ctx)
{
	loop->wake = fn;
	loop->wake_ctx = ctx;
}

static void dispatch_signal(struct loop *loop, int signo)
{
	for (size_t i = 0; i < loop->n_slots; i++) {
		if (loop->slots[i].signo == signo) {
			loop->slots[i].fn(loop->slots[i].ctx, signo);
			return;
		}
	}
}

static void signal_came(evutil_socket_t fd, short what, void *ctx)
{
	struct loop *loop = ctx;
	struct signalfd_siginfo info;

	(void)what;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		dispatch_signal(loop, (int)info.ssi_signo);
}

/* An event on FD that stays; NULL with ENOMEM, and FD is still the caller's. */
static struct event *add_event(struct loop *loop, int fd, short what, enum loop_priority priority,
			       event_callback_fn fn, void *ctx)
{
	struct event *event = event_new(loop->base, fd, what | EV_PERSIST, fn, ctx);

	if (event && !event_priority_set(event, priority) && !event_add(event, NULL))
		return event;
	if (event)
		event_free(event);
	errno = ENOMEM;
	return NULL;
}

int loop_on_signal(struct loop *loop, int signo, void (*fn)(void *ctx, int signo), void *ctx)
{
	if (loop->n_slots == MAX_SIGNALS)
		return ENOSPC;
	sigaddset(&loop->signals, signo);
	if (sigprocmask(SIG_BLOCK, &loop->signals, NULL))
		return errno;
	loop->signal_fd = signalfd(loop->signal_fd, &loop->signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (loop->signal_fd < 0)
		return errno;
	if (!loop->signal_event)
		loop->signal_event = add_event(loop, loop->signal_fd, EV_READ, LOOP_URGENT,
					       signal_came, loop);
	if (!loop->signal_event)
		return errno;
	loop->slots[loop->n_slots++] = (struct signal_slot){ signo, fn, ctx };
	return 0;
}

static struct event_base *new_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (!config)
		return NULL;
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV);
	/* After one callback that can wait, look whether something urgent has come. */
	event_config_set_max_dispatch_interval(config, NULL, 1, LOOP_NORMAL);
	base = event_base_new_with_config(config);
	event_config_free(config);
	if (base && event_base_priority_init(base, LOOP_N_PRIORITIES)) {
		event_base_free(base);
		base = NULL;
	}
	return base;
}

/* libevent ends the process when it has no descriptors for itself (four in 2.1), so they are asked
 * for first. False: errno is set. */
static bool has_descriptors(void)
{
	int ends[4] = { -1, -1, -1, -1 };
	bool good = !pipe2(ends, O_CLOEXEC) && !pipe2(ends + 2, O_CLOEXEC);
	int error = errno;

	for (int i = 0; i < 4; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	errno = error;
	return good;
}

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	loop->wanted_at = VR_NEVER;
	loop->armed_at = VR_NEVER;
	loop->signal_fd = -1;
	sigemptyset(&loop->signals);
	loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->timer_fd < 0 || !has_descriptors())
		goto failed;
	loop->base = new_base();
	if (!loop->base) {
		errno = ENOMEM;
		goto failed;
	}
	loop->timer_event = add_event(loop, loop->timer_fd, EV_READ | EV_ET, LOOP_URGENT,
				      timer_expired, loop);
	if (loop->timer_event)
		return loop;
failed:
	loop_free(loop);
	return NULL;
}

void loop_free(struct loop *loop)
{
	int saved = errno;

	if (!loop)
		return;
	if (loop->timer_event)
		event_free(loop->timer_event);
	if (loop->signal_event)
		event_free(loop->signal_event);
	if (loop->base)
		event_base_free(loop->base);
	if (loop->timer_fd >= 0)
		close(loop->timer_fd);
	if (loop->signal_fd >= 0)
		close(loop->signal_fd);
	free(loop);
	errno = saved;
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}

static void watch_ready(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_watch *watch = ctx;

	(void)what;
	watch->fn(watch->ctx, fd);
}

struct loop_watch *loop_watch_read(struct loop *loop, int fd, enum loop_priority priority,
				   void (*fn)(void *ctx, int fd), void *ctx)
{
	struct loop_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->fn = fn;
	watch->ctx = ctx;
	watch->event = add_event(loop, fd, EV_READ, priority, watch_ready, watch);
	if (watch->event)
		return watch;
	free(watch);
	errno = ENOMEM;
	return NULL;
}

void loop_unwatch(struct loop_watch *watch)
{
	if (!watch)
		return;
	event_free(watch->event);
	free(watch);
}

static void timer_due(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_timer *timer = ctx;

	(void)fd;
	(void)what;
	timer->fn(timer->ctx);
}

struct loop_timer *loop_timer_new(struct loop *loop, enum loop_priority priority,
				  void (*fn)(void *ctx), void *ctx)
{
	struct loop_timer *timer = calloc(1, sizeof(*timer));

	if (!timer)
		return NULL;
	timer->loop = loop;
	timer->fn = fn;
	timer->ctx = ctx;
	timer->event = event_new(loop->base, -1, 0, timer_due, timer);
	if (timer->event && !event_priority_set(timer->event, priority))
		return timer;
	loop_timer_free(timer);
	errno = ENOMEM;
	return NULL;
}

void loop_timer_at(struct loop_timer *timer, int64_t at_us)
{
	struct loop_timer **link = &timer->loop->first;

	unset(timer);
	event_del(timer->event);
	if (at_us == VR_NEVER)
		return;
	if (at_us <= loop_now_us()) {
		event_active(timer->event, 0, 0);
		return;
	}
	while (*link && (*link)->at_us <= at_us)
		link = &(*link)->next;
	timer->at_us = at_us;
	timer->next = *link;
	timer->link = link;
	if (timer->next)
		timer->next->link = &timer->next;
	*link = timer;
	arm_next(timer->loop);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	unset(timer);
	if (timer->event)
		event_free(timer->event);
	free(timer);
}

int loop_run(struct loop *loop)
{
	errno = 0;
	if (event_base_dispatch(loop->base) < 0)
		return errno ? errno : EIO;
	return 0;
}

void loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}
