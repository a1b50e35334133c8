/* SPDX-License-Identifier: ISC */
#include "array/roster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "array/roster_priv.h"
#include "base/mem.h"
#include "base/utf8.h"

#define ANSWER_DEFAULT (8 << 20)
#define ANSWER_MAX (1 << 29)
#define CALL_DEFAULT 0.50
#define DAY_DEFAULT 5.00
#define ROUNDS_MAX 100
#define COST_MAX 1e6

int
raid_place_fail(const struct raid_place *p, const char *key, const char *what,
    struct raid_err *err)
{
	char where[200] = "";

	if (p->member != NULL)
		(void)snprintf(where, sizeof(where), "member %.120s: ",
		    p->member);
	return raid_fail(err, RAID_ECONFIG, "%s: %s%s%s\"%s\" %s", p->file,
	    where, p->part != NULL ? p->part : "",
	    p->part != NULL ? ": " : "", key, what);
}

int
raid_place_object(const struct raid_place *p, const char *key,
    struct raid_place *out, struct raid_err *err)
{
	*out = *p;
	out->j = raid_json_get(p->j, key);
	out->part = key;
	if (out->j != NULL && !raid_json_is_object(out->j))
		return raid_place_fail(p, key, "must be an object", err);
	return 0;
}

int
raid_place_number(const struct raid_place *p, const char *key, double max,
    double *v, struct raid_err *err)
{
	const struct raid_json *n = raid_json_get(p->j, key);
	double d = raid_json_number(n);
	char what[80];

	if (n == NULL)
		return 0;
	(void)snprintf(what, sizeof(what), "must be a number from 0 to %.15g",
	    max);
	if (!raid_json_is_number(n) || !(d >= 0 && d <= max))
		return raid_place_fail(p, key, what, err);
	*v = d;
	return 0;
}

int
raid_place_count(const struct raid_place *p, const char *key, long long max,
    long long *v, struct raid_err *err)
{
	double d = (double)*v;

	if (raid_place_number(p, key, (double)max, &d, err) == -1)
		return -1;
	if (d != floor(d))
		return raid_place_fail(p, key, "must be a whole number", err);
	*v = (long long)d;
	return 0;
}

/* A string without a control character, NULL if it has one. */
static const char *
printable(const struct raid_json *j)
{
	const char *s = raid_json_text(j);

	for (const char *p = s; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return NULL;
	return s;
}

int
raid_place_text(const struct raid_place *p, const char *key, char **v,
    struct raid_err *err)
{
	const struct raid_json *j = raid_json_get(p->j, key);
	const char *s = j != NULL ? printable(j) : "";

	if (s == NULL)
		return raid_place_fail(p, key,
		    "must be a string on one line", err);
	free(*v);
	*v = raid_strdup(s);
	return 0;
}

int
raid_place_list(const struct raid_place *p, const char *key,
    struct raid_list *l, struct raid_err *err)
{
	const struct raid_json *j = raid_json_get(p->j, key);

	if (j != NULL && !raid_json_is_array(j))
		return raid_place_fail(p, key, "must be a list of strings",
		    err);
	for (j = raid_json_first(j); j != NULL; j = raid_json_next(j)) {
		if (raid_json_text(j) == NULL)
			return raid_place_fail(p, key,
			    "has something that is no string", err);
		raid_list_add(l, raid_json_text(j));
	}
	return 0;
}

void
raid_roster_free(struct raid_roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		raid_member_free(&r->v[i]);
	free(r->v);
	free(r->main);
	raid_list_free(&r->fallback);
	*r = (struct raid_roster){ 0 };
}

static struct raid_member *
find(const struct raid_roster *r, const char *name)
{
	char *folded = raid_utf8_fold(name, strlen(name));
	struct raid_member *found = NULL;

	for (size_t i = 0; i < r->n && found == NULL; i++)
		if (strcmp(r->v[i].folded, folded) == 0)
			found = &r->v[i];
	free(folded);
	return found;
}

const struct raid_member *
raid_roster_find(const struct raid_roster *r, const char *name)
{
	return find(r, name);
}

/* The same rule as for a mention, or nobody could address it. */
int
raid_roster_name(const char *name, struct raid_err *err)
{
	static const char *const taken[] = { "all", "dev", "agent" };
	const unsigned char *p = (const unsigned char *)name;
	size_t len = strlen(name), i = 0, n = 0;
	uint32_t c = 0;

	for (; i < len; i += n) {
		n = raid_utf8_next(p + i, len - i, &c);
		if (n == 0 || (!raid_utf8_isword(c) &&
		    (c > 0x7f || strchr("._-", (int)c) == NULL)))
			break;
	}
	if (len == 0 || i < len || !raid_utf8_isword(c))
		return raid_fail(err, RAID_ECONFIG, "'%.60s' is "
		    "no name for a member: letters, digits, '.', '_' and '-', "
		    "ending in a letter or digit", name);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcasecmp(name, taken[i]) == 0)
			return raid_fail(err, RAID_ECONFIG, "a "
			    "member may not be named '%s': @%s means others",
			    name, name);
	return 0;
}

/* The address as the roster keeps it: without a slash at the end. */
static int
same_url(const char *kept, const char *written)
{
	size_t n = strlen(kept);

	return n > 0 && strncmp(kept, written, n) == 0 &&
	    written[n + strspn(written + n, "/")] == '\0';
}

/* Of a member that the project has as well only its address counts. */
static int
read_twin(struct raid_member *m, const struct raid_json *j)
{
	const char *url = raid_json_str(j, "base_url",
	    raid_member_url(raid_json_str(j, "provider", "")));

	if (url != NULL && same_url(m->base_url, url))
		m->own_url = 1;
	return 0;
}

static int
read_member(struct raid_roster *r, struct raid_place *p,
    enum raid_origin from, struct raid_err *err)
{
	struct raid_member *m = find(r, p->member);

	if (m != NULL)
		return read_twin(m, p->j);
	if (raid_roster_name(p->member, err) == -1)
		return raid_fail_at(err, "%s", p->file);
	if (!raid_json_is_object(p->j))
		return raid_fail(err, RAID_ECONFIG,
		    "%s: member %s is no object", p->file, p->member);
	r->v = raid_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	m = &r->v[r->n++];
	*m = (struct raid_member){ .name = raid_strdup(p->member),
		.folded = raid_utf8_fold(p->member, strlen(p->member)),
		.from = from, .own_url = from == RAID_ORIGIN_USER };
	return raid_member_read(m, p, err);
}

static int
read_members(struct raid_roster *r, const struct raid_place *file,
    enum raid_origin from, struct raid_err *err)
{
	struct raid_place p;
	const struct raid_json *j;

	if (raid_place_object(file, "members", &p, err) == -1)
		return -1;
	p.part = NULL;
	for (j = raid_json_first(p.j); j != NULL; j = raid_json_next(j)) {
		p.j = j;
		p.member = raid_json_key(j);
		if (read_member(r, &p, from, err) == -1)
			return -1;
	}
	return 0;
}

/* What the two files say of the array as a whole. */
struct wide {
	double call, day, run;	/* < 0: not said */
	long long rounds, bytes;
	int refuse;
};

static const struct wide unsaid = { -1, -1, -1, -1, -1, -1 };

static int
read_wide(struct raid_roster *r, const struct raid_place *file,
    struct wide *w, struct raid_err *err)
{
	const char *limit;
	struct raid_place p;

	if (raid_place_object(file, "limits", &p, err) == -1 ||
	    raid_place_number(&p, "cost_per_call", COST_MAX, &w->call, err) ==
	    -1 ||
	    raid_place_number(&p, "cost_per_day", COST_MAX, &w->day, err) ==
	    -1 ||
	    raid_place_number(&p, "cost_per_run", COST_MAX, &w->run, err) ==
	    -1 ||
	    raid_place_count(&p, "rounds", ROUNDS_MAX, &w->rounds, err) == -1 ||
	    raid_place_count(&p, "answer_bytes", ANSWER_MAX, &w->bytes, err) ==
	    -1)
		return -1;
	limit = raid_json_get(p.j, "on_limit") == NULL ? "" :
	    raid_json_str(p.j, "on_limit", "?");
	if (*limit != '\0')
		w->refuse = strcmp(limit, "refuse") == 0;
	if (*limit != '\0' && !w->refuse && strcmp(limit, "wait") != 0)
		return raid_place_fail(&p, "on_limit",
		    "must be \"wait\" or \"refuse\"", err);
	if ((r->main == NULL || *r->main == '\0') &&
	    raid_place_text(file, "main", &r->main, err) == -1)
		return -1;
	if (r->fallback.n > 0)
		return 0;
	return raid_place_list(file, "fallback", &r->fallback, err);
}

static int
read_file(struct raid_roster *r, const struct raid_json *j,
    enum raid_origin from, struct wide *w, struct raid_err *err)
{
	const struct raid_place file = { .j = j,
		.file = from == RAID_ORIGIN_PROJECT ? ".raid/array.json" :
		"the user's array.json" };

	*w = unsaid;
	return read_members(r, &file, from, err) == -1 ? -1 :
	    read_wide(r, &file, w, err);
}

/*
 * A limit on money: the user may set any, a project, whose file may come
 * with a clone, only a lower one.
 */
static double
lower(double project, double user, double absent)
{
	double v = user >= 0 ? user : absent;

	return project > 0 && (v == 0 || project < v) ? project : v;
}

static long long
nearer(long long project, long long user, long long absent)
{
	if (project >= 0)
		return project;
	return user >= 0 ? user : absent;
}

int
raid_roster_parse(struct raid_roster *r, const struct raid_json *project,
    const struct raid_json *user, struct raid_err *err)
{
	struct wide p, u;

	*r = (struct raid_roster){ 0 };
	if (read_file(r, project, RAID_ORIGIN_PROJECT, &p, err) == -1 ||
	    read_file(r, user, RAID_ORIGIN_USER, &u, err) == -1)
		return -1;
	r->cost_per_call = lower(p.call, u.call, CALL_DEFAULT);
	r->cost_per_day = lower(p.day, u.day, DAY_DEFAULT);
	r->cost_per_run = lower(p.run, u.run, 0);
	r->rounds = nearer(p.rounds, u.rounds, 0);
	r->refuse = (int)nearer(p.refuse, u.refuse, 0);
	r->answer_bytes = (size_t)nearer(p.bytes > 0 ? p.bytes : -1,
	    u.bytes > 0 ? u.bytes : -1, ANSWER_DEFAULT);
	return 0;
}
