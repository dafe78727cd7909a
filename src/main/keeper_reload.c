/*
 * The keeper's part in a reload.
 *
 * A child reads (main/loader.h), the runner is told what it may run, the engine puts it to work;
 * and only what is at work is what the next engine begins with: a text that kills an engine is not
 * tried on its successor.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "main/keeper_parts.h"

static void load_over(struct keeper *k)
{
	k->loading = false;
	sdn_ready(k->o->systemd);
	if (k->load_again)
		krl_begin(k);
}

static void refuse_reload(struct keeper *k, const char *why)
{
	log_printf(k->log, LOG_LVL_ERROR,
		   "Reload refused, the running configuration stays: %s", why);
	load_over(k);
}

/* What the engine was told to put to work is not at work. */
void krl_give_up(struct keeper *k, const char *why)
{
	krn_settle(k, false);
	cfg_free(k->tried);
	close(k->tried_config);
	k->tried = NULL;
	refuse_reload(k, why);
}

/* The next engine begins with what this one has now. */
void krl_adopt(struct keeper *k)
{
	krn_settle(k, true);
	cfg_free(k->cfg);
	close(k->config);
	k->cfg = k->tried;
	k->config = k->tried_config;
	k->tried = NULL;
	log_printf(k->log, LOG_LVL_INFO, "Reload complete");
	kcl_reloaded(k, k->cfg);
	ksd_store_config(k);
	kpr_drop_spare(k);
	kpr_prepare(k);
	load_over(k);
}

/* FD has the diagnoses; -1: there are none. */
static void tell_refusal(struct keeper *k, int fd, const char *why)
{
	struct kpw m = { .kind = KPW_NO_RELOAD, .value = k->loading_for };

	snprintf(m.text, sizeof(m.text), "%s", why);
	if (k->engine.pid)
		kpw_send(k->engine.channel, &m, &fd, fd >= 0);
	refuse_reload(k, why);
}

/* Everything has been read and checked; a file that cannot be run changes nothing. */
void krl_loaded(void *ctx, struct cfg *cfg, int fd, const char *why)
{
	struct keeper *k = ctx;
	struct kpw m = { .kind = KPW_RELOAD, .value = k->loading_for };
	int error;

	if (!cfg) {
		tell_refusal(k, fd, why);
		return;
	}
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	error = own < 0 ? errno : krn_allow(k, cfg);
	if (error) {
		cfg_free(cfg);
		if (own >= 0)
			close(own);
		tell_refusal(k, -1, strerror(error));
		return;
	}
	k->tried = cfg;
	k->tried_config = own;
	if (!k->engine.pid || k->engine.state != KPR_RUNNING) {	/* the next one begins with it */
		krl_adopt(k);
		return;
	}
	error = kpw_send(k->engine.channel, &m, &fd, 1);
	if (error)
		krl_give_up(k, strerror(error));
}

void krl_begin(struct keeper *k)
{
	int error;

	k->load_again = k->loading;
	if (k->phase == KPR_TAKING_OVER)
		k->load_again = true;	/* when the new engine goes on */
	if (k->loading || kpr_stops(k) || k->phase == KPR_TAKING_OVER)
		return;
	k->loading = true;
	k->loading_for = k->wanted;
	sdn_reloading(k->o->systemd);
	log_printf(k->log, LOG_LVL_INFO, "Reloading");
	error = ldr_start(k->loader, k->cfg);
	if (error)
		tell_refusal(k, -1, strerror(error));
}

void krl_cancel(struct keeper *k)
{
	ldr_stop(k->loader);
	k->loading = k->load_again = false;
}
