/*
 * A small world for the tests of the ctl floor: two interfaces, a clock that the test turns,
 * scripts and addresses that answer as the test says. The engine above it is the real one.
 */
#ifndef TESTS_UNIT_CTL_FAKE_H
#define TESTS_UNIT_CTL_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/port.h"
#include "engine/engine.h"

#define SECRET "root1234"
#define FAKE_WALL_US INT64_C(1795202378123456)	/* at 0 it is 2026-11-20T19:19:38.123456Z */
#define FAKE_S INT64_C(1000000)
#define FAKE_MAX 64

enum { ETH0, ETH1, FAKE_IFACES };
enum { CHK_WEIGHT, CHK_FAULT, FAKE_CHECKS };
enum { VI_1, VI_2, FAKE_INSTS };

struct fake {
	int64_t now_us;
	int64_t clock_error_us;		/* of the wall clock */
	int64_t wake_us;
	int send_error;			/* errno of every advert */
	int addr_error;			/* errno of every address operation */
	uint32_t tokens[FAKE_MAX];	/* address operations that wait for fake_settle() */
	size_t n_tokens;
	uint32_t jobs[FAKE_MAX];	/* checks that wait for fake_check() */
	size_t n_jobs;
	struct port port;
	struct port_events up;
	struct engine *engine;
};

/* An engine with fake_cfg() at second 1; the world has told it nothing yet. */
void fake_new(struct fake *f);

/* VI_1: eth0, VRID 1, weight 2 on CHK_WEIGHT. VI_2: eth1, VRID 2, unfit while CHK_FAULT fails. */
struct cfg *fake_cfg(void);

/* Both interfaces are up and have an address; the election begins. */
void fake_start(struct fake *f);

/* Answers every address operation that is under way. */
void fake_settle(struct fake *f);

/* Lets time pass until UNTIL_US, with all wake-ups on the way. */
void fake_until(struct fake *f, int64_t until_us);

/* The run of check INDEX that is under way ends. */
void fake_check(struct fake *f, uint16_t index, enum vr_check_result result, int32_t code,
		const char *detail);

void fake_link(struct fake *f, int ifindex, const char *name, bool up);

/* An advert for VI_1 of another host, 192.168.16.129. */
void fake_advert(struct fake *f, uint8_t priority);

/* VI_1 becomes MASTER and BACKUP by adverts until it is damped; the last change is not told. */
void fake_damp(struct fake *f);

#endif
