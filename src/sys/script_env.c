/*
 * Which variables a script gets.
 *
 * The names that are kept back are those that the C library and sudo(8) take from programs with
 * more rights than their caller, for the same reason: whoever starts the daemon from a shell should
 * not change by an accident of that shell what root's scripts run. A value is never looked at.
 */
#include "sys/script_env.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A star at the end stands for any rest. */
static const char *const kept_back[] = {
	/* the dynamic linker and the C library */
	"LD_*", "GLIBC_*", "MALLOC_*", "GCONV_PATH", "GETCONF_DIR", "HOSTALIASES", "LOCPATH",
	"NIS_PATH", "NLSPATH", "RESOLV_HOST_CONF",
	/* shells */
	"IFS", "ENV", "BASH_*", "BASHOPTS", "SHELLOPTS", "PS4", "CDPATH", "GLOBIGNORE",
	"EXECIGNORE", "FPATH", "ZDOTDIR", "NULLCMD", "READNULLCMD",
	/* other interpreters */
	"PERL5*", "PERLLIB", "PERLIO_DEBUG", "PYTHON*", "RUBY*", "GEM_*", "NODE_OPTIONS",
	"NODE_PATH", "LUA_PATH*", "LUA_CPATH*", "LUA_INIT*", "PHPRC", "PHP_INI_SCAN_DIR",
	"TCLLIBPATH", "AWKPATH", "AWKLIBPATH", "CLASSPATH", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
	"JDK_JAVA_OPTIONS",
	/* systemd and the daemon's own process */
	"NOTIFY_SOCKET", "LISTEN_*", "WATCHDOG_*", "FDSTORE", "JOURNAL_STREAM",
	"MEMORY_PRESSURE_*", "MAINPID", "SYSTEMD_EXEC_PID",
	/* whoever has started the daemon */
	"_", "PWD", "OLDPWD", "SHLVL",
	/* what a script gets from its account and from senv_make() */
	"HOME", "LOGNAME", "SHELL", "USER", "PATH",
};

/* The length of the name in TEXT; 0: it is no variable. */
static size_t name_len(const char *text)
{
	size_t len = strcspn(text, "=");

	return text[len] ? len : 0;
}

static bool matches(const char *name, size_t len, const char *pattern)
{
	size_t fixed = strcspn(pattern, "*");

	return strncmp(name, pattern, fixed) == 0 && (pattern[fixed] ? len >= fixed : len == fixed);
}

static bool is_kept_back(const char *text)
{
	size_t len = name_len(text);

	for (size_t i = 0; i < sizeof(kept_back) / sizeof(*kept_back); i++)
		if (matches(text, len, kept_back[i]))
			return true;
	return len == 0;
}

/* Which of two variables comes first by its name; 0: it is the same name. */
static int compare_names(const char *a, const char *b)
{
	size_t a_len = name_len(a), b_len = name_len(b);
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

struct entry {
	const char *text;
	size_t place;			/* in the environment */
};

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare_names(x->text, y->text);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* Octets that one more variable costs the kernel. */
static size_t cost(const char *text)
{
	return strlen(text) + 1 + sizeof(text);
}

static size_t room(void)
{
	long most = sysconf(_SC_ARG_MAX);
	size_t half = most > 0 ? (size_t)most / 2 : SENV_OCTETS_MAX;

	return half < SENV_OCTETS_MAX ? half : SENV_OCTETS_MAX;
}

/* Of a name that stands there twice getenv(3) finds the first, and some shells the last: one goes
 * on. */
static void take(struct senv *out, const char **v, const struct entry *all, size_t n)
{
	size_t left = room() - SENV_PATH_MAX;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && compare_names(all[i].text, all[i - 1].text) == 0)
			continue;
		if (cost(all[i].text) > left) {
			out->left_out++;
			continue;
		}
		left -= cost(all[i].text);
		v[out->n++] = all[i].text;
	}
	out->v = v;
}

bool senv_read(struct senv *out, char *const *env)
{
	struct entry *all;
	const char **v;
	size_t n = 0, kept = 0;

	*out = (struct senv){ .path = senv_path(env) };
	while (env && env[n])
		n++;
	all = calloc(n + 1, sizeof(*all));
	v = calloc(n + 1, sizeof(*v));
	if (all && v) {
		for (size_t i = 0; i < n; i++)
			if (!is_kept_back(env[i]))
				all[kept++] = (struct entry){ env[i], i };
		qsort(all, kept, sizeof(*all), by_name);
		take(out, v, all, kept);
	}
	free(all);
	if (!out->v)
		free(v);
	return out->v != NULL;
}

void senv_free(struct senv *e)
{
	free((void *)(uintptr_t)e->v);
	*e = (struct senv){ 0 };
}

void senv_wipe(char **env)
{
	for (char **v = env; v && *v; v++)
		explicit_bzero(*v, strlen(*v));
	if (env)
		*env = NULL;
}

const char *senv_path(char *const *env)
{
	const char *path = "";

	for (; env && *env && !*path; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			path = *env + 5;
	return *path && strlen(path) <= SENV_PATH_MAX ? path : SENV_PATH;
}

static bool has(const struct senv *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++)
		if (strncmp(e->v[i], name, strlen(name)) == 0)
			return true;
	return false;
}

char **senv_make(const struct senv *e, const char *const *own, bool all)
{
	static const char lang[] = "LANG=C";
	size_t n = 0, rest = all ? e->n : 0, path_size = strlen("PATH=") + strlen(e->path) + 1;
	size_t pointers = (SENV_OWN_MAX + 2 + rest + 1) * sizeof(char *);
	const char **v = malloc(pointers + path_size);
	char *path = (char *)v + pointers;

	if (!v)
		return NULL;
	while (own && n < SENV_OWN_MAX && own[n]) {
		v[n] = own[n];
		n++;
	}
	strcpy(stpcpy(path, "PATH="), e->path);
	v[n++] = path;
	if (!all || !has(e, "LANG="))
		v[n++] = lang;
	memcpy(v + n, e->v, rest * sizeof(*v));
	v[n + rest] = NULL;
	return (char **)(uintptr_t)v;
}
