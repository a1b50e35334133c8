/* SPDX-License-Identifier: ISC */
/* The array.json that raid-array changes. */
#include <sys/file.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "base/jsonedit.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"

#define FILE_MAX ((size_t)16 << 20)

static const char fresh[] = "{\n\t\"members\": {}\n}\n";

static char *
folder(struct array *a, struct raid_err *err)
{
	struct raid_conf *c = &a->s.conf;

	if (a->s.member) {
		raid_fail(err, RAID_EPERM,
		    "a member may not change the array; a person may");
	} else if (a->project && c->dir == NULL) {
		raid_fail(err, RAID_ENOINPUT,
		    "there is no .raid/ here; run raid-init");
	} else if (a->project) {
		if (raid_conf_trusted(c, err) == 0)
			return raid_strdup(c->dir);
	} else if (c->user == NULL) {
		raid_fail(err, RAID_ECONFIG, "HOME is not set; the project's "
		    "file is changed with --project");
	} else if (raid_path_mkdirs(c->user, 0700, err) == 0) {
		return raid_strdup(c->user);
	}
	return NULL;
}

/* The file itself where its name is a link, as with those who keep their
 * configuration elsewhere. */
static char *
resolve(const char *dir)
{
	char *path = raid_path_join(dir, "array.json");
	char *real = realpath(path, NULL);

	if (real == NULL)
		return path;
	free(path);
	return real;
}

int
array_file_open(struct array *a, struct array_file *f, struct raid_err *err)
{
	char *dir = folder(a, err);
	struct stat st;
	int r = -1;

	*f = (struct array_file){ .lock = -1, .mode = a->project ? 0644 : 0600,
		.origin = a->project ? RAID_ORIGIN_PROJECT :
		RAID_ORIGIN_USER };
	raid_buf_init(&f->text, FILE_MAX);
	if (dir == NULL)
		return -1;
	f->lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->lock == -1 || flock(f->lock, LOCK_EX) == -1) {
		raid_fail_errno(err, "%s", dir);
		free(dir);
		return -1;
	}
	f->path = resolve(dir);
	free(dir);
	raid_buf_free(&f->text);
	r = raid_path_read(f->path, FILE_MAX, &f->text, err);
	if (r == 0 && stat(f->path, &st) == 0)
		f->mode = st.st_mode & 0777;
	if (r == 0 || err->code != RAID_ENOINPUT)
		return r;
	raid_buf_puts(&f->text, fresh);
	return 0;
}

void
array_file_close(struct array_file *f)
{
	if (f->lock != -1)
		close(f->lock);
	raid_buf_free(&f->text);
	free(f->path);
}

struct raid_json *
array_file_json(const struct array_file *f, struct raid_err *err)
{
	struct raid_json *j = raid_json_parse(f->text.p, f->text.len, err);

	if (j == NULL)
		raid_fail_at(err, "%s", f->path);
	return j;
}

const char *
array_file_name(const struct raid_json *file, const char *name)
{
	const struct raid_json *m = raid_json_first(raid_json_get(file,
	    "members"));
	char *wanted = raid_utf8_fold(name, strlen(name)), *folded;
	int same = 0;

	for (; m != NULL; m = raid_json_next(m)) {
		folded = raid_utf8_fold(raid_json_key(m),
		    strlen(raid_json_key(m)));
		same = strcmp(folded, wanted) == 0;
		free(folded);
		if (same)
			break;
	}
	free(wanted);
	return m != NULL ? raid_json_key(m) : NULL;
}

static int
is_one_of(const char *key, const char *const *keys)
{
	while (*keys != NULL && strcmp(*keys, key) != 0)
		keys++;
	return *keys != NULL;
}

/* Words as a list: a JSON array, or each a string; names may have commas
 * between them. */
static struct raid_json *
list_of(const char *key, char *const *words, size_t n)
{
	int names = strcmp(key, "spares") == 0 || strcmp(key, "fallback") == 0;
	struct raid_list l = { 0 };
	struct raid_json *j = NULL;
	struct raid_err ignored;

	if (n == 1 && words[0][0] == '[')
		j = raid_json_parse(words[0], strlen(words[0]), &ignored);
	for (size_t i = 0; j == NULL && i < n; i++) {
		if (names)
			raid_list_split(&l, words[i], ',');
		else
			raid_list_add(&l, words[i]);
	}
	if (j == NULL) {
		j = raid_json_array();
		for (size_t i = 0; i < l.n; i++)
			raid_json_add_str(j, l.v[i]);
	}
	raid_list_free(&l);
	return j;
}

static struct raid_json *
text_of(const char *s)
{
	struct raid_json *o = raid_json_object(), *copy;

	raid_json_set_str(o, "s", s);
	copy = raid_json_copy(raid_json_get(o, "s"));
	raid_json_free(o);
	return copy;
}

/* A value as a person writes it on a command line; NULL after a failure. */
static struct raid_json *
value_of(const char *key, char *const *words, size_t n, struct raid_err *err)
{
	static const char *const lists[] = { "command", "key_command",
		"spares", "fallback", NULL };
	static const char *const texts[] = { "provider", "role", "model",
		"email", "base_url", "key_env", "max_tokens_key", "main",
		"limits.on_limit", NULL };
	struct raid_json *j = NULL;
	struct raid_err ignored;

	if (is_one_of(key, lists))
		return list_of(key, words, n);
	if (n > 1) {
		raid_fail(err, RAID_EUSAGE, "%.60s takes one value", key);
		return NULL;
	}
	if (!is_one_of(key, texts) && !raid_str_starts(key, "headers."))
		j = raid_json_parse(words[0], strlen(words[0]), &ignored);
	return j != NULL ? j : text_of(words[0]);
}

int
array_file_put(struct array_file *f, const char *member,
    const struct raid_json *value, struct raid_err *err)
{
	const char *path[] = { "members", member, NULL };

	if (raid_json_edit(&f->text, path, value, err) == -1)
		return raid_fail_at(err, "%s", f->path);
	return 0;
}

int
array_file_set(struct array_file *f, const char *member, const char *key,
    char *const *words, size_t n, struct raid_err *err)
{
	struct raid_list path = { 0 };
	struct raid_json *v = NULL;
	int r = 0;

	if (n > 0 && (v = value_of(key, words, n, err)) == NULL)
		return -1;
	if (member != NULL) {
		raid_list_add(&path, "members");
		raid_list_add(&path, member);
	}
	/* The name of a header may have dots. */
	if (raid_str_starts(key, "headers.")) {
		raid_list_add(&path, "headers");
		raid_list_add(&path, key + strlen("headers."));
	} else {
		raid_list_split(&path, key, '.');
	}
	if (*key == '\0' || path.n == (member != NULL ? 2 : 0))
		r = raid_fail(err, RAID_EUSAGE, "an empty key");
	else if (raid_json_edit(&f->text, (const char *const *)path.v, v,
	    err) == -1)
		r = raid_fail_at(err, "%s", f->path);
	raid_json_free(v);
	raid_list_free(&path);
	return r;
}

/* As programs will read it; the other file changes nothing in that. */
static int
check(const struct array_file *f, struct raid_err *err)
{
	int project = f->origin == RAID_ORIGIN_PROJECT;
	struct raid_json *j = array_file_json(f, err);
	struct raid_roster r;
	int ok;

	if (j == NULL)
		return -1;
	ok = raid_roster_parse(&r, project ? j : NULL, project ? NULL : j,
	    err);
	raid_roster_free(&r);
	raid_json_free(j);
	if (ok == -1)
		err->code = RAID_EDATA;
	return ok;
}

int
array_file_save(struct array *a, struct array_file *f, const char *detail,
    struct raid_err *err)
{
	if (check(f, err) == -1 || raid_path_write(f->path, f->text.p,
	    f->text.len, f->mode, err) == -1 ||
	    store_note(&a->s, a->s.conf.journal, "array", detail, err) == -1)
		return -1;
	return array_reload(a, err);
}
