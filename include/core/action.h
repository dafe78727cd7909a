/*
 * What a node wants done, and what it has to tell.
 *
 * Actions are data, in the order in which the world must act. A trace is data too: the log, `why`,
 * the story tests and the simulator print the same line from the same numbers.
 */
#ifndef CORE_ACTION_H
#define CORE_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/conf.h"
#include "core/event.h"

enum vr_action_type {
	VR_ACT_ADVERT,		/* send one advert: bytes from vr_advert() */
	VR_ACT_ADDR_ADD,	/* put a virtual address on its interface */
	VR_ACT_ADDR_DEL,	/* take it off; "was not there" is success */
	VR_ACT_ANNOUNCE,	/* GARP or NA for one or all addresses of the instance, REPEAT
				 * times */
	VR_ACT_ANNOUNCE_STOP,	/* drop what is still queued of it */
	VR_ACT_NOTIFY,		/* tell the instance's notify scripts */
	VR_ACT_TRACE,		/* something worth a line happened */
	VR_N_ACTIONS
};

enum vr_trace_kind {
	VR_TR_STATE,		/* from, to; cause; who was followed, its priority a, ours b, c =
				 * ms since its last advert, -1: none */
	VR_TR_PRIORITY,		/* effective priority a -> b; cause, subject */
	VR_TR_FAULT_ON,		/* fault (a), subject */
	VR_TR_FAULT_OFF,	/* fault (a), subject */
	VR_TR_CHECK,		/* check subject turned good (a = 1) or bad (a = 0); b = result,
				 * c = code */
	VR_TR_CHECK_CODE,	/* check subject now returns b = result, c = code, verdict
				 * unchanged */
	VR_TR_MASTER,		/* a backup now follows who, with priority a */
	VR_TR_LOWER,		/* advert of lower priority a from who, ours is b; cause says
				 * what follows */
	VR_TR_PRIO_ZERO,	/* who said that it leaves */
	VR_TR_REJECT,		/* a packet from who was rejected; a = enum pkt_reject */
	VR_TR_VIPS_DIFFER,	/* the master's address list differs from ours; who; a = its
				 * count */
	VR_TR_INTERVAL,		/* v3: who advertises every a ms, ours is b ms; c = ms that a
				 * backup reckons with at most, -1: with all of a */
	VR_TR_SUM,		/* v3, IPv4: adverts are now summed without (a = 1) or with (a = 0)
				 * the pseudo-header, as those of who are */
	VR_TR_PREEMPT_DELAY,	/* preempt_delay of a ms begins */
	VR_TR_CONFLICT,		/* two masters: who, with priority a; or (VR_CAUSE_RIVAL) another
				 * station claims the address who, or advertises from it (a = enum
				 * vr_sign), with mac */
	VR_TR_CONFLICT_OVER,	/* nothing of it for a while */
	VR_TR_ADDR_FAILED,	/* address a of the instance could not be added or deleted; b =
				 * errno */
	VR_TR_ADDR_LOST,	/* somebody else took address a of the instance away */
	VR_TR_ADDR_WRONG,	/* he changed it (b = 1), or put it here while not master (b = 0) */
	VR_TR_LATE,		/* c ms late: it listens before it speaks */
	VR_TR_ADOPTED,		/* state a kept over a reload */
	VR_TR_RESUMED,		/* state a kept over the end of a process; c = ms for which what
				 * was due has waited */
	VR_TR_DAMPED,		/* the network has changed the state more than a times in b s: it
				 * is damped */
	VR_TR_STATE_TOLD,	/* damped: it is in state a; b changes were not told, in c s */
	VR_TR_DAMPED_OVER,	/* no change for a while; a changes in c s, of which b were not
				 * told */
	VR_TR_UNFIT,		/* a state that was told as INIT (WAITS below) is FAULT now */
	VR_N_TRACES
};

/* A fact for the log, the ring behind `why`, the story tests: numbers only, words in names.h. */
struct vr_trace {
	int64_t at_us;
	enum vr_trace_kind kind;
	enum vr_cause cause;
	enum vr_state from, to;
	uint16_t inst;		/* index, or VR_NONE for the whole node */
	uint16_t subject;	/* index of an interface, check or (address-foreign) address of
				 * the instance, or VR_NONE */
	int32_t a, b;
	int64_t c;		/* what may be longer than 24 days in milliseconds, too */
	bool quiet;		/* VR_TR_STATE: damped, no line of the log */
	bool waits;		/* VR_TR_STATE: its VR_FAULT is a wait for the first word of
				 * checks. That is no fault, and told as INIT */
	struct ip_addr who;
	uint8_t mac[VR_MAC_LEN];	/* all zero: not known */
};

enum vr_notify {
	VR_NOTIFY_STATE,	/* the state is now that of the action */
	VR_NOTIFY_STOP,		/* the daemon stops */
	VR_NOTIFY_DELETED,	/* a reload removed the instance */
	VR_NOTIFY_RX_LOWER,	/* MASTER heard an advert of lower priority */
};

struct vr_action {
	enum vr_action_type type;
	uint16_t inst;			/* index in CONF->insts */
	const struct vr_config *conf;	/* the configuration that INST belongs to: after a reload
					 * the first actions speak of the old one */
	union {
		struct {
			uint8_t priority;
			bool plain;		/* v3, IPv4: the message alone is summed */
			struct ip_addr src;
		} advert;
		struct {
			uint16_t vip;		/* index in the instance's vips */
			uint32_t token;		/* comes back in VR_EV_DONE exactly once */
		} addr;
		struct {
			uint32_t repeat;
			enum vr_cause cause;
			uint16_t vip;		/* index in the instance's vips; VR_NONE: all */
		} announce;
		struct {
			enum vr_notify what;
			enum vr_state state;	/* the one it is in now */
			uint8_t priority;	/* effective */
		} notify;
		struct vr_trace trace;
	};
};

/* Filled by a step, from the front; N is reset by vr_step(). */
struct vr_actions {
	struct vr_action *v;
	size_t n;
	size_t max;		/* at least vr_actions_max() */
};

#endif
