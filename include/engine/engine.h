/*
 * The engine: events in, vr_step(), actions out.
 *
 * It keeps what the pure core must not: interfaces by number, when each check runs next, which
 * scripts a change of state calls for, which addresses the kernel has confirmed. It makes no system
 * call of its own; everything goes through struct port, so the simulator runs this very code.
 *
 * Single-threaded; no call blocks.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "config/cfg.h"
#include "core/node.h"
#include "core/port.h"

#define ENG_NOTIFY_WORDS_MAX 128	/* of a generic notify script; four more follow */

struct engine;

/*
 * Takes over CFG (freed by eng_free() or when a reload replaces it). PORT and LOG must outlive the
 * engine. NULL when there is no memory; CFG is then still the caller's.
 */
struct engine *eng_new(struct cfg *cfg, const struct port *port, const struct log *log);
void eng_free(struct engine *e);

/* What an engine that ended without eng_stop() left behind, see struct eng_hooks. */
struct eng_past {
	const void *data;		/* need not outlive the call */
	size_t len;
	int64_t served_us;		/* as by served() */
};

/*
 * As eng_new(), but going on for the engine that wrote PAST: states, verdicts, facts and counters
 * are its. To be followed by eng_go_on() when hooks, journal and listener are set, before the world
 * starts to watch. Calls nothing of PORT but now_us() and guard(). CFG must have the same
 * interfaces, checks, instances and addresses as the one that PAST was written with; another one is
 * for eng_reload() after eng_go_on(). NULL: WHY is a sentence, CFG is still the caller's, and a
 * fresh start is the way. DATA may be anything.
 */
struct engine *eng_resume(struct cfg *cfg, const struct eng_past *past, const struct port *port,
			  const struct log *log, const char **why);

/*
 * Masters advertise at once and backups wait anew, without a change of state and without a script.
 * When the kernel has been read (port_events.synced) addresses are put on or taken off as the state
 * wants it, and announced.
 */
void eng_go_on(struct engine *e);

/* The callbacks that the world must call; fill in before the world starts to watch. */
struct port_events eng_events(struct engine *e);

/*
 * At the start (eng_new()) addresses of the configuration that stand on the host without our tag,
 * and that look like those of a keepalived that was killed, become ours. Before the world starts to
 * watch.
 */
void eng_adopt_leftovers(struct engine *e);

/*
 * Leaves in good order: priority 0 sent, addresses deleted, STOP scripts handed to the runner, all
 * before it returns. Only completions come afterwards.
 */
void eng_stop(struct engine *e);

/* True when every address operation has completed; after eng_stop() the process may then exit. */
bool eng_idle(const struct engine *e);

/*
 * Replaces the configuration. Instances of equal interface, family and VRID keep state and
 * addresses; checks of equal definition keep their verdict. Takes over CFG when it returns true;
 * false: no memory, nothing has changed, CFG is still the caller's.
 */
bool eng_reload(struct engine *e, struct cfg *cfg);

/* Remembers that a reload was refused, for `status`; SENTENCE is copied. NULL: the last one was
 * good. */
void eng_reload_refused(struct engine *e, const char *sentence);

/* What the process around the engine waits for; each may be NULL. They must not call back. */
struct eng_hooks {
	void *ctx;
	void (*started)(void *ctx);	/* all facts are known, the election has begun; or, after
					 * eng_go_on(), the addresses have been asked for */
	void (*idle)(void *ctx);	/* after eng_stop(): the last address operation is
					 * answered */
	/* Something has changed that a successor must know (eng_resume()): DATA replaces what was
	 * told before. A change of master comes before it is carried out. */
	void (*record)(void *ctx, const void *data, size_t len);
	/* There is nothing to do before AT_US but to answer; often. */
	void (*served)(void *ctx, int64_t at_us);
};

void eng_hook(struct engine *e, const struct eng_hooks *hooks);

struct journal;

/*
 * From now on every event that enters the core is written into JOURNAL (engine/journal.h), which
 * must outlive the engine. To be called once, before the world starts to watch.
 */
void eng_journal(struct engine *e, struct journal *journal);

/* ---- looking in (for the ctl floor) ---- */

struct eng_check_view {
	bool running;
	int64_t started_us;		/* the last run; VR_NEVER: none yet */
	int64_t ended_us;		/* the last result; VR_NEVER: none yet */
	int64_t took_us;
	const char *detail;		/* why it cannot run, or NULL; valid until the next event */
};

struct eng_vip_view {
	bool held;			/* the kernel has confirmed it */
	bool pending;			/* an operation is under way */
	bool shared;			/* another program has put it there: it is left alone */
	int error;			/* errno of the last operation that failed, or 0 */
};

#define ENG_WHY_MAX 256
#define ENG_SCRIPT_MAX 128

struct eng_inst_view {
	char why[ENG_WHY_MAX];		/* the sentence of its last change of state */
	uint32_t notify_failed;		/* notify scripts that ended badly */
	uint32_t notify_overtaken;	/* that were left out, for a newer state came behind them */
	char notify_script[ENG_SCRIPT_MAX];	/* the one that has run for seconds, or "" */
	int64_t notify_us;		/* so long */
	uint32_t notify_waiting;	/* how many wait behind it */
	uint32_t send_errors;		/* adverts that the kernel refused */
	int send_errno;			/* of the last one */
};

const struct cfg *eng_cfg(const struct engine *e);
const struct vr_node *eng_node(const struct engine *e);
int eng_ifindex(const struct engine *e, uint16_t iface);	/* 0: does not exist */
bool eng_flooded(const struct engine *e, uint16_t iface);	/* port.h: flood() */
void eng_check_look(const struct engine *e, uint16_t check, struct eng_check_view *out);
void eng_vip_look(const struct engine *e, uint16_t inst, uint16_t vip, struct eng_vip_view *out);
void eng_inst_look(const struct engine *e, uint16_t inst, struct eng_inst_view *out);
int64_t eng_now_us(const struct engine *e);
int64_t eng_wall_us(const struct engine *e);
int64_t eng_started_us(const struct engine *e);
uint32_t eng_reloads(const struct engine *e);

/* The sentence of the last refused reload and when it was (monotonic), or NULL. */
const char *eng_refusal(const struct engine *e, int64_t *at_us);

/* ---- following ---- */

/* Told of every trace with its line, after the step; must not call back into the engine. */
struct eng_listener {
	void *ctx;
	void (*trace)(void *ctx, const struct vr_config *conf, const struct vr_trace *trace,
		      const char *text);
};

/* One listener at a time; it must outlive the engine. */
void eng_listen(struct engine *e, const struct eng_listener *listener);

#endif
