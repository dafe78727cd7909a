/*
 * Where an upgrade is asked for.
 *
 * A connection to the control socket passes through the engine, and the engine may have been taken
 * over: whatever comes that way cannot be believed to come from root. So this socket is the
 * keeper's own, its file is for root alone, and the kernel says who has connected. The program
 * comes as a descriptor that the operator has opened with his own rights.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "main/keeper_parts.h"

#define CLIENTS 8			/* connections that have said nothing yet */
#define PATIENCE_US INT64_C(5000000)	/* with one of these */
#define REST_US INT64_C(100000)		/* no descriptors left: let some be closed */
#define DENIED_US INT64_C(60000000)	/* between two lines about it */
#define ACCEPTS 16			/* a callback */
#define WHY_MAX 400

struct client {
	struct kus *owner;
	int fd;
	struct ucred who;
	int64_t until_us;
	struct loop_watch *watch;	/* NULL: this place is free */
};

struct kus {
	struct keeper *k;
	struct csk_listener listener;
	struct loop_watch *watch;	/* NULL: there is no socket, or it rests */
	struct loop_timer *timer;
	int64_t again_us;		/* until then it rests */
	struct client clients[CLIENTS];
	struct log_limit denied;
};

/* ---- saying what became of it ---- */

void kus_answer(int fd, const char *why)
{
	struct kpw m = { .kind = why ? KPW_REFUSED : KPW_UPGRADED };

	if (fd < 0)
		return;
	if (why)
		snprintf(m.text, sizeof(m.text), "%.*s", (int)sizeof(m.text) - 1, why);
	kpw_send(fd, &m, NULL, 0);
	close(fd);
}

/* ---- time ---- */

static void set_timer(struct kus *s)
{
	int64_t next = s->again_us ? s->again_us : VR_NEVER;

	for (size_t i = 0; i < CLIENTS; i++)
		if (s->clients[i].watch && s->clients[i].until_us < next)
			next = s->clients[i].until_us;
	loop_timer_at(s->timer, next);
}

/* The connection is the caller's. */
static int release(struct client *c)
{
	loop_unwatch(c->watch);
	c->watch = NULL;
	set_timer(c->owner);
	return c->fd;
}

/* ---- one connection ---- */

static void on_request(void *ctx, int fd)
{
	struct client *c = ctx;
	struct keeper *k = c->owner->k;
	struct kpw_got got;

	switch (kpw_recv(fd, KPW_UPGRADER, &got)) {
	case KPW_GOT:
		log_printf(k->log, LOG_LVL_INFO, "'upgrade' was asked for by user %u, process %d",
			   c->who.uid, (int)c->who.pid);
		kup_asked(k, release(c), &got);
		kpw_drop(&got);
		break;
	case KPW_BAD:
		kus_answer(release(c), "that is no request for an upgrade, or one of another "
				       "version");
		break;
	case KPW_END:
		close(release(c));
		break;
	case KPW_EMPTY:
		break;
	}
}

/* Root; or who has started a daemon that is not root's, and gains nothing by another program. */
static bool may_upgrade(const struct ucred *who)
{
	return who->uid == 0 || who->uid == geteuid();
}

static void deny(struct kus *s, int fd, const struct ucred *who)
{
	log_limited(s->k->log, &s->denied, loop_now_us(), DENIED_US, LOG_LVL_WARN,
		    "'upgrade' was refused to user %u, process %d", who->uid, (int)who->pid);
	kus_answer(fd, "'upgrade' is for root only");
}

/* A free place; or that of who has been silent for longest. */
static struct client *place(struct kus *s)
{
	struct client *oldest = s->clients;

	for (size_t i = 0; i < CLIENTS; i++) {
		if (!s->clients[i].watch)
			return &s->clients[i];
		if (s->clients[i].until_us < oldest->until_us)
			oldest = &s->clients[i];
	}
	close(release(oldest));
	return oldest;
}

static void welcome(struct kus *s, int fd)
{
	struct ucred who = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(who);
	struct client *c;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) || !may_upgrade(&who)) {
		deny(s, fd, &who);
		return;
	}
	c = place(s);
	*c = (struct client){
		.owner = s, .fd = fd, .who = who, .until_us = loop_now_us() + PATIENCE_US,
		.watch = loop_watch_read(s->k->loop, fd, LOOP_IDLE, on_request, c),
	};
	if (!c->watch)
		close(fd);
	set_timer(s);
}

/* ---- the listener ---- */

static void on_connection(void *ctx, int fd)
{
	struct kus *s = ctx;

	for (int i = 0; i < ACCEPTS; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client >= 0) {
			welcome(s, client);
			continue;
		}
		if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)
			return;
		loop_unwatch(s->watch);
		s->watch = NULL;
		s->again_us = loop_now_us() + REST_US;
		set_timer(s);
		return;
	}
}

static bool listen_on(struct kus *s)
{
	s->again_us = 0;
	s->watch = loop_watch_read(s->k->loop, s->listener.fd, LOOP_IDLE, on_connection, s);
	return s->watch;
}

static void on_time(void *ctx)
{
	struct kus *s = ctx;
	int64_t now = loop_now_us();

	for (size_t i = 0; i < CLIENTS; i++)
		if (s->clients[i].watch && s->clients[i].until_us <= now)
			close(release(&s->clients[i]));
	if (s->again_us && s->again_us <= now && !listen_on(s))
		s->again_us = now + REST_US;
	set_timer(s);
}

/* Without it there are no upgrades, and the addresses are worth more. */
static void open_listener(struct kus *s)
{
	char why[WHY_MAX];

	if (!csk_listen(&s->listener, s->k->o->files->upgrade, NULL, 0600, why, sizeof(why)))
		log_printf(s->k->log, LOG_LVL_WARN, "there can be no upgrade: %s", why);
}

static void take_listener(struct kus *s, const struct hov *past)
{
	s->listener = (struct csk_listener){
		.fd = past->fds[HOV_UPGRADE], .dev = (dev_t)past->upgrade_dev,
		.ino = (ino_t)past->upgrade_ino,
	};
	snprintf(s->listener.path, sizeof(s->listener.path), "%s", s->k->o->files->upgrade);
}

/* ---- life ---- */

struct kus *kus_new(struct keeper *k)
{
	struct kus *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->k = k;
	s->listener.fd = -1;
	s->timer = loop_timer_new(k->loop, LOOP_IDLE, on_time, s);
	if (k->o->past)
		take_listener(s, k->o->past);
	else
		open_listener(s);
	if (s->timer && (s->listener.fd < 0 || listen_on(s)))
		return s;
	kus_free(s);
	return NULL;
}

void kus_free(struct kus *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < CLIENTS; i++)
		if (s->clients[i].watch)
			close(release(&s->clients[i]));
	loop_unwatch(s->watch);
	loop_timer_free(s->timer);
	csk_unlisten(&s->listener);
	free(s);
}

void kus_describe(const struct kus *s, struct hov *h)
{
	h->fds[HOV_UPGRADE] = s->listener.fd;
	h->upgrade_dev = s->listener.dev;
	h->upgrade_ino = s->listener.ino;
}
