/*
 * What another start would find taken.
 *
 * The lock comes first: who has it is the only daemon of its key, so whatever else still stands
 * there, a socket that is answered or an engine that was stopped, is what a dead keeper has left.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "main/keeper_parts.h"
#include "sys/lockfile.h"

/* The sentence names the key too: which of several it is. */
static bool take_lock(struct keeper *k, char *why, size_t size)
{
	const struct rtf *files = k->o->files;
	char sentence[KPR_SENTENCE_MAX];
	pid_t holder = 0;

	k->lock = lck_take(files->lock, &holder, sentence, sizeof(sentence));
	if (k->lock >= 0)
		return true;
	snprintf(why, size, "%s (daemon '%s'; another one needs another 'instance', -p or "
		 "--control)", sentence, files->key);
	return false;
}

static void end_orphans(const struct keeper *k)
{
	int n = lck_end_orphans(k->lock);

	if (n > 0)
		log_printf(k->log, LOG_LVL_WARN, "%d process%s that a dead daemon left behind "
			   "did not leave: killed", n, n == 1 ? "" : "es");
	if (n < 0)
		log_printf(k->log, LOG_LVL_ERROR, "a process that a dead daemon left behind cannot "
			   "be ended: it may hold addresses");
}

bool kcl_claim(struct keeper *k, char *why, size_t size)
{
	const struct rtf *files = k->o->files;
	pid_t holder = 0;
	int error;

	if (!rtf_make_dir(files, why, size) || !take_lock(k, why, size))
		return false;
	end_orphans(k);
	k->pid_file = pidf_new(files->pid_file, &holder, why, size);
	if (!k->pid_file || !csk_listen(&k->control, files->control, "holdfast", 0660, why, size))
		return false;
	error = rtf_announce(files, k->o->options);
	if (error)
		log_printf(k->log, LOG_LVL_WARN, "cannot write %s, so holdfastctl finds this "
			   "daemon by --control only: %s", files->info, strerror(error));
	return true;
}

void kcl_take_over(struct keeper *k, const struct hov *past)
{
	const struct rtf *files = k->o->files;

	k->lock = past->fds[HOV_LOCK];
	k->control = (struct csk_listener){
		.fd = past->fds[HOV_CONTROL], .dev = (dev_t)past->control_dev,
		.ino = (ino_t)past->control_ino,
	};
	snprintf(k->control.path, sizeof(k->control.path), "%s", files->control);
	k->pid_file = pidf_over(files->pid_file, past->fds[HOV_PID_FILE]);
	rtf_announce(files, k->o->options);	/* another version */
}

void kcl_reloaded(const struct keeper *k, const struct cfg *cfg)
{
	char key[RTF_KEY_MAX];

	rtf_key(k->o->options, cfg->global.instance, key);
	if (strcmp(key, k->o->files->key))
		log_printf(k->log, LOG_LVL_WARN, "'instance' needs a restart: this daemon is '%s' "
			   "until then", k->o->files->key);
}

void kcl_release(struct keeper *k)
{
	csk_unlisten(&k->control);
	pidf_free(k->pid_file);
	if (k->lock >= 0)
		unlink(k->o->files->info);
	lck_release(k->lock, k->o->files->lock);
}
