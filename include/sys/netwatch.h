/*
 * What the kernel says of links and addresses.
 *
 * Listens to rtnetlink (libnl) and tells EVENTS; begins with everything there is, and begins anew
 * whenever notices were lost, so that the facts upstairs are never older than the kernel's. Keeps a
 * table of the links for the modules of this floor.
 */
#ifndef SYS_NETWATCH_H
#define SYS_NETWATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "core/port.h"
#include "sys/loop.h"

#define NWA_HW_MAX 32

/* What announcing needs to know of a link. */
struct nwa_link {
	int ifindex;
	unsigned int flags;		/* IFF_* */
	uint16_t type;			/* ARPHRD_* */
	uint8_t hw_len;			/* octets of the next two; 0: it has none */
	uint8_t hw[NWA_HW_MAX];
	uint8_t broadcast[NWA_HW_MAX];
	char name[16];
};

struct nwa;

/* Subscribes; nothing is told before nwa_start(). EVENTS and LOG must outlive it. NULL: errno. */
struct nwa *nwa_new(struct loop *loop, const struct port_events *events, const struct log *log);
void nwa_free(struct nwa *w);

/* Asks the kernel for all links and addresses; the answers come from the loop, then synced(). */
void nwa_start(struct nwa *w);

/* Reads everything again, beginning from the loop; nothing when that is under way. */
void nwa_reread(struct nwa *w);

/*
 * For who has no loop: tells EVENTS (link and addr only) of all links and addresses there are, and
 * blocks for as long as the kernel needs. Returns 0 or a positive errno; what was told stands.
 */
int nwa_once(const struct port_events *events);

/* The link, or NULL when the kernel has none; valid until the loop runs again. */
const struct nwa_link *nwa_find(const struct nwa *w, int ifindex);

/* Is this the hardware address of one of our own links? */
bool nwa_is_own(const struct nwa *w, const uint8_t *hw, uint8_t len);

/* How often everything was read anew, because notices were lost or by nwa_reread(). */
uint64_t nwa_resyncs(const struct nwa *w);

#endif
