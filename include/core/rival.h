/*
 * Private to the core: who else claims a master's addresses.
 */
#ifndef CORE_RIVAL_H
#define CORE_RIVAL_H

#include "core/inst.h"

/* Mastership begins or ends: there is no rival. */
void riv_begin(struct vr_inst *in);

/* A master heard an advert of a lower rank from FROM. True: it goes on, as if it heard nothing. */
bool riv_lower(const struct vr_ctx *x, const struct ip_addr *from);

/* An advert for the instance was refused; a master may have sent it. The next one may take EVERY_US
 * (0: as long as ours). */
void riv_refused(const struct vr_ctx *x, const struct ip_addr *from, enum pkt_reject reason,
		 int64_t every_us);

/* A station with this MAC claims address VIP. Nothing to anybody but a master. */
void riv_claim(const struct vr_ctx *x, uint16_t vip, const uint8_t mac[VR_MAC_LEN]);

/* What is due at X->now_us: a conflict that is over. */
void riv_due(const struct vr_ctx *x);

#endif
