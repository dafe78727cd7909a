/* holdfastd -t: what it says of a file, where, and with which status it ends. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "main/check.h"

#define INSTANCE(more) \
	"vrrp_instance VI_1 {\n" \
	"    interface eth0\n" \
	"    virtual_router_id 51\n" \
	"    priority 100\n" \
	"    virtual_ipaddress {\n" \
	"        192.0.2.1/24\n" \
	"    }\n" \
	more \
	"}\n"

#define SCRIPT \
	"vrrp_script chk {\n" \
	"    script \"/usr/bin/check it\"\n" \
	"}\n"

/* A host that has these interfaces, and where these scripts cannot be run. */
struct host {
	const char *iface;
	const char *broken;		/* the path that cannot be run, or NULL */
	const char *open;		/* the path that others can change, or NULL */
	bool scriptless;		/* no user keepalived_script */
	int many;			/* so many more interfaces */
};

static char dir[64];
static char file[128];
static char log_file[128];

static void make_place(void)
{
	snprintf(dir, sizeof(dir), "/tmp/holdfast-check-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/k.conf", dir);
	snprintf(log_file, sizeof(log_file), "%s/log", dir);
}

static void remove_place(void)
{
	unlink(file);
	unlink(log_file);
	ck_assert_int_eq(rmdir(dir), 0);
}

static bool iface_exists(void *ctx, const char *name)
{
	return !strcmp(((struct host *)ctx)->iface, name);
}

static void each_iface(void *ctx, void (*tell)(void *to, const char *name), void *to)
{
	const struct host *h = ctx;
	char name[16];

	tell(to, h->iface);
	tell(to, "lo");
	for (int i = 0; i < h->many; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		tell(to, name);
	}
}

static bool has_address(void *ctx, const char *name, const struct ip_addr *addr)
{
	char text[IP_TEXT_MAX];

	return iface_exists(ctx, name) && strcmp(ip_text(addr, text), "192.0.2.10") == 0;
}

static bool can_run(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	const struct host *h = ctx;

	(void)cfg;
	if (!h->broken || strcmp(h->broken, command->argv[0]))
		return true;
	snprintf(why, size, "%s: there is no such file", command->argv[0]);
	return false;
}

static bool is_safe(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	const struct host *h = ctx;

	(void)cfg;
	snprintf(why, size, "Unsafe permissions");
	return !h->open || strcmp(h->open, command->argv[0]) != 0;
}

static bool default_is_root(void *ctx)
{
	return ((struct host *)ctx)->scriptless;
}

static char *read_all(const char *path)
{
	FILE *from = fopen(path, "r");
	char *text = calloc(1, 65536);

	ck_assert_ptr_nonnull(from);
	ck_assert_uint_lt(fread(text, 1, 65535, from), 65535);
	fclose(from);
	return text;
}

/* Checks TEXT (NULL: there is no file) and gives what was printed, to be freed. */
static char *check(struct host *h, const char *text, const char *log, enum cft_status expected)
{
	struct options o = { .action = OPT_TEST, .config = file, .test_log = log };
	const struct cft_system system = {
		.ctx = h, .iface_exists = iface_exists, .each_iface = each_iface,
		.has_address = has_address,
		.can_run = can_run,
		.is_safe = is_safe, .default_is_root = default_is_root,
	};
	char *out = NULL;
	size_t len;
	FILE *to = open_memstream(&out, &len);
	enum cft_status status;

	if (text) {
		FILE *f = fopen(file, "w");

		fputs(text, f);
		fclose(f);
	}
	status = cft_run(&o, &system, to);
	fclose(to);
	ck_assert_msg(status == expected, "status %d: %s", status, out);
	return out;
}

static void expect(struct host *h, const char *text, enum cft_status status, const char *wanted)
{
	char *out = check(h, text, NULL, status);
	char full[1024];

	/* The file's name stands for "@". */
	size_t n = 0;
	for (const char *w = wanted; *w; w++)
		n += (size_t)(*w == '@' ? snprintf(full + n, sizeof(full) - n, "%s", file) :
					  snprintf(full + n, sizeof(full) - n, "%c", *w));
	ck_assert_str_eq(out, full);
	free(out);
}

START_TEST(a_clean_file)
{
	struct host h = { .iface = "eth0" };

	expect(&h, SCRIPT INSTANCE("    track_script {\n        chk\n    }\n"), CFT_CLEAN,
	       "@: clean: 1 instance, 1 check\n");
	expect(&h, INSTANCE(""), CFT_CLEAN, "@: clean: 1 instance, 0 checks\n");
}
END_TEST

START_TEST(a_missing_interface_is_a_warning)
{
	struct host h = { .iface = "eth1" };

	expect(&h, INSTANCE(""), CFT_RUNS,
	       "@:2:15: warning: the interface 'eth0' does not exist on this host, which has eth1, "
	       "lo; what needs it waits until it appears (did you mean 'eth1'?)\n"
	       "@: can be run, but not all of it as written: 0 errors, 1 warning\n");
}
END_TEST

/* Each name once, wherever it stands. */
START_TEST(so_is_one_of_an_address_and_a_tracked_one)
{
	struct host h = { .iface = "eth0" };
	char *out = check(&h, INSTANCE("    virtual_ipaddress_excluded {\n"
				       "        192.0.2.2/24 dev eht0\n    }\n"
				       "    track_interface {\n        eht0\n        wlan7\n"
				       "    }\n"), NULL, CFT_RUNS);

	ck_assert_ptr_nonnull(strstr(out, "k.conf:9:26: warning: the interface 'eht0'"));
	ck_assert_ptr_nonnull(strstr(out, "k.conf:13:9: warning: the interface 'wlan7'"));
	ck_assert_ptr_nonnull(strstr(out, "0 errors, 2 warnings"));
	free(out);
}
END_TEST

START_TEST(interfaces_may_come_where_the_text_says_so)
{
	struct host h = { .iface = "eth1" };
	char *out = check(&h, "global_defs {\n    dynamic_interfaces\n}\n" INSTANCE(""), NULL,
			  CFT_CLEAN);

	ck_assert_ptr_nonnull(strstr(out, ": note: the interface 'eth0' does not exist"));
	free(out);
}
END_TEST

START_TEST(a_source_that_the_interface_does_not_have_is_a_note)
{
	struct host h = { .iface = "eth0" };

	expect(&h, INSTANCE("    mcast_src_ip 192.0.2.11\n"), CFT_CLEAN,
	       "@:8:18: note: 192.0.2.11 is not an address of eth0 on this host; advertisements "
	       "come from it all the same\n@: clean: 1 instance, 0 checks\n");
	expect(&h, INSTANCE("    mcast_src_ip 192.0.2.10\n"), CFT_CLEAN,
	       "@: clean: 1 instance, 0 checks\n");
}
END_TEST

START_TEST(a_host_with_many_interfaces_names_some)
{
	struct host h = { .iface = "eth1", .many = 300 };
	char *out = check(&h, INSTANCE(""), NULL, CFT_RUNS);

	ck_assert_ptr_nonnull(strstr(out, "which has eth1, lo, v0, v1, v2, v3, v4, v5 and 294 "
					  "more; "));
	free(out);
}
END_TEST

START_TEST(a_script_that_cannot_run_is_a_warning)
{
	struct host h = { .iface = "eth0", .broken = "/usr/bin/check" };
	char *out = check(&h, SCRIPT INSTANCE("    track_script {\n        chk\n    }\n"), NULL,
			  CFT_RUNS);

	ck_assert_ptr_nonnull(strstr(out, "k.conf:2:"));
	ck_assert_ptr_nonnull(strstr(out, "warning: /usr/bin/check: there is no such file; the "
					  "check counts as failed\n"));
	ck_assert_ptr_nonnull(strstr(out, ": can be run, but not all of it as written: 0 errors, "
					  "1 warning\n"));
	free(out);
	h.broken = "/usr/bin/notify";
	out = check(&h, INSTANCE("    notify_master /usr/bin/notify\n"), NULL, CFT_RUNS);
	ck_assert_ptr_nonnull(strstr(out, "k.conf:8:"));
	ck_assert_ptr_nonnull(strstr(out, "there is no such file; nobody will be notified\n"));
	free(out);
}
END_TEST

#define CHECKED SCRIPT INSTANCE("    track_script {\n        chk\n    }\n")
#define GUARDED "global_defs {\n    enable_script_security\n}\n"

START_TEST(a_script_that_others_can_change_is_a_warning)
{
	struct host h = { .iface = "eth0", .open = "/usr/bin/check" };
	char *out = check(&h, CHECKED, NULL, CFT_RUNS);

	ck_assert_ptr_nonnull(strstr(out, "k.conf:2:"));
	ck_assert_ptr_nonnull(strstr(out, "warning: Unsafe permissions; enable_script_security "
					  "would disable such a script\n"));
	ck_assert_ptr_nonnull(strstr(out, "0 errors, 1 warning\n"));
	free(out);
	out = check(&h, GUARDED CHECKED, NULL, CFT_RUNS);
	ck_assert_ptr_nonnull(strstr(out, "warning: Unsafe permissions; enable_script_security "
					  "disables it: the check counts as failed\n"));
	ck_assert_ptr_nonnull(strstr(out, "0 errors, 1 warning\n"));
	free(out);
}
END_TEST

START_TEST(unsafe_and_not_to_be_run_are_two_warnings)
{
	struct host h = {
		.iface = "eth0", .open = "/usr/bin/check", .broken = "/usr/bin/check",
	};
	char *out = check(&h, CHECKED, NULL, CFT_RUNS);

	ck_assert_ptr_nonnull(strstr(out, "would disable such a script"));
	ck_assert_ptr_nonnull(strstr(out, "there is no such file; the check counts as failed\n"));
	free(out);
}
END_TEST

START_TEST(security_without_a_user_is_a_warning)
{
	struct host h = { .iface = "eth0", .scriptless = true };
	char *out = check(&h, GUARDED CHECKED, NULL, CFT_RUNS);

	ck_assert_ptr_nonnull(strstr(out, "k.conf:5:"));
	ck_assert_ptr_nonnull(strstr(out, "no user keepalived_script: the script runs as root"));
	ck_assert_ptr_nonnull(strstr(out, "0 errors, 1 warning\n"));
	free(out);
	free(check(&h, CHECKED, NULL, CFT_CLEAN));
	free(check(&h, "global_defs {\n    enable_script_security\n    script_user root\n}\n"
		   CHECKED, NULL, CFT_CLEAN));
	h.scriptless = false;
	free(check(&h, GUARDED CHECKED, NULL, CFT_CLEAN));
}
END_TEST

START_TEST(all_mistakes_in_the_order_of_the_file)
{
	struct host h = { .iface = "lo" };
	char *out = check(&h, "zzzzzzzz 1\n" INSTANCE("    prority 1\n    yyyyyyyy\n"), NULL,
			  CFT_RUNS);
	const char *first = strstr(out, "k.conf:1:");
	const char *second = strstr(out, "k.conf:3:");
	const char *third = strstr(out, "k.conf:9:");
	const char *fourth = strstr(out, "k.conf:10:");

	ck_assert(first && second && third && fourth);
	ck_assert(first < second && second < third && third < fourth);
	ck_assert_ptr_nonnull(strstr(out, "(did you mean 'priority'?)"));
	free(out);
}
END_TEST

START_TEST(no_file)
{
	struct host h = { .iface = "eth0" };
	char *out = check(&h, NULL, NULL, CFT_CANNOT_RUN);

	ck_assert_ptr_nonnull(strstr(out, file));
	ck_assert_ptr_nonnull(strstr(out, ": cannot be run: 1 error, 0 warnings\n"));
	free(out);
}
END_TEST

START_TEST(the_log_is_appended_to)
{
	struct host h = { .iface = "eth0" };
	char *out, *text;

	for (int i = 0; i < 2; i++) {
		out = check(&h, INSTANCE(""), log_file, CFT_CLEAN);
		ck_assert_str_eq(out, "");
		free(out);
	}
	text = read_all(log_file);
	ck_assert_ptr_nonnull(strstr(strstr(text, ": clean: ") + 1, ": clean: "));
	free(text);
}
END_TEST

START_TEST(a_log_that_cannot_be_written_loses_nothing)
{
	struct host h = { .iface = "eth0" };
	char *out = check(&h, INSTANCE(""), "/nonexistent/log", CFT_CLEAN);

	ck_assert_ptr_nonnull(strstr(out, "/nonexistent/log: No such file or directory"));
	ck_assert_ptr_nonnull(strstr(out, ": clean: "));
	free(out);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/check");
	TCase *t = tcase_create("check");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(t, make_place, remove_place);
	tcase_add_test(t, a_clean_file);
	tcase_add_test(t, a_missing_interface_is_a_warning);
	tcase_add_test(t, so_is_one_of_an_address_and_a_tracked_one);
	tcase_add_test(t, interfaces_may_come_where_the_text_says_so);
	tcase_add_test(t, a_source_that_the_interface_does_not_have_is_a_note);
	tcase_add_test(t, a_host_with_many_interfaces_names_some);
	tcase_add_test(t, a_script_that_cannot_run_is_a_warning);
	tcase_add_test(t, a_script_that_others_can_change_is_a_warning);
	tcase_add_test(t, unsafe_and_not_to_be_run_are_two_warnings);
	tcase_add_test(t, security_without_a_user_is_a_warning);
	tcase_add_test(t, all_mistakes_in_the_order_of_the_file);
	tcase_add_test(t, no_file);
	tcase_add_test(t, the_log_is_appended_to);
	tcase_add_test(t, a_log_that_cannot_be_written_loses_nothing);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
