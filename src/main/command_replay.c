/*
 * What the daemon did, told again from its journal.
 *
 * The lines are those of the log, octet by octet, so that the two can be laid side by side;
 * what is said about the telling itself begins with "--". The exit status says whether the telling
 * is proven to be what the daemon decided.
 */
#include "main/command_replay.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/log.h"
#include "ctl/event.h"
#include "ctl/status.h"
#include "ctl/text.h"
#include "engine/journal.h"
#include "engine/replay.h"
#include "main/command.h"
#include "main/command_help.h"
#include "main/command_line.h"

#define US_PER_S 1000000
#define STAMP_MAX 40
#define READ_AGAIN 3
#define READ_AGAIN_MS 30

struct telling {
	bool json;
	const char *path;
	const char *instance;		/* or NULL: all */
	int64_t from_us;		/* wall clock; what was before is left out */
	bool instance_seen;
	char nearest[256];		/* the name that INSTANCE was perhaps meant to be, or "" */
	bool no_memory;
	uint64_t shown;
};

/* ---- printing ---- */

static const char *stamp(int64_t wall_us, char buf[static STAMP_MAX])
{
	time_t seconds = (time_t)(wall_us / US_PER_S);
	struct tm tm;
	size_t n;

	if (!localtime_r(&seconds, &tm))
		return "-";
	n = strftime(buf, STAMP_MAX, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(buf + n, STAMP_MAX - n, ".%03d", (int)(wall_us / 1000 % 1000));
	return buf;
}

/* One object, one line; ASCII only, so that nothing in it can steer a terminal. */
static void put_json(struct telling *t, json_t *object)
{
	if (object)
		json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	t->no_memory |= !object;
	putchar('\n');
	json_decref(object);
}

static json_t *with_time(int64_t wall_us)
{
	const struct sta_daemon utc = { .wall_ahead_us = 0 };

	return json_pack("{s:o}", "time", sta_time(&utc, wall_us));
}

static bool tracks(const struct vr_inst_conf *ic, uint16_t check)
{
	for (uint16_t i = 0; i < ic->n_track_checks; i++)
		if (ic->track_checks[i].index == check)
			return true;
	return false;
}

/* The instance's own lines, and those of the checks that it tracks. */
static bool concerns(const struct telling *t, const struct vr_config *conf,
		     const struct vr_trace *trace)
{
	if (!t->instance)
		return true;
	if (trace->inst != VR_NONE)
		return !strcmp(conf->insts[trace->inst].name, t->instance);
	for (uint16_t i = 0; i < conf->n_insts; i++)
		if (!strcmp(conf->insts[i].name, t->instance) &&
		    tracks(&conf->insts[i], trace->subject))
			return true;
	return false;
}

static void on_trace(void *ctx, int64_t wall_us, const struct vr_config *conf,
		     const struct vr_trace *trace, const char *text)
{
	struct telling *t = ctx;
	char clean[LOG_LINE_MAX], time[STAMP_MAX];

	if (wall_us < t->from_us || !concerns(t, conf, trace))
		return;
	t->shown++;
	if (t->json) {
		json_t *event = with_time(wall_us);

		t->no_memory |= !event || !evt_fill(event, conf, trace, text);
		put_json(t, event);
		return;
	}
	printf("%s %s\n", stamp(wall_us, time), txt_clean(text, clean, sizeof(clean)));
}

static void on_note(void *ctx, int64_t wall_us, enum rep_note note, const char *text)
{
	static const char *const words[] = {
		[REP_BEGIN] = "begin", [REP_GAP] = "gap", [REP_DAMAGED] = "damaged",
		[REP_DIFFERS] = "differs",
	};
	struct telling *t = ctx;
	char clean[LOG_LINE_MAX], time[STAMP_MAX];

	if (note == REP_BEGIN && wall_us < t->from_us)
		return;
	txt_clean(text, clean, sizeof(clean));
	if (t->json) {
		json_t *o = with_time(wall_us);

		t->no_memory |= !o || json_object_set_new(o, "note", json_string(words[note])) ||
				json_object_set_new(o, "text", json_string(clean));
		put_json(t, o);
		return;
	}
	printf("%s -- %s\n", stamp(wall_us, time), clean);
}

static void on_config(void *ctx, const struct vr_config *conf)
{
	struct telling *t = ctx;
	const char **names, *nearest;

	if (!t->instance)
		return;
	for (uint16_t i = 0; i < conf->n_insts; i++)
		t->instance_seen |= !strcmp(conf->insts[i].name, t->instance);
	names = t->instance_seen ? NULL : calloc(conf->n_insts + 1u, sizeof(*names));
	if (!names)
		return;
	for (uint16_t i = 0; i < conf->n_insts; i++)
		names[i] = conf->insts[i].name;
	nearest = word_nearest(t->instance, names);
	if (nearest)
		txt_clean(nearest, t->nearest, sizeof(t->nearest));
	free(names);
}

static void sum_up(struct telling *t, const struct rep_result *r)
{
	if (t->json) {
		put_json(t, json_pack("{s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I}}", "summary",
				      "events", (json_int_t)r->events, "lines",
				      (json_int_t)t->shown, "proven", (json_int_t)r->proven,
				      "differences", (json_int_t)r->differences, "lost",
				      (json_int_t)r->lost, "gaps", (json_int_t)r->gaps, "damaged",
				      (json_int_t)r->damaged));
		return;
	}
	printf("-- %" PRIu64 " events; the daemon decided the same in ", r->events);
	if (r->differences)
		printf("%" PRIu64 " steps, and something else in %" PRIu64 "\n", r->proven,
		       r->differences);
	else
		printf("all of the %" PRIu64 " steps that have a proof\n", r->proven);
}

/* ---- the file ---- */

static int fail(const char *path, const char *why)
{
	char clean[256];

	fprintf(stderr, "holdfastctl: %s: %s\n", txt_clean(path, clean, sizeof(clean)), why);
	return CMR_UNUSABLE;
}

/* All of FD's octets in *LEN; NULL: errno is set. A file may be growing, or be cut short. */
static uint8_t *read_all(int fd, size_t size, size_t *len)
{
	uint8_t *image = malloc(size + 1);

	*len = 0;
	while (image && *len < size) {
		ssize_t n = read(fd, image + *len, size - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(image);
			return NULL;
		}
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return image;
}

/* NULL: it has been told why. A fifo or a device must not stop us. */
static uint8_t *read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	uint8_t *image = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		fail(path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		fail(path, "it is not a regular file");
	else if ((uint64_t)st.st_size > JRN_SIZE_MOST)
		fail(path, "it is too long to be a journal");
	else if (!(image = read_all(fd, (size_t)st.st_size, len)))
		fail(path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return image;
}

static void hear_trace(void *ctx, int64_t wall_us, const struct vr_config *conf,
		       const struct vr_trace *trace, const char *text)
{
	(void)ctx;
	(void)wall_us;
	(void)conf;
	(void)trace;
	(void)text;
}

static void hear_note(void *ctx, int64_t wall_us, enum rep_note note, const char *text)
{
	(void)ctx;
	(void)wall_us;
	(void)note;
	(void)text;
}

static void hear_config(void *ctx, const struct vr_config *conf)
{
	(void)ctx;
	(void)conf;
}

/* Somebody may be writing the file at this moment: what looks damaged is read again. */
static uint8_t *read_whole(const char *path, size_t *len)
{
	static const struct rep_handlers silent = {
		.trace = hear_trace, .note = hear_note, .config = hear_config,
	};
	struct rep_result result;
	uint8_t *image = read_file(path, len);

	for (int again = 0; image && again < READ_AGAIN; again++) {
		if (rep_run(image, *len, &silent, &result) && !result.damaged)
			break;
		free(image);
		poll(NULL, 0, READ_AGAIN_MS);
		image = read_file(path, len);
	}
	return image;
}

static int no_instance(const struct telling *t)
{
	char why[sizeof(t->nearest) + 80];

	snprintf(why, sizeof(why), "there is no such instance in it%s%s%s",
		 t->nearest[0] ? " (did you mean '" : "", t->nearest, t->nearest[0] ? "'?)" : "");
	fail(t->path, why);
	return CMD_UNKNOWN_INSTANCE;
}

static int verdict(const struct telling *t, bool usable, const struct rep_result *r)
{
	if (t->no_memory)
		return fail(t->path, "there is no memory to tell it");
	if (!usable)
		return fail(t->path, r->why);
	if (t->instance && !t->instance_seen)
		return no_instance(t);
	if (r->differences)
		return CMR_DIFFERS;
	return r->damaged ? fail(t->path, r->why) : CMR_SAME;
}

static int replay(struct telling *t)
{
	struct rep_handlers handlers = {
		.ctx = t, .trace = on_trace, .note = on_note, .config = on_config,
	};
	struct rep_result result;
	size_t len;
	uint8_t *image = read_whole(t->path, &len);
	bool usable;

	if (!image)
		return CMR_UNUSABLE;
	usable = rep_run(image, len, &handlers, &result);
	free(image);
	if (usable)
		sum_up(t, &result);
	return verdict(t, usable, &result);
}

/* ---- arguments ---- */

static int usage(const char *what, const char *word)
{
	return cln_usage("replay", what, word, NULL);
}

/* The rest of a time behind its seconds: nothing, or a fraction as in the lines themselves. */
static bool is_fraction(const char *rest)
{
	return *rest == '\0' || (*rest == '.' && rest[1 + strspn(rest + 1, "0123456789")] == '\0');
}

/* A local time as the lines show it, or of today without a date. */
static bool parse_time(const char *text, int64_t *us)
{
	static const char *const forms[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d", "%H:%M:%S", "%H:%M",
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		time_t now = time(NULL), t;
		struct tm tm, at = { 0 };
		const char *rest = strptime(text, forms[i], &at);

		if (!rest || !is_fraction(rest) || (*rest && !strstr(forms[i], "%S")))
			continue;
		if (forms[i][1] == 'H') {
			if (!localtime_r(&now, &tm))
				return false;
			at.tm_year = tm.tm_year;
			at.tm_mon = tm.tm_mon;
			at.tm_mday = tm.tm_mday;
		}
		at.tm_isdst = -1;
		t = mktime(&at);
		*us = (int64_t)t * US_PER_S;
		if (*rest)
			*us += (int64_t)(strtod(rest, NULL) * US_PER_S);
		return t != (time_t)-1;
	}
	return false;
}

enum { OPT_INSTANCE = 256, OPT_FROM, OPT_JSON };

static const struct option options[] = {
	{ "instance", required_argument, NULL, OPT_INSTANCE },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* -1: go on, else the status to end with. */
static int parse(struct telling *t, int n, char **words)
{
	int o;

	optind = 0;			/* GNU: start afresh */
	opterr = 0;
	while ((o = getopt_long(n, words, ":h", options, NULL)) != -1) {
		switch (o) {
		case OPT_INSTANCE:
			t->instance = optarg;
			break;
		case OPT_FROM:
			if (!parse_time(optarg, &t->from_us))
				return usage("not a time, as in '2026-11-20 19:30:00' or '19:30':",
					     optarg);
			break;
		case OPT_JSON:
			t->json = true;
			break;
		case 'h':
			hlp_verb(CLN_REPLAY);
			return CMR_SAME;
		case ':':
			return usage("a value is missing behind", words[optind - 1]);
		default:
			return cln_bad_option("replay", words, options);
		}
	}
	if (n - optind == 1) {
		t->path = words[optind];
		return -1;
	}
	return n - optind < 1 ? usage("the name of a journal is missing behind", "replay") :
				usage("one word too many:", words[optind + 1]);
}

int cmr_main(int n, char **words, bool json)
{
	struct telling t = { .json = json, .from_us = INT64_MIN };
	int status = parse(&t, n, words);

	return status < 0 ? replay(&t) : status;
}
