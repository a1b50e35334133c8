/* SPDX-License-Identifier: ISC */
/* Many posts, spread over the members: each is answered by one of them. */
#include "broadcast.h"

#include "journal/call.h"
#include "prog.h"

#define LANES 4		/* posts that a member has at once */

static size_t
load(const struct cast *c, const struct raid_member *m)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i]->n; k++)
			n += c->v[i]->v[k]->m == m &&
			    c->v[i]->v[k]->state != SEAT_DONE;
	return n;
}

const struct raid_member *
stripe_pick(const struct round *r)
{
	const struct raid_member *best = NULL;
	char tag[RAID_TAG_SIZE];
	struct raid_err ignored;
	size_t least = 0;

	for (size_t i = 0; i < r->npool && !r->c->o->again; i++)
		if (raid_call_answered(r->c->s->db, r->post.tag,
		    r->pool[i]->name, tag, &ignored) == 1)
			return r->pool[i];
	for (size_t i = 0; i < r->npool; i++) {
		size_t n = load(r->c, r->pool[i]);

		if (best == NULL || n < least) {
			best = r->pool[i];
			least = n;
		}
	}
	return best;
}

/* The members that could be asked: those of -m, else all. */
static size_t
lanes(const struct cast *c)
{
	size_t n = c->o->members.n;

	return LANES * (n > 0 ? n : c->roster.n > 0 ? c->roster.n : 1);
}

int
stripe_left(const struct cast *c)
{
	return c->next < c->todo.n && raid_proc_signal() == 0 && !c->closed;
}

int
stripe_refill(struct cast *c)
{
	int status = RAID_NO;

	while (stripe_left(c) && c->n < lanes(c)) {
		int r = round_open(c, c->todo.v[c->next++], NULL);

		if (r != RAID_OK)
			status = raid_status_merge(status, r);
	}
	return status;
}
