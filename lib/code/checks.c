/* SPDX-License-Identifier: ISC */
#include "code/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

void
raid_checks_free(struct raid_checks *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].name);
		raid_list_free(&c->v[i].command);
		raid_list_free(&c->v[i].mounts);
	}
	free(c->v);
	*c = (struct raid_checks){ 0 };
}

static struct raid_check *
new_check(struct raid_checks *c, const char *name)
{
	struct raid_check *k;

	c->v = raid_grow(c->v, &c->cap, c->n + 1, sizeof(*c->v));
	k = &c->v[c->n++];
	*k = (struct raid_check){ .name = raid_strdup(name),
	    .timeout = RAID_CHECK_TIMEOUT, .memory = RAID_CHECK_MEMORY };
	return k;
}

void
raid_checks_add(struct raid_checks *c, const char *name, char *const *argv)
{
	struct raid_check *k = new_check(c, name);

	for (; *argv != NULL; argv++)
		raid_list_add(&k->command, *argv);
}

/* An array of strings that are not empty. */
static int
get_list(const struct raid_json *o, const char *key, struct raid_list *l,
    struct raid_err *err)
{
	const struct raid_json *a = raid_json_get(o, key), *e;

	if (a == NULL)
		return 0;
	if (!raid_json_is_array(a))
		return raid_fail(err, RAID_ECONFIG, "\"%s\": not an array",
		    key);
	for (e = raid_json_first(a); e != NULL; e = raid_json_next(e)) {
		const char *s = raid_json_text(e);

		if (s == NULL || *s == '\0')
			return raid_fail(err, RAID_ECONFIG,
			    "\"%s\": not an array of strings", key);
		raid_list_add(l, s);
	}
	return 0;
}

static int
get_span(const struct raid_json *o, const char *key, double *out,
    struct raid_err *err)
{
	const struct raid_json *v = raid_json_get(o, key);

	if (v == NULL)
		return 0;
	if (raid_json_is_number(v) && raid_json_number(v) >= 0 &&
	    raid_json_number(v) < 1e9) {
		*out = raid_json_number(v);
		return 0;
	}
	if (!raid_json_is_string(v) ||
	    raid_num_span(raid_json_text(v), out, key, err) == -1)
		return raid_fail(err, RAID_ECONFIG, "\"%s\": not a number of "
		    "seconds, nor a span such as \"10m\"", key);
	return 0;
}

static int
get_size(const struct raid_json *o, const char *key, long long *out,
    struct raid_err *err)
{
	const struct raid_json *v = raid_json_get(o, key);

	if (v == NULL)
		return 0;
	if (raid_json_is_number(v) && raid_json_number(v) >= 0 &&
	    raid_json_number(v) < 9e15) {
		*out = (long long)raid_json_number(v);
		return 0;
	}
	if (!raid_json_is_string(v) ||
	    raid_num_size(raid_json_text(v), out, key, err) == -1)
		return raid_fail(err, RAID_ECONFIG, "\"%s\": not a number of "
		    "bytes, nor a size such as \"4G\"", key);
	return 0;
}

static int
parse_one(struct raid_checks *c, const struct raid_json *o,
    struct raid_err *err)
{
	const char *name = raid_json_str(o, "name", NULL);
	struct raid_check *k;

	if (!raid_json_is_object(o))
		return raid_fail(err, RAID_ECONFIG, "not an object");
	k = new_check(c, name != NULL ? name : "");
	if (get_list(o, "command", &k->command, err) == -1 ||
	    get_list(o, "mounts", &k->mounts, err) == -1 ||
	    get_span(o, "timeout", &k->timeout, err) == -1 ||
	    get_span(o, "idle", &k->idle, err) == -1 ||
	    get_size(o, "memory", &k->memory, err) == -1)
		return -1;
	if (k->command.n == 0)
		return raid_fail(err, RAID_ECONFIG, "no \"command\"");
	k->network = raid_json_true(raid_json_get(o, "network"));
	if (*k->name == '\0') {
		free(k->name);
		k->name = raid_strdup(k->command.v[0]);
	}
	return 0;
}

int
raid_checks_parse(struct raid_checks *c, const struct raid_json *file,
    struct raid_err *err)
{
	const struct raid_json *a = raid_json_get(file, "checks"), *e;

	*c = (struct raid_checks){ 0 };
	if (!raid_json_is_array(a))
		return raid_fail(err, RAID_ECONFIG, "checks.json: no array "
		    "\"checks\"; raid-test(1) shows its form");
	for (e = raid_json_first(a); e != NULL; e = raid_json_next(e))
		if (parse_one(c, e, err) == -1)
			return raid_fail_at(err, "checks.json: check %zu",
			    c->n + !raid_json_is_object(e));
	return 0;
}

static struct raid_json *
list_json(const struct raid_list *l)
{
	struct raid_json *a = raid_json_array();

	for (size_t i = 0; i < l->n; i++)
		raid_json_add_str(a, l->v[i]);
	return a;
}

struct raid_json *
raid_checks_json(const struct raid_checks *c)
{
	struct raid_json *o = raid_json_object(), *a = raid_json_array(), *k;

	for (size_t i = 0; i < c->n; i++) {
		const struct raid_check *e = &c->v[i];

		k = raid_json_object();
		raid_json_set_str(k, "name", e->name);
		raid_json_set(k, "command", list_json(&e->command));
		if (e->mounts.n != 0)
			raid_json_set(k, "mounts", list_json(&e->mounts));
		raid_json_set_num(k, "timeout", e->timeout);
		if (e->idle > 0)
			raid_json_set_num(k, "idle", e->idle);
		raid_json_set_int(k, "memory", e->memory);
		if (e->network)
			raid_json_set_bool(k, "network", 1);
		raid_json_add(a, k);
	}
	raid_json_set(o, "checks", a);
	return o;
}

void
raid_checks_hash(const struct raid_checks *c, char out[RAID_HASH_SIZE])
{
	struct raid_json *o = raid_checks_json(c);
	char *s = raid_json_print(o, 0);

	raid_hash(s, strlen(s), out);
	free(s);
	raid_json_free(o);
}

/* Is name among the n bytes of blank-separated words at s? */
static int
has_word(const char *s, size_t n, const char *name)
{
	size_t at = 0, len = strlen(name), k;

	while (at < n) {
		for (k = at; k < n && s[k] != ' ' && s[k] != '\t'; k++)
			continue;
		if (k - at == len && strncmp(s + at, name, len) == 0)
			return 1;
		at = k + 1;
	}
	return 0;
}

/* Does a Makefile have a rule for this target? */
static int
has_target(const char *text, const char *name)
{
	const char *colon;
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		colon = memchr(text, ':', n);
		if (*text == '\t' || *text == '#' || *text == '.' ||
		    colon == NULL || memchr(text, '=', (size_t)(colon - text))
		    != NULL)
			continue;
		/* "check := 1" and "check ::= 1" are variables. */
		if (colon[1] == '=' || (colon[1] == ':' && colon[2] == '='))
			continue;
		if (has_word(text, (size_t)(colon - text), name))
			return 1;
	}
	return 0;
}

/* Does a file stand there?  Its content goes into *b, which the caller
 * frees in every case. */
static int
look(const struct raid_checks_source *src, const char *path,
    struct raid_buf *b, struct raid_err *err)
{
	raid_buf_init(b, (size_t)16 << 20);
	return src->file(src->arg, path, b, err);
}

/* 1: a Makefile has a target, and its check was added. */
static int
detect_make(struct raid_checks *c, const struct raid_checks_source *src,
    struct raid_err *err)
{
	static const char *const names[] = { "GNUmakefile", "makefile",
	    "Makefile" };
	static const char *const targets[] = { "check", "test" };
	struct raid_buf b;
	int r = 0;

	for (size_t i = 0; r == 0 && i < 3; i++) {
		r = look(src, names[i], &b, err);
		for (size_t k = 0; r == 1 && k < 2; k++) {
			const char *argv[] = { "make", targets[k], NULL };

			if (!has_target(raid_buf_str(&b), targets[k]))
				continue;
			raid_checks_add(c, "make", (char *const *)argv);
			raid_buf_free(&b);
			return 1;
		}
		raid_buf_free(&b);
		/* make takes the first of the three that is there. */
		if (r == 1)
			return 0;
	}
	return r;
}

/* npm's own placeholder is no test. */
static int
has_test_script(const struct raid_buf *b)
{
	struct raid_err ignored;
	struct raid_json *j = raid_json_parse(b->p, b->len, &ignored);
	const char *s = raid_json_str(raid_json_get(j, "scripts"), "test",
	    NULL);
	int yes = s != NULL && strstr(s, "no test specified") == NULL;

	raid_json_free(j);
	return yes;
}

/* A build system by its file, and what its tests need. */
struct system {
	const char *file, *name;
	const char *command[5];
	const char *mounts[3];
};

static const struct system systems[] = {
	{ "Cargo.toml", "cargo", { "cargo", "test", "--offline" },
	    { "?~/.cargo", "?~/.rustup" } },
	{ "go.mod", "go", { "go", "test", "./..." }, { "?~/go/pkg/mod" } },
	{ "package.json", "npm", { "npm", "test" }, { "?node_modules" } },
	{ "pyproject.toml", "pytest", { "python3", "-m", "pytest" },
	    { "?.venv" } },
	{ "CMakeLists.txt", "ctest", { "sh", "-ec", "cmake -S . -B /tmp/build\n"
	    "cmake --build /tmp/build\nctest --test-dir /tmp/build "
	    "--output-on-failure --no-tests=error" }, { NULL } }
};

int
raid_checks_detect(struct raid_checks *c, const struct raid_checks_source *src,
    struct raid_err *err)
{
	struct raid_buf b;
	int r;

	*c = (struct raid_checks){ 0 };
	r = detect_make(c, src, err);
	if (r != 0)
		return r == 1 ? 0 : -1;
	for (size_t i = 0; r != -1 && i < sizeof(systems) / sizeof(systems[0]);
	    i++) {
		const struct system *s = &systems[i];

		r = look(src, s->file, &b, err);
		if (r == 1 && (strcmp(s->file, "package.json") != 0 ||
		    has_test_script(&b))) {
			raid_checks_add(c, s->name,
			    (char *const *)s->command);
			for (size_t k = 0; s->mounts[k] != NULL; k++)
				raid_list_add(&c->v[c->n - 1].mounts,
				    s->mounts[k]);
		}
		raid_buf_free(&b);
	}
	return r == -1 ? -1 : 0;
}
