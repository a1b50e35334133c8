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
	"Append a post to the journal and print its tag.  Without text the\n"
	"body is read from standard input.\n\n"
	"  -a author    who posts (default: $RAID_AUTHOR, else dev)\n"
	"  -r tag       the post that this one answers\n"
	"  -t hashtag   add a hashtag\n"
	"  -f file      attach a file as it is now; - reads standard input\n"
	"  --dirty      attach every modified, staged and untracked file\n"
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
 * The path of a file as the repository knows it: that of the real file, so
 * that a symbolic link stands for what it points to, and cannot lead out.
 */
static char *
repo_path(const struct raid_conf *c, const char *file, struct raid_err *err)
{
	char *real = realpath(file, NULL), *rel = NULL;
	const char *root = c->root;
	size_t n;

	if (real == NULL) {
		raid_fail_errno(err, "%s", file);
		return NULL;
	}
	n = root == NULL ? (size_t)(strrchr(real, '/') - real) :
	    root[1] == '\0' ? 0 : strlen(root);
	if (root != NULL && (strncmp(real, root, n) != 0 || real[n] != '/'))
		raid_fail(err, RAID_EDATA, "%s: outside of %s; only files of "
		    "the project can be attached", file, root);
	else if (raid_path_safe(real + n + 1, err) == 0)
		rel = raid_strdup(real + n + 1);
	free(real);
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
 * Run git in the work tree for what it alone knows: its ignore rules.
 * (libgit2 would slow down every start.)  The repository is the one that we
 * found, not the one that a hook's environment may name; it is not named on
 * the command line either, or git would not ask whose it is before it obeys
 * its configuration.
 */
static int
ask_git(struct raid_proc *p, const char *root, struct raid_err *err)
{
	static const char *const names[] = { "GIT_DIR", "GIT_WORK_TREE",
		"GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY" };
	static const char *const argv[] = { "git", "--no-optional-locks", "-c",
		"core.fsmonitor=false", "status", "-z", "--no-renames",
		"-uall", "--ignore-submodules=all", NULL };
	struct raid_proc_opts o = { .argv = (char *const *)argv, .dir = root,
		.out_max = FILE_MAX };
	int r;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	r = raid_proc_run(p, &o, err);
	if (r == 0 && (p->end != RAID_PROC_EXITED || p->status != 0))
		r = raid_fail(err, RAID_EUNAVAIL, "git status: %.400s",
		    raid_buf_str(&p->err));
	return r;
}

/* What git would show as modified, staged or untracked: "XY path", NUL. */
static int
attach_dirty(struct attached *a, const struct raid_conf *c,
    struct raid_err *err)
{
	struct raid_proc p;
	struct stat st;
	int r;

	if (!c->git || c->root == NULL)
		return raid_fail(err, RAID_ENOINPUT,
		    "--dirty: there is no git work tree; name files with -f");
	r = ask_git(&p, c->root, err);
	for (size_t at = 0, n; r == 0 && at < p.out.len; at += n + 1) {
		char *full;

		n = strlen((char *)p.out.p + at);
		if (n < 4)
			continue;
		full = raid_path_join(c->root, (char *)p.out.p + at + 3);
		/* A deleted file has no content; a symbolic link is none;
		 * a folder is a repository of its own. */
		if (lstat(full, &st) == 0 && S_ISREG(st.st_mode))
			r = attach_file(a, c, full, err);
		free(full);
	}
	raid_proc_free(&p);
	return r;
}

/* "raid-post text -f file" is a slip more often than a text. */
static void
warn_late(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1] != '\0' &&
		    (argv[i][1] == '-' || argv[i][2] == '\0')) {
			prog_warn("'%.60s' behind the first word is text; "
			    "options come first", argv[i]);
			return;
		}
}

static int
read_body(int argc, char **argv, struct raid_buf *b, struct raid_err *err)
{
	if (argc == 0 && isatty(STDIN_FILENO))
		prog_usage("no text given, and standard input is a terminal");
	if (argc == 0 || (argc == 1 && strcmp(argv[0], "-") == 0))
		return raid_path_readfd(STDIN_FILENO, "standard input",
		    RAID_BODY_MAX, b, err);
	warn_late(argc, argv);
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
	for (size_t i = 0; i < o->files.n; i++)
		if (attach_file(a, &s->conf, o->files.v[i], err) == -1)
			return -1;
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
