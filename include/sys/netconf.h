/*
 * Whether this host routes on an interface.
 *
 * Asked over netlink, for the engine may not open what /proc/sys says.
 */
#ifndef SYS_NETCONF_H
#define SYS_NETCONF_H

#include <stdbool.h>

/* A socket to ask with, the caller's; -1: errno is set. */
int ncf_open(void);

/*
 * Is IPv6 forwarding on, on interface IFINDEX? False also when the kernel does not say. FD is of
 * ncf_open(). Never waits: the kernel answers within the question.
 */
bool ncf_forwards_v6(int fd, int ifindex);

#endif
