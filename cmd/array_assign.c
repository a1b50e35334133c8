/* SPDX-License-Identifier: ISC */
#include "array_assign.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array_preset.h"
#include "prog.h"

static const struct pair {
	const char *place, *role;
} pairs[] = {
	{ "research", "analyst" }, { "analyzer", "analyst" },
	{ "summarizer", "summarizer" }, { "integrator", "integrator" },
	{ "critic", "critic" }, { "evaluator", "critic" },
	{ "creator", "generator" }, { "refiner", "optimizer" }
};
#define NPAIRS (sizeof(pairs) / sizeof(pairs[0]))

const char *
array_role_of_place(const char *place)
{
	for (size_t i = 0; i < NPAIRS; i++)
		if (strcmp(pairs[i].place, place) == 0)
			return pairs[i].role;
	return place;
}

const char *
array_place_of_role(const char *role)
{
	/* Research has a place of its own. */
	for (size_t i = 1; i < NPAIRS; i++)
		if (strcmp(pairs[i].role, role) == 0)
			return pairs[i].place;
	return role;
}

const char *
array_temperature_key(const char *provider, const char *base_url)
{
	if (strcmp(provider, "ollama") == 0)
		return "options.options.temperature";
	if (strcmp(provider, "gemini") == 0)
		return "options.generationConfig.temperature";
	if (strcmp(provider, "openai") == 0 &&
	    strstr(base_url, "//api.openai.com/") == NULL)
		return "options.temperature";
	return NULL;
}

void
array_use_model(struct raid_json *member, const struct raid_json *preset,
    const char *model)
{
	const char *option = raid_json_str(preset, "model_option", NULL);
	const struct raid_json *w;
	struct raid_list words = { 0 };

	if (strcmp(raid_json_str(member, "model", ""), model) == 0)
		return;
	if (raid_json_get(member, "model") != NULL) {
		raid_json_unset(member, "price");
		raid_json_unset(member, "context");
	}
	raid_json_set_str(member, "model", model);
	if (option == NULL)
		return;
	w = raid_json_first(raid_json_get(member, "command"));
	for (; w != NULL; w = raid_json_next(w))
		raid_list_add(&words, raid_json_text(w));
	raid_list_add(&words, option);
	raid_list_add(&words, model);
	raid_json_set_list(member, "command", &words);
	raid_list_free(&words);
}

/* The path of keys below options, with a number at its end. */
static void
set_temperature(struct raid_json *m, const char *path, double v)
{
	struct raid_list keys = { 0 };
	struct raid_json *o;

	raid_list_split(&keys, path, '.');
	o = raid_json_object();
	raid_json_set_num(o, keys.v[keys.n - 1], v);
	for (size_t i = keys.n - 1; i-- > 1;) {
		struct raid_json *outer = raid_json_object();

		raid_json_set(outer, keys.v[i], o);
		o = outer;
	}
	raid_json_set(m, keys.v[0], o);
	raid_list_free(&keys);
}

/* The member that the choice asks for, as a file has it. */
static struct raid_json *
make(const struct raid_json *preset, const struct array_choice *c)
{
	struct raid_json *m = raid_json_copy(raid_json_get(preset, "member"));
	const char *path;

	if (*c->model != '\0')
		array_use_model(m, preset, c->model);
	if (*c->base_url != '\0')
		raid_json_set_str(m, "base_url", c->base_url);
	if (strcmp(c->place, "main") != 0 && strcmp(c->place, "fallback") != 0)
		raid_json_set_str(m, "role", array_role_of_place(c->place));
	if (raid_json_get(m, "command") != NULL)
		return m;
	if (c->max_output > 0)
		raid_json_set_int(m, "max_output", c->max_output);
	path = array_temperature_key(raid_json_str(m, "provider", ""),
	    raid_json_str(m, "base_url", ""));
	if (c->temperature >= 0 && path != NULL)
		set_temperature(m, path, c->temperature);
	else if (c->temperature >= 0)
		prog_warn("%s: temperature %g is left out, newer models of %s "
		    "refuse one", c->place, c->temperature, c->provider);
	return m;
}

static int
same(const struct raid_json *a, const struct raid_json *b, const char *key)
{
	return strcmp(raid_json_str(a, key, ""), raid_json_str(b, key, "")) ==
	    0;
}

/* A member of the file that is this one already; a role must agree only
 * where the place is one. */
static const char *
find_same(const struct raid_json *file, const struct raid_json *m,
    const char *place)
{
	int any = strcmp(place, "main") == 0 || strcmp(place, "fallback") == 0;
	const struct raid_json *o = raid_json_first(raid_json_get(file,
	    "members"));

	for (; o != NULL; o = raid_json_next(o))
		if (same(o, m, "provider") && same(o, m, "model") &&
		    same(o, m, "base_url") && (any || same(o, m, "role")))
			return raid_json_key(o);
	return NULL;
}

static void
free_name(const struct raid_json *file, const char *preset, const char *place,
    char *name, size_t size)
{
	(void)snprintf(name, size, "%s", preset);
	if (array_file_name(file, name) == NULL)
		return;
	(void)snprintf(name, size, "%s-%s", preset,
	    array_role_of_place(place));
	for (int i = 2; array_file_name(file, name) != NULL; i++)
		(void)snprintf(name, size, "%s-%s-%d", preset,
		    array_role_of_place(place), i);
}

int
array_assign_name(struct array_file *f, const char *place, const char *name,
    struct raid_err *err)
{
	char *word = (char *)(uintptr_t)name, *role;
	struct raid_json *file;
	const char *here;
	int r = 0;

	if (strcmp(place, "main") == 0 || strcmp(place, "fallback") == 0)
		return array_file_set(f, NULL, place, &word, 1, err);
	file = array_file_json(f, err);
	if (file == NULL)
		return -1;
	role = (char *)(uintptr_t)array_role_of_place(place);
	here = array_file_name(file, name);
	if (here != NULL)
		r = array_file_set(f, here, "role", &role, 1, err);
	else
		prog_warn("%s: %s is in the other file and keeps its role",
		    place, name);
	raid_json_free(file);
	return r;
}

int
array_assign(struct array_file *f, const struct raid_json *presets,
    const struct array_choice *c, char *name, size_t size,
    struct raid_err *err)
{
	const struct raid_json *p = array_preset_find(presets, c->provider);
	struct raid_json *file, *m;
	const char *old;
	int r = 0;

	if (p == NULL)
		return 0;
	file = array_file_json(f, err);
	if (file == NULL)
		return -1;
	m = make(p, c);
	old = find_same(file, m, c->place);
	if (old != NULL) {
		(void)snprintf(name, size, "%s", old);
	} else {
		free_name(file, raid_json_key(p), c->place, name, size);
		r = array_file_put(f, name, m, err);
	}
	if (r == 0)
		r = array_assign_name(f, c->place, name, err);
	raid_json_free(m);
	raid_json_free(file);
	return r == 0 ? 1 : -1;
}
