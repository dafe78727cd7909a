/*
 * Private to the world: what it is made of.
 *
 * world_*.c share these structs; checkers and tools see sim/world.h only.
 */
#ifndef SIM_INNER_H
#define SIM_INNER_H

#include "sim/queue.h"
#include "sim/rng.h"
#include "sim/world.h"

#define SIM_OWN_MAX 4			/* addresses of a host on an interface */

/* ---- what a host is ---- */

struct sim_link {
	char name[SIM_IFNAME_MAX];
	int ifindex;			/* 0: deleted */
	bool carrier;
	int8_t segment;
	struct ip_prefix own[SIM_OWN_MAX];	/* the host's own addresses */
	size_t n_own;
};

struct sim_kaddr {
	int ifindex;
	struct ip_prefix prefix;
	uint8_t proto, scope;
	bool secondary, foreign;	/* foreign: a virtual one, put there by another program */
	int64_t ends_us;		/* its lease, or VR_NEVER */
};

struct sim_op {
	uint32_t token, life;
	bool add, done, forgotten;
	int error, ifindex;
	uint8_t scope;
	struct ip_prefix prefix;
	uint32_t lease_s;
};

struct sim_sock {
	bool open;
	int ifindex;
	struct ip_addr groups[8];
	size_t n_groups;
	bool choosy[2];			/* IPv4, IPv6: only these VRIDs are let in, as by a */
	struct port_vrids wanted[2];	/* kernel that is flooded all the time */
};

/* Announcements of one owner that are still to be sent. */
struct sim_burst {
	uint32_t owner;
	uint32_t left;			/* frames */
	size_t at, n;
	int64_t gap_us;
	bool waiting;			/* an event is in line */
	struct port_announce *v;
};

struct sim_lane {
	uint32_t lane;
	int64_t free_us;
};
struct sim_check {
	char name[SIM_NAME_MAX];
	enum sim_script mode;
};

struct sim_kernel {
	unsigned int robberies;		/* operations of ours on what is another program's */
	struct sim_link *links;
	size_t n_links;
	struct sim_kaddr *addrs;
	size_t n_addrs, max_addrs;
	struct sim_op *ops;		/* a queue: not yet answered, in order */
	size_t op_first, op_undone, op_end, max_ops;
	int next_ifindex;
	int64_t last_notice_us, last_op_us, last_answer_us;
	bool deaf;			/* notices are being lost */
	bool missed;			/* some were */
	int64_t fail_permille, fail_errno, op_delay_us, forget_permille, forget_us;
	int join_error, send_error;
	uint32_t version;		/* counts changes of links, addresses and operations */
};

struct sim_node {
	struct sim_host host;
	struct sim *world;
	uint8_t index;
	int which;			/* the configuration that it read last */
	uint32_t life;			/* counts starts */
	struct engine *engine;
	struct port port;
	struct port_events up;
	struct eng_listener listener;
	bool started, leaving, paused, frozen;
	bool succeeded;			/* its engine went on for another one */
	bool orphan;			/* its engine was killed, sockets and scripts are kept */
	bool stopping;			/* ... and had been told to leave */
	bool dying;			/* it was killed in the middle of something */
	uint32_t calls_left;		/* of its port, until then; 0: it is not to be */
	int64_t away_us;		/* how long there is none then */
	uint8_t *record;		/* what the engine left to a successor, */
	size_t max_record;
	struct eng_past past;
	int past_which;			/* and with which configuration */
	int64_t paused_us;		/* since when */
	int64_t lost_us;		/* how long its clock has stood */
	int64_t wake_us;		/* on the world's clock, lag included; VR_NEVER */
	int64_t armed_us;		/* on its own */
	int64_t lag_us;
	uint32_t inbox_first, inbox_last;
	size_t n_packets, n_notices;	/* in the inbox */
	struct sim_kernel kernel;
	struct sim_sock *socks;
	size_t n_socks;
	struct sim_burst *bursts;
	size_t n_bursts;
	struct sim_lane *lanes;
	size_t n_lanes;
	struct sim_check *checks;
	size_t n_checks;
	struct rng dice;
};

struct sim_path {
	bool cut;
	int64_t loss, duplicate, reorder;	/* permille */
	int64_t delay_us, jitter_us;
	int64_t last_us;			/* when the last frame in order arrives */
	int64_t clear_us;			/* those from before the last change have arrived */
	struct rng dice;
};

struct sim_neighbour {
	struct ip_addr addr;
	uint8_t node;
};

struct sim_segment {
	char name[SIM_NAME_MAX];
	int64_t delay_us, jitter_us;		/* when nothing is wrong */
	struct sim_path path[SIM_NODES_MAX][SIM_NODES_MAX + 1];
	struct sim_neighbour *neighbours;
	size_t n_neighbours;
};

struct sim {
	uint64_t seed;
	int64_t now_us;
	uint64_t events;
	struct simq queue;
	struct sim_watch watch;
	struct sim_node *nodes[SIM_NODES_MAX];
	size_t n_nodes;
	struct sim_segment *segments[SIM_SEGMENTS_MAX];
	size_t n_segments;
};

/* ---- world_net.c ---- */
void simn_send(struct sim_node *n, struct port_packet *packets, size_t count);
void simn_arrive(struct sim *s, struct sim_node *to, struct sim_frame *frame);
void simn_drop(struct sim_frame *frame);		/* one reference */
/* NODE announces ADDR on the segment of the interface. */
void simn_garp(struct sim_node *n, int ifindex, const struct ip_addr *addr);
void simn_heard(struct sim *s, const struct simq_garp *garp);
void simn_claim(struct sim_node *n, const struct simq_garp *garp);	/* N hears it, too */
struct sim_frame *simn_frame(uint8_t from, int segment, const struct port_packet *p);
bool simn_deed(struct sim *s, const struct sim_deed *deed);	/* true: it was one of ours */
void simn_quiet(struct sim *s);

/* ---- world_kernel.c ---- */
struct sim_link *simk_link(struct sim_node *n, const char *name);	/* or NULL */
struct sim_link *simk_link_at(struct sim_node *n, int ifindex);		/* or NULL */
void simk_ops(struct sim_node *n, const struct port_addr_op *v, size_t count);
void simk_op_do(struct sim_node *n);
void simk_op_answer(struct sim_node *n);
void simk_copy_foreign(struct sim_node *n, const struct sim_node *from);
void simk_host_addr(struct sim_node *n, const char *iface);
void simk_lease_ends(struct sim_node *n, const struct port_addr *addr);
void simk_resync(struct sim_node *n);	/* begins to read everything again */
void simk_dump(struct sim_node *n);	/* tells the engine all links and addresses */
bool simk_deed(struct sim_node *n, const struct sim_deed *deed);
void simk_quiet(struct sim_node *n);

bool simf_deed(struct sim_node *n, const struct sim_deed *deed);	/* world_forge.c */

/* ---- world_port.c ---- */
void simp_port(struct sim_node *n);	/* fills in its port */
void simp_announce_on(struct sim_node *n, uint32_t owner);
void simp_hush(struct sim_node *n);	/* its announcements end */
void simp_close(struct sim_node *n);	/* the process is gone */
void simp_quiet(struct sim_node *n);
void simp_set_script(struct sim_node *n, const char *check, enum sim_script mode);

#include "sim/inner_life.h"

#endif
