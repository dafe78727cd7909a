/*
 * --prove: whether this binary can take over from a daemon that runs.
 */
#ifndef MAIN_PROVE_H
#define MAIN_PROVE_H

/* The descriptors that it is given. */
#define PRO_CONFIG 3			/* of crs_write() */
#define PRO_RECORD 4			/* of rec_new(), as the living engine writes it */

/* Reads both as an engine would. Prints HOV_PROOF and the version, or a sentence; returns the exit
 * status. */
int pro_run(void);

#endif
