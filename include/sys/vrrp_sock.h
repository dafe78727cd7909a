/*
 * Raw sockets for adverts.
 *
 * One socket for each interface and family, bound to the device, joined to the groups of its
 * instances; it sends and receives, so nothing can pile up in a socket that nobody reads. What
 * arrives goes up as bytes with their IP header: judging them is the core's business.
 */
#ifndef SYS_VRRP_SOCK_H
#define SYS_VRRP_SOCK_H

#include <stddef.h>
#include <stdint.h>

#include "core/port.h"
#include "sys/loop.h"

struct vsk;
struct vpl;

/* EVENTS->packet and EVENTS->flood are called from the loop. EVENTS must outlive the set. NULL:
 * errno is set. */
struct vsk *vsk_new(struct loop *loop, const struct port_events *events);

/* From now on sockets come from POOL, which must outlive V; without one they are made here. */
void vsk_pool(struct vsk *v, struct vpl *pool);

/* Closes all. NULL is allowed. */
void vsk_free(struct vsk *v);

/* struct port's join, leave, hear and send. */
int vsk_join(struct vsk *v, uint16_t iface, int ifindex, const struct ip_addr *group);
void vsk_leave(struct vsk *v, uint16_t iface);
void vsk_hear(struct vsk *v, uint16_t iface, uint8_t family, const struct port_vrids *wanted);
void vsk_send(struct vsk *v, struct port_packet *packets, size_t n);

#endif
