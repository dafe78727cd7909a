/*
 * What the kernel says, by name.
 *
 * Links and addresses come as they are; the election wants to know whether an interface of a
 * certain name exists, is up, can hear adverts, and which address it would speak from. Interfaces
 * that any configuration has named get a slot for the life of the daemon, so that sockets survive a
 * reload whatever becomes of the order in the file; the slot's number is the "iface" of struct
 * port.
 */
#ifndef ENGINE_WORLD_H
#define ENGINE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "core/port.h"

#define WLD_NAME_MAX 16			/* IFNAMSIZ */

struct wld_link {
	int ifindex;
	char name[WLD_NAME_MAX];
	bool up;
	bool silent;			/* see struct port_link */
	uint32_t round;			/* the re-read in which it was last told */
};

struct wld_addr {
	int ifindex;
	struct ip_prefix prefix;
	uint8_t scope;
	uint8_t proto;
	bool secondary;
	bool tentative;
	bool lasting;			/* it does not end by itself */
	uint32_t round;
};

struct wld_slot {
	char name[WLD_NAME_MAX];
	int ifindex;			/* 0: does not exist */
	bool up;
	bool wanted;			/* adverts are heard on it: keep sockets open */
	bool rx_ready;
	int join_error;			/* why not, a positive errno */
	bool owed;			/* rx_ready is a predecessor's word, no socket is here */
	struct ip_addr *groups;		/* to be heard on it */
	size_t n_groups, max_groups;
	bool lacks_group;		/* there was no memory for one more */
	struct port_vrids vrids[2];	/* IPv4, IPv6: of the instances on it */
	struct ip_addr primary4, primary6;
	bool flooded[2];		/* IPv4, IPv6: the kernel drops what nobody wants */
	struct log_limit flood_limit;
	bool flood_said;
	bool changed;			/* since wld_changed() was last asked */
};

struct world {
	struct wld_link *links;
	size_t n_links, max_links;
	struct wld_addr *addrs;		/* the kernel's, without our own virtual addresses */
	size_t n_addrs, max_addrs;
	struct wld_slot *slots;
	size_t n_slots, max_slots;
	uint32_t round;
	bool tags;			/* the kernel knows IFA_PROTO: one was seen */
	bool reading;			/* between resync and synced: nothing is derived */
	struct log_limit starved;	/* a fact was lost for want of memory */
	const struct port *port;
	const struct log *log;
};

typedef bool (*wld_is_vip)(void *ctx, const struct ip_addr *a);

void wld_init(struct world *w, const struct port *port, const struct log *log);
void wld_free(struct world *w);

/* Says, now and then, that a fact was lost for want of memory; the next re-read brings it back. */
void wld_starve(struct world *w);

/* The slot of NAME, made if there is none; VR_NONE when there is no memory. */
uint16_t wld_slot(struct world *w, const char *name);

/* From now on the slot hears VRID's adverts to GROUP (wanted) ... */
void wld_want(struct world *w, uint16_t slot, const struct ip_addr *group, uint8_t vrid);

/* ... as soon as all wants are told ... */
void wld_want_told(struct world *w);

/* ... or, before all wants of a new configuration: nobody wants anything. */
void wld_want_none(struct world *w);

/* What a predecessor knew of the slot: believed until everything has been read. */
void wld_believe(struct world *w, uint16_t slot, const struct vr_iface_view *facts);
/* Opens the sockets of slots that had them. What cannot be opened is tried again, and told, when
 * everything has been read. */
void wld_rejoin(struct world *w);

/*
 * Notices. VIRTUAL says that an address is a virtual one of ours and so never a primary address.
 * Afterwards wld_derive() brings the slots up to date.
 */
void wld_on_link(struct world *w, const struct port_link *link);
bool wld_on_addr(struct world *w, const struct port_addr *addr);	/* false: nothing new */
void wld_on_resync(struct world *w);
void wld_on_synced(struct world *w);

/*
 * Whether A, which is a virtual address of the configuration in its very place, looks like one that
 * a keepalived has left behind, not like the host's own: it is tagged so; or it is permanent, and
 * the interface keeps an address of its own without it: for IPv4 another one in the same subnet
 * whose secondary it is, or any beside a /32; for IPv6 another one with the same prefix, or of the
 * same scope beside a /128, and A is not made from a MAC address.
 */
bool wld_is_leftover(const struct world *w, const struct wld_addr *a, wld_is_vip is_vip,
		     void *ctx);

/* The port's flood(): remembered, and said at most once a minute. */
void wld_on_flood(struct world *w, uint16_t slot, uint8_t family, bool on);

/*
 * Derives every slot from links and addresses, opens and closes sockets through the port, marks
 * what changed. Does nothing between resync and synced. Returns true when a join failed and should
 * be tried again in a while.
 */
bool wld_derive(struct world *w, wld_is_vip is_vip, void *ctx);

#endif
