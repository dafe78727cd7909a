/*
 * The proof before an upgrade.
 *
 * Once a new binary has the place of the old one there is no way back, so it has to show before
 * that it can read what it will find: it does here what its first engine will do, with a world in
 * which nothing happens.
 */
#include "main/prove.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "main/crossing.h"
#include "main/handover.h"
#include "sys/loop.h"
#include "sys/record.h"
#include "sys/sandbox.h"

/* ---- a world in which nothing happens ---- */

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
	(void)ctx;
	(void)at_us;
}

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	(void)ctx;
	(void)iface;
	(void)ifindex;
	(void)group;
	return EAGAIN;
}

static void leave(void *ctx, uint16_t iface)
{
	(void)ctx;
	(void)iface;
}

static void hear(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	(void)ctx;
	(void)iface;
	(void)family;
	(void)wanted;
}

static void send_packets(void *ctx, struct port_packet *v, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++)
		v[i].error = ENOTCONN;
}

static void addrs(void *ctx, struct port_addr_op *v, size_t n)
{
	(void)ctx;
	(void)v;
	(void)n;
}

static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
		     uint32_t repeat, int64_t gap_us)
{
	(void)ctx;
	(void)owner;
	(void)v;
	(void)n;
	(void)repeat;
	(void)gap_us;
}

static void announce_stop(void *ctx, uint32_t owner)
{
	(void)ctx;
	(void)owner;
}

static void guard(void *ctx, const struct vr_config *conf)
{
	(void)ctx;
	(void)conf;
}

static void reread(void *ctx)
{
	(void)ctx;
}

static bool run(void *ctx, const struct port_job *job)
{
	(void)ctx;
	(void)job;
	return true;
}

static const struct port nowhere = {
	.now_us = now_us, .wall_us = wall_us, .wake_at = wake_at, .join = join, .leave = leave,
	.hear = hear, .send = send_packets, .addrs = addrs, .announce = announce,
	.announce_stop = announce_stop, .guard = guard, .reread = reread, .run = run,
};

/* ---- the proof ---- */

static const char *try_record(struct rec *record, struct cfg *cfg)
{
	struct rec_copy copy;
	const char *why;

	if (!rec_get(record, &copy, &why))
		return why;
	struct eng_past past = {
		.data = copy.data, .len = copy.len, .served_us = copy.served_us,
	};
	struct engine *engine = eng_resume(cfg, &past, &nowhere, &log_null, &why);
	free(copy.data);
	if (!engine)
		return why;
	eng_free(engine);
	return NULL;
}

/* Whatever wrote the record may have been taken over: it finds no more here than an engine has. */
int pro_run(void)
{
	char wrong[CRS_WHY_MAX];
	const char *why;
	struct cfg *cfg;
	struct rec *record = rec_over(PRO_RECORD, &why);	/* nothing is mapped after this */

	sbx_enter();			/* where there is none, the keeper has taken the rights */
	bool good = crs_read(PRO_CONFIG, &cfg, NULL, wrong);
	if (!cfg) {
		printf("it cannot read the configuration: %s\n", good ? "there is none" : wrong);
		return EXIT_FAILURE;
	}
	if (record)
		why = try_record(record, cfg);
	rec_free(record);
	if (why)
		printf("it cannot read the resume record: %s\n", why);
	else
		printf(HOV_PROOF "%d\n", HOV_VERSION);
	return why ? EXIT_FAILURE : EXIT_SUCCESS;
}
