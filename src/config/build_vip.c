/*
 * Why this exists: an address line has a dozen options that contradict each other by family. What
 * comes out is an address exactly as the kernel will be asked to hold it.
 */
#include "config/build.h"

#include <string.h>

#include "base/addr.h"
#include "base/mix.h"

#define MTU 1500		/* an advertisement must fit into one packet of the common size */
#define ADVERT_MAX 255		/* the count is one octet (RFC 9568 5.2.5) */
#define LABEL_MAX 15		/* IFNAMSIZ without the NUL */

static struct raw_vip *vip_at(const struct raw_list *list, size_t i)
{
	return &((struct raw_vip *)list->v)[i];
}

static bool is_zero(const struct ip_addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, sizeof(zero)) == 0;
}

/* Why a line cannot be used in an instance of FAMILY (IP_NONE: any), or NULL. */
static const char *unusable(const struct raw_vip *v, uint8_t family)
{
	if (ip_is_multicast(&v->prefix.addr) || is_zero(&v->prefix.addr))
		return "is not an address that a host can hold";
	if (family != IP_NONE && v->prefix.addr.family != family)
		return "is of another family than the first address";
	return NULL;
}

static void drop_unusable(struct build *b, struct raw_list *list, bool one_family)
{
	uint8_t family = IP_NONE;
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct raw_vip *v = vip_at(list, i);
		const char *why = unusable(v, family);
		struct diag_pos pos = bld_at(v, "address");
		char text[IP_PREFIX_TEXT_MAX];

		if (why) {
			diag_add(b->diags, &pos, DIAG_MISTAKE, NULL, "%s %s; the line is ignored",
				 ip_prefix_text(&v->prefix, text), why);
			continue;
		}
		if (one_family)
			family = v->prefix.addr.family;
		*vip_at(list, kept++) = *v;
	}
	list->n = kept;
}

void bld_drop_addresses(struct build *b, struct raw_inst *raw)
{
	drop_unusable(b, &raw->vips, true);
	drop_unusable(b, &raw->excluded, false);
}

/* An option that the address cannot have. */
static void without(struct build *b, const struct raw_vip *v, const char *option, const char *why)
{
	struct diag_pos pos = bld_at(v, option);

	diag_add(b->diags, &pos, DIAG_MISTAKE, NULL, "'%s' %s; it is ignored", option, why);
}

static const char *brd_word(const struct raw_vip *v)
{
	return bld_has(v, "brd") ? "brd" : "broadcast";
}

/* '+' sets all host bits, '-' clears them. */
static struct ip_addr host_bits(const struct ip_prefix *p, bool set)
{
	struct ip_addr a = p->addr;

	for (unsigned int bit = p->len; bit < 32; bit++) {
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);

		a.b[bit / 8] = set ? a.b[bit / 8] | mask : a.b[bit / 8] & (uint8_t)~mask;
	}
	return a;
}

static void set_broadcast(struct build *b, const struct raw_vip *v, struct vr_vip *out)
{
	const char *text = v->broadcast, *word = brd_word(v);
	bool sign = text && (strcmp(text, "+") == 0 || strcmp(text, "-") == 0);
	struct ip_addr addr;

	if (!text)
		return;
	if (v->prefix.addr.family != IP_V4)
		without(b, v, word, "is for IPv4 only");
	else if (out->peer.family != IP_NONE)
		without(b, v, word, "cannot stand beside 'peer'");
	else if (sign && v->prefix.len > 30)
		without(b, v, word, "needs a prefix of at most 30 bits for '+' and '-'");
	else if (sign)
		out->broadcast = host_bits(&v->prefix, *text == '+');
	else if (ip_parse(text, &addr) && addr.family == IP_V4)
		out->broadcast = addr;
	else
		without(b, v, word, "takes an IPv4 address, '+' or '-'");
}

static void set_label(struct build *b, const struct raw_vip *v, struct vr_vip *out)
{
	if (!v->label)
		return;
	if (v->prefix.addr.family != IP_V4)
		without(b, v, "label", "is for IPv4 only");
	else if (strlen(v->label) > LABEL_MAX)
		without(b, v, "label", "is longer than 15 octets");
	else
		out->label = v->label;
}

static uint8_t flags_of(const struct raw_vip *v)
{
	return (uint8_t)((bld_on(v->no_track) ? VR_VIP_NO_TRACK : 0) |
			 (bld_on(v->home) ? VR_VIP_HOME : 0) |
			 (bld_on(v->nodad) ? VR_VIP_NODAD : 0) |
			 (bld_on(v->mngtmpaddr) ? VR_VIP_MNGTMPADDR : 0) |
			 (bld_on(v->noprefixroute) ? VR_VIP_NOPREFIXROUTE : 0) |
			 (bld_on(v->autojoin) ? VR_VIP_AUTOJOIN : 0));
}

static void set_options(struct build *b, const struct raw_vip *v, struct vr_vip *out)
{
	bool v6 = v->prefix.addr.family == IP_V6;

	if (v->peer.family != IP_NONE && v->peer.family != v->prefix.addr.family)
		without(b, v, "peer", "is of another family than the address");
	else
		out->peer = v->peer;
	if (v6 && v->scope != RAW_NONE)
		without(b, v, "scope", "is for IPv4 only");
	else
		out->scope = (uint8_t)bld_or(v->scope, 0);
	/* keepalived deprecates an IPv6 address of 128 bits, so that it is no source address. */
	out->preferred_lft = (uint32_t)bld_or(v->preferred_lft,
					      v6 && v->prefix.len == 128 ? 0 : VR_LFT_FOREVER);
	set_broadcast(b, v, out);
	set_label(b, v, out);
}

/* The addresses that an instance has so far: where each stands in VIPS plus 1, by its hash; 0 is
 * free. Twice as many slots as addresses, so that a free one comes soon. */
struct vip_set {
	const struct vr_vip *vips;
	uint32_t *slots;
	size_t mask;
};

static bool set_new(struct build *b, const struct vr_vip *vips, size_t n, struct vip_set *set)
{
	size_t size = 2;

	while (size < 2 * n)
		size *= 2;
	set->vips = vips;
	set->mask = size - 1;
	set->slots = arena_array(b->scratch, size, sizeof(*set->slots));
	if (!set->slots)
		b->no_memory = true;
	return set->slots != NULL;
}

/* True when the address stands on the same interface already; else V, one of VIPS, is put in. */
static bool is_twice(struct vip_set *set, const struct vr_vip *v)
{
	const struct ip_addr *addr = &v->prefix.addr;
	uint64_t hash = mix_bytes(v->iface, addr->b, sizeof(addr->b));
	size_t at = (size_t)(hash ^ hash >> 32) & set->mask;

	for (; set->slots[at]; at = (at + 1) & set->mask) {
		const struct vr_vip *other = &set->vips[set->slots[at] - 1];

		if (other->iface == v->iface && ip_equal(&other->prefix.addr, addr))
			return true;
	}
	set->slots[at] = (uint32_t)(v - set->vips) + 1;
	return false;
}

/* Line I of LIST names an address that is there already: by the same words, nothing is missed. */
static void say_twice(struct build *b, const struct raw_list *list, size_t i)
{
	const struct raw_vip *v = vip_at(list, i);
	struct diag_pos pos = bld_at(v, "address");
	enum diag_severity severity = DIAG_WARNING;
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t k = 0; k < i && severity != DIAG_NOTE; k++)
		if (tree_equal(vip_at(list, k)->head.setting, v->head.setting))
			severity = DIAG_NOTE;
	diag_add(b->diags, &pos, severity, NULL, "%s is given a second time; this line is ignored",
		 ip_prefix_text(&v->prefix, text));
}

static void add_list(struct build *b, const struct raw_list *list, struct vr_inst_conf *inst,
		     struct vr_vip *vips, struct vip_set *set, uint8_t flags)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct raw_vip *v = vip_at(list, i);
		struct vr_vip *out = &vips[inst->n_vips];

		*out = (struct vr_vip){ .prefix = v->prefix, .iface = inst->iface };
		if (v->dev)
			out->iface = bld_iface(b, v->dev, bld_value_at(v, "dev"));
		if (is_twice(set, out)) {
			say_twice(b, list, i);
			continue;
		}
		set_options(b, v, out);
		out->flags = flags | flags_of(v);
		inst->n_vips++;
	}
}

/* How many addresses one advertisement can carry. */
static uint16_t advert_room(const struct vr_inst_conf *inst)
{
	unsigned int ip = inst->family == IP_V4 ? 20 : 40, size = inst->family == IP_V4 ? 4 : 16;
	unsigned int n = (MTU - ip - 8 - (inst->version == 2 ? VR_AUTH_LEN : 0)) / size;

	return n < ADVERT_MAX ? (uint16_t)n : ADVERT_MAX;
}

void bld_addresses(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst)
{
	size_t n = raw->vips.n + raw->excluded.n;
	struct vr_vip *vips = bld_alloc(b, n, sizeof(*vips));
	struct vip_set set;
	struct diag_pos pos = bld_at(raw, "virtual_ipaddress");
	uint16_t room;

	if (n >= VR_NONE)
		b->too_many = true;
	if (!vips || b->too_many || !set_new(b, vips, n, &set))
		return;
	inst->vips = vips;
	inst->family = raw->vips.n > 0 ? vip_at(&raw->vips, 0)->prefix.addr.family : IP_V4;
	add_list(b, &raw->vips, inst, vips, &set, 0);
	inst->n_advertised = inst->n_vips;
	room = advert_room(inst);
	if (inst->n_advertised > room) {
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "an advertisement holds %u addresses; the last %u of these %u are held "
			 "but not advertised, like virtual_ipaddress_excluded", (unsigned int)room,
			 (unsigned int)(inst->n_advertised - room),
			 (unsigned int)inst->n_advertised);
		inst->n_advertised = room;
	}
	for (uint16_t i = inst->n_advertised; i < inst->n_vips; i++)
		vips[i].flags |= VR_VIP_EXCLUDED;
	add_list(b, &raw->excluded, inst, vips, &set, VR_VIP_EXCLUDED);
}
