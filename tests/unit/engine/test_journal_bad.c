/*
 * A journal never holds a password, and one that is damaged, cut short, forged or no journal at all
 * is told as such, with an offset.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/journal_parts.h"
#include "jrig.h"

#define PASSWORD "Rumpelst"

/* ---- secrets ---- */

static bool has_octets(const struct memory *m, const char *what)
{
	return memmem(m->file, m->size, what, strlen(what)) != NULL;
}

static void give_password(struct box *b)
{
	b->insts[0].auth_type = VR_AUTH_PASS;
	memcpy(b->insts[0].auth_data, PASSWORD, VR_AUTH_LEN);
}

/* An advert of B's first instance whose octet AT is CHANGE. */
static void hear_changed(struct rig *r, const struct box *b, size_t at, uint8_t change, size_t len)
{
	const uint8_t from[4] = { 192, 0, 2, 9 };
	struct ip_addr src = ip_v4(from);
	uint8_t p[20 + PKT_MAX] = { 0x45, 0, 0, 0, 0, 0, 0, 0, PKT_TTL, PKT_PROTO };
	size_t whole = 20 + pkt_encode(&b->insts[0], 200, &src, p + 20, PKT_MAX);

	memcpy(p + 12, from, 4);
	memcpy(p + 16, b->insts[0].group.b, 4);
	p[3] = (uint8_t)(len ? len : whole);
	p[at] ^= change;
	r->f.up.packet(r->f.up.ctx, &(struct vr_ev_packet){
		.iface = 0, .family = IP_V4, .data = p, .len = len ? len : whole,
	});
}

START_TEST(a_password_is_never_in_it)
{
	struct box *b = box_new(), *stranger = box_new();
	struct vr_inst_view real;
	struct rig r;

	give_password(b);
	give_password(stranger);
	memcpy(stranger->insts[0].auth_data, "Geheimni", VR_AUTH_LEN);
	rig_new(&r, b, JRN_SIZE_USUAL);
	fake_start(&r.f);
	fake_hear(&r.f, b, 0, 0, 200, "192.0.2.9");		/* the right one */
	fake_hear(&r.f, stranger, 0, 0, 200, "192.0.2.9");	/* a wrong one */
	for (size_t at = 0; at < 40; at++) {
		hear_changed(&r, b, at, 0x10, 0);
		pass(&r, SECOND / 4);
	}
	for (size_t len = 1; len < 60; len++)		/* cut short, and too long */
		hear_changed(&r, b, 1, 0, len);
	pass(&r, 20 * SECOND);
	ck_assert(!has_octets(&r.m, PASSWORD));
	ck_assert(!has_octets(&r.m, "umpelst"));
	ck_assert(!has_octets(&r.m, "Geheimni"));
	replays_wholly(&r);
	ck_assert_uint_eq(count(&r.again, "received an invalid passwd"), 1);
	vr_inst_look(eng_node(r.f.engine), 0, &real);
	ck_assert_uint_gt(real.counters.rx, 0);
	ck_assert_uint_gt(real.counters.rejects[PKT_CHECKSUM], 0);
	ck_assert_uint_gt(real.counters.rejects[PKT_AUTH_FAILED], 0);
	cfg_free(&stranger->cfg);
	rig_free(&r);
}
END_TEST

/* A spoilt octet whose checksum was mended: it reaches the comparison of the passwords. */
static void mend(uint8_t *body, size_t len)
{
	uint32_t sum;

	body[6] = body[7] = 0;
	sum = pkt_sum(0, body, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	body[6] = (uint8_t)(~sum >> 8);
	body[7] = (uint8_t)~sum;
}

static enum pkt_reject judge(const struct vr_event *event, const struct vr_inst_conf *ic)
{
	struct pkt_meta meta = event->packet.meta;
	const uint8_t *body = event->packet.data;
	size_t len = event->packet.len;
	struct pkt_advert adv;
	enum pkt_reject reason;

	reason = pkt_strip_ipv4(event->packet.data, event->packet.len, &meta, &body, &len);
	if (reason == PKT_OK)
		reason = pkt_decode(&meta, body, len, &adv);
	if (reason == PKT_OK && adv.vrid != ic->vrid)
		return PKT_VRID;
	return reason == PKT_OK ? pkt_check(&adv, ic) : reason;
}

/* Whatever a packet is, the core judges it the same before and after. */
START_TEST(a_masked_packet_is_judged_the_same)
{
	struct box *b = box_new();
	struct jrn_book book = { 0 };
	uint8_t code[JRN_EVENT_MAX], p[20 + PKT_MAX], *again = malloc(JRN_PACKET_MAX);
	struct vr_inst_conf *ic = &b->insts[0], masked;
	size_t seen[PKT_N_REJECTS] = { 0 };
	const uint8_t from[4] = { 192, 0, 2, 9 };
	struct ip_addr src = ip_v4(from);

	give_password(b);
	ck_assert(jrn_book_make(&book, &b->cfg.vr));
	masked = *ic;
	memcpy(masked.auth_data, JRN_PASSWORD, VR_AUTH_LEN);
	for (int i = 0; i < 40000; i++) {
		size_t len = 20 + pkt_encode(ic, 200, &src, p + 20, PKT_MAX);
		struct vr_event event = { .type = VR_EV_PACKET }, told;
		struct outbuf o = out_over(code, sizeof(code));
		struct cursor c;

		memcpy(p, (const uint8_t[]){ 0x45, 0, 0, (uint8_t)len, 0, 0, 0, 0, 255, 112 }, 10);
		memcpy(p + 12, from, 4);
		memcpy(p + 16, ic->group.b, 4);
		if (i % 3)
			p[20 + rand() % 20] ^= (uint8_t)(1 << rand() % 8);
		if (i % 5 == 0)
			p[rand() % len] = (uint8_t)rand();
		if (i % 2)
			mend(p + 20, len - 20);
		event.packet = (struct vr_ev_packet){
			.family = IP_V4, .data = p, .len = i % 7 ? len : (size_t)rand() % len,
		};
		jrn_put_event(&book, &event, &o);
		ck_assert(out_ok(&o));
		ck_assert_ptr_null(memmem(code, out_len(&o), PASSWORD, VR_AUTH_LEN));
		c = cur_over(code, out_len(&o));
		ck_assert_ptr_null(jrn_get_event(&c, &b->cfg.vr, VR_EV_PACKET, &told, again));
		ck_assert_int_eq(judge(&told, &masked), judge(&event, ic));
		seen[judge(&event, ic)]++;
	}
	for (int reason = PKT_OK; reason <= PKT_INTERVAL; reason++)
		if (reason != PKT_COUNT_ZERO)		/* version 3 only */
			ck_assert_msg(seen[reason] > 0, "reason %d was never seen", reason);
	jrn_book_free(&book);
	cfg_free(&b->cfg);
	free(again);
}
END_TEST

/* ---- files that are not as they should be ---- */

START_TEST(what_is_no_journal_is_refused)
{
	static const struct {
		size_t len;
		size_t at;
		uint8_t octet;
		const char *why;
	} cases[] = {
		{ 0, 0, 'h', "offset 0: this is not a journal" },
		{ 15, 0, 'h', "offset 0: this is not a journal" },
		{ SMALL, 3, 'x', "offset 0: this is not a journal" },
		{ 20, 0, 'h', "offset 20: the head is cut short" },
		{ SMALL, 19, 9, "offset 16: a format of another version of Holdfast" },
		{ SMALL, 32 + 0x7ff0, 'X', "offset 32: nothing has been written into it" },
	};
	struct rig r;

	rig_new(&r, box_new(), SMALL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t saved = r.m.file[cases[i].at];

		r.m.file[cases[i].at] = cases[i].octet;
		ck_assert(!replay_of(&r, cases[i].len));
		ck_assert_str_eq(r.result.why, cases[i].why);
		r.m.file[cases[i].at] = saved;
	}
	rig_free(&r);
}
END_TEST

/* An octet that is not as it was written is found wherever it is, and told with its offset. (One
 * bit of a length of 4 would make it 0: that is the end.) */
START_TEST(damage_is_found)
{
	struct box *b = box_new();
	size_t found = 0;
	struct rig r;

	rig_new(&r, b, SMALL);
	fake_start(&r.f);
	for (int i = 0; i < 500; i++) {
		fake_hear(&r.f, b, 0, 0, i % 40 < 20 ? 200 : 50, "192.0.2.9");
		pass(&r, SECOND);
	}
	replay(&r);
	ck_assert_uint_eq(r.result.damaged, 0);
	for (size_t at = JRN_HEAD; at < r.m.size; at += 97) {
		r.m.file[at] ^= 0x84;
		if (replay_of(&r, r.m.size) && r.result.damaged) {
			found++;
			ck_assert_uint_eq(strncmp(r.result.why, "offset ", 7), 0);
			ck_assert_uint_le(strtoul(r.result.why + 7, NULL, 10), at);
			ck_assert_uint_eq(count(&r.notes, "damaged: offset "), 1);
		}
		ck_assert_uint_eq(r.result.differences, 0);
		r.m.file[at] ^= 0x84;
	}
	ck_assert_uint_gt(found, 200);
	rig_free(&r);
}
END_TEST

START_TEST(a_file_cut_short_is_told_as_far_as_it_goes)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, b, SMALL);
	fake_start(&r.f);
	pass(&r, 100 * SECOND);
	for (size_t len = 0; len < r.m.size; len += 13) {
		uint8_t *exact = malloc(len + 1), *whole = r.m.file;

		memcpy(exact, whole, len);
		r.m.file = realloc(exact, len ? len : 1);	/* ASan sees a read behind it */
		replay_of(&r, len);
		ck_assert_uint_le(r.again.len, r.told.len);
		free(r.m.file);
		r.m.file = whole;
	}
	rig_free(&r);
}
END_TEST

/* The record of what the daemon decided, changed, with a good check. */
static bool change_result(struct rig *r, size_t which)
{
	uint8_t *start = r->m.file + JRN_HEAD + r->m.size / 2 - JRN_HEAD / 2;	/* place 1 */
	struct cursor c = cur_over(start, r->m.size / 2 - JRN_HEAD);
	struct jrn_record record;

	cur_skip(&c, JRN_SEGMENT_HEAD);
	while (jrn_next(&c, start, 1, &record) == JRN_NEXT_RECORD) {
		uint8_t *body = start + (record.body.at - start);
		uint8_t kept[16];
		size_t len = cur_left(&record.body), size;

		if (record.type != JRN_RESULT || which--)
			continue;
		body[0] ^= 1;
		memcpy(kept, body + len + JRN_CHECK, 1);
		jrn_frame(1, JRN_RESULT, body, len, &size);
		memcpy(body + len + JRN_CHECK, kept, 1);
		return true;
	}
	return false;
}

START_TEST(another_decision_is_told)
{
	struct rig r;

	rig_new(&r, box_new(), SMALL);
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	replay(&r);
	size_t proven = r.result.proven;
	ck_assert(change_result(&r, 1));
	replay(&r);
	ck_assert_uint_eq(r.result.differences, 1);
	ck_assert_uint_eq(r.result.proven, proven - 1);
	ck_assert_str_eq(r.again.s, r.told.s);
	ck_assert_uint_eq(count(&r.notes, "the daemon decided something else at the event before"),
			  1);
	rig_free(&r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/journal_bad");
	TCase *t = tcase_create("journal");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 240);
	tcase_add_test(t, a_password_is_never_in_it);
	tcase_add_test(t, a_masked_packet_is_judged_the_same);
	tcase_add_test(t, what_is_no_journal_is_refused);
	tcase_add_test(t, damage_is_found);
	tcase_add_test(t, a_file_cut_short_is_told_as_far_as_it_goes);
	tcase_add_test(t, another_decision_is_told);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
