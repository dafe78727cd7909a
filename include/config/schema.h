/*
 * Every keyword, once.
 *
 * One constant table says where a word may stand, what follows it, what it is by default, where its
 * value goes and what it is for. The keepalived dialect, the builder, the canonical dump, the
 * manual's tables and the "did you mean" of a diagnosis all read this table and nothing else.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sch_block {
	SCH_ROOT, SCH_GLOBAL, SCH_SCRIPT, SCH_PROCESS, SCH_FILE, SCH_BFD, SCH_TRACK_GROUP,
	SCH_GARP_GROUP, SCH_SYNC, SCH_INSTANCE, SCH_AUTH, SCH_HMAC, SCH_VIP, SCH_TRACK_LINE,
	SCH_TRACK_SCRIPT_LINE,
	SCH_PEER, SCH_ROUTE, SCH_RULE, SCH_NAME,
	SCH_SSL, SCH_VS_GROUP, SCH_VS, SCH_RS, SCH_CHECKER, SCH_TCP, SCH_HTTP, SCH_URL, SCH_SMTP,
	SCH_HOST, SCH_DNS, SCH_MISC, SCH_PING, SCH_UDP, SCH_FILE_CHECK, SCH_BFD_CHECK,
	SCH_N_BLOCKS
};

/* What follows a word, and how it stands in the tree. */
enum sch_kind {
	SCH_FLAG,	/* nothing: true */
	SCH_BOOL,	/* on|off|true|false|yes|no: a boolean */
	SCH_BARE,	/* the same, or nothing: true */
	SCH_INT,	/* a whole number */
	SCH_SECONDS,	/* seconds with an optional fraction; microseconds in the raw struct */
	SCH_CHOICE,	/* one of CHOICES: a string; its index in the raw struct */
	SCH_SCOPE,	/* an address scope by name or number */
	SCH_LIFETIME,	/* seconds or "forever" */
	SCH_WORD,	/* one word: a string */
	SCH_IFACE,	/* the name of an interface */
	SCH_ADDR,	/* an address */
	SCH_PREFIX,	/* an address with an optional length */
	SCH_COMMAND,	/* a command: a string, or an array of arguments */
	SCH_NOTIFY,	/* a command, and perhaps user and group: the same, or a group of three */
	SCH_USER,	/* user and perhaps group: a string, or a group of two */
	SCH_WEIGHT,	/* a number, and perhaps "reverse", a setting beside it in the tree */
	SCH_TEXT,	/* any words, at least one: only for words without effect */
	SCH_MAYBE,	/* any words or none: only for words without effect */
	SCH_GROUP,	/* { keywords }: one group */
	SCH_NAMED,	/* NAME { keywords }: a list of groups, each with a setting "name" */
	SCH_REPEAT,	/* { keywords }, as often as you like: a list of groups */
	SCH_LINES,	/* { one entry a line }: a list of groups; the first word is SCH_F_FIRST */
	SCH_NAMES,	/* { words }: a list of strings */
	SCH_TEXT_LINES,	/* { lines }: a list of strings: only for words without effect */
	SCH_N_KINDS
};

enum sch_flags {
	SCH_F_LATER = 1 << 0,	/* understood, no effect yet: one warning a file, block silent */
	SCH_F_MAIL = 1 << 1,	/* the same for mail: one warning a file for all such words */
	SCH_F_ACCEPT = 1 << 2,	/* nothing to say: what it asks for is always so, or harmless */
	SCH_F_REFUSE = 1 << 3,	/* ignoring it would change who holds the address or how adverts
				   travel: an error, and what it belongs to is not run */
	SCH_F_OLD = 1 << 4,	/* a spelling that keepalived has given up */
	SCH_F_NATIVE = 1 << 5,	/* a word of the native dialect only */
	SCH_F_SECRET = 1 << 6,	/* its value is never shown */
	SCH_F_FIRST = 1 << 7,	/* the first word of an entry */
	SCH_F_ORDERED = 1 << 8,	/* keepalived applies it only to what stands below */
	SCH_F_CLAMP = 1 << 9,	/* out of range: the nearest limit is used, not the default */
	SCH_F_ALIAS = 1 << 10,	/* another spelling of the row before it: read, never written */
	SCH_F_BARE_OK = 1 << 11,	/* may stand alone, and then means nothing */
	SCH_F_NEEDED = 1 << 12,	/* without a usable value its block is not run */
	SCH_F_PLACE = 1 << 13,	/* says where an address goes: the line is useless without it */
	SCH_F_OURS = 1 << 15,	/* keepalived does not know it: in its dialect we write it behind
				   LINE_OURS, a comment to keepalived */
	SCH_F_INNER = 1 << 14,	/* how keepalived's own processes work: nothing is missed without
				   it, so one note a file for all such words */
	SCH_F_ABOVE_0 = 1 << 16,	/* keepalived wants a number above 0; here 0 is usable */
};

#define SCH_NONE INT64_MIN	/* no default */
#define SCH_NOWHERE UINT16_MAX	/* no target */

struct sch_row {
	const char *word;
	uint8_t kind;			/* enum sch_kind */
	uint8_t sub;			/* enum sch_block of what is inside */
	uint32_t flags;			/* set of enum sch_flags */
	uint16_t at;			/* offset in the block's raw struct (config/raw.h) */
	int64_t min, max;		/* SCH_INT, SCH_WEIGHT; SCH_SECONDS in microseconds */
	int64_t dflt;			/* in the same unit */
	const char *const *choices;	/* SCH_CHOICE */
	const char *instead;		/* what happens when the value is wrong, where neither
					 * DFLT nor the kind says it: "no label is used" */
	const char *args;		/* for the manual: what follows; NULL: the kind says it */
	const char *help;		/* for the manual: one line */
};

struct sch_block_info {
	const char *name;		/* as the user knows it */
	const struct sch_row *rows;	/* up to one without a word */
	const struct sch_block_info *more;	/* further words that are allowed here, or NULL */
	uint16_t raw_size;		/* of its raw struct; 0: nothing is kept */
	bool secret;			/* an unknown word may be a secret: it is never shown */
	bool free;			/* lines may begin with any word, not only with these */
};

extern const struct sch_block_info sch_blocks[SCH_N_BLOCKS];

/* Indexes in the choices of "state", "auth_type" and "script_environment". */
enum sch_state { SCH_STATE_BACKUP, SCH_STATE_MASTER };
enum sch_environment { SCH_ENVIRONMENT_OWN, SCH_ENVIRONMENT_ALL };
enum sch_auth { SCH_AUTH_TYPE_PASS, SCH_AUTH_TYPE_AH };

/* The row of WORD in BLOCK, or NULL. */
const struct sch_row *sch_find(enum sch_block block, const char *word);

/* The row whose setting in the tree is called NAME, or NULL. */
const struct sch_row *sch_find_setting(enum sch_block block, const char *name);

/* The row of the first word of an entry of BLOCK, or NULL. */
const struct sch_row *sch_first(enum sch_block block);

/* The name of a row's setting in the tree: the word without leading hyphens. */
const char *sch_setting(const struct sch_row *row);

/* True for the kinds that are followed by { }. */
bool sch_is_block(const struct sch_row *row);

/*
 * A word of BLOCK that WORD may have been meant to be: another spelling, with or without "vrrp_",
 * before a "=", in full-width letters, or the nearest one. NULL when nothing is near.
 */
const char *sch_nearest(enum sch_block block, const char *word);

/*
 * WORD as its writer may have seen it: full-width forms as ASCII, and nothing from the first "=" or
 * ";" on. Returns false when nothing is left, or more than fits.
 */
#define SCH_PLAIN_MAX 64
bool sch_plain(const char *word, char buf[static SCH_PLAIN_MAX]);

/*
 * The block that WORD belongs to when it is not BLOCK: preferably one inside it, then one of the N
 * blocks in AROUND, then any. Returns false when there is none.
 */
bool sch_home(enum sch_block block, const char *word, const enum sch_block *around, size_t n,
	      enum sch_block *home);

/* Microseconds as decimal seconds without superfluous zeros: "5", "0.01"; returns BUF. */
#define SCH_NUM_MAX 32
const char *sch_seconds(int64_t us, char buf[static SCH_NUM_MAX]);

/* Standard scope names and numbers 0..255; false when TEXT is neither. */
bool sch_scope(const char *text, int64_t *scope);
const char *sch_scope_name(int64_t scope);	/* NULL: it has none */

#endif
