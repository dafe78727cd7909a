/*
 * What a process inherits without being told, put right at one place.
 *
 * The daemon needs more descriptors than most programs; what it executes gets the limit that it
 * was started with itself. Everything else that would be inherited is set to the usual: signals,
 * scheduling, the mask of new files.
 */
#ifndef SYS_LIMITS_H
#define SYS_LIMITS_H

#include <stdint.h>

/*
 * Makes sure that the descriptors 0 to 2 are open: the first line of main(). A file that is opened
 * later would get such a number, and somebody would write a message into it. What was closed goes
 * on failing with EBADF: 0 cannot be read, 1 and 2 cannot be written.
 */
void lim_fill_standard(void);

/* What the daemon was started with. */
struct lim {
	uint64_t open_files;		/* the soft limit */
	uint64_t timer_slack;		/* nanoseconds; real-time scheduling sets it to 0 */
};

/* Raises the soft limit of open descriptors to the hard one; a socket an interface adds up. The
 * first time it keeps what there was, so it comes before real-time scheduling. */
void lim_raise(void);

/* What there was. */
struct lim lim_found(void);

/* The same, told by the binary before us, which had changed it; before lim_raise(). */
void lim_was(const struct lim *found);

/*
 * In a new process that will execute programs of others: the limits that there were, no signal
 * ignored or caught, ordinary scheduling, mask 022. Signals stay blocked; who executes unblocks.
 */
void lim_restore(void);

/* In a new process that executes what is not trusted: few descriptors, no file written, no core. */
void lim_starve(void);

/*
 * For the rest of this process: no file grows beyond the size that FD's has now (-1: no file
 * grows), but for one that is standard output or error, which may get some last words. A write
 * beyond that fails with EFBIG.
 */
void lim_bound_files(int fd);

#endif
