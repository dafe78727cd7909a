/*
 * A role on its way to the process that is to play it.
 *
 * The memfd is sealed, says who has written it, and is believed only by a child of that process: so
 * a descriptor that went astray makes nobody an engine.
 */
#include "main/role.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "main/engine_process.h"
#include "main/loader.h"
#include "main/prover.h"
#include "sys/limits.h"
#include "sys/runner.h"
#include "sys/sealed.h"
#include "sys/spawn.h"

#define MAGIC UINT64_C(0x656c6f72666c6f68)

/* ---- the one who gives it ---- */

pid_t rol_start(const struct rol_source *source, const struct rol *role, const int *fds, size_t n)
{
	struct rol out = *role;
	int all[1 + ROL_FDS_MAX];
	pid_t pid;

	if (n > ROL_FDS_MAX) {
		errno = E2BIG;
		return -1;
	}
	out.magic = MAGIC;
	out.size = sizeof(out);
	out.parent = getpid();
	out.n_fds = (uint32_t)n;
	out.open_files = lim_found().open_files;
	out.timer_slack = lim_found().timer_slack;
	all[0] = sld_write("holdfast-role", &out, sizeof(out));
	if (all[0] < 0)
		return -1;
	memcpy(all + 1, fds, n * sizeof(*fds));
	pid = spw_exec(source->exe, source->argv, all, n + 1);
	int error = errno;
	close(all[0]);
	errno = error;
	return pid;
}

/* ---- the one who gets it ---- */

int rol_fd(size_t i)
{
	return SPW_FIRST_FD + 1 + (int)i;
}

static bool is_whole(const struct rol *r)
{
	return r->size == sizeof(*r) && r->kind > ROL_NONE && r->kind < ROL_LOST &&
	       r->n_fds <= ROL_FDS_MAX && memchr(r->config, '\0', sizeof(r->config)) &&
	       memchr(r->lock, '\0', sizeof(r->lock)) &&
	       memchr(r->directory, '\0', sizeof(r->directory));
}

enum rol_kind rol_inherited(struct rol *out)
{
	size_t len = 0;
	char *octets = sld_read(SPW_FIRST_FD, sizeof(*out), &len);
	bool ours = octets && len >= sizeof(out->magic) &&
		    memcmp(octets, &(uint64_t){ MAGIC }, sizeof(out->magic)) == 0;
	bool whole = ours && len == sizeof(*out);

	if (whole)
		memcpy(out, octets, sizeof(*out));
	free(octets);
	if (!ours)
		return ROL_NONE;
	close(SPW_FIRST_FD);
	if (!whole || !is_whole(out) || out->parent != getppid())
		return ROL_LOST;
	for (size_t i = 0; i < out->n_fds; i++)
		fcntl(rol_fd(i), F_SETFD, FD_CLOEXEC);
	/* the keeper has raised them */
	lim_was(&(struct lim){ out->open_files, out->timer_slack });
	return out->kind;
}

static int be_engine(const struct rol *role, const struct options *options)
{
	const struct user_ids user = { .uid = role->uid, .gid = role->gid };
	struct epr_options o = {
		.options = options, .level = role->level, .keeper = role->parent,
		.owner = role->owner, .user = role->has_user ? &user : NULL, .first = role->first,
		.lock = role->lock,
	};

	for (size_t i = 0; i < EPR_N_FDS; i++)
		o.fds[i] = fcntl(rol_fd(i), F_GETFD) < 0 ? -1 : rol_fd(i);
	return epr_run(&o);
}

static int be_loader(const struct rol *role, const struct options *options)
{
	struct options o = *options;

	o.config = role->config[0] ? role->config : NULL;
	memcpy(o.directory, role->directory, sizeof(o.directory));
	return ldr_run(&o, rol_fd(0));
}

static int be_runner(const struct rol *role, const struct options *options)
{
	static const struct runner_options defaults;

	(void)role;
	(void)options;
	runner_run(rol_fd(0), rol_fd(1), &defaults);
}

static int be_prover(const struct rol *role, const struct options *options)
{
	const struct user_ids user = { .uid = role->uid, .gid = role->gid };
	const int fds[PVR_N_FDS] = {
		[PVR_CONFIG] = rol_fd(PVR_CONFIG), [PVR_RECORD] = rol_fd(PVR_RECORD),
		[PVR_SAID] = rol_fd(PVR_SAID), [PVR_BINARY] = rol_fd(PVR_BINARY),
	};

	(void)options;
	pvr_run(role->has_user ? &user : NULL, fds);
}

int rol_run(const struct rol *role, const struct options *options)
{
	static int (*const be[ROL_N_KINDS])(const struct rol *role, const struct options *o) = {
		[ROL_ENGINE] = be_engine, [ROL_LOADER] = be_loader, [ROL_RUNNER] = be_runner,
		[ROL_PROVER] = be_prover,
	};

	return be[role->kind](role, options);
}
