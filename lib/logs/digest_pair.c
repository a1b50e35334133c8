/* SPDX-License-Identifier: ISC */
/* What is printed of two logs. */
#include <inttypes.h>
#include <string.h>

#include "logs/digest_priv.h"

static void
put_span(const struct raid_page *p, const char *name,
    const struct raid_log *l, struct raid_buf *b)
{
	const struct raid_log_total *s = raid_log_total(l);

	raid_buf_printf(b, "%s: %" PRIu64 " lines, %zu templates", name,
	    s->lines, raid_log_count(l));
	if (s->first_time != RAID_NO_TIME) {
		raid_buf_puts(b, ", ");
		raid_page_time(p, s->first_time, 1, b);
		raid_buf_puts(b, " to ");
		raid_page_time(p, s->last_time, 1, b);
		raid_buf_printf(b, " %s", raid_zone_name(p->o->zone));
	}
	raid_buf_puts(b, ".\n");
}

void
raid_page_text_both(const struct raid_page *p, int note, struct raid_buf *b)
{
	if (note == RAID_NOTE_BOTH) {
		raid_buf_addc(b, '\n');
		put_span(p, "Old", p->old, b);
		put_span(p, "New", p->log, b);
		return;
	}
	raid_buf_puts(b, "What both have is there x");
	raid_page_number(p->scale, b);
	raid_buf_puts(b, " as often in the new one; that is expected of "
	    "all.\n");
}

static void
put_two(double was, double is, struct raid_buf *b)
{
	raid_page_number(was, b);
	raid_buf_puts(b, " -> ");
	raid_page_number(is, b);
}

static void
put_metric(const struct raid_page *p, const struct raid_metric *m,
    const struct raid_metric *was, struct raid_buf *b)
{
	static const struct {
		const char *name;
		double q;
	} v[] = { { "p50", 0.5 }, { "p95", 0.95 }, { "p99", 0.99 } };

	raid_page_bytes(p, m->name, strlen(m->name), RAID_METRIC_NAME, b);
	raid_buf_printf(b, " %s n %" PRIu64 " -> %" PRIu64,
	    raid_unit_name(m->unit), was->all.n, m->all.n);
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		raid_buf_printf(b, " %s ", v[i].name);
		put_two(raid_sketch_quantile(&was->all, v[i].q),
		    raid_sketch_quantile(&m->all, v[i].q), b);
	}
	raid_buf_puts(b, " max ");
	put_two(was->all.max, m->all.max, b);
	raid_buf_addc(b, '\n');
}

void
raid_page_text_pair(const struct raid_page *p, const struct raid_item *it,
    struct raid_buf *b)
{
	const struct raid_template *t;

	if (it->kind == RAID_ITEM_METRIC_PAIR) {
		put_metric(p, it->metric->m, it->metric->old, b);
		return;
	}
	t = it->rank->t;
	raid_buf_printf(b, "x%" PRIu64 " was %" PRIu64 " %s %s\n    ",
	    t->count, it->was->count, t->level == RAID_LEVEL_NONE ? "-" :
	    raid_level_name(t->level), t->id);
	raid_page_bytes(p, t->text, strlen(t->text), RAID_PAGE_TEXT, b);
	raid_buf_addc(b, '\n');
}

void
raid_page_json_pair(const struct raid_page *p, struct raid_json *j,
    const struct raid_item *it)
{
	(void)p;
	raid_json_set_str(j, "was_id", it->was->id);
	raid_json_set_int(j, "was", (long long)it->was->count);
	raid_page_set_number(j, "expected", it->expected);
}

static struct raid_json *
log_json(const struct raid_log *l)
{
	const struct raid_log_total *s = raid_log_total(l);
	struct raid_json *j = raid_json_object();

	raid_json_set_int(j, "lines", (long long)s->lines);
	raid_json_set_int(j, "templates", (long long)raid_log_count(l));
	raid_page_set_time(j, "first_time", s->first_time);
	raid_page_set_time(j, "last_time", s->last_time);
	return j;
}

void
raid_page_json_both(const struct raid_page *p, int note, struct raid_json *j)
{
	if (note == RAID_NOTE_BOTH) {
		raid_json_set(j, "old", log_json(p->old));
		raid_json_set(j, "new", log_json(p->log));
	} else if (note == RAID_NOTE_SCALE) {
		raid_page_set_number(j, "scale", p->scale);
	}
}
