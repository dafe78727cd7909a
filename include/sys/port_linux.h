/*
 * struct port, on Linux.
 *
 * Puts the modules of this floor together. The engine sees none of them.
 */
#ifndef SYS_PORT_LINUX_H
#define SYS_PORT_LINUX_H

#include "base/log.h"
#include "core/port.h"
#include "sys/jobs.h"
#include "sys/loop.h"

struct plx_options {
	struct loop *loop;		/* all must outlive the port */
	struct jobs *jobs;		/* struct port's run; watched here */
	struct vpl *pool;		/* where VRRP's sockets come from; NULL: made here */
};

struct plx;

/*
 * Opens what the whole daemon shares; sends and tells nothing yet. EVENTS and LOG must outlive it;
 * EVENTS may still be filled in until plx_start(). NULL: errno is set.
 */
struct plx *plx_new(const struct plx_options *options, const struct port_events *events,
		    const struct log *log);

/* Closes all. Address operations still queued are done first; queued announcements are dropped. */
void plx_free(struct plx *p);

/* Valid until plx_free(). */
const struct port *plx_port(const struct plx *p);

/* Begins to watch: link() and addr() for all there is, then synced(). */
void plx_start(struct plx *p);

#endif
