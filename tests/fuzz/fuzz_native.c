/*
 * Why this exists: libconfig's parser and our files around it see whatever an administrator's
 * editor left.
 */
#include <stddef.h>
#include <stdint.h>

#include "fuzz/trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	trip("fuzz.cfg", data, size, CFG_NATIVE);
	return 0;
}
