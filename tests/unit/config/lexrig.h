/*
 * A lexer over files in memory, and what it gave as text that a test can compare.
 */
#ifndef TEST_LEXRIG_H
#define TEST_LEXRIG_H

#include <stdbool.h>
#include <stddef.h>

#include "config/source.h"

struct lexrig_file {
	const char *path;
	const char *text;
	enum src_result result;		/* what reading it gives */
	bool executable;
};

struct lexrig {
	const struct lexrig_file *files;	/* up to an empty path; NULL: only the main one */
	const char *name;		/* of the main file; NULL: "main.conf" */
	const char *config_id;		/* NULL: from the host's name, "node1.example" */
	bool strict;			/* -e */
};

struct lexed {
	char *words;		/* an item a line: words as "a 'b c'", braces as themselves */
	char *places;		/* the same with "[FILE:]LINE:COL" before each word */
	char *diags;		/* a line each: "LINE:COL severity", with FILE likewise */
	char *texts;		/* the diagnoses in full */
	char *files;		/* the files read, with a blank behind each */
	bool include_failed;
};

/* Lexes TEXT (LEN octets) to its end. Free with lexed_free(). */
struct lexed lex_all(const struct lexrig *rig, const char *text, size_t len);
void lexed_free(struct lexed *l);

/*
 * Lexes TEXT as the file main.conf with the identity "main" and compares words (unless NULL) and
 * diagnoses.
 */
void expect(const char *text, const char *words, const char *diags);

/* The same with files. */
void expect_files(const struct lexrig *rig, const char *text, const char *words, const char *diags);

/* Compares the places. */
void expect_places(const struct lexrig *rig, const char *text, const char *places);

/* The source that answers from FILES; RIG must outlive it. */
struct source lexrig_source(const struct lexrig *rig);

#endif
