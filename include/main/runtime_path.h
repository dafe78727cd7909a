/*
 * Where the daemon's runtime files stand: each beside its control socket.
 */
#ifndef MAIN_RUNTIME_PATH_H
#define MAIN_RUNTIME_PATH_H

#include <stddef.h>

#define RTP_SOCKET ".sock"		/* the end of a control socket that nobody has named */
#define RTP_UPGRADE ".upgrade"		/* the socket on which the keeper is asked for an upgrade */
#define RTP_LOCK ".lock"		/* of sys/lockfile.h */
#define RTP_INFO ".json"		/* of rtf_announce() */

/*
 * The control socket's path without a trailing RTP_SOCKET, and SUFFIX behind it, in BUF (SIZE
 * octets); returns BUF. What is too long is cut, but so is no path that a socket may have: for
 * those sizeof(struct sockaddr_un.sun_path) and room for SUFFIX are enough.
 */
const char *rtp_beside(const char *control, const char *suffix, char *buf, size_t size);

#endif
