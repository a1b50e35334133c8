/* SPDX-License-Identifier: ISC */
/* lib/array/http against tests/llmd, which lies beside this program. */
#include <sys/resource.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#include "array/http.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"

#define SECRET "sk-not-for-anybody"
#define QUESTION "{\"model\":\"good\",\"stream\":true,\"messages\":" \
	"[{\"role\":\"user\",\"content\":\"Hello\"}]}"
#define MANY 1000

static struct raid_proc llmd;
static long port;

/* What became of a call, and what is to be done meanwhile. */
struct seen {
	struct raid_http *h;
	struct raid_http_call *call, *other;	/* other: one to stop */
	int statuses, status, header_lines, ended, clean;
	int stop_self;		/* in on_data */
	int stop_at_end;	/* other, in on_end */
	struct seen *start;	/* one to start in on_end */
	int get;		/* there is no question */
	size_t enough;		/* on_data says so after these bytes */
	size_t bytes;
	struct raid_buf headers, body;
	char text[600];
};

static void
seen_init(struct seen *s, struct raid_http *h)
{
	*s = (struct seen){ .h = h };
	raid_buf_init(&s->headers, 1 << 20);
	raid_buf_init(&s->body, 1 << 20);
}

static void
seen_free(struct seen *s)
{
	raid_buf_free(&s->headers);
	raid_buf_free(&s->body);
}

static void
on_status(void *arg, int status)
{
	struct seen *s = arg;

	s->statuses++;
	s->status = status;
	assert_int_equal(s->header_lines, 0);
}

static void
on_header(void *arg, const char *line, size_t len)
{
	struct seen *s = arg;

	assert_int_equal(s->statuses, 1);
	assert_int_equal(s->bytes, 0);
	assert_true(len > 0 && memchr(line, '\r', len) == NULL);
	s->header_lines++;
	raid_buf_add(&s->headers, line, len);
	raid_buf_addc(&s->headers, '\n');
}

static int
on_data(void *arg, const void *p, size_t len)
{
	struct seen *s = arg;

	assert_false(s->ended);
	assert_int_not_equal(s->status, 0);
	s->bytes += len;
	raid_buf_add(&s->body, p, len);
	if (s->stop_self)
		raid_http_stop(s->call);
	if (s->other != NULL && !s->stop_at_end) {
		raid_http_stop(s->other);
		s->other = NULL;
	}
	return s->enough != 0 && s->bytes >= s->enough;
}

static struct raid_http_call *begin(struct seen *s, const char *words,
    struct raid_http_opts o);

static void
on_end(void *arg, const char *transport)
{
	struct seen *s = arg;

	assert_false(s->ended);
	s->ended = 1;
	s->clean = transport == NULL;
	if (transport != NULL) {
		assert_null(strstr(transport, SECRET));
		assert_null(strchr(transport, '\n'));
		(void)snprintf(s->text, sizeof(s->text), "%s", transport);
	}
	raid_http_stop(s->call);	/* of no effect any more */
	if (s->stop_at_end)
		raid_http_stop(s->other);
	if (s->start != NULL)
		begin(s->start, "good", (struct raid_http_opts){ 0 });
}

/* Begin a call.  words are what llmd shall do, or a URL. */
static struct raid_http_call *
begin(struct seen *s, const char *words, struct raid_http_opts o)
{
	struct raid_list headers = { 0 };
	struct raid_err err = { 0 };
	char *url;

	url = strstr(words, "://") != NULL ? raid_strdup(words) :
	    raid_strf("http://127.0.0.1:%ld/@%s/v1/chat/completions?key="
	    SECRET, port, words);
	raid_list_add(&headers, "Content-Type: application/json");
	raid_list_add(&headers, "Authorization: Bearer " SECRET);
	o.url = url;
	o.headers = &headers;
	if (o.body == NULL && !s->get) {
		o.body = QUESTION;
		o.body_len = strlen(QUESTION);
	}
	o.on_status = on_status;
	o.on_header = on_header;
	o.on_data = on_data;
	o.on_end = on_end;
	o.arg = s;
	s->call = raid_http_start(s->h, &o, &err);
	if (s->call == NULL)
		fail_msg("%s: %s", url, err.msg);
	/* It keeps nothing that is ours. */
	memset(url, 'x', strlen(url));
	for (size_t i = 0; i < headers.n; i++)
		memset(headers.v[i], 'x', strlen(headers.v[i]));
	free(url);
	raid_list_free(&headers);
	return s->call;
}

/* One turn of the loop, which ends after 20 s of nothing. */
static void
turn(struct raid_http *h)
{
	struct pollfd f = { .fd = raid_http_fd(h), .events = POLLIN };

	assert_int_equal(poll(&f, 1, 20000), 1);
	raid_http_serve(h);
}

static struct raid_http *
open_http(void)
{
	struct raid_err err = { 0 };
	struct raid_http *h = raid_http_new(&err);

	if (h == NULL)
		fail_msg("%s", err.msg);
	return h;
}

/* A call from its start to its end. */
static void
ask(struct seen *s, const char *words, struct raid_http_opts o)
{
	seen_init(s, open_http());
	begin(s, words, o);
	while (!s->ended)
		turn(s->h);
	raid_http_free(s->h);
}

#define NONE ((struct raid_http_opts){ 0 })

static void
broken(const char *words, struct raid_http_opts o, const char *begins,
    const char *has)
{
	struct seen s;

	ask(&s, words, o);
	if (strncmp(s.text, begins, strlen(begins)) != 0 ||
	    strstr(s.text, has) == NULL)
		fail_msg("%s: \"%s\"", words, s.text);
	seen_free(&s);
}

static void
test_clean(void **state)
{
	static const char *const as[] = { "good", "cl", "http10",
		"hints+trailers", "bytes=1+drip=0", "bytes=3+drip=0+cl",
		"late=50+slow=50" };
	struct seen s;

	(void)state;
	for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++) {
		ask(&s, as[i], NONE);
		if (!s.clean)
			fail_msg("%s: %s", as[i], s.text);
		assert_int_equal(s.status, 200);
		assert_int_equal(s.statuses, 1);
		assert_non_null(strstr(raid_buf_str(&s.headers),
		    "content-type: text/event-stream"));
		assert_null(strstr(raid_buf_str(&s.headers), "77"));
		assert_true(raid_str_ends(raid_buf_str(&s.body),
		    "data: [DONE]\n\n"));
		seen_free(&s);
	}
	/* A status is an answer as well. */
	ask(&s, "status=503", NONE);
	assert_true(s.clean);
	assert_int_equal(s.status, 503);
	assert_non_null(strstr(raid_buf_str(&s.body), "error"));
	seen_free(&s);
}


/* A question of some length comes whole; without one it is a GET. */
static void
test_question(void **state)
{
	char *text = raid_malloc(300001), *url;
	struct raid_buf body;
	struct seen s;

	(void)state;
	for (int i = 0; i < 300000; i++)
		text[i] = (char)('a' + i * 7 % 26);
	text[300000] = '\0';
	raid_buf_init(&body, (size_t)1 << 20);
	raid_buf_printf(&body, "{\"model\":\"good\",\"messages\":"
	    "[{\"role\":\"user\",\"content\":\"%s\"}]}", text);
	ask(&s, "echo", (struct raid_http_opts){ .body = body.p,
	    .body_len = body.len });
	assert_true(s.clean);
	assert_int_equal(s.status, 200);
	assert_non_null(strstr(raid_buf_str(&s.body), text));
	raid_buf_free(&body);
	seen_free(&s);
	free(text);

	seen_init(&s, open_http());
	s.get = 1;
	url = raid_strf("http://127.0.0.1:%ld/health", port);
	begin(&s, url, NONE);
	while (!s.ended)
		turn(s.h);
	assert_true(s.clean);
	assert_int_equal(s.status, 200);
	raid_http_free(s.h);
	seen_free(&s);
	free(url);
}

/* Closed after at bytes of body: never clean, and nothing is lost. */
static void
cut(const char *word, size_t at)
{
	char *words = raid_strf("%s=%zu", word, at), *after;
	struct seen s;

	ask(&s, words, NONE);
	assert_false(s.clean);
	assert_int_equal(s.status, 200);
	assert_int_equal(s.bytes, at);
	after = raid_strf("ended early, after %zu bytes", at);
	if (strncmp(s.text, "cut: ", 5) != 0 || strstr(s.text, after) == NULL)
		fail_msg("%s: %s", words, s.text);
	free(after);
	free(words);
	seen_free(&s);
}

static void
test_cut(void **state)
{
	struct seen s;
	size_t whole;

	(void)state;
	ask(&s, "good", NONE);
	whole = s.bytes - 10;	/* the number of the answer has digits */
	seen_free(&s);
	assert_true(whole > 1000);
	for (size_t at = 0; at <= whole; at += whole / 23) {
		cut("drop", at);
		cut("cl+drop", at);
	}
	cut("drop", 1);
	cut("cl+drop", 1);
	/* What closing ends is whole for HTTP, wherever that is. */
	ask(&s, "http10+drop=700", NONE);
	assert_true(s.clean);
	assert_int_equal(s.bytes, 700);
	seen_free(&s);
	broken("reset=600", NONE, "cut: ", ": Connection reset by peer");
	broken("down", NONE, "cut: ", "closed the connection before");
	broken("down=12", NONE, "cut: ", "closed the connection before");
	broken("down=20", NONE, "cut: ", "ended early, after 0 bytes");
	broken("down=40", NONE, "cut: ", "ended early, after 0 bytes");
}

/* How long the call takes that is broken so. */
static double
lasts(const char *words, struct raid_http_opts o, const char *text)
{
	double t = raid_clock_mono();

	broken(words, o, text, "");
	return raid_clock_mono() - t;
}

static void
test_limits(void **state)
{
	struct raid_http_opts idle = { .idle = 0.4 }, wall = { .wall = 0.4 };
	struct seen s;
	double t;

	(void)state;
	t = lasts("stall=500", idle, "idle: no byte for 0.4 s");
	assert_true(t >= 0.4 && t < 3);
	t = lasts("slow=9000", idle, "idle: ");
	assert_true(t >= 0.4 && t < 3);
	t = lasts("late=9000", idle, "idle: ");
	assert_true(t >= 0.4 && t < 3);
	t = lasts("events=100+pace=50", wall, "wall: not over after 0.4 s");
	assert_true(t >= 0.4 && t < 3);
	t = lasts("stall=500", (struct raid_http_opts){ .wall = 0.3,
	    .idle = 9 }, "wall: ");
	assert_true(t >= 0.3 && t < 3);
	/* It says something now and then. */
	ask(&s, "events=12+pace=100", (struct raid_http_opts){ .idle = 0.8,
	    .connect = 5, .wall = 60 });
	assert_true(s.clean);
	seen_free(&s);
}

/* A socket on loopback that listens, with room for one, or does not. */
static int
listener(int listens, char **url)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_not_equal(fd, -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	if (listens)
		assert_int_equal(listen(fd, 0), 0);
	*url = raid_strf("http://127.0.0.1:%d/x?key=" SECRET,
	    ntohs(a.sin_port));
	return fd;
}

static void
test_connect(void **state)
{
	struct raid_http_opts soon = { .connect = 0.3 };
	struct raid_http *h = open_http();
	struct seen v[4];
	char *url, name[80];
	double t;
	int fd;

	(void)state;
	fd = listener(0, &url);
	broken(url, NONE, "connect: ", "Connection refused");
	close(fd);
	free(url);
	/* A label of more than 63 bytes: nobody needs to be asked for it. */
	memset(name, 'a', sizeof(name));
	url = raid_strf("http://%.70s.invalid/?key=" SECRET, name);
	broken(url, NONE, "connect: name not known: aaa", "invalid port 80");
	assert_int_equal(setenv("http_proxy", url, 1), 0);
	broken("http://other.invalid/", NONE, "connect: name of the proxy "
	    "not known, ", "other.invalid port 80");
	assert_int_equal(unsetenv("http_proxy"), 0);
	free(url);
	/* Nobody accepts, and after two the queue is full. */
	fd = listener(1, &url);
	for (int i = 0; i < 4; i++) {
		seen_init(&v[i], h);
		begin(&v[i], url, NONE);
	}
	for (int i = 0; i < 3; i++)
		turn(h);
	t = lasts(url, soon, "connect: no connection to 127.0.0.1 port ");
	assert_true(t >= 0.3 && t < 3);
	raid_http_free(h);
	for (int i = 0; i < 4; i++) {
		assert_false(v[i].ended);
		seen_free(&v[i]);
	}
	close(fd);
	free(url);
}

/* It is followed nowhere, and told even when its body was enough. */
static void
test_redirect(void **state)
{
	struct raid_http *h = open_http();
	struct seen s;

	(void)state;
	broken("redirect=https%3A%2F%2Fme:" SECRET "@other.invalid%2Fx%3Fkey="
	    SECRET, NONE, "redirect: status 307 of 127.0.0.1 port ",
	    "leads to other.invalid port 443,");
	broken("redirect=%2Fx%3Fkey=" SECRET, NONE, "redirect: ",
	    "leads to 127.0.0.1 port ");
	broken("redirect=http%3A%2F%2F", NONE, "redirect: ",
	    "leads to another place,");
	seen_init(&s, h);
	s.enough = 1;
	begin(&s, "redirect=http%3A%2F%2Fother.invalid", NONE);
	while (!s.ended)
		turn(h);
	assert_int_equal(s.status, 307);
	assert_non_null(strstr(s.text, "leads to other.invalid port 80,"));
	raid_http_free(h);
	seen_free(&s);
}

/* One that speaks, but not HTTP. */
static void
test_babble(void **state)
{
	static const char *const says[] = { "SSH-2.0-OpenSSH_9.2p1\r\n",
		"HTTP/1.1 " SECRET "\r\n\r\n", "HTTP/7 200 OK\r\n\r\n",
		"\x15\x03\x01\0\x02", "<html>" SECRET "</html>" };
	struct raid_http *h = open_http();
	struct seen s;
	char *url;
	int fd = listener(1, &url), peer;

	(void)state;
	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		seen_init(&s, h);
		begin(&s, url, (struct raid_http_opts){ .idle = 9 });
		turn(h);
		peer = accept(fd, NULL, NULL);
		assert_int_not_equal(peer, -1);
		assert_true(write(peer, says[i], strlen(says[i])) > 0);
		assert_int_equal(shutdown(peer, SHUT_WR), 0);
		while (!s.ended)
			turn(h);
		if (s.clean || (!raid_str_starts(s.text, "HTTP: ") &&
		    !raid_str_starts(s.text, "cut: ")))
			fail_msg("%zu: %s", i, s.text);
		close(peer);
		seen_free(&s);
	}
	raid_http_free(h);
	close(fd);
	free(url);
}

static void
test_refused(void **state)
{
	static const char *const urls[] = { "", "x", "127.0.0.1:1/v1",
		"ftp://127.0.0.1/" SECRET, "file:///etc/passwd",
		"http://", "http://127.0.0.1:99999/" SECRET,
		"http://a b/" SECRET };
	static const char *const headers[] = { "X: " SECRET "\r\nY: z",
		"X: " SECRET "\n", "X " SECRET, ": " SECRET };
	struct raid_http *h = open_http();
	struct raid_http_opts o = { 0 };
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		o.url = urls[i];
		if (raid_http_start(h, &o, &err) != NULL)
			fail_msg("%s", urls[i]);
		assert_int_equal(err.code, RAID_ECONFIG);
		assert_null(strstr(err.msg, SECRET));
	}
	o.url = "http://127.0.0.1/";
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct raid_list l = { 0 };

		raid_list_add(&l, headers[i]);
		o.headers = &l;
		if (raid_http_start(h, &o, &err) != NULL)
			fail_msg("%s", headers[i]);
		assert_int_equal(err.code, RAID_ECONFIG);
		assert_null(strstr(err.msg, SECRET));
		raid_list_free(&l);
	}
	raid_http_free(h);
	raid_http_free(NULL);
}

static long
resident(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

/* 100 MB pass through; only what a callback keeps is kept. */
static void
test_flood(void **state)
{
	struct seen s;
	long before = resident();

	(void)state;
	ask(&s, "flood=100M", NONE);
	assert_true(s.clean);
	assert_true(s.bytes > (size_t)100 << 20);
	assert_true(resident() - before < 10000);
	seen_free(&s);
	/* Enough is enough, and a clean end. */
	seen_init(&s, open_http());
	s.enough = 100000;
	begin(&s, "flood=1G", NONE);
	while (!s.ended)
		turn(s.h);
	assert_true(s.clean);
	assert_in_range(s.bytes, 100000, 200000);
	raid_http_free(s.h);
	seen_free(&s);
}

static void
test_many(void **state)
{
	struct seen *v = raid_calloc(MANY, sizeof(*v));
	struct raid_http *h = open_http();
	struct rlimit few = { .rlim_cur = 256 }, was;
	size_t ended = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few.rlim_max = was.rlim_max;
	if (was.rlim_max < MANY + 300) {
		fprintf(stderr, "# only %lu descriptors\n",
		    (unsigned long)was.rlim_max);
		skip();
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < MANY; i++) {
		seen_init(&v[i], h);
		begin(&v[i], "events=5+pace=100", (struct raid_http_opts){
		    .connect = 60, .idle = 60 });
	}
	while (ended < MANY) {
		turn(h);
		ended = 0;
		for (int i = 0; i < MANY; i++)
			ended += (size_t)v[i].ended;
	}
	for (int i = 0; i < MANY; i++) {
		if (!v[i].clean)
			fail_msg("%d: %s", i, v[i].text);
		assert_true(raid_str_ends(raid_buf_str(&v[i].body),
		    "data: [DONE]\n\n"));
		seen_free(&v[i]);
	}
	raid_http_free(h);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	free(v);
}

/* Stop others and oneself from every place. */
static void
test_stop(void **state)
{
	struct raid_http *h = open_http();
	struct seen a, b, c, d, e;

	(void)state;
	seen_init(&a, h);
	seen_init(&b, h);
	seen_init(&c, h);
	seen_init(&d, h);
	seen_init(&e, h);
	/* Before anything was served. */
	raid_http_stop(begin(&a, "good", NONE));
	/* b is stopped by itself; a by d, at its first byte; c by e at its
	 * end, which starts b anew. */
	begin(&a, "stall=500", NONE);
	begin(&b, "events=100+pace=1", NONE);
	b.stop_self = 1;
	begin(&c, "events=1000+pace=20", NONE);
	d.other = begin(&d, "slow=100", NONE) != NULL ? a.call : NULL;
	e.other = c.call;
	e.stop_at_end = 1;
	begin(&e, "slow=200", NONE);
	while (!d.ended || !e.ended)
		turn(h);
	assert_true(d.clean && e.clean);
	assert_false(a.ended || b.ended || c.ended);
	assert_true(a.bytes > 0 && b.bytes > 0 && c.bytes > 0);
	assert_true(b.bytes < 4096);
	/* One that starts another at its end, which is stopped unserved. */
	seen_free(&b);
	seen_init(&b, h);
	seen_free(&d);
	seen_init(&d, h);
	d.start = &b;
	begin(&d, "good", NONE);
	while (!d.ended)
		turn(h);
	raid_http_stop(b.call);
	/* Once more, and it is served. */
	seen_free(&d);
	seen_init(&d, h);
	d.start = &b;
	begin(&d, "good", NONE);
	while (!b.ended)
		turn(h);
	assert_true(b.clean);
	/* Some run, one was never served: all go. */
	seen_free(&a);
	seen_init(&a, h);
	begin(&a, "stall=500", NONE);
	while (a.bytes == 0)
		turn(h);
	begin(&a, "good", NONE);
	raid_http_free(h);
	assert_false(a.ended);
	seen_free(&a);
	seen_free(&b);
	seen_free(&c);
	seen_free(&d);
	seen_free(&e);
}

/* When nothing is to be done the descriptor is silent. */
static void
test_quiet(void **state)
{
	struct raid_http *h = open_http();
	struct pollfd f = { .fd = raid_http_fd(h), .events = POLLIN };
	struct seen s;
	int turns = 0;

	(void)state;
	assert_int_equal(poll(&f, 1, 0), 0);
	seen_init(&s, h);
	begin(&s, "stall=500", (struct raid_http_opts){ .idle = 0.5,
	    .wall = 100 });
	assert_int_equal(poll(&f, 1, 0), 1);
	for (; !s.ended; turns++)
		turn(h);
	assert_true(turns < 100);
	assert_int_equal(poll(&f, 1, 300), 0);
	raid_http_free(h);
	seen_free(&s);
}

/* A line that a child writes: the number behind its last blank or colon. */
static long
number_of(struct raid_proc *p, const char *begins)
{
	struct raid_proc *const v[1] = { p };
	const char *line = NULL, *end = NULL;
	double until = raid_clock_mono() + 20;

	while (end == NULL && raid_clock_mono() < until &&
	    raid_proc_wait(v, 1, 20) == 1) {
		line = strstr(raid_buf_str(&p->out), begins);
		end = line != NULL ? strchr(line, '\n') : NULL;
	}
	if (end == NULL)
		fail_msg("no port: %s", raid_buf_str(&p->out));
	while (end > line && end[-1] >= '0' && end[-1] <= '9')
		end--;
	return strtol(end, NULL, 10);
}

#define ARGV(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

static void
tls(struct raid_http *h, const char *url, const char *text)
{
	struct seen s;

	seen_init(&s, h);
	s.get = 1;
	begin(&s, url, (struct raid_http_opts){ .connect = 5, .idle = 5 });
	while (!s.ended)
		turn(h);
	if (strcmp(text, "") == 0 ? !s.clean : strstr(s.text, text) == NULL)
		fail_msg("%s: %s, not %s", url, s.text, text);
	seen_free(&s);
}

static void
serve_tls(const char *dir)
{
	struct raid_err err;
	struct raid_proc p, server;
	struct raid_http *h;
	char *url, *cert = raid_path_join(dir, "cert");
	long at;

	assert_int_equal(raid_proc_run(&p, &(struct raid_proc_opts){
	    .dir = dir, .argv = ARGV("openssl", "req", "-x509", "-newkey",
	    "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
	    "key", "-out", "cert", "-days", "2", "-subj", "/CN=raid",
	    "-addext", "subjectAltName=IP:127.0.0.1") }, &err), 0);
	assert_int_equal(p.status, 0);
	raid_proc_free(&p);
	assert_int_equal(raid_proc_start(&server, &(struct raid_proc_opts){
	    .dir = dir, .argv = ARGV("openssl", "s_server", "-accept",
	    "127.0.0.1:0", "-key", "key", "-cert", "cert", "-www") }, &err),
	    0);
	at = number_of(&server, "ACCEPT");
	h = open_http();
	url = raid_strf("https://127.0.0.1:%ld/", at);
	tls(h, url, "TLS: no trusted connection to 127.0.0.1");
	assert_int_equal(setenv("SSL_CERT_FILE", cert, 1), 0);
	tls(h, url, "");
	free(url);
	url = raid_strf("https://localhost:%ld/", at);
	tls(h, url, "TLS: no trusted connection to localhost");
	free(url);
	raid_http_free(h);
	assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
	raid_proc_free(&server);
	free(cert);
}

static void
test_tls(void **state)
{
	char *openssl = raid_proc_find("openssl"), *dir;
	struct raid_err err;

	(void)state;
	if (openssl == NULL) {
		fprintf(stderr, "# no openssl here\n");
		skip();
	}
	free(openssl);
	dir = raid_path_mktemp(&err);
	assert_non_null(dir);
	serve_tls(dir);
	assert_int_equal(raid_path_remove(dir, &err), 0);
	free(dir);
}

static int
start_llmd(void **state)
{
	static const char *const vars[] = { "http_proxy", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_FILE" };
	char exe[4096], *slash, *path;
	struct raid_err err;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int r;

	(void)state;
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		(void)unsetenv(vars[i]);
	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	path = raid_strf("%.*s/llmd", slash != NULL ? (int)(slash - exe) : 0,
	    exe);
	r = raid_proc_start(&llmd, &(struct raid_proc_opts){
	    .argv = ARGV(path) }, &err);
	if (r == -1)
		fprintf(stderr, "# %s\n", err.msg);
	else
		port = number_of(&llmd, "");
	free(path);
	return r;
}

static int
stop_llmd(void **state)
{
	(void)state;
	raid_proc_free(&llmd);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_redirect),
		cmocka_unit_test(test_babble),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_tls),
	};

	return cmocka_run_group_tests(tests, start_llmd, stop_llmd);
}
