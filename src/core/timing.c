/*
 * Timer arithmetic.
 *
 * Skew time and Master_Down_Interval decide who speaks first, so a rounding error here is an
 * election lost. Both versions of the protocol are kept side by side to show where they differ.
 */
#include "core/timing.h"

#define SECOND_US INT64_C(1000000)
#define CENTI_US INT64_C(10000)
#define RFC_ADVERTS 3			/* that may be missed before a backup takes over */
#define FOLLOW_TIMES 10			/* our own interval ... */
#define FOLLOW_LEAST_US (10 * SECOND_US)

/* RFC 3768 6.1: (256 - Priority) / 256 seconds. RFC 9568 6.1: the same part of the active
 * interval. */
int64_t tim_skew_us(uint8_t version, uint8_t priority, int64_t active_adver_int_us)
{
	int64_t whole = version == 2 ? SECOND_US : active_adver_int_us;

	return (256 - priority) * whole / 256;
}

/* RFC 3768 6.1 and RFC 9568 6.1: 3 * interval + Skew_Time; keepalived lets the 3 be configured. */
int64_t tim_down_us(uint8_t version, uint8_t priority, int64_t active_adver_int_us,
		    uint32_t down_timer_adverts)
{
	return down_timer_adverts * active_adver_int_us +
	       tim_skew_us(version, priority, active_adver_int_us);
}

int64_t tim_max_follow_us(int64_t own_adver_int_us)
{
	int64_t us = FOLLOW_TIMES * own_adver_int_us;

	return us > FOLLOW_LEAST_US ? us : FOLLOW_LEAST_US;
}

int64_t tim_followed_us(int64_t adver_int_us, int64_t max_us)
{
	return max_us && adver_int_us > max_us ? max_us : adver_int_us;
}

int64_t tim_due_us(int64_t adver_int_us)
{
	return adver_int_us + adver_int_us / 4;
}

int64_t tim_patience_us(uint8_t version, int64_t adver_int_us, uint32_t down_timer_adverts)
{
	uint32_t adverts = down_timer_adverts < RFC_ADVERTS ? down_timer_adverts : RFC_ADVERTS;

	return tim_down_us(version, UINT8_MAX, adver_int_us, adverts) - adver_int_us / 4;
}

int64_t tim_wire_interval_us(uint8_t version, int64_t wanted_us)
{
	int64_t unit = version == 2 ? SECOND_US : CENTI_US;
	int64_t most = version == 2 ? 255 : 4095;
	int64_t n = (wanted_us + unit / 2) / unit;

	if (n < 1)
		n = 1;
	if (n > most)
		n = most;
	return n * unit;
}
