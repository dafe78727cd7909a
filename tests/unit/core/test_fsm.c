/*
 * The state machine's table, state by state: which inputs move an instance, and that all others
 * leave it alone without a single action. Inputs that the node never feeds in a state are here too:
 * each state's default must hold whoever calls.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/inst.h"
#include "rig.h"

static struct vr_ctx at(struct rig_node *n, const struct rig *rig, int64_t now_us)
{
	struct vr_ctx x = {
		.node = n->node, .conf = &rig->vr, .now_us = now_us, .out = &n->actions,
	};

	n->actions.n = 0;
	return ctx_of(&x, 0);
}

/* A node in the given state; its clock stands before 10 s. */
static void arrive(struct rig_node *n, struct rig *rig, enum vr_state state)
{
	rig_plain(rig);
	rig_node_new(n, &rig->vr, 1);
	if (state == VR_INIT)
		return;
	if (state != VR_FAULT)
		rig_iface(n, 0, 0, "192.0.2.1");
	rig_step(n, 0, (struct vr_event){ .type = VR_EV_START });
	if (state == VR_MASTER)
		rig_step(n, vr_deadline(n->node), (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_int_eq(rig_look(n, 0).state, state);
}

static const struct row {
	enum vr_state from;
	enum fsm_input_type input;
	enum vr_state to;		/* the same: nothing happens at all */
} rows[] = {
	{ VR_INIT, FSM_SHUTDOWN, VR_INIT },
	{ VR_INIT, FSM_FAULT, VR_INIT },
	{ VR_INIT, FSM_FIT, VR_INIT },
	{ VR_INIT, FSM_TIMER, VR_INIT },
	{ VR_INIT, FSM_ADVERT, VR_INIT },
	{ VR_INIT, FSM_LATE, VR_INIT },
	{ VR_INIT, FSM_N_INPUTS, VR_INIT },
	{ VR_BACKUP, FSM_STARTUP, VR_BACKUP },
	{ VR_BACKUP, FSM_FIT, VR_BACKUP },
	{ VR_BACKUP, FSM_N_INPUTS, VR_BACKUP },
	{ VR_BACKUP, FSM_SHUTDOWN, VR_INIT },
	{ VR_BACKUP, FSM_FAULT, VR_FAULT },
	{ VR_BACKUP, FSM_TIMER, VR_MASTER },
	{ VR_MASTER, FSM_STARTUP, VR_MASTER },
	{ VR_MASTER, FSM_FIT, VR_MASTER },
	{ VR_MASTER, FSM_N_INPUTS, VR_MASTER },
	{ VR_MASTER, FSM_SHUTDOWN, VR_INIT },
	{ VR_MASTER, FSM_FAULT, VR_FAULT },
	{ VR_FAULT, FSM_STARTUP, VR_FAULT },
	{ VR_FAULT, FSM_FAULT, VR_FAULT },
	{ VR_FAULT, FSM_TIMER, VR_FAULT },
	{ VR_FAULT, FSM_ADVERT, VR_FAULT },
	{ VR_FAULT, FSM_LATE, VR_FAULT },
	{ VR_FAULT, FSM_N_INPUTS, VR_FAULT },
	{ VR_FAULT, FSM_SHUTDOWN, VR_INIT },
};

START_TEST(each_input_in_each_state)
{
	const struct row *row = &rows[_i];
	struct rig rig;
	struct rig_node n;
	struct pkt_advert adv = { .version = 2, .vrid = 51, .priority = 200, .count = 1 };

	arrive(&n, &rig, row->from);
	struct vr_ctx x = at(&n, &rig, 20 * SECOND);
	fsm_step(&x, &(struct fsm_input){
		.type = row->input, .adv = &adv, .src = rig_addr("192.0.2.2"),
	});
	ck_assert_msg(rig_look(&n, 0).state == row->to, "row %d", _i);
	if (row->from == row->to)
		ck_assert_msg(n.actions.n == 0, "row %d: %zu actions", _i, n.actions.n);
	else
		ck_assert_uint_gt(rig_count(&n, VR_ACT_TRACE), 0);
	rig_node_free(&n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/fsm");
	TCase *t = tcase_create("fsm");
	SRunner *r = srunner_create(s);

	tcase_add_loop_test(t, each_input_in_each_state, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
