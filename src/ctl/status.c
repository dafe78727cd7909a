/*
 * The whole truth in one object.
 *
 * Whoever looks after an address must be able to ask why it is where it is, without reading a log
 * and without trusting a file that a dead daemon left behind. So the snapshot is built when it is
 * asked for, out of the engine's own views: nothing in it is kept, and nothing in it can be
 * stale.
 */
#include "ctl/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/names.h"
#include "ctl/request.h"
#include "ctl/text.h"

#define US_PER_S 1000000
#define SECONDS_PER_DAY 86400
#define CLOCK_WAS_SET_US 50000	/* less is the time between two looks, or a clock that is slewed */

/* What every part of the snapshot looks at. */
struct look {
	const struct engine *e;
	const struct sta_daemon *d;
	const struct cfg *cfg;
	const struct vr_node *node;
	int64_t now_us;
};

/* An array that is gone (NULL) once something could not be added. Takes over ITEM. */
static json_t *append(json_t *array, json_t *item)
{
	if (array && json_array_append_new(array, item) == 0)
		return array;
	if (!array)
		json_decref(item);
	json_decref(array);
	return NULL;
}

static json_t *seconds(int64_t us)
{
	return json_real((double)us / US_PER_S);
}

/* Seconds since AT_US; null for a moment that has not come. */
static json_t *age(const struct look *l, int64_t at_us)
{
	return at_us == VR_NEVER ? json_null() : seconds(l->now_us - at_us);
}

static json_t *address(const struct ip_addr *a)
{
	char text[IP_TEXT_MAX];

	return a->family == IP_NONE ? json_null() : json_string(ip_text(a, text));
}

static json_t *error_text(int error)
{
	const char *text = error ? strerrordesc_np(error) : NULL;

	return text || !error ? json_pack("s?", text) : json_sprintf("error %d", error);
}

/*
 * Days since 1970-01-01 to a date of the Gregorian calendar, counted in years that begin in
 * March.
 */
static void civil(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;		/* 0000-03-01 to 1970-01-01 */
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t in_era = z - era * 146097;
	int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * in_year + 2) / 153;

	*day = (int)(in_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

/* Done by hand: the C library would read the time zone from a file, which this floor may not. */
static json_t *iso_time(int64_t wall_us)
{
	int64_t s = wall_us / US_PER_S;
	int64_t days = s / SECONDS_PER_DAY;
	int of_day = (int)(s % SECONDS_PER_DAY);
	int year, month, day;

	if (wall_us < 0)
		return json_null();
	civil(days, &year, &month, &day);
	return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", year, month, day, of_day / 3600,
			    of_day / 60 % 60, of_day % 60, (int)(wall_us % US_PER_S));
}

void sta_clock(struct sta_daemon *d, const struct engine *e)
{
	int64_t ahead = eng_wall_us(e) - eng_now_us(e);

	if (llabs(ahead - d->wall_ahead_us) > CLOCK_WAS_SET_US)
		d->wall_ahead_us = ahead;
	if (!d->started_wall_us)
		d->started_wall_us = eng_started_us(e) + ahead;
}

json_t *sta_time(const struct sta_daemon *d, int64_t at_us)
{
	return iso_time(at_us + d->wall_ahead_us);
}

json_t *sta_envelope(const struct sta_daemon *d, bool ok, int64_t at_us)
{
	return json_pack("{s:b, s:i, s:i, s:o, s:I}", "ok", ok, "version", REQ_VERSION, "pid",
			 (int)d->pid, "started", iso_time(d->started_wall_us), "monotonic_us",
			 (json_int_t)at_us);
}

static json_t *rejects(const uint64_t *counts)
{
	json_t *o = json_object();

	for (int r = PKT_OK + 1; o && r < PKT_N_REJECTS; r++) {
		if (json_object_set_new(o, nam_reject(r), json_integer((json_int_t)counts[r]))) {
			json_decref(o);
			return NULL;
		}
	}
	return o;
}

static json_t *refusal(const struct look *l)
{
	int64_t at_us = VR_NEVER;
	const char *sentence = eng_refusal(l->e, &at_us);

	if (!sentence)
		return json_null();
	return json_pack("{s:o, s:o}", "error", txt_json(sentence), "age_s", age(l, at_us));
}

static json_t *config_files(const struct look *l)
{
	json_t *a = json_array();

	for (const char **f = l->cfg->files; a && f && *f; f++)
		a = append(a, txt_json(*f));
	return a;
}

static json_t *daemon_part(const struct look *l)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:o, s:o}",
			 "version", l->d->version,
			 "router_id", txt_json(l->cfg->global.router_id),
			 "uptime_s", age(l, eng_started_us(l->e)),
			 "config_files", config_files(l),
			 "config_errors", (json_int_t)l->cfg->n_errors,
			 "reloads", (json_int_t)eng_reloads(l->e),
			 "reload_refused", refusal(l),
			 "rejects", rejects(vr_node_rejects(l->node)));
}

/* ---- one instance ---- */

static const char *iface_name(const struct look *l, uint16_t iface)
{
	return l->cfg->vr.ifaces[iface].name;
}

static json_t *add_part(json_t *parts, const char *kind, const char *name, int delta)
{
	if (!delta)
		return parts;
	return append(parts, json_pack("{s:s, s:o, s:i}", "kind", kind, "name", txt_json(name),
				       "delta", delta));
}

/* What the weights give, and what the limits (1..254, the owner's 255) take back. */
static json_t *priority_parts(const struct look *l, const struct vr_inst_conf *ic, int effective)
{
	json_t *parts = json_array();
	int sum = ic->priority;

	for (uint16_t i = 0; i < ic->n_track_ifaces; i++) {
		const struct vr_ref *ref = &ic->track_ifaces[i];
		int delta = vr_iface_delta(l->node, ref);

		parts = add_part(parts, "interface", iface_name(l, ref->index), delta);
		sum += delta;
	}
	for (uint16_t i = 0; i < ic->n_track_checks; i++) {
		const struct vr_ref *ref = &ic->track_checks[i];
		int delta = vr_check_delta(l->node, ref);

		parts = add_part(parts, "check", l->cfg->vr.checks[ref->index].name, delta);
		sum += delta;
	}
	return add_part(parts, "limit", NULL, effective - sum);
}

static json_t *subject(json_t *to, const char *kind, const char *name)
{
	return append(to, json_pack("{s:s, s:o}", "kind", kind, "name", txt_json(name)));
}

static json_t *tracked_ifaces_at_fault(const struct look *l, const struct vr_inst_conf *ic)
{
	json_t *a = json_array();

	for (uint16_t i = 0; i < ic->n_track_ifaces; i++) {
		const struct vr_ref *ref = &ic->track_ifaces[i];
		struct vr_iface_view v;

		vr_iface_look(l->node, ref->index, &v);
		if (ref->weight == 0 && (v.exists && v.up) == ref->reverse)
			a = subject(a, "interface", iface_name(l, ref->index));
	}
	return a;
}

/* Each interface once. */
static json_t *address_ifaces_at_fault(const struct look *l, uint16_t inst)
{
	const struct vr_inst_conf *ic = &l->cfg->vr.insts[inst];
	json_t *a = json_array();

	for (uint16_t i = 0; i < ic->n_vips; i++) {
		bool told = false;

		for (uint16_t k = 0; k < i && !told; k++)
			told = ic->vips[k].iface == ic->vips[i].iface &&
			       vr_vip_cut_off(l->node, inst, k);
		if (!told && vr_vip_cut_off(l->node, inst, i))
			a = subject(a, "interface", iface_name(l, ic->vips[i].iface));
	}
	return a;
}

static json_t *foreign_addresses(const struct look *l, uint16_t inst)
{
	const struct vr_inst_conf *ic = &l->cfg->vr.insts[inst];
	char text[IP_PREFIX_TEXT_MAX];
	json_t *a = json_array();

	for (uint16_t i = 0; i < ic->n_vips; i++)
		if (vr_vip_foreign(l->node, inst, i))
			a = subject(a, "address", ip_prefix_text(&ic->vips[i].prefix, text));
	return a;
}

static json_t *checks_at_fault(const struct look *l, const struct vr_inst_conf *ic, bool known)
{
	json_t *a = json_array();

	for (uint16_t i = 0; i < ic->n_track_checks; i++) {
		const struct vr_ref *ref = &ic->track_checks[i];
		struct vr_check_view v;

		vr_check_look(l->node, ref->index, &v);
		if (ref->weight != 0 || v.known != known)
			continue;
		if (!known || v.good == ref->reverse)
			a = subject(a, "check", l->cfg->vr.checks[ref->index].name);
	}
	return a;
}

static json_t *fault_subjects(const struct look *l, uint16_t inst, enum vr_fault fault)
{
	const struct vr_inst_conf *ic = &l->cfg->vr.insts[inst];

	switch (fault) {
	case VR_FAULT_TRACK_IF:
		return tracked_ifaces_at_fault(l, ic);
	case VR_FAULT_CHECK_PENDING:
		return checks_at_fault(l, ic, false);
	case VR_FAULT_CHECK:
		return checks_at_fault(l, ic, true);
	case VR_FAULT_ADDR_IF:
		return address_ifaces_at_fault(l, inst);
	case VR_FAULT_ADDR_FOREIGN:
		return foreign_addresses(l, inst);
	default:
		return subject(json_array(), "interface", iface_name(l, ic->iface));
	}
}

static json_t *faults(const struct look *l, uint16_t inst, uint32_t set)
{
	json_t *a = json_array();

	for (int f = 0; a && f < VR_N_FAULTS; f++)
		if (set & 1u << f)
			a = append(a, json_pack("{s:s, s:s, s:s?, s:o}",
						"fault", nam_fault(f),
						"sentence", nam_fault_sentence(f),
						"cure", nam_fault_cure(f),
						"subjects", fault_subjects(l, inst, f)));
	return a;
}

static json_t *master(const struct look *l, const struct vr_inst_view *v)
{
	bool self = v->state == VR_MASTER;

	if (v->master.family == IP_NONE)
		return json_null();
	return json_pack("{s:o, s:b, s:i, s:o, s:o}",
			 "address", address(&v->master),
			 "self", self,
			 "priority", v->master_priority,
			 "last_advert_age_s", self ? json_null() : age(l, v->last_rx_us),
			 "advert_interval_s",
			 v->master_int_us ? seconds(v->master_int_us) : json_null());
}

static json_t *signs(const struct vr_rival *r)
{
	json_t *a = json_array();

	for (int sign = VR_SIGN_ADVERT; a && sign < VR_N_SIGNS; sign++)
		if (r->signs & 1u << sign)
			a = append(a, json_string(nam_sign(sign)));
	return a;
}

static json_t *rejected(const struct vr_rival *r)
{
	if (!(r->signs & 1u << VR_SIGN_REJECT))
		return json_null();
	return json_pack("{s:o, s:s, s:s}",
			 "source", address(&r->rejected),
			 "reason", nam_reject(r->reason),
			 "sentence", nam_reject_sentence(r->reason));
}

static json_t *conflict(const struct look *l, const struct vr_rival *r)
{
	char mac[NAM_MAC_MAX];

	if (!r->signs)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "claims", address(&r->claims),
			 "source", address(&r->source),
			 "rejected", rejected(r),
			 "mac", txt_json(nam_mac(r->mac, mac)),
			 "signs", signs(r),
			 "since", sta_time(l->d, r->since_us),
			 "last_age_s", age(l, r->last_us));
}

/* Over IPv6 there is one form only, and version 2 has no other. */
static json_t *checksum(const struct vr_inst_conf *ic, const struct vr_inst_view *v)
{
	if (ic->version != 3 || ic->family != IP_V4)
		return json_null();
	return json_string(v->plain_sum ? "message" : "pseudo-header");
}

static json_t *damping(const struct look *l, const struct vr_damping *d)
{
	if (!d->on)
		return json_null();
	return json_pack("{s:o, s:o, s:I, s:I}",
			 "since", sta_time(l->d, d->since_us),
			 "ends_in_s", seconds(d->until_us - l->now_us),
			 "changes", (json_int_t)d->changes,
			 "unsaid", (json_int_t)d->unsaid);
}

static json_t *vip(const struct look *l, uint16_t inst, uint16_t index)
{
	const struct vr_vip *conf = &l->cfg->vr.insts[inst].vips[index];
	char text[IP_PREFIX_TEXT_MAX];
	struct eng_vip_view v;

	eng_vip_look(l->e, inst, index, &v);
	return json_pack("{s:s, s:o, s:b, s:b, s:b, s:b, s:o}",
			 "address", ip_prefix_text(&conf->prefix, text),
			 "interface", txt_json(iface_name(l, conf->iface)),
			 "excluded", (conf->flags & VR_VIP_EXCLUDED) != 0,
			 "tracked", (conf->flags & VR_VIP_NO_TRACK) == 0,
			 "held", v.held,
			 "pending", v.pending,
			 "error", error_text(v.error));
}

static json_t *addresses(const struct look *l, uint16_t inst)
{
	json_t *a = json_array();

	for (uint16_t i = 0; a && i < l->cfg->vr.insts[inst].n_vips; i++)
		a = append(a, vip(l, inst, i));
	return a;
}

static json_t *counters(const struct vr_counters *c, const struct eng_inst_view *ev)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}",
			 "adverts_received", (json_int_t)c->rx,
			 "adverts_sent", (json_int_t)c->tx,
			 "became_master", (json_int_t)c->become_master,
			 "released_master", (json_int_t)c->release_master,
			 "priority_zero_received", (json_int_t)c->prio_zero_rx,
			 "priority_zero_sent", (json_int_t)c->prio_zero_tx,
			 "addresses_differ", (json_int_t)c->vips_differ,
			 "lower_priority_received", (json_int_t)c->lower_rx,
			 "dampings", (json_int_t)c->dampings,
			 "send_errors", (json_int_t)ev->send_errors,
			 "notify_failed", (json_int_t)ev->notify_failed,
			 "notify_overtaken", (json_int_t)ev->notify_overtaken,
			 "rejects", rejects(c->rejects));
}

static json_t *notify(const struct eng_inst_view *ev)
{
	if (!ev->notify_script[0])
		return json_null();
	return json_pack("{s:o, s:o, s:I}",
			 "script", txt_json(ev->notify_script),
			 "running_s", seconds(ev->notify_us),
			 "waiting", (json_int_t)ev->notify_waiting);
}

/*
 * The engine keeps the whole line, "(VI_1) Entering MASTER STATE: no master was heard"; what stands
 * before the reason has members of its own here.
 */
static const char *reason(const char *line, const char *name, enum vr_cause cause)
{
	size_t skip = strlen(name) + 2;
	const char *colon = strlen(line) > skip ? strstr(line + skip, ": ") : NULL;

	return colon ? colon + 2 : nam_cause_sentence(cause);
}

static json_t *instance(const struct look *l, uint16_t inst)
{
	const struct vr_inst_conf *ic = &l->cfg->vr.insts[inst];
	struct vr_inst_view v;
	struct eng_inst_view ev;
	json_t *state, *rest;

	vr_inst_look(l->node, inst, &v);
	eng_inst_look(l->e, inst, &ev);
	state = json_pack("{s:o, s:o, s:i, s:i, s:s, s:s, s:o, s:o, s:o, s:s}",
			  "name", txt_json(ic->name),
			  "interface", txt_json(iface_name(l, ic->iface)),
			  "vrid", ic->vrid,
			  "version", ic->version,
			  "family", ic->family == IP_V6 ? "ipv6" : "ipv4",
			  "state", nam_state(v.waits ? VR_INIT : v.state),
			  "since", sta_time(l->d, v.since_us),
			  "age_s", age(l, v.since_us),
			  "why", txt_json(reason(ev.why, ic->name, v.cause)),
			  "cause", nam_cause(v.cause));
	rest = json_pack("{s:i, s:i, s:o, s:b,"
			 " s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "base_priority", ic->priority,
			 "effective_priority", v.effective_priority,
			 "priority_parts", priority_parts(l, ic, v.effective_priority),
			 "preempt", ic->preempt,
			 "checksum", checksum(ic, &v),
			 "faults", faults(l, inst, v.faults),
			 "source", address(&v.source),
			 "master", master(l, &v),
			 "conflict", conflict(l, &v.rival),
			 "damping", damping(l, &v.damping),
			 "addresses", addresses(l, inst),
			 "counters", counters(&v.counters, &ev),
			 "notify", notify(&ev),
			 "send_error", error_text(ev.send_errno),
			 "next_timer_s", v.deadline_us == VR_NEVER ?
			 json_null() : seconds(v.deadline_us - l->now_us));
	if (!state || !rest || json_object_update(state, rest)) {
		json_decref(state);
		state = NULL;
	}
	json_decref(rest);
	return state;
}

/* ---- what instances refer to ---- */

static json_t *check(const struct look *l, uint16_t index)
{
	const struct vr_check_conf *conf = &l->cfg->vr.checks[index];
	const struct cfg_check *cc = &l->cfg->checks[index];
	struct vr_check_view v;
	struct eng_check_view ev;
	bool ended;

	vr_check_look(l->node, index, &v);
	eng_check_look(l->e, index, &ev);
	ended = ev.ended_us != VR_NEVER;
	return json_pack("{s:o, s:o, s:s, s:s, s:i, s:o, s:b, s:o, s:o, s:o, s:I, s:I, s:I, s:o,"
			 " s:o}",
			 "name", txt_json(conf->name),
			 "script", txt_json(cc->command.argv ? cc->command.argv[0] : NULL),
			 "verdict", !v.known ? "unknown" : v.good ? "good" : "failed",
			 "result", nam_check(v.result),
			 "code", (int)v.code,
			 "detail", txt_json(ev.detail),
			 "running", ev.running,
			 "running_s", ev.running ? age(l, ev.started_us) : json_null(),
			 "took_ms", ended ? json_real((double)ev.took_us / 1000) : json_null(),
			 "age_s", age(l, ev.ended_us),
			 "streak", (json_int_t)v.run,
			 "rise", (json_int_t)conf->rise,
			 "fall", (json_int_t)conf->fall,
			 "interval_s", seconds(cc->interval_us),
			 "timeout_s", seconds(cc->timeout_us));
}

static json_t *interface(const struct look *l, uint16_t index)
{
	struct vr_iface_view v;
	int ifindex = eng_ifindex(l->e, index);

	vr_iface_look(l->node, index, &v);
	return json_pack("{s:o, s:o, s:b, s:b, s:b, s:b, s:o, s:o}",
			 "name", txt_json(iface_name(l, index)),
			 "index", ifindex ? json_integer(ifindex) : json_null(),
			 "exists", v.exists,
			 "up", v.up,
			 "receiving", v.rx_ready,
			 "flooded", eng_flooded(l->e, index),
			 "ipv4", address(&v.primary4),
			 "ipv6", address(&v.primary6));
}

static bool refers_to_check(const struct vr_inst_conf *ic, uint16_t check_index)
{
	for (uint16_t i = 0; i < ic->n_track_checks; i++)
		if (ic->track_checks[i].index == check_index)
			return true;
	return false;
}

static bool refers_to_iface(const struct vr_inst_conf *ic, uint16_t iface)
{
	if (ic->iface == iface)
		return true;
	for (uint16_t i = 0; i < ic->n_track_ifaces; i++)
		if (ic->track_ifaces[i].index == iface)
			return true;
	for (uint16_t i = 0; i < ic->n_vips; i++)
		if (ic->vips[i].iface == iface)
			return true;
	return false;
}

static json_t *instances(const struct look *l, uint16_t inst)
{
	json_t *a = json_array();

	if (inst != VR_NONE)
		return append(a, instance(l, inst));
	for (uint16_t i = 0; a && i < l->cfg->vr.n_insts; i++)
		a = append(a, instance(l, i));
	return a;
}

static json_t *checks(const struct look *l, const struct vr_inst_conf *only)
{
	json_t *a = json_array();

	for (uint16_t i = 0; a && i < l->cfg->vr.n_checks; i++)
		if (!only || refers_to_check(only, i))
			a = append(a, check(l, i));
	return a;
}

static json_t *interfaces(const struct look *l, const struct vr_inst_conf *only)
{
	json_t *a = json_array();

	for (uint16_t i = 0; a && i < l->cfg->vr.n_ifaces; i++)
		if (!only || refers_to_iface(only, i))
			a = append(a, interface(l, i));
	return a;
}

bool sta_fill(json_t *to, const struct engine *e, const struct sta_daemon *d, uint16_t inst)
{
	struct look l = {
		.e = e, .d = d, .cfg = eng_cfg(e), .node = eng_node(e), .now_us = eng_now_us(e),
	};
	const struct vr_inst_conf *only = inst == VR_NONE ? NULL : &l.cfg->vr.insts[inst];

	return json_object_set_new(to, "daemon", daemon_part(&l)) == 0 &&
	       json_object_set_new(to, "instances", instances(&l, inst)) == 0 &&
	       json_object_set_new(to, "checks", checks(&l, only)) == 0 &&
	       json_object_set_new(to, "interfaces", interfaces(&l, only)) == 0;
}
