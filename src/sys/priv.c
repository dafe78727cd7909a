/*
 * Rights.
 *
 * The engine reads packets from the network: what it cannot do, nobody can make it do.
 */
#include "sys/priv.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cap-ng.h>

static const struct {
	unsigned int capability;
	const char *name;
	const char *without;
} needs[] = {
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", "cannot add or delete virtual addresses" },
	{ CAP_NET_RAW, "CAP_NET_RAW", "cannot send or receive adverts, nor announce addresses" },
}, comforts[] = {
	{ CAP_SETUID, "CAP_SETUID", "scripts and the engine run as the daemon's own user" },
	{ CAP_SETGID, "CAP_SETGID", "scripts and the engine run in the daemon's own group" },
	{ CAP_CHOWN, "CAP_CHOWN", "the control socket is for the daemon's own user only" },
	{ CAP_SYS_NICE, "CAP_SYS_NICE", "adverts may be late on a busy host" },
};

#define N_NEEDS (sizeof(needs) / sizeof(needs[0]))
#define N_COMFORTS (sizeof(comforts) / sizeof(comforts[0]))

size_t prv_report(const struct log *log)
{
	size_t missing = 0;

	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process()) {
		log_printf(log, LOG_LVL_WARN, "cannot read this process's capabilities");
		return 0;
	}
	for (size_t i = 0; i < N_NEEDS; i++) {
		if (capng_have_capability(CAPNG_EFFECTIVE, needs[i].capability))
			continue;
		missing++;
		log_printf(log, LOG_LVL_ERROR, "capability %s is missing: %s", needs[i].name,
			   needs[i].without);
	}
	for (size_t i = 0; i < N_COMFORTS; i++)
		if (!capng_have_capability(CAPNG_EFFECTIVE, comforts[i].capability))
			log_printf(log, LOG_LVL_INFO, "capability %s is missing: %s",
				   comforts[i].name, comforts[i].without);
	return missing;
}

/* By hand: a confined thread cannot open /proc, from which libcap-ng reads the bounding set. */
int prv_drop_all(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capset, &head, none))
		return errno;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

/* Groups, then the group, then the user: each step needs the rights that the next one gives up. */
static int become(const struct user_ids *who)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) ||
	    setresgid(who->gid, who->gid, who->gid) || setresuid(who->uid, who->uid, who->uid))
		return errno;
	return 0;
}

/* A container may keep the bounding set and the users to itself: the rights go all the same. */
int prv_renounce(const struct user_ids *who)
{
	int stays;

	for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++)
		;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	stays = become(who);
	int error = prv_drop_all();
	return error ? error : stays == EPERM || stays == EINVAL ? 0 : stays;
}

/* Makes what has been put together this thread's rights for good. */
static int keep(void)
{
	errno = 0;
	if (capng_apply(CAPNG_SELECT_CAPS))
		return errno ? errno : EPERM;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

int prv_drop(const struct user_ids *who)
{
	bool have[N_NEEDS];
	int stays, error;

	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process())
		return EPERM;
	bool bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	for (size_t i = 0; i < N_NEEDS; i++)
		have[i] = capng_have_capability(CAPNG_PERMITTED, needs[i].capability);
	capng_clear(CAPNG_SELECT_ALL);
	for (size_t i = 0; i < N_NEEDS; i++) {
		if (have[i])
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
				     needs[i].capability);
	}
	/*
	 * A container may keep the bounding set to itself; without exec it does not matter. Asked
	 * for it without the right, libcap-ng writes to syslog, which reads the time zone's file.
	 */
	if (bounds)
		capng_apply(CAPNG_SELECT_BOUNDS);
	stays = who ? become(who) : 0;
	error = keep();
	return error ? error : stays;
}

int prv_realtime(void)
{
	struct sched_param least = { .sched_priority = sched_get_priority_min(SCHED_RR) };

	return sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &least) ? errno : 0;
}
