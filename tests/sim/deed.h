/*
 * What can be done to the world: one deed, one line of text.
 *
 * Stories, the random schedule and `simulate --fail` speak the same words:
 *	crash n1            link-down n1 eth0            loss n1 n2 lan 300
 * Only the world's meaning of a deed is here; when it happens is told beside it.
 */
#ifndef SIM_DEED_H
#define SIM_DEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_NAME_MAX 128
#define SIM_ALL 0xff			/* as a node or peer: every one of them */

enum sim_deed_type {
	SIM_START,		/* node a: with its configuration number a */
	SIM_STOP,		/* node: in good order */
	SIM_CRASH,		/* node: the daemon dies, its addresses stay */
	SIM_RELOAD,		/* node a: configuration number a */
	SIM_KILL,		/* node a: the engine only; another one goes on a us later */
	SIM_KILL_WITHIN,	/* node a b: the same in the middle of something, after it has
				 * called its port b times more */
	SIM_UPGRADE,		/* node a: another engine goes on at once, then with configuration
				 * number a */
	SIM_PAUSE,		/* node: SIGSTOP; packets queue up, the clock goes on */
	SIM_FREEZE,		/* node: the virtual machine is paused, its clock stands */
	SIM_RESUME,		/* node */
	SIM_LINK_DOWN,		/* node iface: carrier lost */
	SIM_LINK_UP,
	SIM_LINK_DELETE,	/* node iface: the interface goes, with its addresses */
	SIM_LINK_CREATE,	/* node iface: comes back under a new number; its own addresses a us
				 * later */
	SIM_ADDR_DELETE,	/* node iface: the host's own addresses */
	SIM_ADDR_ADD,
	SIM_VIP_DELETE,		/* node a: the a-th of our addresses there, behind our back; -1:
				 * all */
	SIM_VIP_FOREIGN,	/* node a b: another program puts the a-th address of the
				 * configuration on its interface, with its length (b 0) or
				 * another one */
	SIM_VIP_FOREIGN_GONE,	/* node: and takes them all away */
	SIM_CUT,		/* node peer segment: nothing gets from node to peer */
	SIM_HEAL,
	SIM_LOSS,		/* node peer segment a: permille of the packets */
	SIM_DUPLICATE,		/* node peer segment a: permille */
	SIM_REORDER,		/* node peer segment a: permille come late, after others */
	SIM_DELAY,		/* node peer segment a b: a to a + b us */
	SIM_OPS_FAIL,		/* node a b: a permille of address operations fail with errno b */
	SIM_OPS_DELAY,		/* node a: they are done a us later */
	SIM_OPS_FORGET,		/* node a b: a permille are answered b us late, with an error,
				 * whether they were done or not */
	SIM_JOIN_FAIL,		/* node a: no socket can be opened, errno a; 0: it can */
	SIM_SEND_FAIL,		/* node a: no advert can be sent, errno a; 0: it can */
	SIM_NOTICES_LOST,	/* node: the kernel's notices are lost */
	SIM_NOTICES_BACK,	/* node: that is found out; all is read again */
	SIM_LAG,		/* node a: it wakes up to a us too late */
	SIM_SCRIPT,		/* node check mode: how the script answers from now on */
	SIM_FORGE,		/* node a b c: it hears an advert of VRID a that none of them sent,
				 * of priority b, which promises c hundredths of a second (0: as
				 * its own do) */
	SIM_CLAIM,		/* node a b: another station claims the a-th address of VRID b */
	SIM_QUIET,		/* all that is transient ends: pauses, cuts, loss, failing
				 * operations; scripts that were now good, now bad are good.
				 * Interfaces and daemons stay as they are */
	SIM_N_DEEDS
};

enum sim_script {
	SIM_SCRIPT_GOOD,
	SIM_SCRIPT_FAIL,	/* exit status 1 */
	SIM_SCRIPT_HANG,	/* until its timeout */
	SIM_SCRIPT_SLOW,	/* good, but sometimes slower than its timeout */
	SIM_SCRIPT_FLAP,	/* good or failed, by dice */
	SIM_SCRIPT_LIE,		/* good, but one in eight says failed */
	SIM_SCRIPT_SIGNAL,	/* killed */
	SIM_SCRIPT_CANNOT,	/* cannot be run at all */
	SIM_N_SCRIPTS
};

struct sim_deed {
	int64_t at_us;
	enum sim_deed_type type;
	uint8_t node, peer;		/* or SIM_ALL */
	char name[SIM_NAME_MAX];	/* of the interface, segment ("*": all) or check */
	int64_t a, b, c;
};

/* The names that stand for nodes in the text, by number. */
struct sim_names {
	const char *const *node;
	size_t n_nodes;
};

/* Reads "WORD ARGUMENTS..."; false when it is not a deed. at_us is left alone. */
bool sim_deed_parse(const char *line, const struct sim_names *names, struct sim_deed *out);

/* Writes the line, always terminated; returns BUF. */
const char *sim_deed_text(const struct sim_deed *deed, const struct sim_names *names, char *buf,
			  size_t size);

const char *sim_script_word(enum sim_script mode);

#endif
