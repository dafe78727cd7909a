/*
 * Executing what is to prove itself.
 *
 * A process of its own, for a file system may not answer when the program is judged, and the keeper
 * must not wait; whoever hangs here is ended. It leads a process group, which goes with it.
 */
#include "main/prover.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "main/prove.h"
#include "sys/limits.h"
#include "sys/priv.h"
#include "sys/program.h"
#include "sys/spawn.h"

#define NAME "holdfast:proof"
#define NOBODY 65534			/* where the engine has no user of its own */

static _Noreturn void fail(const char *what, int error)
{
	dprintf(STDOUT_FILENO, "%s%s%s\n", what, error ? ": " : "", error ? strerror(error) : "");
	_exit(EXIT_FAILURE);
}

/* For the program: what it reads, and where it speaks. The rest is close-on-exec. */
static bool place(const int fds[static PVR_N_FDS])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int config = fcntl(fds[PVR_CONFIG], F_DUPFD_CLOEXEC, PRO_RECORD + 1);
	int record = fcntl(fds[PVR_RECORD], F_DUPFD_CLOEXEC, PRO_RECORD + 1);
	int binary = fds[PVR_BINARY];

	return null >= 0 && config >= 0 && record >= 0 && binary > PRO_RECORD &&
	       dup2(null, STDIN_FILENO) >= 0 && dup2(fds[PVR_SAID], STDOUT_FILENO) >= 0 &&
	       dup2(fds[PVR_SAID], STDERR_FILENO) >= 0 &&
	       dup2(config, PRO_CONFIG) >= 0 && dup2(record, PRO_RECORD) >= 0;
}

void pvr_run(const struct user_ids *who, const int fds[static PVR_N_FDS])
{
	static const struct user_ids nobody = { .uid = NOBODY, .gid = NOBODY };
	char *const argv[] = { (char *)"holdfastd", (char *)"--prove", NULL };
	char why[PRG_WHY_MAX];
	int error;

	setsid();
	spw_settle(NAME);
	if (!place(fds))
		_exit(EXIT_FAILURE);
	if (!prg_trusted(fds[PVR_BINARY], why))
		fail(why, 0);
	lim_restore();
	lim_starve();
	error = prv_renounce(who ? who : &nobody);
	if (error)
		fail("its rights cannot be taken away", error);
	fail("it cannot be executed", prg_execute(fds[PVR_BINARY], argv, environ));
}
