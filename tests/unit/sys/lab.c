/*
 * The network that the tests of sys make for themselves: see lab.h.
 */
#include "unit/sys/lab.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <time.h>

#define COMMAND_MAX 1024

void lab_run(const char *format, ...)
{
	char command[COMMAND_MAX];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	ck_assert_int_lt(n, (int)sizeof(command));
	ck_assert_msg(system(command) == 0, "command failed: %s", command);
}

const char *lab_read(char *buf, size_t size, const char *format, ...)
{
	char command[COMMAND_MAX];
	va_list args;
	FILE *f;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	buf[0] = '\0';
	if (fgets(buf, (int)size, f))
		buf[strcspn(buf, "\n")] = '\0';
	while (fgetc(f) != EOF)
		;
	pclose(f);
	return buf;
}

void lab_namespace(void)
{
	ck_assert_msg(unshare(CLONE_NEWNET) == 0,
		      "no network namespace (these tests need root): %s", strerror(errno));
	lab_run("ip link set lo up");
}

void lab_enter(void)
{
	lab_namespace();
	lab_run("ip link add h0 type veth peer name h1");
	lab_run("ip link set h0 address 02:00:00:00:00:01");
	lab_run("ip link set h1 address 02:00:00:00:00:02");
	lab_run("ip link set h0 up && ip link set h1 up");
	lab_run("ip addr add 192.0.2.1/24 dev h0");
	lab_run("ip addr add 2001:db8::1/64 dev h0 nodad");
}

int lab_ifindex(const char *name)
{
	int index = (int)if_nametoindex(name);

	ck_assert_int_gt(index, 0);
	return index;
}

struct waiting {
	struct loop *loop;
	struct loop_timer *timer;
	bool (*done)(void *ctx);
	void *ctx;
	int64_t until;
	bool fulfilled;
};

static void look(void *ctx)
{
	struct waiting *w = ctx;

	w->fulfilled = w->done(w->ctx);
	if (w->fulfilled || loop_now_us() > w->until)
		loop_stop(w->loop);
	else
		loop_timer_at(w->timer, loop_now_us() + 500);
}

static bool wait_for(struct loop *loop, bool (*done)(void *ctx), void *ctx, int64_t us)
{
	struct waiting w = { .loop = loop, .done = done, .ctx = ctx };

	w.until = loop_now_us() + us;
	w.timer = loop_timer_new(loop, LOOP_IDLE, look, &w);
	ck_assert_ptr_nonnull(w.timer);
	loop_timer_at(w.timer, 0);
	ck_assert_int_eq(loop_run(loop), 0);
	loop_timer_free(w.timer);
	return w.fulfilled;
}

void lab_until(struct loop *loop, bool (*done)(void *ctx), void *ctx)
{
	ck_assert_msg(wait_for(loop, done, ctx, LAB_PATIENCE_US), "it did not happen in time");
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

void lab_for(struct loop *loop, int64_t us)
{
	wait_for(loop, never, NULL, us);
}

int lab_tap(const char *name)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = lab_ifindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int size = 32 * 1024 * 1024, on = 1;

	ck_assert_int_ge(fd, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static bool receive(int tap, struct lab_frame *f)
{
	struct iovec iov = { f->data, sizeof(f->data) };
	uint8_t control[128];
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(tap, &m, 0);

	if (n < 0)
		return false;
	f->len = (size_t)n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		struct timespec t;

		if (c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&t, CMSG_DATA(c), sizeof(t));
		f->at_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
	}
	return true;
}

bool lab_next(int tap, uint16_t ethertype, struct lab_frame *f, int64_t wait_us)
{
	int64_t until = loop_now_us() + wait_us;

	for (;;) {
		struct pollfd p = { .fd = tap, .events = POLLIN };
		int64_t left = until - loop_now_us();

		if (receive(tap, f)) {
			if (f->len > 14 && (f->data[12] << 8 | f->data[13]) == ethertype)
				return true;
			continue;
		}
		if (left <= 0)
			return false;
		poll(&p, 1, (int)(left / 1000) + 1);
	}
}

void lab_put(int tap, const char *name, const void *frame, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = lab_ifindex(name),
		.sll_halen = 6,
	};

	memcpy(to.sll_addr, frame, 6);
	ck_assert_int_eq(sendto(tap, frame, len, 0, (struct sockaddr *)&to, sizeof(to)), (int)len);
}

static void log_line(void *ctx, enum log_level level, const char *text)
{
	(void)ctx;
	(void)level;
	if (getenv("LAB_VERBOSE"))
		fprintf(stderr, "log: %s\n", text);
}

const struct log lab_log = { .line = log_line, .level = LOG_LVL_DEBUG };
