/*
 * Can this user run this script, and is it safe to?
 *
 * The answer names the component of the path that is at fault. Used when a configuration is
 * checked, when the daemon starts, and by the runner after the kernel has refused a script. It is
 * a diagnosis, not a guard: the kernel decides when the script is run.
 */
#ifndef SYS_SCRIPT_PATH_H
#define SYS_SCRIPT_PATH_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/users.h"

/* Where names without a slash are looked for; the scripts' own PATH too. */
#define SPATH_DEFAULT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#define SPATH_WHY_MAX 320	/* enough for any sentence with its NUL; long paths are cut */

enum spath_verdict {
	SPATH_OK,
	SPATH_UNSAFE,		/* runs as root, but someone else could replace it */
	SPATH_CANNOT_RUN,
};

/*
 * Walks PATH through its symbolic links as the user WHO. Every directory must exist and be
 * searchable, the file be regular and executable, and so its interpreter when it begins with "#!".
 * Then, for user 0, every component must belong to root and be writable by nobody else (sticky
 * directories are fine), else "Unsafe permissions ...". Access control lists count as permission.
 * A PATH without a slash is searched in SPATH_DEFAULT; a relative one starts at "/", where scripts
 * run.
 *
 * WHY (SIZE octets, SPATH_WHY_MAX is enough) gets one sentence without a full stop, or "" for
 * SPATH_OK.
 */
enum spath_verdict spath_check(const char *path, const struct user_ids *who, char *why,
			       size_t size);

/*
 * The file that execve() gets for PATH: the first one in SPATH_DEFAULT that WHO can execute for a
 * name without a slash, else PATH itself. Writes it to BUF and returns BUF; NULL when there is
 * none.
 */
const char *spath_find(const char *path, const struct user_ids *who, char buf[static PATH_MAX]);

#endif
