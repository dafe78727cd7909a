/*
 * A configuration as octets.
 *
 * Only what the core sees is written, by value and in its order, for events speak of instances and
 * interfaces by their number: a text form would have to be loaded again, and could load to another
 * order under another version. Passwords are not written. The reading side believes nothing: what
 * the core takes for granted is checked here.
 */
#include <string.h>

#include "core/save.h"
#include "engine/journal_parts.h"

#define NAME_LEN_MAX 1024
#define DELAY_MAX (INT64_C(1) << 52)		/* microseconds; the schema's limits are below */
#define INTERVAL_MAX (INT64_C(1) << 32)
#define ADVERTS_MAX 65535
#define WEIGHT_MAX 254

/* ---- writing ---- */

static void put_text(const char *text, struct outbuf *to)
{
	size_t len = text ? strlen(text) : 0;

	out_var(to, text ? len + 1 : 0);	/* 0: there is none */
	out_bytes(to, text, len);
}

static void put_check(const struct vr_check_conf *c, struct outbuf *to)
{
	put_text(c->name, to);
	out_var(to, c->rise);
	out_var(to, c->fall);
	out_u8(to, c->init_fail);
	out_var(to, c->identity);
}

static void put_vip(const struct vr_vip *v, struct outbuf *to)
{
	vr_save_addr(&v->prefix.addr, to);
	out_u8(to, v->prefix.len);
	vr_save_addr(&v->peer, to);
	vr_save_addr(&v->broadcast, to);
	put_text(v->label, to);
	out_var(to, v->preferred_lft);
	out_var(to, v->iface);
	out_u8(to, v->scope);
	out_u8(to, v->flags);
}

static void put_refs(const struct vr_ref *refs, uint16_t n, struct outbuf *to)
{
	out_var(to, n);
	for (uint16_t i = 0; i < n; i++) {
		out_var(to, refs[i].index);
		out_svar(to, refs[i].weight);
		out_u8(to, refs[i].reverse);
	}
}

static void put_inst(const struct vr_inst_conf *ic, struct outbuf *to)
{
	put_text(ic->name, to);
	out_var(to, ic->iface);
	out_u8(to, ic->family);
	out_u8(to, ic->version);
	out_u8(to, ic->vrid);
	out_u8(to, ic->priority);
	out_u8(to, ic->auth_type);
	out_u8(to, (uint8_t)(ic->preempt | ic->track_primary << 1 | ic->garp_lower_prio << 2 |
			    ic->sum << 3));
	out_var(to, ic->down_timer_adverts);
	out_var(to, (uint64_t)ic->adver_int_us);
	out_var(to, (uint64_t)ic->max_follow_us);
	out_var(to, (uint64_t)ic->preempt_delay_us);
	out_var(to, (uint64_t)ic->garp_delay_us);
	out_var(to, (uint64_t)ic->garp_lower_prio_delay_us);
	out_var(to, (uint64_t)ic->garp_refresh_us);
	out_var(to, (uint64_t)ic->garp_interval_us);
	out_var(to, ic->garp_repeat);
	out_var(to, ic->garp_lower_prio_repeat);
	out_var(to, ic->garp_refresh_repeat);
	vr_save_addr(&ic->source, to);
	vr_save_addr(&ic->group, to);
	out_var(to, ic->n_vips);
	out_var(to, ic->n_advertised);
	for (uint16_t v = 0; v < ic->n_vips; v++)
		put_vip(&ic->vips[v], to);
	put_refs(ic->track_ifaces, ic->n_track_ifaces, to);
	put_refs(ic->track_checks, ic->n_track_checks, to);
}

void jrn_put_conf(const struct vr_config *conf, struct outbuf *to)
{
	out_var(to, conf->n_ifaces);
	for (uint16_t i = 0; i < conf->n_ifaces; i++)
		put_text(conf->ifaces[i].name, to);
	out_var(to, conf->n_checks);
	for (uint16_t i = 0; i < conf->n_checks; i++)
		put_check(&conf->checks[i], to);
	out_var(to, conf->n_insts);
	for (uint16_t i = 0; i < conf->n_insts; i++)
		put_inst(&conf->insts[i], to);
}

/* ---- reading ---- */

struct get {
	struct cursor *from;
	struct arena *arena;
	bool no_memory;
};

static void spoil(struct get *g)
{
	g->from->bad = true;
	g->from->at = g->from->end;
}

static void must(struct get *g, bool condition)
{
	if (!condition)
		spoil(g);
}

static uint8_t get_u8(struct get *g, uint8_t least, uint8_t most)
{
	uint8_t v = cur_u8(g->from);

	must(g, v >= least && v <= most);
	return v;
}

static int64_t get_us(struct get *g, int64_t most)
{
	return (int64_t)vr_load_max(g->from, (uint64_t)most);
}

static uint32_t get_u32(struct get *g)
{
	return (uint32_t)vr_load_max(g->from, UINT32_MAX);
}

/* An index below N; 0 when there is none, and then FROM is bad. */
static uint16_t get_index(struct get *g, uint16_t n)
{
	if (n == 0) {
		spoil(g);
		return 0;
	}
	return (uint16_t)vr_load_max(g->from, n - 1u);
}

/* A count of things that take LEAST octets each; more than the rest can hold is a lie. */
static uint16_t get_count(struct get *g, size_t least)
{
	uint64_t n = vr_load_max(g->from, VR_NONE - 1);

	must(g, n <= cur_left(g->from) / least);
	return cur_ok(g->from) ? (uint16_t)n : 0;
}

/* N zeroed things of SIZE octets; NULL: no memory. */
static void *get_array(struct get *g, size_t n, size_t size)
{
	void *v = arena_array(g->arena, n + 1, size);

	g->no_memory |= v == NULL;
	return v;
}

/* Any octets: whoever shows a name to people cleans it, as with a living daemon. */
static const char *get_text(struct get *g, bool may_be_missing)
{
	size_t len = vr_load_max(g->from, NAME_LEN_MAX);
	const uint8_t *at;
	char *text;

	if (len == 0) {
		must(g, may_be_missing);
		return may_be_missing ? NULL : "";
	}
	len--;
	at = g->from->at;
	cur_skip(g->from, len);
	if (!cur_ok(g->from))
		return "";
	text = arena_strn(g->arena, (const char *)at, len);
	g->no_memory |= text == NULL;
	return text ? text : "";
}

/* An address of FAMILY, or none. */
static struct ip_addr get_addr(struct get *g, uint8_t family)
{
	struct ip_addr a = vr_load_addr(g->from);

	must(g, a.family == IP_NONE || a.family == family);
	return a;
}

static struct vr_check_conf get_check(struct get *g)
{
	struct vr_check_conf c = { .name = get_text(g, false) };

	c.rise = get_u32(g);
	c.fall = get_u32(g);
	c.init_fail = get_u8(g, 0, 1);
	c.identity = cur_var(g->from);
	return c;
}

static struct vr_vip get_vip(struct get *g, const struct vr_config *conf)
{
	struct vr_vip v = { .prefix.addr = vr_load_addr(g->from) };
	uint8_t family = v.prefix.addr.family;

	must(g, family != IP_NONE);
	v.prefix.len = get_u8(g, 0, family == IP_V4 ? 32 : 128);
	v.peer = get_addr(g, family);
	v.broadcast = get_addr(g, family);
	v.label = get_text(g, true);
	v.preferred_lft = get_u32(g);
	v.iface = get_index(g, conf->n_ifaces);
	v.scope = cur_u8(g->from);
	v.flags = cur_u8(g->from);
	return v;
}

static const struct vr_ref *get_refs(struct get *g, uint16_t limit, uint16_t *n)
{
	uint16_t count = get_count(g, 3);
	struct vr_ref *refs = get_array(g, count, sizeof(*refs));

	for (uint16_t i = 0; refs && i < count; i++) {
		int64_t weight;

		refs[i].index = get_index(g, limit);
		weight = cur_svar(g->from);
		must(g, weight >= -WEIGHT_MAX && weight <= WEIGHT_MAX);
		refs[i].weight = (int16_t)(cur_ok(g->from) ? weight : 0);
		refs[i].reverse = get_u8(g, 0, 1);
	}
	*n = refs ? count : 0;
	return refs;
}

static void get_vips(struct get *g, const struct vr_config *conf, struct vr_inst_conf *ic)
{
	uint16_t count = get_count(g, 12);
	uint16_t advertised = (uint16_t)vr_load_max(g->from, count < 255 ? count : 255);
	struct vr_vip *vips = get_array(g, count, sizeof(*vips));

	for (uint16_t v = 0; vips && v < count; v++) {
		vips[v] = get_vip(g, conf);
		must(g, v >= advertised || vips[v].prefix.addr.family == ic->family);
	}
	ic->vips = vips;
	ic->n_vips = vips ? count : 0;
	ic->n_advertised = vips ? advertised : 0;
}

static void get_times(struct get *g, struct vr_inst_conf *ic)
{
	ic->down_timer_adverts = (uint32_t)vr_load_max(g->from, ADVERTS_MAX);
	ic->adver_int_us = get_us(g, INTERVAL_MAX);
	must(g, ic->adver_int_us > 0);
	ic->max_follow_us = get_us(g, INTERVAL_MAX);
	ic->preempt_delay_us = get_us(g, DELAY_MAX);
	ic->garp_delay_us = get_us(g, DELAY_MAX);
	ic->garp_lower_prio_delay_us = get_us(g, DELAY_MAX);
	ic->garp_refresh_us = get_us(g, DELAY_MAX);
	ic->garp_interval_us = get_us(g, DELAY_MAX);
	ic->garp_repeat = get_u32(g);
	ic->garp_lower_prio_repeat = get_u32(g);
	ic->garp_refresh_repeat = get_u32(g);
}

static struct vr_inst_conf get_inst(struct get *g, const struct vr_config *conf)
{
	struct vr_inst_conf ic = { .name = get_text(g, false) };
	uint8_t flags;

	ic.iface = get_index(g, conf->n_ifaces);
	ic.family = cur_u8(g->from);
	must(g, ic.family == IP_V4 || ic.family == IP_V6);
	ic.version = get_u8(g, 2, 3);
	ic.vrid = get_u8(g, 1, 255);
	ic.priority = get_u8(g, 1, 255);
	ic.auth_type = get_u8(g, VR_AUTH_NONE, VR_AUTH_AH);
	if (ic.auth_type == VR_AUTH_PASS)
		memcpy(ic.auth_data, JRN_PASSWORD, VR_AUTH_LEN);
	flags = get_u8(g, 0, VR_SUM_PLAIN << 3 | 7);
	ic.sum = flags >> 3;
	ic.preempt = flags & 1;
	ic.track_primary = flags & 2;
	ic.garp_lower_prio = flags & 4;
	get_times(g, &ic);
	ic.source = get_addr(g, ic.family);
	ic.group = get_addr(g, ic.family);
	get_vips(g, conf, &ic);
	ic.track_ifaces = get_refs(g, conf->n_ifaces, &ic.n_track_ifaces);
	ic.track_checks = get_refs(g, conf->n_checks, &ic.n_track_checks);
	return ic;
}

static void get_ifaces(struct get *g, struct vr_config *conf)
{
	uint16_t n = get_count(g, 1);
	struct vr_iface_conf *v = get_array(g, n, sizeof(*v));

	for (uint16_t i = 0; v && i < n; i++)
		v[i].name = get_text(g, false);
	conf->ifaces = v;
	conf->n_ifaces = v ? n : 0;
}

static void get_checks(struct get *g, struct vr_config *conf)
{
	uint16_t n = get_count(g, 5);
	struct vr_check_conf *v = get_array(g, n, sizeof(*v));

	for (uint16_t i = 0; v && i < n; i++)
		v[i] = get_check(g);
	conf->checks = v;
	conf->n_checks = v ? n : 0;
}

static void get_insts(struct get *g, struct vr_config *conf)
{
	uint16_t n = get_count(g, 20);
	struct vr_inst_conf *v = get_array(g, n, sizeof(*v));

	for (uint16_t i = 0; v && i < n; i++)
		v[i] = get_inst(g, conf);
	conf->insts = v;
	conf->n_insts = v ? n : 0;
}

/* No two with equal interface, family and VRID: a book has one place for each. */
static bool are_different(const struct vr_config *conf, bool *no_memory)
{
	struct jrn_book book = { 0 };
	bool different = true;

	if (!jrn_book_make(&book, conf)) {
		*no_memory = true;
		return false;
	}
	for (uint16_t i = 0; i < conf->n_insts; i++) {
		const struct vr_inst_conf *ic = &conf->insts[i];

		if (jrn_book_find(&book, ic->iface, ic->family, ic->vrid) != i)
			different = false;
	}
	jrn_book_free(&book);
	return different;
}

bool jrn_get_conf(struct cursor *from, struct arena *arena, struct vr_config *conf)
{
	struct get g = { .from = from, .arena = arena };

	*conf = (struct vr_config){ 0 };
	get_ifaces(&g, conf);
	get_checks(&g, conf);
	get_insts(&g, conf);
	bool different = cur_ok(from) && !g.no_memory && are_different(conf, &g.no_memory);

	/* After a want of memory the rest was not read from where it stands. */
	from->bad = !different && !g.no_memory;
	return different;
}
