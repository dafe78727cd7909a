/*
 * What the runner may run: only what the process that read the configuration has named, as whom it
 * has named, and what is sent in the place of a set changes nothing.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "script_rig.h"
#include "sys/runner_tell.h"
#include "sys/sealed.h"

static const struct runner_options usual;
static struct rset_terms terms;

static const char *const chk[] = { "/bin/chk", "-x", NULL };
static const char *const chk_more[] = { "/bin/chk", "-x", "-y", NULL };
static const char *const chk_less[] = { "/bin/chk", NULL };
static const char *const told[] = { "/bin/n", "INSTANCE", "VI_1", NULL };

static const char *const account[] = { "HOME=/h", "USER=u", NULL };

static const struct rset_command commands[] = {
	{ .kind = PORT_JOB_CHECK, .argv = chk, .uid = 7, .gid = 8, .terms.account = account },
	{ .kind = PORT_JOB_NOTIFY, .argv = told, .uid = 0, .gid = 0, .free_words = 2 },
};

static struct rset *two(void)
{
	int fd = rset_write(commands, 2);
	struct rset *s = rset_read(fd);

	ck_assert_ptr_nonnull(s);
	close(fd);
	return s;
}

START_TEST(all_of_a_job_must_be_as_it_was_named)
{
	const struct port_job right = { .kind = PORT_JOB_CHECK, .argv = chk, .uid = 7, .gid = 8 };
	struct port_job job[8];
	struct rset *s = two();

	ck_assert(rset_has(s, &right, &terms));
	for (size_t i = 0; i < 8; i++)
		job[i] = right;
	job[0].kind = PORT_JOB_NOTIFY;
	job[1].uid = 0;
	job[2].gid = 0;
	job[3].groups = true;
	job[4].argv = chk_more;
	job[5].argv = chk_less;
	job[6].argv = told;
	job[7].argv = told + 3;		/* no word at all */
	for (size_t i = 0; i < 8; i++)
		ck_assert_msg(!rset_has(s, &job[i], &terms), "job %zu", i);
	rset_free(s);
}
END_TEST

START_TEST(free_words_are_harmless_ones)
{
	static const char *const right[][2] = { { "MASTER", "254" }, { "a_b", "0" } };
	static const char *const wrong[][2] = {
		{ "MASTER", NULL }, { "", "1" }, { "MASTER", "" }, { "--help", "1" },
		{ "a b", "1" }, { "$(reboot)", "1" }, { "MASTER", "/etc" },
		{ "MASTER", "12345678901234567" },
		{ "MASTER", "1\n" },
	};
	const char *argv[] = { "/bin/n", "INSTANCE", "VI_1", NULL, NULL, NULL, NULL };
	struct port_job job = { .kind = PORT_JOB_NOTIFY, .argv = argv };
	struct rset *s = two();

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		memcpy(argv + 3, right[i], sizeof(right[i]));
		ck_assert(rset_has(s, &job, &terms));
	}
	argv[5] = "3";
	ck_assert(!rset_has(s, &job, &terms));
	argv[5] = NULL;
	argv[2] = "VI_2";
	ck_assert(!rset_has(s, &job, &terms));
	argv[2] = "VI_1";
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		memcpy(argv + 3, wrong[i], sizeof(wrong[i]));
		ck_assert_msg(!rset_has(s, &job, &terms), "'%s' '%s'", argv[3], argv[4]);
	}
	rset_free(s);
}
END_TEST

/* While two configurations count, what one of them guards is guarded. */
START_TEST(the_stricter_set_counts)
{
	struct rset_command v = commands[1];
	const char *argv[] = { "/bin/n", "INSTANCE", "VI_1", "MASTER", "1", NULL };
	const struct port_job job = { .kind = PORT_JOB_NOTIFY, .argv = argv };
	struct rsets all = { .n = 0 };
	int fd;

	ck_assert(!rsets_have(&all, &job, &terms));
	rsets_add(&all, two());
	ck_assert(rsets_have(&all, &job, &terms) && !terms.guarded);
	for (int guarded = 1; guarded >= 0; guarded--) {
		v.terms.guarded = guarded;
		fd = rset_write(&v, 1);
		rsets_add(&all, rset_read(fd));
		ck_assert_ptr_nonnull(all.v[all.n - 1]);
		close(fd);
		ck_assert(rsets_have(&all, &job, &terms) && terms.guarded);
	}
	rsets_settle(&all, true);
	rsets_sweep(&all);
	ck_assert(rsets_have(&all, &job, &terms) && !terms.guarded);
	rset_free(all.v[0]);
}
END_TEST

/* What one of them keeps back is kept back; whose home it is the newest says. */
START_TEST(the_environment_is_that_of_all_sets)
{
	static const char *const old[] = { "HOME=/old", "USER=u", NULL };
	static const char *const new[] = { "HOME=/new", NULL };
	struct rset_command v = { .kind = PORT_JOB_CHECK, .argv = chk };
	const struct port_job job = { .kind = PORT_JOB_CHECK, .argv = chk };
	struct rsets all = { .n = 0 };

	for (int later = 0; later < 2; later++) {
		v.terms.environment_all = !later;
		v.terms.account = later ? new : old;
		int fd = rset_write(&v, 1);
		rsets_add(&all, rset_read(fd));
		ck_assert_ptr_nonnull(all.v[all.n - 1]);
		close(fd);
		ck_assert(rsets_have(&all, &job, &terms));
		ck_assert_int_eq(terms.environment_all, !later);
		ck_assert_str_eq(terms.account[0], later ? "HOME=/new" : "HOME=/old");
		ck_assert_ptr_eq(terms.account[later ? 1 : 2], NULL);
	}
	rsets_settle(&all, false);
	rsets_sweep(&all);
	ck_assert(rsets_have(&all, &job, &terms) && terms.environment_all);
	ck_assert_str_eq(terms.account[0], "HOME=/old");
	rset_free(all.v[0]);
}
END_TEST

START_TEST(an_account_is_a_few_variables)
{
	static char large[RSET_VARIABLES_OCTETS_MAX + 8] = "HOME=";
	const char *const too_large[] = { large, NULL };
	const char *const many[] = { "A=", "B=", "C=", "D=", "E=", NULL };
	struct rset_command v = { .argv = chk, .terms.account = many };

	memset(large + 5, 'x', sizeof(large) - 6);
	ck_assert(!rset_fits(&v));
	ck_assert_int_eq(rset_write(&v, 1), -1);
	v.terms.account = too_large;
	ck_assert(!rset_fits(&v));
	ck_assert_int_eq(rset_write(&v, 1), -1);
	large[RSET_VARIABLES_OCTETS_MAX - 1] = '\0';
	ck_assert(rset_fits(&v));
}
END_TEST

START_TEST(many_are_found)
{
	enum { N = 3000 };
	static char names[N][24];
	static const char *argv[N][2];
	static struct rset_command v[N];

	for (int i = 0; i < N; i++) {
		snprintf(names[i], sizeof(names[i]), "/bin/%d", i);
		argv[i][0] = names[i];
		v[i] = (struct rset_command){ .kind = PORT_JOB_CHECK, .argv = argv[i],
					      .uid = (uint32_t)i };
	}
	int fd = rset_write(v, N);
	struct rset *s = rset_read(fd);
	ck_assert_ptr_nonnull(s);
	for (int i = 0; i < N; i++) {
		struct port_job job = { .kind = PORT_JOB_CHECK, .argv = argv[i],
					.uid = (uint32_t)i };

		ck_assert(rset_has(s, &job, &terms));
		job.uid++;
		ck_assert(!rset_has(s, &job, &terms));
	}
	rset_free(s);
	close(fd);
}
END_TEST

START_TEST(what_is_no_command_is_not_written)
{
	static const char *const none[] = { NULL };
	const struct rset_command bad[] = {
		{ .argv = none },
		{ .argv = chk, .uid = UINT32_MAX },
		{ .argv = chk, .gid = UINT32_MAX },
	};

	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(rset_write(&bad[i], 1), -1);
	int fd = rset_write(NULL, 0);
	struct rset *s = rset_read(fd);
	ck_assert_ptr_nonnull(s);
	ck_assert(!rset_has(s, &(struct port_job){ .argv = chk }, &terms));
	rset_free(s);
	close(fd);
}
END_TEST

START_TEST(what_is_no_set_is_not_read)
{
	size_t len;
	int fd = rset_write(commands, 2);
	char *octets = sld_read(fd, 1 << 20, &len);
	/* a set of the first command alone, its account behind the message */
	size_t first = sizeof(uint32_t) * 5 + *(uint32_t *)(void *)octets + sizeof("HOME=/h") +
		       sizeof("USER=u");

	close(fd);
	for (size_t n = 1; n < len; n++) {
		fd = sld_write("test", octets, n);
		struct rset *s = rset_read(fd);
		ck_assert(!s || n == first);
		rset_free(s);
		close(fd);
	}
	for (size_t i = 0; i < len; i++) {
		for (int k = 0; k < 4; k++) {
			octets[i] ^= (char)(0x81 << k);
			fd = sld_write("test", octets, len);
			rset_free(rset_read(fd));
			close(fd);
			octets[i] ^= (char)(0x81 << k);
		}
	}
	fd = memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ck_assert_int_eq(write(fd, octets, len), (int)len);
	ck_assert_ptr_null(rset_read(fd));
	close(fd);
	free(octets);
}
END_TEST

/* ---- the runner ---- */

static const char *const yes[] = { "/usr/bin/true", NULL };
static const char *const no[] = { "/usr/bin/false", NULL };
static const struct rset_command only_yes = { .argv = yes }, only_no = { .argv = no };

static uint32_t ask(struct rig *g, const char *const *argv)
{
	return rig_run_unasked(g, (struct port_job){ .argv = argv, .timeout_us = 60 * SECOND_US });
}

static void refused(struct rig *g, uint32_t id)
{
	rig_expect(g, id, VR_CHECK_CANNOT_RUN, EPERM);
	ck_assert_str_eq(rig_answer(g, id)->detail, "the configuration does not name it");
}

START_TEST(nothing_runs_that_was_not_named)
{
	struct rig *g = rig_open(&usual);
	char path[128];
	const char *touch[] = { "/usr/bin/touch", rig_path(g, "made", path), NULL };
	uint32_t before = ask(g, touch), other, good;

	rig_await(g, 1);
	ck_assert_int_eq(runner_allow(&g->runner, &only_yes, 1), 0);
	ck_assert_int_eq(runner_settle(&g->runner, true), 0);
	good = ask(g, yes);
	other = ask(g, touch);
	rig_await(g, 3);
	refused(g, before);
	refused(g, other);
	rig_expect(g, good, VR_CHECK_GOOD, 0);
	ck_assert(!rig_exists(g, "made"));
	rig_close(g);
}
END_TEST

START_TEST(a_new_set_takes_the_old_one_s_place)
{
	struct rig *g = rig_open(&usual);
	uint32_t id[7];

	ck_assert_int_eq(runner_allow(&g->runner, &only_yes, 1), 0);
	ck_assert_int_eq(runner_settle(&g->runner, true), 0);
	id[0] = ask(g, yes);
	/* both count until it is known which stays, and what was sent before that has counted */
	ck_assert_int_eq(runner_allow(&g->runner, &only_no, 1), 0);
	id[1] = ask(g, yes);
	id[2] = ask(g, no);
	ck_assert_int_eq(runner_settle(&g->runner, true), 0);
	rig_await(g, 3);
	id[3] = ask(g, no);
	rig_await(g, 4);
	id[4] = ask(g, yes);
	rig_await(g, 5);
	/* a reload that was refused */
	ck_assert_int_eq(runner_allow(&g->runner, &only_yes, 1), 0);
	ck_assert_int_eq(runner_settle(&g->runner, false), 0);
	id[5] = ask(g, no);
	rig_await(g, 6);
	id[6] = ask(g, yes);
	rig_await(g, 7);
	rig_expect(g, id[0], VR_CHECK_GOOD, 0);
	rig_expect(g, id[1], VR_CHECK_GOOD, 0);
	rig_expect(g, id[2], VR_CHECK_EXIT, 1);
	rig_expect(g, id[3], VR_CHECK_EXIT, 1);
	refused(g, id[4]);
	rig_expect(g, id[5], VR_CHECK_EXIT, 1);
	refused(g, id[6]);
	rig_close(g);
}
END_TEST

/* The runner sees everything at once: what was sent in order must be judged in order. */
START_TEST(a_runner_that_is_late_judges_in_order)
{
	struct rig *g = rig_open(&usual);

	ck_assert_int_eq(kill(g->runner.pid, SIGSTOP), 0);
	for (uint32_t i = 0; i < 5; i++) {
		ck_assert_int_eq(runner_allow(&g->runner, i % 2 ? &only_no : &only_yes, 1), 0);
		ck_assert_int_eq(runner_settle(&g->runner, true), 0);
		ask(g, i % 2 ? no : yes);
	}
	ck_assert_int_eq(kill(g->runner.pid, SIGCONT), 0);
	rig_await(g, 5);
	for (uint32_t i = 0; i < 5; i++)
		rig_expect(g, i + 1, i % 2 ? VR_CHECK_EXIT : VR_CHECK_GOOD, i % 2);
	rig_close(g);
}
END_TEST

START_TEST(what_is_no_message_changes_nothing)
{
	struct rig *g = rig_open(&usual);
	int set = rset_write(&only_no, 1);
	int unsealed = memfd_create("x", MFD_CLOEXEC);

	ck_assert_int_eq(runner_allow(&g->runner, &only_yes, 1), 0);
	ck_assert_int_eq(tell_send(g->runner.keeper, (enum tell)'?', set), 0);
	ck_assert_int_eq(tell_send(g->runner.keeper, TELL_SET, -1), 0);
	ck_assert_int_eq(tell_send(g->runner.keeper, TELL_SET, unsealed), 0);
	ck_assert_int_eq(send(g->runner.keeper, "Sxxxxxxxx", 9, 0), 9);
	ck_assert_int_eq(runner_settle(&g->runner, true), 0);
	ask(g, yes);
	ask(g, no);
	rig_await(g, 2);
	rig_expect(g, 1, VR_CHECK_GOOD, 0);
	refused(g, 2);
	close(set);
	close(unsealed);
	rig_close(g);
}
END_TEST

START_TEST(without_its_keeper_it_goes_on_with_what_it_knows)
{
	struct rig *g = rig_open(&usual);

	ck_assert_int_eq(runner_allow(&g->runner, &only_yes, 1), 0);
	close(g->runner.keeper);
	ask(g, yes);
	ask(g, no);
	rig_await(g, 2);
	rig_expect(g, 1, VR_CHECK_GOOD, 0);
	refused(g, 2);
	rig_close(g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("runner_set");
	TCase *sets = tcase_create("sets");
	TCase *runner = tcase_create("runner");
	SRunner *r;
	int failed;

	tcase_add_test(sets, all_of_a_job_must_be_as_it_was_named);
	tcase_add_test(sets, free_words_are_harmless_ones);
	tcase_add_test(sets, the_stricter_set_counts);
	tcase_add_test(sets, the_environment_is_that_of_all_sets);
	tcase_add_test(sets, an_account_is_a_few_variables);
	tcase_add_test(sets, many_are_found);
	tcase_add_test(sets, what_is_no_command_is_not_written);
	tcase_add_test(sets, what_is_no_set_is_not_read);
	suite_add_tcase(s, sets);
	tcase_set_timeout(runner, 240);
	tcase_add_test(runner, nothing_runs_that_was_not_named);
	tcase_add_test(runner, a_new_set_takes_the_old_one_s_place);
	tcase_add_test(runner, a_runner_that_is_late_judges_in_order);
	tcase_add_test(runner, what_is_no_message_changes_nothing);
	tcase_add_test(runner, without_its_keeper_it_goes_on_with_what_it_knows);
	suite_add_tcase(s, runner);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
