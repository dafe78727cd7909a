/*
 * A process inside the engine's sandbox tries what somebody who has taken it over would try.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>

#include "sys/loop.h"
#include "sys/sandbox.h"

/* Made before the sandbox is entered, as the engine's are. */
static struct {
	int packet;			/* as announcements leave by: of protocol 0 */
	int arp;			/* as rivals are heard by: bound to ARP */
	int raw;			/* as adverts come by */
	int netlink;
	int unix_ends[2];
	int memory;			/* a memfd of a page */
} open_before;

static void open_what_an_engine_has(void)
{
	struct sockaddr_ll arp = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP) };

	open_before.packet = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	open_before.arp = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	open_before.raw = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, 112);
	open_before.netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);
	open_before.memory = memfd_create("page", 0);
	ck_assert_int_ge(open_before.packet, 0);
	ck_assert_int_ge(open_before.raw, 0);
	ck_assert_int_ge(open_before.netlink, 0);
	ck_assert_int_eq(bind(open_before.arp, (struct sockaddr *)&arp, sizeof(arp)), 0);
	ck_assert_int_eq(ftruncate(open_before.memory, 4096), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, open_before.unix_ends), 0);
}

/* The wait status of a confined process that does FN; exit status 0: FN said true. */
static int confined(bool (*fn)(void))
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		open_what_an_engine_has();
		if (sbx_enter())
			_exit(99);
		_exit(fn() ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) != 99, "no seccomp here");
	return status;
}

static bool is_refused(long result)
{
	return result < 0 && errno == EPERM;
}

/* ---- refused ---- */

static bool open_some(void)
{
	struct stat st;

	return is_refused(open("/etc/passwd", O_RDONLY)) &&
	       is_refused(open("/dev/null", O_RDWR)) &&
	       is_refused(open("/tmp/hf-sandbox", O_CREAT | O_WRONLY, 0600)) &&
	       is_refused(syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0)) &&
	       is_refused(stat("/etc/passwd", &st)) && is_refused(unlink("/tmp/hf-sandbox")) &&
	       is_refused(memfd_create("x", 0)) && is_refused(mkdir("/tmp/hf-sandbox", 0700));
}

static bool socket_some(void)
{
	return is_refused(socket(AF_INET, SOCK_STREAM, 0)) &&
	       is_refused(socket(AF_INET, SOCK_DGRAM, 0)) &&
	       is_refused(socket(AF_INET, SOCK_RAW, 112)) &&
	       is_refused(socket(AF_INET6, SOCK_STREAM, 0)) &&
	       is_refused(socket(AF_UNIX, SOCK_STREAM, 0)) &&
	       is_refused(socket(AF_NETLINK, SOCK_RAW, 0)) &&
	       is_refused(socket(AF_PACKET, SOCK_RAW, 112)) &&
	       is_refused(socket(AF_VSOCK, SOCK_STREAM, 0)) &&
	       is_refused(connect(0, NULL, 0)) && is_refused(listen(0, 1)) &&
	       is_refused(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 }));
}

static bool make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page != MAP_FAILED && is_refused(mprotect(page, 4096, PROT_READ | PROT_EXEC)) &&
	       mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0) == MAP_FAILED && errno == EPERM;
}

static bool make_process(void)
{
	return is_refused(syscall(SYS_fork)) && is_refused(syscall(SYS_vfork)) &&
	       is_refused(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
}

static bool touch_others(void)
{
	return is_refused(kill(getppid(), 0)) && is_refused(kill(1, 0)) &&
	       is_refused(syscall(SYS_tgkill, getppid(), getppid(), 0)) &&
	       is_refused(syscall(SYS_pidfd_open, getppid(), 0)) &&
	       is_refused(ioctl(0, TIOCSTI, "x")) && is_refused(prctl(PR_SET_DUMPABLE, 1));
}

/* ---- what could be done with the sockets of an engine ---- */

/* A packet socket that is bound to all protocols hears all that the host says and hears. */
static bool bind_some(void)
{
	struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct sockaddr_nl groups = { .nl_family = AF_NETLINK, .nl_groups = 0xffff };
	struct sockaddr_in any = { .sin_family = AF_INET };

	return is_refused(bind(open_before.packet, (struct sockaddr *)&all, sizeof(all))) &&
	       is_refused(bind(open_before.arp, (struct sockaddr *)&all, sizeof(all))) &&
	       is_refused(bind(open_before.netlink, (struct sockaddr *)&groups, sizeof(groups))) &&
	       is_refused(bind(open_before.raw, (struct sockaddr *)&any, sizeof(any))) &&
	       is_refused(connect(open_before.raw, (struct sockaddr *)&any, sizeof(any)));
}

/* Every option of a level that has a number in reach, but for those in GOOD. */
static bool all_refused(int fd, int level, const int *good, size_t n)
{
	char value[256] = { 0 };

	for (int name = 0; name < 2048; name++) {
		bool may = false;

		for (size_t i = 0; i < n; i++)
			may = may || good[i] == name;
		if (!may && !is_refused(setsockopt(fd, level, name, value, sizeof(value)))) {
			fprintf(stderr, "level %d, option %d: %d\n", level, name, errno);
			return false;
		}
	}
	return true;
}

/* Rings, fanout, promiscuous mode: none of SOL_PACKET. */
static bool packet_options(void)
{
	struct tpacket_req ring = { 4096, 1, 2048, 2 };
	struct packet_mreq promiscuous = { .mr_ifindex = 1, .mr_type = PACKET_MR_PROMISC };
	const int fd = open_before.packet;

	return all_refused(fd, SOL_PACKET, NULL, 0) &&
	       is_refused(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring))) &&
	       is_refused(setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &ring, sizeof(ring))) &&
	       is_refused(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous,
				     sizeof(promiscuous)));
}

/* Legacy iptables, arptables, ebtables and IPVS take their tables by socket options above 63. */
static bool other_options(void)
{
	static const int of_socket[] = {
		SO_ATTACH_FILTER, SO_DETACH_FILTER, SO_BINDTOIFINDEX, SO_PRIORITY, SO_RCVBUF,
		SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE,
	}, of_ip[] = {
		IP_TRANSPARENT, IP_TTL, IP_TOS, IP_MTU_DISCOVER, IP_MULTICAST_TTL,
		IP_MULTICAST_LOOP, IP_MULTICAST_ALL, IP_MULTICAST_IF, MCAST_JOIN_GROUP,
	}, of_ip6[] = {
		IPV6_TRANSPARENT, IPV6_UNICAST_HOPS, IPV6_TCLASS, IPV6_MULTICAST_HOPS,
		IPV6_MULTICAST_LOOP, IPV6_MULTICAST_ALL, IPV6_MULTICAST_IF, IPV6_RECVPKTINFO,
		IPV6_RECVHOPLIMIT, MCAST_JOIN_GROUP,
	};
	const int raw = open_before.raw;

	return all_refused(raw, SOL_SOCKET, of_socket, sizeof(of_socket) / sizeof(int)) &&
	       all_refused(raw, IPPROTO_IP, of_ip, sizeof(of_ip) / sizeof(int)) &&
	       all_refused(raw, IPPROTO_IPV6, of_ip6, sizeof(of_ip6) / sizeof(int)) &&
	       all_refused(raw, IPPROTO_RAW, NULL, 0) && all_refused(raw, IPPROTO_TCP, NULL, 0) &&
	       all_refused(open_before.netlink, SOL_NETLINK, NULL, 0);
}

static bool look_at_options(void)
{
	char value[256];
	socklen_t len = sizeof(value);
	const int raw = open_before.raw;

	return is_refused(getsockopt(raw, IPPROTO_IP, 64, value, &len)) &&
	       is_refused(getsockopt(open_before.unix_ends[0], SOL_SOCKET, 77, value, &len)) &&
	       is_refused(getsockopt(open_before.packet, SOL_PACKET, PACKET_STATISTICS, value,
				     &len)) &&
	       getsockopt(raw, SOL_SOCKET, SO_COOKIE, value, &len) == 0;
}

/* What others share must go on when this process is gone; no signal may reach others either. */
static bool spoil_what_is_shared(void)
{
	struct f_owner_ex owner = { F_OWNER_PID, getppid() };
	const int fd = open_before.unix_ends[0];

	return is_refused(shutdown(fd, SHUT_RDWR)) && is_refused(fcntl(fd, F_SETOWN, getppid())) &&
	       is_refused(fcntl(fd, F_SETOWN_EX, &owner)) &&
	       is_refused(fcntl(fd, F_SETSIG, SIGKILL)) &&
	       is_refused(fcntl(open_before.memory, F_ADD_SEALS, F_SEAL_WRITE)) &&
	       is_refused(fcntl(open_before.memory, F_NOTIFY, 0)) &&
	       is_refused(ftruncate(open_before.memory, 1 << 20)) &&
	       is_refused(posix_fallocate(open_before.memory, 0, 1 << 20) == EPERM ?
			  (errno = EPERM, -1) : 0);
}

static bool map_some(void)
{
	const int rw = PROT_READ | PROT_WRITE;

	return mmap(NULL, 4096, rw, MAP_SHARED, open_before.memory, 0) == MAP_FAILED &&
	       errno == EPERM &&
	       mmap(NULL, 4096, rw, MAP_SHARED, open_before.packet, 0) == MAP_FAILED &&
	       errno == EPERM &&
	       mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open_before.memory, 0) == MAP_FAILED &&
	       errno == EPERM;
}

/* A thread in a namespace of its own is no thread of ours. */
static bool make_namespace(void)
{
	return is_refused(syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWNET,
				  NULL, NULL, NULL, NULL)) &&
	       is_refused(syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM |
				  CLONE_NEWUSER, NULL, NULL, NULL, NULL));
}

START_TEST(an_engines_sockets_are_of_no_other_use)
{
	ck_assert_int_eq(confined(bind_some), 0);
	ck_assert_int_eq(confined(packet_options), 0);
	ck_assert_int_eq(confined(other_options), 0);
	ck_assert_int_eq(confined(look_at_options), 0);
	ck_assert_int_eq(confined(spoil_what_is_shared), 0);
	ck_assert_int_eq(confined(map_some), 0);
	ck_assert_int_eq(confined(make_namespace), 0);
}
END_TEST

/* The same calls under the numbers of another binary interface (x32): no way around the list. */
static bool use_other_numbers(void)
{
	const long x32 = 0x40000000;

	return syscall(x32 + SYS_getpid) < 0 &&
	       syscall(x32 + SYS_open, "/dev/null", O_RDONLY, 0) < 0 &&
	       syscall(x32 + SYS_socket, AF_PACKET, SOCK_RAW, 0) < 0;
}

START_TEST(no_other_numbers_lead_around_the_list)
{
	int status = confined(use_other_numbers);

	ck_assert(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS));
}
END_TEST

START_TEST(what_is_not_needed_is_refused)
{
	ck_assert_int_eq(confined(open_some), 0);
	ck_assert_int_eq(confined(socket_some), 0);
	ck_assert_int_eq(confined(make_code), 0);
	ck_assert_int_eq(confined(make_process), 0);
	ck_assert_int_eq(confined(touch_others), 0);
}
END_TEST

/* ---- deadly ---- */

static bool do_exec(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	execve("/bin/true", argv, argv + 1);
	return true;
}

static bool do_execveat(void)
{
	syscall(SYS_execveat, 0, "", NULL, NULL, AT_EMPTY_PATH);
	return true;
}

static bool do_ptrace(void)
{
	ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
	return true;
}

static bool do_read_memory(void)
{
	process_vm_readv(getppid(), NULL, 0, NULL, 0, 0);
	return true;
}

static bool do_setns(void)
{
	setns(0, 0);
	return true;
}

static bool do_unshare(void)
{
	unshare(CLONE_NEWUSER);
	return true;
}

static bool do_bpf(void)
{
	syscall(SYS_bpf, 0, NULL, 0);
	return true;
}

static bool do_uring(void)
{
	syscall(SYS_io_uring_setup, 1, NULL);
	return true;
}

START_TEST(what_only_an_intruder_does_ends_the_process)
{
	static bool (*const tries[])(void) = {
		do_exec, do_execveat, do_ptrace, do_read_memory, do_setns, do_unshare, do_bpf,
		do_uring,
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int status = confined(tries[i]);

		ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
			      "try %zu: status %#x", i, status);
	}
}
END_TEST

/* ---- allowed ---- */

static void *add_one(void *number)
{
	(*(int *)number)++;
	return NULL;
}

static bool run_thread(void)
{
	pthread_t thread;
	int number = 0;

	return pthread_create(&thread, NULL, add_one, &number) == 0 &&
	       pthread_join(thread, NULL) == 0 && number == 1;
}

static bool use_memory(void)
{
	char *large = malloc(64 << 20);
	bool good = large;

	if (large)
		memset(large, 1, 64 << 20);
	large = realloc(large, 128 << 20);
	good = good && large;
	free(large);
	return good;
}

static bool look_at_open_files(void)
{
	struct stat st;
	int n;

	return fstat(STDERR_FILENO, &st) == 0 && dup(STDERR_FILENO) >= 0 &&
	       (ioctl(STDIN_FILENO, FIONREAD, &n) == 0 || errno != EPERM) && loop_now_us() > 0;
}

/* What sys/vrrp_sock.c, rival.c and announce.c do while they live. */
static bool use_sockets(void)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog deaf = { .len = 1, .filter = &nothing };
	struct group_req request = { .gr_interface = 1 };
	struct sockaddr_in *group = (struct sockaddr_in *)&request.gr_group;
	const int raw = open_before.raw, lo = 1, off = 0;
	char octet;

	group->sin_family = AF_INET;
	group->sin_addr.s_addr = htonl(0xe0000012);
	return !setsockopt(raw, SOL_SOCKET, SO_ATTACH_FILTER, &deaf, sizeof(deaf)) &&
	       !setsockopt(raw, SOL_SOCKET, SO_DETACH_FILTER, &off, sizeof(off)) &&
	       !setsockopt(raw, SOL_SOCKET, SO_BINDTOIFINDEX, &lo, sizeof(lo)) &&
	       !setsockopt(raw, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off)) &&
	       !setsockopt(raw, IPPROTO_IP, MCAST_JOIN_GROUP, &request, sizeof(request)) &&
	       !setsockopt(open_before.arp, SOL_SOCKET, SO_ATTACH_FILTER, &deaf, sizeof(deaf)) &&
	       fcntl(open_before.unix_ends[0], F_DUPFD_CLOEXEC, 0) >= 0 &&
	       fcntl(open_before.unix_ends[0], F_SETFL, O_NONBLOCK) == 0 &&
	       send(open_before.unix_ends[0], "x", 1, 0) == 1 &&
	       recv(open_before.unix_ends[1], &octet, 1, 0) == 1;
}

/* Without its filter the socket of rivals' ARP hears ARP; that of announcements nothing at all. */
static bool hear_without_filters(void)
{
	const int off = 0;
	char octets[64];

	setsockopt(open_before.arp, SOL_SOCKET, SO_DETACH_FILTER, &off, sizeof(off));
	setsockopt(open_before.packet, SOL_SOCKET, SO_DETACH_FILTER, &off, sizeof(off));
	/* a packet to ourselves over lo passes every packet socket that listens to IP */
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
	if (sendto(open_before.raw, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1)
		return false;
	struct pollfd came = { .fd = open_before.raw, .events = POLLIN };
	return poll(&came, 1, 5000) == 1 && recv(open_before.arp, octets, 64, 0) < 0 &&
	       errno == EAGAIN && recv(open_before.packet, octets, 64, 0) < 0 && errno == EAGAIN;
}

START_TEST(what_is_needed_goes_on)
{
	ck_assert_int_eq(confined(use_sockets), 0);
	ck_assert_int_eq(confined(hear_without_filters), 0);
	ck_assert_int_eq(confined(run_thread), 0);
	ck_assert_int_eq(confined(use_memory), 0);
	ck_assert_int_eq(confined(look_at_open_files), 0);
}
END_TEST

static bool give_up(void)
{
	abort();
}

START_TEST(an_assertion_still_ends_it)
{
	int status = confined(give_up);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sandbox");
	TCase *t = tcase_create("sandbox");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_not_needed_is_refused);
	tcase_add_test(t, an_engines_sockets_are_of_no_other_use);
	tcase_add_test(t, no_other_numbers_lead_around_the_list);
	tcase_add_test(t, what_only_an_intruder_does_ends_the_process);
	tcase_add_test(t, what_is_needed_goes_on);
	tcase_add_test(t, an_assertion_still_ends_it);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
