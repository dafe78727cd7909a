/*
 * Can this user run this script, and is it safe to?
 *
 * The answer names the component of the path that is at fault. Used when a configuration is
 * checked, when the daemon starts, and by the runner: after the kernel has refused a script, and
 * before each run of a privileged one under enable_script_security.
 *
 * Whether a script can be run is a diagnosis; the kernel decides. Whether it is safe is a guard,
 * and holds although the kernel walks the path once more when it executes it: SAFE means that
 * nobody but root could change any component, so nobody but root can change what the path means
 * between the two walks. That is why the script is executed by its path. By an open descriptor it
 * would see /dev/fd/N in the place of its own name, and look for its parts beside that.
 */
#ifndef SYS_SCRIPT_PATH_H
#define SYS_SCRIPT_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/users.h"

#define SPATH_WHY_MAX 320	/* enough for any sentence with its NUL; long paths are cut */

#define SPATH_SHELL "/bin/sh"	/* what runs a text without "#!" */

struct spath_answer {
	bool runs;			/* as far as can be seen */
	bool safe;			/* always so for who is not privileged */
	char why[SPATH_WHY_MAX];	/* not RUNS: one sentence without a full stop; else "" */
	char unsafe[SPATH_WHY_MAX];	/* not SAFE: the same, "Unsafe permissions: ..."; else "" */
	char file[PATH_MAX];		/* what execve() gets; RUNS only */
};

/* Is it worth something to become WHO: user 0, or a member of group 0? */
bool spath_privileged(const struct user_ids *who);

/*
 * Walks the command line ARGV (NULL-terminated, at least one word) as the user WHO.
 *
 * The program, through its symbolic links: every directory must exist and be searchable, the file
 * be regular and executable, and so its interpreter when it begins with "#!", or SPATH_SHELL when
 * it is another text, and the program that "#!/usr/bin/env NAME" finds. A name without a slash is
 * searched in PATH, the script's own (senv_path()); a relative path starts at "/", where scripts
 * run.
 *
 * When WHO is privileged, every component on the way must belong to root and be writable by nobody
 * else, by mode or access control list, however far the walk comes. Unsafe are also: a component
 * that is missing where others could make it, one in /proc, where names change by themselves, and a
 * FUSE file system mounted in a directory that others can write. A sticky directory is fine for
 * what is there and root's. Where the program is an interpreter ("sh", "timeout 5 ..."), the same
 * holds for the first absolute path among its arguments.
 */
void spath_judge(const char *const *argv, const struct user_ids *who, const char *path,
		 struct spath_answer *out);

/* Is FILE a text without "#!", which the kernel refuses (ENOEXEC) and SPATH_SHELL runs? */
bool spath_is_for_shell(const char *file);

#endif
