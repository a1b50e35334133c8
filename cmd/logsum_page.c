/* SPDX-License-Identifier: ISC */
/* What is told of a finished log, and whether it is bad enough to fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/utf8.h"
#include "logs/digest.h"
#include "logsum.h"
#include "prog.h"

static const struct {
	const char *name;
	unsigned bit;
} conditions[] = {
	{ "warn", LOGSUM_FAIL_WARN },
	{ "error", LOGSUM_FAIL_ERROR },
	{ "fatal", LOGSUM_FAIL_FATAL },
	{ "trace", LOGSUM_FAIL_TRACE },
	{ "failed-test", LOGSUM_FAIL_TEST },
	{ "new", LOGSUM_FAIL_NEW }
};

#define CONDITIONS (sizeof(conditions) / sizeof(conditions[0]))

void
logsum_page(struct logsum *g, struct raid_buf *b)
{
	struct raid_digest_opts d = { .tokens = (size_t)g->o.tokens,
		.json = g->o.json, .zone = g->zone, .mask = logsum_mask_add,
		.arg = &g->mask };

	if (g->o.templates)
		raid_digest_table(g->log, &d, b);
	else if (g->old != NULL)
		raid_digest_compare(g->old, g->log, &d, b);
	else
		raid_digest_page(g->log, &d, b);
}

void
logsum_put_json(struct raid_json *j, const struct raid_buf *text)
{
	const unsigned char *p = text->p;
	size_t len = text->len, n;
	struct raid_buf b;
	uint32_t c;
	char *line;

	raid_buf_init(&b, 3 * len);
	for (; len > 0; p += n, len -= n) {
		n = raid_utf8_next(p, len, &c);
		if (n == 0 || c == 0)
			raid_buf_puts(&b, "\xef\xbf\xbd");
		else
			raid_buf_add(&b, p, n);
		n += n == 0;
	}
	raid_json_set_str(j, "text", raid_buf_str(&b));
	line = raid_json_print(j, 0);
	puts(line);
	free(line);
	raid_json_free(j);
	raid_buf_free(&b);
}

unsigned
logsum_fail_parse(const char *list)
{
	struct raid_list words = { 0 };
	unsigned all = 0;
	size_t k;

	raid_list_split(&words, list, ',');
	for (size_t i = 0; i < words.n; i++) {
		for (k = 0; k < CONDITIONS; k++)
			if (strcmp(words.v[i], conditions[k].name) == 0)
				break;
		if (k == CONDITIONS)
			prog_usage("--fail-on: '%.40s' is none of warn, error, "
			    "fatal, trace, failed-test, new", words.v[i]);
		all |= conditions[k].bit;
	}
	raid_list_free(&words);
	if (all == 0)
		prog_usage("--fail-on: names no condition");
	return all;
}

static unsigned
level_conditions(const struct raid_log *l)
{
	const uint64_t *n = raid_log_total(l)->levels;

	if (n[RAID_LEVEL_FATAL] > 0)
		return LOGSUM_FAIL_WARN | LOGSUM_FAIL_ERROR |
		    LOGSUM_FAIL_FATAL;
	if (n[RAID_LEVEL_ERROR] > 0)
		return LOGSUM_FAIL_WARN | LOGSUM_FAIL_ERROR;
	return n[RAID_LEVEL_WARN] > 0 ? LOGSUM_FAIL_WARN : 0;
}

/* A test failed, or what it tests could not be built. */
static int
has_failed_test(const struct raid_build *b)
{
	for (size_t i = 0; i < raid_build_counts(b); i++) {
		const struct raid_build_count *n = raid_build_count(b, i);

		if (n->failed + n->errors > 0)
			return 1;
	}
	return 0;
}

unsigned
logsum_failed(const struct logsum *g, int finished)
{
	unsigned f = level_conditions(g->log);

	if (finished && has_failed_test(raid_log_build(g->log)))
		f |= LOGSUM_FAIL_TEST;
	if (finished && (g->o.fail_on & LOGSUM_FAIL_TRACE) != 0)
		for (size_t i = 0; i < raid_log_count(g->log); i++)
			if (raid_log_template(g->log, i)->trace)
				f |= LOGSUM_FAIL_TRACE;
	if (finished && g->old != NULL && raid_digest_is_new(g->old, g->log))
		f |= LOGSUM_FAIL_NEW;
	return f & g->o.fail_on;
}

void
logsum_fail_say(unsigned failed)
{
	struct raid_buf b;

	if (failed == 0)
		return;
	raid_buf_init(&b, 200);
	for (size_t i = 0; i < CONDITIONS; i++)
		if ((failed & conditions[i].bit) != 0)
			raid_buf_printf(&b, "%s%s", b.len > 0 ? ", " : "",
			    conditions[i].name);
	prog_warn("--fail-on: %s", raid_buf_str(&b));
	raid_buf_free(&b);
}
