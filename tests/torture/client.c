/*
 * The service and its client: a UDP echo on every host, and one that asks the virtual address
 * every millisecond.
 *
 * The client leaves ARP to its kernel, as any host does: it goes on asking whom it asked before,
 * until an announcement or its own doubts tell it otherwise.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "torture/witness.h"

/* An answer: the question, when it reached the host that answers, and that host. */
struct question {
	uint64_t number;
	uint64_t arrived;
	char letter;
};

static int udp_socket(void)
{
	return wit_must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
}

static struct sockaddr_in any_port(const char *port)
{
	uint16_t number = (uint16_t)atoi(port);

	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(number) };
}

/* The address that was asked: the answer leaves from it, whatever others the host has. */
static struct in_addr address_asked(struct msghdr *msg)
{
	struct in_pktinfo info = { 0 };

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
			memcpy(&info, CMSG_DATA(c), sizeof(info));
	return info.ipi_addr;
}

static void answer(int fd, struct msghdr *msg)
{
	struct in_pktinfo info = { .ipi_spec_dst = address_asked(msg) };
	struct cmsghdr *c = msg->msg_control;

	msg->msg_controllen = CMSG_SPACE(sizeof(info));
	*c = (struct cmsghdr){ CMSG_LEN(sizeof(info)), IPPROTO_IP, IP_PKTINFO };
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	sendmsg(fd, msg, MSG_DONTWAIT);
}

int wit_echo(char **args)
{
	struct sockaddr_in any = any_port(args[0]);
	int fd = udp_socket(), on = 1;

	wit_stamp(fd);
	wit_must(setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)), "IP_PKTINFO");
	wit_must(bind(fd, (struct sockaddr *)&any, sizeof(any)), "bind");
	while (wit_goes_on()) {
		struct sockaddr_in from;
		struct question asked;
		struct iovec data = { &asked, sizeof(asked) };
		_Alignas(struct cmsghdr) char control[256];
		struct msghdr msg = {
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &data, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};
		uint64_t stamp;
		if (wit_receive(fd, &msg, 0, &stamp) != sizeof(asked))
			continue;
		asked.arrived = stamp;
		asked.letter = args[1][0];
		answer(fd, &msg);
	}
	return 0;
}

/*
 * Print "TIME LETTER NUMBER" for every question that was answered. The time is the one at which it
 * reached the host: how long the machine let the echo or this program wait says nothing about the
 * address.
 */
static void collect(int fd)
{
	struct question got;

	for (;;) {
		ssize_t length = recv(fd, &got, sizeof(got), MSG_DONTWAIT);
		if (length < 0)
			return;
		if (length != sizeof(got))
			continue;
		wit_print_time(got.arrived);
		printf(" %c %" PRIu64 "\n", got.letter, got.number);
	}
}

/* A question is printed as "TIME ? NUMBER". */
int wit_ask(char **args)
{
	struct sockaddr_in to = any_port(args[1]);
	struct question question = { 0 };
	uint64_t next = wit_now();
	int fd = udp_socket();

	wit_must(inet_pton(AF_INET, args[0], &to.sin_addr) == 1 ? 0 : -1, args[0]);
	while (wit_goes_on()) {
		wit_tick(&next);
		collect(fd);
		question.number++;
		wit_print_time(wit_now());
		printf(" ? %" PRIu64 "\n", question.number);
		sendto(fd, &question, sizeof(question), MSG_DONTWAIT, (struct sockaddr *)&to,
		       sizeof(to));
	}
	collect(fd);
	return 0;
}
