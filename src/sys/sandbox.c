/*
 * The engine's seccomp list.
 *
 * What is missing in the list must not cost the address: a C library that one day uses another call
 * gets EPERM from it, and the engine goes on, where ending the process would end it on all hosts of
 * a cluster in the same week. Only calls that no version of this program can have a reason for end
 * it: then somebody else is at work, and a fresh engine without him takes over within milliseconds.
 *
 * A filter sees numbers, and not what a pointer shows. So calls whose power lies in a number are
 * taken apart by it: socket options by level and name, fcntl by command, clone and mmap by flags.
 * What a netlink message says, or which link a packet socket sends to, it cannot see.
 */
#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define INT_BITS UINT64_C(0xffffffff)	/* of an argument that the kernel reads as an int */
#define NAMESPACES (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
		    CLONE_NEWNET | CLONE_NEWCGROUP)

/* Names, for not every architecture has each; one that is unknown is left out. */
static const char *const allowed[] = {
	/* waiting */
	"epoll_wait", "epoll_pwait", "epoll_pwait2", "epoll_ctl", "poll", "ppoll", "select",
	"pselect6", "restart_syscall", "timerfd_settime", "timerfd_settime64", "timerfd_gettime",
	"clock_nanosleep", "clock_nanosleep_time64", "nanosleep",
	/* descriptors that are there */
	"read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "close",
	"fstat", "fstat64", "lseek", "_llseek", "dup", "dup2", "dup3", "fsync", "fdatasync",
	"eventfd2",
	/*
	 * Sockets that are there. No bind: a packet socket would hear the whole host. No shutdown:
	 * the next engine goes on with the same ones.
	 */
	"accept", "accept4", "getsockname", "getpeername", "recv", "recvfrom", "recvmsg",
	"recvmmsg", "recvmmsg_time64", "send", "sendto", "sendmsg", "sendmmsg",
	/* memory */
	"brk", "munmap", "mremap", "madvise",
	/* threads */
	"futex", "futex_time64", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity",
	"membarrier",
	/* the process itself */
	"exit", "exit_group", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid",
	"getegid", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack",
	"capget", "capset", "uname",
	/* time and chance */
	"clock_gettime", "clock_gettime64", "gettimeofday", "time", "getrandom",
};

static const char *const deadly[] = {
	"execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd",
	"mount", "umount2", "pivot_root", "chroot", "move_mount", "fsopen", "setns", "unshare",
	"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
	"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "open_by_handle_at", "keyctl",
	"add_key", "request_key", "setuid", "setresuid", "setgid", "setresgid", "swapon",
};

/* Socket options that are set after the start: of adverts' sockets (sys/vrrp_sock.c), filters. */
static const struct option {
	int level, name;
} settable[] = {
	{ SOL_SOCKET, SO_ATTACH_FILTER }, { SOL_SOCKET, SO_DETACH_FILTER },
	{ SOL_SOCKET, SO_BINDTOIFINDEX }, { SOL_SOCKET, SO_PRIORITY },
	{ SOL_SOCKET, SO_RCVBUF }, { SOL_SOCKET, SO_RCVBUFFORCE },
	{ SOL_SOCKET, SO_SNDBUF }, { SOL_SOCKET, SO_SNDBUFFORCE },
	{ IPPROTO_IP, IP_TRANSPARENT }, { IPPROTO_IP, IP_TTL }, { IPPROTO_IP, IP_TOS },
	{ IPPROTO_IP, IP_MTU_DISCOVER }, { IPPROTO_IP, IP_MULTICAST_TTL },
	{ IPPROTO_IP, IP_MULTICAST_LOOP }, { IPPROTO_IP, IP_MULTICAST_ALL },
	{ IPPROTO_IP, IP_MULTICAST_IF }, { IPPROTO_IP, MCAST_JOIN_GROUP },
	{ IPPROTO_IPV6, IPV6_TRANSPARENT }, { IPPROTO_IPV6, IPV6_UNICAST_HOPS },
	{ IPPROTO_IPV6, IPV6_TCLASS }, { IPPROTO_IPV6, IPV6_MULTICAST_HOPS },
	{ IPPROTO_IPV6, IPV6_MULTICAST_LOOP }, { IPPROTO_IPV6, IPV6_MULTICAST_ALL },
	{ IPPROTO_IPV6, IPV6_MULTICAST_IF }, { IPPROTO_IPV6, IPV6_RECVPKTINFO },
	{ IPPROTO_IPV6, IPV6_RECVHOPLIMIT }, { IPPROTO_IPV6, MCAST_JOIN_GROUP },
}, gettable[] = {
	{ SOL_SOCKET, SO_PEERCRED }, { SOL_SOCKET, SO_COOKIE }, { SOL_SOCKET, SO_DOMAIN },
	{ SOL_SOCKET, SO_BINDTOIFINDEX },
};

/* No owner of a descriptor: its signals would reach whatever runs as the engine's user. */
static const int commands[] = {
	F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GET_SEALS,
};

static int add_names(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int call = seccomp_syscall_resolve_name(names[i]);
		int error = call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, action, call, 0);

		if (error)
			return -error;
	}
	return 0;
}

/* One condition on one argument. */
static int add_if(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
	return -seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition);
}

static int add_options(scmp_filter_ctx filter, int call, const struct option *o, size_t n)
{
	int error = 0;

	for (size_t i = 0; i < n && !error; i++) {
		const struct scmp_arg_cmp both[] = {
			SCMP_A1(SCMP_CMP_MASKED_EQ, INT_BITS, (scmp_datum_t)o[i].level),
			SCMP_A2(SCMP_CMP_MASKED_EQ, INT_BITS, (scmp_datum_t)o[i].name),
		};

		error = -seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 2, both);
	}
	return error;
}

static int add_sockets(scmp_filter_ctx filter)
{
	int error = add_options(filter, SCMP_SYS(setsockopt), settable, COUNT(settable));

	return error ? error :
	       add_options(filter, SCMP_SYS(getsockopt), gettable, COUNT(gettable));
}

static int add_commands(scmp_filter_ctx filter)
{
	int error = 0;

	for (size_t i = 0; i < COUNT(commands) && !error; i++) {
		const struct scmp_arg_cmp same =
			SCMP_A1(SCMP_CMP_MASKED_EQ, INT_BITS, (scmp_datum_t)commands[i]);

		error = add_if(filter, SCMP_SYS(fcntl), same);
		if (!error)
			error = add_if(filter, SCMP_SYS(fcntl64), same);
	}
	return error;
}

/* A thread, and no process. Without clone3, whose flags a filter cannot see, glibc uses clone. */
static int add_threads(scmp_filter_ctx filter)
{
	int error = add_if(filter, SCMP_SYS(clone),
			   SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | NAMESPACES, CLONE_THREAD));

	if (error)
		return error;
	return -seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* Memory alone: nothing that is open can be mapped, so no ring of a packet socket, and no code. */
static int add_memory(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	const struct scmp_arg_cmp both[] = {
		no_code, SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS),
	};
	int error = -seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, both);

	if (!error)
		error = -seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap2), 2, both);
	return error ? error : add_if(filter, SCMP_SYS(mprotect), no_code);
}

static int add_the_rest(scmp_filter_ctx filter)
{
	const scmp_datum_t self = (scmp_datum_t)getpid();
	const struct {
		int call;
		struct scmp_arg_cmp condition;
	} some[] = {
		/* fstat() of newer C libraries; not stat() */
		{ SCMP_SYS(newfstatat), SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH) },
		{ SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, FIONREAD, 0) },
		{ SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0) },
		{ SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS, 0) },
		{ SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, self, 0) },	/* abort() */
	};
	int error = 0;

	for (size_t i = 0; i < COUNT(some) && !error; i++)
		error = add_if(filter, some[i].call, some[i].condition);
	return error;
}

static int fill(scmp_filter_ctx filter)
{
	int error = add_names(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));

	if (!error)
		error = add_names(filter, SCMP_ACT_KILL_PROCESS, deadly, COUNT(deadly));
	if (!error)
		error = add_sockets(filter);
	if (!error)
		error = add_commands(filter);
	if (!error)
		error = add_threads(filter);
	if (!error)
		error = add_memory(filter);
	return error ? error : add_the_rest(filter);
}

int sbx_enter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error = filter ? fill(filter) : ENOMEM;

	if (!error) {
		/* what an old kernel or library cannot do is not worth a refusal */
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
		error = -seccomp_load(filter);
	}
	if (filter)
		seccomp_release(filter);
	return error;
}
