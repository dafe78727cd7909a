/*
 * Private to `holdfastctl simulate`: its parts and what they share.
 *
 * A box is what the files say: nodes, services, what can fail. A run is one world made from it,
 * with the accounts of who held which service when; a story is what it leaves behind for people.
 */
#ifndef MAIN_SIMULATE_H
#define MAIN_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config/cfg.h"
#include "sim/world.h"

#define BOX_SECOND INT64_C(1000000)
#define BOX_NAME_MAX 256			/* octets of a node's name */
#define BOX_LABEL_MAX 640			/* a sentence with two names */
#define BOX_NAMES_MAX (SIM_NODES_MAX * (BOX_NAME_MAX + 4))

struct csm_options;

/* ---- command_simulate_box.c: what the files say ---- */

struct box_port {			/* a node's interface */
	const char *name;
	struct ip_prefix v4, v6;	/* family IP_NONE: without */
	bool given;			/* v4 is our choice, not the file's */
};

struct box_node {
	const char *file;
	char name[BOX_NAME_MAX];
	struct cfg *cfg;
	struct box_port *ports;		/* parallel to cfg->vr.ifaces */
};

/* One virtual router: the same interface, family and VRID on all nodes. */
struct box_service {
	const char *name, *iface;
	uint8_t family, vrid;
	char vips[64];			/* "192.0.2.1", or "192.0.2.1 and 3 more" */
};

enum box_kind { BOX_NODE, BOX_BOTH_WAYS, BOX_ONE_WAY, BOX_CHECK, BOX_IFACE, BOX_N_KINDS };

/* Something that can fail, as it is called on the command line. */
struct box_subject {
	enum box_kind kind;
	uint8_t node, peer;		/* peer: of a link */
	const char *name;		/* of the check or interface */
	char *word;			/* "A", "A-B", "A>B", "A/chk", "A/eth0" */
};

struct box {
	struct box_node nodes[SIM_NODES_MAX];
	size_t n_nodes;
	struct box_service *services;
	size_t n_services;
	struct box_subject *subjects;
	size_t n_subjects;
	const char *segments[SIM_SEGMENTS_MAX];
	size_t n_segments;
	int64_t settle_us;		/* by then every election is over */
};

/* reallocarray() that ends the process with a sentence. */
void *box_grow(void *v, size_t n, size_t size);
/* Loads the files; false: why not stands on standard error. Free in both cases. */
bool box_load(struct box *b, int n, char **files);
void box_free(struct box *b);
/* What was assumed, for people. */
void box_tell(const struct box *b, FILE *to);
/* The service of an instance of CONF. */
size_t box_service_of(const struct box *b, const struct vr_config *conf, uint16_t inst);

/* ---- command_simulate_event.c: what happens to them ---- */

/* Places in the verbs of a kind: what makes it fail is the first; the others are a node's. */
enum { BEV_FAIL, BEV_UP, BEV_STOP, BEV_PAUSE, BEV_RESUME };

struct box_event {
	int64_t at_us;
	const struct box_subject *on;
	int verb;			/* index in the verbs of its kind */
};

/* Reads "NODE:down@60"; false: why not, with the nearest right word, stands on standard error. */
bool bev_parse(const struct box *b, const char *text, struct box_event *out);
/* "NodeA goes down"; returns BUF. */
const char *bev_text(const struct box *b, const struct box_event *e, char *buf, size_t size);
/* "NodeA down", for a table; returns BUF. */
const char *bev_brief(const struct box *b, const struct box_event *e, char *buf, size_t size);
/* Does it to the world. */
void bev_do(struct sim *s, const struct box_event *e);
bool bev_freezes(const struct box_event *e);
bool bev_thaws(const struct box_event *e);

/* ---- command_simulate_run.c: a world with accounts ---- */

enum story_state {
	ST_OFF, ST_INIT, ST_BACKUP, ST_MASTER, ST_FAULT, ST_PAUSED, ST_N_STATES
};

enum story_kind { STORY_EVENT, STORY_LOG, STORY_OWNER };

struct story_line {
	int64_t at_us;
	enum story_kind kind;
	int node;			/* STORY_LOG */
	size_t service;			/* STORY_OWNER */
	uint32_t holders;		/* STORY_OWNER: set of nodes */
	char *text;
};

struct story_span {
	int64_t from_us, to_us;
	size_t node, service;
	enum story_state state;
};

struct story_mark {
	int64_t at_us;
	size_t node;
	bool lost;			/* an advert that did not arrive; else announcements */
};

struct story {
	struct story_line *lines;
	size_t n_lines;
	struct story_span *spans;
	size_t n_spans;
	struct story_mark *marks;
	size_t n_marks;
	int64_t end_us;
	uint64_t events;		/* of the world */
};

struct run_hold {
	uint32_t masters;		/* set of nodes */
	uint32_t told;			/* the holders that the story was told last */
	int64_t since_us;		/* of the present holders */
	int64_t none_us, two_us;	/* since run_measure() */
};

struct run {
	const struct box *box;
	struct sim *sim;
	struct run_hold *hold;		/* by service */
	uint32_t frozen;		/* set of nodes */
	struct story *story;		/* or NULL */
	struct story_span *now;		/* by node and service: the state that lasts */
};

/* All nodes start at time 0. STORY: empty, or NULL. */
void run_begin(struct run *r, const struct box *b, struct story *story);
void run_until(struct run *r, int64_t at_us);
void run_event(struct run *r, const struct box_event *e);
void run_measure(struct run *r);	/* the accounts begin now */
uint32_t run_holders(const struct run *r, size_t service);
void run_settle(struct run *r);		/* the accounts are right up to now */
void run_end(struct run *r);
void story_free(struct story *s);
/* "NodeA", "NodeA and NodeB", "nobody"; returns BUF. */
const char *run_names(const struct box *b, uint32_t nodes, char *buf, size_t size);

/* ---- command_simulate_scale.c: where a moment stands in the picture ---- */

struct scale_piece {
	int64_t from_us, to_us;
	double x, width;
	bool folded;			/* nothing changes, and it is drawn shorter than it is */
};

struct scale {
	struct scale_piece *pieces;	/* of the whole story, in order */
	size_t n;
	double width;			/* of all, in pixels; the first begins at 0 */
	double second;			/* pixels of a second that is not folded */
};

void scale_make(struct scale *s, const struct story *story);
double scale_x(const struct scale *s, int64_t at_us);
/* How many pixels there are between two moments, or up to the first fold between them. */
double scale_room(const struct scale *s, int64_t from_us, int64_t to_us);
void scale_free(struct scale *s);

/* ---- the outputs: each returns an exit status ---- */

int tab_run(const struct box *b, bool json);			/* command_simulate_table.c */
int tml_run(const struct box *b, const struct csm_options *o);	/* command_simulate_line.c */
void svg_draw(const struct box *b, const struct story *s, FILE *to);	/* ..._svg.c */

#endif
