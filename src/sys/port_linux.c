/*
 * struct port, on Linux: the one place where the modules of this floor meet.
 */
#include "sys/port_linux.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/announce.h"
#include "sys/netwatch.h"
#include "sys/netwrite.h"
#include "sys/rival.h"
#include "sys/vrrp_sock.h"

struct plx {
	struct port port;
	struct loop *loop;
	const struct port_events *events;
	struct jobs *jobs;
	struct loop_watch *jobs_watch;
	struct vsk *socks;
	struct nwa *watch;
	struct nww *write;
	struct ann *announce;
	struct rvl *rivals;
};

static int64_t now_us(void *ctx)
{
	(void)ctx;
	return loop_now_us();
}

static int64_t wall_us(void *ctx)
{
	(void)ctx;
	return loop_wall_us();
}

static void wake_at(void *ctx, int64_t at_us)
{
	struct plx *p = ctx;

	loop_wake_at(p->loop, at_us);
}

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	struct plx *p = ctx;

	return vsk_join(p->socks, iface, ifindex, group);
}

static void leave(void *ctx, uint16_t iface)
{
	struct plx *p = ctx;

	vsk_leave(p->socks, iface);
}

static void hear(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	struct plx *p = ctx;

	vsk_hear(p->socks, iface, family, wanted);
}

static void send_packets(void *ctx, struct port_packet *v, size_t n)
{
	struct plx *p = ctx;

	vsk_send(p->socks, v, n);
}

static void addrs(void *ctx, struct port_addr_op *v, size_t n)
{
	struct plx *p = ctx;

	nww_addrs(p->write, v, n);
}

static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
		     uint32_t repeat, int64_t gap_us)
{
	struct plx *p = ctx;

	ann_send(p->announce, owner, v, n, repeat, gap_us);
}

static void announce_stop(void *ctx, uint32_t owner)
{
	struct plx *p = ctx;

	ann_stop(p->announce, owner);
}

static void guard(void *ctx, const struct vr_config *conf)
{
	struct plx *p = ctx;

	rvl_guard(p->rivals, conf);
}

static void reread(void *ctx)
{
	struct plx *p = ctx;

	nwa_reread(p->watch);
}

static bool run(void *ctx, const struct port_job *job)
{
	struct plx *p = ctx;

	return jobs_run(p->jobs, job);
}

static void wake(void *ctx)
{
	struct plx *p = ctx;

	p->events->wake(p->events->ctx);
}

static void jobs_came(void *ctx, int fd)
{
	struct plx *p = ctx;

	(void)fd;
	jobs_readable(p->jobs);
}

static bool open_parts(struct plx *p, const struct log *log)
{
	/* One after the other, so that errno is that of the first that fails. */
	p->socks = vsk_new(p->loop, p->events);
	p->watch = p->socks ? nwa_new(p->loop, p->events, log) : NULL;
	p->write = p->watch ? nww_new(p->loop, p->events) : NULL;
	p->announce = p->write ? ann_new(p->loop, p->watch, log) : NULL;
	p->rivals = p->announce ? rvl_new(p->loop, p->events, p->watch, log) : NULL;
	if (p->rivals)
		p->jobs_watch = loop_watch_read(p->loop, jobs_fd(p->jobs), LOOP_NORMAL, jobs_came,
						p);
	return p->jobs_watch;
}

struct plx *plx_new(const struct plx_options *options, const struct port_events *events,
		    const struct log *log)
{
	struct plx *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->loop = options->loop;
	p->jobs = options->jobs;
	p->events = events;
	p->port = (struct port){
		.ctx = p,
		.now_us = now_us,
		.wall_us = wall_us,
		.wake_at = wake_at,
		.join = join,
		.leave = leave,
		.hear = hear,
		.send = send_packets,
		.addrs = addrs,
		.announce = announce,
		.announce_stop = announce_stop,
		.guard = guard,
		.reread = reread,
		.run = run,
	};
	if (open_parts(p, log)) {
		vsk_pool(p->socks, options->pool);
		loop_on_wake(p->loop, wake, p);
		return p;
	}
	plx_free(p);
	return NULL;
}

void plx_free(struct plx *p)
{
	int saved = errno;

	if (!p)
		return;
	loop_on_wake(p->loop, NULL, NULL);
	loop_unwatch(p->jobs_watch);
	rvl_free(p->rivals);
	ann_free(p->announce);
	nww_free(p->write);
	nwa_free(p->watch);
	vsk_free(p->socks);
	free(p);
	errno = saved;
}

const struct port *plx_port(const struct plx *p)
{
	return &p->port;
}

void plx_start(struct plx *p)
{
	nwa_start(p->watch);
}
