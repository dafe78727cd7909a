/*
 * Junk on protocol 112, by the hundred thousand a second.
 *
 * usage: junk INTERFACE RATE SECONDS VRID KIND...
 *
 * Each KIND in turn gives one frame of a batch: "vrid" (any VRID but ours), "checksum" and "auth"
 * (ours, with a wrong sum or password), "fragment" (a first one whose rest never comes), "giant"
 * (ours, as long as a frame can be), "ttl", "version", "random". Sources differ. Prints a line of
 * JSON: how many were sent, in what time.
 */
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>

#define BATCH 64
#define ETHER 14
#define HEADER (ETHER + 20)
#define ADVERT 20			/* one address, and the password */
#define GIANT 1480
#define NS INT64_C(1000000000)

struct frame {
	uint8_t data[HEADER + GIANT];
	size_t message;			/* length of the VRRP message */
	uint8_t ttl;
	uint16_t fragment;
};

static uint8_t our_vrid;

static uint32_t dice(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static uint16_t sum(const uint8_t *data, size_t len)
{
	uint32_t s = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		s += (uint32_t)data[i] << 8 | data[i + 1];
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* ---- kinds: each spoils a right advert of priority 254 ---- */

static void spoil_vrid(struct frame *f, uint8_t *m)
{
	(void)f;
	m[1] = (uint8_t)(our_vrid + 1 + dice() % 254);
}

static void spoil_auth(struct frame *f, uint8_t *m)
{
	(void)f;
	memcpy(m + 12, "wrong", 6);
}

static void spoil_fragment(struct frame *f, uint8_t *m)
{
	(void)m;
	f->fragment = 0x2000;
}

static void spoil_giant(struct frame *f, uint8_t *m)
{
	(void)m;
	f->message = GIANT;
}

static void spoil_ttl(struct frame *f, uint8_t *m)
{
	(void)m;
	f->ttl = 64;
}

static void spoil_version(struct frame *f, uint8_t *m)
{
	(void)f;
	m[0] = 0x71;
}

static void spoil_random(struct frame *f, uint8_t *m)
{
	f->message = 8 + dice() % 64;
	for (size_t i = 0; i < f->message; i++)
		m[i] = (uint8_t)dice();
}

/* Nothing yet: the sum is spoilt when it has been made. */
static void spoil_checksum(struct frame *f, uint8_t *m)
{
	(void)f;
	(void)m;
}

static const struct kind {
	const char *name;
	void (*spoil)(struct frame *f, uint8_t *message);
} kinds[] = {
	{ "vrid", spoil_vrid }, { "checksum", spoil_checksum }, { "auth", spoil_auth },
	{ "fragment", spoil_fragment }, { "giant", spoil_giant }, { "ttl", spoil_ttl },
	{ "version", spoil_version }, { "random", spoil_random },
};

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	errx(2, "no such kind of junk: %s", name);
}

static size_t make(struct frame *f, const struct kind *kind)
{
	static const uint8_t ether[ETHER] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x12, 2, 9, 9, 9, 9, 9,
					      0x08, 0x00 };
	uint8_t *ip = f->data + ETHER, *m = f->data + HEADER;

	memset(f->data, 0, HEADER + 64);
	memcpy(f->data, ether, ETHER);
	memcpy(m, (const uint8_t[ADVERT]){ 0x21, our_vrid, 254, 1, 1, 1, 0, 0, 10, 0, 0, 100 },
	       ADVERT);
	f->message = ADVERT;
	f->ttl = 255;
	f->fragment = 0;
	kind->spoil(f, m);
	put16(m + 6, 0);
	put16(m + 6, sum(m, f->message) ^ (kind->spoil == spoil_checksum));

	ip[0] = 0x45;
	put16(ip + 2, (uint16_t)(20 + f->message));
	put16(ip + 4, (uint16_t)dice());
	put16(ip + 6, f->fragment);
	ip[8] = f->ttl;
	ip[9] = 112;
	memcpy(ip + 12, (const uint8_t[8]){ 10, 0, 0, (uint8_t)(128 + dice() % 100), 224, 0, 0,
					    18 }, 8);
	put16(ip + 10, sum(ip, 20));
	return HEADER + f->message;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS + t.tv_nsec;
}

static int open_port(const char *name)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || at.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		err(1, "%s", name);
	return fd;
}

/* One batch; returns how many the kernel took. */
static int put(int fd, char *const *names, int n_names, uint64_t first)
{
	static struct frame frames[BATCH];
	static struct iovec iov[BATCH];
	static struct mmsghdr msg[BATCH];
	int n;

	for (size_t i = 0; i < BATCH; i++) {
		const struct kind *kind = kind_of(names[(first + i) % (size_t)n_names]);

		iov[i] = (struct iovec){ frames[i].data, make(&frames[i], kind) };
		msg[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	n = sendmmsg(fd, msg, BATCH, 0);
	if (n < 0 && errno != ENOBUFS)
		err(1, "sendmmsg");
	return n < 0 ? 0 : n;
}

int main(int argc, char **argv)
{
	if (argc < 6)
		errx(2, "usage: junk INTERFACE RATE SECONDS VRID KIND...");

	int fd = open_port(argv[1]);
	double rate = atof(argv[2]), seconds = atof(argv[3]);
	int64_t begin = now_ns(), end = begin + (int64_t)(seconds * 1e9);
	uint64_t sent = 0;

	our_vrid = (uint8_t)atoi(argv[4]);
	for (int64_t now = begin; now < end; now = now_ns()) {
		uint64_t due = (uint64_t)(rate * (double)(now - begin) / 1e9);

		if (sent + BATCH <= due)
			sent += (uint64_t)put(fd, argv + 5, argc - 5, sent);
		else
			nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
	}
	printf("{\"sent\": %llu, \"seconds\": %.3f}\n", (unsigned long long)sent,
	       (double)(now_ns() - begin) / 1e9);
	return 0;
}
