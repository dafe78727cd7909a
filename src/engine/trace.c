/*
 * Traces as lines.
 *
 * A line names the instance, what happened and why, in that order; where keepalived has a line for
 * the same thing, ours begins with its words, because people and scripts search for them.
 */
#include "engine/trace.h"

#include <stdio.h>
#include <string.h>

#include "core/names.h"

struct line {
	const struct vr_config *conf;
	const struct vr_trace *t;
	const char *inst;		/* its name */
	char who[IP_TEXT_MAX];
	char *buf;
	size_t size;
};

static const char *iface_name(const struct line *l)
{
	return l->t->subject < l->conf->n_ifaces ? l->conf->ifaces[l->t->subject].name : "?";
}

static const char *check_name(const struct line *l)
{
	return l->t->subject < l->conf->n_checks ? l->conf->checks[l->t->subject].name : "?";
}

enum vr_state trc_from(const struct vr_trace *t)
{
	return t->waits && t->from == VR_FAULT ? VR_INIT : t->from;
}

enum vr_state trc_to(const struct vr_trace *t)
{
	return t->waits && t->to == VR_FAULT ? VR_INIT : t->to;
}

/* "Entering MASTER STATE: no advertisement for 3.61 s, the last from 192.0.2.1 with priority
 * 100" */
static void entering(const struct line *l)
{
	const struct vr_trace *t = l->t;
	int n = snprintf(l->buf, l->size, "(%s) Entering %s STATE%s: %s", l->inst, nam_state(t->to),
			 trc_from(t) == VR_INIT && t->to != VR_INIT ? " (init)" : "",
			 nam_cause_sentence(t->cause));

	if (n < 0 || (size_t)n >= l->size)
		return;
	char *at = l->buf + n;
	size_t left = l->size - (size_t)n;
	if (t->cause == VR_CAUSE_DOWN_TIMER && t->c >= 0)
		snprintf(at, left, " for %lld.%02d s, the last was %s with priority %d",
			 (long long)(t->c / 1000), (int)(t->c % 1000 / 10), l->who, t->a);
	else if (t->cause == VR_CAUSE_DOWN_TIMER)
		snprintf(at, left, " at all");
	else if (t->cause == VR_CAUSE_PRIO_ZERO)
		snprintf(at, left, " (%s)", l->who);
	else if (t->cause == VR_CAUSE_HIGHER_PRIO || t->cause == VR_CAUSE_HIGHER_ADDR)
		snprintf(at, left, " (%s with priority %d, ours is %d)", l->who, t->a, t->b);
}

static void state(const struct line *l)
{
	if (l->t->to == VR_FAULT && l->t->waits)
		snprintf(l->buf, l->size, "(%s) Waiting (init): %s", l->inst,
			 nam_cause_sentence(l->t->cause));
	else if (l->t->to == VR_INIT)
		snprintf(l->buf, l->size, "(%s) Stopped in state %s: %s", l->inst,
			 nam_state(trc_from(l->t)), nam_cause_sentence(l->t->cause));
	else
		entering(l);
}

static void priority(const struct line *l)
{
	const char *kind = l->t->cause == VR_CAUSE_CHECK ? "check " : "interface ";
	bool named = l->t->cause == VR_CAUSE_CHECK || l->t->cause == VR_CAUSE_LINK;

	snprintf(l->buf, l->size, "(%s) Changing effective priority from %d to %d: %s%s%s%s",
		 l->inst, l->t->a, l->t->b, nam_cause_sentence(l->t->cause), named ? " (" : "",
		 named ? kind : "",
		 !named ? "" : l->t->cause == VR_CAUSE_CHECK ? check_name(l) : iface_name(l));
	size_t n = strlen(l->buf);
	if (named && n + 2 <= l->size)
		memcpy(l->buf + n, ")", 2);
}

static void foreign(const struct line *l)
{
	const struct vr_inst_conf *ic = &l->conf->insts[l->t->inst];
	char text[IP_PREFIX_TEXT_MAX] = "?";

	if (l->t->subject < ic->n_vips)
		ip_prefix_text(&ic->vips[l->t->subject].prefix, text);
	snprintf(l->buf, l->size, "(%s) fault: %s (%s): %s", l->inst,
		 nam_fault_sentence(VR_FAULT_ADDR_FOREIGN), text,
		 nam_fault_cure(VR_FAULT_ADDR_FOREIGN));
}

static void fault_on(const struct line *l)
{
	enum vr_fault fault = l->t->a;

	if (fault == VR_FAULT_ADDR_FOREIGN) {
		foreign(l);
		return;
	}
	if (fault == VR_FAULT_CHECK)
		snprintf(l->buf, l->size, "(%s) entering FAULT state due to script %s", l->inst,
			 check_name(l));
	else if (fault == VR_FAULT_CHECK_PENDING)
		snprintf(l->buf, l->size, "(%s) waits for the first answer of script %s", l->inst,
			 check_name(l));
	else
		snprintf(l->buf, l->size, "(%s) fault: %s (%s)", l->inst, nam_fault_sentence(fault),
			 iface_name(l));
}

static void fault_off(const struct line *l)
{
	if (l->t->a == VR_FAULT_CHECK_PENDING)
		snprintf(l->buf, l->size, "(%s) no longer waits for a script", l->inst);
	else
		snprintf(l->buf, l->size, "(%s) no longer: %s", l->inst,
			 nam_fault_sentence(l->t->a));
}

static void how(const struct line *l, char *buf, size_t size)
{
	switch ((enum vr_check_result)l->t->b) {
	case VR_CHECK_EXIT:
		snprintf(buf, size, "failed (exited with status %d)", (int)l->t->c);
		break;
	case VR_CHECK_SIGNAL:
		snprintf(buf, size, "failed (due to signal %d)", (int)l->t->c);
		break;
	case VR_CHECK_TIMEOUT:
		snprintf(buf, size, "timed_out");
		break;
	case VR_CHECK_CANNOT_RUN:
		snprintf(buf, size, "failed (cannot run: %s)", strerror((int)l->t->c));
		break;
	case VR_CHECK_GOOD:
	case VR_CHECK_NONE:
	default:
		snprintf(buf, size, "succeeded");
		break;
	}
}

static void check(const struct line *l)
{
	char text[96];

	how(l, text, sizeof(text));
	snprintf(l->buf, l->size, "VRRP_Script(%s) %s", check_name(l), text);
}

static void check_code(const struct line *l)
{
	bool exited = l->t->b == VR_CHECK_EXIT || l->t->b == VR_CHECK_GOOD;
	char text[96];

	if (exited)
		snprintf(text, sizeof(text), "now returning %d", (int)l->t->c);
	else
		how(l, text, sizeof(text));
	snprintf(l->buf, l->size, "Script `%s` %s; it still counts as %s", check_name(l), text,
		 l->t->a ? "good" : "failed");
}

static void master(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) master set to %s with priority %d", l->inst, l->who,
		 l->t->a);
}

static void lower(const struct line *l)
{
	if (l->t->cause != VR_CAUSE_LOWER_PRIO)
		snprintf(l->buf, l->size,
			 "(%s) received lower priority (%d) advert from %s - discarding", l->inst,
			 l->t->a, l->who);
	else if (l->t->a == l->t->b)
		snprintf(l->buf, l->size,
			 "(%s) Received advert from %s with same priority %d but lower IP address "
			 "than ours, forcing new election", l->inst, l->who, l->t->a);
	else
		snprintf(l->buf, l->size,
			 "(%s) Received advert from %s with lower priority %d, ours %d, "
			 "forcing new election", l->inst, l->who, l->t->a, l->t->b);
}

static void prio_zero(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) received priority 0 advertisement from %s: it leaves",
		 l->inst, l->who);
}

static void reject(const struct line *l)
{
	enum pkt_reject reason = l->t->a;

	if (reason == PKT_AUTH_FAILED)
		snprintf(l->buf, l->size, "(%s) received an invalid passwd from %s!", l->inst,
			 l->who);
	else
		snprintf(l->buf, l->size, "(%s) dropped an advert from %s: %s", l->inst, l->who,
			 nam_reject_sentence(reason));
}

static void vips_differ(const struct line *l)
{
	snprintf(l->buf, l->size,
		 "(%s) the address list of %s differs from ours: "
		 "it advertises %d, ours has %d", l->inst, l->who, l->t->a, l->t->b);
}

static void interval(const struct line *l)
{
	int n = snprintf(l->buf, l->size,
			 "(%s) advertisement interval mismatch: %s advertises every "
			 "%d ms, ours is %d ms", l->inst, l->who, l->t->a, l->t->b);

	if (l->t->c >= 0 && n > 0 && (size_t)n < l->size)
		snprintf(l->buf + n, l->size - (size_t)n,
			 "; no more than %lld ms are waited for (max_advert_int)",
			 (long long)l->t->c);
}

static void sum(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) adverts are summed as those of %s are: %s", l->inst, l->who,
		 l->t->a ? "the message alone (RFC 9568)" : "with the pseudo-header (RFC 5798)");
}

static void preempt_delay(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) start preempt delay (%d.%03d s)", l->inst, l->t->a / 1000,
		 l->t->a % 1000);
}

/* " (02:00:5e:00:00:01)", or nothing when it is not known. */
static const char *mac_text(const uint8_t mac[VR_MAC_LEN], char buf[NAM_MAC_MAX + 3])
{
	char text[NAM_MAC_MAX];

	buf[0] = '\0';
	if (nam_mac(mac, text))
		snprintf(buf, NAM_MAC_MAX + 3, " (%s)", text);
	return buf;
}

static void rival(const struct line *l)
{
	char mac[NAM_MAC_MAX + 3];

	mac_text(l->t->mac, mac);
	if (l->t->a == VR_SIGN_REJECT)
		snprintf(l->buf, l->size, "(%s) conflict: %s advertises, too, and is not believed, "
			 "so there may be two masters: %s", l->inst, l->who,
			 nam_reject_sentence(l->t->b));
	else if (l->t->a == VR_SIGN_CLAIM)
		snprintf(l->buf, l->size, "(%s) conflict: another station%s claims %s", l->inst,
			 mac, l->who);
	else
		snprintf(l->buf, l->size, "(%s) conflict: %s%s goes on advertising, as if it did "
			 "not hear us", l->inst, l->who, mac);
}

static void conflict(const struct line *l)
{
	if (l->t->cause == VR_CAUSE_RIVAL)
		rival(l);
	else if (l->t->cause == VR_CAUSE_STALLED)
		snprintf(l->buf, l->size,
			 "(%s) %s with priority %d took over while this host stood still",
			 l->inst, l->who, l->t->a);
	else if (l->t->cause == VR_CAUSE_HIGHER_ADDR)
		snprintf(l->buf, l->size,
			 "(%s) Master received advert from %s with same priority %d "
			 "but higher IP address than ours", l->inst, l->who, l->t->a);
	else
		snprintf(l->buf, l->size,
			 "(%s) Master received advert from %s with higher priority "
			 "%d, ours %d", l->inst, l->who, l->t->a, l->t->b);
}

static void conflict_over(const struct line *l)
{
	char mac[NAM_MAC_MAX + 3];

	snprintf(l->buf, l->size, "(%s) no conflict any more: nothing heard of %s%s", l->inst,
		 l->who, mac_text(l->t->mac, mac));
}

static void addr_failed(const struct line *l)
{
	const struct vr_inst_conf *ic = &l->conf->insts[l->t->inst];
	char text[IP_PREFIX_TEXT_MAX];

	snprintf(l->buf, l->size, "(%s) cannot %s %s on %s: %s", l->inst,
		 l->t->c ? "add" : "delete", ip_prefix_text(&ic->vips[l->t->a].prefix, text),
		 l->conf->ifaces[ic->vips[l->t->a].iface].name, strerror(l->t->b));
}

static void addr_lost(const struct line *l)
{
	const struct vr_inst_conf *ic = &l->conf->insts[l->t->inst];
	char text[IP_PREFIX_TEXT_MAX];

	snprintf(l->buf, l->size, "(%s) %s on %s was removed by another program: putting it back",
		 l->inst, ip_prefix_text(&ic->vips[l->t->a].prefix, text),
		 l->conf->ifaces[ic->vips[l->t->a].iface].name);
}

static void late(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) late by %lld.%02d s: listening before anything is said",
		 l->inst, (long long)(l->t->c / 1000), (int)(l->t->c % 1000 / 10));
}

static void addr_wrong(const struct line *l)
{
	const struct vr_inst_conf *ic = &l->conf->insts[l->t->inst];
	char text[IP_PREFIX_TEXT_MAX];

	snprintf(l->buf, l->size, "(%s) %s on %s was %s", l->inst,
		 ip_prefix_text(&ic->vips[l->t->a].prefix, text),
		 l->conf->ifaces[ic->vips[l->t->a].iface].name,
		 l->t->b ? "changed by another program: making it anew"
			 : "put there while this host is not master: taking it off");
}

static void adopted(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) keeps state %s over the reload", l->inst,
		 nam_state(l->t->a));
}

static void resumed(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) goes on in state %s with another engine, %lld ms late",
		 l->inst, nam_state(l->t->a), (long long)l->t->c);
}

static void damped(const struct line *l)
{
	snprintf(l->buf, l->size,
		 "(%s) more than %d changes of state in %d s: damped, until there was none for "
		 "as long; changes are told once in 10 s, and a lower master is left alone",
		 l->inst, l->t->a, l->t->b);
}

static void state_told(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) is in state %s; damped: %d changes of state were not told",
		 l->inst, nam_state(l->t->a), l->t->b);
}

static void damped_over(const struct line *l)
{
	snprintf(l->buf, l->size, "(%s) no longer damped: %d changes of state in %lld s, of which "
		 "%d were not told", l->inst, l->t->a, (long long)l->t->c, l->t->b);
}

static const struct {
	void (*write)(const struct line *l);
	enum log_level level;
	bool storm;
} kinds[VR_N_TRACES] = {
	[VR_TR_STATE]         = { state, LOG_LVL_INFO, false },
	[VR_TR_PRIORITY]      = { priority, LOG_LVL_INFO, false },
	[VR_TR_FAULT_ON]      = { fault_on, LOG_LVL_WARN, false },
	[VR_TR_FAULT_OFF]     = { fault_off, LOG_LVL_INFO, false },
	[VR_TR_CHECK]         = { check, LOG_LVL_INFO, false },
	[VR_TR_CHECK_CODE]    = { check_code, LOG_LVL_INFO, false },
	[VR_TR_MASTER]        = { master, LOG_LVL_DETAIL, true },
	[VR_TR_LOWER]         = { lower, LOG_LVL_INFO, true },
	[VR_TR_PRIO_ZERO]     = { prio_zero, LOG_LVL_INFO, true },
	[VR_TR_REJECT]        = { reject, LOG_LVL_WARN, true },
	[VR_TR_VIPS_DIFFER]   = { vips_differ, LOG_LVL_WARN, true },
	[VR_TR_INTERVAL]      = { interval, LOG_LVL_WARN, true },
	[VR_TR_SUM]           = { sum, LOG_LVL_INFO, true },
	[VR_TR_PREEMPT_DELAY] = { preempt_delay, LOG_LVL_INFO, true },
	[VR_TR_CONFLICT]      = { conflict, LOG_LVL_WARN, true },
	[VR_TR_CONFLICT_OVER] = { conflict_over, LOG_LVL_INFO, true },
	[VR_TR_ADDR_FAILED]   = { addr_failed, LOG_LVL_ERROR, true },
	[VR_TR_ADDR_LOST]     = { addr_lost, LOG_LVL_WARN, true },
	[VR_TR_ADDR_WRONG]    = { addr_wrong, LOG_LVL_WARN, true },
	[VR_TR_LATE]          = { late, LOG_LVL_WARN, true },
	[VR_TR_ADOPTED]       = { adopted, LOG_LVL_DETAIL, false },
	[VR_TR_RESUMED]       = { resumed, LOG_LVL_DETAIL, false },
	[VR_TR_DAMPED]        = { damped, LOG_LVL_WARN, false },
	[VR_TR_STATE_TOLD]    = { state_told, LOG_LVL_INFO, false },
	[VR_TR_DAMPED_OVER]   = { damped_over, LOG_LVL_INFO, false },
	[VR_TR_UNFIT]         = { state, LOG_LVL_INFO, false },
};

const char *trc_text(const struct vr_config *conf, const struct vr_trace *trace, char *buf,
		     size_t size)
{
	struct line l = {
		.conf = conf, .t = trace, .buf = buf, .size = size,
		.inst = trace->inst < conf->n_insts ? conf->insts[trace->inst].name : "-",
	};

	ip_text(&trace->who, l.who);
	buf[0] = '\0';
	kinds[trace->kind].write(&l);
	return buf;
}

enum log_level trc_level(const struct vr_trace *trace)
{
	if (trace->kind == VR_TR_FAULT_ON && trace->a == VR_FAULT_CHECK_PENDING)
		return LOG_LVL_INFO;		/* so it is at every start */
	return kinds[trace->kind].level;
}

bool trc_is_storm(const struct vr_trace *trace)
{
	return kinds[trace->kind].storm || trace->quiet;
}
