/*
 * Why this exists: nodes agree on an owner only when they believe each other's advertisements. Each
 * setting that makes one node drop what the other sends is compared here.
 */
#include "lint/rules.h"

#include <stdio.h>
#include <string.h>

#include "config/build.h"

#define SHOWN 5				/* differing addresses that are listed */
#define BOTH "and both become MASTER and hold %s"

/* The members are compared with the first one, which stands in the file named first. */
static const struct lnt_inst *first_of(const struct lnt_router *r)
{
	return r->members[0];
}

static bool is_unicast(const struct lnt_inst *inst)
{
	return inst->n_peers > 0;
}

void rule_vrid_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *a = first_of(r);

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		struct diag_pos pos = mdl_at(b, "virtual_router_id");
		struct lnt_said *said;

		if (b->vrid == a->vrid)
			continue;
		said = lnt_say(
			l, rule, b->node, &pos,
			"virtual_router_id %u here, %u in %s: neither listens to the other, " BOTH,
			b->vrid, a->vrid, a->node->label, r->what);
		lnt_instead(l, said, "'virtual_router_id %u' in every file", a->vrid);
	}
}

void rule_version_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *a = first_of(r);

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		struct diag_pos pos = mdl_at(b, "version");
		struct lnt_said *said;

		if (b->version == a->version)
			continue;
		said = lnt_say(l, rule, b->node, &pos,
			       "VRRP version %u here, %u in %s: each drops the other's "
			       "advertisements, " BOTH,
			       b->version, a->version, a->node->label, r->what);
		lnt_instead(l, said, "the same 'vrrp_version' in every file");
	}
}

static double seconds(int64_t us)
{
	return (double)us / 1e6;
}

void rule_interval_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *a = first_of(r);

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		struct diag_pos pos = mdl_at(b, "advert_int");
		struct lnt_said *said;

		if (a->version != 2 || b->version != 2 || b->adver_int_us == a->adver_int_us)
			continue;
		said = lnt_say(l, rule, b->node, &pos,
			       "advert_int %g here, %g in %s: VRRPv2 drops advertisements of "
			       "another interval (RFC 3768 7.1), " BOTH,
			       seconds(b->adver_int_us), seconds(a->adver_int_us), a->node->label,
			       r->what);
		lnt_instead(l, said, "'advert_int %g' in every file", seconds(a->adver_int_us));
	}
}

void rule_interval_learned(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *a = first_of(r);

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		struct diag_pos pos = mdl_at(b, "advert_int");
		struct lnt_said *said;

		if (a->version != 3 || b->version != 3 || b->adver_int_us == a->adver_int_us)
			continue;
		said = lnt_say(l, rule, b->node, &pos,
			       "advert_int %g here, %g in %s: how soon a dead master is replaced "
			       "depends on who was master",
			       seconds(b->adver_int_us), seconds(a->adver_int_us), a->node->label);
		lnt_instead(l, said, "'advert_int %g' in every file", seconds(a->adver_int_us));
	}
}

/* ---- authentication ---- */

static const char *auth_word(const struct lnt_inst *inst)
{
	static const char *const words[] = {
		[LNT_AUTH_NONE] = "no authentication", [LNT_AUTH_PASS] = "'auth_type PASS'",
		[LNT_AUTH_AH] = "'auth_type AH'", [LNT_AUTH_HMAC] = "'auth_hmac'",
	};

	return words[inst->auth];
}

static struct diag_pos auth_pos(const struct lnt_inst *inst, const char *word)
{
	const struct raw_auth *auth = &inst->raw->auth;

	return auth->head.setting ? bld_at(auth, word) : mdl_at(inst, "name");
}

static void compare_auth(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r,
			 const struct lnt_inst *a, const struct lnt_inst *b)
{
	bool pass = a->auth == b->auth;
	struct diag_pos pos = auth_pos(b, pass ? "auth_pass" : "auth_type");
	struct lnt_said *said;

	if (a->version != b->version || (pass && (!a->pass || !b->pass ||
	    strncmp(a->pass, b->pass, VR_AUTH_LEN) == 0)))
		return;
	if (pass) {
		said = lnt_say(l, rule, b->node, &pos,
			       "this password is another one than that in %s: each drops the "
			       "other's advertisements, " BOTH,
			       a->node->label, r->what);
		lnt_instead(l, said,
			  "the same 'auth_pass' in every file; only its first 8 octets count");
		return;
	}
	said = lnt_say(l, rule, b->node, &pos,
		       "%s here%s, %s in %s%s: each drops the other's advertisements, " BOTH,
		       auth_word(b), b->strict ? " (strict mode)" : "", auth_word(a),
		       a->node->label, a->strict ? " (strict mode)" : "", r->what);
	lnt_instead(l, said, "the same 'authentication' in every file%s",
		  a->strict != b->strict ? ", and no strict mode in any" : "");
}

void rule_auth_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 1; i < r->n; i++)
		compare_auth(l, rule, r, first_of(r), r->members[i]);
}

/* ---- addresses ---- */

static const struct lnt_vip *find_vip(const struct lnt_inst *inst, const struct ip_addr *addr)
{
	for (size_t i = 0; i < inst->n_vips; i++) {
		if (ip_equal(&inst->vips[i].prefix.addr, addr))
			return &inst->vips[i];
	}
	return NULL;
}

/* The first address of A that B does not have, or has in the other list; NULL: there is none. */
static const struct lnt_vip *next_odd(const struct lnt_inst *a, const struct lnt_inst *b,
				      size_t *at)
{
	while (*at < a->n_vips) {
		const struct lnt_vip *mine = &a->vips[(*at)++];
		const struct lnt_vip *its = find_vip(b, &mine->prefix.addr);

		if (!its || its->excluded != mine->excluded)
			return mine;
	}
	return NULL;
}

/* Lists what A has and B has not; the rest of what may be shown. */
static int list_odd(struct lnt *l, struct lnt_said *said, const struct lnt_inst *a,
		    const struct lnt_inst *b, int left)
{
	const struct lnt_vip *vip;
	char text[IP_TEXT_MAX];
	size_t at = 0;

	while (left > 0 && (vip = next_odd(a, b, &at))) {
		const char *addr = ip_text(&vip->prefix.addr, text);

		if (!find_vip(b, &vip->prefix.addr))
			lnt_detail(l, said, "%s is only in %s (line %u)", addr, a->node->label,
				   vip->pos.line);
		else if (vip->excluded)
			lnt_detail(l, said, "%s is excluded in %s (line %u) and advertised by %s",
				   addr, a->node->label, vip->pos.line, b->node->label);
		else
			continue;	/* seen from the other side */
		left--;
	}
	return left;
}

static bool share_one(const struct lnt_inst *a, const struct lnt_inst *b)
{
	for (size_t i = 0; i < a->n_vips; i++) {
		if (find_vip(b, &a->vips[i].prefix.addr))
			return true;
	}
	return false;
}

static void compare_addresses(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *a,
			      const struct lnt_inst *b)
{
	struct diag_pos pos = mdl_at(b, "virtual_ipaddress");
	struct lnt_said *said;
	size_t at_a = 0, at_b = 0;

	if (!next_odd(a, b, &at_a) && !next_odd(b, a, &at_b))
		return;
	if (share_one(a, b))
		said = lnt_say(l, rule, b->node, &pos,
			       "the addresses are not those of %s: what only one of them holds is "
			       "gone after a failover, and keepalived before 2.3.3 drops such "
			       "advertisements, so that both become MASTER",
			       a->node->label);
	else
		said = lnt_say(l, rule, b->node, &pos,
			       "VRID %u has no address in common with '%.60s' in %s: one of the "
			       "two owns, and the addresses of the other are nowhere",
			       b->vrid, a->name, a->node->label);
	list_odd(l, said, b, a, list_odd(l, said, a, b, SHOWN));
	lnt_instead(l, said,
		    share_one(a, b) ? "the same addresses in every file"
				    : "the same addresses in every file; if these are two clusters "
				      "on one network, another virtual_router_id");
}

void rule_addresses_differ(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 1; i < r->n; i++)
		compare_addresses(l, rule, first_of(r), r->members[i]);
}

static void compare_prefixes(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *a,
			     const struct lnt_inst *b)
{
	for (size_t i = 0; i < b->n_vips; i++) {
		const struct lnt_vip *vip = &b->vips[i], *other = find_vip(a, &vip->prefix.addr);
		char addr[IP_TEXT_MAX];
		struct lnt_said *said;

		if (!other || other->prefix.len == vip->prefix.len)
			continue;
		said = lnt_say(l, rule, b->node, &vip->pos,
			       "%s has the prefix length %u here and %u in %s: a failover changes "
			       "the routes of the hosts",
			       ip_text(&vip->prefix.addr, addr), vip->prefix.len, other->prefix.len,
			       a->node->label);
		lnt_instead(l, said, "'%s/%u' in every file (%u without a length)", addr,
			  vip->prefix.len < other->prefix.len ? vip->prefix.len : other->prefix.len,
			  (unsigned int)(8 * ip_size(&vip->prefix.addr)));
	}
}

void rule_prefix_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 1; i < r->n; i++)
		compare_prefixes(l, rule, first_of(r), r->members[i]);
}

void rule_group_differs(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *a = first_of(r);

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *b = r->members[i];
		struct diag_pos pos = mdl_at(b, "mcast_dst_ip");
		char here[IP_TEXT_MAX], there[IP_TEXT_MAX];
		struct lnt_said *said;

		if (is_unicast(a) || is_unicast(b) || a->family != b->family ||
		    ip_equal(&a->group, &b->group))
			continue;
		if (!bld_has(b->raw, "mcast_dst_ip") &&
		    bld_has(&b->node->raw.global, "vrrp_mcast_group4"))
			pos = bld_at(&b->node->raw.global, "vrrp_mcast_group4");
		said = lnt_say(l, rule, b->node, &pos,
			       "advertisements go to the group %s here and to %s in %s: neither "
			       "hears the other, " BOTH,
			       ip_text(&b->group, here), ip_text(&a->group, there), a->node->label,
			       r->what);
		lnt_instead(l, said, "the same group in every file");
	}
}

/* ---- the whole cluster ---- */

void rule_no_standby(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "name");
	struct lnt_said *said;

	if (l->n_nodes < 2 || inst->router->n > 1)
		return;
	said = lnt_say(l, rule, inst->node, &pos,
		       "'%.60s' (VRID %u, %s) stands in no other file: when this node dies, nobody "
		       "takes over",
		       inst->name, inst->vrid, inst->router->what);
	lnt_instead(l, said, "the same vrrp_instance, with another priority, in another file");
}

void rule_router_id_twice(struct lnt *l, const struct lnt_rule *rule)
{
	for (size_t i = 1; i < l->n_nodes; i++) {
		const struct raw_global *b = &l->nodes[i]->raw.global;

		for (size_t k = 0; k < i && b->router_id; k++) {
			const char *other = l->nodes[k]->raw.global.router_id;
			struct diag_pos pos = bld_at(b, "router_id");
			struct lnt_said *said;

			if (!other || strcmp(other, b->router_id) != 0)
				continue;
			said = lnt_say(l, rule, l->nodes[i], &pos,
				       "router_id '%.60s' stands in %s, too: mails and statistics "
				       "cannot tell the nodes apart",
				       other, l->nodes[k]->label);
			lnt_instead(l, said, "another name in each file");
		}
	}
}
