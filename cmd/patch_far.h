/* SPDX-License-Identifier: ISC */
/*
 * What raid-patch does with a journal or a commit.  Loading the libraries
 * for that takes several times as long as placing an answer on a tree, so
 * the program raid-patch has cmd/far/patch_far.c in its place, which goes on
 * as raid-patch-full: the same program with all of it.
 */
#ifndef RAID_PATCH_FAR_H
#define RAID_PATCH_FAR_H

#include "code/place.h"
#include "patch_opts.h"
#include "patch_tree.h"

struct patch_tags_opts {
	const char *journal;	/* -J */
	struct patch_opts p;
	struct patch_write_opts w;
	int write, undo;
};

/* First of main: argv and the folder, for who goes on elsewhere. */
void patch_remember(char **argv);

/* The tags of answers or patches; a status. */
int patch_tags(const struct patch_tags_opts *o, int argc, char **argv);

/* The files of a commit in the repository that holds dir (NULL: here), for
 * raid_place while it is open; NULL on failure. */
struct patch_commit;

struct patch_commit *patch_commit_open(const char *dir, const char *rev,
    struct raid_place_base *base, struct raid_err *err);
void patch_commit_close(struct patch_commit *c);

#endif
