/*
 * Dice with a seed.
 *
 * SplitMix64 (Steele, Lea, Flood 2014): one word of state, so every path and every host has dice of
 * its own and what happens at one place does not change the luck of another.
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t s;
};

static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Dice for the STREAM of a SEED. */
static inline struct rng rng_of(uint64_t seed, uint64_t stream)
{
	struct rng r = { seed * UINT64_C(0xd1342543de82ef95) + stream };

	r.s = rng_next(&r);
	return r;
}

/* 0 .. n - 1; 0 when N is not positive. */
static inline int64_t rng_below(struct rng *r, int64_t n)
{
	if (n <= 0)
		return 0;
	return (int64_t)(((unsigned __int128)rng_next(r) * (uint64_t)n) >> 64);
}

/* LEAST .. MOST. */
static inline int64_t rng_between(struct rng *r, int64_t least, int64_t most)
{
	return least + rng_below(r, most - least + 1);
}

static inline bool rng_permille(struct rng *r, int64_t permille)
{
	return permille > 0 && rng_below(r, 1000) < permille;
}

#endif
