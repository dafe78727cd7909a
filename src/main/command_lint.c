/*
 * The files of a cluster, judged before any of them runs.
 *
 * The rules live in the lint floor; here files and scripts are read, and the verdict becomes an
 * exit status that a deployment can stop at.
 */
#include "main/command_lint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/cfg.h"
#include "ctl/text.h"
#include "lint/render.h"
#include "sys/script_env.h"
#include "sys/script_path.h"
#include "sys/users.h"

/* A fifo or a device must not stop us. */
static int open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

static long read_script(void *ctx, const char *path, char *buf, size_t size)
{
	int fd = open_regular(path);
	size_t len = 0;

	(void)ctx;
	if (fd < 0)
		return -1;
	while (len < size) {
		ssize_t n = read(fd, buf + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	return (long)len;
}

/* Of this host; a file of another one may name what is not here. */
static bool is_unsafe(void *ctx, const char *const *argv, const struct cfg_user *as, char *why,
		      size_t size)
{
	struct user_ids ids;
	struct spath_answer a;

	(void)ctx;
	if (!users_default(as->user, as->group, &ids, why, size))
		return false;
	spath_judge(argv, &ids, senv_path(environ), &a);
	snprintf(why, size, "%s", a.unsafe);
	return !a.safe;
}

struct lnt_host cml_host(void)
{
	return (struct lnt_host){ .script = read_script, .unsafe = is_unsafe };
}

static int out_of_memory(struct lnt *l)
{
	fputs("holdfastctl: there is no memory\n", stderr);
	lnt_free(l);
	return CML_UNUSABLE;
}

/* Loads FILE as the daemon would, for what it says, and hands it on. */
static void add(struct lnt *l, const char *file)
{
	const struct cfg_options how = { .dialect = CFG_BY_NAME };
	struct diag_list said;

	diag_init(&said);
	cfg_free(cfg_load(file, &how, &said));
	lnt_add(l, file, &how, &said);
	diag_free(&said);
}

static int verdict(const struct lnt *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (lnt_unusable(l, i))
			return CML_UNUSABLE;
	}
	return lnt_worst(l) >= (int)DIAG_WARNING ? CML_FINDINGS : CML_CLEAN;
}

/* What stands in files may steer a terminal; findings quote it. */
static bool put_text(const struct lnt *l)
{
	char *text = NULL, *line, *end;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return false;
	rnd_text(l, to);
	if (fclose(to)) {
		free(text);
		return false;
	}
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		txt_put(stdout, line, 0);
		putchar('\n');
	}
	free(text);
	return true;
}

int cml_main(int n, char **files, bool json)
{
	const struct lnt_host host = cml_host();
	struct lnt *l;
	int status;

	l = lnt_new(&host);
	for (int i = 0; i < n && l; i++)
		add(l, files[i]);
	if (!l || !lnt_run(l))
		return out_of_memory(l);
	if (json ? !rnd_json(l, stdout) : !put_text(l))
		return out_of_memory(l);
	status = verdict(l, (size_t)n);
	lnt_free(l);
	return status;
}
