/*
 * From a configuration to the set of what may be run.
 *
 * The process that has read the configuration says so, and not the one that asks for the runs: a
 * packet that takes the engine over must not find a way to run anything else. What the engine adds
 * to a command by itself is written here a second time, on purpose.
 */
#include "main/scripts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/shellish.h"
#include "engine/engine.h"

struct listing {
	struct arena *arena;
	struct rset_command *v;
	size_t n;
	const struct cfg_global *global;
};

static void add(struct listing *l, enum port_job_kind kind, const struct cfg_command *c,
		const char *const *argv, uint32_t free_words)
{
	l->v[l->n++] = (struct rset_command){
		.kind = kind, .argv = argv, .uid = c->uid, .gid = c->gid, .groups = c->groups,
		.free_words = free_words, .terms = {
			.guarded = l->global->script_security,
			.environment_all = l->global->environment_all, .account = c->account,
		},
	};
}

static bool may_run(const struct cfg_command *c)
{
	return c->argv && !c->refused;
}

/* <command> INSTANCE <name>, behind which the state and the priority come. */
static bool add_generic(struct listing *l, const struct cfg_command *c, const char *name)
{
	size_t n = 0;
	const char **argv = arena_array(l->arena, ENG_NOTIFY_WORDS_MAX + 3, sizeof(*argv));

	for (; argv && c->argv[n] && n < ENG_NOTIFY_WORDS_MAX; n++)
		argv[n] = c->argv[n];
	if (!argv)
		return false;
	argv[n++] = "INSTANCE";
	argv[n] = name;
	add(l, PORT_JOB_NOTIFY, c, argv, 2);
	return true;
}

static bool fill(struct listing *l, const struct cfg *cfg)
{
	bool good = true;

	for (uint16_t i = 0; i < cfg->vr.n_checks; i++) {
		const struct cfg_command *c = &cfg->checks[i].command;

		if (may_run(c))
			add(l, PORT_JOB_CHECK, c, c->argv, 0);
	}
	for (uint16_t i = 0; i < cfg->vr.n_insts && good; i++) {
		const struct cfg_command *slots = cfg->insts[i].notify;

		for (int slot = 0; slot < CFG_NOTIFY_GENERIC; slot++)
			if (may_run(&slots[slot]))
				add(l, PORT_JOB_NOTIFY, &slots[slot], slots[slot].argv, 0);
		if (may_run(&slots[CFG_NOTIFY_GENERIC]))
			good = add_generic(l, &slots[CFG_NOTIFY_GENERIC], cfg->vr.insts[i].name);
	}
	return good;
}

/* A command that is too long for the runner is none: the engine is told so when it asks. */
static void drop_impossible(struct listing *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (rset_fits(&l->v[i]))
			l->v[kept++] = l->v[i];
	l->n = kept;
}

/* ---- relative paths ---- */

static void place(const struct cfg *cfg, struct cfg_command *c, const char *directory)
{
	const char *path = c->argv ? c->argv[0] : "/";
	size_t size = strlen(directory) + strlen(path) + 2;
	char *absolute;

	if (path[0] == '/' || !strchr(path, '/') || shi_is_no_program(path) || !directory[0])
		return;
	absolute = arena_alloc(cfg->arena, size);
	if (!absolute) {
		c->refused = "there was no memory for its path";
		return;
	}
	snprintf(absolute, size, "%s/%s", directory, path);
	c->argv[0] = absolute;
}

void scr_place(struct cfg *cfg, const char *directory)
{
	for (uint16_t i = 0; i < cfg->vr.n_checks; i++)
		place(cfg, &cfg->checks[i].command, directory);
	for (uint16_t i = 0; i < cfg->vr.n_insts; i++)
		for (int slot = 0; slot < CFG_N_NOTIFY; slot++)
			place(cfg, &cfg->insts[i].notify[slot], directory);
}

/* ---- the set ---- */

int scr_allow(const struct runner_handle *runner, const struct cfg *cfg)
{
	struct listing l = { .arena = arena_new(), .global = &cfg->global };
	size_t most = cfg->vr.n_checks + (size_t)cfg->vr.n_insts * CFG_N_NOTIFY;
	int error = ENOMEM;

	if (l.arena)
		l.v = arena_array(l.arena, most, sizeof(*l.v));
	if (l.v && fill(&l, cfg)) {
		drop_impossible(&l);
		error = runner_allow(runner, l.v, l.n);
	}
	arena_free(l.arena);
	return error;
}
