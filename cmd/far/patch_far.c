/* SPDX-License-Identifier: ISC */
/* In the place of cmd/patch_tags.c and cmd/patch_commit.c: the program starts
 * again as raid-patch-full, with the same arguments, in the same folder. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "patch_far.h"
#include "prog.h"

#define FULL "raid-patch-full"

static char **args;
static int folder = -1;		/* before any -C */

void
patch_remember(char **argv)
{
	args = argv;
	folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* It lies in libexec, beside our folder or, not installed, in it. */
static void
go_on(void)
{
	char *exe = realpath("/proc/self/exe", NULL), *slash, *path = NULL;
	struct raid_err err;

	slash = exe != NULL ? strrchr(exe, '/') : NULL;
	if (slash != NULL && (folder == -1 || fchdir(folder) == 0)) {
		*slash = '\0';
		path = raid_strf("%s/libexec/%s", exe, FULL);
		(void)execv(path, args);
		free(path);
		path = raid_strf("%s/../libexec/%s", exe, FULL);
		(void)execv(path, args);
	}
	raid_fail_errno(&err, "%s", path != NULL ? path : FULL);
	err.code = RAID_EOS;
	prog_die(&err);
}

int
patch_tags(const struct patch_tags_opts *o, int argc, char **argv)
{
	(void)o;
	(void)argc;
	(void)argv;
	go_on();
	return RAID_EOS;
}

struct patch_commit *
patch_commit_open(const char *dir, const char *rev,
    struct raid_place_base *base, struct raid_err *err)
{
	(void)dir;
	(void)rev;
	(void)base;
	(void)err;
	go_on();
	return NULL;
}

void
patch_commit_close(struct patch_commit *c)
{
	free(c);
}
