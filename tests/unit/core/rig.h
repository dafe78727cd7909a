/*
 * What the tests of the core share: configurations made by hand or at random, packets as a raw
 * socket delivers them, and random numbers that can be had again.
 */
#ifndef TESTS_UNIT_CORE_RIG_H
#define TESTS_UNIT_CORE_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/node.h"

#define RIG_IFACES 4
#define RIG_CHECKS 4
#define RIG_INSTS 5
#define RIG_VIPS 6
#define RIG_REFS 3
#define SECOND INT64_C(1000000)

struct rng {
	uint64_t state;
};

/* From the environment's HOLDFAST_SEED, or another one each time; prints it. */
struct rng rng_new(void);
uint64_t rng_next(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n);		/* 0 .. N - 1 */
bool rng_one_in(struct rng *r, uint32_t n);

/* A configuration and all that it points to. Not to be copied: it points into itself. */
struct rig {
	struct vr_config vr;
	struct vr_iface_conf ifaces[RIG_IFACES];
	struct vr_check_conf checks[RIG_CHECKS];
	struct vr_inst_conf insts[RIG_INSTS];
	struct vr_vip vips[RIG_INSTS][RIG_VIPS];
	struct vr_ref track_ifaces[RIG_INSTS][RIG_REFS];
	struct vr_ref track_checks[RIG_INSTS][RIG_REFS];
};

/* One instance "VI_1" on eth0: VRRPv2, VRID 51, priority 100, 192.0.2.100/24. */
void rig_plain(struct rig *rig);
/* Anything that the configuration floor could build. */
void rig_random(struct rig *rig, struct rng *r);

struct ip_addr rig_addr(const char *text);

#define RIG_PACKET_MAX (20 + PKT_MAX)

/* An IPv4 header before BODY; returns the length of the whole. */
size_t rig_wrap(uint8_t *to, const struct ip_addr *src, const struct ip_addr *dst,
		const uint8_t *body, size_t len);

/* The advert of CONF with PRIORITY from SRC, with its IPv4 header. */
size_t rig_advert(uint8_t *to, const struct vr_inst_conf *conf, uint8_t priority,
		  const struct ip_addr *src);

/* ---- a node with room for its actions ---- */

struct rig_node {
	void *memory;
	struct vr_node *node;
	struct vr_actions actions;
};

void rig_node_new(struct rig_node *n, const struct vr_config *vr, uint8_t epoch);
void rig_node_free(struct rig_node *n);
void rig_step(struct rig_node *n, int64_t now_us, struct vr_event event);

/* The interface is there, up, heard and has the address (NULL: none). */
void rig_iface(struct rig_node *n, int64_t now_us, uint16_t iface, const char *addr);

/* How many actions of this type the last step gave. */
size_t rig_count(const struct rig_node *n, enum vr_action_type type);

struct vr_inst_view rig_look(const struct rig_node *n, uint16_t inst);

#endif
