/* SPDX-License-Identifier: ISC */
/* Posts as JSON Lines, Markdown, CSV and a graph for dot(1). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/out.h"
#include "show.h"

int
show_format_parse(const char *name)
{
	static const char *const names[] = { "text", "jsonl", "md", "csv",
		"html", "dot" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

void
show_utc(long long ts, char out[32])
{
	time_t t = (time_t)ts;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		*out = '\0';
}

static void
print_json(const struct show *s, const struct raid_post *p, int depth)
{
	struct raid_json *j = raid_post_json(p);
	char *line;

	if (depth >= 0)
		raid_json_set_int(j, "depth", depth);
	line = raid_json_print(j, 0);
	raid_out_text(stdout, line, strlen(line), s->safe);
	putchar('\n');
	free(line);
	raid_json_free(j);
}

/*
 * The body stands in a quotation, so that no heading, fence or rule of its
 * own can end the post or forge another.  To Markdown CR ends a line, too.
 */
static void
md_body(const struct show *s, const char *body, size_t len)
{
	size_t n;

	for (size_t at = 0; at < len;) {
		n = strcspn(body + at, "\r\n");
		putchar('>');
		if (n > 0)
			putchar(' ');
		raid_out_text(stdout, body + at, n, s->safe);
		putchar('\n');
		at += n;
		if (at + 1 < len && body[at] == '\r' && body[at + 1] == '\n')
			at++;
		at++;
	}
}

static void
md_list(const char *what, const struct raid_list *l)
{
	if (l->n == 0)
		return;
	printf("- %s:", what);
	for (size_t i = 0; i < l->n; i++) {
		fputs(i > 0 ? ", #" : " #", stdout);
		raid_out_line(stdout, l->v[i]);
	}
	putchar('\n');
}

void
show_md(struct show *s, const struct raid_post *p, int depth)
{
	char when[32];

	if (s->shown > 0)
		putchar('\n');
	raid_clock_format(p->t.ts, when, sizeof(when));
	/* The levels of headings of a tree. */
	printf("%.*s #%s ", depth > 4 ? 6 : depth > 0 ? depth + 2 : 2,
	    "######", p->tag);
	raid_out_line(stdout, p->author);
	printf(", %s\n\n", when);
	if (strcmp(p->kind, "chat") != 0) {
		printf("- kind: ");
		raid_out_line(stdout, p->kind);
		putchar('\n');
	}
	if (strcmp(p->status, "complete") != 0) {
		printf("- status: ");
		raid_out_line(stdout, p->status);
		putchar('\n');
	}
	if (p->retracted)
		printf("- retracted\n");
	if (*p->reply_to != '\0')
		printf("- replies to: #%s\n", p->reply_to);
	md_list("refers to", &p->refs);
	for (size_t i = 0; i < p->nfiles; i++) {
		printf("- file: `");
		raid_out_line(stdout, p->files[i].path);
		printf("`, %lld bytes\n", p->files[i].size);
	}
	if (strcmp(p->kind, "chat") != 0 || *p->reply_to != '\0' ||
	    strcmp(p->status, "complete") != 0 || p->refs.n > 0 ||
	    p->nfiles > 0 || p->retracted)
		putchar('\n');
	md_body(s, p->body, p->body_len);
}

void
show_csv_field(const struct show *s, const char *p, size_t len)
{
	size_t n;

	if (strcspn(p, ",\"\r\n") == len) {
		raid_out_text(stdout, p, len, s->safe);
		return;
	}
	putchar('"');
	for (size_t at = 0; at < len; at += n) {
		n = strcspn(p + at, "\"") + 1;
		if (n > len - at)
			n = len - at;
		raid_out_text(stdout, p + at, n, s->safe);
		if (p[at + n - 1] == '"')
			putchar('"');
	}
	putchar('"');
}

static void
csv_text(const struct show *s, const char *p)
{
	putchar(',');
	show_csv_field(s, p, strlen(p));
}

static void
csv_list(const struct show *s, const struct raid_list *l)
{
	putchar(',');
	/* None of these words can hold a comma, a quote or a blank. */
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0)
			putchar(' ');
		raid_out_text(stdout, l->v[i], strlen(l->v[i]), s->safe);
	}
}

static void
csv_files(const struct show *s, const struct raid_post *p)
{
	char *joined = NULL, *bigger;

	for (size_t i = 0; i < p->nfiles; i++) {
		bigger = raid_strf("%s%s%s", i > 0 ? joined : "",
		    i > 0 ? "\n" : "", p->files[i].path);
		free(joined);
		joined = bigger;
	}
	csv_text(s, joined != NULL ? joined : "");
	free(joined);
}

void
show_csv(struct show *s, const struct raid_post *p)
{
	char when[32];

	if (s->shown == 0)
		printf("tag,ts,time,author,kind,status,"
		    "retracted,reply_to,refs,mentions,"
		    "hashtags,files,meta,body\r\n");
	show_utc(p->t.ts, when);
	printf("%s,%lld,%s", p->tag, p->t.ts, when);
	csv_text(s, p->author);
	csv_text(s, p->kind);
	csv_text(s, p->status);
	printf(",%s", p->retracted ? "yes" : "no");
	csv_text(s, p->reply_to);
	csv_list(s, &p->refs);
	csv_list(s, &p->mentions);
	csv_list(s, &p->hashtags);
	csv_files(s, p);
	csv_text(s, p->meta);
	putchar(',');
	show_csv_field(s, p->body, p->body_len);
	printf("\r\n");
}

/* Text within the quotes of dot(1); no control character reaches an SVG. */
static void
dot_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			printf("\\n");
			continue;
		}
		if (text[i] == '"' || text[i] == '\\')
			putchar('\\');
		putchar(text[i]);
	}
}

static void
dot_node(const struct raid_post *p)
{
	char *text = NULL, when[32];
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	raid_clock_format(p->t.ts, when, sizeof(when));
	printf("\t%s [label=\"#%s\\n", p->tag, p->tag);
	if (f != NULL) {
		raid_out_line(f, p->author);
		fprintf(f, "  %s\n", when);
		show_excerpt(f, p, 40);
		(void)fclose(f);
		dot_text(text, len);
	}
	free(text);
	printf("\"%s];\n", strcmp(p->status, "complete") != 0 ?
	    ", style=dashed" : strcmp(p->kind, "chat") == 0 ?
	    ", style=\"rounded,filled\", fillcolor=\"#e8eef7\"" :
	    strcmp(p->kind, "verdict") == 0 || strcmp(p->kind, "commit") == 0 ?
	    ", style=\"rounded,filled\", fillcolor=\"#e6f3e6\"" : "");
}

/* Edges run from what was said first to what follows from it. */
void
show_dot(struct show *s)
{
	const struct raid_posts *all = &s->all;
	size_t *index = show_index(all);

	printf("digraph journal {\n\trankdir=TB;\n"
	    "\tnode [shape=box, style=rounded, fontname=\"sans-serif\", "
	    "fontsize=10];\n");
	for (size_t i = 0; i < all->n; i++)
		dot_node(&all->v[i]);
	for (size_t i = 0; i < all->n; i++) {
		const struct raid_post *p = &all->v[i];

		if (show_find(all, index, p->reply_to) != (size_t)-1)
			printf("\t%s -> %s;\n", p->reply_to, p->tag);
		for (size_t k = 0; k < p->refs.n; k++)
			if (show_find(all, index, p->refs.v[k]) != (size_t)-1)
				printf("\t%s -> %s [style=dashed, "
				    "constraint=false, dir=back, "
				    "label=\"ref\", fontsize=8];\n",
				    p->refs.v[k], p->tag);
	}
	printf("}\n");
	free(index);
}

int
show_print(struct show *s, const struct raid_post *p, int depth,
    struct raid_err *err)
{
	switch (s->format) {
	case SHOW_JSONL: print_json(s, p, depth); break;
	case SHOW_MD: show_md(s, p, depth); break;
	case SHOW_CSV: show_csv(s, p); break;
	default: show_text(s, p, depth); break;
	}
	s->shown++;
	return ferror(stdout) && !s->paged ?
	    raid_fail_errno(err, "standard output") : 0;
}
