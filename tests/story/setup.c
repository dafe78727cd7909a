/*
 * The configuration part of a story.
 *
 * The core takes a configuration as plain arrays. A story states it in words that a reader of
 * keepalived.conf knows, changes it for a reload, and keeps the old one running meanwhile; so it
 * lives in a struct that can be copied as a whole.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/timing.h"
#include "story.h"

void bad_story(const struct words *w, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", w->file, w->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

const char *word_next(struct words *w)
{
	if (w->at == w->n)
		bad_story(w, "a word is missing at the end of the line");
	return w->v[w->at++];
}

bool word_is(struct words *w, const char *word)
{
	if (w->at == w->n || strcmp(w->v[w->at], word) != 0)
		return false;
	w->at++;
	return true;
}

long word_number(struct words *w, long least, long most)
{
	const char *word = word_next(w);
	char *end;
	long n = strtol(word, &end, 10);

	if (end == word || *end || n < least || n > most)
		bad_story(w, "'%s' is not a number from %ld to %ld", word, least, most);
	return n;
}

int64_t word_seconds(struct words *w)
{
	const char *word = word_next(w);
	char *end;
	double s = strtod(word, &end);

	if (end == word || *end || s < 0 || s > 1e6)
		bad_story(w, "'%s' is not a number of seconds", word);
	return (int64_t)(s * 1e6 + 0.5);
}

struct ip_addr word_addr(struct words *w)
{
	const char *word = word_next(w);
	struct ip_addr a;

	if (!ip_parse(word, &a))
		bad_story(w, "'%s' is not an address", word);
	return a;
}

void words_end(const struct words *w)
{
	if (w->at < w->n)
		bad_story(w, "'%s' was not expected here", w->v[w->at]);
}

static void set_name(struct words *w, char to[NAME_MAX_])
{
	const char *word = word_next(w);

	if (strlen(word) >= NAME_MAX_)
		bad_story(w, "'%s' is too long", word);
	strcpy(to, word);
}

uint16_t plan_iface(struct plan *p, const struct words *w, const char *name)
{
	for (uint16_t i = 0; i < p->n_ifaces; i++)
		if (strcmp(p->ifaces[i], name) == 0)
			return i;
	if (p->n_ifaces == MAX_IFACES || strlen(name) >= NAME_MAX_)
		bad_story(w, "no room for interface %s", name);
	strcpy(p->ifaces[p->n_ifaces], name);
	return p->n_ifaces++;
}

/* ---- instances ---- */

static struct plan_inst *find_inst(struct plan *p, const char *name)
{
	for (uint16_t i = 0; i < p->n_insts; i++)
		if (strcmp(p->insts[i].name, name) == 0)
			return &p->insts[i];
	return NULL;
}

/* keepalived's defaults, except for the VRID, which it wants to be told. */
static struct plan_inst *add_inst(struct plan *p, struct words *w, const char *name)
{
	static const uint8_t group[4] = { 224, 0, 0, 18 };

	if (p->n_insts == MAX_INSTS || strlen(name) >= NAME_MAX_)
		bad_story(w, "no room for instance %s", name);
	struct plan_inst *in = &p->insts[p->n_insts++];
	memset(in, 0, sizeof(*in));
	strcpy(in->name, name);
	in->conf = (struct vr_inst_conf){
		.iface = plan_iface(p, w, "eth0"), .family = IP_V4, .version = 2, .vrid = 51,
		.priority = 100, .preempt = true, .track_primary = true, .garp_lower_prio = true,
		.down_timer_adverts = 3, .adver_int_us = SECOND_US, .garp_delay_us = 5 * SECOND_US,
		.garp_lower_prio_delay_us = 5 * SECOND_US, .garp_repeat = 5,
		.garp_lower_prio_repeat = 5, .garp_refresh_repeat = 1, .group = ip_v4(group),
	};
	return in;
}

static void set_pass(struct plan_inst *in, struct words *w)
{
	const char *word = word_next(w);
	size_t len = strlen(word);

	in->conf.auth_type = VR_AUTH_PASS;
	memset(in->conf.auth_data, 0, VR_AUTH_LEN);
	memcpy(in->conf.auth_data, word, len < VR_AUTH_LEN ? len : VR_AUTH_LEN);
}

/* Settings that are one number of seconds or repeats. */
static bool set_plain(struct plan_inst *in, struct words *w)
{
	struct vr_inst_conf *c = &in->conf;
	const struct {
		const char *word;
		int64_t *time;
		uint32_t *count;
	} plain[] = {
		{ "preempt_delay", &c->preempt_delay_us, NULL },
		{ "garp_master_delay", &c->garp_delay_us, NULL },
		{ "garp_master_repeat", NULL, &c->garp_repeat },
		{ "garp_master_refresh", &c->garp_refresh_us, NULL },
		{ "garp_master_refresh_repeat", NULL, &c->garp_refresh_repeat },
		{ "garp_lower_prio_delay", &c->garp_lower_prio_delay_us, NULL },
		{ "garp_lower_prio_repeat", NULL, &c->garp_lower_prio_repeat },
		{ "down_timer_adverts", NULL, &c->down_timer_adverts },
		{ "max_advert_int", &c->max_follow_us, NULL },
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (!word_is(w, plain[i].word))
			continue;
		if (plain[i].time)
			*plain[i].time = word_seconds(w);
		else
			*plain[i].count = (uint32_t)word_number(w, 0, 100);
		return true;
	}
	return false;
}

static bool set_one(struct plan *p, struct plan_inst *in, struct words *w)
{
	struct vr_inst_conf *c = &in->conf;

	if (word_is(w, "interface"))
		c->iface = plan_iface(p, w, word_next(w));
	else if (word_is(w, "vrid"))
		c->vrid = (uint8_t)word_number(w, 1, 255);
	else if (word_is(w, "priority"))
		c->priority = (uint8_t)word_number(w, 0, 255);
	else if (word_is(w, "checksum"))
		c->sum = word_is(w, "message") ? VR_SUM_PLAIN :
			 word_is(w, "pseudo-header") ? VR_SUM_PSEUDO : VR_SUM_LEARN;
	else if (word_is(w, "version"))
		c->version = (uint8_t)word_number(w, 2, 3);
	else if (word_is(w, "advert_int"))
		c->adver_int_us = word_seconds(w);
	else if (word_is(w, "pass"))
		set_pass(in, w);
	else if (word_is(w, "nopreempt"))
		c->preempt = false;
	else if (word_is(w, "preempt"))
		c->preempt = true;
	else if (word_is(w, "dont_track_primary"))
		c->track_primary = false;
	else if (word_is(w, "mcast_src_ip"))
		c->source = word_addr(w);
	else if (word_is(w, "named"))
		set_name(w, in->name);
	else
		return set_plain(in, w);
	return true;
}

void plan_settings(struct plan *p, struct plan_inst *in, struct words *w)
{
	while (w->at < w->n)
		if (!set_one(p, in, w))
			bad_story(w, "'%s' is no setting of an instance", word_next(w));
	in->conf.adver_int_us = tim_wire_interval_us(in->conf.version, in->conf.adver_int_us);
	if (in->conf.version == 3) {
		in->conf.auth_type = VR_AUTH_NONE;
		memset(in->conf.auth_data, 0, VR_AUTH_LEN);
	}
}

static void st_instance(struct plan *p, struct words *w)
{
	const char *name = word_next(w);
	struct plan_inst *in = find_inst(p, name);

	if (!in)
		in = add_inst(p, w, name);
	p->current = (uint16_t)(in - p->insts);
	plan_settings(p, in, w);
}

static struct plan_inst *current(struct plan *p, const struct words *w)
{
	if (p->n_insts == 0)
		bad_story(w, "no instance has been named yet");
	return &p->insts[p->current];
}

static struct ip_prefix word_prefix(struct words *w)
{
	const char *word = word_next(w);
	struct ip_prefix prefix;

	if (!ip_parse_prefix(word, &prefix))
		bad_story(w, "'%s' is not an address with a prefix length", word);
	return prefix;
}

static void st_address(struct plan *p, struct words *w)
{
	struct plan_inst *in = current(p, w);
	struct vr_vip vip = {
		.prefix = word_prefix(w), .iface = in->conf.iface,
		.preferred_lft = VR_LFT_FOREVER,
	};

	if (word_is(w, "dev"))
		vip.iface = plan_iface(p, w, word_next(w));
	if (word_is(w, "scope"))
		vip.scope = (uint8_t)word_number(w, 0, 255);
	if (word_is(w, "excluded"))
		vip.flags |= VR_VIP_EXCLUDED;
	if (word_is(w, "no_track"))
		vip.flags |= VR_VIP_NO_TRACK;
	if (in->n_vips == MAX_VIPS)
		bad_story(w, "too many addresses");
	in->vips[in->n_vips++] = vip;
}

/* ---- checks and what is tracked ---- */

static uint64_t hash(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	while (*text)
		h = (h ^ (unsigned char)*text++) * UINT64_C(1099511628211);
	return h;
}

static uint16_t find_check(struct plan *p, const char *name)
{
	for (uint16_t i = 0; i < p->n_checks; i++)
		if (strcmp(p->checks[i].name, name) == 0)
			return i;
	return VR_NONE;
}

static void st_check(struct plan *p, struct words *w)
{
	const char *name = word_next(w);
	uint16_t i = find_check(p, name);

	if (i == VR_NONE) {
		if (p->n_checks == MAX_CHECKS || strlen(name) >= NAME_MAX_)
			bad_story(w, "no room for check %s", name);
		i = p->n_checks++;
		p->checks[i].conf = (struct vr_check_conf){ .rise = 1, .fall = 1 };
		strcpy(p->checks[i].name, name);
	}
	struct vr_check_conf *c = &p->checks[i].conf;
	while (w->at < w->n) {
		if (word_is(w, "rise"))
			c->rise = (uint32_t)word_number(w, 1, 1000);
		else if (word_is(w, "fall"))
			c->fall = (uint32_t)word_number(w, 1, 1000);
		else if (word_is(w, "init_fail"))
			c->init_fail = true;
		else if (word_is(w, "command"))
			c->identity = hash(word_next(w));
		else
			bad_story(w, "'%s' is no setting of a check", word_next(w));
	}
}

static void st_track(struct plan *p, struct words *w)
{
	struct plan_inst *in = current(p, w);
	bool check = word_is(w, "check");
	struct vr_ref ref = { 0 };

	if (check)
		ref.index = find_check(p, word_next(w));
	else if (word_is(w, "interface"))
		ref.index = plan_iface(p, w, word_next(w));
	else
		bad_story(w, "track check NAME, or track interface NAME");
	if (ref.index == VR_NONE)
		bad_story(w, "there is no such check");
	if (word_is(w, "weight"))
		ref.weight = (int16_t)word_number(w, -253, 253);
	ref.reverse = word_is(w, "reverse");
	if ((check ? in->n_checks : in->n_ifaces) == MAX_REFS)
		bad_story(w, "too much is tracked");
	if (check)
		in->checks[in->n_checks++] = ref;
	else
		in->ifaces[in->n_ifaces++] = ref;
}

/* ---- taking away, for a reload ---- */

static void drop_address(struct plan_inst *in, struct words *w)
{
	struct ip_prefix gone = word_prefix(w);
	uint16_t kept = 0;

	for (uint16_t v = 0; v < in->n_vips; v++)
		if (!ip_equal(&in->vips[v].prefix.addr, &gone.addr))
			in->vips[kept++] = in->vips[v];
	if (kept == in->n_vips)
		bad_story(w, "there is no such address");
	in->n_vips = kept;
}

static void drop_instance(struct plan *p, struct words *w)
{
	struct plan_inst *in = find_inst(p, word_next(w));

	if (!in)
		bad_story(w, "there is no such instance");
	p->n_insts--;
	memmove(in, in + 1, (size_t)(&p->insts[p->n_insts] - in) * sizeof(*in));
	p->current = 0;
}

static void st_no(struct plan *p, struct words *w)
{
	if (word_is(w, "instance"))
		drop_instance(p, w);
	else if (word_is(w, "address"))
		drop_address(current(p, w), w);
	else if (word_is(w, "tracks"))
		current(p, w)->n_checks = current(p, w)->n_ifaces = 0;
	else
		bad_story(w, "no instance NAME, no address A, or no tracks");
}

void plan_statement(struct plan *p, struct words *w)
{
	static const struct {
		const char *word;
		void (*run)(struct plan *, struct words *);
	} statements[] = {
		{ "instance", st_instance }, { "address", st_address }, { "check", st_check },
		{ "track", st_track }, { "no", st_no },
	};

	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		if (!word_is(w, statements[i].word))
			continue;
		statements[i].run(p, w);
		words_end(w);
		return;
	}
	bad_story(w, "'%s' is no statement of a node", word_next(w));
}

/* ---- building ---- */

/* The advertised addresses first, as the core wants them, in their order. */
static void build_vips(struct plan_inst *in)
{
	struct vr_vip sorted[MAX_VIPS];
	uint16_t n = 0;

	for (int excluded = 0; excluded < 2; excluded++) {
		for (uint16_t v = 0; v < in->n_vips; v++)
			if (!(in->vips[v].flags & VR_VIP_EXCLUDED) == !excluded)
				sorted[n++] = in->vips[v];
		if (!excluded)
			in->conf.n_advertised = n;
	}
	memcpy(in->vips, sorted, n * sizeof(sorted[0]));
}

/* Equal identities mean equal checks: the command's hash, and the rest. */
static uint64_t identity(const struct vr_check_conf *c)
{
	return c->identity + (c->rise * 1000003ull + c->fall) * 2 + c->init_fail;
}

void plan_build(struct plan *p)
{
	for (uint16_t i = 0; i < p->n_ifaces; i++)
		p->iface_confs[i].name = p->ifaces[i];
	for (uint16_t i = 0; i < p->n_checks; i++) {
		p->check_confs[i] = p->checks[i].conf;
		p->check_confs[i].name = p->checks[i].name;
		p->check_confs[i].identity = identity(&p->checks[i].conf);
	}
	for (uint16_t i = 0; i < p->n_insts; i++) {
		struct plan_inst *in = &p->insts[i];

		build_vips(in);
		in->conf.name = in->name;
		if (!in->conf.max_follow_us)
			in->conf.max_follow_us = tim_max_follow_us(in->conf.adver_int_us);
		in->conf.vips = in->vips;
		in->conf.n_vips = in->n_vips;
		in->conf.track_ifaces = in->ifaces;
		in->conf.n_track_ifaces = in->n_ifaces;
		in->conf.track_checks = in->checks;
		in->conf.n_track_checks = in->n_checks;
		p->inst_confs[i] = in->conf;
	}
	p->vr = (struct vr_config){
		.ifaces = p->iface_confs, .n_ifaces = p->n_ifaces, .checks = p->check_confs,
		.n_checks = p->n_checks, .insts = p->inst_confs, .n_insts = p->n_insts,
	};
}
