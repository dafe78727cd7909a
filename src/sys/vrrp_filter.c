/*
 * The socket filter against floods.
 *
 * A hundred thousand foreign packets a second cost a host less when its kernel drops them in front
 * of the socket than when they are copied, queued and judged one by one. The program is classic
 * BPF, which needs no rights and exists in every kernel; its length does not depend on the number
 * of VRIDs. The kernel counts nowhere what a filter drops, so a random sample passes: counters and
 * lines go on to name what the flood is made of. At ordinary rates nothing is dropped: that a
 * neighbour speaks another VRID or lets a router lower his TTL is worth knowing exactly.
 */
#include "sys/vrrp_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/filter.h>

#include "core/packet.h"

#define READABLE 2			/* octets with version, type and VRID */
#define IP4_LEAST 20			/* of its header */
#define IP4_MOST 60
#define IP4_FRAGMENT 0x3fff		/* MF and the offset */
#define V2_ADVERT 0x21
#define V3_ADVERT 0x31
#define PROGRAM_MAX 64

/* ---- the rule in C ------------------------------------------------------------------------- */

static bool has(const struct port_vrids *set, uint8_t vrid)
{
	return set->words[vrid / 32] >> vrid % 32 & 1;
}

bool vfl_is_foreign(uint8_t family, const uint8_t *data, size_t len, uint8_t ttl,
		    const struct port_vrids *wanted)
{
	bool v4 = family == IP_V4;
	size_t header = 0;

	if (len < (v4 ? IP4_LEAST : 0) + READABLE || len > (v4 ? IP4_MOST : 0) + PKT_MAX)
		return true;
	if (v4) {
		header = (size_t)(data[0] & 0x0f) * 4;
		ttl = data[8];
		if ((data[6] << 8 | data[7]) & IP4_FRAGMENT)
			return true;
	}
	if (len < header + READABLE || ttl != PKT_TTL)
		return true;
	if (data[header] != V2_ADVERT && data[header] != V3_ADVERT)
		return true;
	return !has(wanted, data[header + 1]);
}

/* ---- the same for the kernel --------------------------------------------------------------- */

/* Where a test goes: to the next instruction, or to one of the two ends, which are known last. */
enum { NEXT = 0, FOREIGN = 0xfe };

struct program {
	struct sock_filter v[PROGRAM_MAX];
	uint8_t n;
};

static void put(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	p->v[p->n++] = (struct sock_filter){ .code = code, .jt = yes, .jf = no, .k = k };
}

static void load(struct program *p, uint16_t size_mode, uint32_t at)
{
	put(p, BPF_LD | size_mode, at, NEXT, NEXT);
}

static void test(struct program *p, uint16_t kind, uint32_t k, uint8_t yes, uint8_t no)
{
	put(p, BPF_JMP | BPF_K | kind, k, yes, no);
}

/* Length, hop count, fragments; leaves the offset of the VRRP message in X. A header that says it
 * is longer than the packet makes the loads behind it fail, and the kernel drop it. */
static void put_header(struct program *p, uint8_t family)
{
	bool v4 = family == IP_V4;

	load(p, BPF_W | BPF_LEN, 0);
	test(p, BPF_JGE, (v4 ? IP4_LEAST : 0) + READABLE, NEXT, FOREIGN);
	test(p, BPF_JGT, (v4 ? IP4_MOST : 0) + PKT_MAX, FOREIGN, NEXT);
	if (!v4) {			/* the socket begins behind the header */
		load(p, BPF_B | BPF_ABS, (uint32_t)SKF_NET_OFF + 7);
		test(p, BPF_JEQ, PKT_TTL, NEXT, FOREIGN);
		put(p, BPF_LDX | BPF_IMM, 0, NEXT, NEXT);
		return;
	}
	load(p, BPF_B | BPF_ABS, 8);
	test(p, BPF_JEQ, PKT_TTL, NEXT, FOREIGN);
	load(p, BPF_H | BPF_ABS, 6);
	test(p, BPF_JSET, IP4_FRAGMENT, FOREIGN, NEXT);
	put(p, BPF_LDX | BPF_B | BPF_MSH, 0, NEXT, NEXT);
}

/* The word of the set that the VRID in A belongs to, into A; its bit into X. */
static void put_word(struct program *p, const struct port_vrids *wanted)
{
	put(p, BPF_MISC | BPF_TAX, 0, NEXT, NEXT);
	put(p, BPF_ALU | BPF_AND | BPF_K, 31, NEXT, NEXT);
	put(p, BPF_ST, 0, NEXT, NEXT);
	put(p, BPF_MISC | BPF_TXA, 0, NEXT, NEXT);
	put(p, BPF_LDX | BPF_MEM, 0, NEXT, NEXT);
	put(p, BPF_ALU | BPF_RSH | BPF_K, 5, NEXT, NEXT);
	for (uint8_t word = 0; word < 7; word++) {
		uint8_t left = (uint8_t)((6 - word) * 3 + 1);	/* to behind the last load */

		test(p, BPF_JEQ, word, NEXT, 2);
		put(p, BPF_LD | BPF_IMM, wanted->words[word], NEXT, NEXT);
		put(p, BPF_JMP | BPF_JA, left, NEXT, NEXT);
	}
	put(p, BPF_LD | BPF_IMM, wanted->words[7], NEXT, NEXT);
}

/* The way out for what is foreign, and the tests that lead there. */
static void put_ends(struct program *p, uint32_t sample)
{
	uint8_t foreign = p->n + 1;

	put(p, BPF_RET | BPF_K, UINT32_MAX, NEXT, NEXT);
	if (sample) {
		load(p, BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM));
		test(p, BPF_JGE, UINT32_MAX / sample, 1, NEXT);
		put(p, BPF_RET | BPF_K, UINT32_MAX, NEXT, NEXT);
	}
	put(p, BPF_RET | BPF_K, 0, NEXT, NEXT);
	for (uint8_t i = 0; i < foreign; i++) {
		if (BPF_CLASS(p->v[i].code) != BPF_JMP)
			continue;
		if (p->v[i].jt == FOREIGN)
			p->v[i].jt = foreign - i - 1;
		if (p->v[i].jf == FOREIGN)
			p->v[i].jf = foreign - i - 1;
	}
}

int vfl_attach(int fd, uint8_t family, const struct port_vrids *wanted, uint32_t sample)
{
	struct program p = { .n = 0 };

	put_header(&p, family);
	load(&p, BPF_B | BPF_IND, 0);
	test(&p, BPF_JEQ, V2_ADVERT, 1, NEXT);
	test(&p, BPF_JEQ, V3_ADVERT, NEXT, FOREIGN);
	load(&p, BPF_B | BPF_IND, 1);
	put_word(&p, wanted);
	put(&p, BPF_ALU | BPF_RSH | BPF_X, 0, NEXT, NEXT);
	test(&p, BPF_JSET, 1, NEXT, FOREIGN);
	put_ends(&p, sample);

	struct sock_fprog program = { .len = p.n, .filter = p.v };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? errno : 0;
}

/* ---- when ---------------------------------------------------------------------------------- */

enum phase {
	OPEN,			/* everything comes up */
	DROPPING,
	LOOKING			/* without the filter: is it over? */
};

struct vfl {
	int fd;
	uint8_t family;
	bool knows;		/* what is wanted */
	struct port_vrids wanted;
	enum phase phase;
	struct loop_timer *timer;	/* ends DROPPING and LOOKING */
	int64_t window_us;		/* since when foreign packets are counted */
	unsigned int foreign;
	void (*tell)(void *ctx, bool on);
	void *ctx;
};

static void detach(int fd)
{
	int unused = 0;
	int saved = errno;

	setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
	errno = saved;
}

/* Without memory for a filter the next window tries again. */
static void drop(struct vfl *f)
{
	enum phase before = f->phase;

	if (vfl_attach(f->fd, f->family, &f->wanted, VFL_SAMPLE))
		return;
	f->phase = DROPPING;
	loop_timer_at(f->timer, loop_now_us() + VFL_DROP_US);
	if (before == OPEN)
		f->tell(f->ctx, true);
}

static void look(struct vfl *f)
{
	detach(f->fd);
	f->phase = LOOKING;
	loop_timer_at(f->timer, loop_now_us() + VFL_LOOK_US);
}

static void timer_ended(void *ctx)
{
	struct vfl *f = ctx;

	if (f->phase == DROPPING) {
		look(f);
		return;
	}
	f->phase = OPEN;
	f->tell(f->ctx, false);
}

void vfl_judge(struct vfl *f, const uint8_t *data, size_t len, uint8_t ttl)
{
	if (!f->knows || f->phase == DROPPING)
		return;
	if (!vfl_is_foreign(f->family, data, len, ttl, &f->wanted))
		return;

	int64_t now_us = loop_now_us();

	if (now_us - f->window_us >= VFL_WINDOW_US) {
		f->window_us = now_us;
		f->foreign = 0;
	}
	if (++f->foreign == VFL_TOO_MANY)
		drop(f);
}

void vfl_want(struct vfl *f, const struct port_vrids *wanted)
{
	if (f->knows && memcmp(&f->wanted, wanted, sizeof(*wanted)) == 0)
		return;
	f->knows = true;
	f->wanted = *wanted;
	/* A new instance must hear its peers: rather a flood than a filter of yesterday. */
	if (f->phase == DROPPING && vfl_attach(f->fd, f->family, wanted, VFL_SAMPLE))
		look(f);
}

struct vfl *vfl_new(struct loop *loop, int fd, uint8_t family, void (*tell)(void *ctx, bool on),
		    void *ctx)
{
	struct vfl *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->fd = fd;
	f->family = family;
	f->tell = tell;
	f->ctx = ctx;
	f->timer = loop_timer_new(loop, LOOP_NORMAL, timer_ended, f);
	if (f->timer) {
		detach(fd);		/* what a process before us may have left */
		return f;
	}
	free(f);
	errno = ENOMEM;
	return NULL;
}

void vfl_free(struct vfl *f)
{
	if (!f)
		return;
	loop_timer_free(f->timer);
	free(f);
}
