/*
 * Why this exists: keepalived's dialect accepts anything, so anything must lead to a sensible end.
 */
#include <stddef.h>
#include <stdint.h>

#include "fuzz/trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	trip("fuzz.conf", data, size, CFG_KEEPALIVED);
	return 0;
}
