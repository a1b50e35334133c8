/* SPDX-License-Identifier: ISC */
/* What was found: in order, as text within a budget, as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tokens.h"
#include "logs/build_priv.h"

static const char *const names[T_COUNT] = {
	[T_CC] = "gcc", [T_MSVC] = "msvc", [T_LD] = "ld",
	[T_CMAKE] = "cmake", [T_RUSTC] = "rustc", [T_GO] = "go",
	[T_JAVAC] = "javac", [T_KOTLINC] = "kotlinc",
	[T_SCALAC] = "scalac", [T_SWIFTC] = "swiftc", [T_CSC] = "csc",
	[T_TSC] = "tsc", [T_GHC] = "ghc", [T_PYTHON] = "python",
	[T_NODE] = "node", [T_MYPY] = "mypy", [T_FLAKE8] = "flake8",
	[T_ESLINT] = "eslint", [T_SHELLCHECK] = "shellcheck",
	[T_OTHER] = "build", [T_MAKE] = "make", [T_MVN] = "maven",
	[T_GRADLE] = "gradle", [T_TAP] = "TAP", [T_PROVE] = "prove",
	[T_AUTOMAKE] = "automake", [T_PYTEST] = "pytest",
	[T_UNITTEST] = "unittest", [T_CARGO] = "cargo test",
	[T_NEXTEST] = "nextest", [T_GOTEST] = "go test",
	[T_GOPKG] = "go packages", [T_JEST] = "jest",
	[T_VITEST] = "vitest", [T_MOCHA] = "mocha",
	[T_NODETEST] = "node test", [T_JUNIT] = "junit",
	[T_GRADLETEST] = "gradle test", [T_PHPUNIT] = "phpunit",
	[T_DOTNET] = "dotnet test", [T_CTEST] = "ctest",
	[T_GTEST] = "gtest", [T_CMOCKA] = "cmocka", [T_CATCH2] = "catch2",
	[T_RSPEC] = "rspec", [T_TESTS] = "tests"
};

static const char *const kinds[] = {
	[RAID_FINDING_ERROR] = "error", [RAID_FINDING_WARNING] = "warning",
	[RAID_FINDING_FAILED] = "failed", [RAID_FINDING_BROKEN] = "broken",
	[RAID_FINDING_PLACE] = "place"
};

static const char *
tool_name(const struct raid_build *b, enum build_tool tool)
{
	if (tool == T_AUTOMAKE && !b->runner[tool].said_any)
		return names[T_TESTS];
	if (tool == T_FLAKE8 && b->python_lint != NULL)
		return b->python_lint;
	if (tool != T_CC || !b->clang)
		return names[tool];
	return b->gcc ? "gcc and clang" : "clang";
}

/* Compilers count what they say; tests need a line that none else says. */
static int
is_sure(const struct raid_build *b, const struct build_entry *e)
{
	if (e->tool == T_CARGO && b->runner[T_NEXTEST].said_any)
		return 0;
	return b->known || b->runner[e->tool].sure || e->tool < T_TAP;
}

static void
count_runner(struct raid_build *b, enum build_tool tool)
{
	struct build_runner *r = &b->runner[tool];
	const struct build_tally *t = r->said_any ? &r->said : &r->seen;
	struct raid_build_count *c = &b->count[b->ncount];

	*c = (struct raid_build_count){ .tool = tool_name(b, tool),
		.errors = r->errors, .warnings = r->warnings };
	/* What the one counts is counted by the other. */
	if ((tool == T_TAP && b->runner[T_PROVE].said_any) ||
	    (tool == T_CARGO && b->runner[T_NEXTEST].said_any))
		return;
	if (tool >= T_TAP && (r->sure || (b->known && t->failed +
	    t->errors != 0))) {
		c->failed = t->failed;
		c->passed = t->passed;
		c->skipped = t->skipped != 0 ? t->skipped : r->seen.skipped;
		c->errors = t->errors;
		c->said = r->said_any;
	}
	if (c->failed + c->passed + c->skipped + c->errors + c->warnings != 0)
		b->ncount++;
}

/* Failures that their runner did not count: it was cut off, or is silent. */
static void
count_entries(struct raid_build *b)
{
	uint64_t n[T_COUNT] = { 0 };

	for (size_t i = 0; i < b->n; i++) {
		const struct build_entry *e = b->v[i];

		if (!e->hidden && e->tool >= T_TAP && is_sure(b, e))
			n[e->tool]++;
	}
	for (enum build_tool t = T_TAP; t < T_COUNT; t++) {
		struct build_runner *r = &b->runner[t];

		if (!r->said_any && r->seen.failed + r->seen.errors == 0)
			r->seen.failed = n[t];
	}
}

/* 0: the first to be shown. */
static int
rank(const struct build_entry *e)
{
	static const int of[] = { [RAID_FINDING_ERROR] = 0,
		[RAID_FINDING_FAILED] = 1, [RAID_FINDING_BROKEN] = 1,
		[RAID_FINDING_PLACE] = 2, [RAID_FINDING_WARNING] = 3 };

	return of[e->f.kind];
}

/* Is this place said already, by one with a message? */
static int
is_said(const struct raid_build *b, const struct build_entry *e)
{
	for (size_t i = 0; i < b->norder; i++)
		if (b->order[i]->f.line == e->f.line &&
		    strcmp(b->order[i]->f.file, e->f.file) == 0)
			return 1;
	return 0;
}

/* prove names a file, its points say what failed in it. */
static void
order(struct raid_build *b, int weak)
{
	for (int r = 0; r <= 3; r++)
		for (size_t i = 0; i < b->n; i++) {
			struct build_entry *e = b->v[i];

			if (e->hidden || rank(e) != r || e->weak != weak ||
			    !is_sure(b, e) || (r == 2 && is_said(b, e)))
				continue;
			b->order[b->norder++] = e;
		}
}

void
raid_build_end(struct raid_build *b)
{
	count_entries(b);
	for (enum build_tool t = 0; t < T_COUNT; t++)
		count_runner(b, t);
	b->order = raid_calloc(b->n + 1, sizeof(const struct build_entry *));
	for (size_t i = 0; i < b->n; i++)
		b->v[i]->f.tool = tool_name(b, b->v[i]->tool);
	order(b, 0);
	for (size_t i = 0; i < b->norder; i++)
		b->strong |= rank(b->order[i]) < 2;
	/* "Error 2" is said by nobody else. */
	if (!b->strong)
		order(b, 1);
}

int
raid_build_any(const struct raid_build *b)
{
	return b->ncount + b->norder != 0;
}

size_t
raid_build_counts(const struct raid_build *b)
{
	return b->ncount;
}

const struct raid_build_count *
raid_build_count(const struct raid_build *b, size_t i)
{
	return i < b->ncount ? &b->count[i] : NULL;
}

const struct raid_finding *
raid_build_finding(const struct raid_build *b, size_t i)
{
	return i < b->norder ? &b->order[i]->f : NULL;
}

uint64_t
raid_build_dropped(const struct raid_build *b)
{
	return b->dropped;
}

static void
add_number(struct raid_buf *out, uint64_t n, const char *one,
    const char *many, const char **sep)
{
	if (n == 0)
		return;
	raid_buf_printf(out, "%s%" PRIu64 " %s", *sep, n, n == 1 ? one :
	    many);
	*sep = ", ";
}

static void
add_counts(const struct raid_build *b, struct raid_buf *out)
{
	for (size_t i = 0; i < b->ncount; i++) {
		const struct raid_build_count *c = &b->count[i];
		const char *sep = ": ";

		raid_buf_puts(out, c->tool);
		add_number(out, c->failed, "failed", "failed", &sep);
		add_number(out, c->errors, "error", "errors", &sep);
		add_number(out, c->passed, "passed", "passed", &sep);
		add_number(out, c->skipped, "skipped", "skipped", &sep);
		add_number(out, c->warnings, "warning", "warnings", &sep);
		raid_buf_addc(out, '\n');
	}
}

static void
add_place(const struct raid_finding *f, struct raid_buf *out)
{
	raid_buf_puts(out, f->file);
	if (f->line != 0)
		raid_buf_printf(out, ":%lu", f->line);
	if (f->column != 0)
		raid_buf_printf(out, ":%lu", f->column);
}

/*
 * "a.c:3:5: error: why [-Wx]", "failed: TestA (a_test.go:3): why"; a line
 * that was taken for its place stands as it is.
 */
static void
add_finding(const struct raid_finding *f, int flags, struct raid_buf *out)
{
	int test = f->kind == RAID_FINDING_FAILED ||
	    f->kind == RAID_FINDING_BROKEN;

	if (test) {
		raid_buf_printf(out, "%s: %s", kinds[f->kind], f->name);
		if (*f->file != '\0' && (f->line != 0 ||
		    strstr(f->name, f->file) == NULL)) {
			raid_buf_puts(out, *f->name != '\0' ? " (" : "(");
			add_place(f, out);
			raid_buf_addc(out, ')');
		}
		if (*f->message != '\0')
			raid_buf_printf(out, ": %s", f->message);
	} else if (f->kind == RAID_FINDING_PLACE) {
		raid_buf_puts(out, f->message);
	} else {
		if (*f->file != '\0')
			add_place(f, out);
		else
			raid_buf_puts(out, f->tool);
		raid_buf_printf(out, ": %s: %s", kinds[f->kind],
		    f->message);
		if (*f->name != '\0')
			raid_buf_printf(out, " [%s]", f->name);
	}
	if (f->n > 1)
		raid_buf_printf(out, " (%" PRIu64 " times%s", f->n,
		    flags & RAID_BUILD_LINES ? "" : ")");
	if (flags & RAID_BUILD_LINES)
		raid_buf_printf(out, "%sline %" PRIu64 ")", f->n > 1 ?
		    ", " : " (", f->at);
	raid_buf_addc(out, '\n');
}

void
raid_build_digest(const struct raid_build *b, size_t tokens, int flags,
    struct raid_buf *out)
{
	size_t start = out->len, used, i, n;
	struct raid_buf one;

	add_counts(b, out);
	used = raid_tokens(out->p + start, out->len - start);
	if (used > tokens) {
		out->len = start;
		out->p[start] = '\0';
		return;
	}
	if (flags & RAID_BUILD_BRIEF)
		return;
	raid_buf_init(&one, 8192);
	used += 8;	/* for what is left out */
	for (i = 0; i < b->norder; i++) {
		raid_buf_reset(&one);
		add_finding(&b->order[i]->f, flags, &one);
		/* Sums of estimates may be a token short. */
		n = raid_tokens(one.p, one.len) + 1;
		if (used + n > tokens)
			break;
		used += n;
		raid_buf_add(out, one.p, one.len);
	}
	raid_buf_free(&one);
	if ((b->norder - i) + b->dropped != 0 && used <= tokens)
		raid_buf_printf(out, "and %" PRIu64 " more\n",
		    (uint64_t)(b->norder - i) + b->dropped);
}

static struct raid_json *
finding_json(const struct raid_finding *f)
{
	struct raid_json *o = raid_json_object();

	raid_json_set_str(o, "kind", kinds[f->kind]);
	raid_json_set_str(o, "tool", f->tool);
	if (*f->file != '\0')
		raid_json_set_str(o, "file", f->file);
	if (f->line != 0)
		raid_json_set_int(o, "line", (long long)f->line);
	if (f->column != 0)
		raid_json_set_int(o, "column", (long long)f->column);
	if (*f->name != '\0')
		raid_json_set_str(o, "name", f->name);
	raid_json_set_str(o, "message", f->message);
	raid_json_set_int(o, "at", (long long)f->at);
	raid_json_set_int(o, "n", (long long)f->n);
	return o;
}

struct raid_json *
raid_build_json(const struct raid_build *b, size_t max)
{
	struct raid_json *o = raid_json_object(), *v = raid_json_array();
	size_t i;

	for (i = 0; i < b->ncount; i++) {
		const struct raid_build_count *c = &b->count[i];
		struct raid_json *one = raid_json_object();

		raid_json_set_str(one, "tool", c->tool);
		raid_json_set_int(one, "failed", (long long)c->failed);
		raid_json_set_int(one, "errors", (long long)c->errors);
		raid_json_set_int(one, "passed", (long long)c->passed);
		raid_json_set_int(one, "skipped", (long long)c->skipped);
		raid_json_set_int(one, "warnings", (long long)c->warnings);
		raid_json_add(v, one);
	}
	raid_json_set(o, "counts", v);
	v = raid_json_array();
	for (i = 0; i < b->norder && i < max; i++)
		raid_json_add(v, finding_json(&b->order[i]->f));
	raid_json_set(o, "findings", v);
	raid_json_set_int(o, "left_out", (long long)(b->norder - i +
	    b->dropped));
	return o;
}
