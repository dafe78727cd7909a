/*
 * Private to the generator: a cluster before it is text.
 *
 * What must be equal on all hosts (VRID, version, password) is drawn once; what may differ is drawn
 * for each host, and edited for the configurations that it reloads.
 */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include <stdio.h>

#include "sim/rng.h"
#include "sim/scenario.h"

#define PLN_INSTS 3
#define PLN_CHECKS 2
#define PLN_VIPS 4

struct pln_check {
	int interval_ms, timeout_ms;		/* timeout 0: not given */
	int rise, fall, weight;
	bool init_fail;
};

struct pln_vip {
	uint8_t host;				/* 10.VRID.HOST.x */
	uint8_t len;
	bool other_iface, excluded, no_track;
};

/* How one host sees one virtual router. */
struct pln_seat {
	bool present;
	int priority;
	int advert_cs;				/* centiseconds */
	int follow_cs;				/* max_advert_int; 0: not given */
	bool nopreempt, dont_track_primary, own_source;
	int checksum;				/* v3_checksum_as_v2: 0 not given, 1 on, 2 off */
	int preempt_delay_ds;			/* tenths of a second */
	struct pln_vip vips[PLN_VIPS];
	int n_vips;
	int track_iface;			/* weight of the other interface; NO_TRACK: not */
	int track_check[PLN_CHECKS];		/* weight; NO_TRACK: not; SAME: the check's own */
	bool reverse[PLN_CHECKS];
	bool notify;
};

#define PLN_NO_TRACK 1000
#define PLN_SAME 1001

/* One virtual router, as all hosts see it. */
struct pln_inst {
	int vrid, version;
	bool on_aux, pass;
	int down_timer_adverts;
	int garp_delay_ds, garp_repeat, lower_delay_ds, lower_repeat, refresh_s, refresh_repeat;
};

struct pln_host {
	struct pln_seat seats[PLN_INSTS];
	struct pln_check checks[PLN_CHECKS];
	int n_checks;
	bool backwards;				/* instances in the opposite order */
};

struct plan {
	struct pln_inst insts[PLN_INSTS];
	int n_insts, n_hosts;
	int garp_interval_ms;			/* least gap between announcements; 0: none */
	bool aux;				/* there is a second segment, eth1 */
	struct pln_host hosts[SIM_NODES_MAX];
};

void pln_draw(struct plan *p, struct rng *dice);
/* What came later, by dice of its own, so that a seed's cluster stays the one that it was. */
void pln_draw_more(struct plan *p, struct rng *dice);
void pln_draw_checksums(struct plan *p, struct rng *dice);
/* A reloaded configuration: a few things differ. */
void pln_edit(const struct plan *p, struct pln_host *h, struct rng *dice);
/* The text in keepalived's dialect for the HOST-th host; free() it. */
char *pln_text(const struct plan *p, const struct pln_host *h, int host);

#endif
