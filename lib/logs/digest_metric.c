/* SPDX-License-Identifier: ISC */
/* Which numbers of a log matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "logs/digest_priv.h"

#define SHIFTS_MIN 8		/* intervals that make a trend */
#define VALUES_MIN 3
#define WINDOW_MIN 5

/* Ends of names: of what is measured, and of what only names a thing. */
static const char *const measures[] = {
	"age", "avg", "backlog", "bytes", "capacity", "connections", "conns",
	"cost", "cpu", "delay", "depth", "duration", "elapsed", "errors",
	"fds", "free", "goroutines", "heap", "hits", "lag", "latency", "len",
	"length", "load", "max", "mean", "mem", "memory", "misses", "ms", "ns",
	"pause", "pending", "percent", "pressure", "queue", "queued", "rate",
	"ratio", "read", "retries", "rows", "rps", "rss", "rtt", "score",
	"sec", "seconds", "secs", "size", "space", "speed", "swap", "temp",
	"temperature", "threads", "throughput", "time", "took", "total", "us",
	"usage", "used", "util", "utilization", "wait", "waiters", "waiting",
	"written"
};
static const char *const labels[] = {
	"addr", "address", "block", "build", "code", "date", "day", "euid",
	"fd", "gid", "id", "ids", "index", "inode", "job", "key", "line",
	"mode", "no", "node", "num", "number", "offset", "pid", "port", "ppid",
	"pri", "priority", "process", "rank", "request", "seq", "sequence",
	"serial", "session", "sid", "status", "task", "thread", "tid", "txn",
	"type", "uid", "user", "ver", "version", "xid"
};

static const char *const fillers[] = {
	"a", "about", "after", "all", "an", "and", "are", "as", "at", "be",
	"by", "for", "from", "has", "have", "in", "into", "is", "of", "on",
	"or", "out", "over", "t", "than", "the", "this", "to", "under", "v",
	"was", "with", "within"
};

/* Is the last word of the name one of these? */
static int
names(const char *name, const char *const *v, size_t n)
{
	size_t len = strlen(name), k;

	for (size_t i = 0; i < n; i++) {
		k = strlen(v[i]);
		if (len < k || strcasecmp(name + len - k, v[i]) != 0)
			continue;
		if (len == k || strchr("_-. /", name[len - k - 1]) != NULL ||
		    (name[len - k] >= 'A' && name[len - k] <= 'Z' &&
		    name[len - k - 1] >= 'a'))
			return 1;
	}
	return 0;
}

/* The sum of log2 of its values. */
static double
logs(const struct raid_shift *s)
{
	return (double)s->logs / RAID_LOG2;
}

/* The geometric mean of some intervals. */
static double
mean(const struct raid_metric *m, uint32_t from, uint32_t to)
{
	double sum = 0, n = 0;

	for (uint32_t i = from; i < to; i++) {
		sum += logs(&m->shift[i]);
		n += m->shift[i].n;
	}
	return n > 0 ? exp2(sum / n) : 0;
}

/* A straight line through the logarithms of the intervals. */
static void
find_drift(struct raid_page_metric *x)
{
	const struct raid_metric *m = x->m;
	double n = 0, sx = 0, sy = 0, xx = 0, xy = 0, yy = 0, t, y, d, r, a;

	if (m->nshift < SHIFTS_MIN)
		return;
	for (uint32_t i = 0; i < m->nshift; i++) {
		if (m->shift[i].n == 0)
			continue;
		t = (double)m->shift[i].at - m->shift[0].at;
		y = logs(&m->shift[i]) / m->shift[i].n;
		n++;
		sx += t;
		sy += y;
		xx += t * t;
		xy += t * y;
		yy += y * y;
	}
	d = n * xx - sx * sx;
	r = n * yy - sy * sy;
	if (n < SHIFTS_MIN || d <= 0 || r <= 0)
		return;
	a = (n * xy - sx * sy) / d;
	/* It explains most of what varies, and is no small thing. */
	if (a * a * d / r < 0.5)
		return;
	t = (double)m->shift[m->nshift - 1].at - m->shift[0].at;
	if (fabs(a * t) < 0.35)
		return;
	x->drift = a * t;
	n = m->nshift / 10 + 1;
	x->at_first = mean(m, 0, (uint32_t)n);
	x->at_last = mean(m, m->nshift - (uint32_t)n, m->nshift);
}

/* Geometric means in the intervals of an incident and of the others. */
static void
find_incident(const struct raid_page *p, struct raid_page_metric *x)
{
	double in = 0, out = 0, n_in = 0, n_out = 0;
	const struct raid_metric *m = x->m;

	for (uint32_t i = 0; i < m->nshift && p->nincident > 0; i++) {
		const struct raid_incident *c = &p->incidents[0];

		if (m->shift[i].at >= c->from && m->shift[i].at < c->to) {
			in += logs(&m->shift[i]);
			n_in += m->shift[i].n;
		} else {
			out += logs(&m->shift[i]);
			n_out += m->shift[i].n;
		}
	}
	if (n_in < VALUES_MIN || n_out < VALUES_MIN ||
	    fabs(in / n_in - out / n_out) < 0.35)
		return;
	x->inside = exp2(in / n_in);
	x->outside = exp2(out / n_out);
}

/* How many times the usual median that of the window is; 1 if that may be
 * chance. */
static double
window_times(const struct raid_metric *m)
{
	double all = raid_sketch_quantile(&m->all, 0.5), times, width;
	double low = raid_sketch_quantile(&m->all, 0.05);
	double high = raid_sketch_quantile(&m->all, 0.95);

	times = raid_sketch_quantile(&m->window, 0.5) / all;
	if (m->window.n < WINDOW_MIN || all <= 0 || times <= 0)
		return 1;
	width = log2(fmax(high / all, low > 0 ? all / low : 16));
	return fabs(log2(times)) * sqrt((double)m->window.n) < 3 * width ?
	    1 : times;
}

static double
spread(const struct raid_sketch *s)
{
	double low = raid_sketch_quantile(s, 0.5);
	double high = raid_sketch_quantile(s, 0.99);

	return low > 0 && high > low ? fmin(log2(high / low), 3) : 0;
}

static double
score(const struct raid_page *p, const struct raid_page_metric *x)
{
	const struct raid_metric *m = x->m;
	double s = 0.5 * log2((double)m->all.n) + spread(&m->all);

	if (m->unit != RAID_UNIT_NONE)
		s += 5;
	if (names(m->name, measures, sizeof(measures) / sizeof(*measures)))
		s += 5;
	else if (names(m->name, labels, sizeof(labels) / sizeof(*labels)))
		s -= 12;
	else if (m->unit == RAID_UNIT_NONE && m->all.max > 1e6)
		s -= 4;
	/* "for 5 s" names nothing. */
	if (names(m->name, fillers, sizeof(fillers) / sizeof(*fillers)))
		s -= 6;
	if (x->inside > 0)
		s += 2 * fmin(fabs(log2(x->inside / x->outside)), 4);
	s += 1.5 * fmin(fabs(x->drift), 3);
	if (p->window > 0)
		s += m->window.n > 0 ? 4 + 2 * fmin(fabs(log2(x->times)), 4) :
		    0;
	return s;
}

static int
by_score(const void *a, const void *b)
{
	const struct raid_page_metric *x = a, *y = b;
	int c;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	c = strcmp(x->m->name, y->m->name);
	return c != 0 ? c : x->m < y->m ? -1 : x->m > y->m;
}

void
raid_page_find_metrics(struct raid_page *p)
{
	const struct raid_metrics *all = raid_log_metrics(p->log);
	size_t n = all != NULL ? raid_metrics_count(all) : 0;

	p->metrics = raid_calloc(n + 1, sizeof(*p->metrics));
	for (size_t i = 0; i < n; i++) {
		struct raid_page_metric x = { .m = raid_metrics_get(all, i) };

		/* A constant is no measurement. */
		if (x.m == NULL || x.m->gone || x.m->all.n < VALUES_MIN ||
		    x.m->all.min >= x.m->all.max)
			continue;
		find_drift(&x);
		find_incident(p, &x);
		x.times = window_times(x.m);
		x.score = score(p, &x);
		if (x.score > 0)
			p->metrics[p->nmetric++] = x;
	}
	qsort(p->metrics, p->nmetric, sizeof(*p->metrics), by_score);
}
