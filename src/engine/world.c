/*
 * Links and addresses to facts by interface name.
 *
 * Every notice ends in deriving the slots anew from the tables, never in patching a slot: so an
 * interface that is deleted, renamed and made again under another number ends up right whatever the
 * order of the notices was.
 */
#include "engine/world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STARVED_US INT64_C(1000000)	/* between two lines about it */
#define SCOPE_LINK 253			/* RT_SCOPE_LINK */
#define FLOOD_LINE_US INT64_C(60000000)

void wld_init(struct world *w, const struct port *port, const struct log *log)
{
	memset(w, 0, sizeof(*w));
	w->port = port;
	w->log = log;
	w->reading = true;
}

void wld_free(struct world *w)
{
	free(w->links);
	free(w->addrs);
	for (size_t i = 0; i < w->n_slots; i++)
		free(w->slots[i].groups);
	free(w->slots);
	memset(w, 0, sizeof(*w));
}

void wld_starve(struct world *w)
{
	log_limited(w->log, &w->starved, w->port->now_us(w->port->ctx), STARVED_US, LOG_LVL_ERROR,
		    "out of memory: a fact of the kernel is lost until it is read again");
}

/* Room for one more element; on want of memory the fact is lost, and said to be. */
static void *grow(struct world *w, void *v, size_t n, size_t *max, size_t size)
{
	if (n < *max)
		return v;
	size_t wanted = *max ? *max * 2 : 16;
	void *more = reallocarray(v, wanted, size);

	if (!more) {
		wld_starve(w);
		return NULL;
	}
	*max = wanted;
	return more;
}

static void set_name(char to[WLD_NAME_MAX], const char *name)
{
	size_t len = strnlen(name, WLD_NAME_MAX - 1);

	memcpy(to, name, len);
	to[len] = '\0';
}

uint16_t wld_slot(struct world *w, const char *name)
{
	for (size_t i = 0; i < w->n_slots; i++)
		if (strncmp(w->slots[i].name, name, WLD_NAME_MAX) == 0)
			return i;
	if (w->n_slots >= VR_NONE)
		return VR_NONE;
	void *more = grow(w, w->slots, w->n_slots, &w->max_slots, sizeof(*w->slots));
	if (!more)
		return VR_NONE;
	w->slots = more;
	struct wld_slot *slot = &w->slots[w->n_slots];
	memset(slot, 0, sizeof(*slot));
	set_name(slot->name, name);
	slot->changed = true;
	return w->n_slots++;
}

static bool hears(const struct wld_slot *slot, const struct ip_addr *group)
{
	for (size_t g = 0; g < slot->n_groups; g++)
		if (ip_equal(&slot->groups[g], group))
			return true;
	return false;
}

void wld_want(struct world *w, uint16_t i, const struct ip_addr *group, uint8_t vrid)
{
	struct wld_slot *slot = &w->slots[i];

	slot->wanted = true;
	slot->vrids[group->family == IP_V6].words[vrid / 32] |= UINT32_C(1) << vrid % 32;
	if (hears(slot, group))
		return;
	slot->rx_ready = false;		/* the next derivation joins it */
	void *more = grow(w, slot->groups, slot->n_groups, &slot->max_groups,
			  sizeof(*slot->groups));
	slot->lacks_group |= !more;
	if (!more)
		return;
	slot->groups = more;
	slot->groups[slot->n_groups++] = *group;
}

void wld_want_none(struct world *w)
{
	for (size_t i = 0; i < w->n_slots; i++) {
		w->slots[i].wanted = false;
		memset(w->slots[i].vrids, 0, sizeof(w->slots[i].vrids));
	}
}

/* Only what is open has ears. */
static void tell_vrids(struct world *w, size_t i)
{
	const struct wld_slot *slot = &w->slots[i];

	if (!slot->rx_ready)
		return;
	w->port->hear(w->port->ctx, i, IP_V4, &slot->vrids[0]);
	w->port->hear(w->port->ctx, i, IP_V6, &slot->vrids[1]);
}

void wld_want_told(struct world *w)
{
	for (size_t i = 0; i < w->n_slots; i++)
		tell_vrids(w, i);
}

/* ---- the tables ---- */

void wld_on_link(struct world *w, const struct port_link *link)
{
	size_t i = 0;

	while (i < w->n_links && w->links[i].ifindex != link->ifindex)
		i++;
	if (link->gone) {
		if (i < w->n_links)
			w->links[i] = w->links[--w->n_links];
		return;
	}
	if (i == w->n_links) {
		void *more = grow(w, w->links, w->n_links, &w->max_links, sizeof(*w->links));

		if (!more)
			return;
		w->links = more;
		w->n_links++;
	}
	w->links[i].ifindex = link->ifindex;
	w->links[i].up = link->up;
	w->links[i].silent = link->silent;
	w->links[i].round = w->round;
	set_name(w->links[i].name, link->name);
}

bool wld_on_addr(struct world *w, const struct port_addr *addr)
{
	size_t i = 0;

	while (i < w->n_addrs && (w->addrs[i].ifindex != addr->ifindex ||
				  w->addrs[i].prefix.len != addr->prefix.len ||
				  !ip_equal(&w->addrs[i].prefix.addr, &addr->prefix.addr)))
		i++;
	w->tags |= addr->proto != 0;
	/* Our own is never a fact about the host. */
	if (addr->gone || addr->proto == PORT_IFA_PROTO) {
		if (i == w->n_addrs)
			return false;
		/* The order is the kernel's: the first address is the primary one. */
		memmove(&w->addrs[i], &w->addrs[i + 1], (--w->n_addrs - i) * sizeof(*w->addrs));
		return true;
	}
	if (i == w->n_addrs) {
		void *more = grow(w, w->addrs, w->n_addrs, &w->max_addrs, sizeof(*w->addrs));

		if (!more)
			return false;
		w->addrs = more;
		w->n_addrs++;
	}
	w->addrs[i] = (struct wld_addr){
		.ifindex = addr->ifindex, .prefix = addr->prefix, .scope = addr->scope,
		.proto = addr->proto, .secondary = addr->secondary,
		.tentative = addr->tentative, .lasting = !addr->lease_s, .round = w->round,
	};
	return true;
}

void wld_on_resync(struct world *w)
{
	w->round++;
	w->reading = true;
}

/* What the re-read did not tell is gone. */
void wld_on_synced(struct world *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_links; i++)
		if (w->links[i].round == w->round)
			w->links[kept++] = w->links[i];
	w->n_links = kept;
	kept = 0;
	for (size_t i = 0; i < w->n_addrs; i++)
		if (w->addrs[i].round == w->round)
			w->addrs[kept++] = w->addrs[i];
	w->n_addrs = kept;
	w->reading = false;
}

void wld_on_flood(struct world *w, uint16_t i, uint8_t family, bool on)
{
	int64_t now_us = w->port->now_us(w->port->ctx);
	struct wld_slot *slot = &w->slots[i];

	slot->flooded[family == IP_V6] = on;
	if (on)
		slot->flood_said = log_limited(
			w->log, &slot->flood_limit, now_us, FLOOD_LINE_US, LOG_LVL_WARN,
			"%s: flooded with VRRP packets that no instance here wants: the kernel "
			"drops them now, but for a sample", slot->name);
	else if (slot->flood_said)
		log_printf(w->log, LOG_LVL_INFO,
			   "%s: the flood of foreign VRRP packets is over", slot->name);
}

/* ---- deriving ---- */

static const struct wld_link *find_link(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->n_links; i++)
		if (strcmp(w->links[i].name, name) == 0)
			return &w->links[i];
	return NULL;
}

/* IPv4: the first address that is not one of our virtual ones; a secondary one only if there is no
 * other: our own address may have come first and made it one. IPv6: RFC 9568 section 5.1.2.1 wants
 * the link-local one. */
static struct ip_addr primary_of(const struct world *w, int ifindex, uint8_t family,
				 wld_is_vip is_vip, void *ctx)
{
	struct ip_addr second = { .family = IP_NONE };

	for (size_t i = 0; i < w->n_addrs; i++) {
		const struct wld_addr *a = &w->addrs[i];

		if (a->ifindex != ifindex || a->prefix.addr.family != family || a->tentative)
			continue;
		if (family == IP_V4 && a->scope > SCOPE_LINK)
			continue;
		if (family == IP_V6 && !ip_is_link_local(&a->prefix.addr))
			continue;
		if (is_vip(ctx, &a->prefix.addr))
			continue;
		if (family == IP_V6 || !a->secondary)
			return a->prefix.addr;
		if (second.family == IP_NONE)
			second = a->prefix.addr;
	}
	return second;
}

#define PROTO_KEEPALIVED 18		/* RTPROT_KEEPALIVED: later versions tag their addresses */

static bool same_bits(const struct ip_addr *a, const struct ip_addr *b, unsigned int bits)
{
	unsigned int whole = bits / 8;
	uint8_t mask = (uint8_t)~(0xff >> bits % 8);

	return memcmp(a->b, b->b, whole) == 0 &&
	       (mask == 0 || ((a->b[whole] ^ b->b[whole]) & mask) == 0);
}

/* The interface identifier of RFC 4291 appendix A: made from a MAC address by the host itself. */
static bool is_eui64(const struct ip_addr *a)
{
	return a->b[11] == 0xff && a->b[12] == 0xfe;
}

/* The interface has an address of its own beside A that goes with it. */
static bool has_other(const struct world *w, const struct wld_addr *a, wld_is_vip is_vip, void *ctx)
{
	bool v6 = a->prefix.addr.family == IP_V6;
	bool whole = a->prefix.len == (v6 ? 128 : 32);

	for (size_t i = 0; i < w->n_addrs; i++) {
		const struct wld_addr *o = &w->addrs[i];

		if (o->ifindex != a->ifindex || o->prefix.addr.family != a->prefix.addr.family ||
		    is_vip(ctx, &o->prefix.addr))
			continue;
		if (whole ? !v6 || o->scope == a->scope :
		    same_bits(&o->prefix.addr, &a->prefix.addr, a->prefix.len))
			return true;
	}
	return false;
}

bool wld_is_leftover(const struct world *w, const struct wld_addr *a, wld_is_vip is_vip, void *ctx)
{
	bool v4 = a->prefix.addr.family == IP_V4;

	if (a->proto == PROTO_KEEPALIVED)
		return true;
	if (a->proto || !a->lasting || (v4 && a->prefix.len < 32 && !a->secondary) ||
	    (!v4 && is_eui64(&a->prefix.addr)))
		return false;
	return has_other(w, a, is_vip, ctx);
}

static void close_sockets(struct world *w, size_t i)
{
	w->port->leave(w->port->ctx, i);
	w->slots[i].rx_ready = false;
	memset(w->slots[i].flooded, 0, sizeof(w->slots[i].flooded));
}

static void open_sockets(struct world *w, size_t i)
{
	struct wld_slot *slot = &w->slots[i];
	int error = slot->lacks_group ? ENOMEM : 0;

	for (size_t g = 0; g < slot->n_groups && !error; g++)
		error = w->port->join(w->port->ctx, i, slot->ifindex, &slot->groups[g]);
	if (error && error != slot->join_error)
		log_printf(w->log, LOG_LVL_ERROR, "%s: cannot open a VRRP socket: %s", slot->name,
			   strerror(error));
	slot->join_error = error;
	slot->rx_ready = !error;
	if (error)
		close_sockets(w, i);
	tell_vrids(w, i);
}

void wld_believe(struct world *w, uint16_t i, const struct vr_iface_view *facts)
{
	struct wld_slot *slot = &w->slots[i];

	/* It may have been killed between what it knew and what it had told. */
	slot->up = slot->ifindex && facts->up;
	slot->rx_ready = slot->ifindex && facts->rx_ready;
	slot->primary4 = facts->primary4;
	slot->primary6 = facts->primary6;
}

void wld_rejoin(struct world *w)
{
	for (size_t i = 0; i < w->n_slots; i++) {
		struct wld_slot *slot = &w->slots[i];

		if (!slot->ifindex || !slot->wanted || !slot->rx_ready)
			continue;
		open_sockets(w, i);
		slot->owed = !slot->rx_ready;
		slot->rx_ready = true;
	}
}

/* A slot whose interface came, went, or came back under another number. */
static bool derive_slot(struct world *w, size_t i)
{
	struct wld_slot *slot = &w->slots[i];
	const struct wld_link *link = find_link(w, slot->name);
	int ifindex = link ? link->ifindex : 0;

	slot->rx_ready &= !slot->owed;
	slot->owed = false;
	if ((slot->ifindex && ifindex != slot->ifindex) || (slot->rx_ready && !slot->wanted))
		close_sockets(w, i);
	slot->ifindex = ifindex;
	slot->up = link && link->up;
	if (!slot->wanted) {
		slot->n_groups = 0;
		slot->lacks_group = false;
	}
	if (ifindex && slot->wanted && !slot->rx_ready)
		open_sockets(w, i);
	return ifindex && slot->wanted && !slot->rx_ready;
}

bool wld_derive(struct world *w, wld_is_vip is_vip, void *ctx)
{
	bool again = false;

	if (w->reading)
		return false;
	for (size_t i = 0; i < w->n_slots; i++) {
		struct wld_slot *slot = &w->slots[i];
		struct wld_slot before = *slot;

		again |= derive_slot(w, i);
		slot->primary4 = primary_of(w, slot->ifindex, IP_V4, is_vip, ctx);
		slot->primary6 = primary_of(w, slot->ifindex, IP_V6, is_vip, ctx);
		slot->changed |= slot->ifindex != before.ifindex || slot->up != before.up ||
				 slot->rx_ready != before.rx_ready ||
				 !ip_equal(&slot->primary4, &before.primary4) ||
				 !ip_equal(&slot->primary6, &before.primary6);
	}
	return again;
}
