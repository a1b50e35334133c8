/* SPDX-License-Identifier: ISC */
#include "array/roster_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "array/url.h"
#include "base/mem.h"

#define IDLE_DEFAULT 300
#define WALL_DEFAULT 1800
#define SECONDS_MAX 1e7
#define TOKENS_MAX 1000000000000
#define PRICE_MAX 1e6
#define COST_MAX 1e6

static const struct provider {
	const char *name;
	const char *url;	/* the vendor's own; NULL: there are many */
	const char *tail;	/* what raid appends, and people write */
} providers[] = {
	[RAID_PROVIDER_EXEC] = { "exec", NULL, "" },
	[RAID_PROVIDER_OPENAI] = { "openai", NULL, "/chat/completions" },
	[RAID_PROVIDER_ANTHROPIC] = { "anthropic",
		"https://api.anthropic.com", "/v1/messages" },
	[RAID_PROVIDER_GEMINI] = { "gemini",
		"https://generativelanguage.googleapis.com",
		"/v1beta/models" },
	[RAID_PROVIDER_OLLAMA] = { "ollama", "http://127.0.0.1:11434",
		"/api/chat" },
};
#define NPROVIDERS (sizeof(providers) / sizeof(providers[0]))

const char *
raid_provider_name(enum raid_provider p)
{
	return providers[p].name;
}

void
raid_member_free(struct raid_member *m)
{
	free(m->name);
	free(m->folded);
	free(m->role);
	free(m->model);
	free(m->email);
	raid_list_free(&m->spares);
	raid_list_free(&m->command);
	free(m->base_url);
	free(m->key_env);
	raid_list_free(&m->key_command);
	raid_list_free(&m->headers);
	raid_json_free(m->options);
	free(m->max_tokens_key);
}

const char *
raid_member_url(const char *provider)
{
	for (size_t i = 0; i < NPROVIDERS; i++)
		if (strcmp(provider, providers[i].name) == 0)
			return providers[i].url;
	return NULL;
}

static int
read_provider(struct raid_member *m, const struct raid_place *p,
    struct raid_err *err)
{
	const char *s = raid_json_str(p->j, "provider", "");

	for (size_t i = 0; i < NPROVIDERS; i++)
		if (strcmp(s, providers[i].name) == 0) {
			m->kind = (enum raid_provider)i;
			return 0;
		}
	return raid_place_fail(p, "provider", "must be \"exec\", \"openai\", "
	    "\"anthropic\", \"gemini\" or \"ollama\"", err);
}

static int
read_bool(const struct raid_place *p, const char *key, int *v,
    struct raid_err *err)
{
	const struct raid_json *j = raid_json_get(p->j, key);

	if (j != NULL && !raid_json_is_bool(j))
		return raid_place_fail(p, key, "must be true or false", err);
	*v = raid_json_true(j);
	return 0;
}

/* Words of a command: a program, then what it is given. */
static int
read_command(const struct raid_place *p, const char *key, struct raid_list *l,
    struct raid_err *err)
{
	const struct raid_json *w = raid_json_get(p->j, key);
	const char *program = raid_json_text(raid_json_first(w));

	if (!raid_json_is_array(w) || program == NULL || *program == '\0')
		return raid_place_fail(p, key,
		    "must be a list of words, the program first", err);
	return raid_place_list(p, key, l, err);
}

static int
read_price(struct raid_member *m, const struct raid_place *member,
    struct raid_err *err)
{
	struct raid_price *c = &m->price;
	struct raid_place p;

	if (raid_place_object(member, "price", &p, err) == -1)
		return -1;
	if (p.j == NULL) {
		/* What stays on the machine has no bill. */
		c->known = m->local;
		return 0;
	}
	c->input = c->output = -1;
	if (raid_place_number(&p, "input", PRICE_MAX, &c->input, err) == -1 ||
	    raid_place_number(&p, "output", PRICE_MAX, &c->output, err) == -1)
		return -1;
	if (c->input < 0 || c->output < 0)
		return raid_place_fail(&p, c->input < 0 ? "input" : "output",
		    "is missing: USD a million tokens", err);
	c->cache_read = c->cache_write = c->input;
	if (raid_place_number(&p, "cache_read", PRICE_MAX, &c->cache_read,
	    err) == -1 || raid_place_number(&p, "cache_write", PRICE_MAX,
	    &c->cache_write, err) == -1)
		return -1;
	c->cache_write_1h = c->cache_write;
	if (raid_place_number(&p, "cache_write_1h", PRICE_MAX,
	    &c->cache_write_1h, err) == -1)
		return -1;
	c->known = 1;
	return 0;
}

static int
read_limits(struct raid_member *m, const struct raid_place *member,
    struct raid_err *err)
{
	struct raid_limits *l = &m->limits;
	struct raid_place p;

	if (raid_place_object(member, "limits", &p, err) == -1 ||
	    raid_place_count(&p, "requests_per_minute", TOKENS_MAX,
	    &l->requests_per_minute, err) == -1 ||
	    raid_place_count(&p, "requests_per_day", TOKENS_MAX,
	    &l->requests_per_day, err) == -1 ||
	    raid_place_count(&p, "tokens_per_minute", TOKENS_MAX,
	    &l->tokens_per_minute, err) == -1 ||
	    raid_place_number(&p, "cost_per_call", COST_MAX,
	    &l->cost_per_call, err) == -1)
		return -1;
	return raid_place_number(&p, "cost_per_day", COST_MAX,
	    &l->cost_per_day, err);
}

/*
 * The address ends before what raid appends: "https://api.openai.com/v1", not
 * ".../v1/chat/completions".  The first part of that alone is a mistake, too:
 * "https://api.anthropic.com/v1".
 */
static int
check_tail(const struct raid_member *m, const struct raid_place *p,
    const struct raid_url *u, struct raid_err *err)
{
	const char *tail = providers[m->kind].tail;
	size_t first = 1 + strcspn(tail + 1, "/");
	char what[80];

	if (!raid_str_ends(m->base_url, tail) &&
	    (strncmp(u->path, tail, first) != 0 || u->path[first] != '\0'))
		return 0;
	(void)snprintf(what, sizeof(what), "must end before %s, which is "
	    "added", tail);
	return raid_place_fail(p, "base_url", what, err);
}

static int
read_url(struct raid_member *m, const struct raid_place *p,
    struct raid_err *err)
{
	const char *vendor = providers[m->kind].url;
	struct raid_err why;
	struct raid_url u;
	size_t n;

	if (raid_place_text(p, "base_url", &m->base_url, err) == -1)
		return -1;
	if (*m->base_url == '\0' && vendor != NULL) {
		free(m->base_url);
		m->base_url = raid_strdup(vendor);
	}
	if (*m->base_url == '\0')
		return raid_place_fail(p, "base_url", "is missing: what stands "
		    "before /chat/completions", err);
	for (n = strlen(m->base_url); n > 0 && m->base_url[n - 1] == '/'; n--)
		m->base_url[n - 1] = '\0';
	if (raid_url_parse(&u, m->base_url, &why) == -1)
		return raid_place_fail(p, "base_url", why.msg, err);
	if (m->local && !raid_url_loopback(&u))
		return raid_place_fail(p, "local", "is true, but \"base_url\" "
		    "is another machine", err);
	return check_tail(m, p, &u, err);
}

/* A field name of HTTP, which RFC 9110 calls a token. */
static int
is_token(const char *s)
{
	if (*s == '\0')
		return 0;
	for (; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) &&
		    strchr("!#$%&'*+-.^_`|~", *s) == NULL)
			return 0;
	return 1;
}

static int
check_header(const struct raid_place *p, const char *name,
    const struct raid_json *value, struct raid_err *err)
{
	/* Keys stand in no file of members; the rest is HTTP's own. */
	static const char *const taken[] = { "authorization", "x-api-key",
		"api-key", "x-goog-api-key", "proxy-authorization", "cookie",
		"host", "content-length", "content-type", "content-encoding",
		"transfer-encoding", "connection", "expect", "accept-encoding"
	};
	const char *s = raid_json_text(value);

	if (!is_token(name))
		return raid_place_fail(p, name, "is no name of a header", err);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcasecmp(name, taken[i]) == 0)
			return raid_place_fail(p, name, "is set by raid; a key "
			    "goes into a file of its own", err);
	for (; s != NULL && *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return raid_place_fail(p, name, "must have a value of "
			    "printable ASCII", err);
	if (s == NULL)
		return raid_place_fail(p, name, "must be a string", err);
	return 0;
}

static int
read_headers(struct raid_member *m, const struct raid_place *member,
    struct raid_err *err)
{
	const struct raid_json *j;
	struct raid_place p;

	if (raid_place_object(member, "headers", &p, err) == -1)
		return -1;
	for (j = raid_json_first(p.j); j != NULL; j = raid_json_next(j)) {
		if (check_header(&p, raid_json_key(j), j, err) == -1)
			return -1;
		raid_list_addf(&m->headers, "%s: %s", raid_json_key(j),
		    raid_json_text(j));
	}
	return 0;
}

/* What raid itself must decide about a request. */
static int
read_options(struct raid_member *m, const struct raid_place *member,
    struct raid_err *err)
{
	static const char *const taken[] = { "model", "messages", "contents",
		"stream", "n" };
	struct raid_place p;

	if (raid_place_object(member, "options", &p, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (raid_json_get(p.j, taken[i]) != NULL)
			return raid_place_fail(&p, taken[i],
			    "is set by raid", err);
	if (p.j != NULL)
		m->options = raid_json_copy(p.j);
	return 0;
}

/* The name of an environment variable, and nothing that looks like a key. */
static int
read_key_env(struct raid_member *m, const struct raid_place *p,
    struct raid_err *err)
{
	const char *s;

	if (raid_place_text(p, "key_env", &m->key_env, err) == -1)
		return -1;
	for (s = m->key_env; isalnum((unsigned char)*s) || *s == '_'; s++)
		continue;
	if (*s != '\0' || isdigit((unsigned char)*m->key_env))
		return raid_place_fail(p, "key_env", "must be the name of an "
		    "environment variable, not a key", err);
	return 0;
}

static int
read_api(struct raid_member *m, const struct raid_place *p,
    struct raid_err *err)
{
	if (*m->model == '\0')
		return raid_place_fail(p, "model", "is missing", err);
	if (raid_json_get(p->j, "key") != NULL ||
	    raid_json_get(p->j, "api_key") != NULL)
		return raid_place_fail(p, raid_json_get(p->j, "key") != NULL ?
		    "key" : "api_key", "may not stand here: a key goes into "
		    "~/.config/raid/keys/", err);
	if (read_url(m, p, err) == -1 || read_key_env(m, p, err) == -1 ||
	    read_headers(m, p, err) == -1 || read_options(m, p, err) == -1 ||
	    read_bool(p, "plain_http", &m->plain_http, err) == -1 ||
	    raid_place_text(p, "max_tokens_key", &m->max_tokens_key, err) ==
	    -1 ||
	    raid_place_count(p, "context", TOKENS_MAX, &m->context, err) ==
	    -1 ||
	    raid_place_count(p, "max_output", TOKENS_MAX, &m->max_output,
	    err) == -1)
		return -1;
	if (*m->max_tokens_key == '\0') {
		/* Its newer models refuse the old name, and the servers that
		 * speak like it know no other. */
		free(m->max_tokens_key);
		m->max_tokens_key = raid_strdup(strstr(m->base_url,
		    "//api.openai.com/") != NULL ? "max_completion_tokens" :
		    "max_tokens");
	}
	if (raid_json_get(p->j, "key_command") == NULL)
		return 0;
	return read_command(p, "key_command", &m->key_command, err);
}

int
raid_member_read(struct raid_member *m, const struct raid_place *p,
    struct raid_err *err)
{
	/* A string in every case, also of a member of another kind. */
	m->base_url = raid_strdup("");
	m->key_env = raid_strdup("");
	m->max_tokens_key = raid_strdup("");
	m->idle = IDLE_DEFAULT;
	m->wall = WALL_DEFAULT;
	if (read_provider(m, p, err) == -1 ||
	    raid_place_text(p, "role", &m->role, err) == -1 ||
	    raid_place_text(p, "model", &m->model, err) == -1 ||
	    raid_place_text(p, "email", &m->email, err) == -1 ||
	    read_bool(p, "local", &m->local, err) == -1 ||
	    raid_place_list(p, "spares", &m->spares, err) == -1 ||
	    raid_place_number(p, "idle", SECONDS_MAX, &m->idle, err) == -1 ||
	    raid_place_number(p, "timeout", SECONDS_MAX, &m->wall, err) == -1 ||
	    read_price(m, p, err) == -1 || read_limits(m, p, err) == -1)
		return -1;
	/* A role names a file of prompts/. */
	if (strchr(m->role, '/') != NULL || *m->role == '.')
		return raid_place_fail(p, "role", "must be one word", err);
	if (m->kind == RAID_PROVIDER_EXEC)
		return read_command(p, "command", &m->command, err);
	return read_api(m, p, err);
}
