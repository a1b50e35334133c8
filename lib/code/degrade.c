/* SPDX-License-Identifier: ISC */
#include "code/degrade.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "code/degrade_priv.h"

static const struct { unsigned rule; const char *name; } rules[] = {
	{ RAID_DEGRADE_PLACEHOLDER, "placeholder" },
	{ RAID_DEGRADE_MASK, "mask" },
	{ RAID_DEGRADE_CONFLICT, "conflict-marker" },
	{ RAID_DEGRADE_SHRUNK, "shrunk" },
	{ RAID_DEGRADE_LOST, "lost-definition" },
	{ RAID_DEGRADE_TESTS, "lost-test" },
	{ RAID_DEGRADE_BRACES, "braces" },
	{ RAID_DEGRADE_DOUBLED, "doubled" },
};
#define RULES (sizeof(rules) / sizeof(*rules))

const char *
raid_degrade_name(unsigned rule)
{
	for (size_t i = 0; i < RULES; i++)
		if (rules[i].rule == rule)
			return rules[i].name;
	return NULL;
}

char *
raid_degrade_names(unsigned set)
{
	struct raid_buf b;
	char *s;

	raid_buf_init(&b, 1000);
	for (size_t i = 0; i < RULES; i++)
		if ((set & rules[i].rule) != 0)
			raid_buf_printf(&b, "%s%s", b.len != 0 ? "," : "",
			    rules[i].name);
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}

int
raid_degrade_parse(const char *list, unsigned *set, struct raid_err *err)
{
	struct raid_list names = { 0 };
	char *all;
	size_t k;
	int r = 0;

	raid_list_split(&names, list, ',');
	if (names.n == 0)
		raid_list_add(&names, "");
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		for (k = 0; k < RULES; k++)
			if (strcmp(names.v[i], rules[k].name) == 0)
				break;
		if (k < RULES) {
			*set |= rules[k].rule;
			continue;
		}
		all = raid_degrade_names(~0u);
		r = raid_fail(err, RAID_EUSAGE, "\"%.100s\" is no rule; "
		    "there are %s", names.v[i], all);
		free(all);
	}
	raid_list_free(&names);
	return r;
}

void
raid_degrade_free(struct raid_degrade_list *l)
{
	free(l->v);
	*l = (struct raid_degrade_list){ 0 };
}

void
raid_degrade_note(struct raid_degrade_work *w,
    const struct raid_degrade_file *f, enum raid_degrade rule, size_t line,
    const char *fmt, ...)
{
	struct raid_degrade_finding *v;
	va_list ap;

	for (size_t i = 0; i < w->out->n; i++)
		if (w->out->v[i].rule == rule &&
		    strcmp(w->out->v[i].path, f->path) == 0)
			return;
	w->out->v = raid_grow(w->out->v, &w->out->cap, w->out->n + 1,
	    sizeof(*w->out->v));
	v = &w->out->v[w->out->n++];
	*v = (struct raid_degrade_finding){ .rule = rule, .path = f->path,
		.line = line };
	va_start(ap, fmt);
	(void)vsnprintf(v->what, sizeof(v->what), fmt, ap);
	va_end(ap);
}

int
raid_degrade_line(struct raid_line *text, struct raid_line *l)
{
	const unsigned char *nl;

	if (text->len == 0)
		return 0;
	nl = memchr(text->p, '\n', text->len);
	l->p = text->p;
	l->len = nl != NULL ? (size_t)(nl - text->p) + 1 : text->len;
	text->p += l->len;
	text->len -= l->len;
	return 1;
}

size_t
raid_degrade_count_lines(const void *p, size_t len)
{
	const unsigned char *s = p, *nl;
	size_t n = 0;

	for (; len != 0 && (nl = memchr(s, '\n', len)) != NULL; n++) {
		len -= (size_t)(nl - s) + 1;
		s = nl + 1;
	}
	return n + (len != 0);
}

size_t
raid_degrade_line_at(const struct raid_buf *b, size_t offset)
{
	if (offset > b->len)
		offset = b->len;
	while (offset != 0 && b->p[offset - 1] == '\n' && offset == b->len)
		offset--;
	return raid_degrade_count_lines(b->p, offset) +
	    (offset == 0 || b->p[offset - 1] == '\n');
}

/* Leave out the lines that both begin with, and those that both end with. */
static void
compare(struct raid_degrade_file *f)
{
	const struct raid_buf *a = &f->c->before, *b = &f->c->after;
	size_t least = a->len < b->len ? a->len : b->len, from = 0, tail = 0;

	while (from < least && a->p[from] == b->p[from])
		from++;
	while (from > 0 && (from != a->len || from != b->len) &&
	    a->p[from - 1] != '\n')
		from--;
	while (tail < least - from &&
	    a->p[a->len - tail - 1] == b->p[b->len - tail - 1])
		tail++;
	while (tail > 0 && ((tail < a->len - from &&
	    a->p[a->len - tail - 1] != '\n') || (tail < b->len - from &&
	    b->p[b->len - tail - 1] != '\n')))
		tail--;
	f->was = (struct raid_line){ a->p + from, a->len - from - tail };
	f->now = (struct raid_line){ b->p + from, b->len - from - tail };
	f->skipped = raid_degrade_count_lines(b->p, from);
}

static int
is_whole(const struct raid_edits *e, const struct raid_place_change *c)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->v[i].form == RAID_EDIT_WHOLE &&
		    (strcmp(e->v[i].path, c->path) == 0 ||
		    (c->new_path != NULL &&
		    strcmp(e->v[i].path, c->new_path) == 0)))
			return 1;
	return 0;
}

void
raid_degrade_find(const struct raid_place *pl, const struct raid_edits *e,
    struct raid_degrade_list *out)
{
	struct raid_degrade_work w = { .pl = pl, .n = pl->n, .out = out };

	w.v = raid_calloc(pl->n, sizeof(*w.v));
	for (size_t i = 0; i < pl->n; i++) {
		struct raid_degrade_file *f = &w.v[i];
		const struct raid_place_change *c = &pl->v[i];
		const struct raid_buf *b = c->mode != 0 ? &c->after :
		    &c->before;

		f->c = c;
		f->path = c->new_path != NULL ? c->new_path : c->path;
		f->lang = raid_degrade_lang(f->path, b->p, b->len);
		f->before = c->old_mode != 0;
		f->after = c->mode != 0;
		f->whole = is_whole(e, c);
		compare(f);
	}
	raid_degrade_listen(&w.speech, e->text, e->text_len);
	raid_degrade_lines(&w);
	raid_degrade_shrunk(&w);
	raid_degrade_lost(&w);
	raid_degrade_tests(&w);
	raid_degrade_braces(&w);
	raid_degrade_doubled(&w);
	raid_buf_free(&w.speech.words);
	raid_buf_free(&w.speech.raw);
	free(w.v);
}

int
raid_degrade_check(const struct raid_place *pl, const struct raid_edits *e,
    unsigned allowed, unsigned *waived, struct raid_err *err)
{
	struct raid_degrade_list l = { 0 };
	const struct raid_degrade_finding *f;
	const char *name;
	int r = 0;

	*waived = 0;
	raid_degrade_find(pl, e, &l);
	for (size_t i = 0; r == 0 && i < l.n; i++) {
		f = &l.v[i];
		name = raid_degrade_name(f->rule);
		if ((allowed & f->rule) != 0)
			*waived |= f->rule;
		else
			r = raid_fail(err, RAID_NO, "%.150s:%zu: %s: %s; "
			    "--allow %s takes it", f->path, f->line, name,
			    f->what, name);
	}
	raid_degrade_free(&l);
	return r;
}
