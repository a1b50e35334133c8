/* SPDX-License-Identifier: ISC */
/* A ring of numbers: what comes last is kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ring.h"

struct ring {
	double *v;
	size_t n;	/* in use */
	size_t cap;
	size_t at;	/* the oldest */
	size_t lost;	/* pushed out */
};

static size_t
ring_index(const struct ring *r, size_t i)
{
	return (r->at + i) % r->cap;
}

struct ring *
ring_new(size_t cap)
{
	struct ring *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->v = calloc(cap, sizeof(*r->v));
	if (r->v == NULL) {
		free(r);
		return NULL;
	}
	r->cap = cap;
	return r;
}

void
ring_push(struct ring *r, double x)
{
	if (r->n < r->cap) {
		r->v[ring_index(r, r->n++)] = x;
		return;
	}
	r->lost++;
	r->v[r->at] = x;
	r->at = ring_index(r, 1);
}

double
ring_mean(const struct ring *r)
{
	double sum = 0;

	for (size_t i = 0; i < r->n; i++)
		sum += r->v[ring_index(r, i)];
	return sum / r->n;
}

void
ring_print(const struct ring *r, FILE *to)
{
	fprintf(to, "\"%zu of %zu\" -- mean <%g>\n", r->n, r->cap,
	    ring_mean(r));
	for (size_t i = 0; i < r->n; i++)
		fprintf(to, "%zu\t%g\n", i, r->v[ring_index(r, i)]);
}

void
ring_free(struct ring *r)
{
	if (r == NULL)
		return;
	free(r->v);
	free(r);
}
