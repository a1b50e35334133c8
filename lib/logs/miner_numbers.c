/* SPDX-License-Identifier: ISC */
/*
 * Which numbers of a template are measured: those with a name, as in
 * name=5, "name":5 and name: 5, and those with a unit behind them.  Numbers
 * that name something (pid=17, user_id=5) are not.
 */
#include <string.h>

#include "logs/miner_priv.h"

#define NAME_MAX_BYTES 60
#define UNIT_MAX 13		/* "nanoseconds", "milliseconds" */

static int
is_one(const char *const *list, const unsigned char *p, size_t len)
{
	for (; *list != NULL; list++) {
		const char *s = *list;
		size_t i = 0;

		while (i < len && (unsigned char)s[i] == (p[i] | 0x20))
			i++;
		if (i == len && s[i] == '\0')
			return 1;
	}
	return 0;
}

/* Does a name say that its number is no quantity? */
static int
is_label(const unsigned char *p, size_t len)
{
	static const char *const labels[] = { "id", "pid", "tid", "ppid",
	    "uid", "gid", "euid", "egid", "suid", "auid", "ruid", "port",
	    "line", "seq", "version", "code", "status", "year", "month",
	    "day", "ts", "time", "timestamp", "date", "epoch", "fd", "errno",
	    "signal", "index", "zip", "phone", "build", "key", "serial",
	    "hash", "level", "priority", "severity", "type", "flags", NULL };
	size_t dash = len;

	if (len == 0 || is_one(labels, p, len))
		return 1;
	/* "user_id", "user-id", "user.id", "userId", "requestID" */
	while (dash > 0 && p[dash - 1] != '_' && p[dash - 1] != '-' &&
	    p[dash - 1] != '.')
		dash--;
	if (dash > 0 && dash < len && is_one(labels, p + dash, len - dash))
		return 1;
	return len > 2 && p[len - 2] == 'I' &&
	    (p[len - 1] == 'd' || p[len - 1] == 'D');
}

/* Words before a number in prose that tell what it counts. */
static int
is_quantity(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "size", "count", "length",
	    "total", "latency", "duration", "elapsed", "took", "rate",
	    "usage", "load", "temperature", "depth", "lag", "delay", "score",
	    "used", "free", "available", "threads", "connections", "retries",
	    "attempts", "waiting", "pending", "queued", NULL };

	return is_one(words, p, len);
}

static int
is_mark(const struct raid_word *w, char c)
{
	return w->kind == RAID_WORD_MARK && w->len == (unsigned char)c;
}

/*
 * The name of the number at place i: the word, or NULL.  keyed: it is one of
 * its own, not just a word before.
 */
static const struct raid_word *
name_of(const struct group *g, size_t i, int *keyed)
{
	const struct raid_word *v = g->words, *w = &v[i];
	size_t k = i;

	*keyed = 0;
	if (k > 0 && (is_mark(&v[k - 1], '"') || is_mark(&v[k - 1], '\'')))
		k--;
	if (k > 0 && (is_mark(&v[k - 1], '=') || is_mark(&v[k - 1], ':'))) {
		int colon = is_mark(&v[k - 1], ':');

		k--;
		if (k > 1 && is_mark(&v[k - 1], '"')) {
			k--;
			colon = 0;
		}
		/* "a.c:17", "host:80" */
		if (k == 0 || (colon && !w->blank))
			return NULL;
		*keyed = 1;
		return v[k - 1].kind == RAID_WORD_TEXT ? &v[k - 1] : NULL;
	}
	return i > 0 && v[i - 1].kind == RAID_WORD_TEXT && w->blank ?
	    &v[i - 1] : NULL;
}

/* The unit behind the digits at p, of which there are n. */
static enum raid_unit
unit_behind(const unsigned char *p, size_t left)
{
	size_t i = 0, n;

	if (i < left && p[i] == ' ')
		i++;
	for (n = 0; i + n < left && n < UNIT_MAX &&
	    ((p[i + n] | 0x20) >= 'a' && (p[i + n] | 0x20) <= 'z');)
		n++;
	if (i < left && p[i] == '%')
		n = 1;
	return n > 0 ? raid_unit_parse(p + i, n) : RAID_UNIT_NONE;
}

/* The number at p: how many bytes it has, 0 for none. */
static size_t
parse(const unsigned char *p, size_t len, double *v)
{
	uint64_t whole = 0;
	double scale = 1, part = 0;
	size_t i = 0, from;
	int minus = len > 0 && *p == '-';

	if (len > 0 && (*p == '-' || *p == '+' || *p == '<'))
		i++;
	for (from = i; i < len && p[i] >= '0' && p[i] <= '9'; i++) {
		if (i - from == 18)
			return 0;
		whole = whole * 10 + (p[i] - '0');
	}
	if (i == from)
		return 0;
	if (i + 1 < len && p[i] == '.' && p[i + 1] >= '0' && p[i + 1] <= '9')
		for (i++; i < len && p[i] >= '0' && p[i] <= '9'; i++) {
			if (scale < 1e9) {
				part = part * 10 + (p[i] - '0');
				scale *= 10;
			}
		}
	*v = (double)whole + part / scale;
	if (minus)
		*v = -*v;
	return i;
}

/* Slots that may be measured; lists of several are not. */
static int
is_number(const struct raid_word *w)
{
	return w->kind == RAID_WORD_SLOT && w->slot != 0 && (w->slot &
	    ~(unsigned)(RAID_SLOT_NUM | RAID_SLOT_DURATION |
	    RAID_SLOT_SIZE)) == 0;
}

void
raid_miner_find_numbers(struct raid_miner *m, struct group *g)
{
	for (size_t i = 0; i < g->nword && g->numbers_n < NUMBERS; i++) {
		const struct raid_word *w = &g->words[i], *name;
		const unsigned char *p = g->text + w->off;
		size_t left = g->text_len - w->off, n;
		enum raid_unit unit;
		int keyed, metric;
		double v;

		if (!is_number(w) || (n = parse(p, w->len, &v)) == 0)
			continue;
		name = name_of(g, i, &keyed);
		if (name == NULL || name->len > NAME_MAX_BYTES ||
		    is_label(g->text + name->off, name->len))
			continue;
		unit = unit_behind(p + n, left - n);
		if (!keyed && unit == RAID_UNIT_NONE &&
		    !is_quantity(g->text + name->off, name->len))
			continue;
		metric = raid_metrics_find(m->metrics, g->text + name->off,
		    name->len, unit, keyed);
		if (metric < 0)
			continue;
		g->numbers[g->numbers_n++] = (struct number){ (uint16_t)i,
		    (uint8_t)keyed, metric };
	}
}

void
raid_miner_measure(struct raid_miner *m, const struct group *g,
    const struct raid_event *e)
{
	for (size_t i = 0; i < g->numbers_n; i++) {
		const struct number *x = &g->numbers[i];
		const struct raid_word *w;
		const unsigned char *p;
		size_t n;
		double v;

		if (x->word >= e->nword)
			break;
		w = &e->words[x->word];
		if (!is_number(w))
			continue;
		p = e->p + e->message + w->off;
		n = parse(p, w->len, &v);
		if (n > 0)
			raid_metrics_add(m->metrics, x->metric, v,
			    unit_behind(p + n, e->len - e->message - w->off -
			    n), e->at, e->in_window);
	}
}
