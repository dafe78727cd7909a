/*
 * Why this exists: the words of everything that takes part in an election. Here an ignored word may
 * mean two masters or none, so each word without an effect has been judged: harmless ones are
 * LATER, and those that would change who holds the address or how advertisements travel are REFUSE.
 */
#include "config/schema_rows.h"

#define BIG INT64_C(1000000)	/* a limit that only a typing error exceeds */
#define REFUSE(w, k, args_, help_) QUIET(w, k, SCH_F_REFUSE, args_, help_)

static const char *const states[] = {
	[SCH_STATE_BACKUP] = "BACKUP", [SCH_STATE_MASTER] = "MASTER", NULL
};

static const char *const auth_types[] = {
	[SCH_AUTH_TYPE_PASS] = "PASS", [SCH_AUTH_TYPE_AH] = "AH", NULL
};

const struct sch_row sch_script_rows[] = {
	PLAIN("name", WORD, AT(raw_script, name), SCH_F_NATIVE, "what track_script calls it"),
	PLAIN_OR("script", COMMAND, AT(raw_script, command), 0,
		 "the vrrp_script is ignored, and so is every line that tracks it",
	      "the command and its arguments; it is run without a shell"),
	RANGE("interval", SECONDS, AT(raw_script, interval), 1000, BIG * SEC, SEC, 0,
	      "time from one run to the next"),
	RANGE_OR("timeout", SECONDS, AT(raw_script, timeout), 1000, BIG * SEC, 0,
		 "the interval is used",
		 "longest time that a run may take; the interval unless given"),
	RANGE("weight", WEIGHT, AT(raw_script, weight), -253, 253, 0, SCH_F_CLAMP,
	      "what a success (above 0) or a failure (below 0) adds to the priority; "
	      "0: a failure is a fault of the instance"),
	PLAIN("reverse", FLAG, AT(raw_script, reverse), SCH_F_NATIVE, "turn the weight round"),
	RANGE("rise", INT, AT(raw_script, rise), 1, BIG, 1, SCH_F_CLAMP,
	      "successes in a row that make it good"),
	RANGE("fall", INT, AT(raw_script, fall), 1, BIG, 1, SCH_F_CLAMP,
	      "failures in a row that make it bad"),
	PLAIN_OR("user", USER, AT(raw_script, user), 0, "the script is not run",
		 "user and group that it runs as"),
	PLAIN("init_fail", FLAG, AT(raw_script, init_fail), 0,
	      "it counts as failed until it has succeeded often enough"),
	END_OF_ROWS
};

const struct sch_row sch_process_rows[] = {
	LATER("process", TEXT, "PATH [ARGUMENT...]", "the process to look for"),
	LATER("param_match", MAYBE, "[initial|partial]", "how its arguments are compared"),
	LATER("full_command", FLAG, NULL, "look at the whole command line"),
	LATER("weight", TEXT, "N [reverse]", "what it adds to the priority"),
	LATER("quorum", TEXT, "N", "least number of such processes"),
	LATER("quorum_max", TEXT, "N", "largest number of such processes"),
	LATER("fork_delay", TEXT, "SECONDS", "patience after one has appeared"),
	LATER("terminate_delay", TEXT, "SECONDS", "patience after one has gone"),
	LATER("delay", TEXT, "SECONDS", "both"),
	END_OF_ROWS
};

const struct sch_row sch_file_rows[] = {
	LATER("file", TEXT, "PATH", "the file to watch"),
	LATER("weight", TEXT, "N [reverse]", "what its number is multiplied by"),
	LATER("init_file", MAYBE, "[N] [overwrite]", "create it at the start"),
	END_OF_ROWS
};

const struct sch_row sch_bfd_rows[] = {
	LATER("neighbor_ip", TEXT, "ADDRESS", "the peer"),
	LATER("neighbour_ip", TEXT, "ADDRESS", "the peer"),
	LATER("source_ip", TEXT, "ADDRESS", "our address"),
	LATER("min_rx", TEXT, "MILLISECONDS", "least interval that we can hear"),
	LATER("min_tx", TEXT, "MILLISECONDS", "least interval that we send at"),
	LATER("idle_tx", TEXT, "MILLISECONDS", "interval while the session is not up"),
	LATER("multiplier", TEXT, "N", "missed packets before the session is down"),
	LATER("passive", FLAG, NULL, "wait for the peer"),
	LATER("ttl", TEXT, "N", "time to live that we send"),
	LATER("hoplimit", TEXT, "N", "the same for IPv6"),
	LATER("max_hops", TEXT, "N", "how much of it may be lost on the way"),
	LATER("multihop", BARE, NULL, "the peer is not a neighbour"),
	LATER("weight", TEXT, "N [reverse]", "what it adds to the priority"),
	LATER("vrrp", FLAG, NULL, "for instances"),
	LATER("checker", FLAG, NULL, "for real servers"),
	END_OF_ROWS
};

const struct sch_row sch_track_group_rows[] = {
	LATER_BLOCK("group", NAMES, NAME, SCH_F_LATER, NULL, "names of instances"),
	END_OF_ROWS
};

const struct sch_row sch_garp_group_rows[] = {
	LATER("garp_interval", TEXT, "SECONDS", "least time between gratuitous ARPs"),
	LATER("gna_interval", TEXT, "SECONDS", "least time between unsolicited NAs"),
	LATER("interface", TEXT, "IFACE", "an interface"),
	LATER_BLOCK("interfaces", NAMES, NAME, SCH_F_LATER, NULL,
		    "interfaces that share the limit"),
	END_OF_ROWS
};

/* Its members are not run, so nothing else in it needs a word of its own. */
const struct sch_row sch_sync_rows[] = {
	PLAIN("name", WORD, AT(raw_group, name), SCH_F_NATIVE, "name of the group"),
	BLOCK("group", NAMES, NAME, AT(raw_group, members), 0, "names of instances"),
	LATER_BLOCK("track_interface", TEXT_LINES, ROOT, SCH_F_ACCEPT, NULL,
		    "tracked for all members"),
	LATER_BLOCK("track_script", TEXT_LINES, ROOT, SCH_F_ACCEPT, NULL,
		    "tracked for all members"),
	LATER_BLOCK("track_file", TEXT_LINES, ROOT, SCH_F_ACCEPT, NULL, "tracked for all members"),
	LATER_BLOCK("track_process", TEXT_LINES, ROOT, SCH_F_ACCEPT, NULL,
		    "tracked for all members"),
	LATER_BLOCK("track_bfd", TEXT_LINES, ROOT, SCH_F_ACCEPT, NULL, "tracked for all members"),
	QUIET("notify_master", TEXT, SCH_F_ACCEPT, "COMMAND [USER [GROUP]]",
	      "run when the group is master"),
	QUIET("notify_backup", TEXT, SCH_F_ACCEPT, "COMMAND [USER [GROUP]]",
	      "run when it is backup"),
	QUIET("notify_fault", TEXT, SCH_F_ACCEPT, "COMMAND [USER [GROUP]]",
	      "run when it is in fault"),
	QUIET("notify_stop", TEXT, SCH_F_ACCEPT, "COMMAND [USER [GROUP]]",
	      "run when the daemon stops"),
	QUIET("notify", TEXT, SCH_F_ACCEPT, "COMMAND [USER [GROUP]]", "run at each of them"),
	QUIET("notify_priority_changes", BARE, SCH_F_ACCEPT, NULL, "default of its members"),
	QUIET("smtp_alert", BARE, SCH_F_ACCEPT, NULL, "mail about the group"),
	QUIET("sync_group_tracking_weight", FLAG, SCH_F_ACCEPT, NULL,
	      "members may track with weights"),
	QUIET("global_tracking", FLAG, SCH_F_ACCEPT | SCH_F_OLD, NULL,
	      "old spelling of sync_group_tracking_weight"),
	END_OF_ROWS
};

const struct sch_row sch_instance_rows[] = {
	PLAIN("name", WORD, AT(raw_inst, name), SCH_F_NATIVE, "name in messages"),
	{ .word = "state",
	  .kind = SCH_CHOICE,
	  .at = AT(raw_inst, state),
	  .dflt = SCH_STATE_BACKUP,
	  .choices = states,
	  .help = "what it would like to be; MASTER without a priority means 255" },
	PLAIN("interface", IFACE, AT(raw_inst, interface), SCH_F_NEEDED,
	      "where advertisements are sent and heard; must be given"),
	RANGE("virtual_router_id", INT, AT(raw_inst, vrid), 1, 255, SCH_NONE, SCH_F_NEEDED,
	      "number of the virtual router on its network; must be given"),
	RANGE("priority", INT, AT(raw_inst, priority), 1, 255, 100, 0,
	      "the highest one is master, 255 owns the addresses; with state MASTER it is 255 "
	      "unless given"),
	RANGE("advert_int", SECONDS, AT(raw_inst, advert_int), 10000, 255 * SEC, SEC, 0,
	      "time between advertisements; whole seconds in version 2, hundredths up to 40.95 in "
	      "3"),
	RANGE_OR("version", INT, AT(raw_inst, version), 2, 3, 0, "vrrp_version is used",
		 "version of the protocol; vrrp_version unless given"),
	BLOCK("authentication", GROUP, AUTH, AT(raw_inst, auth), 0, "password of VRRPv2"),
	PLAIN_OR("mcast_src_ip", ADDR, AT(raw_inst, mcast_src), 0,
		 "the first address of the interface is used",
		 "address that advertisements come from; the interface's first one unless given"),
	PLAIN_OR("unicast_src_ip", ADDR, AT(raw_inst, unicast_src), 0,
		 "the first address of the interface is used",
		 "the same for unicast; without unicast_peer it means mcast_src_ip"),
	PLAIN("mcast_dst_ip", ADDR, AT(raw_inst, mcast_dst), SCH_F_NEEDED,
	      "group that they go to; vrrp_mcast_group4 unless given"),
	RANGE("down_timer_adverts", INT, AT(raw_inst, down_timer_adverts), 1, 100, 3, 0,
	      "missed advertisements before it takes over"),
	RANGE_OR("vip_lease", INT, AT(raw_inst, vip_lease), 0, 86400, SCH_F_OURS,
		 "that of global_defs is used, or else its default",
		 "the same as in global_defs, for this instance"),
	RANGE_OR("max_advert_int", SECONDS, AT(raw_inst, max_advert_int), 10000, 40950000,
		 SCH_F_CLAMP | SCH_F_OURS, "that of global_defs is used, or else its default",
		 "the same as in global_defs, for this instance"),
	PLAIN("preempt", FLAG, AT(raw_inst, preempt), 0,
	      "take over from a lower priority: the default"),
	PLAIN("nopreempt", FLAG, AT(raw_inst, nopreempt), 0, "leave a working master alone"),
	RANGE("preempt_delay", SECONDS, AT(raw_inst, preempt_delay), 0, 1000 * SEC, 0, 0,
	      "let a master of lower priority stay for this long"),
	RANGE("garp_master_delay", SECONDS, AT(raw_inst, garp.delay), 0, BIG * SEC, 5 * SEC, 0,
	      "time from becoming master to the second burst of announcements; 0: none"),
	RANGE("garp_master_repeat", INT, AT(raw_inst, garp.repeat), 1, BIG, 5, SCH_F_CLAMP,
	      "announcements of each address in a burst"),
	RANGE_OR("garp_lower_prio_delay", SECONDS, AT(raw_inst, garp.lower_delay), 0, BIG * SEC, 0,
		 "that of global_defs is used, or else garp_master_delay",
		 "the delay after an advertisement of lower priority; as garp_master_delay unless "
	      "given"),
	RANGE_OR("garp_lower_prio_repeat", INT, AT(raw_inst, garp.lower_repeat), 0, BIG, 0,
		 "that of global_defs is used, or else garp_master_repeat",
	      "the repeat after an advertisement of lower priority; 0: no burst"),
	RANGE("garp_master_refresh", SECONDS, AT(raw_inst, garp.refresh), 0, BIG * SEC, 0, 0,
	      "time between further bursts while master; 0: none"),
	RANGE("garp_master_refresh_repeat", INT, AT(raw_inst, garp.refresh_repeat), 1, BIG, 1,
	      SCH_F_CLAMP, "announcements of each address in such a burst"),
	PLAIN_OR("strict_mode", BARE, AT(raw_inst, strict), 0, "vrrp_strict counts",
		 "vrrp_strict for this instance"),
	PLAIN("dont_track_primary", FLAG, AT(raw_inst, dont_track_primary), 0,
	      "stay fit when its own interface is down"),
	BLOCK("track_interface", LINES, TRACK_LINE, AT(raw_inst, track_ifaces), 0,
	      "interfaces that must be up, or change the priority"),
	BLOCK("track_script", LINES, TRACK_SCRIPT_LINE, AT(raw_inst, track_scripts), 0,
	      "scripts that must succeed, or change the priority"),
	BLOCK("virtual_ipaddress", LINES, VIP, AT(raw_inst, vips), 0,
	      "the addresses that the master holds and advertises"),
	BLOCK("virtual_ipaddress_excluded", LINES, VIP, AT(raw_inst, excluded), 0,
	      "further addresses that it holds and does not advertise"),
	PLAIN("notify_master", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_MASTER]), 0,
	      "run on becoming master"),
	PLAIN("notify_backup", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_BACKUP]), 0,
	      "run on becoming backup"),
	PLAIN("notify_fault", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_FAULT]), 0, "run on a fault"),
	PLAIN("notify_stop", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_STOP]), 0,
	      "run when the daemon stops"),
	PLAIN("notify_deleted", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_DELETED]), SCH_F_BARE_OK,
	      "run when a reload has removed the instance"),
	PLAIN("notify_master_rx_lower_pri", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_RX_LOWER_PRI]),
	      0, "run when a master hears a lower priority; once in ten seconds"),
	PLAIN("notify", NOTIFY, AT(raw_inst, notify[CFG_NOTIFY_GENERIC]), 0,
	      "run at each change, with INSTANCE, the name, the state and the priority as "
	      "arguments"),

	/* Without an effect, which is harmless: who is master, and what it holds, stays as the
	 * text says. */
	QUIET("accept", FLAG, SCH_F_ACCEPT, NULL,
	      "a master accepts traffic to the addresses: always so"),
	QUIET("skip_check_adv_addr", BARE, SCH_F_ACCEPT, NULL, "see vrrp_skip_check_adv_addr"),
	QUIET("debug", TEXT, SCH_F_ACCEPT, "0-4", "has no effect in keepalived either"),
	QUIET("smtp_alert", BARE, SCH_F_MAIL, NULL, "mail about this instance"),
	QUIET("no_virtual_ipaddress", FLAG, SCH_F_ACCEPT, NULL,
	      "it may have no addresses; without any it is not run in this version"),
	QUIET("higher_prio_send_advert", BARE, SCH_F_ACCEPT, NULL,
	      "advertise once more before yielding: always so"),
	LATER("no_accept", FLAG, NULL, "a master drops traffic to the addresses"),
	LATER("timer_expired_backup", MAYBE, "[1-254]",
	      "step down when we have been late ourselves"),
	QUIET("thread_timer_expired", MAYBE, SCH_F_LATER | SCH_F_OLD, "[1-254]",
	      "old spelling of timer_expired_backup"),
	LATER("lower_prio_no_advert", BARE, NULL, "do not answer a lower priority"),
	LATER("owner_ignore_adverts", BARE, NULL, "an owner ignores advertisements"),
	LATER("garp_extra_if", TEXT, "[all] SECONDS",
	      "announcements on the interfaces of addresses elsewhere"),
	QUIET("vmac_garp_intvl", TEXT, SCH_F_LATER | SCH_F_OLD, "[all] SECONDS",
	      "old spelling of garp_extra_if"),
	INNER("kernel_rx_buf_size", TEXT, "BYTES", "its part of the receive buffer"),
	INNER("linkbeat_use_polling", FLAG, NULL, "poll the interface"),
	LATER("promote_secondaries", FLAG, NULL,
	      "keep secondary addresses when the first one goes"),
	LATER("vmac_xmit_base", FLAG, NULL, "advertise on the interface below a virtual MAC"),
	LATER("notify_priority_changes", BARE, NULL, "priorities to the FIFOs, too"),
	QUIET("lvs_sync_daemon_interface", TEXT, SCH_F_LATER | SCH_F_OLD, "IFACE",
	      "old spelling of lvs_sync_daemon in global_defs"),
	LATER("unicast_ttl", TEXT, "N", "time to live towards peers"),
	LATER("check_unicast_src", FLAG, NULL, "accept unicast from configured peers only"),
	LATER("old_unicast_checksum", MAYBE, "[never]", "checksum of old keepalived versions"),

	/* Without an effect, so the instance is not run: it would be master where it must not, or
	 * would hold less than a master must. */
	LATER_BLOCK("virtual_routes", TEXT_LINES, ROUTE, SCH_F_REFUSE, NULL,
		    "routes that the master holds"),
	LATER_BLOCK("virtual_rules", TEXT_LINES, RULE, SCH_F_REFUSE, NULL,
		    "routing rules that the master holds"),
	REFUSE("track_src_ip", FLAG, NULL, "fault when the configured source address is lost"),
	LATER_BLOCK("unicast_peer", TEXT_LINES, PEER, SCH_F_REFUSE, NULL,
		    "advertisements go to these peers and not to the group"),
	REFUSE("unicast_fault_no_peer", FLAG, NULL, "never fall back to multicast"),
	REFUSE("vrf", TEXT, "IFACE", "advertisements travel inside a VRF"),
	REFUSE("native_ipv6", FLAG, NULL, "advertisements travel over IPv6"),
	PLAIN_OR("v3_checksum_as_v2", BARE, AT(raw_inst, plain_checksum), 0,
		 "that of global_defs counts",
	      "send VRRPv3 over IPv4 with a checksum of the message alone (RFC 9568), or ('off') "
	      "with the pseudo-header (RFC 5798); without it, as the master does that was followed "
	      "last. Both are accepted always"),
	REFUSE("use_vmac", MAYBE, "[[name] IFACE] [MAC] [netlink_notify_msg] [group G]",
	       "addresses with the virtual router's MAC"),
	REFUSE("use_vmac_addr", FLAG, NULL, "addresses elsewhere with the virtual router's MAC"),
	REFUSE("use_ipvlan", MAYBE, "[[name] IFACE] [ADDRESS] [bridge|private|vepa] [group G]",
	       "addresses on an IPVLAN interface"),
	LATER_BLOCK("track_file", TEXT_LINES, ROOT, SCH_F_REFUSE, NULL,
		    "files that must be in order, or change the priority"),
	LATER_BLOCK("track_process", TEXT_LINES, ROOT, SCH_F_REFUSE, NULL,
		    "processes that must run, or change the priority"),
	LATER_BLOCK("track_bfd", TEXT_LINES, ROOT, SCH_F_REFUSE, NULL,
		    "BFD sessions that must be up, or change the priority"),
	LATER_BLOCK("auth_hmac", GROUP, HMAC, SCH_F_REFUSE, NULL, "advertisements with an HMAC"),
	END_OF_ROWS
};

const struct sch_row sch_auth_rows[] = {
	{ .word = "auth_type", .kind = SCH_CHOICE, .at = AT(raw_auth, type), .dflt = SCH_NONE,
	  .flags = SCH_F_SECRET | SCH_F_NEEDED, .choices = auth_types,
	  .help = "PASS; an instance with AH is not run in this version" },
	PLAIN("auth_pass", WORD, AT(raw_auth, pass), SCH_F_SECRET | SCH_F_NEEDED,
	      "the password; the first 8 octets count, and they travel in clear text"),
	END_OF_ROWS
};

const struct sch_row sch_hmac_rows[] = {
	LATER("key", TEXT, "ID hex:KEY | ID KEY | ID file:PATH", "a key and its number"),
	LATER("active_key", TEXT, "ID", "the key that we sign with"),
	LATER("anti_replay", TEXT, "time|monotonic", "how old advertisements are recognised"),
	LATER("time_window", TEXT, "SECONDS", "how old an advertisement may be"),
	LATER("mode", TEXT, "enforce|permissive|receive-only", "what becomes of unsigned ones"),
	END_OF_ROWS
};

const struct sch_row sch_vip_rows[] = {
	PLAIN("address", PREFIX, AT(raw_vip, prefix), SCH_F_FIRST,
	      "the address, with its length (32 or 128 unless given)"),
	PLAIN("dev", IFACE, AT(raw_vip, dev), SCH_F_PLACE,
	      "its interface; the instance's unless given"),
	PLAIN("scope", SCOPE, AT(raw_vip, scope), 0, "global, site, link, host, nowhere or 0-255"),
	PLAIN_OR("brd", WORD, AT(raw_vip, broadcast), 0, "no broadcast address is used",
		 "broadcast address; + and - make one with all host bits set or cleared"),
	PLAIN_OR("broadcast", WORD, AT(raw_vip, broadcast), SCH_F_ALIAS,
		 "no broadcast address is used", "the same as brd"),
	PLAIN_OR("label", WORD, AT(raw_vip, label), 0, "no label is used",
		 "label of at most 15 octets; IPv4 only"),
	PLAIN("peer", ADDR, AT(raw_vip, peer), SCH_F_PLACE,
	      "the other end of a point-to-point link"),
	PLAIN("preferred_lft", LIFETIME, AT(raw_vip, preferred_lft), 0,
	      "preferred lifetime in seconds, or forever"),
	PLAIN("home", FLAG, AT(raw_vip, home), 0, "mobile IPv6 home address"),
	PLAIN("-nodad", FLAG, AT(raw_vip, nodad), 0, "no duplicate address detection (IPv6)"),
	PLAIN("mngtmpaddr", FLAG, AT(raw_vip, mngtmpaddr), 0,
	      "template of temporary addresses (IPv6)"),
	PLAIN("noprefixroute", FLAG, AT(raw_vip, noprefixroute), 0, "no route for the prefix"),
	PLAIN("autojoin", FLAG, AT(raw_vip, autojoin), 0, "join the multicast group in the kernel"),
	PLAIN("no_track", FLAG, AT(raw_vip, no_track), 0,
	      "neither its loss nor that of its interface concerns the election"),
	REFUSE("use_vmac", FLAG, NULL, "on an interface with the virtual router's MAC"),
	LATER("track_group", TEXT, "NAME", "static addresses only"),
	END_OF_ROWS
};

const struct sch_row sch_track_line_rows[] = {
	PLAIN("name", IFACE, AT(raw_track, name), SCH_F_FIRST, "the interface"),
	RANGE("weight", INT, AT(raw_track, weight), -253, 253, 0, SCH_F_CLAMP,
	      "what it adds to the priority while up (above 0) or down (below 0); 0: down is a "
	      "fault"),
	PLAIN("reverse", FLAG, AT(raw_track, reverse), 0, "turn the weight round"),
	PLAIN("noreverse", FLAG, AT(raw_track, noreverse), 0, "do not"), END_OF_ROWS
};

const struct sch_row sch_track_script_rows[] = {
	PLAIN("name", WORD, AT(raw_track, name), SCH_F_FIRST, "name of the script"),
	RANGE_OR("weight", INT, AT(raw_track, weight), -253, 253, SCH_F_CLAMP,
		 "the script's own weight is used", "instead of the script's own weight"),
	PLAIN("reverse", FLAG, AT(raw_track, reverse), 0, "turn the weight round"),
	PLAIN("noreverse", FLAG, AT(raw_track, noreverse), 0, "do not, though the script says so"),
	END_OF_ROWS
};

const struct sch_row sch_peer_rows[] = {
	PLAIN("address", ADDR, SCH_NOWHERE, SCH_F_FIRST, "the peer"),
	LATER("min_ttl", TEXT, "N", "least time to live that is accepted"),
	LATER("max_ttl", TEXT, "N", "largest time to live that is accepted"),
	END_OF_ROWS
};

const struct sch_row sch_name_rows[] = {
	PLAIN("name", WORD, AT(raw_name, name), SCH_F_FIRST, "a name"),
	END_OF_ROWS
};
