/* SPDX-License-Identifier: ISC */
/* None is known yet: every line is an ordinary one. */
#include "logs/trace.h"

unsigned
raid_trace_class(const unsigned char *p, size_t len, size_t message)
{
	(void)p;
	(void)len;
	(void)message;
	return RAID_TRACE_ORDINARY;
}

struct raid_tracer *
raid_tracer_new(void)
{
	return NULL;
}

void
raid_tracer_free(struct raid_tracer *t)
{
	(void)t;
}

enum raid_trace_step
raid_tracer_add(struct raid_tracer *t, unsigned class, const unsigned char *p,
    size_t len, size_t message, const unsigned char *last, size_t last_len,
    size_t last_message)
{
	(void)t;
	(void)class;
	(void)p;
	(void)len;
	(void)message;
	(void)last;
	(void)last_len;
	(void)last_message;
	return RAID_TRACE_OUT;
}

const struct raid_trace *
raid_tracer_done(struct raid_tracer *t)
{
	(void)t;
	return NULL;
}

void
raid_tracer_end(struct raid_tracer *t)
{
	(void)t;
}
