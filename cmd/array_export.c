/* SPDX-License-Identifier: ISC */
/* raid-array export: the members as Task Master and Ricochet have them. */
#include <sys/stat.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "array_assign.h"
#include "array_preset.h"
#include "base/jsonedit.h"
#include "base/path.h"
#include "prog.h"

#define FOREIGN_MAX ((size_t)4 << 20)

/* How one of the two forms writes a place. */
static const struct form {
	const char *name;
	const char *above;		/* the places' object; NULL: top */
	const char *model, *params;	/* params NULL: beside the model */
	const char *most;
	int chains;			/* it has roles of chains */
} forms[] = {
	{ "taskmaster", "models", "modelId", NULL, "maxTokens", 0 },
	{ "ricochet", NULL, "model_id", "parameters", "max_tokens", 1 }
};

struct export {
	const struct form *form;
	const struct raid_json *presets;
	struct raid_buf text;		/* the file that it goes into */
};

/* Is the member what the preset makes? */
static int
is_of(const struct raid_member *m, const struct raid_json *preset)
{
	const struct raid_json *o = raid_json_get(preset, "member");

	if (strcmp(raid_json_str(o, "provider", ""),
	    raid_provider_name(m->kind)) != 0)
		return 0;
	if (m->kind != RAID_PROVIDER_EXEC)
		return strcmp(raid_json_str(o, "base_url", ""),
		    m->base_url) == 0;
	return raid_list_has(&m->command, raid_json_str(preset, "needs", ""));
}

/* How other tools call its provider; NULL: they do not know it. */
static const char *
provider_of(const struct export *x, const struct raid_member *m)
{
	const struct raid_json *p = raid_json_first(x->presets);
	const char *also;

	for (; p != NULL; p = raid_json_next(p)) {
		if (!is_of(m, p))
			continue;
		also = raid_json_text(raid_json_first(raid_json_get(p,
		    "also")));
		return also != NULL ? also : raid_json_key(p);
	}
	return m->kind == RAID_PROVIDER_EXEC ? NULL :
	    raid_provider_name(m->kind);
}

/* Put a value at chain_roles? / place / sub? / key. */
static int
put(struct export *x, const char *above, const char *place, const char *sub,
    const char *key, const struct raid_json *value, struct raid_err *err)
{
	const char *path[5];
	size_t n = 0;

	if (above != NULL)
		path[n++] = above;
	path[n++] = place;
	if (sub != NULL)
		path[n++] = sub;
	path[n++] = key;
	path[n] = NULL;
	return raid_json_edit(&x->text, path, value, err);
}

/* The temperature of its requests; NULL: none is set. */
static const struct raid_json *
temperature_of(const struct raid_member *m)
{
	const char *path = array_temperature_key(raid_provider_name(m->kind),
	    m->base_url);
	const struct raid_json *v = m->options;
	struct raid_list keys = { 0 };

	if (path == NULL || v == NULL)
		return raid_json_get(m->options, "temperature");
	raid_list_split(&keys, path, '.');
	/* The first one is the key options itself. */
	for (size_t i = 1; i < keys.n; i++)
		v = raid_json_get(v, keys.v[i]);
	raid_list_free(&keys);
	return v;
}

static int
export_place(struct export *x, const char *above, const char *place,
    const struct raid_member *m, struct raid_err *err)
{
	const char *provider = m != NULL ? provider_of(x, m) : NULL;
	struct raid_json *v;
	char *shown;
	int r;

	if (m == NULL)
		return 0;
	if (provider == NULL || *m->model == '\0') {
		prog_warn("%s: %s is a program%s, left out", place, m->name,
		    provider != NULL ? " of no certain model" : "");
		return 0;
	}
	shown = raid_strf("%s %s", provider, m->model);
	v = raid_json_object();
	raid_json_set_str(v, "provider", provider);
	raid_json_set_str(v, "model", m->model);
	raid_json_set_str(v, "shown", shown);
	raid_json_set_int(v, "most", m->max_output);
	r = put(x, above, place, NULL, "provider", raid_json_get(v,
	    "provider"), err);
	if (r == 0)
		r = put(x, above, place, NULL, x->form->model,
		    raid_json_get(v, "model"), err);
	if (r == 0 && x->form->chains)
		r = put(x, above, place, NULL, "display_name",
		    raid_json_get(v, "shown"), err);
	if (r == 0 && m->max_output > 0)
		r = put(x, above, place, x->form->params, x->form->most,
		    raid_json_get(v, "most"), err);
	if (r == 0 && temperature_of(m) != NULL)
		r = put(x, above, place, x->form->params, "temperature",
		    temperature_of(m), err);
	raid_json_free(v);
	free(shown);
	return r;
}

/* The first member of a role that an API answers for. */
static const struct raid_member *
of_role(const struct array *a, const char *role)
{
	for (size_t i = 0; i < a->roster.n; i++)
		if (a->roster.v[i].kind != RAID_PROVIDER_EXEC &&
		    strcmp(a->roster.v[i].role, role) == 0)
			return &a->roster.v[i];
	return NULL;
}

static int
export_chains(struct array *a, struct export *x, struct raid_err *err)
{
	const struct raid_member *m;
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->roster.n; i++) {
		m = &a->roster.v[i];
		if (*m->role != '\0' && of_role(a, m->role) == m)
			r = export_place(x, "chain_roles",
			    array_place_of_role(m->role), m, err);
	}
	return r;
}

static int
export_all(struct array *a, struct export *x, struct raid_err *err)
{
	const struct raid_roster *r = &a->roster;
	const struct raid_member *first = raid_roster_find(r, r->main);

	for (size_t i = 0; first == NULL && i < r->n; i++)
		if (r->v[i].kind != RAID_PROVIDER_EXEC)
			first = &r->v[i];
	if (first == NULL)
		return raid_fail(err, RAID_NO, "no member is a model");
	if (export_place(x, x->form->above, "main", first, err) == -1 ||
	    export_place(x, x->form->above, "research", of_role(a, "analyst"),
	    err) == -1 ||
	    export_place(x, x->form->above, "fallback", r->fallback.n > 0 ?
	    raid_roster_find(r, r->fallback.v[0]) : NULL, err) == -1)
		return -1;
	return x->form->chains ? export_chains(a, x, err) : 0;
}

static int
finish(struct export *x, const char *path, struct raid_err *err)
{
	struct stat st;

	if (path == NULL) {
		fwrite(x->text.p, 1, x->text.len, stdout);
		return 0;
	}
	return raid_path_write(path, x->text.p, x->text.len,
	    stat(path, &st) == 0 ? st.st_mode & 0777 : 0644, err);
}

int
array_export(struct array *a, struct raid_err *err)
{
	const char *path = a->argc > 1 ? a->argv[1] : NULL;
	struct raid_json *presets = array_presets(err);
	struct export x = { .presets = presets };
	int r = -1;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(a->argv[0], forms[i].name) == 0)
			x.form = &forms[i];
	raid_buf_init(&x.text, FOREIGN_MAX);
	if (presets == NULL)
		goto out;
	if (x.form == NULL) {
		raid_fail(err, RAID_EUSAGE, "%.40s: not taskmaster or "
		    "ricochet", a->argv[0]);
		goto out;
	}
	if (path != NULL) {
		raid_buf_free(&x.text);
		r = raid_path_read(path, FOREIGN_MAX, &x.text, err);
	}
	if (path == NULL || (r == -1 && err->code == RAID_ENOINPUT)) {
		raid_buf_puts(&x.text, "{}\n");
		r = 0;
	}
	if (r == 0)
		r = export_all(a, &x, err);
	if (r == 0)
		r = finish(&x, path, err);
out:
	raid_buf_free(&x.text);
	raid_json_free(presets);
	return r;
}
