/*
 * Why this exists: VRRP's password protects from mistakes, if it is not that of the page that
 * everybody has copied from. No rule here shows a password, whatever it is.
 */
#include "lint/rules.h"

#include <ctype.h>
#include <string.h>

#include "config/build.h"

#define SAMPLE_VRID 51 /* of keepalived's own sample, and of most that came after it */

static struct diag_pos pass_pos(const struct lnt_inst *inst)
{
	return bld_at(&inst->raw->auth, "auth_pass");
}

void rule_password_cut(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	size_t n = inst->pass ? strlen(inst->pass) : 0;
	struct lnt_said *said;
	struct diag_pos pos;

	if (n <= VR_AUTH_LEN || inst->auth != LNT_AUTH_PASS)
		return;
	pos = pass_pos(inst);
	said = lnt_say(l, rule, inst->node, &pos,
		       "only the first 8 octets of the password count: this one has %zu, and what "
		       "stands behind them protects nothing",
		       n);
	lnt_instead(l, said, "at most 8 octets, the same in every file");
}

/* Passwords of manuals, samples and tutorials. */
static bool is_known(const char *pass)
{
	static const char *const known[] = {
		"0000",	   "1111",	 "11111",   "111111",	"11111111",   "1234",
		"12345",   "123456",	 "1234567", "12345678", "123456789",  "2222",
		"4321",	   "5555",	 "8888",    "admin",	"changeme",   "changeit",
		"default", "foobar",	 "haproxy", "k8s",	"keepalived", "keepaliv",
		"mypass",  "mypassword", "pass",    "passw0rd", "passwd",     "password",
		"qwerty",  "root",	 "root123", "secret",	"secret123",  "somepass",
		"test",	   "test123",	 "vrrp",    "vrrppass", "yourpass",
	};

	for (size_t i = 0; pass && i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(pass, known[i]) == 0)
			return true;
	}
	return false;
}

/* The other nodes of the router have the same password. */
static bool is_first(const struct lnt_inst *inst)
{
	return inst->router->members[0] == inst;
}

void rule_password_sample(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "virtual_router_id");
	struct lnt_said *said;

	if (inst->vrid != SAMPLE_VRID || inst->version != 2 || !is_first(inst) ||
	    !is_known(inst->raw->auth.pass))
		return;
	said = lnt_say(l, rule, inst->node, &pos,
		       "VRID 51 with a password of the tutorials: another pair on this network "
		       "that was copied from the same page takes part in this election, and its "
		       "higher priority takes %s away",
		       inst->router->what);
	lnt_instead(l, said,
		    "a virtual_router_id that nobody else on the network uses, and a password of "
		    "your own");
}

void rule_password_known(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct lnt_said *said;
	struct diag_pos pos;

	if (inst->vrid == SAMPLE_VRID || inst->version != 2 || !is_first(inst) ||
	    !is_known(inst->raw->auth.pass))
		return;
	pos = pass_pos(inst);
	said = lnt_say(l, rule, inst->node, &pos,
		       "this password stands in tutorials: a pair that was copied from one, with "
		       "the same virtual_router_id, is believed");
	lnt_instead(l, said, "a password of your own");
}

/* A word with letters of both cases, digits and signs may open something else, too. */
static bool looks_secret(const char *pass)
{
	unsigned int kinds = 0;

	for (const char *p = pass; *p; p++)
		kinds |= islower((unsigned char)*p) ? 1 : isupper((unsigned char)*p) ? 2 :
			 isdigit((unsigned char)*p) ? 4 : 8;
	return strlen(pass) >= VR_AUTH_LEN && __builtin_popcount(kinds) >= 3;
}

/* Once: a note that stands in every run is not read. */
void rule_auth_plain(struct lnt *l, const struct lnt_rule *rule)
{
	for (size_t i = 0; i < l->n_nodes; i++) {
		for (size_t k = 0; k < l->nodes[i]->n_insts; k++) {
			const struct lnt_inst *inst = &l->nodes[i]->insts[k];
			struct lnt_said *said;
			struct diag_pos pos;

			if (inst->auth != LNT_AUTH_PASS || !looks_secret(inst->pass))
				continue;
			pos = pass_pos(inst);
			said = lnt_say(l, rule, inst->node, &pos,
				       "this looks like a password that opens something, and every "
				       "advertisement carries it in clear text: it keeps two "
				       "clusters apart, not an attacker out");
			lnt_instead(l, said,
				    "a word that opens nothing else; against an attacker, let "
				    "only the nodes' addresses send protocol 112");
			return;
		}
	}
}

/* Once, for the first: VRRPv3 and strict mode know no password. */
void rule_auth_none(struct lnt *l, const struct lnt_rule *rule)
{
	for (size_t i = 0; i < l->n_nodes; i++) {
		for (size_t k = 0; k < l->nodes[i]->n_insts; k++) {
			const struct lnt_inst *inst = &l->nodes[i]->insts[k];
			struct diag_pos pos = mdl_at(inst, "virtual_router_id");
			struct lnt_said *said;

			if (inst->auth != LNT_AUTH_NONE || inst->version != 2 || inst->strict ||
			    inst->n_peers > 0)
				continue;
			said = lnt_say(l, rule, inst->node, &pos,
				       "without a password, whoever advertises virtual_router_id "
				       "%u on this network takes part in the election of %s, "
				       "another cluster by mistake, too", (unsigned int)inst->vrid,
				       inst->router->what);
			lnt_instead(l, said,
				    "a virtual_router_id that nobody else on the network uses; "
				    "'auth_type PASS' with a word of your own keeps mistakes out, "
				    "not an attacker");
			return;
		}
	}
}

static void say_strict(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
		       const struct diag_pos *pos, const char *word)
{
	struct lnt_said *said;

	said = lnt_say(l, rule, node, pos,
		       "'%s' lets keepalived drop all traffic to the virtual addresses (here they "
		       "stay reachable), and takes passwords and 'preempt_delay' away",
		       word);
	lnt_instead(l, said, "no such line");
}

void rule_strict(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node)
{
	struct diag_pos pos;

	if (!bld_on(node->raw.global.strict))
		return;
	pos = bld_at(&node->raw.global, "vrrp_strict");
	say_strict(l, rule, node, &pos, "vrrp_strict");
}

void rule_strict_mode(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "strict_mode");

	if (bld_on(inst->raw->strict))
		say_strict(l, rule, inst->node, &pos, "strict_mode");
}
