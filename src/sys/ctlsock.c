/*
 * The control socket.
 *
 * The socket is made under another name, given its owner and mode, and then renamed: nobody ever
 * sees it open to all, and no moment passes without a socket at the path. A client is freed from
 * the loop only, so that whoever holds its handle inside a callback may go on using it.
 */
#include "sys/ctlsock.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "base/arena.h"

#define DEFAULT_CLIENTS 1024
#define DEFAULT_OUTPUT (1024 * 1024)
#define DEFAULT_TOTAL (64 * 1024 * 1024)
#define SHARE 4				/* a user's: this part of the clients and of the unread */
#define RESERVE 16			/* root's: this part of the clients */
#define TRIM (1024 * 1024)		/* who has held so much gives memory back */
#define DEFAULT_IDLE_US (60 * 1000000LL)
#define STUCK_US (30 * 1000000LL)	/* a reader that takes nothing for so long is dropped */
#define FAREWELL_US (5 * 1000000LL)
#define ACCEPTS 64			/* a callback */
#define REQUESTS 16			/* of one client a callback */
#define REST_US 100000			/* no descriptors left: let some be closed */
#define UNTAKEN_US (60 * INT64_C(1000000))	/* between two lines about it */
#define HANGUP_US 1000000		/* how soon it is noticed that one who waits has gone */
#define STREAM_ROOM 16384		/* libevent 2.1 does not bear a refusal in between */
#define BACKLOG 128

struct csk_client {
	struct csk_client *next, *prev;
	struct csk *owner;
	struct bufferevent *stream;
	struct csk_peer peer;
	void *data;
	bool asked;			/* known upstairs */
	bool ended;			/* has closed its side: asks no more */
	bool streams;			/* listens for as long as it is there */
	unsigned int awaits;		/* answers that come later */
	bool closing;			/* takes and gives nothing more but what is queued */
	bool dead;			/* to be freed by the loop */
};

struct csk {
	struct loop *loop;
	struct csk_options options;
	struct log_limit untaken;
	struct csk_handlers handlers;
	struct csk_counters counters;
	struct csk_client *clients;
	size_t unread;			/* of all clients */
	size_t most;			/* ... at most, since memory was given back */
	struct loop_watch *watch;
	struct loop_timer *rest;
	struct loop_timer *reaper;
	struct loop_timer *hangup;	/* looks after those who have ended and wait */
	const struct csk_client *asking;	/* whose request is being handled */
};

/* ---- clients ------------------------------------------------------------------------------- */

static struct timeval interval(int64_t us)
{
	return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

static size_t unread(const struct csk_client *client)
{
	return evbuffer_get_length(bufferevent_get_output(client->stream));
}

/* ---- what one user may take from the others ------------------------------------------------- */

/* Root, and who started the daemon: always let in, for only they can end what others do. */
static bool is_chief(const struct csk *c, uid_t uid)
{
	return uid == 0 || uid == c->options.owner;
}

static size_t clients_of(const struct csk *c, uid_t uid)
{
	size_t n = 0;

	for (const struct csk_client *client = c->clients; client; client = client->next)
		n += client->peer.uid == uid;
	return n;
}

static size_t unread_of(const struct csk *c, uid_t uid)
{
	size_t n = 0;

	for (const struct csk_client *client = c->clients; client; client = client->next)
		n += client->peer.uid == uid ? unread(client) : 0;
	return n;
}

static bool has_room(const struct csk *c, uid_t uid)
{
	size_t most = c->options.max_clients, n = c->counters.clients;

	if (is_chief(c, uid))
		return n < most;
	return n < most - most / RESERVE && clients_of(c, uid) < (most + SHARE - 1) / SHARE;
}

/* Whether so much is unread that this client may not add to it. */
static bool too_much_unread(const struct csk *c, const struct csk_client *client)
{
	size_t most = c->options.max_total;
	uid_t uid = client->peer.uid;

	if (c->unread <= most / SHARE)
		return false;
	if (is_chief(c, uid))
		return c->unread > most;
	return c->unread > most - most / SHARE || unread_of(c, uid) > most / SHARE;
}

/* Keeps the sum. */
static void on_queue(struct evbuffer *output, const struct evbuffer_cb_info *info, void *ctx)
{
	struct csk *c = ctx;

	(void)output;
	c->unread += info->n_added;
	c->unread -= info->n_deleted;
	if (c->most < c->unread)
		c->most = c->unread;
}

static void free_client(struct csk_client *client)
{
	struct csk *c = client->owner;

	if (client->prev)
		client->prev->next = client->next;
	else
		c->clients = client->next;
	if (client->next)
		client->next->prev = client->prev;
	c->counters.clients--;
	c->unread -= unread(client);
	evbuffer_remove_cb(bufferevent_get_output(client->stream), on_queue, c);
	bufferevent_free(client->stream);
	free(client);
	if (c->unread || c->most < TRIM)
		return;
	c->most = 0;
	malloc_trim(0);
}

/* One try, without waiting: whoever watches wants to see the last words too. */
static void last_words(struct csk_client *client)
{
	struct evbuffer *output = bufferevent_get_output(client->stream);

	evbuffer_unfreeze(output, 1);
	evbuffer_write(output, bufferevent_getfd(client->stream));
}

static void end_client(struct csk_client *client)
{
	struct csk *c = client->owner;

	client->closing = true;
	if (client->asked)
		c->handlers.closed(c->handlers.ctx, client);
	free_client(client);
}

static void reap(void *ctx)
{
	struct csk *c = ctx;
	struct csk_client *next;

	for (struct csk_client *client = c->clients; client; client = next) {
		next = client->next;
		if (client->dead)
			end_client(client);
	}
}

static void end_later(struct csk_client *client)
{
	client->closing = client->dead = true;
	bufferevent_disable(client->stream, EV_READ | EV_WRITE);
	loop_timer_at(client->owner->reaper, 0);
}

void csk_stream(struct csk_client *client)
{
	struct timeval stuck = interval(STUCK_US);

	client->streams = true;
	bufferevent_set_timeouts(client->stream, NULL, &stuck);
}

void csk_await(struct csk_client *client)
{
	struct timeval stuck = interval(STUCK_US);

	client->awaits++;
	bufferevent_set_timeouts(client->stream, NULL, &stuck);
}

/* An answer that was awaited is there. */
static void awaited(struct csk_client *client)
{
	struct timeval idle = interval(client->owner->options.idle_us);
	struct timeval stuck = interval(STUCK_US);

	if (!client->awaits || client->owner->asking == client)
		return;
	client->awaits--;
	if (!client->awaits && !client->streams)
		bufferevent_set_timeouts(client->stream, &idle, &stuck);
}

static bool waits(const struct csk_client *client)
{
	return client->streams || client->awaits;
}

/* The other end is closed, not only the side that it writes to. */
static bool has_hung_up(const struct csk_client *client)
{
	struct pollfd p = { .fd = bufferevent_getfd(client->stream) };

	return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR);
}

/* Nothing is read from those any more, so nothing else tells that they have gone. */
static void look_after(void *ctx)
{
	struct csk *c = ctx;
	bool any = false;

	for (struct csk_client *client = c->clients; client; client = client->next) {
		if (client->closing || !client->ended || !waits(client))
			continue;
		any = true;
		if (has_hung_up(client))
			end_later(client);
	}
	if (any)
		loop_timer_at(c->hangup, loop_now_us() + HANGUP_US);
}

bool csk_send(struct csk_client *client, const void *data, size_t len)
{
	struct csk *c = client->owner;

	if (client->closing)
		return false;
	if (unread(client) > c->options.max_output ||
	    (unread(client) && too_much_unread(c, client))) {
		c->counters.too_slow++;
		end_later(client);
		return false;
	}
	if (!bufferevent_write(client->stream, data, len)) {
		awaited(client);
		return true;
	}
	end_later(client);
	return false;
}

void csk_close(struct csk_client *client)
{
	struct timeval farewell = interval(FAREWELL_US);

	if (client->closing)
		return;
	if (!unread(client)) {
		end_later(client);
		return;
	}
	client->closing = true;
	bufferevent_disable(client->stream, EV_READ);
	bufferevent_set_timeouts(client->stream, NULL, &farewell);
}

struct csk_peer csk_peer(const struct csk_client *client)
{
	return client->peer;
}

void csk_set_data(struct csk_client *client, void *data)
{
	client->data = data;
}

void *csk_data(const struct csk_client *client)
{
	return client->data;
}

/* ---- what libevent tells ------------------------------------------------------------------- */

static void turn_away(struct csk_client *client)
{
	struct csk *c = client->owner;

	c->counters.refused++;
	if (c->options.busy)
		bufferevent_write(client->stream, c->options.busy, strlen(c->options.busy));
	csk_close(client);
}

/* The last line of who has ended its side without a newline; NULL without memory. */
static char *rest_of(struct evbuffer *input, size_t *len)
{
	char *line;

	*len = evbuffer_get_length(input);
	line = malloc(*len + 1);
	if (!line)
		return NULL;
	evbuffer_remove(input, line, *len);
	line[*len] = '\0';
	return line;
}

/* Hands the next whole line up; false when there is none, or the last answer is still unread. */
static bool next_request(struct csk_client *client, struct evbuffer *input)
{
	struct csk *c = client->owner;
	size_t len;
	char *line;

	if (unread(client))
		return false;
	line = evbuffer_readln(input, &len, EVBUFFER_EOL_LF);
	if (!line && evbuffer_search_eol(input, NULL, NULL, EVBUFFER_EOL_LF).pos < 0) {
		if (!client->ended || !evbuffer_get_length(input))
			return false;
		line = rest_of(input, &len);
	}
	if (!line) {
		end_later(client);	/* no memory for it */
		return false;
	}
	if (too_much_unread(c, client)) {
		free(line);
		turn_away(client);
		return false;
	}
	client->asked = true;
	c->asking = client;
	c->handlers.request(c->handlers.ctx, client, line, len);
	c->asking = NULL;
	free(line);
	return true;
}

static void on_read(struct bufferevent *stream, void *ctx)
{
	struct csk_client *client = ctx;
	struct evbuffer *input = bufferevent_get_input(stream);
	int n = 0;

	while (n < REQUESTS && !client->closing && next_request(client, input))
		n++;
	if (client->closing || unread(client))	/* on_written() goes on */
		return;
	if (n == REQUESTS) {
		bufferevent_trigger(stream, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
	} else if (evbuffer_get_length(input) >= CSK_LINE_MAX) {
		client->owner->counters.too_long++;
		end_later(client);
	} else if (client->ended && waits(client) && !has_hung_up(client)) {
		loop_timer_at(client->owner->hangup, loop_now_us() + HANGUP_US);
	} else if (client->ended) {
		csk_close(client);
	}
}

static void on_written(struct bufferevent *stream, void *ctx)
{
	struct csk_client *client = ctx;

	if (client->closing && !client->dead && !unread(client))
		end_later(client);
	if (!client->closing)
		on_read(stream, client);
}

static void on_event(struct bufferevent *stream, short what, void *ctx)
{
	struct csk_client *client = ctx;

	if (client->dead)
		return;
	if (what & BEV_EVENT_EOF) {	/* but it may wait for answers */
		client->ended = true;
		on_read(stream, client);
		return;
	}
	if (what & BEV_EVENT_TIMEOUT && what & BEV_EVENT_READING)
		client->owner->counters.idle++;
	if (what & BEV_EVENT_TIMEOUT && what & BEV_EVENT_WRITING)
		client->owner->counters.too_slow++;
	end_later(client);
}

/* ---- accepting ----------------------------------------------------------------------------- */

static void read_peer(int fd, struct csk_peer *peer)
{
	struct ucred who = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	socklen_t len = sizeof(who);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len);
	*peer = (struct csk_peer){ who.uid, who.gid, who.pid };
}

/* NULL: FD is closed. */
static struct csk_client *welcome(struct csk *c, int fd, const struct csk_peer *peer)
{
	struct csk_client *client = calloc(1, sizeof(*client));
	struct timeval idle = interval(c->options.idle_us);
	struct timeval stuck = interval(STUCK_US);

	if (client && arena_room(STREAM_ROOM))
		client->stream = bufferevent_socket_new(loop_base(c->loop), fd,
							BEV_OPT_CLOSE_ON_FREE);
	if (!client || !client->stream) {
		free(client);
		close(fd);
		return NULL;
	}
	client->owner = c;
	client->peer = *peer;
	client->next = c->clients;
	if (c->clients)
		c->clients->prev = client;
	c->clients = client;
	c->counters.clients++;
	c->counters.accepted++;
	evbuffer_add_cb(bufferevent_get_output(client->stream), on_queue, c);
	bufferevent_priority_set(client->stream, LOOP_IDLE);
	bufferevent_setcb(client->stream, on_read, on_written, on_event, client);
	bufferevent_setwatermark(client->stream, EV_READ, 0, CSK_LINE_MAX);
	bufferevent_set_timeouts(client->stream, &idle, &stuck);
	if (!bufferevent_enable(client->stream, EV_READ | EV_WRITE))
		return client;
	free_client(client);
	return NULL;
}

static void refuse(struct csk *c, int fd)
{
	c->counters.refused++;
	if (c->options.busy)
		send(fd, c->options.busy, strlen(c->options.busy), MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static void accept_clients(void *ctx, int fd)
{
	struct csk *c = ctx;

	for (int i = 0; i < ACCEPTS; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct csk_peer peer;

		if (client < 0 && (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR))
			return;
		if (client < 0) {
			if (c->options.log)
				log_limited(c->options.log, &c->untaken, loop_now_us(), UNTAKEN_US,
					    LOG_LVL_ERROR, "control clients cannot be taken, they "
					    "wait: %s", strerror(errno));
			loop_unwatch(c->watch);
			c->watch = NULL;
			loop_timer_at(c->rest, loop_now_us() + REST_US);
			return;
		}
		read_peer(client, &peer);
		if (has_room(c, peer.uid))
			welcome(c, client, &peer);
		else
			refuse(c, client);
	}
}

static void rested(void *ctx)
{
	struct csk *c = ctx;

	c->watch = loop_watch_read(c->loop, c->options.fd, LOOP_IDLE, accept_clients, c);
	if (!c->watch)
		loop_timer_at(c->rest, loop_now_us() + REST_US);
}

/* ---- from one process to the next ---------------------------------------------------------- */

void csk_hand_over(struct csk *c,
		   void (*keep)(void *ctx, const struct csk_client *client, int fd,
				const char *rest, size_t len), void *ctx)
{
	while (c->clients) {
		struct csk_client *client = c->clients;
		struct evbuffer *input = bufferevent_get_input(client->stream);
		size_t len = evbuffer_get_length(input);
		int fd = -1;

		last_words(client);
		if (!client->closing && (!client->ended || waits(client)) && !unread(client))
			fd = fcntl(bufferevent_getfd(client->stream), F_DUPFD_CLOEXEC, 0);
		if (fd >= 0)
			keep(ctx, client, fd, (const char *)evbuffer_pullup(input, -1), len);
		free_client(client);
	}
}

struct csk_client *csk_take(struct csk *c, int fd, const char *rest, size_t len)
{
	struct csk_client *client;
	struct csk_peer peer;

	read_peer(fd, &peer);
	client = welcome(c, fd, &peer);
	if (!client)
		return NULL;
	client->asked = true;
	if (len)
		evbuffer_add(bufferevent_get_input(client->stream), rest, len);
	return client;
}

/* ---- binding ------------------------------------------------------------------------------- */

static bool set_address(struct sockaddr_un *a, const char *path)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(a->sun_path))
		return false;
	strcpy(a->sun_path, path);
	return true;
}

/* Only a socket is replaced. */
static int check_free(const char *path)
{
	struct sockaddr_un a;
	struct stat st;

	if (!set_address(&a, path))
		return ENAMETOOLONG;
	if (lstat(path, &st))
		return errno == ENOENT ? 0 : errno;
	return S_ISSOCK(st.st_mode) ? 0 : EEXIST;
}

static int set_owner(const char *path, const char *group_name, unsigned int mode)
{
	struct group *group = group_name ? getgrnam(group_name) : NULL;

	/* without the right to, it is for its owner only (prv_report() says so) */
	if (group && chown(path, (uid_t)-1, group->gr_gid) && errno != EPERM)
		return errno;
	return chmod(path, mode) ? errno : 0;
}

/* Binds under a name of our own, then takes the real one over. */
static int bind_and_rename(struct csk_listener *l, const char *group, unsigned int mode)
{
	char name[sizeof(l->path) + 16];
	struct sockaddr_un a;
	struct stat st;
	int error;

	snprintf(name, sizeof(name), "%s.%ld", l->path, (long)getpid());
	if (!set_address(&a, name))
		return ENAMETOOLONG;
	unlink(name);
	if (bind(l->fd, (struct sockaddr *)&a, sizeof(a)))
		return errno;
	error = set_owner(name, group, mode);
	if (!error && (listen(l->fd, BACKLOG) || stat(name, &st) || rename(name, l->path)))
		error = errno;
	if (error) {
		unlink(name);
		return error;
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	return 0;
}

static int open_listener(struct csk_listener *l, const char *path, const char *group,
			 unsigned int mode)
{
	int error = check_free(path);

	if (error)
		return error;
	strcpy(l->path, path);
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return l->fd < 0 ? errno : bind_and_rename(l, group, mode);
}

static void explain(int error, const char *path, char *why, size_t size)
{
	if (error == EEXIST)
		snprintf(why, size, "%s is there and is not a socket", path);
	else if (error == ENAMETOOLONG)
		snprintf(why, size, "the control socket's path is too long: %s", path);
	else
		snprintf(why, size, "cannot open the control socket %s: %s", path, strerror(error));
}

bool csk_listen(struct csk_listener *out, const char *path, const char *group, unsigned int mode,
		char *why, size_t why_size)
{
	int error;

	*out = (struct csk_listener){ .fd = -1 };
	error = open_listener(out, path, group, mode);
	if (!error)
		return true;
	explain(error, path, why, why_size);
	csk_unlisten(out);
	errno = error;
	return false;
}

void csk_unlisten(struct csk_listener *l)
{
	struct stat st;

	/* a successor may have taken the path over */
	if (l->ino && !lstat(l->path, &st) && st.st_dev == l->dev && st.st_ino == l->ino)
		unlink(l->path);
	if (l->fd >= 0)
		close(l->fd);
	*l = (struct csk_listener){ .fd = -1 };
}

/* ---- life ---------------------------------------------------------------------------------- */

static void set_defaults(struct csk_options *o)
{
	if (!o->max_clients)
		o->max_clients = DEFAULT_CLIENTS;
	if (!o->max_output)
		o->max_output = DEFAULT_OUTPUT;
	if (!o->max_total)
		o->max_total = DEFAULT_TOTAL;
	if (!o->idle_us)
		o->idle_us = DEFAULT_IDLE_US;
}

struct csk *csk_new(struct loop *loop, const struct csk_options *options,
		    const struct csk_handlers *handlers)
{
	struct csk *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	signal(SIGPIPE, SIG_IGN);
	c->loop = loop;
	c->options = *options;
	c->handlers = *handlers;
	set_defaults(&c->options);
	c->rest = loop_timer_new(c->loop, LOOP_IDLE, rested, c);
	c->reaper = loop_timer_new(c->loop, LOOP_IDLE, reap, c);
	c->hangup = loop_timer_new(c->loop, LOOP_IDLE, look_after, c);
	/* whoever had it before us may have been made to change that, for all who share it */
	fcntl(c->options.fd, F_SETFL, O_NONBLOCK);
	c->watch = loop_watch_read(c->loop, c->options.fd, LOOP_IDLE, accept_clients, c);
	if (c->rest && c->reaper && c->hangup && c->watch)
		return c;
	csk_free(c);
	errno = ENOMEM;
	return NULL;
}

void csk_free(struct csk *c)
{
	if (!c)
		return;
	while (c->clients) {
		last_words(c->clients);
		free_client(c->clients);
	}
	loop_unwatch(c->watch);
	loop_timer_free(c->rest);
	loop_timer_free(c->reaper);
	loop_timer_free(c->hangup);
	free(c);
}

void csk_count(const struct csk *c, struct csk_counters *out)
{
	*out = c->counters;
}
