/*
 * Why this exists: VRRP's password protects from mistakes, if it is not that of the page that
 * everybody has copied from. No rule here shows a password, whatever it is.
 */
#include "lint/rules.h"

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

void rule_password_sample(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "virtual_router_id");
	struct lnt_said *said;

	if (inst->vrid != SAMPLE_VRID || inst->version != 2 || !is_known(inst->raw->auth.pass))
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

	if (inst->vrid == SAMPLE_VRID || inst->version != 2 || !is_known(inst->raw->auth.pass))
		return;
	pos = pass_pos(inst);
	said = lnt_say(l, rule, inst->node, &pos,
		       "this password stands in tutorials: a pair that was copied from one, with "
		       "the same virtual_router_id, is believed");
	lnt_instead(l, said, "a password of your own");
}

void rule_auth_plain(struct lnt *l, const struct lnt_rule *rule)
{
	for (size_t i = 0; i < l->n_nodes; i++) {
		for (size_t k = 0; k < l->nodes[i]->n_insts; k++) {
			const struct lnt_inst *inst = &l->nodes[i]->insts[k];
			struct lnt_said *said;
			struct diag_pos pos;

			if (inst->auth != LNT_AUTH_PASS)
				continue;
			pos = bld_at(&inst->raw->auth, "auth_type");
			said = lnt_say(l, rule, inst->node, &pos,
				       "'auth_type PASS' gives no security: every advertisement "
				       "carries the password in clear text. It keeps two clusters "
				       "apart, not an attacker out");
			lnt_instead(l, said,
				    "leave it on a trusted network; else let only the nodes' "
				    "addresses send protocol 112");
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
