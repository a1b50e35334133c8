/* SPDX-License-Identifier: ISC */
/* Posts as one page that needs nothing else: no script, no other file. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fence.h"
#include "base/mem.h"
#include "base/out.h"
#include "journal/grammar.h"
#include "show.h"

/* An author has a colour of his own, readable on light and on dark. */
static const char style[] =
	":root{color-scheme:light dark;--back:#fff;--text:#1b1f24;"
	"--dim:#59636e;--line:#d5dae0;--code:#f3f5f7;--link:#0757b5}\n"
	"@media(prefers-color-scheme:dark){:root{--back:#14171a;"
	"--text:#e4e7ea;--dim:#9aa4ae;--line:#343b42;--code:#1f2429;"
	"--link:#79b4ff}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:56rem;padding:1rem;"
	"background:var(--back);color:var(--text);"
	"font:16px/1.5 system-ui,sans-serif}\n"
	"a{color:var(--link)}h1{font-size:1.3rem}\n"
	"article{margin:1rem 0 1rem calc(min(var(--d,0)*1rem,20vw));"
	"padding:.1rem 0 .1rem .8rem;"
	"border-left:4px solid hsl(var(--h) 55% 50%)}\n"
	"article:target{outline:2px solid var(--link);outline-offset:4px}\n"
	"header,footer{color:var(--dim);font-size:.85rem;"
	"overflow-wrap:anywhere}\n"
	"header b{font-size:1rem;color:var(--text)}\n"
	"header a,footer a{white-space:nowrap}\n"
	".retracted .t,.retracted pre{opacity:.5}\n"
	".t{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}\n"
	"pre{background:var(--code);padding:.6rem;overflow-x:auto;"
	"margin:.5rem 0;font:.85rem/1.45 ui-monospace,monospace;"
	"border-radius:4px;tab-size:8}\n";

struct page {
	const struct raid_posts *all;
	size_t *index;
};

/* Text within an element or an attribute; controls come as escapes. */
static void
escape(const char *p, size_t len)
{
	size_t n;

	for (size_t at = 0; at < len; at += n) {
		for (n = 0; at + n < len && strchr("&<>\"\r", p[at + n]) ==
		    NULL; n++)
			continue;
		raid_out_text(stdout, p + at, n, 1);
		if (at + n >= len)
			break;
		switch (p[at + n++]) {
		case '&': fputs("&amp;", stdout); break;
		case '<': fputs("&lt;", stdout); break;
		case '>': fputs("&gt;", stdout); break;
		case '"': fputs("&quot;", stdout); break;
		case '\r':
			/* CR LF is a line's end like any other. */
			if (at + n >= len || p[at + n] != '\n')
				fputs("\\x0d", stdout);
			break;
		}
	}
}

/* A tag as it was written, a link if its post is on the page. */
static void
link_tag(const struct page *g, const char *p, size_t len, const char *tag)
{
	size_t i = show_find(g->all, g->index, tag);

	if (i != (size_t)-1)
		printf("<a href=\"#%s\">", g->all->v[i].tag);
	escape(p, len);
	if (i != (size_t)-1)
		printf("</a>");
}

/* Does a tag stand here, and how long is it? */
static size_t
tag_at(const char *p, size_t at, size_t len, char tag[RAID_TAG_SIZE])
{
	struct raid_tag t;
	size_t n;

	if (p[at] != '#' || (at > 0 && (isalnum((unsigned char)p[at - 1]) ||
	    (p[at - 1] & 0x80) != 0 || strchr("#_/&", p[at - 1]) != NULL)))
		return 0;
	n = raid_grammar_word((const unsigned char *)p + at + 1, len - at - 1);
	if (n == 0 || raid_tag_parse(p + at + 1, n, &t) == -1)
		return 0;
	raid_tag_format(t, tag);
	return n + 1;
}

static void
prose(const struct page *g, const char *p, const unsigned char *mask,
    size_t len)
{
	char tag[RAID_TAG_SIZE];
	size_t from = 0, at = 0, n;

	/* Empty lines around code need no room: the block has a margin. */
	for (; len > 0 && (p[len - 1] == '\n' || p[len - 1] == '\r'); len--)
		continue;
	for (; at < len && (p[at] == '\n' || p[at] == '\r'); at++)
		continue;
	if (at >= len)
		return;
	printf("<div class=\"t\" dir=\"auto\">");
	for (from = at; at < len; at++) {
		if (mask[at] || (n = tag_at(p, at, len, tag)) == 0)
			continue;
		escape(p + from, at - from);
		link_tag(g, p + at, n, tag);
		from = at + n;
		at = from - 1;
	}
	escape(p + from, len - from);
	printf("</div>\n");
}

static void
print_body(const struct page *g, const struct raid_post *p)
{
	const unsigned char *b = (const unsigned char *)p->body;
	unsigned char *mask = raid_malloc(p->body_len + 1);
	size_t pos = 0, from = 0;
	struct raid_fence f;

	raid_fence_mask(b, p->body_len, mask);
	while (raid_fence_next(b, p->body_len, &pos, &f)) {
		prose(g, p->body + from, mask + from, f.start - from);
		printf("<pre><code>");
		escape(p->body + f.body, f.body_len);
		printf("</code></pre>\n");
		from = f.end;
	}
	prose(g, p->body + from, mask + from, p->body_len - from);
	free(mask);
}

static unsigned
hue(const char *name)
{
	unsigned h = 2166136261U;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619U;
	return (h >> 8) % 360;
}

static void
print_header(const struct page *g, const struct raid_post *p)
{
	char when[32], utc[32];

	raid_clock_format(p->t.ts, when, sizeof(when));
	show_utc(p->t.ts, utc);
	printf("<header><b>");
	escape(p->author, strlen(p->author));
	printf("</b> <a href=\"#%s\">#%s</a> <time datetime=\"%s\">%s</time>",
	    p->tag, p->tag, utc, when);
	if (strcmp(p->kind, "chat") != 0) {
		printf(" \302\267 ");
		escape(p->kind, strlen(p->kind));
	}
	if (strcmp(p->status, "complete") != 0) {
		printf(" \302\267 <strong>");
		escape(p->status, strlen(p->status));
		printf("</strong>");
	}
	if (p->retracted)
		printf(" \302\267 <strong>retracted</strong>");
	if (*p->reply_to != '\0') {
		char *text = raid_strf("#%s", p->reply_to);

		printf(" \302\267 to ");
		link_tag(g, text, strlen(text), p->reply_to);
		free(text);
	}
	for (size_t i = 0; i < p->nfiles; i++) {
		printf("<br>file: ");
		escape(p->files[i].path, strlen(p->files[i].path));
		printf(" (%lld bytes)", p->files[i].size);
	}
	printf("</header>\n");
}

/* What answers this post, by the lists of heads and nexts. */
static void
print_answers(const struct page *g, const size_t *head, const size_t *next,
    size_t i)
{
	size_t k = head[i];

	if (k == (size_t)-1)
		return;
	printf("<footer>answered by");
	for (; k != (size_t)-1; k = next[k]) {
		const struct raid_post *p = &g->all->v[k];

		printf(" <a href=\"#%s\">", p->tag);
		escape(p->author, strlen(p->author));
		printf("</a>%s", next[k] != (size_t)-1 ? "," : "");
	}
	printf("</footer>\n");
}

static void
print_posts(const struct page *g, int tree)
{
	size_t n = g->all->n, *order, *head, *next, up;
	int *depth;

	head = raid_calloc(n + 1, sizeof(*head));
	next = raid_calloc(n + 1, sizeof(*next));
	for (size_t i = 0; i < n; i++)
		head[i] = next[i] = (size_t)-1;
	for (size_t i = n; i > 0; i--) {
		up = show_find(g->all, g->index, g->all->v[i - 1].reply_to);
		if (up == (size_t)-1)
			continue;
		next[i - 1] = head[up];
		head[up] = i - 1;
	}
	show_order(g->all, &order, &depth);
	for (size_t k = 0; k < n; k++) {
		size_t i = tree ? order[k] : k;
		const struct raid_post *p = &g->all->v[i];

		printf("<article id=\"%s\"%s style=\"--h:%u;--d:%d\">\n",
		    p->tag, p->retracted ? " class=\"retracted\"" : "",
		    hue(p->author), tree ? depth[k] : 0);
		print_header(g, p);
		print_body(g, p);
		print_answers(g, head, next, i);
		printf("</article>\n");
	}
	free(head);
	free(next);
	free(order);
	free(depth);
}

void
show_html(struct show *s, const char *language)
{
	struct page g = { &s->all, show_index(&s->all) };
	char from[32] = "", to[32] = "";
	size_t n = s->all.n;

	if (n > 0) {
		raid_clock_format(s->all.v[0].t.ts, from, sizeof(from));
		raid_clock_format(s->all.v[n - 1].t.ts, to, sizeof(to));
	}
	printf("<!DOCTYPE html>\n<html lang=\"");
	escape(language, strlen(language));
	printf("\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<title>Journal, %zu post%s</title>\n<style>\n%s</style>\n"
	    "</head>\n<body>\n<h1>Journal</h1>\n<p>%zu post%s, %s to %s</p>\n"
	    "<main>\n", n, n == 1 ? "" : "s", style, n, n == 1 ? "" : "s",
	    from, to);
	print_posts(&g, s->thread != NULL);
	printf("</main>\n</body>\n</html>\n");
	free(g.index);
}
