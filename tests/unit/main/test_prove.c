/*
 * What --prove says of what it is given: that it can take over, or the one thing that is missing.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "main/crossing.h"
#include "main/handover.h"
#include "main/prove.h"
#include "sys/record.h"
#include "sys/sealed.h"

static const char text[] =
	"vrrp_instance VI_1 {\n"
	"    interface eth0\n"
	"    virtual_router_id 51\n"
	"    virtual_ipaddress {\n"
	"        192.0.2.1/24\n"
	"    }\n"
	"}\n";

static struct cfg *load(struct diag_list *diags)
{
	static const struct cfg_options options = { .dialect = CFG_KEEPALIVED };

	diag_init(diags);
	return cfg_load_text("k.conf", text, strlen(text), &options, diags);
}

/* As the keeper executes it: both descriptors in their places, and what it says in SAID. */
static int prove(int config, int record, char *said, size_t size)
{
	int ends[2], status;
	ssize_t len;

	ck_assert_int_eq(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		int high[2] = { fcntl(config, F_DUPFD, 20), fcntl(record, F_DUPFD, 20) };

		dup2(ends[1], STDOUT_FILENO);
		dup2(high[0], PRO_CONFIG);
		dup2(high[1], PRO_RECORD);
		status = pro_run();
		fflush(stdout);
		_exit(status);
	}
	close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	len = read(ends[0], said, size - 1);
	said[len > 0 ? len : 0] = '\0';
	close(ends[0]);
	return WEXITSTATUS(status);
}

static void expect(int config, int record, const char *sentence)
{
	char said[300];

	ck_assert_int_eq(prove(config, record, said, sizeof(said)), EXIT_FAILURE);
	ck_assert_str_eq(said, sentence);
}

START_TEST(each_thing_that_is_missing_has_its_sentence)
{
	struct diag_list diags;
	struct cfg *cfg = load(&diags);
	struct rec *record = rec_new(4096);
	int good = crs_write(cfg, &diags), none = crs_write(NULL, &diags);
	int noise = sld_write("noise", text, sizeof(text));

	ck_assert(cfg && record && good >= 0 && none >= 0 && noise >= 0);
	expect(none, rec_fd(record), "it cannot read the configuration: there is none\n");
	expect(noise, rec_fd(record),
	       "it cannot read the configuration: it holds no configuration\n");
	expect(good, rec_fd(record), "it cannot read the resume record: there is no record\n");
	expect(good, noise, "it cannot read the resume record: the descriptor is not a record's\n");
	ck_assert(rec_put(record, text, sizeof(text), 1));
	expect(good, rec_fd(record), "it cannot read the resume record: it is not a record\n");
	rec_free(record);
	cfg_free(cfg);
	diag_free(&diags);
	close(good);
	close(none);
	close(noise);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("prove");
	TCase *t = tcase_create("prove");
	SRunner *r;
	int failed;

	tcase_add_test(t, each_thing_that_is_missing_has_its_sentence);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
