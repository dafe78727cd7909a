/*
 * The keeper: the daemon's first process, which outlives the engine.
 *
 * It reads nothing from the network and decides nothing about an address. It holds what a crash
 * must not take along, starts engines, tells them what the operator and systemd want, and ends when
 * the engine has left in good order.
 */
#ifndef MAIN_KEEPER_H
#define MAIN_KEEPER_H

#include "base/log.h"
#include "config/cfg.h"
#include "main/handover.h"
#include "main/keeper_systemd.h"
#include "main/options.h"
#include "main/runtime_files.h"
#include "sys/daemonize.h"
#include "sys/logger.h"
#include "sys/runner.h"

struct kpr_options {
	const struct options *options;
	const struct rtf *files;
	const struct log *log;
	struct cfg *cfg;		/* taken over */
	struct runner_handle runner;	/* its descriptors are taken over */
	const struct sdn *systemd;
	struct lgr *logger;		/* behind LOG */
	char **argv;			/* what every process of ours is started with */
	struct hov *past;		/* a binary before this one had; NULL: none */
	struct ksk sockets;		/* of PAST, taken over */
	struct ksd_stored *stored;	/* what systemd has kept, taken over; NULL with PAST */
	int front;			/* for dmz_ready(), taken over; -1: none */
};

/* Runs until the daemon is to end; returns its exit status. */
int kpr_run(const struct kpr_options *options);

#endif
