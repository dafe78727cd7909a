/*
 * A configuration, judged before it is trusted.
 *
 * `holdfastd -t` is run by hand before a reload and by deployment tools before a rollout. Both
 * want every mistake in one run, and a status that tells "does not run" from "runs, but".
 */
#include "main/check.h"

#include <errno.h>
#include <string.h>

#include "config/shellish.h"
#include "lint/render.h"
#include "main/command_lint.h"
#include "main/scripts.h"

#define LINE_MAX_OCTETS 2048
#define IFACES_MAX 256		/* that a misspelled name is compared with */
#define IFACES_SHOWN 8		/* that are named to a reader */
#define IFACE_OCTETS 16		/* IFNAMSIZ */

/* Calls EACH for every command of CFG, with what happens when it cannot be run. */
static void for_commands(const struct cfg *cfg, const struct cft_system *system,
			 struct diag_list *diags,
			 void (*each)(const struct cfg *cfg, const struct cfg_command *command,
				      const struct cft_system *system, const char *effect,
				      struct diag_list *diags))
{
	for (uint16_t i = 0; i < cfg->vr.n_checks; i++)
		each(cfg, &cfg->checks[i].command, system, "the check counts as failed", diags);
	for (uint16_t i = 0; i < cfg->vr.n_insts; i++)
		for (int n = 0; n < CFG_N_NOTIFY; n++)
			each(cfg, &cfg->insts[i].notify[n], system, "nobody will be notified",
			     diags);
}

static void check_command(const struct cfg *cfg, const struct cfg_command *command,
			  const struct cft_system *system, const char *effect,
			  struct diag_list *diags)
{
	bool guarded = cfg->global.script_security;
	char why[CFT_WHY_MAX] = "";

	if (!command->argv || command->refused)
		return;
	bool safe = system->is_safe(system->ctx, cfg, command, why, sizeof(why));
	if (!safe)
		diag_add(diags, &command->pos, DIAG_WARNING, NULL, "%s; %s%s",
			 why, guarded ? "enable_script_security disables it: " :
			 "enable_script_security would disable such a script",
			 guarded ? effect : "");
	if ((safe || !guarded) && !shi_is_no_program(command->argv[0]) &&
	    !system->can_run(system->ctx, cfg, command, why, sizeof(why)))
		diag_add(diags, &command->pos, DIAG_WARNING, NULL, "%s; %s", why, effect);
}

/* A command that nobody has named a user for. */
static void find_anonymous(const struct cfg *cfg, const struct cfg_command *command,
			   const struct cft_system *system, const char *effect,
			   struct diag_list *diags)
{
	(void)effect;
	if (!command->argv || command->as.user || cfg->global.script_user.user)
		return;
	if (system->default_is_root(system->ctx))
		diag_add(diags, &command->pos, DIAG_WARNING, NULL,
			 "enable_script_security without script_user, and this host has no user "
			 "keepalived_script: the script runs as root (keepalived would remove it); "
			 "'script_user' says who it should be");
}

/* The interfaces of the host, as a list for the nearest name and as words for a reader. */
struct ifaces {
	char names[IFACES_MAX][IFACE_OCTETS];
	const char *list[IFACES_MAX + 1];
	size_t n, more;			/* MORE: that did not fit */
	char words[IFACES_SHOWN * (IFACE_OCTETS + 2) + 32];
};

static void add_iface(void *to, const char *name)
{
	struct ifaces *all = to;

	if (all->n == IFACES_MAX) {
		all->more++;
		return;
	}
	snprintf(all->names[all->n], IFACE_OCTETS, "%s", name);
	all->list[all->n] = all->names[all->n];
	all->n++;
}

static void put_words(struct ifaces *all)
{
	size_t shown = all->n < IFACES_SHOWN ? all->n : IFACES_SHOWN, at = 0;

	for (size_t i = 0; i < shown; i++)
		at += (size_t)snprintf(all->words + at, sizeof(all->words) - at, "%s%s",
				       i ? ", " : "", all->names[i]);
	if (all->n + all->more > shown)
		snprintf(all->words + at, sizeof(all->words) - at, " and %zu more",
			 all->n + all->more - shown);
}

/* An interface may appear later, and what needs it waits for it: but a name that is misspelled
 * never appears. */
static void check_ifaces(const struct cfg *cfg, const struct cft_system *system,
			 struct diag_list *diags)
{
	enum diag_severity severity = cfg->global.ifaces_come ? DIAG_NOTE : DIAG_WARNING;
	struct ifaces all = { .n = 0 };

	for (uint16_t i = 0; i < cfg->vr.n_ifaces; i++) {
		const char *name = cfg->vr.ifaces[i].name;

		if (system->iface_exists(system->ctx, name))
			continue;
		if (all.n == 0) {
			system->each_iface(system->ctx, add_iface, &all);
			put_words(&all);
		}
		diag_add(diags, &cfg->iface_pos[i], severity, word_nearest(name, all.list),
			 "the interface '%s' does not exist on this host, which has %s; what needs "
			 "it waits until it appears", name, all.n ? all.words : "none");
	}
}

/* It may come later, like the interface; until then nobody answers for the source of adverts. */
static void check_sources(const struct cfg *cfg, const struct cft_system *system,
			  struct diag_list *diags)
{
	char text[IP_TEXT_MAX];

	for (uint16_t i = 0; i < cfg->vr.n_insts; i++) {
		const struct vr_inst_conf *ic = &cfg->vr.insts[i];
		const char *iface = cfg->vr.ifaces[ic->iface].name;

		if (ic->source.family == IP_NONE || !system->iface_exists(system->ctx, iface) ||
		    system->has_address(system->ctx, iface, &ic->source))
			continue;
		diag_add(diags, &cfg->insts[i].source_pos, DIAG_NOTE, NULL,
			 "%s is not an address of %s on this host; advertisements come from it all "
			 "the same", ip_text(&ic->source, text), iface);
	}
}

void cft_system(const struct cfg *cfg, const struct cft_system *system, struct diag_list *diags)
{
	check_ifaces(cfg, system, diags);
	check_sources(cfg, system, diags);
	for_commands(cfg, system, diags, check_command);
	if (cfg->global.script_security)
		for_commands(cfg, system, diags, find_anonymous);
}

void cft_print(struct diag_list *diags, FILE *to)
{
	char line[LINE_MAX_OCTETS];

	diag_sort(diags);
	for (size_t i = 0; i < diags->n; i++) {
		diag_text(&diags->v[i], line, sizeof(line));
		fprintf(to, "%s\n", line);
	}
	if (diag_lost(diags, line, sizeof(line)))
		fprintf(to, "%s\n", line);
}

static size_t count(const struct diag_list *diags, enum diag_severity from, enum diag_severity to)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->n; i++)
		n += diags->v[i].severity >= from && diags->v[i].severity <= to;
	return n;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static enum cft_status summary(const char *file, const struct cfg *cfg,
			       const struct diag_list *diags, FILE *to)
{
	size_t warnings = count(diags, DIAG_WARNING, DIAG_MISTAKE);
	size_t errors = count(diags, DIAG_ERROR, DIAG_FATAL);

	if (!cfg) {
		fprintf(to, "%s: cannot be run: %zu error%s, %zu warning%s\n", file, errors,
			plural(errors), warnings, plural(warnings));
		return CFT_CANNOT_RUN;
	}
	if (errors + warnings + diags->dropped) {
		fprintf(to, "%s: can be run, but not all of it as written: %zu error%s, "
			"%zu warning%s\n", file, errors, plural(errors), warnings,
			plural(warnings));
		return CFT_RUNS;
	}
	fprintf(to, "%s: clean: %u instance%s, %u check%s\n", file, cfg->vr.n_insts,
		plural(cfg->vr.n_insts), cfg->vr.n_checks, plural(cfg->vr.n_checks));
	return CFT_CLEAN;
}

/* Puts what lint finds beside what has been said; where both say the same, lint does. */
static void add_lint(const char *file, const struct cfg_options *how, struct diag_list *diags)
{
	struct lnt_host host = cml_host();
	struct lnt *l;

	host.unsafe = NULL;		/* cft_system() has said it */
	l = lnt_new(&host);
	if (l)
		lnt_add(l, file, how, diags);
	if (l && lnt_run(l)) {
		diag_free(diags);
		rnd_diags(l, diags);
	}
	lnt_free(l);
}

enum cft_status cft_run(const struct options *o, const struct cft_system *system, FILE *to)
{
	const struct cfg_options how = opt_cfg(o);
	const char *file = opt_config(o);
	FILE *log = o->test_log ? fopen(o->test_log, "a") : NULL;
	struct diag_list diags;
	enum cft_status status;
	struct cfg *cfg;

	if (o->test_log && !log)
		fprintf(to, "%s: %s; the messages go here\n", o->test_log, strerror(errno));
	diag_init(&diags);
	cfg = cfg_load(file, &how, &diags);
	if (cfg) {
		scr_place(cfg, o->directory);
		cft_system(cfg, system, &diags);
	}
	/* The daemon finds out by itself; and only there is known what it has put there. */
	if (cfg && system->foreign)
		system->foreign(system->ctx, cfg, o->adopt_leftovers, &diags);
	if (o->lint)
		add_lint(file, &how, &diags);
	cft_print(&diags, log ? log : to);
	status = summary(file, cfg, &diags, log ? log : to);
	diag_free(&diags);
	cfg_free(cfg);
	if (log && fclose(log))
		fprintf(to, "%s: %s\n", o->test_log, strerror(errno));
	return status;
}
