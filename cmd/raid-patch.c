/* SPDX-License-Identifier: ISC */
/* raid-patch: find the edits in an answer, place them, give a clean diff. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/githead.h"
#include "base/mem.h"
#include "base/path.h"
#include "code/folder.h"
#include "journal/verdict.h"
#include "patch.h"
#include "patch_answer.h"
#include "plan.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-patch",
	"[-jnw] [-C dir] [-J journal] [--partial] [tag... | -]",
	"Find the edits in each answer, place them on what its question stood\n"
	"on, post the clean diff and print the tag of that patch. With - read\n"
	"an answer, place it on the work tree and print the diff.\n\n"
	"  -n           only say what would be done\n"
	"  -w           write the patches, which must have passed, to the\n"
	"               work tree; with - write what was read\n"
	"  --partial    take answers that were broken off, too\n"
	"  -j           print JSON lines\n"
	"  -C dir       work as if started in dir\n"
	"  -J journal   use this journal\n"
};

struct options {
	const char *dir, *journal;
	struct patch_opts p;
	int write;
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "partial", no_argument, NULL, 1 }, PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jnwC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->p.json = 1; break;
		case 'n': o->p.dry = 1; break;
		case 'w': o->write = 1; break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1: o->p.partial = 1; break;
		}
	}
}

/* The folder that paths are relative to: the work tree's root, if any. */
static int
open_root(const char *dir, struct raid_err *err)
{
	struct raid_git g;
	int fd = -1;

	if (raid_git_find(dir, &g, err) != -1) {
		if (g.work != NULL)
			dir = g.work;
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd == -1)
			raid_fail_errno(err, "%s", dir);
	}
	raid_git_free(&g);
	return fd;
}

/* "-": an answer on standard input, the work tree as it is. */
static int
filter(const struct options *o, struct raid_err *err)
{
	struct raid_edits e = { 0 };
	struct raid_place pl = { 0 };
	struct raid_buf text;
	int root = open_root(o->dir != NULL ? o->dir : ".", err), r = -1;
	struct raid_place_base base = { raid_folder_file, &root };

	if (root == -1)
		return -1;
	if (raid_path_readfd(STDIN_FILENO, "standard input",
	    RAID_EDITS_TEXT_MAX, &text, err) == -1 ||
	    raid_edits_find(text.p, text.len, &e, err) == -1)
		goto out;
	if (e.n == 0) {
		raid_fail(err, RAID_NO, "no edit found");
		goto out;
	}
	r = raid_place(&e, &base, RAID_PLACE_ALIGNED, &pl, err);
	if (r == 1)
		r = raid_fail(err, RAID_NO, "applied already");
	if (r == 0)
		r = plan_print_diff(&pl, o->p.json, err);
	if (r == 0 && o->write && !o->p.dry)
		r = raid_folder_write(root, &pl, err);
out:
	raid_place_free(&pl);
	raid_edits_free(&e);
	raid_buf_free(&text);
	close(root);
	return r;
}

/* The verdict on this patch must be a pass, and the newest one. */
static int
check_passed(struct store *s, const struct patch *p, struct raid_err *err)
{
	char files[RAID_HASH_SIZE];
	struct raid_verdict v;
	int r;

	raid_post_files_hash(&p->owner, files);
	r = raid_verdict_find(s->db, p->sha256, p->base, files, &v, err);
	if (r == 0)
		return raid_fail(err, RAID_NO, "not tested; raid-test %s",
		    p->post.tag);
	if (r == 1 && !v.pass)
		return raid_fail(err, RAID_NO, "did not pass; raid-show %s "
		    "tells why", v.post);
	return r == -1 ? -1 : 0;
}

/* Write the changes where the files are as the patch found them. */
static int
write_changes(struct store *s, const struct options *o,
    const struct raid_place *pl, const char *tag, struct raid_err *err)
{
	int root = open_root(o->dir != NULL ? o->dir : ".", err), r;
	struct raid_err why;

	if (root == -1)
		return -1;
	r = raid_folder_check(root, pl, err);
	if (r == -1 && err->code == RAID_NO) {
		why = *err;
		(void)raid_fail(err, RAID_NO, "%.300s; git stash, or ask "
		    "again with raid-post --dirty", why.msg);
	} else if (r == 1) {
		prog_warn("%s: written already", tag);
		r = store_print(s, tag, o->p.json, err);
	} else if (r == 0 && o->p.dry) {
		plan_print(pl, tag, o->p.json);
	} else if (r == 0) {
		r = raid_folder_write(root, pl, err);
		if (r == 0)
			r = store_audit(s, "patch", tag, "person", "written",
			    NULL, err);
		if (r == 0)
			r = store_print(s, tag, o->p.json, err);
	}
	close(root);
	return r;
}

/* -w: a patch, or the verdict on one. */
static int
write_patch(struct store *s, const struct options *o, const char *tag,
    struct raid_err *err)
{
	struct patch_base on = { .s = s };
	struct raid_place_base base = { patch_base_file, &on };
	struct raid_place pl = { 0 };
	struct patch p;
	int r = patch_load(s, tag, &p, err);

	if (r == 0)
		r = check_passed(s, &p, err);
	if (r == 0 && *p.base != '\0') {
		on.repo = raid_repo_open(s->conf.root != NULL ? s->conf.root :
		    ".", err);
		r = on.repo != NULL ? 0 : -1;
	}
	on.commit = p.base;
	on.owner = &p.owner;
	if (r == 0)
		r = raid_place_apply_clean(p.diff.p, p.diff.len, &base, &pl,
		    err);
	if (r == 0)
		r = write_changes(s, o, &pl, p.post.tag, err);
	raid_place_free(&pl);
	raid_repo_free(on.repo);
	patch_free(&p);
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
		r = o->write ? write_patch(s, o, tag, &err) :
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

	if (store_open(&s, o->dir, o->journal, RAID_DB_WRITE, &err) == -1 ||
	    raid_policy_load(&policy, &s.conf, &err) == -1 ||
	    raid_policy_check(&policy, "patch", &err) == -1)
		prog_die(&err);
	for (size_t i = 0; i < tags->n; i++)
		status = raid_status_merge(status, take(&s, o, tags->v[i]));
	raid_policy_free(&policy);
	store_close(&s);
	return status;
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
	if (argc == 1 && strcmp(argv[0], "-") == 0)
		return prog_end(filter(&o, &err) == -1 ? prog_say(&err) :
		    RAID_OK);
	if (prog_tags(argc, argv, &tags, &err) == -1)
		prog_die(&err);
	status = tags.n == 0 ? RAID_NO : take_all(&o, &tags);
	raid_list_free(&tags);
	return prog_end(status);
}
