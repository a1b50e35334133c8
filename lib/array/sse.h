/* SPDX-License-Identifier: ISC */
/*
 * The framing of what a model server streams: server-sent events, lines of
 * JSON, an array of JSON objects, or one JSON text.  The bytes tell which,
 * not the Content-Type: a server may answer a request for a stream by plain
 * JSON, and the other way round, and may write a bare JSON error amid events.
 *
 * A line that begins with { or [ (blanks before it do not count) begins bare
 * JSON, which ends with the bracket that closes it, wherever the lines break;
 * of an array each object is one event.  Every other line is one of
 * server-sent events.
 */
#ifndef RAID_ARRAY_SSE_H
#define RAID_ARRAY_SSE_H

#include <stddef.h>

#include "base/buf.h"

enum raid_sse_kind {
	RAID_SSE_DATA,		/* the data: lines of one event, joined */
	RAID_SSE_ERROR,		/* what stands behind error: */
	RAID_SSE_BARE		/* bare JSON */
};

struct raid_sse_event {
	enum raid_sse_kind kind;
	const char *name;	/* of event:, "" if there is none */
	const unsigned char *p;	/* borrowed for the call */
	size_t len;
	int cut;		/* the stream ended, or the limit was met,
				 * before its end: it may be whole */
};

struct raid_sse {
	/* All is its own business but flood, which may be read. */
	struct raid_buf line;	/* an unfinished line, or bare JSON */
	struct raid_buf data;	/* of the event that is being read */
	char name[32];
	int any;		/* data has a line */
	int started;		/* behind a byte order mark */
	int cr;			/* the last byte was \r */
	int bare;		/* inside bare JSON: */
	int array;		/* inside an array of events */
	int depth, string, escape;
	int stopped;
	int flood;		/* an event met the limit */
	void (*on_event)(void *arg, const struct raid_sse_event *e);
	void *arg;
};

/* An event may have max bytes; a longer one is the last, and is cut. */
void raid_sse_init(struct raid_sse *s, size_t max,
    void (*on_event)(void *arg, const struct raid_sse_event *e), void *arg);
void raid_sse_free(struct raid_sse *s);

/* Bytes as they come, in pieces of any size. */
void raid_sse_feed(struct raid_sse *s, const void *p, size_t len);

/* Nothing more will come: what was begun is handed out as cut, and an array
 * that was not closed is an empty event, cut. */
void raid_sse_end(struct raid_sse *s);

/* Hand out nothing more; may be called from on_event. */
void raid_sse_stop(struct raid_sse *s);

#endif
