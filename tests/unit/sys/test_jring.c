/*
 * The journal's file: what is put stands there, in order; nobody else's file is touched; a disk
 * that is full or that fails is a sentence or an error, and never time.
 */
#include <check.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/jring.h"
#include "sys/loop.h"
#include "unit/sys/lab.h"

#define SIZE (128u * 1024)
#define MAGIC "test ring"
#define SECOND_US 1000000
#define WHY_MAX 300

struct place {
	char dir[64];
	char file[96];
	char other[96];
};

static void make_place(struct place *p)
{
	strcpy(p->dir, "/tmp/holdfast-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->dir));
	snprintf(p->file, sizeof(p->file), "%s/journal", p->dir);
	snprintf(p->other, sizeof(p->other), "%s/other", p->dir);
}

static void remove_place(const struct place *p)
{
	unlink(p->file);
	unlink(p->other);
	rmdir(p->dir);
}

static struct jring_options options_of(const struct place *p)
{
	return (struct jring_options){
		.path = p->file, .size = SIZE, .magic = MAGIC, .magic_len = strlen(MAGIC),
	};
}

static struct jring *open_with(const struct jring_options *o)
{
	char why[WHY_MAX] = "";
	int fd = jring_file(o, why, sizeof(why));
	struct jring *r = fd < 0 ? NULL : jring_open(fd, o, why, sizeof(why));

	ck_assert_msg(r != NULL, "%s", why);
	return r;
}

static struct jring *open_ring(const struct place *p)
{
	struct jring_options o = options_of(p);

	return open_with(&o);
}

/* It is not opened, and the sentence behind the path is this. */
static void refused(const struct place *p, uint64_t size, const char *sentence)
{
	struct jring_options o = options_of(p);
	char why[WHY_MAX], want[WHY_MAX];

	o.size = size;
	snprintf(want, sizeof(want), "the journal %s %s", p->file, sentence);
	ck_assert_int_eq(jring_file(&o, why, sizeof(why)), -1);
	ck_assert_str_eq(why, want);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static uint8_t *read_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size);
	FILE *f = fopen(path, "r");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fread(data, 1, size, f), size);
	ck_assert_int_eq(fgetc(f), EOF);
	fclose(f);
	return data;
}

START_TEST(what_is_put_stands_in_the_file)
{
	static uint8_t want[SIZE], piece[7000];
	struct place place;
	struct stat st;

	make_place(&place);
	struct jring *r = open_ring(&place);
	ck_assert_int_eq(jring_put(r, 0, MAGIC, strlen(MAGIC)), 0);
	memcpy(want, MAGIC, strlen(MAGIC));
	for (uint32_t i = 0; i < 4000; i++) {
		size_t len = 1 + i * 7919 % (i % 50 ? 90 : sizeof(piece));
		uint64_t offset = 16 + i * UINT64_C(104729) % (SIZE - 16 - len);

		if (i % 3)			/* behind the piece before, as a journal does */
			offset = offset % 1000 + 5000;
		memset(piece, (int)(i * 31), len);
		while (jring_put(r, offset, piece, len) == EAGAIN)
			usleep(100);
		jring_push(r);
		memcpy(want + offset, piece, len);
	}
	jring_close(r, 10 * SECOND_US);
	uint8_t *is = read_file(place.file, SIZE);
	ck_assert_int_eq(memcmp(is, want, SIZE), 0);
	free(is);
	ck_assert_int_eq(stat(place.file, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	ck_assert_int_ge(st.st_blocks * 512, SIZE);	/* no holes: the space is ours */
	remove_place(&place);
}
END_TEST

/* Not only when the ring is closed: what a daemon said before it died counts most. */
START_TEST(it_is_written_soon)
{
	struct place place;

	make_place(&place);
	struct jring *r = open_ring(&place);
	for (char c = 'a'; c < 'e'; c++) {
		int64_t until = loop_now_us() + 10 * SECOND_US;

		ck_assert_int_eq(jring_put(r, 100, &c, 1), 0);
		jring_push(r);
		for (;;) {
			uint8_t *is = read_file(place.file, SIZE);
			bool there = is[100] == (uint8_t)c;

			free(is);
			if (there)
				break;
			ck_assert_int_lt(loop_now_us(), until);
			usleep(1000);
		}
	}
	jring_close(r, 10 * SECOND_US);
	remove_place(&place);
}
END_TEST

START_TEST(what_stood_there_is_kept)
{
	struct place place;
	char there[20];

	make_place(&place);
	struct jring *r = open_ring(&place);
	ck_assert(jring_get(r, SIZE - 20, there, 20));
	ck_assert(!jring_get(r, SIZE - 19, there, 20));
	ck_assert_int_eq(jring_put(r, 0, MAGIC, strlen(MAGIC)), 0);
	ck_assert_int_eq(jring_put(r, 50000, "still here", 11), 0);
	jring_close(r, 10 * SECOND_US);
	ck_assert_int_eq(chmod(place.file, 0644), 0);
	r = open_ring(&place);
	ck_assert(jring_get(r, 50000, there, 11));
	ck_assert_str_eq(there, "still here");
	jring_close(r, 10 * SECOND_US);
	struct stat st;
	ck_assert_int_eq(stat(place.file, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	remove_place(&place);
}
END_TEST

START_TEST(another_size_begins_anew)
{
	struct place place;
	struct jring_options o;
	char there[11];

	make_place(&place);
	struct jring *r = open_ring(&place);
	ck_assert_int_eq(jring_put(r, 0, MAGIC, strlen(MAGIC)), 0);
	ck_assert_int_eq(jring_put(r, 5000, "still here", 11), 0);
	jring_close(r, 10 * SECOND_US);
	o = options_of(&place);
	o.size = 2 * SIZE;
	r = open_with(&o);
	ck_assert(jring_get(r, 5000, there, 11));
	ck_assert_str_eq(there, "");
	jring_close(r, 10 * SECOND_US);
	free(read_file(place.file, 2 * SIZE));
	remove_place(&place);
}
END_TEST

START_TEST(nobody_elses_file_is_touched)
{
	struct place place;
	struct stat st;

	make_place(&place);
	write_file(place.other, "precious");
	ck_assert_int_eq(symlink(place.other, place.file), 0);
	refused(&place, SIZE, "is a symbolic link, which is not followed");
	ck_assert_int_eq(unlink(place.file), 0);

	ck_assert_int_eq(mkfifo(place.file, 0600), 0);
	refused(&place, SIZE, "is not a regular file");
	ck_assert_int_eq(unlink(place.file), 0);

	ck_assert_int_eq(mkdir(place.file, 0700), 0);
	refused(&place, SIZE, "cannot be opened: Is a directory");
	ck_assert_int_eq(rmdir(place.file), 0);

	write_file(place.file, "root:x:0:0:root:/root:/bin/sh\n");
	refused(&place, SIZE, "holds something else already: it is not written over");
	ck_assert_int_eq(stat(place.file, &st), 0);
	ck_assert_int_eq(st.st_size, 30);
	write_file(place.file, "test");			/* a part of the magic is not the magic */
	refused(&place, SIZE, "holds something else already: it is not written over");

	write_file(place.file, "");
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(place.file, 65534, 65534), 0);
		refused(&place, SIZE, "belongs to somebody else");
	}
	ck_assert_int_eq(unlink(place.file), 0);
	strcpy(place.file, "/nowhere/at/all");
	refused(&place, SIZE, "cannot be opened: No such file or directory");
	remove_place(&place);
}
END_TEST

START_TEST(two_daemons_do_not_share_one)
{
	struct place place;

	make_place(&place);
	struct jring *r = open_ring(&place);
	refused(&place, SIZE, "is another daemon's at the moment");
	jring_close(r, 10 * SECOND_US);
	r = open_ring(&place);
	jring_close(r, 10 * SECOND_US);
	remove_place(&place);
}
END_TEST

/* A file system of its own, smaller than the file: found out at once, and nothing is left of it. */
START_TEST(a_full_disk_is_a_sentence)
{
	struct place place;
	struct stat st;

	make_place(&place);
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount("none", place.dir, "tmpfs", 0, "size=64k"), 0);
	refused(&place, SIZE, "cannot have its 128 KiB: No space left on device");
	ck_assert_int_eq(stat(place.file, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
	ck_assert_int_eq(umount(place.dir), 0);
	remove_place(&place);
}
END_TEST

/* Writing fails later: every put says so, and the process lives. */
START_TEST(a_disk_that_fails_is_an_error)
{
	struct rlimit limit = { .rlim_cur = 4096, .rlim_max = 4096 };
	int64_t until = loop_now_us() + 10 * SECOND_US;
	struct place place;
	int error = 0;

	make_place(&place);
	struct jring *r = open_ring(&place);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	while (!error && loop_now_us() < until) {
		error = jring_put(r, 8000, "x", 1);
		error = error == EAGAIN ? 0 : error;
		jring_push(r);
	}
	ck_assert_int_eq(error, EFBIG);
	ck_assert_int_eq(jring_put(r, 0, "x", 1), EFBIG);
	jring_close(r, SECOND_US);
	remove_place(&place);
}
END_TEST

/* The file is cut short under it, as by `: > FILE`: it grows again, and nobody dies. */
START_TEST(a_file_that_is_cut_short_is_written_on)
{
	struct place place;

	make_place(&place);
	struct jring *r = open_ring(&place);
	ck_assert_int_eq(jring_put(r, 0, MAGIC, strlen(MAGIC)), 0);
	ck_assert_int_eq(truncate(place.file, 0), 0);
	ck_assert_int_eq(jring_put(r, SIZE - 5, "tail", 5), 0);
	jring_close(r, 10 * SECOND_US);
	uint8_t *is = read_file(place.file, SIZE);
	ck_assert_str_eq((char *)is + SIZE - 5, "tail");
	free(is);
	remove_place(&place);
}
END_TEST

/* More than can be written at once: what does not fit is refused, and each call is short. */
START_TEST(a_storm_costs_octets_and_no_time)
{
	static uint8_t large[48 * 1024];
	struct place place;
	int64_t longest = 0;
	size_t refusals = 0;

	make_place(&place);
	struct jring *r = open_ring(&place);
	for (int i = 0; i < 20000; i++) {
		int64_t before = loop_now_us();
		int error = jring_put(r, 0, large, sizeof(large));

		jring_push(r);
		if (loop_now_us() - before > longest)
			longest = loop_now_us() - before;
		ck_assert(error == 0 || error == EAGAIN);
		refusals += error == EAGAIN;
	}
	ck_assert_uint_gt(refusals, 1000);
	ck_assert_int_lt(longest, SECOND_US);
	ck_assert_int_eq(jring_put(r, 0, large, 65536), EFBIG);
	while (jring_room(r) < 65536 - 16)
		usleep(1000);
	jring_close(r, 10 * SECOND_US);
	remove_place(&place);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sys/jring");
	TCase *t = tcase_create("jring");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_put_stands_in_the_file);
	tcase_add_test(t, it_is_written_soon);
	tcase_add_test(t, what_stood_there_is_kept);
	tcase_add_test(t, another_size_begins_anew);
	tcase_add_test(t, nobody_elses_file_is_touched);
	tcase_add_test(t, two_daemons_do_not_share_one);
	tcase_add_test(t, a_full_disk_is_a_sentence);
	tcase_add_test(t, a_disk_that_fails_is_an_error);
	tcase_add_test(t, a_file_that_is_cut_short_is_written_on);
	tcase_add_test(t, a_storm_costs_octets_and_no_time);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
