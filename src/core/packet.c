/*
 * The advertisement codec.
 *
 * Everything that another host can send us passes through here first. The decoder reads by a
 * bounded cursor into a struct and names the one reason for which it refuses; nothing behind it
 * ever sees raw packet bytes, except the address list, whose length has been proven.
 */
#include "core/packet.h"

#include <string.h>

#include "base/cursor.h"

#define TYPE_ADVERTISEMENT 1
#define FIXED_LEN 8
#define CENTI_US INT64_C(10000)
#define SECOND_US INT64_C(1000000)
#define V3_INTERVAL_MASK 0x0fff
#define IP4_FRAGMENT_MASK 0x3fff	/* MF and the offset */

uint32_t pkt_sum(uint32_t sum, const uint8_t *data, size_t len)
{
	for (; len > 1; data += 2, len -= 2)
		sum += (uint32_t)data[0] << 8 | data[1];
	if (len)
		sum += (uint32_t)data[0] << 8;
	return (sum & 0xffff) + (sum >> 16);
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The pseudo-header: addresses, protocol, length. RFC 5798 5.2.8 has it in every VRRPv3 message,
 * RFC 9568 5.2.8 over IPv6 only. */
static uint32_t pseudo_sum(const struct ip_addr *src, const struct ip_addr *dst, size_t len)
{
	uint32_t sum = pkt_sum(0, src->b, ip_size(src));

	sum = pkt_sum(sum, dst->b, ip_size(dst));
	return sum + PKT_PROTO + (uint32_t)len;
}

enum pkt_reject pkt_strip_ipv4(const uint8_t *data, size_t len, struct pkt_meta *meta,
			       const uint8_t **body, size_t *body_len)
{
	struct cursor c = cur_over(data, len);
	uint8_t first = cur_u8(&c);
	size_t header = (size_t)(first & 0x0f) * 4;
	uint8_t addrs[8];

	cur_skip(&c, 1);
	size_t total = cur_be16(&c);
	cur_skip(&c, 2);
	uint16_t fragment = cur_be16(&c);
	meta->ttl = cur_u8(&c);
	uint8_t proto = cur_u8(&c);
	cur_skip(&c, 2);
	cur_bytes(&c, addrs, sizeof(addrs));
	if (!cur_ok(&c) || first >> 4 != 4 || header < 20 || proto != PKT_PROTO)
		return PKT_IP_HEADER;
	if (fragment & IP4_FRAGMENT_MASK)
		return PKT_IP_HEADER;
	if (total < header || header > len)
		return PKT_IP_HEADER;
	if (total > len)
		return PKT_TRUNCATED;
	meta->src = ip_v4(addrs);
	meta->dst = ip_v4(addrs + 4);
	*body = data + header;
	*body_len = total - header;
	return PKT_OK;
}

/* What the count promises against what is there; v2 carries authentication data over IPv4 only. */
static enum pkt_reject check_length(const struct pkt_advert *adv, size_t len)
{
	size_t want = FIXED_LEN + (size_t)adv->count * (adv->family == IP_V4 ? 4 : 16);

	if (adv->version == 2 && adv->family == IP_V4)
		want += VR_AUTH_LEN;
	if (len < want)
		return PKT_TRUNCATED;
	return len > want ? PKT_LENGTH : PKT_OK;
}

/* v3 over IPv4 is summed both ways in the field; either is taken, and which one is remembered. */
static enum pkt_reject check_sum(const struct pkt_meta *meta, const uint8_t *body, size_t len,
				 struct pkt_advert *adv)
{
	uint32_t plain = pkt_sum(0, body, len);

	if (adv->version == 3 &&
	    fold(plain + pseudo_sum(&meta->src, &meta->dst, len)) == 0xffff)
		return PKT_OK;
	if (adv->family == IP_V6 && adv->version == 3)
		return PKT_CHECKSUM;
	if (fold(plain) != 0xffff)
		return PKT_CHECKSUM;
	adv->plain_checksum = adv->version == 3;
	return PKT_OK;
}

/* The two words whose layout differs: authentication type and seconds, or 12 bits of
 * centiseconds. */
static void read_interval(struct cursor *c, struct pkt_advert *adv)
{
	if (adv->version == 2) {
		adv->auth_type = cur_u8(c);
		adv->adver_int_us = cur_u8(c) * SECOND_US;
		return;
	}
	adv->adver_int_us = (cur_be16(c) & V3_INTERVAL_MASK) * CENTI_US;
}

/* RFC 3768 section 7.1 and RFC 9568 section 7.1, as far as no configuration is needed. */
enum pkt_reject pkt_decode(const struct pkt_meta *meta, const uint8_t *body, size_t len,
			   struct pkt_advert *out)
{
	struct cursor c = cur_over(body, len);
	enum pkt_reject reason;

	memset(out, 0, sizeof(*out));
	if (meta->ttl != PKT_TTL)
		return PKT_TTL_WRONG;
	uint8_t first = cur_u8(&c);
	out->version = first >> 4;
	out->family = meta->src.family;
	out->vrid = cur_u8(&c);
	out->priority = cur_u8(&c);
	out->count = cur_u8(&c);
	read_interval(&c, out);
	cur_skip(&c, 2);
	if (!cur_ok(&c))
		return PKT_TRUNCATED;
	if (out->version != 2 && out->version != 3)
		return PKT_VERSION;
	if ((first & 0x0f) != TYPE_ADVERTISEMENT)
		return PKT_TYPE;
	/* Erratum 8299; RFC 3768 does not ask for an address (docs/differences.md). */
	if (out->version == 3 && out->count == 0)
		return PKT_COUNT_ZERO;
	reason = check_length(out, len);
	if (reason != PKT_OK)
		return reason;
	out->addrs = c.at;
	cur_skip(&c, (size_t)out->count * ip_size(&meta->src));
	if (out->version == 2 && out->family == IP_V4)
		cur_bytes(&c, out->auth_data, VR_AUTH_LEN);
	reason = check_sum(meta, body, len, out);
	if (reason != PKT_OK)
		return reason;
	/* An interval of zero would make every timer end at once. */
	return out->adver_int_us ? PKT_OK : PKT_INTERVAL;
}

static bool same_secret(const uint8_t *a, const uint8_t *b)
{
	uint8_t differ = 0;

	for (size_t i = 0; i < VR_AUTH_LEN; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

enum pkt_reject pkt_check(const struct pkt_advert *adv, const struct vr_inst_conf *conf)
{
	if (adv->version != conf->version)
		return PKT_VERSION;
	if (adv->version != 2)
		return PKT_OK;
	if (adv->auth_type != conf->auth_type)
		return PKT_AUTH_TYPE;
	if (conf->auth_type == VR_AUTH_PASS && !same_secret(adv->auth_data, conf->auth_data))
		return PKT_AUTH_FAILED;
	return adv->adver_int_us == conf->adver_int_us ? PKT_OK : PKT_INTERVAL;
}

static bool lists(const struct pkt_advert *adv, const struct ip_addr *a)
{
	size_t size = ip_size(a);

	for (size_t i = 0; i < adv->count; i++)
		if (memcmp(adv->addrs + i * size, a->b, size) == 0)
			return true;
	return false;
}

bool pkt_same_vips(const struct pkt_advert *adv, const struct vr_inst_conf *conf)
{
	if (adv->count != conf->n_advertised)
		return false;
	for (size_t i = 0; i < conf->n_advertised; i++)
		if (!lists(adv, &conf->vips[i].prefix.addr))
			return false;
	return true;
}

size_t pkt_encode(const struct vr_inst_conf *conf, uint8_t priority, const struct ip_addr *src,
		  uint8_t *buf, size_t size)
{
	struct outbuf o = out_over(buf, size);

	out_u8(&o, conf->version << 4 | TYPE_ADVERTISEMENT);
	out_u8(&o, conf->vrid);
	out_u8(&o, priority);
	out_u8(&o, conf->n_advertised);
	if (conf->version == 2) {
		out_u8(&o, conf->auth_type);
		out_u8(&o, conf->adver_int_us / SECOND_US);
	} else {
		out_be16(&o, conf->adver_int_us / CENTI_US & V3_INTERVAL_MASK);
	}
	out_be16(&o, 0);
	for (size_t i = 0; i < conf->n_advertised; i++) {
		const struct ip_addr *a = &conf->vips[i].prefix.addr;

		out_bytes(&o, a->b, ip_size(a));
	}
	if (conf->version == 2 && conf->family == IP_V4)
		out_bytes(&o, conf->auth_data, VR_AUTH_LEN);
	if (!out_ok(&o))
		return 0;

	size_t len = out_len(&o);
	uint32_t sum = pkt_sum(0, buf, len);
	if (conf->version == 3 && !(conf->family == IP_V4 && conf->sum == VR_SUM_PLAIN))
		sum += pseudo_sum(src, &conf->group, len);
	uint16_t checksum = ~fold(sum);
	buf[6] = checksum >> 8;
	buf[7] = checksum & 0xff;
	return len;
}
