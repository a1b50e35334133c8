/* SPDX-License-Identifier: ISC */
/* Bytes of the log, times and numbers, as a page shows them. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "logs/digest_priv.h"
#include "logs/header.h"

#define HEADER_MAX 60		/* bytes that are quoted of one */
#define MASK_MAX ((size_t)1 << 20)

/* On one line, valid UTF-8, cut between characters. */
static void
clean(const unsigned char *p, size_t len, size_t max, struct raid_buf *b)
{
	size_t i = 0, n;
	uint32_t c;

	while (i < len) {
		n = raid_utf8_next(p + i, len - i, &c);
		if (i + (n > 0 ? n : 1) > max) {
			raid_buf_puts(b, "...");
			return;
		}
		if (n == 0)
			raid_buf_puts(b, "\xef\xbf\xbd");
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		    (c >= 0x200b && c <= 0x200f) ||
		    (c >= 0x2028 && c <= 0x202e) ||
		    (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
			raid_buf_addc(b, ' ');
		else
			raid_buf_add(b, p + i, n);
		i += n > 0 ? n : 1;
	}
}

void
raid_page_bytes(const struct raid_page *p, const char *s, size_t len,
    size_t max, struct raid_buf *b)
{
	struct raid_buf out;

	if (p->o->mask == NULL) {
		clean((const unsigned char *)s, len, max, b);
		return;
	}
	raid_buf_init(&out, MASK_MAX);
	p->o->mask(p->o->arg, s, len, &out);
	clean(out.p, out.len, max, b);
	raid_buf_free(&out);
}

static int
is_between(unsigned char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ':' || c == ';' ||
	    c == ']' || c == ')' || c == '|' || c == '-';
}

void
raid_page_quote(const struct raid_page *p, const char *s, size_t len,
    struct raid_buf *b)
{
	const unsigned char *u = (const unsigned char *)s;
	struct raid_logtime t;
	struct raid_header h;
	size_t from = 0, n;

	raid_header(&h, u, len);
	if (h.time_len > 0 && h.time + h.time_len <= h.end) {
		n = raid_logtime_len(u + h.time, len - h.time, &t);
		from = h.time + (n > h.time_len ? n : h.time_len);
	}
	if (h.end <= len && h.end > from + HEADER_MAX)
		from = h.end;
	while (from > 0 && from < len && is_between((unsigned char)s[from]))
		from++;
	if (from == len)
		from = 0;
	raid_page_bytes(p, s + from, len - from, RAID_PAGE_QUOTE, b);
}

enum parts { CLOCK, DAY_CLOCK, YEAR_DAY_CLOCK };

static void
put_time(const struct raid_page *p, int64_t ms, enum parts parts,
    struct raid_buf *b)
{
	struct tm tm;
	time_t t;

	ms = raid_zone_to_local(p->o->zone, ms);
	t = (time_t)(ms / 1000 - (ms % 1000 < 0));
	if (gmtime_r(&t, &tm) == NULL)
		return;
	if (parts == YEAR_DAY_CLOCK)
		raid_buf_printf(b, "%04d-", tm.tm_year + 1900);
	if (parts != CLOCK)
		raid_buf_printf(b, "%02d-%02d ", tm.tm_mon + 1, tm.tm_mday);
	raid_buf_printf(b, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

void
raid_page_time(const struct raid_page *p, int64_t ms, int full,
    struct raid_buf *b)
{
	if (ms != RAID_NO_TIME)
		put_time(p, ms, full || p->years ? YEAR_DAY_CLOCK :
		    p->one_day ? CLOCK : DAY_CLOCK, b);
}

void
raid_page_times(const struct raid_page *p, int64_t from, int64_t to,
    struct raid_buf *b)
{
	raid_page_time(p, from, 0, b);
	if (from == RAID_NO_TIME || to / 1000 <= from / 1000)
		return;
	raid_buf_puts(b, "..");
	if (!p->one_day && raid_page_day(p, from) == raid_page_day(p, to))
		put_time(p, to, CLOCK, b);
	else
		raid_page_time(p, to, 0, b);
}

void
raid_page_when(const struct raid_page *p, int64_t ms, uint64_t line,
    struct raid_buf *b)
{
	if (ms != RAID_NO_TIME)
		raid_page_time(p, ms, 0, b);
	else
		raid_buf_printf(b, "line %" PRIu64, line);
}

int32_t
raid_page_end(const struct raid_page *p)
{
	const struct raid_series *all = &p->total->all;
	int32_t at = all->n > 0 ? all->v[all->n - 1].at : 0;

	return at < INT32_MAX ? at + 1 : at;
}

int64_t
raid_page_time_of(const struct raid_page *p, int32_t at)
{
	return (int64_t)at * ((int64_t)1 << p->total->shift) * 1000;
}

static void
put_length(int64_t s, struct raid_buf *b)
{
	static const struct {
		int64_t s;
		char name;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	int n = 0;

	/* The two largest parts tell enough. */
	for (size_t i = 0; i < 3 && n < 2; i++) {
		if (s < units[i].s)
			continue;
		raid_buf_printf(b, "%" PRId64 "%c", s / units[i].s,
		    units[i].name);
		s %= units[i].s;
		n++;
	}
	if (n == 0 || (n == 1 && s > 0 && s < 60))
		raid_buf_printf(b, "%" PRId64 "s", s);
}

void
raid_page_span(const struct raid_page *p, int32_t from, int32_t to,
    struct raid_buf *b)
{
	int64_t a = raid_page_time_of(p, from), z = raid_page_time_of(p, to);

	raid_page_times(p, a, z, b);
	raid_buf_puts(b, " (");
	put_length((z - a) / 1000, b);
	raid_buf_addc(b, ')');
}

void
raid_page_number(double v, struct raid_buf *b)
{
	double a = fabs(v);

	if (a >= 1e15 || (a > 0 && a < 0.001))
		raid_buf_printf(b, "%.3g", v);
	else if (a >= 100 || v == floor(v))
		raid_buf_printf(b, "%.0f", v);
	else
		raid_buf_printf(b, "%.*f", a >= 10 ? 1 : a >= 1 ? 2 : 3, v);
}

void
raid_page_share(double part, double whole, struct raid_buf *b)
{
	double v = whole > 0 ? 100 * part / whole : 0;

	if (v > 0 && v < 0.1)
		raid_buf_puts(b, "<0.1 %");
	else if (v < 10 || (v > 99 && v < 100))
		raid_buf_printf(b, "%.1f %%", v > 99.9 && v < 100 ? 99.9 : v);
	else
		raid_buf_printf(b, "%.0f %%", v);
}

void
raid_page_set_time(struct raid_json *j, const char *key, int64_t ms)
{
	struct tm tm;
	char s[64];
	time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));

	if (ms != RAID_NO_TIME && gmtime_r(&t, &tm) != NULL &&
	    strftime(s, sizeof(s), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		raid_json_set_str(j, key, s);
}

/* To four digits: enough of what is an estimate. */
void
raid_page_set_number(struct raid_json *j, const char *key, double v)
{
	double scale;

	if (v != 0 && isfinite(v) && v != floor(v)) {
		scale = pow(10, 3 - floor(log10(fabs(v))));
		if (isfinite(scale) && scale > 0)
			v = round(v * scale) / scale;
	}
	raid_json_set_num(j, key, v);
}
