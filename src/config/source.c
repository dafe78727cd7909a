/*
 * Why this exists: everything that the configuration floor wants from the machine goes through this
 * one file, so that the rest of the floor is a function of its input. It is careful where a
 * configuration is read with root's rights: no waiting on a fifo, no device, no directory, no
 * endless file.
 */
#include "config/source.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define GLOB_ROOM (1u << 20)	/* what glob() may need for itself, and more */

const char *src_why(enum src_result result)
{
	static const char *const why[SRC_N_RESULTS] = {
		[SRC_OK] = "can be read",
		[SRC_MISSING] = "does not exist",
		[SRC_UNREADABLE] = "cannot be read",
		[SRC_NOT_A_FILE] = "is not a regular file",
		[SRC_TOO_LARGE] = "is too large",
		[SRC_NO_ROOM] = "finds no memory or no file descriptor",
	};

	return why[result];
}

/* It may be there, and we cannot tell: a reload must not go on as if it were not. */
static bool is_short(int error)
{
	return error == ENOMEM || error == EMFILE || error == ENFILE;
}

static enum src_result of_errno(int error)
{
	if (error == ENOENT || error == ENOTDIR)
		return SRC_MISSING;
	return is_short(error) ? SRC_NO_ROOM : SRC_UNREADABLE;
}

/* Reads FD to its end: the size that fstat() told may be wrong (/proc, a file that grows). */
static enum src_result read_all(int fd, size_t expected, struct src_text *out)
{
	size_t size = expected + 1, len = 0;
	char *text = NULL;

	for (;;) {
		char *grown = realloc(text, size + 1);
		ssize_t n;

		if (!grown) {
			free(text);
			return SRC_NO_ROOM;
		}
		text = grown;
		n = read(fd, text + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || len + (size_t)n > SRC_FILE_MAX) {
			free(text);
			return n < 0 ? SRC_UNREADABLE : SRC_TOO_LARGE;
		}
		if (n == 0)
			break;
		len += (size_t)n;
		if (len == size)
			size *= 2;
	}
	text[len] = '\0';
	out->text = text;
	out->len = len;
	return SRC_OK;
}

static enum src_result host_read(void *ctx, const char *path, struct src_text *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum src_result result;
	struct stat st;

	(void)ctx;
	if (fd < 0)
		return of_errno(errno);
	if (fstat(fd, &st) < 0)
		result = SRC_UNREADABLE;
	else if (!S_ISREG(st.st_mode))
		result = SRC_NOT_A_FILE;
	else if (st.st_size > (off_t)SRC_FILE_MAX)
		result = SRC_TOO_LARGE;
	else
		result = read_all(fd, (size_t)st.st_size, out);
	if (result == SRC_OK)
		out->executable = st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH);
	close(fd);
	return result;
}

/* Without this, glob() finds nothing in a directory that it could not open. */
static int on_glob_error(const char *path, int error)
{
	(void)path;
	return is_short(error);
}

static size_t host_match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	glob_t g = { 0 };
	size_t n = 0;

	(void)ctx;
	*paths = NULL;
	int result = arena_room(GLOB_ROOM) ? glob(pattern, 0, on_glob_error, &g) : GLOB_NOSPACE;
	bool looked = result == 0 || result == GLOB_NOMATCH;

	if (result == 0)
		n = g.gl_pathc < SRC_GLOB_MAX ? g.gl_pathc : SRC_GLOB_MAX;
	*paths = looked ? arena_array(arena, n + 1, sizeof(**paths)) : NULL;
	for (size_t i = 0; *paths && i < n; i++) {
		(*paths)[i] = arena_str(arena, g.gl_pathv[i]);
		if (!(*paths)[i])
			*paths = NULL;
	}
	globfree(&g);
	return *paths ? n : 0;
}

static const char *host_cwd(void *ctx, struct arena *arena)
{
	char buf[PATH_MAX];

	(void)ctx;
	return arena_str(arena, getcwd(buf, sizeof(buf)) ? buf : "");
}

static const char *host_host_name(void *ctx, struct arena *arena)
{
	char buf[HOST_NAME_MAX + 1];

	(void)ctx;
	if (gethostname(buf, sizeof(buf)) < 0)
		buf[0] = '\0';
	buf[sizeof(buf) - 1] = '\0';
	return arena_str(arena, buf);
}

static const char *host_env(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

static uint32_t host_random(void *ctx)
{
	uint32_t v = 0;

	(void)ctx;
	if (getrandom(&v, sizeof(v), GRND_NONBLOCK) != (ssize_t)sizeof(v))
		v = (uint32_t)getpid() * 2654435761u;
	return v;
}

const struct source src_host = {
	.read = host_read,
	.match = host_match,
	.cwd = host_cwd,
	.host_name = host_host_name,
	.env = host_env,
	.random = host_random,
};
