/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "array/wire_priv.h"
#include "base/mem.h"

void
raid_wire_list_free(struct raid_wire_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].id);
	free(l->v);
	free(l->next);
	*l = (struct raid_wire_list){ 0 };
}

/* An answer that is no list is told as an answer to a question is. */
static int
refuse(enum raid_provider p, int status, const void *body, size_t len,
    const char *key, struct raid_err *err)
{
	struct raid_wire *w = raid_wire_new(p);
	const struct raid_reply *r = raid_wire_reply(w);
	enum raid_code code;

	raid_wire_hide(w, key);
	raid_wire_status(w, status);
	raid_wire_feed(w, body, len);
	raid_wire_end(w, NULL);
	code = r->retry == RAID_RETRY_KEY ? RAID_EPERM :
	    r->status >= 200 && r->status < 300 ? RAID_EPROTO : RAID_EUNAVAIL;
	(void)raid_fail(err, code, "%s", r->reason[0] != '\0' ? r->reason :
	    "no list of models");
	raid_wire_free(w);
	return -1;
}

/* A count under the first of several names that has one; 0 if none. */
static long long
first_count(const struct raid_json *j, const char *const *keys)
{
	long long v = 0;

	for (; *keys != NULL && v <= 0; keys++)
		v = raid_json_int(j, *keys, 0);
	return v > 0 ? v : 0;
}

static void
add_model(struct raid_wire_list *l, const struct raid_json *j)
{
	/* Of anthropic, gemini; OpenRouter, vLLM, Mistral, Groq. */
	static const char *const context[] = { "max_input_tokens",
		"inputTokenLimit", "context_length", "max_model_len",
		"max_context_length", "context_window", NULL };
	static const char *const output[] = { "max_tokens",
		"outputTokenLimit", "max_completion_tokens", NULL };
	static const char *const trained[] = { "n_ctx", "n_ctx_train", NULL };
	const char *id = raid_json_str(j, "id", raid_json_str(j, "name", ""));
	struct raid_wire_model *m;

	if (raid_str_starts(id, "models/"))
		id += strlen("models/");
	if (*id == '\0')
		return;
	l->v = raid_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	m = &l->v[l->n++];
	*m = (struct raid_wire_model){ .id = raid_strdup(id),
		.context = first_count(j, context),
		.max_output = first_count(j, output) };
	/* llama.cpp, OpenRouter. */
	if (m->context == 0)
		m->context = first_count(raid_json_get(j, "meta"), trained);
	if (m->max_output == 0)
		m->max_output = first_count(raid_json_get(j, "top_provider"),
		    output);
}

/* Gemini lists those that only embed, too. */
static int
generates(const struct raid_json *j)
{
	const struct raid_json *v = raid_json_get(j,
	    "supportedGenerationMethods");

	if (!raid_json_is_array(v))
		return 1;
	for (v = raid_json_first(v); v != NULL; v = raid_json_next(v))
		if (raid_json_is_string(v) && strstr(raid_json_text(v),
		    "enerateContent") != NULL)
			return 1;
	return 0;
}

static void
set_next(struct raid_wire_list *l, const struct raid_json *j)
{
	const char *next = raid_json_str(j, "nextPageToken", "");

	if (raid_json_true(raid_json_get(j, "has_more")))
		next = raid_json_str(j, "last_id", "");
	free(l->next);
	l->next = *next != '\0' ? raid_strdup(next) : NULL;
}

int
raid_wire_models_read(enum raid_provider p, int status, const void *body,
    size_t len, const char *key, struct raid_wire_list *l,
    struct raid_err *err)
{
	struct raid_json *j = raid_wire_json(body, len, NULL, err);
	const struct raid_json *v = raid_json_get(j, "data");

	if (v == NULL)
		v = raid_json_get(j, "models");
	/* Some compatible servers give the list itself. */
	if (raid_json_is_array(j))
		v = j;
	if (status < 200 || status > 299 || !raid_json_is_array(v)) {
		raid_json_free(j);
		return refuse(p, status, body, len, key, err);
	}
	for (v = raid_json_first(v); v != NULL; v = raid_json_next(v))
		if (generates(v))
			add_model(l, v);
	set_next(l, j);
	raid_json_free(j);
	return 0;
}

/* {"model_info":{"llama.context_length":131072,...}} */
int
raid_wire_show_read(int status, const void *body, size_t len,
    const char *key, long long *context, struct raid_err *err)
{
	struct raid_json *j = raid_wire_json(body, len, NULL, err);
	const struct raid_json *v = raid_json_get(j, "model_info");

	if (status < 200 || status > 299 || !raid_json_is_object(j)) {
		raid_json_free(j);
		return refuse(RAID_PROVIDER_OLLAMA, status, body, len, key,
		    err);
	}
	*context = 0;
	for (v = raid_json_first(v); v != NULL; v = raid_json_next(v))
		if (raid_json_is_number(v) && raid_str_ends(raid_json_key(v),
		    ".context_length"))
			*context = (long long)raid_json_number(v);
	raid_json_free(j);
	return 0;
}
