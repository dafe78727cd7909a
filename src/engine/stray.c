/*
 * Addresses of ours that no instance knows.
 *
 * A daemon that was killed leaves its addresses on the interfaces; every one carries our tag. Those
 * that the configuration names are adopted or deleted by the core's start; the others, of an
 * earlier configuration, are found here, and so are those that a reload gives up. Each is deleted
 * until the kernel has done it: without this a dead configuration would answer for ever.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"

#define AGAIN_US INT64_C(1000000)
#define TOKENS 0xffffffu		/* epoch 0, which no node has */

static struct eng_stray *add(struct engine *e, int ifindex, const struct ip_prefix *prefix)
{
	e->strays[e->n_strays] = (struct eng_stray){ .ifindex = ifindex, .prefix = *prefix };
	return &e->strays[e->n_strays++];
}

static void forget(struct engine *e, size_t i)
{
	e->n_strays--;
	memmove(&e->strays[i], &e->strays[i + 1], (e->n_strays - i) * sizeof(*e->strays));
}

static size_t find(const struct engine *e, int ifindex, const struct ip_prefix *prefix)
{
	size_t i = 0;

	while (i < e->n_strays && (e->strays[i].ifindex != ifindex ||
				   e->strays[i].prefix.len != prefix->len ||
				   !ip_equal(&e->strays[i].prefix.addr, &prefix->addr)))
		i++;
	return i;
}

/* All is told anew; what has gone meanwhile nobody tells. */
void str_note_anew(struct engine *e)
{
	for (size_t i = e->n_strays; i-- > 0;)
		if (e->strays[i].token == 0)
			forget(e, i);
}

/* Until all is read: what goes again before that is nobody's any more. */
void str_note(struct engine *e, const struct port_addr *addr)
{
	size_t i = find(e, addr->ifindex, &addr->prefix);

	if (addr->gone || addr->proto != PORT_IFA_PROTO) {
		if (i < e->n_strays && e->strays[i].token == 0)
			forget(e, i);
		return;
	}
	if (i < e->n_strays)
		return;
	if (e->n_strays == e->max_strays) {
		size_t wanted = e->max_strays ? e->max_strays * 2 : 16;
		void *more = reallocarray(e->strays, wanted, sizeof(*e->strays));

		if (!more) {
			wld_starve(&e->world);
			return;
		}
		e->strays = more;
		e->max_strays = wanted;
	}
	add(e, addr->ifindex, &addr->prefix);
}

static bool names(const struct engine *e, const struct vr_vip *vip, const struct eng_stray *s)
{
	return ip_equal(&vip->prefix.addr, &s->prefix.addr) && vip->prefix.len == s->prefix.len &&
	       gen_ifindex(e, e->gen, vip->iface) == s->ifindex;
}

/* Some instance that is MASTER (or, when ANY, in whatever state) has this address. */
static bool configured(const struct engine *e, const struct eng_stray *s, bool any)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++) {
		struct vr_inst_view view;

		vr_inst_look(e->gen->node, i, &view);
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
			if (names(e, &vr->insts[i].vips[v], s) && (any || view.state == VR_MASTER))
				return true;
	}
	return false;
}

static uint32_t ask(struct engine *e, struct eng_stray *s)
{
	e->stray_seq = e->stray_seq == TOKENS ? 1 : e->stray_seq + 1;
	s->token = e->stray_seq;
	return s->token;
}

static void sweep_later(struct engine *e, struct eng_stray *s)
{
	s->token = 0;
	if (e->sweep_us == VR_NEVER)
		e->sweep_us = e->port->now_us(e->port->ctx) + AGAIN_US;
}

static void delete(struct engine *e, struct eng_stray *s)
{
	struct vr_vip vip = { .prefix = s->prefix };
	struct port_addr_op op = { .ifindex = s->ifindex, .vip = &vip, .token = ask(e, s) };

	e->port->addrs(e->port->ctx, &op, 1);
	if (op.done)
		sweep_later(e, s);	/* whatever its outcome: callers walk the table */
	else
		e->outstanding++;
}

void str_begin(struct engine *e)
{
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < e->n_strays; i++) {
		if (configured(e, &e->strays[i], true)) {
			forget(e, i--);
			continue;
		}
		log_printf(e->log, LOG_LVL_WARN, "removing %s, left behind by an earlier holdfastd",
			   ip_prefix_text(&e->strays[i].prefix, text));
		delete(e, &e->strays[i]);
	}
}

uint32_t str_drop(struct engine *e, int ifindex, const struct ip_prefix *prefix)
{
	return ask(e, add(e, ifindex, prefix));
}

bool str_has(const struct engine *e, int ifindex, const struct ip_prefix *prefix)
{
	return find(e, ifindex, prefix) < e->n_strays;
}

void str_on_reload(struct engine *e)
{
	const struct vr_config *vr = &e->leaving->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			size_t at = e->leaving->insts[i].vip_base + v;
			const struct eng_vip *state = &e->leaving->vips[at];
			const struct vr_vip *vip = &vr->insts[i].vips[v];
			struct eng_stray s = {
				.ifindex = gen_ifindex(e, e->leaving, vip->iface),
				.prefix = vip->prefix,
			};

			if (state->stays || (!state->held && !state->pending && !state->error))
				continue;
			if (s.ifindex && !str_has(e, s.ifindex, &s.prefix) &&
			    !configured(e, &s, true))
				delete(e, add(e, s.ifindex, &s.prefix));
		}
}

void str_done(struct engine *e, uint32_t token, int error)
{
	size_t i = 0;

	while (i < e->n_strays && e->strays[i].token != token)
		i++;
	if (i == e->n_strays || token == 0)
		return;
	if (error == 0) {
		forget(e, i);
		return;
	}
	sweep_later(e, &e->strays[i]);
}

void str_sweep(struct engine *e)
{
	e->sweep_us = VR_NEVER;
	for (size_t i = 0; i < e->n_strays; i++) {
		if (configured(e, &e->strays[i], false))
			forget(e, i--);	/* a later reload wants it again */
		else if (e->strays[i].token == 0)
			delete(e, &e->strays[i]);
	}
}
