/*
 * Asking for an upgrade.
 *
 * The binary is opened here: a path means what it means to whoever wrote it, and the daemon gets
 * the very file. It does not believe that it is a good one.
 */
#include "main/command_upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/request.h"
#include "ctl/text.h"
#include "main/client.h"
#include "main/command.h"
#include "main/runtime_path.h"
#include "sys/keepwire.h"
#include "sys/program.h"

#define TIMEOUT_US INT64_C(30000000)
#define SOCKET_PATH_MAX (sizeof(((struct sockaddr_un *)NULL)->sun_path) + sizeof(RTP_UPGRADE))

static int complain(const char *sentence, int status)
{
	char clean[CLT_WHY_MAX];

	fprintf(stderr, "holdfastctl: %s\n", txt_clean(sentence, clean, sizeof(clean)));
	return status;
}

static int say(const struct cug_options *o, bool done)
{
	if (o->json)
		printf("{\"ok\":true,\"version\":%d,\"upgraded\":%s}\n", REQ_VERSION,
		       done ? "true" : "false");
	else
		puts(done ? "The daemon has been upgraded." :
			    "The daemon runs this program already: nothing is to be done.");
	return CMD_DONE;
}

static int tell(const struct cug_options *o, const struct kpw *answer)
{
	char sentence[sizeof(answer->text) + 1];

	if (answer->kind != KPW_UPGRADED) {
		snprintf(sentence, sizeof(sentence), "%s", answer->text);
		return complain(sentence, CMD_REFUSED);
	}
	return say(o, true);
}

/* For people, in the daemon's log: what it executes is the descriptor. */
static void name_it(const char *binary, struct kpw *m)
{
	char *found = realpath(binary, NULL);

	snprintf(m->text, sizeof(m->text), "%s", found ? found : binary);
	free(found);
}

/* ---- what runs already ---- */

/* The file that a daemon takes by itself: its own, or what has come in its place. */
static int open_its_own(pid_t pid)
{
	static const char gone[] = " (deleted)";
	char link[64], path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "/proc/%d/root", (int)pid);

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	ssize_t len = readlink(link, path + n, sizeof(path) - (size_t)n - 1);
	path[n + (len > 0 ? len : 0)] = '\0';
	char *tail = path + strlen(path) - (sizeof(gone) - 1);
	if (len >= (ssize_t)sizeof(gone) && strcmp(tail, gone) == 0)
		*tail = '\0';
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* Whether the daemon behind SOCKET runs what it would be upgraded to. It is looked at here, for a
 * file system may not answer, and the daemon must not wait. What cannot be seen is not the same. */
static bool runs_already(int socket, int binary)
{
	struct ucred daemon = { .pid = 0 };
	socklen_t len = sizeof(daemon);
	char link[64];

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &daemon, &len) || daemon.pid <= 0)
		return false;
	snprintf(link, sizeof(link), "/proc/%d/exe", (int)daemon.pid);
	int now = open(link, O_RDONLY | O_CLOEXEC);
	int then = binary >= 0 ? dup(binary) : open_its_own(daemon.pid);
	bool same = now >= 0 && then >= 0 && prg_same(now, then);

	if (now >= 0)
		close(now);
	if (then >= 0)
		close(then);
	return same;
}

/* ---- asking ---- */

/* FD: the binary, or -1. */
static int ask(const struct cug_options *o, int fd)
{
	struct kpw m = { .kind = KPW_UPGRADE };
	char path[SOCKET_PATH_MAX], why[CLT_WHY_MAX];
	int status = CMD_NO_ANSWER, error;
	struct kpw_got got;
	struct clt c;

	rtp_beside(o->control, RTP_UPGRADE, path, sizeof(path));
	if (!clt_open(&c, path, o->timeout_us ? o->timeout_us : TIMEOUT_US, why))
		return complain(why, CMD_NO_ANSWER);
	if (o->if_changed && runs_already(c.fd, fd)) {
		clt_close(&c);
		return say(o, false);
	}
	if (fd >= 0)
		name_it(o->binary, &m);
	error = kpw_send(c.fd, &m, &fd, fd >= 0);
	if (error && error != EPIPE && error != ECONNRESET)
		complain(strerror(error), 0);
	else if (!clt_wait(&c, why))
		complain(why, 0);
	else if (kpw_recv(c.fd, KPW_OPERATOR, &got) == KPW_GOT)
		status = tell(o, &got.m);
	else
		complain("the daemon has closed the connection: see its log", 0);
	clt_close(&c);
	return status;
}

int cug_main(const struct cug_options *o)
{
	int fd = -1, status;
	char why[CLT_WHY_MAX];

	if (o->binary) {
		fd = open(o->binary, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd < 0) {
			snprintf(why, sizeof(why), "cannot open %s: %s", o->binary,
				 strerror(errno));
			return complain(why, CMD_REFUSED);
		}
	}
	status = ask(o, fd);
	if (fd >= 0)
		close(fd);
	return status;
}
