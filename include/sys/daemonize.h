/*
 * Into the background, and word to whoever waits in front.
 *
 * The command returns to the user's shell when the daemon runs, with its exit status when it does
 * not: so an init script need not guess. systemd is told by its own protocol (sd_notify(3)),
 * written here by hand: one datagram.
 */
#ifndef SYS_DAEMONIZE_H
#define SYS_DAEMONIZE_H

#include <stdbool.h>

/*
 * Forks into the background: a new session, no terminal, "/" as the directory. Returns in the
 * daemon a descriptor for dmz_ready(), or -1 with errno. The process in front waits, and exits with
 * what dmz_ready() says or, when the daemon ends without a word, with 1. Before any thread is
 * started.
 */
int dmz_background(void);

/*
 * STATUS 0: we run; the standard descriptors go to /dev/null. Else: the command's exit status.
 * Closes FD; -1 is allowed and does nothing.
 */
void dmz_ready(int fd, int status);

/* A descriptor of /dev/null, or -1. */
int dmz_null(void);

/* The standard descriptors become what NULL_FD is, which is closed; -1: they stay as they are. */
void dmz_leave_terminal(int null_fd);

/* systemd's end; made once at start, before anything is executed. */
struct sdn {
	int fd;			/* -1: nobody listens */
};

/* Takes NOTIFY_SOCKET out of the environment, so that scripts do not speak in our name. */
void sdn_open(struct sdn *s);
void sdn_ready(const struct sdn *s);
void sdn_reloading(const struct sdn *s);	/* sdn_ready() says that it is over */
void sdn_stopping(const struct sdn *s);
void sdn_status(const struct sdn *s, const char *text);
void sdn_watchdog(const struct sdn *s);

/* Has systemd keep a duplicate of FD over our death, and no longer. Nobody listens: nothing. */
void sdn_store(const struct sdn *s, const char *name, int fd);
void sdn_unstore(const struct sdn *s, const char *name);
void sdn_close(struct sdn *s);

#endif
