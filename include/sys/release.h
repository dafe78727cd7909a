/*
 * Addresses taken off without an engine.
 *
 * The last resort of a keeper whose engines cannot even leave: nothing is announced, and nobody but
 * the kernel is asked. Blocks, at most a few seconds.
 */
#ifndef SYS_RELEASE_H
#define SYS_RELEASE_H

#include <stddef.h>

#include "base/addr.h"

struct rls_addr {
	int ifindex;
	struct ip_prefix prefix;
};

struct rls_result {
	size_t removed;
	size_t left;			/* are there still */
	struct rls_addr first;		/* of those, if LEFT */
	int error;			/* 0, or the last errno: the kernel refused something */
};

/*
 * Deletes those of the N addresses of V that are on the host and that we have put there, by the tag
 * PORT_IFA_PROTO (core/port.h): what was there before us, and what is another program's, stays.
 * Sorts V.
 */
struct rls_result rls_delete(struct rls_addr *v, size_t n);

#endif
