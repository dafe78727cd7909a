/*
 * What happened, for programs.
 *
 * A trace is an enum and numbers. One row of the table below says for each kind what its numbers
 * mean, so that whoever follows `watch --json` gets names and words, never "a", "b" and "c".
 */
#include "ctl/event.h"

#include "core/names.h"
#include "ctl/text.h"
#include "engine/trace.h"

enum sort { S_NONE, S_NUMBER, S_IF_KNOWN, S_BOOL, S_FAULT, S_REJECT, S_RESULT, S_STATE, S_VIP,
	    S_SIGN };

/*
 * What the subject is an index of; by the cause or by the fault where the kind alone does not
 * say.
 */
enum owner { O_NONE, O_CHECK, O_BY_CAUSE, O_BY_FAULT };

struct row {
	struct {
		const char *name;
		enum sort sort;
	} num[3];			/* a, b, c */
	bool from_to;
	enum owner subject;
};

static const struct row rows[VR_N_TRACES] = {
	[VR_TR_STATE] = {
		.num = { { "priority", S_NUMBER }, { "our_priority", S_NUMBER },
			 { "silence_ms", S_IF_KNOWN } },
		.from_to = true },
	[VR_TR_UNFIT] = { .from_to = true },
	[VR_TR_PRIORITY] = {
		.num = { { "from_priority", S_NUMBER }, { "to_priority", S_NUMBER } },
		.subject = O_BY_CAUSE },
	[VR_TR_FAULT_ON] = { .num = { { "fault", S_FAULT } }, .subject = O_BY_FAULT },
	[VR_TR_FAULT_OFF] = { .num = { { "fault", S_FAULT } }, .subject = O_BY_FAULT },
	[VR_TR_CHECK] = {
		.num = { { "good", S_BOOL }, { "result", S_RESULT }, { "code", S_NUMBER } },
		.subject = O_CHECK },
	[VR_TR_CHECK_CODE] = {
		.num = { { NULL, S_NONE }, { "result", S_RESULT }, { "code", S_NUMBER } },
		.subject = O_CHECK },
	[VR_TR_MASTER] = { .num = { { "priority", S_NUMBER } } },
	[VR_TR_LOWER] = { .num = { { "priority", S_NUMBER }, { "our_priority", S_NUMBER } } },
	[VR_TR_REJECT] = { .num = { { "reason", S_REJECT } } },
	[VR_TR_VIPS_DIFFER] = { .num = { { "addresses", S_NUMBER } } },
	[VR_TR_INTERVAL] = {
		.num = { { "interval_ms", S_NUMBER }, { "our_interval_ms", S_NUMBER } } },
	[VR_TR_SUM] = { .num = { { "message_alone", S_BOOL } } },
	[VR_TR_PREEMPT_DELAY] = { .num = { { "delay_ms", S_NUMBER } } },
	[VR_TR_CONFLICT] = { .num = { { "priority", S_NUMBER } } },
	[VR_TR_ADDR_FAILED] = { .num = { { "address", S_VIP }, { "errno", S_NUMBER } } },
	[VR_TR_ADDR_LOST] = { .num = { { "address", S_VIP } } },
	[VR_TR_ADDR_WRONG] = { .num = { { "address", S_VIP } } },
	[VR_TR_LATE] = { .num = { { NULL, S_NONE }, { NULL, S_NONE }, { "late_ms", S_NUMBER } } },
	[VR_TR_ADOPTED] = { .num = { { "state", S_STATE } } },
	[VR_TR_DAMPED] = { .num = { { "changes", S_NUMBER }, { "window_s", S_NUMBER } } },
	[VR_TR_STATE_TOLD] = {
		.num = { { "state", S_STATE }, { "unsaid", S_NUMBER }, { "damped_s", S_NUMBER } } },
	[VR_TR_DAMPED_OVER] = {
		.num = { { "changes", S_NUMBER }, { "unsaid", S_NUMBER },
			 { "damped_s", S_NUMBER } } },
	[VR_TR_RESUMED] = {
		.num = { { "state", S_STATE }, { NULL, S_NONE }, { "late_ms", S_NUMBER } } },
};

/* A conflict with a station that is no better master. */
static const struct row rival_row = {
	.num = { { "sign", S_SIGN }, { "reason", S_REJECT } },
};

static json_t *vip_text(const struct vr_config *conf, const struct vr_trace *t, int64_t index)
{
	char text[IP_PREFIX_TEXT_MAX];

	if (t->inst == VR_NONE || index < 0 || index >= conf->insts[t->inst].n_vips)
		return json_null();
	return json_string(ip_prefix_text(&conf->insts[t->inst].vips[index].prefix, text));
}

static json_t *number(const struct vr_config *conf, const struct vr_trace *t, enum sort sort,
		      int64_t value)
{
	switch (sort) {
	case S_IF_KNOWN:
		return value < 0 ? json_null() : json_integer(value);
	case S_BOOL:
		return json_boolean(value);
	case S_FAULT:
		return json_string(nam_fault(value));
	case S_REJECT:
		return value == PKT_OK ? json_null() : json_string(nam_reject(value));
	case S_RESULT:
		return json_string(nam_check(value));
	case S_STATE:
		return json_string(nam_state(value));
	case S_SIGN:
		return json_string(nam_sign(value));
	case S_VIP:
		return vip_text(conf, t, value);
	default:
		return json_integer(value);
	}
}

static bool subject_is_check(const struct row *row, const struct vr_trace *t)
{
	switch (row->subject) {
	case O_BY_CAUSE:
		return t->cause == VR_CAUSE_CHECK;
	case O_BY_FAULT:
		return t->a == VR_FAULT_CHECK || t->a == VR_FAULT_CHECK_PENDING;
	default:
		return true;
	}
}

/* The subject of address-foreign is an address of the instance. */
static json_t *address(const struct vr_config *conf, const struct vr_trace *t)
{
	char text[IP_PREFIX_TEXT_MAX];

	if (t->inst >= conf->n_insts || t->subject >= conf->insts[t->inst].n_vips)
		return json_null();
	return json_string(ip_prefix_text(&conf->insts[t->inst].vips[t->subject].prefix, text));
}

static json_t *subject(const struct vr_config *conf, const struct row *row,
		       const struct vr_trace *t)
{
	if (t->subject == VR_NONE)
		return json_null();
	if (row->subject == O_BY_FAULT && t->a == VR_FAULT_ADDR_FOREIGN)
		return address(conf, t);
	if (subject_is_check(row, t))
		return t->subject < conf->n_checks ? txt_json(conf->checks[t->subject].name) :
						     json_null();
	return t->subject < conf->n_ifaces ? txt_json(conf->ifaces[t->subject].name) : json_null();
}

static bool put(json_t *to, const char *name, json_t *value)
{
	return json_object_set_new(to, name, value) == 0;
}

bool evt_fill(json_t *to, const struct vr_config *conf, const struct vr_trace *t, const char *text)
{
	const struct row *row = t->cause == VR_CAUSE_RIVAL ? &rival_row : &rows[t->kind];
	enum vr_trace_kind event = t->kind == VR_TR_UNFIT ? VR_TR_STATE : t->kind;
	const int64_t values[] = { t->a, t->b, t->c };
	char who[IP_TEXT_MAX], mac[NAM_MAC_MAX];
	bool ok;

	ok = put(to, "event", json_string(nam_trace(event))) &&
	     put(to, "instance", txt_json(t->inst == VR_NONE ? NULL : conf->insts[t->inst].name)) &&
	     put(to, "cause",
		 t->cause == VR_CAUSE_NONE ? json_null() : json_string(nam_cause(t->cause))) &&
	     put(to, "text", txt_json(text));
	if (row->from_to)
		ok = ok && put(to, "from", json_string(nam_state(trc_from(t)))) &&
		     put(to, "to", json_string(nam_state(trc_to(t))));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (row->num[i].name)
			ok = ok && put(to, row->num[i].name,
				       number(conf, t, row->num[i].sort, values[i]));
	if (row->subject != O_NONE)
		ok = ok && put(to, "subject", subject(conf, row, t));
	if (row == &rival_row)
		ok = ok && put(to, "mac", txt_json(nam_mac(t->mac, mac)));
	if (t->who.family != IP_NONE)
		ok = ok && put(to, "who", json_string(ip_text(&t->who, who)));
	return ok;
}
