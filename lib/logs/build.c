/* SPDX-License-Identifier: ISC */
#include "logs/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "logs/build_priv.h"
#include "logs/lines.h"

typedef void see_fn(struct raid_build *b, const struct build_line *l);

/* By enum build_class. */
static see_fn *const handlers[K_COUNT] = {
	[K_PLACE] = raid_build_see_place, [K_TOOL] = raid_build_see_tool,
	[K_PATH] = raid_build_see_path, [K_CODE] = raid_build_see_code,
	[K_DIAG] = raid_build_see_diag, [K_ARROW] = raid_build_see_arrow,
	[K_CMAKE] = raid_build_see_cmake, [K_LD] = raid_build_see_ld,
	[K_SYNTAX] = raid_build_see_syntax, [K_FILE] = raid_build_see_file,
	[K_TAP] = raid_build_see_tap, [K_HASH] = raid_build_see_hash,
	[K_PROVE] = raid_build_see_prove,
	[K_AUTOMAKE] = raid_build_see_automake,
	[K_FAIL] = raid_build_see_fail, [K_RULER] = raid_build_see_ruler,
	[K_PYSECT] = raid_build_see_pysect, [K_PYE] = raid_build_see_pye,
	[K_PYSUM] = raid_build_see_pysum,
	[K_UNITTEST] = raid_build_see_unittest, [K_NUM] = raid_build_see_num,
	[K_CARGO] = raid_build_see_cargo, [K_GO] = raid_build_see_go,
	[K_GOJSON] = raid_build_see_gojson,
	[K_FAILED] = raid_build_see_failed, [K_JEST] = raid_build_see_jest,
	[K_MARK] = raid_build_see_mark, [K_ESLINT] = raid_build_see_eslint,
	[K_NODE] = raid_build_see_node, [K_MVN] = raid_build_see_mvn,
	[K_JUNIT] = raid_build_see_junit, [K_GRADLE] = raid_build_see_gradle,
	[K_KOTLIN] = raid_build_see_kotlin, [K_XML] = raid_build_see_xml,
	[K_CTEST] = raid_build_see_ctest,
	[K_BRACKET] = raid_build_see_bracket,
	[K_NUMBERED] = raid_build_see_numbered,
	[K_RSPEC] = raid_build_see_rspec, [K_DOTNET] = raid_build_see_dotnet,
	[K_CATCH2] = raid_build_see_catch2
};

struct raid_build *
raid_build_new(int known)
{
	struct raid_build *b = raid_calloc(1, sizeof(*b));

	b->known = known;
	return b;
}

void
raid_build_free(struct raid_build *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->n; i++) {
		free(b->v[i]->file);
		free(b->v[i]->name);
		free(b->v[i]->message);
		free(b->v[i]);
	}
	for (size_t i = 0; i < BUILD_RING; i++) {
		free(b->go.ring[i].test);
		free(b->go.ring[i].message);
		free(b->go.ring[i].file);
	}
	free(b->seen);
	free(b->seen_entry);
	free(b->order);
	free(b);
}

void
raid_build_clean(const unsigned char *p, size_t len, struct build_line *l,
    unsigned char *buf)
{
	size_t n = 0, k;
	uint32_t c;

	if (len > 0 && (*p == '2' || *p == '[' || *p == '#')) {
		k = raid_build_prefix(p, len);
		p += k;
		len -= k;
	}
	for (size_t i = 0; i < len && n < BUILD_LINE; i += k) {
		if (p[i] >= ' ' && p[i] < 0x7f) {
			buf[n++] = p[i];
			k = 1;
			continue;
		}
		k = raid_utf8_next(p + i, len - i, &c);
		if (k == 0 || c < ' ' || (c >= 0x7f && c < 0xa0)) {
			buf[n++] = k == 0 ? '?' : ' ';
			k = k == 0 ? 1 : k;
			continue;
		}
		memcpy(buf + n, p + i, k);
		n += k;
	}
	while (n > 0 && buf[n - 1] == ' ')
		n--;
	buf[n] = '\0';
	l->s = (const char *)buf;
	l->indent = strspn(l->s, " ");
	l->t = l->s + l->indent;
}

void
raid_build_follow(struct raid_build *b, build_follow_fn *fn, unsigned lines,
    struct build_entry *e)
{
	/* What is known already is not told again. */
	b->cur = e;
	b->left = e != NULL && e->f.n > 1 ? 0 : lines;
	b->follow = fn;
	b->step = 0;
}

void
raid_build_dispatch(struct raid_build *b, const struct build_line *l)
{
	if (b->left > 0) {
		b->left--;
		if (b->follow(b, l))
			return;
	}
	if (l->class != K_NONE)
		handlers[l->class](b, l);
	if (b->known)
		raid_build_see_any(b, l);
}

int
raid_build_add(struct raid_build *b, unsigned class, const unsigned char *p,
    size_t len, uint64_t at)
{
	struct build_line l = { .at = at };

	if (class == K_NONE && b->left == 0 && (!b->known ||
	    (at - b->file.at > 8 && !raid_build_may_name(p, len))))
		return b->known;
	raid_build_clean(p, len, &l, b->clean);
	/* It has become shorter, and may be less. */
	if (class != K_NONE)
		l.class = raid_build_class_of(b->clean, strlen(l.s));
	raid_build_dispatch(b, &l);
	return b->left > 0 || b->known;
}

static void
take_line(void *arg, const unsigned char *p, size_t len)
{
	struct raid_build *b = arg;

	(void)raid_build_add(b, raid_build_class(p, len), p, len, ++b->at);
}

void
raid_build_text(struct raid_build *b, const void *p, size_t len)
{
	struct raid_loglines l;

	raid_loglines_init(&l, take_line, b);
	raid_loglines_add(&l, p, len);
	raid_loglines_end(&l);
	raid_loglines_free(&l);
}

/* A copy of a text within bounds; "" is NULL. */
static char *
keep(const char *s, size_t len)
{
	char text[BUILD_TEXT + 4];

	while (len > 0 && *s == ' ') {
		s++;
		len--;
	}
	if (len == 0)
		return NULL;
	raid_build_copy(text, BUILD_TEXT + 1, s, len);
	if (len > BUILD_TEXT)
		memcpy(text + strlen(text), "...", 4);
	return raid_strdup(text);
}

static void
replace(char **mine, const char **shown, const char *s, size_t len)
{
	char *text = keep(s, len);

	free(*mine);
	*mine = text;
	*shown = text != NULL ? text : "";
}

void
raid_build_set_place(struct build_entry *e, const struct build_place *p)
{
	if (e == NULL || p->len == 0)
		return;
	replace(&e->file, &e->f.file, p->file, p->len);
	e->f.line = p->line;
	e->f.column = p->column;
}

void
raid_build_set_name(struct build_entry *e, const char *name)
{
	if (e != NULL)
		replace(&e->name, &e->f.name, name, strlen(name));
}

void
raid_build_set_message(struct build_entry *e, const char *s)
{
	if (e != NULL)
		replace(&e->message, &e->f.message, s, strlen(s));
}

void
raid_build_say(struct build_entry *e, const char *s)
{
	char all[2 * BUILD_TEXT + 8];
	size_t n;

	s += strspn(s, " ");
	if (e == NULL || *s == '\0')
		return;
	n = strlen(e->f.message);
	if (n >= BUILD_TEXT - 20)
		return;
	memcpy(all, e->f.message, n);
	if (n > 0) {
		memcpy(all + n, "; ", 2);
		n += 2;
		if (all[n - 3] == ':') {
			all[n - 2] = ' ';
			n--;
		}
	}
	raid_build_copy(all + n, sizeof(all) - n, s, strlen(s));
	raid_build_set_message(e, all);
}

int
raid_build_is_open(const struct build_entry *e)
{
	return e != NULL && (*e->f.message == '\0' ||
	    raid_str_ends(e->f.message, ":"));
}

static uint64_t
mix(uint64_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT64_C(0x100000001b3);
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

/* Two with the same key are one: a test by its name, an error by all. */
static uint64_t
key_of(const struct build_new *w)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	int test = w->kind == RAID_FINDING_FAILED ||
	    w->kind == RAID_FINDING_BROKEN;

	h = mix(h, (const char *)&w->kind, sizeof(w->kind));
	h = mix(h, (const char *)&w->tool, sizeof(w->tool));
	h = mix(h, w->place.file, w->place.len);
	if (w->name != NULL)
		h = mix(h, w->name, strlen(w->name));
	if (!test || w->place.line != 0) {
		h = mix(h, (const char *)&w->place.line,
		    sizeof(w->place.line));
		h = mix(h, (const char *)&w->place.column,
		    sizeof(w->place.column));
	}
	h = mix(h, (const char *)&w->weak, sizeof(w->weak));
	if (!test && w->kind != RAID_FINDING_PLACE && w->message != NULL)
		h = mix(h, w->message, strlen(w->message));
	h ^= h >> 31;
	return h | 1;
}

/* Where it is in the table, or would be; BUILD_SEEN when that is full. */
static size_t
slot(struct raid_build *b, uint64_t key)
{
	size_t i = (size_t)(key >> 7) & (BUILD_SEEN - 1);

	if (b->seen == NULL) {
		b->seen = raid_calloc(BUILD_SEEN, sizeof(*b->seen));
		b->seen_entry = raid_calloc(BUILD_SEEN,
		    sizeof(*b->seen_entry));
	}
	while (b->seen[i] != 0 && b->seen[i] != key)
		i = (i + 1) & (BUILD_SEEN - 1);
	if (b->seen[i] == 0 && b->nseen >= BUILD_SEEN / 4 * 3)
		return BUILD_SEEN;
	return i;
}

static void
count_finding(struct raid_build *b, const struct build_new *w)
{
	struct build_runner *r = &b->runner[w->tool];

	if (w->weak)
		return;
	if (w->kind == RAID_FINDING_ERROR)
		r->errors++;
	else if (w->kind == RAID_FINDING_WARNING)
		r->warnings++;
}

static struct build_entry *
make_entry(struct raid_build *b, const struct build_new *w)
{
	uint16_t *kept = &b->kept[w->tool][w->kind];
	struct build_entry *e;

	if (b->n == BUILD_MAX || *kept == (w->weak ||
	    w->kind == RAID_FINDING_WARNING || w->kind == RAID_FINDING_PLACE ?
	    BUILD_MAX_WEAK : BUILD_MAX_TOOL)) {
		b->dropped += !w->weak && w->kind != RAID_FINDING_PLACE;
		return NULL;
	}
	++*kept;
	e = raid_calloc(1, sizeof(*e));
	e->f = (struct raid_finding){ .kind = w->kind, .file = "",
		.name = "", .message = "", .at = w->at, .n = 1 };
	e->tool = w->tool;
	e->weak = w->weak;
	raid_build_set_place(e, &w->place);
	if (w->name != NULL)
		raid_build_set_name(e, w->name);
	if (w->message != NULL)
		raid_build_set_message(e, w->message);
	b->v[b->n++] = e;
	return e;
}

struct build_entry *
raid_build_put(struct raid_build *b, const struct build_new *w)
{
	uint64_t key = w->unique ? 0 : key_of(w);
	size_t i = w->unique ? BUILD_SEEN : slot(b, key);
	struct build_entry *e;

	if (i < BUILD_SEEN && b->seen[i] == key) {
		if (b->seen_entry[i] == 0)
			return NULL;
		e = b->v[b->seen_entry[i] - 1];
		e->f.n += w->kind != RAID_FINDING_PLACE;
		return e;
	}
	count_finding(b, w);
	e = make_entry(b, w);
	if (i < BUILD_SEEN) {
		b->seen[i] = key;
		b->seen_entry[i] = e != NULL ? (uint16_t)b->n : 0;
		b->nseen++;
	}
	return e;
}

struct build_entry *
raid_build_find(struct raid_build *b, enum build_tool tool, const char *name,
    uint64_t since)
{
	for (size_t i = b->n; i > 0; i--) {
		struct build_entry *e = b->v[i - 1];

		if (e->f.at < since)
			break;
		if (e->tool == tool && strcmp(e->f.name, name) == 0)
			return e;
	}
	return NULL;
}
