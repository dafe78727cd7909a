/*
 * The event loop.
 *
 * One thread, one epoll set (libevent), one precise clock. What must be on time (the wake-up,
 * packets, netlink) is served before what can wait (scripts, control clients): a callback of a
 * lower priority is followed by a look at the higher ones, so that a thousand status requests delay
 * an advert by one of them at most.
 *
 * All times are CLOCK_BOOTTIME in microseconds (it goes on while the machine is suspended, so that
 * the election knows that it was late), VR_NEVER for "not at all". The functions that return a
 * pointer return NULL with errno set when the kernel or memory refuses; nothing else here fails.
 */
#ifndef SYS_LOOP_H
#define SYS_LOOP_H

#include <stdint.h>
#include <time.h>

struct event_base;
struct loop;
struct loop_watch;
struct loop_timer;

enum loop_priority {
	LOOP_URGENT,		/* the wake-up, packets, netlink, signals */
	LOOP_NORMAL,		/* announcements, address batches, scripts */
	LOOP_IDLE,		/* control clients */
	LOOP_N_PRIORITIES
};

/* A loop in which nothing happens yet. */
struct loop *loop_new(void);

/* Frees it; every watch, timer and module that was made on it must be gone. NULL is allowed. */
void loop_free(struct loop *loop);

/* For the modules of this floor that use libevent directly. */
struct event_base *loop_base(struct loop *loop);

/* Fresh readings, never cached. */
int64_t loop_now_us(void);
int64_t loop_wall_us(void);
/* WAIT_US from now as pthread_clockjoin_np() takes it: by CLOCK_MONOTONIC. */
struct timespec loop_join_until(int64_t wait_us);

/* FN is called when the time of loop_wake_at() has come, never early. One for the whole loop. */
void loop_on_wake(struct loop *loop, void (*fn)(void *ctx), void *ctx);

/* Replaces the wish before. A time in the past comes at once, from the loop. */
void loop_wake_at(struct loop *loop, int64_t at_us);

/*
 * FN is called from the loop for each SIGNO. The signal is blocked in the whole process from here
 * on (signalfd): what is executed later must unblock it. Returns 0 or a positive errno.
 */
int loop_on_signal(struct loop *loop, int signo, void (*fn)(void *ctx, int signo), void *ctx);

/* FN is called as long as FD is readable or at its end. The FD stays the caller's: loop_unwatch()
 * first, then close it. loop_unwatch() is allowed inside FN; NULL is allowed. */
struct loop_watch *loop_watch_read(struct loop *loop, int fd, enum loop_priority priority,
				   void (*fn)(void *ctx, int fd), void *ctx);
void loop_unwatch(struct loop_watch *watch);

/* A timer for lesser purposes: it starts unset, fires once a setting, and never early. */
struct loop_timer *loop_timer_new(struct loop *loop, enum loop_priority priority,
				  void (*fn)(void *ctx), void *ctx);
void loop_timer_at(struct loop_timer *timer, int64_t at_us);
void loop_timer_free(struct loop_timer *timer);

/* Runs until loop_stop(). Returns 0, or a positive errno when the kernel refuses to wait. */
int loop_run(struct loop *loop);

/* Lets loop_run() return after the callback that is running. */
void loop_stop(struct loop *loop);

#endif
