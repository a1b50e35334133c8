/* SPDX-License-Identifier: ISC */
/*
 * streams [-b FILE] N URL: N calls to one URL at once, each with the content
 * of FILE as its question, their answers read as those of the openai kind.
 * One line when the last has ended: seconds, CPU time an event in
 * microseconds, resident kilobytes at most, events, bytes.  An event is a word
 * of the text, as llmd has it with events=.  1 when an answer is not complete.
 */
#include <sys/resource.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "array/http.h"
#include "array/wire.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "base/proc.h"

struct stream {
	struct raid_wire *wire;
	long long *running;
	int *said;		/* what broke was told of another */
	long long events, bytes;
	int bad;
};

static void
on_status(void *arg, int status)
{
	raid_wire_status(((struct stream *)arg)->wire, status);
}

static void
on_header(void *arg, const char *line, size_t len)
{
	raid_wire_header(((struct stream *)arg)->wire, line, len);
}

/* The end of the body comes soon after that of the answer, and then the
 * connection can serve another call. */
static int
on_data(void *arg, const void *p, size_t len)
{
	struct stream *s = arg;

	s->bytes += (long long)len;
	raid_wire_feed(s->wire, p, len);
	return 0;
}

static void
on_end(void *arg, const char *transport)
{
	struct stream *s = arg;
	const struct raid_reply *r = raid_wire_reply(s->wire);

	raid_wire_end(s->wire, transport);
	s->bad = r->answer != RAID_ANSWER_COMPLETE;
	if (s->bad && (*s->said)++ == 0)
		fprintf(stderr, "streams: %s\n", r->reason);
	s->events = r->text.len > 0;
	for (size_t i = 0; i < r->text.len; i++)
		s->events += r->text.p[i] == ' ';
	raid_wire_free(s->wire);
	--*s->running;
}

static int
run(struct raid_http *h, const struct raid_http_opts *o, size_t n)
{
	struct stream *v = raid_calloc(n, sizeof(*v));
	double begin = raid_clock_mono();
	long long running = 0, events = 0, bytes = 0;
	struct raid_http_opts own = *o;
	struct rusage u;
	struct raid_err err;
	int bad = 0, said = 0;

	for (size_t i = 0; i < n; i++) {
		v[i].running = &running;
		v[i].said = &said;
		v[i].wire = raid_wire_new(RAID_PROVIDER_OPENAI);
		own.arg = &v[i];
		if (raid_http_start(h, &own, &err) == NULL) {
			fprintf(stderr, "streams: %s\n", err.msg);
			bad = 1;
			break;
		}
		running++;
	}
	while (running > 0 && raid_proc_signal() == 0) {
		raid_proc_wait_fd(NULL, 0, raid_http_fd(h), -1);
		raid_http_serve(h);
	}
	for (size_t i = 0; i < n; i++) {
		bad |= v[i].bad;
		events += v[i].events;
		bytes += v[i].bytes;
	}
	(void)getrusage(RUSAGE_SELF, &u);
	printf("%.3f %.2f %ld %lld %lld\n", raid_clock_mono() - begin,
	    ((double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec)) /
	    (double)(events > 0 ? events : 1), u.ru_maxrss, events, bytes);
	free(v);
	return bad;
}

int
main(int argc, char **argv)
{
	struct raid_http_opts o = { .connect = 10, .idle = 60,
		.on_status = on_status, .on_header = on_header,
		.on_data = on_data, .on_end = on_end };
	struct raid_list headers = { 0 };
	struct raid_buf body;
	struct raid_http *h;
	struct raid_err err;
	long long n;
	int bad = 1, c;

	raid_buf_init(&body, (size_t)1 << 30);
	while ((c = getopt(argc, argv, "b:")) != -1) {
		raid_buf_free(&body);
		if (c != 'b' || raid_path_read(optarg, (size_t)1 << 30, &body,
		    &err) == -1)
			return 64;
		o.body = body.p;
		o.body_len = body.len;
	}
	if (argc - optind != 2 || raid_num_parse(argv[optind], 1, 100000, &n,
	    "N", &err) == -1) {
		fprintf(stderr, "usage: streams [-b FILE] N URL\n");
		return 64;
	}
	raid_list_add(&headers, "Content-Type: application/json");
	o.headers = &headers;
	o.url = argv[optind + 1];
	raid_proc_signals();
	h = raid_http_new(&err);
	if (h == NULL)
		fprintf(stderr, "streams: %s\n", err.msg);
	else
		bad = run(h, &o, (size_t)n);
	raid_http_free(h);
	raid_list_free(&headers);
	raid_buf_free(&body);
	return bad;
}
