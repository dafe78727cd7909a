/*
 * Private to the keeper: its parts and what they share.
 */
#ifndef MAIN_KEEPER_PARTS_H
#define MAIN_KEEPER_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/log.h"
#include "main/handover.h"
#include "main/keeper.h"
#include "main/keeper_child.h"
#include "main/keeper_rules.h"
#include "main/keeper_sockets.h"
#include "main/keeper_systemd.h"
#include "main/loader.h"
#include "main/role.h"
#include "sys/ctlsock.h"
#include "sys/keepwire.h"
#include "sys/loop.h"
#include "sys/pidfile.h"
#include "sys/record.h"
#include "sys/users.h"

#define KPR_SAID_MAX 256
#define KPR_CLIENTS_MAX 1024
#define KPR_DEATHS_MAX 3
#define KPR_SENTENCE_MAX 512

/* An upgrade that an operator has asked for. */
struct kpr_upgrade {
	int binary;			/* to which program; -1: none is under way */
	char name[KPW_TEXT_MAX];	/* for people */
	int asker;			/* hears what becomes of it; -1: nobody */
	pid_t prover;			/* 0: has ended */
	int pipe;			/* what it says */
	int config;			/* what it reads: of crs_write() */
	struct loop_watch *watch;
	struct loop_timer *late;
	char said[KPR_SAID_MAX];
	size_t n_said;
	bool let_go;			/* the engine has been told to */
};

/* Whether the runner answers. */
struct kpr_runner_life {
	int64_t unanswered_us;
	bool killed;
};

/* A control connection on its way from one engine to the next. */
struct kpr_client {
	int fd;
	struct kpw m;
};

struct keeper {
	const struct kpr_options *o;
	const struct log *log;
	struct rol_source source;	/* of every process of ours */
	struct cfg *cfg;		/* what an engine begins with */
	int config;			/* the same, of crs_write() */
	struct cfg *tried;		/* what the engine has been told to put to work, or NULL */
	int tried_config;		/* with TRIED: the same, of crs_write() */
	struct ldr *loader;
	bool loading;
	bool load_again;		/* somebody has asked since it began to read */
	uint64_t wanted, loading_for;	/* the last WANT_RELOAD, and that before it began */
	int front;
	int lock;			/* of sys/lockfile.h; -1: not ours */
	struct pidf *pid_file;
	struct runner_handle runner;	/* pid 0: there is none now */
	struct loop_timer *runner_timer;
	int64_t runner_since_us;
	struct kpr_runner_life runner_life;
	struct user_ids user;		/* of the engines */
	bool has_user;
	struct csk_listener control;
	int log_ends[2];
	int journal;			/* of rec_file(); -1: none */
	struct ksk sockets;
	struct rec *record;		/* what the engine leaves to the next one */
	struct loop *loop;
	struct loop_watch *log_watch;
	struct loop_timer *child_timer, *spare_timer, *rest_timer, *none_timer;
	struct kpr_child engine, spare;
	struct kpr_child *children[KPR_N_CHILDREN];	/* those two */
	int64_t child_due_us;		/* when CHILD_TIMER ends */
	pid_t gone;			/* has been replaced before its death was told */
	enum kpr_phase phase;
	enum kpw_start next;		/* how the next engine begins */
	bool lived;			/* an engine has started */
	bool held;			/* an address of ours may be on the host */
	uint64_t engines;		/* so many have been told to go */
	int64_t deaths[KPR_DEATHS_MAX];	/* the last ones, in turn */
	unsigned int n_deaths;
	int64_t rest_us;
	int status;			/* what the daemon ends with */
	int said;			/* exit status of the last engine that ended by itself */
	struct log_limit dump_limit, socket_limit, spare_limit;
	unsigned int late;		/* so many engines in turn were not ready in time */
	struct loop_timer *tick_timer;	/* looks whether the engine answers */
	int64_t tick_us, ticked_us;
	bool reload_first;		/* it began with an older text than the file's */
	struct kpr_upgrade upgrade;
	struct kus *upgrade_socket;
	struct kpr_client *clients;	/* KPR_CLIENTS_MAX of them */
	size_t n_clients;
};

/* ---- keeper.c ---- */
void kpr_on_message(void *ctx, int fd);
/* The death of C was not told in time: it counts as over. */
void kpr_gone(struct keeper *k, struct kpr_child *c);
/* Tells the log, and whoever waits in front. */
void kpr_complain(const struct keeper *k, const char *why);
/* The daemon is to end. */
bool kpr_stops(const struct keeper *k);

/* ---- keeper_release.c ---- */
/* Takes off what we have put on the host, without an engine; blocks for some seconds at most. */
void kpr_clear(struct keeper *k);

/* ---- keeper_claim.c ---- */
/* The lock, the PID file, the control socket. False: WHY is a sentence. */
bool kcl_claim(struct keeper *k, char *why, size_t size);
/* The same from a binary before this one; k->pid_file NULL: no memory. */
void kcl_take_over(struct keeper *k, const struct hov *past);
/* CFG is at work: tells what of it needs a restart. */
void kcl_reloaded(const struct keeper *k, const struct cfg *cfg);
/* Also after a claim that failed half way. */
void kcl_release(struct keeper *k);

/* ---- keeper_reload.c ---- */
/* Has the file read, now or when what is under way is over. */
void krl_begin(struct keeper *k);
/* Nobody is to hear of what is being read. */
void krl_cancel(struct keeper *k);
/* Of the loader. */
void krl_loaded(void *ctx, struct cfg *cfg, int fd, const char *why);
/* What the engine was told to put to work is at work, or is not. */
void krl_adopt(struct keeper *k);
void krl_give_up(struct keeper *k, const char *why);

/* ---- keeper_systemd.c ---- */
bool ksd_init(struct keeper *k);
/* What is stored decides how the first engine begins; takes it over. */
void ksd_resume(struct keeper *k, struct ksd_stored *stored);
/* Has systemd keep what the next life would need; the configuration again when it has changed. */
void ksd_store(const struct keeper *k);
void ksd_store_config(const struct keeper *k);
void ksd_pong(struct kpr_child *from);

/* ---- keeper_runner.c ---- */
/* With the loop. */
bool krn_init(struct keeper *k);
void krn_free(struct keeper *k);
/* It has died and been waited for: another one is started, now or soon. */
void krn_died(struct keeper *k);
/* At each tick: it is asked, and one that does not answer is ended. STILL: we stood still. */
void krn_ask(struct keeper *k, bool still);
/* scr_allow() and runner_settle() for the runner that there is, if there is one. */
int krn_allow(const struct keeper *k, const struct cfg *cfg);
void krn_settle(const struct keeper *k, bool newest);

/* ---- keeper_upgrade_socket.c: where root asks for an upgrade ---- */
struct kus;
/* With the loop. Opens the socket, or takes over that of PAST. NULL: no memory. */
struct kus *kus_new(struct keeper *k);
/* NULL is allowed. */
void kus_free(struct kus *s);
void kus_describe(const struct kus *s, struct hov *h);
/* Tells who has asked over FD, and closes it; WHY is NULL when it is done. */
void kus_answer(int fd, const char *why);

/* ---- keeper_upgrade.c ---- */
bool kup_init(struct keeper *k);
void kup_free(struct keeper *k);
/* An operator wants it, and waits at ASKER, which is taken over; GOT is KPW_UPGRADE. */
void kup_asked(struct keeper *k, int asker, struct kpw_got *got);
/* A child has ended that may be the prover. */
void kup_ended(struct keeper *k, pid_t pid);
/* The new binary has no engine that could go on: the old one's does. */
void kup_failed(struct keeper *k, const char *why);
/* An engine has started: if it is the first of a new binary, the upgrade is over. */
void kup_done(struct keeper *k);
/* The new binary's first engine is ready. */
void kup_ready(struct keeper *k);
/* Makes K what PAST says, before there is a loop. False: WHY is a sentence. */
bool kup_take_over(struct keeper *k, const struct hov *past, const char **why);
/* The same, with the loop. */
bool kup_take_engine(struct keeper *k, const struct hov *past);

#endif
