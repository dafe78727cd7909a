/*
 * Sockets that outlive the engine.
 *
 * The keeper cannot and need not know what an engine has bound a socket to: the next one asks the
 * kernel. All that is kept here is a duplicate and the kernel's own name for it.
 */
#include "main/keeper_sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/addr.h"
#include "sys/keepwire.h"
#include "sys/vrrp_pool.h"

int ksk_add(struct ksk *k, int fd, uint8_t family)
{
	if (k->n == k->size) {
		size_t size = k->size ? 2 * k->size : 16;
		struct ksk_one *v = reallocarray(k->v, size, sizeof(*v));

		if (!v) {
			close(fd);
			return ENOMEM;
		}
		k->v = v;
		k->size = size;
	}
	k->v[k->n] = (struct ksk_one){ .fd = fd, .cookie = vpl_cookie(fd), .family = family };
	if (k->changed)
		k->changed(k->ctx, &k->v[k->n], true);
	k->n++;
	return 0;
}

static size_t count(const struct ksk *k, uint8_t family)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		n += k->v[i].family == family;
	return n;
}

static int make_one(struct ksk *k, uint8_t family)
{
	int fd;

	if (count(k, family) >= KSK_MOST)
		return EMFILE;
	fd = vpl_make(family);
	return fd < 0 ? errno : ksk_add(k, fd, family);
}

int ksk_make(struct ksk *k, uint8_t family, size_t n)
{
	int error = 0;

	for (size_t there = count(k, family); there < n && !error; there++)
		error = make_one(k, family);
	return error;
}

static int send_some(const struct ksk *k, int channel, size_t from, size_t n)
{
	struct kpw m = { .kind = KPW_SOCKETS };
	int fds[KPW_FDS_MAX];

	for (size_t i = 0; i < n; i++)
		fds[i] = k->v[from + i].fd;
	return kpw_send(channel, &m, fds, n);
}

int ksk_send(const struct ksk *k, int channel)
{
	int error = 0;

	for (size_t i = 0; i < k->n && !error; i += KPW_FDS_MAX)
		error = send_some(k, channel, i, k->n - i < KPW_FDS_MAX ? k->n - i : KPW_FDS_MAX);
	return error;
}

int ksk_send_one(struct ksk *k, int channel, uint8_t family)
{
	int error = make_one(k, family);

	return error ? error : send_some(k, channel, k->n - 1, 1);
}

void ksk_closed(struct ksk *k, uint64_t cookie)
{
	for (size_t i = 0; i < k->n; i++) {
		if (k->v[i].cookie != cookie)
			continue;
		if (k->changed)
			k->changed(k->ctx, &k->v[i], false);
		close(k->v[i].fd);
		k->v[i] = k->v[--k->n];
		return;
	}
}

void ksk_free(struct ksk *k)
{
	for (size_t i = 0; i < k->n; i++)
		close(k->v[i].fd);
	free(k->v);
	k->v = NULL;
	k->n = k->size = 0;
}
