/*
 * An allocator that fails on request.
 *
 * The functions of libc and of the arena are replaced in this program, also for the libraries that
 * it stands on. While armed, requests are counted from 0; the one of the wanted number, or all from
 * it on, get nothing. Under the sanitizers theirs is below, so that what is used after free() is
 * seen, too.
 */
#ifndef TESTS_INJECT_ALLOC_H
#define TESTS_INJECT_ALLOC_H

#include <stdbool.h>

/* Request number AT (from 0) fails, and all behind it when LASTING. */
void alc_arm(long at, bool lasting);

/* No further request fails. Returns whether one has. */
bool alc_disarm(void);

/* Requests since alc_arm(). */
long alc_count(void);

/* Blocks in use, by all threads; the difference of two calls is what was leaked between them. */
long alc_live(void);

/* Print where the next refused request comes from. */
void alc_show(void);

#endif
