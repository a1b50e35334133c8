/* SPDX-License-Identifier: ISC */
/* What compilers and test runners said, on the page of their log. */
#include <string.h>

#include "logs/build.h"
#include "logs/digest_priv.h"

#define SHARE 0.4		/* of the budget */
#define HEADING 20		/* tokens of it */
#define FINDING 60		/* tokens of one in JSON */

static size_t
tokens_of(const struct raid_page *p)
{
	return (size_t)((double)p->o->tokens * SHARE) - HEADING;
}

void
raid_page_find_build(struct raid_page *p)
{
	const struct raid_build *build = raid_log_build(p->log);
	struct raid_section *s;

	if (build == NULL || !raid_build_any(build))
		return;
	s = raid_page_section(p, "build", SHARE);
	raid_page_title(s, "Build and tests");
	raid_page_item(s, RAID_ITEM_BUILD);
}

/* Each of its lines through the mask, none of which ends the fence. */
void
raid_page_text_build(const struct raid_page *p, struct raid_buf *b)
{
	struct raid_buf text;
	const char *s, *nl;
	size_t len;

	raid_buf_init(&text, 1 << 20);
	raid_build_digest(raid_log_build(p->log), tokens_of(p),
	    RAID_BUILD_LINES, &text);
	for (s = raid_buf_str(&text); *s != '\0'; s += len + (nl != NULL)) {
		nl = strchr(s, '\n');
		len = nl != NULL ? (size_t)(nl - s) : strlen(s);
		if (s[strspn(s, " ")] == '`')
			raid_buf_puts(b, "    ");
		raid_page_bytes(p, s, len, len, b);
		raid_buf_addc(b, '\n');
	}
	raid_buf_free(&text);
}

static void
masked_text(const struct raid_page *p, struct raid_json *o,
    const struct raid_json *j)
{
	const char *s = raid_json_text(j);
	struct raid_buf b;

	raid_buf_init(&b, 1 << 20);
	raid_page_bytes(p, s, strlen(s), strlen(s), &b);
	if (raid_json_key(j) != NULL)
		raid_json_set_str(o, raid_json_key(j), raid_buf_str(&b));
	else
		raid_json_add_str(o, raid_buf_str(&b));
	raid_buf_free(&b);
}

/* A copy whose texts have gone through the mask. */
static struct raid_json *
masked(const struct raid_page *p, const struct raid_json *j)
{
	struct raid_json *o, *v;

	if (!raid_json_is_object(j) && !raid_json_is_array(j))
		return raid_json_copy(j);
	o = raid_json_is_object(j) ? raid_json_object() : raid_json_array();
	for (j = raid_json_first(j); j != NULL; j = raid_json_next(j)) {
		if (raid_json_is_string(j)) {
			masked_text(p, o, j);
			continue;
		}
		v = masked(p, j);
		if (raid_json_is_object(o))
			raid_json_set(o, raid_json_key(j), v);
		else
			raid_json_add(o, v);
	}
	return o;
}

struct raid_json *
raid_page_json_build(const struct raid_page *p)
{
	struct raid_json *j = raid_build_json(raid_log_build(p->log),
	    tokens_of(p) / FINDING), *o = raid_json_object();

	raid_json_set(o, "build", masked(p, j));
	raid_json_free(j);
	return o;
}
