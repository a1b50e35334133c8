/* SPDX-License-Identifier: ISC */
/* raid-broadcast: replicate posts to members, collect their answers. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "broadcast.h"
#include "prog.h"

static const struct raid_prog prog = {
	"raid-broadcast",
	"[-jn] [-C dir] [-J journal] [-m member]... [--again]\n"
	" [--deadline T] [--first | --quorum N] [--no-spare]\n"
	" [--rounds N] [--stripe] [tag...]",
	"Ask the members that each post addresses, all at once, and print the\n"
	"tags of their complete answers in the order in which they end.\n\n"
	"  -m member      ask this member instead (repeat, or a,b,c)\n"
	"  -n             ask nobody: say who would be, and what it may cost\n"
	"  --again        ask also who has answered already\n"
	"  --deadline T   after T (90, 10m) take what is complete\n"
	"  --first        the first complete answer is enough\n"
	"  --quorum N     N complete answers are enough\n"
	"  --no-spare     nobody answers in place of another\n"
	"  --rounds N     let answers that mention members ask them, N times\n"
	"  --stripe       each post to one member, many posts at once\n"
	"  -j             print the answers as JSON lines\n"
	"  -C dir         work as if started in dir\n"
	"  -J journal     use this journal\n"
};

static void
parse(struct cast_opts *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "again", no_argument, NULL, 1 },
		{ "deadline", required_argument, NULL, 2 },
		{ "first", no_argument, NULL, 3 },
		{ "quorum", required_argument, NULL, 4 },
		{ "no-spare", no_argument, NULL, 5 },
		{ "rounds", required_argument, NULL, 6 },
		{ "stripe", no_argument, NULL, 7 }, PROG_LONGS
	};
	struct raid_err err;
	int c, r = 0;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jm:nC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->json = 1; break;
		case 'm': raid_list_split(&o->members, optarg, ','); break;
		case 'n': o->dry = 1; break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1: o->again = 1; break;
		case 2:
			r = raid_num_span(optarg, &o->deadline, "--deadline",
			    &err);
			break;
		case 3: o->first = 1; break;
		case 4:
			r = raid_num_parse(optarg, 1, 1000, &o->quorum,
			    "--quorum", &err);
			break;
		case 5: o->no_spare = 1; break;
		case 6:
			r = raid_num_parse(optarg, 0, ROUNDS_MAX, &o->rounds,
			    "--rounds", &err);
			break;
		case 7: o->stripe = 1; break;
		}
		if (r == -1)
			prog_usage("%s", err.msg);
	}
	if (o->first && o->quorum > 0)
		prog_usage("--first is --quorum 1: give one of them");
}

/* One post after another, each before all its members at once. */
static int
mirror(struct cast *c, const struct raid_list *tags)
{
	int status = RAID_NO;

	for (size_t i = 0; i < tags->n && raid_proc_signal() == 0 &&
	    !c->closed; i++) {
		int r = round_open(c, tags->v[i], NULL);

		status = raid_status_merge(status, r == RAID_OK ?
		    round_serve(c) : r);
	}
	return status;
}

static int
cast(struct cast *c, const struct raid_list *operands)
{
	int status = RAID_NO;
	char tag[RAID_TAG_SIZE];
	struct raid_err err;

	for (size_t i = 0; i < operands->n; i++) {
		if (raid_post_resolve(c->s->db, operands->v[i], tag, &err) ==
		    -1)
			status = raid_status_merge(status, prog_say(&err));
		else
			raid_list_add(&c->todo, tag);
	}
	if (c->o->dry)
		return raid_status_merge(status, cost_print(c));
	cost_announce(c);
	if (c->o->stripe)
		return raid_status_merge(status, round_serve(c));
	c->next = c->todo.n;
	return raid_status_merge(status, mirror(c, &c->todo));
}

static int
run(struct cast_opts *o, struct store *s, const struct raid_list *tags)
{
	struct cast c = { .o = o, .s = s };
	struct raid_err err;
	int status;

	c.journal = realpath(s->conf.journal, NULL);
	c.screen = screen_new();
	if (team_roster(s, &c.roster, &err) == -1)
		status = prog_say(&err);
	else
		status = cast(&c, tags);
	screen_clear(c.screen);
	cost_close(&c);
	raid_http_free(c.http);
	screen_free(c.screen);
	raid_list_free(&c.todo);
	team_guard_free(&c.guard);
	raid_roster_free(&c.roster);
	free(c.journal);
	free(c.v);
	return status;
}

int
main(int argc, char **argv)
{
	struct raid_policy policy = { 0 };
	struct raid_list tags = { 0 };
	struct cast_opts o = { .rounds = -1 };
	struct raid_err err;
	struct store s;
	int status;

	prog_start(&prog);
	parse(&o, argc, argv);
	if (prog_tags(argc - optind, argv + optind, &tags, &err) == -1)
		prog_die(&err);
	if (tags.n == 0)
		return RAID_NO;
	if (store_open(&s, o.dir, o.journal, RAID_DB_WRITE, &err) == -1 ||
	    raid_policy_load(&policy, &s.conf, &err) == -1 ||
	    raid_policy_check(&policy, "exec", &err) == -1)
		prog_die(&err);
	raid_proc_signals();
	/* A reader that went away must not keep us from storing answers. */
	(void)signal(SIGPIPE, SIG_IGN);
	status = run(&o, &s, &tags);
	if (raid_proc_signal() != 0)
		status = 128 + raid_proc_signal();
	raid_policy_free(&policy);
	raid_list_free(&tags);
	raid_list_free(&o.members);
	store_close(&s);
	return prog_end(status);
}
