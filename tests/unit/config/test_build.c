/* From text to structs: what the golden files do not show. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "config/cfg.h"
#include "unit/config/lexrig.h"

static const struct lexrig_file files[] = {
	{ .path = "more.conf",
	  .text = "vrrp_instance VI_2 {\n  interface eth1\n  virtual_router_id 2\n"
		  "  virtual_ipaddress { 192.0.2.2 dev eth9 }\n}\n" },
	{ .path = "main.cfg",
	  .text = "vrrp_instance = ( { name = \"VI_1\"; interface = \"eth0\";\n"
		  "  virtual_router_id = 1; } );\n" },
	{ .path = "main.conf",
	  .text = "vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 1\n}\n" },
	{ .path = "secret.conf", .result = SRC_UNREADABLE },
	{ .path = NULL },
};

static const struct lexrig rig = { .files = files };
static struct diag_list diags;

static void enter(void)
{
	diag_init(&diags);
}

static void leave(void)
{
	diag_free(&diags);
}

static struct cfg *load_as(const char *name, const char *text, enum cfg_dialect dialect)
{
	const struct source source = lexrig_source(&rig);
	const struct cfg_options options = { .dialect = dialect, .config_id = "main",
					     .source = &source };

	return cfg_load_text(name, text, strlen(text), &options, &diags);
}

static struct cfg *load(const char *text)
{
	struct cfg *c = load_as("main.conf", text, CFG_BY_NAME);

	ck_assert_msg(c != NULL, "%s", diags.n ? diags.v[0].text : "?");
	return c;
}

static struct cfg *load_file(const char *name)
{
	const struct source source = lexrig_source(&rig);
	const struct cfg_options options = { .source = &source };

	return cfg_load(name, &options, &diags);
}

/* An instance with what is given, in both dialects' common shape. */
#define INST(more) \
	"vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 1\n" more "}\n"
#define SCRIPT(more) "vrrp_script s {\n  script \"/bin/a b\"\n" more "}\n"
#define VIP "  virtual_ipaddress { 192.0.2.1 }\n"
#define TRACKED INST("  track_script { s }\n")

START_TEST(the_name_tells_the_dialect)
{
	struct cfg *c = load_file("main.cfg");

	ck_assert_ptr_nonnull(c);
	ck_assert_str_eq(c->vr.insts[0].name, "VI_1");
	ck_assert_str_eq(c->files[0], "main.cfg");
	ck_assert_ptr_null(c->files[1]);
	cfg_free(c);
	c = load_file("main.conf");
	ck_assert_ptr_nonnull(c);
	ck_assert_uint_eq(c->insts[0].pos.line, 1);
	ck_assert_uint_eq(c->insts[0].pos.col, 15);
	cfg_free(c);
	ck_assert_ptr_null(load_as("main.cfg", INST(""), CFG_BY_NAME));
	c = load_as("main.cfg", INST(""), CFG_KEEPALIVED);
	ck_assert_ptr_nonnull(c);
	cfg_free(c);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_fatal)
{
	ck_assert_ptr_null(load_file("secret.conf"));
	ck_assert_ptr_null(load_file("nowhere.conf"));
	ck_assert_uint_eq(diags.n, 2);
	ck_assert_int_eq(diags.v[0].severity, DIAG_FATAL);
	ck_assert_int_eq(diags.v[1].severity, DIAG_FATAL);
}
END_TEST

START_TEST(defaults)
{
	struct cfg *c = load(INST("  virtual_ipaddress { 192.0.2.1 }\n"));
	const struct vr_inst_conf *i = &c->vr.insts[0];
	char group[IP_TEXT_MAX];

	ck_assert_uint_eq(i->version, 2);
	ck_assert_uint_eq(i->priority, 100);
	ck_assert_int_eq(i->adver_int_us, 1000000);
	ck_assert(i->preempt && i->track_primary && i->garp_lower_prio);
	ck_assert_uint_eq(i->down_timer_adverts, 3);
	ck_assert_int_eq(i->garp_delay_us, 5000000);
	ck_assert_uint_eq(i->garp_repeat, 5);
	ck_assert_uint_eq(i->auth_type, VR_AUTH_NONE);
	ck_assert_uint_eq(i->source.family, IP_NONE);
	ck_assert_str_eq(ip_text(&i->group, group), "224.0.0.18");
	ck_assert_uint_eq(i->vips[0].prefix.len, 32);
	ck_assert_uint_eq(i->vips[0].preferred_lft, VR_LFT_FOREVER);
	ck_assert_ptr_null(c->global.router_id);
	ck_assert_uint_eq(diags.n, 0);
	cfg_free(c);
}
END_TEST

START_TEST(interfaces_are_listed_once)
{
	struct cfg *c = load(INST("  track_interface {\n    eth2\n    eth1\n  }\n")
			     "include more.conf\n"
			     "vrrp_instance VI_3 {\n  interface eth0\n  virtual_router_id 3\n"
			     "  track_interface { eth2 }\n}\n");
	static const char *const names[] = { "eth0", "eth2", "eth1", "eth9" };

	ck_assert_uint_eq(c->vr.n_ifaces, 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_str_eq(c->vr.ifaces[i].name, names[i]);
	ck_assert_uint_eq(c->iface_pos[0].line, 2);
	ck_assert_uint_eq(c->iface_pos[1].line, 5);
	ck_assert_str_eq(c->iface_pos[3].file, "more.conf");
	ck_assert_uint_eq(c->vr.insts[1].iface, 2);
	ck_assert_uint_eq(c->vr.insts[1].vips[0].iface, 3);
	cfg_free(c);
}
END_TEST

/* Each address three times: in the list, excluded, and excluded on another interface. */
START_TEST(of_many_addresses_each_is_held_once_an_interface)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct cfg *c;

	fputs("vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 1\n", out);
	for (int excluded = 0; excluded < 2; excluded++) {
		fprintf(out, "virtual_ipaddress%s {\n", excluded ? "_excluded" : "");
		for (unsigned int i = 0; i < 3000; i++) {
			fprintf(out, "10.1.%u.%u/32\n", i / 250, i % 250);
			if (excluded)
				fprintf(out, "10.1.%u.%u/32 dev eth1\n", i / 250, i % 250);
		}
		fputs("}\n", out);
	}
	fputs("}\n", out);
	ck_assert_int_eq(fclose(out), 0);
	c = load(text);
	ck_assert_uint_eq(c->vr.insts[0].n_vips, 6000);
	for (unsigned int i = 0; i < 6000; i++) {
		const struct vr_vip *v = &c->vr.insts[0].vips[i];
		unsigned int n = i % 3000;

		ck_assert_uint_eq(v->iface, i / 3000);
		ck_assert_uint_eq(v->prefix.addr.b[2] * 250u + v->prefix.addr.b[3], n);
	}
	cfg_free(c);
	free(text);
}
END_TEST

static uint64_t identity_of(const char *text)
{
	struct cfg *c = load(text);
	uint64_t identity = c->vr.checks[0].identity;

	cfg_free(c);
	return identity;
}

START_TEST(identity_is_the_definition)
{
	uint64_t one = identity_of(SCRIPT("") TRACKED);

	/* The name, the weight and the layout are not part of it; what is the default anyway
	 * neither. */
	ck_assert_uint_eq(one, identity_of(SCRIPT("  weight 5\n") TRACKED));
	ck_assert_uint_eq(one,
			  identity_of(SCRIPT("  interval 1\n  timeout 1\n  rise 1\n") TRACKED));
	ck_assert_uint_eq(one, identity_of("vrrp_script s { script '/bin/a  b'\n}\n" TRACKED));
	ck_assert_uint_ne(one, identity_of(SCRIPT("  interval 2\n") TRACKED));
	ck_assert_uint_ne(one, identity_of(SCRIPT("  timeout 2\n") TRACKED));
	ck_assert_uint_ne(one, identity_of(SCRIPT("  rise 2\n") TRACKED));
	ck_assert_uint_ne(one, identity_of(SCRIPT("  fall 2\n") TRACKED));
	ck_assert_uint_ne(one, identity_of(SCRIPT("  init_fail\n") TRACKED));
	ck_assert_uint_ne(one, identity_of(SCRIPT("  user root\n") TRACKED));
	ck_assert_uint_ne(identity_of(SCRIPT("  user root adm\n") TRACKED),
			  identity_of(SCRIPT("  user root\n") TRACKED));
	ck_assert_uint_ne(one, identity_of("vrrp_script s { script \"/bin/ab\"\n}\n" TRACKED));
}
END_TEST

START_TEST(checks_are_those_that_matter)
{
	struct cfg *c = load("vrrp_script unused { script /bin/a\n}\n"
			     "vrrp_script mine { script /bin/b\n weight 3 reverse\n}\n"
			     "vrrp_script theirs { script /bin/c\n}\n"
			     INST("  track_script { mine }\n")
			     "vrrp_instance VI_2 {\n  interface eth0\n  virtual_router_id 2\n"
			     "  use_vmac\n  track_script { theirs }\n}\n");

	ck_assert_uint_eq(c->vr.n_insts, 1);
	ck_assert_uint_eq(c->vr.n_checks, 1);
	ck_assert_str_eq(c->vr.checks[0].name, "mine");
	ck_assert_str_eq(c->checks[0].name, "mine");
	ck_assert_str_eq(c->checks[0].command.argv[0], "/bin/b");
	ck_assert_uint_eq(c->checks[0].command.pos.line, 3);
	ck_assert_uint_eq(c->vr.insts[0].track_checks[0].index, 0);
	ck_assert_int_eq(c->vr.insts[0].track_checks[0].weight, 3);
	ck_assert(c->vr.insts[0].track_checks[0].reverse);
	cfg_free(c);
}
END_TEST

START_TEST(followed_interval_has_a_limit)
{
	static const struct {
		const char *words, *global;
		int64_t us;
		size_t diags;
	} v[] = {
		{ VIP "version 3\n", "", 10000000, 0 },
		{ VIP "version 3\n advert_int 2.5\n", "", 25000000, 0 },
		{ VIP "version 3\n max_advert_int 40.95\n", "", 40950000, 0 },
		{ VIP "version 3\n", "max_advert_int 20\n", 20000000, 0 },
		{ VIP "version 3\n max_advert_int 3\n", "max_advert_int 20\n", 3000000, 0 },
		{ VIP "version 3\n advert_int 2\n max_advert_int 1\n", "", 2000000, 1 },
		{ VIP "version 3\n advert_int 2\n", "max_advert_int 1\n", 2000000, 0 },
		{ VIP "version 3\n max_advert_int 60\n", "", 40950000, 1 },
		{ VIP "version 2\n advert_int 200\n", "max_advert_int 1\n", 2000000000, 0 },
	};
	char text[1000];

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		snprintf(text, sizeof(text), "global_defs {\n%s}\n" INST("%s"), v[i].global,
			 v[i].words);
		diag_free(&diags);
		diag_init(&diags);
		struct cfg *c = load(text);

		ck_assert_msg(c->vr.insts[0].max_follow_us == v[i].us, "%zu: %lld", i,
			      (long long)c->vr.insts[0].max_follow_us);
		ck_assert_msg(diags.n == v[i].diags, "%zu: %zu", i, diags.n);
		cfg_free(c);
	}
}
END_TEST

START_TEST(passwords_are_never_said)
{
	struct cfg *c =
		load(INST("  auth_pass hidden\n  authentication {\n    auth_type PASS hidden\n"
			  "    auth_pass hidden hidden\n    hidden\n    auth_pass=hidden\n"
			  "    auth_pas hidden\n  }\n") "auth_pass hidden\nauth_pass=hidden\n");
	char text[1000];

	cfg_free(c);
	/* Here it stands where the type belongs. */
	ck_assert_ptr_null(load_as("main.conf",
				   INST("  authentication {\n    auth_type hidden\n  }\n"),
				   CFG_BY_NAME));
	c = load(INST("  authentication {\n    auth_type PASS\n    auth_pass hidden\n  }\n"));
	ck_assert_uint_gt(diags.n, 8);
	for (size_t i = 0; i < diags.n; i++) {
		diag_text(&diags.v[i], text, sizeof(text));
		ck_assert_msg(!strstr(text, "hidden"), "%s", text);
	}
	ck_assert_int_eq(memcmp(c->vr.insts[0].auth_data, "hidden\0", VR_AUTH_LEN), 0);
	cfg_free(c);
}
END_TEST

/* The same mistakes in both dialects lead to the same sentences. */
START_TEST(dialects_speak_with_one_voice)
{
	static const char *const native =
		"vrrp_instance = ( { name = \"VI_1\"; interface = \"eth0\";\n"
		"  virtual_router_id = 1;\n"
		"  priority = 300;\n advert_int = 0.5;\n track_script = [\n \"gone\" ];\n"
		"  virtual_ipaddress = [\n \"192.0.2.1\",\n \"192.0.2.1\" ];\n"
		"  no_accept = true; } );";
	struct diag_list mine = { 0 };
	size_t k = 0;

	cfg_free(load(
		INST("  priority 300\n  advert_int 0.5\n  track_script { gone }\n"
		     "  virtual_ipaddress {\n    192.0.2.1\n    192.0.2.1\n  }\n  no_accept\n")));
	mine = diags;
	diag_init(&diags);
	ck_assert_ptr_null(load_as("x", native, CFG_NATIVE));
	ck_assert_uint_eq(mine.n, 5);
	ck_assert_uint_eq(diags.n, mine.n + 1);		/* "is not run" */
	for (size_t i = 0; i < diags.n; i++) {
		if (diags.v[i].severity == DIAG_FATAL)
			continue;
		ck_assert_str_eq(diags.v[i].text, mine.v[k].text);
		/* A native text with a mistake is not run. */
		ck_assert_int_eq(diags.v[i].severity, mine.v[k].severity == DIAG_MISTAKE ?
				 DIAG_ERROR : mine.v[k].severity);
		k++;
	}
	diag_free(&mine);
}
END_TEST

START_TEST(a_flood_of_mistakes_is_counted)
{
	size_t size = 1 << 17, n = 0;
	char *text = malloc(size);

	ck_assert_ptr_nonnull(text);
	for (int i = 0; i < 3000; i++)
		n += (size_t)snprintf(text + n, size - n, "frobnicate %d\n", i);
	snprintf(text + n, size - n, "%s", INST("  authentication {\n auth_type PASS\n"
						" auth_pass \"********\"\n }\n"));
	/* The mask is fatal even when nobody has room left to hear of it. */
	ck_assert_ptr_null(load_as("main.conf", text, CFG_BY_NAME));
	ck_assert_uint_eq(diags.n, DIAG_MAX);
	ck_assert_uint_gt(diags.dropped, 2000);
	free(text);
}
END_TEST

START_TEST(a_thousand_instances)
{
	size_t size = 1 << 20, n = 0;
	char *text = malloc(size);
	struct cfg *c;

	ck_assert_ptr_nonnull(text);
	for (int i = 0; i < 1000; i++)
		n += (size_t)snprintf(
			text + n, size - n,
			"vrrp_instance i%d {\n interface v%d\n"
			" virtual_router_id %d\n virtual_ipaddress { 10.0.%d.%d }\n}\n",
			i, i / 200, i % 200 + 1, i / 200, i % 200 + 1);
	c = load(text);
	ck_assert_uint_eq(c->vr.n_insts, 1000);
	ck_assert_uint_eq(c->vr.n_ifaces, 5);
	ck_assert_str_eq(c->vr.insts[999].name, "i999");
	ck_assert_uint_eq(diags.n, 0);
	cfg_free(c);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/build");
	TCase *t = tcase_create("build");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, the_name_tells_the_dialect);
	tcase_add_test(t, a_file_that_cannot_be_read_is_fatal);
	tcase_add_test(t, defaults);
	tcase_add_test(t, interfaces_are_listed_once);
	tcase_add_test(t, of_many_addresses_each_is_held_once_an_interface);
	tcase_add_test(t, identity_is_the_definition);
	tcase_add_test(t, checks_are_those_that_matter);
	tcase_add_test(t, passwords_are_never_said);
	tcase_add_test(t, followed_interval_has_a_limit);
	tcase_add_test(t, dialects_speak_with_one_voice);
	tcase_add_test(t, a_flood_of_mistakes_is_counted);
	tcase_add_test(t, a_thousand_instances);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
