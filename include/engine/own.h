/*
 * Private to the engine floor: addresses that are ours, beside what the election asks for.
 *
 * The core says when an address comes and goes; here is what else can become of it: somebody else
 * takes it away, nobody is left to take it off, or no configuration knows it any more.
 */
#ifndef ENGINE_OWN_H
#define ENGINE_OWN_H

#include <stdint.h>

#include "base/addr.h"
#include "core/port.h"

struct engine;
struct gen;

/* An address of ours that must go, and that no instance knows. */
struct eng_stray {
	int ifindex;
	struct ip_prefix prefix;
	uint32_t token;			/* of the operation under way; 0: none */
};

/* As port_events.addr_done(). */
struct eng_answer {
	uint32_t token;
	int error;
};

/* Why a job is not run that the port does not take. */
#define ENG_JOBS_MANY "too many scripts are waiting"

/* ---- gen.c ---- */
/* After gen_inherit(): which instances were found to be late while the reload was carried out. */
void gen_inherit_late(struct gen *g, const struct gen *old);

/* ---- stray.c: addresses of ours that no instance knows ---- */
/* Before the start: is it one that a predecessor left behind? All is told from the beginning. */
void str_note_anew(struct engine *e);
void str_note(struct engine *e, const struct port_addr *addr);
/* At the start: deletes those that the configuration does not name. */
void str_begin(struct engine *e);
/* It is to be deleted. */
bool str_has(const struct engine *e, int ifindex, const struct ip_prefix *prefix);
/* A reload gives an address up: the token for its deletion, which is repeated until it is done. */
uint32_t str_drop(struct engine *e, int ifindex, const struct ip_prefix *prefix);
/* Deletes what the configuration that is leaving may still hold and the new one does not name. */
void str_on_reload(struct engine *e);
/* The answer to TOKEN, if it is one of these. */
void str_done(struct engine *e, uint32_t token, int error);
/* At sweep_us: tries again what failed. */
void str_sweep(struct engine *e);

/* ---- lease.c: addresses that a dead host loses by itself ---- */
/* How far apart turns must be so that none of G's leases ever ends. */
int64_t lse_gap_us(const struct gen *g);
/* Seconds of lease for an addition, which is remembered to have been written. */
uint32_t lse_written(struct gen *g, uint16_t inst, uint16_t vip);
/* An address is held from now on. */
void lse_begin(struct engine *e);
/* Another configuration is at work. */
void lse_on_reload(struct engine *e);
/* At lease_us: renews what is due. */
void lse_renew(struct engine *e);
/* Writes one address again now, if it is held. */
void lse_renew_one(struct engine *e, uint16_t inst, uint16_t vip);
void lse_done(struct engine *e, int error);

/* ---- reconcile.c: what should be there against what is there ---- */
/* From now on everything is read again now and then. */
void rec_begin(struct engine *e);
void rec_reread(struct engine *e);	/* at reread_us */
/* A notice about an address: is it one of the configuration's, and as it should be? */
void rec_on_addr(struct engine *e, const struct port_addr *addr);
/* Everything was read again: what we hold and was not told is gone. */
void rec_on_synced(struct engine *e);
/* The last operation under way for an address was answered. */
void rec_on_done(struct engine *e, uint16_t inst, uint16_t vip);
/* A reload came while operations were under way. */
void rec_on_reload(struct engine *e);

/* ---- foreign.c: addresses of the configuration that others have put on this host ---- */
#define FRN_SETTLED_US INT64_C(100000)	/* no notice comes so late after the answer */

/* At the start, before all else: what a keepalived that was killed has left behind is ours. */
void frn_adopt(struct engine *e);
/* Finds them anew, and tells the node what has changed. */
void frn_derive(struct engine *e);
/* Before str_begin(): what a predecessor has left of an owner's addresses is held. */
void frn_note_own(struct engine *e);
/* What the record of a predecessor says of them counts until the kernel has been read. */
void frn_believe(struct engine *e);
/* The kernel has been read for the first time after a predecessor's end. */
void frn_on_resume(struct engine *e);

#endif
