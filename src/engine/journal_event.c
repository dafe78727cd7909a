/*
 * An event as octets.
 *
 * What the core was told is written down so that it can be told again, with one exception: a VRRPv2
 * packet carries a password in clear text, ours or a stranger's. Of a packet only what the core's
 * decisions rest on is kept, and an authentication field becomes one of two constants: "it was the
 * right one", "it was not". A packet that is refused for its form keeps its first octets and its
 * length; its checksum, from which a guess could be tested, only when it is right or wrong by
 * itself.
 */
#include <stdlib.h>
#include <string.h>

#include "core/save.h"
#include "engine/journal_parts.h"

#define IP_HEADER 20
#define FIXED 8				/* octets of a VRRP message before its addresses */
#define CHECKSUM_AT 6
#define SLOTS 512			/* of an interface in the book: two families of VRIDs */

/* ---- the book ---- */

static size_t slot_of(uint16_t iface, uint8_t family, uint8_t vrid)
{
	return (size_t)iface * SLOTS + (family == IP_V6) * 256u + vrid;
}

bool jrn_book_make(struct jrn_book *book, const struct vr_config *conf)
{
	size_t size = (size_t)conf->n_ifaces * SLOTS * sizeof(uint16_t);
	uint16_t *by_vrid = malloc(size + 1);

	if (!by_vrid)
		return false;
	memset(by_vrid, 0xff, size);	/* VR_NONE */
	for (uint16_t i = 0; i < conf->n_insts; i++) {
		const struct vr_inst_conf *ic = &conf->insts[i];

		by_vrid[slot_of(ic->iface, ic->family, ic->vrid)] = i;
	}
	free(book->by_vrid);
	*book = (struct jrn_book){ conf, by_vrid };
	return true;
}

void jrn_book_free(struct jrn_book *book)
{
	free(book->by_vrid);
	*book = (struct jrn_book){ 0 };
}

uint16_t jrn_book_find(const struct jrn_book *book, uint16_t iface, uint8_t family, uint8_t vrid)
{
	return iface < book->conf->n_ifaces ? book->by_vrid[slot_of(iface, family, vrid)] : VR_NONE;
}

/* ---- packets ---- */

/* How much of a packet there is. */
enum form {
	FORM_NO_HEADER,		/* no IPv4 header: PKT_IP_HEADER whatever follows */
	FORM_CUT,		/* its header promises more than came: PKT_TRUNCATED */
	FORM_WHOLE,		/* addresses, TTL and the VRRP message */
};

static bool is_password_right(const struct jrn_book *book, const struct vr_ev_packet *packet,
			      const uint8_t *body, size_t len)
{
	uint16_t i = jrn_book_find(book, packet->iface, packet->family, body[1]);
	const struct vr_inst_conf *ic = i == VR_NONE ? NULL : &book->conf->insts[i];

	return ic && ic->auth_type == VR_AUTH_PASS &&
	       memcmp(body + len - VR_AUTH_LEN, ic->auth_data, VR_AUTH_LEN) == 0;
}

/* The checksum of what is left after masking: right, or wrong by one bit. */
static void sum_again(uint8_t *body, size_t len, bool right)
{
	uint32_t sum;

	body[CHECKSUM_AT] = body[CHECKSUM_AT + 1] = 0;
	sum = pkt_sum(0, body, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	body[CHECKSUM_AT] = (uint8_t)(~sum >> 8);
	body[CHECKSUM_AT + 1] = (uint8_t)(~sum ^ !right);
}

/* A message whose length is what its count promises; version 2 over IPv4 ends in a password. */
static void put_well_formed(const struct jrn_book *book, const struct vr_ev_packet *packet,
			    const uint8_t *body, size_t len, enum pkt_reject reason,
			    struct outbuf *to)
{
	uint8_t copy[PKT_MAX];
	bool right;

	if (body[0] >> 4 != 2 || packet->family != IP_V4) {
		out_var(to, len);
		out_bytes(to, body, len);
		return;
	}
	right = is_password_right(book, packet, body, len);
	memcpy(copy, body, len - VR_AUTH_LEN);
	memcpy(copy + len - VR_AUTH_LEN, right ? JRN_PASSWORD : JRN_NO_PASSWORD, VR_AUTH_LEN);
	sum_again(copy, len, reason != PKT_CHECKSUM);
	out_var(to, len);
	out_bytes(to, copy, len);
}

/* Octets of the message, how many of them are kept, those; the others read as zero. */
static void put_body(const struct jrn_book *book, const struct vr_ev_packet *packet,
		     const struct pkt_meta *meta, const uint8_t *body, size_t len,
		     struct outbuf *to)
{
	struct pkt_advert adv;
	enum pkt_reject reason = pkt_decode(meta, body, len, &adv);
	size_t kept = len < CHECKSUM_AT ? len : CHECKSUM_AT;

	out_var(to, len);
	if (reason == PKT_OK || reason == PKT_CHECKSUM || reason == PKT_INTERVAL) {
		put_well_formed(book, packet, body, len, reason, to);
		return;
	}
	out_var(to, kept);
	out_bytes(to, body, kept);
}

static void put_packet(const struct jrn_book *book, const struct vr_ev_packet *packet,
		       struct outbuf *to)
{
	struct pkt_meta meta = packet->meta;
	const uint8_t *body = packet->data;
	size_t len = packet->len;
	enum pkt_reject reason = PKT_OK;

	if (packet->family == IP_V4)
		reason = pkt_strip_ipv4(packet->data, packet->len, &meta, &body, &len);
	out_var(to, packet->iface);
	out_u8(to, packet->family);
	if (reason != PKT_OK) {
		out_u8(to, reason == PKT_TRUNCATED ? FORM_CUT : FORM_NO_HEADER);
		return;
	}
	out_u8(to, FORM_WHOLE);
	vr_save_addr(&meta.src, to);
	vr_save_addr(&meta.dst, to);
	out_u8(to, meta.ttl);
	put_body(book, packet, &meta, body, len, to);
}

/* Back to what a raw socket delivers: an IPv4 header of the least length before the message. */
static void make_header(uint8_t *header, const struct pkt_meta *meta, size_t total)
{
	memset(header, 0, IP_HEADER);
	header[0] = 0x45;
	header[2] = (uint8_t)(total >> 8);
	header[3] = (uint8_t)total;
	header[8] = meta->ttl;
	header[9] = PKT_PROTO;
	memcpy(header + 12, meta->src.b, 4);
	memcpy(header + 16, meta->dst.b, 4);
}

/* Ancillary data may be missing; a header never lacks its addresses. */
static bool is_of(const struct ip_addr *a, uint8_t family)
{
	return a->family == family || (family == IP_V6 && a->family == IP_NONE);
}

static const char *get_whole(struct cursor *from, struct vr_ev_packet *packet, uint8_t *bytes)
{
	size_t header = packet->family == IP_V4 ? IP_HEADER : 0;
	struct pkt_meta *meta = &packet->meta;
	size_t len, kept;

	meta->src = vr_load_addr(from);
	meta->dst = vr_load_addr(from);
	meta->ttl = cur_u8(from);
	len = vr_load_max(from, JRN_PACKET_MAX - header);
	kept = vr_load_max(from, len);
	if (!is_of(&meta->src, packet->family) || !is_of(&meta->dst, packet->family))
		return "a packet's addresses are not of its family";
	if (header)
		make_header(bytes, meta, header + len);
	memset(bytes + header, 0, len);
	cur_bytes(from, bytes + header, kept);
	packet->data = bytes;
	packet->len = header + len;
	return NULL;
}

static const char *get_packet(struct cursor *from, const struct vr_config *conf,
			      struct vr_ev_packet *packet, uint8_t *bytes)
{
	uint8_t form;

	packet->iface = (uint16_t)vr_load_max(from, VR_NONE);
	packet->family = cur_u8(from);
	packet->data = bytes;
	form = cur_u8(from);
	if (packet->iface >= conf->n_ifaces)
		return "there is no such interface";
	if (packet->family != IP_V4 && packet->family != IP_V6)
		return "a packet is of no known family";
	if (form == FORM_WHOLE)
		return get_whole(from, packet, bytes);
	if (form > FORM_WHOLE || packet->family != IP_V4)
		return "a packet has no known form";
	if (form == FORM_CUT) {
		make_header(bytes, &packet->meta, IP_HEADER + 1);
		packet->len = IP_HEADER;
	}
	return NULL;
}

/* ---- the other events ---- */

static void put_link(const struct vr_ev_link *link, struct outbuf *to)
{
	out_var(to, link->iface);
	out_u8(to, (uint8_t)(link->exists | link->up << 1 | link->rx_ready << 2));
}

static const char *get_link(struct cursor *from, const struct vr_config *conf,
			    struct vr_ev_link *link)
{
	uint64_t flags;

	link->iface = (uint16_t)vr_load_max(from, VR_NONE);
	flags = vr_load_max(from, 7);
	link->exists = flags & 1;
	link->up = flags & 2;
	link->rx_ready = flags & 4;
	return link->iface < conf->n_ifaces ? NULL : "there is no such interface";
}

static void put_addr(const struct vr_ev_addr *addr, struct outbuf *to)
{
	out_var(to, addr->iface);
	out_u8(to, addr->family);
	vr_save_addr(&addr->primary, to);
}

static const char *get_addr(struct cursor *from, const struct vr_config *conf,
			    struct vr_ev_addr *addr)
{
	addr->iface = (uint16_t)vr_load_max(from, VR_NONE);
	addr->family = cur_u8(from);
	addr->primary = vr_load_addr(from);
	if (addr->family != IP_V4 && addr->family != IP_V6)
		return "an address is of no known family";
	if (addr->primary.family != IP_NONE && addr->primary.family != addr->family)
		return "an address is of another family than it says";
	return addr->iface < conf->n_ifaces ? NULL : "there is no such interface";
}

static void put_check(const struct vr_ev_check *check, struct outbuf *to)
{
	out_var(to, check->check);
	out_var(to, check->result);
	out_svar(to, check->code);
}

static const char *get_check(struct cursor *from, const struct vr_config *conf,
			     struct vr_ev_check *check)
{
	check->check = (uint16_t)vr_load_max(from, VR_NONE);
	check->result = (enum vr_check_result)vr_load_max(from, VR_N_CHECK_RESULTS - 1);
	check->code = (int32_t)cur_svar(from);
	return check->check < conf->n_checks ? NULL : "there is no such check";
}

static const char *get_lost(struct cursor *from, const struct vr_config *conf,
			    struct vr_ev_lost *lost)
{
	lost->inst = (uint16_t)vr_load_max(from, VR_NONE);
	lost->vip = (uint16_t)vr_load_max(from, VR_NONE);
	if (lost->inst >= conf->n_insts)
		return "there is no such instance";
	return lost->vip < conf->insts[lost->inst].n_vips ? NULL : "there is no such address";
}

static const char *get_rival(struct cursor *from, const struct vr_config *conf,
			     struct vr_ev_rival *rival)
{
	struct vr_ev_lost where;
	const char *why = get_lost(from, conf, &where);

	rival->inst = where.inst;
	rival->vip = where.vip;
	cur_bytes(from, rival->mac, VR_MAC_LEN);
	return why;
}

/* ---- all of them: no default, so that the compiler asks about a new one ---- */

/* The core's numbers may change from version to version, these may not. */
static const uint8_t codes[VR_N_EVENTS] = {
	[VR_EV_START] = 16, [VR_EV_STOP] = 17, [VR_EV_PACKET] = 18, [VR_EV_LINK] = 19,
	[VR_EV_ADDR] = 20, [VR_EV_CHECK] = 21, [VR_EV_DONE] = 22, [VR_EV_LOST] = 23,
	[VR_EV_ADOPT] = 24, [VR_EV_WAKE] = 25, [VR_EV_UNSURE] = 26,
	[VR_EV_RESUME] = 27, [VR_EV_ASSERT] = 28, [VR_EV_RIVAL] = 29, [VR_EV_WRONG] = 30,
	[VR_EV_FOREIGN] = 31, [VR_EV_FOREIGN_GONE] = 32,
};

uint8_t jrn_code(enum vr_event_type type)
{
	return codes[type];
}

enum vr_event_type jrn_type_of(uint8_t code)
{
	size_t type = 0;

	while (type < VR_N_EVENTS && codes[type] != code)
		type++;
	return (enum vr_event_type)type;
}

void jrn_put_event(const struct jrn_book *book, const struct vr_event *event, struct outbuf *to)
{
	switch (event->type) {
	case VR_EV_PACKET:
		put_packet(book, &event->packet, to);
		break;
	case VR_EV_LINK:
		put_link(&event->link, to);
		break;
	case VR_EV_ADDR:
		put_addr(&event->addr, to);
		break;
	case VR_EV_CHECK:
		put_check(&event->check, to);
		break;
	case VR_EV_DONE:
		out_be32(to, event->done.token);
		out_svar(to, event->done.error);
		break;
	case VR_EV_LOST:
	case VR_EV_WRONG:
	case VR_EV_UNSURE:
	case VR_EV_FOREIGN:
	case VR_EV_FOREIGN_GONE:
		out_var(to, event->lost.inst);
		out_var(to, event->lost.vip);
		break;
	case VR_EV_RIVAL:
		out_var(to, event->rival.inst);
		out_var(to, event->rival.vip);
		out_bytes(to, event->rival.mac, VR_MAC_LEN);
		break;
	case VR_EV_RESUME:
		out_var(to, (uint64_t)event->resume.served_us);
		break;
	case VR_EV_ASSERT:
	case VR_EV_START:
	case VR_EV_STOP:
	case VR_EV_ADOPT:
	case VR_EV_WAKE:
	case VR_N_EVENTS:
		break;
	}
}

static const char *get_body(struct cursor *from, const struct vr_config *conf,
			    struct vr_event *out, uint8_t *bytes)
{
	switch (out->type) {
	case VR_EV_PACKET:
		return get_packet(from, conf, &out->packet, bytes);
	case VR_EV_LINK:
		return get_link(from, conf, &out->link);
	case VR_EV_ADDR:
		return get_addr(from, conf, &out->addr);
	case VR_EV_CHECK:
		return get_check(from, conf, &out->check);
	case VR_EV_DONE:
		out->done.token = cur_be32(from);
		out->done.error = (int32_t)cur_svar(from);
		return NULL;
	case VR_EV_LOST:
	case VR_EV_WRONG:
	case VR_EV_UNSURE:
	case VR_EV_FOREIGN:
	case VR_EV_FOREIGN_GONE:
		return get_lost(from, conf, &out->lost);
	case VR_EV_RIVAL:
		return get_rival(from, conf, &out->rival);
	case VR_EV_RESUME:
		out->resume.served_us = (int64_t)vr_load_max(from, VR_TIME_MAX);
		return NULL;
	case VR_EV_ASSERT:
	case VR_EV_START:
	case VR_EV_STOP:
	case VR_EV_ADOPT:
	case VR_EV_WAKE:
	case VR_N_EVENTS:
		break;
	}
	return NULL;
}

const char *jrn_get_event(struct cursor *from, const struct vr_config *conf,
			  enum vr_event_type type, struct vr_event *out,
			  uint8_t bytes[static JRN_PACKET_MAX])
{
	const char *why;

	*out = (struct vr_event){ .type = type };
	why = get_body(from, conf, out, bytes);
	if (why)
		return why;
	return cur_ok(from) && cur_left(from) == 0 ? NULL : "it is too short or too long";
}
