/* SPDX-License-Identifier: ISC */
#include "logs/digest.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tokens.h"
#include "base/utf8.h"

#define TEXT_MAX 300		/* bytes of a template on the page */

struct ranked {
	const struct raid_template *t;
	double rank;
};

/* Severity first, then rarity; what is frequent and harmless comes last. */
static double
rank_of(const struct raid_template *t, uint64_t lines)
{
	static const double weight[] = { 1, 0.5, 1, 3, 6, 9 };
	double rare = log2((double)lines / (double)t->count + 1);

	return weight[t->level] * (1 + rare);
}

static int
by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return x->t->first < y->t->first ? -1 : x->t->first > y->t->first;
}

static struct ranked *
rank_all(const struct raid_log *m)
{
	size_t n = raid_log_count(m);
	struct ranked *v = raid_calloc(n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++) {
		v[i].t = raid_log_template(m, i);
		v[i].rank = rank_of(v[i].t, raid_log_total(m)->lines);
	}
	qsort(v, n, sizeof(*v), by_rank);
	return v;
}

/* Text on one line, valid UTF-8, cut to max bytes between characters. */
static void
add_text(struct raid_buf *b, const char *s, size_t len, size_t max)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0, n;
	uint32_t c;

	while (i < len) {
		n = raid_utf8_next(p + i, len - i, &c);
		if (i + n > max) {
			raid_buf_puts(b, "...");
			return;
		}
		if (n == 0)
			raid_buf_puts(b, "\xef\xbf\xbd");
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			raid_buf_addc(b, ' ');
		else
			raid_buf_add(b, p + i, n);
		i += n > 0 ? n : 1;
	}
}

static void
add_entry(struct raid_buf *b, const struct raid_template *t)
{
	raid_buf_printf(b, "%s %" PRIu64 " %s ", t->id, t->count,
	    t->level == RAID_LEVEL_NONE ? "-" : raid_level_name(t->level));
	/* What stands but once is shown as it is. */
	if (t->count == 1 && t->example_len > 0)
		add_text(b, t->example, t->example_len, TEXT_MAX);
	else
		add_text(b, t->text, strlen(t->text), TEXT_MAX);
	if (t->count == 1)
		raid_buf_printf(b, " (line %" PRIu64 ")\n", t->first);
	else
		raid_buf_printf(b, " (lines %" PRIu64 "-%" PRIu64 ")\n",
		    t->first, t->last);
}

/* The end of a page on which n templates with so many lines stand. */
static void
add_end(struct raid_buf *b, const struct raid_log *m, size_t n,
    uint64_t shown)
{
	uint64_t lines = raid_log_total(m)->lines;

	raid_buf_printf(b, "```\n\nLeft out: %zu templates, %" PRIu64
	    " lines. Sum: %" PRIu64 " + %" PRIu64 " = %" PRIu64 " lines.\n",
	    raid_log_count(m) - n, lines - shown, shown, lines - shown,
	    lines);
}

/*
 * How many of the ranked templates fit.  head is what stands before them;
 * an entry that is too long for what is left ends the list.
 */
static size_t
fit(const struct raid_log *m, const struct ranked *v, size_t tokens,
    const struct raid_buf *head,
    void (*entry)(struct raid_buf *, const struct raid_template *))
{
	struct raid_buf b;
	size_t used = raid_tokens(head->p, head->len) + 60, n;

	raid_buf_init(&b, 1 << 16);
	for (n = 0; n < raid_log_count(m); n++) {
		raid_buf_reset(&b);
		entry(&b, v[n].t);
		used += raid_tokens(b.p, b.len);
		if (used > tokens)
			break;
	}
	raid_buf_free(&b);
	return n;
}

void
raid_digest_page(const struct raid_log *m, size_t tokens,
    struct raid_buf *b)
{
	struct ranked *v = rank_all(m);
	uint64_t shown;
	size_t n, start = b->len;

	raid_buf_printf(b, "# Log: %" PRIu64 " lines, %zu templates\n\n"
	    "Bad and rare first: id, lines, level, template.\n\n```\n",
	    raid_log_total(m)->lines, raid_log_count(m));
	n = fit(m, v, tokens, b, add_entry);
	/* Pieces may have fewer tokens than the whole. */
	for (size_t head = b->len;; n--) {
		b->len = head;
		shown = 0;
		for (size_t i = 0; i < n; i++) {
			add_entry(b, v[i].t);
			shown += v[i].t->lines;
		}
		add_end(b, m, n, shown);
		if (n == 0 || raid_tokens(b->p + start, b->len - start) <=
		    tokens)
			break;
	}
	free(v);
}

static struct raid_json *
template_json(const struct raid_template *t)
{
	struct raid_json *j = raid_json_object();
	struct raid_buf b;

	raid_buf_init(&b, 1 << 17);
	raid_json_set_str(j, "id", t->id);
	raid_json_set_int(j, "count", (long long)t->count);
	raid_json_set_str(j, "level", raid_level_name(t->level));
	raid_json_set_int(j, "first", (long long)t->first);
	raid_json_set_int(j, "last", (long long)t->last);
	add_text(&b, t->text, strlen(t->text), 1 << 16);
	raid_json_set_str(j, "template", raid_buf_str(&b));
	raid_buf_free(&b);
	return j;
}

static void
add_json_entry(struct raid_buf *b, const struct raid_template *t)
{
	struct raid_json *j = template_json(t);
	char *s = raid_json_print(j, 0);

	raid_buf_puts(b, s);
	raid_buf_addc(b, ',');
	free(s);
	raid_json_free(j);
}

static char *
json_page(const struct raid_log *m, const struct ranked *v, size_t n)
{
	struct raid_json *j = raid_json_object(), *list = raid_json_array();
	uint64_t shown = 0;
	char *s;

	raid_json_set_str(j, "type", "log_digest");
	raid_json_set_int(j, "v", 1);
	raid_json_set_int(j, "lines", (long long)raid_log_total(m)->lines);
	raid_json_set_int(j, "templates", (long long)raid_log_count(m));
	for (size_t i = 0; i < n; i++) {
		raid_json_add(list, template_json(v[i].t));
		shown += v[i].t->lines;
	}
	raid_json_set(j, "shown", list);
	raid_json_set_int(j, "shown_lines", (long long)shown);
	raid_json_set_int(j, "left_out_templates",
	    (long long)(raid_log_count(m) - n));
	raid_json_set_int(j, "left_out_lines",
	    (long long)(raid_log_total(m)->lines - shown));
	s = raid_json_print(j, 0);
	raid_json_free(j);
	return s;
}

void
raid_digest_json(const struct raid_log *m, size_t tokens,
    struct raid_buf *b)
{
	struct ranked *v = rank_all(m);
	char *s = json_page(m, v, 0);
	struct raid_buf head;
	size_t n;

	raid_buf_init(&head, 1 << 16);
	raid_buf_puts(&head, s);
	n = fit(m, v, tokens, &head, add_json_entry);
	raid_buf_free(&head);
	for (;; n--) {
		free(s);
		s = json_page(m, v, n);
		if (n == 0 || raid_tokens(s, strlen(s)) <= tokens)
			break;
	}
	raid_buf_puts(b, s);
	raid_buf_addc(b, '\n');
	free(s);
	free(v);
}

void
raid_digest_table(const struct raid_log *m, int json, struct raid_buf *b)
{
	for (size_t i = 0; i < raid_log_count(m); i++) {
		const struct raid_template *t = raid_log_template(m, i);
		struct raid_json *j;
		char *s;

		if (!json) {
			raid_buf_printf(b, "%s\t%" PRIu64 "\t", t->id,
			    t->count);
			add_text(b, t->text, strlen(t->text), 1 << 16);
			raid_buf_addc(b, '\n');
			continue;
		}
		j = raid_json_object();
		raid_json_set_str(j, "type", "log_template");
		raid_json_set_int(j, "v", 1);
		raid_json_set(j, "template", template_json(t));
		s = raid_json_print(j, 0);
		raid_buf_puts(b, s);
		raid_buf_addc(b, '\n');
		free(s);
		raid_json_free(j);
	}
}
