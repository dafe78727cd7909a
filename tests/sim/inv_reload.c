/*
 * A reload touches only what it changes.
 *
 * An instance whose own part of the configuration reads as before, whatever its name, its place in
 * the file and its neighbours, does nothing in that step that it would not have done anyway: no
 * advert but one that was due, no operation, no announcement, no script, no timer moved.
 */
#include <string.h>

#include "core/names.h"
#include "sim/inv.h"

static uint64_t mix(uint64_t h, const void *data, size_t len)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ b[i]) * UINT64_C(1099511628211);
	return h;
}

static uint64_t mix_text(uint64_t h, const char *text)
{
	return text ? mix(h, text, strlen(text) + 1) : mix(h, "", 1);
}

static uint64_t mix_vip(uint64_t h, const struct vr_config *conf, const struct vr_vip *vip)
{
	struct vr_vip bare;

	memcpy(&bare, vip, sizeof(bare));
	bare.label = NULL;
	bare.iface = 0;
	h = mix(h, &bare, sizeof(bare));
	return mix_text(mix_text(h, vip->label), conf->ifaces[vip->iface].name);
}

static uint64_t mix_checks(uint64_t h, const struct vr_config *conf, const struct vr_inst_conf *ic)
{
	for (uint16_t i = 0; i < ic->n_track_checks; i++) {
		const struct vr_ref *ref = &ic->track_checks[i];
		const struct vr_check_conf *check = &conf->checks[ref->index];

		h = mix_text(h, check->name);
		h = mix(h, &check->identity, sizeof(check->identity));
		h = mix(h, &ref->weight, sizeof(ref->weight));
		h = mix(h, &ref->reverse, sizeof(ref->reverse));
	}
	return h;
}

static uint64_t mix_ifaces(uint64_t h, const struct vr_config *conf, const struct vr_inst_conf *ic)
{
	for (uint16_t i = 0; i < ic->n_track_ifaces; i++) {
		const struct vr_ref *ref = &ic->track_ifaces[i];

		h = mix_text(h, conf->ifaces[ref->index].name);
		h = mix(h, &ref->weight, sizeof(ref->weight));
		h = mix(h, &ref->reverse, sizeof(ref->reverse));
	}
	return h;
}

/* Equal ones mean the same router; unequal ones may all the same (the order of lists). */
uint64_t inv_fingerprint(const struct vr_config *conf, uint16_t inst)
{
	const struct vr_inst_conf *ic = &conf->insts[inst];
	struct vr_inst_conf bare;
	uint64_t h;

	memcpy(&bare, ic, sizeof(bare));
	bare.name = NULL;
	bare.iface = 0;
	bare.vips = NULL;
	bare.track_ifaces = bare.track_checks = NULL;
	h = mix(UINT64_C(14695981039346656037), &bare, sizeof(bare));
	h = mix_text(h, conf->ifaces[ic->iface].name);
	for (uint16_t v = 0; v < ic->n_vips; v++)
		h = mix_vip(h, conf, &ic->vips[v]);
	return mix_ifaces(mix_checks(h, conf, ic), conf, ic);
}

/* What is under way (an operation without an answer, a socket that could not be opened) may be
 * taken up by any reload. */
void inv_untouched(struct inv *c, const struct sim_input *in, const struct inv_seat *s)
{
	const struct inv_node *n = &c->nodes[in->node];
	const struct vr_node *node = eng_node(sim_engine(c->sim, in->node));
	struct vr_inst_view view;

	/* What a predecessor knew, but was killed before it had told, may be told by it, too. */
	if (n->within && n->asserts)
		return;
	if (n->was_due || n->was_busy || s->was_faults & 1u << VR_FAULT_NO_SOCKET || n->deaf)
		return;
	if (s->was == VR_INIT || inv_fingerprint(vr_node_conf(node), s->inst) != s->was_print)
		return;
	vr_inst_look(node, s->inst, &view);
	/* What was another instance's address is the host's own now, or the other way round. */
	if (!ip_equal(&view.source, &s->was_source))
		return;
	/* What stood beside an address of ours, which has just gone, is found now, not in a
	 * moment. */
	if (s->faults & ~s->was_faults & 1u << VR_FAULT_ADDR_FOREIGN)
		return;
	if (s->step.adverts || s->step.zeros || s->step.adds || s->step.dels ||
	    s->step.announces || s->step.notices)
		inv_fail(c, "reload", in->node, s, "%s configuration makes it act (%u adverts, "
			 "%u adds, %u dels, %u announcements, %u notices)",
			 in->equal ? "an equal" : "a neighbour's",
			 s->step.adverts + s->step.zeros, s->step.adds, s->step.dels,
			 s->step.announces, s->step.notices);
	if (s->state != s->was || view.deadline_us != s->was_deadline_us)
		inv_fail(c, "reload", in->node, s, "%s configuration moves it from %s",
			 in->equal ? "an equal" : "a neighbour's", nam_state(s->was));
}
