/* SPDX-License-Identifier: ISC */
/* A connection and the bytes of an answer that go out over it. */
#include "conn.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#define LOT 65536	/* bytes that are made before they are written */

enum step { ON, FLUSH, WAIT, HANG, DONE };

struct stats stats;
int ends_fd = -1, epoll;

static struct conn **conns, **heap;
static size_t nconns, conn_cap, nheap, heap_cap;

/* ---- a heap of those that wait for a time ---- */

static void
heap_put(size_t i, struct conn *c)
{
	heap[i] = c;
	c->heap = i + 1;
}

static void
heap_sift(size_t i)
{
	struct conn *c = heap[i];
	size_t to;

	while (i > 0 && heap[(i - 1) / 2]->due > c->due) {
		heap_put(i, heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	while ((to = 2 * i + 1) < nheap) {
		if (to + 1 < nheap && heap[to + 1]->due < heap[to]->due)
			to++;
		if (heap[to]->due >= c->due)
			break;
		heap_put(i, heap[to]);
		i = to;
	}
	heap_put(i, c);
}

static void
heap_add(struct conn *c)
{
	if (c->heap == 0) {
		heap = raid_grow(heap, &heap_cap, nheap + 1, sizeof(*heap));
		heap_put(nheap++, c);
	}
	heap_sift(c->heap - 1);
}

static void
heap_remove(struct conn *c)
{
	size_t i = c->heap - 1;

	if (c->heap == 0)
		return;
	c->heap = 0;
	if (i == --nheap)
		return;
	heap_put(i, heap[nheap]);
	heap_sift(i);
}

void
log_line(int fd, struct raid_json *j)
{
	char *s = raid_json_print(j, 0);
	char *line = raid_strf("%s\n", s);

	if (write(fd, line, strlen(line)) < 0)
		perror("llmd: log");
	free(s);
	free(line);
	raid_json_free(j);
}

static void
log_end(const struct conn *c, const char *how)
{
	struct raid_json *j;

	stats.busy--;
	if (ends_fd < 0)
		return;
	j = raid_json_object();
	raid_json_set_int(j, "id", c->ask.id);
	raid_json_set_str(j, "model", c->ask.model);
	raid_json_set_int(j, "sent", c->sent);
	raid_json_set_str(j, "how", how);
	log_line(ends_fd, j);
}

int
conn_wait(void)
{
	double now = raid_clock_mono();

	if (nheap == 0)
		return -1;
	return heap[0]->due <= now ? 0 : (int)((heap[0]->due - now) * 1e3) + 1;
}

struct conn *
conn_due(void)
{
	struct conn *c;

	if (nheap == 0 || heap[0]->due > raid_clock_mono())
		return NULL;
	c = heap[0];
	heap_remove(c);
	return c;
}

/* ---- connections ---- */

static void
watch(struct conn *c, int writing)
{
	struct epoll_event e = { .events = EPOLLIN, .data = { .ptr = c } };

	if (c->writing == writing)
		return;
	c->writing = writing;
	if (writing)
		e.events |= EPOLLOUT;
	(void)epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

void
conn_new(int fd)
{
	struct epoll_event e = { .events = EPOLLIN };
	struct conn *c = raid_calloc(1, sizeof(*c));
	int on = 1;

	*c = (struct conn){ .fd = fd, .index = nconns };
	raid_buf_init(&c->in, BIG);
	raid_buf_init(&c->out, BIG);
	conns = raid_grow(conns, &conn_cap, nconns + 1, sizeof(*conns));
	conns[nconns++] = c;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	e.data.ptr = c;
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
}

void
conn_free(struct conn *c, const char *how)
{
	if (c->stage != READING) {
		log_end(c, how);
		ask_free(&c->ask);
	}
	heap_remove(c);
	(void)close(c->fd);
	raid_buf_free(&c->in);
	raid_buf_free(&c->out);
	conns[c->index] = conns[--nconns];
	conns[c->index]->index = c->index;
	free(c);
}

void
conn_free_all(void)
{
	while (nconns > 0)
		conn_free(conns[0], "stopped");
	free(conns);
	free(heap);
}

/* ---- the answer goes out ---- */

static void
make_head(struct conn *c)
{
	struct ask *a = &c->ask;
	struct raid_buf *b = &c->out;
	int http10 = has(a, W_http10);
	long long len;

	c->chunked = !http10 && !has(a, W_cl) && a->frame != FIXED;
	c->close |= http10;
	if (has(a, W_chunked) && !http10)
		c->chunked = 1;
	if (has(a, W_hints))
		raid_buf_puts(b, "HTTP/1.1 103 Early Hints\r\n"
		    "retry-after: 77\r\n\r\n");
	raid_buf_printf(b, "%s/1.%d %d %s\r\ncontent-type: %s\r\n",
	    has(a, W_badhead) ? "PTTH\001" : "HTTP", !http10,
	    a->status, fault_name(a->status), a->type);
	if (c->chunked) {
		raid_buf_puts(b, "transfer-encoding: chunked\r\n");
	} else if (!http10) {
		len = say_length(a);
		if (has(a, W_cut) && a->how.n[W_cut] < len)
			len = a->how.n[W_cut];
		raid_buf_printf(b, "content-length: %lld\r\n", len);
	}
	raid_buf_printf(b, "%s: req_%06lld\r\n", a->api == ANTHROPIC ?
	    "request-id" : "x-request-id", a->id);
	raid_buf_add(b, a->head.p, a->head.len);
	if (has(a, W_longhead))
		raid_buf_printf(b, "x-long: %0*d\r\n",
		    (int)a->how.n[W_longhead], 0);
	raid_buf_puts(b, c->close ? "connection: close\r\n\r\n" : "\r\n");
}

/* Where the body ends before its end, and how. */
static void
find_limit(struct conn *c)
{
	static const enum word how[] = { W_cut, W_drop, W_reset, W_stall };

	c->limit = -1;
	for (size_t i = 0; i < 4; i++) {
		if (has(&c->ask, how[i]))
			c->limit = c->ask.how.n[how[i]];
	}
}

static enum step
step_head(struct conn *c)
{
	struct ask *a = &c->ask;
	double now = raid_clock_mono();

	if (now < c->due)
		return WAIT;
	make_head(c);
	if (has(a, W_down)) {
		if ((long long)c->out.len > a->how.n[W_down])
			c->out.len = (size_t)a->how.n[W_down];
		c->close = 1;
		c->end = "down";
		c->stage = END;
		return ON;
	}
	find_limit(c);
	c->stage = BODY;
	c->due = c->start = now + (double)num(a, W_late, 0) / 1e3;
	return ON;
}

/* The body is over; all of it, or as far as it was to come. */
static enum step
end_body(struct conn *c, const char *how)
{
	c->end = how;
	c->stage = END;
	if (c->chunked && (strcmp(how, "whole") == 0 ||
	    strcmp(how, "cut") == 0))
		raid_buf_puts(&c->out, has(&c->ask, W_trailers) ?
		    "0\r\nretry-after: 88\r\nx-last: 1\r\n\r\n" : "0\r\n\r\n");
	if (strcmp(how, "whole") != 0)
		c->close = 1;
	return ON;
}

static enum step
at_limit(struct conn *c)
{
	if (has(&c->ask, W_stall)) {
		c->stage = HUNG;
		return FLUSH;
	}
	c->reset = has(&c->ask, W_reset);
	return end_body(c, c->reset ? "reset" : has(&c->ask, W_drop) ? "drop" :
	    "cut");
}

/* Frame the next bytes of what is made. */
static enum step
frame(struct conn *c)
{
	struct ask *a = &c->ask;
	long long n = (long long)(a->made.len - c->framed);
	long long split = num(a, W_split, 0) - c->sent;

	if (has(a, W_bytes) && n > a->how.n[W_bytes])
		n = a->how.n[W_bytes];
	if (split > 0 && n > split)
		n = split;
	if (c->limit >= 0 && n > c->limit - c->sent)
		n = c->limit - c->sent;
	if (c->chunked)
		raid_buf_printf(&c->out, "%s%llx\r\n",
		    has(a, W_badchunk) ? "z" : "", n);
	raid_buf_add(&c->out, a->made.p + c->framed, (size_t)n);
	if (c->chunked)
		raid_buf_puts(&c->out, "\r\n");
	c->framed += (size_t)n;
	c->sent += n;
	if (n == split)
		c->due = raid_clock_mono() + 0.005;
	else if (has(a, W_drip))
		c->due = raid_clock_mono() + (double)a->how.n[W_drip] / 1e3;
	return has(a, W_bytes) || n == split ? FLUSH : ON;
}

static enum step
step_body(struct conn *c)
{
	struct ask *a = &c->ask;

	if (raid_clock_mono() < c->due)
		return WAIT;
	if (c->sent == c->limit)
		return at_limit(c);
	if (c->framed < a->made.len)
		return frame(c);
	raid_buf_reset(&a->made);
	c->framed = 0;
	do {
		if (!say_next(a))
			return a->made.len > 0 ? ON : end_body(c, "whole");
	} while (!has(a, W_pace) && a->made.len < LOT);
	if (has(a, W_pace))
		c->due = c->start +
		    (double)(c->steps++ * a->how.n[W_pace]) / 1e3;
	return ON;
}

static enum step
step(struct conn *c)
{
	switch (c->stage) {
	case HEAD:
		return step_head(c);
	case BODY:
		return step_body(c);
	case HUNG:
		return HANG;
	default:
		return DONE;
	}
}

int
conn_flush(struct conn *c)
{
	ssize_t n;

	while (c->written < c->out.len) {
		n = send(c->fd, c->out.p + c->written, c->out.len - c->written,
		    MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 1 : -1;
		c->written += (size_t)n;
	}
	raid_buf_reset(&c->out);
	c->written = 0;
	return 0;
}

/*
 * All is written; 1 if the connection stays for another request.  RST would
 * overtake what the client has not taken yet.
 */
static int
finish(struct conn *c)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	int left = 0;

	if (c->reset) {
		if (ioctl(c->fd, SIOCOUTQ, &left) == 0 && left > 0) {
			c->due = raid_clock_mono() + 0.001;
			heap_add(c);
			return 0;
		}
		(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now,
		    sizeof(now));
	}
	if (c->close) {
		conn_free(c, c->end);
		return 0;
	}
	log_end(c, c->end);
	ask_free(&c->ask);
	c->stage = READING;
	watch(c, 0);
	return 1;
}

int
conn_pump(struct conn *c)
{
	enum step s;
	int r;

	for (int turn = 0; turn < 256; turn++) {
		s = step(c);
		if (s == ON && c->out.len < LOT)
			continue;
		r = conn_flush(c);
		if (r < 0) {
			conn_free(c, "gone");
			return 0;
		}
		if (r > 0)
			break;
		if (s == DONE)
			return finish(c);
		if (s == WAIT || s == HANG) {
			if (s == WAIT)
				heap_add(c);
			watch(c, 0);
			return 0;
		}
	}
	watch(c, 1);
	return 0;
}
