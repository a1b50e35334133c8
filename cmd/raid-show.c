/* SPDX-License-Identifier: ISC */
/* raid-show: read the journal. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "prog.h"
#include "show.h"

static const struct raid_prog prog = {
	"raid-show",
	"[-Fj] [-C dir] [-J journal] [-l N] [-a author] [-t hashtag]\n"
	" [-s words] [--since T] [--until T] [--unanswered]\n"
	" [--thread tag | --side tag] [--format name] [--no-pager]\n"
	" [tag... | -]\n"
	"--calls | --audit | --usage [--by name] [-j] [-C dir]\n"
	" [-J journal] [-l N] [-a author] [--since T] [--until T]\n"
	" [--format name] [--no-pager]",
	"Show the posts that are named (- reads their tags from standard\n"
	"input), else all that fit, oldest first; on a terminal the last 20\n"
	"of them.\n\n"
	"  -F             the last 10, then each new one as it comes\n"
	"  -l N           the newest N posts\n"
	"  -a author      posts of this author\n"
	"  -t hashtag     posts with this hashtag\n"
	"  -s words       posts with all these words, newest first;\n"
	"                 \"...\" is a phrase\n"
	"  --since T      not before T: 2026-11-21, 14:05, 2h\n"
	"  --until T      not after T\n"
	"  --unanswered   questions that nobody addressed has answered\n"
	"  --thread tag   the thread that the post stands in, as a tree\n"
	"  --side tag     the answers to one question side by side\n"
	"  --format name  text, jsonl, md, csv, html or dot\n"
	"  -j             JSON Lines, as raid-jsonl(5) has them\n"
	"  --calls        the calls of members instead of posts\n"
	"  --audit        who did what, instead of posts\n"
	"  --usage        what calls used and cost, summed up\n"
	"  --by name      by member (the default), model, day, thread or\n"
	"                 commit\n"
	"  --no-pager     never through a pager\n"
	"  -C dir         work as if started in dir\n"
	"  -J journal     use this journal\n"
};

int
show_post(struct raid_post *p, void *arg, struct raid_err *err)
{
	struct show *s = arg;

	/* Patches and verdicts reply to a post, too, but answer nothing. */
	if (s->side != NULL && strcmp(p->kind, "reply") != 0 &&
	    strcmp(p->kind, "chat") != 0)
		return 0;
	if (!s->gather)
		return show_print(s, p, -1, err);
	s->all.v = raid_grow(s->all.v, &s->all.cap, s->all.n + 1,
	    sizeof(*s->all.v));
	s->all.v[s->all.n++] = *p;
	*p = (struct raid_post){ 0 };
	return 0;
}

static void
set_table(struct show *s, enum show_table t)
{
	if (s->table != SHOW_POSTS && s->table != t)
		prog_usage("--calls, --audit and --usage do not go together");
	s->table = t;
}

static void
parse_long(struct show *s, int c)
{
	struct raid_err err;
	int r = 0;

	switch (c) {
	case 1: r = raid_clock_parse(optarg, &s->q.since, "--since", &err);
		break;
	case 2: r = raid_clock_parse(optarg, &s->q.until, "--until", &err);
		break;
	case 3: s->thread = optarg; break;
	case 4: s->no_pager = 1; break;
	case 5: s->side = optarg; break;
	case 6: s->q.unanswered = 1; break;
	case 8: set_table(s, SHOW_CALLS); break;
	case 9: set_table(s, SHOW_AUDIT); break;
	case 10: set_table(s, SHOW_USAGE); break;
	case 11: s->by = optarg; break;
	case 7:
		r = show_format_parse(optarg);
		if (r == -1)
			prog_usage("--format %s: not one of text, jsonl, md, "
			    "csv, html, dot", optarg);
		s->format = (enum show_format)r;
		r = 0;
		break;
	}
	if (r == -1)
		prog_usage("%s", err.msg);
}

static void
parse(struct show *s, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "since", required_argument, NULL, 1 },
		{ "until", required_argument, NULL, 2 },
		{ "thread", required_argument, NULL, 3 },
		{ "no-pager", no_argument, NULL, 4 },
		{ "side", required_argument, NULL, 5 },
		{ "unanswered", no_argument, NULL, 6 },
		{ "format", required_argument, NULL, 7 },
		{ "calls", no_argument, NULL, 8 },
		{ "audit", no_argument, NULL, 9 },
		{ "usage", no_argument, NULL, 10 },
		{ "by", required_argument, NULL, 11 },
		PROG_LONGS
	};
	struct raid_err err;
	long long n = -1;
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "Fjl:a:t:s:C:J:",
	    longs)) != -1) {
		switch (c) {
		case 'F': s->follow = 1; break;
		case 'j': s->format = SHOW_JSONL; break;
		case 'l':
			if (raid_num_parse(optarg, 0, 1000000000, &n, "-l",
			    &err) == -1)
				prog_usage("%s", err.msg);
			break;
		case 'a': s->q.author = optarg + (*optarg == '@'); break;
		case 't': s->q.hashtag = optarg + (*optarg == '#'); break;
		case 's': s->q.words = optarg; break;
		case 'C': s->dir = optarg; break;
		case 'J': s->journal = optarg; break;
		default: parse_long(s, c); break;
		}
	}
	if (n == 0 && !s->follow)
		prog_usage("-l 0 shows nothing; it goes with -F");
	s->q.limit = n > 0 ? (size_t)n : n == -1 && s->follow ? 10 : 0;
}

/* What does not go together. */
static void
check(const struct show *s, int operands)
{
	if (s->by != NULL && s->table != SHOW_USAGE)
		prog_usage("--by goes with --usage");
	if (s->table != SHOW_POSTS && (operands > 0 || s->follow ||
	    s->thread != NULL || s->side != NULL || s->q.unanswered ||
	    s->q.hashtag != NULL || s->q.words != NULL ||
	    (s->format != SHOW_TEXT && s->format != SHOW_JSONL &&
	    s->format != SHOW_CSV)))
		prog_usage("a table goes with -a, -l, --since, --until and the "
		    "formats text, jsonl and csv alone");
	if (s->thread != NULL && s->side != NULL)
		prog_usage("--thread and --side do not go together");
	if (operands > 0 && (s->follow || s->thread != NULL ||
	    s->side != NULL || s->q.unanswered))
		prog_usage("tags go with none of -F, --thread, --side and "
		    "--unanswered");
	if (s->follow && (s->side != NULL || s->q.unanswered ||
	    s->format == SHOW_HTML || s->format == SHOW_DOT))
		prog_usage("-F goes with none of --side, --unanswered and the "
		    "formats html and dot");
}

/* The posts that are named; a bad one does not stop the others. */
static int
show_tags(struct show *s, struct store *st, const struct raid_list *tags)
{
	int status = RAID_NO, one;
	struct raid_err err;
	struct raid_post p;
	char tag[RAID_TAG_SIZE];

	for (size_t i = 0; i < tags->n; i++) {
		p = (struct raid_post){ 0 };
		one = raid_post_resolve(st->db, tags->v[i], tag, &err);
		if (one == 0)
			one = raid_post_get(st->db, tag, &p, &err);
		if (one == 0)
			one = show_post(&p, s, &err);
		raid_post_free(&p);
		status = raid_status_merge(status, one == 0 ? RAID_OK :
		    prog_say(&err));
	}
	return status;
}

/* The question that an operand of --side means: of a reply, its own. */
static int
find_question(struct store *st, const char *operand, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	struct raid_post p = { 0 };
	int r;

	if (raid_post_resolve(st->db, operand, tag, err) == -1)
		return -1;
	r = raid_post_get(st->db, tag, &p, err);
	if (r == 0 && strcmp(p.kind, "reply") == 0 && *p.reply_to != '\0')
		memcpy(tag, p.reply_to, RAID_TAG_SIZE);
	raid_post_free(&p);
	return r;
}

static int
show_query(struct show *s, struct store *st, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	if (s->thread != NULL) {
		if (raid_post_resolve(st->db, s->thread, tag, err) == -1)
			return -1;
		s->q.thread = tag;
	} else if (s->side != NULL) {
		if (find_question(st, s->side, tag, err) == -1)
			return -1;
		s->q.reply_to = tag;
	}
	if (s->follow)
		return 0;
	s->q.newest_first = s->q.words != NULL && s->thread == NULL &&
	    s->side == NULL;
	if (s->shorten && s->q.limit == 0 && s->thread == NULL &&
	    s->side == NULL)
		s->q.limit = 20;
	return raid_query_each(st->db, &s->q, show_post, s, err);
}

/* Print what was kept until all was known. */
static int
show_rest(struct show *s, struct store *st, struct raid_err *err)
{
	if (!s->gather || s->all.n == 0)
		return 0;
	if (s->format == SHOW_HTML)
		show_html(s, raid_db_meta(st->db, "language"));
	else if (s->format == SHOW_DOT)
		show_dot(s);
	else if (s->thread != NULL)
		return show_tree(s, st, err);
	else
		show_side(s);
	s->shown = s->all.n;
	return ferror(stdout) && !s->paged ?
	    raid_fail_errno(err, "standard output") : 0;
}

static int
run(struct show *s, struct store *st, const struct raid_list *tags)
{
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	int status = RAID_NO;

	if (s->table != SHOW_POSTS)
		return show_tables(s, st);
	if (tags->n > 0)
		status = show_tags(s, st, tags);
	else if (show_query(s, st, tag, &err) == -1)
		return prog_say(&err);
	if (s->follow)
		return show_follow(s, st);
	if (show_rest(s, st, &err) == -1)
		return prog_say(&err);
	return tags->n > 0 ? status : s->shown > 0 ? RAID_OK : RAID_NO;
}

/* How the output is to look, from what it is and where it goes. */
static void
settle(struct show *s)
{
	s->safe = isatty(STDOUT_FILENO);
	s->shorten = s->safe && s->format == SHOW_TEXT && s->side == NULL;
	s->colour = s->format == SHOW_TEXT && raid_out_colour(stdout);
	s->width = raid_out_width();
	s->gather = !s->follow && (s->thread != NULL ||
	    s->format == SHOW_HTML || s->format == SHOW_DOT ||
	    (s->side != NULL && s->format == SHOW_TEXT));
}

int
main(int argc, char **argv)
{
	struct raid_list tags = { 0 };
	struct show s = { 0 };
	struct raid_err err;
	struct store st;
	pid_t pager = -1;
	int status;

	prog_start(&prog);
	parse(&s, argc, argv);
	argc -= optind;
	argv += optind;
	check(&s, argc);
	if (argc > 0 && prog_tags(argc, argv, &tags, &err) == -1)
		prog_die(&err);
	if (argc > 0 && tags.n == 0)
		return RAID_NO;
	if (store_open(&st, s.dir, s.journal, RAID_DB_READ, &err) == -1)
		prog_die(&err);
	settle(&s);
	if (s.safe && s.format == SHOW_TEXT && !s.no_pager && !s.follow)
		pager = show_pager_start();
	s.paged = pager != -1;
	status = run(&s, &st, &tags);
	show_pager_wait(pager);
	raid_list_free(&tags);
	raid_posts_free(&s.all);
	store_close(&st);
	return prog_end(status);
}
