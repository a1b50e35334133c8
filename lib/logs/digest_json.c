/* SPDX-License-Identifier: ISC */
/* The page as JSON, and the table of all templates. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "logs/digest_priv.h"

#define TEXT_MAX ((size_t)1 << 16)

static void
set_bytes(const struct raid_page *p, struct raid_json *j, const char *key,
    const char *s, size_t len, size_t max)
{
	struct raid_buf b;

	raid_buf_init(&b, TEXT_MAX * 2);
	raid_page_bytes(p, s, len, max, &b);
	raid_json_set_str(j, key, raid_buf_str(&b));
	raid_buf_free(&b);
}

static struct raid_json *
template_json(const struct raid_page *p, const struct raid_template *t,
    size_t max)
{
	struct raid_json *j = raid_json_object();

	raid_json_set_str(j, "id", t->id);
	raid_json_set_int(j, "count", (long long)t->count);
	raid_json_set_str(j, "level", raid_level_name(t->level));
	raid_json_set_int(j, "first", (long long)t->first);
	raid_json_set_int(j, "last", (long long)t->last);
	set_bytes(p, j, "template", t->text, strlen(t->text), max);
	if (t->trace)
		raid_json_set_int(j, "trace_lines", (long long)t->lines);
	raid_page_set_time(j, "first_time", t->first_time);
	if (t->last_time / 1000 != t->first_time / 1000)
		raid_page_set_time(j, "last_time", t->last_time);
	if (p->has_window)
		raid_json_set_int(j, "in_window", (long long)t->in_window);
	return j;
}

/* The lines of an example. */
static void
set_quote(const struct raid_page *p, struct raid_json *j, const char *s,
    size_t len)
{
	struct raid_buf b;
	const char *end = s + len, *nl;

	raid_buf_init(&b, TEXT_MAX);
	while (s < end) {
		nl = memchr(s, '\n', (size_t)(end - s));
		len = (size_t)((nl != NULL ? nl : end) - s);
		if (b.len > 0)
			raid_buf_addc(&b, '\n');
		if (b.len == 0)
			raid_page_quote(p, s, len, &b);
		else
			raid_page_bytes(p, s, len, RAID_PAGE_QUOTE, &b);
		s += len + 1;
	}
	raid_json_set_str(j, "quote", raid_buf_str(&b));
	raid_buf_free(&b);
}

static void
set_value(const struct raid_page *p, struct raid_json *j,
    const struct raid_rank *r)
{
	struct raid_json *v = raid_json_object();

	set_bytes(p, v, "text", r->value->text, strlen(r->value->text),
	    RAID_VALUE_MAX);
	raid_json_set_int(v, "count", (long long)r->count);
	raid_json_set_int(v, "of", (long long)r->slot->total);
	raid_json_set_int(v, "line", (long long)r->line);
	raid_json_set(j, "value", v);
	set_quote(p, j, r->value->quote, strlen(r->value->quote));
}

static void
set_like(const struct raid_page *p, struct raid_json *j,
    const struct raid_rank *r)
{
	uint64_t lines;
	size_t n = raid_page_like(p, r, &lines);

	if (n == 0)
		return;
	raid_json_set_int(j, "like", (long long)n);
	raid_json_set_int(j, "like_lines", (long long)lines);
}

static struct raid_json *
slot_json(const struct raid_page *p, const struct raid_values *s,
    const size_t *top, size_t n)
{
	struct raid_json *list = raid_json_array(), *v;

	for (size_t i = 0; i < n; i++) {
		const char *text = s->v[top[i]].text;

		v = raid_json_object();
		set_bytes(p, v, "text", text, strlen(text), RAID_VALUE_MAX);
		raid_json_set_int(v, "count", raid_page_sure(s, top[i]));
		raid_json_add(list, v);
	}
	return list;
}

/* The course, and the values of slots that have some. */
static void
set_course(const struct raid_page *p, struct raid_json *j,
    const struct raid_template *t)
{
	struct raid_json *slots = raid_json_array();
	size_t top[RAID_PAGE_VALUES], n, shown = 0;
	struct raid_buf b;

	raid_buf_init(&b, 1 << 10);
	if (raid_page_spark(p, t, &b))
		raid_json_set_str(j, "course", raid_buf_str(&b));
	raid_buf_free(&b);
	for (size_t i = 0; i < t->nvalues && shown < RAID_PAGE_SLOTS; i++) {
		n = raid_page_top(&t->values[i], top);
		if (n == 0)
			continue;
		raid_json_add(slots, slot_json(p, &t->values[i], top, n));
		shown++;
	}
	if (shown > 0)
		raid_json_set(j, "values", slots);
	else
		raid_json_free(slots);
}

static struct raid_json *
entry_json(const struct raid_page *p, const struct raid_section *s,
    const struct raid_item *it)
{
	const struct raid_rank *r = it->rank;
	struct raid_json *j = template_json(p, r->t, RAID_PAGE_TEXT);

	raid_json_set_str(j, "section", s->name);
	raid_page_set_number(j, "bits", r->bits);
	if (it->kind == RAID_ITEM_MOVED) {
		raid_json_set_int(j, "in_it", (long long)it->n);
		raid_page_set_number(j, "expected", it->expected);
	}
	if (it->kind == RAID_ITEM_PAIR)
		raid_page_json_pair(p, j, it);
	if (r->value != NULL)
		set_value(p, j, r);
	else if (it->kind == RAID_ITEM_QUOTE || it->kind == RAID_ITEM_MOVED)
		set_quote(p, j, r->t->example, r->t->example_len);
	if (it->kind == RAID_ITEM_QUOTE && r->like > 0)
		set_like(p, j, r);
	if (it->kind == RAID_ITEM_PLAIN || it->kind == RAID_ITEM_SINCE)
		set_course(p, j, r->t);
	return j;
}

static void
set_quantiles(struct raid_json *j, const struct raid_sketch *s)
{
	raid_json_set_int(j, "n", (long long)s->n);
	raid_json_set_num(j, "min", s->min);
	raid_page_set_number(j, "p50", raid_sketch_quantile(s, 0.5));
	raid_page_set_number(j, "p95", raid_sketch_quantile(s, 0.95));
	raid_page_set_number(j, "p99", raid_sketch_quantile(s, 0.99));
	raid_json_set_num(j, "max", s->max);
}

static struct raid_json *
metric_json(const struct raid_page *p, const struct raid_page_metric *x)
{
	struct raid_json *j = raid_json_object(), *w;

	set_bytes(p, j, "name", x->m->name, strlen(x->m->name),
	    RAID_METRIC_NAME);
	raid_json_set_str(j, "unit", raid_unit_name(x->m->unit));
	set_quantiles(j, &x->m->all);
	if (x->m->window.n > 0) {
		w = raid_json_object();
		set_quantiles(w, &x->m->window);
		raid_json_set(j, "window", w);
	}
	if (x->inside > 0) {
		raid_page_set_number(j, "incident", x->inside);
		raid_page_set_number(j, "else", x->outside);
	}
	if (x->old != NULL) {
		w = raid_json_object();
		set_quantiles(w, &x->old->all);
		raid_json_set(j, "old", w);
	}
	if (x->drift != 0) {
		raid_page_set_number(j, "from", x->at_first);
		raid_page_set_number(j, "to", x->at_last);
	}
	return j;
}

static struct raid_json *
incident_json(const struct raid_page *p, const struct raid_incident *c)
{
	struct raid_json *j = raid_json_object();
	const struct raid_metric *m = NULL;

	raid_page_set_time(j, "from", raid_page_time_of(p, c->from));
	raid_page_set_time(j, "to", raid_page_time_of(p, c->to));
	if (c->metric >= 0)
		m = raid_metrics_get(raid_log_metrics(p->log),
		    (size_t)c->metric);
	if (m != NULL)
		set_bytes(p, j, "metric", m->name, strlen(m->name),
		    RAID_METRIC_NAME);
	else
		raid_json_set_str(j, "metric", c->metric ==
		    RAID_INCIDENT_ERRORS ? "errors" : "lines");
	raid_page_set_number(j, "before", c->before);
	raid_page_set_number(j, "during", c->during);
	return j;
}

static struct raid_json *
note_json(const struct raid_page *p, int note)
{
	const struct raid_log_total *s = p->total;
	struct raid_json *j = raid_json_object(), *v;

	switch (note) {
	case RAID_NOTE_TIME:
		raid_json_set_int(j, "bytes", (long long)s->bytes);
		raid_json_set_int(j, "files", (long long)s->files);
		raid_page_set_time(j, "first_time", s->first_time);
		raid_page_set_time(j, "last_time", s->last_time);
		raid_json_set_str(j, "zone", raid_zone_name(p->o->zone));
		raid_json_set_int(j, "zone_assumed", (long long)s->zoneless);
		break;
	case RAID_NOTE_WINDOW:
		if (!p->has_window)
			break;
		raid_page_set_time(j, "window_from", s->window_from);
		raid_page_set_time(j, "window_to", s->window_to);
		raid_json_set_int(j, "window_lines",
		    (long long)s->window_lines);
		break;
	case RAID_NOTE_LEVELS:
		v = raid_json_object();
		for (int i = RAID_LEVEL_FATAL; i >= 0; i--)
			raid_json_set_int(v, i == RAID_LEVEL_NONE ? "none" :
			    raid_level_name((enum raid_level)i),
			    (long long)s->levels[i]);
		raid_json_set(j, "levels", v);
		break;
	case RAID_NOTE_ODD:
		raid_json_set_int(j, "timed", (long long)s->timed);
		raid_json_set_int(j, "backwards", (long long)s->backwards);
		break;
	default:
		raid_page_json_both(p, note, j);
		break;
	}
	return j;
}

/* The text of an object, which is freed; cut: without its braces. */
static void
put_json(struct raid_json *j, int cut, struct raid_buf *b)
{
	char *s = raid_json_print(j, 0);
	size_t len = strlen(s);

	raid_buf_add(b, s + cut, len - 2 * (size_t)cut);
	free(s);
	raid_json_free(j);
}

void
raid_page_json_item(const struct raid_page *p,
    const struct raid_section *s, const struct raid_item *it,
    struct raid_buf *b)
{
	switch (it->kind) {
	case RAID_ITEM_NOTE:
		put_json(note_json(p, it->note), 1, b);
		break;
	case RAID_ITEM_BUILD:
		put_json(raid_page_json_build(p), 1, b);
		break;
	case RAID_ITEM_INCIDENT:
		put_json(incident_json(p, it->incident), 0, b);
		break;
	case RAID_ITEM_METRIC:
	case RAID_ITEM_METRIC_PAIR:
		put_json(metric_json(p, it->metric), 0, b);
		break;
	default:
		put_json(entry_json(p, s, it), 0, b);
		break;
	}
}

void
raid_page_json_head(const struct raid_page *p, struct raid_buf *b)
{
	raid_buf_printf(b, "{\"type\":\"%s\",\"v\":1,\"lines\":%"
	    PRIu64 ",\"templates\":%zu", p->old != NULL ? "log_compare" :
	    "log_digest", p->lines, p->templates);
}

void
raid_page_json_end(const struct raid_page *p, size_t templates,
    uint64_t lines, struct raid_buf *b)
{
	raid_buf_printf(b, ",\"shown_lines\":%" PRIu64
	    ",\"left_out_templates\":%zu,\"left_out_lines\":%" PRIu64 "}\n",
	    lines, p->templates - templates, p->lines - lines);
}

void
raid_digest_table(const struct raid_log *l,
    const struct raid_digest_opts *o, struct raid_buf *b)
{
	struct raid_page p = { .o = o, .log = l, .total = raid_log_total(l) };

	for (size_t i = 0; i < raid_log_count(l); i++) {
		const struct raid_template *t = raid_log_template(l, i);
		struct raid_json *j;

		if (!o->json) {
			raid_buf_printf(b, "%s\t%" PRIu64 "\t", t->id,
			    t->count);
			raid_page_bytes(&p, t->text, strlen(t->text),
			    TEXT_MAX, b);
			raid_buf_addc(b, '\n');
			continue;
		}
		j = raid_json_object();
		raid_json_set_str(j, "type", "log_template");
		raid_json_set_int(j, "v", 1);
		raid_json_set(j, "template", template_json(&p, t, TEXT_MAX));
		put_json(j, 0, b);
		raid_buf_addc(b, '\n');
	}
}
