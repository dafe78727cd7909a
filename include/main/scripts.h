/*
 * Which commands of a configuration the runner may run.
 */
#ifndef MAIN_SCRIPTS_H
#define MAIN_SCRIPTS_H

#include "config/cfg.h"
#include "sys/runner.h"

/*
 * Tells RUNNER that everything CFG names, and the host has not refused (liv_resolve()), may be run
 * from now on; follow it with runner_settle(). Returns 0 or a positive errno; nothing has changed
 * then.
 */
int scr_allow(const struct runner_handle *runner, const struct cfg *cfg);

#endif
