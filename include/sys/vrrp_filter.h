/*
 * What a VRRP socket drops while it is flooded.
 *
 * A packet is foreign when no configuration of ours could make anything of it: not VRRPv2 or
 * VRRPv3, no advertisement, a VRID that no instance of the interface has, a TTL other than 255, a
 * fragment, longer than any advertisement. Any other packet with one of our VRIDs is not foreign,
 * however wrong its checksum, password or interval are: those are counted, and told to people.
 *
 * Foreign packets are let in like all others, so that they are counted and named, until there are
 * too many of them; then the kernel drops them but for a sample, and is asked every second
 * whether they are few again.
 */
#ifndef SYS_VRRP_FILTER_H
#define SYS_VRRP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/port.h"
#include "sys/loop.h"

#define VFL_WINDOW_US INT64_C(100000)
#define VFL_TOO_MANY 1000		/* foreign packets in a window */
#define VFL_SAMPLE 256			/* while dropping, one in so many is let in */
#define VFL_DROP_US INT64_C(1000000)	/* then a look without the filter ... */
#define VFL_LOOK_US INT64_C(500000)	/* ... for so long, and the flood is over */

struct vfl;

/* Watches over the socket FD of FAMILY, which stays the caller's. TELL is called from the loop or
 * from vfl_judge() when a flood begins and ends. NULL: errno is set. */
struct vfl *vfl_new(struct loop *loop, int fd, uint8_t family, void (*tell)(void *ctx, bool on),
		    void *ctx);

/* Before FD is closed. NULL is allowed. */
void vfl_free(struct vfl *f);

/* From now on these VRIDs are ours. Before the first call nothing is foreign. */
void vfl_want(struct vfl *f, const struct port_vrids *wanted);

/* A packet has come: DATA as the socket gives it, with the header for IPv4, without for IPv6, where
 * TTL is the hop limit. */
void vfl_judge(struct vfl *f, const uint8_t *data, size_t len, uint8_t ttl);

/* The rule alone, and the kernel's filter that is made of it (SAMPLE 0: without a sample). */
bool vfl_is_foreign(uint8_t family, const uint8_t *data, size_t len, uint8_t ttl,
		    const struct port_vrids *wanted);
int vfl_attach(int fd, uint8_t family, const struct port_vrids *wanted, uint32_t sample);

#endif
