/*
 * Why this exists: half of all keepalived files in the world balance load with IPVS beside VRRP.
 * That half has no effect yet; its words are known, so that a mistake in it is found, and so that
 * one warning covers a whole virtual server.
 */
#include "config/schema_rows.h"

const struct sch_row sch_ssl_rows[] = {
	LATER("password", TEXT, "TEXT", "password of the key"),
	LATER("ca", TEXT, "PATH", "certificate authority"),
	LATER("certificate", TEXT, "PATH", "our certificate"),
	LATER("key", TEXT, "PATH", "its key"),
	END_OF_ROWS
};

/* Entries are ADDRESS, A.B.C.D-E, ADDRESS-ADDRESS, PREFIX, each with [PORT], or a mark. */
const struct sch_row sch_vs_group_rows[] = {
	LATER("fwmark", TEXT, "N [inet|inet6]", "a firewall mark"),
	END_OF_ROWS
};

const struct sch_row sch_vs_rows[] = {
	LATER("lvs_sched", TEXT, "NAME", "scheduler"),
	LATER("lb_algo", TEXT, "NAME", "scheduler"),
	LATER("lvs_method", TEXT, "NAT|DR|TUN ...", "how packets get to the real servers"),
	LATER("lb_kind", TEXT, "NAT|DR|TUN ...", "how packets get to the real servers"),
	LATER("flag-1", FLAG, NULL, "scheduler flag"),
	LATER("flag-2", FLAG, NULL, "scheduler flag"),
	LATER("flag-3", FLAG, NULL, "scheduler flag"),
	LATER("sh-port", FLAG, NULL, "scheduler flag"),
	LATER("sh-fallback", FLAG, NULL, "scheduler flag"),
	LATER("mh-port", FLAG, NULL, "scheduler flag"),
	LATER("mh-fallback", FLAG, NULL, "scheduler flag"),
	LATER("ops", FLAG, NULL, "one packet scheduling"),
	LATER("hashed", FLAG, NULL, "hashed entry"),
	LATER("persistence_engine", TEXT, "NAME", "what makes a client the same"),
	LATER("persistence_timeout", MAYBE, "[SECONDS]", "a client keeps its server for this long"),
	LATER("persistence_granularity", TEXT, "MASK", "clients that count as one"),
	LATER("protocol", TEXT, "TCP|UDP|SCTP", "protocol"),
	LATER("ip_family", TEXT, "inet|inet6", "family of a marked service"),
	LATER("delay_loop", TEXT, "SECONDS", "time between checks"),
	LATER("connect_timeout", TEXT, "SECONDS", "patience with a connection"),
	LATER("retry", TEXT, "N", "further tries of a failed check"),
	LATER("delay_before_retry", TEXT, "SECONDS", "time between them"),
	LATER("warmup", TEXT, "SECONDS", "checks start within this time"),
	LATER("inhibit_on_failure", BARE, NULL, "weight 0 for a failed server"),
	LATER("ha_suspend", FLAG, NULL, "check only while we hold the address"),
	LATER("alpha", FLAG, NULL, "servers are down until checked"),
	LATER("omega", FLAG, NULL, "notify about all servers at the end"),
	LATER("quorum", TEXT, "N", "weight of live servers that the service needs"),
	LATER("hysteresis", TEXT, "N", "slack of the quorum"),
	LATER("quorum_up", TEXT, "COMMAND [USER [GROUP]]", "run when the quorum is reached"),
	LATER("quorum_down", TEXT, "COMMAND [USER [GROUP]]", "run when it is lost"),
	LATER("weight", TEXT, "N", "default weight of a server"),
	LATER("virtualhost", TEXT, "NAME", "default host name of HTTP checks"),
	LATER("snmp_name", TEXT, "NAME", "name in the MIB"),
	LATER("smtp_alert", BARE, NULL, "mail about its servers"),
	LATER("sorry_server", TEXT, "ADDRESS [PORT]", "where to go without a quorum"),
	LATER("sorry_server_inhibit", FLAG, NULL, "inhibit_on_failure for it"),
	LATER("sorry_server_lvs_method", TEXT, "NAT|DR|TUN ...", "lvs_method for it"),
	LATER_BLOCK("real_server", NAMED, RS, SCH_F_LATER, "ADDRESS [PORT]", "one server"),
	END_OF_ROWS
};

const struct sch_row sch_rs_rows[] = {
	LATER("weight", TEXT, "N", "its weight"),
	LATER("lvs_method", TEXT, "NAT|DR|TUN ...", "how packets get to it"),
	LATER("uthreshold", TEXT, "N", "connections that are too many"),
	LATER("lthreshold", TEXT, "N", "connections that are few enough again"),
	LATER("inhibit_on_failure", BARE, NULL, "weight 0 when it has failed"),
	LATER("notify_up", TEXT, "COMMAND [USER [GROUP]]", "run when it is up"),
	LATER("notify_down", TEXT, "COMMAND [USER [GROUP]]", "run when it is down"),
	LATER("alpha", BARE, NULL, "down until checked"),
	LATER("retry", TEXT, "N", "further tries of a failed check"),
	LATER("delay_before_retry", TEXT, "SECONDS", "time between them"),
	LATER("warmup", TEXT, "SECONDS", "checks start within this time"),
	LATER("connect_timeout", TEXT, "SECONDS", "patience with a connection"),
	LATER("delay_loop", TEXT, "SECONDS", "time between checks"),
	LATER("smtp_alert", BARE, NULL, "mail about it"),
	LATER("virtualhost", TEXT, "NAME", "host name of HTTP checks"),
	LATER("snmp_name", TEXT, "NAME", "name in the MIB"),
	LATER_BLOCK("TCP_CHECK", REPEAT, TCP, SCH_F_LATER, NULL, "a connection can be opened"),
	LATER_BLOCK("HTTP_GET", REPEAT, HTTP, SCH_F_LATER, NULL, "a page answers as it should"),
	LATER_BLOCK("SSL_GET", REPEAT, HTTP, SCH_F_LATER, NULL,
		    "a page answers as it should over TLS"),
	LATER_BLOCK("SMTP_CHECK", REPEAT, SMTP, SCH_F_LATER, NULL, "a mail server greets"),
	LATER_BLOCK("DNS_CHECK", REPEAT, DNS, SCH_F_LATER, NULL, "a name server answers"),
	LATER_BLOCK("MISC_CHECK", REPEAT, MISC, SCH_F_LATER, NULL, "a command succeeds"),
	LATER_BLOCK("PING_CHECK", REPEAT, PING, SCH_F_LATER, NULL, "it answers a ping"),
	LATER_BLOCK("UDP_CHECK", REPEAT, UDP, SCH_F_LATER, NULL, "it answers a datagram"),
	LATER_BLOCK("FILE_CHECK", REPEAT, FILE_CHECK, SCH_F_LATER, NULL, "a file says so"),
	LATER_BLOCK("BFD_CHECK", REPEAT, BFD_CHECK, SCH_F_LATER, NULL, "a BFD session is up"),
	END_OF_ROWS
};

/* What most checkers share. */
const struct sch_row sch_checker_rows[] = {
	LATER("connect_ip", TEXT, "ADDRESS", "where to connect; the real server unless given"),
	LATER("connect_port", TEXT, "PORT", "the same for the port"),
	LATER("bindto", TEXT, "ADDRESS", "our address"),
	LATER("bind_port", TEXT, "PORT", "our port"),
	LATER("bind_if", TEXT, "IFACE", "our interface"),
	LATER("connect_timeout", TEXT, "SECONDS", "patience with a connection"),
	LATER("fwmark", TEXT, "N", "mark of its packets"),
	LATER("retry", TEXT, "N", "further tries of a failed check"),
	LATER("delay_before_retry", TEXT, "SECONDS", "time between them"),
	LATER("warmup", TEXT, "SECONDS", "the first check comes within this time"),
	LATER("delay_loop", TEXT, "SECONDS", "time between checks"),
	LATER("alpha", BARE, NULL, "down until checked"),
	LATER("log_all_failures", BARE, NULL, "log every failure"),
	QUIET("nb_get_retry", TEXT, SCH_F_LATER | SCH_F_OLD, "N", "old spelling of retry"),
	END_OF_ROWS
};

const struct sch_row sch_tcp_rows[] = { END_OF_ROWS };
const struct sch_row sch_ping_rows[] = { END_OF_ROWS };

const struct sch_row sch_http_rows[] = {
	LATER_BLOCK("url", REPEAT, URL, SCH_F_LATER, NULL, "one page"),
	LATER("virtualhost", TEXT, "NAME", "host name to ask for"),
	LATER("http_protocol", TEXT, "1.0|1.0C|1.1", "version of HTTP"),
	LATER("fast_recovery", BARE, NULL, "one success is enough"),
	LATER("enable_sni", FLAG, NULL, "say the host name in the TLS greeting"),
	LATER("sni_name", TEXT, "NAME", "another name there"),
	LATER("tls_compliant", FLAG, NULL, "want a clean end of TLS"),
	END_OF_ROWS
};

const struct sch_row sch_url_rows[] = {
	LATER("path", TEXT, "PATH", "what to ask for"),
	LATER("digest", TEXT, "MD5", "digest of the answer"),
	LATER("status_code", TEXT, "N|A-B ...", "status of the answer"),
	LATER("virtualhost", TEXT, "NAME", "host name to ask for"),
	LATER("regex", TEXT, "PATTERN", "what the answer must match"),
	LATER("regex_no_match", FLAG, NULL, "what it must not match"),
	LATER("regex_options", TEXT, "OPTION...", "options of the pattern"),
	LATER("regex_min_offset", TEXT, "N", "where the match begins at the earliest"),
	LATER("regex_max_offset", TEXT, "N", "where the match begins at the latest"),
	LATER("regex_stack", TEXT, "START MAX", "memory of the matcher"),
	LATER("tls_compliant", FLAG, NULL, "want a clean end of TLS"),
	END_OF_ROWS
};

const struct sch_row sch_smtp_rows[] = {
	LATER("helo_name", TEXT, "NAME", "how we greet"),
	LATER_BLOCK("host", REPEAT, HOST, SCH_F_LATER | SCH_F_OLD, NULL, "where to connect"),
	END_OF_ROWS
};

const struct sch_row sch_host_rows[] = { END_OF_ROWS };

const struct sch_row sch_dns_rows[] = {
	LATER("type", TEXT, "A|NS|CNAME|SOA|MX|TXT|AAAA|RRSIG|DNSKEY", "type of record"),
	LATER("name", TEXT, "NAME", "name to ask for"),
	END_OF_ROWS
};

const struct sch_row sch_misc_rows[] = {
	LATER("misc_path", TEXT, "COMMAND", "the command"),
	LATER("misc_timeout", TEXT, "SECONDS", "longest time that it may take"),
	LATER("misc_dynamic", FLAG, NULL, "its exit status is a weight"),
	LATER("user", TEXT, "USER [GROUP]", "who it runs as"),
	END_OF_ROWS
};

const struct sch_row sch_udp_rows[] = {
	LATER("payload", TEXT, "HEX", "what to send"),
	LATER("require_reply", MAYBE, "[HEX]", "what must come back"),
	LATER("min_reply_length", TEXT, "N", "least length of it"),
	LATER("max_reply_length", TEXT, "N", "largest length of it"),
	END_OF_ROWS
};

const struct sch_row sch_file_check_rows[] = {
	LATER("track_file", TEXT, "NAME", "the file"),
	LATER("weight", TEXT, "N [reverse|noreverse]", "what its number is multiplied by"),
	END_OF_ROWS
};

const struct sch_row sch_bfd_check_rows[] = {
	LATER("name", TEXT, "NAME", "the session"),
	LATER("alpha", BARE, NULL, "down until the session is up"),
	END_OF_ROWS
};
