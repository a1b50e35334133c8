/* SPDX-License-Identifier: ISC */
/* raid-init: make a journal and the project's configuration. */
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/githead.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/out.h"
#include "base/path.h"
#include "array_preset.h"
#include "code/checks.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-init",
	"[-C dir] [-J journal] [--user] [--language en|ru]\n"
	"--trust [-C dir]\n"
	"-p [-C dir] [-J journal]",
	"Make the journal and .raid/ of a project, and print what was found.\n"
	"Run again it changes nothing.\n\n"
	"  --user         make the user's own journal, for outside projects\n"
	"  --language L   language of stored text: en or ru\n"
	"  --trust        show what .raid/ would run, ask, and trust it\n"
	"  -p             print the path of the journal, make nothing\n"
	"  -C dir         work as if started in dir\n"
	"  -J journal     make this journal\n"
};

struct options {
	const char *dir, *journal, *language;
	int user, trust, print;
};

static const char policy[] =
    "{\n"
    "\t\"patch\": \"allow\",\n"
    "\t\"test\": \"allow\",\n"
    "\t\"exec\": \"allow\",\n"
    "\t\"commit\": \"ask\"\n"
    "}\n";

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "user", no_argument, NULL, 1 },
		{ "trust", no_argument, NULL, 2 },
		{ "language", required_argument, NULL, 3 }, PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "pC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'p': o->print = 1; break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1: o->user = 1; break;
		case 2: o->trust = 1; break;
		case 3: o->language = optarg; break;
		}
	}
	if (optind < argc)
		prog_usage("%s: no operand is expected", argv[optind]);
	if (o->language != NULL && strcmp(o->language, "en") != 0 &&
	    strcmp(o->language, "ru") != 0)
		prog_usage("--language: '%.20s' is not en or ru", o->language);
	if (o->dir == NULL)
		o->dir = ".";
}

static int
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/*
 * A line of the report: what, its name, what of it.  They may be a stranger's
 * words, and a person decides by them: none may hide or forge a line.
 */
static void
report(const char *what, const char *name, const char *more)
{
	printf("%-8s  ", what);
	raid_out_line(stdout, name);
	if (*more != '\0') {
		printf("  ");
		raid_out_line(stdout, more);
	}
	putchar('\n');
}

static int
make_journal(const struct store *s, const char *path, const char *language,
    struct raid_err *err)
{
	struct raid_db *db;
	int old = is_there(path), r = 0, changed = !old;

	if (raid_db_open(&db, path, RAID_DB_CREATE, err) == -1)
		return -1;
	if (!old && language == NULL)
		language = raid_msg_language();
	if (language != NULL &&
	    strcmp(raid_db_meta(db, "language"), language) != 0) {
		changed = 1;
		r = raid_db_begin(db, err);
		if (r == 0)
			r = raid_db_run(db, err, "UPDATE meta SET value = ? "
			    "WHERE key = 'language'", "t", language);
		if (r == 0)
			r = raid_db_commit(db, err);
	}
	raid_db_close(db);
	if (r == 0 && changed)
		r = store_note(s, path, "init", language, err);
	if (r == 0)
		report("journal", path, old ? "" : "(new)");
	return r;
}

static int
read_below(void *root, const char *path, struct raid_buf *b,
    struct raid_err *err)
{
	char *full = raid_path_join(root, path);
	int r = 0;

	if (is_there(full)) {
		raid_buf_free(b);
		r = raid_path_read(full, (size_t)16 << 20, b, err) == 0 ? 1 :
		    -1;
	}
	free(full);
	return r;
}

/* The checks that the project's files suggest. */
static char *
make_checks(char *root, struct raid_err *err)
{
	struct raid_checks_source src = { read_below, root };
	struct raid_checks checks;
	struct raid_json *j;
	char *text = NULL;

	if (raid_checks_detect(&checks, &src, err) == 0) {
		j = raid_checks_json(&checks);
		text = raid_json_print(j, 1);
		raid_json_free(j);
	}
	raid_checks_free(&checks);
	return text;
}

/* Write a file unless it is there; text is freed, NULL is a failure before. */
static int
make_file(const char *dir, const char *name, char *text, struct raid_err *err)
{
	char *path = raid_path_join(dir, name);
	int r = -1;

	if (text != NULL)
		r = is_there(path) ? 0 : raid_path_write(path, text,
		    strlen(text), 0644, err);
	free(path);
	free(text);
	return r;
}

/*
 * Keep .raid/ out of git until the user commits it: info/exclude is local
 * and is nobody's file, unlike .gitignore.
 */
static int
exclude(const char *dir, struct raid_err *err)
{
	char *path = NULL, *info = NULL;
	struct raid_list lines = { 0 };
	struct raid_git g;
	struct raid_buf b;
	int r;

	raid_buf_init(&b, 1 << 20);
	r = raid_git_find(dir, &g, err);
	if (r == 1) {
		info = raid_path_join(g.commondir, "info");
		path = raid_path_join(info, "exclude");
		raid_buf_free(&b);
		r = raid_path_read(path, 1 << 20, &b, err);
		if (r == -1 && err->code == RAID_ENOINPUT)
			r = raid_path_mkdirs(info, 0777, err);
		raid_list_split(&lines, raid_buf_str(&b), '\n');
	}
	if (r == 0 && path != NULL && !raid_list_has(&lines, "/.raid/")) {
		if (b.len > 0 && b.p[b.len - 1] != '\n')
			raid_buf_addc(&b, '\n');
		raid_buf_puts(&b, "/.raid/\n");
		r = raid_path_write(path, b.p, b.len, 0644, err);
	}
	raid_list_free(&lines);
	raid_buf_free(&b);
	raid_git_free(&g);
	free(path);
	free(info);
	return r;
}

static int
fill_conf(const struct raid_conf *c, const char *dir, struct raid_err *err)
{
	if (mkdir(dir, 0755) == -1)
		return raid_fail_errno(err, "%s", dir);
	if (make_file(dir, "array.json", array_preset_file(c, err), err) ==
	    -1 ||
	    make_file(dir, "policy.json", raid_strdup(policy), err) == -1)
		return -1;
	return make_file(dir, "checks.json", make_checks(c->root, err), err);
}

/*
 * The project's .raid/, made by us and therefore trusted.  It is made whole
 * under another name: what a killed raid-init left half done would be taken
 * for a stranger's.
 */
static int
make_conf(struct raid_conf *c, struct raid_err *err)
{
	char *dir = raid_path_join(c->root, ".raid");
	char *tmp = raid_strf("%s.%d", dir, (int)getpid());
	struct raid_err ignored;
	int r;

	r = fill_conf(c, tmp, err);
	if (r == 0 && rename(tmp, dir) == -1) {
		r = errno != EEXIST && errno != ENOTEMPTY ?
		    raid_fail_errno(err, "%s", dir) :
		    raid_fail(err, RAID_ETEMP, "%s: another raid-init has "
		    "just made it; run raid-init again", dir);
	}
	if (r == -1 && raid_path_remove(tmp, &ignored) == -1)
		prog_warn("%s", ignored.msg);
	if (r == 0 && c->git)
		r = exclude(c->root, err);
	if (r == 0) {
		c->dir = realpath(dir, NULL);
		r = raid_conf_trust(c, c->dir, err) == -1 ? -1 : 0;
	}
	free(tmp);
	free(dir);
	return r;
}

static void
add_words(struct raid_list *l, const struct raid_json *words)
{
	for (words = raid_json_first(words); words != NULL;
	    words = raid_json_next(words))
		raid_list_add(l, raid_json_text(words) != NULL ?
		    raid_json_text(words) : "?");
}

/* What it runs, and where it would send what it is told. */
static void
show_command(const char *what, const char *name, const struct raid_json *v)
{
	static const char *const keys[] = { "provider", "base_url", "key_env",
		"key_command" };
	const struct raid_json *k;
	struct raid_list l = { 0 };
	char *line;

	add_words(&l, raid_json_get(v, "command"));
	for (size_t i = 0; raid_json_get(v, "command") == NULL &&
	    i < sizeof(keys) / sizeof(keys[0]); i++) {
		k = raid_json_get(v, keys[i]);
		if (k != NULL && i >= 2)
			raid_list_add(&l, keys[i]);
		if (raid_json_text(k) != NULL)
			raid_list_add(&l, raid_json_text(k));
		add_words(&l, k);
	}
	line = raid_str_shell(l.n != 0 ? l.v : (char *[]){ NULL });
	report(what, name, line);
	free(line);
	raid_list_free(&l);
}

/* What the files of a .raid/ would run. */
static int
show_conf(const char *dir, struct raid_err *err)
{
	static const char *const names[] = { "array.json", "checks.json" };

	for (int i = 0; i < 2; i++) {
		char *path = raid_path_join(dir, names[i]);
		struct raid_json *j = raid_json_read(path, err);
		const struct raid_json *v = raid_json_first(
		    raid_json_get(j, i == 0 ? "members" : "checks"));

		free(path);
		if (j == NULL && err->code != RAID_ENOINPUT)
			return -1;
		if (j != NULL && v == NULL)
			report(i == 0 ? "member" : "check", "none found", "");
		for (; v != NULL; v = raid_json_next(v))
			show_command(i == 0 ? "member" : "check", i == 0 ?
			    raid_json_key(v) : raid_json_str(v, "name", "?"),
			    v);
		raid_json_free(j);
	}
	return 0;
}

static int
trust(const struct store *s, struct raid_err *err)
{
	const struct raid_conf *c = &s->conf;
	struct raid_err ignored;
	int yes;

	if (c->dir == NULL)
		return raid_fail(err, RAID_ENOINPUT,
		    "there is no .raid/ here; run raid-init");
	if (s->member)
		return raid_fail(err, RAID_EPERM,
		    "a member may not trust anything; a person may");
	report("config", c->dir, raid_conf_trusted(c, &ignored) == 0 ?
	    "(trusted already)" : "");
	if (show_conf(c->dir, err) == -1)
		return -1;
	if (raid_conf_trusted(c, &ignored) == 0)
		return 0;
	yes = prog_ask("Let raid run these commands?", err);
	if (yes == 0)
		return raid_fail(err, RAID_NO, "not trusted");
	if (yes == -1 || raid_conf_trust(c, c->dir, err) == -1)
		return -1;
	return store_note(s, c->journal, "trust", c->dir, err);
}

static int
print_path(const struct raid_conf *c, struct raid_err *err)
{
	if (c->journal == NULL || !is_there(c->journal))
		return raid_fail(err, RAID_ENOINPUT,
		    "no journal here; run raid-init");
	puts(c->journal);
	return 0;
}

/* The user's own journal, and what goes for all projects of the user. */
static int
init_user(const struct options *o, const struct store *s,
    struct raid_err *err)
{
	const struct raid_conf *c = &s->conf;
	char *journal = raid_conf_state("journal.db");
	int r;

	if (journal == NULL || c->user == NULL) {
		free(journal);
		return raid_fail(err, RAID_ECONFIG,
		    "HOME is not set; name a journal with -J");
	}
	r = make_journal(s, journal, o->language, err);
	free(journal);
	if (r == 0)
		r = raid_path_mkdirs(c->user, 0700, err);
	if (r == 0)
		r = make_file(c->user, "array.json", array_preset_file(c, err),
		    err);
	if (r == 0)
		r = make_file(c->user, "policy.json", raid_strdup(policy), err);
	if (r == 0)
		report("config", c->user, "");
	return r == 0 ? show_conf(c->user, err) : -1;
}

static int
init(const struct options *o, struct store *s, struct raid_err *err)
{
	struct raid_conf *c = &s->conf;
	int fresh;

	if (o->user)
		return init_user(o, s, err);
	if (c->root == NULL && !c->git)
		c->root = realpath(o->dir, NULL);
	/* Outside of git the journal lies in .raid/, which must be there. */
	fresh = c->root != NULL && c->dir == NULL;
	if ((fresh && make_conf(c, err) == -1) ||
	    make_journal(s, c->journal_new, o->language, err) == -1)
		return -1;
	if (c->root == NULL)
		return 0;
	if (fresh)
		report("config", c->dir, c->git ?
		    "(new, kept out of git by info/exclude)" : "(new)");
	else if (raid_conf_trusted(c, err) == -1)
		return -1;
	return show_conf(c->dir, err);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct raid_err err;
	struct store s;
	int r;

	prog_start(&prog);
	parse(&o, argc, argv);
	r = store_conf(&s, o.dir, o.journal, &err);
	if (r == 0 && o.print)
		r = print_path(&s.conf, &err);
	else if (r == 0 && o.trust)
		r = trust(&s, &err);
	else if (r == 0)
		r = init(&o, &s, &err);
	store_close(&s);
	return prog_end(r == 0 ? RAID_OK : prog_say(&err));
}
