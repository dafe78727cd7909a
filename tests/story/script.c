/*
 * The script part of a story: one command a line.
 *
 * Before a command is obeyed, the world runs up to its time; what happened until then belongs
 * below the command before. So a story is rewritten in one pass: old expectations fall out, new
 * ones take their place.
 */
#include <stdlib.h>
#include <string.h>

#include "story.h"

struct script {
	const char *file;
	struct world world;
	FILE *result;
	char **lines;
	size_t n_lines, at;
	char *said;			/* behind world.out */
	size_t said_len;
};

static struct host *find_host(struct script *s, const char *name)
{
	for (size_t i = 0; i < s->world.n_hosts; i++)
		if (strcmp(s->world.hosts[i].name, name) == 0)
			return &s->world.hosts[i];
	return NULL;
}

static struct host *word_host(struct script *s, struct words *w)
{
	const char *name = word_next(w);
	struct host *h = find_host(s, name);

	if (!h)
		bad_story(w, "there is no node %s", name);
	return h;
}

static struct host *word_running(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);

	if (!h->run)
		bad_story(w, "%s does not run", h->name);
	return h;
}

static struct host_iface *word_iface(struct host *h, struct words *w)
{
	const char *name = word_next(w);
	struct host_iface *i = host_iface(h, name);

	if (!i)
		bad_story(w, "%s has no interface %s", h->name, name);
	return i;
}

/* ---- blocks of indented lines ---- */

static void split(struct script *s, size_t line, char *copy, struct words *w)
{
	char *rest = copy;

	*w = (struct words){ .file = s->file, .line = (unsigned int)line + 1 };
	strcpy(copy, s->lines[line]);
	copy[strcspn(copy, "#")] = '\0';
	for (char *word = strtok_r(copy, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		if (w->n == MAX_WORDS)
			bad_story(w, "too many words");
		w->v[w->n++] = word;
	}
}

static void st_interface(struct host *h, struct words *w)
{
	const char *name = word_next(w);
	uint16_t in_plan = plan_iface(&h->plan, w, name);
	struct host_iface *i = host_iface(h, h->plan.ifaces[in_plan]);

	if (!i) {
		i = &h->ifaces[h->n_ifaces++];
		*i = (struct host_iface){ .exists = true, .up = true, .ready = true };
		strcpy(i->name, name);
	}
	if (w->at < w->n)
		i->primary = word_addr(w);
	words_end(w);
}

/* The statements below a node or a reload line, for each of its N hosts. */
static void block(struct script *s, struct host *const *hosts, size_t n)
{
	char copy[1024];
	struct words w;

	for (; s->at < s->n_lines; s->at++) {
		const char *line = s->lines[s->at];

		if (line[0] == '>')
			continue;
		if (line[0] != ' ' && line[0] != '\t')
			break;
		fprintf(s->result, "%s\n", line);
		for (size_t i = 0; i < n; i++) {
			split(s, s->at, copy, &w);
			if (w.n && word_is(&w, "interface"))
				st_interface(hosts[i], &w);
			else if (w.n)
				plan_statement(&hosts[i]->plan, &w);
		}
	}
}

static struct host *add_host(struct script *s, struct words *w, const char *name)
{
	struct world *world = &s->world;

	if (world->n_hosts == MAX_HOSTS || strlen(name) >= NAME_MAX_)
		bad_story(w, "no room for node %s", name);
	struct host *h = &world->hosts[world->n_hosts++];
	strcpy(h->name, name);
	return h;
}

static void do_node(struct script *s, struct words *w)
{
	struct host *hosts[MAX_HOSTS];
	size_t n = 0;

	while (w->at < w->n) {
		const char *name = word_next(w);

		hosts[n] = find_host(s, name);
		if (!hosts[n])
			hosts[n] = add_host(s, w, name);
		n++;
	}
	block(s, hosts, n);
}

static void do_reload(struct script *s, struct words *w)
{
	struct host *h = word_running(s, w);

	words_end(w);
	block(s, &h, 1);
	host_reload(&s->world, h);
}

/* ---- commands ---- */

static void do_start(struct script *s, struct words *w)
{
	while (w->at < w->n)
		host_start(&s->world, word_host(s, w));
}

static void do_stop(struct script *s, struct words *w)
{
	while (w->at < w->n)
		host_stop(&s->world, word_running(s, w));
}

static void do_crash(struct script *s, struct words *w)
{
	while (w->at < w->n)
		host_crash(&s->world, word_running(s, w));
}

static void do_freeze(struct script *s, struct words *w)
{
	host_freeze(&s->world, word_running(s, w), true);
}

static void do_thaw(struct script *s, struct words *w)
{
	host_freeze(&s->world, word_running(s, w), false);
}

static void do_cut(struct script *s, struct words *w)
{
	struct host *from = word_host(s, w);
	struct host *to = word_host(s, w);

	from->cut[to - s->world.hosts] = true;
}

static void do_split(struct script *s, struct words *w)
{
	struct host *a = word_host(s, w);
	struct host *b = word_host(s, w);

	a->cut[b - s->world.hosts] = true;
	b->cut[a - s->world.hosts] = true;
}

static void do_heal(struct script *s, struct words *w)
{
	(void)w;
	for (size_t i = 0; i < s->world.n_hosts; i++)
		memset(s->world.hosts[i].cut, 0, sizeof(s->world.hosts[i].cut));
}

static void do_link(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);
	struct host_iface *i = word_iface(h, w);

	i->up = word_is(w, "up");
	if (!i->up && !word_is(w, "down"))
		bad_story(w, "up or down");
	host_link(&s->world, h, i);
}

/* As the kernel tells it: the interface goes down, loses its addresses, is gone. */
static void do_gone(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);
	struct host_iface *i = word_iface(h, w);
	struct ip_addr was = i->primary;

	i->up = false;
	host_link(&s->world, h, i);
	i->primary.family = IP_NONE;
	host_addr(&s->world, h, i);
	i->exists = i->ready = false;
	host_link(&s->world, h, i);
	i->primary = was;
}

/* Another one of that name, with the same address. */
static void do_back(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);
	struct host_iface *i = word_iface(h, w);

	i->exists = i->up = i->ready = true;
	host_addr(&s->world, h, i);
	host_link(&s->world, h, i);
}

static void do_addr(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);
	struct host_iface *i = word_iface(h, w);

	if (word_is(w, "none"))
		i->primary.family = IP_NONE;
	else
		i->primary = word_addr(w);
	host_addr(&s->world, h, i);
}

static void do_socket(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);
	struct host_iface *i = word_iface(h, w);

	i->ready = word_is(w, "ok");
	if (!i->ready && !word_is(w, "lost"))
		bad_story(w, "ok or lost");
	host_link(&s->world, h, i);
}

static void do_refuse(struct script *s, struct words *w)
{
	struct host *h = word_host(s, w);

	h->refuse = (int)word_number(w, 0, 200);
}

static void do_lost(struct script *s, struct words *w)
{
	struct host *h = word_running(s, w);
	const char *word = word_next(w);
	struct ip_prefix prefix;

	if (!ip_parse_prefix(word, &prefix) || !host_lost(&s->world, h, &prefix))
		bad_story(w, "%s does not hold %s", h->name, word);
}

/* Another station claims an address. */
static void do_claim(struct script *s, struct words *w)
{
	struct host *h = word_running(s, w);
	struct ip_addr addr = word_addr(w);
	static const uint8_t mac[VR_MAC_LEN] = { 2, 0, 0x5e, 0x10, 0, 0x66 };

	if (!host_claim(&s->world, h, &addr, mac))
		bad_story(w, "%s has no such address", h->name);
}

static uint16_t word_check(struct host *h, struct words *w)
{
	const char *name = word_next(w);

	for (uint16_t i = 0; i < h->run->plan.n_checks; i++)
		if (strcmp(h->run->plan.checks[i].name, name) == 0)
			return i;
	bad_story(w, "%s has no check %s", h->name, name);
}

static void do_check(struct script *s, struct words *w)
{
	struct host *h = word_running(s, w);
	struct vr_ev_check ev = { .check = word_check(h, w) };
	long times = 1;

	if (word_is(w, "good")) {
		ev.result = VR_CHECK_GOOD;
	} else if (word_is(w, "timeout")) {
		ev.result = VR_CHECK_TIMEOUT;
	} else {
		ev.result = word_is(w, "bad") ? VR_CHECK_EXIT :
			    word_is(w, "signal") ? VR_CHECK_SIGNAL :
			    word_is(w, "cannot_run") ? VR_CHECK_CANNOT_RUN : VR_CHECK_NONE;
		if (ev.result == VR_CHECK_NONE)
			bad_story(w, "good, bad N, signal N, timeout or cannot_run ERRNO");
		ev.code = (int32_t)word_number(w, 0, 255);
	}
	if (word_is(w, "times"))
		times = word_number(w, 1, 100);
	while (times--)
		host_check(&s->world, h, &ev);
}

/* An advert that no node sent: that of the hearer's own instance but for what the line says. */
static void do_forge(struct script *s, struct words *w)
{
	struct host *h = word_running(s, w);
	struct plan fake = h->run->plan;
	struct plan_inst *in = &fake.insts[fake.current];
	struct pkt_meta meta = { .dst = in->conf.group, .ttl = PKT_TTL };
	long count = 1;
	int64_t every_us = SECOND_US;
	bool bad_sum = false;
	size_t longest = PKT_MAX;
	uint8_t body[PKT_MAX];

	if (!word_is(w, "from"))
		bad_story(w, "forge NODE from ADDRESS");
	meta.src = word_addr(w);
	for (;;) {
		if (word_is(w, "count"))
			count = word_number(w, 1, 100000);
		else if (word_is(w, "every"))
			every_us = word_seconds(w);
		else if (word_is(w, "ttl"))
			meta.ttl = (uint8_t)word_number(w, 0, 255);
		else if (word_is(w, "to"))
			meta.dst = word_addr(w);
		else if (word_is(w, "cut_to"))
			longest = (size_t)word_number(w, 0, PKT_MAX);
		else if (word_is(w, "bad_checksum"))
			bad_sum = true;
		else
			break;
	}
	plan_settings(&fake, in, w);
	plan_build(&fake);
	size_t len = pkt_encode(&in->conf, in->conf.priority, &meta.src, body, sizeof(body));
	if (bad_sum)
		body[6] ^= 0xff;
	for (long i = 0; i < count; i++)
		host_hear(&s->world, h, fake.ifaces[in->conf.iface], i * every_us, body,
			  len < longest ? len : longest, &meta);
}

static void do_wait(struct script *s, struct words *w)
{
	world_run(&s->world, s->world.now_us + word_seconds(w));
}

static void do_show(struct script *s, struct words *w)
{
	if (w->at < w->n) {
		tell_show(&s->world, word_host(s, w));
		return;
	}
	for (size_t i = 0; i < s->world.n_hosts; i++)
		tell_show(&s->world, &s->world.hosts[i]);
}

static void obey(struct script *s, struct words *w)
{
	static const struct {
		const char *word;
		void (*run)(struct script *, struct words *);
	} commands[] = {
		{ "node", do_node }, { "start", do_start }, { "stop", do_stop },
		{ "crash", do_crash }, { "freeze", do_freeze }, { "thaw", do_thaw },
		{ "cut", do_cut }, { "split", do_split }, { "heal", do_heal },
		{ "link", do_link }, { "gone", do_gone }, { "back", do_back },
		{ "addr", do_addr }, { "socket", do_socket }, { "refuse", do_refuse },
		{ "lost", do_lost }, { "claim", do_claim },
		{ "check", do_check }, { "reload", do_reload }, { "forge", do_forge },
		{ "wait", do_wait }, { "show", do_show },
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!word_is(w, commands[i].word))
			continue;
		commands[i].run(s, w);
		words_end(w);
		return;
	}
	bad_story(w, "'%s' is no command", word_next(w));
}

/* ---- the pass ---- */

/* Moves what was said since the last call to the result. */
static void flush_said(struct script *s)
{
	tell_contradictions(&s->world);
	fflush(s->world.out);
	fwrite(s->said, 1, s->said_len, s->result);
	rewind(s->world.out);
}

static bool is_command(const char *line)
{
	return line[0] != '>' && line[strspn(line, " \t")] != '\0' &&
	       line[strspn(line, " \t")] != '#';
}

/* Blank lines and comments before the next command wait until it is known what happened. */
static void run_lines(struct script *s)
{
	char copy[1024];
	struct words w;
	size_t between = 0;

	while (s->at <= s->n_lines) {
		size_t line = s->at++;
		bool end = line == s->n_lines;

		if (!end && !is_command(s->lines[line]))
			continue;
		if (!end) {
			split(s, line, copy, &w);
			int64_t to = word_is(&w, "at") ? word_seconds(&w) : s->world.now_us;

			if (to < s->world.now_us)
				bad_story(&w, "this is before the line before");
			world_run(&s->world, to);
		}
		flush_said(s);
		for (; between < line; between++)
			if (s->lines[between][0] != '>')
				fprintf(s->result, "%s\n", s->lines[between]);
		if (end)
			break;
		fprintf(s->result, "%s\n", s->lines[line]);
		obey(s, &w);
		between = s->at;
	}
}

static void cut_lines(struct script *s, char *text)
{
	size_t max = 1;

	for (const char *c = text; *c; c++)
		max += *c == '\n';
	s->lines = calloc(max, sizeof(*s->lines));
	if (!s->lines)
		exit(2);
	while (*text) {
		char *end = strchrnul(text, '\n');

		s->lines[s->n_lines++] = text;
		if (end - text > 1000) {
			fprintf(stderr, "%s:%zu: the line is too long\n", s->file, s->n_lines);
			exit(2);
		}
		text = *end ? end + 1 : end;
		*end = '\0';
	}
}

char *script_run(const char *file, const char *text)
{
	struct script s = { .file = file };
	char *copy = strdup(text), *result = NULL;
	size_t len;

	world_init(&s.world);
	s.result = open_memstream(&result, &len);
	s.world.out = open_memstream(&s.said, &s.said_len);
	if (!copy || !s.result || !s.world.out)
		exit(2);
	cut_lines(&s, copy);
	run_lines(&s);
	fclose(s.result);
	fclose(s.world.out);
	world_free(&s.world);
	free(s.said);
	free(s.lines);
	free(copy);
	return result;
}
