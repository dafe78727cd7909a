/*
 * Names of users and groups become numbers here, and nowhere else.
 *
 * The questions go to NSS, which may ask a slow directory server: so they are asked when a
 * configuration is loaded, and a failure is a sentence that names the word the user wrote.
 */
#include "sys/users.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_MAX = 1 << 20 };	/* a passwd or group record larger than this is a mistake */

enum found { FOUND, NOT_FOUND, FAILED };

/* Fills in why and returns false, so that a caller can return what it says. */
static bool refuse(char *why, size_t size, const char *what, const char *name, const char *rest)
{
	snprintf(why, size, "%s '%.64s' %s", what, name, rest);
	return false;
}

/* The whole text as a 32-bit number; (uint32_t)-1 is the kernel's "no change" and refused. */
static bool number(const char *text, uint32_t *out)
{
	unsigned long long v;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno || *end || v >= UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

/* getpwnam_r, or getpwuid_r when NAME is NULL; only the numbers are wanted. */
static enum found ask_user(const char *name, uid_t uid, uint32_t *out_uid, uint32_t *out_gid)
{
	for (size_t size = 1024; size <= RECORD_MAX; size *= 4) {
		struct passwd record, *found = NULL;
		char *buf = malloc(size);
		int error;

		if (!buf)
			return FAILED;
		error = name ? getpwnam_r(name, &record, buf, size, &found)
			     : getpwuid_r(uid, &record, buf, size, &found);
		free(buf);
		if (error == ERANGE)
			continue;
		if (!found)
			return error && error != ENOENT && error != ESRCH ? FAILED : NOT_FOUND;
		*out_uid = record.pw_uid;
		*out_gid = record.pw_gid;
		return FOUND;
	}
	return FAILED;
}

static enum found ask_group(const char *name, uint32_t *out)
{
	for (size_t size = 1024; size <= RECORD_MAX; size *= 4) {
		struct group record, *found = NULL;
		char *buf = malloc(size);
		int error;

		if (!buf)
			return FAILED;
		error = getgrnam_r(name, &record, buf, size, &found);
		free(buf);
		if (error == ERANGE)
			continue;
		if (!found)
			return error && error != ENOENT && error != ESRCH ? FAILED : NOT_FOUND;
		*out = record.gr_gid;
		return FOUND;
	}
	return FAILED;
}

static const char not_known[] = "is not known on this host";
static const char not_asked[] = "could not be looked up";

static bool resolve_group(const char *group, uint32_t *gid, char *why, size_t size)
{
	enum found f = ask_group(group, gid);

	if (f == FOUND || (f == NOT_FOUND && number(group, gid)))
		return true;
	return refuse(why, size, "group", group, f == FAILED ? not_asked : not_known);
}

/* Without a name: the daemon itself, in the group it runs in. */
static bool resolve_user(const char *user, struct user_ids *ids, bool *has_group, char *why,
			 size_t size)
{
	uint32_t uid;
	enum found f;

	*has_group = true;
	if (!user) {
		ids->uid = geteuid();
		ids->gid = getegid();
		return true;
	}
	f = ask_user(user, 0, &ids->uid, &ids->gid);
	if (f == NOT_FOUND && number(user, &uid)) {
		ids->uid = uid;
		*has_group = ask_user(NULL, uid, &uid, &ids->gid) == FOUND;
		return true;
	}
	return f == FOUND || refuse(why, size, "user", user, f == FAILED ? not_asked : not_known);
}

bool users_resolve(const char *user, const char *group, struct user_ids *out, char *why,
		   size_t size)
{
	struct user_ids ids = { 0 };
	bool has_group;

	if (!resolve_user(user, &ids, &has_group, why, size))
		return false;
	if (group && group[0] == ':') {
		ids.groups = true;
		group++;
	}
	if (group && group[0]) {
		if (!resolve_group(group, &ids.gid, why, size))
			return false;
	} else if (!has_group) {
		return refuse(why, size, "user", user,
			      "is a number without an account, so its group must be given");
	}
	*out = ids;
	return true;
}

bool users_default(const char *script_user, const char *script_group, struct user_ids *out,
		   char *why, size_t size)
{
	struct user_ids ids = { 0 };

	if (script_user)
		return users_resolve(script_user, script_group, out, why, size);
	switch (ask_user(USERS_DEFAULT, 0, &ids.uid, &ids.gid)) {
	case FOUND:
		*out = ids;
		return true;
	case FAILED:
		return refuse(why, size, "user", USERS_DEFAULT, not_asked);
	case NOT_FOUND:
		break;
	}
	return users_resolve(NULL, NULL, out, why, size);
}

/* ---- an account as variables ---- */

enum { N_VARIABLES = 4 };

/* False: there is no memory. */
static bool add_variable(struct arena *arena, const char **v, size_t *n, const char *name,
			 const char *value)
{
	size_t size = strlen(name) + strlen(value) + 1;
	char *text;

	if (!value[0] || strlen(value) > USERS_VALUE_MAX)
		return true;
	text = arena_alloc(arena, size);
	if (!text)
		return false;
	snprintf(text, size, "%s%s", name, value);
	v[(*n)++] = text;
	return true;
}

static const char **account_variables(struct arena *arena, const struct passwd *p)
{
	const char **v = arena_array(arena, N_VARIABLES + 1, sizeof(*v));
	const char *home = p && p->pw_dir && p->pw_dir[0] == '/' ? p->pw_dir : "/";
	const char *name = p ? p->pw_name : "", *shell = p && p->pw_shell ? p->pw_shell : "";
	size_t n = 0;

	if (v && add_variable(arena, v, &n, "HOME=", home) &&
	    add_variable(arena, v, &n, "LOGNAME=", name) &&
	    add_variable(arena, v, &n, "SHELL=", shell) &&
	    add_variable(arena, v, &n, "USER=", name))
		return v;
	return NULL;
}

const char **users_variables(struct arena *arena, uint32_t uid)
{
	for (size_t size = 1024; size <= RECORD_MAX; size *= 4) {
		struct passwd record, *found = NULL;
		char *buf = malloc(size);
		int error = buf ? getpwuid_r(uid, &record, buf, size, &found) : ENOMEM;
		const char **v = buf && error != ERANGE ? account_variables(arena, found) : NULL;

		free(buf);
		if (error != ERANGE)
			return v;
	}
	return account_variables(arena, NULL);
}

size_t users_groups(const struct user_ids *ids, uint32_t *list, size_t max)
{
	struct passwd record, *found = NULL;
	gid_t groups[USERS_GROUPS_MAX + 1];
	int n = USERS_GROUPS_MAX + 1;
	char buf[4096];
	size_t kept = 0;

	if (!ids->groups || getpwuid_r(ids->uid, &record, buf, sizeof(buf), &found) || !found)
		return 0;
	/* -1: there are more; the first ones are filled in all the same. */
	if (getgrouplist(record.pw_name, ids->gid, groups, &n) < 0)
		n = USERS_GROUPS_MAX + 1;
	for (int i = 0; i < n && kept < max; i++)
		if (groups[i] != ids->gid)
			list[kept++] = groups[i];
	return kept;
}
