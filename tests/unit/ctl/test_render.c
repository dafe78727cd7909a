/* Answers as people see them, and answers that are none. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/layout.h"
#include "ctl/render.h"
#include "ctl/text.h"
#include "ctl/words.h"

static const struct ren_options plain = { .colour = false };

typedef void render_fn(const json_t *, const struct ren_options *, FILE *);

static json_t *load(const char *text)
{
	json_error_t error;
	json_t *j = json_loads(text, 0, &error);

	ck_assert_msg(j != NULL, "line %d column %d: %s", error.line, error.column, error.text);
	return j;
}

/* What RENDER makes of the JSON in TEXT; to be freed. */
static char *rendered(render_fn *render, const char *text, const struct ren_options *o)
{
	json_t *answer = load(text);
	char *out = NULL;
	size_t len;
	FILE *to = open_memstream(&out, &len);

	render(answer, o, to);
	fclose(to);
	json_decref(answer);
	return out;
}

#define MASTER_ADDRESS \
	"{'address': '192.168.16.130/32', 'interface': 'eth0', 'excluded': false, 'held': true," \
	" 'pending': false, 'error': null}"
#define COUNTERS \
	"{'adverts_received': 3, 'adverts_sent': 192, 'became_master': 1, 'released_master': 0," \
	" 'send_errors': 2, 'rejects': {'ttl': 0, 'checksum': 3}}"
#define VI_1 \
	"{'name': 'VI_1', 'interface': 'eth0', 'vrid': 1, 'version': 2, 'state': 'MASTER'," \
	" 'since': '2026-11-20T19:19:41.734123Z', 'age_s': 192.4, 'why': 'no master was heard'," \
	" 'cause': 'master-down-timer', 'base_priority': 100, 'effective_priority': 102," \
	" 'priority_parts': [{'kind': 'check', 'name': 'chk_haproxy', 'delta': 2}]," \
	" 'preempt': true, 'faults': [], 'source': '192.168.16.128'," \
	" 'master': {'address': '192.168.16.128', 'self': true, 'priority': 102," \
	" 'last_advert_age_s': null, 'advert_interval_s': 1.0}," \
	" 'addresses': [" MASTER_ADDRESS "], 'counters': " COUNTERS "," \
	" 'notify': {'script': '/n/up', 'running_s': 12, 'waiting': 2}," \
	" 'send_error': 'Network is unreachable', 'next_timer_s': 0.42}"
#define VI_2 \
	"{'name': '\xe5\x85\xa7\xe9\x83\xa8', 'interface': 'eth1', 'vrid': 51, 'version': 3," \
	" 'state': 'FAULT', 'since': '2026-11-20T19:19:41.734123Z', 'age_s': 8.13," \
	" 'why': 'the host became unfit', 'base_priority': 250, 'effective_priority': 254," \
	" 'priority_parts': [{'kind': 'check', 'name': 'a', 'delta': 20}," \
	" {'kind': 'interface', 'name': 'eth1', 'delta': -3}," \
	" {'kind': 'limit', 'name': null, 'delta': -13}], 'preempt': false," \
	" 'faults': [{'fault': 'check-failed', 'sentence': 'a tracked script has failed'," \
	" 'subjects': [{'kind': 'check', 'name': 'a'}, {'kind': 'check', 'name': 'b'}]}," \
	" {'fault': 'interface-down', 'sentence': 'the interface is down'," \
	" 'subjects': [{'kind': 'interface', 'name': 'eth1'}]}]," \
	" 'source': null, 'master': {'address': 'fe80::aaaa:bbbb:cccc:dddd', 'self': false," \
	" 'priority': 100, 'last_advert_age_s': 0.53, 'advert_interval_s': 0.01}," \
	" 'addresses': [{'address': '2001:db8:1234:5678:9abc:def0:1234:5678/64'," \
	" 'interface': 'eth1', 'excluded': true, 'held': false, 'pending': true," \
	" 'error': 'Operation not permitted'}, {'address': 'fe80::1/64', 'interface': 'eth1'," \
	" 'excluded': false, 'held': false, 'pending': false, 'error': null}]," \
	" 'counters': {'rejects': {}}, 'send_error': null, 'next_timer_s': null}"
#define CHECKS \
	"[{'name': 'chk_haproxy', 'verdict': 'good', 'result': 'good', 'code': 0, 'detail': null," \
	" 'running': false, 'running_s': null, 'took_ms': 12.345, 'age_s': 3.2, 'streak': 0," \
	" 'rise': 1, 'fall': 1}," \
	" {'name': 'a', 'verdict': 'failed', 'result': 'cannot-run', 'code': 2," \
	" 'detail': '/etc/keepalived/a.sh: there is no such file in /etc/keepalived'," \
	" 'running': false, 'running_s': null, 'took_ms': 0.2, 'age_s': 72.2, 'streak': 1," \
	" 'rise': 3, 'fall': 1}," \
	" {'name': 'b\\u001b[31m', 'verdict': 'good', 'result': 'signal', 'code': 9," \
	" 'detail': null, 'running': true, 'running_s': 2.5, 'took_ms': 5002.1, 'age_s': 0.2," \
	" 'streak': 1, 'rise': 1, 'fall': 3}]"
#define ANSWER(instances, refused) \
	"{'ok': true, 'version': 1, 'pid': 812, 'daemon': {'version': '0.1.0'," \
	" 'router_id': 'NodeA', 'uptime_s': 11532.48," \
	" 'config_files': ['/etc/k.conf', '/etc/b.conf']," \
	" 'reloads': 0, 'reload_refused': " refused ", 'rejects': {}}," \
	" 'instances': [" instances "], 'checks': " CHECKS "," \
	" 'interfaces': [{'name': 'eth0', 'exists': true, 'up': true}," \
	" {'name': 'eth1', 'exists': true, 'up': false, 'flooded': true}]}"

/* The JSON above with the quotes that JSON wants. */
static char *json_of(const char *text)
{
	char *copy = strdup(text);

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	return copy;
}

static void expect(render_fn *render, const char *text, const char *wanted)
{
	char *json = json_of(text);
	char *out = rendered(render, json, &plain);

	ck_assert_str_eq(out, wanted);
	free(out);
	free(json);
}

START_TEST(overview_is_a_line_an_instance_and_what_is_wrong)
{
	expect(ren_overview,
	       ANSWER(VI_1 ", " VI_2, "{'error': '/etc/k.conf:14:3: error: unknown keyword',"
		      " 'age_s': 72.2}"),
	       "holdfastd 0.1.0, pid 812, up 3 h 12 min, configuration /etc/k.conf and 1 more\n"
	       "The last reload was refused 1 min 12 s ago: /etc/k.conf:14:3: error: unknown\n"
	       "  keyword\n"
	       "\n"
	       "INSTANCE  STATE   FOR    PRIO  MASTER                     HELD  ADDRESSES\n"
	       "VI_1      MASTER  3m12s  102   this host                  1/1  "
	       "192.168.16.130/32\n"
	       "\xe5\x85\xa7\xe9\x83\xa8      FAULT   8.1s   254   "
	       "fe80::aaaa:bbbb:cccc:dddd  0/2\n"
	       "    2001:db8:1234:5678:9abc:def0:1234:5678/64 +1\n"
	       "\xe5\x85\xa7\xe9\x83\xa8: a tracked script has failed (a, b); "
	       "the interface is down (eth1)\n"
	       "\xe5\x85\xa7\xe9\x83\xa8: 2001:db8:1234:5678:9abc:def0:1234:5678/64: "
	       "Operation not permitted\n"
	       "eth1: flooded with VRRP packets that no instance here wants\n"
	       "\n"
	       "CHECK        VERDICT  RESULT           TOOK   AGO    TURNING\n"
	       "chk_haproxy  good     exit 0           12ms   3.2s\n"
	       "a            failed   cannot run       0.2ms  1m12s  1 of 3 successes\n"
	       "b?[31m       good     signal 9 (KILL)  5.0s   0.2s   1 of 3 failures\n"
	       "a: /etc/keepalived/a.sh: there is no such file in /etc/keepalived\n");
}
END_TEST

/* What people look for when an instance is missing. */
START_TEST(errors_of_the_configuration_are_told)
{
	expect(ren_overview,
	       "{'pid': 1, 'daemon': {'version': '1', 'uptime_s': 0.5, 'config_files': ['a'],"
	       " 'config_errors': 2}, 'instances': []}",
	       "holdfastd 1, pid 1, up 0.5 s, configuration a\n"
	       "The configuration has 2 errors, and what has one is left out: holdfastd -t names\n"
	       "  it.\n\nThere is no instance.\n");
}
END_TEST

START_TEST(what_an_instance_tracks_is_told)
{
	char *json = json_of("{'instances': [{'name': 'a', 'interface': 'eth0'}], 'checks':"
			     " [{'name': 'c', 'script': '/s', 'interval_s': 2, 'verdict': 'good'}],"
			     " 'interfaces': [{'name': 'eth0', 'exists': true, 'up': true},"
			     " {'name': 'eth1', 'exists': true, 'up': false}, {'name': 'eth2'}]}");
	char *out = rendered(ren_instance, json, &plain);

	ck_assert_ptr_nonnull(strstr(out, "  interfaces  eth1 down, eth2 missing\n"));
	ck_assert_ptr_nonnull(strstr(out, "  checks      c (/s every 2 s): good, "));
	free(out);
	free(json);
}
END_TEST

START_TEST(overview_of_nothing)
{
	expect(ren_overview,
	       "{'pid': 1, 'daemon': {'version': '1', 'uptime_s': 0.5, 'config_files': ['a'],"
	       " 'reload_refused': null}, 'instances': [], 'checks': [], 'interfaces': []}",
	       "holdfastd 1, pid 1, up 0.5 s, configuration a\n\nThere is no instance.\n");
}
END_TEST

START_TEST(a_master_in_detail)
{
	expect(ren_instance, ANSWER(VI_1, "null"),
	       "VI_1: MASTER for 3 min 12 s, since 2026-11-20 19:19:41.734 UTC\n"
	       "  why         no master was heard\n"
	       "  priority    102 = 100 + 2 (check chk_haproxy)\n"
	       "  VRRP        VRID 1 on eth0 (up), version 2, source 192.168.16.128\n"
	       "  master      this host, 192.168.16.128, priority 102, every 1 s\n"
	       "  next timer  in 0.4 s\n"
	       "  addresses   192.168.16.130/32 on eth0: held\n"
	       "  interfaces  eth1 down\n"
	       "  checks      chk_haproxy: good, exit 0, took 12 ms, 3.2 s ago\n"
	       "              a: failed, cannot run, took 0.2 ms, 1 min 12 s ago, 1 of 3\n"
	       "              successes: /etc/keepalived/a.sh: there is no such file in\n"
	       "              /etc/keepalived\n"
	       "              b?[31m: good, signal 9 (KILL), took 5.0 s, 0.2 s ago, "
	       "running for\n"
	       "              2.5 s, 1 of 3 failures\n"
	       "  notify      /n/up has run for 12 s, 2 more wait for it\n"
	       "  counters    adverts received 3, adverts sent 192, became master 1, "
	       "send errors\n              2\n"
	       "  rejected    checksum 3\n"
	       "  send error  Network is unreachable\n");
}
END_TEST

START_TEST(a_fault_in_detail)
{
	char *json = json_of(ANSWER(VI_2, "null"));
	char *out = rendered(ren_instance, json, &plain);

	ck_assert_ptr_nonnull(strstr(out, "  faults      a tracked script has failed (a, b); the "
					  "interface is down (eth1)\n"));
	ck_assert_ptr_nonnull(strstr(out, "  priority    254 = 250 + 20 (check a) - 3 (interface "
					  "eth1) - 13 (limit)\n"));
	ck_assert_ptr_nonnull(strstr(out, "  VRRP        VRID 51 on eth1 (down), version 3, source "
					  "-, nopreempt\n"));
	ck_assert_ptr_nonnull(strstr(out, "  master      fe80::aaaa:bbbb:cccc:dddd, priority 100, "
					  "last advert 0.5 s ago,\n              every "
					  "0.01 s\n"));
	ck_assert_ptr_nonnull(strstr(out, "/64 on eth1: not held,\n"
					  "              changing, not advertised, Operation not "
					  "permitted\n"
					  "              fe80::1/64 on eth1: not held\n"));
	ck_assert_ptr_null(strstr(out, "counters"));
	ck_assert_ptr_null(strstr(out, "next timer"));
	free(out);
	free(json);
}
END_TEST

static void check_widths(const char *out, size_t columns)
{
	char *copy = strdup(out);

	for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(txt_width(line, strlen(line)) <= columns, "wider than %zu: '%s'",
			      columns, line);
	free(copy);
}

#define LONG_NAME "an-instance-of-a-very-long-name-that-does-not-fit-anywhere-"
#define WIDE_NAME "\xe5\x85\xa7\xe9\x83\xa8\xe5\x85\xa7\xe9\x83\xa8"
#define NAMED(name, state) \
	"{'name': '" name "', 'interface': 'interface0123456', 'state': '" state "'," \
	" 'age_s': 192, 'effective_priority': 100, 'why': 'x', 'master': {'self': true}," \
	" 'faults': [{'sentence': 'the interface is down', 'subjects': [{'name': '" name "'}]}]," \
	" 'addresses': [" MASTER_ADDRESS "]}"
#define WITH(instances) "{'pid': 1, 'daemon': {}, 'checks': [], 'instances': [" instances "]}"

START_TEST(no_line_is_wider_than_the_terminal)
{
	static const char *const answers[] = {
		ANSWER(VI_1 ", " VI_2, "{'error': 'a b c d e f g h i j k l m n o p q r s t u v w x"
		       " y z a b c d e f g h i j k l m n o p q r s t u v w x y z', 'age_s': 1.0}"),
		WITH(NAMED("VI_1", "MASTER") ", " NAMED(LONG_NAME "1", "FAULT") ", "
		     NAMED(LONG_NAME LONG_NAME "2", "BACKUP") ", "
		     NAMED("two words", "INIT")),
		WITH(NAMED(WIDE_NAME WIDE_NAME WIDE_NAME WIDE_NAME WIDE_NAME, "MASTER")),
	};
	static const size_t widths[] = { LAY_COLUMNS_LEAST, 37, 40, 79, 80, 81, 120, 300 };
	render_fn *const renderers[] = { ren_overview, ren_instance };

	for (size_t a = 0; a < sizeof(answers) / sizeof(answers[0]); a++) {
		char *json = json_of(answers[a]);

		for (size_t i = 0; i < 2 * sizeof(widths) / sizeof(widths[0]); i++) {
			const struct ren_options o = { .columns = widths[i / 2] };
			char *out = rendered(renderers[i % 2], json, &o);

			check_widths(out, widths[i / 2]);
			free(out);
		}
		free(json);
	}
}
END_TEST

START_TEST(a_long_name_is_whole_and_beside_its_state)
{
	char *json = json_of(WITH(NAMED("VI_1", "MASTER") ", " NAMED(LONG_NAME "1", "FAULT") ", "
				  NAMED(LONG_NAME "2", "BACKUP")));
	char *out = rendered(ren_overview, json, &plain);
	const struct ren_options wide = { .columns = 150 };

	ck_assert_ptr_nonnull(strstr(out,
		"INSTANCE                 STATE   FOR    PRIO  MASTER     HELD  ADDRESSES\n"
		"VI_1                     MASTER  3m12s  100   this host  1/1   192.168.16.130/32\n"
		LONG_NAME "1  FAULT\n"
		"                                 3m12s  100   this host  1/1   192.168.16.130/32\n"
		LONG_NAME "2  BACKUP\n"));
	free(out);
	out = rendered(ren_overview, json, &wide);
	ck_assert_ptr_nonnull(strstr(out, LONG_NAME "1  FAULT   3m12s  100   this host  1/1   "
				     "192.168.16.130/32\n"));
	ck_assert_ptr_nonnull(strstr(out, "VI_1                                                 "
				     "         MASTER  3m12s"));
	free(out);
	free(json);
}
END_TEST

/* Spaces belong to a name; what cannot be shown is marked, and a cut is. */
START_TEST(names_that_differ_look_different)
{
	char *json = json_of(WITH(NAMED("a b", "MASTER") ", " NAMED("a  b", "FAULT")));
	char *out = rendered(ren_overview, json, &plain);
	char octets[WRD_MAX + 8];
	json_t *o;
	struct wrd w;

	ck_assert_ptr_nonnull(strstr(out, "\na b: the interface is down (a b)\n"));
	ck_assert_ptr_nonnull(strstr(out, "\na  b: the interface is down (a  b)\n"));
	free(out);
	free(json);
	for (size_t len = WRD_MAX - 6; len < WRD_MAX + 4; len++) {
		memset(octets, 'x', len);
		memcpy(octets + len, "\xe5\x85\xa7", 4);
		o = json_pack("{s:s}", "name", octets);
		wrd_clear(&w);
		wrd_string(&w, o, "name");
		ck_assert(txt_is_utf8(w.s));
		ck_assert_str_eq(w.s + w.len - 3, len + 3 < WRD_MAX ? "\xe5\x85\xa7" : "...");
		json_decref(o);
	}
}
END_TEST

#define MANY 1000

START_TEST(a_thousand_instances)
{
	json_t *answer = json_pack("{s:{}, s:[], s:[]}", "daemon", "checks", "instances");
	char *out = NULL, *text;
	json_t *rows = json_object_get(answer, "instances"), *name;
	size_t n = 0;

	for (int i = 0; i < MANY; i++) {
		name = json_sprintf(i == 500 ? LONG_NAME "%d" : "VI_%d", i);
		json_array_append_new(rows, json_pack("{s:o, s:s, s:i}", "name", name, "state",
						      "BACKUP", "age_s", 86400));
	}
	text = json_dumps(answer, 0);
	out = rendered(ren_overview, text, &plain);
	check_widths(out, LAY_COLUMNS);
	for (char *at = out; (at = strchr(at, '\n')); at++)
		n++;
	/* The daemon, an empty line, titles, one name that takes two lines. */
	ck_assert_uint_eq(n, MANY + 4);
	free(out);
	free(text);
	json_decref(answer);
}
END_TEST

START_TEST(colours_only_when_wanted)
{
	const struct ren_options coloured = { .colour = true };
	char *json = json_of(ANSWER(VI_1 ", " VI_2, "null"));
	char *out = rendered(ren_overview, json, &plain);

	ck_assert_ptr_null(strchr(out, '\033'));
	free(out);
	out = rendered(ren_overview, json, &coloured);
	ck_assert_ptr_nonnull(strstr(out, "\033[32mMASTER\033[0m  3m12s"));
	ck_assert_ptr_nonnull(strstr(out, "\033[31mFAULT\033[0m   8.1s"));
	free(out);
	free(json);
}
END_TEST

static void clock_on_the_wall(const char *iso, char *buf, size_t size)
{
	snprintf(buf, size, "<%s>", iso);
}

START_TEST(an_event_is_a_line)
{
	const struct ren_options local = { .local_time = clock_on_the_wall };
	const char *json = "{\"time\": \"2026-11-20T19:19:41.734123Z\", \"suppressed\": 0,"
			   " \"text\": \"(VI_1) Entering MASTER STATE\\u001b[2J\\nx\"}";
	char *out;

	expect(ren_event, json,
	       "2026-11-20 19:19:41.734 UTC  (VI_1) Entering MASTER STATE?[2J?x\n");
	out = rendered(ren_event, json, &local);
	ck_assert_str_eq(out,
			 "<2026-11-20T19:19:41.734123Z>  (VI_1) Entering MASTER STATE?[2J?x\n");
	free(out);
	expect(ren_event, "{'time': 'x', 'text': 'a', 'suppressed': 7}",
	       "-  a (7 similar events suppressed)\n");
}
END_TEST

#define CROOKED \
	"{\"instances\": [1, null, {}, {\"addresses\": [1, {}], \"faults\": [[], {}]," \
	" \"priority_parts\": [1], \"counters\": {\"a\": \"b\", \"rejects\": 3}," \
	" \"master\": {\"self\": 3}, \"age_s\": \"x\"}], \"checks\": [{}, [], 1]}"
#define HUGE_NUMBERS \
	"{\"instances\": [{\"age_s\": -1e300, \"next_timer_s\": 1e300}]," \
	" \"daemon\": {\"uptime_s\": 1e300}}"

START_TEST(answers_of_another_shape_are_endured)
{
	static const char *const cases[] = {
		"{}", "[]", "{\"instances\": 1, \"checks\": \"x\", \"daemon\": []}",
		CROOKED,
		HUGE_NUMBERS,
	};
	render_fn *const renderers[] = { ren_overview, ren_instance, ren_event };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t k = 0; k < sizeof(renderers) / sizeof(renderers[0]); k++) {
			char *out = rendered(renderers[k], cases[i], &plain);

			ck_assert_uint_gt(strlen(out), 0);
			free(out);
		}
	}
}
END_TEST

START_TEST(durations)
{
	static const struct {
		double s;
		const char *text;
	} cases[] = {
		{ -1, "0.0 s" }, { 0, "0.0 s" }, { 0.04, "0.0 s" }, { 0.4, "0.4 s" },
		{ 9.94, "9.9 s" }, { 9.96, "9 s" }, { 59.9, "59 s" }, { 60, "1 min 00 s" },
		{ 3599, "59 min 59 s" }, { 3600, "1 h 00 min" }, { 86399, "23 h 59 min" },
		{ 86400, "1 d 0 h" }, { 864000, "10 d 0 h" }, { 1e300, "0 s" },
	}, ages[] = {
		{ 0.4, "0.4s" }, { 42, "42s" }, { 192, "3m12s" }, { 14700, "4h05m" },
		{ 273600, "3d4h" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *o = json_pack("{s:f}", "t", cases[i].s);
		struct wrd w;

		wrd_clear(&w);
		wrd_duration(&w, o, "t");
		ck_assert_str_eq(w.s, cases[i].text);
		json_decref(o);
	}
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		json_t *o = json_pack("{s:f}", "t", ages[i].s);
		struct wrd w;

		wrd_clear(&w);
		wrd_age(&w, o, "t");
		ck_assert_str_eq(w.s, ages[i].text);
		json_decref(o);
	}
}
END_TEST

START_TEST(a_phrase_that_is_too_long_is_cut)
{
	struct wrd w;

	wrd_clear(&w);
	for (int i = 0; i < WRD_MAX; i++)
		wrd_add(&w, "word %d, ", i);
	ck_assert_uint_eq(w.len, WRD_MAX - 1);
	ck_assert_uint_eq(strlen(w.s), WRD_MAX - 1);
	ck_assert_str_eq(w.s + WRD_MAX - 4, "...");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ctl/render");
	TCase *t = tcase_create("render");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, overview_is_a_line_an_instance_and_what_is_wrong);
	tcase_add_test(t, overview_of_nothing);
	tcase_add_test(t, errors_of_the_configuration_are_told);
	tcase_add_test(t, what_an_instance_tracks_is_told);
	tcase_add_test(t, a_master_in_detail);
	tcase_add_test(t, a_fault_in_detail);
	tcase_add_test(t, no_line_is_wider_than_the_terminal);
	tcase_add_test(t, a_long_name_is_whole_and_beside_its_state);
	tcase_add_test(t, names_that_differ_look_different);
	tcase_add_test(t, a_thousand_instances);
	tcase_add_test(t, colours_only_when_wanted);
	tcase_add_test(t, an_event_is_a_line);
	tcase_add_test(t, answers_of_another_shape_are_endured);
	tcase_add_test(t, durations);
	tcase_add_test(t, a_phrase_that_is_too_long_is_cut);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
