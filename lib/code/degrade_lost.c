/* SPDX-License-Identifier: ISC */
/* What is gone: half a file, definitions, tests. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "code/degrade_defs.h"
#include "code/degrade_priv.h"

#define FLOOR 10	/* lines; a shorter file may shrink as it likes */
#define PASSES 4
#define WORK_MAX (128u << 20)	/* bytes to read in search of excuses */

static uint64_t
hash_line(struct raid_line l)
{
	l = raid_line_strip(l);
	return l.len != 0 ? raid_line_hash(&l) : 0;
}

static int
by_value(const void *pa, const void *pb)
{
	const uint64_t *a = pa, *b = pb;

	return *a < *b ? -1 : *a > *b;
}

/* How many lines of the old text are in another file that grows? */
static size_t
count_moved(const struct raid_degrade_work *w,
    const struct raid_degrade_file *f)
{
	struct raid_line text, l;
	uint64_t *v = NULL, h;
	size_t n = 0, cap = 0, moved = 0;

	for (size_t i = 0; i < w->n; i++) {
		text = w->v[i].now;
		while (&w->v[i] != f && raid_degrade_line(&text, &l)) {
			v = raid_grow(v, &cap, n + 1, sizeof(*v));
			v[n++] = hash_line(l);
		}
	}
	if (n != 0)
		qsort(v, n, sizeof(*v), by_value);
	for (text = f->was; n != 0 && raid_degrade_line(&text, &l);) {
		h = hash_line(l);
		moved += h != 0 &&
		    bsearch(&h, v, n, sizeof(*v), by_value) != NULL;
	}
	free(v);
	return moved;
}

void
raid_degrade_shrunk(struct raid_degrade_work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct raid_degrade_file *f = &w->v[i];
		size_t was, now;

		if (!f->whole || !f->before || !f->after)
			continue;
		was = raid_degrade_count_lines(f->c->before.p,
		    f->c->before.len);
		now = raid_degrade_count_lines(f->c->after.p, f->c->after.len);
		if (was < FLOOR || 2 * now >= was ||
		    2 * (now + count_moved(w, f)) >= was)
			continue;
		raid_degrade_note(w, f, RAID_DEGRADE_SHRUNK, now,
		    "%zu lines of %zu are left", now, was);
	}
}

/* Names of all definitions of one kind, before and after. */
struct names {
	enum raid_degrade_kind kind;
	struct raid_degrade_defs *old, *new;	/* one for each file */
	uint64_t *v, *before;	/* hashes of all new, all old names, sorted */
	size_t n, n_before;
	size_t work;		/* bytes read */
};

/* May that much more be read?  If not, what is lost has no excuse. */
static int
may_read(struct names *s, size_t len)
{
	s->work += len + 64;
	return s->work < WORK_MAX;
}

static void
free_names(struct names *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		raid_degrade_defs_free(&s->old[i]);
		raid_degrade_defs_free(&s->new[i]);
	}
	free(s->old);
	free(s->new);
	free(s->v);
	free(s->before);
}

static uint64_t *
sort_names(const struct raid_degrade_defs *d, size_t files, size_t *n)
{
	size_t k = 0;
	uint64_t *v;

	for (size_t i = *n = 0; i < files; i++)
		*n += d[i].n;
	v = raid_calloc(*n + 1, sizeof(*v));
	for (size_t i = 0; i < files; i++)
		for (size_t j = 0; j < d[i].n; j++)
			v[k++] = d[i].v[j].hash;
	qsort(v, k, sizeof(*v), by_value);
	return v;
}

/* Read what may be lost, and all that is there afterwards. */
static void
read_names(struct names *s, const struct raid_degrade_work *w)
{
	s->old = raid_calloc(w->n, sizeof(*s->old));
	s->new = raid_calloc(w->n, sizeof(*s->new));
	for (size_t i = 0; i < w->n; i++) {
		const struct raid_degrade_file *f = &w->v[i];

		if (s->kind == RAID_DEFS_TESTS || (f->whole && f->after))
			raid_degrade_defs(&s->old[i], s->kind, f->lang,
			    f->was);
		s->n += s->old[i].n;
	}
	for (size_t i = 0; s->n != 0 && i < w->n; i++)
		raid_degrade_defs(&s->new[i], s->kind, w->v[i].lang,
		    (struct raid_line){ w->v[i].c->after.p,
		    w->v[i].c->after.len });
	s->v = sort_names(s->new, w->n, &s->n);
	s->before = sort_names(s->old, w->n, &s->n_before);
}

static int
is_there(const struct names *s, const struct raid_degrade_def *d)
{
	return bsearch(&d->hash, s->v, s->n, sizeof(*s->v), by_value) != NULL;
}

/* Does a new line begin as its line did, up to the byte behind the name?
 * The shape may have changed so that the definition is not seen any more. */
static int
is_begun(struct names *s, const struct raid_degrade_file *f,
    const struct raid_degrade_def *d)
{
	const unsigned char *from = d->name.p, *at = f->c->after.p;
	const unsigned char *end = at + f->c->after.len;
	size_t n;

	if (!may_read(s, f->c->after.len))
		return 0;
	while (from > f->c->before.p && from[-1] != '\n')
		from--;
	n = (size_t)(d->name.p - from) + d->name.len;
	if (from + n < f->c->before.p + f->c->before.len)
		n++;
	while (at < end && (at = memmem(at, (size_t)(end - at), from, n)) !=
	    NULL) {
		if (at == f->c->after.p || at[-1] == '\n')
			return 1;
		at++;
	}
	return 0;
}

static int
had_name(const struct names *s, const struct raid_degrade_def *d)
{
	return bsearch(&d->hash, s->before, s->n_before, sizeof(*s->before),
	    by_value) != NULL;
}

static int
is_word(unsigned char c)
{
	return isalnum(c) || c == '_' || c == '$';
}

/* Where the name stands in the text from at on, as a word; NULL: nowhere. */
static const unsigned char *
find_word(struct raid_line text, const unsigned char *at, struct raid_line name)
{
	const unsigned char *end = text.p + text.len;

	while (at < end && (at = memmem(at, (size_t)(end - at), name.p,
	    name.len)) != NULL) {
		if ((at == text.p || !is_word(at[-1])) &&
		    (at + name.len == end || !is_word(at[name.len])))
			return at;
		at++;
	}
	return NULL;
}

/* A name that is called: the next sign behind it. */
static int
is_called(struct raid_line text, const unsigned char *at)
{
	while (at < text.p + text.len && (*at == ' ' || *at == '\t'))
		at++;
	return at < text.p + text.len && *at == '(';
}

/* In C a structure is not used by a variable that has its name. */
static int
is_tag(const struct raid_degrade_file *f, const struct raid_degrade_def *d)
{
	const char *end = strrchr(f->path, '.');

	return end != NULL && (strcmp(end, ".c") == 0 ||
	    strcmp(end, ".h") == 0) && d->body.len > 7 &&
	    (memcmp(d->body.p, "struct ", 7) == 0 ||
	    memcmp(d->body.p, "union ", 6) == 0 ||
	    memcmp(d->body.p, "enum ", 5) == 0);
}

static int
is_use(struct raid_line text, const unsigned char *at,
    const struct raid_degrade_def *d, int call, int tag)
{
	const unsigned char *word = memchr(d->body.p, ' ', d->body.len);
	size_t n = word != NULL ? (size_t)(word - d->body.p) + 1 : 0;

	if (tag)
		return (size_t)(at - text.p) >= n &&
		    memcmp(at - n, d->body.p, n) == 0;
	return !call || is_called(text, at + d->name.len);
}

/* Does a new file still use the definition? */
static int
is_used(struct names *s, const struct raid_degrade_work *w,
    const struct raid_degrade_def *d, size_t file)
{
	int call = is_called(d->body, d->name.p + d->name.len);
	int tag = is_tag(&w->v[file], d);

	for (size_t i = 0; i < w->n; i++) {
		struct raid_line text = { w->v[i].c->after.p,
			w->v[i].c->after.len };
		const unsigned char *at = text.p;

		if (w->v[i].lang <= RAID_LANG_DATA)
			continue;
		for (; may_read(s, text.len) &&
		    (at = find_word(text, at, d->name)) != NULL; at++)
			if (is_use(text, at, d, call, tag))
				return 1;
		if (at != NULL)
			return 1;	/* nobody knows */
	}
	return 0;
}

/* Is the line around a place of the old file in the new one, too? */
static int
line_stays(struct names *s, const struct raid_degrade_file *f,
    struct raid_line was, const unsigned char *at)
{
	const unsigned char *from = at, *to = at;

	while (from > was.p && from[-1] != '\n')
		from--;
	while (to < was.p + was.len && *to != '\n')
		to++;
	return may_read(s, f->c->after.len) && memmem(f->c->after.p,
	    f->c->after.len, from, (size_t)(to - from)) != NULL;
}

/* Was it used by lines that went or changed, outside of what is lost? */
static int
was_used(const struct raid_degrade_work *w, struct names *s,
    const struct raid_degrade_def *d, const unsigned char *lost, size_t file)
{
	const struct raid_line was = w->v[file].was;
	const struct raid_degrade_defs *old = &s->old[file];
	const unsigned char *at = was.p;
	size_t k = 0;

	if (!may_read(s, was.len))
		return 0;
	while ((at = find_word(was, at, d->name)) != NULL) {
		while (k < old->n &&
		    old->v[k].body.p + old->v[k].body.len <= at)
			k++;
		if ((k == old->n || at < old->v[k].body.p || !lost[k]) &&
		    !line_stays(s, &w->v[file], was, at))
			return 1;
		at++;
	}
	return 0;
}

static int
speaks(struct names *s, const struct raid_degrade_work *w,
    struct raid_line name)
{
	return may_read(s, w->speech.raw.len) &&
	    raid_degrade_speaks(&w->speech, name.p, name.len);
}

/* Is there a definition with a new name and much the same body? */
static int
is_renamed(const struct raid_degrade_work *w, struct names *s,
    const struct raid_degrade_def *d)
{
	for (size_t i = 0; i < w->n; i++) {
		struct raid_line was = { w->v[i].c->before.p,
			w->v[i].c->before.len };

		for (size_t j = 0; j < s->new[i].n; j++) {
			const struct raid_degrade_def *n = &s->new[i].v[j];

			if (n->name.p < w->v[i].now.p || n->name.p >=
			    w->v[i].now.p + w->v[i].now.len)
				continue;
			if (!may_read(s, was.len))
				return 0;
			if (find_word(was, was.p, n->name) != NULL)
				continue;
			if (raid_degrade_alike(d, n))
				return 1;
		}
	}
	return 0;
}

static struct raid_line
unquoted(struct raid_line name)
{
	name = raid_line_strip(name);
	if (name.len > 2 && strchr("\"'`", *name.p) != NULL) {
		name.p++;
		name.len -= 2;
	}
	return name;
}

static size_t
line_of(const struct raid_degrade_file *f, const struct raid_degrade_def *d)
{
	return raid_degrade_line_at(&f->c->before,
	    (size_t)(d->name.p - f->c->before.p));
}

/* Is it one of the tests, which have a rule of their own? */
static int
is_test(const struct raid_degrade_defs *tests, const struct raid_degrade_def *d)
{
	for (size_t i = 0; i < tests->n; i++)
		if (tests->v[i].name.p == d->name.p)
			return 1;
	return 0;
}

/* How many definitions the old file has. */
static size_t
count_all(const struct raid_degrade_file *f, enum raid_degrade_kind kind)
{
	struct raid_degrade_defs all = { 0 };
	size_t n;

	raid_degrade_defs(&all, kind, f->lang, (struct raid_line){
	    f->c->before.p, f->c->before.len });
	n = all.n;
	raid_degrade_defs_free(&all);
	return n;
}

/* What is lost of a file. */
struct lost {
	size_t file;
	unsigned char *is;	/* for each old definition: gone, unexcused */
	int few;		/* words of removal may mean these */
};

static int
is_excused(struct raid_degrade_work *w, struct names *s, const struct lost *l,
    const struct raid_degrade_def *d)
{
	if (speaks(s, w, d->name) || is_renamed(w, s, d))
		return 1;
	return l->few && was_used(w, s, d, l->is, l->file) &&
	    !is_used(s, w, d, l->file);
}

/* Definitions that a whole file lacks. */
static void
check_lost(struct raid_degrade_work *w, struct names *s, size_t file)
{
	const struct raid_degrade_defs *old = &s->old[file];
	const struct raid_degrade_file *f = &w->v[file];
	struct lost l = { .file = file, .is = raid_calloc(old->n + 1, 1) };
	struct raid_degrade_defs tests = { 0 };
	const struct raid_degrade_def *d;
	size_t n = 0, before = 0;

	raid_degrade_defs(&tests, RAID_DEFS_TESTS, f->lang, f->was);
	for (size_t i = 0; i < old->n; i++)
		n += l.is[i] = !is_there(s, &old->v[i]) &&
		    !is_test(&tests, &old->v[i]) &&
		    !is_begun(s, f, &old->v[i]);
	/* Words of removal may speak of a few things without their names. */
	l.few = n != 0 && w->speech.removal &&
	    4 * n <= count_all(f, s->kind) + 3;
	/* What goes for a reason takes along what only it had used. */
	for (int pass = 0; pass < PASSES && n != before; pass++) {
		before = n;
		for (size_t i = 0; i < old->n; i++)
			if (l.is[i] && is_excused(w, s, &l, &old->v[i])) {
				l.is[i] = 0;
				n--;
			}
	}
	for (size_t i = 0; n != 0 && i < old->n; i++) {
		d = &old->v[i];
		if (!l.is[i])
			continue;
		raid_degrade_note(w, f, RAID_DEGRADE_LOST, line_of(f, d),
		    "\"%.*s\" is gone, and the answer does not say so",
		    (int)(d->name.len < 80 ? d->name.len : 80), d->name.p);
		break;
	}
	raid_degrade_defs_free(&tests);
	free(l.is);
}

void
raid_degrade_lost(struct raid_degrade_work *w)
{
	struct names s = { .kind = RAID_DEFS_CODE };

	read_names(&s, w);
	for (size_t i = 0; i < w->n; i++)
		check_lost(w, &s, i);
	free_names(&s, w->n);
}

/* Enough of a body to take the place of a test that goes? */
static size_t
count_new(const struct raid_degrade_work *w, const struct names *s)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < s->new[i].n; j++) {
			const struct raid_degrade_def *d = &s->new[i].v[j];
			const unsigned char *from = w->v[i].now.p;

			n += d->name.p >= from &&
			    d->name.p < from + w->v[i].now.len &&
			    !had_name(s, d) && raid_degrade_count_lines(
			    d->body.p, d->body.len) > 2;
		}
	return n;
}

/* Tests that are gone without a word, in one file; the first is *which. */
static size_t
count_gone(struct raid_degrade_work *w, struct names *s, size_t file,
    const struct raid_degrade_def **which)
{
	const struct raid_degrade_defs *old = &s->old[file];
	const struct raid_degrade_def *d;
	struct raid_line name;
	size_t n = 0;

	for (size_t i = 0; i < old->n; i++) {
		d = &old->v[i];
		name = unquoted(d->name);
		if (is_there(s, d) || speaks(s, w, name) ||
		    is_renamed(w, s, d))
			continue;
		if (n++ == 0)
			*which = d;
	}
	return n;
}

/* A file of tests that is gone as a whole, whatever its tests look like. */
static int
is_test_file(const struct raid_degrade_file *f)
{
	const char *name = strrchr(f->path, '/');

	name = name != NULL ? name + 1 : f->path;
	return f->lang > RAID_LANG_DATA && (strncmp(name, "test_", 5) == 0 ||
	    strstr(name, "_test.") != NULL || strstr(name, ".test.") != NULL ||
	    strstr(name, "_spec.") != NULL || strstr(name, ".spec.") != NULL ||
	    strstr(name, "Test.") != NULL || strstr(name, "Tests.") != NULL ||
	    (strlen(name) > 2 && strcmp(name + strlen(name) - 2, ".t") == 0));
}

static void
note_test(struct raid_degrade_work *w, const struct raid_degrade_file *f,
    const struct raid_degrade_def *d)
{
	struct raid_line name = unquoted(d->name);

	raid_degrade_note(w, f, RAID_DEGRADE_TESTS, line_of(f, d),
	    "the test \"%.*s\" is gone, and the answer does not say so",
	    (int)(name.len < 80 ? name.len : 80), name.p);
}

/*
 * Tests go unsaid.  Where the answer lists the lines that go, as many new
 * tests may take the place of the old ones.
 */
void
raid_degrade_tests(struct raid_degrade_work *w)
{
	const struct raid_degrade_def **which;
	struct names s = { .kind = RAID_DEFS_TESTS };
	size_t gone = 0, come;

	if (w->speech.tests)
		return;
	which = raid_calloc(w->n, sizeof(void *));
	read_names(&s, w);
	for (size_t i = 0; i < w->n; i++)
		gone += count_gone(w, &s, i, &which[i]);
	come = count_new(w, &s);
	for (size_t i = 0; i < w->n; i++) {
		const struct raid_degrade_file *f = &w->v[i];

		if (which[i] != NULL && (f->whole || come < gone))
			note_test(w, f, which[i]);
		else if (!f->after && s.old[i].n == 0 && is_test_file(f) &&
		    come == 0 && !raid_degrade_speaks(&w->speech, f->path,
		    strlen(f->path)))
			raid_degrade_note(w, f, RAID_DEGRADE_TESTS, 1, "the "
			    "tests are gone, and the answer does not say so");
	}
	free_names(&s, w->n);
	free(which);
}
