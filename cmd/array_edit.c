/* SPDX-License-Identifier: ISC */
/* raid-array add, remove, set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "array.h"
#include "array/key.h"
#include "array/url.h"
#include "array_assign.h"
#include "array_preset.h"
#include "base/mem.h"
#include "prog.h"

/* The member of a preset; one that nobody knows is an empty one if settings
 * follow, which will have to say all.  NULL on failure. */
static struct raid_json *
from_preset(const char *name, const char *model, int settings,
    struct raid_err *err)
{
	struct raid_json *presets = array_presets(err), *m = NULL;
	const struct raid_json *p;

	if (presets == NULL)
		return NULL;
	p = array_preset_find(presets, name);
	if (p != NULL) {
		m = raid_json_copy(raid_json_get(p, "member"));
		if (model != NULL)
			array_use_model(m, p, model);
	} else if (settings) {
		m = raid_json_object();
	}
	if (m == NULL)
		raid_fail(err, RAID_EUSAGE, "%.60s: no preset of that name; "
		    "see raid-array presets", name);
	raid_json_free(presets);
	return m;
}

/* "key=value" */
static int
set_pair(struct array_file *f, const char *member, char *pair,
    struct raid_err *err)
{
	char *value = strchr(pair, '='), *key;
	int r;

	key = raid_strndup(pair, (size_t)(value - pair));
	value++;
	r = array_file_set(f, member, key, &value, *value != '\0', err);
	free(key);
	return r;
}

/* The value of a setting among key=value pairs; NULL: it is not there. */
static const char *
setting(char *const *pairs, size_t n, const char *key)
{
	size_t len = strlen(key);

	while (n-- > 0)
		if (strncmp(pairs[n], key, len) == 0 && pairs[n][len] == '=' &&
		    pairs[n][len + 1] != '\0')
			return pairs[n] + len + 1;
	return NULL;
}

/*
 * A server on this machine has one model more often than not: what it offers,
 * where the preset names none.  The caller frees; NULL: it is not needed, or
 * the server says nothing.  More than one are named on standard error.
 */
static char *
only_model(struct array *a, const char *preset, const char *base_url)
{
	struct raid_wire_list list = { 0 };
	struct raid_roster r;
	struct raid_err ignored;
	struct raid_buf names;
	struct raid_url u;
	char *model = NULL;

	if (array_preset_member(a, preset, base_url, &r, &ignored) == 0 &&
	    strcmp(r.v[0].model, "none") == 0 &&
	    raid_url_parse(&u, r.v[0].base_url, &ignored) == 0 &&
	    raid_url_loopback(&u) &&
	    array_offer(a, &r.v[0], &list, &ignored) == 0 && list.n == 1)
		model = raid_strdup(list.v[0].id);
	if (list.n > 1) {
		raid_buf_init(&names, 300);
		for (size_t i = 0; i < list.n; i++)
			raid_buf_printf(&names, " %s", list.v[i].id);
		prog_warn("%s offers:%s", preset, raid_buf_str(&names));
		raid_buf_free(&names);
	}
	raid_wire_list_free(&list);
	raid_roster_free(&r);
	return model;
}

/* The file with the member in it, not yet written. */
static int
put_member(struct array *a, struct array_file *f, const char *preset,
    const char *model, char **pairs, size_t n, struct raid_err *err)
{
	struct raid_json *j = array_file_json(f, err), *m = NULL;
	const char *old, *name = a->argv[0];
	int r = -1;


	old = j != NULL ? array_file_name(j, name) : NULL;
	if (old != NULL)
		raid_fail(err, RAID_EUSAGE, "%s is a member already; change "
		    "it with raid-array set, or remove it first", old);
	else if (j != NULL && raid_roster_name(name, err) == -1)
		err->code = RAID_EUSAGE;
	else if (j != NULL)
		m = from_preset(preset, model, n > 0, err);
	if (m != NULL)
		r = array_file_put(f, name, m, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = set_pair(f, name, pairs[i], err);
	raid_json_free(m);
	raid_json_free(j);
	return r;
}

/* After a change of a member: what there is now, and what is amiss. */
static int
report(struct array *a, const char *name, enum raid_origin origin,
    struct raid_err *err)
{
	const struct raid_member *m = array_member(a, name, err);
	struct raid_list names = { 0 };
	int r;

	if (m == NULL)
		return -1;
	if (m->from != origin)
		prog_warn("%s: the project's member of that name is the one "
		    "that counts here", name);
	if (a->ask_key && array_ask_key(a, m, err) == -1)
		return -1;
	raid_list_add(&names, name);
	r = array_print_names(a, &names, err);
	raid_list_free(&names);
	return r;
}

int
array_add(struct array *a, struct raid_err *err)
{
	char *name = a->argv[0], *preset = name, *detail, **pairs = a->argv + 1;
	size_t n = (size_t)a->argc - 1;
	const char *model;
	struct array_file f;
	char *guess = NULL;
	int r;

	if (n > 0 && strchr(pairs[0], '=') == NULL) {
		preset = *pairs++;
		n--;
	}
	for (size_t i = 0; i < n; i++)
		if (strchr(pairs[i], '=') == NULL)
			return raid_fail(err, RAID_EUSAGE, "%.60s: a setting "
			    "is key=value", pairs[i]);
	model = setting(pairs, n, "model");
	/* What a member's process asks for is refused below. */
	if (model == NULL && !a->s.member)
		model = guess = only_model(a, preset, setting(pairs, n,
		    "base_url"));
	r = array_file_open(a, &f, err);
	if (r == 0)
		r = put_member(a, &f, preset, model, pairs, n, err);
	if (r == 0) {
		detail = raid_strf("add %s", name);
		r = array_file_save(a, &f, detail, err);
		free(detail);
	}
	array_file_close(&f);
	free(guess);
	return r == 0 ? report(a, name, f.origin, err) : -1;
}

/* Take a name out of a list of names, at a key of a member or of the file. */
static int
forget(struct array_file *f, const char *member, const struct raid_json *in,
    const char *key, const char *name, struct raid_err *err)
{
	const struct raid_json *v = raid_json_first(raid_json_get(in, key));
	struct raid_list left = { 0 };
	int there = 0, r = 0;

	for (; v != NULL; v = raid_json_next(v)) {
		if (raid_json_text(v) != NULL &&
		    strcasecmp(raid_json_text(v), name) == 0)
			there = 1;
		else if (raid_json_text(v) != NULL)
			raid_list_add(&left, raid_json_text(v));
	}
	if (there)
		r = array_file_set(f, member, key, left.v, left.n, err);
	raid_list_free(&left);
	return r;
}

/* Nothing in the file may go on naming a member that is gone. */
static int
forget_all(struct array_file *f, const char *name, struct raid_err *err)
{
	struct raid_json *j = array_file_json(f, err);
	const struct raid_json *m;
	int r;

	if (j == NULL)
		return -1;
	r = forget(f, NULL, j, "fallback", name, err);
	if (r == 0 && strcasecmp(raid_json_str(j, "main", ""), name) == 0)
		r = array_file_set(f, NULL, "main", NULL, 0, err);
	m = raid_json_first(raid_json_get(j, "members"));
	for (; r == 0 && m != NULL; m = raid_json_next(m))
		r = forget(f, raid_json_key(m), m, "spares", name, err);
	raid_json_free(j);
	return r;
}

static int
remove_one(struct array *a, struct array_file *f, const char *name,
    struct raid_err *err)
{
	const struct raid_member *m = raid_roster_find(&a->roster, name);
	struct raid_json *j = array_file_json(f, err);
	const char *old = j != NULL ? array_file_name(j, name) : NULL;
	int r = -1;

	if (old != NULL) {
		r = array_file_put(f, old, NULL, err);
		if (r == 0)
			r = forget_all(f, old, err);
	} else if (j != NULL && m != NULL) {
		raid_fail(err, RAID_EUSAGE, "%s is not in %s; run: raid-array "
		    "%sremove %s", m->name, f->path,
		    a->project ? "" : "--project ", m->name);
	} else if (j != NULL) {
		(void)array_member(a, name, err);
	}
	raid_json_free(j);
	return r;
}

/* The key may be used elsewhere: it stays, and is told of. */
static void
tell_key(struct array *a, const char *name)
{
	char *path;

	if (a->s.conf.user == NULL)
		return;
	path = raid_key_path(a->s.conf.user, name);
	if (raid_roster_find(&a->roster, name) == NULL &&
	    access(path, F_OK) == 0)
		prog_warn("%s: its key is left in %s", name, path);
	free(path);
}

int
array_remove(struct array *a, struct raid_err *err)
{
	struct array_file f;
	char *words, *detail;
	int r;

	r = array_file_open(a, &f, err);
	for (int i = 0; r == 0 && i < a->argc; i++)
		r = remove_one(a, &f, a->argv[i], err);
	if (r == 0) {
		words = raid_str_shell(a->argv);
		detail = raid_strf("remove %s", words);
		r = array_file_save(a, &f, detail, err);
		free(detail);
		free(words);
	}
	array_file_close(&f);
	for (int i = 0; r == 0 && i < a->argc; i++)
		tell_key(a, a->argv[i]);
	return r;
}

/* "key value...", or pairs "key=value", of which all are set at once. */
static int
set_words(struct array_file *f, const char *member, char **words, size_t n,
    struct raid_err *err)
{
	int r = 0;

	if (strchr(words[0], '=') == NULL)
		return array_file_set(f, member, words[0], words + 1, n - 1,
		    err);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = strchr(words[i], '=') != NULL ?
		    set_pair(f, member, words[i], err) :
		    raid_fail(err, RAID_EUSAGE, "%.60s: a setting is "
		    "key=value", words[i]);
	return r;
}

/* "all" is nobody's name: it stands for the array itself. */
static int
set(struct array *a, struct array_file *f, struct raid_err *err)
{
	struct raid_json *j = array_file_json(f, err);
	int whole = strcasecmp(a->argv[0], "all") == 0, r = -1;
	const char *name;

	if (j == NULL)
		return -1;
	name = whole ? NULL : array_file_name(j, a->argv[0]);
	if (whole || name != NULL)
		r = set_words(f, name, a->argv + 1, (size_t)a->argc - 1, err);
	else if (raid_roster_find(&a->roster, a->argv[0]) != NULL)
		raid_fail(err, RAID_EUSAGE, "%s is not in %s; use %s",
		    a->argv[0], f->path, a->project ? "it without --project" :
		    "--project");
	else
		(void)array_member(a, a->argv[0], err);
	raid_json_free(j);
	return r;
}

int
array_set(struct array *a, struct raid_err *err)
{
	int whole = strcasecmp(a->argv[0], "all") == 0, r;
	struct array_file f;
	char *detail;

	r = array_file_open(a, &f, err);
	if (r == 0)
		r = set(a, &f, err);
	if (r == 0) {
		/* Without the value, which may be one's own business. */
		detail = raid_strf("set %s %.*s", a->argv[0],
		    (int)strcspn(a->argv[1], "="), a->argv[1]);
		r = array_file_save(a, &f, detail, err);
		free(detail);
	}
	array_file_close(&f);
	if (r == -1)
		return -1;
	if (!whole)
		return report(a, a->argv[0], f.origin, err);
	array_advise_all(a);
	return RAID_OK;
}
