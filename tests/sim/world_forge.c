/*
 * A station that takes no part and lies: it forges adverts and claims addresses.
 *
 * It sits on every segment, has the highest host address there, knows the passwords (they cross the
 * wire in clear text), and reaches whom it wants, without delay.
 */
#include <string.h>

#include "core/packet.h"
#include "sim/inner.h"

#define LIAR 0xfe	/* as the sender of a frame, and the last octet of its address */

static const struct vr_config *conf_of(const struct sim_node *n)
{
	return vr_node_conf(eng_node(n->engine));
}

static int segment_of(struct sim_node *n, const char *iface)
{
	const struct sim_link *link = simk_link(n, iface);

	return link && link->carrier ? link->segment : -1;
}

static void forge_for(struct sim_node *n, uint16_t inst, const struct sim_deed *d)
{
	struct vr_inst_conf fake = conf_of(n)->insts[inst];
	int segment = segment_of(n, conf_of(n)->ifaces[fake.iface].name);
	uint8_t data[PKT_MAX];
	struct port_packet p = { .dst = fake.group, .ttl = PKT_TTL, .data = data };
	struct simq_event e = { .type = SIMQ_PACKET, .node = n->index };
	struct vr_inst_view view;

	vr_inst_look(eng_node(n->engine), inst, &view);
	if (segment < 0 || view.source.family != IP_V4)
		return;
	p.src = view.source;
	p.src.b[3] = LIAR;
	if (fake.version == 3 && d->c)
		fake.adver_int_us = d->c * 10000;
	p.len = pkt_encode(&fake, (uint8_t)d->b, &p.src, data, sizeof(data));
	e.frame = simn_frame(LIAR, segment, &p);
	simq_push(&n->world->queue, &e, n->world->now_us);
}

static void forge(struct sim_node *n, const struct sim_deed *d)
{
	for (uint16_t i = 0; i < conf_of(n)->n_insts; i++)
		if (conf_of(n)->insts[i].vrid == d->a)
			forge_for(n, i, d);
}

/* The A-th address of the instance that has VRID B. */
static void claim(struct sim_node *n, const struct sim_deed *d)
{
	const struct vr_config *conf = conf_of(n);
	struct simq_event e = { .type = SIMQ_CLAIM, .node = n->index, .garp = { .from = LIAR } };

	for (uint16_t i = 0; i < conf->n_insts; i++) {
		const struct vr_inst_conf *ic = &conf->insts[i];

		if (ic->vrid != d->b || d->a >= ic->n_vips)
			continue;
		e.garp.addr = ic->vips[d->a].prefix.addr;
		e.garp.segment = (int8_t)segment_of(n, conf->ifaces[ic->vips[d->a].iface].name);
		if (e.garp.segment >= 0)
			simq_push(&n->world->queue, &e, n->world->now_us);
	}
}

bool simf_deed(struct sim_node *n, const struct sim_deed *d)
{
	if (d->type != SIM_FORGE && d->type != SIM_CLAIM)
		return false;
	if (!n->engine || !n->started || n->leaving || simq_full(&n->world->queue))
		return true;
	if (d->type == SIM_FORGE)
		forge(n, d);
	else
		claim(n, d);
	return true;
}
