/*
 * Raw sockets that come from somebody else.
 *
 * The engine may make no sockets, and the ones that it has bound must not die with it. So the
 * keeper makes them, unbound and deaf, and keeps a duplicate; the engine takes one for each
 * interface and family that it hears on. A socket that a former engine had bound to an interface is
 * found again by asking the kernel, and has kept its groups and what came meanwhile.
 */
#ifndef SYS_VRRP_POOL_H
#define SYS_VRRP_POOL_H

#include <stddef.h>
#include <stdint.h>

#define VPL_RESERVE 4		/* unbound ones of a family that there should be */

/* ---- who makes them ---- */

/* A raw socket of FAMILY (enum ip_family) that hears nothing, or -1 with errno. */
int vpl_make(uint8_t family);

/* The kernel's name for the socket, the same for all duplicates; 0: it is none. */
uint64_t vpl_cookie(int fd);

/* ---- who uses them ---- */

/* Neither may be NULL. */
struct vpl_supply {
	void *ctx;
	void (*want)(void *ctx, uint8_t family);	/* one more would be good */
	void (*closed)(void *ctx, uint64_t cookie);	/* this one is not used any more */
};

struct vpl;

/* An empty pool. NULL: no memory. */
struct vpl *vpl_new(const struct vpl_supply *supply);

/* Closes what is in it, without a word. NULL is allowed. */
void vpl_free(struct vpl *p);

/* Takes FD over. */
void vpl_give(struct vpl *p, int fd);

/*
 * The socket of FAMILY that is bound to IFINDEX, else an unbound one, which hears nothing until
 * vpl_hear(). -1 with EAGAIN: there is none, but it has been asked for. The caller's, to be given
 * back with vpl_close().
 */
int vpl_take(struct vpl *p, uint8_t family, int ifindex);

/* After it was bound: it may hear. Returns 0 or a positive errno. */
int vpl_hear(int fd);

/* Closes it for good. */
void vpl_close(struct vpl *p, int fd);

/* Closes those that a former engine had bound and nobody has taken. */
void vpl_settle(struct vpl *p);

#endif
