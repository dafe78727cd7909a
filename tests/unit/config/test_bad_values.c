/*
 * Every word that takes a value, with values that it cannot take: one mistake is one message, at
 * its place, which names what is used instead; and that is what the configuration has.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "config/schema.h"
#include "unit/config/lexrig.h"

#define TEXT_MAX 4096
#define LINE_MAX 1024
#define BAD_LINE 3		/* where the line under test stands in each frame */

static const struct lexrig rig = { .files = NULL };

/* The lines of an instance around the one under test; that of the same word is left out. */
static const char *const inst_lines[] = {
	"interface eth0", "virtual_router_id 1", "state MASTER", "auth", NULL
};

static bool begins_with(const char *line, const char *word)
{
	size_t n = strlen(word);

	return strncmp(line, word, n) == 0 && (line[n] == ' ' || line[n] == '\0');
}

static void put_inst(FILE *to, const char *word, const char *more)
{
	fputs("vrrp_instance VI_1 {\n", to);
	for (const char *const *line = inst_lines; *line; line++)
		if (!begins_with(*line, word) && strcmp(*line, "auth") != 0)
			fprintf(to, "%s\n", *line);
	fprintf(to, "virtual_ipaddress {\n192.0.2.1/24\n}\n%s}\n", more);
}

/*
 * A whole configuration in which LINE stands in BLOCK, on the line BAD_LINE; WORD begins it. NULL
 * for LINE leaves it out.
 */
static void write_text(char text[static TEXT_MAX], enum sch_block block, const char *word,
		       const char *line)
{
	FILE *to = fmemopen(text, TEXT_MAX, "w");
	const char *own = line ? line : "";

	ck_assert_ptr_nonnull(to);
	switch (block) {
	case SCH_GLOBAL:
		fprintf(to, "global_defs {\n\n%s\n}\n", own);
		fputs("vrrp_script chk {\nscript \"/bin/true\"\n}\n", to);
		put_inst(to, "", "track_script {\nchk\n}\n");
		break;
	case SCH_SCRIPT:
		fprintf(to, "vrrp_script chk {\n%s\n%s\n}\n",
			strcmp(word, "script") == 0 ? "" : "script \"/bin/true\"", own);
		put_inst(to, "", "track_script {\nchk\n}\n");
		break;
	case SCH_INSTANCE:
		fprintf(to, "vrrp_instance VI_1 {\n\n%s\n", own);
		for (const char *const *l = inst_lines; *l; l++)
			if (!begins_with(*l, word) && strcmp(*l, "auth") != 0)
				fprintf(to, "%s\n", *l);
		fputs("virtual_ipaddress {\n192.0.2.1/24\n}\n}\n", to);
		break;
	case SCH_AUTH:
		fprintf(to, "vrrp_instance VI_1 {\nauthentication {\n%s\n%s\n}\n", own,
			strcmp(word, "auth_pass") == 0 ? "auth_type PASS" : "auth_pass secret");
		fputs("interface eth0\nvirtual_router_id 1\n"
		      "virtual_ipaddress {\n192.0.2.1/24\n}\n}\n", to);
		break;
	case SCH_VIP:
		fprintf(to, "vrrp_instance VI_1 {\nvirtual_ipaddress {\n%s\n192.0.2.1/24\n}\n",
			own);
		fputs("interface eth0\nvirtual_router_id 1\n}\n", to);
		break;
	case SCH_TRACK_LINE:
		fprintf(to, "vrrp_instance VI_1 {\ntrack_interface {\n%s\neth7\n}\n", own);
		fputs("interface eth0\nvirtual_router_id 1\n}\n", to);
		break;
	case SCH_TRACK_SCRIPT_LINE:
		fprintf(to, "vrrp_instance VI_1 {\ntrack_script {\n%s\n}\n", own);
		fputs("interface eth0\nvirtual_router_id 1\n}\n"
		      "vrrp_script chk {\nscript \"/bin/true\"\nweight 7\n}\n", to);
		break;
	default:
		ck_abort_msg("no text for block %d", (int)block);
	}
	ck_assert_int_eq(fclose(to), 0);
}

/* The line of WORD with VALUE in BLOCK. */
static void write_line(char line[static LINE_MAX], enum sch_block block, const struct sch_row *row,
		       const char *value)
{
	const char *first = block == SCH_VIP ? "192.0.2.9/24 " :
			    block == SCH_TRACK_LINE ? "eth9 " :
			    block == SCH_TRACK_SCRIPT_LINE ? "chk " : "";

	if (row->flags & SCH_F_FIRST)
		snprintf(line, LINE_MAX, "%s", value);
	else
		snprintf(line, LINE_MAX, "%s%s %s", first, row->word, value);
}

static struct cfg *load(const char *text, struct diag_list *diags)
{
	const struct source source = lexrig_source(&rig);
	const struct cfg_options options = { .dialect = CFG_KEEPALIVED, .config_id = "main",
					     .source = &source };

	return cfg_load_text("bad.conf", text, strlen(text), &options, diags);
}

/* What a text becomes; "" when it is not run. The caller frees it. */
static char *outcome(const char *text, struct diag_list *diags)
{
	struct cfg *c = load(text, diags);
	size_t len;
	char *dump;
	FILE *to = open_memstream(&dump, &len);

	ck_assert_ptr_nonnull(to);
	if (c)
		ck_assert(cfg_dump(c, CFG_KEEPALIVED, true, to));
	ck_assert_int_eq(fclose(to), 0);
	cfg_free(c);
	return dump;
}

/* ---- what each kind cannot take ---- */

#define TOO_LONG "a-name-of-more-than-fifteen-octets"

static const char *const bad_values[SCH_N_KINDS][16] = {
	[SCH_BOOL] = { "", "maybe", "1", "on；" },
	[SCH_BARE] = { "maybe", "1", "on；", "ｏｎ" },
	[SCH_INT] = { "", "abc", "1x", "100ms", "100；", "１００", "1.5", "0x10", "\"\"", "$PRIO",
		      "99999999999999999999", "-99999999999999999999", "9999999", "-9999999" },
	[SCH_WEIGHT] = { "", "abc", "1x", "-20；", "－２０", "1.5", "0x10", "99999999999999999999",
			 "9999999", "-9999999" },
	[SCH_SECONDS] = { "", "abc", "1s", "100ms", "1；", "１", "-1", "1e3", "nan", "inf", "\"\"",
			  "99999999999999", "1.2.3", "9999999" },
	[SCH_CHOICE] = { "", "maybe", "master", "MASTER；", "ＰＡＳＳ", "\"\"" },
	[SCH_SCOPE] = { "", "planet", "256", "-1", "ｈｏｓｔ", "host；" },
	[SCH_LIFETIME] = { "", "soon", "-1", "4294967296", "10s", "１０" },
	[SCH_WORD] = { "", "\"\"" },
	[SCH_IFACE] = { "", "\"\"", "a/b", "..", TOO_LONG },
	[SCH_ADDR] = { "", "\"\"", "x", "192.0.2", "192.0.2.5；", "１９２.0.2.5", "192.0.2.5/24",
		       "192.0.2.256" },
	[SCH_PREFIX] = { "x", "192.0.2.256", "192.0.2/24", "/24" },
	[SCH_COMMAND] = { "", "\"\"" },
	[SCH_NOTIFY] = { "", "\"\"" },
	[SCH_USER] = { "", "\"\"" },
};

/* Words that may stand alone, or that mean no harm when they do. */
static bool is_good(const struct sch_row *row, const char *value)
{
	char *end;
	double n = strtod(value, &end) * (row->kind == SCH_SECONDS ? 1e6 : 1);

	if (row->kind == SCH_NOTIFY && !*value)
		return row->flags & SCH_F_BARE_OK;
	/* The names in a list of one line each: nothing is not a line. */
	if (row->flags & SCH_F_FIRST && !*value)
		return true;
	return (row->kind == SCH_INT || row->kind == SCH_WEIGHT || row->kind == SCH_SECONDS) &&
	       end != value && !*end && n >= (double)row->min && n <= (double)row->max &&
	       !strpbrk(value, "exnif");
}

/* True when VALUE is a number in decimal digits, and not too many to be read. */
static bool is_number(const char *value)
{
	size_t n = strlen(value);

	return n > 0 && n < 13 && strspn(value + (*value == '-'), "0123456789") ==
	       n - (*value == '-');
}

/* ---- what the schema promises instead ---- */

/* The value that stands for a wrong VALUE, as text; NULL: as if the line were not there. */
static const char *promised(const struct sch_row *row, const char *value, char buf[static 64])
{
	bool number = row->kind == SCH_INT || row->kind == SCH_SECONDS || row->kind == SCH_WEIGHT;
	int64_t n = row->dflt;

	if (row->kind == SCH_USER)
		return CFG_NO_USER;
	if (number && (row->flags & SCH_F_CLAMP) && is_number(value) &&
	    (row->kind != SCH_SECONDS || *value != '-'))
		n = strtoll(value, NULL, 10) < row->min ? row->min : row->max;
	if (n == SCH_NONE)
		return NULL;
	if (row->kind == SCH_CHOICE)
		return row->choices[n];
	if (row->kind == SCH_SECONDS)
		return sch_seconds(n, buf);
	snprintf(buf, 64, "%" PRId64, n);
	return buf;
}

/* Words without which nothing is run, though they stand in no block that is left out. */
static bool stops_all(const struct sch_row *row)
{
	return strcmp(row->word, "vrrp_mcast_group4") == 0;
}

static char *expected(enum sch_block block, const struct sch_row *row, const char *value)
{
	char line[LINE_MAX], text[TEXT_MAX], buf[64];
	const char *use = promised(row, value, buf);
	struct diag_list diags;
	char *dump;

	if (row->flags & SCH_F_NEEDED || stops_all(row))
		return strdup("");
	if (row->flags & (SCH_F_PLACE | SCH_F_FIRST))
		line[0] = '\0';
	else if (use)
		write_line(line, block, row, use);
	else
		write_line(line, block, &(struct sch_row){ .word = "" }, "");
	diag_init(&diags);
	write_text(text, block, row->word, line);
	dump = outcome(text, &diags);
	diag_free(&diags);
	return dump;
}

/* The one diagnosis of the line under test that is an error. */
static const struct diag *the_error(const struct diag_list *diags, const char *text)
{
	const struct diag *found = NULL;

	for (size_t i = 0; i < diags->n; i++) {
		if (diags->v[i].severity < DIAG_MISTAKE || diags->v[i].line != BAD_LINE)
			continue;
		ck_assert_msg(!found, "said twice: %s / %s\n%s", found ? found->text : "",
			      diags->v[i].text, text);
		found = &diags->v[i];
	}
	ck_assert_msg(found != NULL, "nothing is said about\n%s", text);
	return found;
}

static void names_what_is_used(const struct sch_row *row, const char *value, const struct diag *d)
{
	char buf[64];
	const char *use = promised(row, value, buf);

	ck_assert_uint_gt(d->col, 0);
	if (row->flags & SCH_F_NEEDED)
		ck_assert_msg(strstr(d->text, "'VI_1' is not run") != NULL, "%s", d->text);
	else if (row->flags & (SCH_F_FIRST | SCH_F_PLACE))
		ck_assert_msg(strstr(d->text, "the line is ignored") != NULL, "%s", d->text);
	else if (use && row->kind != SCH_USER) {
		char words[96];

		snprintf(words, sizeof(words), "; %s is used", use);
		ck_assert_msg(strstr(d->text, words) != NULL, "'%s': %s", words, d->text);
	} else if (row->instead && row->kind != SCH_COMMAND && row->kind != SCH_NOTIFY) {
		ck_assert_msg(strstr(d->text, row->instead) != NULL, "%s", d->text);
	}
	ck_assert_msg(strstr(d->text, "it is ignored") == NULL, "%s", d->text);
}

static void try_value(enum sch_block block, const struct sch_row *row, const char *value)
{
	char line[LINE_MAX], text[TEXT_MAX];
	struct diag_list diags;
	char *got, *want;

	write_line(line, block, row, value);
	write_text(text, block, row->word, line);
	diag_init(&diags);
	got = outcome(text, &diags);
	want = expected(block, row, value);
	names_what_is_used(row, value, the_error(&diags, text));
	ck_assert_msg(strcmp(got, want) == 0, "%s becomes\n%s\nand not\n%s", line, got, want);
	diag_free(&diags);
	free(got);
	free(want);
}

static const enum sch_block tried[] = {
	SCH_GLOBAL, SCH_SCRIPT, SCH_INSTANCE, SCH_AUTH, SCH_VIP, SCH_TRACK_LINE,
	SCH_TRACK_SCRIPT_LINE,
};

START_TEST(a_wrong_value_becomes_what_is_promised)
{
	enum sch_block block = tried[_i];
	size_t n = 0;

	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		if (row->at == SCH_NOWHERE || sch_is_block(row) || (row->flags & SCH_F_NATIVE))
			continue;
		for (size_t v = 0; v < 16 && bad_values[row->kind][v]; v++) {
			if (is_good(row, bad_values[row->kind][v]))
				continue;
			try_value(block, row, bad_values[row->kind][v]);
			n++;
		}
	}
	ck_assert_uint_gt(n, 3);
}
END_TEST

/* A block that comes to have an effect must be tried, too. */
START_TEST(every_block_with_an_effect_is_tried)
{
	for (int b = 0; b < SCH_N_BLOCKS; b++) {
		bool known = b == SCH_ROOT || b == SCH_SYNC || b == SCH_NAME;

		for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++)
			known |= tried[i] == (enum sch_block)b;
		ck_assert_msg(known || sch_blocks[b].raw_size == 0, "%s", sch_blocks[b].name);
	}
}
END_TEST

/* What the issue names, without the schema's help. */
START_TEST(an_unreadable_priority_is_100_and_never_the_owner)
{
	static const char *const values[] = { "300", "PRI", "0", "100；", "", "256", "-1", "2 5" };
	char text[TEXT_MAX];
	struct diag_list diags;
	struct cfg *c;

	snprintf(text, sizeof(text),
		 "vrrp_script chk {\nscript \"/bin/true\"\nweight -20\n}\n"
		 "vrrp_instance VI_1 {\nstate MASTER\npriority %s\ninterface eth0\n"
		 "virtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n"
		 "track_script {\nchk\n}\n}\n", values[_i]);
	diag_init(&diags);
	c = load(text, &diags);
	ck_assert_ptr_nonnull(c);
	if (strcmp(values[_i], "2 5") == 0) {
		ck_assert_uint_eq(c->vr.insts[0].priority, 2);
	} else {
		ck_assert_uint_eq(c->vr.insts[0].priority, 100);
		ck_assert_uint_eq(diags.n, 1);
		ck_assert_uint_eq(diags.v[0].line, 7);
		ck_assert_ptr_nonnull(strstr(diags.v[0].text, "; 100 is used"));
	}
	ck_assert_uint_eq(c->vr.insts[0].n_track_checks, 1);
	ck_assert_int_eq(c->vr.insts[0].track_checks[0].weight, -20);
	cfg_free(c);
	diag_free(&diags);
}
END_TEST

/* Full-width digits and what stands behind a number are told apart from words. */
START_TEST(the_number_that_was_meant_is_offered)
{
	static const struct {
		const char *line, *hint;
	} cases[] = {
		{ "priority 100；", "100" }, { "priority １００", "100" }, { "priority 100;", "100" },
		{ "advert_int ０．５", "0.5" }, { "priority ３００", NULL }, { "priority PRI", NULL },
		{ "state ＭＡＳＴＥＲ", "MASTER" },
	};
	char text[TEXT_MAX];
	struct diag_list diags;

	snprintf(text, sizeof(text), "vrrp_instance VI_1 {\n\n%s\ninterface eth0\n"
		 "virtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n", cases[_i].line);
	diag_init(&diags);
	cfg_free(load(text, &diags));
	if (cases[_i].hint)
		ck_assert_pstr_eq(the_error(&diags, text)->hint, cases[_i].hint);
	else
		ck_assert_ptr_null(the_error(&diags, text)->hint);
	diag_free(&diags);
}
END_TEST

/* As the address of another network it would be worse than none. */
START_TEST(an_address_without_its_interface_is_left_out)
{
	static const char *const lines[] = {
		"192.0.2.9/24 dev", "192.0.2.9/24 dve eth1", "192.0.2.9/24 dev a/b",
		"192.0.2.9/24 peer x",
	};
	char text[TEXT_MAX];
	struct diag_list diags;

	snprintf(text, sizeof(text), "vrrp_instance VI_1 {\nvirtual_ipaddress {\n%s\n}\n"
		 "interface eth0\nvirtual_router_id 1\n}\n", lines[_i]);
	diag_init(&diags);
	/* It is the only one: an instance that elects and holds nothing would take the master's
	 * place at a peer. */
	ck_assert_ptr_null(load(text, &diags));
	the_error(&diags, text);
	diag_free(&diags);
}
END_TEST

/* In the native dialect any error is fatal; its place and what is right are told all the same. */
START_TEST(a_native_text_with_a_wrong_value_is_not_run)
{
	static const char *const lines[] = {
		"priority = 300;", "priority = \"100\";", "priority = 0;", "advert_int = \"1s\";",
		"advert_int = -1.0;", "preempt = 1;", "vip_lease = \"\";", "state = \"MASTR\";",
	};
	const struct source source = lexrig_source(&rig);
	const struct cfg_options options = { .dialect = CFG_NATIVE, .source = &source };
	char text[TEXT_MAX];
	struct diag_list diags;

	snprintf(text, sizeof(text), "vrrp_instance = ( { name = \"VI_1\";\n"
		 "interface = \"eth0\"; virtual_router_id = 1;\n%s\n"
		 "virtual_ipaddress = ( \"192.0.2.1\" ); } );\n", lines[_i]);
	diag_init(&diags);
	ck_assert_ptr_null(cfg_load_text("bad.cfg", text, strlen(text), &options, &diags));
	ck_assert_uint_gt(the_error(&diags, text)->col, 0);
	diag_free(&diags);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bad values");
	TCase *t = tcase_create("each row");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_wrong_value_becomes_what_is_promised, 0,
			    sizeof(tried) / sizeof(tried[0]));
	tcase_add_test(t, every_block_with_an_effect_is_tried);
	tcase_add_loop_test(t, an_unreadable_priority_is_100_and_never_the_owner, 0, 8);
	tcase_add_loop_test(t, the_number_that_was_meant_is_offered, 0, 7);
	tcase_add_loop_test(t, an_address_without_its_interface_is_left_out, 0, 4);
	tcase_add_loop_test(t, a_native_text_with_a_wrong_value_is_not_run, 0, 8);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
