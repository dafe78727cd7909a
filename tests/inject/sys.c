/*
 * Why this exists: below the engine stand libraries of others (libevent, libnl, libmnl), and each
 * has its own way to bear a refusal. What cannot be made is NULL with an errno and leaves nothing
 * open; what runs goes on, and is whole again when there is memory again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <ifaddrs.h>

#include "inject/inject.h"
#include "sys/ctlsock.h"
#include "sys/jobs.h"
#include "sys/jring.h"
#include "sys/logger.h"
#include "sys/netwrite.h"
#include "sys/pidfile.h"
#include "sys/port_linux.h"
#include "sys/record.h"

#define PATIENCE_US INT64_C(5000000)

static int n_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void must_be_closed(struct inj *in, int before)
{
	if (n_descriptors() != before)
		inj_wrong(in, "%d descriptors stay open", n_descriptors() - before);
}

/* A refusal gives ENOMEM and nothing else; without one there must be something. */
static void must_be_made(struct inj *in, const void *what, int error, bool hit)
{
	if (!what && (!hit || error != ENOMEM))
		inj_wrong(in, "not made: %s", strerror(error));
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static void on_signal(void *ctx, int signo)
{
	(void)ctx;
	(void)signo;
}

static void on_fd(void *ctx, int fd)
{
	(void)ctx;
	(void)fd;
}

static void loop(struct inj *in)
{
	int before = n_descriptors(), error = 0, ends[2];
	struct loop_watch *watch = NULL;
	struct loop_timer *timer = NULL;

	if (pipe2(ends, O_CLOEXEC))
		abort();
	inj_arm(in);
	struct loop *l = loop_new();
	error = errno;
	if (l)
		error = loop_on_signal(l, SIGUSR2, on_signal, NULL);
	if (l && !error) {
		timer = loop_timer_new(l, LOOP_NORMAL, nothing, NULL);
		watch = timer ? loop_watch_read(l, ends[0], LOOP_IDLE, on_fd, NULL) : NULL;
		error = errno;
	}
	bool hit = inj_disarm(in);
	must_be_made(in, watch, error, hit);
	loop_unwatch(watch);
	loop_timer_free(timer);
	loop_free(l);
	close(ends[0]);
	close(ends[1]);
	must_be_closed(in, before);
}

static void logger(struct inj *in)
{
	struct lgr_options options = { .file = "/dev/null", .ident = "inject" };
	int before = n_descriptors();

	inj_arm(in);
	struct lgr *l = lgr_new(&options);
	int error = errno;
	bool hit = inj_disarm(in);
	must_be_made(in, l, error == EAGAIN ? ENOMEM : error, hit);	/* a thread's stack */
	lgr_free(l, PATIENCE_US);
	must_be_closed(in, before);
}

static void small(struct inj *in)
{
	int before = n_descriptors(), error;
	char why[160] = "", path[] = "/tmp/hf-inject-XXXXXX";
	pid_t holder;

	close(mkstemp(path));
	inj_arm(in);
	struct pidf *pid = pidf_new(path, &holder, why, sizeof(why));
	struct rec *record = rec_new(4096);
	error = errno;
	bool hit = inj_disarm(in);
	if (!pid)
		inj_sentence(in, why);
	must_be_made(in, record, error, hit);
	rec_free(record);
	pidf_free(pid);
	unlink(path);
	must_be_closed(in, before);
}

static void ring(struct inj *in)
{
	static const char magic[] = "inject's journal";
	char why[160] = "", path[] = "/tmp/hf-inject-XXXXXX";
	struct jring_options options = {
		.path = path, .size = 65536, .magic = magic, .magic_len = 16,
	};
	int before = n_descriptors();

	close(mkstemp(path));
	unlink(path);
	inj_arm(in);
	int fd = jring_file(&options, why, sizeof(why));
	struct jring *r = fd >= 0 ? jring_open(fd, &options, why, sizeof(why)) : NULL;
	bool hit = inj_disarm(in);
	if (!r && !hit)
		inj_wrong(in, "not opened: %s", why);
	if (!r && !strstr(why, "emory") && !strstr(why, "temporarily"))
		inj_wrong(in, "nothing is said of memory but '%s'", why);
	jring_close(r, PATIENCE_US);
	unlink(path);
	must_be_closed(in, before);
}

/* ---- what the whole daemon shares ---- */

static struct {
	struct loop *loop;
	bool synced;
} world;

static void on_link(void *ctx, const struct port_link *link)
{
	(void)ctx;
	(void)link;
}

static void on_addr(void *ctx, const struct port_addr *addr)
{
	(void)ctx;
	(void)addr;
}

static void on_synced(void *ctx)
{
	(void)ctx;
	world.synced = true;
	loop_stop(world.loop);
}

/* There is memory again. */
static void relieve(void *ctx)
{
	inj_disarm(ctx);
}

static void give_up(void *ctx)
{
	(void)ctx;
	loop_stop(world.loop);
}

static const struct port_events events = {
	.link = on_link, .addr = on_addr, .resync = nothing, .synced = on_synced, .wake = nothing,
};

/* Made, and the kernel read; ARMED_READ: only the reading is refused memory. */
static void open_port(struct inj *in, bool read_too)
{
	int before = n_descriptors(), ends[2];
	struct plx *port;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		abort();
	world.loop = loop_new();
	world.synced = false;
	struct loop_timer *end = loop_timer_new(world.loop, LOOP_URGENT, give_up, NULL);
	struct loop_timer *relief = loop_timer_new(world.loop, LOOP_URGENT, relieve, in);
	if (!read_too)
		inj_arm(in);
	struct jobs *jobs = jobs_open(ends[0], &events, &log_null);
	struct plx_options options = { .loop = world.loop, .jobs = jobs };
	port = jobs ? plx_new(&options, &events, &log_null) : NULL;
	int error = errno;
	bool hit = !read_too && inj_disarm(in);
	must_be_made(in, port, error, hit);
	if (port) {
		if (read_too)
			inj_arm(in);
		plx_start(port);
		loop_timer_at(end, loop_now_us() + PATIENCE_US);
		if (read_too)
			loop_timer_at(relief, loop_now_us() + 20000);
		loop_run(world.loop);
		if (read_too)
			inj_disarm(in);
		if (!world.synced)
			inj_wrong(in, "the kernel has not been read");
	}
	plx_free(port);
	jobs_close(jobs);
	close(ends[1]);
	loop_timer_free(end);
	loop_timer_free(relief);
	loop_free(world.loop);
	must_be_closed(in, before);
}

static void port(struct inj *in)
{
	open_port(in, false);
}

/* A notice that is lost is read again, until all is known. */
static void reading(struct inj *in)
{
	open_port(in, true);
}

/* ---- addresses ---- */

#define N_ADDRS 300			/* more than one message holds */

struct deeds {
	struct loop *loop;
	struct nww *write;
	int answers[N_ADDRS];
	int n, error;
};

static void on_done(void *ctx, uint32_t token, int error)
{
	struct deeds *d = ctx;

	d->answers[token]++;
	d->n++;
	d->error |= error;
	if (d->n == N_ADDRS)
		loop_stop(d->loop);
}

/* How many addresses of 127.9.0.0/16 there are. */
static int n_standing(void)
{
	struct ifaddrs *all;
	int n = 0;

	if (getifaddrs(&all))
		abort();
	for (struct ifaddrs *i = all; i; i = i->ifa_next) {
		const struct sockaddr_in *a = (const struct sockaddr_in *)i->ifa_addr;

		if (a && a->sin_family == AF_INET)
			n += ntohl(a->sin_addr.s_addr) >> 16 == 0x7f09;
	}
	freeifaddrs(all);
	return n;
}

/* All are asked for, and each is answered once, by the loop or by the call itself. */
static void all_at_once(struct inj *in, struct deeds *d, bool add)
{
	struct vr_vip vips[N_ADDRS] = {0};
	struct port_addr_op ops[N_ADDRS] = {0};
	struct loop_timer *end = loop_timer_new(d->loop, LOOP_URGENT, give_up, NULL);

	for (uint32_t i = 0; i < N_ADDRS; i++) {
		uint8_t bytes[4] = { 127, 9, (uint8_t)(i >> 8), (uint8_t)i };

		vips[i] = (struct vr_vip){
			.prefix = { .addr = ip_v4(bytes), .len = 32 },
			.preferred_lft = VR_LFT_FOREVER,
		};
		ops[i] = (struct port_addr_op){ .add = add, .ifindex = 1, .vip = &vips[i],
						.token = i };
	}
	world.loop = d->loop;
	d->n = 0;
	inj_arm(in);
	nww_addrs(d->write, ops, N_ADDRS);
	if (d->n)
		inj_wrong(in, "answered from within the call");
	for (uint32_t i = 0; i < N_ADDRS; i++)
		if (ops[i].done)
			on_done(d, i, ops[i].error);
	loop_timer_at(end, loop_now_us() + PATIENCE_US);
	if (d->n < N_ADDRS)
		loop_run(d->loop);
	inj_disarm(in);
	loop_timer_free(end);
	for (uint32_t i = 0; i < N_ADDRS; i++)
		if (d->answers[i] != (add ? 1 : 2))
			inj_wrong(in, "operation %u has %d answers", i, d->answers[i]);
}

static void addresses(struct inj *in)
{
	static bool apart;
	int before = n_descriptors();
	struct deeds d = { .loop = loop_new() };
	struct port_events up = { .ctx = &d, .addr_done = on_done };

	if (!apart && unshare(CLONE_NEWNET))
		abort();
	apart = true;
	d.write = nww_new(d.loop, &up);
	if (!d.loop || !d.write)
		abort();
	all_at_once(in, &d, true);
	if (d.error || n_standing() != N_ADDRS)
		inj_wrong(in, "%d addresses stand, error %d", n_standing(), d.error);
	all_at_once(in, &d, false);
	if (d.error || n_standing() != 0)
		inj_wrong(in, "%d addresses are left, error %d", n_standing(), d.error);
	nww_free(d.write);
	loop_free(d.loop);
	must_be_closed(in, before);
}

/* ---- a client ---- */

struct talk {
	struct loop *loop;
	struct csk *sock;
	int fd;
	char got[64];
};

static void on_request(void *ctx, struct csk_client *client, const char *line, size_t len)
{
	(void)ctx;
	(void)line;
	if (!csk_send(client, "answer", 6))
		csk_close(client);
	(void)len;
}

static void on_closed(void *ctx, struct csk_client *client)
{
	(void)ctx;
	(void)client;
}

/* The client has its answer, or it was closed. */
static void on_answer(void *ctx, int fd)
{
	struct talk *t = ctx;
	ssize_t n = read(fd, t->got, sizeof(t->got) - 1);

	t->got[n > 0 ? n : 0] = '\0';
	loop_stop(t->loop);
}

static int dial(const struct csk_listener *to)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strcpy(a.sun_path, to->path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) || write(fd, "ask\n", 4) != 4)
		abort();
	return fd;
}

static bool is_answered(struct inj *in, struct talk *t, const struct csk_listener *at, bool armed)
{
	struct loop_timer *end = loop_timer_new(t->loop, LOOP_IDLE, give_up, NULL);

	world.loop = t->loop;
	t->fd = dial(at);
	strcpy(t->got, "nothing");
	struct loop_watch *watch = loop_watch_read(t->loop, t->fd, LOOP_IDLE, on_answer, t);
	loop_timer_at(end, loop_now_us() + PATIENCE_US);
	if (armed)
		inj_arm(in);
	loop_run(t->loop);
	bool hit = armed && inj_disarm(in);
	if (strcmp(t->got, "nothing") == 0)
		inj_wrong(in, "the client hears nothing, not even an end");
	loop_unwatch(watch);
	loop_timer_free(end);
	close(t->fd);
	return strcmp(t->got, "answer") == 0 || hit;
}

static void client(struct inj *in)
{
	struct csk_handlers handlers = { .request = on_request, .closed = on_closed };
	struct csk_listener at = { .fd = -1 };
	char why[160], dir[] = "/tmp/hf-inject-XXXXXX", path[64];
	int before = n_descriptors();
	struct talk t = { .loop = loop_new() };

	if (!mkdtemp(dir))
		abort();
	snprintf(path, sizeof(path), "%s/control", dir);
	if (!csk_listen(&at, path, NULL, 0600, why, sizeof(why)))
		inj_wrong(in, "%s", why);
	t.sock = csk_new(t.loop, &(struct csk_options){ .fd = at.fd }, &handlers);
	if (!is_answered(in, &t, &at, true))
		inj_wrong(in, "the client is not answered: '%s'", t.got);
	if (!is_answered(in, &t, &at, false))
		inj_wrong(in, "the next client is not answered: '%s'", t.got);
	csk_free(t.sock);
	csk_unlisten(&at);
	loop_free(t.loop);
	rmdir(dir);
	must_be_closed(in, before);
}

const struct inj_op inj_sys[] = {
	{ "sys: loop", loop, NULL },
	{ "sys: logger", logger, NULL },
	{ "sys: PID file and record", small, NULL },
	{ "sys: journal's file", ring, NULL },
	{ "sys: sockets to the kernel", port, NULL },
	{ "sys: read the kernel", reading, NULL },
	{ "sys: write addresses", addresses, NULL },
	{ "sys: answer a client", client, NULL },
	{ 0 },
};
