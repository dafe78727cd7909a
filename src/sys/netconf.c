/*
 * RTM_GETNETCONF: one question, one answer (linux/netconf.h).
 *
 * The kernel answers such a question before send() returns. An answer that a former question has
 * left behind is told apart by its number.
 */
#include "sys/netconf.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define ANSWER_MAX 8192

int ncf_open(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
	int error;

	if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof(self)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int is_forwarding(const struct nlattr *attr, void *ctx)
{
	if (mnl_attr_get_type(attr) == NETCONFA_FORWARDING &&
	    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		*(bool *)ctx = mnl_attr_get_u32(attr) != 0;
	return MNL_CB_OK;
}

static int on_answer(const struct nlmsghdr *h, void *ctx)
{
	if (h->nlmsg_type == RTM_NEWNETCONF)
		mnl_attr_parse(h, sizeof(struct netconfmsg), is_forwarding, ctx);
	return MNL_CB_OK;
}

bool ncf_forwards_v6(int fd, int ifindex)
{
	static const uint32_t any_port = 0;
	char octets[ANSWER_MAX] __attribute__((aligned(8)));
	struct nlmsghdr *h = mnl_nlmsg_put_header(octets);
	struct netconfmsg *m;
	bool forwards = false;
	ssize_t n;

	h->nlmsg_type = RTM_GETNETCONF;
	h->nlmsg_flags = NLM_F_REQUEST;
	h->nlmsg_seq = (uint32_t)ifindex;
	m = mnl_nlmsg_put_extra_header(h, sizeof(*m));
	m->ncm_family = AF_INET6;
	mnl_attr_put_u32(h, NETCONFA_IFINDEX, (uint32_t)ifindex);
	if (send(fd, h, h->nlmsg_len, 0) < 0)
		return false;
	while ((n = recv(fd, octets, sizeof(octets), MSG_DONTWAIT)) > 0)
		mnl_cb_run(octets, (size_t)n, (uint32_t)ifindex, any_port, on_answer, &forwards);
	return forwards;
}
