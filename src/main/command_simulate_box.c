/*
 * From configuration files to a cluster that can be simulated.
 *
 * Files do not say how hosts are wired or which addresses they have. What is assumed instead is
 * decided here, in one place, and told to the user: one segment for each interface name, and an
 * address in the subnet of the virtual ones.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "ctl/text.h"
#include "main/command_simulate.h"
#include "main/simulate.h"

#define SETTLE_LEAST_US (60 * BOX_SECOND)
#define NETWORK_BITS 24			/* where a virtual address has no useful prefix length */

void *box_grow(void *v, size_t n, size_t size)
{
	void *grown = reallocarray(v, n, size);

	if (grown)
		return grown;
	fputs("holdfastctl: there is no memory\n", stderr);
	exit(CSM_UNUSABLE);
}

/* ---- names ---- */

static bool name_taken(const struct box *b, size_t node, const char *name)
{
	for (size_t i = 0; i < b->n_nodes; i++)
		if (i != node && strcmp(b->nodes[i].name, name) == 0)
			return true;
	return false;
}

/* Its router_id, unless another file has the same. */
static const char *wanted_name(const struct box *b, size_t node)
{
	const char *id = b->nodes[node].cfg->global.router_id;

	for (size_t i = 0; id && i < b->n_nodes; i++) {
		const char *other = b->nodes[i].cfg->global.router_id;

		if (i != node && other && strcmp(other, id) == 0)
			id = NULL;
	}
	return id;
}

static void name_node(struct box *b, size_t node)
{
	struct box_node *n = &b->nodes[node];
	const char *base = strrchr(n->file, '/');
	const char *wish = wanted_name(b, node);
	char *dot;

	if (!wish)
		wish = base ? base + 1 : n->file;
	txt_clean(wish, n->name, sizeof(n->name));
	dot = wanted_name(b, node) ? NULL : strrchr(n->name, '.');
	if (dot && dot > n->name)
		*dot = '\0';
	if (!n->name[0] || name_taken(b, node, n->name))
		snprintf(n->name, sizeof(n->name), "node%zu", node + 1);
}

/* ---- addresses ---- */

static bool is_vip(const struct box *b, const struct ip_addr *a)
{
	for (size_t n = 0; n < b->n_nodes; n++) {
		const struct vr_config *vr = &b->nodes[n].cfg->vr;

		for (uint16_t i = 0; i < vr->n_insts; i++)
			for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
				if (ip_equal(&vr->insts[i].vips[v].prefix.addr, a))
					return true;
	}
	return false;
}

/* The NODE-th free address of the subnet of VIP. */
static struct ip_prefix beside(const struct box *b, const struct ip_prefix *vip, size_t node)
{
	bool useful = vip->len >= 8 && vip->len <= NETWORK_BITS;
	struct ip_prefix p = { .addr = vip->addr, .len = useful ? vip->len : NETWORK_BITS };
	size_t left = node + 1;

	for (size_t host = 0; host < 4; host++) {
		int kept = p.len - 8 * (int)host;

		p.addr.b[host] &= kept >= 8 ? 0xff : kept <= 0 ? 0 : (uint8_t)(0xff << (8 - kept));
	}
	while (left > 0 && p.addr.b[3] < 254) {
		p.addr.b[3]++;
		left -= !is_vip(b, &p.addr);
	}
	return p;
}

static const struct vr_inst_conf *source_on(const struct vr_config *vr, uint16_t iface)
{
	for (uint16_t i = 0; i < vr->n_insts; i++)
		if (vr->insts[i].iface == iface && vr->insts[i].source.family == IP_V4)
			return &vr->insts[i];
	return NULL;
}

static const struct ip_prefix *vip_on(const struct vr_config *vr, uint16_t iface)
{
	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
			if (vr->insts[i].iface == iface &&
			    vr->insts[i].vips[v].prefix.addr.family == IP_V4)
				return &vr->insts[i].vips[v].prefix;
	return NULL;
}

static void address(const struct box *b, size_t node, uint16_t iface)
{
	static const struct ip_prefix documentation = {
		.addr = { .family = IP_V4, .b = { 192, 0, 2, 0 } }, .len = NETWORK_BITS,
	};
	const struct vr_config *vr = &b->nodes[node].cfg->vr;
	const struct vr_inst_conf *source = source_on(vr, iface);
	const struct ip_prefix *vip = vip_on(vr, iface);
	struct box_port *port = &b->nodes[node].ports[iface];

	port->name = vr->ifaces[iface].name;
	port->given = !source;
	if (source)
		port->v4 = (struct ip_prefix){ .addr = source->source, .len = NETWORK_BITS };
	else
		port->v4 = beside(b, vip ? vip : &documentation, node);
	port->v6 = (struct ip_prefix){
		.addr = { .family = IP_V6, .b = { 0xfe, 0x80 } }, .len = 64,
	};
	port->v6.addr.b[15] = (uint8_t)(node + 1);
	for (uint16_t i = 0; i < vr->n_insts; i++)
		if (vr->insts[i].iface == iface && vr->insts[i].source.family == IP_V6)
			port->v6.addr = vr->insts[i].source;
}

/* ---- segments, services ---- */

static bool add_segment(struct box *b, const char *name)
{
	for (size_t i = 0; i < b->n_segments; i++)
		if (strcmp(b->segments[i], name) == 0)
			return true;
	if (b->n_segments == SIM_SEGMENTS_MAX) {
		fprintf(stderr, "holdfastctl: more than %d interfaces cannot be simulated\n",
			SIM_SEGMENTS_MAX);
		return false;
	}
	b->segments[b->n_segments++] = name;
	return true;
}

static void name_vips(struct box_service *s, const struct vr_inst_conf *inst)
{
	char text[IP_TEXT_MAX] = "no address";

	if (inst->n_vips)
		ip_text(&inst->vips[0].prefix.addr, text);
	if (inst->n_vips > 1)
		snprintf(s->vips, sizeof(s->vips), "%s and %d more", text, inst->n_vips - 1);
	else
		snprintf(s->vips, sizeof(s->vips), "%s", text);
}

static bool is_service(const struct box_service *s, const struct vr_config *vr, uint16_t inst)
{
	const struct vr_inst_conf *i = &vr->insts[inst];

	return s->vrid == i->vrid && s->family == i->family &&
	       strcmp(s->iface, vr->ifaces[i->iface].name) == 0;
}

size_t box_service_of(const struct box *b, const struct vr_config *conf, uint16_t inst)
{
	size_t i = 0;

	while (i < b->n_services && !is_service(&b->services[i], conf, inst))
		i++;
	return i;
}

static void add_service(struct box *b, const struct vr_config *vr, uint16_t i)
{
	const struct vr_inst_conf *inst = &vr->insts[i];
	int64_t slow_us = 10 * inst->adver_int_us * (inst->down_timer_adverts + 1) +
			  inst->preempt_delay_us;
	struct box_service *s;

	if (slow_us > b->settle_us)
		b->settle_us = slow_us;
	if (box_service_of(b, vr, i) < b->n_services)
		return;
	b->services = box_grow(b->services, b->n_services + 1, sizeof(*s));
	s = &b->services[b->n_services++];
	*s = (struct box_service){
		.name = inst->name, .iface = vr->ifaces[inst->iface].name,
		.family = inst->family, .vrid = inst->vrid,
	};
	name_vips(s, inst);
}

static void add_checks_time(struct box *b, const struct cfg *cfg)
{
	for (uint16_t c = 0; c < cfg->vr.n_checks; c++) {
		const struct vr_check_conf *check = &cfg->vr.checks[c];
		int64_t runs = (check->rise > check->fall ? check->rise : check->fall) + 2;
		int64_t slow_us = 20 * BOX_SECOND + runs * cfg->checks[c].interval_us;

		if (slow_us > b->settle_us)
			b->settle_us = slow_us;
	}
}

/* ---- what can fail ---- */

static void add_subject(struct box *b, const struct box_subject *s)
{
	const char *first = b->nodes[s->node].name;
	const char *rest = s->name ? s->name : s->peer != SIM_ALL ? b->nodes[s->peer].name : "";
	static const char *const between[BOX_N_KINDS] = {
		[BOX_NODE] = "", [BOX_BOTH_WAYS] = "-", [BOX_ONE_WAY] = ">", [BOX_CHECK] = "/",
		[BOX_IFACE] = "/",
	};
	size_t size = strlen(first) + strlen(rest) + 2;

	b->subjects = box_grow(b->subjects, b->n_subjects + 1, sizeof(*s));
	b->subjects[b->n_subjects] = *s;
	b->subjects[b->n_subjects].word = box_grow(NULL, size, 1);
	snprintf(b->subjects[b->n_subjects++].word, size, "%s%s%s", first, between[s->kind], rest);
}

static void add_links(struct box *b)
{
	for (uint8_t i = 0; i < b->n_nodes; i++)
		for (uint8_t j = (uint8_t)(i + 1); j < b->n_nodes; j++) {
			add_subject(b, &(struct box_subject){ BOX_BOTH_WAYS, i, j, NULL, NULL });
			add_subject(b, &(struct box_subject){ BOX_ONE_WAY, i, j, NULL, NULL });
			add_subject(b, &(struct box_subject){ BOX_ONE_WAY, j, i, NULL, NULL });
		}
}

static void add_subjects(struct box *b)
{
	for (uint8_t n = 0; n < b->n_nodes; n++)
		add_subject(b, &(struct box_subject){ BOX_NODE, n, SIM_ALL, NULL, NULL });
	for (uint8_t n = 0; n < b->n_nodes; n++) {
		const struct vr_config *vr = &b->nodes[n].cfg->vr;

		for (uint16_t c = 0; c < vr->n_checks; c++)
			add_subject(b, &(struct box_subject){ BOX_CHECK, n, SIM_ALL,
							      vr->checks[c].name, NULL });
	}
	for (uint8_t n = 0; n < b->n_nodes; n++) {
		const struct vr_config *vr = &b->nodes[n].cfg->vr;

		for (uint16_t i = 0; i < vr->n_ifaces; i++)
			add_subject(b, &(struct box_subject){ BOX_IFACE, n, SIM_ALL,
							      vr->ifaces[i].name, NULL });
	}
	add_links(b);
}

/* ---- loading ---- */

/* Warnings are for lint; here only what changes the configuration that runs. */
static bool load_one(struct box_node *n)
{
	struct cfg_options how = { .dialect = CFG_BY_NAME };
	struct diag_list said;
	char line[512], clean[512];

	diag_init(&said);
	n->cfg = cfg_load(n->file, &how, &said);
	for (size_t i = 0; i < said.n; i++) {
		if (said.v[i].severity < DIAG_MISTAKE)
			continue;
		diag_text(&said.v[i], line, sizeof(line));
		fprintf(stderr, "%s\n", log_clean(line, clean, sizeof(clean)));
	}
	if (said.starved)
		fputs("holdfastctl: there is no memory\n", stderr);
	diag_free(&said);
	if (n->cfg && n->cfg->vr.n_insts > 0)
		return true;
	fprintf(stderr, "holdfastctl: %s %s\n", log_clean(n->file, clean, sizeof(clean)),
		n->cfg ? "has no vrrp_instance" : "cannot be run");
	return false;
}

/* The world knows scripts by name. */
static bool names_fit(const struct vr_config *vr)
{
	for (uint16_t c = 0; c < vr->n_checks; c++) {
		if (strlen(vr->checks[c].name) < SIM_NAME_MAX)
			continue;
		fprintf(stderr, "holdfastctl: a check's name is longer than the %d octets that "
			"can be simulated\n", SIM_NAME_MAX - 1);
		return false;
	}
	return true;
}

static bool wire(struct box *b, size_t node)
{
	struct box_node *n = &b->nodes[node];
	const struct vr_config *vr = &n->cfg->vr;

	name_node(b, node);
	n->ports = box_grow(NULL, vr->n_ifaces, sizeof(*n->ports));
	for (uint16_t i = 0; i < vr->n_ifaces; i++) {
		address(b, node, i);
		if (!add_segment(b, vr->ifaces[i].name))
			return false;
	}
	for (uint16_t i = 0; i < vr->n_insts; i++)
		add_service(b, vr, i);
	add_checks_time(b, n->cfg);
	return names_fit(vr);
}

bool box_load(struct box *b, int n, char **files)
{
	bool good = true;

	memset(b, 0, sizeof(*b));
	b->settle_us = SETTLE_LEAST_US;
	for (int i = 0; i < n; i++) {
		b->nodes[i].file = files[i];
		b->n_nodes++;
		good &= load_one(&b->nodes[i]);
	}
	for (size_t i = 0; good && i < b->n_nodes; i++)
		good = wire(b, i);
	if (good)
		add_subjects(b);
	return good;
}

void box_free(struct box *b)
{
	for (size_t i = 0; i < b->n_nodes; i++) {
		free(b->nodes[i].ports);
		cfg_free(b->nodes[i].cfg);
	}
	for (size_t i = 0; i < b->n_subjects; i++)
		free(b->subjects[i].word);
	free(b->subjects);
	free(b->services);
}

/* ---- telling ---- */

#define NAME_COLUMNS 12

static void tell_node(const struct box_node *n, FILE *to)
{
	char text[IP_TEXT_MAX];

	fputs("  ", to);
	txt_put(to, n->name, NAME_COLUMNS);
	fputs(" ", to);
	txt_put(to, n->file, 0);
	for (uint16_t i = 0; i < n->cfg->vr.n_ifaces; i++) {
		fputs(i ? ", " : ": ", to);
		txt_put(to, n->ports[i].name, 0);
		fprintf(to, " %s%s", ip_text(&n->ports[i].v4.addr, text),
			n->ports[i].given ? "*" : "");
	}
	fputc('\n', to);
}

static void tell_service(const struct box_service *s, FILE *to)
{
	fputs("  ", to);
	txt_put(to, s->name, NAME_COLUMNS);
	fprintf(to, " %s, VRID %d on ", s->vips, s->vrid);
	txt_put(to, s->iface, 0);
	fputc('\n', to);
}

void box_tell(const struct box *b, FILE *to)
{
	bool given = false;

	fputs("Nodes, connected where their interfaces have the same name:\n", to);
	for (size_t n = 0; n < b->n_nodes; n++) {
		tell_node(&b->nodes[n], to);
		for (uint16_t i = 0; i < b->nodes[n].cfg->vr.n_ifaces; i++)
			given |= b->nodes[n].ports[i].given;
	}
	if (given)
		fputs("  * assumed, for want of mcast_src_ip; it decides only between equal "
		      "priorities\n", to);
	fputs("Virtual routers:\n", to);
	for (size_t i = 0; i < b->n_services; i++)
		tell_service(&b->services[i], to);
	fputs("Checks succeed unless they are made to fail.\n\n", to);
}
