/* SPDX-License-Identifier: ISC */
/* The answers to one question side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/utf8.h"
#include "show.h"

#define READABLE 34		/* columns of a terminal for one answer */
#define GAP " | "
#define GAP_WIDTH 3

struct column {
	const struct raid_post *p;
	char *text;		/* harmless, without tabs */
	size_t len, at;
};

/* Where the line that begins at at ends when it may take so many columns, and
 * where the next one begins; how many columns it takes. */
static size_t
next_line(const struct column *c, size_t width, size_t *end, size_t *next)
{
	size_t i = c->at, used = 0, n, blank = 0, blank_used = 0;
	uint32_t ch;
	int w;

	*end = *next = c->len;
	for (; i < c->len && c->text[i] != '\n'; i += n) {
		n = raid_utf8_next((unsigned char *)c->text + i, c->len - i,
		    &ch);
		if (n == 0)
			break;
		w = raid_utf8_width(ch);
		if (w > 0 && used + (size_t)w > width)
			break;
		if (ch == ' ' && i > c->at) {
			blank = i;
			blank_used = used;
		}
		used += w > 0 ? (size_t)w : 0;
	}
	/* A character that is wider than the column goes there all the same. */
	if (i == c->at && c->text[i] != '\n' && (n = raid_utf8_next(
	    (unsigned char *)c->text + i, c->len - i, &ch)) != 0)
		i += n;
	*end = *next = i;
	if (i >= c->len)
		return used;
	if (c->text[i] == '\n' || c->text[i] == ' ') {
		*next = i + 1;
	} else if (blank > 0) {
		/* Not within a word if it began on this line. */
		*end = blank;
		*next = blank + 1;
		used = blank_used;
	}
	return used;
}

/* One line of one column; 0 when the answer is over. */
static int
print_cell(struct column *c, size_t width, int last)
{
	size_t end, next, used;

	if (c->at >= c->len) {
		if (!last)
			printf("%*s", (int)width, "");
		return 0;
	}
	used = next_line(c, width, &end, &next);
	(void)fwrite(c->text + c->at, 1, end - c->at, stdout);
	if (!last && used < width)
		printf("%*s", (int)(width - used), "");
	c->at = next;
	return 1;
}

static int
any_left(const struct column *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c[i].at < c[i].len)
			return 1;
	return 0;
}

static void
print_row(struct column *c, size_t n, size_t width)
{
	while (any_left(c, n)) {
		for (size_t i = 0; i < n; i++) {
			(void)print_cell(&c[i], width, i + 1 == n);
			if (i + 1 < n)
				fputs(GAP, stdout);
		}
		putchar('\n');
	}
}

/* Head and body as one harmless text; tabs go to every eighth column as far
 * as the bytes before them tell. */
static void
fill(struct column *c, const struct raid_post *p)
{
	FILE *f = open_memstream(&c->text, &c->len);
	size_t n, at = 0, start = 0;

	c->p = p;
	c->at = 0;
	if (f == NULL)
		return;
	fprintf(f, "#%s\n", p->tag);
	raid_out_line(f, p->author);
	if (strcmp(p->status, "complete") != 0) {
		fputs(" (", f);
		raid_out_line(f, p->status);
		fputc(')', f);
	}
	fputs("\n\n", f);
	for (; at < p->body_len; at += n) {
		n = strcspn(p->body + at, "\t\n");
		raid_out_text(f, p->body + at, n, 1);
		if (at + n >= p->body_len)
			break;
		n++;
		if (p->body[at + n - 1] == '\n') {
			fputc('\n', f);
			start = at + n;
		} else {
			fprintf(f, "%*s", 8 - (int)((at + n - 1 - start) % 8),
			    "");
		}
	}
	(void)fclose(f);
	while (c->len > 0 && c->text[c->len - 1] == '\n')
		c->len--;
}

void
show_side(struct show *s)
{
	size_t n = s->all.n, fit, rows, per, width;
	struct column *c = raid_calloc(n + 1, sizeof(*c));

	fit = (s->width + GAP_WIDTH) / (READABLE + GAP_WIDTH);
	if (fit == 0)
		fit = 1;
	/* As even as can be: four where three fit are two and two. */
	rows = (n + fit - 1) / fit;
	per = rows > 0 ? (n + rows - 1) / rows : 1;
	width = (s->width + GAP_WIDTH) / per - GAP_WIDTH;
	for (size_t i = 0; i < n; i++)
		fill(&c[i], &s->all.v[i]);
	for (size_t i = 0; i < n; i += per) {
		if (i > 0)
			putchar('\n');
		print_row(c + i, n - i < per ? n - i : per, width);
	}
	for (size_t i = 0; i < n; i++)
		free(c[i].text);
	free(c);
	s->shown += n;
}
