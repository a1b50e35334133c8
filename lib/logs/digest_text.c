/* SPDX-License-Identifier: ISC */
/* The page in Markdown. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "logs/digest_priv.h"

#define TRACE_LINES 6		/* of a trace */

static const char *
level_of(const struct raid_template *t)
{
	return t->level == RAID_LEVEL_NONE ? "-" : raid_level_name(t->level);
}

/* " 14:00:01..14:10:59 line 12 0badcafe" */
static void
put_place(const struct raid_page *p, const struct raid_template *t,
    struct raid_buf *b)
{
	if (t->first_time != RAID_NO_TIME) {
		raid_buf_addc(b, ' ');
		raid_page_times(p, t->first_time, t->last_time, b);
	}
	raid_buf_printf(b, " line %" PRIu64 " %s", t->first, t->id);
}

/* Each line of an example, indented so far that it ends no fence. */
static void
put_example(const struct raid_page *p, const struct raid_template *t,
    struct raid_buf *b)
{
	const char *s = t->example, *end = s + t->example_len, *nl;
	size_t n = 0, len;

	while (s < end && n < (t->trace ? TRACE_LINES : 1)) {
		nl = memchr(s, '\n', (size_t)(end - s));
		len = (size_t)((nl != NULL ? nl : end) - s);
		raid_buf_puts(b, "    ");
		if (n++ == 0)
			raid_page_quote(p, s, len, b);
		else
			raid_page_bytes(p, s, len, RAID_PAGE_QUOTE, b);
		raid_buf_addc(b, '\n');
		s += len + 1;
	}
}

/* A rare value: its line; the template is the usual case. */
static void
put_value(const struct raid_page *p, const struct raid_rank *r,
    struct raid_buf *b)
{
	raid_buf_printf(b, "x%" PRIu64 " of %" PRIu64 " %s line %" PRIu64
	    " %s has the value ", r->count, r->t->count, level_of(r->t),
	    r->line, r->t->id);
	raid_page_bytes(p, r->value->text, strlen(r->value->text),
	    RAID_VALUE_MAX, b);
	raid_buf_puts(b, "\n    ");
	raid_page_quote(p, r->value->quote, strlen(r->value->quote), b);
	raid_buf_addc(b, '\n');
}

/* How many of its events are in the incident or the window. */
static void
put_share(const struct raid_page *p, const struct raid_item *it,
    struct raid_buf *b)
{
	uint64_t count = it->rank->t->count;

	if (it->kind == RAID_ITEM_MOVED && it->n < (double)count) {
		raid_buf_printf(b, ", %.0f in it, expected ", it->n);
		raid_page_number(it->expected, b);
	} else if (it->kind == RAID_ITEM_MOVED) {
		raid_buf_puts(b, ", all in it");
	} else if (p->window > 0 && count > 1) {
		raid_buf_printf(b, ", %" PRIu64 " in the window",
		    it->rank->t->in_window);
	}
}

static void
put_quote(const struct raid_page *p, const struct raid_item *it,
    struct raid_buf *b)
{
	const struct raid_template *t = it->rank->t;
	uint64_t lines;
	size_t like;

	if (it->rank->value != NULL) {
		put_value(p, it->rank, b);
		return;
	}
	raid_buf_printf(b, "x%" PRIu64 " %s", t->count, level_of(t));
	put_place(p, t, b);
	if (t->lines > t->count)
		raid_buf_printf(b, ", %" PRIu64 " lines", t->lines);
	put_share(p, it, b);
	raid_buf_addc(b, '\n');
	put_example(p, t, b);
	if (it->kind != RAID_ITEM_QUOTE)
		return;
	like = raid_page_like(p, it->rank, &lines);
	if (like > 0)
		raid_buf_printf(b, "    + %zu like it, %" PRIu64 " line%s\n",
		    like, lines, lines == 1 ? "" : "s");
}

/* "GET 90 %, POST 10 %"; 0: none stands out. */
static int
put_slot(const struct raid_page *p, const struct raid_values *s,
    const char *sep, struct raid_buf *b)
{
	size_t top[RAID_PAGE_VALUES], n = raid_page_top(s, top);

	for (size_t k = 0; k < n; k++) {
		const struct raid_value *x = &s->v[top[k]];

		raid_buf_puts(b, k > 0 ? ", " : sep);
		raid_page_bytes(p, *x->text != '\0' ? x->text : "\"\"",
		    *x->text != '\0' ? strlen(x->text) : 2, RAID_VALUE_MAX,
		    b);
		raid_buf_addc(b, ' ');
		raid_page_share(raid_page_sure(s, top[k]), s->total, b);
	}
	return n > 0;
}

/* The frequent values of slots that have some. */
static void
put_values(const struct raid_page *p, const struct raid_template *t,
    struct raid_buf *b)
{
	int shown = 0;

	for (size_t i = 0; i < t->nvalues && shown < RAID_PAGE_SLOTS; i++)
		shown += put_slot(p, &t->values[i], shown > 0 ? "; " : "    ",
		    b);
	if (shown > 0)
		raid_buf_addc(b, '\n');
}

static void
put_spark(const struct raid_page *p, const struct raid_template *t,
    struct raid_buf *b)
{
	size_t from = b->len;

	raid_buf_puts(b, " [");
	if (raid_page_spark(p, t, b))
		raid_buf_addc(b, ']');
	else
		b->len = from;
}

static void
put_plain(const struct raid_page *p, const struct raid_item *it,
    struct raid_buf *b)
{
	const struct raid_template *t = it->rank->t;

	raid_buf_printf(b, "x%" PRIu64 " %s %s", t->count, level_of(t),
	    t->id);
	if (t->lines > t->count)
		raid_buf_printf(b, ", %" PRIu64 " lines", t->lines);
	put_share(p, it, b);
	if (it->kind == RAID_ITEM_SINCE && it->note & RAID_BEGAN) {
		raid_buf_puts(b, " from ");
		raid_page_when(p, t->first_time, t->first, b);
	}
	if (it->kind == RAID_ITEM_SINCE && it->note & RAID_ENDED) {
		raid_buf_puts(b, " until ");
		raid_page_when(p, t->last_time, t->last, b);
	}
	put_spark(p, t, b);
	if (it->kind == RAID_ITEM_SINCE)
		raid_buf_addc(b, '\n');
	raid_buf_puts(b, it->kind == RAID_ITEM_SINCE ? "    " : " ");
	if (*t->text == '\0')
		raid_buf_puts(b, "(blank lines)");
	raid_page_bytes(p, t->text, strlen(t->text), RAID_PAGE_TEXT, b);
	raid_buf_addc(b, '\n');
	put_values(p, t, b);
}

/* A number at the right end of so many columns, and a blank before it. */
static void
put_number(double v, size_t width, struct raid_buf *b)
{
	struct raid_buf s;

	raid_buf_init(&s, 64);
	raid_page_number(v, &s);
	raid_buf_printf(b, " %*s", (int)width, raid_buf_str(&s));
	raid_buf_free(&s);
}

static void
put_metric(const struct raid_page *p, const struct raid_page_metric *x,
    struct raid_buf *b)
{
	static const double q[] = { 0.5, 0.95, 0.99 };
	const struct raid_metric *m = x->m;
	const char *unit = raid_unit_name(m->unit);
	size_t from = b->len;

	raid_page_bytes(p, m->name, strlen(m->name), RAID_METRIC_NAME, b);
	while (b->len - from < 18)
		raid_buf_addc(b, ' ');
	raid_buf_printf(b, " %8" PRIu64, m->all.n);
	put_number(m->all.min, 7, b);
	for (size_t i = 0; i < 3; i++)
		put_number(raid_sketch_quantile(&m->all, q[i]), 7, b);
	put_number(m->all.max, 8, b);
	raid_buf_printf(b, " %s", unit);
	if (p->window > 0 && m->window.n > 0) {
		raid_buf_printf(b, " window n %" PRIu64 " p50 ", m->window.n);
		raid_page_number(raid_sketch_quantile(&m->window, 0.5), b);
		raid_buf_puts(b, " p95 ");
		raid_page_number(raid_sketch_quantile(&m->window, 0.95), b);
		if (x->times < 0.9 || x->times > 1.1) {
			raid_buf_puts(b, ", x");
			raid_page_number(x->times, b);
		}
	} else if (x->inside > 0) {
		raid_buf_puts(b, " incident ");
		raid_page_number(x->inside, b);
		raid_buf_puts(b, " else ");
		raid_page_number(x->outside, b);
	}
	if (x->drift != 0) {
		raid_buf_puts(b, x->drift > 0 ? " rises " : " falls ");
		raid_page_number(x->at_first, b);
		raid_buf_puts(b, " to ");
		raid_page_number(x->at_last, b);
	}
	while (b->len > from && b->p[b->len - 1] == ' ')
		b->len--;
	raid_buf_addc(b, '\n');
}

static void
put_change(double before, double during, const char *unit,
    struct raid_buf *b)
{
	raid_buf_puts(b, ": ");
	raid_page_number(before, b);
	raid_buf_puts(b, " -> ");
	raid_page_number(during, b);
	raid_buf_printf(b, "%s%s", *unit != '\0' ? " " : "", unit);
	if (before > 0) {
		raid_buf_puts(b, ", x");
		raid_page_number(during / before, b);
	}
}

static void
put_incident(const struct raid_page *p, const struct raid_incident *c,
    struct raid_buf *b)
{
	double minutes = ldexp(1, p->total->shift) / 60;
	const struct raid_metric *m;

	if (c->metric == RAID_INCIDENT_ERRORS) {
		raid_buf_puts(b, "error lines");
		put_change(100 * c->before, 100 * c->during, "%", b);
	} else if (c->metric == RAID_INCIDENT_LINES) {
		raid_buf_puts(b, "lines a minute");
		put_change(c->before / minutes, c->during / minutes, "", b);
	} else {
		m = raid_metrics_get(raid_log_metrics(p->log),
		    (size_t)c->metric);
		raid_page_bytes(p, m->name, strlen(m->name),
		    RAID_METRIC_NAME, b);
		put_change(c->before, c->during, raid_unit_name(m->unit), b);
	}
	if (c->open_from)
		raid_buf_puts(b, "; so from the beginning");
	if (c->open_to)
		raid_buf_puts(b, "; so to the end");
	raid_buf_addc(b, '\n');
}

static void
put_size(double bytes, struct raid_buf *b)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	size_t i = 0;

	for (; bytes >= 1000 && i < 4; i++)
		bytes /= 1000;
	raid_page_number(bytes, b);
	raid_buf_printf(b, " %s", units[i]);
}

static void
put_note_time(const struct raid_page *p, struct raid_buf *b)
{
	const struct raid_log_total *s = p->total;

	raid_buf_puts(b, "\n");
	put_size((double)s->bytes, b);
	raid_buf_printf(b, " in %" PRIu64 " file%s", s->files,
	    s->files == 1 ? "" : "s");
	if (s->first_time == RAID_NO_TIME) {
		raid_buf_puts(b, "; no line has a time.\n");
		return;
	}
	raid_buf_puts(b, "; ");
	raid_page_time(p, s->first_time, 1, b);
	raid_buf_puts(b, " to ");
	raid_page_time(p, s->last_time, !p->one_day, b);
	raid_buf_printf(b, " %s", raid_zone_name(p->o->zone));
	if (s->zoneless > 0 && s->zoneless < s->timed) {
		raid_buf_puts(b, " (assumed of ");
		raid_page_share((double)s->zoneless, (double)s->timed, b);
		raid_buf_puts(b, " of the times)");
	}
	raid_buf_puts(b, s->zoneless > 0 && s->zoneless == s->timed ?
	    " (assumed).\n" : ".\n");
}

static void
put_note_levels(const struct raid_page *p, struct raid_buf *b)
{
	const char *sep = "";

	for (int i = RAID_LEVEL_FATAL; i >= 0; i--) {
		if (p->total->levels[i] == 0)
			continue;
		raid_buf_printf(b, "%s%" PRIu64 " %s", sep,
		    p->total->levels[i], i == RAID_LEVEL_NONE ? "of no level" :
		    raid_level_name((enum raid_level)i));
		sep = ", ";
	}
	if (*sep != '\0')
		raid_buf_puts(b, ".\n");
}

static void
put_note_odd(const struct raid_page *p, struct raid_buf *b)
{
	const struct raid_log_total *s = p->total;

	if (s->first_time != RAID_NO_TIME && s->timed < s->lines) {
		raid_page_share((double)(s->lines - s->timed),
		    (double)s->lines, b);
		raid_buf_puts(b, " of the lines have no time.\n");
	}
	if (s->backwards > 0)
		raid_buf_printf(b, "Times go backwards at %" PRIu64
		    " line%s.\n", s->backwards, s->backwards == 1 ? "" : "s");
}

static void
put_note_window(const struct raid_page *p, struct raid_buf *b)
{
	const struct raid_log_total *s = p->total;

	if (!p->has_window)
		return;
	raid_buf_puts(b, "Window ");
	raid_page_times(p, s->window_from == RAID_NO_TIME ? s->first_time :
	    s->window_from, s->window_to == RAID_NO_TIME ? s->last_time :
	    s->window_to, b);
	raid_buf_printf(b, ": %" PRIu64 " lines", s->window_lines);
	if (p->window > 0 && p->window < 1 && s->window_lines > 0) {
		raid_buf_puts(b, ", their rate is x");
		raid_page_number((double)s->window_lines / p->window /
		    ((double)s->lines - (double)s->window_lines + 0.5) *
		    (1 - p->window), b);
		raid_buf_puts(b, " of the rest");
	}
	raid_buf_puts(b, ".\n");
}

static void
put_note(const struct raid_page *p, int note, struct raid_buf *b)
{
	switch (note) {
	case RAID_NOTE_TIME: put_note_time(p, b); break;
	case RAID_NOTE_WINDOW: put_note_window(p, b); break;
	case RAID_NOTE_LEVELS: put_note_levels(p, b); break;
	case RAID_NOTE_ODD: put_note_odd(p, b); break;
	default: raid_page_text_both(p, note, b); break;
	}
}

void
raid_page_text_item(const struct raid_page *p, const struct raid_item *it,
    struct raid_buf *b)
{
	switch (it->kind) {
	case RAID_ITEM_NOTE: put_note(p, it->note, b); break;
	case RAID_ITEM_INCIDENT: put_incident(p, it->incident, b); break;
	case RAID_ITEM_BUILD: raid_page_text_build(p, b); break;
	case RAID_ITEM_QUOTE:
	case RAID_ITEM_MOVED: put_quote(p, it, b); break;
	case RAID_ITEM_PLAIN:
	case RAID_ITEM_SINCE: put_plain(p, it, b); break;
	case RAID_ITEM_METRIC: put_metric(p, it->metric, b); break;
	case RAID_ITEM_PAIR:
	case RAID_ITEM_METRIC_PAIR: raid_page_text_pair(p, it, b); break;
	}
}

void
raid_page_text_head(const struct raid_page *p, struct raid_buf *b)
{
	raid_buf_printf(b, "# %s: %" PRIu64 " lines, %zu templates\n",
	    p->old != NULL ? "Two logs" : "Log", p->lines, p->templates);
}

void
raid_page_text_open(const struct raid_section *s, struct raid_buf *b)
{
	if (s->is_head)
		return;
	raid_buf_printf(b, "\n## %s\n\n```\n", s->title);
	if (s->n > 0 && s->v[0].kind == RAID_ITEM_METRIC)
		raid_buf_printf(b, "%-18s %8s%8s%8s%8s%8s%9s\n", "name", "n",
		    "min", "p50", "p95", "p99", "max");
}

void
raid_page_text_end(const struct raid_page *p, size_t templates,
    uint64_t lines, struct raid_buf *b)
{
	uint64_t all = p->lines;

	raid_buf_printf(b, "\nLeft out: %zu templates, %" PRIu64
	    " lines. Sum: %" PRIu64 " + %" PRIu64 " = %" PRIu64 " lines.\n",
	    p->templates - templates, all - lines, lines,
	    all - lines, all);
}
