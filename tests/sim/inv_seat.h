/*
 * What the checker knows of one virtual router on one host: its own model, fed from outside.
 */
#ifndef SIM_INV_SEAT_H
#define SIM_INV_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/event.h"

#define INV_VIPS 16
#define INV_SOME (UINT32_C(1) << 31)	/* in an owner: some of the addresses are announced */

/* What happened to a seat during one call of its engine. */
struct inv_step {
	unsigned int adverts, zeros, adds, dels, renewals, announces, notices;
	uint32_t rounds;		/* of the last that announced all */
	uint32_t some;			/* addresses that were announced one by one: 1 << index */
	bool entered, left;		/* became, stopped being MASTER at some time */
	bool yielded, gave_way;		/* to a higher rank; to whoever took over */
};

/* What others claim of one address. */
struct inv_claim {
	int64_t at_us, world;		/* the last one that was looked at; that was a reason to
					 * announce this address, and no other */
	bool open, must;		/* to be announced; in this step */
};

/* One virtual router on one host, as seen from outside. Times with _us are the host's own clock,
 * those with _world the world's. */
struct inv_seat {
	const struct vr_inst_conf *ic;	/* of the running configuration; NULL: just removed */
	uint16_t inst;
	uint8_t vrid;
	int segment;
	enum vr_state state;
	uint8_t priority;
	uint32_t faults;
	struct ip_addr source;
	int64_t state_world, rank_world;	/* since when: state; priority and source */
	int64_t from_us;		/* BACKUP: when Master_Down_Timer was started */
	struct ip_addr master;		/* BACKUP: whom it follows, and his priority; or IP_NONE */
	uint8_t master_priority;
	bool plain, unsure_sum;		/* what it has learnt of the checksum (v3); a record of it
					 * may be older */
	struct ip_addr loser;		/* MASTER: who goes on in a lower rank, since, last */
	int64_t loser_us, loser_last_us;
	int64_t overdue_us;		/* when it must have been heard again */
	bool held_off;			/* BACKUP: another spoke last: the timer lasts till then */
	bool skew;			/* BACKUP: it runs for the skew time only */
	bool lower;			/* BACKUP: a lower priority was heard meanwhile */
	int64_t active_us;		/* the interval that it is made of */
	int64_t preempt_us;		/* BACKUP: end of preempt_delay, or VR_NEVER */
	int64_t heard_us;		/* last advert of a master, or VR_NEVER */
	int64_t sent_us, due_us;	/* MASTER: last advert, the next one */
	int64_t master_since_us;
	bool in_time, late;		/* MASTER: no peer can, some peer may have taken over */
	bool spoke;			/* its engine was killed when it had spoken as MASTER */
	bool vague;			/* an engine was killed in the middle: how it came into its
					 * state is not known */
	bool link_back;			/* MASTER: since its link was lost for a moment */
	int64_t heir_us, sure_us;	/* by its last advert: no peer takes over before; that
					 * less what a late notice may take */
	bool listens, heir;		/* MASTER: late; has heard a lower rank meanwhile */
	int64_t listen_us;		/* ... must be silent until then */
	int64_t listened_world;		/* when it had */
	bool waited;			/* BACKUP: late, and its timer prolonged */
	bool unheard;			/* FAULT: its own link carried nothing when it fell */
	bool cut_off;			/* FAULT: was master until then, and may go on */
	int64_t fell_heir_us, fell_sure_us;	/* ... these, when it fell */
	int64_t assert_us;		/* MASTER: earliest answer to a lower priority */
	int64_t held_us;		/* MASTER: an answer is held back till then, or VR_NEVER */
	int64_t preempted_us;		/* MASTER: since it preempted another */
	bool waits;			/* FAULT: told as a wait for checks, as INIT */
	bool damped, hushed;		/* its state changes too often; this one is untold */
	int64_t damp_us;		/* when it ends, or how many changes there were */
	int64_t tell_us;		/* damped: the next change is told then */
	bool said;			/* in this step what was untold */
	bool may_wait;			/* a new master: its first announcement */
	bool owed;			/* MASTER: its next advert comes sooner, for an answer */
	int64_t owner_us, owner_last_us;	/* MASTER: another owner is heard since; last */
	int64_t paid_us;		/* when what it has announced is paid for */
	int64_t defend_us;		/* MASTER: earliest next answer to a claim */
	int64_t claimed_us;	/* MASTER: what was claimed is announced then, or VR_NEVER */
	struct inv_claim claims[INV_VIPS];	/* of VIPS */
	int64_t burst_us;		/* MASTER: second burst of announcements, or VR_NEVER */
	int64_t evidence_world;		/* MASTER: when it last had a reason to announce all */
	bool must_yield, must_answer, must_announce;	/* in this step */
	int64_t answer_us;		/* ... it heard what must be answered until then */
	enum vr_state was;		/* before this step */
	uint32_t was_faults;
	int64_t was_deadline_us;
	struct ip_addr was_source;	/* before a reload */
	unsigned int was_places;
	uint64_t was_print;		/* before a reload: inv_fingerprint() */
	struct inv_step step;
	struct ip_prefix vips[INV_VIPS];	/* of the configuration */
	uint16_t n_vips;
	bool brought;			/* this reload brought an address */
	char told[16];			/* the state that its notify script was told last */
	int64_t wrong_world;		/* since when its addresses do not fit, or VR_NEVER */
};

#endif
