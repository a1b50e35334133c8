/* SPDX-License-Identifier: ISC */
/* Metrics that become one: in a registry, from a file, over time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "logs/metrics_priv.h"
#include "logs/scan.h"

void
raid_metric_take(struct raid_metric *a, const struct raid_metric *b,
    double factor)
{
	raid_sketch_join_scaled(&a->all, &b->all, factor);
	raid_sketch_join_scaled(&a->window, &b->window, factor);
	for (uint32_t i = 0; i < b->nshift; i++) {
		struct raid_shift t = b->shift[i];

		t.logs += (int64_t)(t.n * log2(factor) * RAID_LOG2);
		raid_metric_shift(a, &t);
	}
}

/* Empty, but its name stays: it leads to the other. */
static void
hollow(struct raid_metric *k)
{
	raid_sketch_free(&k->all);
	raid_sketch_free(&k->window);
	free(k->shift);
	k->shift = NULL;
	k->nshift = k->cap = k->near = 0;
	k->gone = 1;
}

void
raid_metrics_join(struct raid_metrics *m, int a, int b)
{
	struct raid_metric *x, *y;
	size_t was;

	if (a < 0 || b < 0 || (size_t)a >= m->n || (size_t)b >= m->n)
		return;
	a = (int)m->v[a].to;
	b = (int)m->v[b].to;
	x = m->v[a].m;
	y = m->v[b].m;
	if (a == b || x == NULL || y == NULL ||
	    raid_unit_dimension(x->unit) != raid_unit_dimension(y->unit))
		return;
	was = raid_metric_bytes(x) + raid_metric_bytes(y);
	raid_metric_take(x, y, raid_unit_factor(y->unit, x->unit));
	hollow(y);
	m->bytes += raid_metric_bytes(x) + raid_metric_bytes(y) - was;
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].to == (uint32_t)b)
			m->v[i].to = (uint32_t)a;
	}
	if (m->bytes > m->max_bytes)
		raid_metrics_fit(m);
}

static void
halve(struct raid_metric *k)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->nshift; i++) {
		struct raid_shift t = k->shift[i];

		t.at >>= 1;
		if (n > 0 && k->shift[n - 1].at == t.at)
			raid_shift_add(&k->shift[n - 1], &t);
		else
			k->shift[n++] = t;
	}
	k->nshift = n;
	k->near = n > 0 ? n - 1 : 0;
}

void
raid_metrics_halve(struct raid_metrics *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].m != NULL)
			halve(m->v[i].m);
	}
}

static void
write_one(const struct raid_metric *k, struct raid_buf *out)
{
	raid_buf_printf(out, "%d %d %zu %s\n", (int)k->unit, k->keyed,
	    strlen(k->name), k->name);
	raid_sketch_write(&k->all, out);
	raid_sketch_write(&k->window, out);
	raid_buf_printf(out, "%u", k->nshift);
	for (uint32_t i = 0; i < k->nshift; i++)
		raid_buf_printf(out, " %d %u %u %lld", k->shift[i].at,
		    k->shift[i].n, k->shift[i].zero,
		    (long long)k->shift[i].logs);
	raid_buf_addc(out, '\n');
}

void
raid_metrics_write(const struct raid_metrics *m, struct raid_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->v[i].m != NULL && !m->v[i].m->gone;
	raid_buf_printf(out, "%zu %llu\n", n, (unsigned long long)m->dropped);
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].m != NULL && !m->v[i].m->gone)
			write_one(m->v[i].m, out);
	}
}

static int
read_shift(struct raid_metric *k, const unsigned char **p, size_t *left)
{
	const int64_t most = INT64_C(1100) * RAID_LOG2;
	int64_t n, at, count, zero, logs, min = INT32_MIN + 1;

	if (raid_scan_int(p, left, 0, SHIFTS_MAX, &n) != 0)
		return -1;
	for (; n > 0; n--) {
		if (raid_scan_int(p, left, min, INT32_MAX, &at) != 0 ||
		    raid_scan_int(p, left, 0, UINT32_MAX, &count) != 0 ||
		    raid_scan_int(p, left, 0, UINT32_MAX, &zero) != 0 ||
		    raid_scan_int(p, left, -most * count, most * count,
		    &logs) != 0)
			return -1;
		min = at + 1;
		raid_metric_shift(k, &(struct raid_shift){ .at = (int32_t)at,
		    .n = (uint32_t)count, .zero = (uint32_t)zero,
		    .logs = logs });
	}
	return 0;
}

/* k is empty, and to be emptied by the caller. */
static int
read_one(struct raid_metric *k, const unsigned char **name, size_t *len,
    const unsigned char **p, size_t *left)
{
	int64_t unit, keyed;

	if (raid_scan_int(p, left, 0, RAID_UNITS - 1, &unit) != 0 ||
	    raid_scan_int(p, left, 0, 1, &keyed) != 0 ||
	    raid_scan_bytes(p, left, RAID_METRIC_NAME, name, len) != 0 ||
	    raid_sketch_read(&k->all, p, left) != 0 ||
	    raid_sketch_read(&k->window, p, left) != 0)
		return -1;
	k->unit = (enum raid_unit)unit;
	k->keyed = (int)keyed;
	return read_shift(k, p, left);
}

int
raid_metrics_read(struct raid_metrics *m, const unsigned char **p,
    size_t *left)
{
	int64_t n, dropped;
	int rc = 0;

	if (raid_scan_int(p, left, 0, INT32_MAX, &n) != 0 ||
	    raid_scan_int(p, left, 0, INT64_MAX, &dropped) != 0)
		return -1;
	m->dropped += (uint64_t)dropped;
	for (; rc == 0 && n > 0; n--) {
		struct raid_metric k = { 0 }, *to;
		const unsigned char *name;
		size_t len, was;
		int id;

		rc = read_one(&k, &name, &len, p, left);
		id = rc == 0 ? raid_metrics_find(m, name, len, k.unit,
		    k.keyed) : -1;
		to = id < 0 ? NULL : m->v[id].m;
		if (to != NULL) {
			was = raid_metric_bytes(to);
			raid_metric_take(to, &k,
			    raid_unit_factor(k.unit, to->unit));
			m->bytes += raid_metric_bytes(to) - was;
			raid_metrics_fit(m);
		}
		hollow(&k);
	}
	return rc;
}
