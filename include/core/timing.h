/*
 * The timer arithmetic of VRRP, in one place and in microseconds.
 *
 * RFC 3768 section 6.1 (v2: skew is a fraction of a second) and RFC 9568 section 6.1 (v3: skew is a
 * fraction of the active master's interval).
 */
#ifndef CORE_TIMING_H
#define CORE_TIMING_H

#include <stdint.h>

/* Skew_Time for an effective PRIORITY. */
int64_t tim_skew_us(uint8_t version, uint8_t priority, int64_t active_adver_int_us);

/* Master_Down_Interval (v2), Active_Down_Interval (v3). */
int64_t tim_down_us(uint8_t version, uint8_t priority, int64_t active_adver_int_us,
		    uint32_t down_timer_adverts);

/*
 * Not in RFC 9568: one forged advert with the longest interval there is, 40.95 s, would have every
 * backup wait for 139 s. So much is believed unless something else is configured: ten times our
 * own interval, and at least 10 s.
 */
int64_t tim_max_follow_us(int64_t own_adver_int_us);

/* The interval to reckon with when a master says ADVER_INT_US; MAX_US 0: whatever it says. */
int64_t tim_followed_us(int64_t adver_int_us, int64_t max_us);

/* How long after its last advert a master that advertises every ADVER_INT_US must have spoken
 * again: an interval, and a quarter of one for what the way and a late timer take. */
int64_t tim_due_us(int64_t adver_int_us);

/* How long after an advert no peer can have taken over, however eager: three intervals, fewer where
 * fewer are configured, and the skew of the highest priority there is; less a quarter of an
 * interval, for an advert that was sent on a link whose loss was not known yet. */
int64_t tim_patience_us(uint8_t version, int64_t adver_int_us, uint32_t down_timer_adverts);

/* What the wire can say: v2 whole seconds 1..255, v3 centiseconds 1..4095; rounded to the
 * nearest. */
int64_t tim_wire_interval_us(uint8_t version, int64_t wanted_us);

#endif
