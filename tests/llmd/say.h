/* SPDX-License-Identifier: ISC */
/* Between say.c and the APIs. */
#ifndef LLMD_SAY_H
#define LLMD_SAY_H

#include "llmd.h"

/*
 * What an API says: a stream by the first five, one object by the others.
 * Each leaves in a->json what is to come, or has made events of it.
 */
struct dialect {
	void (*start)(struct ask *a);	/* NULL: the text comes at once */
	void (*say)(struct ask *a);	/* a piece of text or of thought */
	void (*tools)(struct ask *a);
	void (*end)(struct ask *a);
	void (*broken)(struct ask *a);	/* a->json is the error */
	void (*whole)(struct ask *a);	/* up to the text, */
	void (*whole_end)(struct ask *a);	/* and from there */
};
extern const struct dialect say_openai, say_anthropic, say_gemini, say_ollama;

#define NTHOUGHTS 2
extern const char *const say_thoughts[NTHOUGHTS];

struct counts {
	long long in, cached, written, written1h, out, thought;
};

/* What is counted so far: at the end it is what the words say. */
struct counts say_counts(const struct ask *a);

/* The piece of text or of thought that it is the turn of, escaped. */
void say_piece(const struct ask *a, struct raid_buf *b);

/* Keys that nobody knows, at the beginning of an object. */
void say_odd_keys(const struct ask *a, struct raid_buf *b);

/* The reason of the end, quoted, in the words of the API; null if none. */
void say_reason(const struct ask *a, struct raid_buf *b);

/* Make an event of a->json; name is for the API that names events. */
void say_event(struct ask *a, const char *name);

const char *say_eol(const struct ask *a);

#endif
