/*
 * The keeper's side of VRRP's sockets: it makes them, gives them to engines, and keeps a duplicate
 * of each until an engine says that it is not used any more.
 */
#ifndef MAIN_KEEPER_SOCKETS_H
#define MAIN_KEEPER_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KSK_MOST 8192			/* of one family: an engine gone mad gets no more */

struct ksk_one {
	int fd;
	uint64_t cookie;
	uint8_t family;
};

struct ksk {
	struct ksk_one *v;
	size_t n, size;
	/* Told of each that is kept or no longer; NULL: nobody is. */
	void *ctx;
	void (*changed)(void *ctx, const struct ksk_one *one, bool kept);
};

/* Takes FD over, one of FAMILY; 0 or a positive errno. */
int ksk_add(struct ksk *k, int fd, uint8_t family);

/* Makes as many of FAMILY as are missing to N. Returns 0 or a positive errno. */
int ksk_make(struct ksk *k, uint8_t family, size_t n);

/* Sends all to an engine. Returns 0 or a positive errno. */
int ksk_send(const struct ksk *k, int channel);

/* Makes one more of FAMILY and sends it. Returns 0 or a positive errno. */
int ksk_send_one(struct ksk *k, int channel, uint8_t family);

/* It is not used any more. */
void ksk_closed(struct ksk *k, uint64_t cookie);

/* Closes all, and tells nobody. */
void ksk_free(struct ksk *k);

#endif
