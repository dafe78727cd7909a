/*
 * What the keeper does about an event, in each phase of its life: one table.
 *
 * The keeper knows what has happened (main/keeper.c), the table says what follows. Pure, so that a
 * test can walk every pair and every path: from each phase a stop ends, and none ends with an
 * address on the host.
 */
#ifndef MAIN_KEEPER_RULES_H
#define MAIN_KEEPER_RULES_H

enum kpr_phase {
	KPR_STARTING,		/* no engine has lived yet */
	KPR_KEEPING,		/* there is an engine, or one is on its way */
	KPR_TAKING_OVER,	/* a new binary, with the old one's engine */
	KPR_RELEASING,		/* it died too often: the next one only leaves in good order */
	KPR_RELEASING_ANEW,	/* the same without the record, which may be what kills */
	KPR_RESTING,		/* there is none, until the timer ends */
	KPR_STOPPING,		/* the engine has been told to stop */
	KPR_STOPPING_ALONE,	/* it is gone: another one takes the addresses off, and ends */
	KPR_N_PHASES
};

enum kpr_event {
	/* of the engine */
	KPR_EV_STARTED,		/* the election has begun */
	KPR_EV_LEFT,		/* it was told to let go, and has */
	KPR_EV_ENDED,		/* it was told to leave in good order, and has */
	KPR_EV_FAILED,		/* the first one has said that it cannot */
	KPR_EV_DIED,		/* in whatever way, by our hand as well */
	KPR_EV_DIED_AGAIN,	/* once too often in a short time */
	KPR_EV_NONE,		/* one was wanted, and none could be had in time */

	/* of the spare */
	KPR_EV_READY,
	KPR_EV_SPARE_ENDED,	/* before it became the engine */
	KPR_EV_SPARE_LATE,	/* it was ended, for it was not ready in time */

	/* of others */
	KPR_EV_STOP,		/* somebody wants the daemon to end; there is an engine */
	KPR_EV_STOP_ALONE,	/* the same; there is none */
	KPR_EV_RESTED,
	KPR_N_EVENTS
};

enum kpr_act {
	KPR_DO_NOTHING,
	KPR_DO_BEGIN,		/* the service is there: tell who waits, have a spare */
	KPR_DO_REPLACE,		/* the spare becomes the engine, or the next one that is ready */
	KPR_DO_ANEW,		/* the same, and the record is thrown away */
	KPR_DO_GO_ON,		/* the same, with the clients of the one that has let go */
	KPR_DO_PROMOTE,		/* the spare becomes the engine if there is none */
	KPR_DO_LET_GO,		/* the engine is told to make place for the spare */
	KPR_DO_TRY_AGAIN,	/* another spare, soon */
	KPR_DO_STAY,		/* the same, and the upgrade has failed */
	KPR_DO_TELL_STOP,
	KPR_DO_RELEASE,		/* replace it if an address may be on the host, else end */
	KPR_DO_CLEAR,		/* the keeper takes the addresses off itself */
	KPR_DO_REST,
	KPR_DO_CLEAR_AND_REST,
	KPR_DO_END,
	KPR_DO_END_FAILED,	/* with CLEAR if an address may be on the host */
	KPR_N_ACTS
};

struct kpr_rule {
	enum kpr_phase next;
	enum kpr_act act;
};

struct kpr_rule kpr_rule(enum kpr_phase phase, enum kpr_event event);

#endif
