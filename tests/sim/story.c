/*
 * Scenarios as text files.
 *
 * One statement a line; a configuration stands between its statement and a line with a single dot.
 * Only what a scenario uses is written, so that a story that was cut down is short.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario.h"

/* ---- writing ---- */

static void write_time(int64_t us, FILE *to)
{
	fprintf(to, "%lld.%06lld", (long long)(us / SCN_SECOND), (long long)(us % SCN_SECOND));
}

static bool is_used(const struct scenario *s, size_t host, int64_t config)
{
	for (size_t i = 0; i < s->n_deeds; i++) {
		const struct sim_deed *d = &s->deeds[i];

		if ((d->type == SIM_START || d->type == SIM_RELOAD) &&
		    (d->node == host || d->node == SIM_ALL) && d->a == config)
			return true;
	}
	return false;
}

static void write_host(const struct scenario *s, size_t h, FILE *to)
{
	const struct scn_host *host = &s->hosts[h];
	char text[IP_PREFIX_TEXT_MAX];

	fprintf(to, "host %s\n", host->name);
	for (size_t i = 0; i < host->n_ifaces; i++)
		fprintf(to, "iface %s %s %s %s\n", host->name, host->ifaces[i].name,
			host->ifaces[i].segment,
			ip_prefix_text(&host->ifaces[i].address, text));
	for (int c = 0; c < SCN_CONFIGS_MAX; c++)
		if (host->configs[c] && is_used(s, h, c))
			fprintf(to, "config %s %d\n%s.\n", host->name, c, host->configs[c]);
}

static struct sim_names names_of(const struct scenario *s, const char *node[SIM_NODES_MAX])
{
	for (size_t h = 0; h < s->n_hosts; h++)
		node[h] = s->hosts[h].name;
	return (struct sim_names){ .node = node, .n_nodes = s->n_hosts };
}

void scn_write(const struct scenario *s, FILE *to)
{
	const char *node[SIM_NODES_MAX];
	struct sim_names names = names_of(s, node);
	char text[200];

	fprintf(to, "seed %llu\n", (unsigned long long)s->seed);
	for (size_t i = 0; i < s->n_segments; i++)
		fprintf(to, "segment %s %lld %lld\n", s->segments[i].name,
			(long long)s->segments[i].delay_us, (long long)s->segments[i].jitter_us);
	for (size_t h = 0; h < s->n_hosts; h++)
		write_host(s, h, to);
	for (size_t i = 0; i < s->n_deeds; i++) {
		fprintf(to, "at ");
		write_time(s->deeds[i].at_us, to);
		fprintf(to, " %s\n", sim_deed_text(&s->deeds[i], &names, text, sizeof(text)));
	}
	fprintf(to, "quiet ");
	write_time(s->quiet_us, to);
	fprintf(to, "\nend ");
	write_time(s->end_us, to);
	fprintf(to, "\n");
}

/* ---- reading ---- */

#define WORD "%127s"			/* SIM_NAME_MAX - 1 */

struct reader {
	struct scenario *s;
	const char *at;			/* the rest of the text */
	size_t line;
	const char *why;
};

static bool bad(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

static bool read_time(const char *text, int64_t *us, int *used)
{
	long long seconds;
	char fraction[7] = "000000";
	int n = 0, digits;

	if (sscanf(text, "%lld%n", &seconds, used) != 1 || seconds < 0)
		return false;
	if (text[*used] == '.' && sscanf(text + *used, ".%6[0-9]%n", fraction, &n) == 1)
		*used += n;
	digits = atoi(fraction);
	for (size_t i = strlen(fraction); i < 6; i++)
		digits *= 10;
	*us = seconds * SCN_SECOND + digits;
	return true;
}

static struct scn_host *host_of(struct reader *r, const char *name)
{
	for (size_t h = 0; h < r->s->n_hosts; h++)
		if (strcmp(r->s->hosts[h].name, name) == 0)
			return &r->s->hosts[h];
	return NULL;
}

static bool read_segment(struct reader *r, const char *rest)
{
	struct scn_segment *g = &r->s->segments[r->s->n_segments];
	long long delay, jitter;

	if (r->s->n_segments == SIM_SEGMENTS_MAX)
		return bad(r, "too many segments");
	if (sscanf(rest, WORD " %lld %lld", g->name, &delay, &jitter) != 3)
		return bad(r, "segment NAME DELAY JITTER");
	g->delay_us = delay;
	g->jitter_us = jitter;
	r->s->n_segments++;
	return true;
}

static bool read_host(struct reader *r, const char *rest)
{
	if (r->s->n_hosts == SIM_NODES_MAX)
		return bad(r, "too many hosts");
	if (sscanf(rest, WORD, r->s->hosts[r->s->n_hosts].name) != 1)
		return bad(r, "host NAME");
	r->s->n_hosts++;
	return true;
}

static bool read_iface(struct reader *r, const char *rest)
{
	char name[SIM_NAME_MAX], address[64];
	struct scn_iface i = { 0 };
	struct scn_host *h;

	if (sscanf(rest, WORD " " WORD " " WORD " %63s", name, i.name, i.segment, address) != 4 ||
	    !ip_parse_prefix(address, &i.address))
		return bad(r, "iface HOST NAME SEGMENT ADDRESS/LEN");
	h = host_of(r, name);
	if (!h || h->n_ifaces == SCN_IFACES_MAX)
		return bad(r, "no such host, or too many interfaces");
	h->ifaces[h->n_ifaces++] = i;
	return true;
}

static bool read_config(struct reader *r, const char *rest)
{
	char name[SIM_NAME_MAX];
	const char *end = strncmp(r->at, ".\n", 2) == 0 ? r->at : strstr(r->at, "\n.\n");
	struct scn_host *h;
	int which;
	size_t len;

	if (sscanf(rest, WORD " %d", name, &which) != 2 || which < 0 || which >= SCN_CONFIGS_MAX)
		return bad(r, "config HOST NUMBER");
	h = host_of(r, name);
	if (!h || h->configs[which] || !end)
		return bad(r, "no such host, a number twice, or no line with a dot");
	len = (size_t)(end - r->at) + (*end == '\n');
	h->configs[which] = strndup(r->at, len);
	for (size_t i = 0; i < len; i++)
		r->line += r->at[i] == '\n';
	r->line++;
	r->at += len + 2;
	return h->configs[which] != NULL;
}

static bool read_deed(struct reader *r, const char *rest)
{
	const char *node[SIM_NODES_MAX];
	struct sim_names names = names_of(r->s, node);
	struct sim_deed d = { 0 };
	int used;

	if (!read_time(rest, &d.at_us, &used) || !sim_deed_parse(rest + used, &names, &d))
		return bad(r, "at SECONDS DEED");
	scn_add(r->s, &d);
	return true;
}

static bool read_statement(struct reader *r, const char *word, const char *rest)
{
	int used;

	if (strcmp(word, "seed") == 0) {
		r->s->seed = strtoull(rest, NULL, 10);
		return true;
	}
	if (strcmp(word, "segment") == 0)
		return read_segment(r, rest);
	if (strcmp(word, "host") == 0)
		return read_host(r, rest);
	if (strcmp(word, "iface") == 0)
		return read_iface(r, rest);
	if (strcmp(word, "config") == 0)
		return read_config(r, rest);
	if (strcmp(word, "at") == 0)
		return read_deed(r, rest);
	if (strcmp(word, "quiet") == 0)
		return read_time(rest, &r->s->quiet_us, &used) || bad(r, "quiet SECONDS");
	if (strcmp(word, "end") == 0)
		return read_time(rest, &r->s->end_us, &used) || bad(r, "end SECONDS");
	return bad(r, "no such statement");
}

bool scn_read(struct scenario *s, const char *text, char *why, size_t size)
{
	struct reader r = { .s = s, .at = text };

	memset(s, 0, sizeof(*s));
	while (*r.at && !r.why) {
		size_t len = strcspn(r.at, "\n");
		char line[300], word[SIM_NAME_MAX];
		int used = 0;

		r.line++;
		snprintf(line, sizeof(line), "%.*s", (int)len, r.at);
		r.at += len + (r.at[len] == '\n');
		if (sscanf(line, WORD "%n", word, &used) == 1 && word[0] != '#')
			read_statement(&r, word, line + used);
	}
	if (!r.why && s->end_us == 0)
		r.why = "it has no end";
	if (!r.why)
		return true;
	snprintf(why, size, "line %zu: %s", r.line, r.why);
	scn_free(s);
	return false;
}
