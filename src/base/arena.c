/*
 * Why this exists: a configuration is thousands of small objects that live and die together. A
 * chain of blocks with a rising mark makes an allocation a few instructions and the release one
 * loop, and there is no free() of a part that somebody could forget or do twice.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384	/* room in an ordinary block */
#define OWN_BLOCK (BLOCK_SIZE / 4)	/* larger requests get a block of their own */

struct block {
	struct block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char room[];
};

struct arena {
	struct block *open;	/* the ordinary block that is being filled, then the full ones */
	struct block *own;	/* blocks that hold one large object each */
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

static void free_chain(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_chain(a->open);
	free_chain(a->own);
	free(a);
}

static struct block *add_block(struct block **chain, size_t size)
{
	struct block *b = calloc(1, sizeof(*b) + size);

	if (!b)
		return NULL;
	b->size = size;
	b->next = *chain;
	*chain = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *b = a->open;
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = size ? (size + align - 1) / align * align : align;
	if (size > OWN_BLOCK) {
		b = add_block(&a->own, size);
		return b ? b->room : NULL;
	}
	if (!b || b->size - b->used < size)
		b = add_block(&a->open, BLOCK_SIZE);
	if (!b)
		return NULL;
	p = b->room + b->used;
	b->used += size;
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return arena_alloc(a, bytes);
}

char *arena_strn(struct arena *a, const char *text, size_t len)
{
	size_t have = strnlen(text, len);
	char *copy = arena_alloc(a, have + 1);

	if (copy)
		memcpy(copy, text, have);
	return copy;
}

char *arena_str(struct arena *a, const char *text)
{
	return arena_strn(a, text, strlen(text));
}

bool arena_room(size_t octets)
{
	/* volatile: else the compiler knows that nobody uses it, and leaves it out. */
	void *volatile all = malloc(octets);
	bool there = all != NULL;

	free(all);
	return there;
}
