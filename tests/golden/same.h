/*
 * Whether two configurations say the same.
 */
#ifndef GOLDEN_SAME_H
#define GOLDEN_SAME_H

#include "config/cfg.h"

/*
 * NULL when A and B are equal in everything but places, else the name of the first thing in which
 * they differ. Strings are compared by content.
 */
const char *cfg_difference(const struct cfg *a, const struct cfg *b);

#endif
