/*
 * How the rows of the schema are written; for the schema's own files only.
 */
#ifndef CONFIG_SCHEMA_ROWS_H
#define CONFIG_SCHEMA_ROWS_H

#include <stddef.h>

#include "config/raw.h"
#include "config/schema.h"

#define SEC INT64_C(1000000)		/* microseconds */
#define AT(type, field) offsetof(struct type, field)

/* A word with an effect and without a range. */
#define PLAIN(w, k, at_, flags_, help_) \
	{ .word = w, .kind = SCH_##k, .at = at_, .flags = flags_, .dflt = SCH_NONE, .help = help_ }

/* The same; INSTEAD_ says what happens when its value is wrong. */
#define PLAIN_OR(w, k, at_, flags_, instead_, help_) \
	{ .word = w, .kind = SCH_##k, .at = at_, .flags = flags_, .dflt = SCH_NONE, \
	  .instead = instead_, .help = help_ }

/* A word with a range and a default. */
#define RANGE(w, k, at_, lo, hi, def, flags_, help_) \
	{ .word = w, .kind = SCH_##k, .at = at_, .flags = flags_, .min = lo, .max = hi, \
	  .dflt = def, .help = help_ }

/* A word with a range whose default depends on others: INSTEAD_ names it. */
#define RANGE_OR(w, k, at_, lo, hi, flags_, instead_, help_) \
	{ .word = w, .kind = SCH_##k, .at = at_, .flags = flags_, .min = lo, .max = hi, \
	  .dflt = SCH_NONE, .instead = instead_, .help = help_ }

/* A block with an effect. */
#define BLOCK(w, k, sub_, at_, flags_, help_) \
	{ .word = w, .kind = SCH_##k, .sub = SCH_##sub_, .at = at_, .flags = flags_, \
	  .dflt = SCH_NONE, .help = help_ }

/* A word without an effect in this version: FLAGS_ says how loudly. */
#define QUIET(w, k, flags_, args_, help_) \
	{ .word = w, .kind = SCH_##k, .at = SCH_NOWHERE, .flags = flags_, .dflt = SCH_NONE, \
	  .args = args_, .help = help_ }
#define INNER(w, k, args_, help_) QUIET(w, k, SCH_F_INNER, args_, help_)
#define LATER(w, k, args_, help_) QUIET(w, k, SCH_F_LATER, args_, help_)

/* A block without an effect in this version. */
#define LATER_BLOCK(w, k, sub_, flags_, args_, help_) \
	{ .word = w, .kind = SCH_##k, .sub = SCH_##sub_, .at = SCH_NOWHERE, .flags = flags_, \
	  .dflt = SCH_NONE, .args = args_, .help = help_ }

#define END_OF_ROWS { .word = NULL }

extern const struct sch_row sch_root_rows[], sch_global_rows[], sch_script_rows[],
	sch_process_rows[], sch_file_rows[], sch_bfd_rows[], sch_track_group_rows[],
	sch_garp_group_rows[], sch_sync_rows[], sch_instance_rows[], sch_auth_rows[],
	sch_hmac_rows[], sch_vip_rows[], sch_track_line_rows[], sch_track_script_rows[],
	sch_peer_rows[], sch_route_rows[], sch_rule_rows[], sch_name_rows[], sch_ssl_rows[],
	sch_vs_group_rows[], sch_vs_rows[], sch_rs_rows[], sch_checker_rows[], sch_tcp_rows[],
	sch_http_rows[], sch_url_rows[], sch_smtp_rows[], sch_host_rows[], sch_dns_rows[],
	sch_misc_rows[], sch_ping_rows[], sch_udp_rows[], sch_file_check_rows[],
	sch_bfd_check_rows[];

#endif
