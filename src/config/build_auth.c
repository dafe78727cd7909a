/*
 * Why this exists: a password that is understood wrongly means two masters. Whatever is doubtful
 * about it is said, and never the password itself.
 */
#include "config/build.h"

#include <string.h>

#include "config/dump.h"

bool bld_auth_accept(struct build *b, const struct raw_inst *raw)
{
	struct diag_pos type = bld_at(raw, "authentication"), pass = type;

	if (raw->auth.head.setting) {
		type = bld_at(&raw->auth, "auth_type");
		pass = bld_at(&raw->auth, "auth_pass");
	}
	if (raw->auth.pass && strcmp(raw->auth.pass, DUMP_MASK) == 0) {
		diag_add(b->diags, &pass, DIAG_FATAL, NULL,
			 "this password is the mask of a dump without secrets, not a password");
		b->fatal = true;
		return false;
	}
	if (raw->auth.type == SCH_AUTH_TYPE_AH) {
		diag_add(b->diags, &type, DIAG_ERROR, NULL,
			 "auth_type AH is not available in this version, so '%s' is not run",
			 raw->name);
		return false;
	}
	/* How it is authenticated is not clear; that has been said (SCH_F_NEEDED). */
	if (raw->auth.head.setting &&
	    ((raw->auth.type == RAW_NONE && bld_has(&raw->auth, "auth_type")) ||
	     (!raw->auth.pass && bld_has(&raw->auth, "auth_pass"))))
		return false;
	if (raw->auth.type == SCH_AUTH_TYPE_PASS && !raw->auth.pass) {
		diag_add(b->diags, &pass, DIAG_ERROR, NULL,
			 "'%s' asks for a password and has none, so it is not run", raw->name);
		return false;
	}
	return true;
}

void bld_auth(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst, bool strict)
{
	const char *pass = raw->auth.pass;
	struct diag_pos pos;
	size_t n;

	/* An instance that is not run may be without what it needs. */
	if (!raw->auth.head.setting || raw->auth.type == SCH_AUTH_TYPE_AH ||
	    (raw->auth.type == RAW_NONE && bld_has(&raw->auth, "auth_type")) ||
	    (raw->auth.type == SCH_AUTH_TYPE_PASS && !pass))
		return;
	pos = bld_at(&raw->auth, "auth_pass");
	if (raw->auth.type != SCH_AUTH_TYPE_PASS) {
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "there is no 'auth_type PASS', so advertisements carry no password");
		return;
	}
	if (inst->version == 3) {
		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL,
			 "VRRPv3 has no authentication (RFC 9568); the password is not used");
		return;
	}
	if (strict) {
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "strict mode allows no authentication; the password is not used, as in "
			 "keepalived");
		return;
	}
	n = strlen(pass);
	if (n > VR_AUTH_LEN && !tree_told(config_setting_get_member(raw->auth.head.setting,
								    "auth_pass")))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "only the first 8 octets of the password count; this one has %zu", n);
	inst->auth_type = VR_AUTH_PASS;
	memcpy(inst->auth_data, pass, n > VR_AUTH_LEN ? VR_AUTH_LEN : n);
}
