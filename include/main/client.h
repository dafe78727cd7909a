/*
 * The asking end of the control socket: one line out, lines in, never longer than was agreed.
 *
 * Blocking, with a deadline: holdfastctl has nothing else to do. Used by cli.c only.
 */
#ifndef MAIN_CLIENT_H
#define MAIN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLT_LINE_MAX (64u << 20)	/* octets; a thousand instances make a million */
#define CLT_WHY_MAX 512

struct clt {
	const char *path;		/* of the socket */
	int fd;
	int reader;			/* see clt_wait_for_ever(), or -1 */
	int64_t deadline_us;		/* CLOCK_MONOTONIC; INT64_MAX: none */
	char *buf;
	size_t len, size;		/* octets in it, and its size */
	size_t taken;			/* octets that clt_line() has given away */
	bool absent;			/* after clt_open(): nobody listens there */
};

/*
 * Connects to PATH, which must outlive C. All that follows must be over within TIMEOUT_US. False:
 * WHY says which socket and why not.
 */
bool clt_open(struct clt *c, const char *path, int64_t timeout_us, char why[static CLT_WHY_MAX]);
void clt_close(struct clt *c);

/* Sends LINE (with its newline). */
bool clt_send(struct clt *c, const char *line, char why[static CLT_WHY_MAX]);

/* The next line, terminated, without its newline; valid until the next call. NULL: WHY says why. */
const char *clt_line(struct clt *c, char why[static CLT_WHY_MAX]);

/* Waits until there is something to read, for who speaks no lines. False: WHY says why not. */
bool clt_wait(const struct clt *c, char why[static CLT_WHY_MAX]);

/* No deadline from now on, but for as long as somebody reads what is written to READER; -1: whoever
 * does. */
void clt_wait_for_ever(struct clt *c, int reader);

/* False: FD is a pipe, a socket or a terminal that nobody reads any more. */
bool clt_is_read(int fd);

#endif
