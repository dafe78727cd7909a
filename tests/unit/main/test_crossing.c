/* What crosses between processes is what was loaded: every configuration of the tests shows it. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "golden/same.h"
#include "main/crossing.h"
#include "main/load.h"

static const char small[] =
	"global_defs {\n"
	"    journal /var/log/holdfast.journal\n"
	"}\n"
	"vrrp_script chk {\n"
	"    script \"/bin/check it\"\n"
	"}\n"
	"vrrp_instance VI_1 {\n"
	"    interface eth0\n"
	"    virtual_router_id 51\n"
	"    authentication {\n"
	"        auth_type PASS\n"
	"        auth_pass secret\n"
	"    }\n"
	"    track_script {\n"
	"        chk\n"
	"    }\n"
	"    notify_master \"/bin/master 'two words'\"\n"
	"    virtual_ipaddress {\n"
	"        192.0.2.1/24\n"
	"    }\n"
	"}\n";

static struct cfg *load_text(const char *text, struct diag_list *diags)
{
	static const struct cfg_options options = { .dialect = CFG_KEEPALIVED };

	return cfg_load_text("k.conf", text, strlen(text), &options, diags);
}

static char *dump(const struct cfg *cfg)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	cfg_dump(cfg, CFG_NATIVE, true, to);
	fclose(to);
	return text;
}

static size_t n_commands(const struct cfg *cfg)
{
	return cfg->vr.n_checks + (size_t)cfg->vr.n_insts * CFG_N_NOTIFY;
}

static struct cfg_command *command_at(const struct cfg *cfg, size_t i)
{
	if (i < cfg->vr.n_checks)
		return &cfg->checks[i].command;
	i -= cfg->vr.n_checks;
	return &cfg->insts[i / CFG_N_NOTIFY].notify[i % CFG_N_NOTIFY];
}

/* As if a host had answered: something else for each command. */
static void resolve(const struct cfg *cfg)
{
	for (size_t i = 0; i < n_commands(cfg); i++) {
		struct cfg_command *c = command_at(cfg, i);

		c->uid = (uint32_t)i * 7 + 1;
		c->gid = UINT32_MAX - 1 - (uint32_t)i;
		c->groups = i % 2;
		c->broken = i % 3 == 0;
		c->refused = i % 3 ? NULL : "user 'nobody-here' is not known on this host";
	}
}

static void check_commands(const struct cfg *a, const struct cfg *b)
{
	for (size_t i = 0; i < n_commands(a); i++) {
		const struct cfg_command *x = command_at(a, i), *y = command_at(b, i);

		if (!x->argv)
			continue;
		ck_assert_uint_eq(x->uid, y->uid);
		ck_assert_uint_eq(x->gid, y->gid);
		ck_assert_int_eq(x->groups, y->groups);
		ck_assert_int_eq(x->broken, y->broken);
		ck_assert_pstr_eq(x->refused, y->refused);
	}
}

static void check_files(const struct cfg *a, const struct cfg *b)
{
	size_t i = 0;

	for (; a->files[i]; i++)
		ck_assert_pstr_eq(a->files[i], b->files[i]);
	ck_assert_ptr_null(b->files[i]);
	ck_assert_uint_eq(a->n_errors, b->n_errors);
	for (i = 0; i < a->n_errors; i++)
		ck_assert_uint_eq(a->errors[i], b->errors[i]);
}

static void check_diags(const struct diag_list *a, const struct diag_list *b)
{
	char x[2048], y[2048];

	ck_assert_uint_eq(a->n, b->n);
	ck_assert_uint_eq(a->dropped, b->dropped);
	for (size_t i = 0; i < a->n; i++) {
		diag_text(&a->v[i], x, sizeof(x));
		diag_text(&b->v[i], y, sizeof(y));
		ck_assert_str_eq(x, y);
	}
}

static void cross(const struct cfg *cfg, const struct diag_list *diags, const char *name)
{
	struct diag_list heard;
	struct cfg *other;
	char why[CRS_WHY_MAX];
	int fd = crs_write(cfg, diags);

	diag_init(&heard);
	ck_assert_int_ge(fd, 0);
	ck_assert_msg(crs_read(fd, &other, &heard, why), "%s: %s", name, why);
	close(fd);
	check_diags(diags, &heard);
	diag_free(&heard);
	ck_assert_int_eq(cfg != NULL, other != NULL);
	if (!cfg)
		return;
	const char *what = cfg_difference(cfg, other);
	char *before = dump(cfg), *after = dump(other);
	ck_assert_msg(!what, "%s: %s differs", name, what);
	ck_assert_str_eq(before, after);
	check_commands(cfg, other);
	check_files(cfg, other);
	free(before);
	free(after);
	cfg_free(other);
}

/* ---- what crosses is what was loaded ---- */

static size_t cross_all(const char *pattern)
{
	static const struct cfg_options options = { .config_id = "node-a" };
	glob_t found;
	size_t ran = 0;

	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct diag_list diags;
		struct cfg *cfg;

		diag_init(&diags);
		cfg = cfg_load(found.gl_pathv[i], &options, &diags);
		if (cfg) {
			resolve(cfg);
			lod_remember(cfg, &diags);
		}
		cross(cfg, &diags, found.gl_pathv[i]);
		ran += cfg != NULL;
		cfg_free(cfg);
		diag_free(&diags);
	}
	globfree(&found);
	return ran;
}

START_TEST(every_golden_file)
{
	ck_assert_uint_gt(cross_all("tests/golden/*.conf"), 40);
	ck_assert_uint_ge(cross_all("tests/golden/*.cfg"), 2);
}
END_TEST

START_TEST(every_text_that_a_fuzzer_kept)
{
	ck_assert_uint_gt(cross_all("tests/fuzz/corpus/dialect/*"), 0);
}
END_TEST

START_TEST(a_thousand_instances)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	struct diag_list diags;

	for (int i = 0; i < 1000; i++)
		fprintf(to, "vrrp_instance V%d {\n interface eth%d\n virtual_router_id %d\n"
			    " notify \"/bin/n %d\"\n virtual_ipaddress {\n 10.0.%d.%d/32\n }\n}\n",
			i, i / 200, i % 200 + 1, i, i / 250, i % 250 + 1);
	fclose(to);
	diag_init(&diags);
	struct cfg *cfg = load_text(text, &diags);
	ck_assert_ptr_nonnull(cfg);
	resolve(cfg);
	cross(cfg, &diags, "a thousand");
	cfg_free(cfg);
	diag_free(&diags);
	free(text);
}
END_TEST

/* What all files together may say has no room in the text of one: it crosses all the same. */
START_TEST(more_than_one_file_may_have)
{
	enum { INSTANCES = 3600, LONG = 980 };
	static const char *const slots[] = { "notify", "notify_master", "notify_backup",
					     "notify_fault", "notify_stop" };
	char *text = NULL, word[LONG + 1], why[CRS_WHY_MAX];
	struct cfg *got;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	struct diag_list diags;

	memset(word, 'x', LONG);
	word[LONG] = '\0';
	for (int i = 0; i < INSTANCES; i++) {
		fprintf(to, "vrrp_instance V%d {\n interface eth%d\n virtual_router_id %d\n"
			    " virtual_ipaddress {\n 10.0.%d.%d/32\n }\n", i, i / 200, i % 200 + 1,
			i / 250, i % 250 + 1);
		for (int n = 0; n < 5; n++)
			fprintf(to, " %s \"/bin/n %s\"\n", slots[n], word);
		fputs("}\n", to);
	}
	fclose(to);
	ck_assert_uint_gt(len, 17u << 20);
	diag_init(&diags);
	struct cfg *cfg = load_text(text, &diags);
	ck_assert_ptr_nonnull(cfg);
	resolve(cfg);
	int fd = crs_write(cfg, &diags);
	ck_assert_int_ge(fd, 0);
	ck_assert_msg(crs_read(fd, &got, NULL, why), "%s", why);
	ck_assert_uint_eq(got->vr.n_insts, INSTANCES);
	ck_assert_str_eq(got->insts[INSTANCES - 1].notify[CFG_NOTIFY_GENERIC].argv[1], word);
	cfg_free(got);
	cfg_free(cfg);
	diag_free(&diags);
	close(fd);
	free(text);
}
END_TEST

START_TEST(octets_of_all_kinds)
{
	struct diag_list diags;

	diag_init(&diags);
	struct cfg *cfg = load_text(small, &diags);
	ck_assert_ptr_nonnull(cfg);
	const char *argv[] = { "/bin/\x01\xff\"q\"\\", "", "\n@include \"/etc/passwd\"\n", "$x",
			       "' '", NULL };
	cfg->checks[0].command.argv = argv;
	int fd = crs_write(cfg, &diags);
	struct cfg *other;
	char why[CRS_WHY_MAX];
	ck_assert_msg(crs_read(fd, &other, NULL, why), "%s", why);
	for (size_t i = 0; argv[i]; i++)
		ck_assert_str_eq(other->checks[0].command.argv[i], argv[i]);
	ck_assert_ptr_null(other->checks[0].command.argv[5]);
	cfg_free(other);
	cfg_free(cfg);
	diag_free(&diags);
	close(fd);
}
END_TEST

/* ---- what is read may be anything ---- */

static int file_of(const void *octets, size_t len, int seals)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, octets, len), (int)len);
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* The octets of a small one, to be freed. */
static uint8_t *small_one(size_t *len)
{
	struct diag_list diags;

	diag_init(&diags);
	struct cfg *cfg = load_text(small, &diags);
	ck_assert_ptr_nonnull(cfg);
	resolve(cfg);
	int fd = crs_write(cfg, &diags);
	off_t size = lseek(fd, 0, SEEK_END);
	uint8_t *octets = malloc((size_t)size + 1);
	ck_assert_int_eq(pread(fd, octets, (size_t)size, 0), (int)size);
	close(fd);
	cfg_free(cfg);
	diag_free(&diags);
	*len = (size_t)size;
	return octets;
}

/* It may be read or not, but nothing else may happen. */
static bool try(const uint8_t *octets, size_t len)
{
	char why[CRS_WHY_MAX] = "";
	struct cfg *cfg;
	int fd = file_of(octets, len, ALL_SEALS);
	bool good = crs_read(fd, &cfg, NULL, why);

	if (!good) {
		ck_assert_ptr_null(cfg);
		ck_assert_str_ne(why, "");
	}
	cfg_free(cfg);
	close(fd);
	return good;
}

START_TEST(one_that_is_cut_short)
{
	size_t len;
	uint8_t *octets = small_one(&len);

	ck_assert(try(octets, len));
	for (size_t n = 0; n < len; n++)
		ck_assert_msg(!try(octets, n), "%zu of %zu octets", n, len);
	octets[len] = 0;
	ck_assert(!try(octets, len + 1));
	free(octets);
}
END_TEST

START_TEST(one_with_a_wrong_octet)
{
	static const uint8_t wrong[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	size_t len;
	uint8_t *octets = small_one(&len);

	for (size_t i = 0; i < len; i++) {
		uint8_t right = octets[i];

		for (size_t k = 0; k < sizeof(wrong); k++) {
			octets[i] = wrong[k];
			try(octets, len);
		}
		octets[i] = right;
	}
	free(octets);
}
END_TEST

START_TEST(another_version)
{
	char why[CRS_WHY_MAX];
	struct cfg *cfg;
	size_t len;
	uint8_t *octets = small_one(&len);

	octets[strlen((char *)octets) + 1]++;
	int fd = file_of(octets, len, ALL_SEALS);
	ck_assert(!crs_read(fd, &cfg, NULL, why));
	ck_assert_ptr_nonnull(strstr(why, "another version"));
	close(fd);
	free(octets);
}
END_TEST

START_TEST(one_that_could_still_change)
{
	char why[CRS_WHY_MAX];
	struct cfg *cfg;
	size_t len;
	uint8_t *octets = small_one(&len);
	int fd = file_of(octets, len, F_SEAL_SHRINK);

	ck_assert(!crs_read(fd, &cfg, NULL, why));
	ck_assert_ptr_nonnull(strstr(why, "not sealed"));
	close(fd);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert(!crs_read(fd, &cfg, NULL, why));
	close(fd);
	free(octets);
}
END_TEST

START_TEST(nobody_writes_to_it)
{
	struct diag_list diags;
	int fd;

	diag_init(&diags);
	fd = crs_write(NULL, &diags);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_lt(pwrite(fd, "x", 1, 0), 0);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_lt(ftruncate(fd, 0), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("crossing");
	TCase *same = tcase_create("what crosses is what was loaded");
	TCase *hostile = tcase_create("what is read may be anything");

	tcase_add_test(same, every_golden_file);
	tcase_add_test(same, every_text_that_a_fuzzer_kept);
	tcase_add_test(same, a_thousand_instances);
	tcase_add_test(same, more_than_one_file_may_have);
	tcase_add_test(same, octets_of_all_kinds);
	suite_add_tcase(s, same);
	tcase_add_test(hostile, one_that_is_cut_short);
	tcase_add_test(hostile, one_with_a_wrong_octet);
	tcase_add_test(hostile, another_version);
	tcase_add_test(hostile, one_that_could_still_change);
	tcase_add_test(hostile, nobody_writes_to_it);
	suite_add_tcase(s, hostile);

	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
