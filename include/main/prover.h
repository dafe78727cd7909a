/*
 * The process that executes a new binary, so that it can prove itself (main/prove.h).
 */
#ifndef MAIN_PROVER_H
#define MAIN_PROVER_H

#include "sys/users.h"

/* Its descriptors, in the order of rol_fd(). */
enum pvr_fd {
	PVR_CONFIG,			/* of crs_write() */
	PVR_RECORD,			/* of rec_new(), a copy */
	PVR_SAID,			/* to which it says the proof, or one sentence */
	PVR_BINARY,			/* the program */
	PVR_N_FDS
};

/*
 * Judges the program, gives up every right, as user WHO or as nobody (NULL), and executes it. What
 * is executed may be anything that root has named, and reads what an engine that was taken over has
 * written: so it has no descriptor but what it reads, and cannot write a file.
 */
_Noreturn void pvr_run(const struct user_ids *who, const int fds[static PVR_N_FDS]);

#endif
