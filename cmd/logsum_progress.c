/* SPDX-License-Identifier: ISC */
#include "logsum_progress.h"

#include <sys/ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define FIRST 1.0		/* seconds until it is drawn, and between */
#define AGAIN 0.25

void
logsum_progress_start(struct logsum_progress *p, long long size)
{
	const char *term = getenv("TERM");

	*p = (struct logsum_progress){ .size = size };
	p->on = isatty(STDERR_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0;
	p->start = raid_clock_mono();
}

/* "1.2 GB" */
static void
add_bytes(struct raid_buf *b, double n)
{
	static const char *units[] = { "kB", "MB", "GB", "TB" };
	size_t i = 0;

	for (n /= 1000; n >= 999.5 && i < 3; n /= 1000)
		i++;
	raid_buf_printf(b, n < 9.95 && i > 1 ? "%.1f %s" : "%.0f %s", n,
	    units[i]);
}

static void
add_seconds(struct raid_buf *b, double s)
{
	long long n = (long long)(s + 0.5);

	if (n < 100)
		raid_buf_printf(b, "%lld s", n);
	else if (n < 6000)
		raid_buf_printf(b, "%lld min", (n + 30) / 60);
	else
		raid_buf_printf(b, "%.1f h", (double)n / 3600);
}

static void
describe(const struct logsum_progress *p, long long at, double seconds,
    struct raid_buf *b)
{
	double lines = (double)p->lines / seconds;

	/* A file may have grown, or end before its holes do. */
	if (p->size > 0) {
		if (at > p->size)
			at = p->size;
		raid_buf_printf(b, "%d %% of ",
		    (int)(100.0 * (double)at / (double)p->size));
		add_bytes(b, (double)p->size);
	} else
		add_bytes(b, (double)at);
	raid_buf_puts(b, ", ");
	add_bytes(b, (double)at / seconds);
	raid_buf_printf(b, lines < 1e6 ? "/s, %.0f k lines/s" :
	    "/s, %.2f M lines/s", lines < 1e6 ? lines / 1e3 : lines / 1e6);
	if (p->size > 0 && at > 0) {
		raid_buf_puts(b, ", ");
		add_seconds(b, seconds * (double)(p->size - at) / (double)at);
		raid_buf_puts(b, " left");
	}
}

/* All of it fits into one line, or a part: what folds cannot be erased. */
static size_t
width(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1)
		return w.ws_col - 1U;
	return 79;
}

static void
draw(struct logsum_progress *p, long long at, double now)
{
	struct raid_buf b;

	raid_buf_init(&b, width());
	describe(p, at, now - p->start, &b);
	fprintf(stderr, "\r%s\033[K", raid_buf_str(&b));
	(void)fflush(stderr);
	raid_buf_free(&b);
	p->drawn = now;
}

void
logsum_progress_add(struct logsum_progress *p, const void *bytes, size_t len,
    long long at)
{
	const unsigned char *s = bytes, *end = s + len;
	double now;

	if (!p->on)
		return;
	while ((s = memchr(s, '\n', (size_t)(end - s))) != NULL) {
		p->lines++;
		s++;
	}
	now = raid_clock_mono();
	if (now - (p->drawn > 0 ? p->drawn : p->start) >=
	    (p->drawn > 0 ? AGAIN : FIRST))
		draw(p, p->before + at, now);
}

void
logsum_progress_file(struct logsum_progress *p, long long at)
{
	p->before += at;
}

void
logsum_progress_clear(struct logsum_progress *p)
{
	if (p->drawn > 0) {
		fputs("\r\033[K", stderr);
		(void)fflush(stderr);
	}
	p->drawn = 0;
}
