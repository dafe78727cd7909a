/*
 * Which commands of a configuration the runner may run.
 */
#ifndef MAIN_SCRIPTS_H
#define MAIN_SCRIPTS_H

#include "config/cfg.h"
#include "sys/runner.h"

/*
 * Makes the programs of all commands of CFG that are relative paths absolute: they are meant from
 * DIRECTORY, that of the daemon's start ("": it had none, and they stay as they are). Names without
 * a slash are searched, and stay. Nobody has dumped or judged CFG yet.
 */
void scr_place(struct cfg *cfg, const char *directory);

/*
 * Tells RUNNER that everything CFG names, and the host has not refused (liv_resolve()), may be run
 * from now on; follow it with runner_settle(). Returns 0 or a positive errno; nothing has changed
 * then.
 */
int scr_allow(const struct runner_handle *runner, const struct cfg *cfg);

#endif
