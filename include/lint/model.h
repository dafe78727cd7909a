/*
 * What lint sees: nodes, their scripts and instances, and the virtual routers that these make up.
 *
 * It is taken from the raw structs, not from what can be run, because a cluster is judged as it
 * is written: a node that this version does not run is a node all the same. Private to the lint
 * floor.
 */
#ifndef LINT_MODEL_H
#define LINT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "config/raw.h"
#include "config/tree.h"
#include "core/conf.h"
#include "lint/lint.h"

enum lnt_auth { LNT_AUTH_NONE, LNT_AUTH_PASS, LNT_AUTH_AH, LNT_AUTH_HMAC };

struct lnt_script {
	const struct raw_script *raw;
	const char *name;
	int64_t interval_us, timeout_us;
	bool tracked;			/* some instance of the node tracks it */
};

/* A tracked script or interface; its failure takes |weight| off the priority, or is a fault. */
struct lnt_ref {
	const char *name;
	const struct lnt_script *script;	/* NULL: an interface */
	int weight;			/* 0: a fault */
	bool reverse;			/* it is the success that counts as failure */
	struct diag_pos pos;		/* where the weight stands, else the line */
};

struct lnt_vip {
	struct ip_prefix prefix;
	bool excluded;			/* held, not advertised */
	struct diag_pos pos;
};

struct lnt_peer {
	struct ip_addr addr;
	struct diag_pos pos;
};

/* The priorities that are possible: [p] for p from 1 to 255. */
struct elc_set {
	bool has[256];
};

struct lnt_inst {
	const struct raw_inst *raw;
	struct lnt_node *node;
	struct lnt_router *router;	/* NULL until they are put together */
	const char *name;
	const char *iface;
	uint8_t vrid, version, priority, family;
	enum lnt_auth auth;		/* in effect */
	const char *pass;		/* LNT_AUTH_PASS: secret */
	bool state_master;
	bool nopreempt;			/* in effect */
	bool strict;
	bool grouped;			/* in a sync group, where weights mean something else */
	int64_t adver_int_us;
	uint32_t down_adverts;
	struct ip_addr source;		/* as written, or IP_NONE */
	struct ip_addr group;
	struct lnt_vip *vips;		/* in the order of the text */
	size_t n_vips;
	struct lnt_peer *peers;
	size_t n_peers;			/* not 0: unicast */
	struct lnt_ref *refs;
	size_t n_refs;
	struct elc_set *possible;	/* NULL: weights are not judged, see elc_judge() */
};

struct lnt_node {
	size_t index;
	const char *file;
	const char *label;		/* FILE without the directories that all files share */
	bool native;
	bool unusable;			/* the loader said that it cannot be run */
	struct tree tree;		/* RAW points into it */
	struct raw_root raw;
	const char **files;		/* NULL-terminated; never NULL when the text was read */
	const struct source *source;
	struct lnt_script *scripts;
	size_t n_scripts;
	struct lnt_inst *insts;
	size_t n_insts;
};

/* The same virtual router on several nodes. */
struct lnt_router {
	struct lnt_router *next;	/* in the order of finding */
	struct lnt_router *same_vrid;	/* the next one with the VRID of its first member */
	const char *what;		/* its address, or its name in quotes */
	struct lnt_inst *members[LNT_NODES_MAX];	/* the first N; of different nodes */
	size_t n;
};

struct lnt_rule;

struct lnt_said {
	struct lnt_finding f;
	const struct lnt_rule *rule;	/* NULL: the loader */
	size_t node;
	size_t more;			/* how often the same was found at the same place */
};

struct lnt {
	struct arena *arena;
	struct lnt_host host;
	struct lnt_node *nodes[LNT_NODES_MAX];
	size_t n_nodes;
	struct lnt_router *routers, **routers_end;
	struct lnt_said *said;
	size_t n_said, said_size, dropped;
	struct lnt_finding *findings;	/* the same, when all is done */
	int worst;
	bool no_memory;
};

/* Zeroed memory that lives as long as L; NULL sets no_memory. */
void *mdl_alloc(struct lnt *l, size_t n, size_t size);
char *mdl_print(struct lnt *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads FILE into a new node (model_load.c); NULL when it cannot be read. */
struct lnt_node *mdl_load(struct lnt *l, const char *file, const struct cfg_options *options);

/* Fills in the scripts and instances of a node whose raw structs have been read (model.c). */
void mdl_fill(struct lnt *l, struct lnt_node *node);

/* Puts the instances of all nodes together as routers (match.c). */
void mdl_match(struct lnt *l);

/* The place of the word NAME of an instance, else that of the instance. */
struct diag_pos mdl_at(const struct lnt_inst *inst, const char *name);

/* The member of R that NODE has, or NULL. */
const struct lnt_inst *mdl_member(const struct lnt_router *r, const struct lnt_node *node);

#endif
