/* SPDX-License-Identifier: ISC */
/* Hostile replies, third part: what is placed leaves the file worse, or is
 * too big. */
#include <ctype.h>
#include <string.h>

#include "cases.h"

static int
begin(struct make *m)
{
	if (!one(m) || !cut(m) || !tame(m->f) || m->c[0].n == 0)
		return 0;
	for (size_t i = 0; i < m->c[0].n; i++)
		if (!decidable(&m->c[0], &m->c[0].v[i], 1) ||
		    m->c[0].v[i].old_n == 0)
			return 0;
	return 1;
}

static int
whole(struct make *m, struct lines *l)
{
	struct file f = *m->f;
	struct change c;

	f.new = join(l);
	m->form = WHOLE;
	m->path_inside = (int)upto(m, 2);
	c = (struct change){ .f = &f };
	if (has(f.new, "```") || same(f.new, f.old))
		return 0;
	prose(m, 0, f.path);
	show_form(m, WHOLE, &c);
	return hostile_end(m);
}

static const char *const placeholders[] = {
	"# ... existing code ...", "// ... rest of the code unchanged ...",
	"/* ... остальной код без изменений ... */", "// ... existing code",
	"# ... (rest of the file remains the same)", "-- ... unchanged ...",
	"// 其余代码保持不变", "# ... le reste du code est inchangé ...",
	"/* ... */", "<!-- ... existing content ... -->", "..."
};

#define N_PLACEHOLDERS (sizeof(placeholders) / sizeof(*placeholders))

/* A few lines of the file stand for themselves, one for all the others. */
int
h_placeholder(struct make *m)
{
	struct lines l;
	size_t from, to;

	if (!begin(m))
		return 0;
	l = lines(m->f->new);
	if (l.n < 20 || l.n > 2000)
		return 0;
	from = l.n / 4;
	to = l.n - 2;
	l.v[from] = str(placeholders[upto(m, N_PLACEHOLDERS)]);
	memmove(l.v + from + 1, l.v + to, (l.n - to) * sizeof(*l.v));
	l.n = from + 1 + l.n - to;
	return whole(m, &l);
}

/* The same within the new lines of a hunk. */
int
h_placeholder_edit(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };
	struct hunk *h;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[upto(m, m->c[0].n)];
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind == '+') {
			hunk_insert(h, i + 1, line_new('+', str(
			    placeholders[upto(m, 8)])));
			prose(m, 0, m->f->path);
			show_form(m, forms[upto(m, 3)], &m->c[0]);
			return hostile_end(m);
		}
	return 0;
}

int
h_shrunk(struct make *m)
{
	struct lines l;

	if (!begin(m))
		return 0;
	l = lines(m->f->new);
	if (l.n < 60)
		return 0;
	l.n /= 4;
	return whole(m, &l);
}

static int
definition(struct str s)
{
	static const char *const v[] = { "def ", "class ", "func ", "fn ",
	    "function ", "sub ", "pub fn ", "static int ", "static void ",
	    "int ", "void ", "export function " };

	if (s.n > 0 && s.p[s.n - 1] == ';')
		return 0;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		if (starts(s, v[i]) && (has(s, "(") || starts(s, "class ")))
			return 1;
	return 0;
}

/* Is the same thing defined elsewhere, too (in an #else, say)? */
static int
defined_twice(const struct lines *l, size_t at)
{
	struct str s = l->v[at], head;
	const char *end = memchr(s.p, '(', s.n);

	head = strf("%.*s", (int)(end != NULL ? (size_t)(end - s.p) : s.n),
	    s.p);
	for (size_t i = 0; i < l->n; i++)
		if (i != at && starts(l->v[i], head.p))
			return 1;
	return 0;
}

/* One definition is left out of a whole file. */
int
h_lost(struct make *m)
{
	struct lines l;
	size_t from, to, at;

	if (!begin(m))
		return 0;
	l = lines(m->f->new);
	if (l.n < 20 || l.n > 2000)
		return 0;
	at = upto(m, l.n);
	for (size_t i = 0; i < l.n; i++, at = (at + 1) % l.n) {
		if (!definition(l.v[at]) || defined_twice(&l, at))
			continue;
		from = at;
		for (to = from + 1; to < l.n && !definition(l.v[to]);)
			to++;
		/* It ends where the next one begins. */
		if (to == l.n || to - from > l.n / 3 || to - from < 3)
			continue;
		memmove(l.v + from, l.v + to, (l.n - to) * sizeof(*l.v));
		l.n -= to - from;
		return whole(m, &l);
	}
	return 0;
}

/* A file of tests loses one of them. */
int
h_tests(struct make *m)
{
	static const char *const old[] = {
	    "def test_first():\n    assert one() == 1\n\n\n",
	    "def test_second():\n    assert two() == 2\n\n\n",
	    "def test_third():\n    assert three() == 3\n" };
	struct out a = { 0 }, b = { 0 };
	struct change c;
	struct file f = { "tests/test_parts.py", "tests/test_parts.py",
	    0100644, 0100644, { 0 }, { 0 } };
	size_t gone = upto(m, 2);

	if (!begin(m))
		return 0;
	puts_(&a, "from parts import one, two, three\n\n\n");
	puts_(&b, "from parts import one, two, three\n\n\n");
	for (size_t i = 0; i < 3; i++) {
		puts_(&a, old[i]);
		if (i != gone)
			puts_(&b, old[i]);
	}
	f.old = out_str(&a);
	f.new = out_str(&b);
	if (change_make(&c, &f, 3) == -1)
		return 0;
	prose(m, 0, f.path);
	show_form(m, WHOLE, &c);
	m->f[1] = f;
	m->nf = 2;
	return hostile_end(m);
}

static int
braces(const char *path)
{
	static const char *const v[] = { ".c", ".h", ".js", ".java", ".go",
	    ".rs", ".php", ".cpp", ".css", ".ts", ".cc" };
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(v) / sizeof(*v); i++)
		if (strcmp(dot, v[i]) == 0)
			return 1;
	return 0;
}

static long
balance(struct str s)
{
	long n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] == '{') - (s.p[i] == '}');
	return n;
}

int
h_braces(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };
	struct hunk *h;

	if (!begin(m) || !braces(m->f->path) || balance(m->f->old) != 0 ||
	    has(m->f->old, "'{'") || has(m->f->old, "\"{\"") ||
	    has(m->f->old, "'}'") || has(m->f->old, "#if"))
		return 0;
	h = &m->c[0].v[0];
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind == '+') {
			hunk_insert(h, i + 1, line_new('+', str(upto(m, 2) ?
			    "	if (checked) {" : "	}")));
			prose(m, 0, m->f->path);
			show_form(m, forms[upto(m, 3)], &m->c[0]);
			return hostile_end(m);
		}
	return 0;
}

int
h_conflict(struct make *m)
{
	struct hunk *h;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[0];
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind == '+') {
			hunk_insert(h, i, line_new('+', str("<<<<<<< HEAD")));
			hunk_insert(h, i + 2, line_new('+', str("=======")));
			hunk_insert(h, i + 3, line_new('+', str("other")));
			hunk_insert(h, i + 4, line_new('+', str(
			    ">>>>>>> feature")));
			prose(m, 0, m->f->path);
			show_form(m, upto(m, 2) ? DIFF : CODEX, &m->c[0]);
			return hostile_end(m);
		}
	return 0;
}

/* A stretch of the file comes a second time right behind itself. */
int
h_doubled(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX, WHOLE };
	struct lines l, two;
	size_t from, n = 12, words = 0;
	struct file f;
	struct change c;

	if (!begin(m))
		return 0;
	l = lines(m->f->old);
	if (l.n < 30 || l.no_eol || has(m->f->old, "====") ||
	    has(m->f->old, "```"))
		return 0;
	from = 4 + upto(m, l.n - n - 8);
	for (size_t i = from; i < from + n; i++)
		words += loose(l.v[i]).n > 6;
	if (words < 8)
		return 0;
	two = l;
	two.v = mem((l.n + n) * sizeof(*two.v));
	memcpy(two.v, l.v, (from + n) * sizeof(*two.v));
	memcpy(two.v + from + n, l.v + from, (l.n - from) * sizeof(*two.v));
	two.n = l.n + n;
	f = *m->f;
	f.new = join(&two);
	if (change_make(&c, &f, 3) == -1 || c.n != 1 ||
	    !decidable(&c, &c.v[0], 4))
		return 0;
	m->form = forms[upto(m, 4)];
	prose(m, 0, f.path);
	show_form(m, m->form, &c);
	return hostile_end(m);
}

int
h_huge(struct make *m)
{
	static char line[1024];

	if (!begin(m))
		return 0;
	memset(line, 'x', sizeof(line) - 1);
	line[0] = '+';
	line[1022] = '\n';
	puts_(&m->o, "```diff\n--- /dev/null\n+++ b/big.txt\n"
	    "@@ -0,0 +1,33000 @@\n");
	for (int i = 0; i < 33000; i++)
		puts_(&m->o, line);
	puts_(&m->o, "```\n");
	return hostile_end(m);
}

int
h_hunks(struct make *m)
{
	const struct hunk *h;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[0];
	seg_open(m, "diff");
	show_diff_names(m, m->f);
	for (int i = 0; i < 100000; i++)
		show_hunk(m, &m->c[0], h);
	seg_close(m);
	return m->o.n < (64u << 20) && hostile_end(m);
}

int
h_files(struct make *m)
{
	if (!begin(m))
		return 0;
	seg_open(m, "diff");
	for (int i = 0; i < 20000; i++)
		putf(&m->o, "--- /dev/null\n+++ b/many/%d.txt\n"
		    "@@ -0,0 +1 @@\n+%d\n", i, i);
	seg_close(m);
	return hostile_end(m);
}

int
h_long_line(struct make *m)
{
	struct str s = { memset(mem(12u << 20), 'x', 12u << 20), 12u << 20 };

	if (!begin(m))
		return 0;
	seg_open(m, "diff");
	puts_(&m->o, "--- /dev/null\n+++ b/long.txt\n@@ -0,0 +1 @@\n");
	seg_line(m, '+', s);
	seg_close(m);
	return hostile_end(m);
}
