/*
 * The fake kernel of a host: links, addresses, the writer's queue and the watcher's notices.
 *
 * It keeps Linux's habits that a failover daemon lives on: an interface that goes takes its
 * addresses along, a new one has a new number, replacing an address is told like adding it, an
 * address in the subnet of another is secondary and moves up when that one goes, an address whose
 * lease ends goes, notices come in order or, when they overflow, not at all. Operations are done
 * and answered in order.
 */
#include <errno.h>
#include <string.h>

#include "sim/inner.h"

#define NOTICE_LEAST_US 20
#define NOTICE_MOST_US 400
#define ANSWER_LEAST_US 20
#define ANSWER_MOST_US 300
#define SCOPE_LINK 253			/* RT_SCOPE_LINK */
#define SECOND_US 1000000		/* the kernel looks at leases about that often */
#define READ_US 2000			/* from the beginning of a re-read to its end */
#define OPS_KEPT 256			/* answered ones, before the queue is moved to its front */

/* ---- looking ---- */

struct sim_link *simk_link(struct sim_node *n, const char *name)
{
	for (size_t i = 0; i < n->kernel.n_links; i++)
		if (strncmp(n->kernel.links[i].name, name, SIM_IFNAME_MAX) == 0)
			return &n->kernel.links[i];
	return NULL;
}

struct sim_link *simk_link_at(struct sim_node *n, int ifindex)
{
	for (size_t i = 0; i < n->kernel.n_links; i++)
		if (ifindex && n->kernel.links[i].ifindex == ifindex)
			return &n->kernel.links[i];
	return NULL;
}

static struct sim_kaddr *find_addr(struct sim_kernel *k, int ifindex, const struct ip_prefix *p)
{
	for (size_t i = 0; i < k->n_addrs; i++)
		if (k->addrs[i].ifindex == ifindex && k->addrs[i].prefix.len == p->len &&
		    ip_equal(&k->addrs[i].prefix.addr, &p->addr))
			return &k->addrs[i];
	return NULL;
}

/* ---- notices ---- */

static int64_t notice_us(struct sim_node *n)
{
	struct sim_kernel *k = &n->kernel;
	int64_t at_us = n->world->now_us + rng_between(&n->dice, NOTICE_LEAST_US, NOTICE_MOST_US);

	if (at_us < k->last_notice_us)
		at_us = k->last_notice_us;
	k->last_notice_us = at_us;
	return at_us;
}

static bool told(struct sim_node *n)
{
	n->kernel.version++;
	if (n->kernel.deaf)
		n->kernel.missed = true;
	return n->engine && !n->kernel.deaf;
}

static void tell_link(struct sim_node *n, const struct sim_link *link, int ifindex)
{
	if (!told(n))
		return;
	struct simq_event e = {
		.type = SIMQ_LINK, .node = n->index, .life = n->life,
		.link = { .ifindex = ifindex, .gone = link->ifindex == 0, .up = link->carrier },
	};

	memcpy(e.link.name, link->name, sizeof(e.link.name));
	simq_push(&n->world->queue, &e, notice_us(n));
}

static uint32_t left_s(const struct sim_node *n, const struct sim_kaddr *a)
{
	int64_t left_us = a->ends_us - n->world->now_us;

	if (a->ends_us == VR_NEVER)
		return 0;
	return left_us < SECOND_US ? 1 : (uint32_t)(left_us / SECOND_US);
}

static struct port_addr as_notice(const struct sim_node *n, const struct sim_kaddr *a, bool gone)
{
	return (struct port_addr){
		.ifindex = a->ifindex, .gone = gone, .prefix = a->prefix, .scope = a->scope,
		.proto = a->proto, .secondary = a->secondary, .lease_s = left_s(n, a),
	};
}

static void tell_addr(struct sim_node *n, const struct sim_kaddr *a, bool gone)
{
	if (!told(n))
		return;
	struct simq_event e = {
		.type = SIMQ_ADDR, .node = n->index, .life = n->life, .addr = as_notice(n, a, gone),
	};

	simq_push(&n->world->queue, &e, notice_us(n));
}

/* ---- addresses ---- */

static bool same_subnet(const struct sim_kaddr *a, const struct ip_prefix *p)
{
	size_t bits = p->len;

	if (a->prefix.len != p->len || a->prefix.addr.family != p->addr.family)
		return false;
	for (size_t i = 0; bits > 0; i++) {
		uint8_t mask = bits >= 8 ? 0xff : 0xff << (8 - bits);

		if ((a->prefix.addr.b[i] ^ p->addr.b[i]) & mask)
			return false;
		bits -= bits >= 8 ? 8 : bits;
	}
	return true;
}

static void set_lease(struct sim_node *n, struct sim_kaddr *a, uint32_t lease_s)
{
	struct simq_event e = {
		.type = SIMQ_LEASE, .node = n->index,
		.addr = { .ifindex = a->ifindex, .prefix = a->prefix },
	};

	a->ends_us = VR_NEVER;
	if (!lease_s)
		return;
	a->ends_us = n->world->now_us + (int64_t)lease_s * SECOND_US;
	simq_push(&n->world->queue, &e, a->ends_us + rng_below(&n->dice, SECOND_US));
}

static void add_addr(struct sim_node *n, int ifindex, const struct ip_prefix *prefix,
		     uint8_t scope, uint8_t proto, uint32_t lease_s)
{
	struct sim_kernel *k = &n->kernel;
	struct sim_kaddr *a = find_addr(k, ifindex, prefix);

	if (!a) {
		if (k->n_addrs >= k->max_addrs) {
			k->max_addrs = k->max_addrs ? k->max_addrs * 2 : 8;
			k->addrs = sim_grow(k->addrs, k->max_addrs, sizeof(*k->addrs));
		}
		bool secondary = false;
		for (size_t i = 0; i < k->n_addrs; i++)
			secondary |= k->addrs[i].ifindex == ifindex && !k->addrs[i].secondary &&
				     prefix->addr.family == IP_V4 &&
				     same_subnet(&k->addrs[i], prefix);
		a = &k->addrs[k->n_addrs++];
		*a = (struct sim_kaddr){
			.ifindex = ifindex, .prefix = *prefix, .secondary = secondary,
		};
	}
	a->scope = scope;
	a->proto = proto;
	a->foreign = false;
	set_lease(n, a, lease_s);
	tell_addr(n, a, false);
}

/* promote_secondaries, as systemd sets it: the next of the subnet moves up. */
static void promote(struct sim_node *n, const struct sim_kaddr *gone)
{
	struct sim_kernel *k = &n->kernel;

	if (gone->secondary)
		return;
	for (size_t i = 0; i < k->n_addrs; i++) {
		if (k->addrs[i].ifindex != gone->ifindex || !k->addrs[i].secondary ||
		    !same_subnet(&k->addrs[i], &gone->prefix))
			continue;
		k->addrs[i].secondary = false;
		tell_addr(n, &k->addrs[i], false);
		return;
	}
}

static bool delete_addr(struct sim_node *n, int ifindex, const struct ip_prefix *prefix)
{
	struct sim_kernel *k = &n->kernel;
	struct sim_kaddr *a = find_addr(k, ifindex, prefix);

	if (!a)
		return false;
	struct sim_kaddr gone = *a;
	memmove(a, a + 1, (size_t)(&k->addrs[--k->n_addrs] - a) * sizeof(*a));
	tell_addr(n, &gone, true);
	promote(n, &gone);
	return true;
}

void simk_host_addr(struct sim_node *n, const char *iface)
{
	struct sim_link *link = simk_link(n, iface);

	for (size_t i = 0; link && link->ifindex && i < link->n_own; i++)
		add_addr(n, link->ifindex, &link->own[i],
			 ip_is_link_local(&link->own[i].addr) ? SCOPE_LINK : 0, 0, 0);
}

/* On a host that stands still, its clock does so as well: the lease begins anew. */
void simk_lease_ends(struct sim_node *n, const struct port_addr *addr)
{
	struct sim_kaddr *a = find_addr(&n->kernel, addr->ifindex, &addr->prefix);

	if (!a || a->ends_us > n->world->now_us)
		return;
	if (n->paused && n->frozen)
		set_lease(n, a, 1);
	else
		delete_addr(n, addr->ifindex, &addr->prefix);
}

/* ---- operations ---- */

static struct sim_op *new_op(struct sim_kernel *k)
{
	if (k->op_end && (k->op_first == k->op_end || k->op_first > OPS_KEPT)) {
		memmove(k->ops, k->ops + k->op_first,
			(k->op_end - k->op_first) * sizeof(*k->ops));
		k->op_undone -= k->op_first;
		k->op_end -= k->op_first;
		k->op_first = 0;
	}
	if (k->op_end == k->max_ops) {
		k->max_ops = k->max_ops ? k->max_ops * 2 : 16;
		k->ops = sim_grow(k->ops, k->max_ops, sizeof(*k->ops));
	}
	memset(&k->ops[k->op_end], 0, sizeof(*k->ops));
	return &k->ops[k->op_end++];
}

static int do_op(struct sim_node *n, const struct sim_op *op)
{
	const struct sim_kaddr *a = find_addr(&n->kernel, op->ifindex, &op->prefix);

	n->kernel.robberies += a && a->foreign;
	if (op->add && !simk_link_at(n, op->ifindex))
		return ENODEV;
	if (op->add)
		add_addr(n, op->ifindex, &op->prefix, op->scope, PORT_IFA_PROTO, op->lease_s);
	else
		delete_addr(n, op->ifindex, &op->prefix);	/* not there: success */
	return 0;
}

void simk_op_do(struct sim_node *n)
{
	struct sim_kernel *k = &n->kernel;
	struct sim_op *op = &k->ops[k->op_undone++];
	int64_t at_us = n->world->now_us + rng_between(&n->dice, ANSWER_LEAST_US, ANSWER_MOST_US);

	op->done = true;
	op->forgotten = rng_permille(&n->dice, k->forget_permille);
	if (rng_permille(&n->dice, k->fail_permille))
		op->error = (int)k->fail_errno;
	else if (!op->forgotten || rng_below(&n->dice, 2))
		op->error = do_op(n, op);
	if (op->forgotten) {
		op->error = EIO;
		at_us += k->forget_us;
	}
	if (at_us < k->last_answer_us)
		at_us = k->last_answer_us;
	k->last_answer_us = at_us;
	simq_push(&n->world->queue,
		  &(struct simq_event){ .type = SIMQ_OP_ANSWER, .node = n->index }, at_us);
}

/* The kernel answers, whether anybody still listens or not. */
void simk_op_answer(struct sim_node *n)
{
	struct sim_op op = n->kernel.ops[n->kernel.op_first++];
	struct sim_input in = {
		.type = SIM_IN_ADDR_DONE, .node = n->index, .error = op.error,
	};

	n->kernel.version++;
	if (!n->engine || op.life != n->life)
		return;
	siml_before(n, &in);
	n->up.addr_done(n->up.ctx, op.token, op.error);
	siml_after(n, &in);
}

void simk_ops(struct sim_node *n, const struct port_addr_op *v, size_t count)
{
	struct sim_kernel *k = &n->kernel;
	const struct sim_watch *watch = &n->world->watch;

	for (size_t i = 0; i < count; i++) {
		struct sim_op *op = new_op(k);
		int64_t at_us = n->world->now_us + k->op_delay_us;

		op->token = v[i].token;
		op->life = n->life;
		op->add = v[i].add;
		op->ifindex = v[i].ifindex;
		op->prefix = v[i].vip->prefix;
		op->scope = v[i].vip->scope;
		op->lease_s = v[i].lease_s;
		if (watch->op)
			watch->op(watch->ctx, n->index, &v[i]);
		if (at_us < k->last_op_us)
			at_us = k->last_op_us;
		k->last_op_us = at_us;
		if (at_us <= n->world->now_us) {
			simk_op_do(n);
			continue;
		}
		simq_push(&n->world->queue,
			  &(struct simq_event){ .type = SIMQ_OP_DO, .node = n->index }, at_us);
	}
}

size_t sim_n_ops(const struct sim *s, size_t node)
{
	const struct sim_kernel *k = &s->nodes[node]->kernel;
	size_t n = 0;

	for (size_t i = k->op_first; i < k->op_end; i++)
		n += k->ops[i].life == s->nodes[node]->life;
	return n;
}

bool sim_op_pending(const struct sim *s, size_t node, int ifindex,
		    const struct ip_prefix *prefix)
{
	const struct sim_kernel *k = &s->nodes[node]->kernel;

	for (size_t i = k->op_first; i < k->op_end; i++)
		if (k->ops[i].ifindex == ifindex && k->ops[i].prefix.len == prefix->len &&
		    ip_equal(&k->ops[i].prefix.addr, &prefix->addr))
			return true;
	return false;
}

/* ---- reading everything ---- */

void simk_dump(struct sim_node *n)
{
	struct sim_kernel *k = &n->kernel;

	for (size_t i = 0; i < k->n_links; i++) {
		struct port_link link = {
			.ifindex = k->links[i].ifindex, .name = k->links[i].name,
			.up = k->links[i].carrier,
		};

		if (link.ifindex)
			n->up.link(n->up.ctx, &link);
	}
	for (size_t i = 0; i < k->n_addrs; i++) {
		struct port_addr addr = as_notice(n, &k->addrs[i], false);

		n->up.addr(n->up.ctx, &addr);
	}
}

/* What was told in between comes behind it: the watcher reads one socket. */
void simk_resync(struct sim_node *n)
{
	struct simq_event e = { .type = SIMQ_RESYNC, .node = n->index, .life = n->life };

	if (!n->engine)
		return;
	simq_push(&n->world->queue, &e, notice_us(n));
	n->kernel.last_notice_us += rng_below(&n->dice, READ_US);
	e.type = SIMQ_SYNCED;
	simq_push(&n->world->queue, &e, notice_us(n));
}

/* ---- deeds ---- */

static void delete_link(struct sim_node *n, struct sim_link *link)
{
	struct sim_kernel *k = &n->kernel;
	int ifindex = link->ifindex;

	if (ifindex == 0)
		return;
	for (size_t i = k->n_addrs; i-- > 0;)
		if (k->addrs[i].ifindex == ifindex) {
			struct ip_prefix prefix = k->addrs[i].prefix;

			delete_addr(n, ifindex, &prefix);
			i = k->n_addrs;
		}
	link->ifindex = 0;
	tell_link(n, link, ifindex);
}

static void create_link(struct sim_node *n, struct sim_link *link, int64_t addr_us)
{
	if (link->ifindex)
		return;
	link->ifindex = n->kernel.next_ifindex++;
	link->carrier = false;
	tell_link(n, link, link->ifindex);
	link->carrier = true;
	tell_link(n, link, link->ifindex);
	struct simq_event e = { .type = SIMQ_HOST_ADDR, .node = n->index };
	memcpy(e.name, link->name, sizeof(e.name));
	simq_push(&n->world->queue, &e, n->world->now_us + addr_us);
}

static void link_deed(struct sim_node *n, struct sim_link *link, const struct sim_deed *deed)
{
	switch (deed->type) {
	case SIM_LINK_DELETE:
		delete_link(n, link);
		break;
	case SIM_LINK_CREATE:
		create_link(n, link, deed->a);
		break;
	case SIM_ADDR_ADD:
		simk_host_addr(n, link->name);
		break;
	case SIM_ADDR_DELETE:
		for (size_t i = 0; link->ifindex && i < link->n_own; i++)
			delete_addr(n, link->ifindex, &link->own[i]);
		break;
	default:
		link->carrier = deed->type == SIM_LINK_UP;
		if (link->ifindex)
			tell_link(n, link, link->ifindex);
		break;
	}
}

static void delete_ours(struct sim_node *n, int64_t which)
{
	struct sim_kernel *k = &n->kernel;
	int64_t seen = 0;

	for (size_t i = 0; i < k->n_addrs; i++) {
		struct sim_kaddr a = k->addrs[i];

		if (a.proto != PORT_IFA_PROTO || (seen++ != which && which >= 0))
			continue;
		delete_addr(n, a.ifindex, &a.prefix);
		i--;
	}
}

/* Another program's "ip address add": what stands there is left alone. */
static void add_foreign(struct sim_node *n, int64_t which, bool other_length)
{
	const struct vr_config *vr = n->engine ? &eng_cfg(n->engine)->vr : NULL;

	for (uint16_t i = 0; vr && i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			const struct vr_vip *vip = &vr->insts[i].vips[v];
			struct sim_link *link = simk_link(n, vr->ifaces[vip->iface].name);
			struct ip_prefix p = vip->prefix;

			if (which-- != 0 || !link || !link->ifindex)
				continue;
			if (other_length)
				p.len = p.len == 32 ? 28 : 32;
			if (find_addr(&n->kernel, link->ifindex, &p))
				continue;
			add_addr(n, link->ifindex, &p, 0, 0, 0);
			find_addr(&n->kernel, link->ifindex, &p)->foreign = true;
		}
}

/* Which address is the first of its subnet decides who is the primary one. */
static void same_order(struct sim_node *n, const struct sim_node *from)
{
	struct sim_kernel *k = &n->kernel;
	size_t at = 0;

	for (size_t i = 0; i < from->kernel.n_addrs; i++) {
		const struct sim_kaddr *a = &from->kernel.addrs[i];
		const struct sim_link *was = simk_link_at((struct sim_node *)from, a->ifindex);
		const struct sim_link *link = was ? simk_link(n, was->name) : NULL;
		struct sim_kaddr *to = link ? find_addr(k, link->ifindex, &a->prefix) : NULL;

		if (!to)
			continue;
		struct sim_kaddr moved = *to;
		*to = k->addrs[at];
		moved.secondary = false;
		for (size_t p = 0; p < at; p++)
			moved.secondary |= k->addrs[p].ifindex == moved.ifindex &&
					   !k->addrs[p].secondary &&
					   same_subnet(&k->addrs[p], &moved.prefix);
		k->addrs[at++] = moved;
	}
}

void simk_copy_foreign(struct sim_node *n, const struct sim_node *from)
{
	for (size_t i = 0; i < from->kernel.n_addrs; i++) {
		const struct sim_kaddr *a = &from->kernel.addrs[i];
		const struct sim_link *was = simk_link_at((struct sim_node *)from, a->ifindex);
		const struct sim_link *link = was ? simk_link(n, was->name) : NULL;

		if (!a->foreign || !link || !link->ifindex)
			continue;
		add_addr(n, link->ifindex, &a->prefix, 0, 0, 0);
		find_addr(&n->kernel, link->ifindex, &a->prefix)->foreign = true;
	}
	same_order(n, from);
}

static void delete_foreign(struct sim_node *n)
{
	struct sim_kernel *k = &n->kernel;

	for (size_t i = 0; i < k->n_addrs; i++) {
		struct sim_kaddr a = k->addrs[i];

		if (a.foreign && delete_addr(n, a.ifindex, &a.prefix))
			i--;
	}
}

static void lose_notices(struct sim_node *n, bool lose)
{
	struct sim_kernel *k = &n->kernel;

	k->deaf = lose;
	if (lose || !k->missed)
		return;
	k->missed = false;
	simk_resync(n);
}

bool simk_deed(struct sim_node *n, const struct sim_deed *deed)
{
	struct sim_kernel *k = &n->kernel;
	struct sim_link *link;

	switch (deed->type) {
	case SIM_LINK_DOWN: case SIM_LINK_UP: case SIM_LINK_DELETE: case SIM_LINK_CREATE:
	case SIM_ADDR_DELETE: case SIM_ADDR_ADD:
		link = simk_link(n, deed->name);
		if (link)
			link_deed(n, link, deed);
		return true;
	case SIM_VIP_DELETE:
		delete_ours(n, deed->a);
		return true;
	case SIM_VIP_FOREIGN:
		add_foreign(n, deed->a, deed->b);
		return true;
	case SIM_VIP_FOREIGN_GONE:
		delete_foreign(n);
		return true;
	case SIM_OPS_FAIL:
		k->fail_permille = deed->a;
		k->fail_errno = deed->b;
		return true;
	case SIM_OPS_DELAY:
		k->op_delay_us = deed->a;
		return true;
	case SIM_OPS_FORGET:
		k->forget_permille = deed->a;
		k->forget_us = deed->b;
		return true;
	case SIM_NOTICES_LOST: case SIM_NOTICES_BACK:
		lose_notices(n, deed->type == SIM_NOTICES_LOST);
		return true;
	case SIM_JOIN_FAIL:
		k->join_error = (int)deed->a;
		return true;
	case SIM_SEND_FAIL:
		k->send_error = (int)deed->a;
		return true;
	default:
		return false;
	}
}

void simk_quiet(struct sim_node *n)
{
	struct sim_kernel *k = &n->kernel;

	k->fail_permille = k->op_delay_us = k->forget_permille = 0;
	k->join_error = k->send_error = 0;
	lose_notices(n, false);
}

/* ---- views ---- */

uint32_t sim_kernel_version(const struct sim *s, size_t node)
{
	return s->nodes[node]->kernel.version;
}

bool sim_has_addr(const struct sim *s, size_t node, int ifindex, const struct ip_prefix *prefix)
{
	const struct sim_kaddr *a = find_addr(&s->nodes[node]->kernel, ifindex, prefix);

	return a && a->proto == PORT_IFA_PROTO;
}

bool sim_has_foreign(const struct sim *s, size_t node, int ifindex, const struct ip_addr *addr)
{
	const struct sim_kernel *k = &s->nodes[node]->kernel;

	for (size_t i = 0; i < k->n_addrs; i++)
		if (k->addrs[i].foreign && ip_equal(&k->addrs[i].prefix.addr, addr) &&
		    (!ifindex || k->addrs[i].ifindex == ifindex))
			return true;
	return false;
}

void sim_each_foreign(const struct sim *s, size_t node, sim_addr_fn fn, void *ctx)
{
	const struct sim_kernel *k = &s->nodes[node]->kernel;

	for (size_t i = 0; i < k->n_addrs; i++)
		if (k->addrs[i].foreign)
			fn(ctx, k->addrs[i].ifindex, &k->addrs[i].prefix);
}

unsigned int sim_robberies(const struct sim *s, size_t node)
{
	return s->nodes[node]->kernel.robberies;
}

bool sim_has_own(const struct sim *s, size_t node, const char *iface)
{
	const struct sim_link *link = simk_link(s->nodes[node], iface);

	return link && link->ifindex && link->n_own &&
	       find_addr(&s->nodes[node]->kernel, link->ifindex, &link->own[0]);
}

void sim_each_ours(const struct sim *s, size_t node, sim_addr_fn fn, void *ctx)
{
	const struct sim_kernel *k = &s->nodes[node]->kernel;

	for (size_t i = 0; i < k->n_addrs; i++)
		if (k->addrs[i].proto == PORT_IFA_PROTO)
			fn(ctx, k->addrs[i].ifindex, &k->addrs[i].prefix);
}

int sim_segment_of(const struct sim *s, size_t node, const char *iface)
{
	const struct sim_link *link = simk_link(s->nodes[node], iface);

	return link ? link->segment : -1;
}

int sim_ifindex(const struct sim *s, size_t node, const char *iface)
{
	const struct sim_link *link = simk_link(s->nodes[node], iface);

	return link ? link->ifindex : 0;
}

bool sim_iface_up(const struct sim *s, size_t node, const char *iface)
{
	const struct sim_link *link = simk_link(s->nodes[node], iface);

	return link && link->ifindex && link->carrier;
}
