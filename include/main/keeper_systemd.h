/*
 * What systemd keeps for us over a death of everything, and how it knows that we live.
 */
#ifndef MAIN_KEEPER_SYSTEMD_H
#define MAIN_KEEPER_SYSTEMD_H

#include "main/keeper_sockets.h"

/* The descriptors that an earlier life of the service has stored (sd_listen_fds(3)). */
struct ksd_stored {
	int record;			/* of rec_new(); -1: none */
	int config;			/* of crs_write(); -1: none */
	struct ksk sockets;
};

/* Takes them and their variables out of the environment; once, before anything else is opened. */
void ksd_inherited(struct ksd_stored *out);

/* Closes what nobody took. */
void ksd_drop(struct ksd_stored *stored);

#endif
