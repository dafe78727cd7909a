/*
 * The environment of scripts.
 *
 * What the daemon was started with (docker -e, EnvironmentFile=) is handed on, less the names that
 * have a program load other code, that speak to systemd in the daemon's name, or that describe the
 * process that has started it. It may hold secrets: so a script of another user than the daemon's
 * gets it only when the configuration says so, and nothing here is ever logged.
 */
#ifndef SYS_SCRIPT_ENV_H
#define SYS_SCRIPT_ENV_H

#include <stdbool.h>
#include <stddef.h>

/* The PATH of scripts whose daemon has none, an empty one, or one of more than SENV_PATH_MAX. */
#define SENV_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#define SENV_PATH_MAX 8192
#define SENV_OCTETS_MAX (1u << 20)	/* of what is handed on, with 9 for each variable */
#define SENV_OWN_MAX 4			/* HOME, LOGNAME, SHELL, USER */

struct senv {
	const char *const *v;		/* what is handed on: each name once, sorted */
	size_t n;
	const char *path;		/* the value of PATH */
	size_t left_out;		/* variables for which there was no room */
};

/*
 * Which of ENV (NULL-terminated, as environ(7)) is handed on. What is left out because of its
 * size is what no longer fits: the limit is half of what the kernel gives to a program for its
 * environment and arguments, and SENV_OCTETS_MAX at most. The strings stay ENV's. False: there is
 * no memory. Free with senv_free().
 */
bool senv_read(struct senv *out, char *const *env);
void senv_free(struct senv *e);

/* Overwrites ENV, its strings included: for a process that runs no script and reads packets. */
void senv_wipe(char **env);

/* What scripts of a daemon that was started with ENV have as PATH. */
const char *senv_path(char *const *env);

/*
 * The environment of one script: OWN ("NAME=value", at most SENV_OWN_MAX, NULL-terminated), then
 * PATH and, where nothing else says it, LANG=C; with ALL what is handed on, too. From malloc(),
 * NULL-terminated, for execve(); NULL: there is no memory.
 */
char **senv_make(const struct senv *e, const char *const *own, bool all);

#endif
