/*
 * Why this exists: a kernel that has no descriptor, no process and no room left cannot be had on a
 * test machine without the test losing them, too. Loaded before libc (LD_PRELOAD), this lets system
 * calls of one daemon fail, in all its processes, as a table in a shared file says; the test writes
 * the table while the daemon runs. See tests/net/faultlab.py.
 *
 * A netlink request is made to fail in the kernel: its interface is one that does not exist, and
 * the answer's ENODEV becomes the wanted errno. So what the kernel has is what the daemon is told.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define NO_INTERFACE 0x7ffffff0
#define STOP (-1)

/* The order is that of faultlab.CALLS. */
enum call {
	C_FORK, C_SOCKET, C_SOCKETPAIR, C_OPEN, C_ACCEPT, C_PIPE, C_MEMFD, C_EVENTFD, C_TIMERFD,
	C_EPOLL, C_SIGNALFD, C_SENDMMSG, C_SENDMSG, C_PWRITE, C_FALLOCATE, C_JOIN, C_BIND, C_DUP,
	C_THREAD, C_NEWADDR, C_DELADDR, C_NETLINK_READ, N_CALLS
};

struct rule {
	int32_t error;		/* 0: the call is not touched */
	int32_t skip;		/* so many calls pass first */
	int32_t left;		/* so many fail; -1: all */
	int32_t hits;		/* have failed */
	uint32_t address;	/* of a netlink request, network order; 0: any */
	uint32_t unused[3];
};

static struct rule nowhere[N_CALLS];
static struct rule *rules = nowhere;

__attribute__((constructor)) static void map_rules(void)
{
	const char *path = getenv("HF_FAULTS");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *at;

	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(nowhere), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at != MAP_FAILED)
		rules = at;
	close(fd);
}

/* The errno with which this call must fail; 0: none. STOP: the process stops, and goes on with the
 * call when it is continued. */
static int fault(enum call c)
{
	struct rule *r = &rules[c];

	if (!r->error)
		return 0;
	if (r->skip > 0) {
		__atomic_sub_fetch(&r->skip, 1, __ATOMIC_RELAXED);
		return 0;
	}
	if (r->left == 0)
		return 0;
	if (r->left > 0)
		__atomic_sub_fetch(&r->left, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&r->hits, 1, __ATOMIC_RELAXED);
	if (r->error != STOP)
		return r->error;
	kill(getpid(), SIGSTOP);
	return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(c)                                                                                    \
	do {                                                                                       \
		int error_ = fault(c);                                                             \
		if (error_) {                                                                      \
			errno = error_;                                                            \
			return -1;                                                                 \
		}                                                                                  \
	} while (0)

pid_t fork(void)
{
	FAIL(C_FORK);
	return REAL(fork)();
}

int socket(int domain, int type, int protocol)
{
	FAIL(C_SOCKET);
	return REAL(socket)(domain, type, protocol);
}

int socketpair(int domain, int type, int protocol, int ends[2])
{
	FAIL(C_SOCKETPAIR);
	return REAL(socketpair)(domain, type, protocol, ends);
}

int open(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = va_arg(args, mode_t);
	va_end(args);
	FAIL(C_OPEN);
	return REAL(open)(path, flags, mode);
}

int accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict len, int flags)
{
	FAIL(C_ACCEPT);
	return REAL(accept4)(fd, address, len, flags);
}

int pipe2(int ends[2], int flags)
{
	FAIL(C_PIPE);
	return REAL(pipe2)(ends, flags);
}

int memfd_create(const char *name, unsigned int flags)
{
	FAIL(C_MEMFD);
	return REAL(memfd_create)(name, flags);
}

int eventfd(unsigned int count, int flags);
int eventfd(unsigned int count, int flags)
{
	FAIL(C_EVENTFD);
	return REAL(eventfd)(count, flags);
}

int timerfd_create(int clock, int flags);
int timerfd_create(int clock, int flags)
{
	FAIL(C_TIMERFD);
	return REAL(timerfd_create)(clock, flags);
}

int epoll_create1(int flags);
int epoll_create1(int flags)
{
	FAIL(C_EPOLL);
	return REAL(epoll_create1)(flags);
}

int signalfd(int fd, const void *mask, int flags);
int signalfd(int fd, const void *mask, int flags)
{
	FAIL(C_SIGNALFD);
	return REAL(signalfd)(fd, mask, flags);
}

int sendmmsg(int fd, struct mmsghdr *v, unsigned int n, int flags)
{
	FAIL(C_SENDMMSG);
	return REAL(sendmmsg)(fd, v, n, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	FAIL(C_SENDMSG);
	return REAL(sendmsg)(fd, m, flags);
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
	FAIL(C_PWRITE);
	return REAL(pwrite)(fd, from, n, at);
}

int posix_fallocate(int fd, off_t at, off_t len)
{
	int error = fault(C_FALLOCATE);

	return error ? error : REAL(posix_fallocate)(fd, at, len);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	if (level == IPPROTO_IP && name == MCAST_JOIN_GROUP)
		FAIL(C_JOIN);
	return REAL(setsockopt)(fd, level, name, value, len);
}

int bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t len)
{
	FAIL(C_BIND);
	return REAL(bind)(fd, address, len);
}

int dup3(int fd, int to, int flags)
{
	FAIL(C_DUP);
	return REAL(dup3)(fd, to, flags);
}

int pthread_create(unsigned long *thread, const void *attr, void *(*run)(void *), void *ctx);
int pthread_create(unsigned long *thread, const void *attr, void *(*run)(void *), void *ctx)
{
	int error = fault(C_THREAD);

	return error ? error : REAL(pthread_create)(thread, attr, run, ctx);
}

/* ---- requests to the kernel's addresses ---- */

static uint32_t address_of(const struct nlmsghdr *h)
{
	const struct ifaddrmsg *m = NLMSG_DATA(h);
	int left = (int)IFA_PAYLOAD(h);

	for (const struct rtattr *a = IFA_RTA(m); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == IFA_LOCAL && RTA_PAYLOAD(a) == 4) {
			uint32_t address;

			memcpy(&address, RTA_DATA(a), sizeof(address));
			return address;
		}
	return 0;
}

static void spoil(struct nlmsghdr *h)
{
	enum call c = h->nlmsg_type == RTM_NEWADDR ? C_NEWADDR : C_DELADDR;

	if (h->nlmsg_type != RTM_NEWADDR && h->nlmsg_type != RTM_DELADDR)
		return;
	if (rules[c].address && rules[c].address != address_of(h))
		return;
	if (fault(c))
		((struct ifaddrmsg *)NLMSG_DATA(h))->ifa_index = NO_INTERFACE;
}

/* NLMSG_OK compares an unsigned length with a signed one, which not every compiler takes. */
static bool whole(const struct nlmsghdr *h, int left)
{
	return left >= (int)sizeof(*h) && h->nlmsg_len >= sizeof(*h) &&
	       h->nlmsg_len <= (unsigned int)left;
}

ssize_t sendto(int fd, const void *from, size_t n, int flags, __CONST_SOCKADDR_ARG to,
	       socklen_t len)
{
	const struct sockaddr *address = (const struct sockaddr *)*(const void *const *)&to;
	uint8_t copy[65536];
	int left = (int)n;

	if (!address || address->sa_family != AF_NETLINK || n > sizeof(copy))
		return REAL(sendto)(fd, from, n, flags, to, len);
	memcpy(copy, from, n);
	for (struct nlmsghdr *h = (void *)copy; whole(h, left); h = NLMSG_NEXT(h, left))
		spoil(h);
	return REAL(sendto)(fd, copy, n, flags, to, len);
}

/* ENODEV for the interface that nobody has becomes what is wanted. */
static void answer(struct nlmsghdr *h)
{
	struct nlmsgerr *e = NLMSG_DATA(h);
	enum call c = e->msg.nlmsg_type == RTM_NEWADDR ? C_NEWADDR : C_DELADDR;

	if (h->nlmsg_type == NLMSG_ERROR && e->error == -ENODEV && rules[c].error)
		e->error = -rules[c].error;
}

ssize_t recvfrom(int fd, void *restrict to, size_t size, int flags, __SOCKADDR_ARG from,
		 socklen_t *restrict len)
{
	struct sockaddr *address = (struct sockaddr *)*(void *const *)&from;
	ssize_t n = REAL(recvfrom)(fd, to, size, flags, from, len);
	int left = (int)n;

	if (n <= 0 || !address || address->sa_family != AF_NETLINK)
		return n;
	for (struct nlmsghdr *h = to; whole(h, left); h = NLMSG_NEXT(h, left))
		answer(h);
	return n;
}

/* What the daemon is told of the kernel: as if notices had been lost. */
ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	struct sockaddr_nl name;
	socklen_t len = sizeof(name);

	if (rules[C_NETLINK_READ].error && !getsockname(fd, (struct sockaddr *)&name, &len) &&
	    name.nl_family == AF_NETLINK)
		FAIL(C_NETLINK_READ);
	return REAL(recvmsg)(fd, m, flags);
}
