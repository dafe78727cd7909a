/*
 * Memory that is freed as a whole.
 *
 * A loaded configuration owns one arena: nobody frees its parts, so nothing in it can be leaked or
 * freed twice. Every call may return NULL when memory is short: a reload must be able to fail
 * without losing what runs.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* NULL when there is no memory. */
struct arena *arena_new(void);

/* Frees everything that came from A. NULL is allowed. */
void arena_free(struct arena *a);

/* SIZE octets, zeroed, aligned for any type; NULL when there is no memory. */
void *arena_alloc(struct arena *a, size_t size);

/* An array of N zeroed elements of SIZE octets; NULL on overflow or when there is no memory. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* A copy of the string, or of its first LEN octets, terminated; NULL when there is no memory. */
char *arena_str(struct arena *a, const char *text);
char *arena_strn(struct arena *a, const char *text, size_t len);

/*
 * True when malloc() has OCTETS more to give now. To be asked before a library is called that does
 * not bear a refusal: libconfig 1.5 uses what it got without looking, glob() of glibc 2.36 frees
 * twice.
 */
bool arena_room(size_t octets);

#endif
