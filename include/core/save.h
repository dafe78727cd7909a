/*
 * A node written down, and made again.
 *
 * A journal that remembers the last hours only must begin in the middle: with the facts that the
 * node was told, and with what each instance remembers. Numbers have variable length and times are
 * relative to the node's own; no struct's layout, no pointer and no secret is in it. What is read
 * may come from a stranger: a node that was made from it keeps every promise of core/node.h.
 *
 * Whoever changes what is written raises the journal's format (engine/journal_parts.h), once for
 * each release.
 */
#ifndef CORE_SAVE_H
#define CORE_SAVE_H

#include <stdbool.h>

#include "base/cursor.h"
#include "core/node.h"

/* The latest time that a node may be told: 36,000 years. */
#define VR_TIME_MAX (INT64_C(1) << 60)

/* Writes NODE behind what TO holds already; too little room marks TO bad. */
void vr_save(const struct vr_node *node, struct outbuf *to);

/*
 * Makes NODE, fresh from vr_node_init() with the same configuration and epoch, what vr_save() saw.
 * False when FROM does not hold such a node, or one whose time is beyond LATEST_US (at most
 * VR_TIME_MAX); NODE is then good for nothing.
 */
bool vr_load(struct vr_node *node, struct cursor *from, int64_t latest_us);

/* One address: its family, then as many octets as that has. A read of anything else marks FROM
 * bad. */
void vr_save_addr(const struct ip_addr *a, struct outbuf *to);
struct ip_addr vr_load_addr(struct cursor *from);

/* A number of at most MAX; a larger one marks FROM bad and is 0. */
uint64_t vr_load_max(struct cursor *from, uint64_t max);

#endif
