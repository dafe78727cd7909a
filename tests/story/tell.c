/*
 * What is printed of a host.
 *
 * The periodic advert is left out, or it would drown everything; every other thing that a step
 * decided is one line, in the order of the decision. An advert is worth a line when it is the
 * first as master, when it was not the timer that sent it, or when its priority is a new one.
 */
#include <string.h>

#include "core/names.h"
#include "engine/trace.h"
#include "story.h"

/* The instance's name stands before an action only where there are several. */
static const char *whose(const struct vr_action *a)
{
	return a->conf->n_insts > 1 ? a->conf->insts[a->inst].name : "";
}

static const char *space(const struct vr_action *a)
{
	return a->conf->n_insts > 1 ? " " : "";
}

static void say_trace(struct world *w, struct host *h, const struct vr_action *a)
{
	char text[LOG_LINE_MAX];

	if (a->trace.kind == VR_TR_STATE && a->trace.to == VR_MASTER)
		h->fresh[a->conf->insts[a->inst].vrid] = true;
	world_say(w, h, "%s", trc_text(a->conf, &a->trace, text, sizeof(text)));
}

static void say_advert(struct world *w, struct host *h, const struct vr_action *a,
		       enum vr_event_type cause)
{
	uint8_t vrid = a->conf->insts[a->inst].vrid;
	int priority = a->advert.priority;

	if (priority == VR_PRIO_STOP)
		world_say(w, h, "%s%ssends priority 0", whose(a), space(a));
	else if (h->fresh[vrid])
		world_say(w, h, "%s%sfirst advert, priority %d", whose(a), space(a), priority);
	else if (cause != VR_EV_WAKE)
		world_say(w, h, "%s%sadvert at once, priority %d", whose(a), space(a), priority);
	else if (priority != h->said[vrid])
		world_say(w, h, "%s%sadvertises priority %d", whose(a), space(a), priority);
	h->said[vrid] = (uint8_t)priority;
	h->fresh[vrid] = false;
}

static void say_addr(struct world *w, struct host *h, const struct vr_action *a)
{
	const struct vr_vip *vip = &a->conf->insts[a->inst].vips[a->addr.vip];
	char text[IP_PREFIX_TEXT_MAX];

	world_say(w, h, "%s%s%c %s dev %s", whose(a), space(a),
		  a->type == VR_ACT_ADDR_ADD ? '+' : '-', ip_prefix_text(&vip->prefix, text),
		  a->conf->ifaces[vip->iface].name);
}

static void say_notify(struct world *w, struct host *h, const struct vr_action *a)
{
	static const char *const what[] = {
		[VR_NOTIFY_STOP] = "STOP", [VR_NOTIFY_DELETED] = "DELETED",
		[VR_NOTIFY_RX_LOWER] = "RX_LOWER",
	};
	const char *word = a->notify.what == VR_NOTIFY_STATE ? nam_state(a->notify.state) :
							       what[a->notify.what];

	world_say(w, h, "%s%snotify %s %d", whose(a), space(a), word, a->notify.priority);
}

static void say_announce(struct world *w, struct host *h, const struct vr_action *a)
{
	char text[IP_TEXT_MAX] = "";

	if (a->announce.vip != VR_NONE)
		ip_text(&a->conf->insts[a->inst].vips[a->announce.vip].prefix.addr, text);
	world_say(w, h, "%s%sannounce %s%sx%u", whose(a), space(a), text, text[0] ? " " : "",
		  a->announce.repeat);
}

void tell_actions(struct world *w, struct host *h, enum vr_event_type cause)
{
	for (size_t i = 0; i < w->actions.n; i++) {
		const struct vr_action *a = &w->actions.v[i];

		switch (a->type) {
		case VR_ACT_TRACE:
			say_trace(w, h, a);
			break;
		case VR_ACT_ADVERT:
			say_advert(w, h, a, cause);
			break;
		case VR_ACT_ADDR_ADD:
		case VR_ACT_ADDR_DEL:
			say_addr(w, h, a);
			break;
		case VR_ACT_ANNOUNCE:
			say_announce(w, h, a);
			break;
		case VR_ACT_ANNOUNCE_STOP:
			world_say(w, h, "%s%sannounce no more", whose(a), space(a));
			break;
		case VR_ACT_NOTIFY:
			say_notify(w, h, a);
			break;
		case VR_N_ACTIONS:
			break;
		}
	}
}

/* ---- show ---- */

struct sentence {
	char text[512];
	size_t n;
};

static void add(struct sentence *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct sentence *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(s->text + s->n, sizeof(s->text) - s->n, format, args);
	va_end(args);
	if (n > 0 && s->n + (size_t)n < sizeof(s->text))
		s->n += (size_t)n;
}

static bool is_held(const struct host *h, const struct vr_config *vr, const struct vr_vip *vip)
{
	for (size_t i = 0; i < h->n_held; i++)
		if (strcmp(h->held[i].iface, vr->ifaces[vip->iface].name) == 0 &&
		    h->held[i].prefix.len == vip->prefix.len &&
		    ip_equal(&h->held[i].prefix.addr, &vip->prefix.addr))
			return true;
	return false;
}

static void add_state(struct sentence *s, const struct host *h, uint16_t i,
		      const struct vr_inst_view *v)
{
	const struct vr_config *vr = &h->run->plan.vr;
	const char *before = " holds";
	char text[IP_PREFIX_TEXT_MAX], who[IP_TEXT_MAX];

	add(s, "(%s) is %s with priority %d", vr->insts[i].name,
	    nam_state(v->waits ? VR_INIT : v->state), v->effective_priority);
	for (int f = 0; f < VR_N_FAULTS; f++)
		if (v->faults & 1u << f)
			add(s, ", %s", nam_fault(f));
	if (v->state == VR_BACKUP && v->master.family != IP_NONE)
		add(s, ", follows %s with %d", ip_text(&v->master, who), v->master_priority);
	if (v->state == VR_BACKUP)
		add(s, ", waits until %.3f", (double)(v->deadline_us / 1000) / 1000);
	for (uint16_t n = 0; n < vr->insts[i].n_vips; n++) {
		if (!is_held(h, vr, &vr->insts[i].vips[n]))
			continue;
		add(s, ",%s %s", before, ip_prefix_text(&vr->insts[i].vips[n].prefix, text));
		before = "";
	}
}

static void add_rejects(struct sentence *s, const char *intro, const uint64_t *rejects)
{
	for (int r = 0; r < PKT_N_REJECTS; r++) {
		if (rejects[r] == 0)
			continue;
		add(s, "%s %s %llu", intro, nam_reject(r), (unsigned long long)rejects[r]);
		intro = ",";
	}
}

void tell_show(struct world *w, struct host *h)
{
	struct sentence s = { .n = 0 };

	if (!h->run) {
		world_say(w, h, "does not run, holds %zu addresses", h->n_held);
		return;
	}
	for (uint16_t i = 0; i < h->run->plan.vr.n_insts; i++) {
		struct vr_inst_view v;

		s.n = 0;
		vr_inst_look(h->run->node, i, &v);
		add_state(&s, h, i, &v);
		add_rejects(&s, "; refused:", v.counters.rejects);
		world_say(w, h, "%s", s.text);
	}
	s.n = 0;
	add_rejects(&s, "packets for nobody:", vr_node_rejects(h->run->node));
	if (s.n)
		world_say(w, h, "%s", s.text);
}

/* ---- contradictions ---- */

/* Two instances may not have one address, but during a reload it moves from one to the other. */
static bool another_holds(const struct host *h, uint16_t but, const struct vr_vip *vip)
{
	const struct vr_config *vr = &h->run->plan.vr;

	for (uint16_t i = 0; i < vr->n_insts; i++) {
		const struct vr_inst_conf *ic = &vr->insts[i];
		struct vr_inst_view v;

		vr_inst_look(h->run->node, i, &v);
		if (i == but || v.state != VR_MASTER)
			continue;
		for (uint16_t n = 0; n < ic->n_vips; n++)
			if (ip_equal(&ic->vips[n].prefix.addr, &vip->prefix.addr))
				return true;
	}
	return false;
}

static void contradictions_of(struct world *w, struct host *h)
{
	const struct vr_config *vr = &h->run->plan.vr;
	char text[IP_PREFIX_TEXT_MAX];

	for (uint16_t i = 0; i < vr->n_insts; i++) {
		struct vr_inst_view v;

		vr_inst_look(h->run->node, i, &v);
		for (uint16_t n = 0; n < vr->insts[i].n_vips; n++) {
			const struct vr_vip *vip = &vr->insts[i].vips[n];
			bool master = v.state == VR_MASTER;

			if (is_held(h, vr, vip) == (master || another_holds(h, i, vip)))
				continue;
			world_say(w, h, "CONTRADICTION: (%s) is %s and %s %s", vr->insts[i].name,
				  nam_state(v.state), master ? "does not hold" : "holds",
				  ip_prefix_text(&vip->prefix, text));
		}
	}
}

void tell_contradictions(struct world *w)
{
	for (size_t i = 0; i < w->n_hosts; i++) {
		struct host *h = &w->hosts[i];

		if (h->run && !h->frozen && !h->robbed && !h->refuse)
			contradictions_of(w, h);
	}
}
