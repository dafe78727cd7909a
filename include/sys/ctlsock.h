/*
 * The control socket: lines in, lines out, over a Unix stream.
 *
 * Knows clients, their rights and their limits, but not what they say. Everything is bounded:
 * clients, length of a line, octets waiting for a slow reader and for all of them, time without a
 * request. Who does not read his answers is asked for no further requests. A user may have a
 * quarter of the clients and of the octets; a sixteenth of the clients and a quarter of the octets
 * are there for root alone.
 */
#ifndef SYS_CTLSOCK_H
#define SYS_CTLSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/log.h"
#include "sys/loop.h"

#define CSK_LINE_MAX 65536	/* longest request with its newline */

struct csk;
struct csk_client;

/* The socket that clients connect to. It outlives the process that answers them. */
struct csk_listener {
	int fd;			/* -1: none */
	dev_t dev;		/* of its file, to know it again */
	ino_t ino;
	char path[108];
};

/* Who is at the other end, from the kernel (SO_PEERCRED). */
struct csk_peer {
	uid_t uid;
	gid_t gid;
	pid_t pid;
};

struct csk_options {
	int fd;			/* of a struct csk_listener; the caller's, and must outlive us */
	uid_t owner;		/* who started the daemon: is treated as root is */
	size_t max_clients;	/* 0: 1024 */
	size_t max_output;	/* a client with more than this unread is dropped; 0: 1 MiB */
	size_t max_total;	/* octets that all together may leave unread; 0: 64 MiB */
	const char *busy;	/* the line for whom there is no room, or NULL */
	int64_t idle_us;	/* a client that asks nothing for so long is closed; 0: 60 s */
	const struct log *log;	/* hears when a client cannot be taken; NULL: nobody does */
};

struct csk_handlers {
	void *ctx;
	/* One request: LEN octets without the newline, NUL after them. Valid during the call. The
	 * last one needs no newline when the client ends its side behind it. */
	void (*request)(void *ctx, struct csk_client *client, const char *line, size_t len);
	/* The client is gone; its handle is void afterwards. Comes once for every client that has
	 * made a request, also after csk_close(). */
	void (*closed)(void *ctx, struct csk_client *client);
};

struct csk_counters {
	uint64_t accepted;
	uint64_t refused;	/* too many clients, or too much unread by others */
	uint64_t too_long;	/* dropped: a request longer than CSK_LINE_MAX */
	uint64_t too_slow;	/* dropped: did not read what it had asked for */
	uint64_t idle;
	size_t clients;		/* now */
};

/*
 * Binds and listens at PATH, for GROUP when such a group exists (NULL: none), with MODE (0660). A
 * socket that is there is replaced, even if somebody answers on it: the caller has the daemon's
 * lock (sys/lockfile.h), so that can only be what a dead daemon has left. On failure false, and WHY
 * is one sentence.
 */
bool csk_listen(struct csk_listener *out, const char *path, const char *group, unsigned int mode,
		char *why, size_t why_size);

/* Closes it and removes its file if that is still ours. A listener without one is allowed. */
void csk_unlisten(struct csk_listener *listener);

/*
 * Begins to take clients. SIGPIPE is ignored in this process from here on: what is executed later
 * must set it back. NULL: errno is set.
 */
struct csk *csk_new(struct loop *loop, const struct csk_options *options,
		    const struct csk_handlers *handlers);

/* Closes all clients (without closed()). NULL is allowed. */
void csk_free(struct csk *c);

/*
 * Queues LEN octets for the client. False when it had too much unread already or is on its way out:
 * then closed() will come. Also allowed outside of request(), while the client lives.
 */
bool csk_send(struct csk_client *client, const void *data, size_t len);

/* From now on the client listens: it need not ask to stay, and may have ended its side. */
void csk_stream(struct csk_client *client);

/* The answer to the request that is being handled comes later: until csk_send() outside of
 * request() the client need not ask to stay, and may have ended its side. */
void csk_await(struct csk_client *client);

/* Closes it when what is queued has been read (or has not within 5 s). */
void csk_close(struct csk_client *client);

/*
 * Before the process gives its place to another one: hands each client that has got all its answers
 * to KEEP, as a descriptor that is KEEP's then, with what has come without the end of its line.
 * The clients are gone afterwards, all of them, without closed().
 */
void csk_hand_over(struct csk *c,
		   void (*keep)(void *ctx, const struct csk_client *client, int fd,
				const char *rest, size_t len), void *ctx);

/* Takes over a connection that another process has handed over. NULL: no memory, FD is closed. */
struct csk_client *csk_take(struct csk *c, int fd, const char *rest, size_t len);

struct csk_peer csk_peer(const struct csk_client *client);

/* For the owner's use; NULL at first. */
void csk_set_data(struct csk_client *client, void *data);
void *csk_data(const struct csk_client *client);

void csk_count(const struct csk *c, struct csk_counters *out);

#endif
