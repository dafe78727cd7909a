/*
 * The snapshot: everything that `status` tells, as one JSON object.
 *
 * It is built from the engine in one go, between two steps, so it never mixes two moments. Field
 * names are a promise to scripts and exporters: within one "version" members are added, never
 * renamed or removed. Passwords and script arguments are not in it.
 *
 * Every line that the daemon sends begins with these members:
 *
 *   ok            true, or false with "error" (a sentence), "reason" (a word) and "hint" (or null)
 *   version       1: of this protocol
 *   pid           of the daemon
 *   started       when it started, ISO 8601 in UTC: "2026-11-20T19:19:38.123456Z"; the same in
 *                 every answer of one life of the daemon
 *   monotonic_us  CLOCK_BOOTTIME of the moment that the line speaks of
 *
 * The answer to "status" goes on with four members. "_s" are seconds with a fraction, "null"
 * stands for "there is none"; every member is always there.
 *
 * daemon {
 *   version, router_id (or null), uptime_s,
 *   config_files [ path ],
 *   config_errors                in the text that runs; what has one is left out
 *   reloads                      how many have succeeded
 *   reload_refused               null or { error, age_s }: the last reload was refused and why
 *   rejects { WORD: n }          packets that no instance wanted, by enum pkt_reject (core/names.h)
 * }
 * instances [ {
 *   name, interface, vrid, version (2 or 3), family ("ipv4" or "ipv6"),
 *   state                        "INIT" (also while it waits for the first word of scripts, which
 *                                FAULTS names), "BACKUP", "MASTER", "FAULT"
 *   since, age_s                 when it entered the state (ISO 8601 in UTC), and how long ago
 *   why, cause                   a sentence, and its word (nam_cause)
 *   base_priority, effective_priority,
 *   priority_parts [ { kind ("check", "interface" or "limit"), name (or null), delta } ]
 *                                base_priority + all deltas == effective_priority, always
 *   preempt                      true or false (nopreempt)
 *   checksum                     of VRRPv3 over IPv4, as it is sent: "pseudo-header" or "message"
 *                                (the message alone); null otherwise
 *   faults [ { fault (nam_fault), sentence,
 *              subjects [ { kind ("interface" or "check"), name } ] } ]
 *   source                       address that adverts are sent from, or null
 *   master                       null or { address, self (this host), priority,
 *                                last_advert_age_s (or null), advert_interval_s (or null) }
 *   conflict                     null, or { claims (the address that another station claims, or
 *                                null), source (what it advertises from, or null),
 *                                rejected (null, or { source, reason (nam_reject), sentence }:
 *                                a peer whose adverts are refused), mac (or null),
 *                                signs [ "advert", "claim", "reject" ], since, last_age_s }
 *   damping                      null, or { since, ends_in_s (if nothing changes until then),
 *                                changes (since then), unsaid (those that no script and no line
 *                                of the log has told) }
 *   addresses [ { address ("192.0.2.1/32"), interface, excluded, held, pending, error (or null) } ]
 *   counters { adverts_received, adverts_sent, became_master, released_master,
 *              priority_zero_received, priority_zero_sent, addresses_differ,
 *              lower_priority_received, dampings, send_errors, notify_failed,
 *              notify_overtaken (left out: a newer state came), rejects { WORD: n } }
 *   notify                       null, or { script (path only), running_s, waiting }: a notify
 *                                script that has run for seconds, and how many wait behind it
 *   send_error                   null, or why the last advert that failed could not be sent
 *   next_timer_s                 until the next timer of the instance, or null
 * } ]
 * checks [ {
 *   name, script (path only),
 *   verdict                      "good", "failed" or "unknown"
 *   result                       of the last run: "none", "good", "exit", ... (nam_check)
 *   code                         exit status, signal or errno, by result
 *   detail                       why it cannot run (a sentence), or null
 *   running                      a run is under way
 *   running_s                    for how long, or null
 *   took_ms, age_s               of the last run that ended: how long, and how long ago; or null
 *   streak                       results in a row against the verdict
 *   rise, fall, interval_s, timeout_s
 * } ]
 * interfaces [ { name, index (or null), exists, up, receiving, ipv4 (or null), ipv6 (or null) } ]
 *
 * When the request names an instance, "instances" has only that one, and "checks" and
 * "interfaces" only what it refers to.
 *
 * The answer to "watch" is { ..., watching: true }; then every trace is a line:
 *
 *   event (nam_trace), time (ISO 8601 in UTC), instance (or null), cause (nam_cause, or null),
 *   text (the line of the log), suppressed (how many events of this kind were left out before it:
 *   those that the network can provoke come at most 20 a second), and by event:
 *   state      from, to, priority (of the master that was followed), our_priority,
 *              silence_ms (since its last advert, or null)
 *   priority   from_priority, to_priority, subject
 *   fault-on, fault-off          fault, subject
 *   check      good, result, code, subject
 *   check-code result, code, subject
 *   reject     reason
 *   damped     changes, window_s: more of them than that
 *   state-told, damped-over      state or changes, unsaid, damped_s
 *   conflict, conflict-over      mac (or null), sign ("advert", "claim" or "reject"), reason (or
 *                                null), when cause is "rival"
 *   and, as they apply, who (an address), priority, our_priority, addresses, interval_ms,
 *   our_interval_ms, delay_ms, address, errno, state: see the table in src/ctl/event.c.
 */
#ifndef CTL_STATUS_H
#define CTL_STATUS_H

#include <jansson.h>
#include <stdint.h>

#include "engine/engine.h"

/* What the engine does not know of the daemon around it. Strings must outlive the calls. */
struct sta_daemon {
	const char *version;
	int32_t pid;
	int64_t started_wall_us;	/* never changes: it tells one life from another */
	int64_t wall_ahead_us;		/* of the monotonic clock, see sta_clock() */
};

/*
 * Looks at both clocks before an answer. A difference that has hardly changed is kept, so that the
 * same moment is told as the same time twice; a clock that was set is followed.
 */
void sta_clock(struct sta_daemon *d, const struct engine *e);

/* An object with the members that every line begins with; the moment is AT_US. NULL: no memory. */
json_t *sta_envelope(const struct sta_daemon *d, bool ok, int64_t at_us);

/*
 * Adds daemon, instances, checks and interfaces to TO. INST: an index, or VR_NONE for all. False
 * when there is no memory; TO is then not to be sent.
 */
bool sta_fill(json_t *to, const struct engine *e, const struct sta_daemon *d, uint16_t inst);

/* The wall clock of a monotonic moment in ISO 8601 UTC; a new string or NULL. */
json_t *sta_time(const struct sta_daemon *d, int64_t at_us);

#endif
