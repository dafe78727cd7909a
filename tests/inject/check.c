/*
 * Why this exists: the rigs of the unit tests serve here, too, but Check's own assertions ask for
 * memory and speak to a runner that is not there. These take their place: they die with a line.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

void CK_EXPORT _mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}

void CK_EXPORT _ck_assert_failed(const char *file, int line, const char *expr, const char *msg, ...)
{
	fprintf(stderr, "%s:%d: %s%s%s\n", file, line, expr, msg ? ": " : "", msg ? msg : "");
	exit(1);
}
