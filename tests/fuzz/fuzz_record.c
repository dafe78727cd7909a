/*
 * Why this exists: a record is read by the process that goes on, with the rights that the writer
 * had, and the writer may have been taken over. Whatever stands in it, it is refused with a
 * sentence or makes an engine that keeps every promise until it is told to stop.
 *
 * First octet even: the rest is a record. Odd: it stands behind the head of a good one, which a
 * fuzzer cannot guess.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "engine/engine.h"
#include "trip.h"

#define HEAD_MAX 32
#define START_US INT64_C(1000000000)
#define WAKES 40

static const char text[] =
	"vrrp_script chk { script \"/bin/true\"; interval 1; weight -10 }\n"
	"vrrp_script must { script \"/bin/true\"; interval 2 }\n"
	"vrrp_instance A { interface eth0\n virtual_router_id 51\n priority 100\n advert_int 1\n"
	" virtual_ipaddress { 192.0.2.100/24 192.0.2.101/24 }\n track_script { chk must }\n}\n"
	"vrrp_instance B { interface eth0\n virtual_router_id 52\n version 3\n priority 255\n"
	" virtual_ipaddress { 192.0.2.102/24 dev eth1 }\n track_interface { eth1 weight -20 }\n}\n";

struct box {
	int64_t now_us, wake_us;
	uint32_t tokens[64];
	size_t n_tokens;
	uint8_t head[HEAD_MAX];
	size_t head_len;
};

static void check(bool condition)
{
	if (!condition)
		abort();
}

/* ---- a port that answers at once that all is well ---- */

static int64_t now_us(void *ctx)
{
	return ((struct box *)ctx)->now_us;
}

static void wake_at(void *ctx, int64_t at_us)
{
	((struct box *)ctx)->wake_us = at_us;
}

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	(void)ctx, (void)iface;
	check(ifindex > 0 && ip_size(group) > 0);
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

static void send(void *ctx, struct port_packet *v, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		check(v[i].len >= 8);
		v[i].error = 0;
	}
}

static void addrs(void *ctx, struct port_addr_op *v, size_t n)
{
	struct box *b = ctx;

	for (size_t i = 0; i < n && b->n_tokens < sizeof(b->tokens) / sizeof(b->tokens[0]); i++)
		b->tokens[b->n_tokens++] = v[i].token;
}

static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
		     uint32_t repeat, int64_t gap_us)
{
	(void)ctx, (void)owner, (void)repeat, (void)gap_us;
	for (size_t i = 0; i < n; i++)
		check(v[i].ifindex > 0);
}

static void announce_stop(void *ctx, uint32_t owner)
{
	(void)ctx, (void)owner;
}

static void guard(void *ctx, const struct vr_config *conf)
{
	(void)ctx;
	check(conf->n_insts > 0);
}

static bool run(void *ctx, const struct port_job *job)
{
	(void)ctx;
	check(job->argv && job->argv[0]);
	return true;
}

static struct port port_of(struct box *b)
{
	return (struct port){
		.ctx = b, .now_us = now_us, .wall_us = now_us, .wake_at = wake_at, .join = join,
		.leave = leave, .hear = hear, .send = send, .addrs = addrs, .announce = announce,
		.announce_stop = announce_stop, .guard = guard, .run = run,
	};
}

/* ---- an engine's life ---- */

static void tell(struct port_events *up)
{
	static const char *const names[] = { "eth0", "eth1" };
	struct port_addr own = { .ifindex = 1, .prefix = { .len = 24 } };

	for (int i = 0; i < 2; i++)
		up->link(up->ctx, &(struct port_link){
			.ifindex = i + 1, .name = names[i], .up = true,
		});
	check(ip_parse_prefix("192.0.2.1/24", &own.prefix));
	up->addr(up->ctx, &own);
	up->synced(up->ctx);
}

static void answer(struct box *b, struct port_events *up)
{
	while (b->n_tokens)
		up->addr_done(up->ctx, b->tokens[--b->n_tokens], 0);
}

static void live(struct box *b, struct engine *e)
{
	struct port_events up = eng_events(e);

	tell(&up);
	for (int i = 0; i < WAKES && b->wake_us != VR_NEVER; i++) {
		answer(b, &up);
		if (b->wake_us > b->now_us)
			b->now_us = b->wake_us;
		up.wake(up.ctx);
	}
	eng_stop(e);
	answer(b, &up);
}

static struct cfg *config(void)
{
	static const struct cfg_options options = {
		.dialect = CFG_KEEPALIVED, .config_id = "node", .source = &trip_nowhere,
	};
	struct diag_list diags;
	struct cfg *cfg;

	diag_init(&diags);
	cfg = cfg_load_text("record", text, sizeof(text) - 1, &options, &diags);
	check(cfg != NULL);
	diag_free(&diags);
	return cfg;
}

static void keep_head(void *ctx, const void *data, size_t len)
{
	struct box *b = ctx;

	b->head_len = len < 14 ? len : 14;
	memcpy(b->head, data, b->head_len);
}

/* Mark (4), format (2 to 3), shape (8). */
static void make_head(struct box *b, const struct port *port)
{
	struct engine *e = eng_new(config(), port, &log_null);
	struct port_events up;

	check(e != NULL);
	eng_hook(e, &(struct eng_hooks){ .ctx = b, .record = keep_head });
	up = eng_events(e);
	tell(&up);
	eng_free(e);
	b->n_tokens = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct box b = { .now_us = START_US, .wake_us = VR_NEVER };
	struct port port = port_of(&b);
	struct cfg *cfg = config();
	struct eng_past past = { .served_us = START_US - 5000 };
	const char *why = NULL;
	uint8_t *record;
	struct engine *e;

	if (size == 0) {
		cfg_free(cfg);
		return 0;
	}
	make_head(&b, &port);
	if (!(data[0] & 1))
		b.head_len = 0;
	record = malloc(b.head_len + size);
	check(record != NULL);
	memcpy(record, b.head, b.head_len);
	memcpy(record + b.head_len, data + 1, size - 1);
	past.data = record;
	past.len = b.head_len + size - 1;
	e = eng_resume(cfg, &past, &port, &log_null, &why);
	check(e || why);
	if (e) {
		eng_go_on(e);
		live(&b, e);
		eng_free(e);
	} else {
		cfg_free(cfg);
	}
	free(record);
	return 0;
}
