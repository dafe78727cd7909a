/*
 * Rights.
 *
 * The engine reads packets from the network: what it cannot do, nobody can make it do.
 */
#include "sys/priv.h"

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cap-ng.h>

static const struct {
	unsigned int capability;
	const char *name;
	const char *without;
} needs[] = {
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", "cannot add or delete virtual addresses" },
	{ CAP_NET_RAW, "CAP_NET_RAW", "cannot send or receive adverts, nor announce addresses" },
};

#define N_NEEDS (sizeof(needs) / sizeof(needs[0]))

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
	return missing;
}

/* Makes what has been put together the thread's rights for good. */
static int apply(void)
{
	errno = 0;
	/* a container may keep the bounding set to itself; without exec it does not matter */
	if (capng_apply(CAPNG_SELECT_BOTH) && capng_apply(CAPNG_SELECT_CAPS))
		return errno ? errno : EPERM;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

int prv_drop_all(void)
{
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process())
		return EPERM;
	capng_clear(CAPNG_SELECT_ALL);
	return apply();
}

int prv_drop(void)
{
	bool have[N_NEEDS];

	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process())
		return EPERM;
	for (size_t i = 0; i < N_NEEDS; i++)
		have[i] = capng_have_capability(CAPNG_PERMITTED, needs[i].capability);
	capng_clear(CAPNG_SELECT_ALL);
	for (size_t i = 0; i < N_NEEDS; i++) {
		if (have[i])
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
				     needs[i].capability);
	}
	return apply();
}

void prv_raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int prv_realtime(void)
{
	struct sched_param least = { .sched_priority = sched_get_priority_min(SCHED_RR) };

	return sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &least) ? errno : 0;
}
