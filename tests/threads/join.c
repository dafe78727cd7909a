/*
 * ThreadSanitizer of GCC 12 does not know pthread_clockjoin_np(), and takes what follows it for a
 * race with the thread that has ended. It knows pthread_timedjoin_np().
 */
#include <pthread.h>
#include <stdint.h>
#include <time.h>

#define SECOND_NS 1000000000

int __wrap_pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
				const struct timespec *until);

int __wrap_pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
				const struct timespec *until)
{
	struct timespec now, real;
	int64_t ns;

	clock_gettime(clock, &now);
	clock_gettime(CLOCK_REALTIME, &real);
	ns = (int64_t)(until->tv_sec - now.tv_sec) * SECOND_NS + until->tv_nsec - now.tv_nsec +
	     real.tv_nsec;
	if (ns < 0)
		ns = 0;
	real.tv_sec += ns / SECOND_NS;
	real.tv_nsec = ns % SECOND_NS;
	return pthread_timedjoin_np(thread, result, &real);
}
