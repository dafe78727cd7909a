/*
 * The referee: who answers for the address, asked every millisecond by a broadcast ARP request.
 *
 * Whoever answers is an owner, whatever its daemon believes and whatever its kernel lists. It runs
 * on a host of its own, so that the answers teach the client nothing. The other listener, at the
 * client's port, notes adverts and announcements; a filter keeps the client's own traffic from it.
 */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "torture/witness.h"

struct arp_frame {
	struct ether_header ether;
	struct ether_arp arp;
} __attribute__((packed));

enum { IP_START = sizeof(struct ether_header), PROTOCOL_VRRP = 112 };

static void print_mac(const uint8_t *mac)
{
	printf(" %02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static struct arp_frame request(int fd, const char *interface, const char *own, const char *asked)
{
	struct ifreq req = { 0 };
	struct arp_frame frame = { .ether = { .ether_type = htons(ETHERTYPE_ARP) } };

	strncpy(req.ifr_name, interface, sizeof(req.ifr_name) - 1);
	wit_must(ioctl(fd, SIOCGIFHWADDR, &req), "SIOCGIFHWADDR");
	memset(frame.ether.ether_dhost, 0xff, ETH_ALEN);
	memcpy(frame.ether.ether_shost, req.ifr_hwaddr.sa_data, ETH_ALEN);
	frame.arp.ea_hdr.ar_hrd = htons(ARPHRD_ETHER);
	frame.arp.ea_hdr.ar_pro = htons(ETHERTYPE_IP);
	frame.arp.ea_hdr.ar_hln = ETH_ALEN;
	frame.arp.ea_hdr.ar_pln = 4;
	frame.arp.ea_hdr.ar_op = htons(ARPOP_REQUEST);
	memcpy(frame.arp.arp_sha, req.ifr_hwaddr.sa_data, ETH_ALEN);
	wit_must(inet_pton(AF_INET, own, frame.arp.arp_spa) == 1 ? 0 : -1, own);
	wit_must(inet_pton(AF_INET, asked, frame.arp.arp_tpa) == 1 ? 0 : -1, asked);
	return frame;
}

/* Print the MAC of everybody who answered for the address since the last time. */
static void print_answers(int fd, const uint8_t *address)
{
	struct arp_frame got;

	for (;;) {
		ssize_t length = recv(fd, &got, sizeof(got), MSG_DONTWAIT);
		if (length < 0)
			return;
		if (length == sizeof(got) && got.arp.ea_hdr.ar_op == htons(ARPOP_REPLY) &&
		    memcmp(got.arp.arp_spa, address, 4) == 0)
			print_mac(got.arp.arp_sha);
	}
}

/* A line for each question: when it was asked, and the MAC of each that answered. */
int wit_refer(char **args)
{
	int fd = wit_frames(args[0], ETH_P_ARP);
	struct arp_frame frame = request(fd, args[0], args[1], args[2]);
	uint64_t next = wit_now();

	while (wit_goes_on()) {
		wit_tick(&next);
		print_answers(fd, frame.arp.arp_tpa);
		putchar('\n');
		wit_print_time(wit_now());
		send(fd, &frame, sizeof(frame), MSG_DONTWAIT);
	}
	return 0;
}

/* Adverts, and ARP that announces: a reply, or a request in which sender and target are one. */
static void filter_announcements(int fd)
{
	enum { TYPE = 12, IP_PROTOCOL = 23, ARP_OP = 20, ARP_SENDER = 28, ARP_TARGET = 38 };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IP, 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, IP_PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_VRRP, 7, 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_ARP, 0, 7),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ARP_OP),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPOP_REPLY, 4, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARP_SENDER),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARP_TARGET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	wit_must(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)), "filter");
}

/* "advert SENDER VRID PRIORITY", or "arp ADDRESS MAC". */
static void print_frame(const uint8_t *frame, size_t length, uint64_t stamp)
{
	struct arp_frame arp;
	char text[INET_ADDRSTRLEN];
	size_t vrrp = IP_START + (size_t)(frame[IP_START] & 15) * 4;

	if (frame[12] == 8 && frame[13] == 0 && length >= vrrp + 8) {
		wit_print_time(stamp);
		inet_ntop(AF_INET, frame + IP_START + 12, text, sizeof(text));
		printf(" advert %s %d %d\n", text, frame[vrrp + 1], frame[vrrp + 2]);
	} else if (frame[12] == 8 && frame[13] == 6 && length >= sizeof(arp)) {
		memcpy(&arp, frame, sizeof(arp));
		wit_print_time(stamp);
		inet_ntop(AF_INET, arp.arp.arp_spa, text, sizeof(text));
		printf(" arp %s", text);
		print_mac(arp.arp.arp_sha);
		putchar('\n');
	}
}

int wit_hear(char **args)
{
	int fd = wit_frames(args[0], ETH_P_ALL);

	filter_announcements(fd);
	while (wit_goes_on()) {
		uint8_t frame[2048];
		struct iovec data = { frame, sizeof(frame) };
		_Alignas(struct cmsghdr) char control[128];
		struct msghdr msg = { .msg_iov = &data, .msg_iovlen = 1,
				      .msg_control = control, .msg_controllen = sizeof(control) };
		uint64_t stamp;
		ssize_t length = wit_receive(fd, &msg, 0, &stamp);

		if (length > IP_START + 20)
			print_frame(frame, (size_t)length, stamp);
	}
	return 0;
}
