/*
 * What the kernel says, in any order: sockets follow their interface, the primary address is one
 * of the host's own, and what a predecessor left behind is taken off.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)
#define DOWN INT64_C(3609375)

static uint32_t faults(const struct fake *f)
{
	struct vr_inst_view v;

	vr_inst_look(eng_node(f->engine), 0, &v);
	return v.faults;
}

static void source_is(const struct fake *f, const char *text)
{
	struct vr_inst_view v;
	char buf[IP_TEXT_MAX];

	vr_inst_look(eng_node(f->engine), 0, &v);
	ck_assert_str_eq(ip_text(&v.source, buf), text);
}

/* ---- sockets ---- */

START_TEST(a_socket_that_cannot_be_opened_is_tried_again)
{
	struct fake f;

	fake_new(&f, box_new());
	f.join_error = EACCES;
	fake_start(&f);
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_NO_SOCKET);
	fake_until(&f, START + SECOND);
	fake_until(&f, START + 2 * SECOND);
	ck_assert_uint_eq(fake_count(&f, "join slot 0"), 3);
	ck_assert_uint_eq(fake_logged(&f, "eth0: cannot open a VRRP socket: Permission denied"), 1);
	f.join_error = 0;
	fake_until(&f, START + 3 * SECOND);
	ck_assert_uint_eq(faults(&f), 0);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_forget(&f);
	fake_until(&f, START + 5 * SECOND);
	ck_assert_int_eq(fake_find(&f, "join"), -1);
	fake_free(&f);
}
END_TEST

/* It falls due while everything is read again: that is waited for, not asked for at once. */
START_TEST(a_socket_is_not_tried_while_all_is_read_again)
{
	struct fake f;

	fake_new(&f, box_new());
	f.join_error = EACCES;
	fake_start(&f);
	fake_until(&f, START + SECOND / 2);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_forget(&f);
	fake_until(&f, START + 2 * SECOND);
	ck_assert_int_eq(fake_find(&f, "join"), -1);
	f.join_error = 0;
	fake_sync(&f);
	ck_assert_uint_eq(fake_count(&f, "join slot 0"), 1);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_free(&f);
}
END_TEST

START_TEST(another_interface_of_the_name_gets_another_socket)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	fake_until(&f, START + DOWN);
	fake_forget(&f);
	fake_unlink(&f, 2, "eth0");
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_IF_MISSING);
	ck_assert_int_eq(eng_ifindex(f.engine, 0), 0);
	ck_assert_int_eq(fake_find(&f, "leave slot 0"), 0);
	ck_assert(eng_idle(f.engine));		/* the address went with the interface */
	fake_until(&f, f.now_us + DOWN);
	fake_forget(&f);
	fake_link(&f, 9, "eth0", true);
	fake_addr(&f, 9, "192.0.2.1/24", 0);
	fake_expect(&f, "join slot 0 #9 224.0.0.18", NULL);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_until(&f, f.now_us + DOWN);
	ck_assert_int_ge(fake_find(&f, "+ 192.0.2.100/24 #9"), 0);
	fake_free(&f);
}
END_TEST

/* The new one is told before the old one's end. */
START_TEST(the_notices_may_come_in_another_order)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	fake_forget(&f);
	fake_link(&f, 2, "old0", true);			/* renamed away */
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_IF_MISSING);
	fake_addr(&f, 9, "192.0.2.1/24", 0);
	fake_link(&f, 9, "eth0", true);
	fake_unlink(&f, 2, "old0");
	ck_assert_int_eq(eng_ifindex(f.engine, 0), 9);
	ck_assert_uint_eq(faults(&f), 0);
	fake_expect(&f, "leave slot 0", "join slot 0 #9 224.0.0.18", NULL);
	fake_free(&f);
}
END_TEST

START_TEST(a_rename_to_the_wanted_name_is_an_arrival)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_link(&f, 5, "ens3", true);
	fake_addr(&f, 5, "192.0.2.1/24", 0);
	fake_sync(&f);
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_IF_MISSING);
	fake_link(&f, 5, "eth0", true);
	ck_assert_uint_eq(faults(&f), 0);
	fake_free(&f);
}
END_TEST

START_TEST(interfaces_that_only_carry_addresses_get_no_socket)
{
	struct box *b = box_new();
	struct fake f;

	box_iface(b, "eth1");
	box_vip(b, 0, "198.51.100.1/24");
	b->vips[0][1].iface = 1;
	fake_new(&f, b);
	fake_link(&f, 3, "eth1", true);
	fake_start(&f);
	ck_assert_uint_eq(fake_count(&f, "join"), 1);
	fake_free(&f);
}
END_TEST

/* ---- what was lost on the way ---- */

START_TEST(what_a_re_read_does_not_tell_is_gone)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.up.resync(f.up.ctx);
	ck_assert_uint_eq(faults(&f), 0);		/* not before all is known */
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_sync(&f);
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_IF_MISSING);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_IF_MISSING);
	fake_sync(&f);
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_NO_SOURCE);
	fake_free(&f);
}
END_TEST

START_TEST(a_re_read_without_news_changes_nothing)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	fake_until(&f, START + DOWN);
	fake_forget(&f);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_addr(&f, 2, "192.0.2.100/24", 112);
	fake_sync(&f);
	fake_quiet(&f);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	fake_free(&f);
}
END_TEST

/* The node works on while the kernel is read anew. */
START_TEST(timers_run_during_a_re_read)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.up.resync(f.up.ctx);
	fake_until(&f, START + DOWN);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	fake_free(&f);
}
END_TEST

/* ---- the primary address ---- */

static void full_addr(struct fake *f, struct port_addr a, const char *prefix)
{
	a.ifindex = 2;
	ck_assert(ip_parse_prefix(prefix, &a.prefix));
	f->up.addr(f->up.ctx, &a);
}

START_TEST(the_first_address_of_the_host_is_the_primary_one)
{
	struct fake f;
	const uint32_t no_source = 1u << VR_FAULT_NO_SOURCE | 1u << VR_FAULT_ADDR_FOREIGN;

	fake_new(&f, box_new());
	fake_link(&f, 2, "eth0", true);
	full_addr(&f, (struct port_addr){ .secondary = true }, "192.0.2.8/24");
	full_addr(&f, (struct port_addr){ .scope = 254 }, "127.0.0.1/8");
	full_addr(&f, (struct port_addr){ .tentative = true }, "192.0.2.7/24");
	full_addr(&f, (struct port_addr){ .proto = PORT_IFA_PROTO }, "192.0.2.6/24");
	full_addr(&f, (struct port_addr){ .scope = 0 }, "192.0.2.100/24");	/* virtual */
	fake_addr(&f, 3, "192.0.2.5/24", 0);					/* elsewhere */
	full_addr(&f, (struct port_addr){ .scope = 0 }, "2001:db8::1/64");
	fake_sync(&f);
	source_is(&f, "192.0.2.8");	/* the kernel may have made it one because of ours */
	fake_unaddr(&f, 2, "192.0.2.8/24");
	ck_assert_uint_eq(faults(&f), no_source);
	full_addr(&f, (struct port_addr){ .secondary = true }, "192.0.2.8/24");
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_addr(&f, 2, "192.0.2.2/24", 0);
	source_is(&f, "192.0.2.1");
	fake_unaddr(&f, 2, "192.0.2.1/24");
	source_is(&f, "192.0.2.2");
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_ADDR_FOREIGN);
	fake_unaddr(&f, 2, "192.0.2.2/24");
	fake_unaddr(&f, 2, "192.0.2.8/24");
	ck_assert_uint_eq(faults(&f), no_source);
	/* A link-local address will do when there is nothing better. */
	full_addr(&f, (struct port_addr){ .scope = 253 }, "169.254.1.1/16");
	source_is(&f, "169.254.1.1");
	fake_free(&f);
}
END_TEST

/* The owner's address is the host's own (RFC 9568, 1.7): it may be spoken from. */
START_TEST(an_owner_may_speak_from_its_virtual_address)
{
	struct box *b = box_new();
	struct fake f;

	b->insts[0].priority = VR_PRIO_OWNER;
	fake_new(&f, b);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.100/24", 0);
	fake_sync(&f);
	source_is(&f, "192.0.2.100");
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	fake_free(&f);
}
END_TEST

START_TEST(ipv6_speaks_from_a_link_local_address)
{
	struct box *b = box_new();
	struct fake f;

	b->insts[0].family = IP_V6;
	b->insts[0].version = 3;
	fake_new(&f, b);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "2001:db8::1/64", 0);
	full_addr(&f, (struct port_addr){ .tentative = true, .scope = 253 }, "fe80::1/64");
	fake_sync(&f);
	ck_assert_uint_eq(faults(&f), 1u << VR_FAULT_NO_SOURCE);
	full_addr(&f, (struct port_addr){ .scope = 253 }, "fe80::1/64");	/* DAD is over */
	source_is(&f, "fe80::1");
	fake_free(&f);
}
END_TEST

/* A reload makes a virtual address of what was the primary one. */
START_TEST(an_address_that_becomes_virtual_is_no_longer_spoken_from)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	fake_addr(&f, 2, "192.0.2.2/24", 0);
	source_is(&f, "192.0.2.1");
	box_vip(b, 0, "192.0.2.1/24");
	ck_assert(eng_reload(f.engine, &b->cfg));
	source_is(&f, "192.0.2.2");
	fake_free(&f);
}
END_TEST

/* ---- leftovers ---- */

START_TEST(leftovers_with_our_tag_are_removed_and_others_not)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_link(&f, 2, "eth0", true);
	fake_link(&f, 3, "eth1", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_addr(&f, 2, "192.0.2.100/24", PORT_IFA_PROTO);	/* configured: the core's */
	fake_addr(&f, 2, "192.0.2.100/32", PORT_IFA_PROTO);	/* another length */
	fake_addr(&f, 3, "192.0.2.100/24", PORT_IFA_PROTO);	/* another interface */
	fake_addr(&f, 2, "192.0.2.55/24", PORT_IFA_PROTO);
	fake_addr(&f, 2, "192.0.2.56/24", 0);			/* somebody's */
	fake_sync(&f);
	fake_expect(&f, "join slot 0 #2 224.0.0.18", "- 192.0.2.100/32 #2", "- 192.0.2.100/24 #3",
		    "- 192.0.2.55/24 #2", "- 192.0.2.100/24 #2", NULL);
	ck_assert_uint_eq(fake_logged(&f, "removing 192.0.2.55/24, left behind by an earlier"), 1);
	ck_assert(!eng_idle(f.engine));
	fake_answer(&f, 0);
	ck_assert(eng_idle(f.engine));
	fake_free(&f);
}
END_TEST

/* What carries our tag later is our own doing. */
START_TEST(leftovers_are_looked_for_once)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	fake_forget(&f);
	fake_addr(&f, 2, "192.0.2.55/24", PORT_IFA_PROTO);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_addr(&f, 2, "192.0.2.55/24", PORT_IFA_PROTO);
	fake_sync(&f);
	fake_quiet(&f);
	fake_free(&f);
}
END_TEST

/* An owner keeps what its predecessor left: the address is not taken off and put on again. */
START_TEST(an_owner_adopts_its_leftovers)
{
	struct box *b = box_new();
	struct fake f;

	b->insts[0].priority = VR_PRIO_OWNER;
	fake_new(&f, b);
	fake_addr(&f, 2, "192.0.2.100/24", PORT_IFA_PROTO);
	fake_start(&f);
	ck_assert_int_eq(fake_find(&f, "- 192.0.2.100"), -1);
	ck_assert_int_ge(fake_find(&f, "+ 192.0.2.100/24 #2"), 0);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/world");
	TCase *t = tcase_create("world");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, a_socket_that_cannot_be_opened_is_tried_again);
	tcase_add_test(t, a_socket_is_not_tried_while_all_is_read_again);
	tcase_add_test(t, another_interface_of_the_name_gets_another_socket);
	tcase_add_test(t, the_notices_may_come_in_another_order);
	tcase_add_test(t, a_rename_to_the_wanted_name_is_an_arrival);
	tcase_add_test(t, interfaces_that_only_carry_addresses_get_no_socket);
	tcase_add_test(t, what_a_re_read_does_not_tell_is_gone);
	tcase_add_test(t, a_re_read_without_news_changes_nothing);
	tcase_add_test(t, timers_run_during_a_re_read);
	tcase_add_test(t, the_first_address_of_the_host_is_the_primary_one);
	tcase_add_test(t, an_owner_may_speak_from_its_virtual_address);
	tcase_add_test(t, ipv6_speaks_from_a_link_local_address);
	tcase_add_test(t, an_address_that_becomes_virtual_is_no_longer_spoken_from);
	tcase_add_test(t, leftovers_with_our_tag_are_removed_and_others_not);
	tcase_add_test(t, leftovers_are_looked_for_once);
	tcase_add_test(t, an_owner_adopts_its_leftovers);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
