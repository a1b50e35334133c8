/* SPDX-License-Identifier: ISC */
#ifndef LLMD_H
#define LLMD_H
/*
 * llmd [-w] [-p PORT] [-l LOG] [-e ENDS]: the nastiest model server.
 *
 * It listens on 127.0.0.1, prints its port as the first line and serves until
 * SIGTERM.  It speaks four APIs, told by the end of the path:
 *	openai	   POST /chat/completions, GET /models
 *	anthropic  POST /messages, GET /models with x-api-key
 *	gemini	   POST /v1beta/models/M:[streamG|g]enerateContent, GET
 *		   /v1beta/models
 *	ollama	   POST /api/chat, GET /api/tags, POST /api/show
 * What it does is told by the model's name: words of the table below joined
 * by '+', some with '=' and a value, in which %XX is a byte ("%2B" is '+').
 * It is told for every model, and for the lists, by a first folder of the
 * path that begins with '@': "/@slow=500+status=401/v1/models".  A model
 * whose words are not in the table is answered 404.  Two answers to the same
 * request with the same model have the same length.
 *
 * Usage: the words in, cached, written, written1h, out and thought, else
 * 1000 tokens of input, of which 200 were read from a cache and 100 written to
 * one, 50 of visible output and, with reason, 30 of thought.  In the six
 * counts of raid that is (input, cache read, cache write, output, reasoning)
 *	openai, anthropic  700 200 100  50+30 30
 *	gemini		   800 200   0  50+30 30
 *	ollama		  1000	 0   0  50     -
 * vendor=xai counts the thought beside its completion tokens, and vendor=
 * deepseek has no written ones: 800 200 0.  cost is in millionths of a dollar
 * (openrouter, xai, litellm), else 1234.
 *
 * LOG gets each request as one JSON line: id, time, method, path, api, model,
 * headers (their names in lower case), body (a string if it is no JSON).
 * ENDS gets a line at the end of each: id, model, bytes of body sent, and how:
 * whole, cut, drop, reset, down, gone (the client went), stopped (with llmd).
 * GET /health is answered 200; GET /stats tells how many requests there were,
 * are, and were at most at once.  llmd -w prints the words; "!" is trouble.
 */
#include <stddef.h>

#include "base/buf.h"
#include "base/json.h"

#define BIG ((size_t)1 << 30)	/* most that a request or an event may have */

/*
 * The words: name, n for a number (with K, M, G) or s for a string, the value
 * of a number that is given without one, t if it is trouble, which fail=N and
 * after=N switch, and what it does.
 */
#define WORDS(X) \
X(good, 'n', 1, ' ', "nothing is wrong: the usual text") \
X(as, 's', 0, ' ', "nothing: makes another name, with a count of its own") \
X(text, 's', 0, ' ', "the answer is this") \
X(file, 's', 0, ' ', "the answer is what this file has") \
X(echo, 'n', 1, ' ', "the answer is the last message") \
X(echosys, 'n', 1, ' ', "the answer is the system text") \
X(silent, 'n', 1, ' ', "the answer is #silent") \
X(events, 'n', 10, ' ', "the answer is w1 w2 ..., an event a word") \
X(flood, 'n', 100 << 20, ' ', "the answer has so many bytes") \
X(piece, 'n', 7, ' ', "bytes of text an event; a flood: 4096") \
X(pace, 'n', 20, ' ', "ms from event to event") \
X(bytes, 'n', 1, ' ', "the body goes out in chunks of so many bytes") \
X(drip, 'n', 5, ' ', "ms from chunk to chunk of bytes=N") \
X(split, 'n', 1, ' ', "5 ms of rest after so many bytes of body") \
X(crlf, 'n', 1, ' ', "lines end with CR LF (gemini: usual)") \
X(cr, 'n', 1, ' ', "lines end with CR") \
X(lf, 'n', 1, ' ', "lines end with LF") \
X(bom, 'n', 1, ' ', "a byte order mark before all") \
X(comments, 'n', 1, ' ', "comments, pings, blank lines between") \
X(ids, 'n', 1, ' ', "id:, retry:, unknown fields, events and keys") \
X(multi, 'n', 1, ' ', "an event in two lines of data") \
X(nospace, 'n', 1, ' ', "no blank after the colon") \
X(noeol, 'n', 1, ' ', "no line end after the last event") \
X(blanks, 'n', 3, ' ', "so many blank lines first") \
X(ascii, 'n', 1, ' ', "\\uXXXX for all that is not ASCII") \
X(deep, 'n', 5000, ' ', "arrays so deep in a key that nobody knows") \
X(dupkeys, 'n', 1, ' ', "a key twice in an object") \
X(nul, 'n', 1, ' ', "\\u0000 in the text") \
X(surrogate, 'n', 1, ' ', "half a surrogate pair in the text") \
X(utf8bad, 'n', 1, ' ', "bytes in the text that are no UTF-8") \
X(badjson, 'n', 1, ' ', "after the first event one of broken JSON") \
X(nocontent, 'n', 1, ' ', "content is null, or not there") \
X(arraycontent, 'n', 1, ' ', "openai: content is an array") \
X(reason, 'n', 1, ' ', "reasoning parts first") \
X(tools, 'n', 1, ' ', "two calls of tools at the end") \
X(vendor, 's', 0, ' ', "openai as azure, deepseek, litellm, llamacpp, " \
    "ollama, openrouter, vllm, xai have it") \
X(length, 'n', 1, ' ', "ended by the limit of tokens") \
X(refuse, 'n', 1, ' ', "ended by the filter of content") \
X(blocked, 'n', 1, ' ', "gemini: the prompt is refused") \
X(finish, 's', 0, ' ', "ended for this reason") \
X(nofinish, 'n', 1, 't', "no reason of the end") \
X(nodone, 'n', 1, 't', "no terminal marker") \
X(more, 'n', 1, ' ', "text after the end") \
X(usage, 's', 0, ' ', "none, early, running, always (also unasked)") \
X(in, 'n', 0, ' ', "tokens of input in all") \
X(cached, 'n', 0, ' ', "of these read from a cache") \
X(written, 'n', 0, ' ', "of these written to a cache") \
X(written1h, 'n', 0, ' ', "anthropic: and for an hour") \
X(out, 'n', 0, ' ', "tokens of visible output") \
X(thought, 'n', 0, ' ', "tokens of reasoning") \
X(cost, 'n', 0, ' ', "millionths of a dollar") \
X(cut, 'n', 0, 't', "a clean end after so many bytes of body") \
X(drop, 'n', 0, 't', "closed after so many, without the framing's end") \
X(reset, 'n', 0, 't', "RST after so many") \
X(stall, 'n', 0, 't', "nothing more after so many") \
X(down, 'n', 0, 't', "closed after so many bytes of the head") \
X(slow, 'n', 500, 't', "ms before the head") \
X(late, 'n', 500, 't', "ms between head and body") \
X(error200, 'n', 0, 't', "an error after so many events of text") \
X(status, 'n', 500, 't', "an error of this status") \
X(quota, 'n', 1, 't', "429 that no waiting heals") \
X(retryafter, 's', 0, 't', "seconds; gemini: RetryInfo in the body") \
X(retryafterms, 's', 0, 't', "the header of milliseconds") \
X(retrydate, 'n', 2, 't', "retry-after as a date so many s ahead") \
X(shouldretry, 's', 0, 't', "x-should-retry: true, false") \
X(ratelimit, 'n', 7, ' ', "headers: so many requests are left") \
X(says, 's', 0, 't', "the message of an error") \
X(leak, 'n', 1, 't', "the message of an error quotes the key") \
X(html, 'n', 1, 't', "an HTML page, 502 unless status=") \
X(empty, 'n', 1, 't', "an empty body, 500 unless status=") \
X(jsonarray, 'n', 1, 't', "an error object in an array") \
X(nonsense, 'n', 4096, 't', "a body of so many bytes of noise") \
X(redirect, 's', 0, 't', "307 to this URL") \
X(key, 's', 0, ' ', "401 (gemini: 400) unless the key is this") \
X(strict, 'n', 1, ' ', "400 for temperature, top_p, top_k") \
X(fail, 'n', 1, ' ', "trouble for the first N requests, then none") \
X(after, 'n', 1, ' ', "trouble after the first N requests") \
X(type, 's', 0, ' ', "this content type") \
X(wrongtype, 'n', 1, ' ', "text/html as the content type") \
X(asjson, 'n', 1, ' ', "a stream is answered as one object") \
X(sse, 'n', 1, ' ', "one object is answered as a stream") \
X(cl, 'n', 1, ' ', "content-length instead of chunks") \
X(chunked, 'n', 1, ' ', "chunks (usual)") \
X(http10, 'n', 1, ' ', "HTTP/1.0, ended by closing") \
X(badhead, 'n', 1, 't', "the status line is none") \
X(badchunk, 'n', 1, 't', "the length of a chunk is none") \
X(longhead, 'n', 65536, ' ', "a header of so many bytes") \
X(hints, 'n', 1, ' ', "103 and its headers first") \
X(trailers, 'n', 1, ' ', "headers after the chunks")

enum word {
#define X(name, kind, bare, trouble, what) W_##name,
	WORDS(X)
#undef X
	NWORDS
};

/* What is wanted: s of strings, n of numbers and of strings; -1: not given. */
struct how {
	long long n[NWORDS];
	char *s[NWORDS];
};

enum api { OPENAI, ANTHROPIC, GEMINI, OLLAMA };
enum frame { FIXED, WHOLE, EVENTS, LINES, ARRAY };
enum phase { START, THINK, TEXT, TOOLS, TAIL, OVER };

/* A request and its answer. */
struct ask {
	long long id;			/* 1, 2, ... */
	enum api api;
	struct raid_json *headers;	/* their names in lower case */
	struct raid_json *body;		/* NULL: it is no JSON */
	char *model, *key;		/* "" if there is none */
	struct how how;
	int usage;			/* an openai client wants it */
	/* The answer. */
	int status;
	const char *type;		/* of content */
	struct raid_buf head;		/* further header lines */
	enum frame frame;
	struct raid_buf made;		/* of the body, not sent yet; all of a
					 * FIXED one */
	struct raid_buf text, json;	/* all of the text; the next event */
	enum phase phase;
	long long i, pieces, events;	/* pieces said, in all; events made */
	int block, blocks;		/* of anthropic: open one, closed ones */
};

/* Requests in all; that are being answered; and at most at once. */
extern struct stats {
	long long requests, busy, most;
} stats;

/* words.c */
void words_print(void);
int words_parse(struct how *h, const char *s, char **bad);
void words_free(struct how *h);
void words_turn(struct how *h, const char *name);
void percent_decode(char *s);
int has(const struct ask *a, enum word w);
long long num(const struct ask *a, enum word w, long long absent);
int is(const struct ask *a, enum word w, const char *s);

/* say.c: begin to say a->text; put the next event into a->made (0: there is
 * none); how many bytes there are in all. */
void say_begin(struct ask *a);
int say_next(struct ask *a);
long long say_length(struct ask *a);
void say_quoted(const struct ask *a, struct raid_buf *b, const char *s);

/* fault.c: an error in the words of the API, as the event or as the answer. */
void fault_json(const struct ask *a, struct raid_buf *b, int status);
void fault(struct ask *a, int status, const char *message);
const char *fault_name(int status);

/* ask.c: what answers a request; it owns the headers. */
void ask_begin(struct ask *a, const char *method, const char *target,
    struct raid_json *headers, const void *body, size_t len);
void ask_free(struct ask *a);

#endif
