/*
 * The words.
 *
 * Logs, the control protocol, traces and tests must call a thing by one name, or nobody can search
 * for it. Short names are for machines and never change; sentences are for people.
 */
#include "core/names.h"

struct word {
	const char *name;
	const char *sentence;
};

#define LOOK_UP(table, i, field) \
	((size_t)(i) < sizeof(table) / sizeof((table)[0]) && (table)[i].field ? \
	 (table)[i].field : "?")

static const struct word states[VR_N_STATES] = {
	[VR_INIT]   = { "INIT", NULL },
	[VR_BACKUP] = { "BACKUP", NULL },
	[VR_MASTER] = { "MASTER", NULL },
	[VR_FAULT]  = { "FAULT", NULL },
};

static const struct word causes[VR_N_CAUSES] = {
	[VR_CAUSE_NONE]        = { "none", "no particular reason" },
	[VR_CAUSE_START]       = { "start", "the daemon started" },
	[VR_CAUSE_STOP]        = { "stop", "the daemon stops" },
	[VR_CAUSE_OWNER]       = { "owner", "priority 255 owns the addresses" },
	[VR_CAUSE_DOWN_TIMER]  = { "master-down-timer", "no master was heard" },
	[VR_CAUSE_PRIO_ZERO]   = { "master-left", "the master said that it leaves" },
	[VR_CAUSE_PREEMPT]     = { "preempt", "only lower priorities were heard" },
	[VR_CAUSE_HIGHER_PRIO] = { "higher-priority", "a master of higher priority was heard" },
	[VR_CAUSE_HIGHER_ADDR] = { "higher-address",
				   "a master of equal priority and higher address was heard" },
	[VR_CAUSE_LOWER_PRIO]  = { "lower-priority", "a master of lower priority was heard" },
	[VR_CAUSE_FAULT]       = { "fault", "the host became unfit" },
	[VR_CAUSE_FIT]         = { "fit", "the last fault is gone" },
	[VR_CAUSE_LINK_BACK]   = { "link-back", "its link is back before a peer can have "
				   "taken over" },
	[VR_CAUSE_STALLED]     = { "stalled", "this host stood still, and another took over" },
	[VR_CAUSE_RIVAL]       = { "rival", "another station claims an address that is ours" },
	[VR_CAUSE_RELOAD]      = { "reload", "a new configuration was loaded" },
	[VR_CAUSE_RESUME]      = { "resume", "a new engine goes on" },
	[VR_CAUSE_LINK]        = { "link", "an interface changed" },
	[VR_CAUSE_ADDR]        = { "address", "an interface's address changed" },
	[VR_CAUSE_CHECK]       = { "check", "a check changed its verdict" },
	[VR_CAUSE_TIMER]       = { "timer", "a periodic timer ended" },
	[VR_CAUSE_WAIT]        = { "wait", "a tracked script has not answered yet" },
	[VR_CAUSE_ANSWERED]    = { "answered", "its tracked scripts have answered" },
};

static const struct word faults[VR_N_FAULTS] = {
	[VR_FAULT_IF_MISSING]    = { "interface-missing", "the interface does not exist" },
	[VR_FAULT_IF_DOWN]       = { "interface-down", "the interface is down or has no carrier" },
	[VR_FAULT_NO_SOURCE]     = { "no-source-address",
				     "the interface has no address to send adverts from" },
	[VR_FAULT_NO_SOCKET]     = { "no-socket", "adverts cannot be received on the interface" },
	[VR_FAULT_TRACK_IF]      = { "tracked-interface", "a tracked interface is down" },
	[VR_FAULT_CHECK_PENDING] = { "check-pending", "a tracked script has not answered yet" },
	[VR_FAULT_CHECK]         = { "check-failed", "a tracked script has failed" },
	[VR_FAULT_ADDR_TAKEN]    = { "address-taken",
				     "another program keeps taking its addresses away" },
	[VR_FAULT_ADDR_FOREIGN]  = { "address-foreign",
				     "an address of the configuration stands on this host, but was "
				     "not put there by us" },
	[VR_FAULT_ADDR_IF]       = { "address-interface",
				     "the interface of an address is missing, or is down or has no "
				     "carrier" },
};

static const struct word rejects[PKT_N_REJECTS] = {
	[PKT_OK]          = { "ok", "accepted" },
	[PKT_IP_HEADER]   = { "ip-header", "malformed IP header, or a fragment" },
	[PKT_TTL_WRONG]   = { "ttl", "invalid TTL/HL (must be 255)" },
	[PKT_TRUNCATED]   = { "truncated", "shorter than its own count says" },
	[PKT_LENGTH]      = { "length", "longer than its own count says" },
	[PKT_VERSION]     = { "version", "wrong VRRP version" },
	[PKT_TYPE]        = { "type", "not an advertisement" },
	[PKT_CHECKSUM]    = { "checksum", "wrong checksum" },
	[PKT_COUNT_ZERO]  = { "count-zero", "no address in it" },
	[PKT_VRID]        = { "vrid", "a VRID that is not ours" },
	[PKT_AUTH_TYPE]   = { "auth-type", "authentication type differs from ours" },
	[PKT_AUTH_FAILED] = { "auth-failed", "its password differs from ours" },
	[PKT_INTERVAL]    = { "interval", "advertisement interval mismatch" },
	[PKT_OWN]         = { "own-address", "it carries our own source address" },
	[PKT_NOT_GROUP]   = { "not-group", "not sent to our multicast group" },
	[PKT_STATE]       = { "not-running", "the instance is not running" },
	[PKT_SECOND_OWNER] = { "second-owner", "it has priority 255, as we have, and of two such "
			       "owners neither gives way" },
};

static const struct word checks[VR_N_CHECK_RESULTS] = {
	[VR_CHECK_NONE]       = { "none", NULL },
	[VR_CHECK_GOOD]       = { "good", NULL },
	[VR_CHECK_EXIT]       = { "exit", NULL },
	[VR_CHECK_SIGNAL]     = { "signal", NULL },
	[VR_CHECK_TIMEOUT]    = { "timeout", NULL },
	[VR_CHECK_CANNOT_RUN] = { "cannot-run", NULL },
};

static const struct word signs[] = {
	[VR_SIGN_ADVERT] = { "advert", NULL },
	[VR_SIGN_CLAIM]  = { "claim", NULL },
	[VR_SIGN_REJECT] = { "reject", NULL },
};

static const struct word traces[VR_N_TRACES] = {
	[VR_TR_STATE]         = { "state", NULL },
	[VR_TR_PRIORITY]      = { "priority", NULL },
	[VR_TR_FAULT_ON]      = { "fault-on", NULL },
	[VR_TR_FAULT_OFF]     = { "fault-off", NULL },
	[VR_TR_CHECK]         = { "check", NULL },
	[VR_TR_CHECK_CODE]    = { "check-code", NULL },
	[VR_TR_MASTER]        = { "master", NULL },
	[VR_TR_LOWER]         = { "lower-priority", NULL },
	[VR_TR_PRIO_ZERO]     = { "priority-zero", NULL },
	[VR_TR_REJECT]        = { "reject", NULL },
	[VR_TR_VIPS_DIFFER]   = { "addresses-differ", NULL },
	[VR_TR_INTERVAL]      = { "interval-differs", NULL },
	[VR_TR_SUM]           = { "checksum", NULL },
	[VR_TR_PREEMPT_DELAY] = { "preempt-delay", NULL },
	[VR_TR_CONFLICT]      = { "conflict", NULL },
	[VR_TR_CONFLICT_OVER] = { "conflict-over", NULL },
	[VR_TR_ADDR_FAILED]   = { "address-failed", NULL },
	[VR_TR_ADDR_LOST]     = { "address-lost", NULL },
	[VR_TR_ADDR_WRONG]    = { "address-wrong", NULL },
	[VR_TR_LATE]          = { "late", NULL },
	[VR_TR_ADOPTED]       = { "adopted", NULL },
	[VR_TR_RESUMED]       = { "resumed", NULL },
	[VR_TR_DAMPED]        = { "damped", NULL },
	[VR_TR_STATE_TOLD]    = { "state-told", NULL },
	[VR_TR_DAMPED_OVER]   = { "damped-over", NULL },
	[VR_TR_UNFIT]         = { "unfit", NULL },
};

const char *nam_state(enum vr_state state)
{
	return LOOK_UP(states, state, name);
}

const char *nam_cause(enum vr_cause cause)
{
	return LOOK_UP(causes, cause, name);
}

const char *nam_cause_sentence(enum vr_cause cause)
{
	return LOOK_UP(causes, cause, sentence);
}

const char *nam_fault(enum vr_fault fault)
{
	return LOOK_UP(faults, fault, name);
}

const char *nam_fault_sentence(enum vr_fault fault)
{
	return LOOK_UP(faults, fault, sentence);
}

const char *nam_fault_cure(enum vr_fault fault)
{
	if (fault == VR_FAULT_ADDR_FOREIGN)
		return "take it off the host (and out of its network settings), or out of the "
		       "configuration; only priority 255 shares the host's own address, and "
		       "--adopt-leftovers removes what a killed keepalived has left behind";
	return NULL;
}

const char *nam_reject(enum pkt_reject reason)
{
	return LOOK_UP(rejects, reason, name);
}

const char *nam_reject_sentence(enum pkt_reject reason)
{
	return LOOK_UP(rejects, reason, sentence);
}

const char *nam_check(enum vr_check_result result)
{
	return LOOK_UP(checks, result, name);
}

const char *nam_trace(enum vr_trace_kind kind)
{
	return LOOK_UP(traces, kind, name);
}

const char *nam_sign(enum vr_sign sign)
{
	return LOOK_UP(signs, sign, name);
}

const char *nam_mac(const uint8_t mac[VR_MAC_LEN], char buf[NAM_MAC_MAX])
{
	static const char digits[] = "0123456789abcdef";
	bool known = false;

	for (int i = 0; i < VR_MAC_LEN; i++) {
		buf[3 * i] = digits[mac[i] >> 4];
		buf[3 * i + 1] = digits[mac[i] & 15];
		buf[3 * i + 2] = i < VR_MAC_LEN - 1 ? ':' : '\0';
		known |= mac[i] != 0;
	}
	return known ? buf : NULL;
}
