/*
 * Internet addresses as plain values.
 *
 * One type for IPv4 and IPv6 that can be copied, compared and ordered without sockets, so that the
 * core never sees a struct sockaddr. The octets are in network byte order.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ip_family { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 };

struct ip_addr {
	uint8_t family;		/* enum ip_family; IP_NONE means "no address" */
	uint8_t b[16];		/* the first 4 for IPv4; the rest is zero */
};

struct ip_prefix {
	struct ip_addr addr;
	uint8_t len;		/* bits, 0..32 or 0..128 */
};

#define IP_TEXT_MAX 46		/* "ffff:...:255.255.255.255" and the NUL */
#define IP_PREFIX_TEXT_MAX (IP_TEXT_MAX + 4)

/* 4 or 16; 0 for IP_NONE. */
size_t ip_size(const struct ip_addr *a);

bool ip_equal(const struct ip_addr *a, const struct ip_addr *b);

/*
 * <0, 0, >0 by family, then by value as an unsigned number in network order: the order in which
 * RFC 9568 section 6.4.3 breaks a tie between equal priorities.
 */
int ip_cmp(const struct ip_addr *a, const struct ip_addr *b);

/* From 4 or 16 octets in network order. */
struct ip_addr ip_v4(const void *four_octets);
struct ip_addr ip_v6(const void *sixteen_octets);

/* Text without a prefix length; false (and IP_NONE) when TEXT is not exactly one address. */
bool ip_parse(const char *text, struct ip_addr *a);

/* "A[/LEN]"; a missing LEN means all bits. False when malformed or LEN is out of range. */
bool ip_parse_prefix(const char *text, struct ip_prefix *p);

/* Writes the canonical text (RFC 5952 for IPv6; "none" for IP_NONE) to BUF; returns BUF. */
const char *ip_text(const struct ip_addr *a, char buf[static IP_TEXT_MAX]);
const char *ip_prefix_text(const struct ip_prefix *p, char buf[static IP_PREFIX_TEXT_MAX]);

bool ip_is_multicast(const struct ip_addr *a);

/* True for fe80::/10. */
bool ip_is_link_local(const struct ip_addr *a);

#endif
