/*
 * The seam to the world.
 *
 * The engine calls downwards through struct port; the world answers upwards through struct
 * port_events. The sys floor fills both ends in with Linux, the simulator with a fake kernel, and
 * neither side sees the other's headers. No call blocks, and no call reports upwards before it has
 * returned: every result comes back later, from the event loop.
 *
 * Interfaces are named by their index in vr_config.ifaces ("iface") and by the kernel's ifindex.
 */
#ifndef CORE_PORT_H
#define CORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/node.h"

/* The kernel's IFA_PROTO of every address that is ours: the IP protocol number of VRRP. */
#define PORT_IFA_PROTO 112

/* The token of an addition that only renews a lease; no other operation has it. */
#define PORT_RENEWAL 0

struct port_packet {
	uint16_t iface;
	struct ip_addr src, dst;
	uint8_t ttl;
	const uint8_t *data;		/* the VRRP message, without the IP header */
	size_t len;
	int error;			/* out: 0 or a positive errno */
};

struct port_addr_op {
	bool add;
	int ifindex;
	const struct vr_vip *vip;	/* need not outlive the call */
	uint32_t lease_s;		/* the kernel removes it by itself after that; 0: never */
	uint32_t held_s;		/* how much of the preferred lifetime is over */
	uint32_t token;			/* comes back in addr_done() exactly once */
	bool done;			/* out: there was no memory to queue it, ... */
	int error;			/* ... it was done at once with this, see addrs() */
};

/* A set of VRIDs: bit VRID % 32 of word VRID / 32. */
struct port_vrids {
	uint32_t words[8];
};

struct port_announce {
	int ifindex;
	struct ip_addr addr;
};

enum port_job_kind { PORT_JOB_CHECK, PORT_JOB_NOTIFY };

/* What may become of a job that waits in its lane while others come behind it. */
enum port_job_rank {
	PORT_JOB_STATE,			/* needless once one of another CHANGE waits behind it */
	PORT_JOB_EVENT,			/* needless once the same command waits behind it */
	PORT_JOB_LAST,			/* always run */
};

/* One run of a script. Strings need not outlive the call. */
struct port_job {
	uint32_t id;			/* comes back in job_done() exactly once */
	enum port_job_kind kind;
	uint32_t lane;			/* jobs of one lane run one after the other in order; 0:
					 * at once */
	enum port_job_rank rank;
	uint32_t change;		/* the jobs that one change of state calls for share it */
	const char *const *argv;	/* NULL-terminated; argv[0] is the path */
	uint32_t uid, gid;
	bool groups;			/* with the user's supplementary groups; false: with none */
	int64_t timeout_us;		/* then TERM, 2 s later KILL, to the whole process group */
};

struct port_job_result {
	uint32_t id;
	enum vr_check_result result;
	int32_t code;			/* exit status, signal or errno, by RESULT */
	int64_t took_us;
	const char *detail;		/* why it cannot run, with the component of the path; of a
					 * notify job that ran, its path; or NULL */
};

/* A job holds its lane for long. */
struct port_wait {
	uint32_t lane;
	const char *script;		/* argv[0] of the one that runs; NULL: it is over */
	int64_t running_us;
	uint32_t waiting;		/* how many jobs stand behind it */
};

struct port {
	void *ctx;

	/* CLOCK_BOOTTIME, and the wall clock for people, in microseconds. */
	int64_t (*now_us)(void *ctx);
	int64_t (*wall_us)(void *ctx);

	/* Call events->wake at AT_US (as now_us; VR_NEVER: not at all). Replaces the wish
	 * before. */
	void (*wake_at)(void *ctx, int64_t at_us);

	/*
	 * Opens what is needed to hear and send adverts on an interface, for GROUP's family.
	 * Returns 0 or a positive errno. Joining a second group adds it; leave() closes all.
	 */
	int (*join)(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group);
	void (*leave)(void *ctx, uint16_t iface);

	/*
	 * The VRIDs of FAMILY that instances have on an interface that is joined. All else may be
	 * dropped unseen while there is too much of it (see flood() below); the last word counts
	 * until leave(), before the first one nothing is dropped.
	 */
	void (*hear)(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted);

	/* Sends all in one batch; fills in each error. */
	void (*send)(void *ctx, struct port_packet *v, size_t n);

	/* Adds and deletes in order, one netlink batch. Answers with addr_done(), or sets DONE. */
	void (*addrs)(void *ctx, struct port_addr_op *v, size_t n);

	/*
	 * GARP (IPv4) or unsolicited NA (IPv6) for each of the N addresses in turn, REPEAT rounds,
	 * at least GAP_US apart on an interface (0: as fast as the socket takes them). A new call
	 * of the same OWNER replaces what is still queued of it; announce_stop() drops it.
	 */
	void (*announce)(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
			 uint32_t repeat, int64_t gap_us);
	void (*announce_stop)(void *ctx, uint32_t owner);

	/* Tell of other stations that claim an address of CONF's instances, which is not kept. */
	void (*guard)(void *ctx, const struct vr_config *conf);

	/* Reads all links and addresses again: resync(), what there is, synced(). */
	void (*reread)(void *ctx);

	/* Hands a job to the runner. A runner that cannot take it answers VR_CHECK_CANNOT_RUN.
	 * False: too many wait already, and no job_done() follows. */
	bool (*run)(void *ctx, const struct port_job *job);
};

/* One link as the kernel reports it. */
struct port_link {
	int ifindex;
	const char *name;
	bool gone;			/* deleted; void but for name and ifindex */
	bool up;			/* IFF_UP and operational (RUNNING / LOWER_UP) */
	bool silent;			/* loopback, or without ARP */
};

/* One address as the kernel reports it. */
struct port_addr {
	int ifindex;
	bool gone;
	struct ip_prefix prefix;
	uint8_t scope;			/* RT_SCOPE_*: 0 global, 253 link, 254 host */
	uint8_t proto;			/* IFA_PROTO, 0 when the kernel has none */
	uint32_t lease_s;		/* the kernel removes it after that; 0: never */
	char label[16];			/* IPv4; "" when it was not told */
	struct ip_addr peer, broadcast;	/* PEER: itself where none is; no family: not told */
	uint8_t flags;			/* told with PEER: VR_VIP_NOPREFIXROUTE */
	bool secondary;			/* IFA_F_SECONDARY */
	bool tentative;			/* duplicate address detection: not over, or failed */
};

/* A station that is not this host says in ARP or neighbour discovery that it has ADDR. */
struct port_rival {
	int ifindex;			/* where it was heard */
	struct ip_addr addr;
	uint8_t mac[VR_MAC_LEN];
};

struct port_events {
	void *ctx;
	void (*link)(void *ctx, const struct port_link *link);
	void (*addr)(void *ctx, const struct port_addr *addr);
	/* All links and addresses there are have been told: after start, and after every re-read
	 * (lost notices), which begins with resync(). What was not told in between is gone. */
	void (*resync)(void *ctx);
	void (*synced)(void *ctx);
	void (*packet)(void *ctx, const struct vr_ev_packet *packet);
	/* Packets that no instance wants come in masses (ON): from now on only a sample of them is
	 * told; or (not ON) they are few again and each is told. */
	void (*flood)(void *ctx, uint16_t iface, uint8_t family, bool on);
	void (*rival)(void *ctx, const struct port_rival *rival);
	void (*addr_done)(void *ctx, uint32_t token, int error);
	void (*job_done)(void *ctx, const struct port_job_result *result);
	/* Again and again while it lasts, and once when it is over; both may be lost with a
	 * runner. */
	void (*waiting)(void *ctx, const struct port_wait *wait);
	void (*wake)(void *ctx);
};

#endif
