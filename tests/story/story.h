/*
 * Private to the story runner: hosts on a virtual clock, and the text that says what they do.
 *
 * README.md in this directory describes the language of the *.story files.
 */
#ifndef TESTS_STORY_H
#define TESTS_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/node.h"

#define MAX_HOSTS 6
#define MAX_IFACES 4
#define MAX_CHECKS 4
#define MAX_INSTS 4
#define MAX_VIPS 8
#define MAX_REFS 4
#define MAX_WORDS 48
#define NAME_MAX_ 32
#define SECOND_US INT64_C(1000000)

/* ---- setup.c: a configuration that can be copied, edited and built ---- */

struct plan_inst {
	char name[NAME_MAX_];
	struct vr_inst_conf conf;	/* pointers and counts are filled in by plan_build() */
	struct vr_vip vips[MAX_VIPS];
	uint16_t n_vips;
	struct vr_ref ifaces[MAX_REFS], checks[MAX_REFS];
	uint16_t n_ifaces, n_checks;
};

struct plan_check {
	char name[NAME_MAX_];
	struct vr_check_conf conf;
};

struct plan {
	char ifaces[MAX_IFACES][NAME_MAX_];
	uint16_t n_ifaces;
	struct plan_check checks[MAX_CHECKS];
	uint16_t n_checks;
	struct plan_inst insts[MAX_INSTS];
	uint16_t n_insts, current;	/* the instance that was named last */
	/* What plan_build() makes: points into this very struct. */
	struct vr_iface_conf iface_confs[MAX_IFACES];
	struct vr_check_conf check_confs[MAX_CHECKS];
	struct vr_inst_conf inst_confs[MAX_INSTS];
	struct vr_config vr;
};

/* The words of one line of a story. */
struct words {
	const char *file;
	unsigned int line;
	char *v[MAX_WORDS];
	size_t n, at;
};

void plan_build(struct plan *p);
uint16_t plan_iface(struct plan *p, const struct words *w, const char *name);
/* One statement ("instance VI_1 priority 100"); dies on a mistake. "interface" is the host's. */
void plan_statement(struct plan *p, struct words *w);
/* The settings of an instance from the words that are left; also what "forge" overrides. */
void plan_settings(struct plan *p, struct plan_inst *in, struct words *w);

/* Words, one after the other; all of them die with file and line when there is nothing to take. */
const char *word_next(struct words *w);
bool word_is(struct words *w, const char *word);	/* takes it when it is the next one */
long word_number(struct words *w, long least, long most);
int64_t word_seconds(struct words *w);			/* "3.5" as microseconds */
struct ip_addr word_addr(struct words *w);
void words_end(const struct words *w);			/* dies when words are left */
_Noreturn void bad_story(const struct words *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- world.c: hosts, the wire between them, and the clock ---- */

struct host_iface {
	char name[NAME_MAX_];
	bool exists, up, ready;
	struct ip_addr primary;
};

struct held {
	char iface[NAME_MAX_];
	struct ip_prefix prefix;
};

/* A node and the configuration that it runs by. */
struct running {
	struct plan plan;
	void *memory;
	struct vr_node *node;
};

struct host {
	char name[NAME_MAX_];
	struct plan plan;		/* the file on its disk */
	struct running *run;		/* NULL: the daemon does not run */
	uint8_t epoch;
	struct host_iface ifaces[MAX_IFACES];
	size_t n_ifaces;
	struct held held[MAX_INSTS * MAX_VIPS];
	size_t n_held;
	bool frozen;
	bool robbed;			/* of an address, since it last added one */
	int refuse;			/* errno of every address operation, or 0 */
	bool fresh[256];		/* by VRID: the next advert is the first as master */
	uint8_t said[256];		/* by VRID: priority of the last advert */
	bool cut[MAX_HOSTS];		/* what it sends does not reach that host */
};

/* Something that happens to a host later: a packet or the end of an address operation. */
struct later {
	int64_t at_us;
	uint64_t order;
	size_t host;
	bool is_packet;
	char iface[NAME_MAX_];
	uint8_t *bytes;
	size_t len;
	struct vr_ev_done done;
};

struct world {
	struct host hosts[MAX_HOSTS];
	size_t n_hosts;
	int64_t now_us;
	struct later *later;
	size_t n_later, max_later;
	uint64_t order;
	struct vr_actions actions;
	FILE *out;			/* the lines that begin with "> " */
	size_t lines;
};

void world_init(struct world *w);
void world_free(struct world *w);
/* Lets everything happen that is due up to and including UNTIL_US. */
void world_run(struct world *w, int64_t until_us);
void world_say(struct world *w, const struct host *h, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void host_start(struct world *w, struct host *h);
void host_stop(struct world *w, struct host *h);
void host_crash(struct world *w, struct host *h);
void host_reload(struct world *w, struct host *h);	/* reads its file again */
void host_freeze(struct world *w, struct host *h, bool frozen);
void host_link(struct world *w, struct host *h, struct host_iface *i);	/* tells what it is now */
void host_addr(struct world *w, struct host *h, struct host_iface *i);
/* Another program deletes the address; false when the host does not hold it. */
bool host_lost(struct world *w, struct host *h, const struct ip_prefix *prefix);
bool host_claim(struct world *w, struct host *h, const struct ip_addr *addr,
		const uint8_t mac[VR_MAC_LEN]);
void host_check(struct world *w, struct host *h, const struct vr_ev_check *ev);
void host_hear(struct world *w, struct host *h, const char *iface, int64_t after_us,
	       const uint8_t *body, size_t len, const struct pkt_meta *meta);
struct host_iface *host_iface(struct host *h, const char *name);	/* NULL: none */

/* ---- tell.c: what is printed ---- */
void tell_actions(struct world *w, struct host *h, enum vr_event_type cause);
void tell_show(struct world *w, struct host *h);
/* Complains when a host's addresses do not go with its state. */
void tell_contradictions(struct world *w);

/* ---- script.c ---- */
/* Runs TEXT, a story named FILE; returns it with fresh expectations (free it). */
char *script_run(const char *file, const char *text);

#endif
