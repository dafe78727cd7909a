/*
 * The election: the whole public surface of the core.
 *
 * A node is all the VRRP instances of one host. It is stepped, never called back: an event goes in
 * with its time, actions come out in the order in which they must happen, and vr_deadline() says
 * when to step again. The core does no I/O, reads no clock, allocates nothing and cannot fail; so
 * the same object runs in the daemon, in the simulator and in a fuzzer.
 *
 * RFC 3768 (VRRPv2), RFC 9568 (VRRPv3); where keepalived's habit wins, fsm.c says so at the place.
 * What goes in is in core/event.h, what comes out in core/action.h.
 */
#ifndef CORE_NODE_H
#define CORE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/action.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/packet.h"

#define VR_NEVER INT64_MAX		/* "no deadline" */

/* Octets that a node for CONF needs, to be allocated by the caller, aligned as by malloc. */
size_t vr_node_size(const struct vr_config *conf);

/* How many actions one step of a node for CONF can give at most. OLD: the node's predecessor when
 * it will be adopted, or NULL. */
size_t vr_actions_max(const struct vr_config *conf, const struct vr_config *old);

/*
 * Makes a node in MEM (vr_node_size() octets), every instance in VR_INIT, every fact unknown. CONF
 * must outlive it. EPOCH distinguishes this node's tokens from its predecessor's.
 */
struct vr_node *vr_node_init(void *mem, const struct vr_config *conf, uint8_t epoch);

/* One event; OUT is overwritten with what must be done, in order. */
void vr_step(struct vr_node *node, const struct vr_event *event, struct vr_actions *out);

/* The earliest time at which a VR_EV_WAKE is due, or VR_NEVER. */
int64_t vr_deadline(const struct vr_node *node);

/*
 * Which address an operation's token means. False when it is not one of this node's (its
 * predecessor's, by EPOCH). The token's other bits are private.
 */
bool vr_token_look(const struct vr_node *node, uint32_t token, uint16_t *inst, uint16_t *vip,
		   bool *add);

/* The bytes of a VR_ACT_ADVERT, as pkt_encode(). */
size_t vr_advert(const struct vr_action *action, uint8_t *buf, size_t size);

/* ---- looking in ---------------------------------------------------------------------------- */

struct vr_counters {
	uint64_t rx;			/* accepted adverts */
	uint64_t tx;
	uint64_t become_master;
	uint64_t release_master;
	uint64_t prio_zero_rx;
	uint64_t prio_zero_tx;
	uint64_t vips_differ;
	uint64_t dampings;		/* how often damping has begun */
	uint64_t lower_rx;		/* adverts of lower priority heard while master: two
					 * owners */
	uint64_t rejects[PKT_N_REJECTS];
};

/* The network changes the state too often (core/damp.h). */
struct vr_damping {
	bool on;
	bool hushed;			/* the state that it is in was told neither to scripts nor
					 * to the log; it will be at tell_us */
	int64_t since_us;		/* ON: when it began */
	int64_t until_us;		/* when it ends, if nothing changes until then; or how far
					 * the changes of the last time are from being too many */
	int64_t tell_us;		/* ON: earliest next time that a change is told */
	uint32_t changes, unsaid;	/* ON: since it began; those that were not told */
};

/* How a rival of a master is known. */
enum vr_sign {
	VR_SIGN_ADVERT,			/* its adverts, for longer than an election takes */
	VR_SIGN_CLAIM,			/* ARP or neighbour discovery from one of our addresses */
	VR_SIGN_REJECT,			/* adverts that are refused, for as long: no election is
					 * between it and us */
	VR_N_SIGNS
};

/* Another owner. */
struct vr_rival {
	uint8_t signs;			/* set of 1 << enum vr_sign; 0: there is none */
	struct ip_addr source;		/* what it advertises from, or IP_NONE */
	struct ip_addr claims;		/* the address that it claimed last, or IP_NONE */
	struct ip_addr rejected;	/* whose advert was refused last, or IP_NONE ... */
	enum pkt_reject reason;		/* ... and why */
	uint8_t mac[VR_MAC_LEN];
	int64_t since_us, last_us;	/* the first sign and the last one */
};

struct vr_inst_view {
	enum vr_state state;
	enum vr_cause cause;		/* why it is in this state */
	bool waits;			/* FAULT: for the first word of checks, which is no fault */
	int64_t since_us;		/* when it entered it */
	uint8_t effective_priority;
	uint32_t faults;		/* set of 1 << enum vr_fault */
	struct ip_addr source;		/* what adverts are sent from; IP_NONE if there is none */
	struct ip_addr master;		/* the master last heard (or we ourselves); IP_NONE */
	uint8_t master_priority;
	int64_t last_rx_us;		/* last accepted advert; VR_NEVER: none yet */
	int64_t master_int_us;		/* the active master's advertisement interval */
	bool plain_sum;			/* v3, IPv4: it sums, or would sum, the message alone */
	int64_t deadline_us;		/* next timer of this instance */
	struct vr_damping damping;
	struct vr_rival rival;		/* MASTER: until it was quiet for a while */
	struct vr_counters counters;
};

struct vr_iface_view {
	bool exists, up, rx_ready;
	struct ip_addr primary4, primary6;
};

struct vr_check_view {
	bool known;			/* has a verdict */
	bool good;
	uint32_t run;			/* results in a row against the verdict, or towards it */
	enum vr_check_result result;	/* the last one */
	int32_t code;
};

const struct vr_config *vr_node_conf(const struct vr_node *node);
bool vr_started(const struct vr_node *node);	/* between VR_EV_START and VR_EV_STOP */
void vr_inst_look(const struct vr_node *node, uint16_t inst, struct vr_inst_view *out);
void vr_iface_look(const struct vr_node *node, uint16_t iface, struct vr_iface_view *out);
void vr_check_look(const struct vr_node *node, uint16_t check, struct vr_check_view *out);

/* True when the address's interface, which is not its instance's own, is missing or carries
 * nothing, and that is a fault: no_track would forgive it. */
bool vr_vip_cut_off(const struct vr_node *node, uint16_t inst, uint16_t vip);

/* True when VR_EV_FOREIGN was told of it. */
bool vr_vip_foreign(const struct vr_node *node, uint16_t inst, uint16_t vip);

/* What one reference adds to the instance's priority now (0 when it is unknown). */
int vr_iface_delta(const struct vr_node *node, const struct vr_ref *ref);
int vr_check_delta(const struct vr_node *node, const struct vr_ref *ref);

/* Packets that no instance wanted: rejected before the VRID was known, or of a foreign VRID. */
const uint64_t *vr_node_rejects(const struct vr_node *node);

#endif
