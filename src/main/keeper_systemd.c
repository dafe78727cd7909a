/*
 * The keeper and systemd.
 *
 * A process that is killed together with all its children can leave nothing but what somebody else
 * holds: systemd stores the record, the configuration and the sockets, and gives them to the next
 * life of the service, which goes on as an engine does after the death of another. Its watchdog is
 * told that we live only as long as the engine answers. An engine that does not answer is ended,
 * with or without systemd: one that hangs holds addresses that it does not advertise.
 */
#include "main/keeper_systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "main/crossing.h"
#include "main/keeper_parts.h"

#define US_PER_S INT64_C(1000000)
#define TICK_MOST_US US_PER_S
#define HANGS_US (5 * US_PER_S)
#define STORED_MOST_US (60 * US_PER_S)	/* what is older says nothing of the network any more */
#define FIRST_FD 3
#define NAME_RECORD "record"
#define NAME_CONFIG "config"
#define NAME_SOCKET "vrrp-"

/* ---- what an earlier life has stored ---- */

static void sort_in(struct ksd_stored *out, int fd, const char *name)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (!strcmp(name, NAME_RECORD) && out->record < 0)
		out->record = fd;
	else if (!strcmp(name, NAME_CONFIG) && out->config < 0)
		out->config = fd;
	else if (!strncmp(name, NAME_SOCKET, strlen(NAME_SOCKET)) &&
		 !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len))
		ksk_add(&out->sockets, fd, domain == AF_INET6 ? IP_V6 : IP_V4);
	else
		close(fd);
}

void ksd_inherited(struct ksd_stored *out)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	const char *given = getenv("LISTEN_FDNAMES");
	char *names = given ? strdup(given) : NULL, *save = NULL;
	int n = pid && count && atol(pid) == (long)getpid() ? atoi(count) : 0;

	*out = (struct ksd_stored){ .record = -1, .config = -1 };
	const char *name = names ? strtok_r(names, ":", &save) : NULL;
	for (int i = 0; i < n && i < 2 * KSK_MOST; i++) {
		sort_in(out, FIRST_FD + i, name ? name : "");
		name = name ? strtok_r(NULL, ":", &save) : NULL;
	}
	free(names);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

void ksd_drop(struct ksd_stored *stored)
{
	if (stored->record >= 0)
		close(stored->record);
	if (stored->config >= 0)
		close(stored->config);
	ksk_free(&stored->sockets);
	stored->record = stored->config = -1;
}

static bool is_fresh(const struct rec *record, const char **why)
{
	struct rec_copy copy;

	if (!rec_get(record, &copy, why))
		return false;
	free(copy.data);
	*why = "it is too old";
	return loop_now_us() - copy.served_us <= STORED_MOST_US;
}

/* The engine is to begin with the text that the record was written under; the file as it is now
 * comes by a reload. */
static bool take(struct keeper *k, struct ksd_stored *stored, const char **why,
		 char wrong[static CRS_WHY_MAX])
{
	struct cfg *cfg;

	*why = "its configuration is missing";
	if (stored->config < 0)
		return false;
	k->record = rec_over(stored->record, why);
	if (!k->record || !is_fresh(k->record, why))
		return false;
	*why = wrong;
	if (!crs_read(stored->config, &cfg, NULL, wrong) || !cfg)
		return false;
	cfg_free(k->cfg);
	k->cfg = cfg;
	return true;
}

void ksd_resume(struct keeper *k, struct ksd_stored *stored)
{
	char wrong[CRS_WHY_MAX] = "it has none";
	const char *why;

	if (stored->record < 0) {
		ksd_drop(stored);
		return;
	}
	if (take(k, stored, &why, wrong)) {
		log_printf(k->log, LOG_LVL_INFO, "Going on with what systemd has kept");
		k->next = KPW_RESUME;
		k->reload_first = true;
		k->sockets = stored->sockets;
		stored->sockets = (struct ksk){ 0 };
	} else {
		log_printf(k->log, LOG_LVL_INFO, "What systemd has kept is not used: %s", why);
		rec_free(k->record);
		k->record = NULL;
	}
	ksd_drop(stored);
}

/* ---- storing ---- */

void ksd_store_config(const struct keeper *k)
{
	if (k->o->systemd->fd < 0)
		return;
	sdn_unstore(k->o->systemd, NAME_CONFIG);
	sdn_store(k->o->systemd, NAME_CONFIG, k->config);
}

void ksd_store(const struct keeper *k)
{
	sdn_unstore(k->o->systemd, NAME_RECORD);
	sdn_store(k->o->systemd, NAME_RECORD, rec_fd(k->record));
	ksd_store_config(k);
}

static void on_socket(void *ctx, const struct ksk_one *one, bool kept)
{
	const struct keeper *k = ctx;
	char name[40];

	snprintf(name, sizeof(name), NAME_SOCKET "%" PRIu64, one->cookie);
	if (kept)
		sdn_store(k->o->systemd, name, one->fd);
	else
		sdn_unstore(k->o->systemd, name);
}

/* ---- who lives ---- */

void ksd_pong(struct kpr_child *from)
{
	from->unanswered_us = 0;
}

/* It will be replaced. */
static void end_hanging(struct keeper *k, struct kpr_child *c)
{
	log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, has not answered for %d s: it is ended",
		   (int)c->pid, (int)(HANGS_US / US_PER_S));
	kpr_kill(k, c);
}

/* STILL: we stood still ourselves, and it may have as well. */
static void ask(struct keeper *k, struct kpr_child *c, bool still)
{
	if (!c->pid || (c->state != KPR_RUNNING && c->state != KPR_READY))
		return;
	if (still)
		c->unanswered_us = 0;
	if (c->unanswered_us >= HANGS_US) {
		end_hanging(k, c);
		return;
	}
	c->unanswered_us += k->tick_us;
	kpw_say(c->channel, KPW_PING, 0, (uint64_t)loop_now_us());
}

static void tick(void *ctx)
{
	struct keeper *k = ctx;
	int64_t now = loop_now_us(), since = now - k->ticked_us;

	k->ticked_us = now;
	loop_timer_at(k->tick_timer, now + k->tick_us);
	if (!k->engine.pid || k->engine.unanswered_us <= 2 * k->tick_us)
		sdn_watchdog(k->o->systemd);
	for (size_t i = 0; i < KPR_N_CHILDREN; i++)
		ask(k, k->children[i], since > 2 * k->tick_us);
	krn_ask(k, since > 2 * k->tick_us);
}

bool ksd_init(struct keeper *k)
{
	const char *usec = getenv("WATCHDOG_USEC");
	int64_t wanted = usec ? atoll(usec) / 4 : 0;

	k->tick_us = wanted > 0 && wanted < TICK_MOST_US ? wanted : TICK_MOST_US;
	k->ticked_us = loop_now_us();
	k->tick_timer = loop_timer_new(k->loop, LOOP_NORMAL, tick, k);
	if (!k->tick_timer)
		return false;
	k->sockets.ctx = k;
	k->sockets.changed = on_socket;
	loop_timer_at(k->tick_timer, k->ticked_us + k->tick_us);
	return true;
}
