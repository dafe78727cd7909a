/*
 * Answers the operator.
 *
 * One object between the control socket and the engine: a line comes in with the credentials of
 * the one who wrote it, a line goes out. It sees neither the socket nor the process around it;
 * main connects both through struct ctl_host.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "ctl/request.h"
#include "engine/engine.h"

#define CTL_WHY_MAX 512			/* octets of a sentence why a reload was refused */

/* What main gives. Everything must outlive the ctl object. */
struct ctl_host {
	void *ctx;
	const char *version;		/* of the daemon */
	int32_t pid;
	uint32_t uid;			/* who started the daemon: may steer, as root may */
	const struct log *log;		/* hears who steers, and who wanted to; NULL: nobody does */

	/*
	 * Has the configuration read again, which takes its time: ctl_outcome() tells the outcome
	 * later, with a TICKET that is not smaller. False: nobody is there to do it.
	 */
	bool (*reload)(void *ctx, uint64_t ticket);

	/*
	 * Queues LEN octets for a watching client; must not call back. False: it cannot take them
	 * (gone, or too slow). It will not be sent to again, and main closes it.
	 */
	bool (*send)(void *ctx, void *client, const char *line, size_t len);
};

/* Who asks: the peer's credentials as the kernel tells them. */
struct ctl_peer {
	void *client;			/* the connection; comes back in send() */
	uint32_t uid;
	int32_t pid;			/* 0: of another PID namespace */
};

struct ctl_reply {
	char *line;			/* with its newline; NULL: no memory, close it */
	size_t len;
	bool watching;			/* events follow: keep it open though it asks nothing */
	bool later;			/* no line yet, it will come by send(): keep it open */
};

struct ctl;

/* The line for a client for whom there is no room: no question of his is read. */
extern const char ctl_busy[];

/* Listens to ENGINE from now on. NULL: no memory. Free it after the engine. */
struct ctl *ctl_new(struct engine *engine, const struct ctl_host *host);
void ctl_free(struct ctl *c);

/*
 * Answers one request of LEN octets, with or without its newline. OUT is always filled in; free
 * it with ctl_reply_free(). Readers are whoever could connect; verbs that steer are for root and
 * for the user who started the daemon, not for the one whom its engine runs as. The log names who
 * has steered, and who was refused.
 */
void ctl_handle(struct ctl *c, const struct ctl_peer *peer, const char *line, size_t len,
		struct ctl_reply *out);
void ctl_reply_free(struct ctl_reply *r);

/* What was asked for by VERB with tickets up to TICKET is done, or refused: WHY is a sentence.
 * DIAGS is what was found on the way, or NULL; who has asked is told the worst of it. */
void ctl_outcome(struct ctl *c, enum req_verb_id verb, uint64_t ticket, const char *why,
		 const struct diag_list *diags);

/* What the next engine must know of CLIENT when it gets the connection, for its ctl_take(). */
uint32_t ctl_keepsake(const struct ctl *c, const void *client);

/* A connection of the engine before, which was upgraded. OUT as by ctl_handle(); its line may be
 * NULL, then there is nothing to say. */
void ctl_take(struct ctl *c, void *client, uint32_t keepsake, struct ctl_reply *out);

/* The connection is closed: nothing more is sent to CLIENT. Harmless when it did not watch. */
void ctl_gone(struct ctl *c, const void *client);

#endif
