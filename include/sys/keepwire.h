/*
 * What the keeper and an engine say to each other.
 *
 * One socket pair (SOCK_SEQPACKET) for each engine; every message is one struct kpw of fixed size,
 * with descriptors beside it (SCM_RIGHTS). The upgrade socket (main/keeper_parts.h) speaks the
 * same. The table in keepwire.c says for every kind who may send
 * it and how many descriptors it carries; what does not fit is refused before anybody acts on it,
 * for the engine reads the network and may have been made to say anything.
 *
 * The life of an engine:
 *
 *   keeper                                engine
 *   ------                                ------
 *   starts it                             opens what it needs, gives rights up
 *                                    <--  READY, and waits: it is a spare now
 *   SOCKETS, then GO              -->     begins to watch the kernel
 *                                    <--  STARTED: all is known, the election has begun
 *   RELOAD, PING, SOCKETS ...     <->     WANT_RELOAD, RELOADED, PONG, WANT_SOCKET ...
 *   STOP, or its end is closed    -->     leaves in good order and ends with status 0
 *
 * An upgrade: LET_GO --> the engine sends its clients (CLIENT) and LEFT, and ends without a word on
 * the network; the next one gets the sockets, the clients and GO.
 */
#ifndef SYS_KEEPWIRE_H
#define SYS_KEEPWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KPW_VERSION 1		/* the ends may be of two releases */
#define KPW_FDS_MAX 64		/* descriptors beside one message */
#define KPW_TEXT_MAX 456	/* with its NUL */

enum kpw_kind {
	/* from the keeper */
	KPW_GO,			/* arg: enum kpw_start; value: how many engines went before */
	KPW_STOP,		/* leave in good order */
	KPW_RELOAD,		/* put this configuration (main/crossing.h) to work; value: the
				 * last WANT_RELOAD before it was read */
	KPW_NO_RELOAD,		/* it cannot be run: text says why; value as above; perhaps with
				 * what was read, whose diagnoses are for whoever has asked */
	KPW_PING,		/* value comes back in PONG */
	KPW_SOCKETS,		/* raw sockets of VRRP: unbound, or bound by a former engine */
	KPW_LET_GO,		/* hand everything back and end without a word */
	KPW_TAKE_CLIENT,	/* one control connection; arg: what CLIENT said */
	KPW_RUNNER,		/* the socket of a new runner; the old one has died */

	/* from an engine */
	KPW_READY,		/* waits for GO; arg: sockets of IPv4 it needs, value: of IPv6 */
	KPW_STARTED,		/* the election has begun */
	KPW_PONG,
	KPW_WANT_SOCKET,	/* arg: family (base/addr.h) of one more */
	KPW_SOCKET_CLOSED,	/* value: SO_COOKIE of one that is not used any more */
	KPW_WANT_RELOAD,	/* an operator asks for it; value: more than the last one's, more
				 * than 0 */
	KPW_RELOADED,		/* arg: 1 what came with RELOAD is at work; 0 not, text: why */
	KPW_CLIENT,		/* one control connection, after LET_GO; arg is for TAKE_CLIENT */
	KPW_LEFT,		/* after LET_GO: that was all */

	/* from a loader (main/loader.h), over a channel of its own */
	KPW_LOADED,		/* what it has read (main/crossing.h) */

	/* over the upgrade socket, which no engine has */
	KPW_UPGRADE,		/* an operator wants it, to the program in the descriptor, or
				 * without one to ours as it is now; text: its name, for people */
	KPW_UPGRADED,		/* to the operator: it is done */
	KPW_REFUSED,		/* to the operator: it is not, text says why */
	KPW_N_KINDS
};

/* How an engine begins. */
enum kpw_start {
	KPW_FRESH,		/* nothing was before it */
	KPW_RESUME,		/* go on with the record, as if nothing had happened */
	KPW_RELEASE,		/* take the record only to leave in good order, then end */
	KPW_N_STARTS
};

struct kpw {
	uint16_t version;	/* filled in by kpw_send() */
	uint16_t kind;		/* enum kpw_kind */
	uint32_t arg;
	uint64_t value;
	char text[KPW_TEXT_MAX];
};

/* A message that has come, with the descriptors that are the receiver's now. */
struct kpw_got {
	struct kpw m;
	int fds[KPW_FDS_MAX];
	size_t n_fds;
};

/* Who receives, and from whom. */
enum kpw_side {
	KPW_KEEPER,		/* the keeper, from an engine */
	KPW_ENGINE,		/* an engine, from the keeper */
	KPW_READER,		/* the keeper, from a loader */
	KPW_UPGRADER,		/* the keeper, from whoever may ask for an upgrade */
	KPW_OPERATOR,		/* who has asked, from the keeper */
};

enum kpw_result {
	KPW_GOT,
	KPW_EMPTY,		/* nothing to read now */
	KPW_END,		/* the other end is closed */
	KPW_BAD,		/* no such message, or not for us; its descriptors are closed */
};

/* Two ends, non-blocking and close-on-exec: [0] the keeper's. Returns 0 or a positive errno. */
int kpw_pair(int ends[2]);

/*
 * Sends, never waiting. The descriptors stay the caller's. Returns 0 or a positive errno: EPIPE or
 * ECONNRESET when the other end is gone, EAGAIN when it does not read.
 */
int kpw_send(int fd, const struct kpw *m, const int *fds, size_t n_fds);

/* The same for a message that is its kind alone. */
int kpw_say(int fd, enum kpw_kind kind, uint32_t arg, uint64_t value);

/* Takes one message that is for ME. */
enum kpw_result kpw_recv(int fd, enum kpw_side me, struct kpw_got *out);

/* Closes the descriptors that nobody took (those that are not -1). */
void kpw_drop(struct kpw_got *got);

#endif
