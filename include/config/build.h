/*
 * From a tree to a configuration, in two steps.
 *
 * bld_read() turns the tree into raw structs by the schema and judges every word by itself. The
 * rest decides what the words mean together: defaults, references, contradictions, and what cannot
 * be run. Both dialects go through the same code.
 */
#ifndef CONFIG_BUILD_H
#define CONFIG_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/cfg.h"
#include "config/raw.h"
#include "config/schema.h"
#include "config/tree.h"

struct build_said;

struct build {
	struct cfg *cfg;		/* being filled */
	struct arena *arena;		/* of the configuration */
	struct arena *scratch;		/* freed after the build */
	struct diag_list *diags;
	enum cfg_dialect dialect;	/* resolved: never CFG_BY_NAME */
	bool no_memory;
	bool fatal;			/* something has been said that forbids to run anything */
	bool too_many;			/* more of something than an index can count */
	struct raw_root raw;
	struct build_said *said;	/* what has been said once and must not be repeated */
	uint32_t first_instance;	/* where the first vrrp_instance was, in order of reading */

	struct vr_iface_conf *ifaces;	/* grow while instances are built */
	struct diag_pos *iface_pos;
	size_t n_ifaces, ifaces_size;
	const struct raw_script **scripts;	/* usable ones, in the order of the text */
	bool *script_used;			/* parallel: something tracks it */
	size_t n_scripts;
};

/* Sets every number of a raw struct of BLOCK to RAW_NONE. The rest must be zero. */
void raw_init(enum sch_block block, void *raw);

/* Reads the whole tree into B->raw. */
void bld_read(struct build *b, const config_setting_t *root);

/* Reads one value into its place; false (and diagnosed) when it is none (build_value.c). */
bool bld_value(struct build *b, const struct sch_row *row, const config_setting_t *s, void *target);

/* Why NAME cannot be the name of an interface, as "not ..."; NULL: it can. */
const char *bld_bad_iface(const char *name);

/* Zeroed memory of the configuration; NULL sets no_memory. */
void *bld_alloc(struct build *b, size_t n, size_t size);
char *bld_str(struct build *b, const char *text);

/* P with a file name that lives as long as the configuration. */
struct diag_pos bld_keep(struct build *b, struct diag_pos p);

/* The place of the setting NAME in the block that RAW was read from, else that of the block. */
struct diag_pos bld_at(const void *raw, const char *name);

/* The same for what stands behind the word. */
struct diag_pos bld_value_at(const void *raw, const char *name);

/* True when the block that RAW was read from has a setting NAME, useful or not. */
bool bld_has(const void *raw, const char *name);

/*
 * Says that the block RAW, a KIND, has the name of FIRST and is ignored: a note when both are
 * equal, else of SEVERITY (build_reject.c).
 */
void bld_say_twice(struct build *b, const char *kind, const void *raw, const void *first,
		   enum diag_severity severity);

/* RAW when the text gives it, else DFLT. */
int64_t bld_or(int64_t raw, int64_t dflt);
bool bld_on(int64_t raw);

/* True when FLAG or, where the instance is silent, GLOBAL is on. */
bool bld_either(int64_t flag, int64_t global);

/* Builds all that can be run into B->cfg. */
void bld_instances(struct build *b);

/* The index of interface NAME in the configuration; VR_NONE when there are too many. */
uint16_t bld_iface(struct build *b, const char *name, struct diag_pos pos);

/*
 * Whether RAW can be run at all, said in a diagnosis when not (build_reject.c). BEFORE are the N
 * instances that have been accepted. Unusable addresses are taken out of its lists.
 */
bool bld_accept(struct build *b, struct raw_inst *raw, struct raw_inst *const *before, size_t n);

/* The version that an instance speaks. */
uint8_t bld_version(const struct build *b, const struct raw_inst *raw);

/* Its base priority. */
uint8_t bld_priority(const struct raw_inst *raw);

/* Whether its text asks for state MASTER; in strict mode the priority does. */
bool bld_wants_master(const struct raw_inst *raw, bool strict);

/* Takes the addresses out of RAW that no host can hold (build_vip.c). */
void bld_drop_addresses(struct build *b, struct raw_inst *raw);

/* Fills in the addresses of an instance whose interface and version are known. */
void bld_addresses(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst);

/* False when the authentication of RAW forbids to run it (build_auth.c). */
bool bld_auth_accept(struct build *b, const struct raw_inst *raw);

/* Fills in the password. */
void bld_auth(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst, bool strict);

/* Fills in times, preemption and announcements (build_timing.c). */
/* Seconds of its addresses' lease, and what they are unless given; after bld_timing(). */
uint32_t bld_default_lease(const struct vr_inst_conf *inst);
uint32_t bld_lease(const struct build *b, const struct raw_inst *raw,
		   const struct vr_inst_conf *inst);
void bld_timing(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst,
		bool strict);

/* Collects the usable scripts; then each instance's tracking; then the checks (build_track.c). */
void bld_scripts_begin(struct build *b);
void bld_tracking(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst);
void bld_scripts_end(struct build *b, struct vr_inst_conf *insts, size_t n);

#endif
