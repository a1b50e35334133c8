/* SPDX-License-Identifier: ISC */
/* What became of each hunk, and what stands where one was refused. */
#include <stdlib.h>

#include "base/mem.h"
#include "code/place_priv.h"

#define AROUND 10		/* lines shown before and behind */
#define SHOWN_MAX (16u << 10)	/* bytes of them */

const char *
raid_place_level_name(enum raid_place_level level)
{
	static const char *const names[] = {
		[RAID_PLACE_CLEAN] = "exact", [RAID_PLACE_EXACT] = "exact",
		[RAID_PLACE_BLANKS] = "blanks",
		[RAID_PLACE_INDENT] = "indent",
		[RAID_PLACE_FOLDED] = "folded",
		[RAID_PLACE_ALIGNED] = "aligned"
	};

	return names[level];
}

const char *
raid_place_mend_name(unsigned i)
{
	static const char *const names[RAID_PLACE_MENDS] = { "line number",
		"counts", "trailing blanks", "indentation", "typography",
		"html", "copied line numbers", "context" };

	return names[i];
}

const char *
raid_place_verdict_name(enum raid_place_verdict v)
{
	static const char *const names[] = {
		[RAID_PLACE_OPEN] = "open", [RAID_PLACE_PLACED] = "placed",
		[RAID_PLACE_ALREADY] = "already",
		[RAID_PLACE_REFUSED] = "refused"
	};

	return names[v];
}

const char *
raid_place_form_name(enum raid_edit_form form)
{
	static const char *const names[] = { [RAID_EDIT_DIFF] = "diff",
		[RAID_EDIT_BLOCK] = "block", [RAID_EDIT_CODEX] = "codex",
		[RAID_EDIT_WHOLE] = "whole" };

	return names[form];
}

static struct raid_place_hunk *
add(struct raid_place *out, const struct raid_edit *ed)
{
	out->hunks = raid_grow(out->hunks, &out->hunks_cap, out->n_hunks + 1,
	    sizeof(*out->hunks));
	out->hunks[out->n_hunks] = (struct raid_place_hunk){
		.form = ed->form, .reply = ed->line,
		.path = raid_strdup(ed->path) };
	return &out->hunks[out->n_hunks++];
}

static unsigned
mended(const struct raid_place_fit *f)
{
	unsigned html = 1u << RAID_PLACE_HTML, m = 0;

	if (f->hunk->hint != 0 && f->at + 1 != f->hunk->hint)
		m |= RAID_PLACE_MEND_NUMBER;
	if (f->edit->form == RAID_EDIT_DIFF && !f->hunk->counted)
		m |= RAID_PLACE_MEND_COUNTS;
	if (f->level == RAID_PLACE_BLANKS)
		m |= RAID_PLACE_MEND_BLANKS;
	if (f->indent.kind != RAID_PLACE_SAME)
		m |= RAID_PLACE_MEND_INDENT;
	if ((f->folds.lost & ~html) != 0 || f->folds.tabs)
		m |= RAID_PLACE_MEND_TYPOGRAPHY;
	if ((f->folds.lost & html) != 0)
		m |= RAID_PLACE_MEND_HTML;
	if (f->numbered)
		m |= RAID_PLACE_MEND_NUMBERS;
	if (f->level == RAID_PLACE_ALIGNED)
		m |= RAID_PLACE_MEND_CONTEXT;
	return m;
}

/* The lines of the file around the place where it nearly fits. */
static void
show(struct raid_place *out, const struct raid_place_fit *f,
    const struct raid_place_text *t)
{
	size_t from = f->best > AROUND ? f->best - AROUND : 0;
	size_t to = f->best + f->hunk->n + AROUND;

	if (out->excerpt_path != NULL)
		return;
	raid_buf_init(&out->excerpt, SHOWN_MAX);
	out->excerpt_path = raid_strdup(f->edit->path);
	out->excerpt_line = from + 1;
	for (size_t i = from; i < to && i < t->lines.n &&
	    out->excerpt.len + t->lines.v[i].len < SHOWN_MAX; i++)
		raid_buf_add(&out->excerpt, t->lines.v[i].p,
		    t->lines.v[i].len);
}

void
raid_place_report(struct raid_place *out, const struct raid_place_fit *v,
    size_t n, const struct raid_place_text *text)
{
	for (size_t i = 0; i < n; i++) {
		const struct raid_place_fit *f = &v[i];
		struct raid_place_hunk *h = add(out, f->edit);

		h->reply = f->hunk->line;
		h->no = f->no;
		h->hint = f->hunk->hint;
		h->runner_up = f->runner_up;
		h->level = f->level;
		h->verdict = f->refused ? RAID_PLACE_REFUSED : f->already ?
		    RAID_PLACE_ALREADY : f->fixed ? RAID_PLACE_PLACED :
		    RAID_PLACE_OPEN;
		if (f->fixed) {
			h->line = f->at + 1;
			h->mended = mended(f);
		}
		if (f->refused)
			show(out, f, text);
	}
}

void
raid_place_report_edit(struct raid_place *out, const struct raid_edit *ed,
    enum raid_place_verdict verdict)
{
	add(out, ed)->verdict = verdict;
}
