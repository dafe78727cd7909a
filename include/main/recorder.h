/*
 * The daemon's journal: which file, and the way from the engine into it.
 *
 * Without a file there is none, and one that cannot be had is a sentence in the log: an address is
 * worth more than its history.
 */
#ifndef MAIN_RECORDER_H
#define MAIN_RECORDER_H

#include "base/log.h"
#include "config/cfg.h"
#include "core/port.h"
#include "engine/engine.h"

struct recorder;

/*
 * Opens OVERRIDE (an option of the command line, or NULL), else the file that CFG names: the file
 * is chosen once, by who may open it. -1: there is no journal; the log says why, unless nobody
 * wants one.
 */
int rec_file(const char *override, const struct cfg *cfg, const struct log *log);

/*
 * Gives the engine its journal in FD, which is that of rec_file() and taken over. After any fork
 * and before rights are given up. ENGINE, PORT and LOG must outlive it, until rec_close(). NULL:
 * there is no journal; the log says why, unless FD is -1.
 */
struct recorder *rec_open(int fd, struct engine *engine, const char *override,
			  const struct port *port, const struct log *log);

/* A new configuration is at work: tells what of it needs a restart. REC may be NULL. */
void rec_reloaded(const struct recorder *rec, const char *override, const struct cfg *cfg,
		  const struct log *log);

/* After the engine's end: writes what is left, for at most WAIT_US. NULL is allowed. */
void rec_close(struct recorder *rec, int64_t wait_us);

#endif
