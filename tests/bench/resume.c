/*
 * What going on costs: a record written for 1, 100 and 1,000 masters, and the time from a record to
 * the first advert that a successor hands to the kernel's seam.
 *
 * usage: build/tests/bench_resume [COUNT...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "config/source.h"
#include "engine/record.h"
#include "sys/loop.h"
#include "sys/record.h"

#define ROUNDS 200
#define SIZE (32u << 20)
#define SECOND INT64_C(1000000)

struct bench {
	struct rec *rec;
	int64_t ahead_us;		/* of the real clock: virtual time that was skipped */
	int64_t wake_us, first_us;
	size_t len, adverts;
	int64_t put_us;
};

static int64_t now_us(void *ctx)
{
	return loop_now_us() + ((struct bench *)ctx)->ahead_us;
}

static void wake_at(void *ctx, int64_t at_us)
{
	((struct bench *)ctx)->wake_us = at_us;
}

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	(void)ctx, (void)iface, (void)ifindex, (void)group;
	return 0;
}

static void leave(void *ctx, uint16_t iface)
{
	(void)ctx, (void)iface;
}

static void hear(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	(void)ctx, (void)iface, (void)family, (void)wanted;
}

static void guard(void *ctx, const struct vr_config *conf)
{
	(void)ctx, (void)conf;
}

static void send(void *ctx, struct port_packet *v, size_t n)
{
	struct bench *b = ctx;

	if (!b->adverts)
		b->first_us = now_us(b);
	b->adverts += n;
	for (size_t i = 0; i < n; i++)
		v[i].error = 0;
}

static void addrs(void *ctx, struct port_addr_op *v, size_t n)
{
	(void)ctx, (void)v, (void)n;
}

static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
		     uint32_t repeat, int64_t gap_us)
{
	(void)ctx, (void)owner, (void)v, (void)n, (void)repeat, (void)gap_us;
}

static void announce_stop(void *ctx, uint32_t owner)
{
	(void)ctx, (void)owner;
}

static bool run(void *ctx, const struct port_job *job)
{
	(void)ctx, (void)job;
	return true;
}

static void keep_record(void *ctx, const void *data, size_t len)
{
	struct bench *b = ctx;
	int64_t from_us = loop_now_us();

	if (!rec_put(b->rec, data, len, now_us(b)))
		abort();
	b->put_us += loop_now_us() - from_us;
	b->len = len;
}

static void keep_time(void *ctx, int64_t at_us)
{
	rec_served(((struct bench *)ctx)->rec, at_us);
}

static struct port port_of(struct bench *b)
{
	return (struct port){
		.ctx = b, .now_us = now_us, .wall_us = now_us, .wake_at = wake_at, .join = join,
		.leave = leave, .hear = hear, .guard = guard, .send = send, .addrs = addrs,
		.announce = announce, .announce_stop = announce_stop, .run = run,
	};
}

/* 250 VRIDs an interface, one address each. */
static struct cfg *config(unsigned int n)
{
	static const struct cfg_options options = {
		.dialect = CFG_KEEPALIVED, .config_id = "node", .source = &src_host,
	};
	struct diag_list diags;
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	struct cfg *cfg;

	for (unsigned int i = 0; i < n; i++)
		fprintf(to, "vrrp_instance V%u {\ninterface eth%u\nvirtual_router_id %u\n"
			"virtual_ipaddress {\n10.1.%u.%u/32\n}\n}\n", i, i / 250, i % 250 + 1,
			i / 250, i % 250 + 1);
	fclose(to);
	diag_init(&diags);
	cfg = cfg_load_text("bench", text, len, &options, &diags);
	if (!cfg)
		abort();
	diag_free(&diags);
	free(text);
	return cfg;
}

static void tell(struct port_events *up, unsigned int n)
{
	for (unsigned int i = 0; i <= n / 250; i++) {
		char name[16];
		uint8_t own[4] = { 10, 0, (uint8_t)i, 1 };
		struct port_addr addr = { .ifindex = (int)i + 1, .prefix = { ip_v4(own), 24 } };

		snprintf(name, sizeof(name), "eth%u", i);
		up->link(up->ctx, &(struct port_link){
			.ifindex = (int)i + 1, .name = name, .up = true,
		});
		up->addr(up->ctx, &addr);
	}
	up->synced(up->ctx);
}

static void hook(struct engine *e, struct bench *b)
{
	eng_hook(e, &(struct eng_hooks){ .ctx = b, .record = keep_record, .served = keep_time });
}

static struct engine *masters(struct bench *b, const struct port *port, unsigned int n)
{
	struct engine *e = eng_new(config(n), port, &log_null);
	struct port_events up = eng_events(e);

	hook(e, b);
	tell(&up, n);
	for (int i = 0; i < 3; i++) {
		b->ahead_us += b->wake_us - now_us(b) + 1;
		up.wake(up.ctx);
	}
	return e;
}

/* Making the record, and keeping it. */
static void record(struct bench *b, struct engine *e, unsigned int n)
{
	int64_t from_us = loop_now_us();

	b->put_us = 0;
	for (int i = 0; i < ROUNDS; i++)
		rcd_write(e);
	printf("%4u masters: a record of %zu octets is written in %.1f us (%.1f of it into the "
	       "memory)\n", n, b->len, (double)(loop_now_us() - from_us) / ROUNDS,
	       (double)b->put_us / ROUNDS);
}

static void resume(struct bench *b, const struct port *port, unsigned int n)
{
	struct cfg *cfg = config(n);
	struct rec_copy copy;
	const char *why = "";
	int64_t from_us = now_us(b), made_us;
	struct engine *e = NULL;

	b->adverts = 0;
	if (rec_get(b->rec, &copy, &why))
		e = eng_resume(cfg, &(struct eng_past){
			.data = copy.data, .len = copy.len, .served_us = copy.served_us,
		}, port, &log_null, &why);
	if (!e) {
		printf("%u: %s\n", n, why);
		exit(1);
	}
	made_us = now_us(b);
	hook(e, b);
	eng_go_on(e);
	printf("              a successor is made in %lld us, speaks first after %lld us, has "
	       "spoken for all after %lld us\n", (long long)(made_us - from_us),
	       (long long)(b->first_us - from_us), (long long)(now_us(b) - from_us));
	free(copy.data);
	eng_free(e);
}

static void measure(unsigned int n)
{
	struct bench b = { .rec = rec_new(SIZE), .wake_us = VR_NEVER };
	struct port port = port_of(&b);
	struct engine *e;

	if (!b.rec)
		abort();
	e = masters(&b, &port, n);
	record(&b, e, n);
	eng_free(e);
	resume(&b, &port, n);
	rec_free(b.rec);
}

int main(int argc, char **argv)
{
	static const unsigned int usual[] = { 1, 100, 1000 };

	for (int i = 1; i < argc; i++)
		measure((unsigned int)atoi(argv[i]));
	for (size_t i = 0; argc < 2 && i < sizeof(usual) / sizeof(usual[0]); i++)
		measure(usual[i]);
	return 0;
}
