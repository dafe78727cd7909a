/*
 * Who a script runs as: names become numbers once, when the daemon starts or reloads.
 *
 * keepalived's rules (reference: its script_user and user keywords): the script's own user, else
 * script_user, else the user "keepalived_script" where it exists, else the daemon's own user and
 * group. These calls ask NSS and may block; the engine's loop never makes them.
 */
#ifndef SYS_USERS_H
#define SYS_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define USERS_DEFAULT "keepalived_script"
#define USERS_GROUPS_MAX 64	/* supplementary groups of one script that are honoured */
#define USERS_VALUE_MAX 4096	/* of users_variables(), octets; a longer one is left out */
#define USERS_WHY_MAX 200	/* enough for any sentence with its NUL */

struct user_ids {
	uint32_t uid, gid;
	bool groups;		/* with the user's supplementary groups; false: with none */
};

/*
 * USER and GROUP as written. A name or a number each; GROUP may be NULL (the user's own), ":NAME"
 * (that group and the user's supplementary ones) or ":" (the user's own and the supplementary
 * ones). USER NULL: the daemon's own user. False: *OUT is untouched and WHY (SIZE octets) holds
 * one sentence without a full stop.
 */
bool users_resolve(const char *user, const char *group, struct user_ids *out, char *why,
		   size_t size);

/*
 * Who a script without a user of its own runs as: SCRIPT_USER and SCRIPT_GROUP unless NULL, else
 * USERS_DEFAULT where it exists, else the daemon's own effective user and group.
 */
bool users_default(const char *script_user, const char *script_group, struct user_ids *out,
		   char *why, size_t size);

/*
 * What a process of user UID finds in its environment about its account, as login(1) sets it:
 * "HOME=...", "LOGNAME=...", "SHELL=..." and "USER=...", NULL-terminated, in ARENA. A number
 * without an account has HOME=/ alone. NULL: there is no memory.
 */
const char **users_variables(struct arena *arena, uint32_t uid);

/*
 * The groups of a process of IDS besides its own group: none unless IDS->groups. Returns how many
 * of the at most MAX (32-bit gid_t) were written to LIST.
 */
size_t users_groups(const struct user_ids *ids, uint32_t *list, size_t max);

#endif
