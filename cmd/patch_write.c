/* SPDX-License-Identifier: ISC */
#include "patch_write.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/audit.h"
#include "journal/verdict.h"
#include "patch.h"
#include "plan.h"
#include "prog.h"

#define WRITING "writing"	/* results in the audit, and what they say */
#define WRITTEN "written"
#define UNDONE "undone"
#define MODES "modes"		/* begins the detail of both */

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

/* What a patch changes on its base. */
static int
load_changes(struct store *s, struct patch *p, struct raid_place *pl,
    struct raid_err *err)
{
	struct patch_base on = { .s = s, .commit = p->base,
		.owner = &p->owner };
	struct raid_place_base base = { patch_base_file, &on };
	int r = 0;

	if (*p->base != '\0') {
		on.repo = raid_repo_open(s->conf.root != NULL ? s->conf.root :
		    ".", err);
		r = on.repo != NULL ? 0 : -1;
	}
	if (r == 0)
		r = raid_place_apply_clean(p->diff.p, p->diff.len, &base, pl,
		    err);
	raid_repo_free(on.repo);
	return r;
}

/* The permissions of what goes, for who wants it back: "modes 644 0 755". */
static int
print_modes(const struct raid_folder *f, const struct raid_place *pl,
    struct raid_buf *b, struct raid_err *err)
{
	unsigned *had = raid_calloc(pl->n, sizeof(*had));
	int r = raid_folder_perms(f->fd, pl, had, err);

	raid_buf_puts(b, MODES);
	for (size_t i = 0; r == 0 && i < pl->n; i++)
		raid_buf_printf(b, " %o", had[i]);
	free(had);
	return r;
}

/* The same read: n of them, or all 0. */
static unsigned *
read_modes(const char *s, size_t n)
{
	unsigned *v = raid_calloc(n + 1, sizeof(*v));
	char *end;

	if (strncmp(s, MODES, strlen(MODES)) != 0)
		return v;
	s += strlen(MODES);
	for (size_t i = 0; i < n; i++, s = end) {
		v[i] = (unsigned)strtoul(s, &end, 8) & 0777;
		if (end == s)
			v[i] = 0;
	}
	return v;
}

/* Noted before and after: what is killed between can be taken back, too. */
static int
write_now(struct store *s, struct raid_folder *f, const struct raid_place *pl,
    const char *tag, struct raid_err *err)
{
	struct raid_buf modes;
	int r;

	raid_buf_init(&modes, SIZE_MAX / 4);
	r = print_modes(f, pl, &modes, err);
	if (r == 0)
		r = store_audit(s, "patch", tag, "person", WRITING,
		    raid_buf_str(&modes), err);
	if (r == 0)
		r = raid_folder_write(f, pl, NULL, err);
	if (r == 0)
		r = store_audit(s, "patch", tag, "person", WRITTEN,
		    raid_buf_str(&modes), err);
	raid_buf_free(&modes);
	return r;
}

/* Write the changes where the files are as the patch found them. */
static int
write_changes(struct store *s, const struct patch_write_opts *o,
    const struct raid_place *pl, const char *tag, struct raid_err *err)
{
	struct raid_folder f;
	struct raid_err why;
	int r = patch_tree_open(&f, o, err);

	if (r == 0)
		r = patch_tree_begin(&f, !o->dry, err);
	if (r == -1)
		goto out;
	r = raid_folder_check(f.fd, pl, err);
	if (r == -1 && err->code == RAID_NO) {
		why = *err;
		(void)raid_fail(err, RAID_NO, "%.300s; git stash, or ask "
		    "again with raid-post --dirty", why.msg);
	} else if (r == 1) {
		prog_warn("%s: written already", tag);
		r = store_print(s, tag, o->json, err);
	} else if (r == 0 && o->dry) {
		plan_print(pl, tag, o->json);
	} else if (r == 0) {
		r = write_now(s, &f, pl, tag, err);
		if (r == 0)
			r = store_print(s, tag, o->json, err);
	}
out:
	raid_folder_close(&f);
	return r;
}

int
patch_write(struct store *s, const struct patch_write_opts *o, const char *tag,
    struct raid_err *err)
{
	struct raid_place pl = { 0 };
	struct patch p;
	int r = patch_load(s, tag, &p, err);

	if (r == 0)
		r = check_passed(s, &p, err);
	if (r == 0)
		r = load_changes(s, &p, &pl, err);
	if (r == 0)
		r = write_changes(s, o, &pl, p.post.tag, err);
	raid_place_free(&pl);
	patch_free(&p);
	return r;
}

/* Each change the other way round. */
static void
reverse(struct raid_place *pl)
{
	for (size_t i = 0; i < pl->n; i++) {
		struct raid_place_change *c = &pl->v[i];
		struct raid_buf after = c->after;
		unsigned mode = c->mode;

		c->after = c->before;
		c->before = after;
		c->mode = c->old_mode;
		c->old_mode = mode;
		if (c->new_path != NULL) {
			char *path = c->path;

			c->path = c->new_path;
			c->new_path = path;
		}
	}
}

/* pl is what was written; the files must be as that left them. */
static int
undo_changes(struct store *s, const struct patch_write_opts *o,
    struct raid_place *pl, const char *tag, const char *detail,
    struct raid_err *err)
{
	unsigned *modes = read_modes(detail, pl->n);
	struct raid_folder f;
	int r = patch_tree_open(&f, o, err);

	reverse(pl);
	if (r == 0)
		r = patch_tree_begin(&f, !o->dry, err);
	if (r == 0)
		r = raid_folder_check(f.fd, pl, err);
	if (r == 1)
		r = raid_fail(err, RAID_NO, "not written: the files are as "
		    "before it");
	if (r == 0 && o->dry) {
		plan_print(pl, tag, o->json);
	} else if (r == 0) {
		r = raid_folder_write(&f, pl, modes, err);
		if (r == 0)
			r = store_audit(s, "patch", tag, "person", UNDONE,
			    NULL, err);
		if (r == 0)
			r = store_print(s, tag, o->json, err);
	}
	raid_folder_close(&f);
	free(modes);
	return r;
}

/* Was it written, as far as the audit says?  What with which permissions. */
static int
find_written(struct store *s, const char *tag, char **detail,
    struct raid_err *err)
{
	char *result;
	int r = raid_audit_last(s->db, "patch", tag, &result, detail, err);

	if (r != -1)
		r = r == 1 && (strcmp(result, WRITING) == 0 ||
		    strcmp(result, WRITTEN) == 0) ? 0 :
		    raid_fail(err, RAID_NO, "not written");
	free(result);
	return r;
}

int
patch_undo(struct store *s, const struct patch_write_opts *o, const char *tag,
    struct raid_err *err)
{
	struct raid_place pl = { 0 };
	char *detail = NULL;
	struct patch p;
	int r = patch_load(s, tag, &p, err);

	if (r == 0)
		r = find_written(s, p.post.tag, &detail, err);
	if (r == 0)
		r = load_changes(s, &p, &pl, err);
	if (r == 0)
		r = undo_changes(s, o, &pl, p.post.tag, detail, err);
	raid_place_free(&pl);
	free(detail);
	patch_free(&p);
	return r;
}
