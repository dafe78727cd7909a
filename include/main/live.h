/*
 * What only the running system can say of a configuration: users, files, interfaces.
 */
#ifndef MAIN_LIVE_H
#define MAIN_LIVE_H

#include "base/diag.h"
#include "config/cfg.h"
#include "main/check.h"

/*
 * Resolves the user of every command to numbers. A command whose user does not exist, or that
 * enable_script_security forbids, is refused from now on (a check with it has failed) and
 * diagnosed. Asks NSS and walks paths: may block, so never from the event loop's callbacks but at
 * a reload.
 */
void liv_resolve(struct cfg *cfg, struct diag_list *diags);

/* The answers for cft_system(). */
struct cft_system liv_system(void);

#endif
