/*
 * A loaded configuration on its way from one process to another.
 *
 * Reading a configuration needs files and NSS, which may block for ever on a directory server or a
 * dead file system; a process that may open nothing must have it all the same, and so must the one
 * that goes on after a crash. So it crosses as a sealed memfd: the canonical native text with its
 * secrets, and what the text cannot hold: which files it came from, who each script runs as and
 * whether it may run, and everything that was found wrong.
 *
 * Sealed means that nobody can change it any more, whoever holds the descriptor. It is read by
 * other versions of the program too: what is not understood is refused with a sentence.
 */
#ifndef MAIN_CROSSING_H
#define MAIN_CROSSING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "config/cfg.h"

#define CRS_SIZE_MAX (256u << 20)	/* octets; more than 65,534 instances need */
#define CRS_WHY_MAX 160

/*
 * Writes CFG, which liv_resolve() has seen, and DIAGS. CFG NULL: there is nothing to run, and DIAGS
 * say why. Returns a sealed memfd that is the caller's, close-on-exec, or -1 with errno.
 */
int crs_write(const struct cfg *cfg, const struct diag_list *diags);

/*
 * Reads what crs_write() wrote from FD, which stays the caller's, as does its position. Opens
 * nothing and asks nobody. *CFG is a configuration of its own (cfg_free()), or NULL where the
 * writer had none; its positions mean nothing here, the diagnoses have theirs. They are added to
 * DIAGS unless that is NULL. False: *CFG is NULL and WHY is one sentence. CFG NULL: the diagnoses
 * alone are read, and what follows them is not looked at.
 */
bool crs_read(int fd, struct cfg **cfg, struct diag_list *diags, char why[static CRS_WHY_MAX]);

#endif
