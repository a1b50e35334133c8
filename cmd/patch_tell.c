/* SPDX-License-Identifier: ISC */
#include "patch_tell.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fence.h"
#include "base/msg.h"
#include "base/utf8.h"

static void
print_mended(unsigned mended)
{
	const char *before = "; mended: ";

	for (unsigned i = 0; i < RAID_PLACE_MENDS; i++)
		if ((mended & 1u << i) != 0) {
			fprintf(stderr, "%s%s", before,
			    raid_place_mend_name(i));
			before = ", ";
		}
}

static void
print_hunk(const struct raid_place_hunk *h)
{
	fprintf(stderr, "%s: ", h->path);
	if (h->no != 0)
		fprintf(stderr, "hunk %zu, ", h->no);
	fprintf(stderr, "%s at line %zu of the answer: %s",
	    raid_place_form_name(h->form), h->reply,
	    raid_place_verdict_name(h->verdict));
	if (h->line != 0) {
		fprintf(stderr, " at line %zu", h->line);
		if (h->hint != 0 && h->hint != h->line)
			fprintf(stderr, " (%+lld)", (long long)h->line -
			    (long long)h->hint);
		fprintf(stderr, ", %s", raid_place_level_name(h->level));
		print_mended(h->mended);
		if (h->runner_up != 0)
			fprintf(stderr, "; line %zu would fit as well",
			    h->runner_up);
	}
	fputc('\n', stderr);
}

void
patch_tell_hunks(const struct raid_place *pl)
{
	for (size_t i = 0; i < pl->n_hunks; i++)
		print_hunk(&pl->hunks[i]);
}

void
patch_tell_time(const struct raid_place *pl, double seconds)
{
	fprintf(stderr, "%zu hunk%s in %zu changed file%s, placed in %.3f "
	    "ms\n", pl->n_hunks, pl->n_hunks == 1 ? "" : "s", pl->n,
	    pl->n == 1 ? "" : "s", seconds * 1000);
}

struct raid_json *
patch_tell_json(const struct raid_place *pl)
{
	struct raid_json *all = raid_json_array(), *j, *m;

	for (size_t i = 0; i < pl->n_hunks; i++) {
		const struct raid_place_hunk *h = &pl->hunks[i];

		j = raid_json_object();
		raid_json_set_str(j, "path", h->path);
		raid_json_set_int(j, "hunk", (long long)h->no);
		raid_json_set_str(j, "form", raid_place_form_name(h->form));
		raid_json_set_int(j, "reply_line", (long long)h->reply);
		raid_json_set_str(j, "verdict",
		    raid_place_verdict_name(h->verdict));
		raid_json_set_str(j, "level", h->line != 0 ?
		    raid_place_level_name(h->level) : NULL);
		raid_json_set_int(j, "line", (long long)h->line);
		raid_json_set_int(j, "offset", h->line != 0 && h->hint != 0 ?
		    (long long)h->line - (long long)h->hint : 0);
		m = raid_json_array();
		for (unsigned k = 0; k < RAID_PLACE_MENDS; k++)
			if ((h->mended & 1u << k) != 0)
				raid_json_add_str(m, raid_place_mend_name(k));
		raid_json_set(j, "mended", m);
		raid_json_set_int(j, "runner_up", (long long)h->runner_up);
		raid_json_add(all, j);
	}
	return all;
}

/* The excerpt, if it is text. */
static const char *
excerpt(const struct raid_place *pl)
{
	if (pl->excerpt_path == NULL || pl->excerpt.len == 0 ||
	    memchr(pl->excerpt.p, '\0', pl->excerpt.len) != NULL ||
	    raid_utf8_check(pl->excerpt.p, pl->excerpt.len) !=
	    pl->excerpt.len)
		return NULL;
	return raid_buf_str(&pl->excerpt);
}

void
patch_tell_refusal(const struct raid_place *pl, const char *tag,
    const struct raid_err *why)
{
	struct raid_json *j = raid_json_object();
	char *line;

	raid_json_set_str(j, "type", "refusal");
	raid_json_set_int(j, "v", 1);
	if (tag != NULL)
		raid_json_set_str(j, "tag", tag);
	raid_json_set_int(j, "status", why->code);
	raid_json_set_str(j, "reason", why->msg);
	raid_json_set(j, "hunks", patch_tell_json(pl));
	if (excerpt(pl) != NULL) {
		raid_json_set_str(j, "path", pl->excerpt_path);
		raid_json_set_int(j, "line", (long long)pl->excerpt_line);
		raid_json_set_str(j, "excerpt", excerpt(pl));
	}
	line = raid_json_print(j, 0);
	puts(line);
	free(line);
	raid_json_free(j);
}

/* In a fence nothing is a mention, a ref or a command. */
static void
add_fenced(struct raid_buf *b, const char *text)
{
	size_t ticks = raid_fence_ticks((const unsigned char *)text,
	    strlen(text));

	for (size_t i = 0; i < ticks; i++)
		raid_buf_addc(b, '`');
	raid_buf_printf(b, "text\n%s%s", text,
	    text[strlen(text) - 1] == '\n' ? "" : "\n");
	for (size_t i = 0; i < ticks; i++)
		raid_buf_addc(b, '`');
	raid_buf_puts(b, "\n");
}

char *
patch_tell_reject(const char *language, const char *member,
    const struct raid_place *pl, const struct raid_err *why)
{
	const char *around = excerpt(pl);
	struct raid_buf b;
	char *text;

	raid_buf_init(&b, SIZE_MAX / 4);
	if (member != NULL)
		raid_buf_printf(&b, "@%s ", member);
	raid_buf_printf(&b, "%s\n\n", raid_msg(language, RAID_MSG_REJECTED));
	add_fenced(&b, why->msg);
	if (around != NULL) {
		raid_buf_printf(&b, "\n%s %zu:\n\n",
		    raid_msg(language, RAID_MSG_LINES_FROM),
		    pl->excerpt_line);
		add_fenced(&b, around);
	}
	raid_buf_printf(&b, "\n%s\n", raid_msg(language, RAID_MSG_AGAIN));
	text = raid_buf_take(&b);
	raid_buf_free(&b);
	return text;
}
