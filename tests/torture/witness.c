/*
 * The witnesses of `make torture`: small programs that ask and listen in the lab's hosts.
 *
 * In C, because what measures a gap of a millisecond must not be the reason for one: they run
 * before everything else on the machine (SCHED_FIFO where it is allowed), write to memory, and take
 * the kernel's time stamps. They know nothing of VRRP daemons; what they print is judged elsewhere
 * (tests/torture/figures.py).
 */
#include "torture/witness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static const struct {
	const char *name, *usage;
	int args;
	int (*run)(char **args);
} modes[] = {
	{ "echo", "PORT LETTER", 2, wit_echo },
	{ "ask", "ADDRESS PORT", 2, wit_ask },
	{ "refer", "INTERFACE OWN-ADDRESS ADDRESS", 3, wit_refer },
	{ "hear", "INTERFACE", 1, wit_hear },
};

static volatile sig_atomic_t ended;

static void on_end(int number)
{
	(void)number;
	ended = 1;
}

bool wit_goes_on(void)
{
	return !ended;
}

uint64_t wit_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * WIT_NS + (uint64_t)now.tv_nsec;
}

void wit_tick(uint64_t *next)
{
	uint64_t now = wit_now();

	if (*next < now)
		*next = now;
	struct timespec until = { (time_t)(*next / WIT_NS), (long)(*next % WIT_NS) };
	clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
	*next += WIT_PERIOD_NS;
}

void wit_print_time(uint64_t ns)
{
	printf("%" PRIu64 ".%09" PRIu64, ns / WIT_NS, ns % WIT_NS);
}

int wit_must(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

void wit_stamp(int fd)
{
	int on = 1, room = 4 << 20;
	struct timeval patience = { .tv_usec = 200000 };

	wit_must(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)), "SO_TIMESTAMPNS");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

int wit_frames(const char *interface, uint16_t ethertype)
{
	int fd = wit_must(socket(AF_PACKET, SOCK_RAW, 0), "packet socket");
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ethertype),
		.sll_ifindex = (int)if_nametoindex(interface),
	};

	wit_stamp(fd);
	wit_must(where.sll_ifindex ? 0 : -1, interface);
	wit_must(bind(fd, (struct sockaddr *)&where, sizeof(where)), "bind");
	return fd;
}

ssize_t wit_receive(int fd, struct msghdr *msg, int flags, uint64_t *stamp)
{
	ssize_t length = recvmsg(fd, msg, flags);

	if (length < 0)
		return -1;
	*stamp = wit_now();
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct timespec at;
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&at, CMSG_DATA(c), sizeof(at));
		*stamp = (uint64_t)at.tv_sec * WIT_NS + (uint64_t)at.tv_nsec;
	}
	return length;
}

/*
 * Before everything else where that is allowed, and all on one processor: when the machine's owner
 * takes it away, the service does not answer, but then nobody asks either. The row without a fault
 * shows what noise is left.
 */
static void be_prompt(void)
{
	struct sched_param first = { .sched_priority = 10 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	sched_setscheduler(0, SCHED_FIFO, &first);
	mlockall(MCL_CURRENT | MCL_FUTURE);
}

static void end_in_order(void)
{
	struct sigaction action = { .sa_handler = on_end };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

int main(int argc, char **argv)
{
	static char room[4 << 20];	/* a minute's lines: no disk may stop the clock */

	setvbuf(stdout, room, _IOFBF, sizeof(room));
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(argv[1], modes[i].name) != 0 || argc - 2 != modes[i].args)
			continue;
		end_in_order();
		be_prompt();
		return modes[i].run(argv + 2);
	}
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		fprintf(stderr, "usage: witness %s %s\n", modes[i].name, modes[i].usage);
	return 2;
}
