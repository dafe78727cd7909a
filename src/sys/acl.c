/*
 * Access control lists, as far as they let somebody write.
 *
 * A script of root's with mode 0755 is another user's all the same when a list names that user. The
 * attribute's form is the kernel's (include/uapi/linux/posix_acl_xattr.h): a version, then entries
 * of a tag, permissions and a number, little-endian, at most once each but for named users and
 * groups. Whatever else stands there counts against the file.
 */
#include "sys/acl.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/xattr.h>

#define ATTRIBUTE "system.posix_acl_access"

enum {
	VERSION = 2,
	HEAD_LEN = 4,
	ENTRY_LEN = 8,
	LIST_MAX = HEAD_LEN + 256 * ENTRY_LEN,	/* longer ones count against the file */
	WRITE = 2,
};

enum tag {
	USER_OBJ = 0x01, USER = 0x02, GROUP_OBJ = 0x04, GROUP = 0x08, MASK = 0x10, OTHER = 0x20,
};

struct entry {
	unsigned tag, perm;
	uint32_t id;
};

static struct entry entry_at(const uint8_t *list, size_t at)
{
	const uint8_t *p = list + at;

	return (struct entry){
		.tag = p[0] | (unsigned)p[1] << 8,
		.perm = p[2] | (unsigned)p[3] << 8,
		.id = p[4] | (uint32_t)p[5] << 8 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 24,
	};
}

static bool is_list(const uint8_t *list, size_t len)
{
	return len >= HEAD_LEN && (len - HEAD_LEN) % ENTRY_LEN == 0 && list[0] == VERSION &&
	       !list[1] && !list[2] && !list[3];
}

/* What the named users, all groups and the owner's group may do at most. */
static unsigned mask_of(const uint8_t *list, size_t len)
{
	for (size_t at = HEAD_LEN; at < len; at += ENTRY_LEN) {
		struct entry e = entry_at(list, at);

		if (e.tag == MASK)
			return e.perm;
	}
	return ~0u;
}

static bool say(char who[static ACL_WHO_MAX], const char *what, uint32_t id)
{
	snprintf(who, ACL_WHO_MAX, "%s %u", what, id);
	return true;
}

static bool unreadable(char who[static ACL_WHO_MAX])
{
	snprintf(who, ACL_WHO_MAX, "whoever an unreadable access list names");
	return true;
}

static bool lets_write(const struct entry *e, unsigned mask, const struct stat *st,
		       char who[static ACL_WHO_MAX])
{
	if (!(e->perm & WRITE) || (e->tag != OTHER && !(mask & WRITE)))
		return false;
	switch (e->tag) {
	case USER:
		return e->id != 0 && say(who, "user", e->id);
	case GROUP:
		return e->id != 0 && say(who, "group", e->id);
	case GROUP_OBJ:
		return st->st_gid != 0 && say(who, "group", st->st_gid);
	case OTHER:
		snprintf(who, ACL_WHO_MAX, "everybody");
		return true;
	case USER_OBJ:
	case MASK:
		return false;
	default:
		return unreadable(who);
	}
}

bool acl_writer(const struct stat *st, const void *list, size_t len, char who[static ACL_WHO_MAX])
{
	unsigned mask;

	who[0] = '\0';
	if (st->st_mode & S_IWOTH) {
		snprintf(who, ACL_WHO_MAX, "everybody");
		return true;
	}
	if (!len)
		return (st->st_mode & S_IWGRP) && st->st_gid != 0 &&
		       say(who, "group", st->st_gid);
	if (!is_list(list, len))
		return unreadable(who);
	mask = mask_of(list, len);
	for (size_t at = HEAD_LEN; at < len; at += ENTRY_LEN) {
		struct entry e = entry_at(list, at);

		if (lets_write(&e, mask, st, who))
			return true;
	}
	return false;
}

/* LEN as getxattr(2) returned it. */
static bool judge(const struct stat *st, const void *list, ssize_t len,
		  char who[static ACL_WHO_MAX])
{
	/* ENOTSUP: a file system without lists */
	if (len < 0 && errno != ENODATA && errno != ENOTSUP)
		return unreadable(who);
	return acl_writer(st, list, len < 0 ? 0 : (size_t)len, who);
}

bool acl_path_writer(const char *path, const struct stat *st, char who[static ACL_WHO_MAX])
{
	uint8_t list[LIST_MAX];

	return judge(st, list, lgetxattr(path, ATTRIBUTE, list, sizeof(list)), who);
}

bool acl_fd_writer(int fd, const struct stat *st, char who[static ACL_WHO_MAX])
{
	uint8_t list[LIST_MAX];

	return judge(st, list, fgetxattr(fd, ATTRIBUTE, list, sizeof(list)), who);
}
