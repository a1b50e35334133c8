/* SPDX-License-Identifier: ISC */
#include "array/http.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "array/http_priv.h"
#include "base/clock.h"
#include "base/mem.h"

#define BATCH 1024		/* sockets served in one turn */
#define SPARE_FDS 64		/* descriptors for the rest of the process */
#define ROUNDS 8		/* times that curl is called back at once */

/*
 * OpenSSL writes to a socket that the peer may have closed, and libcurl is
 * told to leave signals alone.  Keep SIGPIPE out while it works on TLS; its
 * own writes raise none.
 */
static int
guard_begin(const struct raid_http *h, sigset_t *old)
{
	sigset_t pipe_only;

	if (!h->tls)
		return 0;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	(void)sigprocmask(SIG_BLOCK, &pipe_only, old);
	return sigismember(old, SIGPIPE) == 0;
}

static void
guard_end(int guarded, const sigset_t *old)
{
	const struct timespec now = { 0, 0 };
	sigset_t pipe_only;

	if (!guarded)
		return;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	(void)sigtimedwait(&pipe_only, NULL, &now);
	(void)sigprocmask(SIG_SETMASK, old, NULL);
}

/* curl: from now on wait for this at that socket. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct raid_http *h = arg;
	struct epoll_event ev = { .data.fd = fd };

	(void)easy;
	(void)unused;
	/* It may be closed already: then it is out by itself. */
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	ev.events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
	    (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
	if (epoll_ctl(h->epoll, EPOLL_CTL_MOD, fd, &ev) == 0)
		return 0;
	return epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &ev);
}

/* curl: call me in so many milliseconds. */
static int
on_timer(CURLM *multi, long ms, void *arg)
{
	struct raid_http *h = arg;

	(void)multi;
	h->curl_at = ms < 0 ? INFINITY :
	    raid_clock_mono() + (double)ms / 1e3;
	return 0;
}

/* Have the timer go off when something is due.  One that is set too early
 * stays: moving it at each piece that comes would cost more. */
static void
set_timer(struct raid_http *h)
{
	double at = fmin(h->curl_at, h->limit_at);
	struct itimerspec ts = { 0 };

	if (h->n_new > 0)
		at = 0;
	if (at >= h->timer_at)
		return;
	h->timer_at = at;
	ts.it_value.tv_sec = (time_t)at;
	ts.it_value.tv_nsec = (long)((at - floor(at)) * 1e9);
	/* Zero would switch it off. */
	if (at <= 0)
		ts.it_value.tv_nsec = 1;
	(void)timerfd_settime(h->timer, TFD_TIMER_ABSTIME, &ts, NULL);
}

static int
open_multi(struct raid_http *h)
{
	CURLMcode rc;

	h->initialised = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	if (!h->initialised)
		return -1;
	h->multi = curl_multi_init();
	if (h->multi == NULL)
		return -1;
	rc = curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	if (rc == CURLM_OK)
		rc = curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	if (rc == CURLM_OK)
		rc = curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION,
		    on_timer);
	if (rc == CURLM_OK)
		rc = curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	return rc == CURLM_OK ? 0 : -1;
}

struct raid_http *
raid_http_new(struct raid_err *err)
{
	struct raid_http *h = raid_calloc(1, sizeof(*h));
	struct epoll_event ev = { .events = EPOLLIN };

	h->curl_at = h->limit_at = h->timer_at = INFINITY;
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	h->timer = timerfd_create(CLOCK_MONOTONIC,
	    TFD_CLOEXEC | TFD_NONBLOCK);
	ev.data.fd = h->timer;
	if (h->epoll == -1 || h->timer == -1 ||
	    epoll_ctl(h->epoll, EPOLL_CTL_ADD, h->timer, &ev) == -1) {
		raid_fail_errno(err, "HTTP: waiting for sockets");
		raid_http_free(h);
		return NULL;
	}
	if (open_multi(h) == -1) {
		raid_fail(err, RAID_EOS, "HTTP: libcurl %s does not start",
		    curl_version_info(CURLVERSION_NOW)->version);
		raid_http_free(h);
		return NULL;
	}
	return h;
}

static void
wipe(struct curl_slist *l)
{
	for (; l != NULL; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
}

static void
destroy(struct raid_http_call *c)
{
	struct raid_http *h = c->h;

	if (c->prev != NULL) {
		*c->prev = c->next;
		if (c->next != NULL)
			c->next->prev = c->prev;
		h->n--;
	}
	/* One that curl does not know is no harm. */
	if (c->easy != NULL)
		(void)curl_multi_remove_handle(h->multi, c->easy);
	curl_easy_cleanup(c->easy);
	wipe(c->headers);
	curl_slist_free_all(c->headers);
	free(c->where);
	free(c);
}

void
raid_http_free(struct raid_http *h)
{
	sigset_t old;
	int guarded;

	if (h == NULL)
		return;
	guarded = guard_begin(h, &old);
	while (h->calls != NULL)
		destroy(h->calls);
	(void)curl_multi_cleanup(h->multi);
	guard_end(guarded, &old);
	if (h->initialised)
		curl_global_cleanup();
	if (h->timer != -1)
		close(h->timer);
	if (h->epoll != -1)
		close(h->epoll);
	free(h);
}

/* A thousand calls are a thousand descriptors, as many as a process usually
 * may have.  Before they run out, use what the hard limit allows. */
static void
make_room(const struct raid_http *h)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == -1 ||
	    h->n + SPARE_FDS < l.rlim_cur || l.rlim_cur >= l.rlim_max)
		return;
	l.rlim_cur = l.rlim_max / 2 < l.rlim_cur ? l.rlim_max :
	    l.rlim_cur * 2;
	(void)setrlimit(RLIMIT_NOFILE, &l);
}

/* When the first limit of a call is due. */
static double
limit_of(const struct raid_http_call *c)
{
	double at = INFINITY;

	if (c->o.wall > 0)
		at = c->started + c->o.wall;
	if (c->o.idle > 0)
		at = fmin(at, c->heard + c->o.idle);
	return at;
}

struct raid_http_call *
raid_http_start(struct raid_http *h, const struct raid_http_opts *o,
    struct raid_err *err)
{
	struct raid_http_call *c = raid_calloc(1, sizeof(*c));

	c->h = h;
	c->o = *o;
	c->o.url = NULL;
	c->o.headers = NULL;
	c->o.body = NULL;
	c->started = c->heard = raid_clock_mono();
	if (raid_http_prepare(c, o, err) == -1) {
		destroy(c);
		return NULL;
	}
	c->next = h->calls;
	c->prev = &h->calls;
	if (c->next != NULL)
		c->next->prev = &c->next;
	h->calls = c;
	h->n++;
	h->n_new++;
	make_room(h);
	h->limit_at = fmin(h->limit_at, limit_of(c));
	set_timer(h);
	return c;
}

void
raid_http_stop(struct raid_http_call *c)
{
	struct raid_http *h = c->h;
	sigset_t old;
	int guarded;

	if (c->state == RAID_HTTP_ENDED || c->state == RAID_HTTP_STOPPED)
		return;
	h->n_new -= c->state == RAID_HTTP_NEW;
	if (!h->serving) {
		guarded = guard_begin(h, &old);
		destroy(c);
		guard_end(guarded, &old);
		return;
	}
	/* curl may be at work on it, and we in a walk over all calls. */
	c->state = RAID_HTTP_STOPPED;
	h->n_stopped++;
}

int
raid_http_fd(const struct raid_http *h)
{
	return h->epoll;
}

static void
end(struct raid_http_call *c, const char *transport)
{
	c->state = RAID_HTTP_ENDED;
	if (c->o.on_end != NULL)
		c->o.on_end(c->o.arg, transport);
	destroy(c);
}

static void
begin_new(struct raid_http *h)
{
	struct raid_http_call *c, *next;

	for (c = h->calls; c != NULL && h->n_new > 0; c = next) {
		next = c->next;
		if (c->state != RAID_HTTP_NEW)
			continue;
		h->n_new--;
		c->state = RAID_HTTP_RUNNING;
		if (curl_multi_add_handle(h->multi, c->easy) != CURLM_OK)
			end(c, raid_http_reason(c, CURLE_FAILED_INIT));
	}
}

static void
drop_stopped(struct raid_http *h)
{
	struct raid_http_call *c, *next;

	for (c = h->calls; c != NULL && h->n_stopped > 0; c = next) {
		next = c->next;
		if (c->state == RAID_HTTP_STOPPED) {
			h->n_stopped--;
			destroy(c);
		}
	}
}

/* Hand on what curl says has ended. */
static void
collect(struct raid_http *h)
{
	struct raid_http_call *c;
	CURLMsg *m;
	CURLcode rc;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		c = NULL;
		rc = m->data.result;
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
		if (c != NULL && c->state == RAID_HTTP_RUNNING)
			end(c, raid_http_reason(c, rc));
	}
}

/* Has a limit of it passed?  Then what is said of that, else NULL. */
static const char *
late(struct raid_http_call *c, double now)
{
	curl_off_t sent = 0;

	if (c->o.wall > 0 && now >= c->started + c->o.wall) {
		(void)snprintf(c->text, sizeof(c->text),
		    "wall: not over after %g s", c->o.wall);
		return c->text;
	}
	if (c->o.idle <= 0 || now < c->heard + c->o.idle)
		return NULL;
	/* A long question on a slow line is life, too. */
	(void)curl_easy_getinfo(c->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	if (sent > c->sent) {
		c->sent = sent;
		c->heard = now;
		return NULL;
	}
	(void)snprintf(c->text, sizeof(c->text), "idle: no byte for %g s",
	    c->o.idle);
	return c->text;
}

static void
apply_limits(struct raid_http *h, double now)
{
	struct raid_http_call *c, *next;
	const char *text;

	if (now < h->limit_at)
		return;
	h->limit_at = INFINITY;
	for (c = h->calls; c != NULL; c = next) {
		next = c->next;
		if (c->state != RAID_HTTP_RUNNING)
			continue;
		text = late(c, now);
		if (text != NULL)
			end(c, text);
		else
			h->limit_at = fmin(h->limit_at, limit_of(c));
	}
}

/* Serve the sockets that are ready; returns how many. */
static int
serve_sockets(struct raid_http *h)
{
	struct epoll_event ev[BATCH];
	uint64_t ticks;
	int n, bits, running;

	n = epoll_wait(h->epoll, ev, BATCH, 0);
	for (int i = 0; i < n; i++) {
		if (ev[i].data.fd == h->timer) {
			(void)!read(h->timer, &ticks, sizeof(ticks));
			h->timer_at = INFINITY;
			continue;
		}
		/* An error shows when curl reads; what it takes for one by
		 * itself may be of a socket that had the number before. */
		bits = ev[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
		if ((ev[i].events & ~(uint32_t)EPOLLOUT) != 0)
			bits |= CURL_CSELECT_IN;
		(void)curl_multi_socket_action(h->multi, ev[i].data.fd, bits,
		    &running);
	}
	return n;
}

void
raid_http_serve(struct raid_http *h)
{
	int n, running, guarded;
	sigset_t old;

	if (h->serving)
		return;
	h->serving = 1;
	guarded = guard_begin(h, &old);
	h->now = raid_clock_mono();
	begin_new(h);
	n = serve_sockets(h);
	for (int i = 0; i < ROUNDS && raid_clock_mono() >= h->curl_at; i++) {
		h->curl_at = INFINITY;
		(void)curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT,
		    0, &running);
	}
	collect(h);
	/* With more sockets to read nobody is known to be silent. */
	if (n < BATCH)
		apply_limits(h, h->now);
	drop_stopped(h);
	set_timer(h);
	guard_end(guarded, &old);
	h->serving = 0;
}
