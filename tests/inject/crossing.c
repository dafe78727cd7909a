/*
 * Why this exists: what crosses from one process to another must be the whole configuration or
 * nothing: the engine that reads it will hold the addresses that stand in it.
 */
#include <stdio.h>
#include <unistd.h>

#include "golden/same.h"
#include "inject/inject.h"
#include "main/crossing.h"

static const struct cfg_options how = { .config_id = "node-a" };

static struct cfg *load(struct inj *in, struct diag_list *diags)
{
	diag_init(diags);
	struct cfg *cfg = cfg_load(inj_arg(in), &how, diags);
	if (!cfg)
		inj_wrong(in, "%s cannot be loaded", inj_arg(in));
	return cfg;
}

static void must_be_same(struct inj *in, int fd, const struct cfg *right)
{
	char why[CRS_WHY_MAX] = "";
	struct cfg *got = NULL;

	if (!crs_read(fd, &got, NULL, why) || !got)
		inj_wrong(in, "what was written cannot be read: %s", why);
	else if (cfg_difference(right, got))
		inj_wrong(in, "what was written differs: %s", cfg_difference(right, got));
	cfg_free(got);
}

static void write_it(struct inj *in)
{
	struct diag_list diags;
	struct cfg *cfg = load(in, &diags);

	inj_arm(in);
	int fd = crs_write(cfg, &diags);
	bool hit = inj_disarm(in);
	if (fd < 0 && !hit)
		inj_wrong(in, "it cannot be written");
	if (fd >= 0) {
		must_be_same(in, fd, cfg);
		close(fd);
	}
	diag_free(&diags);
	cfg_free(cfg);
}

static void read_it(struct inj *in)
{
	struct diag_list diags, heard;
	struct cfg *cfg = load(in, &diags), *got = NULL;
	char why[CRS_WHY_MAX] = "";
	int fd = crs_write(cfg, &diags);

	diag_init(&heard);
	inj_arm(in);
	bool good = crs_read(fd, &got, &heard, why);
	bool hit = inj_disarm(in);
	if (!good && !hit)
		inj_wrong(in, "it cannot be read");
	if (!good)
		inj_sentence(in, why);
	if (good && (!got || cfg_difference(cfg, got)))
		inj_wrong(in, "what was read differs");
	if (good && heard.n + heard.dropped != diags.n)
		inj_wrong(in, "%zu of %zu messages came", heard.n, diags.n);
	close(fd);
	diag_free(&diags);
	diag_free(&heard);
	cfg_free(got);
	cfg_free(cfg);
}

const struct inj_op inj_crossing[] = {
	{ "crossing: write scripts", write_it, "tests/golden/scripts.conf" },
	{ "crossing: write passwords", write_it, "tests/golden/authentication.conf" },
	{ "crossing: read scripts", read_it, "tests/golden/scripts.conf" },
	{ "crossing: read passwords", read_it, "tests/golden/authentication.conf" },
	{ 0 },
};
