/*
 * A world in a box: hosts that run the real engine, the networks between them, and what goes wrong.
 *
 * Everything happens on a virtual clock and by seeded dice, so the same calls give the same world.
 * It does no I/O, starts no thread and prints nothing: what happens is told to a struct sim_watch.
 * The tests put their checkers there, `holdfastctl simulate` its timeline. Memory is bounded:
 * packets beyond SIM_EVENTS_MAX pending events are dropped.
 *
 * Times are microseconds since the world began. Each host has a clock of its own, which stands
 * while a virtual machine is paused. Segments, hosts and deeds are numbers in the order of their
 * making.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/cfg.h"
#include "core/port.h"
#include "engine/engine.h"
#include "sim/deed.h"

#define SIM_NODES_MAX 16
#define SIM_SEGMENTS_MAX 8
#define SIM_CLIENT SIM_NODES_MAX	/* who listens to announcements on each segment */
#define SIM_EVENTS_MAX 200000
#define SIM_NOBODY (-1)

struct sim;

/* A host as the caller gives it; copied, but what it points to must outlive the world. */
struct sim_host {
	const char *name;
	void *ctx;
	/* The configuration number WHICH of this host, loaded afresh; NULL: it cannot be run. */
	struct cfg *(*load)(void *ctx, int which);
};

/* Why the engine was called. */
enum sim_input_type {
	SIM_IN_LINK, SIM_IN_ADDR, SIM_IN_RESYNC, SIM_IN_SYNCED, SIM_IN_PACKET, SIM_IN_ADDR_DONE,
	SIM_IN_JOB_DONE, SIM_IN_RIVAL, SIM_IN_WAKE,
	SIM_IN_STOP, SIM_IN_RELOAD,		/* calls of eng_stop(), eng_reload() */
	SIM_IN_GO_ON,				/* eng_go_on() of a successor */
	SIM_N_INPUTS
};

struct sim_input {
	enum sim_input_type type;
	size_t node;
	const struct vr_ev_packet *packet;	/* SIM_IN_PACKET */
	int segment;				/* SIM_IN_PACKET: where it came from */
	const struct port_rival *rival;		/* SIM_IN_RIVAL */
	int error;				/* SIM_IN_ADDR_DONE */
	uint32_t job;				/* SIM_IN_JOB_DONE: its id and result */
	enum vr_check_result result;
	bool equal;				/* SIM_IN_RELOAD: the same configuration again */
};

/* Told of everything; each may be NULL. None may call sim_run(), sim_do() or the engine's
 * events. */
struct sim_watch {
	void *ctx;
	void (*deed)(void *ctx, const struct sim_deed *deed);	/* about to be done */
	void (*started)(void *ctx, size_t node);	/* a new engine, before its first event */
	void (*ended)(void *ctx, size_t node);		/* the engine is about to be freed */
	/* The same, but its host holds what it had for a successor; WITHIN: in the middle of
	 * something, whose after() does not come. */
	void (*killed)(void *ctx, size_t node, bool within);
	void (*succeeded)(void *ctx, size_t node);	/* instead of started() */
	void (*before)(void *ctx, const struct sim_input *in);
	void (*after)(void *ctx, const struct sim_input *in);
	void (*trace)(void *ctx, size_t node, const struct vr_config *conf,
		      const struct vr_trace *trace, const char *text);
	/* An instance became (MASTER) or stopped being one that holds its addresses; a crash
	 * included. */
	void (*owner)(void *ctx, size_t node, const struct vr_config *conf, uint16_t inst,
		      bool master);
	void (*sent)(void *ctx, size_t node, const struct port_packet *packet);
	void (*op)(void *ctx, size_t node, const struct port_addr_op *op);
	void (*announce)(void *ctx, size_t node, uint32_t owner, const struct port_announce *v,
			 size_t n, uint32_t repeat);
	void (*job)(void *ctx, size_t node, const struct port_job *job);
	/* The client on SEGMENT heard NODE announce ADDR. */
	void (*heard)(void *ctx, int segment, size_t node, const struct ip_addr *addr);
};

#define SIM_NO_MEMORY 2

/* Ends the process with that status and a sentence: a half world has no result to show. */
_Noreturn void sim_no_memory(void);

/* NULL when there is no memory; running short of it later ends the process by sim_no_memory(). */
struct sim *sim_new(uint64_t seed);
void sim_free(struct sim *s);
void sim_observe(struct sim *s, const struct sim_watch *watch);	/* copied */

/* ---- building: before anything runs ---- */

/* A new segment, all of whose paths take DELAY to DELAY + JITTER; -1 when there are too many. */
int sim_segment(struct sim *s, const char *name, int64_t delay_us, int64_t jitter_us);
/* A new host, not yet started; -1 when there are too many. */
int sim_add(struct sim *s, const struct sim_host *host);
/* An interface of it on SEGMENT, up, with ADDRESS as the host's own (family IP_NONE: without). */
bool sim_iface(struct sim *s, size_t node, const char *name, int segment,
	       const struct ip_prefix *address);
/* One more address of the host's own there (IPv6 adverts need a link-local one); at most 4. */
bool sim_address(struct sim *s, size_t node, const char *iface, const struct ip_prefix *address);

/* ---- running ---- */

/* Something happens now, or (at its at_us) later. */
void sim_do(struct sim *s, const struct sim_deed *deed);
void sim_at(struct sim *s, const struct sim_deed *deed);
/* Lets everything happen that is due up to and including UNTIL. */
void sim_run(struct sim *s, int64_t until_us);

/*
 * A world with NODE alone: its configuration, and the facts of its kernel and its scripts as they
 * are, but nothing that any daemon left behind. Started at time 0.
 */
struct sim *sim_alone(const struct sim *s, size_t node);

/* ---- looking ---- */

int64_t sim_now_us(const struct sim *s);
uint64_t sim_events(const struct sim *s);		/* how many have happened */
size_t sim_n_nodes(const struct sim *s);
size_t sim_n_segments(const struct sim *s);
const char *sim_node_name(const struct sim *s, size_t node);
struct engine *sim_engine(const struct sim *s, size_t node);	/* NULL: it does not run */
enum sim_script sim_script_of(const struct sim *s, size_t node, const char *check);
int sim_which(const struct sim *s, size_t node);	/* the configuration that it read last */
bool sim_started(const struct sim *s, size_t node);	/* runs, and has been told all facts */
bool sim_leaving(const struct sim *s, size_t node);	/* runs, but was told to stop */
bool sim_paused(const struct sim *s, size_t node);
int64_t sim_served_us(const struct sim *s, size_t node);	/* by its own clock */
int64_t sim_node_now_us(const struct sim *s, size_t node);	/* its own clock */
int64_t sim_armed_us(const struct sim *s, size_t node);	/* its wake-up, or VR_NEVER */
int64_t sim_lag_us(const struct sim *s, size_t node);	/* how late it may come */

int sim_segment_of(const struct sim *s, size_t node, const char *iface);	/* or -1 */
int sim_ifindex(const struct sim *s, size_t node, const char *iface);	/* 0: does not exist */
bool sim_iface_up(const struct sim *s, size_t node, const char *iface);
/* Nothing is cut or lost on the way from FROM to TO, as long as their interfaces are up. */
bool sim_path_clean(const struct sim *s, int segment, size_t from, size_t to);
/* Frames that were sent before the path last changed have arrived by then; later ones wait for
 * them. */
int64_t sim_path_clear_us(const struct sim *s, int segment, size_t from, size_t to);
int64_t sim_path_delay_us(const struct sim *s, int segment, size_t from, size_t to);	/* most */

/* One of our addresses (PORT_IFA_PROTO) stands on the interface. */
bool sim_has_addr(const struct sim *s, size_t node, int ifindex, const struct ip_prefix *prefix);
/* ADDR stands there (IFINDEX 0: anywhere), and another program has put it there. */
bool sim_has_foreign(const struct sim *s, size_t node, int ifindex, const struct ip_addr *addr);
/* Told of each such one there is. */
typedef void (*sim_addr_fn)(void *ctx, int ifindex, const struct ip_prefix *prefix);
void sim_each_foreign(const struct sim *s, size_t node, sim_addr_fn fn, void *ctx);
/* How often a daemon of ours has deleted or replaced such a one. */
unsigned int sim_robberies(const struct sim *s, size_t node);
bool sim_has_own(const struct sim *s, size_t node, const char *iface);	/* the host's address */
void sim_each_ours(const struct sim *s, size_t node, sim_addr_fn fn, void *ctx);
/* Changes whenever links, addresses or pending operations may have changed. */
uint32_t sim_kernel_version(const struct sim *s, size_t node);
size_t sim_n_ops(const struct sim *s, size_t node);	/* of the daemon that runs, unanswered */
bool sim_op_pending(const struct sim *s, size_t node, int ifindex,
		    const struct ip_prefix *prefix);
/* Whose announcement of ADDR the client on SEGMENT heard last; SIM_NOBODY. */
int sim_neighbour(const struct sim *s, int segment, const struct ip_addr *addr);

#endif
