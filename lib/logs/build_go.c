/* SPDX-License-Identifier: ISC */
/* go test, as text and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/build_priv.h"

/* What a running test said, until we know whether it failed. */
static struct build_pending *
pending(struct raid_build *b, const char *test)
{
	for (size_t i = 0; i < BUILD_RING; i++)
		if (b->go.ring[i].test != NULL &&
		    strcmp(b->go.ring[i].test, test) == 0)
			return &b->go.ring[i];
	return NULL;
}

static void
forget(struct build_pending *p)
{
	free(p->test);
	free(p->file);
	free(p->message);
	*p = (struct build_pending){ 0 };
}

int
raid_build_go_place(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest)
{
	struct build_entry *e = b->go.entry;
	struct build_pending *p;

	if (l->indent == 0 || raid_build_tool_of(place) != T_GO ||
	    (*b->go.run == '\0' && e == NULL))
		return 0;
	/* A frame of a panic. */
	if (raid_str_starts(rest, " +0x")) {
		if (e != NULL && e->f.line == 0 &&
		    l->at - b->go.entry_at < 100 &&
		    !raid_build_is_foreign(place))
			raid_build_set_place(e, place);
		return 1;
	}
	if (place->column != 0 || !raid_str_starts(rest, ": "))
		return 0;
	if (e != NULL && l->at - b->go.entry_at < 100) {
		if (e->f.line == 0) {
			raid_build_set_place(e, place);
			raid_build_say(e, rest + 2);
		}
		return 1;
	}
	if (*b->go.run == '\0' || pending(b, b->go.run) != NULL)
		return 1;
	p = &b->go.ring[b->go.at++ % BUILD_RING];
	forget(p);
	p->test = raid_strdup(b->go.run);
	p->file = raid_strndup(place->file, place->len);
	p->line = place->line;
	p->message = raid_strdup(rest + 2);
	return 1;
}

/* "--- FAIL: TestA/one (0.00s)" */
static void
see_end(struct raid_build *b, const struct build_line *l)
{
	struct build_tally *t = &b->runner[T_GOTEST].seen;
	char name[BUILD_TEXT + 1], *slash;
	struct build_pending *p;
	struct build_entry *e;

	raid_build_copy(name, sizeof(name), l->t + 10,
	    strcspn(l->t + 10, " "));
	b->runner[T_GOTEST].sure = 1;
	p = pending(b, name);
	b->go.entry = NULL;
	*b->go.run = '\0';
	if (l->indent == 0) {
		t->failed += l->t[4] == 'F';
		t->passed += l->t[4] == 'P';
		t->skipped += l->t[4] == 'S';
	}
	if (l->t[4] == 'F') {
		e = raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_GOTEST,
		    .name = name, .at = l->at });
		b->go.entry = e;
		b->go.entry_at = l->at;
		if (e != NULL && p != NULL) {
			raid_build_set_place(e, &(struct build_place){
			    .file = p->file, .len = strlen(p->file),
			    .line = p->line });
			raid_build_say(e, p->message);
		}
		/* The part that failed says it better than the whole. */
		slash = strrchr(name, '/');
		if (slash != NULL) {
			*slash = '\0';
			e = raid_build_find(b, T_GOTEST, name, 0);
			if (e != NULL && e->f.line == 0)
				e->hidden = 1;
		}
	}
	if (p != NULL)
		forget(p);
}

void
raid_build_see_go(struct raid_build *b, const struct build_line *l)
{
	const char *name;

	if (*l->t == '-') {
		see_end(b, l);
		return;
	}
	if (*l->t == 'p') {
		if (b->go.entry != NULL && l->at - b->go.entry_at < 20 &&
		    *b->go.entry->f.message == '\0')
			raid_build_say(b->go.entry, l->t);
		return;
	}
	name = l->t + 4 + strcspn(l->t + 4, " ");
	name += strspn(name, " ");
	raid_build_copy(b->go.run, sizeof(b->go.run), name, strlen(name));
	b->go.entry = NULL;
}

/* "FAIL  example.com/g  0.003s", "ok  example.com/g  0.1s" */
int
raid_build_go_package(struct raid_build *b, const struct build_line *l)
{
	struct build_runner *r = &b->runner[T_GOPKG];
	const char *s = l->t + strcspn(l->t, " "), *end;
	char name[BUILD_TEXT + 1];
	size_t n;

	s += strspn(s, " ");
	n = strcspn(s, " ");
	end = s + n + strspn(s + n, " ");
	if (n == 0 || l->indent > 0 || (*end != '[' && *end != '(' &&
	    (*end < '0' || *end > '9' || !raid_str_ends(end, "s"))))
		return 0;
	if (*end == '[' && !raid_str_starts(end, "[build failed]") &&
	    !raid_str_starts(end, "[setup failed]") &&
	    !raid_str_starts(end, "[no "))
		return 0;
	if (*end == '(' && !raid_str_starts(end, "(cached)"))
		return 0;
	r->sure = 1;
	b->go.entry = NULL;
	*b->go.run = '\0';
	if (*l->t == 'o') {
		r->seen.passed++;
		return 1;
	}
	r->seen.failed++;
	if (*end == '[') {
		raid_build_copy(name, sizeof(name), s, n);
		raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_BROKEN, .tool = T_GOPKG,
		    .name = name, .message = end, .at = l->at, .weak = 1 });
	}
	return 1;
}

/* The text of a string of JSON, which ends with a quote; 0: none. */
static size_t
unescape(const char *s, unsigned char *out, size_t size)
{
	size_t n = 0;

	for (; *s != '"'; s++) {
		char c = *s;

		if (c == '\0' || n + 1 >= size)
			return n;
		if (c == '\\') {
			c = *++s;
			if (c == '\0')
				return n;
			c = c == 'n' || c == 't' || c == 'r' || c == 'u' ?
			    ' ' : c;
		}
		out[n++] = (unsigned char)c;
	}
	return n;
}

/* {"Time":"...","Action":"output","Package":"p","Output":"--- FAIL: ..."} */
void
raid_build_see_gojson(struct raid_build *b, const struct build_line *l)
{
	unsigned char text[BUILD_LINE], clean[BUILD_LINE + 8];
	const char *s = strstr(l->t, "\"Action\":\"output\"");
	struct build_line in = { .at = l->at };
	size_t n;

	if (s == NULL || s - l->t > 60)
		return;
	s = strstr(s, "\"Output\":\"");
	if (s == NULL)
		return;
	n = unescape(s + 10, text, sizeof(text));
	raid_build_clean(text, n, &in, clean);
	in.class = raid_build_class_of(clean, strlen(in.s));
	if (in.class == K_GOJSON || (in.class == K_NONE && b->left == 0))
		return;
	raid_build_dispatch(b, &in);
}
