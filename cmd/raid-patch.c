/* SPDX-License-Identifier: ISC */
/* raid-patch: find the edits in an answer, place them, give a clean diff. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/path.h"
#include "code/degrade.h"
#include "patch_far.h"
#include "patch_tell.h"
#include "plan.h"
#include "prog.h"

static const struct raid_prog prog = {
	"raid-patch",
	"[-jnvw] [-C dir] [-J journal] [--partial] [--explain]\n"
	" [--reject] [--allow rule[,rule]] [tag... | -]\n"
	"[-jnvw] [-C dir] [--root dir | --base commit] [--explain]\n"
	" [--reject] [--allow rule[,rule]] -\n"
	"[-jn] [-C dir] [-J journal] --undo [tag...]\n"
	"[-C dir] [--root dir] --recover",
	"Find the edits in each answer, place them on what its question stood\n"
	"on, post the clean diff and print the tag of that patch. With - read\n"
	"an answer, place it on the work tree and print the diff.\n\n"
	"  -n           only say what would be done\n"
	"  -w           write the patches, which must have passed, to the\n"
	"               work tree; with - write what was read\n"
	"  --root dir   with -: place it on the files of dir, without git\n"
	"  --base commit\n"
	"               with -: place it on the files of a commit\n"
	"  --undo       take back what -w has written of the patches\n"
	"  --recover    finish a write that was broken off\n"
	"  --partial    take answers that were broken off, too\n"
	"  --explain    say of each hunk where it went and what was mended\n"
	"  --reject     answer what is refused, with the lines as they are\n"
	"  -v           say how long the placing took\n"
	"  --allow rule[,rule]\n"
	"               take what these rules would refuse\n"
	"  -j           print JSON lines\n"
	"  -C dir       work as if started in dir\n"
	"  -J journal   use this journal\n"
};

struct options {
	struct patch_tags_opts t;
	const char *base;	/* a commit */
	int recover;
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "partial", no_argument, NULL, 1 },
		{ "root", required_argument, NULL, 2 },
		{ "base", required_argument, NULL, 3 },
		{ "recover", no_argument, NULL, 4 },
		{ "undo", no_argument, NULL, 5 },
		{ "explain", no_argument, NULL, 6 },
		{ "reject", no_argument, NULL, 7 },
		{ "allow", required_argument, NULL, 8 }, PROG_LONGS
	};
	struct raid_err err;
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jnvwC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->t.p.json = o->t.w.json = 1; break;
		case 'n': o->t.p.dry = o->t.w.dry = 1; break;
		case 'v': o->t.p.time = 1; break;
		case 'w': o->t.write = 1; break;
		case 'C': o->t.w.dir = optarg; break;
		case 'J': o->t.journal = optarg; break;
		case 1: o->t.p.partial = 1; break;
		case 2: o->t.w.root = optarg; break;
		case 3: o->base = optarg; break;
		case 4: o->recover = 1; break;
		case 5: o->t.undo = 1; break;
		case 6: o->t.p.explain = 1; break;
		case 7: o->t.p.reject = 1; break;
		case 8:
			if (raid_degrade_parse(optarg, &o->t.p.allow, &err) ==
			    -1)
				prog_die(&err);
			break;
		}
	}
}

/* What an answer is placed on: the work tree, or the files of a commit. */
struct ground {
	struct raid_folder tree;
	struct patch_commit *commit;
	struct raid_place_base base;
};

/* The tree is looked at when the answer has been read, not before. */
static int
ground_begin(struct ground *g, const struct options *o, struct raid_err *err)
{
	if (o->base != NULL)
		return 0;
	g->base = (struct raid_place_base){ raid_folder_file, &g->tree.fd };
	if (patch_tree_open(&g->tree, &o->t.w, err) == -1)
		return -1;
	return patch_tree_begin(&g->tree, o->t.write && !o->t.p.dry, err);
}

static void
ground_close(struct ground *g)
{
	raid_folder_close(&g->tree);
	patch_commit_close(g->commit);
}

/* Print the diff, and write it when nobody can have missed it. */
static int
put_out(const struct options *o, struct ground *g,
    const struct raid_place *pl, struct raid_err *err)
{
	if (plan_print_diff(pl, o->t.p.json, err) == -1)
		return -1;
	if (!o->t.write || o->t.p.dry)
		return 0;
	if (fflush(stdout) == EOF)
		return raid_fail_errno(err, "standard output");
	return raid_folder_write(&g->tree, pl, NULL, err);
}

/* Beside the error: as JSON, or as what to answer. */
static void
say_refusal(const struct options *o, const struct raid_place *pl,
    const struct raid_err *why)
{
	char *text;

	if (o->t.p.json)
		patch_tell_refusal(pl, NULL, why);
	else if (o->t.p.reject) {
		text = patch_tell_reject(raid_msg_language(), NULL, pl, why);
		printf("%s", text);
		free(text);
	}
}

/* "-": an answer on standard input. */
static int
filter(const struct options *o, struct raid_err *err)
{
	struct ground g = { .tree = { .fd = -1, .record_dir = -1 } };
	struct raid_edits e = { 0 };
	struct raid_place pl = { 0 };
	struct raid_buf text;
	unsigned waived;
	int r;

	if (o->base != NULL) {
		g.commit = patch_commit_open(o->t.w.dir, o->base, &g.base,
		    err);
		if (g.commit == NULL)
			return -1;
	}
	r = raid_path_readfd(STDIN_FILENO, "standard input",
	    RAID_EDITS_TEXT_MAX, &text, err);
	if (r == 0)
		r = raid_edits_find(text.p, text.len, &e, err);
	if (r == 0 && e.n == 0)
		r = raid_fail(err, RAID_NO, "no edit found");
	if (r == 0)
		r = ground_begin(&g, o, err);
	if (r == 0)
		r = patch_place(&o->t.p, &e, &g.base, &pl, err);
	if (r == 1)
		prog_warn("applied already");
	else if (r == 0)
		r = raid_degrade_check(&pl, &e, o->t.p.allow, &waived,
		    err);
	if (r == 0)
		r = put_out(o, &g, &pl, err);
	else if (r == -1 && pl.n_hunks != 0)
		say_refusal(o, &pl, err);
	raid_place_free(&pl);
	raid_edits_free(&e);
	raid_buf_free(&text);
	ground_close(&g);
	return r;
}

/* Which options go together. */
static void
check_usage(const struct options *o, int argc, char **argv)
{
	int is_filter = argc == 1 && strcmp(argv[0], "-") == 0 && !o->t.undo;

	if (o->recover && (argc != 0 || o->t.undo || o->t.write || o->base))
		prog_usage("--recover goes with --root only");
	if (o->t.undo && (o->t.write || o->t.w.root || o->base))
		prog_usage("--undo takes tags alone");
	if (o->base != NULL && (o->t.write || o->t.w.root))
		prog_usage("--base prints; it writes to no folder");
	if ((o->t.w.root || o->base) && !o->recover && !is_filter)
		prog_usage("--root and --base go with - alone");
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct raid_err err;

	prog_start(&prog);
	patch_remember(argv);
	parse(&o, argc, argv);
	argc -= optind;
	argv += optind;
	check_usage(&o, argc, argv);
	if (o.recover)
		return prog_end(patch_recover(&o.t.w, &err) == -1 ?
		    prog_say(&err) : RAID_OK);
	if (!o.t.undo && argc == 1 && strcmp(argv[0], "-") == 0)
		return prog_end(filter(&o, &err) == -1 ? prog_say(&err) :
		    RAID_OK);
	return prog_end(patch_tags(&o.t, argc, argv));
}
