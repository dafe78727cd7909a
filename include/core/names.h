/*
 * One table of the words that logs, the control protocol, traces and tests share.
 *
 * A word that a user can grep for is written once, here. All returned strings are constants.
 */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include "core/node.h"
#include "core/packet.h"

const char *nam_state(enum vr_state state);		/* "INIT", "BACKUP", "MASTER", "FAULT" */
const char *nam_cause(enum vr_cause cause);		/* "master-down-timer", ... */
const char *nam_cause_sentence(enum vr_cause cause);	/* "no advertisement within ...", for
							 * people */
const char *nam_fault(enum vr_fault fault);		/* "interface-down", ... */
const char *nam_fault_sentence(enum vr_fault fault);
/* What to do about it, where that is not plain from the sentence; or NULL. */
const char *nam_fault_cure(enum vr_fault fault);	/* "interface is down" */
const char *nam_reject(enum pkt_reject reason);		/* "checksum", "ttl", ... */
const char *nam_reject_sentence(enum pkt_reject reason);
const char *nam_check(enum vr_check_result result);	/* "good", "exit", "signal", "timeout",
							 * ... */
const char *nam_sign(enum vr_sign sign);		/* "advert", "claim" */
const char *nam_trace(enum vr_trace_kind kind);		/* "state", "priority", ... */

#define NAM_MAC_MAX 18
/* "02:00:5e:00:00:01" in BUF, or NULL when it is not known (all zero). */
const char *nam_mac(const uint8_t mac[VR_MAC_LEN], char buf[NAM_MAC_MAX]);

#endif
