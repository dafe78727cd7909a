/*
 * Private to the keeper: the engines as processes, and the time that each state of one has.
 */
#ifndef MAIN_KEEPER_CHILD_H
#define MAIN_KEEPER_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys/loop.h"

struct keeper;

#define KPR_N_CHILDREN 2	/* the engine, and the spare */
#define KPR_FIRST_TRIES 2	/* at the start, somebody waits */

enum kpr_state {
	KPR_NO_CHILD,
	KPR_MAKING,		/* executed, not READY */
	KPR_READY,		/* waits for GO; asked whether it lives */
	KPR_RUNNING,		/* likewise asked */
	KPR_LEAVING,		/* it was told to let go */
	KPR_ENDING,		/* it was told to leave in good order */
	KPR_DYING,		/* it was killed */
	KPR_N_STATES
};

struct kpr_child {
	pid_t pid;			/* 0: none */
	int channel;
	struct loop_watch *watch;
	enum kpr_state state;
	bool late;			/* it was killed, for it was not ready in time */
	int64_t due_us;			/* when the state must be over, or VR_NEVER */
	int64_t unanswered_us;		/* so long it has not answered */
};

bool kpr_children_init(struct keeper *k);
/* Sees to it that there is a spare, now or soon. */
void kpr_prepare(struct keeper *k);
void kpr_prepare_soon(struct keeper *k);
/* There is none until the next kpr_prepare(). */
void kpr_drop_spare(struct keeper *k);
void kpr_forget(struct keeper *k, struct kpr_child *c);
/* Into STATE, whose time begins. */
void kpr_turn(struct keeper *k, struct kpr_child *c, enum kpr_state state);
void kpr_kill(struct keeper *k, struct kpr_child *c);

#endif
