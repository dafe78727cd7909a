/*
 * What a node is told, and the words in which it thinks.
 *
 * Everything that can happen to a host is one of these events, the completion of an action
 * included. The enums are the vocabulary that states, traces and views share; core/names.h has the
 * words for them.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/packet.h"

enum vr_state { VR_INIT, VR_BACKUP, VR_MASTER, VR_FAULT, VR_N_STATES };

/* Named reasons for being unfit; a set of them, recomputed from facts at every change. */
enum vr_fault {
	VR_FAULT_IF_MISSING,		/* the interface does not exist */
	VR_FAULT_IF_DOWN,		/* it is down or has no carrier */
	VR_FAULT_NO_SOURCE,		/* it has no address to send adverts from */
	VR_FAULT_NO_SOCKET,		/* adverts cannot be received on it */
	VR_FAULT_TRACK_IF,		/* a tracked interface (weight 0) is down or missing */
	VR_FAULT_CHECK_PENDING,		/* a check (weight 0) has not answered yet */
	VR_FAULT_CHECK,			/* a check (weight 0) has failed */
	VR_FAULT_ADDR_TAKEN,		/* somebody else kept taking its addresses away */
	VR_FAULT_ADDR_IF,		/* an address's interface is down or missing */
	VR_FAULT_ADDR_FOREIGN,		/* an address stands on this host, and is not ours */
	VR_N_FAULTS
};

/* Why something happened: travels with every trace. */
enum vr_cause {
	VR_CAUSE_NONE,
	VR_CAUSE_START,			/* the daemon started */
	VR_CAUSE_STOP,			/* the daemon was asked to stop */
	VR_CAUSE_OWNER,			/* priority 255 owns the addresses at once */
	VR_CAUSE_DOWN_TIMER,		/* nothing heard for Master_Down_Interval */
	VR_CAUSE_PRIO_ZERO,		/* the master said that it leaves; skew time is over */
	VR_CAUSE_PREEMPT,		/* only lower priorities heard for Master_Down_Interval */
	VR_CAUSE_HIGHER_PRIO,		/* an advert of higher priority came */
	VR_CAUSE_HIGHER_ADDR,		/* equal priority, higher primary address */
	VR_CAUSE_LOWER_PRIO,		/* an advert of lower priority came while master */
	VR_CAUSE_FAULT,			/* a fault reason appeared */
	VR_CAUSE_FIT,			/* the last fault reason went away */
	VR_CAUSE_LINK_BACK,		/* a master's own link was lost for a moment only */
	VR_CAUSE_STALLED,		/* this host stood still, and another took over */
	VR_CAUSE_RIVAL,			/* another station claims an address that is ours */
	VR_CAUSE_RELOAD,		/* a new configuration */
	VR_CAUSE_RESUME,		/* a new engine goes on where another one ended */
	VR_CAUSE_LINK,			/* an interface changed */
	VR_CAUSE_ADDR,			/* an interface's primary address changed */
	VR_CAUSE_CHECK,			/* a check changed its verdict */
	VR_CAUSE_TIMER,			/* a periodic timer: second burst, refresh */
	VR_CAUSE_WAIT,			/* a tracked script has not answered yet */
	VR_CAUSE_ANSWERED,		/* all of them have, and nothing else is wrong */
	VR_N_CAUSES
};

enum vr_check_result {
	VR_CHECK_NONE,			/* has not answered yet */
	VR_CHECK_GOOD,			/* exit status 0 */
	VR_CHECK_EXIT,			/* exit status other than 0; code = status */
	VR_CHECK_SIGNAL,		/* ended by a signal; code = its number */
	VR_CHECK_TIMEOUT,		/* did not end in time */
	VR_CHECK_CANNOT_RUN,		/* could not be started; code = errno */
	VR_N_CHECK_RESULTS
};

enum vr_event_type {
	VR_EV_START,		/* begin: facts known so far decide what each instance starts as */
	VR_EV_STOP,		/* leave in good order; every instance ends in VR_INIT */
	VR_EV_PACKET,		/* bytes came in on an interface */
	VR_EV_LINK,		/* what an interface is like now */
	VR_EV_ADDR,		/* an interface's primary address now */
	VR_EV_CHECK,		/* one result of a check */
	VR_EV_DONE,		/* an address action has completed */
	VR_EV_LOST,		/* somebody else took a virtual address away */
	VR_EV_WRONG,		/* a virtual address is there, but not as it should be, or it must
				 * not be there at all */
	VR_EV_UNSURE,		/* whether an operation on a virtual address was done is not known
				 * (lost): it is tried again */
	VR_EV_FOREIGN,		/* a virtual address stands on this host, and is not ours ... */
	VR_EV_FOREIGN_GONE,	/* ... and no longer */
	VR_EV_ADOPT,		/* this node replaces an old one after a reload: sent instead of
				 * START, after the facts about interfaces */
	VR_EV_RESUME,		/* this node was loaded from what a process that ended had saved,
				 * and goes on in its stead: sent instead of START */
	VR_EV_ASSERT,		/* what stands on the interfaces is unknown: every address is put on
				 * or taken off as the state wants it */
	VR_EV_RIVAL,		/* another station claims a virtual address */
	VR_EV_WAKE,		/* vr_deadline() has come */
	VR_N_EVENTS
};

struct vr_ev_packet {
	uint16_t iface;
	uint8_t family;		/* IP_V4: DATA begins with the IP header, as a raw socket
				 * delivers it */
	struct pkt_meta meta;	/* IP_V6: from ancillary data; unused for IPv4 */
	const uint8_t *data;
	size_t len;
};

struct vr_ev_link {
	uint16_t iface;
	bool exists;
	bool up;		/* administratively up and with carrier */
	bool rx_ready;		/* a socket that hears adverts is open on it */
};

struct vr_ev_addr {
	uint16_t iface;
	uint8_t family;
	struct ip_addr primary;	/* IP_NONE: there is none */
};

struct vr_ev_check {
	uint16_t check;
	enum vr_check_result result;
	int32_t code;
};

struct vr_ev_done {
	uint32_t token;		/* that of the action */
	int32_t error;		/* 0 or a positive errno */
};

struct vr_ev_lost {
	uint16_t inst;
	uint16_t vip;
};

#define VR_MAC_LEN 6			/* all zero: not known */

struct vr_ev_rival {
	uint16_t inst;
	uint16_t vip;		/* the claimed address, by ARP (IPv4) or neighbour discovery */
	uint8_t mac[VR_MAC_LEN];
};

struct vr_ev_resume {
	int64_t served_us;	/* every timer that had ended before then was served */
};

struct vr_node;

struct vr_event {
	enum vr_event_type type;
	int64_t now_us;		/* monotonic; never less than that of the step before */
	union {
		struct vr_ev_packet packet;
		struct vr_ev_link link;
		struct vr_ev_addr addr;
		struct vr_ev_check check;
		struct vr_ev_done done;
		struct vr_ev_lost lost;
		struct vr_ev_rival rival;
		struct vr_ev_resume resume;
		struct vr_node *adopt;		/* the node that ran until now; unusable
						 * afterwards */
	};
};

#endif
