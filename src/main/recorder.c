/*
 * The engine's journal meets the file.
 *
 * The engine knows no files and sys knows no engine, so their two halves are joined here. The file
 * is chosen once: at a reload the daemon has given up the rights that another one might need.
 */
#include "main/recorder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/journal.h"
#include "main/version.h"
#include "sys/jring.h"

#define WHY_MAX 400
#define KIB 1024

struct recorder {
	char *path;
	uint64_t size;
	struct jring *ring;
	struct journal *journal;
};

static int put(void *ctx, uint64_t offset, const void *data, size_t len)
{
	return jring_put(ctx, offset, data, len);
}

static void push(void *ctx)
{
	jring_push(ctx);
}

static size_t room(void *ctx)
{
	return jring_room(ctx);
}

static bool get(void *ctx, uint64_t offset, void *to, size_t len)
{
	return jring_get(ctx, offset, to, len);
}

static const char *wanted(const char *override, const struct cfg *cfg)
{
	return override ? override : cfg->global.journal;
}

static struct jring_options ring_options(const char *path, uint64_t size)
{
	return (struct jring_options){
		.path = path, .size = size, .magic = JRN_MAGIC, .magic_len = JRN_MAGIC_LEN,
	};
}

static uint64_t size_of(const struct cfg *cfg)
{
	return (uint64_t)cfg->global.journal_kib * KIB;
}

int rec_file(const char *override, const struct cfg *cfg, const struct log *log)
{
	const char *path = wanted(override, cfg);
	struct jring_options options = ring_options(path, size_of(cfg));
	char why[WHY_MAX];

	if (!path)
		return -1;
	if (*path != '/') {
		log_printf(log, LOG_LVL_ERROR, "no journal is kept: '%s' does not begin with '/'",
			   path);
		return -1;
	}
	int fd = jring_file(&options, why, sizeof(why));
	if (fd < 0)
		log_printf(log, LOG_LVL_ERROR, "no journal is kept: %s", why);
	return fd;
}

static bool open_journal(struct recorder *rec, int fd, const struct port *port,
			 const struct log *log)
{
	struct jring_options options = ring_options(rec->path, rec->size);
	struct jrn_sink sink = {
		.size = rec->size, .put = put, .push = push, .room = room, .get = get,
	};
	char why[WHY_MAX];

	rec->ring = jring_open(fd, &options, why, sizeof(why));
	if (!rec->ring) {
		log_printf(log, LOG_LVL_ERROR, "no journal is kept: %s", why);
		return false;
	}
	sink.ctx = rec->ring;
	rec->journal = jrn_new(&sink, port, log, HOLDFAST_VERSION);
	if (!rec->journal)
		log_printf(log, LOG_LVL_ERROR, "no journal is kept: there is no memory for it");
	return rec->journal != NULL;
}

struct recorder *rec_open(int fd, struct engine *engine, const char *override,
			  const struct port *port, const struct log *log)
{
	const struct cfg *cfg = eng_cfg(engine);
	const char *path = wanted(override, cfg);
	struct recorder *rec = fd >= 0 && path ? calloc(1, sizeof(*rec)) : NULL;
	struct stat st;

	if (fd >= 0 && path && !rec)
		log_printf(log, LOG_LVL_ERROR, "no journal is kept: out of memory");
	if (!rec) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	rec->path = strdup(path);
	if (!rec->path) {
		log_printf(log, LOG_LVL_ERROR, "no journal is kept: out of memory");
		close(fd);
	}
	/* not the configuration's, which may have been reloaded since the file was made */
	rec->size = fstat(fd, &st) ? 0 : (uint64_t)st.st_size;
	if (!rec->path || !open_journal(rec, fd, port, log)) {
		rec_close(rec, 0);
		return NULL;
	}
	eng_journal(engine, rec->journal);
	if (jrn_alive(rec->journal))
		log_printf(log, LOG_LVL_INFO, "Keeping a journal in %s", rec->path);
	return rec;
}

void rec_reloaded(const struct recorder *rec, const char *override, const struct cfg *cfg,
		  const struct log *log)
{
	const char *path = wanted(override, cfg);
	bool same = path && rec && !strcmp(path, rec->path) &&
		    (uint64_t)cfg->global.journal_kib * KIB == rec->size;

	if (same || (!path && !rec))
		return;
	if (rec)
		log_printf(log, LOG_LVL_WARN, "the journal stays in %s, %llu KiB: a change of it "
			   "needs a restart", rec->path, (unsigned long long)(rec->size / KIB));
	else
		log_printf(log, LOG_LVL_WARN, "no journal is kept until the daemon is restarted");
}

void rec_close(struct recorder *rec, int64_t wait_us)
{
	if (!rec)
		return;
	jrn_free(rec->journal);
	jring_close(rec->ring, wait_us);
	free(rec->path);
	free(rec);
}
