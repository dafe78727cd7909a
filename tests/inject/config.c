/*
 * Why this exists: a configuration that was read in part is the worst one: an instance without its
 * password, a dump without an address. So whatever is refused, a load ends in the same
 * configuration or in none and a sentence, and a dump in the same text or in "false".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "golden/same.h"
#include "inject/inject.h"

static const struct cfg_options by_name = { .dialect = CFG_BY_NAME, .config_id = "node-a" };

/* What the file means when nothing is refused; read once. */
static struct {
	struct cfg *cfg;
	size_t n_diags;
	char *text[2];			/* dumped in each dialect, with secrets */
} right;

static char *dump_text(const struct cfg *c, enum cfg_dialect dialect)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	cfg_dump(c, dialect, true, f);
	fclose(f);
	return text;
}

static void learn(const char *file)
{
	struct diag_list diags;

	if (right.n_diags || right.cfg)
		return;
	diag_init(&diags);
	right.cfg = cfg_load(file, &by_name, &diags);
	right.n_diags = diags.n;
	diag_free(&diags);
	if (!right.cfg)
		return;
	right.text[0] = dump_text(right.cfg, CFG_KEEPALIVED);
	right.text[1] = dump_text(right.cfg, CFG_NATIVE);
}

/* A sentence about the want of memory is among those that could be kept, or their loss is told. */
static void must_be_told(struct inj *in, const struct diag_list *diags)
{
	char lost[80];

	for (size_t i = 0; i < diags->n; i++)
		if (strstr(diags->v[i].text, "memory"))
			return;
	inj_sentence(in, diag_lost(diags, lost, sizeof(lost)));
}

static void judge(struct inj *in, const struct cfg *cfg, const struct diag_list *diags, bool hit)
{
	const char *differs = cfg && right.cfg ? cfg_difference(cfg, right.cfg) : NULL;

	if (differs)
		inj_wrong(in, "what was loaded differs: %s", differs);
	if (cfg && !right.cfg)
		inj_wrong(in, "a wrong file was loaded");
	if (!hit && (!cfg != !right.cfg || diags->n != right.n_diags))
		inj_wrong(in, "not the same again without a refusal");
	if (!cfg && diag_worst(diags) != (int)DIAG_FATAL)
		inj_wrong(in, "nothing was loaded, and nothing fatal is said");
	if (hit && ((!cfg && right.cfg) || diags->n < right.n_diags))
		must_be_told(in, diags);
}

static void load(struct inj *in)
{
	struct diag_list diags;
	struct cfg *cfg;

	learn(inj_arg(in));
	diag_init(&diags);
	inj_arm(in);
	cfg = cfg_load(inj_arg(in), &by_name, &diags);
	bool hit = inj_disarm(in);
	judge(in, cfg, &diags, hit);
	diag_free(&diags);
	cfg_free(cfg);
}

/* Into a file that needs no memory of its own, so that all refusals are the dump's. */
static void dump(struct inj *in, enum cfg_dialect dialect)
{
	static char text[65536];

	learn(inj_arg(in));
	memset(text, 0, sizeof(text));
	FILE *f = fmemopen(text, sizeof(text) - 1, "w");
	if (!f || !right.cfg) {
		inj_wrong(in, "cannot begin");
		return;
	}
	inj_arm(in);
	bool good = cfg_dump(right.cfg, dialect, true, f);
	bool hit = inj_disarm(in);
	fclose(f);
	if (!good && !hit)
		inj_wrong(in, "it fails without a refusal");
	if (good && strcmp(text, right.text[dialect == CFG_NATIVE]) != 0)
		inj_wrong(in, "it says that all was written, and the text differs");
}

static void dump_keepalived(struct inj *in)
{
	dump(in, CFG_KEEPALIVED);
}

static void dump_native(struct inj *in)
{
	dump(in, CFG_NATIVE);
}

#define GOLDEN "tests/golden/"

const struct inj_op inj_config[] = {
	{ "config: load the pair's file", load, GOLDEN "seed-node-a.conf" },
	{ "config: load scripts", load, GOLDEN "scripts.conf" },
	{ "config: load passwords", load, GOLDEN "authentication.conf" },
	{ "config: load parameters, generators", load, GOLDEN "parameters.conf" },
	{ "config: load includes", load, GOLDEN "includes.conf" },
	{ "config: load an include that is checked", load, GOLDEN "checked-include.conf" },
	{ "config: load a file of mistakes", load, GOLDEN "words-without-effect.conf" },
	{ "config: load the native dialect", load, GOLDEN "native-include.cfg" },
	{ "config: load a native pair", load, GOLDEN "native-pair.cfg" },
	{ "config: load native mistakes", load, GOLDEN "native-errors.cfg" },
	{ "config: load no libconfig", load, GOLDEN "native-syntax.cfg" },
	{ "config: load no file", load, GOLDEN "there-is-none.conf" },
	{ "config: dump for keepalived", dump_keepalived, GOLDEN "announcements.conf" },
	{ "config: dump scripts for keepalived", dump_keepalived, GOLDEN "scripts.conf" },
	{ "config: dump passwords natively", dump_native, GOLDEN "authentication.conf" },
	{ "config: dump addresses natively", dump_native, GOLDEN "address-options.conf" },
	{ 0 },
};
