/*
 * Where a daemon's runtime files are.
 *
 * A host may have several daemons: OpenStack starts one for each router, in a network namespace of
 * its own. Each has a key, and its files are RTF_DIR/KEY.*: the socket that holdfastctl asks, that
 * of upgrades, the lock, and who it is. With --control they stand beside that socket.
 */
#ifndef MAIN_RUNTIME_FILES_H
#define MAIN_RUNTIME_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "main/options.h"

#define RTF_DIR "/run/holdfast"
#define RTF_KEY_MAX 73			/* with its NUL */
#define RTF_PATH_MAX 108		/* of a socket, with its NUL */

struct rtf {
	char key[RTF_KEY_MAX];
	char control[RTF_PATH_MAX];	/* *.sock */
	char upgrade[RTF_PATH_MAX];	/* *.upgrade: a socket for root */
	char lock[RTF_PATH_MAX];	/* *.lock: of sys/lockfile.h */
	char info[RTF_PATH_MAX];	/* *.json: of rtf_announce() */
	char pid_buf[RTF_PATH_MAX];
	const char *pid_file;		/* of the options, or PID_BUF */
};

/*
 * The key: INSTANCE (of the configuration) where it is given, else the path of -p as
 * systemd-escape(1) writes it, else the network namespace of -s, else "default". A -p that names
 * the default file is none. Other octets than letters, digits and ":_.-" are written as \xNN, and
 * of what is longer than a file name of a socket may be, the end stays behind a number made of all.
 */
void rtf_key(const struct options *o, const char *instance, char key[static RTF_KEY_MAX]);

/* The files of KEY. OUT must not move. False: the path of --control is too long for a socket. */
bool rtf_name(struct rtf *out, const struct options *o, const char *key);

/*
 * Makes RTF_DIR where it is the one to be used, 0755. False, with a sentence: it cannot be made, or
 * somebody else could put files into it.
 */
bool rtf_make_dir(const struct rtf *files, char *why, size_t size);

/* Writes INFO: who listens on CONTROL, in which network namespace, for whoever looks for a daemon.
 * Returns 0 or a positive errno. */
int rtf_announce(const struct rtf *files, const struct options *o);

#endif
