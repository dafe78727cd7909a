/*
 * Why a script cannot be run, said before it is needed.
 *
 * execve() answers with one errno for a whole path: "Permission denied" may mean any of its
 * directories, the file, or an interpreter named in its first line. People then search. So the
 * path is walked here component by component, with the script's user in mind, and the first
 * component at fault is named. The same walk finds components through which another user could put
 * his own program in the place of one that runs as root.
 */
#include "sys/script_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/log.h"

enum {
	LINKS_MAX = 40,		/* as the kernel */
	INTERPRETERS_MAX = 4,	/* scripts whose interpreter is a script */
	HEAD_MAX = 256,		/* octets of a file in which the kernel looks for "#!" */
	NAME_MAX_SHOWN = 100,
};

struct walk {
	const struct user_ids *who;
	uint32_t groups[USERS_GROUPS_MAX];
	size_t n_groups;
	char at[PATH_MAX];		/* the real path so far; "" is the root */
	char rest[2 * PATH_MAX];	/* what is still to be walked */
	unsigned links;
	struct stat st;			/* of AT */
	char role[NAME_MAX_SHOWN + 40];	/* "" or "its interpreter 'X': ", for sentences */
	char *why;
	size_t size;
	char *unsafe;			/* the first unsafe component's sentence, or "" */
	size_t unsafe_size;
};

/* A name for a sentence: without control octets, the end of it when it is long. */
static const char *shown(const char *path, char buf[static NAME_MAX_SHOWN + 4])
{
	size_t len = strlen(path);

	if (len > NAME_MAX_SHOWN) {
		memcpy(buf, "...", 3);
		log_clean(path + len - NAME_MAX_SHOWN, buf + 3, NAME_MAX_SHOWN + 1);
		return buf;
	}
	return log_clean(len ? path : "/", buf, NAME_MAX_SHOWN + 4);
}

/* WHY becomes "ROLE'PATH' REASON"; always false. */
static bool blame(struct walk *w, const char *path, const char *reason)
{
	char name[NAME_MAX_SHOWN + 4];

	snprintf(w->why, w->size, "%s'%s' %s", w->role, shown(path, name), reason);
	return false;
}

static bool blame_errno(struct walk *w, const char *path, int error)
{
	char reason[80];

	switch (error) {
	case ENOENT:
		return blame(w, path, "does not exist");
	case ENOTDIR:
		return blame(w, path, "is not a directory");
	case ELOOP:
		return blame(w, path, "has too many symbolic links");
	case ENAMETOOLONG:
		return blame(w, path, "is too long");
	}
	snprintf(reason, sizeof(reason), "cannot be looked at: %s", strerror(error));
	return blame(w, path, reason);
}

static bool in_group(const struct walk *w, uint32_t gid)
{
	if (w->who->gid == gid)
		return true;
	for (size_t i = 0; i < w->n_groups; i++)
		if (w->groups[i] == gid)
			return true;
	return false;
}

/* May the user do BITS (as in the class of others: 4 read, 1 execute or search) to AT? */
static bool allowed(const struct walk *w, mode_t bits)
{
	mode_t mode = w->st.st_mode;

	if (w->who->uid == 0)
		return S_ISDIR(mode) || !(bits & 1) || (mode & 0111);
	if (w->who->uid == w->st.st_uid)
		mode >>= 6;
	else if (in_group(w, w->st.st_gid))
		mode >>= 3;
	if ((mode & bits) == bits)
		return true;
	/* An access control list may say more than the mode; it is not read, only respected. */
	return getxattr(w->at[0] ? w->at : "/", "system.posix_acl_access", NULL, 0) > 0;
}

static bool blame_mode(struct walk *w, const char *cannot)
{
	char reason[160];

	if (w->who->uid == 0)
		snprintf(reason, sizeof(reason), "%s (mode %04o)", cannot,
			 w->st.st_mode & 07777);
	else
		snprintf(reason, sizeof(reason),
			 "%s by user %u, group %u (mode %04o, owner %u:%u)", cannot,
			 w->who->uid, w->who->gid, w->st.st_mode & 07777, w->st.st_uid,
			 w->st.st_gid);
	return blame(w, w->at, reason);
}

/* Remembers the first component that somebody besides root could change. */
static void note_unsafe(struct walk *w, const char *path, const struct stat *st)
{
	char name[NAME_MAX_SHOWN + 4], what[64];
	bool sticky = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX);

	if (w->who->uid != 0 || w->unsafe[0])
		return;
	if (st->st_uid != 0)
		snprintf(what, sizeof(what), "belongs to user %u", st->st_uid);
	else if (S_ISLNK(st->st_mode) || sticky)
		return;
	else if (st->st_mode & S_IWOTH)
		snprintf(what, sizeof(what), "can be written by everybody");
	else if ((st->st_mode & S_IWGRP) && st->st_gid != 0)
		snprintf(what, sizeof(what), "can be written by group %u", st->st_gid);
	else
		return;
	snprintf(w->unsafe, w->unsafe_size, "Unsafe permissions: %s'%s' %s, and runs as root",
		 w->role, shown(path, name), what);
}

/* Takes the first component off REST; false at the end of the path. */
static bool next_component(struct walk *w, char name[static NAME_MAX + 1], bool *too_long)
{
	char *p = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(p, "/");

	*too_long = len > NAME_MAX;
	if (len == 0 || *too_long)
		return false;
	memcpy(name, p, len);
	name[len] = '\0';
	memmove(w->rest, p + len, strlen(p + len) + 1);
	return true;
}

/* AT is a link that stands in the first PARENT octets of AT: its target goes before REST. */
static bool follow(struct walk *w, size_t parent)
{
	char target[PATH_MAX], rest[2 * PATH_MAX];
	ssize_t len = readlink(w->at, target, sizeof(target) - 1);

	if (len < 0)
		return blame_errno(w, w->at, errno);
	target[len] = '\0';
	if (++w->links > LINKS_MAX)
		return blame_errno(w, w->at, ELOOP);
	if ((size_t)snprintf(rest, sizeof(rest), "%s/%s", target, w->rest) >= sizeof(rest))
		return blame_errno(w, w->at, ENAMETOOLONG);
	memcpy(w->rest, rest, sizeof(rest));
	w->at[target[0] == '/' ? 0 : parent] = '\0';
	return true;
}

/* Looks at what AT names now, after a component was added behind its first PARENT octets. */
static bool look(struct walk *w, size_t parent)
{
	if (lstat(w->at, &w->st) < 0)
		return blame_errno(w, w->at, errno);
	note_unsafe(w, w->at, &w->st);
	return S_ISLNK(w->st.st_mode) ? follow(w, parent) : true;
}

/* One step into the directory AT. */
static bool enter(struct walk *w, const char *name)
{
	size_t parent = strlen(w->at);

	if (stat(parent ? w->at : "/", &w->st) < 0)
		return blame_errno(w, w->at, errno);
	if (!S_ISDIR(w->st.st_mode))
		return blame_errno(w, w->at, ENOTDIR);
	if (!allowed(w, 1))
		return blame_mode(w, "cannot be entered");
	if (parent == 0)
		note_unsafe(w, "/", &w->st);
	if (strcmp(name, ".") == 0)
		return true;
	if (strcmp(name, "..") == 0) {
		char *slash = strrchr(w->at, '/');

		if (slash)
			*slash = '\0';
		return true;
	}
	if (parent + 1 + strlen(name) >= sizeof(w->at))
		return blame_errno(w, w->at, ENAMETOOLONG);
	w->at[parent] = '/';
	strcpy(w->at + parent + 1, name);
	return look(w, parent);
}

/* Walks PATH to its end: AT and ST are then the real file. */
static bool walk_to(struct walk *w, const char *path)
{
	char name[NAME_MAX + 1];
	bool too_long;

	w->at[0] = '\0';
	w->links = 0;
	if (strlen(path) >= PATH_MAX)
		return blame_errno(w, path, ENAMETOOLONG);
	strcpy(w->rest, path);
	while (next_component(w, name, &too_long))
		if (!enter(w, name))
			return false;
	if (too_long)
		return blame_errno(w, w->rest, ENAMETOOLONG);
	if (stat(w->at[0] ? w->at : "/", &w->st) < 0)
		return blame_errno(w, w->at, errno);
	return true;
}

static bool runnable_file(struct walk *w)
{
	struct statvfs fs;

	if (S_ISDIR(w->st.st_mode))
		return blame(w, w->at, "is a directory, not a program");
	if (!S_ISREG(w->st.st_mode))
		return blame(w, w->at, "is not a regular file");
	if (!allowed(w, 1))
		return blame_mode(w, "is not executable");
	if (statvfs(w->at, &fs) == 0 && (fs.f_flag & ST_NOEXEC))
		return blame(w, w->at, "is on a file system mounted noexec");
	return true;
}

/* The interpreter's path out of a first line that begins with "#!"; false when there is none. */
static bool parse_interpreter(char *head, char **path)
{
	*path = head + 2 + strspn(head + 2, " \t");
	(*path)[strcspn(*path, " \t\n")] = '\0';
	return (*path)[0] != '\0';
}

/*
 * Reads the first line of AT. True: runs by itself as far as one can see, or its interpreter
 * stands in INTERPRETER.
 */
static bool read_head(struct walk *w, char interpreter[static HEAD_MAX])
{
	char head[HEAD_MAX + 1], *path;
	int fd = open(w->at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, head, HEAD_MAX);

	interpreter[0] = '\0';
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return true;	/* not ours to read; the kernel can still run it */
	if (n == 0)
		return blame(w, w->at, "is empty");
	head[n] = '\0';
	if (head[0] != '#' || head[1] != '!') {
		/* Text cannot be a program, unless binfmt_misc was taught so: bytes may be. */
		for (ssize_t i = 0; i < n && head[i] != '\n'; i++)
			if ((unsigned char)head[i] < ' ' && head[i] != '\t' && head[i] != '\r')
				return true;
		return blame(w, w->at, "does not begin with '#!' and an interpreter");
	}
	if (!parse_interpreter(head, &path))
		return blame(w, w->at, "names no interpreter after '#!'");
	if (!allowed(w, 4))
		return blame_mode(w, "cannot be read");
	snprintf(interpreter, HEAD_MAX, "%s", path);
	return true;
}

/* "#!/bin/sh\r": the file was written on Windows, and the missing name does not show why. */
static void explain_carriage_return(struct walk *w, const char *interpreter)
{
	size_t len = strlen(interpreter), used = strlen(w->why);

	if (len && interpreter[len - 1] == '\r' && used < w->size)
		snprintf(w->why + used, w->size - used,
			 " (the script has Windows line ends: CR LF)");
}

static bool can_run(struct walk *w, const char *path)
{
	char interpreter[HEAD_MAX], name[NAME_MAX_SHOWN + 4];

	interpreter[0] = '\0';
	for (unsigned depth = 0; depth <= INTERPRETERS_MAX; depth++) {
		if (!walk_to(w, depth ? interpreter : path)) {
			explain_carriage_return(w, interpreter);
			return false;
		}
		if (!runnable_file(w) || !read_head(w, interpreter))
			return false;
		if (!interpreter[0])
			return true;
		snprintf(w->role, sizeof(w->role), "its interpreter '%s': ",
			 shown(interpreter, name));
	}
	return blame(w, w->at, "is a script in its turn, too many times over");
}

static enum spath_verdict check_file(const char *path, const struct user_ids *who, char *why,
				     size_t size)
{
	char unsafe[SPATH_WHY_MAX] = "";
	struct walk w = {
		.who = who, .why = why, .size = size,
		.unsafe = unsafe, .unsafe_size = sizeof(unsafe),
	};

	w.n_groups = users_groups(who, w.groups, USERS_GROUPS_MAX);
	if (!can_run(&w, path))
		return SPATH_CANNOT_RUN;
	snprintf(why, size, "%s", unsafe);
	return unsafe[0] ? SPATH_UNSAFE : SPATH_OK;
}

/*
 * Looks NAME up in SPATH_DEFAULT. The first that can run is in BUF; else WHY is of the first that
 * exists at all, as the shells do.
 */
static enum spath_verdict search(const char *name, const struct user_ids *who,
				 char buf[static PATH_MAX], char *why, size_t size)
{
	char first[SPATH_WHY_MAX] = "", shown_name[NAME_MAX_SHOWN + 4];
	const char *dir = SPATH_DEFAULT;

	while (*dir) {
		int len = (int)strcspn(dir, ":");
		int n = snprintf(buf, PATH_MAX, "%.*s/%s", len, dir, name);
		enum spath_verdict v = SPATH_CANNOT_RUN;

		if (n < PATH_MAX)
			v = check_file(buf, who, why, size);
		if (v != SPATH_CANNOT_RUN)
			return v;
		if (!first[0] && n < PATH_MAX && access(buf, F_OK) == 0)
			snprintf(first, sizeof(first), "%s", why);
		dir += len + (dir[len] == ':');
	}
	if (first[0])
		snprintf(why, size, "%s", first);
	else
		snprintf(why, size, "'%s' is in none of the directories %s",
			 shown(name, shown_name), SPATH_DEFAULT);
	return SPATH_CANNOT_RUN;
}

enum spath_verdict spath_check(const char *path, const struct user_ids *who, char *why, size_t size)
{
	char found[PATH_MAX];

	if (!path[0]) {
		snprintf(why, size, "the command is empty");
		return SPATH_CANNOT_RUN;
	}
	if (strchr(path, '/'))
		return check_file(path, who, why, size);
	return search(path, who, found, why, size);
}

const char *spath_find(const char *path, const struct user_ids *who, char buf[static PATH_MAX])
{
	char why[SPATH_WHY_MAX];

	if (!strchr(path, '/'))
		return search(path, who, buf, why, sizeof(why)) == SPATH_CANNOT_RUN ? NULL : buf;
	if (strlen(path) >= PATH_MAX)
		return NULL;
	return strcpy(buf, path);
}
