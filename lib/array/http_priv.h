/* SPDX-License-Identifier: ISC */
/* Shared by the files of array/http alone. */
#ifndef RAID_ARRAY_HTTP_PRIV_H
#define RAID_ARRAY_HTTP_PRIV_H

#include <curl/curl.h>

#include "array/http.h"

enum raid_http_state {
	RAID_HTTP_NEW,		/* raid_http_serve hands it to curl */
	RAID_HTTP_RUNNING,
	RAID_HTTP_ENDED,	/* on_end is being called */
	RAID_HTTP_STOPPED	/* in a callback: it goes when that is over */
};

struct raid_http {
	CURLM *multi;
	int epoll, timer;
	int serving;		/* inside raid_http_serve */
	int initialised;	/* curl_global_init was called */
	int tls;		/* a call of it may have used TLS */
	size_t n, n_new, n_stopped; /* calls: all, and of two states */
	struct raid_http_call *calls;
	double now;		/* of this turn: all that comes in it is young
				 * enough, and a clock has its price */
	/* Times of raid_clock_mono, INFINITY for none. */
	double curl_at;		/* curl wants to be called */
	double limit_at;	/* no limit of a call is due before */
	double timer_at;	/* what the timer is set to */
};

struct raid_http_call {
	struct raid_http *h;
	struct raid_http_call *next, **prev;
	enum raid_http_state state;
	struct raid_http_opts o; /* url, headers, body: gone */
	CURL *easy;
	struct curl_slist *headers;
	char *where;		/* "HOST port N", for people */
	double started;
	double heard;		/* when a byte came or went last */
	curl_off_t sent;	/* bytes of the question by then */
	curl_off_t got;		/* bytes of the answer's body */
	int status;		/* 0: none but interim ones came */
	int headers_over;
	int enough;		/* on_data said so */
	char curl_says[CURL_ERROR_SIZE];
	char text[512];		/* what broke it */
};

/* What a call asks of libcurl, from o; c is otherwise ready. */
RAID_MUST int raid_http_prepare(struct raid_http_call *c,
    const struct raid_http_opts *o, struct raid_err *err);

/* Why it ended with code rc, in c->text; NULL: it came whole. */
const char *raid_http_reason(struct raid_http_call *c, CURLcode rc);

#endif
