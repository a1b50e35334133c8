/* SPDX-License-Identifier: ISC */
/* raid-patch: find the edits in an answer, place them, give a clean diff. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/path.h"
#include "patch.h"
#include "patch_answer.h"
#include "patch_tell.h"
#include "patch_write.h"
#include "plan.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-patch",
	"[-jnvw] [-C dir] [-J journal] [--partial] [--explain]\n"
	" [--reject] [tag... | -]\n"
	"[-jnvw] [-C dir] [--root dir | --base commit] [--explain]\n"
	" [--reject] -\n"
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
	"  -j           print JSON lines\n"
	"  -C dir       work as if started in dir\n"
	"  -J journal   use this journal\n"
};

struct options {
	const char *journal;
	const char *base;	/* a commit */
	struct patch_opts p;
	struct patch_write_opts w;
	int write, recover, undo;
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
		{ "reject", no_argument, NULL, 7 }, PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jnvwC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->p.json = o->w.json = 1; break;
		case 'n': o->p.dry = o->w.dry = 1; break;
		case 'v': o->p.time = 1; break;
		case 'w': o->write = 1; break;
		case 'C': o->w.dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1: o->p.partial = 1; break;
		case 2: o->w.root = optarg; break;
		case 3: o->base = optarg; break;
		case 4: o->recover = 1; break;
		case 5: o->undo = 1; break;
		case 6: o->p.explain = 1; break;
		case 7: o->p.reject = 1; break;
		}
	}
}

/* What an answer is placed on: the work tree, or the files of a commit. */
struct ground {
	struct raid_folder tree;
	struct patch_base commit;
	char hex[RAID_REPO_HEX];
	struct raid_place_base base;
};

static int
ground_open(struct ground *g, const struct options *o, struct raid_err *err)
{
	if (o->base == NULL) {
		g->base = (struct raid_place_base){ raid_folder_file,
			&g->tree.fd };
		if (patch_tree_open(&g->tree, &o->w, err) == -1)
			return -1;
		return patch_tree_begin(&g->tree, o->write && !o->p.dry, err);
	}
	g->base = (struct raid_place_base){ patch_base_file, &g->commit };
	g->commit.commit = g->hex;
	g->commit.repo = raid_repo_open(o->w.dir != NULL ? o->w.dir : ".",
	    err);
	if (g->commit.repo == NULL)
		return -1;
	return raid_repo_commit(g->commit.repo, o->base, g->hex, err) == -1 ?
	    -1 : 0;
}

static void
ground_close(struct ground *g)
{
	raid_folder_close(&g->tree);
	raid_repo_free(g->commit.repo);
}

/* Print the diff, and write it when nobody can have missed it. */
static int
put_out(const struct options *o, struct ground *g,
    const struct raid_place *pl, struct raid_err *err)
{
	if (plan_print_diff(pl, o->p.json, err) == -1)
		return -1;
	if (!o->write || o->p.dry)
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

	if (o->p.json)
		patch_tell_refusal(pl, NULL, why);
	else if (o->p.reject) {
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
	int r = raid_path_readfd(STDIN_FILENO, "standard input",
	    RAID_EDITS_TEXT_MAX, &text, err);

	if (r == 0)
		r = raid_edits_find(text.p, text.len, &e, err);
	if (r == 0 && e.n == 0)
		r = raid_fail(err, RAID_NO, "no edit found");
	if (r == 0)
		r = ground_open(&g, o, err);
	if (r == 0)
		r = patch_place(&o->p, &e, &g.base, &pl, err);
	if (r == 1)
		prog_warn("applied already");
	else if (r == 0)
		r = put_out(o, &g, &pl, err);
	else if (r == -1 && pl.n_hunks != 0)
		say_refusal(o, &pl, err);
	raid_place_free(&pl);
	raid_edits_free(&e);
	raid_buf_free(&text);
	ground_close(&g);
	return r;
}

/* One operand; returns a status. */
static int
take(struct store *s, const struct options *o, const char *operand)
{
	struct raid_post p = { 0 };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	int r = raid_post_resolve(s->db, operand, tag, &err);

	if (r == 0)
		r = raid_post_get(s->db, tag, &p, &err);
	if (r == 0) {
		r = o->undo ? patch_undo(s, &o->w, tag, &err) :
		    o->write ? patch_write(s, &o->w, tag, &err) :
		    strcmp(p.kind, "patch") == 0 ?
		    store_print(s, p.tag, o->p.json, &err) :
		    patch_answer(s, &o->p, &p, &err);
		if (r == -1)
			(void)raid_fail_at(&err, "%s by %s", p.tag, p.author);
	}
	raid_post_free(&p);
	return r == -1 ? prog_say(&err) : RAID_OK;
}

/* All tags, in order; a bad one does not stop the others. */
static int
take_all(const struct options *o, const struct raid_list *tags)
{
	struct raid_policy policy = { 0 };
	int status = RAID_NO;
	struct raid_err err;
	struct store s;

	if (store_open(&s, o->w.dir, o->journal, RAID_DB_WRITE, &err) == -1 ||
	    raid_policy_load(&policy, &s.conf, &err) == -1 ||
	    raid_policy_check(&policy, "patch", &err) == -1)
		prog_die(&err);
	for (size_t i = 0; i < tags->n; i++)
		status = raid_status_merge(status, take(&s, o, tags->v[i]));
	raid_policy_free(&policy);
	store_close(&s);
	return status;
}

/* Which options go together. */
static void
check_usage(const struct options *o, int argc, char **argv)
{
	int is_filter = argc == 1 && strcmp(argv[0], "-") == 0 && !o->undo;

	if (o->recover && (argc != 0 || o->undo || o->write || o->base))
		prog_usage("--recover goes with --root only");
	if (o->undo && (o->write || o->w.root || o->base))
		prog_usage("--undo takes tags alone");
	if (o->base != NULL && (o->write || o->w.root))
		prog_usage("--base prints; it writes to no folder");
	if ((o->w.root || o->base) && !o->recover && !is_filter)
		prog_usage("--root and --base go with - alone");
}

int
main(int argc, char **argv)
{
	struct raid_list tags = { 0 };
	struct options o = { 0 };
	struct raid_err err;
	int status;

	prog_start(&prog);
	parse(&o, argc, argv);
	argc -= optind;
	argv += optind;
	check_usage(&o, argc, argv);
	if (o.recover)
		return prog_end(patch_recover(&o.w, &err) == -1 ?
		    prog_say(&err) : RAID_OK);
	if (!o.undo && argc == 1 && strcmp(argv[0], "-") == 0)
		return prog_end(filter(&o, &err) == -1 ? prog_say(&err) :
		    RAID_OK);
	if (prog_tags(argc, argv, &tags, &err) == -1)
		prog_die(&err);
	status = tags.n == 0 ? RAID_NO : take_all(&o, &tags);
	raid_list_free(&tags);
	return prog_end(status);
}
