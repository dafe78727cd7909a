/*
 * A number for what some octets say.
 *
 * Whoever must know whether octets are the same as before (a record after a crash, a step's actions
 * in a replay) mixes them into 64 bits, fast enough to be done at every event. It finds accidents;
 * it is no protection against forgery.
 */
#ifndef BASE_MIX_H
#define BASE_MIX_H

#include <stddef.h>
#include <stdint.h>

/* Continues from H, any number to start with. The same on every machine. */
uint64_t mix_word(uint64_t h, uint64_t v);
uint64_t mix_bytes(uint64_t h, const void *data, size_t len);

#endif
