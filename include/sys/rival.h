/*
 * Other stations that claim our addresses.
 *
 * One packet socket hears the ARP of all interfaces; a filter in the kernel lets through what comes
 * from one of the guarded IPv4 addresses. Neighbour advertisements join it when IPv6 addresses are
 * guarded.
 */
#ifndef SYS_RIVAL_H
#define SYS_RIVAL_H

#include "base/log.h"
#include "core/port.h"
#include "sys/loop.h"
#include "sys/netwatch.h"

struct rvl;

/* Hears nothing before rvl_guard(). All arguments must outlive it. NULL: errno is set. */
struct rvl *rvl_new(struct loop *loop, const struct port_events *events, const struct nwa *links,
		    const struct log *log);
/* NULL is allowed. */
void rvl_free(struct rvl *r);

/* struct port's guard: from now on CONF's addresses and no others. Needs no rights. */
void rvl_guard(struct rvl *r, const struct vr_config *conf);

#endif
