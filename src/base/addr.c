/*
 * Why this exists: inet_pton() and friends accept and print more than one form, and their types
 * drag sockets into modules that must stay pure. Here an address is a value with exactly one text.
 */
#include "base/addr.h"

#include <string.h>

#define V6_GROUPS 8

size_t ip_size(const struct ip_addr *a)
{
	if (a->family == IP_V4)
		return 4;
	return a->family == IP_V6 ? 16 : 0;
}

bool ip_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	return ip_cmp(a, b) == 0;
}

int ip_cmp(const struct ip_addr *a, const struct ip_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->b, b->b, ip_size(a));
}

struct ip_addr ip_v4(const void *four_octets)
{
	struct ip_addr a = { .family = IP_V4 };

	memcpy(a.b, four_octets, 4);
	return a;
}

struct ip_addr ip_v6(const void *sixteen_octets)
{
	struct ip_addr a = { .family = IP_V6 };

	memcpy(a.b, sixteen_octets, 16);
	return a;
}

/* One decimal number up to MAX without leading zeros at *P, which moves behind it; -1 if none. */
static int take_decimal(const char **p, int max)
{
	const char *s = *p;
	int v = 0;

	if (*s < '0' || *s > '9')
		return -1;
	if (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++) {
		v = v * 10 + (*s - '0');
		if (v > max)
			return -1;
	}
	*p = s;
	return v;
}

/* Four decimal numbers at *P, which moves behind them. No leading zeros: some read octal. */
static bool take_v4(const char **p, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		int v;

		if (i > 0 && *(*p)++ != '.')
			return false;
		v = take_decimal(p, 255);
		if (v < 0)
			return false;
		out[i] = (uint8_t)v;
	}
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One to four hexadecimal digits at *P; -1 if there is none or there are more. */
static int take_group(const char **p)
{
	int v = 0, digits = 0;

	for (; hex_digit(**p) >= 0; (*p)++) {
		if (++digits > 4)
			return -1;
		v = v * 16 + hex_digit(**p);
	}
	return digits ? v : -1;
}

/* How many of the groups before a stop were written, and where the "::" stood (-1: nowhere). */
struct v6_parts {
	uint8_t b[16];
	int groups;
	int gap;
};

/* A group, or a final IPv4 part that counts as two; moves *P behind it. */
static bool take_v6_part(const char **p, struct v6_parts *v)
{
	const char *group = *p;
	int value = take_group(p);

	if (**p == '.') {
		*p = group;
		if (v->groups > V6_GROUPS - 2 || !take_v4(p, v->b + 2 * v->groups))
			return false;
		v->groups += 2;
		return **p == '\0';
	}
	if (value < 0)
		return false;
	v->b[2 * v->groups] = (uint8_t)(value >> 8);
	v->b[2 * v->groups + 1] = (uint8_t)value;
	v->groups++;
	return true;
}

/* RFC 4291 section 2.2. A zone ("%eth0") is not part of an address here. */
static bool parse_v6(const char *s, uint8_t out[16])
{
	struct v6_parts v = { .gap = -1 };
	size_t tail;

	if (s[0] == ':' && s[1] != ':')
		return false;
	while (*s) {
		if (s[0] == ':' && s[1] == ':') {
			if (v.gap >= 0)
				return false;
			v.gap = v.groups;
			s += 2;
			if (!*s)
				break;
		} else if (v.groups > 0 && *s++ != ':') {
			return false;
		}
		if (v.groups >= V6_GROUPS || !take_v6_part(&s, &v))
			return false;
	}
	if (v.gap < 0 ? v.groups != V6_GROUPS : v.groups >= V6_GROUPS)
		return false;
	memset(out, 0, 16);
	if (v.gap < 0)
		v.gap = v.groups;
	tail = 2 * (size_t)(v.groups - v.gap);
	memcpy(out, v.b, 2 * (size_t)v.gap);
	memcpy(out + 16 - tail, v.b + 2 * v.gap, tail);
	return true;
}

bool ip_parse(const char *text, struct ip_addr *a)
{
	const char *p = text;

	*a = (struct ip_addr){ .family = IP_V4 };
	if (take_v4(&p, a->b) && *p == '\0')
		return true;
	*a = (struct ip_addr){ .family = IP_V6 };
	if (strchr(text, ':') && parse_v6(text, a->b))
		return true;
	*a = (struct ip_addr){ .family = IP_NONE };
	return false;
}

bool ip_parse_prefix(const char *text, struct ip_prefix *p)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char buf[IP_TEXT_MAX];
	int len;

	*p = (struct ip_prefix){ .addr.family = IP_NONE };
	if (n >= sizeof(buf))
		return false;
	memcpy(buf, text, n);
	buf[n] = '\0';
	if (!ip_parse(buf, &p->addr))
		return false;
	len = (int)ip_size(&p->addr) * 8;
	if (slash) {
		slash++;
		len = take_decimal(&slash, len);
	}
	if (len < 0 || (slash && *slash)) {
		p->addr = (struct ip_addr){ .family = IP_NONE };
		return false;
	}
	p->len = (uint8_t)len;
	return true;
}

static char *put_decimal(char *to, unsigned int v)
{
	if (v >= 100)
		*to++ = (char)('0' + v / 100);
	if (v >= 10)
		*to++ = (char)('0' + v / 10 % 10);
	*to++ = (char)('0' + v % 10);
	*to = '\0';
	return to;
}

static char *put_v4(char *to, const uint8_t b[4])
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = put_decimal(to, b[i]);
	}
	return to;
}

static unsigned int group_at(const uint8_t b[16], int i)
{
	return (unsigned int)b[2 * i] << 8 | b[2 * i + 1];
}

static char *put_group(char *to, unsigned int v)
{
	int shift = 12;

	while (shift > 0 && v >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*to++ = "0123456789abcdef"[v >> shift & 15];
	*to = '\0';
	return to;
}

/* The first longest run of two or more zero groups (RFC 5952 section 4.2); its length, or 0. */
static int longest_zero_run(const uint8_t b[16], int *start)
{
	int best = 0;

	for (int i = 0; i < V6_GROUPS; i++) {
		int n = 0;

		while (i + n < V6_GROUPS && group_at(b, i + n) == 0)
			n++;
		if (n > best) {
			best = n;
			*start = i;
		}
		i += n;
	}
	return best >= 2 ? best : 0;
}

/* RFC 5952 section 5: the prefix known to carry an IPv4 address is ::ffff:0:0/96. */
static bool is_v4_mapped(const uint8_t b[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(b, mapped, sizeof(mapped)) == 0;
}

static void put_v6(char *to, const uint8_t b[16])
{
	int start = -1;
	int run = longest_zero_run(b, &start);
	int stop = is_v4_mapped(b) ? V6_GROUPS - 2 : V6_GROUPS;

	for (int i = 0; i < stop; i++) {
		if (run && i == start) {
			*to++ = ':';
			if (i + run == V6_GROUPS)
				*to++ = ':';
			i += run - 1;
			continue;
		}
		if (i > 0)
			*to++ = ':';
		to = put_group(to, group_at(b, i));
	}
	*to = '\0';
	if (stop < V6_GROUPS) {
		*to++ = ':';
		put_v4(to, b + 12);
	}
}

const char *ip_text(const struct ip_addr *a, char buf[static IP_TEXT_MAX])
{
	if (a->family == IP_V4)
		put_v4(buf, a->b);
	else if (a->family == IP_V6)
		put_v6(buf, a->b);
	else
		memcpy(buf, "none", sizeof("none"));
	return buf;
}

const char *ip_prefix_text(const struct ip_prefix *p, char buf[static IP_PREFIX_TEXT_MAX])
{
	char *end;

	ip_text(&p->addr, buf);
	if (p->addr.family == IP_NONE)
		return buf;
	end = buf + strlen(buf);
	*end++ = '/';
	put_decimal(end, p->len);
	return buf;
}

bool ip_is_multicast(const struct ip_addr *a)
{
	if (a->family == IP_V4)
		return (a->b[0] & 0xf0) == 0xe0;
	return a->family == IP_V6 && a->b[0] == 0xff;
}

bool ip_is_link_local(const struct ip_addr *a)
{
	return a->family == IP_V6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}
