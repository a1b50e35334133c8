/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "array/key.h"
#include "array/url.h"
#include "array/wire_priv.h"
#include "base/mem.h"
#include "base/utf8.h"

static void
wipe(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	free(s);
}

void
raid_wire_request_free(struct raid_wire_request *r)
{
	wipe(r->url);
	wipe(r->body);
	for (size_t i = 0; i < r->headers.n; i++)
		explicit_bzero(r->headers.v[i], strlen(r->headers.v[i]));
	raid_list_free(&r->headers);
	*r = (struct raid_wire_request){ 0 };
}

static int
is_azure(const struct raid_member *m)
{
	struct raid_err ignored;
	struct raid_url u;

	return raid_url_parse(&u, m->base_url, &ignored) == 0 &&
	    raid_str_ends(u.host, ".azure.com");
}

static void
add_key(const struct raid_member *m, const char *key, struct raid_list *l)
{
	if (m->kind == RAID_PROVIDER_ANTHROPIC)
		raid_list_add(l, "anthropic-version: 2023-06-01");
	if (key == NULL || *key == '\0')
		return;
	if (m->kind == RAID_PROVIDER_GEMINI)
		raid_list_addf(l, "x-goog-api-key: %s", key);
	else if (m->kind == RAID_PROVIDER_ANTHROPIC &&
	    !raid_str_starts(key, "sk-ant-oat"))
		raid_list_addf(l, "x-api-key: %s", key);
	else if (m->kind == RAID_PROVIDER_OPENAI && is_azure(m))
		raid_list_addf(l, "api-key: %s", key);
	else
		raid_list_addf(l, "Authorization: Bearer %s", key);
}

/* The name of a header line, up to its colon. */
static int
same_name(const char *a, const char *b)
{
	size_t n = strcspn(a, ":");

	return n == strcspn(b, ":") && strncasecmp(a, b, n) == 0;
}

/* Ours, but those that the member writes itself; then the member's. */
static int
set_headers(const struct raid_member *m, const char *key, int body,
    struct raid_list *out, struct raid_err *err)
{
	struct raid_list ours = { 0 };
	size_t i, k;

	/* Anything else would be another header. */
	if (key != NULL && *key != '\0' && !raid_key_valid(key, strlen(key)))
		return raid_fail(err, RAID_ECONFIG, "member %s: its key has a "
		    "byte that no key has", m->name);
	raid_list_addf(&ours, "User-Agent: raid/%s", RAID_VERSION);
	if (body)
		raid_list_add(&ours, "Content-Type: application/json");
	add_key(m, key, &ours);
	for (i = 0; i < ours.n; i++) {
		for (k = 0; k < m->headers.n && !same_name(ours.v[i],
		    m->headers.v[k]); k++)
			continue;
		if (k == m->headers.n)
			raid_list_add(out, ours.v[i]);
		explicit_bzero(ours.v[i], strlen(ours.v[i]));
	}
	for (k = 0; k < m->headers.n; k++)
		raid_list_add(out, m->headers.v[k]);
	raid_list_free(&ours);
	return 0;
}

/* A name as one part of a URL. */
static char *
encode(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";
	struct raid_buf b;
	char *out;

	raid_buf_init(&b, 3 * strlen(s) + 1);
	for (; *s != '\0'; s++) {
		if (strchr(plain, *s) != NULL)
			raid_buf_addc(&b, (unsigned char)*s);
		else
			raid_buf_printf(&b, "%%%02X", (unsigned char)*s);
	}
	out = raid_buf_take(&b);
	raid_buf_free(&b);
	return out;
}

static char *
ask_url(const struct raid_member *m)
{
	const char *model = m->model;
	char *name, *url;

	switch (m->kind) {
	case RAID_PROVIDER_ANTHROPIC:
		return raid_strf("%s/v1/messages", m->base_url);
	case RAID_PROVIDER_OLLAMA:
		return raid_strf("%s/api/chat", m->base_url);
	case RAID_PROVIDER_GEMINI:
		/* As its own list of models writes them. */
		if (raid_str_starts(model, "models/"))
			model += strlen("models/");
		name = encode(model);
		url = raid_strf("%s/v1beta/models/%s:streamGenerateContent?"
		    "alt=sse", m->base_url, name);
		free(name);
		return url;
	default:
		return raid_strf("%s/chat/completions", m->base_url);
	}
}

/* Objects are merged, deeper than base/json reads there are none. */
static void
merge(struct raid_json *to, const struct raid_json *from)
{
	const struct raid_json *v;

	for (v = raid_json_first(from); v != NULL; v = raid_json_next(v)) {
		const char *key = raid_json_key(v);
		const struct raid_json *old = raid_json_get(to, key);

		if (raid_json_is_object(old) && raid_json_is_object(v)) {
			struct raid_json *both = raid_json_copy(old);

			merge(both, v);
			raid_json_set(to, key, both);
		} else if (old != NULL && raid_json_is_null(v)) {
			raid_json_unset(to, key);
		} else {
			raid_json_set(to, key, raid_json_copy(v));
		}
	}
}

static int
check_text(const char *what, const char *s, struct raid_err *err)
{
	size_t len = strlen(s), at = raid_utf8_check(
	    (const unsigned char *)s, len);

	if (at < len)
		return raid_fail(err, RAID_EDATA, "%s: byte %zu is no UTF-8",
		    what, at);
	return 0;
}

static struct raid_json *
body_of(const struct raid_member *m, const char *system, const char *user)
{
	switch (m->kind) {
	case RAID_PROVIDER_ANTHROPIC:
		return raid_wire_anthropic_body(m, system, user);
	case RAID_PROVIDER_GEMINI:
		return raid_wire_gemini_body(m, system, user);
	case RAID_PROVIDER_OLLAMA:
		return raid_wire_ollama_body(m, system, user);
	default:
		return raid_wire_openai_body(m, system, user);
	}
}

int
raid_wire_ask(const struct raid_member *m, const char *key,
    const char *system, const char *user, struct raid_wire_request *out,
    struct raid_err *err)
{
	struct raid_json *j;

	*out = (struct raid_wire_request){ 0 };
	if (check_text("the prompt", system, err) == -1 ||
	    check_text("the context", user, err) == -1 ||
	    set_headers(m, key, 1, &out->headers, err) == -1)
		return -1;
	out->url = ask_url(m);
	j = body_of(m, system, user);
	if (m->options != NULL)
		merge(j, m->options);
	out->body = raid_json_print(j, 0);
	raid_json_free(j);
	return 0;
}

static char *
models_url(const struct raid_member *m, const char *after)
{
	char *next = encode(after != NULL ? after : ""), *url;

	switch (m->kind) {
	case RAID_PROVIDER_ANTHROPIC:
		url = raid_strf("%s/v1/models?limit=1000%s%s", m->base_url,
		    *next != '\0' ? "&after_id=" : "", next);
		break;
	case RAID_PROVIDER_GEMINI:
		url = raid_strf("%s/v1beta/models?pageSize=1000%s%s",
		    m->base_url, *next != '\0' ? "&pageToken=" : "", next);
		break;
	case RAID_PROVIDER_OLLAMA:
		url = raid_strf("%s/api/tags", m->base_url);
		break;
	default:
		url = raid_strf("%s/models", m->base_url);
	}
	free(next);
	return url;
}

int
raid_wire_models(const struct raid_member *m, const char *key,
    const char *after, struct raid_wire_request *out, struct raid_err *err)
{
	*out = (struct raid_wire_request){ 0 };
	if (set_headers(m, key, 0, &out->headers, err) == -1)
		return -1;
	out->url = models_url(m, after);
	return 0;
}

int
raid_wire_show(const struct raid_member *m, const char *key,
    const char *model, struct raid_wire_request *out, struct raid_err *err)
{
	struct raid_json *j;

	*out = (struct raid_wire_request){ 0 };
	if (check_text("the model's name", model, err) == -1 ||
	    set_headers(m, key, 1, &out->headers, err) == -1)
		return -1;
	out->url = raid_strf("%s/api/show", m->base_url);
	j = raid_json_object();
	raid_json_set_str(j, "model", model);
	out->body = raid_json_print(j, 0);
	raid_json_free(j);
	return 0;
}
