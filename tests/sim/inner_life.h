/*
 * Private to the world: how a daemon lives and dies.
 */
#ifndef SIM_INNER_LIFE_H
#define SIM_INNER_LIFE_H

#include "sim/inner.h"

/* ---- world_life.c ---- */
bool siml_deed(struct sim_node *n, const struct sim_deed *deed);
void siml_exit(struct sim_node *n);	/* frees the engine */
void siml_resume(struct sim_node *n);
void siml_lag(struct sim_node *n, int64_t lag_us);	/* it wakes up so late from now on */
/* Hands an event to the engine now, or to the inbox of one that is paused. */
void siml_event(struct sim_node *n, uint32_t event);
void siml_wake(struct sim_node *n);
void siml_before(struct sim_node *n, const struct sim_input *in);
void siml_after(struct sim_node *n, const struct sim_input *in);
/* The engine that N has now is new: it is connected, and reads what there is in a while. */
void siml_connect(struct sim_node *n);
void siml_end_pause(struct sim_node *n);
void siml_empty_inbox(struct sim_node *n);
void siml_tell_owner(struct sim_node *n, const struct vr_config *conf, uint16_t inst, bool master);
void siml_start(struct sim_node *n, int which);
void siml_stop(struct sim_node *n);
void siml_reload(struct sim_node *n, int which);
/* ---- world_resume.c ---- */
bool simr_deed(struct sim_node *n, const struct sim_deed *deed);
void simr_hook(struct sim_node *n);
/* The port is called: true when nothing of it happens any more. */
bool simr_dies(struct sim_node *n);
/* The call in whose middle it was killed is over. */
void simr_died(struct sim_node *n);
void simr_go_on(struct sim_node *n);
void simr_forget(struct sim_node *n);	/* no successor, and nothing is held for one */

int64_t siml_clock(const struct sim_node *n);

#endif
