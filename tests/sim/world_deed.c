/*
 * Deeds as text.
 *
 * One table says what each deed is called and which arguments it takes; reading and writing both
 * walk it, so a story that was written can always be read.
 */
#include "sim/deed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_ 256

/* Arguments: n node, p peer, i a name, a to c numbers, m a script's mode. */
static const struct {
	const char *word;
	const char *arguments;
} grammar[SIM_N_DEEDS] = {
	[SIM_START] = { "start", "na" },
	[SIM_STOP] = { "stop", "n" },
	[SIM_CRASH] = { "crash", "n" },
	[SIM_RELOAD] = { "reload", "na" },
	[SIM_KILL] = { "kill", "na" },
	[SIM_KILL_WITHIN] = { "kill-within", "nab" },
	[SIM_UPGRADE] = { "upgrade", "na" },
	[SIM_PAUSE] = { "pause", "n" },
	[SIM_FREEZE] = { "freeze", "n" },
	[SIM_RESUME] = { "resume", "n" },
	[SIM_LINK_DOWN] = { "link-down", "ni" },
	[SIM_LINK_UP] = { "link-up", "ni" },
	[SIM_LINK_DELETE] = { "link-delete", "ni" },
	[SIM_LINK_CREATE] = { "link-create", "nia" },
	[SIM_ADDR_DELETE] = { "address-delete", "ni" },
	[SIM_ADDR_ADD] = { "address-add", "ni" },
	[SIM_VIP_DELETE] = { "vip-delete", "na" },
	[SIM_VIP_FOREIGN] = { "vip-foreign", "nab" },
	[SIM_VIP_FOREIGN_GONE] = { "vip-foreign-gone", "n" },
	[SIM_CUT] = { "cut", "npi" },
	[SIM_HEAL] = { "heal", "npi" },
	[SIM_LOSS] = { "loss", "npia" },
	[SIM_DUPLICATE] = { "duplicate", "npia" },
	[SIM_REORDER] = { "reorder", "npia" },
	[SIM_DELAY] = { "delay", "npiab" },
	[SIM_OPS_FAIL] = { "ops-fail", "nab" },
	[SIM_OPS_DELAY] = { "ops-delay", "na" },
	[SIM_OPS_FORGET] = { "ops-forget", "nab" },
	[SIM_JOIN_FAIL] = { "join-fail", "na" },
	[SIM_SEND_FAIL] = { "send-fail", "na" },
	[SIM_NOTICES_LOST] = { "notices-lost", "n" },
	[SIM_NOTICES_BACK] = { "notices-back", "n" },
	[SIM_LAG] = { "lag", "na" },
	[SIM_SCRIPT] = { "script", "nim" },
	[SIM_FORGE] = { "forge", "nabc" },
	[SIM_CLAIM] = { "claim", "nab" },
	[SIM_QUIET] = { "quiet", "" },
};

static const char *const modes[SIM_N_SCRIPTS] = {
	[SIM_SCRIPT_GOOD] = "good", [SIM_SCRIPT_FAIL] = "fail", [SIM_SCRIPT_HANG] = "hang",
	[SIM_SCRIPT_SLOW] = "slow", [SIM_SCRIPT_FLAP] = "flap", [SIM_SCRIPT_LIE] = "lie",
	[SIM_SCRIPT_SIGNAL] = "signal", [SIM_SCRIPT_CANNOT] = "cannot-run",
};

const char *sim_script_word(enum sim_script mode)
{
	return modes[mode];
}

/* ---- reading ---- */

static bool read_node(const char *word, const struct sim_names *names, uint8_t *out)
{
	if (strcmp(word, "*") == 0) {
		*out = SIM_ALL;
		return true;
	}
	for (size_t i = 0; i < names->n_nodes; i++) {
		if (strcmp(names->node[i], word) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool read_number(const char *word, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(word, &end, 10);
	return errno == 0 && end != word && *end == '\0';
}

static bool read_mode(const char *word, int64_t *out)
{
	for (int m = 0; m < SIM_N_SCRIPTS; m++) {
		if (strcmp(modes[m], word) == 0) {
			*out = m;
			return true;
		}
	}
	return false;
}

static bool read_name(const char *word, char out[SIM_NAME_MAX])
{
	size_t len = strlen(word);

	if (len >= SIM_NAME_MAX)
		return false;
	memcpy(out, word, len + 1);
	return true;
}

static bool read_argument(char kind, const char *word, const struct sim_names *names,
			  struct sim_deed *out)
{
	if (!word)
		return false;
	switch (kind) {
	case 'n': return read_node(word, names, &out->node);
	case 'p': return read_node(word, names, &out->peer);
	case 'i': return read_name(word, out->name);
	case 'a': return read_number(word, &out->a);
	case 'b': return read_number(word, &out->b);
	case 'c': return read_number(word, &out->c);
	default:  return read_mode(word, &out->a);
	}
}

bool sim_deed_parse(const char *line, const struct sim_names *names, struct sim_deed *out)
{
	char copy[LINE_MAX_], *save = NULL;
	size_t len = strlen(line), type = 0;
	int64_t at_us = out->at_us;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, line, len + 1);
	const char *word = strtok_r(copy, " \t\n", &save);
	while (word && type < SIM_N_DEEDS && strcmp(grammar[type].word, word) != 0)
		type++;
	if (!word || type == SIM_N_DEEDS)
		return false;
	*out = (struct sim_deed){ .at_us = at_us, .type = type };
	for (const char *kind = grammar[type].arguments; *kind; kind++)
		if (!read_argument(*kind, strtok_r(NULL, " \t\n", &save), names, out))
			return false;
	return !strtok_r(NULL, " \t\n", &save);
}

/* ---- writing ---- */

static const char *node_word(uint8_t node, const struct sim_names *names)
{
	return node < names->n_nodes ? names->node[node] : "*";
}

const char *sim_deed_text(const struct sim_deed *deed, const struct sim_names *names, char *buf,
			  size_t size)
{
	size_t at = (size_t)snprintf(buf, size, "%s", grammar[deed->type].word);

	for (const char *kind = grammar[deed->type].arguments; *kind && at < size; kind++) {
		int n;

		switch (*kind) {
		case 'n': n = snprintf(buf + at, size - at, " %s", node_word(deed->node, names));
			break;
		case 'p': n = snprintf(buf + at, size - at, " %s", node_word(deed->peer, names));
			break;
		case 'i': n = snprintf(buf + at, size - at, " %s", deed->name);
			break;
		case 'a': n = snprintf(buf + at, size - at, " %lld", (long long)deed->a);
			break;
		case 'b': n = snprintf(buf + at, size - at, " %lld", (long long)deed->b);
			break;
		case 'c': n = snprintf(buf + at, size - at, " %lld", (long long)deed->c);
			break;
		default:  n = snprintf(buf + at, size - at, " %s", modes[deed->a]);
			break;
		}
		at += n > 0 ? (size_t)n : 0;
	}
	return buf;
}
