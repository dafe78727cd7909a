/*
 * Why this exists: a keyword that is known in one place only cannot be forgotten in another. This
 * file ties the rows of all blocks together and answers questions about them; it holds no row
 * itself.
 */
#include "config/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "config/schema_rows.h"

#define MAX_WORDS 256		/* words of one block that a typing error is compared with */
#define MAX_WORD SCH_PLAIN_MAX	/* octets; longer words have no nearest one */

#define KEPT(name_, rows_, type) { .name = name_, .rows = rows_, .raw_size = sizeof(struct type) }
#define SKIPPED(name_, rows_) { .name = name_, .rows = rows_ }
#define CHECKER(name_, rows_) { .name = name_, .rows = rows_, .more = &sch_blocks[SCH_CHECKER] }

const struct sch_block_info sch_blocks[SCH_N_BLOCKS] = {
	[SCH_ROOT] = KEPT("the file itself", sch_root_rows, raw_root),
	[SCH_GLOBAL] = KEPT("global_defs", sch_global_rows, raw_global),
	[SCH_SCRIPT] = KEPT("vrrp_script", sch_script_rows, raw_script),
	[SCH_PROCESS] = SKIPPED("vrrp_track_process", sch_process_rows),
	[SCH_FILE] = SKIPPED("track_file", sch_file_rows),
	[SCH_BFD] = SKIPPED("bfd_instance", sch_bfd_rows),
	[SCH_TRACK_GROUP] = SKIPPED("track_group", sch_track_group_rows),
	[SCH_GARP_GROUP] = SKIPPED("garp_group", sch_garp_group_rows),
	[SCH_SYNC] = KEPT("vrrp_sync_group", sch_sync_rows, raw_group),
	[SCH_INSTANCE] = KEPT("vrrp_instance", sch_instance_rows, raw_inst),
	[SCH_AUTH] = { .name = "authentication",
		       .rows = sch_auth_rows,
		       .raw_size = sizeof(struct raw_auth),
		       .secret = true },
	[SCH_HMAC] = { .name = "auth_hmac", .rows = sch_hmac_rows, .secret = true },
	[SCH_VIP] = KEPT("an address line", sch_vip_rows, raw_vip),
	[SCH_TRACK_LINE] = KEPT("a line of track_interface", sch_track_line_rows, raw_track),
	[SCH_TRACK_SCRIPT_LINE] = KEPT("a line of track_script", sch_track_script_rows, raw_track),
	[SCH_PEER] = SKIPPED("a line of unicast_peer", sch_peer_rows),
	[SCH_ROUTE] = SKIPPED("a route", sch_route_rows),
	[SCH_RULE] = SKIPPED("a rule", sch_rule_rows),
	[SCH_NAME] = KEPT("a list of names", sch_name_rows, raw_name),
	[SCH_SSL] = SKIPPED("SSL", sch_ssl_rows),
	[SCH_VS_GROUP] = { .name = "virtual_server_group",
			   .rows = sch_vs_group_rows,
			   .free = true },
	[SCH_VS] = SKIPPED("virtual_server", sch_vs_rows),
	[SCH_RS] = SKIPPED("real_server", sch_rs_rows),
	[SCH_CHECKER] = SKIPPED("a checker", sch_checker_rows),
	[SCH_TCP] = CHECKER("TCP_CHECK", sch_tcp_rows),
	[SCH_HTTP] = CHECKER("HTTP_GET", sch_http_rows),
	[SCH_URL] = SKIPPED("url", sch_url_rows),
	[SCH_SMTP] = CHECKER("SMTP_CHECK", sch_smtp_rows),
	[SCH_HOST] = CHECKER("host", sch_host_rows),
	[SCH_DNS] = CHECKER("DNS_CHECK", sch_dns_rows),
	[SCH_MISC] = CHECKER("MISC_CHECK", sch_misc_rows),
	[SCH_PING] = CHECKER("PING_CHECK", sch_ping_rows),
	[SCH_UDP] = CHECKER("UDP_CHECK", sch_udp_rows),
	[SCH_FILE_CHECK] = SKIPPED("FILE_CHECK", sch_file_check_rows),
	[SCH_BFD_CHECK] = SKIPPED("BFD_CHECK", sch_bfd_check_rows),
};

static const struct sch_row *find_in(const struct sch_block_info *info, const char *word)
{
	for (; info; info = info->more) {
		for (const struct sch_row *row = info->rows; row->word; row++) {
			if (strcmp(row->word, word) == 0)
				return row;
		}
	}
	return NULL;
}

const struct sch_row *sch_find(enum sch_block block, const char *word)
{
	return find_in(&sch_blocks[block], word);
}

const struct sch_row *sch_find_setting(enum sch_block block, const char *name)
{
	for (const struct sch_block_info *info = &sch_blocks[block]; info; info = info->more) {
		for (const struct sch_row *row = info->rows; row->word; row++) {
			if (strcmp(sch_setting(row), name) == 0)
				return row;
		}
	}
	return NULL;
}

const struct sch_row *sch_first(enum sch_block block)
{
	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		if (row->flags & SCH_F_FIRST)
			return row;
	}
	return NULL;
}

const char *sch_setting(const struct sch_row *row)
{
	return row->word + strspn(row->word, "-");
}

bool sch_is_block(const struct sch_row *row)
{
	return row->kind >= SCH_GROUP;
}

/* U+FF01 to U+FF5E in UTF-8 stand for ASCII. */
bool sch_plain(const char *word, char buf[static SCH_PLAIN_MAX])
{
	size_t n = 0;

	while (*word && n + 1 < MAX_WORD) {
		const unsigned char *u = (const unsigned char *)word;
		bool wide = u[0] == 0xef && (u[1] == 0xbc || u[1] == 0xbd) && u[2] >= 0x80 &&
			    u[2] <= 0xbf;
		char c = wide ? (char)(u[2] - 0x80 + (u[1] == 0xbd ? 0x60 : 0x20)) : *word;

		if (c == '=' || c == ';')
			break;
		buf[n++] = c;
		word += wide ? 3 : 1;
	}
	buf[n] = '\0';
	return n > 0 && n + 1 < MAX_WORD;
}

/* The row of WORD, unless only the native dialect has it. */
static const struct sch_row *find_shared(enum sch_block block, const char *word)
{
	const struct sch_row *row = sch_find(block, word);

	return row && !(row->flags & SCH_F_NATIVE) ? row : NULL;
}

/* WORD with "vrrp_" put before it or taken away. */
static const struct sch_row *find_sibling(enum sch_block block, const char *word)
{
	char longer[MAX_WORD + 8] = "vrrp_";

	if (strncmp(word, "vrrp_", 5) == 0)
		return find_shared(block, word + 5);
	strncat(longer, word, MAX_WORD);
	return find_shared(block, longer);
}

static size_t collect(enum sch_block block, const char **words)
{
	size_t n = 0;

	for (const struct sch_block_info *info = &sch_blocks[block]; info; info = info->more) {
		for (const struct sch_row *row = info->rows; row->word && n < MAX_WORDS - 1;
		     row++) {
			if (!(row->flags & SCH_F_NATIVE))
				words[n++] = row->word;
		}
	}
	words[n] = NULL;
	return n;
}

const char *sch_nearest(enum sch_block block, const char *word)
{
	const char *words[MAX_WORDS];
	const struct sch_row *row;
	char plain[MAX_WORD];

	if (!sch_plain(word, plain))
		return NULL;
	row = find_shared(block, plain);
	if (!row)
		row = find_sibling(block, plain);
	if (row)
		return row->word;
	collect(block, words);
	return word_nearest(plain, words);
}

/* Blocks whose words are keywords of a line and not options of an entry. */
static bool has_keywords(enum sch_block block)
{
	return !sch_first(block) && block != SCH_ROUTE && block != SCH_RULE && block != SCH_CHECKER;
}

/* Of several blocks with the same word, the one that most writers mean. */
static const enum sch_block likely[] = {
	SCH_INSTANCE, SCH_SCRIPT, SCH_GLOBAL, SCH_AUTH, SCH_SYNC, SCH_VS, SCH_RS,
};

static bool is_inside(enum sch_block block, enum sch_block inner)
{
	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		if ((row->kind == SCH_GROUP || row->kind == SCH_NAMED || row->kind == SCH_REPEAT) &&
		    row->sub == inner)
			return true;
	}
	return false;
}

static bool inner_home(enum sch_block block, const char *word, enum sch_block *home)
{
	for (size_t i = 0; i < sizeof(likely) / sizeof(likely[0]); i++) {
		if (is_inside(block, likely[i]) && find_shared(likely[i], word)) {
			*home = likely[i];
			return true;
		}
	}
	for (int b = SCH_ROOT; b < SCH_N_BLOCKS; b++) {
		if (is_inside(block, (enum sch_block)b) && find_shared((enum sch_block)b, word)) {
			*home = (enum sch_block)b;
			return true;
		}
	}
	return false;
}

static bool any_home(enum sch_block block, const char *word, enum sch_block *home)
{
	for (size_t i = 0; i < sizeof(likely) / sizeof(likely[0]); i++) {
		if (likely[i] != block && find_shared(likely[i], word)) {
			*home = likely[i];
			return true;
		}
	}
	for (int b = SCH_ROOT; b < SCH_N_BLOCKS; b++) {
		if (b == (int)block || !has_keywords(b) || !find_shared(b, word))
			continue;
		*home = (enum sch_block)b;
		return true;
	}
	return false;
}

bool sch_home(enum sch_block block, const char *word, const enum sch_block *around, size_t n,
	      enum sch_block *home)
{
	if (inner_home(block, word, home))
		return true;
	for (size_t i = n; i > 0; i--) {
		if (around[i - 1] != block && find_shared(around[i - 1], word)) {
			*home = around[i - 1];
			return true;
		}
	}
	return any_home(block, word, home);
}

const char *sch_seconds(int64_t us, char buf[static SCH_NUM_MAX])
{
	size_t n;

	snprintf(buf, SCH_NUM_MAX, "%lld.%06lld", (long long)(us / 1000000),
		 (long long)(us % 1000000));
	n = strlen(buf);
	while (buf[n - 1] == '0')
		n--;
	if (buf[n - 1] == '.')
		n--;
	buf[n] = '\0';
	return buf;
}

static const struct {
	const char *name;
	uint8_t value;
} scopes[] = {
	{ "global", 0 }, { "site", 200 }, { "link", 253 }, { "host", 254 }, { "nowhere", 255 },
};

bool sch_scope(const char *text, int64_t *scope)
{
	char *end;
	long n;

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (strcmp(scopes[i].name, text) == 0) {
			*scope = scopes[i].value;
			return true;
		}
	}
	if (*text < '0' || *text > '9')
		return false;
	n = strtol(text, &end, 0);
	*scope = n;
	return !*end && n <= 255;
}

const char *sch_scope_name(int64_t scope)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (scopes[i].value == scope)
			return scopes[i].name;
	}
	return NULL;
}
