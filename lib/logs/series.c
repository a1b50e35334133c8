/* SPDX-License-Identifier: ISC */
#include "logs/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/scan.h"

static void
reserve(struct raid_series *s, uint32_t need)
{
	size_t cap = s->cap;

	if (need <= s->cap)
		return;
	s->v = raid_grow(s->v, &cap, need, sizeof(*s->v));
	s->cap = (uint32_t)cap;
}

static void
count(struct raid_tick *t, uint32_t n)
{
	t->n = n > UINT32_MAX - t->n ? UINT32_MAX : t->n + n;
}

/* The first tick that is not before at. */
static uint32_t
place(const struct raid_series *s, int64_t at)
{
	uint32_t lo = 0, hi = s->n, near = s->n;

	while (near > 0 && s->n - near < 8 && s->v[near - 1].at >= at)
		near--;
	if (near == 0 || s->v[near - 1].at < at)
		return near;
	for (hi = near; lo < hi;) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].at < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
raid_series_add_at(struct raid_series *s, int32_t at, uint32_t n)
{
	uint32_t i;

	if (at == RAID_SERIES_NONE || n == 0)
		return;
	i = place(s, at);
	if (i == s->n || s->v[i].at != at) {
		if (s->n >= RAID_SERIES_MAX) {
			count(&s->v[i == s->n ? i - 1 : i], n);
			return;
		}
		reserve(s, s->n + 1);
		memmove(s->v + i + 1, s->v + i, (s->n - i) * sizeof(*s->v));
		s->v[i] = (struct raid_tick){ .at = at };
		s->n++;
	}
	count(&s->v[i], n);
}

/* Put t at the end of a series that is made in order. */
static void
append(struct raid_series *s, struct raid_tick t)
{
	if (s->n > 0 &&
	    (s->v[s->n - 1].at == t.at || s->n >= RAID_SERIES_MAX)) {
		count(&s->v[s->n - 1], t.n);
		return;
	}
	reserve(s, s->n + 1);
	s->v[s->n++] = t;
}

void
raid_series_halve(struct raid_series *s)
{
	uint32_t n = s->n;

	s->n = 0;
	for (uint32_t i = 0; i < n; i++)
		append(s, (struct raid_tick){ s->v[i].at >> 1, s->v[i].n });
}

void
raid_series_join(struct raid_series *a, const struct raid_series *b)
{
	struct raid_series out = { 0 };
	uint32_t i = 0, j = 0;

	if (b->n == 0)
		return;
	reserve(&out, a->n + b->n);
	while (i < a->n || j < b->n) {
		if (j == b->n || (i < a->n && a->v[i].at <= b->v[j].at))
			append(&out, a->v[i++]);
		else
			append(&out, b->v[j++]);
	}
	free(a->v);
	*a = out;
}

uint64_t
raid_series_sum(const struct raid_series *s, int32_t from, int32_t to)
{
	uint64_t sum = 0;

	for (uint32_t i = place(s, from); i < s->n && s->v[i].at < to; i++)
		sum += s->v[i].n;
	return sum;
}

/* Where cell i begins. */
static int64_t
edge(int32_t from, int64_t span, size_t cells, size_t i)
{
	return from + (int64_t)((double)span * (double)i / (double)cells);
}

/* Events per interval in cell i; *at is the first tick that is not before
 * it, then the first behind it. */
static double
rate(const struct raid_series *s, int64_t a, int64_t b, uint32_t *at)
{
	uint64_t sum = 0;

	for (; *at < s->n && s->v[*at].at < b; ++*at)
		sum += s->v[*at].n;
	return (double)sum / (double)(b - a);
}

void
raid_series_spark(const struct raid_series *s, int32_t from, int32_t to,
    size_t cells, struct raid_buf *out)
{
	int64_t span = (int64_t)to - from;
	uint32_t first = place(s, from), at = first;
	double max = 0;

	if (span <= 0)
		return;
	if (cells > (uint64_t)span)
		cells = (size_t)span;
	for (size_t i = 0; i < cells; i++) {
		double r = rate(s, edge(from, span, cells, i),
		    edge(from, span, cells, i + 1), &at);

		if (r > max)
			max = r;
	}
	at = first;
	for (size_t i = 0; i < cells; i++) {
		double r = rate(s, edge(from, span, cells, i),
		    edge(from, span, cells, i + 1), &at);
		int level = r > 0 ? (int)(r / max * 8 + 0.999) : 0;

		if (level > 8)
			level = 8;
		if (r > 0 && level < 1)
			level = 1;
		if (level == 0)
			raid_buf_addc(out, ' ');
		else
			raid_buf_printf(out, "\xe2\x96%c", 0x80 + level);
	}
}

void
raid_series_write(const struct raid_series *s, struct raid_buf *out)
{
	int64_t was = 0;

	raid_buf_printf(out, "%u", s->n);
	for (uint32_t i = 0; i < s->n; i++) {
		raid_buf_printf(out, " %lld %u", (long long)(s->v[i].at - was),
		    s->v[i].n);
		was = s->v[i].at;
	}
	raid_buf_addc(out, '\n');
}

int
raid_series_read(struct raid_series *s, const unsigned char **p, size_t *left)
{
	int64_t ticks, step, n, at = 0;

	if (raid_scan_int(p, left, 0, RAID_SERIES_MAX, &ticks) != 0)
		return -1;
	for (int64_t i = 0; i < ticks; i++) {
		if (raid_scan_int(p, left, i == 0 ? INT32_MIN + 1 : 1,
		    UINT32_MAX, &step) != 0 ||
		    raid_scan_int(p, left, 1, UINT32_MAX, &n) != 0 ||
		    at + step > INT32_MAX) {
			raid_series_free(s);
			return -1;
		}
		at += step;
		append(s, (struct raid_tick){ (int32_t)at, (uint32_t)n });
	}
	return 0;
}

void
raid_series_free(struct raid_series *s)
{
	free(s->v);
	*s = (struct raid_series){ 0 };
}
