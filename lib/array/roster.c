/* SPDX-License-Identifier: ISC */
#include "array/roster.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"

#define IDLE_DEFAULT 300
#define WALL_DEFAULT 1800
#define ANSWER_DEFAULT (8 << 20)

static void
member_free(struct raid_member *m)
{
	free(m->name);
	free(m->folded);
	free(m->provider);
	free(m->role);
	free(m->model);
	free(m->email);
	raid_list_free(&m->command);
}

void
raid_roster_free(struct raid_roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		member_free(&r->v[i]);
	free(r->v);
	*r = (struct raid_roster){ 0 };
}

const struct raid_member *
raid_roster_find(const struct raid_roster *r, const char *name)
{
	char *folded = raid_utf8_fold(name, strlen(name));
	const struct raid_member *found = NULL;

	for (size_t i = 0; i < r->n && found == NULL; i++)
		if (strcmp(r->v[i].folded, folded) == 0)
			found = &r->v[i];
	free(folded);
	return found;
}

/* The same rule as for a mention, or nobody could address it. */
static int
check_name(const char *name, struct raid_err *err)
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
		return raid_fail(err, RAID_ECONFIG, "array.json: '%.60s' is "
		    "no name for a member: letters, digits, '.', '_' and '-', "
		    "ending in a letter or digit", name);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcasecmp(name, taken[i]) == 0)
			return raid_fail(err, RAID_ECONFIG, "array.json: a "
			    "member may not be named '%s': @%s means others",
			    name, name);
	return 0;
}

static int
bad_key(const char *member, const char *key, const char *what,
    struct raid_err *err)
{
	return raid_fail(err, RAID_ECONFIG, "array.json: member %s: \"%s\" %s",
	    member, key, what);
}

static int
read_command(struct raid_member *m, const struct raid_json *j,
    struct raid_err *err)
{
	const struct raid_json *w = raid_json_get(j, "command");

	if (!raid_json_is_array(w) || raid_json_first(w) == NULL)
		return bad_key(m->name, "command",
		    "must be a list of words, the program first", err);
	for (w = raid_json_first(w); w != NULL; w = raid_json_next(w)) {
		if (!raid_json_is_string(w))
			return bad_key(m->name, "command",
			    "has a word that is no string", err);
		raid_list_add(&m->command, raid_json_text(w));
	}
	return 0;
}

static int
read_seconds(const struct raid_json *j, const char *member, const char *key,
    double absent, double *v, struct raid_err *err)
{
	const struct raid_json *n = raid_json_get(j, key);

	*v = n == NULL ? absent : raid_json_number(n);
	if (n != NULL && (!raid_json_is_number(n) || *v < 0 || *v > 1e7))
		return bad_key(member, key, "must be seconds, 0 for no limit",
		    err);
	return 0;
}

static int
read_member(struct raid_roster *r, const char *name, const struct raid_json *j,
    struct raid_err *err)
{
	struct raid_member *m;

	if (check_name(name, err) == -1)
		return -1;
	if (!raid_json_is_object(j))
		return raid_fail(err, RAID_ECONFIG,
		    "array.json: member %s is no object", name);
	r->v = raid_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	m = &r->v[r->n++];
	*m = (struct raid_member){ .name = raid_strdup(name),
		.folded = raid_utf8_fold(name, strlen(name)),
		.provider = raid_strdup(raid_json_str(j, "provider", "")),
		.role = raid_strdup(raid_json_str(j, "role", "")),
		.model = raid_strdup(raid_json_str(j, "model", "")),
		.email = raid_strdup(raid_json_str(j, "email", "")),
		.local = raid_json_true(raid_json_get(j, "local")) };
	/* A role names a file of prompts/. */
	if (strchr(m->role, '/') != NULL || *m->role == '.')
		return bad_key(name, "role", "must be one word", err);
	if (strcmp(m->provider, "exec") != 0)
		return bad_key(name, "provider", "must be \"exec\"", err);
	if (read_seconds(j, name, "idle", IDLE_DEFAULT, &m->idle, err) == -1 ||
	    read_seconds(j, name, "timeout", WALL_DEFAULT, &m->wall, err) == -1)
		return -1;
	return read_command(m, j, err);
}

static int
read_file(struct raid_roster *r, const struct raid_json *file,
    struct raid_err *err)
{
	const struct raid_json *m = raid_json_get(file, "members");
	long long bytes;

	if (m != NULL && !raid_json_is_object(m))
		return raid_fail(err, RAID_ECONFIG,
		    "array.json: \"members\" is no object");
	for (m = raid_json_first(m); m != NULL; m = raid_json_next(m))
		if (raid_roster_find(r, raid_json_key(m)) == NULL &&
		    read_member(r, raid_json_key(m), m, err) == -1)
			return -1;
	bytes = raid_json_int(raid_json_get(file, "limits"), "answer_bytes", 0);
	if (bytes < 0 || bytes > 1 << 29)
		return raid_fail(err, RAID_ECONFIG, "array.json: limits: "
		    "\"answer_bytes\" must be between 1 and 536870912");
	if (r->answer_bytes == 0)
		r->answer_bytes = (size_t)bytes;
	return 0;
}

int
raid_roster_parse(struct raid_roster *r, const struct raid_json *project,
    const struct raid_json *user, struct raid_err *err)
{
	*r = (struct raid_roster){ 0 };
	if (read_file(r, project, err) == -1 || read_file(r, user, err) == -1)
		return -1;
	if (r->answer_bytes == 0)
		r->answer_bytes = ANSWER_DEFAULT;
	return 0;
}
