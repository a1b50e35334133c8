/* SPDX-License-Identifier: ISC */
/* Posts in the order of their thread, each below what it answers. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/out.h"
#include "show.h"

#define NONE ((size_t)-1)

struct entry {
	struct raid_tag t;
	size_t at;
};

static int
by_tag(const void *a, const void *b)
{
	return raid_tag_compare(((const struct entry *)a)->t,
	    ((const struct entry *)b)->t);
}

size_t *
show_index(const struct raid_posts *p)
{
	struct entry *e = raid_calloc(p->n + 1, sizeof(*e));
	size_t *index = raid_calloc(p->n + 1, sizeof(*index));

	for (size_t i = 0; i < p->n; i++)
		e[i] = (struct entry){ p->v[i].t, i };
	qsort(e, p->n, sizeof(*e), by_tag);
	for (size_t i = 0; i < p->n; i++)
		index[i] = e[i].at;
	free(e);
	return index;
}

size_t
show_find(const struct raid_posts *p, const size_t *index, const char *tag)
{
	size_t from = 0, to = p->n, mid;
	struct raid_tag t;
	int c;

	if (raid_tag_parse(tag, strlen(tag), &t) == -1)
		return NONE;
	while (from < to) {
		mid = from + (to - from) / 2;
		c = raid_tag_compare(t, p->v[index[mid]].t);
		if (c == 0)
			return index[mid];
		if (c < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NONE;
}

/* First child and next sibling of each post; the roots hang below n. */
struct links {
	size_t *child, *next, *parent;
};

static void
make_links(const struct raid_posts *p, struct links *l)
{
	size_t *index = show_index(p), up;

	l->child = raid_calloc(p->n + 1, sizeof(size_t));
	l->next = raid_calloc(p->n + 1, sizeof(size_t));
	l->parent = raid_calloc(p->n + 1, sizeof(size_t));
	for (size_t i = 0; i <= p->n; i++)
		l->child[i] = l->next[i] = NONE;
	/* From the last one on, so that siblings come out oldest first. */
	for (size_t k = p->n; k > 0; k--) {
		size_t i = index[k - 1];

		up = show_find(p, index, p->v[i].reply_to);
		/* Only what answers something earlier: no circle can be. */
		if (up == NONE ||
		    raid_tag_compare(p->v[up].t, p->v[i].t) >= 0)
			up = p->n;
		l->parent[i] = up;
		l->next[i] = l->child[up];
		l->child[up] = i;
	}
	free(index);
}

void
show_order(const struct raid_posts *p, size_t **order, int **depth)
{
	struct links l;
	size_t n = 0, i;
	int d = 0;

	make_links(p, &l);
	*order = raid_calloc(p->n + 1, sizeof(**order));
	*depth = raid_calloc(p->n + 1, sizeof(**depth));
	for (i = l.child[p->n]; i != NONE && n < p->n;) {
		(*order)[n] = i;
		(*depth)[n++] = d;
		if (l.child[i] != NONE) {
			i = l.child[i];
			d++;
			continue;
		}
		while (i != p->n && l.next[i] == NONE) {
			i = l.parent[i];
			d--;
		}
		i = i == p->n ? NONE : l.next[i];
	}
	free(l.child);
	free(l.next);
	free(l.parent);
}

/* What a tree shows of a post that is referred to. */
static int
ref_post(struct show *s, const struct raid_post *p, int depth,
    struct raid_err *err)
{
	size_t indent = (size_t)depth * 2 < s->width / 3 ? (size_t)depth * 2 :
	    s->width / 3;
	struct raid_json *j;
	char *line, when[32];

	(void)err;
	if (s->format == SHOW_JSONL) {
		j = raid_post_json(p);
		raid_json_set_int(j, "depth", depth);
		raid_json_set_bool(j, "ref", 1);
		line = raid_json_print(j, 0);
		raid_out_text(stdout, line, strlen(line), s->safe);
		putchar('\n');
		free(line);
		raid_json_free(j);
		return 0;
	}
	raid_clock_format(p->t.ts, when, sizeof(when));
	printf("%*sref #%s  ", (int)indent, "", p->tag);
	raid_out_line(stdout, p->author);
	printf("  %s  ", when);
	show_excerpt(stdout, p, s->width > indent + 70 ?
	    s->width - indent - 50 : 20);
	putchar('\n');
	return 0;
}

static int
show_ref(struct show *s, struct raid_db *db, const char *tag, int depth,
    struct raid_err *err)
{
	struct raid_posts one = { 0 };
	struct raid_tag t;
	int r = 0;

	if (raid_tag_parse(tag, strlen(tag), &t) == -1)
		return 0;
	r = raid_query_run(db, &(struct raid_query){ .tag = &t }, &one, err);
	if (r == 0 && one.n == 1)
		r = ref_post(s, &one.v[0], depth, err);
	else if (r == 0 && s->format == SHOW_TEXT)
		printf("%*sref #%s  not here\n", (int)(depth * 2 <
		    (int)s->width / 3 ? depth * 2 : (int)s->width / 3), "",
		    tag);
	raid_posts_free(&one);
	return r;
}

/*
 * The refs of a post are leaves below it.  As text each time; as a JSON line
 * only what does not stand in the tree, and once.
 */
static int
show_refs(struct show *s, struct raid_db *db, const struct raid_post *p,
    int depth, struct raid_list *seen, struct raid_err *err)
{
	int r = 0;

	if (s->format != SHOW_TEXT && s->format != SHOW_JSONL)
		return 0;
	for (size_t i = 0; r == 0 && i < p->refs.n; i++)
		if (s->format == SHOW_TEXT ||
		    raid_list_addnew(seen, p->refs.v[i]))
			r = show_ref(s, db, p->refs.v[i], depth + 1, err);
	return r;
}

int
show_tree(struct show *s, struct store *st, struct raid_err *err)
{
	struct raid_list seen = { 0 };
	size_t *order;
	int *depth, r = 0;

	show_order(&s->all, &order, &depth);
	if (s->format == SHOW_JSONL)
		for (size_t i = 0; i < s->all.n; i++)
			raid_list_add(&seen, s->all.v[i].tag);
	for (size_t i = 0; r == 0 && i < s->all.n; i++) {
		const struct raid_post *p = &s->all.v[order[i]];

		r = show_print(s, p, depth[i], err);
		if (r == 0)
			r = show_refs(s, st->db, p, depth[i], &seen, err);
	}
	raid_list_free(&seen);
	free(order);
	free(depth);
	return r;
}
