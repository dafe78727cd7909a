/*
 * Where a daemon's runtime files are.
 *
 * A socket's path has 107 octets at most, and it is bound under a name with a PID behind it: so a
 * key is short, although a path in it may be long.
 */
#include "main/runtime_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/mix.h"
#include "main/runtime_path.h"
#include "main/version.h"

#define BASE_MAX 99			/* with ".upgrade" and a NUL it is RTF_PATH_MAX */
#define ESCAPED 4			/* octets of \xNN */
#define HASH_LEN 9			/* "0123abcd-" */

/* ---- the key ---- */

/* Appends C to the LEN octets in BUF, as it is or as \xNN. */
static size_t put(char *buf, size_t len, unsigned char c, const char *as_is)
{
	bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		     (strchr(as_is, c) && !(c == '.' && len == 0));

	if (!plain)
		return len + (size_t)sprintf(buf + len, "\\x%02x", c);
	buf[len++] = (char)c;
	buf[len] = '\0';
	return len;
}

/* Of what is too long, the end: there paths differ that are made by programs. */
static void shorten(const char *whole, size_t len, char key[static RTF_KEY_MAX])
{
	const char *end = whole;

	if (len < RTF_KEY_MAX) {
		memcpy(key, whole, len + 1);
		return;
	}
	while (strlen(end) >= RTF_KEY_MAX - HASH_LEN)	/* no half of an escape */
		end += *end == '\\' ? ESCAPED : 1;
	snprintf(key, RTF_KEY_MAX, "%08x-%s", (uint32_t)mix_bytes(0, whole, len), end);
}

/* WORD, of which the octets in AS_IS need no escape; a path's '/' is '-'. */
static void escape(const char *word, bool path, char key[static RTF_KEY_MAX])
{
	char *whole = malloc(ESCAPED * strlen(word) + 1);
	size_t len = 0;

	if (!whole) {
		snprintf(key, RTF_KEY_MAX, "%08x", (uint32_t)mix_bytes(0, word, strlen(word)));
		return;
	}
	whole[0] = '\0';
	for (const char *c = word; *c; c++) {
		if (path && *c == '/' && (c == word || c[1] == '/' || c[1] == '\0'))
			continue;
		if (path && *c == '/')
			whole[len++] = '-', whole[len] = '\0';
		else
			len = put(whole, len, (unsigned char)*c, path ? ":_." : ":_.-");
	}
	shorten(len ? whole : "-", len ? len : 1, key);
	free(whole);
}

static const char *default_pid_file(const struct options *o)
{
	return o->as_keepalived ? "/run/keepalived.pid" : "/run/holdfast.pid";
}

/* /var/run is /run everywhere, and old scripts write it so. */
static bool is_default(const struct options *o)
{
	const char *path = o->pid_file;

	if (!path)
		return true;
	if (!strncmp(path, "/var/run/", strlen("/var/run/")))
		path += strlen("/var");
	return !strcmp(path, default_pid_file(o));
}

void rtf_key(const struct options *o, const char *instance, char key[static RTF_KEY_MAX])
{
	if (instance)
		escape(instance, false, key);
	else if (!is_default(o))
		escape(o->pid_file, true, key);
	else
		escape(o->netns ? o->netns : "default", false, key);
}

/* ---- the files ---- */

bool rtf_name(struct rtf *out, const struct options *o, const char *key)
{
	snprintf(out->key, sizeof(out->key), "%s", key);
	if (o->control && strlen(o->control) > BASE_MAX)
		return false;
	if (o->control)
		snprintf(out->control, sizeof(out->control), "%s", o->control);
	else
		snprintf(out->control, sizeof(out->control), RTF_DIR "/%s" RTP_SOCKET, out->key);
	rtp_beside(out->control, RTP_UPGRADE, out->upgrade, sizeof(out->upgrade));
	rtp_beside(out->control, RTP_LOCK, out->lock, sizeof(out->lock));
	rtp_beside(out->control, RTP_INFO, out->info, sizeof(out->info));
	snprintf(out->pid_buf, sizeof(out->pid_buf), RTF_DIR "/%s.pid", out->key);
	out->pid_file = o->pid_file ? o->pid_file : out->pid_buf;
	if (!o->pid_file && !strcmp(out->key, "default"))
		out->pid_file = default_pid_file(o);
	return true;
}

bool rtf_make_dir(const struct rtf *files, char *why, size_t size)
{
	struct stat st;

	if (strncmp(files->control, RTF_DIR "/", strlen(RTF_DIR "/")))
		return true;
	if (mkdir(RTF_DIR, 0755) == 0 && chmod(RTF_DIR, 0755) == 0)	/* whatever -u says */
		return true;
	if (errno != EEXIST || lstat(RTF_DIR, &st)) {
		snprintf(why, size, "cannot make " RTF_DIR ": %s", strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode) && (st.st_uid == 0 || st.st_uid == geteuid()) &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	snprintf(why, size, RTF_DIR " is not a directory of root's that nobody else may write; "
		 "remove it");
	return false;
}

/* The number of this process's network namespace; 0: unknown. */
static unsigned long long own_netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : (unsigned long long)st.st_ino;
}

static int write_whole(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	size_t len = strlen(text);
	int error = 0;

	if (fd < 0)
		return errno;
	if (fchmod(fd, 0644) || write(fd, text, len) != (ssize_t)len)
		error = errno ? errno : ENOSPC;
	close(fd);
	return error;
}

int rtf_announce(const struct rtf *files, const struct options *o)
{
	char name[RTF_PATH_MAX + 8];
	json_t *info = json_pack("{s:s, s:i, s:I, s:s}", "key", files->key, "pid", (int)getpid(),
				 "netns", (json_int_t)own_netns(), "version", HOLDFAST_VERSION);
	char *text;
	int error;

	/* What is no UTF-8 is left out. */
	if (info)
		json_object_set_new(info, "control", json_string(files->control));
	if (info)
		json_object_set_new(info, "config", json_string(opt_config(o)));
	text = info ? json_dumps(info, JSON_COMPACT) : NULL;
	json_decref(info);
	if (!text)
		return ENOMEM;
	snprintf(name, sizeof(name), "%s.new", files->info);
	unlink(name);
	error = write_whole(name, text);
	if (!error && rename(name, files->info))
		error = errno;
	if (error)
		unlink(name);
	free(text);
	return error;
}
