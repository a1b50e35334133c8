/* SPDX-License-Identifier: ISC */
#include "context/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tokens.h"
#include "journal/blob.h"

#define WINDOW 50
#define POSTS_MAX 400		/* bounds a cascade, however it branches */
#define HEAD_TOKENS 30		/* what the lines around a body cost */

void
raid_window_free(struct raid_window *w)
{
	for (size_t i = 0; i < w->nfiles; i++)
		raid_buf_free(&w->files[i].content);
	free(w->files);
	raid_post_free(&w->owner);
	raid_posts_free(&w->posts);
	*w = (struct raid_window){ 0 };
}

static void
drop(struct raid_window *w, size_t i)
{
	raid_post_free(&w->posts.v[i]);
	w->posts.n--;
	memmove(&w->posts.v[i], &w->posts.v[i + 1],
	    (w->posts.n - i) * sizeof(*w->posts.v));
}

static size_t
find(const struct raid_window *w, const char *tag)
{
	size_t i = 0;

	while (i < w->posts.n && strcmp(w->posts.v[i].tag, tag) != 0)
		i++;
	return i;
}

static int
hide_private(struct raid_window *w, const char *asked, struct raid_err *err)
{
	for (size_t i = w->posts.n; i-- > 0;) {
		if (!raid_list_has(&w->posts.v[i].hashtags, "private"))
			continue;
		if (strcmp(w->posts.v[i].tag, asked) == 0)
			return raid_fail(err, RAID_EPERM, "%s is #private: "
			    "only members with \"local\": true are asked",
			    asked);
		drop(w, i);
		w->hidden++;
	}
	return 0;
}

/* What was taken back is not sent any more. */
static int
hide_retracted(struct raid_window *w, const char *asked, struct raid_err *err)
{
	for (size_t i = w->posts.n; i-- > 0;) {
		if (!w->posts.v[i].retracted)
			continue;
		if (strcmp(w->posts.v[i].tag, asked) == 0)
			return raid_fail(err, RAID_EPERM, "%s was retracted: "
			    "nobody is asked about it", asked);
		drop(w, i);
	}
	return 0;
}

/* The files that the question stands on, its own or inherited. */
static int
read_files(struct raid_db *db, const char *tag, struct raid_window *w,
    int local, struct raid_err *err)
{
	struct raid_base base;

	if (raid_post_base(db, tag, &base, err) == -1)
		return -1;
	if (*base.owner == '\0')
		return 0;
	if (raid_post_get(db, base.owner, &w->owner, err) == -1)
		return -1;
	if (w->owner.retracted)
		return raid_fail(err, RAID_EPERM, "%s, whose files this is "
		    "about, was retracted", base.owner);
	if (!local && raid_list_has(&w->owner.hashtags, "private"))
		return raid_fail(err, RAID_EPERM, "%s, whose files this is "
		    "about, is #private: only members with \"local\": true "
		    "are asked", base.owner);
	w->files = raid_calloc(w->owner.nfiles, sizeof(*w->files));
	for (; w->nfiles < w->owner.nfiles; w->nfiles++) {
		struct raid_window_file *f = &w->files[w->nfiles];

		f->file = &w->owner.files[w->nfiles];
		if (raid_blob_get(db, f->file->sha256, &f->content, err)
		    == -1) {
			raid_buf_free(&f->content);
			return raid_fail_at(err, "%s: %s", base.owner,
			    f->file->path);
		}
	}
	return 0;
}

static size_t
cost(const struct raid_post *p)
{
	return HEAD_TOKENS + raid_tokens(p->body, p->body_len);
}

/* Is tag what the post refers to or answers? */
static int
links_to(const struct raid_post *p, const char *tag)
{
	return strcmp(p->reply_to, tag) == 0 || raid_list_has(&p->refs, tag);
}

/*
 * Keep what fits: the question always, then what it links to, then the
 * newest.  What is dropped is counted, so that the member is told.
 */
static void
fit(struct raid_window *w, const char *asked, size_t budget)
{
	unsigned char *kept = raid_calloc(w->posts.n, 1);
	size_t used = 0;

	for (size_t i = 0; i < w->nfiles; i++)
		used += HEAD_TOKENS + raid_tokens(w->files[i].content.p,
		    w->files[i].content.len);
	used += cost(&w->posts.v[w->asked]);
	kept[w->asked] = 1;
	for (int linked = 1; linked >= 0; linked--) {
		for (size_t i = w->posts.n; i-- > 0;) {
			size_t c;

			if (kept[i] || links_to(&w->posts.v[w->asked],
			    w->posts.v[i].tag) != linked)
				continue;
			c = cost(&w->posts.v[i]);
			if (used <= budget && c <= budget - used) {
				used += c;
				kept[i] = 1;
			}
		}
	}
	for (size_t i = w->posts.n; i-- > 0;)
		if (!kept[i]) {
			drop(w, i);
			w->left_out++;
		}
	free(kept);
	w->asked = find(w, asked);
}

int
raid_window_make(struct raid_db *db, const struct raid_window_opts *o,
    struct raid_window *w, struct raid_err *err)
{
	*w = (struct raid_window){ 0 };
	if (raid_query_cascade(db, o->tag, o->window != 0 ? o->window : WINDOW,
	    POSTS_MAX, &w->posts, err) == -1)
		return -1;
	if (hide_retracted(w, o->tag, err) == -1 ||
	    (!o->local && hide_private(w, o->tag, err) == -1))
		return -1;
	w->asked = find(w, o->tag);
	if (w->asked == w->posts.n)
		return raid_fail(err, RAID_ENOINPUT, "%s: no such post in %s",
		    o->tag, raid_db_path(db));
	if (read_files(db, o->tag, w, o->local, err) == -1)
		return -1;
	if (o->budget != 0)
		fit(w, o->tag, o->budget);
	return 0;
}
