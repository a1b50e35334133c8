/* SPDX-License-Identifier: ISC */
#include "array/http_priv.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ALIVE_AFTER 60L		/* seconds until TCP asks whether a silent
				 * peer, or a NAT between, is still there */

static size_t
on_line(char *p, size_t size, size_t n, void *arg)
{
	struct raid_http_call *c = arg;
	size_t all = size * n, len = all;
	long status = 0;

	c->heard = c->h->now;
	if (c->state == RAID_HTTP_STOPPED)
		return 0;
	while (len > 0 && (p[len - 1] == '\n' || p[len - 1] == '\r'))
		len--;
	if (c->headers_over)
		return all;	/* a trailer */
	if (len == 0) {
		c->headers_over = c->status != 0;
	} else if (c->status != 0) {
		if (c->o.on_header != NULL)
			c->o.on_header(c->o.arg, p, len);
	} else {
		/* A status line, or a line of an interim answer. */
		(void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE,
		    &status);
		if (status >= 200)
			c->status = (int)status;
		if (status >= 200 && c->o.on_status != NULL)
			c->o.on_status(c->o.arg, c->status);
	}
	return c->state == RAID_HTTP_STOPPED ? 0 : all;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct raid_http_call *c = arg;

	c->heard = c->h->now;
	if (c->state == RAID_HTTP_STOPPED)
		return 0;
	c->got += (curl_off_t)(size * n);
	if (c->o.on_data != NULL && c->o.on_data(c->o.arg, p, size * n) != 0)
		c->enough = 1;
	return c->enough || c->state == RAID_HTTP_STOPPED ? 0 : size * n;
}

/* "HOST port N" of a URL that curl takes for http or https. */
static char *
where_of(CURLU *u)
{
	char *host = NULL, *port = NULL, *where = NULL;

	if (curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) ==
	    CURLUE_OK)
		where = raid_strf("%s port %s", host, port);
	curl_free(host);
	curl_free(port);
	return where;
}

/* Is there a proxy, which may itself be spoken to over TLS? */
static int
has_proxy(void)
{
	return getenv("http_proxy") != NULL || getenv("all_proxy") != NULL ||
	    getenv("ALL_PROXY") != NULL;
}

static int
check_url(struct raid_http_call *c, const char *url, struct raid_err *err)
{
	CURLU *u = curl_url();
	CURLUcode rc = curl_url_set(u, CURLUPART_URL, url, 0);
	char *scheme = NULL;
	int r = -1;

	if (rc == CURLUE_OK)
		rc = curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
	if (rc != CURLUE_OK) {
		raid_fail(err, RAID_ECONFIG, "the URL: %s",
		    curl_url_strerror(rc));
	} else if (strcmp(scheme, "http") != 0 &&
	    strcmp(scheme, "https") != 0) {
		raid_fail(err, RAID_ECONFIG, "the URL: neither http nor "
		    "https");
	} else {
		c->h->tls |= strcmp(scheme, "https") == 0 || has_proxy();
		c->where = where_of(u);
		r = c->where != NULL ? 0 : raid_fail(err, RAID_ECONFIG,
		    "the URL: no host");
	}
	curl_free(scheme);
	curl_url_cleanup(u);
	return r;
}

/* A line end in one would begin a header of somebody else's choice. */
static int
is_header(const char *s)
{
	const char *colon = strchr(s, ':');

	if (colon == NULL || colon == s)
		return 0;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' && *s != '\t')
			return 0;
	return 1;
}

static int
add_header(struct raid_http_call *c, const char *s)
{
	struct curl_slist *l = curl_slist_append(c->headers, s);

	if (l == NULL)
		return -1;
	c->headers = l;
	return 0;
}

static int
set_headers(struct raid_http_call *c, const struct raid_list *l,
    struct raid_err *err)
{
	/* Without it curl waits a second for leave to send a long body. */
	int bad = add_header(c, "Expect:");

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		if (!is_header(l->v[i]))
			return raid_fail(err, RAID_ECONFIG, "header %zu is no "
			    "line of the form \"Name: value\"", i + 1);
		bad |= add_header(c, l->v[i]);
	}
	if (bad)
		return raid_fail(err, RAID_EOS, "HTTP: out of memory");
	return 0;
}

static long
milliseconds(double seconds)
{
	/* Zero would be curl's own limit. */
	if (!(seconds > 0) || seconds > INT_MAX / 1000)
		return INT_MAX;
	return seconds < 0.001 ? 1 : (long)(seconds * 1e3);
}

#define SET(option, value) \
	(curl_easy_setopt(c->easy, (option), (value)) != CURLE_OK)

static int
set_callbacks(struct raid_http_call *c)
{
	return SET(CURLOPT_PRIVATE, c) ||
	    SET(CURLOPT_ERRORBUFFER, c->curl_says) ||
	    SET(CURLOPT_HEADERFUNCTION, on_line) ||
	    SET(CURLOPT_HEADERDATA, c) ||
	    SET(CURLOPT_WRITEFUNCTION, on_body) ||
	    SET(CURLOPT_WRITEDATA, c) ||
	    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

/*
 * Certificates of the system from one file: curl keeps it in memory for all
 * calls only when there is no folder besides.
 */
static int
set_trust(struct raid_http_call *c)
{
	const char *file = getenv("SSL_CERT_FILE");

	if (file == NULL || *file == '\0')
		file = curl_version_info(CURLVERSION_NOW)->cainfo;
	return SET(CURLOPT_SSL_VERIFYPEER, 1L) ||
	    SET(CURLOPT_SSL_VERIFYHOST, 2L) ||
	    (file != NULL && (SET(CURLOPT_CAINFO, file) ||
	    SET(CURLOPT_CAPATH, NULL)));
}

static int
set_rest(struct raid_http_call *c, const struct raid_http_opts *o)
{
	return SET(CURLOPT_URL, o->url) ||
	    SET(CURLOPT_PROTOCOLS_STR, "http,https") ||
	    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) ||
	    SET(CURLOPT_FOLLOWLOCATION, 0L) ||
	    SET(CURLOPT_USERAGENT, "raid/" RAID_VERSION) ||
	    SET(CURLOPT_HTTPHEADER, c->headers) ||
	    SET(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(o->connect)) ||
	    SET(CURLOPT_TCP_KEEPALIVE, 1L) ||
	    SET(CURLOPT_TCP_KEEPIDLE, ALIVE_AFTER) ||
	    /* SIGPIPE is kept out by the caller, and a name that does not
	     * come must not hold up the end. */
	    SET(CURLOPT_NOSIGNAL, 1L) ||
	    SET(CURLOPT_QUICK_EXIT, 1L) ||
	    (o->body != NULL && (
	    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)o->body_len) ||
	    SET(CURLOPT_COPYPOSTFIELDS, o->body)));
}

int
raid_http_prepare(struct raid_http_call *c, const struct raid_http_opts *o,
    struct raid_err *err)
{
	if (check_url(c, o->url, err) == -1 ||
	    set_headers(c, o->headers, err) == -1)
		return -1;
	c->easy = curl_easy_init();
	if (c->easy == NULL || set_callbacks(c) || set_trust(c) ||
	    set_rest(c, o))
		return raid_fail(err, RAID_EOS, "HTTP: libcurl %s refuses the "
		    "call", curl_version_info(CURLVERSION_NOW)->version);
	return 0;
}

/* Is it no answer but a redirect?  Then c->text names the host. */
static int
redirected(struct raid_http_call *c)
{
	struct curl_header *to = NULL;
	char *from = NULL, *where = NULL;
	CURLU *u;

	if (c->status < 300 || c->status > 399 || curl_easy_header(c->easy,
	    "Location", 0, CURLH_HEADER, -1, &to) != CURLHE_OK)
		return 0;
	(void)curl_easy_getinfo(c->easy, CURLINFO_EFFECTIVE_URL, &from);
	u = curl_url();
	/* It may name no host, and then it is the same. */
	if (curl_url_set(u, CURLUPART_URL, from, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, to->value,
	    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
		where = where_of(u);
	(void)snprintf(c->text, sizeof(c->text), "redirect: status %d of %s "
	    "leads to %.200s, which is not followed", c->status, c->where,
	    where != NULL ? where : "another place");
	free(where);
	curl_url_cleanup(u);
	return 1;
}

/* What the system or curl says of it.  Only for errors of which curl's text
 * quotes no header. */
static void
add_detail(struct raid_http_call *c, int with_errno)
{
	size_t n = strlen(c->text);
	long e = 0;

	if (with_errno)
		(void)curl_easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &e);
	if (e != 0)
		(void)snprintf(c->text + n, sizeof(c->text) - n, ": %s",
		    strerror((int)e));
	else if (c->curl_says[0] != '\0')
		(void)snprintf(c->text + n, sizeof(c->text) - n, ": %s",
		    c->curl_says);
}

static void
say_connect(struct raid_http_call *c, CURLcode rc)
{
	curl_off_t looked_up = 0;
	const char *what = "cannot connect to";

	if (rc == CURLE_OPERATION_TIMEDOUT) {
		(void)curl_easy_getinfo(c->easy, CURLINFO_NAMELOOKUP_TIME_T,
		    &looked_up);
		(void)snprintf(c->text, sizeof(c->text), "connect: %s %s "
		    "within %g s", looked_up == 0 ? "no address of" :
		    "no connection to", c->where, c->o.connect);
		return;
	}
	if (rc == CURLE_COULDNT_RESOLVE_HOST)
		what = "name not known:";
	else if (rc == CURLE_COULDNT_RESOLVE_PROXY)
		what = "name of the proxy not known, on the way to";
	(void)snprintf(c->text, sizeof(c->text), "connect: %s %s", what,
	    c->where);
	if (rc == CURLE_COULDNT_CONNECT)
		add_detail(c, 1);
}

static void
say_cut(struct raid_http_call *c, CURLcode rc)
{
	if (c->status == 0)
		(void)snprintf(c->text, sizeof(c->text), "cut: %s closed the "
		    "connection before it answered", c->where);
	else
		(void)snprintf(c->text, sizeof(c->text), "cut: the answer of "
		    "%s ended early, after %lld bytes", c->where,
		    (long long)c->got);
	if (rc != CURLE_GOT_NOTHING && rc != CURLE_PARTIAL_FILE)
		add_detail(c, rc == CURLE_SEND_ERROR || rc == CURLE_RECV_ERROR);
}

static void
say(struct raid_http_call *c, CURLcode rc)
{
	switch (rc) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_PROXY:
		say_connect(c, rc);
		break;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		(void)snprintf(c->text, sizeof(c->text), "TLS: no trusted "
		    "connection to %s", c->where);
		add_detail(c, 0);
		break;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		say_cut(c, rc);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		(void)snprintf(c->text, sizeof(c->text), "HTTP: what %s says "
		    "is no HTTP", c->where);
		break;
	default:
		(void)snprintf(c->text, sizeof(c->text), "HTTP: %s: %s",
		    c->where, curl_easy_strerror(rc));
		break;
	}
}

const char *
raid_http_reason(struct raid_http_call *c, CURLcode rc)
{
	/* One that closes amid its header lines is no error for curl. */
	if (rc == CURLE_OK && !c->headers_over)
		rc = CURLE_PARTIAL_FILE;
	if (!redirected(c)) {
		if (c->enough || rc == CURLE_OK)
			return NULL;
		say(c, rc);
	}
	/* Names of hosts and certificates may be the peer's choice. */
	for (char *p = c->text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p > '~')
			*p = '?';
	return c->text;
}
