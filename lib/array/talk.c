/* SPDX-License-Identifier: ISC */
#include "array/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct raid_talk_priv {
	const struct raid_member *member;
	struct raid_wire_request request;
	struct raid_http_call *call;	/* NULL: ended, or a child */
	struct raid_wire *wire;
	char *context;			/* what a child reads */
	size_t told;			/* bytes of text that on_text has */
	double started;
	void (*on_text)(void *arg, const void *p, size_t len);
	void *arg;
};

static void
tell(struct raid_talk *t, const void *p, size_t len)
{
	struct raid_talk_priv *v = t->priv;

	if (len == 0)
		return;
	if (t->first < 0)
		t->first = raid_clock_mono() - v->started;
	t->bytes += len;
	if (v->on_text != NULL)
		v->on_text(v->arg, p, len);
}

static void
on_out(void *arg, const void *p, size_t len)
{
	tell(arg, p, len);
}

static void
on_status(void *arg, int status)
{
	struct raid_talk *t = arg;

	raid_wire_status(t->priv->wire, status);
}

static void
on_header(void *arg, const char *line, size_t len)
{
	struct raid_talk *t = arg;

	raid_wire_header(t->priv->wire, line, len);
}

static int
on_data(void *arg, const void *p, size_t len)
{
	struct raid_talk *t = arg;
	struct raid_talk_priv *v = t->priv;
	const struct raid_reply *r = raid_wire_reply(v->wire);

	raid_wire_feed(v->wire, p, len);
	tell(t, r->text.p + v->told, r->text.len - v->told);
	v->told = r->text.len;
	return r->done;
}

static void
take_reply(struct raid_talk *t)
{
	struct raid_talk_priv *v = t->priv;
	const struct raid_reply *r = raid_wire_reply(v->wire);

	/* The end may bring the last of the text. */
	tell(t, r->text.p + v->told, r->text.len - v->told);
	v->told = r->text.len;
	t->running = 0;
	t->seconds = raid_clock_mono() - v->started;
	t->reply = r;
	t->answer = r->answer;
	t->retry = r->retry;
	t->retry_after = r->retry_after;
	t->usage = r->usage;
	t->raw_usage = r->raw_usage;
	raid_buf_add(&t->text, r->text.p, r->text.len);
	(void)snprintf(t->reason, sizeof(t->reason), "%s", r->reason);
}

static void
on_end(void *arg, const char *transport)
{
	struct raid_talk *t = arg;

	t->priv->call = NULL;
	raid_wire_end(t->priv->wire, transport);
	take_reply(t);
	/* No trust now is none in a second. */
	if (transport != NULL && raid_str_starts(transport, "TLS: "))
		t->retry = RAID_RETRY_NO;
}

static int
start_request(struct raid_talk *t, struct raid_http *http,
    const struct raid_talk_opts *o, struct raid_err *err)
{
	const struct raid_member *m = o->member;
	struct raid_talk_priv *v = t->priv;
	struct raid_http_opts ho = { .on_status = on_status,
		.on_header = on_header, .on_data = on_data, .on_end = on_end,
		.arg = t, .idle = m->idle, .wall = m->wall };

	if (raid_wire_ask(m, o->key, o->system, o->user, &v->request, err) ==
	    -1)
		return -1;
	if (o->deadline > 0 && (ho.wall <= 0 || o->deadline < ho.wall))
		ho.wall = o->deadline;
	ho.url = v->request.url;
	ho.headers = &v->request.headers;
	ho.body = v->request.body;
	ho.body_len = strlen(v->request.body);
	v->wire = raid_wire_new(m->kind);
	raid_wire_max(v->wire, o->answer_bytes);
	if (o->key != NULL)
		raid_wire_hide(v->wire, o->key);
	t->running = 1;
	v->call = raid_http_start(http, &ho, err);
	if (v->call != NULL)
		return 0;
	t->running = 0;
	return -1;
}

static int
start_child(struct raid_talk *t, const struct raid_talk_opts *o,
    struct raid_err *err)
{
	struct raid_exec_opts eo = o->exec;

	t->priv->context = raid_strf("%s\n%s", o->system, o->user);
	eo.member = o->member;
	eo.context = t->priv->context;
	eo.answer_bytes = o->answer_bytes;
	eo.deadline = o->deadline;
	eo.on_out = on_out;
	eo.arg = t;
	t->child = 1;
	if (raid_exec_start(&t->proc, &eo, err) == -1)
		return -1;
	t->running = 1;
	return 0;
}

int
raid_talk_start(struct raid_talk *t, struct raid_http *http,
    const struct raid_talk_opts *o, struct raid_err *err)
{
	*t = (struct raid_talk){ .first = -1, .retry_after = -1,
		.usage = { -1, -1, -1, -1, -1, -1, -1 } };
	t->priv = raid_calloc(1, sizeof(*t->priv));
	*t->priv = (struct raid_talk_priv){ .member = o->member,
		.started = raid_clock_mono(),
		.on_text = o->on_text, .arg = o->arg };
	raid_buf_init(&t->text, o->answer_bytes);
	return o->member->kind == RAID_PROVIDER_EXEC ?
	    start_child(t, o, err) : start_request(t, http, o, err);
}

const struct raid_buf *
raid_talk_text(const struct raid_talk *t)
{
	static const struct raid_buf empty;

	return t->child ? &t->proc.out : t->priv != NULL &&
	    t->priv->wire != NULL ? &raid_wire_reply(t->priv->wire)->text :
	    &empty;
}

void
raid_talk_look(struct raid_talk *t)
{
	if (!t->running || !t->child || t->proc.end == RAID_PROC_RUNNING)
		return;
	t->running = 0;
	t->seconds = t->proc.seconds;
	t->answer = raid_exec_answer(&t->proc, &t->text, t->reason,
	    sizeof(t->reason));
}

void
raid_talk_stop(struct raid_talk *t, const char *why)
{
	struct raid_talk_priv *v = t->priv;

	if (!t->running)
		return;
	if (t->child) {
		raid_proc_stop(&t->proc);
		return;
	}
	raid_http_stop(v->call);
	v->call = NULL;
	raid_wire_end(v->wire, why);
	take_reply(t);
	if (t->answer == RAID_ANSWER_TRUNCATED || t->text.len == 0)
		t->answer = RAID_ANSWER_INTERRUPTED;
}

void
raid_talk_free(struct raid_talk *t)
{
	struct raid_talk_priv *v = t->priv;

	if (v == NULL)
		return;
	if (v->call != NULL)
		raid_http_stop(v->call);
	if (t->child)
		raid_proc_free(&t->proc);
	raid_wire_free(v->wire);
	raid_wire_request_free(&v->request);
	free(v->context);
	raid_buf_free(&t->text);
	free(v);
	*t = (struct raid_talk){ 0 };
}
