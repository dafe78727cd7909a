/*
 * What the election must know of the configuration, as plain values.
 *
 * The configuration floor builds these arrays once; the core only reads them, and they must outlive
 * every node that was made from them. Commands, users and file names are no business of the core:
 * it sees a check as a name with a weight. References between arrays are indexes.
 *
 * All times are microseconds. VRRPv2 advertises whole seconds, VRRPv3 centiseconds; the builder has
 * rounded adver_int_us to what the version can say.
 */
#ifndef CORE_CONF_H
#define CORE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define VR_NONE UINT16_MAX		/* "no index" */
#define VR_PRIO_OWNER 255
#define VR_PRIO_STOP 0			/* "I am leaving", RFC 9568 section 5.2.4 */
#define VR_AUTH_LEN 8
#define VR_LFT_FOREVER UINT32_MAX

enum vr_auth { VR_AUTH_NONE = 0, VR_AUTH_PASS = 1, VR_AUTH_AH = 2 };	/* the v2 wire values */

/* How VRRPv3 over IPv4 is summed: RFC 5798 5.2.8 takes a pseudo-header in, RFC 9568 5.2.8 the
 * message alone. Both are accepted from everybody; this is about what is sent. */
enum vr_sum {
	VR_SUM_LEARN,			/* as the master does that was followed last; with the
					 * pseudo-header until one was */
	VR_SUM_PSEUDO,
	VR_SUM_PLAIN,			/* the message alone */
};

enum vr_vip_flags {
	VR_VIP_EXCLUDED = 1 << 0,	/* held by the master, not advertised */
	VR_VIP_NO_TRACK = 1 << 1,	/* its loss does not concern the election */
	VR_VIP_HOME = 1 << 2,
	VR_VIP_NODAD = 1 << 3,
	VR_VIP_MNGTMPADDR = 1 << 4,
	VR_VIP_NOPREFIXROUTE = 1 << 5,
	VR_VIP_AUTOJOIN = 1 << 6,
};

/* One virtual address as it will stand on an interface. */
struct vr_vip {
	struct ip_prefix prefix;
	struct ip_addr peer;		/* point-to-point peer or IP_NONE */
	struct ip_addr broadcast;	/* IP_NONE: none */
	const char *label;		/* IPv4 label or NULL */
	uint32_t preferred_lft;		/* seconds; VR_LFT_FOREVER */
	uint16_t iface;			/* index in vr_config.ifaces */
	uint8_t scope;			/* RT_SCOPE_* value; 0 is "global" */
	uint8_t flags;			/* enum vr_vip_flags */
};

/* A tracked interface or check as one instance sees it. Weight 0: its failure is a fault. */
struct vr_ref {
	uint16_t index;			/* in vr_config.ifaces or .checks */
	int16_t weight;			/* -253..253 */
	bool reverse;
};

/* A tracked script, or later any other probe. */
struct vr_check_conf {
	const char *name;
	uint32_t rise;			/* good results in a row needed, >= 1 */
	uint32_t fall;			/* bad results in a row needed, >= 1 */
	bool init_fail;			/* counts as failed until RISE good results have come */
	uint64_t identity;		/* a hash of the definition: equal ones keep their result
					 * on reload */
};

struct vr_iface_conf {
	const char *name;
};

struct vr_inst_conf {
	const char *name;
	uint16_t iface;			/* the interface that adverts are sent and heard on */
	uint8_t family;			/* enum ip_family of the adverts */
	uint8_t version;		/* 2 or 3 */
	uint8_t vrid;			/* 1..255 */
	uint8_t priority;		/* base priority, 1..255 */
	uint8_t auth_type;		/* enum vr_auth; always none for v3 */
	uint8_t auth_data[VR_AUTH_LEN];	/* secret: never shown */
	uint8_t sum;			/* enum vr_sum */
	bool preempt;			/* false: nopreempt */
	bool track_primary;		/* false: dont_track_primary */
	bool garp_lower_prio;		/* announce again after an advert of lower priority */
	uint32_t down_timer_adverts;	/* missed adverts before takeover; 3 in the RFC */
	int64_t adver_int_us;
	int64_t max_follow_us;		/* v3: no longer interval of a master is reckoned with; 0:
					 * any is */
	int64_t preempt_delay_us;
	int64_t garp_delay_us;		/* second burst after becoming master; 0: none */
	int64_t garp_lower_prio_delay_us;
	int64_t garp_refresh_us;	/* 0: none */
	int64_t garp_interval_us;	/* least gap between two announcements; 0: none */
	uint32_t garp_repeat;		/* announcements of each address a burst */
	uint32_t garp_lower_prio_repeat;
	uint32_t garp_refresh_repeat;
	struct ip_addr source;		/* mcast_src_ip, or IP_NONE: the interface's primary
					 * address */
	struct ip_addr group;		/* where adverts go: 224.0.0.18 or ff02::12 unless
					 * configured */
	const struct vr_vip *vips;	/* advertised ones first, in the order of the file */
	uint16_t n_vips;		/* all */
	uint16_t n_advertised;		/* how many of them stand in the advert, 0..255 */
	const struct vr_ref *track_ifaces;
	uint16_t n_track_ifaces;
	const struct vr_ref *track_checks;
	uint16_t n_track_checks;
};

/* VRRPv2: the owner of the addresses discards what other masters say (RFC 3768 7.1). Their adverts
 * change neither its state nor its timer, and none is sent for them. */
static inline bool vr_is_deaf_owner(const struct vr_inst_conf *ic)
{
	return ic->version == 2 && ic->priority == VR_PRIO_OWNER;
}

struct vr_config {
	const struct vr_iface_conf *ifaces;	/* every interface that an instance or a VIP
						 * names */
	uint16_t n_ifaces;
	const struct vr_check_conf *checks;
	uint16_t n_checks;
	const struct vr_inst_conf *insts;	/* no two with equal (iface, family, vrid) */
	uint16_t n_insts;
};

#endif
