/* SPDX-License-Identifier: ISC */
/*
 * raid-array import, export: the models that Task Master keeps in
 * .taskmaster/config.json and Ricochet in .ricochet/models.json, as places
 * (main, research, fallback, roles of chains) with a provider and a model.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "array_assign.h"
#include "array_preset.h"
#include "base/mem.h"
#include "base/path.h"
#include "prog.h"

#define FOREIGN_MAX ((size_t)4 << 20)

/* A key that the two write in different ways; NULL: neither is there. */
static const struct raid_json *
either(const struct raid_json *j, const char *a, const char *b)
{
	const struct raid_json *v = raid_json_get(j, a);

	return v != NULL ? v : raid_json_get(j, b);
}

/*
 * An address as raid writes it: theirs may have the beginning of the path
 * that is appended.  The caller frees.
 */
static char *
own_url(const char *theirs)
{
	static const char *const tails[] = { "/", "/api", "/" };
	char *s = raid_strdup(theirs);

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		while (raid_str_ends(s, tails[i]) && *s != '\0')
			s[strlen(s) - strlen(tails[i])] = '\0';
	return s;
}

/* Where the file says that a provider is; "" if it does not. */
static const char *
url_of(const struct raid_json *file, const struct raid_json *v,
    const char *provider)
{
	const struct raid_json *global = raid_json_get(file, "global");
	char *key = raid_strf("%sBaseURL", provider);
	const char *url = raid_json_str(v, "baseURL",
	    raid_json_str(global, key, ""));

	free(key);
	return url;
}

/* One place of the file. */
static int
import_place(struct array_file *f, const struct raid_json *presets,
    const struct raid_json *file, const struct raid_json *v,
    struct raid_list *names, struct raid_err *err)
{
	const struct raid_json *params = raid_json_get(v, "parameters");
	const struct raid_json *heat = raid_json_get(v, "temperature");
	const struct raid_json *most = raid_json_get(v, "maxTokens");
	struct array_choice c = { .place = raid_json_key(v),
		.provider = raid_json_str(v, "provider", ""),
		.temperature = -1 };
	char name[200], *url;
	int r;

	heat = heat != NULL ? heat : raid_json_get(params, "temperature");
	most = most != NULL ? most : either(params, "max_tokens", "maxTokens");
	c.model = raid_json_text(either(v, "modelId", "model_id"));
	if (c.model == NULL)
		c.model = "";
	if (raid_json_is_number(heat))
		c.temperature = raid_json_number(heat);
	if (raid_json_is_number(most))
		c.max_output = (long long)raid_json_number(most);
	url = own_url(url_of(file, v, c.provider));
	c.base_url = url;
	r = *c.provider == '\0' ? 0 :
	    array_assign(f, presets, &c, name, sizeof(name), err);
	free(url);
	if (r == 1)
		(void)raid_list_addnew(names, name);
	else if (r == 0 && *c.provider != '\0')
		prog_warn("%s: %s: no preset speaks with it, left out",
		    c.place, c.provider);
	return r == -1 ? -1 : 0;
}

/* All places of an object of them. */
static int
import_places(struct array_file *f, const struct raid_json *presets,
    const struct raid_json *file, const struct raid_json *places,
    struct raid_list *names, struct raid_err *err)
{
	const struct raid_json *v = raid_json_first(places);
	int r = 0;

	for (; r == 0 && v != NULL; v = raid_json_next(v))
		if (raid_json_is_object(v) &&
		    strcmp(raid_json_key(v), "chain_roles") != 0)
			r = import_place(f, presets, file, v, names, err);
	return r;
}

/* What the file has: models, or the places at the top. */
static int
import_file(struct array *a, const struct raid_json *file, const char *path,
    struct raid_list *names, struct raid_err *err)
{
	const struct raid_json *places = raid_json_get(file, "models");
	struct raid_json *presets = array_presets(err);
	struct array_file f;
	char *detail;
	int r;

	if (presets == NULL)
		return -1;
	if (places == NULL && (raid_json_get(file, "main") != NULL ||
	    raid_json_get(file, "chain_roles") != NULL))
		places = file;
	r = array_file_open(a, &f, err);
	if (r == 0 && !raid_json_is_object(places))
		r = raid_fail(err, RAID_EDATA, "%s: neither \"models\" nor "
		    "\"main\" is there", path);
	if (r == 0)
		r = import_places(&f, presets, file, places, names, err);
	if (r == 0)
		r = import_places(&f, presets, file, raid_json_get(file,
		    "chain_roles"), names, err);
	if (r == 0 && names->n == 0)
		r = raid_fail(err, RAID_NO, "%s: no model to take", path);
	if (r == 0) {
		detail = raid_strf("import %s", path);
		r = array_file_save(a, &f, detail, err);
		free(detail);
	}
	array_file_close(&f);
	raid_json_free(presets);
	return r;
}

/* The file to read: an operand, or the first of those that there may be. */
static char *
find_file(struct array *a, struct raid_err *err)
{
	static const char *const places[] = { ".taskmaster/config.json",
		".ricochet/models.json" };
	const char *root = a->s.conf.root != NULL ? a->s.conf.root : ".";
	const char *home = getenv("HOME");
	char *path;

	if (a->argc > 0)
		return raid_strdup(a->argv[0]);
	for (size_t i = 0; i < 2; i++) {
		path = raid_path_join(root, places[i]);
		if (access(path, F_OK) == 0)
			return path;
		free(path);
	}
	path = raid_path_join(home != NULL ? home : "", places[1]);
	if (home != NULL && access(path, F_OK) == 0)
		return path;
	free(path);
	raid_fail(err, RAID_ENOINPUT, "neither %s nor %s is here; name a file",
	    places[0], places[1]);
	return NULL;
}

static struct raid_json *
read_file(const char *path, struct raid_err *err)
{
	struct raid_json *j = NULL;
	struct raid_buf b;

	if (strcmp(path, "-") != 0)
		return raid_json_read(path, err);
	if (raid_path_readfd(STDIN_FILENO, "standard input", FOREIGN_MAX, &b,
	    err) == 0) {
		j = raid_json_parse(b.p, b.len, err);
		if (j == NULL)
			raid_fail_at(err, "standard input");
	}
	raid_buf_free(&b);
	return j;
}

int
array_import(struct array *a, struct raid_err *err)
{
	struct raid_list names = { 0 };
	char *path = find_file(a, err);
	struct raid_json *file = path != NULL ? read_file(path, err) : NULL;
	int r = -1;

	if (file != NULL)
		r = import_file(a, file, path, &names, err);
	if (r == 0)
		r = array_print_names(a, &names, err);
	raid_json_free(file);
	raid_list_free(&names);
	free(path);
	return r;
}
