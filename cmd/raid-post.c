/* SPDX-License-Identifier: ISC */
/* raid-post: append a post to the journal, with files. */
#include <sys/stat.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/githead.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "journal/grammar.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-post",
	"[-j] [-C dir] [-J journal] [-a author] [-r tag] [-t hashtag]...\n"
	" [-f file | -f -]... [--dirty] [text... | -]",
	"Append a post to the journal and print its tag. Without text the body\n"
	"is read from standard input.\n\n"
	"  -a author    who posts (default: $RAID_AUTHOR, else dev)\n"
	"  -r tag       the post that this one answers\n"
	"  -t hashtag   add a hashtag\n"
	"  -f file      attach a file as it is now; - reads standard input\n"
	"  --dirty      attach every modified and every untracked file\n"
	"  -j           print the post as a JSON line\n"
	"  -C dir       work as if started in dir\n"
	"  -J journal   use this journal\n"
};

struct attached {
	struct raid_attach *v;
	struct raid_list paths;		/* what v[i].path points to */
	struct raid_buf *content;	/* what v[i].p points to */
	size_t n, cap, bufcap;
};

struct options {
	const char *author, *reply, *dir, *journal;
	struct raid_list hashtags, files;
	int dirty, json;
};

/*
 * The path of a file as the repository knows it: relative to the root, of
 * the file's real folder.  A symbolic link is attached as what it points to
 * only if that is where its name says; so a link keeps its own name.
 */
static char *
repo_path(const struct raid_conf *c, const char *file, struct raid_err *err)
{
	char *dir = raid_strdup(file), *slash = strrchr(dir, '/'), *real, *rel;
	const char *name = slash != NULL ? file + (slash - dir) + 1 : file;
	size_t n;

	if (slash == NULL)
		memcpy(dir, ".", 2);
	else
		slash[slash == dir] = '\0';
	real = realpath(dir, NULL);
	free(dir);
	if (real == NULL) {
		raid_fail_errno(err, "%s", file);
		return NULL;
	}
	n = c->root != NULL ? strlen(c->root) : 0;
	if (c->root == NULL) {
		rel = raid_strdup(name);
	} else if (strcmp(c->root, "/") != 0 && (strncmp(real, c->root, n) != 0
	    || (real[n] != '/' && real[n] != '\0'))) {
		raid_fail(err, RAID_EDATA, "%s: outside of %s; only files of "
		    "the project can be attached", file, c->root);
		rel = NULL;
	} else {
		rel = raid_path_join(real + n, name);
		memmove(rel, rel + 1, strlen(rel));
	}
	free(real);
	if (rel != NULL && raid_path_safe(rel, err) == -1) {
		free(rel);
		rel = NULL;
	}
	return rel;
}

static void
attach(struct attached *a, const char *path, unsigned mode,
    struct raid_buf *content)
{
	raid_list_add(&a->paths, path);
	a->v = raid_grow(a->v, &a->cap, a->n + 1, sizeof(*a->v));
	a->content = raid_grow(a->content, &a->bufcap, a->n + 1,
	    sizeof(*a->content));
	a->content[a->n] = *content;
	a->v[a->n] = (struct raid_attach){ .path = a->paths.v[a->n],
		.mode = mode, .p = content->p, .len = content->len };
	a->n++;
}

#define FILE_MAX ((size_t)256 << 20)

static int
attach_file(struct attached *a, const struct raid_conf *c, const char *file,
    struct raid_err *err)
{
	struct raid_buf b;
	struct stat st = { .st_mode = 0644 };
	char *path;
	int r;

	if (strcmp(file, "-") == 0) {
		r = raid_path_readfd(STDIN_FILENO, "standard input", FILE_MAX,
		    &b, err);
		path = raid_strdup("stdin");
	} else {
		path = repo_path(c, file, err);
		if (path == NULL)
			return -1;
		r = raid_path_read(file, FILE_MAX, &b, err);
		if (r == 0 && stat(file, &st) == -1)
			r = raid_fail_errno(err, "%s", file);
	}
	/* -f x --dirty names x twice: once is enough. */
	if (r == 0 && !raid_list_has(&a->paths, path))
		attach(a, path, st.st_mode & 0111 ? 0100755 : 0100644, &b);
	else
		raid_buf_free(&b);
	free(path);
	return r;
}

/*
 * What git would show as modified or untracked.  git itself is asked: it
 * alone knows its ignore rules, and libgit2 would slow down every start.
 */
static int
attach_dirty(struct attached *a, const struct raid_conf *c,
    struct raid_err *err)
{
	static const char *const words[] = { "ls-files", "-z", "--modified",
		"--others", "--exclude-standard", "--deduplicate" };
	struct raid_proc_opts o = { .out_max = FILE_MAX };
	struct raid_list argv = { 0 };
	struct raid_proc p;
	struct stat st;
	int r = 0;

	if (!c->git)
		return raid_fail(err, RAID_ENOINPUT,
		    "--dirty: not in a git repository; name files with -f");
	raid_list_add(&argv, "git");
	raid_list_add(&argv, "-C");
	raid_list_add(&argv, c->root);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		raid_list_add(&argv, words[i]);
	o.argv = argv.v;
	r = raid_proc_run(&p, &o, err);
	raid_list_free(&argv);
	if (r == -1)
		return -1;
	if (p.end != RAID_PROC_EXITED || p.status != 0)
		r = raid_fail(err, RAID_EUNAVAIL, "git ls-files: %.200s",
		    raid_buf_str(&p.err));
	for (size_t at = 0; r == 0 && at < p.out.len;
	    at += strlen((char *)p.out.p + at) + 1) {
		char *full = raid_path_join(c->root, (char *)p.out.p + at);

		/* A deleted file has no content; a folder is a submodule. */
		if (lstat(full, &st) == 0 && S_ISREG(st.st_mode))
			r = attach_file(a, c, full, err);
		free(full);
	}
	raid_proc_free(&p);
	return r;
}

static int
read_body(int argc, char **argv, struct raid_buf *b, struct raid_err *err)
{
	if (argc == 0 && isatty(STDIN_FILENO))
		prog_usage("no text given, and standard input is a terminal");
	if (argc == 0 || (argc == 1 && strcmp(argv[0], "-") == 0))
		return raid_path_readfd(STDIN_FILENO, "standard input",
		    RAID_BODY_MAX, b, err);
	raid_buf_init(b, SIZE_MAX / 4);
	for (int i = 0; i < argc; i++) {
		if (i > 0)
			raid_buf_addc(b, ' ');
		raid_buf_puts(b, argv[i]);
	}
	return 0;
}

/* {"base": commit} where HEAD has one. */
static char *
make_meta(const char *dir, struct raid_err *err)
{
	struct raid_json *j = raid_json_object();
	char hex[RAID_GIT_HEX], *s = NULL;
	struct raid_git g;
	int r = raid_git_find(dir, &g, err);

	if (r == 1)
		r = raid_git_head(&g, hex, err);
	if (r == 1)
		raid_json_set_str(j, "base", hex);
	if (r != -1)
		s = raid_json_print(j, 0);
	raid_git_free(&g);
	raid_json_free(j);
	return s;
}

static void
add_hashtag(struct options *o, const char *s)
{
	const char *word = s + (*s == '#');
	size_t n = strlen(word);

	if (n == 0 || raid_grammar_word((const unsigned char *)word, n) != n)
		prog_usage("-t: '%.60s' is no hashtag: letters, digits and "
		    "'_', not digits alone", s);
	raid_list_add(&o->hashtags, word);
}

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dirty", no_argument, NULL, 1 }, PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "a:r:t:f:C:J:j",
	    longs)) != -1) {
		switch (c) {
		case 'a': o->author = optarg; break;
		case 'r': o->reply = optarg; break;
		case 't': add_hashtag(o, optarg); break;
		case 'f': raid_list_add(&o->files, optarg); break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 'j': o->json = 1; break;
		case 1: o->dirty = 1; break;
		}
	}
}

static int
gather(const struct options *o, struct store *s, struct attached *a,
    struct raid_err *err)
{
	for (size_t i = 0; i < o->files.n; i++) {
		const char *name = o->files.v[i];
		int here = o->dir == NULL || *name == '/' ||
		    strcmp(name, "-") == 0;
		char *file = here ? raid_strdup(name) :
		    raid_path_join(o->dir, name);
		int r = attach_file(a, &s->conf, file, err);

		free(file);
		if (r == -1)
			return -1;
	}
	return o->dirty ? attach_dirty(a, &s->conf, err) : 0;
}

/* The draft is whole before the journal is touched. */
static int
post(const struct options *o, struct store *s, const struct raid_buf *body,
    struct raid_err *err)
{
	char reply[RAID_TAG_SIZE], tag[RAID_TAG_SIZE];
	struct attached a = { 0 };
	struct raid_draft d = { .hashtags = &o->hashtags, .reply_to = reply,
		.body = raid_buf_str(body), .body_len = body->len };
	char *meta = NULL;
	int r = -1;

	d.author = store_author(s, o->author, err);
	if (d.author == NULL || raid_post_check(d.body, d.body_len, err) == -1)
		return -1;
	if (gather(o, s, &a, err) == -1)
		goto out;
	d.meta = meta = make_meta(o->dir != NULL ? o->dir : ".", err);
	d.files = a.v;
	d.nfiles = a.n;
	if (meta == NULL)
		goto out;
	if (o->reply == NULL)
		d.reply_to = NULL;
	else if (raid_post_resolve(s->db, o->reply, reply, err) == -1)
		goto out;
	if (raid_post_add(s->db, &d, tag, err) == 0)
		r = store_print(s, tag, o->json, err);
out:
	for (size_t i = 0; i < a.n; i++)
		raid_buf_free(&a.content[i]);
	raid_list_free(&a.paths);
	free(a.v);
	free(a.content);
	free(meta);
	return r;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct raid_err err;
	struct raid_buf body;
	struct store s;
	int status = RAID_OK;

	prog_start(&prog);
	parse(&o, argc, argv);
	argc -= optind;
	argv += optind;
	if (raid_list_has(&o.files, "-") && (argc == 0 ||
	    (argc == 1 && strcmp(argv[0], "-") == 0)))
		prog_usage("-f - reads standard input; give the text as words");
	if (store_open(&s, o.dir, o.journal, RAID_DB_WRITE, &err) == -1)
		prog_die(&err);
	if (read_body(argc, argv, &body, &err) == -1 ||
	    post(&o, &s, &body, &err) == -1)
		status = prog_say(&err);
	raid_buf_free(&body);
	raid_list_free(&o.hashtags);
	raid_list_free(&o.files);
	store_close(&s);
	return prog_end(status);
}
