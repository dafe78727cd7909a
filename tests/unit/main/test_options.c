/* holdfastd's command line: keepalived's options, all of them, and what is none. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "main/options.h"

#define ARGS_MAX 32

/* Parses NAME and the words of LINE, which must not contain spaces themselves. */
static struct options parse_as(const char *name, const char *line)
{
	static char copy[512];
	static char *argv[ARGS_MAX + 1];
	struct options o;
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s %s", name, line);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " ")) {
		ck_assert_int_lt(argc, ARGS_MAX);
		argv[argc++] = w;
	}
	argv[argc] = NULL;
	opt_parse(argc, argv, &o);
	return o;
}

static struct options parse(const char *line)
{
	return parse_as("/usr/sbin/holdfastd", line);
}

START_TEST(defaults)
{
	struct options o = parse("");

	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert_ptr_null(o.pid_file);
	ck_assert_ptr_null(o.control);
	ck_assert_ptr_null(o.config);
	ck_assert_int_eq(o.facility, LOG_DAEMON);
	ck_assert_int_eq(o.umask, -1);
	ck_assert_int_eq(o.detail, 0);
	ck_assert(!o.foreground && !o.log_console && !o.as_keepalived);
	ck_assert_uint_eq(o.n_ignored, 0);
	ck_assert_uint_eq(o.n_stray, 0);
}
END_TEST

START_TEST(the_name_chooses_the_files)
{
	static const char *const names[] = { "keepalived", "/usr/sbin/keepalived", "./keepalived" };
	struct options o;

	for (size_t i = 0; i < 3; i++) {
		o = parse_as(names[i], "");
		ck_assert(o.as_keepalived);
		ck_assert_str_eq(opt_config(&o), "/etc/keepalived/keepalived.conf");
	}
	o = parse_as("/opt/keepalived/holdfastd", "");
	ck_assert(!o.as_keepalived);
	o = parse_as("keepalived", "-f /x.conf -p /x.pid");
	ck_assert_str_eq(opt_config(&o), "/x.conf");
	ck_assert_str_eq(o.pid_file, "/x.pid");
}
END_TEST

START_TEST(flags_that_scripts_rely_on)
{
	struct options o = parse("-n -l -f /F -p /P --control /C -D -D -d -G -e -i ID -s NS");

	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert(o.foreground && o.log_console && o.log_config && o.no_syslog);
	ck_assert_str_eq(opt_config(&o), "/F");
	ck_assert_str_eq(o.pid_file, "/P");
	ck_assert_str_eq(o.control, "/C");
	ck_assert_int_eq(o.detail, 2);
	ck_assert_str_eq(o.netns, "NS");
	ck_assert_str_eq(opt_cfg(&o).config_id, "ID");
	ck_assert(opt_cfg(&o).strict_includes);
	ck_assert_int_eq(opt_cfg(&o).dialect, CFG_BY_NAME);

	o = parse("--dont-fork --log-console --use-file=/F --pid=P --log-detail --dump-conf"
		  " --no-syslog --all-config --config-id=ID --namespace=NS --flush-log-file"
		  " --ignore-sigint");
	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert(o.foreground && o.log_console && o.log_config && o.no_syslog);
	ck_assert(o.strict_includes && o.flush_log && o.ignore_sigint);
	ck_assert_str_eq(o.config, "/F");
	ck_assert_str_eq(o.config_id, "ID");
	ck_assert_str_eq(o.netns, "NS");
	ck_assert_int_eq(o.detail, 1);
	o = parse("-nlD");
	ck_assert(o.foreground && o.log_console && o.detail == 1);
}
END_TEST

START_TEST(actions)
{
	struct options o = parse("-t -f F");

	ck_assert_int_eq(o.action, OPT_TEST);
	ck_assert_ptr_null(o.test_log);
	o = parse("-tLOG");
	ck_assert_str_eq(o.test_log, "LOG");
	o = parse("--config-test=LOG");
	ck_assert_int_eq(o.action, OPT_TEST);
	ck_assert_str_eq(o.test_log, "LOG");
	o = parse("--dump-config");
	ck_assert_int_eq(o.action, OPT_DUMP);
	ck_assert_int_eq(o.dump_dialect, CFG_KEEPALIVED);
	ck_assert(!o.with_secrets);
	o = parse("--dump-config=native --with-secrets");
	ck_assert_int_eq(o.dump_dialect, CFG_NATIVE);
	ck_assert(o.with_secrets);
	ck_assert_int_eq(parse("--schema-man").action, OPT_SCHEMA_MAN);
	ck_assert_int_eq(parse("-v").action, OPT_VERSION);
	ck_assert_int_eq(parse("--version").action, OPT_VERSION);
	ck_assert_int_eq(parse("-h").action, OPT_HELP);
	ck_assert_int_eq(parse("--help").action, OPT_HELP);
}
END_TEST

START_TEST(signal_numbers)
{
	static const struct {
		const char *line;
		int number;
	} cases[] = {
		{ "--signum=STOP", 15 }, { "--signum=RELOAD", 1 }, { "--signum=DATA", 10 },
		{ "--signum=STATS", 12 }, { "--signum=JSON", 36 }, { "--signum=STATS_CLEAR", 63 },
		{ "--signum=TDUMP", 64 }, { "--signum TDATA", 64 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct options o = parse(cases[i].line);

		ck_assert_int_eq(o.action, OPT_SIGNUM);
		ck_assert_int_eq(o.signum, cases[i].number);
	}
	ck_assert_str_eq(parse("--signum=JASON").why,
			 "there is no signal 'JASON' (did you mean 'JSON'?)");
}
END_TEST

START_TEST(facilities)
{
	ck_assert_int_eq(parse("-S 0").facility, LOG_LOCAL0);
	ck_assert_int_eq(parse("-S 7").facility, LOG_LOCAL7);
	ck_assert_int_eq(parse("-S local3").facility, LOG_LOCAL3);
	ck_assert_int_eq(parse("-S LOCAL3").facility, LOG_LOCAL3);
	ck_assert_int_eq(parse("--log-facility=user").facility, LOG_USER);
	ck_assert_int_eq(parse("-S daemon").facility, LOG_DAEMON);
	ck_assert_int_eq(parse("-S 8").action, OPT_BAD);
	ck_assert_int_eq(parse("-S local").action, OPT_BAD);
	ck_assert_int_eq(parse("-S local33").action, OPT_BAD);
}
END_TEST

START_TEST(log_files_and_umask)
{
	ck_assert_str_eq(parse("-g").log_file, "/var/log/holdfast.log");
	ck_assert_str_eq(parse("-g/F").log_file, "/F");
	ck_assert_str_eq(parse("--log-file=/F").log_file, "/F");
	ck_assert_str_eq(parse("--journal=/F").journal, "/F");
	ck_assert_str_eq(parse("--journal /F").journal, "/F");
	ck_assert_ptr_null(parse("-n").journal);
	ck_assert_int_eq(parse("-u 0177").umask, 0177);
	ck_assert_int_eq(parse("-u 0").umask, 0);
	ck_assert_int_eq(parse("-u 01777").action, OPT_BAD);
	ck_assert_int_eq(parse("-u rw").action, OPT_BAD);
	ck_assert_int_eq(parse("-u -1").action, OPT_BAD);
}
END_TEST

/* The daemon's directory becomes "/", and the words are executed again by an upgrade. */
START_TEST(paths_are_made_absolute_in_the_words_too)
{
	char words[][40] = { "/x/keepalived", "stray", "-nlfa.conf", "-p", "x/a.pid", "--control=c",
			     "--journ", "j", "-gl", "-s", "net", "-i", "id" };
	static char *argv[sizeof(words) / sizeof(words[0]) + 1];	/* keeps what is made */
	const int argc = sizeof(words) / sizeof(words[0]);
	char dir[] = "/tmp/holdfast-test-XXXXXX", wanted[80];
	struct options o, again;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	for (int i = 0; i < argc; i++)
		argv[i] = words[i];
	opt_parse(argc, argv, &o);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	ck_assert_int_eq(o.action, OPT_RUN);
	snprintf(wanted, sizeof(wanted), "%s/a.conf", dir);
	ck_assert_str_eq(o.config, wanted);
	snprintf(wanted, sizeof(wanted), "%s/x/a.pid", dir);
	ck_assert_str_eq(o.pid_file, wanted);
	snprintf(wanted, sizeof(wanted), "%s/j", dir);
	ck_assert_str_eq(o.journal, wanted);
	snprintf(wanted, sizeof(wanted), "%s/l", dir);
	ck_assert_str_eq(o.log_file, wanted);
	ck_assert_str_eq(o.netns, "net");
	ck_assert_str_eq(o.config_id, "id");
	ck_assert(o.foreground && o.log_console);
	ck_assert_uint_eq(o.n_stray, 1);

	opt_parse(argc, argv, &again);
	ck_assert_str_eq(again.config, o.config);
	ck_assert_str_eq(again.control, o.control);
	ck_assert_str_eq(again.pid_file, o.pid_file);
	ck_assert_str_eq(again.log_file, o.log_file);
}
END_TEST

START_TEST(who_only_looks_gets_the_name_that_was_given)
{
	ck_assert_str_eq(parse("-t -f a.conf").config, "a.conf");
	ck_assert_str_eq(parse("--dump-config -fa.conf").config, "a.conf");
}
END_TEST

START_TEST(what_has_no_effect_is_remembered)
{
	struct options o = parse("-P -C -B -X -V -I -R -r a -c b -b c -a -x -A s");
	char text[512];

	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert_uint_eq(o.n_ignored, 13);
	ck_assert_uint_eq(o.n_stray, 0);
	ck_assert_str_eq(opt_ignored_text(&o, text, sizeof(text)),
			 "options accepted without effect: --vrrp, --check, --no_bfd, "
			 "--release-vips, --dont-release-vrrp, --dont-release-ipvs, "
			 "--dont-respawn, --vrrp_pid, --checkers_pid, --bfd_pid, "
			 "--address-monitoring, --snmp, --snmp-agent-socket");
	o = parse("-m -Mx --perf --debug=a --no-mem-check --all --config-fd=3");
	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert_uint_eq(o.n_ignored, 7);
	o = parse("-n");
	ck_assert_str_eq(opt_ignored_text(&o, text, sizeof(text)), "");
	o = parse("-P -C -B");
	ck_assert_uint_eq(strlen(opt_ignored_text(&o, text, 20)), 19);
}
END_TEST

START_TEST(stray_words_are_refused)
{
	static const char *const lines[] = { "foo", "-n foo", "-t foo", "-v foo", "-- foo",
					     "--dump-config foo", "foo -f a.conf" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct options o = parse(lines[i]);

		ck_assert_int_eq(o.action, OPT_BAD);
		ck_assert_str_eq(o.why, "'foo' belongs to no option (a configuration file is given "
				 "by -f); see --help");
	}
}
END_TEST

START_TEST(keepalived_only_tells_stray_words)
{
	struct options o = parse_as("keepalived", "one -n two");

	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert(o.foreground);
	ck_assert_uint_eq(o.n_stray, 2);
	ck_assert_str_eq(o.stray[0], "one");
	ck_assert_str_eq(o.stray[1], "two");
}
END_TEST

START_TEST(mistakes)
{
	static const char *const cases[][2] = {
		{ "--use-fiel=F", "there is no option --use-fiel (did you mean '--use-file'?)" },
		{ "--frobnicate-all-the-things",
		  "there is no option --frobnicate-all-the-things; see --help" },
		{ "-z", "there is no option -z; see --help" },
		{ "-nz", "there is no option -z; see --help" },
		{ "-f", "a value is missing behind -f" },
		{ "--use-file", "a value is missing behind --use-file" },
		{ "--dont-fork=yes", "--dont-fork takes no value" },
		{ "--dump-config=xml",
		  "--dump-config knows 'keepalived' and 'native', not 'xml'" },
		{ "-T", "the digest helper genhash is not a part of holdfastd" },
		{ "-z -y", "there is no option -z; see --help" },
		{ "-z -t", "there is no option -z; see --help" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct options o = parse(cases[i][0]);

		ck_assert_msg(o.action == OPT_BAD, "%s", cases[i][0]);
		ck_assert_str_eq(o.why, cases[i][1]);
	}
}
END_TEST

START_TEST(no_arguments_at_all)
{
	char *argv[] = { NULL };
	struct options o;

	opt_parse(0, argv, &o);
	ck_assert_int_eq(o.action, OPT_RUN);
	ck_assert(!o.as_keepalived);
}
END_TEST

START_TEST(help_has_every_option_and_fits)
{
	static const char *const some[] = {
		"-f, --use-file=FILE", "-t, --config-test[=LOG]", "--dump-config[=DIALECT]",
		"-v, --version", "--checkers_pid", "--no_bfd", "--perf",
	};
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	opt_help(&(struct options){ 0 }, to);
	fclose(to);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		ck_assert_msg(strstr(text, some[i]) != NULL, "%s", some[i]);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 80, "'%s'", line);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/options");
	TCase *t = tcase_create("options");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, defaults);
	tcase_add_test(t, the_name_chooses_the_files);
	tcase_add_test(t, flags_that_scripts_rely_on);
	tcase_add_test(t, actions);
	tcase_add_test(t, signal_numbers);
	tcase_add_test(t, facilities);
	tcase_add_test(t, log_files_and_umask);
	tcase_add_test(t, paths_are_made_absolute_in_the_words_too);
	tcase_add_test(t, who_only_looks_gets_the_name_that_was_given);
	tcase_add_test(t, what_has_no_effect_is_remembered);
	tcase_add_test(t, stray_words_are_refused);
	tcase_add_test(t, keepalived_only_tells_stray_words);
	tcase_add_test(t, mistakes);
	tcase_add_test(t, no_arguments_at_all);
	tcase_add_test(t, help_has_every_option_and_fits);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
