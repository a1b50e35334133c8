/* SPDX-License-Identifier: ISC */
/* raid-array models: what a vendor offers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "array/http.h"
#include "array/key.h"
#include "array/wire.h"
#include "array_preset.h"
#include "base/mem.h"
#include "base/proc.h"
#include "prog.h"
#include "table.h"

#define CONNECT 15		/* seconds */
#define WALL 60
#define BODY_MAX ((size_t)16 << 20)
#define PAGES 50
#define AT_ONCE 16		/* questions for sizes */

/* An answer that is read whole. */
struct fetch {
	struct raid_http_call *call;
	int status, running;
	struct raid_buf body;
	char broken[300];	/* "" if it came whole */
};

struct offer {
	const struct raid_member *m;
	struct raid_http *http;
	char *key;
	struct raid_wire_list list;
};

static void
on_status(void *arg, int status)
{
	((struct fetch *)arg)->status = status;
}

static int
on_data(void *arg, const void *p, size_t len)
{
	struct fetch *f = arg;

	raid_buf_add(&f->body, p, len);
	return f->body.overflow;
}

static void
on_end(void *arg, const char *transport)
{
	struct fetch *f = arg;

	f->running = 0;
	if (transport != NULL)
		(void)snprintf(f->broken, sizeof(f->broken), "%s", transport);
	else if (f->body.overflow)
		(void)snprintf(f->broken, sizeof(f->broken),
		    "a list of over %zu bytes", f->body.max);
}

/* Begin; q is freed. */
static int
begin(struct offer *o, struct fetch *f, struct raid_wire_request *q,
    struct raid_err *err)
{
	struct raid_http_opts h = { .url = q->url, .headers = &q->headers,
		.body = q->body, .body_len = q->body != NULL ?
		strlen(q->body) : 0, .connect = CONNECT, .wall = WALL,
		.on_status = on_status, .on_data = on_data, .on_end = on_end,
		.arg = f };

	*f = (struct fetch){ .running = 1 };
	raid_buf_init(&f->body, BODY_MAX);
	f->call = raid_http_start(o->http, &h, err);
	raid_wire_request_free(q);
	return f->call != NULL ? 0 : -1;
}

static int
wait_all(struct offer *o, struct fetch *v, size_t n, struct raid_err *err)
{
	size_t running = n;

	while (running > 0) {
		(void)raid_proc_wait_fd(NULL, 0, raid_http_fd(o->http), 1000);
		if (raid_proc_signal() != 0)
			return raid_fail(err, RAID_EINTR, "interrupted");
		raid_http_serve(o->http);
		running = 0;
		for (size_t i = 0; i < n; i++)
			running += (size_t)v[i].running;
	}
	return 0;
}

/* A page of the list after the one before. */
static int
next_page(struct offer *o, struct raid_err *err)
{
	char *after = o->list.next;
	struct raid_wire_request q;
	struct fetch f = { 0 };
	int r;

	o->list.next = NULL;
	r = raid_wire_models(o->m, o->key, after, &q, err);
	free(after);
	if (r == -1) {
		raid_wire_request_free(&q);
		return -1;
	}
	r = begin(o, &f, &q, err);
	if (r == 0)
		r = wait_all(o, &f, 1, err);
	if (r == 0 && *f.broken != '\0')
		r = raid_fail(err, RAID_EUNAVAIL, "%s", f.broken);
	if (r == 0)
		r = raid_wire_models_read(o->m->kind, f.status, f.body.p,
		    f.body.len, o->key, &o->list, err);
	raid_buf_free(&f.body);
	return r;
}

/* Ollama tells sizes for one model at a time; one that it does not tell stays
 * unknown. */
static int
ask_sizes(struct offer *o, size_t from, size_t n, struct raid_err *err)
{
	struct fetch v[AT_ONCE];
	struct raid_wire_request q;
	struct raid_err ignored;
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		v[i] = (struct fetch){ 0 };
		raid_buf_init(&v[i].body, 0);
		if (raid_wire_show(o->m, o->key, o->list.v[from + i].id, &q,
		    &ignored) == -1) {
			raid_wire_request_free(&q);
			continue;
		}
		raid_buf_free(&v[i].body);
		if (begin(o, &v[i], &q, &ignored) == -1)
			v[i].running = 0;
	}
	r = wait_all(o, v, n, err);
	for (size_t i = 0; i < n; i++) {
		if (r == 0 && *v[i].broken == '\0' && v[i].status != 0 &&
		    raid_wire_show_read(v[i].status, v[i].body.p,
		    v[i].body.len, o->key, &o->list.v[from + i].context,
		    &ignored) == -1)
			o->list.v[from + i].context = 0;
		raid_buf_free(&v[i].body);
	}
	return r;
}

static int
fetch_all(struct offer *o, struct raid_err *err)
{
	int pages = 0;
	size_t n;

	do {
		if (next_page(o, err) == -1)
			return -1;
	} while (o->list.next != NULL && ++pages < PAGES);
	for (size_t at = 0; o->m->kind == RAID_PROVIDER_OLLAMA &&
	    at < o->list.n; at += n) {
		n = o->list.n - at < AT_ONCE ? o->list.n - at : AT_ONCE;
		if (ask_sizes(o, at, n, err) == -1)
			return -1;
	}
	return 0;
}

int
array_offer(struct array *a, const struct raid_member *m,
    struct raid_wire_list *list, struct raid_err *err)
{
	struct offer o = { .m = m };
	const char *source;
	int r = -1;

	*list = (struct raid_wire_list){ 0 };
	if (m->kind == RAID_PROVIDER_EXEC)
		return raid_fail(err, RAID_EUSAGE, "%s is a program; only it "
		    "knows what it can use", m->name);
	if (raid_key_get(m, a->s.conf.user, &o.key, &source, err) == -1)
		return -1;
	o.http = raid_http_new(err);
	if (o.http != NULL)
		r = fetch_all(&o, err);
	raid_http_free(o.http);
	raid_key_free(o.key);
	*list = o.list;
	if (r == -1)
		raid_fail_at(err, "%s", m->name);
	return r;
}

int
array_preset_member(struct array *a, const char *name, const char *base_url,
    struct raid_roster *r, struct raid_err *err)
{
	struct raid_json *presets = array_presets(err), *file, *members, *m;
	const struct raid_json *p;
	int ok = -1;

	*r = (struct raid_roster){ 0 };
	p = presets != NULL ? array_preset_find(presets, name) : NULL;
	if (p == NULL) {
		if (presets != NULL)
			(void)array_member(a, name, err);
		raid_json_free(presets);
		return -1;
	}
	m = raid_json_copy(raid_json_get(p, "member"));
	/* A member has a model; what it is does not matter here. */
	if (raid_json_get(m, "model") == NULL)
		raid_json_set_str(m, "model", "none");
	if (base_url != NULL)
		raid_json_set_str(m, "base_url", base_url);
	members = raid_json_object();
	raid_json_set(members, raid_json_key(p), m);
	file = raid_json_object();
	raid_json_set(file, "members", members);
	ok = raid_roster_parse(r, NULL, file, err);
	raid_json_free(file);
	raid_json_free(presets);
	return ok;
}

static void
print(struct array *a, const struct raid_member *m,
    const struct raid_wire_list *l)
{
	static const struct table_column columns[] = {
		{ "context", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
		{ "max_output", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
		{ "as", TABLE_PEOPLE }, { "used", TABLE_DATA | TABLE_FLAG },
		{ "model", TABLE_PEOPLE | TABLE_DATA }
	};
	struct table t = { .type = "model", .columns = columns,
		.ncolumns = sizeof(columns) / sizeof(columns[0]) };

	for (size_t i = 0; i < l->n; i++) {
		const struct raid_wire_model *v = &l->v[i];
		int used = strcmp(v->id, m->model) == 0;

		raid_list_addf(&t.cells, v->context > 0 ? "%lld" : "",
		    v->context);
		raid_list_addf(&t.cells, v->max_output > 0 ? "%lld" : "",
		    v->max_output);
		raid_list_add(&t.cells, used ? m->name : "");
		raid_list_add(&t.cells, used ? "1" : "0");
		raid_list_add(&t.cells, v->id);
	}
	if (a->json)
		table_json(&t, a->safe);
	else
		table_text(&t, a->width);
	raid_list_free(&t.cells);
}

int
array_models(struct array *a, struct raid_err *err)
{
	const struct raid_member *m = raid_roster_find(&a->roster, a->argv[0]);
	struct raid_wire_list list = { 0 };
	struct raid_roster preset = { 0 };
	int r = 0;

	if (m == NULL)
		r = array_preset_member(a, a->argv[0], NULL, &preset, err);
	if (r == 0 && m == NULL)
		m = &preset.v[0];
	raid_proc_signals();
	if (r == 0)
		r = array_offer(a, m, &list, err);
	if (r == 0 && list.n == 0)
		r = raid_fail(err, RAID_NO, "%s: it offers no model", m->name);
	if (r == 0)
		print(a, m, &list);
	raid_wire_list_free(&list);
	raid_roster_free(&preset);
	return r;
}
