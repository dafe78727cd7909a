/*
 * What a change of state, and what none, must bring about.
 *
 * A new master speaks, adds and announces in the step in which it becomes one; one that ceases
 * takes its addresses off, and says priority 0 unless somebody better has taken over. Nobody else
 * adds, announces or advertises.
 */
#include <string.h>

#include "core/names.h"
#include "sim/inv.h"

unsigned int inv_places(const struct inv *c, size_t node, const struct inv_seat *s)
{
	const struct engine *e = sim_engine(c->sim, node);
	unsigned int n = 0;

	for (uint16_t v = 0; v < s->ic->n_vips; v++) {
		struct eng_vip_view view;

		eng_vip_look(e, s->inst, v, &view);
		n += eng_ifindex(e, s->ic->vips[v].iface) != 0 && !view.shared;
	}
	return n;
}

static void new_master(struct inv *c, size_t node, const struct inv_seat *s)
{
	unsigned int want = inv_places(c, node, s);

	if (!s->step.adverts)
		inv_fail(c, "no-advert", node, s, "a new master says nothing");
	if (s->step.adds < want)
		inv_fail(c, "no-address", node, s, "it adds %u of %u addresses", s->step.adds,
			 want);
	if (want && s->ic->garp_repeat && !s->step.announces && !s->may_wait)
		inv_fail(c, "no-announcement", node, s, "a new master announces nothing");
	if (s->damped && s->was == VR_BACKUP && s->step.rounds > 1)
		inv_fail(c, "flood", node, s, "a damped master announces %u rounds",
			 s->step.rounds);
	if (s->step.announces && s->may_wait)
		inv_fail(c, "flood", node, s, "a damped master announces too soon");
}

static void former_master(struct inv *c, size_t node, const struct inv_seat *s)
{
	unsigned int want = inv_places(c, node, s);

	if (s->step.dels < want)
		inv_fail(c, "kept-address", node, s, "it deletes %u of %u addresses",
			 s->step.dels, want);
	if (s->step.yielded && !s->step.adverts)
		inv_fail(c, "no-farewell", node, s, "the winner may never have heard of it");
	if (s->step.gave_way && s->step.adverts)
		inv_fail(c, "claimed", node, s, "he who took over would yield to that");
	if (s->step.yielded && s->step.zeros)
		inv_fail(c, "priority-0", node, s, "it says that it leaves, but it was beaten");
	if (s->state == VR_FAULT && s->unheard)
		return;		/* nobody would hear it */
	if (!s->step.yielded && !s->step.zeros && s->source.family != IP_NONE)
		inv_fail(c, "no-priority-0", node, s, "it leaves without a word");
}

static void bystander(struct inv *c, size_t node, const struct inv_seat *s)
{
	if (s->step.adverts || s->step.zeros)
		inv_fail(c, "advert", node, s, "it sends, but it is not master");
	if (s->step.announces)
		inv_fail(c, "announcement", node, s, "it announces, but it is not master");
	if (s->step.adds + s->step.renewals)
		inv_fail(c, "address", node, s, "it adds an address, but it is not master");
}

/* What one station can say as often as it likes brings about no more than it must. */
static void check_provoked(struct inv *c, const struct sim_input *in, const struct inv_seat *s)
{
	bool some = false;

	if ((in->type != SIM_IN_PACKET && in->type != SIM_IN_RIVAL) ||
	    c->nodes[in->node].was_armed)
		return;
	for (uint16_t v = 0; v < s->ic->n_vips; v++)
		some |= s->step.some & 1u << v && !s->claims[v].must;
	if ((s->step.announces && !s->must_announce) || some)
		inv_fail(c, "flood", in->node, s, "it announces again, and too soon");
	if (s->step.adverts && !s->must_answer)
		inv_fail(c, "flood", in->node, s, "it answers again, and too soon");
}

static void standing_master(struct inv *c, const struct sim_input *in, const struct inv_seat *s)
{
	size_t node = in->node;

	check_provoked(c, in, s);
	if (s->must_yield)
		inv_fail(c, "not-yielded", node, s, "a higher rank was heard");
	if (s->must_answer && !s->step.adverts)
		inv_fail(c, "no-answer", node, s, "a rival was heard, but not answered");
	if (s->must_announce && inv_places(c, node, s) && !s->step.announces)
		inv_fail(c, "no-repeat", node, s, "a rival was heard, but nothing announced");
	if (s->step.zeros)
		inv_fail(c, "priority-0", node, s, "it says that it leaves, but stays");
}

static bool has_notify(const struct inv *c, size_t node, const struct inv_seat *s)
{
	const struct cfg *cfg = eng_cfg(sim_engine(c->sim, node));

	return cfg->insts[s->inst].notify[CFG_NOTIFY_GENERIC].argv != NULL;
}

/* The last word that a notify script heard is the state as it is. */
static void check_notice(struct inv *c, size_t node, const struct inv_seat *s)
{
	const char *want = s->state == VR_INIT ? "STOP" : nam_state(s->state);

	if (!has_notify(c, node, s))
		return;
	if (s->hushed && s->step.notices)
		inv_fail(c, "notify-storm", node, s, "damped, it tells its script of each change");
	if ((s->state == s->was && !s->said) || s->hushed)
		return;
	/* keepalived: who only waits for a check's first word says nothing yet. */
	if (s->state == VR_FAULT && s->faults == 1u << VR_FAULT_CHECK_PENDING)
		return;
	if (!s->step.notices || strcmp(s->told, want) != 0)
		inv_fail(c, "notify", node, s, "its script was told '%s' last", s->told);
}

/* Who waits for checks is not told as unfit, and who is unfit is not told as one who waits. */
static void check_wait(struct inv *c, size_t node, const struct inv_seat *s)
{
	bool only_waits = s->faults == 1u << VR_FAULT_CHECK_PENDING;

	if (s->state != VR_FAULT)
		return;
	if (s->waits && !only_waits)
		inv_fail(c, "wait", node, s, "it is unfit, and said to wait for a script");
	if (s->was != VR_FAULT && !s->waits && only_waits)
		inv_fail(c, "wait", node, s, "it waits for a script, and is said to be unfit");
}

void inv_duties(struct inv *c, const struct sim_input *in, struct inv_seat *s)
{
	bool was_master = s->was == VR_MASTER || s->step.entered;

	if (in->type == SIM_IN_RELOAD)
		inv_untouched(c, in, s);
	if (s->step.entered && s->state == VR_MASTER)
		new_master(c, in->node, s);
	else if (s->state == VR_MASTER)
		standing_master(c, in, s);
	else if (was_master)
		former_master(c, in->node, s);
	else
		bystander(c, in->node, s);
	check_notice(c, in->node, s);
	check_wait(c, in->node, s);
	inv_goes_on(c, in, s);
}

void inv_removed(struct inv *c, size_t node, const struct inv_seat *s)
{
	if (s->state != VR_INIT)
		inv_fail(c, "removed", node, s, "the configuration does not have it any more");
	if (s->was == VR_MASTER && !s->step.zeros && s->source.family != IP_NONE)
		inv_fail(c, "no-priority-0", node, s, "it is removed without a word");
	if (s->was == VR_MASTER && s->step.dels < s->was_places)
		inv_fail(c, "kept-address", node, s, "it is removed, its addresses are not");
}
