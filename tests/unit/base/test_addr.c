/* Addresses: one text a value, no second meaning of any text. */
#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

static struct ip_addr addr(const char *text)
{
	struct ip_addr a;

	ck_assert_msg(ip_parse(text, &a), "%s is an address", text);
	return a;
}

START_TEST(good_addresses_have_one_text)
{
	static const char *const cases[][2] = {
		{ "0.0.0.0", "0.0.0.0" }, { "192.168.16.130", "192.168.16.130" },
		{ "255.255.255.255", "255.255.255.255" }, { "::", "::" }, { "::1", "::1" },
		{ "1::", "1::" }, { "fe80::1", "fe80::1" }, { "FE80:0:0:0:0:0:0:1", "fe80::1" },
		{ "2001:DB8::0001", "2001:db8::1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8::1:0:0:1", "2001:db8::1:0:0:1" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" }, { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ "::ffff:1.2.3.4", "::ffff:1.2.3.4" }, { "::1.2.3.4", "::102:304" },
		{ "64:ff9b::10.0.0.1", "64:ff9b::a00:1" },
		{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
		{ "::ffff:0.0.0.0", "::ffff:0.0.0.0" },
		{ "1234:5678:9abc:def0:1234:5678:9abc:def0",
		"1234:5678:9abc:def0:1234:5678:9abc:def0" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip_addr a = addr(cases[i][0]);
		char text[IP_TEXT_MAX];

		ck_assert_str_eq(ip_text(&a, text), cases[i][1]);
	}
}
END_TEST

START_TEST(bad_addresses_are_refused)
{
	static const char *const cases[] = {
		"", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "01.2.3.4", "1.2.3.4 ",
		" 1.2.3.4", "1..3.4", "1.2.3.", ".1.2.3", "1.2.3.4/24", "0x1.2.3.4", "-1.2.3.4",
		":", ":::", "1:::2", "1::2::3", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8", "12345::", "g::", "fe80::1%eth0",
		"::1.2.3", "::1.2.3.4.5", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5",
		"1:2:3:4:5:6:7:8::", "::ffff:1.2.3.256", "99999999999999999999.1.1.1", "eth0",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip_addr a;

		ck_assert_msg(!ip_parse(cases[i], &a), "'%s' is no address", cases[i]);
		ck_assert_uint_eq(a.family, IP_NONE);
	}
}
END_TEST

/* libc as an independent oracle: random values, and random texts near to addresses. */
START_TEST(libc_agrees)
{
	unsigned int seed = 7;

	for (int i = 0; i < 20000; i++) {
		char theirs[INET6_ADDRSTRLEN], ours[IP_TEXT_MAX];
		unsigned char b[16];
		struct ip_addr a;

		for (int k = 0; k < 16; k++)
			b[k] = rand_r(&seed) % 3 ? 0 : (unsigned char)rand_r(&seed);
		b[0] |= 0x20;
		a = ip_v6(b);
		inet_ntop(AF_INET6, b, theirs, sizeof(theirs));
		ck_assert_str_eq(ip_text(&a, ours), theirs);
		a = ip_v4(b);
		inet_ntop(AF_INET, b, theirs, sizeof(theirs));
		ck_assert_str_eq(ip_text(&a, ours), theirs);
	}
	for (int i = 0; i < 200000; i++) {
		unsigned char theirs[16];
		struct ip_addr a;
		char text[24];
		int n = rand_r(&seed) % 20;
		bool ok;

		for (int k = 0; k < n; k++)
			text[k] = "12:::.0f"[rand_r(&seed) % 8];
		text[n] = '\0';
		ok = inet_pton(AF_INET6, text, theirs) == 1 || inet_pton(AF_INET, text,
			theirs) == 1;
		ck_assert_msg(ip_parse(text, &a) == ok, "'%s'", text);
		ck_assert(!ok || memcmp(a.b, theirs, ip_size(&a)) == 0);
	}
}
END_TEST

START_TEST(prefixes_have_a_length_in_range)
{
	static const struct {
		const char *text;
		int len;	/* -1: refused */
	} cases[] = {
		{ "10.0.0.1/24", 24 }, { "10.0.0.1", 32 }, { "10.0.0.1/0", 0 },
		{ "10.0.0.1/32", 32 },
		{ "10.0.0.1/33", -1 }, { "10.0.0.1/", -1 }, { "10.0.0.1/ 4", -1 },
		{ "10.0.0.1/024", -1 },
		{ "10.0.0.1/24x", -1 }, { "10.0.0.1/-1", -1 }, { "/24", -1 }, { "fe80::1/64", 64 },
		{ "fe80::1", 128 }, { "fe80::1/129", -1 }, { "fe80::1/999999999999", -1 },
		{ "0000000000000000000000000000000000000000000000::/1", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip_prefix p;
		bool ok = ip_parse_prefix(cases[i].text, &p);

		ck_assert_msg(ok == (cases[i].len >= 0), "%s", cases[i].text);
		ck_assert(ok || p.addr.family == IP_NONE);
		if (ok)
			ck_assert_int_eq(p.len, cases[i].len);
	}
}
END_TEST

START_TEST(prefix_text_shows_the_length)
{
	char text[IP_PREFIX_TEXT_MAX];
	struct ip_prefix p;

	ck_assert(ip_parse_prefix("10.0.0.1", &p));
	ck_assert_str_eq(ip_prefix_text(&p, text), "10.0.0.1/32");
	ck_assert(ip_parse_prefix("1234:5678:9abc:def0:1234:5678:9abc:def0/100", &p));
	ck_assert_str_eq(ip_prefix_text(&p, text), "1234:5678:9abc:def0:1234:5678:9abc:def0/100");
	p = (struct ip_prefix){ 0 };
	ck_assert_str_eq(ip_prefix_text(&p, text), "none");
}
END_TEST

START_TEST(order_is_family_then_unsigned_value)
{
	static const char *const rising[] = {
		"0.0.0.1", "10.0.0.2", "10.0.0.10", "127.255.255.255", "128.0.0.0",
		"255.255.255.255",
		"::1", "fe80::1", "fe80::2", "ff02::1",
	};
	struct ip_addr none = { .family = IP_NONE };

	for (size_t i = 0; i < sizeof(rising) / sizeof(rising[0]); i++) {
		struct ip_addr a = addr(rising[i]);

		ck_assert_int_lt(ip_cmp(&none, &a), 0);
		for (size_t k = 0; k < sizeof(rising) / sizeof(rising[0]); k++) {
			struct ip_addr b = addr(rising[k]);
			int c = ip_cmp(&a, &b);

			ck_assert_int_eq((c > 0) - (c < 0), (i > k) - (i < k));
			ck_assert_int_eq(ip_equal(&a, &b), i == k);
		}
	}
	ck_assert(ip_equal(&none, &none));
}
END_TEST

START_TEST(kinds_are_known)
{
	static const struct {
		const char *text;
		bool multicast, link_local;
	} cases[] = {
		{ "224.0.0.18", true, false }, { "239.255.255.255", true, false },
		{ "223.255.255.255", false, false }, { "240.0.0.1", false, false },
		{ "169.254.0.1", false, false }, { "ff02::12", true, false },
		{ "fe80::1", false, true },
		{ "febf::1", false, true }, { "fec0::1", false, false }, { "::1", false, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip_addr a = addr(cases[i].text);

		ck_assert_int_eq(ip_is_multicast(&a), cases[i].multicast);
		ck_assert_int_eq(ip_is_link_local(&a), cases[i].link_local);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/addr");
	TCase *t = tcase_create("addr");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, good_addresses_have_one_text);
	tcase_add_test(t, bad_addresses_are_refused);
	tcase_add_test(t, libc_agrees);
	tcase_add_test(t, prefixes_have_a_length_in_range);
	tcase_add_test(t, prefix_text_shows_the_length);
	tcase_add_test(t, order_is_family_then_unsigned_value);
	tcase_add_test(t, kinds_are_known);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
