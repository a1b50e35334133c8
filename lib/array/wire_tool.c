/* SPDX-License-Identifier: ISC */
/* The tools that a model asks for.  None is offered: such an answer is none,
 * and this is what the reason and the journal can say of it. */
#include <stdlib.h>
#include <string.h>

#include "array/wire_priv.h"
#include "base/mem.h"

#define TOOLS_MAX 256

static struct raid_wire_tool *
find(struct raid_wire *w, long long index)
{
	if (w->ntools > 0 && index < 0)
		return &w->tools[w->ntools - 1];
	/* From behind: of those that share an index the last one is open. */
	for (size_t i = w->ntools; i > 0; i--)
		if (w->tools[i - 1].index == index)
			return &w->tools[i - 1];
	return NULL;
}

static void
replace(char **to, const char *s)
{
	free(*to);
	*to = raid_strdup(s);
}

struct raid_wire_tool *
raid_wire_tool(struct raid_wire *w, long long index, const char *id,
    const char *name)
{
	struct raid_wire_tool *t = find(w, index);

	if (t != NULL && *id != '\0' && *t->id != '\0' &&
	    strcmp(t->id, id) != 0)
		t = NULL;
	if (t == NULL) {
		if (w->ntools == TOOLS_MAX) {
			w->flood = 1;
			raid_wire_stop(w);
			return NULL;
		}
		w->tools = raid_grow(w->tools, &w->tools_cap, w->ntools + 1,
		    sizeof(*w->tools));
		t = &w->tools[w->ntools++];
		*t = (struct raid_wire_tool){ .index = index,
			.id = raid_strdup(""), .name = raid_strdup("") };
		raid_buf_init(&t->input, w->max);
	}
	if (*id != '\0')
		replace(&t->id, id);
	if (*name != '\0')
		replace(&t->name, name);
	return t;
}

void
raid_wire_tool_piece(struct raid_wire *w, struct raid_wire_tool *t,
    const char *s)
{
	if (t == NULL)
		return;
	raid_buf_puts(&t->input, s);
	if (t->input.overflow) {
		w->flood = 1;
		raid_wire_stop(w);
	}
}

void
raid_wire_tool_value(struct raid_wire *w, struct raid_wire_tool *t,
    const struct raid_json *v)
{
	char *s;

	if (v == NULL || raid_json_is_null(v))
		return;
	if (raid_json_is_string(v)) {
		raid_wire_tool_piece(w, t, raid_json_text(v));
		return;
	}
	s = raid_json_print(v, 0);
	raid_wire_tool_piece(w, t, s);
	free(s);
}

void
raid_wire_tools_end(struct raid_wire *w)
{
	for (size_t i = 0; i < w->ntools; i++) {
		const struct raid_wire_tool *t = &w->tools[i];
		struct raid_json *j = raid_json_object();
		char *s;

		raid_json_set_str(j, "id", t->id);
		raid_json_set_str(j, "name", t->name);
		raid_json_set_str(j, "arguments", t->input.len > 0 ?
		    raid_buf_str(&t->input) : "{}");
		s = raid_json_print(j, 0);
		raid_buf_puts(&w->r.tools, s);
		raid_buf_addc(&w->r.tools, '\n');
		free(s);
		raid_json_free(j);
	}
}

void
raid_wire_tools_free(struct raid_wire *w)
{
	for (size_t i = 0; i < w->ntools; i++) {
		free(w->tools[i].id);
		free(w->tools[i].name);
		raid_buf_free(&w->tools[i].input);
	}
	free(w->tools);
}
