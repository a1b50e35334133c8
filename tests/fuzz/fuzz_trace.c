/* SPDX-License-Identifier: ISC */
/* Each line is of one trace or of none, wherever its message begins. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "logs/header.h"
#include "logs/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct feed {
	struct raid_tracer *t;
	const uint8_t *last;
	size_t last_len, last_message;
	size_t open, sum;	/* lines of the open trace, of all that ended */
};

static void
ended(struct feed *f)
{
	const struct raid_trace *d = raid_tracer_done(f->t);

	if (d == NULL)
		return;
	assert(d->lines == f->open);
	assert(*d->type != '\0' && strlen(d->type) < sizeof(d->type));
	assert(strlen(d->message) < sizeof(d->message));
	assert(strlen(d->cause) < sizeof(d->cause));
	assert(d->language != NULL && d->nown <= RAID_TRACE_OWN);
	for (size_t i = 0; i < d->nown; i++) {
		assert(strlen(d->own[i].function) < sizeof(d->own[i].function));
		assert(strlen(d->own[i].place) < sizeof(d->own[i].place));
	}
	f->sum += f->open;
	f->open = 0;
}

/* Returns how many lines it took into a trace. */
static size_t
line(struct feed *f, const uint8_t *p, size_t len, size_t message)
{
	unsigned class = raid_trace_class(p, len, message);
	enum raid_trace_step step = raid_tracer_add(f->t, class, p, len,
	    message, f->last, f->last_len, f->last_message);

	ended(f);
	assert(step != RAID_TRACE_BACK || (f->last != NULL && f->open == 0));
	f->open += step;
	f->last = step == RAID_TRACE_OUT ? p : NULL;
	f->last_len = len;
	f->last_message = message;
	assert(step != RAID_TRACE_OUT || f->open == 0);
	return step;
}

/* odd: the header is not that which was found. */
static void
all(const uint8_t *p, size_t len, int odd)
{
	struct feed f = { .t = raid_tracer_new() };
	const uint8_t *end = p + len, *q;
	struct raid_header h;
	size_t n, in = 0, message;

	for (; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			q = end;
		n = (size_t)(q - p);
		raid_header(&h, p, n);
		message = odd && n > 0 ? *p % (n + 1) : h.end;
		in += line(&f, p, n, message);
	}
	raid_tracer_end(f.t);
	ended(&f);
	assert(f.sum == in && f.open == 0);
	raid_tracer_free(f.t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	all(p, len, 0);
	all(p, len, 1);
	return 0;
}
