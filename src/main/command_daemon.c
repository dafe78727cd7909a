/*
 * Which daemon a command is for.
 *
 * Each daemon has written down who it is (rtf_announce()); whoever may ask may also read that, and
 * an engine that hangs need not be asked. A daemon that died has left its words: those are told
 * apart by its socket, on which nobody listens.
 */
#include "main/command_daemon.h"
#include "main/runtime_path.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "ctl/text.h"

#define TEXT_MAX 512

struct found {
	char key[RTF_KEY_MAX];
	char control[RTF_PATH_MAX];
	char config[TEXT_MAX];
	long pid;
	bool lives;
	bool here;			/* in our network namespace, as far as we know */
};

struct daemons {
	struct found *v;
	size_t n;
};

static unsigned long long own_netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : (unsigned long long)st.st_ino;
}

static bool lives(const char *control)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool refused;

	memcpy(to.sun_path, control, strlen(control));
	refused = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) &&
		  (errno == ECONNREFUSED || errno == ENOENT);
	if (fd >= 0)
		close(fd);
	return !refused;
}

static bool take_string(const json_t *info, const char *key, char *buf, size_t size)
{
	const char *text = json_string_value(json_object_get(info, key));

	snprintf(buf, size, "%s", text ? text : "");
	return text && strlen(text) < size;
}

/* False: it is not what a daemon writes. */
static bool read_one(const char *name, unsigned long long netns, struct found *out)
{
	char path[sizeof(RTF_DIR) + NAME_MAX + 2];
	json_t *info;
	json_int_t theirs;
	bool good;

	snprintf(path, sizeof(path), RTF_DIR "/%s", name);
	info = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	good = take_string(info, "key", out->key, sizeof(out->key)) &&
	       take_string(info, "control", out->control, sizeof(out->control));
	take_string(info, "config", out->config, sizeof(out->config));
	out->pid = (long)json_integer_value(json_object_get(info, "pid"));
	theirs = json_integer_value(json_object_get(info, "netns"));
	json_decref(info);
	if (!good)
		return false;
	out->here = !netns || !theirs || (unsigned long long)theirs == netns;
	out->lives = lives(out->control);
	return true;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->key, ((const struct found *)b)->key);
}

static void collect(struct daemons *all)
{
	unsigned long long netns = own_netns();
	DIR *dir = opendir(RTF_DIR);
	struct dirent *entry;

	*all = (struct daemons){ NULL, 0 };
	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		struct found *grown;

		if (len <= strlen(RTP_INFO) ||
		    strcmp(entry->d_name + len - strlen(RTP_INFO), RTP_INFO))
			continue;
		grown = reallocarray(all->v, all->n + 1, sizeof(*grown));
		if (!grown)
			break;
		all->v = grown;
		if (read_one(entry->d_name, netns, &grown[all->n]))
			all->n++;
	}
	if (dir)
		closedir(dir);
	if (all->n)
		qsort(all->v, all->n, sizeof(*all->v), by_key);
}

static bool is_wanted(const struct found *f, const char *wanted)
{
	char pid[24];

	snprintf(pid, sizeof(pid), "%ld", f->pid);
	return !strcmp(wanted, f->key) || !strcmp(wanted, pid);
}

/* The only one that fits; NULL: there is none, or *N are several. */
static const struct found *pick(const struct daemons *all, const char *wanted, bool living,
				size_t *n)
{
	const struct found *only = NULL;

	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct found *f = &all->v[i];

		if (f->lives != living || (wanted ? !is_wanted(f, wanted) : !f->here))
			continue;
		only = f;
		(*n)++;
	}
	return *n == 1 ? only : NULL;
}

static void list(const struct daemons *all, const char *verb)
{
	char clean[TEXT_MAX];

	for (size_t i = 0; i < all->n; i++) {
		const struct found *f = &all->v[i];

		if (!f->lives)
			continue;
		fprintf(stderr, "  holdfastctl --daemon '%s' %s", f->key, verb);
		fprintf(stderr, "\t# process %ld, %s, %s network namespace\n", f->pid,
			txt_clean(f->config, clean, sizeof(clean)), f->here ? "this" : "another");
	}
}

static void complain(const struct daemons *all, size_t n, const char *wanted, const char *verb)
{
	char clean[128];

	if (wanted)
		fprintf(stderr, "holdfastctl: no daemon '%s' runs here; these do:\n",
			txt_clean(wanted, clean, sizeof(clean)));
	else if (n)
		fprintf(stderr, "holdfastctl: %zu daemons run in this network namespace; say which:"
			"\n", n);
	else
		fprintf(stderr, "holdfastctl: no daemon runs in this network namespace; these run "
			"on this host:\n");
	list(all, verb);
}

static bool any_lives(const struct daemons *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].lives)
			return true;
	return false;
}

bool cdm_find(const char *wanted, const char *verb, char path[static RTF_PATH_MAX])
{
	const struct found *chosen;
	struct daemons all;
	size_t n, dead;
	bool good;

	collect(&all);
	chosen = pick(&all, wanted, true, &n);
	good = chosen || !any_lives(&all);
	if (!good)
		complain(&all, n, wanted, verb);
	if (!chosen)
		chosen = pick(&all, wanted, false, &dead);
	if (chosen)
		snprintf(path, RTF_PATH_MAX, "%s", chosen->control);
	else
		snprintf(path, RTF_PATH_MAX, RTF_DIR "/%.72s" RTP_SOCKET,
			 wanted ? wanted : "default");
	free(all.v);
	return good;
}
