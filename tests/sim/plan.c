/*
 * Drawing a cluster by lot, and writing it as keepalived.conf.
 *
 * The lots are weighted towards what people run (whole seconds, two or three hosts, one or two
 * addresses) with enough of the corners: owners, ties, hundredths of a second, nopreempt on some of
 * the hosts only, weights that can and that cannot move the address.
 */
#include "sim/plan.h"

#include <stdlib.h>
#include <string.h>

static bool chance(struct rng *dice, int percent)
{
	return rng_below(dice, 100) < percent;
}

static int one_of(struct rng *dice, const int *v, size_t n)
{
	return v[rng_below(dice, (int64_t)n)];
}

#define ONE_OF(dice, ...) one_of(dice, (const int[]){ __VA_ARGS__ }, \
				 sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

/* ---- drawing ---- */

/* Fast ones cost most: few of them. */
static int draw_interval(struct rng *dice, int version)
{
	if (version == 2)
		return ONE_OF(dice, 100, 100, 100, 200, 300);
	if (chance(dice, 6))
		return ONE_OF(dice, 1, 2, 5);
	return ONE_OF(dice, 10, 20, 25, 30, 50, 50, 70, 100, 100, 100, 100, 150, 200, 300);
}

static void draw_inst(struct plan *p, int i, struct rng *dice)
{
	struct pln_inst *in = &p->insts[i];

	in->vrid = 51 + i * 7;
	in->version = chance(dice, 40) ? 2 : 3;
	in->on_aux = p->aux && chance(dice, 25);
	in->pass = in->version == 2 && chance(dice, 40);
	/* With one, the skew time must be longer than the wire's jitter. */
	in->down_timer_adverts = 3;
	if (chance(dice, 10))
		in->down_timer_adverts = ONE_OF(dice, in->version == 2 ? 1 : 2, 2, 4, 5);
	in->garp_delay_ds = ONE_OF(dice, 0, 1, 10, 50, 50);
	in->garp_repeat = ONE_OF(dice, 1, 2, 5, 5);
	in->lower_delay_ds = chance(dice, 50) ? -1 : ONE_OF(dice, 0, 1, 20);
	in->lower_repeat = chance(dice, 70) ? -1 : ONE_OF(dice, 1, 3);
	in->refresh_s = chance(dice, 25) ? ONE_OF(dice, 1, 10, 60) : 0;
	in->refresh_repeat = ONE_OF(dice, 1, 2);
}

static void draw_check(struct pln_check *c, struct rng *dice)
{
	c->interval_ms = ONE_OF(dice, 300, 500, 1000, 1000, 2000, 3000);
	c->timeout_ms = chance(dice, 60) ? 0 : ONE_OF(dice, 200, 1000, 2000);
	c->rise = ONE_OF(dice, 1, 1, 2, 3);
	c->fall = ONE_OF(dice, 1, 1, 2, 3);
	c->weight = chance(dice, 45) ? 0 : ONE_OF(dice, 2, 10, 30, 60, -2, -20, -60, -253);
	c->init_fail = chance(dice, 15);
}

static void draw_vips(const struct plan *p, struct pln_seat *s, struct rng *dice)
{
	s->n_vips = (int)rng_between(dice, 1, PLN_VIPS - 1);
	for (int v = 0; v < s->n_vips; v++)
		s->vips[v] = (struct pln_vip){
			.host = 100 + v, .len = chance(dice, 50) ? 24 : 32,
			.other_iface = p->aux && chance(dice, 15),
			.excluded = v > 0 && chance(dice, 20),
		};
}

static void draw_tracking(const struct plan *p, const struct pln_host *h, struct pln_seat *s,
			  struct rng *dice)
{
	s->track_iface = PLN_NO_TRACK;
	if (p->aux && chance(dice, 40))
		s->track_iface = chance(dice, 50) ? 0 : ONE_OF(dice, 10, 50, -10, -60);
	for (int c = 0; c < PLN_CHECKS; c++) {
		s->track_check[c] = PLN_NO_TRACK;
		if (c >= h->n_checks || !chance(dice, 70))
			continue;
		s->track_check[c] = chance(dice, 70) ? PLN_SAME : ONE_OF(dice, 0, 5, -30);
		s->reverse[c] = chance(dice, 6);
	}
}

static void draw_seat(struct plan *p, int h, int i, struct rng *dice)
{
	struct pln_seat *s = &p->hosts[h].seats[i];

	/* The addresses, the interval and the policy are drawn by the first host and mostly
	 * shared. */
	if (h > 0)
		*s = p->hosts[0].seats[i];
	s->present = h < 2 || chance(dice, 90);
	s->priority = h > 0 && chance(dice, 15) ? p->hosts[h - 1].seats[i].priority :
		      (int)rng_between(dice, 1, 254);
	if (chance(dice, 60))
		s->priority = 100 - h * 10 + i * 3 * (h % 2 ? 1 : -1);
	if (chance(dice, 5))
		s->priority = 255;
	if (h == 0) {
		s->advert_cs = draw_interval(dice, p->insts[i].version);
		s->nopreempt = chance(dice, 25);
		s->preempt_delay_ds = chance(dice, 15) ? ONE_OF(dice, 5, 20, 80) : 0;
		draw_vips(p, s, dice);
	} else if (chance(dice, 10)) {
		s->nopreempt = !s->nopreempt;
	}
	if (h > 0 && p->insts[i].version == 3 && chance(dice, 10))
		s->advert_cs = draw_interval(dice, 3);
	s->dont_track_primary = chance(dice, 6);
	s->own_source = chance(dice, 8);
	s->notify = chance(dice, 50);
	draw_tracking(p, &p->hosts[h], s, dice);
}

static bool has_any(const struct plan *p, const struct pln_host *h)
{
	bool any = false;

	for (int i = 0; i < p->n_insts; i++)
		any |= h->seats[i].present;
	return any;
}

void pln_draw(struct plan *p, struct rng *dice)
{
	memset(p, 0, sizeof(*p));
	p->aux = chance(dice, 45);
	p->garp_interval_ms = chance(dice, 20) ? ONE_OF(dice, 1, 10, 100) : 0;
	p->n_hosts = ONE_OF(dice, 2, 2, 2, 3, 3, 4, 5);
	p->n_insts = ONE_OF(dice, 1, 1, 1, 2, 2, 3);
	for (int i = 0; i < p->n_insts; i++)
		draw_inst(p, i, dice);
	for (int h = 0; h < p->n_hosts; h++) {
		p->hosts[h].n_checks = ONE_OF(dice, 0, 1, 1, 2);
		for (int c = 0; c < p->hosts[h].n_checks; c++)
			draw_check(&p->hosts[h].checks[c], dice);
		for (int i = 0; i < p->n_insts; i++)
			draw_seat(p, h, i, dice);
		p->hosts[h].seats[0].present |= !has_any(p, &p->hosts[h]);
	}
}

/* Whether an address's interface concerns the election is the same on each host. */
static void draw_no_track(struct plan *p, int i, struct rng *dice)
{
	for (int v = 0; v < PLN_VIPS; v++) {
		bool no_track = chance(dice, 35);

		for (int h = 0; h < p->n_hosts; h++)
			p->hosts[h].seats[i].vips[v].no_track = no_track;
	}
}

/* With the fewest adverts that are missed before a takeover, 2.5 s still outlast the longest
 * interval that is drawn, 3 s. */
void pln_draw_more(struct plan *p, struct rng *dice)
{
	for (int i = 0; i < p->n_insts; i++) {
		int follow_cs = chance(dice, 25) ? ONE_OF(dice, 250, 500, 4095) : 0;

		for (int h = 0; h < p->n_hosts; h++)
			p->hosts[h].seats[i].follow_cs = follow_cs;
		draw_no_track(p, i, dice);
	}
}

void pln_draw_checksums(struct plan *p, struct rng *dice)
{
	for (int i = 0; i < p->n_insts; i++) {
		bool any = chance(dice, 40);

		for (int h = 0; h < p->n_hosts; h++)
			p->hosts[h].seats[i].checksum = any ? ONE_OF(dice, 0, 0, 1, 2) : 0;
	}
}

/* ---- editing ---- */

static void edit_vips(struct pln_seat *s, struct rng *dice)
{
	if (s->n_vips > 1 && chance(dice, 50)) {
		s->vips[0] = s->vips[s->n_vips - 1];
		s->vips[0].excluded = false;
		s->n_vips--;
	} else if (s->n_vips < PLN_VIPS) {
		s->vips[s->n_vips++] = (struct pln_vip){ .host = 120, .len = 32 };
	}
}

static void edit_seat(const struct plan *p, int i, struct pln_seat *s, struct rng *dice)
{
	switch (rng_below(dice, 9)) {
	case 0:
		s->priority = (int)rng_between(dice, 1, 254);
		break;
	case 1:
		edit_vips(s, dice);
		break;
	case 2:
		s->nopreempt = !s->nopreempt;
		break;
	case 3:
		s->preempt_delay_ds = s->preempt_delay_ds ? 0 : 15;
		break;
	case 4:
		if (p->insts[i].version == 3)
			s->advert_cs = draw_interval(dice, 3);
		break;
	case 5:
		s->track_iface = p->aux ? ONE_OF(dice, PLN_NO_TRACK, 0, 20) : PLN_NO_TRACK;
		break;
	case 6:
		s->present = chance(dice, 50);
		break;
	case 7:
		for (int c = 0; c < PLN_CHECKS; c++)
			s->track_check[c] = PLN_NO_TRACK;
		break;
	default:
		s->notify = !s->notify;
		break;
	}
}

void pln_edit(const struct plan *p, struct pln_host *h, struct rng *dice)
{
	int edits = (int)rng_between(dice, 0, 3);

	if (chance(dice, 25))
		h->backwards = !h->backwards;
	for (int c = 0; c < h->n_checks; c++)
		if (chance(dice, 20))
			draw_check(&h->checks[c], dice);
	for (int e = 0; e < edits; e++) {
		int i = (int)rng_below(dice, p->n_insts);

		edit_seat(p, i, &h->seats[i], dice);
	}
	h->seats[0].present |= !has_any(p, h);
}

/* ---- writing ---- */

static void write_check(const struct pln_check *c, int number, FILE *to)
{
	fprintf(to, "vrrp_script chk_%d {\n\tscript \"/bin/chk_%d\"\n", number, number);
	fprintf(to, "\tinterval %d.%03d\n", c->interval_ms / 1000, c->interval_ms % 1000);
	if (c->timeout_ms)
		fprintf(to, "\ttimeout %d.%03d\n", c->timeout_ms / 1000, c->timeout_ms % 1000);
	fprintf(to, "\trise %d\n\tfall %d\n\tweight %d\n", c->rise, c->fall, c->weight);
	fprintf(to, "%s}\n", c->init_fail ? "\tinit_fail\n" : "");
}

static void write_vips(const struct pln_inst *in, const struct pln_seat *s, bool excluded,
		       FILE *to)
{
	bool any = false;

	for (int v = 0; v < s->n_vips; v++)
		any |= s->vips[v].excluded == excluded;
	if (!any)
		return;
	fprintf(to, "\tvirtual_ipaddress%s {\n", excluded ? "_excluded" : "");
	for (int v = 0; v < s->n_vips; v++) {
		const struct pln_vip *vip = &s->vips[v];
		bool aux = vip->other_iface != in->on_aux;

		if (vip->excluded == excluded)
			fprintf(to, "\t\t10.%d.%d.%d/%d dev %s%s\n", aux ? 1 : 0,
				vip->len == 24 ? 0 : in->vrid, vip->host + in->vrid - 51, vip->len,
				aux ? "eth1" : "eth0", vip->no_track ? " no_track" : "");
	}
	fprintf(to, "\t}\n");
}

static void write_garp(const struct pln_inst *in, FILE *to)
{
	fprintf(to, "\tgarp_master_delay %d.%d\n\tgarp_master_repeat %d\n", in->garp_delay_ds / 10,
		in->garp_delay_ds % 10, in->garp_repeat);
	if (in->lower_delay_ds >= 0)
		fprintf(to, "\tgarp_lower_prio_delay %d.%d\n", in->lower_delay_ds / 10,
			in->lower_delay_ds % 10);
	if (in->lower_repeat >= 0)
		fprintf(to, "\tgarp_lower_prio_repeat %d\n", in->lower_repeat);
	if (in->refresh_s)
		fprintf(to, "\tgarp_master_refresh %d\n\tgarp_master_refresh_repeat %d\n",
			in->refresh_s, in->refresh_repeat);
}

static void write_tracking(const struct pln_inst *in, const struct pln_seat *s, FILE *to)
{
	bool any = false;

	if (s->track_iface != PLN_NO_TRACK)
		fprintf(to, "\ttrack_interface {\n\t\t%s weight %d\n\t}\n",
			in->on_aux ? "eth0" : "eth1", s->track_iface);
	for (int c = 0; c < PLN_CHECKS; c++)
		any |= s->track_check[c] != PLN_NO_TRACK;
	if (!any)
		return;
	fprintf(to, "\ttrack_script {\n");
	for (int c = 0; c < PLN_CHECKS; c++) {
		if (s->track_check[c] == PLN_NO_TRACK)
			continue;
		fprintf(to, "\t\tchk_%d", c);
		if (s->track_check[c] != PLN_SAME)
			fprintf(to, " weight %d%s", s->track_check[c],
				s->reverse[c] ? " reverse" : "");
		fprintf(to, "\n");
	}
	fprintf(to, "\t}\n");
}

static void write_seat(const struct plan *p, int i, const struct pln_seat *s, int host, FILE *to)
{
	const struct pln_inst *in = &p->insts[i];

	fprintf(to, "vrrp_instance V%d {\n\tstate BACKUP\n\tinterface %s\n", in->vrid,
		in->on_aux ? "eth1" : "eth0");
	fprintf(to, "\tvirtual_router_id %d\n\tversion %d\n\tpriority %d\n", in->vrid, in->version,
		s->priority);
	fprintf(to, "\tadvert_int %d.%02d\n", s->advert_cs / 100, s->advert_cs % 100);
	if (s->checksum && in->version == 3)
		fprintf(to, "\tv3_checksum_as_v2%s\n", s->checksum == 1 ? "" : " off");
	if (s->follow_cs)
		fprintf(to, "\tmax_advert_int %d.%02d\n", s->follow_cs / 100, s->follow_cs % 100);
	if (in->down_timer_adverts != 3)
		fprintf(to, "\tdown_timer_adverts %d\n", in->down_timer_adverts);
	if (in->pass)
		fprintf(to, "\tauthentication {\n\t\tauth_type PASS\n\t\tauth_pass s3cret\n\t}\n");
	if (s->nopreempt && s->priority != 255)
		fprintf(to, "\tnopreempt\n");
	if (s->preempt_delay_ds && !s->nopreempt)
		fprintf(to, "\tpreempt_delay %d.%d\n", s->preempt_delay_ds / 10,
			s->preempt_delay_ds % 10);
	if (s->dont_track_primary)
		fprintf(to, "\tdont_track_primary\n");
	if (s->own_source)
		fprintf(to, "\tmcast_src_ip 10.%d.0.%d\n", in->on_aux, host + 1);
	write_garp(in, to);
	write_vips(in, s, false, to);
	write_vips(in, s, true, to);
	write_tracking(in, s, to);
	if (s->notify)
		fprintf(to, "\tnotify /bin/told\n");
	fprintf(to, "}\n");
}

char *pln_text(const struct plan *p, const struct pln_host *h, int host)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	if (p->garp_interval_ms)
		fprintf(to, "global_defs {\n\tvrrp_garp_interval 0.%03d\n}\n", p->garp_interval_ms);
	for (int c = 0; c < h->n_checks; c++)
		write_check(&h->checks[c], c, to);
	for (int k = 0; k < p->n_insts; k++) {
		int i = h->backwards ? p->n_insts - 1 - k : k;

		if (h->seats[i].present)
			write_seat(p, i, &h->seats[i], host, to);
	}
	fclose(to);
	return text;
}
