/*
 * Which daemon a command is for.
 */
#ifndef MAIN_COMMAND_DAEMON_H
#define MAIN_COMMAND_DAEMON_H

#include <stdbool.h>

#include "main/runtime_files.h"

/*
 * The control socket of the daemon whose key or PID is WANTED; WANTED NULL: of the only one in our
 * network namespace. PATH names a socket that does not exist when nobody runs. False: there are
 * several, or none that fits; standard error has those that run and, with VERB, the command that
 * reaches each.
 */
bool cdm_find(const char *wanted, const char *verb, char path[static RTF_PATH_MAX]);

#endif
