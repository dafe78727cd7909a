/*
 * Addresses on and off interfaces.
 *
 * Operations become rtnetlink messages (libmnl), many to a sendmsg. The kernel works a batch off
 * before sendmsg returns, at about 16 us an address and more when there are thousands; so a long
 * list is cut, and adverts go out between the parts. Every operation is answered exactly once; what
 * there is no memory to queue is done within the call.
 */
#ifndef SYS_NETWRITE_H
#define SYS_NETWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/port.h"
#include "sys/loop.h"

struct nww;

/* EVENTS->addr_done is called from the loop. NULL: errno is set. */
struct nww *nww_new(struct loop *loop, const struct port_events *events);

/* Sends what is still queued, answers nothing any more, frees. NULL is allowed. */
void nww_free(struct nww *w);

/*
 * struct port's addrs: in order. An address that is there already is taken over in place and counts
 * as added; one that is not there (or whose interface is gone) counts as deleted.
 */
void nww_addrs(struct nww *w, struct port_addr_op *ops, size_t n);

/* True while operations are queued or unanswered. */
bool nww_busy(const struct nww *w);

#endif
