/*
 * Octets that nobody can change any more.
 *
 * A memfd with all its seals goes from process to process, and whoever holds it may read it at any
 * time, however little the other holders are to be trusted.
 */
#ifndef SYS_SEALED_H
#define SYS_SEALED_H

#include <stddef.h>

/*
 * A memfd that can be sealed and never be executed (where the kernel has such a seal, since 6.3;
 * before that nothing about it is executable, and only its owner could change that). Close-on-exec.
 * -1: errno is set.
 */
int sld_memfd(const char *name);

/* A new one that holds LEN octets; NAME is for people. Close-on-exec. -1: errno is set. */
int sld_write(const char *name, const void *octets, size_t len);

/*
 * A copy of what FD holds, with a NUL behind it, for free(); FD's position does not matter. NULL:
 * errno is set, EPERM when it is not sealed, EFBIG when it holds more than MAX octets.
 */
char *sld_read(int fd, size_t max, size_t *len);

#endif
