/*
 * VRRP advertisements: bytes to a checked struct, and back.
 *
 * RFC 3768 section 5 (version 2) and RFC 9568 section 5 (version 3, errata 8298 to 8300). Decoding
 * has one entrance, never reads outside the buffer, and answers with either a complete struct or
 * one named reason. What depends on an instance's configuration (password, interval, version) is
 * asked separately, so that a packet is decoded once whoever wants it.
 */
#ifndef CORE_PACKET_H
#define CORE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/conf.h"

#define PKT_PROTO 112			/* IP protocol number */
#define PKT_TTL 255
#define PKT_MAX (8 + 255 * 16 + VR_AUTH_LEN)	/* longest VRRP message */

/* Why a packet was not accepted. Counters and names (core/names.h) exist for each. */
enum pkt_reject {
	PKT_OK,
	PKT_IP_HEADER,		/* not a well-formed IPv4 header, or a fragment */
	PKT_TTL_WRONG,		/* TTL or hop limit is not 255 (RFC 9568 7.1) */
	PKT_TRUNCATED,		/* shorter than the fixed part, or than what the count promises */
	PKT_LENGTH,		/* longer than what the count promises */
	PKT_VERSION,		/* neither 2 nor 3, or not the instance's version */
	PKT_TYPE,		/* not an ADVERTISEMENT */
	PKT_CHECKSUM,
	PKT_COUNT_ZERO,		/* no address in it (erratum 8299) */
	PKT_VRID,		/* no instance here has this VRID on this interface */
	PKT_AUTH_TYPE,		/* authentication type differs from ours */
	PKT_AUTH_FAILED,	/* wrong password */
	PKT_INTERVAL,		/* VRRPv2: advertisement interval differs (RFC 3768 7.1) */
	PKT_OWN,		/* our own source address: our packet looped back, or a stolen
				 * address */
	PKT_NOT_GROUP,		/* not sent to the instance's multicast group */
	PKT_STATE,		/* well-formed, but the instance is down or in fault */
	PKT_SECOND_OWNER,	/* VRRPv2: of an owner, as we are (RFC 3768 7.1) */
	PKT_N_REJECTS
};

/* What is known of a packet beside its VRRP bytes. */
struct pkt_meta {
	struct ip_addr src;
	struct ip_addr dst;
	uint8_t ttl;
};

struct pkt_advert {
	uint8_t version;
	uint8_t vrid;
	uint8_t priority;
	uint8_t count;			/* addresses */
	uint8_t family;			/* of the addresses: that of the packet */
	uint8_t auth_type;		/* v2 only, raw */
	uint8_t auth_data[VR_AUTH_LEN];	/* v2 only */
	int64_t adver_int_us;
	bool plain_checksum;		/* v3 over IPv4, summed without the pseudo-header */
	const uint8_t *addrs;		/* COUNT addresses of 4 or 16 octets, inside the given
					 * buffer */
};

/*
 * Takes the IPv4 header off a packet as a raw socket delivers it. On PKT_OK fills META and points
 * BODY/BODY_LEN into DATA, cut to the header's total length (Ethernet padding is not part of it).
 */
enum pkt_reject pkt_strip_ipv4(const uint8_t *data, size_t len, struct pkt_meta *meta,
			       const uint8_t **body, size_t *body_len);

/* Decodes and checks all that needs no configuration. OUT is valid on PKT_OK only. */
enum pkt_reject pkt_decode(const struct pkt_meta *meta, const uint8_t *body, size_t len,
			   struct pkt_advert *out);

/*
 * What an instance asks of a decoded advert: version, authentication (compared in constant time),
 * VRRPv2 interval. The first failure in that order.
 */
enum pkt_reject pkt_check(const struct pkt_advert *adv, const struct vr_inst_conf *conf);

/* True when the advert lists exactly the instance's advertised addresses, in any order. */
bool pkt_same_vips(const struct pkt_advert *adv, const struct vr_inst_conf *conf);

/*
 * Writes the advert of CONF with PRIORITY (0 when leaving), sent from SRC, to BUF; the checksum is
 * filled in (v3 over IPv4: by CONF's form, with the pseudo-header where it is to be learnt).
 * Returns its length, or 0 when SIZE is too small; PKT_MAX is always enough.
 */
size_t pkt_encode(const struct vr_inst_conf *conf, uint8_t priority, const struct ip_addr *src,
		  uint8_t *buf, size_t size);

/* The Internet checksum (RFC 1071) of DATA, continuing from SUM; 0 to start. Not yet inverted. */
uint32_t pkt_sum(uint32_t sum, const uint8_t *data, size_t len);

#endif
