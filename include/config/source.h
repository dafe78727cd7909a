/*
 * Where the text of a configuration comes from.
 *
 * The lexer asks for files, patterns and the few facts about the host that a file may mention by
 * this table of functions, so that tests and fuzzers can answer from memory. src_host is the real
 * one: the only place of this floor that makes system calls.
 */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define SRC_FILE_MAX (4u << 20)		/* octets of one file */
#define SRC_GLOB_MAX 1000		/* matches of one pattern */

enum src_result {
	SRC_OK,
	SRC_MISSING,		/* no such file */
	SRC_UNREADABLE,		/* permission, I/O */
	SRC_NOT_A_FILE,		/* a directory, a device, a fifo */
	SRC_TOO_LARGE,		/* more than SRC_FILE_MAX */
	SRC_NO_ROOM,		/* no memory or no file descriptor: another time, perhaps */
	SRC_N_RESULTS
};

/* What a file holds. */
struct src_text {
	char *text;		/* LEN octets and a NUL; from malloc(), the receiver frees it */
	size_t len;
	bool executable;	/* has an execute bit: perhaps a script in a wide pattern */
};

struct source {
	void *ctx;
	size_t text_max;	/* octets of a native text with its includes; 0: 16 MiB */

	/* Reads the regular file PATH whole; *OUT is set only when the result is SRC_OK. */
	enum src_result (*read)(void *ctx, const char *path, struct src_text *out);

	/*
	 * The existing names that match the shell pattern PATTERN (no braces, no tilde), sorted, in
	 * the arena; *PATHS is NULL-terminated, and NULL when there was no memory or
	 * no descriptor to look with. Returns their number, 0 for none. At most SRC_GLOB_MAX.
	 */
	size_t (*match)(void *ctx, struct arena *arena, const char *pattern, const char ***paths);

	/* The working directory and the host's name (whole), in the arena, "" when unknown; NULL
	 * without memory. */
	const char *(*cwd)(void *ctx, struct arena *arena);
	const char *(*host_name)(void *ctx, struct arena *arena);

	/* A value of the environment, valid until the next call; NULL: there is none. */
	const char *(*env)(void *ctx, const char *name);

	/* 32 random bits. */
	uint32_t (*random)(void *ctx);
};

extern const struct source src_host;

/* Why a file was not read, as the end of a sentence: "does not exist". */
const char *src_why(enum src_result result);

#endif
