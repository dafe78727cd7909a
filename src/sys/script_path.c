/*
 * Why a script cannot be run, said before it is needed.
 *
 * execve() answers with one errno for a whole path: "Permission denied" may mean any of its
 * directories, the file, or an interpreter named in its first line. People then search. So the
 * path is walked here component by component, with the script's user in mind, and the first
 * component at fault is named. The same walk finds components through which another user could put
 * a program in the place of one that runs as root.
 *
 * Why a walk by name can be trusted: the root directory is root's. If all components up to one are
 * root's and writable by nobody else, nobody else can have changed what their names mean since they
 * were looked at; so the next one is looked at where it will be found again. The first component
 * that another user can change is therefore always seen, and it makes the path unsafe.
 */
#include "sys/script_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/magic.h>

#include "base/interpreter.h"
#include "base/log.h"
#include "sys/acl.h"
#include "sys/script_env.h"

enum {
	LINKS_MAX = 40,		/* as the kernel */
	INTERPRETERS_MAX = 4,	/* scripts whose interpreter is a script */
	HEAD_MAX = 256,		/* octets of a file in which the kernel looks for "#!" */
	NAME_MAX_SHOWN = 100,
};

struct walk {
	const struct user_ids *who;
	const char *path;		/* the script's PATH */
	uint32_t groups[USERS_GROUPS_MAX];
	size_t n_groups;
	char at[PATH_MAX];		/* the real path so far; "" is the root */
	char rest[2 * PATH_MAX];	/* what is still to be walked */
	unsigned links;
	struct stat st;			/* of AT */
	char role[NAME_MAX_SHOWN + 40];	/* "" or "its interpreter 'X': ", for sentences */
	const char *effect;		/* "runs as root"; NULL: its user is not privileged */
	char *why;			/* SPATH_WHY_MAX octets, as is the next */
	char *unsafe;			/* the first unsafe component's sentence, or "" */
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

	snprintf(w->why, SPATH_WHY_MAX, "%s'%s' %s", w->role, shown(path, name), reason);
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

/* "Unsafe permissions: 'PATH' WHAT, and runs as root", if it is the first such component. */
static void say_unsafe(struct walk *w, const char *path, const char *what)
{
	char name[NAME_MAX_SHOWN + 4];

	if (!w->effect || w->unsafe[0])
		return;
	snprintf(w->unsafe, SPATH_WHY_MAX, "Unsafe permissions: %s'%s' %s, and %s", w->role,
		 shown(path, name), what, w->effect);
}

/* A component that somebody besides root could change. */
static void judge_component(struct walk *w, const char *path, const struct stat *st)
{
	char who[ACL_WHO_MAX], what[ACL_WHO_MAX + 32];

	if (!w->effect || w->unsafe[0])
		return;
	if (st->st_uid != 0)
		snprintf(what, sizeof(what), "belongs to user %u", st->st_uid);
	else if (S_ISLNK(st->st_mode) || (S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX)))
		return;
	else if (acl_path_writer(path, st, who))
		snprintf(what, sizeof(what), "can be written by %s", who);
	else
		return;
	say_unsafe(w, path, what);
}

/*
 * On a file system made by a user the owner of a file is whom that user wants. It can be mounted on
 * what belongs to the user only, but once something is covered by it nobody sees whose it was.
 */
static void judge_file_system(struct walk *w, const char *parent, const struct stat *above)
{
	char who[ACL_WHO_MAX];
	struct statfs fs;

	if (!w->effect || w->unsafe[0] || w->st.st_dev == above->st_dev ||
	    statfs(w->at, &fs) < 0)
		return;
	if (fs.f_type == PROC_SUPER_MAGIC)
		say_unsafe(w, w->at, "changes by itself");
	else if (fs.f_type == FUSE_SUPER_MAGIC && acl_path_writer(parent, above, who))
		say_unsafe(w, w->at, "may be a user's own file system (FUSE)");
}

/* PATH is not in the directory PARENT: who could put it there? */
static void judge_missing(struct walk *w, const char *path, const char *parent,
			  const struct stat *above)
{
	char who[ACL_WHO_MAX], what[ACL_WHO_MAX + 64];

	if (!w->effect || w->unsafe[0] || !acl_path_writer(parent, above, who))
		return;
	snprintf(what, sizeof(what), "is not there and could be put there by %s", who);
	say_unsafe(w, path, what);
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
	struct stat above = w->st;
	char directory[PATH_MAX];

	snprintf(directory, sizeof(directory), "%.*s", parent ? (int)parent : 1,
		 parent ? w->at : "/");
	if (lstat(w->at, &w->st) < 0) {
		int error = errno;

		judge_missing(w, w->at, directory, &above);
		return blame_errno(w, w->at, error);
	}
	judge_component(w, w->at, &w->st);
	judge_file_system(w, directory, &above);
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
		judge_component(w, "/", &w->st);
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

/* What the first line of a script asks for. */
struct request {
	char interpreter[HEAD_MAX];	/* "": it runs by itself */
	char program[HEAD_MAX];		/* of "#!/usr/bin/env PROGRAM"; else "" */
};

/* "-S NAME=VALUE python3 -u": env's options and settings, then what it looks for. */
static void find_program(struct request *r, char *argument)
{
	const char *slash = strrchr(r->interpreter, '/');

	if (strcmp(slash ? slash + 1 : r->interpreter, "env") != 0)
		return;
	for (char *word, *save = NULL; (word = strtok_r(argument, " \t", &save));
	     argument = NULL) {
		if (word[0] == '-' || strchr(word, '='))
			continue;
		snprintf(r->program, sizeof(r->program), "%s", word);
		return;
	}
}

/* HEAD begins with "#!"; false: no interpreter follows. */
static bool parse_head(char *head, struct request *r)
{
	char *path = head + 2 + strspn(head + 2, " \t"), *end;

	path[strcspn(path, "\n")] = '\0';
	end = path + strcspn(path, " \t");
	snprintf(r->interpreter, sizeof(r->interpreter), "%.*s", (int)(end - path), path);
	find_program(r, end);
	return r->interpreter[0] != '\0';
}

/* The first octets of FILE and a NUL; how many, or -1. */
static ssize_t get_head(const char *file, char head[static HEAD_MAX + 1])
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, head, HEAD_MAX);

	if (fd >= 0)
		close(fd);
	head[n < 0 ? 0 : n] = '\0';
	return n;
}

/* Text cannot be a program, unless binfmt_misc was taught so: bytes may be. */
static bool is_text(const char *head, ssize_t n)
{
	for (ssize_t i = 0; i < n && head[i] != '\n'; i++)
		if ((unsigned char)head[i] < ' ' && head[i] != '\t' && head[i] != '\r')
			return false;
	return n > 0 && !memchr(head, '\0', (size_t)n);
}

static bool has_interpreter(const char *head)
{
	return head[0] == '#' && head[1] == '!';
}

bool spath_is_for_shell(const char *file)
{
	char head[HEAD_MAX + 1];
	ssize_t n = get_head(file, head);

	return is_text(head, n) && !has_interpreter(head);
}

/*
 * Reads the first line of AT. True: it can be run as far as one can see, with what R asks for.
 * BY_SHELL: whoever executes it has a shell run what the kernel does not, as execvp(3) does.
 */
static bool read_head(struct walk *w, bool by_shell, struct request *r)
{
	char head[HEAD_MAX + 1];
	ssize_t n = get_head(w->at, head);

	*r = (struct request){ .interpreter = "" };
	if (n < 0)
		return true;	/* not ours to read; the kernel can still run it */
	if (n == 0)
		return blame(w, w->at, "is empty");
	if (!has_interpreter(head) && !is_text(head, n))
		return true;
	if (!has_interpreter(head) && !by_shell)
		return blame(w, w->at, "does not begin with '#!' and an interpreter");
	if (!has_interpreter(head))
		strcpy(r->interpreter, SPATH_SHELL);
	else if (!parse_head(head, r))
		return blame(w, w->at, "names no interpreter after '#!'");
	return allowed(w, 4) || blame_mode(w, "cannot be read");
}

/* "#!/bin/sh\r": the file was written on Windows, and the missing name does not show why. */
static void explain_carriage_return(struct walk *w, const char *interpreter)
{
	size_t len = strlen(interpreter), used = strlen(w->why);

	if (len && interpreter[len - 1] == '\r' && used < SPATH_WHY_MAX)
		snprintf(w->why + used, SPATH_WHY_MAX - used,
			 " (the script has Windows line ends: CR LF)");
}

/* What the environment says is not repeated: it may be long, and is nobody's business. */
static const char *nowhere(const char *path)
{
	return strcmp(path, SENV_PATH) == 0 ? "is in none of the directories " SENV_PATH :
	       "is in no directory of PATH, which the daemon was started with";
}

/*
 * What env(1) runs for NAME, as it does so: the first in the search path that can be executed. It
 * looks again later, so a directory in which another user could put one before that is unsafe.
 */
static bool walk_to_program(struct walk *w, const char *name)
{
	const char *dir = w->path;
	char path[PATH_MAX];

	if (strchr(name, '/'))
		return walk_to(w, name) && runnable_file(w);
	while (*dir) {
		int len = (int)strcspn(dir, ":");

		snprintf(path, sizeof(path), "%.*s/%s", len, dir, name);
		if (walk_to(w, path) && runnable_file(w)) {
			w->why[0] = '\0';
			return true;
		}
		dir += len + (dir[len] == ':');
	}
	return blame(w, name, nowhere(w->path));
}

static void now_judging(struct walk *w, const char *interpreter)
{
	char text[NAME_MAX_SHOWN + 4];

	snprintf(w->role, sizeof(w->role), "its interpreter '%s': ", shown(interpreter, text));
}

/* The walk stands at a script that asks for R; on to its interpreter. */
static bool walk_to_interpreter(struct walk *w, const struct request *r)
{
	now_judging(w, r->interpreter);
	if (walk_to(w, r->interpreter))
		return runnable_file(w);
	explain_carriage_return(w, r->interpreter);
	return false;
}

/* The walk stands at env(1), which looks for PROGRAM. */
static bool walk_on_to_program(struct walk *w, const char *program)
{
	now_judging(w, program);
	if (walk_to_program(w, program))
		return true;
	explain_carriage_return(w, program);
	return false;
}

/* The file at PATH, its interpreter, and the interpreter's program, as often as there is one. */
static bool can_run(struct walk *w, const char *path)
{
	char program[HEAD_MAX] = "";
	bool by_shell = true;
	struct request r;

	if (!walk_to(w, path) || !runnable_file(w))
		return false;
	for (unsigned depth = 0; depth <= INTERPRETERS_MAX; depth++) {
		if (!read_head(w, by_shell, &r))
			return false;
		by_shell = !r.interpreter[0];
		if (r.interpreter[0]) {
			if (!walk_to_interpreter(w, &r))
				return false;
			snprintf(program, sizeof(program), "%s", r.program);
		} else if (program[0]) {
			if (!walk_on_to_program(w, program))
				return false;
			program[0] = '\0';
		} else {
			return true;
		}
	}
	return blame(w, w->at, "is a script in its turn, too many times over");
}

/* ---- a command line ---- */

/*
 * What an interpreter is to run: the first absolute path among its arguments. It only has to be
 * safe; whether it can be run the interpreter will say.
 */
static void judge_arguments(struct walk *w, const char *const *argv)
{
	char ignored[SPATH_WHY_MAX];

	if (!w->effect || !itp_is(argv[0]))
		return;
	w->why = ignored;
	for (const char *const *arg = argv + 1; *arg && strcmp(*arg, "-c") != 0; arg++) {
		if ((*arg)[0] != '/')
			continue;
		w->role[0] = '\0';
		if (!itp_is(*arg)) {
			walk_to(w, *arg);
			return;
		}
		can_run(w, *arg);
	}
}

static const char *effect_of(const struct user_ids *who)
{
	if (who->uid == 0)
		return "runs as root";
	return spath_privileged(who) ? "runs in group root" : NULL;
}

/* What is asked. */
struct question {
	const char *const *argv;
	const struct user_ids *who;
	const char *path;
};

static void judge_file(const struct question *q, const char *file, struct spath_answer *out)
{
	struct walk w = {
		.who = q->who, .path = q->path, .effect = effect_of(q->who), .why = out->why,
		.unsafe = out->unsafe,
	};

	out->why[0] = '\0';
	out->unsafe[0] = '\0';
	w.n_groups = users_groups(q->who, w.groups, USERS_GROUPS_MAX);
	out->runs = can_run(&w, file);
	judge_arguments(&w, q->argv);
	out->safe = !out->unsafe[0];
	snprintf(out->file, sizeof(out->file), "%s", file);
}

/*
 * Looks argv[0] up in PATH: the first that can run, which is then executed by its path, so
 * that what another directory may hold later does not matter. When there is none, the sentences are
 * of the first that exists at all, as the shells do.
 */
static void search(const struct question *q, struct spath_answer *out)
{
	const char *dir = q->path;
	struct spath_answer first = { .safe = true };
	char path[PATH_MAX], name[NAME_MAX_SHOWN + 4];

	for (int len; *dir; dir += len + (dir[len] == ':')) {
		len = (int)strcspn(dir, ":");
		if (snprintf(path, sizeof(path), "%.*s/%s", len, dir, q->argv[0]) >= PATH_MAX)
			break;
		judge_file(q, path, out);
		if (out->runs)
			return;
		if (!first.why[0] && access(path, F_OK) == 0)
			first = *out;
	}
	if (!first.why[0])
		snprintf(first.why, sizeof(first.why), "'%s' %s", shown(q->argv[0], name),
			 nowhere(q->path));
	*out = first;
}

bool spath_privileged(const struct user_ids *who)
{
	uint32_t groups[USERS_GROUPS_MAX];
	size_t n = users_groups(who, groups, USERS_GROUPS_MAX);
	bool privileged = who->uid == 0 || who->gid == 0;

	for (size_t i = 0; i < n; i++)
		privileged = privileged || groups[i] == 0;
	return privileged;
}

void spath_judge(const char *const *argv, const struct user_ids *who, const char *path,
		 struct spath_answer *out)
{
	const struct question q = { argv, who, path };

	if (!argv[0][0])
		*out = (struct spath_answer){ .safe = true, .why = "the command is empty" };
	else if (strchr(argv[0], '/'))
		judge_file(&q, argv[0], out);
	else
		search(&q, out);
}
