/* SPDX-License-Identifier: ISC */
/* raid-array list, and what is said of a member. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "array/key.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/proc.h"
#include "prog.h"
#include "table.h"
#include "team.h"

int
array_reload(struct array *a, struct raid_err *err)
{
	raid_roster_free(&a->roster);
	return team_roster(&a->s, &a->roster, err);
}

const struct raid_member *
array_member(struct array *a, const char *name, struct raid_err *err)
{
	return team_find(&a->roster, name, err);
}

/* Where its key is from, in a word. */
static const char *
key_word(struct array *a, const struct raid_member *m)
{
	struct raid_err err;
	char *s = raid_key_source(m, a->s.conf.user, &err);
	const char *word = "missing";

	if (s == NULL)
		word = err.code == RAID_EPERM ? "refused" : "missing";
	else if (*s == '\0')
		word = "";
	else if (*s == '$')
		word = "env";
	else
		word = *s == '/' ? "file" : "command";
	free(s);
	return word;
}

static int
is_fallback(const struct array *a, const struct raid_member *m)
{
	for (size_t i = 0; i < a->roster.fallback.n; i++)
		if (raid_roster_find(&a->roster, a->roster.fallback.v[i]) == m)
			return 1;
	return 0;
}

/* "main", "spare", or both. */
static const char *
rank_word(const struct array *a, const struct raid_member *m)
{
	int is_main = raid_roster_find(&a->roster, a->roster.main) == m;

	if (is_fallback(a, m))
		return is_main ? "both" : "spare";
	return is_main ? "main" : "";
}

static void
add_row(struct array *a, struct table *t, const struct raid_member *m)
{
	char *words = raid_str_shell(m->command.n > 0 ? m->command.v :
	    (char *[]){ NULL });

	raid_list_add(&t->cells, m->name);
	raid_list_add(&t->cells, raid_provider_name(m->kind));
	raid_list_add(&t->cells, m->role);
	raid_list_add(&t->cells, rank_word(a, m));
	raid_list_add(&t->cells, key_word(a, m));
	raid_list_add(&t->cells, *words != '\0' ? words : m->model);
	free(words);
}

static struct raid_json *
price_json(const struct raid_price *p)
{
	struct raid_json *j = raid_json_object();

	raid_json_set_num(j, "input", p->input);
	raid_json_set_num(j, "cache_read", p->cache_read);
	raid_json_set_num(j, "cache_write", p->cache_write);
	raid_json_set_num(j, "cache_write_1h", p->cache_write_1h);
	raid_json_set_num(j, "output", p->output);
	return j;
}

static struct raid_json *
limits_json(const struct raid_limits *l)
{
	struct raid_json *j = raid_json_object();

	raid_json_set_int(j, "requests_per_minute", l->requests_per_minute);
	raid_json_set_int(j, "requests_per_day", l->requests_per_day);
	raid_json_set_int(j, "tokens_per_minute", l->tokens_per_minute);
	raid_json_set_num(j, "cost_per_call", l->cost_per_call);
	raid_json_set_num(j, "cost_per_day", l->cost_per_day);
	return j;
}

/* Where the key is from; "key" is null where none is to be had. */
static void
set_key(struct array *a, struct raid_json *j, const struct raid_member *m)
{
	struct raid_err err;
	char *s = raid_key_source(m, a->s.conf.user, &err);

	raid_json_set_str(j, "key", s);
	if (s == NULL)
		raid_json_set_str(j, "key_error", err.msg);
	free(s);
}

static void
print_json(struct array *a, const struct raid_member *m)
{
	struct raid_json *j = raid_json_object();
	char *line;

	raid_json_set_str(j, "type", "member");
	raid_json_set_int(j, "v", 1);
	raid_json_set_str(j, "member", m->name);
	raid_json_set_str(j, "provider", raid_provider_name(m->kind));
	raid_json_set_str(j, "role", m->role);
	raid_json_set_str(j, "model", m->model);
	raid_json_set_str(j, "file", m->from == RAID_ORIGIN_PROJECT ?
	    "project" : "user");
	raid_json_set_bool(j, "local", m->local);
	raid_json_set_bool(j, "main",
	    raid_roster_find(&a->roster, a->roster.main) == m);
	raid_json_set_bool(j, "fallback", is_fallback(a, m));
	raid_json_set_list(j, "spares", &m->spares);
	raid_json_set_list(j, "command", &m->command);
	raid_json_set_str(j, "base_url", m->base_url);
	set_key(a, j, m);
	raid_json_set_int(j, "context", m->context);
	raid_json_set_int(j, "max_output", m->max_output);
	if (m->price.known)
		raid_json_set(j, "price", price_json(&m->price));
	else
		raid_json_set_null(j, "price");
	raid_json_set(j, "limits", limits_json(&m->limits));
	line = raid_json_print(j, 0);
	raid_out_text(stdout, line, strlen(line), a->safe);
	putchar('\n');
	free(line);
	raid_json_free(j);
}

static void
print(struct array *a, const struct raid_member *const *v, size_t n)
{
	static const struct table_column columns[] = {
		{ "member", TABLE_PEOPLE }, { "provider", TABLE_PEOPLE },
		{ "role", TABLE_PEOPLE }, { "as", TABLE_PEOPLE },
		{ "key", TABLE_PEOPLE }, { "model", TABLE_PEOPLE }
	};
	struct table t = { .columns = columns,
		.ncolumns = sizeof(columns) / sizeof(columns[0]) };

	for (size_t i = 0; i < n; i++) {
		if (a->json)
			print_json(a, v[i]);
		else
			add_row(a, &t, v[i]);
	}
	if (!a->json)
		table_text(&t, a->width);
	raid_list_free(&t.cells);
}

/* Those, or all of them. */
static int
print_named(struct array *a, char *const *names, size_t n,
    struct raid_err *err)
{
	const struct raid_member **v;
	size_t all = n > 0 ? n : a->roster.n;

	v = raid_calloc(all + 1, sizeof(*v));
	for (size_t i = 0; i < all; i++) {
		v[i] = n > 0 ? array_member(a, names[i], err) :
		    &a->roster.v[i];
		if (v[i] == NULL) {
			free(v);
			return -1;
		}
	}
	print(a, v, all);
	free(v);
	return 0;
}

int
array_print_names(struct array *a, const struct raid_list *names,
    struct raid_err *err)
{
	if (print_named(a, names->v, names->n, err) == -1)
		return -1;
	for (size_t i = 0; i < names->n; i++)
		array_advise(a, raid_roster_find(&a->roster, names->v[i]));
	return RAID_OK;
}

int
array_list(struct array *a, struct raid_err *err)
{
	if (a->roster.n > 0 || a->argc > 0)
		return print_named(a, a->argv, (size_t)a->argc, err);
	return raid_fail(err, RAID_NO, "no member yet; "
	    "run raid-array setup, or raid-array add NAME");
}

static void
advise_spares(struct array *a, const char *whose, const struct raid_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (raid_roster_find(&a->roster, l->v[i]) == NULL)
			prog_warn("%s: %s is no member, and passed over",
			    whose, l->v[i]);
}

/* What the longest answer costs must leave room below the limit of a call. */
static void
advise_price(struct array *a, const struct raid_member *m)
{
	double most = (double)m->max_output * m->price.output / 1e6;
	double limit = a->roster.cost_per_call;

	if (m->limits.cost_per_call > 0 &&
	    (limit <= 0 || m->limits.cost_per_call < limit))
		limit = m->limits.cost_per_call;
	if (!m->price.known)
		prog_warn("%s: no price, so the limits of cost count only "
		    "what the vendor reports; raid-array set %s "
		    "price.input=USD price.output=USD", m->name, m->name);
	else if (limit > 0 && most > limit)
		prog_warn("%s: an answer of max_output tokens costs $%.2f, "
		    "over cost_per_call ($%.2f), so each call is refused: "
		    "lower max_output", m->name, most, limit);
}

/* As raid-broadcast looks for it: in PATH, then beside us. */
static int
is_program(const char *name)
{
	char *path = raid_proc_find(name);
	int found = path != NULL;

	if (!found) {
		path = raid_conf_data(name);
		found = path != NULL && access(path, X_OK) == 0;
	}
	free(path);
	return found;
}

char *
array_trouble(struct array *a, const struct raid_member *m)
{
	struct raid_err err;
	char *s;

	if (m->kind == RAID_PROVIDER_EXEC)
		return is_program(m->command.v[0]) ? NULL :
		    raid_strf("%s is not in PATH", m->command.v[0]);
	s = raid_key_source(m, a->s.conf.user, &err);
	if (s == NULL)
		return raid_strdup(err.msg);
	free(s);
	return NULL;
}

void
array_advise(struct array *a, const struct raid_member *m)
{
	char *trouble = array_trouble(a, m);

	if (trouble != NULL)
		prog_warn("%s: %s", m->name, trouble);
	if (m->kind != RAID_PROVIDER_EXEC)
		advise_price(a, m);
	advise_spares(a, m->name, &m->spares);
	free(trouble);
}

void
array_advise_all(struct array *a)
{
	const struct raid_roster *r = &a->roster;

	if (*r->main != '\0' && raid_roster_find(r, r->main) == NULL)
		prog_warn("main: %s is no member", r->main);
	advise_spares(a, "fallback", &r->fallback);
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].kind != RAID_PROVIDER_EXEC && r->v[i].price.known)
			advise_price(a, &r->v[i]);
}
