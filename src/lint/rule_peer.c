/*
 * Why this exists: with unicast each node's list of peers is a part of the network, and a missing
 * line is a wire that was cut. Here are the rules about who sends to whom, and about numbers that
 * must be alone.
 */
#include "lint/rules.h"

#include <stdlib.h>
#include <string.h>

#include "config/build.h"

static bool is_unicast(const struct lnt_inst *inst)
{
	return inst->n_peers > 0;
}

void rule_unicast_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *a = r->members[0];

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		const struct lnt_inst *unicast = is_unicast(a) ? a : b,
				      *group = is_unicast(a) ? b : a;
		struct diag_pos pos = mdl_at(unicast, "unicast_peer");
		struct lnt_said *said;

		if (is_unicast(a) == is_unicast(b))
			continue;
		said = lnt_say(l, rule, unicast->node, &pos,
			       "advertisements go to peers here and to the multicast group in %s: "
			       "neither hears the other, and both become MASTER and hold %s",
			       group->node->label, r->what);
		lnt_instead(l, said, "'unicast_peer' in every file, or in none");
	}
}

static bool lists(const struct lnt_inst *inst, const struct ip_addr *addr)
{
	for (size_t i = 0; i < inst->n_peers; i++) {
		if (ip_equal(&inst->peers[i].addr, addr))
			return true;
	}
	return false;
}

void rule_peer_missing(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 0; i < r->n * r->n; i++) {
		const struct lnt_inst *from = r->members[i / r->n], *to = r->members[i % r->n];
		struct diag_pos pos = mdl_at(from, "unicast_peer");
		char addr[IP_TEXT_MAX];
		struct lnt_said *said;

		if (from == to || !is_unicast(from) || !is_unicast(to) ||
		    to->source.family == IP_NONE || lists(from, &to->source))
			continue;
		said = lnt_say(l, rule, from->node, &pos,
			       "%s does not send to %s (%s), which therefore never hears it, and "
			       "becomes MASTER of %s beside it",
			       from->node->label, to->node->label, ip_text(&to->source, addr),
			       r->what);
		lnt_instead(l, said, "'%s' in this list", addr);
	}
}

static bool all_sources_known(const struct lnt_router *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->members[i]->source.family == IP_NONE)
			return false;
	}
	return true;
}

/* The member that sends from ADDR, or NULL. */
static const struct lnt_inst *sender(const struct lnt_router *r, const struct ip_addr *addr)
{
	for (size_t i = 0; i < r->n; i++) {
		if (ip_equal(&r->members[i]->source, addr))
			return r->members[i];
	}
	return NULL;
}

void rule_peer_unknown(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 0; i < r->n && all_sources_known(r); i++) {
		const struct lnt_inst *m = r->members[i];

		for (size_t k = 0; k < m->n_peers; k++) {
			const struct lnt_inst *who = sender(r, &m->peers[k].addr);
			char addr[IP_TEXT_MAX];
			struct lnt_said *said;

			if (who && who != m)
				continue;
			said = lnt_say(l, rule, m->node, &m->peers[k].pos, "%s is %s",
				       ip_text(&m->peers[k].addr, addr),
				       who ? "this node's own address" :
					     "the unicast_src_ip of no file given here");
			lnt_instead(l, said, "the addresses of all other nodes, and only these");
		}
	}
}

void rule_source_twice(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		const struct lnt_inst *a = sender(r, &b->source);
		const char *word =
			bld_has(b->raw, "unicast_src_ip") ? "unicast_src_ip" : "mcast_src_ip";
		struct diag_pos pos = mdl_at(b, word);
		char addr[IP_TEXT_MAX];
		struct lnt_said *said;

		if (b->source.family == IP_NONE || a == b)
			continue;
		said = lnt_say(l, rule, b->node, &pos,
			       "%s sends from %s, too: each takes the other's advertisements for "
			       "its own, and both become MASTER and hold %s",
			       a->node->label, ip_text(&b->source, addr), r->what);
		lnt_instead(l, said, "each node's own address");
	}
}

/* ---- one node ---- */

static int by_router(const void *va, const void *vb)
{
	const struct lnt_inst *a = *(const struct lnt_inst *const *)va;
	const struct lnt_inst *b = *(const struct lnt_inst *const *)vb;
	int c = strcmp(a->iface, b->iface);

	c = c ? c : a->vrid - b->vrid;
	c = c ? c : a->family - b->family;
	return c ? c : (a > b) - (a < b);
}

/* With unicast a VRID may be used again, towards other peers. */
static bool collide(const struct lnt_inst *a, const struct lnt_inst *b)
{
	return strcmp(a->iface, b->iface) == 0 && a->vrid == b->vrid && a->family == b->family &&
	       !is_unicast(a) && !is_unicast(b);
}

void rule_vrid_twice(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node)
{
	const struct lnt_inst **v = mdl_alloc(l, node->n_insts, sizeof(*v));

	for (size_t i = 0; i < node->n_insts && v; i++)
		v[i] = &node->insts[i];
	if (v)
		qsort(v, node->n_insts, sizeof(*v), by_router);
	for (size_t i = 1; i < node->n_insts && v; i++) {
		struct diag_pos pos = mdl_at(v[i], "virtual_router_id");
		struct diag_pos other = mdl_at(v[i - 1], "virtual_router_id");
		struct lnt_said *said;

		if (!collide(v[i - 1], v[i]))
			continue;
		said = lnt_say(l, rule, node, &pos,
			       "'%.60s' has VRID %u on %s, as '%.60s' has already in %s line %u: "
			       "it is not run",
			       v[i]->name, v[i]->vrid, v[i]->iface, v[i - 1]->name, other.file,
			       other.line);
		lnt_instead(l, said, "another virtual_router_id, the same on all nodes");
	}
}
