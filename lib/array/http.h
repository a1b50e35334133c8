/* SPDX-License-Identifier: ISC */
/*
 * HTTP for members behind an API: many calls at once in one thread, each
 * answer handed on as it comes.  The only door to libcurl.
 *
 * http and https alone; HTTP/2 over TLS, HTTP/1.1 without.  Certificates are
 * verified against the system's bundle, or $SSL_CERT_FILE.  No redirect is
 * followed, so a key goes nowhere but to the host of the URL; no cookies, no
 * .netrc, no compression asked for.  Proxies are taken from the environment
 * as curl(1) does (http_proxy, https_proxy, all_proxy, no_proxy).
 *
 * Wait until raid_http_fd() is readable, with poll(2), epoll(7) or
 * raid_proc_wait_fd(), then raid_http_serve().
 */
#ifndef RAID_ARRAY_HTTP_H
#define RAID_ARRAY_HTTP_H

#include <stddef.h>

#include "base/str.h"
#include "raid.h"

struct raid_http;
struct raid_http_call;

struct raid_http_opts {
	const char *url;
	const struct raid_list *headers; /* "Name: value" each; may be NULL */
	const void *body;	/* POST; NULL: GET */
	size_t body_len;
	double connect;		/* seconds until name, connection and TLS */
	double idle;		/* seconds without a byte of the answer, or */
				/* of the question while that is sent */
	double wall;		/* seconds from the start; 0 each: no limit */
	/*
	 * All are called by raid_http_serve alone, and any may be NULL.  They
	 * may start and stop calls, this one too.
	 */
	/* The status of the answer, then each of its header lines without
	 * the line end, then the pieces of its body as they come.  Interim
	 * answers (1xx) and trailers are left out. */
	void (*on_status)(void *arg, int status);
	void (*on_header)(void *arg, const char *line, size_t len);
	/* Nonzero: it is enough, the call ends as a clean one.  That closes
	 * the connection; at the end of the body it would be kept for the
	 * next call. */
	int (*on_data)(void *arg, const void *p, size_t len);
	/*
	 * Once, at the end; the call is gone then.  transport is NULL when the
	 * answer came whole, as far as HTTP can tell, whatever its status.
	 * Else it is one line for people on what broke it, without a header or
	 * a key, gone when this returns, which begins with one of
	 *   "connect: "	no connection, or the name is not known
	 *   "TLS: "		no trust: certificate or protocol
	 *   "cut: "		the answer ended in its middle
	 *   "idle: ", "wall: "	the limits above
	 *   "redirect: "	to a host that is named, and not followed
	 *   "HTTP: "		what came is no HTTP, or anything else
	 */
	void (*on_end)(void *arg, const char *transport);
	void *arg;
};

/* NULL with RAID_EOS when the system refuses a descriptor or libcurl is not
 * as it was built. */
struct raid_http *raid_http_new(struct raid_err *err);

/* Calls that still run are stopped.  Not from a callback. */
void raid_http_free(struct raid_http *h);

/*
 * Begin a call.  What o points to is copied, but for arg; the headers, which
 * hold the key, are wiped at the end.  NULL with RAID_ECONFIG for a URL that
 * is none or not http or https, or a header that is none; the message shows
 * neither.  Nothing is called back before raid_http_serve.
 */
struct raid_http_call *raid_http_start(struct raid_http *h,
    const struct raid_http_opts *o, struct raid_err *err);

/* End a call at once; nothing of it is called back any more. */
void raid_http_stop(struct raid_http_call *c);

/* One descriptor that polls readable when raid_http_serve has work: a socket
 * is ready or a time has come.  Valid until raid_http_free. */
int raid_http_fd(const struct raid_http *h);

/* Do what can be done without waiting. */
void raid_http_serve(struct raid_http *h);

#endif
