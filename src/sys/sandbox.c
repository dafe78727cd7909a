/*
 * The engine's seccomp list.
 *
 * What is missing in the list must not cost the address: a C library that one day uses another call
 * gets EPERM from it, and the engine goes on, where ending the process would end it on all hosts of
 * a cluster in the same week. Only calls that no version of this program can have a reason for end
 * it: then somebody else is at work, and a fresh engine without him takes over within milliseconds.
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
#include <unistd.h>

/* Names, for not every architecture has each; one that is unknown is left out. */
static const char *const allowed[] = {
	/* waiting */
	"epoll_wait", "epoll_pwait", "epoll_pwait2", "epoll_ctl", "poll", "ppoll", "select",
	"pselect6", "restart_syscall", "timerfd_settime", "timerfd_settime64", "timerfd_gettime",
	"clock_nanosleep", "clock_nanosleep_time64", "nanosleep",
	/* descriptors that are there */
	"read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "close",
	"fcntl", "fcntl64", "fstat", "fstat64", "lseek", "_llseek", "dup", "dup2", "dup3",
	"ftruncate", "ftruncate64", "fallocate", "fsync", "fdatasync", "eventfd2",
	/* sockets that are there */
	"accept", "accept4", "bind", "getsockname", "getpeername", "getsockopt", "setsockopt",
	"shutdown", "recv", "recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64", "send", "sendto",
	"sendmsg", "sendmmsg",
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

/* A thread, and no process. Without clone3, whose flags a filter cannot see, glibc uses clone. */
static int add_threads(scmp_filter_ctx filter)
{
	int error = add_if(filter, SCMP_SYS(clone),
			   SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

	if (error)
		return error;
	return -seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int add_memory(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int error = add_if(filter, SCMP_SYS(mmap), no_code);

	if (!error)
		error = add_if(filter, SCMP_SYS(mmap2), no_code);
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

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]) && !error; i++)
		error = add_if(filter, some[i].call, some[i].condition);
	return error;
}

static int fill(scmp_filter_ctx filter)
{
	int error = add_names(filter, SCMP_ACT_ALLOW, allowed,
			      sizeof(allowed) / sizeof(allowed[0]));

	if (!error)
		error = add_names(filter, SCMP_ACT_KILL_PROCESS, deadly,
				  sizeof(deadly) / sizeof(deadly[0]));
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
