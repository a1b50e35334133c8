/* SPDX-License-Identifier: ISC */
#include "patch.h"

#include <string.h>

#include "journal/blob.h"
#include "journal/verdict.h"

void
patch_free(struct patch *p)
{
	raid_post_free(&p->post);
	raid_post_free(&p->owner);
	raid_json_free(p->meta);
	raid_buf_free(&p->diff);
	*p = (struct patch){ 0 };
}

static int
load_post(struct store *s, const char *operand, struct raid_post *post,
    struct raid_err *err)
{
	char tag[RAID_TAG_SIZE];
	struct raid_verdict v;
	int r;

	if (raid_post_resolve(s->db, operand, tag, err) == -1)
		return -1;
	r = raid_verdict_get(s->db, tag, &v, err);
	if (r == -1 ||
	    raid_post_get(s->db, r == 1 ? v.patch : tag, post, err) == -1)
		return -1;
	if (strcmp(post->kind, "patch") != 0)
		return raid_fail(err, RAID_EDATA, "%s is a %s, not a patch; "
		    "make one of an answer: raid-patch %s", post->tag,
		    post->kind, post->tag);
	if (post->imported)
		return raid_fail(err, RAID_EPERM, "%s came by import: it is "
		    "text; make a patch of the answer: raid-patch %s",
		    post->tag, *post->reply_to != '\0' ? post->reply_to :
		    post->tag);
	return 0;
}

int
patch_load(struct store *s, const char *operand, struct patch *p,
    struct raid_err *err)
{
	const char *owner;

	*p = (struct patch){ 0 };
	if (load_post(s, operand, &p->post, err) == -1)
		return -1;
	p->meta = raid_json_parse(p->post.meta, strlen(p->post.meta), err);
	if (p->meta == NULL)
		return raid_fail_at(err, "%s", p->post.tag);
	p->base = raid_json_str(p->meta, "base", "");
	p->question = raid_json_str(p->meta, "question", "");
	p->sha256 = raid_json_str(p->meta, "diff", "");
	owner = raid_json_str(p->meta, "files", "");
	if (*owner != '\0' &&
	    raid_post_get(s->db, owner, &p->owner, err) == -1)
		return -1;
	if (raid_blob_get(s->db, p->sha256, &p->diff, err) == -1)
		return raid_fail_at(err, "%s", p->post.tag);
	return 0;
}

static enum raid_place_kind
kind_of(unsigned mode)
{
	switch (mode) {
	case 0120000:
		return RAID_PLACE_LINK;
	case 0040000:
		return RAID_PLACE_FOLDER;
	case 0160000:
		return RAID_PLACE_OTHER;
	default:
		return RAID_PLACE_FILE;
	}
}

int
patch_base_file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err)
{
	struct patch_base *b = arg;
	size_t n = strlen(path);
	int there;

	for (size_t i = 0; b->owner != NULL && i < b->owner->nfiles; i++) {
		const struct raid_file *a = &b->owner->files[i];

		if (strncmp(a->path, path, n) == 0 && a->path[n] == '/')
			f->kind = RAID_PLACE_FOLDER;
		if (strcmp(a->path, path) != 0)
			continue;
		f->kind = RAID_PLACE_FILE;
		f->mode = a->mode;
		raid_buf_free(&f->data);
		return store_file(b->s, a, &f->data, err);
	}
	if (f->kind == RAID_PLACE_FOLDER || b->repo == NULL ||
	    *b->commit == '\0')
		return 0;
	raid_buf_free(&f->data);
	there = raid_repo_file(b->repo, b->commit, path, &f->data, &f->mode,
	    err);
	if (there == 1)
		f->kind = kind_of(f->mode);
	return there == -1 ? -1 : 0;
}
