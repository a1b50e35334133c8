/* SPDX-License-Identifier: ISC */
/* raid-post: append a post to the journal, with files. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/githead.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "journal/grammar.h"
#include "post_files.h"
#include "post_import.h"
#include "post_parse.h"
#include "post_retract.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-post",
	"[-j] [-C dir] [-J journal] [-a author] [-r tag] [-t hashtag]...\n"
	" [-f file | -f -]... [--dirty] [text... | -]\n"
	"-n [-j] [-t hashtag]... [text... | -]\n"
	"[-j] [-C dir] [-J journal] --import file\n"
	"[-j] [-C dir] [-J journal] --import-chat file\n"
	"[-j] [-C dir] [-J journal] [-a author] --retract tag [text...]\n"
	"[-C dir] [-J journal] --purge tag",
	"Append a post to the journal and print its tag.  Without text the\n"
	"body is read from standard input.\n\n"
	"  -a author    who posts (default: $RAID_AUTHOR, else dev)\n"
	"  -r tag       the post that this one answers\n"
	"  -t hashtag   add a hashtag\n"
	"  -f file      attach a file as it is now; - reads standard input\n"
	"  --dirty      attach every modified, staged and untracked file\n"
	"  -n           store nothing: print what the body says\n"
	"  -j           print the post as a JSON line\n"
	"  -C dir       work as if started in dir\n"
	"  -J journal   use this journal\n\n"
	"  --import file       add the posts of JSON lines (-: stdin)\n"
	"  --import-chat file  add a pasted chat, blocks of \"name: text\"\n"
	"  --retract tag       take a post back: hide it from members\n"
	"  --purge tag         remove its text for good; asks on the terminal\n"
};

struct options {
	const char *author, *reply, *dir, *journal;
	struct raid_list hashtags, files;
	int dirty, json, dry;
	const char *import, *chat, *retract, *purge;
	int modes;		/* how many of these */
};

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
		{ "dirty", no_argument, NULL, 1 },
		{ "import", required_argument, NULL, 2 },
		{ "import-chat", required_argument, NULL, 3 },
		{ "retract", required_argument, NULL, 4 },
		{ "purge", required_argument, NULL, 5 }, PROG_LONGS
	};
	const char **const modes[] = { &o->import, &o->chat, &o->retract,
		&o->purge };
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "a:r:t:f:C:J:jn",
	    longs)) != -1) {
		switch (c) {
		case 'a': o->author = optarg; break;
		case 'r': o->reply = optarg; break;
		case 't': add_hashtag(o, optarg); break;
		case 'f': raid_list_add(&o->files, optarg); break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 'j': o->json = 1; break;
		case 'n': o->dry = 1; break;
		case 1: o->dirty = 1; break;
		case 2: case 3: case 4: case 5:
			*modes[c - 2] = optarg;
			o->modes++;
			break;
		}
	}
}

/* What does not go together is a slip that nothing should come of. */
static void
check(const struct options *o, int argc, char **argv)
{
	int post = o->reply != NULL || o->hashtags.n > 0 || o->files.n > 0 ||
	    o->dirty;

	if (o->modes + o->dry > 1)
		prog_usage("-n, --import, --import-chat, --retract and --purge "
		    "stand alone, once");
	if (o->modes > 0 && post)
		prog_usage("-r, -t, -f and --dirty belong to a new post");
	if (o->author != NULL && o->modes > 0 && o->retract == NULL)
		prog_usage("-a: who posted it stands in the file");
	if (argc > 0 && o->modes > 0 && o->retract == NULL)
		prog_usage("'%.60s' is one word too many", argv[0]);
	if (raid_list_has(&o->files, "-") && (argc == 0 ||
	    (argc == 1 && strcmp(argv[0], "-") == 0)))
		prog_usage("-f - reads standard input; give the text as words");
}

static int
gather(const struct options *o, struct store *s, struct post_files *a,
    struct raid_err *err)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (post_file(a, &s->conf, o->files.v[i], err) == -1)
			return -1;
	return o->dirty ? post_dirty(a, &s->conf, err) : 0;
}

/* The draft is whole before the journal is touched. */
static int
post(const struct options *o, struct store *s, const struct raid_buf *body,
    struct raid_err *err)
{
	char reply[RAID_TAG_SIZE], tag[RAID_TAG_SIZE];
	struct post_files a = { 0 };
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
	/* Who posts in another's name is named in the audit. */
	if (store_post(s, &d, "post", NULL, strcmp(d.author, s->actor) != 0 ?
	    d.author : NULL, tag, err) == 0)
		r = store_print(s, tag, o->json, err);
out:
	post_files_free(&a);
	free(meta);
	return r;
}

/* The body alone, for which no journal is needed. */
static int
dry_run(const struct options *o, int argc, char **argv)
{
	struct raid_buf body;
	struct raid_err err;
	int status = RAID_OK;

	if (read_body(argc, argv, &body, &err) == -1 ||
	    raid_post_check(body.p, body.len, &err) == -1)
		status = prog_say(&err);
	else
		post_parse(&body, &o->hashtags, o->json);
	raid_buf_free(&body);
	return status;
}

static int
run(const struct options *o, struct store *s, int argc, char **argv)
{
	struct raid_buf body = { 0 };
	struct raid_err err;
	int r;

	if (o->import != NULL) {
		r = post_import(s, o->import, o->json, &err);
	} else if (o->chat != NULL) {
		r = post_import_chat(s, o->chat, o->json, &err);
	} else if (o->purge != NULL) {
		r = post_purge(s, o->purge, &err);
	} else if (o->retract != NULL && argc == 0) {
		r = post_retract(s, o->retract, o->author, NULL, o->json, &err);
	} else {
		r = read_body(argc, argv, &body, &err);
		if (r == 0)
			r = o->retract == NULL ? post(o, s, &body, &err) :
			    post_retract(s, o->retract, o->author,
			    raid_buf_str(&body), o->json, &err);
		raid_buf_free(&body);
	}
	return r == -1 ? prog_say(&err) : RAID_OK;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct raid_err err;
	struct store s;
	int status;

	prog_start(&prog);
	parse(&o, argc, argv);
	argc -= optind;
	argv += optind;
	check(&o, argc, argv);
	if (o.dry) {
		status = dry_run(&o, argc, argv);
	} else {
		if (store_open(&s, o.dir, o.journal, RAID_DB_WRITE, &err) == -1)
			prog_die(&err);
		status = run(&o, &s, argc, argv);
		store_close(&s);
	}
	raid_list_free(&o.hashtags);
	raid_list_free(&o.files);
	return prog_end(status);
}
