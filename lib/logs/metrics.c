/* SPDX-License-Identifier: ISC */
#include "logs/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/metrics_priv.h"
#include "logs/series.h"

struct raid_metrics *
raid_metrics_new(size_t max, size_t bytes)
{
	struct raid_metrics *m = raid_calloc(1, sizeof(*m));

	m->max = max < 4 ? 4 : max;
	m->max_bytes = bytes;
	for (m->slots = 16; m->slots < 2 * m->max + 2;)
		m->slots *= 2;
	m->table = raid_calloc(m->slots, sizeof(*m->table));
	return m;
}

static void
metric_free(struct raid_metric *k)
{
	if (k == NULL)
		return;
	free((char *)k->name);
	raid_sketch_free(&k->all);
	raid_sketch_free(&k->window);
	free(k->shift);
	free(k);
}

void
raid_metrics_free(struct raid_metrics *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		metric_free(m->v[i].m);
	free(m->v);
	free(m->table);
	free(m);
}

size_t
raid_metric_bytes(const struct raid_metric *k)
{
	return sizeof(*k) + strlen(k->name) + 1 + raid_sketch_bytes(&k->all) +
	    raid_sketch_bytes(&k->window) + k->cap * sizeof(*k->shift);
}

/* FNV-1a over what makes metrics one. */
static uint64_t
hash(const char *name, enum raid_dimension d, int keyed)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = (h ^ (unsigned)d) * UINT64_C(0x100000001b3);
	h = (h ^ (keyed != 0)) * UINT64_C(0x100000001b3);
	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

/* Where the metric is in the table, or belongs. */
static uint32_t *
find(const struct raid_metrics *m, const char *name, enum raid_dimension d,
    int keyed)
{
	size_t i = hash(name, d, keyed) & (m->slots - 1);

	for (; m->table[i] != 0; i = (i + 1) & (m->slots - 1)) {
		const struct raid_metric *k = m->v[m->table[i] - 1].m;

		if (k != NULL && strcmp(k->name, name) == 0 &&
		    raid_unit_dimension(k->unit) == d && k->keyed == keyed)
			break;
	}
	return &m->table[i];
}

static void
drop(struct raid_metrics *m, size_t i)
{
	m->bytes -= raid_metric_bytes(m->v[i].m);
	metric_free(m->v[i].m);
	m->v[i].m = NULL;
	m->live--;
	m->dropped++;
}

/* Those that were joined to others stay: their names lead there. */
static void
index_again(struct raid_metrics *m)
{
	memset(m->table, 0, m->slots * sizeof(*m->table));
	for (size_t i = 0; i < m->n; i++) {
		const struct raid_metric *k = m->v[i].m;

		if (k != NULL)
			*find(m, k->name, raid_unit_dimension(k->unit),
			    k->keyed) = (uint32_t)i + 1;
	}
}

/* Those that led to what is no more go, too. */
static void
tidy(struct raid_metrics *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].m != NULL && m->v[m->v[i].to].m == NULL)
			drop(m, i);
	}
	index_again(m);
}

struct rare {
	uint64_t n;
	size_t i;
};

/* Few values first, and of as many the one that came last. */
static int
compare(const void *a, const void *b)
{
	const struct rare *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return x->i > y->i ? -1 : x->i < y->i;
}

/* Throw away a quarter of the metrics; 0 when there is only one. */
static int
decimate(struct raid_metrics *m)
{
	struct rare *v = raid_calloc(m->n, sizeof(*v));
	size_t n = 0, go;

	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].m != NULL && m->v[i].to == i)
			v[n++] = (struct rare){ m->v[i].m->all.n, i };
	}
	qsort(v, n, sizeof(*v), compare);
	go = n > 1 ? (n + 3) / 4 : 0;
	for (size_t i = 0; i < go; i++)
		drop(m, v[i].i);
	free(v);
	tidy(m);
	return go > 0;
}

void
raid_metrics_fit(struct raid_metrics *m)
{
	while (m->bytes > m->max_bytes && m->live > 1 && decimate(m))
		continue;
}

/* Throw away those with fewer than 3 values. */
static void
sweep(struct raid_metrics *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].m != NULL && m->v[i].to == i &&
		    m->v[i].m->all.n < 3)
			drop(m, i);
	}
	tidy(m);
}

/* A name that can be printed and is a string. */
static void
clean(char out[RAID_METRIC_NAME + 1], const unsigned char *p, size_t len)
{
	if (len > RAID_METRIC_NAME)
		len = RAID_METRIC_NAME;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)(p[i] < ' ' || p[i] == 0x7f ? '_' : p[i]);
	out[len] = '\0';
}

/* Is there room for one more?  Numbers are bounded as well. */
static int
room(struct raid_metrics *m)
{
	size_t was = m->live;

	if (m->live < m->max && m->n < 16 * m->max)
		return 1;
	m->dropped++;
	if (m->n >= 16 * m->max)
		return 0;
	if (m->patience > 0) {
		m->patience--;
		return 0;
	}
	sweep(m);
	if (was - m->live < m->max / 16 + 1)
		m->patience = m->max / 2;
	if (m->live >= m->max)
		return 0;
	m->dropped--;
	return 1;
}

int
raid_metrics_find(struct raid_metrics *m, const unsigned char *name,
    size_t len, enum raid_unit unit, int keyed)
{
	char s[RAID_METRIC_NAME + 1];
	struct raid_metric *k;
	enum raid_dimension d;
	uint32_t *at;

	clean(s, name, len);
	keyed = keyed != 0;
	if (unit == RAID_UNIT_NONE && keyed)
		unit = raid_unit_of_name(name, len);
	d = raid_unit_dimension(unit);
	at = find(m, s, d, keyed);
	if (*at != 0)
		return (int)m->v[*at - 1].to;
	if (!room(m))
		return -1;
	at = find(m, s, d, keyed);
	k = raid_calloc(1, sizeof(*k));
	k->name = raid_strdup(s);
	k->unit = unit;
	k->keyed = keyed;
	m->v = raid_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
	m->v[m->n] = (struct slot){ .m = k, .to = (uint32_t)m->n };
	m->n++;
	*at = (uint32_t)m->n;
	m->live++;
	m->bytes += raid_metric_bytes(k);
	return (int)m->n - 1;
}

/*
 * log2 of a positive normal number, times RAID_LOG2, within 0.01.  Exponent
 * and mantissa read as one number are nearly that; the table has what is
 * missing at 64 places of the mantissa, log2(1 + x) - x.
 */
static int64_t
about_log2(uint64_t bits)
{
	static const int32_t more[64] = {
		3581, 10471, 17008, 23203, 29066, 34607, 39834, 44757, 49384,
		53724, 57783, 61569, 65091, 68353, 71364, 74130, 76655, 78948,
		81013, 82855, 84481, 85894, 87101, 88105, 88912, 89526, 89950,
		90190, 90250, 90132, 89842, 89382, 88756, 87968, 87021, 85917,
		84661, 83255, 81703, 80006, 78168, 76191, 74079, 71833, 69456,
		66951, 64320, 61564, 58687, 55691, 52577, 49348, 46005, 42551,
		38987, 35315, 31538, 27656, 23672, 19587, 15403, 11121, 6743,
		2271,
	};

	return (int64_t)(bits >> 32) - ((int64_t)1023 << 20) +
	    more[bits >> 46 & 63];
}

void
raid_shift_add(struct raid_shift *to, const struct raid_shift *t)
{
	const int64_t most = (int64_t)t->n * 1100 * RAID_LOG2;
	int64_t logs = t->logs;

	if (t->n <= UINT32_MAX - to->n) {
		to->n += t->n;
		to->logs += logs > most ? most : logs < -most ? -most : logs;
	}
	if (t->zero <= UINT32_MAX - to->zero)
		to->zero += t->zero;
}

double
raid_shift_mean(const struct raid_shift *t)
{
	return (double)t->logs / RAID_LOG2 / t->n;
}

void
raid_metric_shift(struct raid_metric *k, const struct raid_shift *t)
{
	uint32_t i = 0, end = k->nshift;
	size_t cap = k->cap;

	if (end > 0 && k->shift[end - 1].at < t->at)
		i = end;
	while (i < end) {
		uint32_t mid = i + (end - i) / 2;

		if (k->shift[mid].at < t->at)
			i = mid + 1;
		else
			end = mid;
	}
	if (i == k->nshift || k->shift[i].at != t->at) {
		if (k->nshift >= SHIFTS_MAX)
			return;
		k->shift = raid_grow(k->shift, &cap, (size_t)k->nshift + 1,
		    sizeof(*k->shift));
		k->cap = (uint32_t)cap;
		memmove(k->shift + i + 1, k->shift + i,
		    (k->nshift - i) * sizeof(*k->shift));
		k->shift[i] = (struct raid_shift){ .at = t->at };
		k->nshift++;
	}
	k->near = i;
	raid_shift_add(&k->shift[i], t);
}

/* A value that the fast way does not take; only now memory may grow. */
static void
slow(struct raid_metrics *m, struct raid_sketch *s, double v)
{
	size_t was = raid_sketch_bytes(s);

	raid_sketch_add(s, v);
	m->bytes += raid_sketch_bytes(s) - was;
}

/* Zero, or an interval that is not the one of the value before. */
static void
other_interval(struct raid_metrics *m, struct raid_metric *k,
    const struct raid_shift *t)
{
	uint32_t cap = k->cap;

	raid_metric_shift(k, t);
	m->bytes += (k->cap - cap) * sizeof(*k->shift);
	if (m->bytes > m->max_bytes)
		raid_metrics_fit(m);
}

void
raid_metrics_add(struct raid_metrics *m, int id, double v,
    enum raid_unit unit, int32_t at, int in_window)
{
	struct raid_metric *k;
	struct raid_shift *t;
	uint64_t bits;

	if (id < 0 || (size_t)id >= m->n)
		return;
	k = m->v[m->v[id].to].m;
	if (k == NULL)
		return;
	if (unit != k->unit && unit != RAID_UNIT_NONE) {
		if (raid_unit_dimension(unit) != raid_unit_dimension(k->unit))
			return;
		v *= raid_unit_factor(unit, k->unit);
	}
	memcpy(&bits, &v, sizeof(bits));
	if (!raid_sketch_fast(&k->all, v, bits))
		slow(m, &k->all, v);
	if (in_window && !raid_sketch_fast(&k->window, v, bits))
		slow(m, &k->window, v);
	if (at == RAID_SERIES_NONE)
		return;
	t = k->near < k->nshift ? &k->shift[k->near] : NULL;
	/* From 0x1p-1000 to the greatest. */
	if (bits - (UINT64_C(23) << 52) >= UINT64_C(2024) << 52) {
		if (v >= 0 && v <= 0)
			other_interval(m, k, &(struct raid_shift){ .at = at,
			    .zero = 1 });
	} else if (t != NULL && t->at == at && t->n < UINT32_MAX) {
		t->n++;
		t->logs += about_log2(bits);
	} else
		other_interval(m, k, &(struct raid_shift){ .at = at, .n = 1,
		    .logs = about_log2(bits) });
}

size_t
raid_metrics_count(const struct raid_metrics *m)
{
	return m->n;
}

const struct raid_metric *
raid_metrics_get(const struct raid_metrics *m, size_t i)
{
	static const struct raid_metric nothing = { .name = "", .gone = 1 };

	return m->v[i].m != NULL ? m->v[i].m : &nothing;
}

uint64_t
raid_metrics_dropped(const struct raid_metrics *m)
{
	return m->dropped;
}

size_t
raid_metrics_bytes(const struct raid_metrics *m)
{
	return m->bytes + m->cap * sizeof(*m->v) +
	    m->slots * sizeof(*m->table);
}
