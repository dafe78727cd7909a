/*
 * A network of our own for the tests of sys.
 *
 * Each test runs in a process of its own (Check forks) and takes it into a new network namespace,
 * which goes away with it. In there "h0" has 192.0.2.1/24 and 2001:db8::1/64 and is one end of a
 * cable; "h1" is the other, without addresses: the wire, where frames are seen and made.
 */
#ifndef TESTS_UNIT_SYS_LAB_H
#define TESTS_UNIT_SYS_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "sys/loop.h"

#define LAB_PATIENCE_US (20 * 1000000LL)

/* A new namespace with the loopback interface up. The test fails when there can be none. */
void lab_namespace(void);

/* The same with the cable. */
void lab_enter(void);

/* A command by the shell; the test fails when the command does. */
void lab_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Its first line of output, in BUF; the command may fail. */
const char *lab_read(char *buf, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int lab_ifindex(const char *name);

/* Runs the loop until DONE says so; the test fails when that takes too long. */
void lab_until(struct loop *loop, bool (*done)(void *ctx), void *ctx);

/* Runs the loop for a while. */
void lab_for(struct loop *loop, int64_t us);

/* A packet socket on an interface that sees every frame that comes in there, and can send. */
int lab_tap(const char *name);

struct lab_frame {
	uint8_t data[2048];
	size_t len;
	int64_t at_us;		/* CLOCK_REALTIME, when the kernel had it */
};

/* The next frame of ETHERTYPE; false after WAIT_US without one. */
bool lab_next(int tap, uint16_t ethertype, struct lab_frame *f, int64_t wait_us);

/* Sends a whole frame. */
void lab_put(int tap, const char *name, const void *frame, size_t len);

/* Writes lines to standard error when LAB_VERBOSE is set. */
extern const struct log lab_log;

#endif
