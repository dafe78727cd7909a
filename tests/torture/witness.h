/*
 * What the four witnesses of `make torture` share. Every line that they print begins with a time
 * in seconds since the epoch, so that the lines of several hosts can be laid beside each other.
 */
#ifndef TORTURE_WITNESS_H
#define TORTURE_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	WIT_NS = 1000000000,
	WIT_PERIOD_NS = 1000000,	/* a question every millisecond */
};

/* False once SIGTERM or SIGINT came; a blocking call then ends with EINTR. */
bool wit_goes_on(void);

/* Nanoseconds since the epoch. */
uint64_t wit_now(void);

/* Sleep until *next, and set it a period further. What was missed is not caught up. */
void wit_tick(uint64_t *next);

/* Print a time as SECONDS.NANOSECONDS. */
void wit_print_time(uint64_t ns);

/* Exit with errno's sentence when result is negative; else return it. */
int wit_must(int result, const char *what);

/* A socket of all frames of the interface with that link-layer type, stamped by the kernel. */
int wit_frames(const char *interface, uint16_t ethertype);

/*
 * Receive one message into data. Returns its length, or -1 with nothing to receive. *stamp is the
 * kernel's time of arrival; names and control beyond it are left in *msg for the caller.
 */
ssize_t wit_receive(int fd, struct msghdr *msg, int flags, uint64_t *stamp);

/* Ask for the time of arrival of every message; a receive then blocks for 0.2 s at most. */
void wit_stamp(int fd);

/* The modes. Each runs until wit_goes_on() says no, and returns the exit status. */
int wit_echo(char **args);
int wit_ask(char **args);
int wit_refer(char **args);
int wit_hear(char **args);

#endif
