/*
 * Names of files that belong together.
 *
 * One function, so that the daemon and holdfastctl cannot come to different names.
 */
#include "main/runtime_path.h"

#include <stdio.h>
#include <string.h>

const char *rtp_beside(const char *control, const char *suffix, char *buf, size_t size)
{
	size_t len = strlen(control), ending = strlen(RTP_SOCKET);

	if (len > ending && !strcmp(control + len - ending, RTP_SOCKET))
		len -= ending;
	snprintf(buf, size, "%.*s%s", (int)len, control, suffix);
	return buf;
}
