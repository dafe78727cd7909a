/*
 * What the text says, before anybody has asked what it means.
 *
 * One struct for each block that has an effect. The schema's rows point into them: the builder
 * fills them from a tree, the dump fills them from a configuration and writes them out, so that
 * reading and writing cannot disagree about a keyword. Numbers, times (microseconds) and switches
 * are int64_t, and RAW_NONE where the text is silent; strings are in the configuration's arena,
 * NULL where it is silent.
 */
#ifndef CONFIG_RAW_H
#define CONFIG_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "config/cfg.h"

#define RAW_NONE INT64_MIN

struct config_setting_t;

/* Stands first in every raw struct. */
struct raw_head {
	const struct config_setting_t *setting;	/* the block or entry; NULL: made for a dump */
	const struct config_setting_t *refused;	/* a word that forbids to run it, or NULL */
	bool useless;		/* an entry that has no usable place: it is left out */
};

struct raw_list {
	void *v;		/* N structs of the size that the schema names for the sub-block */
	size_t n;
};

/* A bare name in a list of names. */
struct raw_name {
	struct raw_head head;
	const char *name;
};

struct raw_garp {
	int64_t delay, repeat, refresh, refresh_repeat, lower_delay, lower_repeat;
};

struct raw_global {
	struct raw_head head;
	const char *router_id;
	struct cfg_user script_user;
	int64_t script_security;
	int64_t script_environment;	/* index in schema's environments */
	int64_t version;
	struct raw_garp garp;
	int64_t garp_interval;
	int64_t min_garp;
	int64_t down_timer_adverts;
	int64_t vip_lease;
	int64_t max_advert_int;
	int64_t strict;
	int64_t plain_checksum;
	struct ip_addr group4;
	const char *journal;
	int64_t journal_size;
};

struct raw_script {
	struct raw_head head;
	const char *name;
	struct cfg_command command;
	struct cfg_user user;
	int64_t interval, timeout;
	int64_t weight, reverse;
	int64_t rise, fall;
	int64_t init_fail;
};

/* One line of track_interface or track_script. */
struct raw_track {
	struct raw_head head;
	const char *name;
	int64_t weight, reverse, noreverse;
};

/* One line of virtual_ipaddress or virtual_ipaddress_excluded. */
struct raw_vip {
	struct raw_head head;
	struct ip_prefix prefix;
	const char *dev;
	const char *broadcast;		/* "+", "-" or an address */
	const char *label;
	struct ip_addr peer;
	int64_t scope;
	int64_t preferred_lft;
	int64_t home, nodad, mngtmpaddr, noprefixroute, autojoin, no_track;
};

struct raw_auth {
	struct raw_head head;
	int64_t type;			/* index in schema's auth types */
	const char *pass;
};

struct raw_inst {
	struct raw_head head;
	const char *name;
	int64_t state;			/* index in schema's states */
	const char *interface;
	int64_t vrid, priority, version;
	int64_t advert_int;
	struct ip_addr mcast_src, unicast_src, mcast_dst;
	int64_t plain_checksum;
	int64_t down_timer_adverts;
	int64_t vip_lease;
	int64_t max_advert_int;
	int64_t preempt, nopreempt;
	int64_t preempt_delay;
	struct raw_garp garp;
	int64_t strict;
	int64_t dont_track_primary;
	struct raw_auth auth;
	struct raw_list vips, excluded;			/* of struct raw_vip */
	struct raw_list track_ifaces, track_scripts;	/* of struct raw_track */
	struct cfg_command notify[CFG_N_NOTIFY];
};

struct raw_group {
	struct raw_head head;
	const char *name;
	struct raw_list members;	/* of struct raw_name */
};

struct raw_root {
	struct raw_head head;
	const char *instance;
	struct raw_global global;
	struct raw_list scripts;	/* of struct raw_script */
	struct raw_list groups;		/* of struct raw_group */
	struct raw_list insts;		/* of struct raw_inst */
};

#endif
