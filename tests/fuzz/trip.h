/*
 * What must be true of every configuration that a text has led to, whatever the text.
 */
#ifndef FUZZ_TRIP_H
#define FUZZ_TRIP_H

#include "config/cfg.h"
#include "config/source.h"

/* A host without any file, so that a text cannot reach the file system. */
extern const struct source trip_nowhere;

/*
 * Loads SIZE octets in DIALECT and aborts when the result is inconsistent, when a diagnosis is not
 * one clean line, or when a dump does not load to the same dump.
 */
void trip(const char *name, const void *data, size_t size, enum cfg_dialect dialect);

#endif
