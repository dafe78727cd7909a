/*
 * Why this exists: everything that another host can send passes through the codec first. Whatever
 * the bytes, it reads only what is there, and what it accepts is what the encoder would write.
 *
 * The input is an IPv4 packet as a raw socket delivers it; when its first octet is 6, a VRRP
 * message over IPv6.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/packet.h"

static void check(bool condition)
{
	if (!condition)
		abort();
}

/* A configuration that would have sent this advert. */
static void conf_of(const struct pkt_advert *adv, const struct pkt_meta *meta,
		    struct vr_vip vips[255], struct vr_inst_conf *conf)
{
	size_t size = ip_size(&meta->src);

	*conf = (struct vr_inst_conf){
		.family = adv->family, .version = adv->version, .vrid = adv->vrid,
		.auth_type = adv->auth_type, .adver_int_us = adv->adver_int_us, .vips = vips,
		.n_vips = adv->count, .n_advertised = adv->count, .group = meta->dst,
	};
	memcpy(conf->auth_data, adv->auth_data, VR_AUTH_LEN);
	for (size_t i = 0; i < adv->count; i++)
		vips[i].prefix.addr = size == 4 ? ip_v4(adv->addrs + i * 4) :
						  ip_v6(adv->addrs + i * 16);
}

/* The same bytes again, but for the checksum, which has two zeros and in v3 two ways, and for the
 * reserved bits of v3. */
static void same_again(const struct pkt_advert *adv, const struct pkt_meta *meta,
		       const uint8_t *body, size_t len)
{
	static struct vr_vip vips[255];
	struct vr_inst_conf conf;
	uint8_t out[PKT_MAX];

	conf_of(adv, meta, vips, &conf);
	check(pkt_check(adv, &conf) == PKT_OK);
	check(pkt_same_vips(adv, &conf));
	check(pkt_encode(&conf, adv->priority, &meta->src, out, sizeof(out)) == len);
	check(memcmp(out, body, 4) == 0);
	check(out[4] == (adv->version == 3 ? body[4] & 0x0f : body[4]));
	check(out[5] == body[5]);
	check(memcmp(out + 8, body + 8, len - 8) == 0);
	check(pkt_encode(&conf, adv->priority, &meta->src, out, len - 1) == 0);
	/* The instance of another password, version or interval refuses it. */
	conf.version = adv->version == 2 ? 3 : 2;
	check(pkt_check(adv, &conf) == PKT_VERSION);
}

static void decode(const struct pkt_meta *meta, const uint8_t *body, size_t len)
{
	struct pkt_advert adv;
	enum pkt_reject reason = pkt_decode(meta, body, len, &adv);

	check(reason < PKT_N_REJECTS);
	if (reason != PKT_OK)
		return;
	check(meta->ttl == PKT_TTL && adv.adver_int_us > 0);
	check(adv.addrs >= body && adv.addrs + adv.count * ip_size(&meta->src) <= body + len);
	same_again(&adv, meta, body, len);
}

/* Few random bytes sum up; with the checksum put right the decoder gets further. */
static void decode_summed(const struct pkt_meta *meta, const uint8_t *body, size_t len)
{
	uint8_t *copy = malloc(len + 1);
	uint32_t sum;

	check(copy != NULL);
	memcpy(copy, body, len);
	if (len >= 8) {
		copy[6] = copy[7] = 0;
		sum = pkt_sum(0, copy, len);
		while (sum >> 16)
			sum = (sum & 0xffff) + (sum >> 16);
		copy[6] = (uint8_t)(~sum >> 8);
		copy[7] = (uint8_t)~sum;
	}
	decode(meta, copy, len);
	free(copy);
}

static void decode_ipv6(const uint8_t *data, size_t size)
{
	struct pkt_meta meta = { .ttl = PKT_TTL };

	if (size < 33)
		return;
	meta.src = ip_v6(data + 1);
	meta.dst = ip_v6(data + 17);
	decode(&meta, data + 33, size - 33);
	decode_summed(&meta, data + 33, size - 33);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pkt_meta meta;
	const uint8_t *body;
	size_t len;

	if (size && data[0] == 6) {
		decode_ipv6(data, size);
		return 0;
	}
	if (pkt_strip_ipv4(data, size, &meta, &body, &len) != PKT_OK)
		return 0;
	check(body >= data + 20 && body + len <= data + size);
	check(meta.src.family == IP_V4 && meta.dst.family == IP_V4);
	decode(&meta, body, len);
	/* The TTL is checked before anything else is believed. */
	meta.ttl = PKT_TTL;
	decode(&meta, body, len);
	decode_summed(&meta, body, len);
	return 0;
}
