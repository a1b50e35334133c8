/* SPDX-License-Identifier: ISC */
#include "table.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/utf8.h"

const char *
table_name(const struct table *t, size_t column)
{
	return column == 0 && t->first != NULL ? t->first :
	    t->columns[column].name;
}

/* A cell as people see it: on one line, without what steers a terminal. */
static char *
harmless(const char *cell)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		return raid_strdup("");
	raid_out_line(f, *cell != '\0' ? cell : "-");
	fclose(f);
	return text;
}

/* Columns that a string takes, and how many bytes of it fit into max. */
static size_t
width_of(const char *s, size_t max, size_t *fits)
{
	size_t used = 0, len = strlen(s), at = 0, n;
	uint32_t c;

	for (; at < len; at += n) {
		n = raid_utf8_next((const unsigned char *)s + at, len - at,
		    &c);
		if (n == 0)
			break;
		if (raid_utf8_width(c) > 0) {
			if (used + (size_t)raid_utf8_width(c) > max)
				break;
			used += (size_t)raid_utf8_width(c);
		}
	}
	*fits = at;
	return used;
}

static void
print_row(const struct table *t, size_t width, char *const *cells,
    const size_t *widths)
{
	size_t at = 0, last = t->ncolumns, fits, w, max;

	while (!(t->columns[last - 1].what & TABLE_PEOPLE))
		last--;
	for (size_t i = 0; i < last; i++) {
		if (!(t->columns[i].what & TABLE_PEOPLE))
			continue;
		max = i + 1 < last || width == 0 ? SIZE_MAX :
		    width > at ? width - at : 1;
		w = width_of(cells[i], max, &fits);
		if (t->columns[i].what & TABLE_NUMBER)
			printf("%*s", (int)(widths[i] - w), "");
		printf("%.*s", (int)fits, cells[i]);
		if (i + 1 == last)
			break;
		if (!(t->columns[i].what & TABLE_NUMBER))
			printf("%*s", (int)(widths[i] - w), "");
		printf("  ");
		at += widths[i] + 2;
	}
	putchar('\n');
}

void
table_text(const struct table *t, size_t width)
{
	size_t n = t->cells.n, *widths, fits, w;
	char **shown = raid_calloc(n + t->ncolumns, sizeof(*shown));

	widths = raid_calloc(t->ncolumns, sizeof(*widths));
	for (size_t i = 0; i < n + t->ncolumns; i++) {
		shown[i] = harmless(i < t->ncolumns ? table_name(t, i) :
		    t->cells.v[i - t->ncolumns]);
		w = width_of(shown[i], SIZE_MAX, &fits);
		if (w > widths[i % t->ncolumns])
			widths[i % t->ncolumns] = w;
	}
	for (size_t i = 0; i < n + t->ncolumns; i += t->ncolumns)
		print_row(t, width, shown + i, widths);
	for (size_t i = 0; i < n + t->ncolumns; i++)
		free(shown[i]);
	free(shown);
	free(widths);
}

void
table_note(const char *name, const char *text, size_t width)
{
	char *line = raid_strf("%s: %s", name, text), *shown = harmless(line);
	size_t at = 0, n, w, fits;

	for (char *word = shown; *word != '\0'; word += n) {
		word += strspn(word, " ");
		n = strcspn(word, " ");
		w = width_of(word, SIZE_MAX, &fits);
		/* width_of goes to the end: of this word alone. */
		w -= width_of(word + n, SIZE_MAX, &fits);
		if (at > 0 && at + 1 + w > width) {
			printf("\n   ");
			at = 3;
		}
		printf("%s%.*s", at > 0 ? " " : "", (int)n, word);
		at += (at > 0) + w;
	}
	putchar('\n');
	free(shown);
	free(line);
}

static void
set_cell(struct raid_json *j, const char *name, int what, const char *cell)
{
	if (!(what & TABLE_DATA))
		return;
	if (what & TABLE_FLAG)
		raid_json_set_bool(j, name, *cell == '1');
	else if (*cell == '\0' && what & (TABLE_NUMBER | TABLE_NULLABLE))
		raid_json_set_null(j, name);
	else if (!(what & TABLE_NUMBER))
		raid_json_set_str(j, name, cell);
	else if (strchr(cell, '.') != NULL)
		raid_json_set_num(j, name, strtod(cell, NULL));
	else
		raid_json_set_int(j, name, strtoll(cell, NULL, 10));
}

void
table_json(const struct table *t, int safe)
{
	struct raid_json *j;
	char *line;

	for (size_t row = 0; row < t->cells.n; row += t->ncolumns) {
		j = raid_json_object();
		raid_json_set_str(j, "type", t->type);
		raid_json_set_int(j, "v", 1);
		for (size_t i = 0; i < t->ncolumns; i++)
			set_cell(j, table_name(t, i), t->columns[i].what,
			    t->cells.v[row + i]);
		line = raid_json_print(j, 0);
		raid_out_text(stdout, line, strlen(line), safe);
		putchar('\n');
		free(line);
		raid_json_free(j);
	}
}
