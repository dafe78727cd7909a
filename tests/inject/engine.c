/*
 * Why this exists: a want of memory may cost the engine a fact, a line or the journal, never its
 * state. What runs goes on; a reload that cannot have all it needs changes nothing; and when the
 * kernel is read again, everything is as if nothing had been refused.
 */
#include <stdio.h>
#include <string.h>

#include "inject/inject.h"
#include "unit/engine/jrig.h"

#define START (1000 * SECOND)

static const struct cfg_options how = { .config_id = "node-a" };

/* Bigger than the plain one in every way. */
static struct box *big(void)
{
	struct box *b = box_new();

	for (int v = 1; v < BOX_MAX; v++)
		box_vip(b, 0, v == 1 ? "192.0.2.101/24" : v == 2 ? "192.0.2.102/24" :
								   "192.0.2.103/24");
	box_iface(b, "eth1");
	box_iface(b, "eth2");
	box_inst(b, 52, 1);
	box_vip(b, 1, "198.51.100.1/24");
	box_check(b, "chk", 5, 0, 2);
	box_notify(b, 0, CFG_NOTIFY_MASTER, "/bin/notify");
	return b;
}

static struct cfg *load(struct inj *in)
{
	struct diag_list diags;

	diag_init(&diags);
	struct cfg *cfg = cfg_load(inj_arg(in), &how, &diags);
	diag_free(&diags);
	if (!cfg)
		inj_wrong(in, "%s cannot be loaded", inj_arg(in));
	return cfg;
}

static void start(struct inj *in)
{
	struct cfg *cfg = load(in);
	struct fake f;

	fake_new(&f, box_new());		/* its port and log serve */
	inj_arm(in);
	struct engine *e = eng_new(cfg, &f.port, &f.log);
	bool hit = inj_disarm(in);
	if (!e && !hit)
		inj_wrong(in, "it does not start");
	eng_free(e);
	if (!e)
		cfg_free(cfg);			/* still ours */
	fake_quiet(&f);
	fake_free(&f);
}

/* ---- reload ---- */

static void must_be_untouched(struct inj *in, struct fake *f, const struct cfg *running,
			      int64_t wake_us)
{
	if (eng_cfg(f->engine) != running || f->wake_us != wake_us || eng_reloads(f->engine))
		inj_wrong(in, "a reload that failed has changed something");
	fake_quiet(f);
}

static void reload(struct inj *in)
{
	struct cfg *cfg = load(in);
	struct fake f;

	fake_new(&f, big());
	fake_start(&f);
	fake_until(&f, START + 5 * SECOND);
	fake_forget(&f);
	const struct cfg *running = eng_cfg(f.engine);
	int64_t wake_us = f.wake_us;

	inj_arm(in);
	bool done = eng_reload(f.engine, cfg);
	bool hit = inj_disarm(in);
	if (!done) {
		if (!hit)
			inj_wrong(in, "it does not reload");
		must_be_untouched(in, &f, running, wake_us);
		cfg_free(cfg);			/* still ours */
		fake_until(&f, f.now_us + 2 * SECOND);
		if (fake_state(&f, 0) != VR_MASTER || fake_find(&f, "send slot 0") < 0)
			inj_wrong(in, "it does not go on");
	}
	fake_free(&f);
}

/* ---- going on where an engine ended ---- */

static struct {
	char data[65536];
	size_t len;
} past;

static void on_record(void *ctx, const void *data, size_t len)
{
	(void)ctx;
	if (len > sizeof(past.data))
		len = 0;
	memcpy(past.data, data, len);
	past.len = len;
}

static void resume(struct inj *in)
{
	const char *why = NULL;
	struct box *again = big();
	struct fake f;

	fake_new(&f, big());
	eng_hook(f.engine, &(struct eng_hooks){ .record = on_record });
	fake_start(&f);
	fake_until(&f, START + 5 * SECOND);
	struct eng_past left = { past.data, past.len, f.now_us };

	inj_arm(in);
	struct engine *e = eng_resume(&again->cfg, &left, &f.port, &f.log, &why);
	bool hit = inj_disarm(in);
	if (!e && !hit)
		inj_wrong(in, "it does not go on: %s", why ? why : "");
	if (!e)
		inj_sentence(in, why);
	eng_free(e);
	if (!e)
		cfg_free(&again->cfg);
	fake_free(&f);
}

/* ---- a life ---- */

static void tell_links(struct fake *f)
{
	char name[16] = "net00";

	fake_link(f, 2, "eth0", true);
	fake_link(f, 3, "eth1", true);
	fake_link(f, 4, "eth2", true);
	for (int i = 10; i < 60; i++) {
		name[3] = (char)('0' + i / 10);
		name[4] = (char)('0' + i % 10);
		fake_link(f, i, name, true);
	}
}

static void tell_addrs(struct fake *f)
{
	char text[32];

	fake_addr(f, 2, "192.0.2.1/24", 0);
	fake_addr(f, 3, "198.51.100.9/24", 0);
	for (int i = 10; i < 60; i++) {
		snprintf(text, sizeof(text), "10.0.%d.1/24", i);
		fake_addr(f, i, text, 0);
	}
}

/* Left by a daemon that was killed, with another configuration. */
static void tell_strays(struct fake *f)
{
	char text[32];

	for (int i = 10; i < 50; i++) {
		snprintf(text, sizeof(text), "192.0.2.%d/32", i);
		fake_addr(f, 2, text, PORT_IFA_PROTO);
	}
}

static void read_again(struct fake *f)
{
	fake_forget(f);
	f->up.resync(f->up.ctx);
	tell_links(f);
	tell_addrs(f);
	fake_sync(f);
	fake_forget(f);
	fake_answer(f, 0);
	fake_until(f, f->now_us + 10 * SECOND);
}

static void must_be_well(struct inj *in, struct fake *f)
{
	struct eng_vip_view vip;

	for (uint16_t i = 0; i < 2; i++) {
		if (fake_state(f, i) != VR_MASTER)
			inj_wrong(in, "instance %u is not MASTER after a re-read", i);
		eng_vip_look(f->engine, i, 0, &vip);
		if (!vip.held)
			inj_wrong(in, "the address of instance %u is not held", i);
	}
}

/* Something is told of what was refused, but not of what was borne. */
static void must_be_told(struct inj *in, struct fake *f, bool hit)
{
	size_t told = fake_logged(f, "memory");

	if (hit && !told)
		inj_wrong(in, "nothing is said");
	if (told > 60)
		inj_wrong(in, "%zu lines are said", told);
}

static void facts(struct inj *in)
{
	struct fake f;

	fake_new(&f, big());
	inj_arm(in);
	tell_links(&f);
	tell_addrs(&f);
	tell_strays(&f);
	fake_sync(&f);
	fake_forget(&f);
	fake_answer(&f, 0);
	bool hit = inj_disarm(in);
	must_be_told(in, &f, hit);
	f.n_lines = 0;
	read_again(&f);
	must_be_well(in, &f);
	fake_free(&f);
}

/* Becoming MASTER, adverts, a lost address, a stop: nothing of it may need memory. */
static void duty(struct inj *in)
{
	struct fake f;

	fake_new(&f, big());
	tell_links(&f);
	tell_addrs(&f);
	fake_sync(&f);
	fake_forget(&f);
	inj_arm(in);
	fake_answer(&f, 0);
	fake_until(&f, f.now_us + 10 * SECOND);
	fake_forget(&f);
	must_be_well(in, &f);
	fake_unaddr(&f, 2, "192.0.2.100/24");
	fake_until(&f, f.now_us + 2 * SECOND);
	if (fake_find(&f, "+ 192.0.2.100/24") < 0)
		inj_wrong(in, "a lost address is not put back");
	fake_forget(&f);
	eng_stop(f.engine);
	fake_answer(&f, 0);
	inj_disarm_none(in);
	fake_free(&f);
}

/* ---- the journal ---- */

/* The journal may have a gap or end; what is in it is true. */
static void journal(struct inj *in)
{
	struct box *b = big();
	struct rig r;

	rig_new(&r, box_new(), SMALL);
	fake_start(&r.f);
	pass(&r, 20 * SECOND);
	inj_arm(in);
	bool done = eng_reload(r.f.engine, &b->cfg);
	bool hit = inj_disarm(in);
	if (!done)
		cfg_free(&b->cfg);
	if (hit && done && !fake_logged(&r.f, "memory"))
		inj_wrong(in, "nothing is said of the journal");
	pass(&r, 10 * SECOND);
	if (!replay_of(&r, r.m.size) || r.result.differences || r.result.damaged)
		inj_wrong(in, "the journal is wrong: %s %s", r.result.why, r.notes.s);
	if (!hit && strcmp(r.again.s, r.told.s) != 0)
		inj_wrong(in, "the journal is not whole");
	rig_free(&r);
}

static void replay_it(struct inj *in)
{
	struct rig r;

	rig_new(&r, big(), SMALL);
	fake_start(&r.f);
	pass(&r, 20 * SECOND);
	inj_arm(in);
	bool good = replay_of(&r, r.m.size);
	bool hit = inj_disarm(in);
	if (!good && !hit)
		inj_wrong(in, "it cannot be told");
	if (!good)
		inj_sentence(in, r.result.why);
	else if (strcmp(r.again.s, r.told.s) != 0)
		inj_wrong(in, "it says that all was told, and something else was");
	rig_free(&r);
}

const struct inj_op inj_engine[] = {
	{ "engine: start with the pair's file", start, "tests/golden/seed-node-a.conf" },
	{ "engine: start with scripts", start, "tests/golden/scripts.conf" },
	{ "engine: start with 300 addresses", start, "tests/golden/too-many-addresses.conf" },
	{ "engine: reload to the pair's file", reload, "tests/golden/seed-node-a.conf" },
	{ "engine: reload to scripts", reload, "tests/golden/scripts.conf" },
	{ "engine: go on where one ended", resume, NULL },
	{ "engine: facts come in", facts, NULL },
	{ "engine: duty needs no memory", duty, NULL },
	{ "engine: reload with a journal", journal, NULL },
	{ "engine: replay a journal", replay_it, NULL },
	{ 0 },
};
