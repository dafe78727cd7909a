/*
 * Gratuitous ARP and unsolicited neighbour advertisements.
 *
 * A new master tells the switches and neighbours where the addresses are now: ARP requests whose
 * sender and target are the address (RFC 5944 4.6, RFC 9568 6.4), or neighbour advertisements with
 * the override flag (RFC 4861 7.2.6), the same a number of rounds, paced, never in the way of
 * adverts.
 */
#ifndef SYS_ANNOUNCE_H
#define SYS_ANNOUNCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "core/port.h"
#include "sys/loop.h"
#include "sys/netwatch.h"

struct ann;

/* LINKS tells the hardware addresses; it must outlive the announcer. NULL: errno is set. */
struct ann *ann_new(struct loop *loop, const struct nwa *links, const struct log *log);

/* Drops what is queued. NULL is allowed. */
void ann_free(struct ann *a);

/*
 * struct port's announce and announce_stop. The first call since the loop last ran sends its first
 * packets before it returns; everything else leaves from the loop.
 */
void ann_send(struct ann *a, uint32_t owner, const struct port_announce *v, size_t n,
	      uint32_t repeat, int64_t gap_us);
void ann_stop(struct ann *a, uint32_t owner);

#endif
