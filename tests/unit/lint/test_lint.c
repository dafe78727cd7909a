/* The list of findings and its three forms; and lint on texts that nobody would write. */
#include <check.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/source.h"
#include "lint/render.h"

#define ROUNDS 1500

/* Files in memory. */
struct disk {
	const char *names[4];
	const char *texts[4];
	size_t lens[4];
	size_t n;
};

static enum src_result read_file(void *ctx, const char *path, struct src_text *out)
{
	const struct disk *d = ctx;

	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(path, d->names[i]) != 0)
			continue;
		*out = (struct src_text){ .text = malloc(d->lens[i] + 1), .len = d->lens[i] };
		ck_assert_ptr_nonnull(out->text);
		memcpy(out->text, d->texts[i], d->lens[i]);
		out->text[d->lens[i]] = '\0';
		return SRC_OK;
	}
	return SRC_MISSING;
}

static size_t match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	(void)ctx;
	(void)pattern;
	*paths = arena_array(arena, 1, sizeof(**paths));
	return 0;
}

static const char *nothing(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "");
}

static const char *no_env(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static uint32_t four(void *ctx)
{
	(void)ctx;
	return 4;
}

static void put(struct disk *d, const char *name, const char *text)
{
	d->names[d->n] = name;
	d->texts[d->n] = text;
	d->lens[d->n++] = strlen(text);
}

/* Lint over all files of D, each a node. */
static struct lnt *lint(struct disk *d)
{
	const struct source source = { .ctx = d, .read = read_file, .match = match,
				       .cwd = nothing, .host_name = nothing, .env = no_env,
				       .random = four };
	const struct cfg_options how = { .config_id = "", .source = &source };
	struct lnt *l = lnt_new(NULL);

	ck_assert_ptr_nonnull(l);
	for (size_t i = 0; i < d->n; i++) {
		struct diag_list said;

		diag_init(&said);
		cfg_free(cfg_load_text(d->names[i], d->texts[i], d->lens[i], &how, &said));
		ck_assert(lnt_add(l, d->names[i], &how, &said));
		diag_free(&said);
	}
	ck_assert(lnt_run(l));
	return l;
}

#define WITH(name, vrid, priority, more) \
	"vrrp_instance " name " {\n" \
	"    interface eth0\n" \
	"    virtual_router_id " vrid "\n" \
	"    priority " priority "\n" more \
	"    virtual_ipaddress {\n" \
	"        192.0.2.1/24\n" \
	"    }\n" \
	"}\n"
#define SECRET "    authentication {\n        auth_type PASS\n        auth_pass Hush#Hush\n    }\n"
#define CHECK "vrrp_script chk {\n    script \"/bin/true\"\n    weight 2\n}\n"
#define TRACK "    track_script {\n        chk\n    }\n"

static char *text_of(const struct lnt *l)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	rnd_text(l, f);
	fclose(f);
	return text;
}

static json_t *json_of(const struct lnt *l)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	json_t *doc;

	ck_assert(rnd_json(l, f));
	fclose(f);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	doc = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(doc);
	free(text);
	return doc;
}

static const char *string_at(const json_t *finding, const char *key)
{
	return json_string_value(json_object_get(finding, key));
}

START_TEST(one_document)
{
	struct disk d = { .n = 0 };
	struct lnt *l;
	json_t *doc, *f;

	put(&d, "x/a.conf", CHECK WITH("web", "30", "100", TRACK));
	put(&d, "x/b.conf", CHECK WITH("web", "30", "80", TRACK));
	l = lint(&d);
	doc = json_of(l);
	ck_assert_int_eq(json_integer_value(json_object_get(doc, "version")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(doc, "warnings")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(doc, "errors")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(doc, "files")), 2);
	ck_assert_uint_eq(json_array_size(json_object_get(doc, "findings")), 2);
	f = json_array_get(json_object_get(doc, "findings"), 0);
	ck_assert_str_eq(string_at(f, "id"), "weight-never");
	ck_assert_str_eq(string_at(f, "severity"), "warning");
	ck_assert_str_eq(string_at(f, "file"), "x/a.conf");
	ck_assert_int_eq(json_integer_value(json_object_get(f, "line")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(f, "column")), 5);
	ck_assert_uint_eq(json_array_size(json_object_get(f, "details")), 2);
	ck_assert_ptr_nonnull(strstr(string_at(f, "what"), "'chk' can never move 192.0.2.1"));
	ck_assert_ptr_nonnull(strstr(string_at(f, "instead"), "'weight 21'"));
	ck_assert_int_eq(lnt_worst(l), DIAG_WARNING);
	json_decref(doc);
	lnt_free(l);
}
END_TEST

START_TEST(one_sentence_for_t)
{
	struct disk d = { .n = 0 };
	struct diag_list out;
	struct lnt *l;
	char line[1024];

	put(&d, "a.conf", WITH("web", "30", "100", "    state MASTER\n    nopreempt\n    foo\n"));
	l = lint(&d);
	diag_init(&out);
	rnd_diags(l, &out);
	ck_assert_uint_eq(out.n, 3);
	ck_assert_ptr_nonnull(strstr(out.v[0].text, "[auth-none]"));
	diag_text(&out.v[1], line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, "a.conf:6:5: warning: 'nopreempt' has no effect"));
	ck_assert_ptr_nonnull(strstr(line, "; instead: 'state BACKUP' on every node"));
	ck_assert_ptr_nonnull(strstr(line, " [master-nopreempt]"));
	diag_text(&out.v[2], line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, "a.conf:7:5: warning: unknown keyword 'foo'"));
	ck_assert_ptr_null(strstr(line, "[config]"));
	diag_free(&out);
	lnt_free(l);
}
END_TEST

/* What stands in a password is in no form of the findings, however it is cut. */
START_TEST(no_secrets)
{
	static const char *const parts[] = { "Hush", "Psst" };
	struct disk d = { .n = 0 };
	struct lnt *l;
	json_t *doc;
	char *text, *json;

	put(&d, "a.conf", WITH("web", "51", "100", SECRET));
	put(&d, "b.conf", WITH("web", "51", "80", "    authentication {\n        auth_type PASS\n"
			       "        auth_pass Psst!Psst#Psst!\n    }\n"));
	l = lint(&d);
	text = text_of(l);
	doc = json_of(l);
	json = json_dumps(doc, 0);
	ck_assert_ptr_nonnull(strstr(text, "[auth-differs]"));
	ck_assert_ptr_nonnull(strstr(text, "[value-cut]"));
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_null(strstr(text, parts[i]));
		ck_assert_ptr_null(strstr(json, parts[i]));
	}
	free(text);
	free(json);
	json_decref(doc);
	lnt_free(l);
}
END_TEST

START_TEST(strange_octets)
{
	struct disk d = { .n = 0 };
	struct lnt *l;
	char *text;

	put(&d, "a.conf", WITH("w\x1b[31m", "30", "100", "") WITH("w\xff", "31", "90", ""));
	put(&d, "b.conf", WITH("other", "32", "100", ""));
	l = lint(&d);
	text = text_of(l);
	ck_assert_ptr_nonnull(strstr(text, "[vrid-differs]"));
	ck_assert_ptr_null(strchr(text, '\x1b'));
	json_decref(json_of(l));
	free(text);
	lnt_free(l);
}
END_TEST

/* More findings than are kept: they are counted, and the loader's are kept all the same. */
START_TEST(very_many)
{
	struct disk d = { .n = 0 };
	char *many = NULL;
	size_t size, n, dropped;
	FILE *f = open_memstream(&many, &size);
	struct lnt *l;

	fputs("bogus\n", f);
	for (int i = 0; i < LNT_FINDINGS_MAX + 7; i++)
		fprintf(f, "vrrp_instance v%d {\n interface eth%d\n virtual_router_id %d\n "
			"priority 255\n nopreempt\n virtual_ipaddress {\n 10.0.%d.%d\n }\n}\n", i,
			i / 250, i % 250 + 1, i / 250, i % 250 + 1);
	fclose(f);
	put(&d, "a.conf", many);
	l = lint(&d);
	lnt_findings(l, &n, &dropped);
	ck_assert_uint_ge(n, LNT_FINDINGS_MAX);
	ck_assert_uint_ge(dropped, 7);
	ck_assert_int_eq(lnt_worst(l), DIAG_MISTAKE);
	lnt_free(l);
	free(many);
}
END_TEST

START_TEST(what_cannot_be_used)
{
	const struct source source = { .ctx = &(struct disk){ .n = 0 }, .read = read_file };
	const struct cfg_options how = { .config_id = "", .source = &source };
	struct diag_list said;
	struct lnt *l = lnt_new(NULL);
	size_t n, dropped;

	diag_init(&said);
	diag_add(&said, &(struct diag_pos){ .file = "gone.conf" }, DIAG_FATAL, "gone",
		 "there is no such file");
	ck_assert(!lnt_add(l, "gone.conf", &how, &said));
	ck_assert(lnt_run(l));
	ck_assert(lnt_unusable(l, 0));
	ck_assert_str_eq(lnt_findings(l, &n, &dropped)[0].what,
			 "there is no such file (did you mean 'gone'?)");
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(dropped, 0);
	json_decref(json_of(l));
	lnt_free(l);
	diag_free(&said);
	lnt_free(NULL);
}
END_TEST

START_TEST(ids_are_unique)
{
	enum diag_severity severity;
	const char *a, *b;

	for (size_t i = 0; (a = lnt_rule_id(i, &severity)); i++) {
		ck_assert_uint_eq(strspn(a, "abcdefghijklmnopqrstuvwxyz-"), strlen(a));
		ck_assert_int_le(severity, DIAG_ERROR);
		for (size_t k = 0; k < i && (b = lnt_rule_id(k, NULL)); k++)
			ck_assert_str_ne(a, b);
	}
	ck_assert_str_ne(lnt_rule_id(0, NULL), "config");
}
END_TEST

/* Texts with mistakes at random: whatever stands there, lint comes to an end. */
START_TEST(damaged)
{
	static const char good[] =
		CHECK WITH("web", "51", "100",
			   SECRET TRACK "    nopreempt\n    unicast_peer {\n 10.0.0.1\n }\n")
			WITH("mail", "52", "255",
			     TRACK "    track_interface {\n eth1 weight 5 reverse\n }\n");
	const char *given = getenv("HOLDFAST_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	static char a[sizeof(good)], b[sizeof(good)];

	printf("HOLDFAST_SEED=%" PRIu64 "\n", seed);
	for (int round = 0; round < ROUNDS; round++) {
		struct disk d = { .n = 0 };

		memcpy(a, good, sizeof(good));
		memcpy(b, good, sizeof(good));
		for (int i = 0; i < 6; i++) {
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			b[(seed >> 33) % (sizeof(b) - 1)] =
				(char)("{}\n #!\"'0129x-\t"[seed >> 60]);
		}
		put(&d, "a.conf", a);
		put(&d, "b.conf", b);
		d.lens[1] = strnlen(b, sizeof(b));
		lnt_free(lint(&d));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("lint/lint");
	TCase *t = tcase_create("lint");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, one_document);
	tcase_add_test(t, one_sentence_for_t);
	tcase_add_test(t, no_secrets);
	tcase_add_test(t, strange_octets);
	tcase_add_test(t, very_many);
	tcase_add_test(t, what_cannot_be_used);
	tcase_add_test(t, ids_are_unique);
	tcase_add_test(t, damaged);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
