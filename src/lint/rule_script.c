/*
 * Why this exists: how long a check takes, and what else it does, decides when an address moves.
 * What can be seen in the configuration and in the script's own text is judged here; nothing is
 * run.
 */
#include "lint/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interpreter.h"
#include "config/build.h"
#include "core/timing.h"
#include "lint/shell.h"

#define SLOW_US INT64_C(10000000)	/* as long as nobody waits for a failover */

static double seconds(int64_t us)
{
	return (double)us / 1e6;
}

/* ---- the text of a script ---- */

struct text {
	const char *path;		/* NULL: the text stands in the configuration */
	char *buf;			/* from malloc(); NULL: there is none to be read */
	size_t len;
};

/* The word that names the script, or with *INLINE_TEXT is the script; NULL: there is none. */
static const char *script_word(const char *const *argv, bool *inline_text)
{
	bool interpreter = false;

	*inline_text = false;
	for (; *argv; argv++) {
		bool option = **argv == '-' || !(*argv)[strspn(*argv, "0123456789.")];

		if (interpreter && strcmp(*argv, "-c") == 0) {
			*inline_text = true;
			return argv[1];
		}
		if (itp_is(*argv))
			interpreter = true;
		else if (!interpreter || !option)
			return *argv;
	}
	return NULL;
}

static bool read_path(struct lnt *l, const char *path, struct text *t)
{
	long n = l->host.script(l->host.ctx, path, t->buf, LNT_SCRIPT_MAX);

	if (n <= 0 || memchr(t->buf, '\0', (size_t)n))
		return false;
	t->path = path;
	t->len = (size_t)n;
	return true;
}

/* Files that were collected from several hosts have their scripts beside them. */
static const char *beside(struct lnt *l, const struct lnt_node *node, const char *path)
{
	const char *slash = strrchr(node->file, '/');
	int n = slash ? (int)(slash - node->file) + 1 : 0;

	return mdl_print(l, "%.*s%s", n, node->file, shl_base(path));
}

/* T->buf is to be freed in any case. */
static bool script_text(struct lnt *l, const struct lnt_node *node, const struct lnt_script *script,
			struct text *t)
{
	const char *const *argv = (const char *const *)script->raw->command.argv, *word, *near;
	bool inline_text;

	*t = (struct text){ 0 };
	word = script_word(argv, &inline_text);
	if (!word)
		return false;
	if (inline_text) {
		t->buf = strdup(word);
		t->len = strlen(word);
		l->no_memory |= !t->buf;
		return t->buf;
	}
	near = strchr(word, '/') && l->host.script ? beside(l, node, word) : NULL;
	t->buf = near ? malloc(LNT_SCRIPT_MAX) : NULL;
	l->no_memory |= near && !t->buf;
	return t->buf && (read_path(l, near, t) || (*word == '/' && read_path(l, word, t)));
}

/* ---- script-slow ---- */

/* How long the script sleeps: always, and at most when every branch is taken once. */
static void add_sleeps(const struct text *t, int64_t *always, int64_t *most)
{
	struct shl_command c;
	struct shl s;

	*always = *most = 0;
	shl_open(&s, t->buf, t->len);
	while (shl_next(&s, &c)) {
		int64_t us = shl_sleep_us(&c);

		if (c.always && strcmp(c.words[0].text, "exit") == 0)
			return;
		if (us < 0)
			continue;
		*most += us;
		*always += c.always ? us : 0;
	}
}

static void say_slow(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
		     const struct lnt_script *s, int64_t always, int64_t most)
{
	bool given = bld_has(s->raw, "timeout");
	struct diag_pos pos = bld_at(s->raw, given ? "timeout" : "interval");
	const char *limit = given ? "its timeout" : "its interval, as no timeout is given";
	struct lnt_said *said;

	if (always >= s->timeout_us)
		said = lnt_say(l, rule, node, &pos,
			       "the script of '%.60s' sleeps %g s and is ended after %g s (%s): "
			       "this check always fails",
			       s->name, seconds(always), seconds(s->timeout_us), limit);
	else if (most >= s->timeout_us)
		said = lnt_say(l, rule, node, &pos,
			       "the script of '%.60s' can sleep %g s and is ended after %g s (%s): "
			       "what stands behind its last 'sleep' is then never reached, and the "
			       "check has failed",
			       s->name, seconds(most), seconds(s->timeout_us), limit);
	else if (always >= s->interval_us)
		said = lnt_say(l, rule, node, &pos,
			       "the script of '%.60s' sleeps %g s, longer than its interval of %g "
			       "s: runs are skipped, and a failure is noticed later",
			       s->name, seconds(always), seconds(s->interval_us));
	else
		return;
	lnt_instead(l, said, "an interval longer than %g s%s, or less sleep in the script",
		  seconds(most >= s->timeout_us ? most : always),
		  most >= s->timeout_us ? ", or a longer 'timeout'" : "");
}

void rule_script_slow(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node,
		      const struct lnt_script *script)
{
	int64_t always, most;
	struct text t;

	if (script_text(l, node, script, &t)) {
		add_sleeps(&t, &always, &most);
		say_slow(l, rule, node, script, always, most);
	}
	free(t.buf);
}

/* ---- script-stops ---- */

static void say_stops(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
		      const struct lnt_script *s, const struct diag_pos *pos)
{
	struct lnt_said *said;

	said = lnt_say(l, rule, node, pos,
		       "the check '%.60s' stops the failover daemon itself: the address moves, but "
		       "this node does not come back when the service does; somebody has to start "
		       "the daemon again",
		       s->name);
	lnt_instead(l, said,
		    "'exit 1' there, and 'weight 0' for '%.60s': the node gives the address up, "
		    "and takes part again when the check succeeds",
		    s->name);
}

/* Runs over TEXT as over a script of its own: sh -c "...", os.system("..."). */
static bool inner_stops(const char *text)
{
	struct shl_command c;
	struct shl s;

	shl_open(&s, text, strlen(text));
	while (shl_next(&s, &c)) {
		if (shl_stops_daemon(&c))
			return true;
	}
	return false;
}

/* subprocess.call(["service", "keepalived", "stop"]) */
static bool list_stops(const struct shl_command *c)
{
	char text[SHL_TEXT] = "";
	size_t used = 0;

	for (size_t i = 0; i < c->n && *c->words[0].text == '[' && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s ", c->words[i].text);
	for (char *p = text; *p; p++) {
		if (strchr("[],", *p))
			*p = ' ';
	}
	return inner_stops(text);
}

/* What such a word stands behind is run, not printed. */
static bool runs_words(const struct shl_command *c)
{
	static const char *const runners[] = {
		"sh", "bash", "dash", "su", "sudo", "eval", "exec", "timeout", "nohup", NULL
	};
	const char *base = shl_base(c->words[0].text);

	if (strchr(c->words[0].text, ' '))
		return true;
	for (size_t i = 0; runners[i]; i++) {
		if (strcmp(base, runners[i]) == 0)
			return true;
	}
	return false;
}

static bool command_stops(const struct shl_command *c)
{
	if (shl_stops_daemon(c) || list_stops(c))
		return true;
	for (size_t i = 0; i < c->n && runs_words(c); i++) {
		if (strchr(c->words[i].text, ' ') && inner_stops(c->words[i].text))
			return true;
	}
	return false;
}

void rule_script_stops(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node,
		       const struct lnt_script *script)
{
	const char *const *argv = (const char *const *)script->raw->command.argv;
	struct diag_pos pos = bld_at(script->raw, "script");
	struct shl_command c = { .n = 0, .rest = "" };
	struct text t;
	struct shl s;

	while (*argv && c.n < SHL_WORDS)
		c.words[c.n++] = (struct shl_word){ .text = *argv++ };
	if (command_stops(&c)) {
		say_stops(l, rule, node, script, &pos);
		return;
	}
	if (!script_text(l, node, script, &t))
		t.len = 0;
	shl_open(&s, t.buf, t.len);
	while (t.len > 0 && shl_next(&s, &c)) {
		struct diag_pos at = { .file = t.path,
				       .line = c.words[0].line,
				       .col = c.words[0].col };

		if (!command_stops(&c))
			continue;
		say_stops(l, rule, node, script, t.path ? &at : &pos);
		break;
	}
	free(t.buf);
}

/* ---- timeouts ---- */

static int64_t down_us(const struct lnt_inst *inst)
{
	return tim_down_us(inst->version, inst->priority, inst->adver_int_us, inst->down_adverts);
}

/* How many failures in a row count. */
static int64_t falls(const struct lnt_script *script)
{
	return bld_or(script->raw->fall, 1);
}

/* How long it takes at most until the failure of SCRIPT has an effect: when it fails at once. */
static int64_t failed_us(const struct lnt_script *script)
{
	return falls(script) * script->interval_us;
}

/* The same when it hangs: its next run waits for the end of the last one. */
static int64_t hung_us(const struct lnt_script *script)
{
	int64_t between = script->interval_us > script->timeout_us ? script->interval_us :
			  script->timeout_us;

	return script->interval_us + (falls(script) - 1) * between + script->timeout_us;
}

/* A few seconds more than for a dead node are what checks cost. */
static bool is_slow(const struct lnt_inst *inst, const struct lnt_script *script)
{
	int64_t slow_us = 3 * down_us(inst);

	return failed_us(script) > (slow_us > SLOW_US ? slow_us : SLOW_US);
}

/* True when rule_timeout_down() speaks about SCRIPT. */
static bool exceeds_down(const struct lnt_inst *inst, const struct lnt_script *script)
{
	return is_slow(inst, script) ||
	       (bld_has(script->raw, "timeout") && script->timeout_us > down_us(inst));
}

/* The word that delays the failover most. */
static const char *slowest(const struct lnt_script *script)
{
	if (bld_has(script->raw, "timeout") && script->timeout_us > failed_us(script))
		return "timeout";
	return falls(script) * SLOW_US > script->interval_us * 10 ? "fall" : "interval";
}

void rule_timeout_interval(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node,
			   const struct lnt_script *script)
{
	struct diag_pos pos = bld_at(script->raw, "timeout");
	struct lnt_said *said;

	if (script->timeout_us <= script->interval_us)
		return;
	for (size_t i = 0; i < node->n_insts; i++) {
		for (size_t k = 0; k < node->insts[i].n_refs; k++) {
			if (node->insts[i].refs[k].script == script &&
			    exceeds_down(&node->insts[i], script))
				return;
		}
	}
	said = lnt_say(l, rule, node, &pos,
		       "'%.60s' may take %g s, longer than its interval of %g s: while it does, "
		       "runs are skipped",
		       script->name, seconds(script->timeout_us), seconds(script->interval_us));
	lnt_instead(l, said,
		  "leave it, if only a repair takes so long; else a timeout up to the interval");
}

void rule_timeout_down(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	for (size_t i = 0; i < inst->n_refs; i++) {
		const struct lnt_script *script = inst->refs[i].script;
		struct lnt_said *said;
		struct diag_pos pos;
		const char *word;

		if (!script || !exceeds_down(inst, script))
			continue;
		word = slowest(script);
		pos = bld_at(script->raw, word);
		said = lnt_say(l, rule, inst->node, &pos,
			       "when '%.60s' fails, that counts after up to %g s (%lld failure%s, "
			       "every %g s), and when it hangs, after up to %g s; a dead node is "
			       "replaced after %.1f s (Master_Down_Interval)",
			       script->name, seconds(failed_us(script)),
			       (long long)falls(script), falls(script) == 1 ? "" : "s in a row",
			       seconds(script->interval_us), seconds(hung_us(script)),
			       seconds(down_us(inst)));
		lnt_instead(l, said, "a smaller '%s', unless the script repairs something and may "
			    "take so long", word);
	}
}
