/* SPDX-License-Identifier: ISC */
/* Who does what, in lines that are drawn again and again on a terminal. */
#include "broadcast.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "prog.h"

#define PERIOD 0.1	/* seconds between two drawings */
#define LINES 12	/* of seats, at most */

struct screen {
	int on;			/* a terminal that can go up a line */
	size_t lines;		/* that stand there now */
	double drawn;		/* when that was */
};

struct screen *
screen_new(void)
{
	struct screen *s = raid_calloc(1, sizeof(*s));
	const char *term = getenv("TERM");

	s->on = isatty(STDERR_FILENO) && term != NULL && *term != '\0' &&
	    strcmp(term, "dumb") != 0;
	return s;
}

void
screen_free(struct screen *s)
{
	screen_clear(s);
	free(s);
}

void
screen_clear(struct screen *s)
{
	if (s->lines > 0)
		fprintf(stderr, "\r\033[%zuA\033[J", s->lines);
	s->lines = 0;
}

void
screen_say(struct screen *s, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	screen_clear(s);
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) != -1)
		prog_warn("%s", text);
	va_end(ap);
	free(text);
}

/* The columns of a string, up to its byte end. */
static size_t
width_of(const char *s, size_t end)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t at = 0, used = 0, n;
	uint32_t c;
	int w;

	while (at < end && (n = raid_utf8_next(p + at, end - at, &c)) != 0) {
		w = raid_utf8_width(c);
		used += w > 0 ? (size_t)w : 0;
		at += n;
	}
	return used;
}

/* What was said last, on one line and harmless; the caller frees. */
static char *
tail_of(const struct raid_buf *b)
{
	size_t from = b->len > 400 ? b->len - 400 : 0, len = 0;
	char *line = NULL, *text;
	FILE *f = open_memstream(&line, &len);

	while (from < b->len && (b->p[from] & 0xc0) == 0x80)
		from++;
	text = raid_strndup((const char *)b->p + from, b->len - from);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	if (f != NULL) {
		raid_out_line(f, text);
		(void)fclose(f);
	}
	free(text);
	return line;
}

/* As many of its last columns as fit. */
static void
put_tail(const struct raid_buf *b, size_t room)
{
	char *line = tail_of(b), *p = line;

	if (line == NULL)
		return;
	while (*p != '\0' && width_of(p, strlen(p)) > room)
		do
			p++;
		while ((*p & 0xc0) == 0x80);
	fputs(p, stderr);
	free(line);
}

static void
draw_seat(struct screen *s, const struct seat *seat, size_t names, double now)
{
	const struct raid_buf *b = raid_talk_text(&seat->talk);
	size_t tokens = raid_tokens(b->p, b->len), used;
	size_t width = raid_out_width() - 1;
	double busy = now - seat->began, writes = busy - seat->talk.first;
	char head[100];

	if (seat->state == SEAT_WAITING)
		(void)snprintf(head, sizeof(head), "  waits   %4.0f s",
		    seat->wake - now);
	else if (tokens == 0)
		(void)snprintf(head, sizeof(head), "  thinks  %4.0f s", busy);
	else
		(void)snprintf(head, sizeof(head), "  writes  %4.0f s %6zu "
		    "tok %4.0f tok/s  ", busy, tokens, writes > 0.2 ?
		    (double)tokens / writes : 0);
	used = names + strlen(head);
	if (used > width)
		return;
	raid_out_line(stderr, seat->m->name);
	fprintf(stderr, "%*s%s", (int)(names - width_of(seat->m->name,
	    strlen(seat->m->name))), "", head);
	if (tokens > 0)
		put_tail(b, width - used);
	fputs("\033[K\n", stderr);
	s->lines++;
}

static int
is_busy(const struct seat *s)
{
	return s->state == SEAT_RUNNING || s->state == SEAT_WAITING;
}

static size_t
longest_name(const struct cast *c)
{
	size_t most = 0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i]->n; k++) {
			const struct seat *s = c->v[i]->v[k];
			size_t w = width_of(s->m->name, strlen(s->m->name));

			if (is_busy(s) && w > most)
				most = w;
		}
	return most;
}

void
screen_draw(struct screen *s, const struct cast *c)
{
	double now = raid_clock_mono();
	size_t names = longest_name(c);

	if (!s->on || now - s->drawn < PERIOD)
		return;
	s->drawn = now;
	screen_clear(s);
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i]->n && s->lines < LINES; k++)
			if (is_busy(c->v[i]->v[k]))
				draw_seat(s, c->v[i]->v[k], names, now);
	(void)fflush(stderr);
}
