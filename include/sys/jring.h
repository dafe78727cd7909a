/*
 * A file of fixed size that is written without waiting.
 *
 * Octets for a place in the file go into a ring in memory; a thread of its own takes them out and
 * writes them. A disk that hangs costs what does not fit into the ring, and never time. The file's
 * space is reserved when it is opened, so that a full disk is found out then. The file holds what
 * went over the wire: it is its owner's alone.
 */
#ifndef SYS_JRING_H
#define SYS_JRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jring;

struct jring_options {
	const char *path;
	uint64_t size;			/* octets of the file */
	const char *magic;		/* with which such a file begins: another one is refused */
	size_t magic_len;		/* at most JRING_MAGIC_MAX */
};

#define JRING_MAGIC_MAX 32

/*
 * Opens or makes the file. One of another size is emptied first. -1: WHY (SIZE octets) is a
 * sentence, and a file that was there is as it was, unless there is no space for the wanted size.
 * Refused are symbolic links, what is no regular file, what belongs to somebody else, what another
 * daemon has open in this way, and what begins with something else than MAGIC.
 */
int jring_file(const struct jring_options *options, char *why, size_t size);

/*
 * Starts the thread, with all signals blocked in it; after any fork to the background, not before.
 * FD is that of jring_file(), taken over, on failure too; OPTIONS are the same. NULL: WHY is a
 * sentence.
 */
struct jring *jring_open(int fd, const struct jring_options *options, char *why, size_t size);

/* What stands at OFFSET; false: that cannot be read. Before the first jring_put() only. */
bool jring_get(struct jring *r, uint64_t offset, void *to, size_t len);

/*
 * Takes LEN octets for OFFSET, all or none; what is put first is written first. From one thread
 * only. Returns 0, EAGAIN when there is no room in the ring, EFBIG when there never can be (a
 * quarter of the file fits, up to 8 MiB), or the errno with which writing has failed for good.
 */
int jring_put(struct jring *r, uint64_t offset, const void *data, size_t len);

/*
 * Has what was put written: at once, or within 20 ms when the thread has just written. A system
 * call only when the thread sleeps, so it belongs behind what is urgent.
 */
void jring_push(struct jring *r);

/* How many octets jring_put() would take now. */
size_t jring_room(const struct jring *r);

/*
 * Writes what is queued, for at most WAIT_US, and ends the thread. One that hangs in a write is
 * left behind: call this last. NULL is allowed.
 */
void jring_close(struct jring *r, int64_t wait_us);

#endif
