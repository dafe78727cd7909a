/*
 * Private to the journal: what a file is made of, for those who write it and those who read it.
 *
 * A file is a head and two segments of equal size. Segment number N (from 1) lies in place N % 2;
 * each begins with a checkpoint, a node as a whole, so that the newer of the two can always be
 * read, and the older one adds what was before. Numbers are of variable length (base/cursor.h)
 * unless a size is named.
 *
 *	head		"holdfast journal", format (4), octets of a segment (4), 8 octets of zero
 *	segment		"SEGM", its number (4), records, one octet 0
 *	record		octets of type and body, type (1), body, check (4)
 *	checkpoint	version of the daemon, time, wall clock, start of this run (wall clock),
 *			events lost before it, epoch (1), configuration, node (core/save.h)
 *	configuration	epoch (1), configuration: what the events behind it are for
 *	event		time since the record before it, what core/event.h says of the type
 *	result		hash of the step's actions (4), how far the wall clock has jumped
 *
 * A record's check also covers its segment's number, so that what an older segment left behind is
 * never taken for a part of a newer one.
 */
#ifndef ENGINE_JOURNAL_PARTS_H
#define ENGINE_JOURNAL_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "core/node.h"

#define JRN_FORMAT 3
#define JRN_HEAD 32			/* octets of the file's head */
#define JRN_SEGMENT_HEAD 8
#define JRN_SEGMENT_MARK "SEGM"
#define JRN_CHECK 4			/* octets of a record's check */
#define JRN_FRAME_MAX (5 + 1 + JRN_CHECK)	/* what a record adds to its body */
#define JRN_VERSION_MAX 64		/* octets of the daemon's version */

enum jrn_type {
	JRN_CHECKPOINT = 1,
	JRN_CONFIG = 2,
	JRN_RESULT = 3,			/* events are from 16 on, see jrn_code() */
};

/* ---- journal_conf.c ---- */

/* Writes all of CONF that the core sees, but no password. */
void jrn_put_conf(const struct vr_config *conf, struct outbuf *to);

/*
 * Makes CONF in ARENA. Where the original has a password, this one has JRN_PASSWORD. False: FROM
 * is bad, or there is no memory (FROM is then not bad). Every promise of core/conf.h holds.
 */
bool jrn_get_conf(struct cursor *from, struct arena *arena, struct vr_config *conf);

/* What stands for a password that is right, and for one that is not; VR_AUTH_LEN octets each. */
#define JRN_PASSWORD "********"
#define JRN_NO_PASSWORD "????????"

/* ---- journal_event.c ---- */

/* Which instance an advert is for. */
struct jrn_book {
	const struct vr_config *conf;
	uint16_t *by_vrid;		/* [iface][family is IPv6][vrid] */
};

/* False: no memory; the book is as before. Frees what it held. */
bool jrn_book_make(struct jrn_book *book, const struct vr_config *conf);
void jrn_book_free(struct jrn_book *book);

/* The last instance of that interface, family and VRID, or VR_NONE. */
uint16_t jrn_book_find(const struct jrn_book *book, uint16_t iface, uint8_t family, uint8_t vrid);

/* The number of a record with an event of TYPE; and back, VR_N_EVENTS when there is none. */
uint8_t jrn_code(enum vr_event_type type);
enum vr_event_type jrn_type_of(uint8_t code);

/* Octets that the body of an event of this type can have at most, without its time. */
#define JRN_EVENT_MAX (PKT_MAX + 128)

/* Writes what EVENT says, without its time; a packet without any password. */
void jrn_put_event(const struct jrn_book *book, const struct vr_event *event, struct outbuf *to);

#define JRN_PACKET_MAX 65535		/* an IP packet */

/*
 * Reads an event of TYPE for CONF into OUT, all but its time. A packet's bytes are made in BYTES.
 * NULL, or a sentence that says what is wrong with it.
 */
const char *jrn_get_event(struct cursor *from, const struct vr_config *conf,
			  enum vr_event_type type, struct vr_event *out,
			  uint8_t bytes[static JRN_PACKET_MAX]);

/* ---- journal_record.c ---- */

/* A step's actions as one number, the words of its traces included. CONF: the running one. */
uint32_t jrn_hash(const struct vr_actions *actions, const struct vr_config *conf);

/*
 * Finishes a record whose body of LEN octets stands at BODY; before and behind it JRN_FRAME_MAX
 * octets must be writable. Returns its first octet, and in *SIZE its length; the octet 0 behind
 * it, which ends the segment unless another record is written over it, is not counted.
 */
uint8_t *jrn_frame(uint32_t segment, uint8_t type, uint8_t *body, size_t len, size_t *size);

struct jrn_record {
	uint8_t type;
	struct cursor body;
	size_t offset;			/* in the segment, of its first octet */
};

enum jrn_next { JRN_NEXT_RECORD, JRN_NEXT_END, JRN_NEXT_BAD };

/* Takes the next record of segment number SEGMENT off C, which began at START. */
enum jrn_next jrn_next(struct cursor *c, const uint8_t *start, uint32_t segment,
		       struct jrn_record *out);

#endif
