/* SPDX-License-Identifier: ISC */
/* raid-show: read the journal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/out.h"
#include "journal/query.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-show",
	"[-j] [-C dir] [-J journal] [-l N] [-a author] [-t hashtag]\n"
	" [-s words] [--since T] [--until T] [--thread tag] [--no-pager]\n"
	" [tag... | -]",
	"Show the posts that are named (- reads their tags from standard\n"
	"input), else all that fit, oldest first; on a terminal the last 20\n"
	"of them.\n\n"
	"  -l N           the newest N posts\n"
	"  -a author      posts of this author\n"
	"  -t hashtag     posts with this hashtag\n"
	"  -s words       posts with all these words; \"...\" is a phrase\n"
	"  --since T      not before T: 2026-11-21, 14:05, 2h\n"
	"  --until T      not after T\n"
	"  --thread tag   the whole thread that the post stands in\n"
	"  -j             JSON Lines, as raid-jsonl(5) has them\n"
	"  --no-pager     never through a pager\n"
	"  -C dir         work as if started in dir\n"
	"  -J journal     use this journal\n"
};

struct show {
	struct raid_query q;
	const char *dir, *journal, *thread;
	int json, no_pager;
	int terminal;		/* shorten, colour, make harmless */
	int colour, paged;
	size_t width;
	size_t shown;
};

#define SHORT_LINES 20

/* How many bytes the first n lines take, long ones counted as the screen
 * folds them; *more is how many lines are left out. */
static size_t
first_lines(const struct show *s, const struct raid_post *p, size_t n,
    size_t *more)
{
	size_t at = 0, rows = 0, len;

	while (at < p->body_len) {
		len = strcspn(p->body + at, "\n");
		rows += 1 + len / s->width;
		if (rows > n)
			break;
		at += len + (at + len < p->body_len);
	}
	/* Of a first line that is too long, its beginning; whole characters. */
	if (at == 0 && p->body_len > 0)
		for (at = n * s->width; at > 0 && (p->body[at] & 0xc0) == 0x80;)
			at--;
	*more = 0;
	for (size_t i = at; i < p->body_len; i += len + 1) {
		len = strcspn(p->body + i, "\n");
		(*more)++;
	}
	return at;
}

static void
print_head(const struct show *s, const struct raid_post *p)
{
	const char *bold = s->colour ? "\033[1m" : "";
	const char *plain = s->colour ? "\033[0m" : "";
	char when[32];

	raid_clock_format(p->t.ts, when, sizeof(when));
	printf("%s#%s  ", bold, p->tag);
	raid_out_line(stdout, p->author);
	printf("%s  %s", plain, when);
	if (strcmp(p->kind, "chat") != 0) {
		printf("  ");
		raid_out_line(stdout, p->kind);
	}
	if (strcmp(p->status, "complete") != 0) {
		printf("  (");
		raid_out_line(stdout, p->status);
		putchar(')');
	}
	if (*p->reply_to != '\0')
		printf("  to #%s", p->reply_to);
	putchar('\n');
	for (size_t i = 0; i < p->nfiles; i++) {
		printf("file: ");
		raid_out_line(stdout, p->files[i].path);
		printf(" (%lld bytes)\n", p->files[i].size);
	}
}

static int
show_text(struct show *s, const struct raid_post *p)
{
	size_t len = p->body_len, more = 0;

	if (s->shown++ > 0)
		putchar('\n');
	print_head(s, p);
	if (s->terminal)
		len = first_lines(s, p, SHORT_LINES, &more);
	raid_out_text(stdout, p->body, len, s->terminal);
	if (len > 0 && p->body[len - 1] != '\n')
		putchar('\n');
	if (more > 0)
		printf("[%zu more lines: raid-show %s | cat]\n", more, p->tag);
	return 0;
}

static int
show_post(struct raid_post *p, void *arg, struct raid_err *err)
{
	struct show *s = arg;
	struct raid_json *j;
	char *line;

	if (s->json) {
		j = raid_post_json(p);
		line = raid_json_print(j, 0);
		puts(line);
		free(line);
		raid_json_free(j);
		s->shown++;
	} else {
		show_text(s, p);
	}
	return ferror(stdout) && !s->paged ?
	    raid_fail_errno(err, "standard output") : 0;
}

/*
 * Put a pager between us and the terminal.  less is told to end at once
 * when all fits on a screen; its absence is no failure.
 */
static pid_t
start_pager(void)
{
	const char *pager = getenv("PAGER");
	int fds[2];
	pid_t pid;

	if (pager == NULL || *pager == '\0')
		pager = "less";
	if (strcmp(pager, "cat") == 0 || pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	(void)setenv("LESS", "FRX", 0);
	/* Bodies are UTF-8, whatever locale there is or is not. */
	(void)setenv("LESSCHARSET", "utf-8", 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[0], STDIN_FILENO);
		execl("/bin/sh", "sh", "-c", "command -v \"${1%% *}\" "
		    ">/dev/null 2>&1 || exec cat; eval \"exec $1\"", "pager",
		    pager, (char *)NULL);
		_exit(127);
	}
	if (pid != -1) {
		(void)dup2(fds[1], STDOUT_FILENO);
		/* ^C is for the pager alone. */
		(void)signal(SIGINT, SIG_IGN);
		(void)signal(SIGPIPE, SIG_IGN);
	}
	close(fds[0]);
	close(fds[1]);
	return pid;
}

/* Who leaves the pager early has seen enough: that is no failure. */
static void
wait_pager(pid_t pid)
{
	if (pid == -1)
		return;
	(void)fflush(stdout);
	clearerr(stdout);
	(void)close(STDOUT_FILENO);
	(void)open("/dev/null", O_WRONLY);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}

static void
parse(struct show *s, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "since", required_argument, NULL, 1 },
		{ "until", required_argument, NULL, 2 },
		{ "thread", required_argument, NULL, 3 },
		{ "no-pager", no_argument, NULL, 4 }, PROG_LONGS
	};
	struct raid_err err;
	long long n = 0;
	int c, r = 0;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jl:a:t:s:C:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': s->json = 1; break;
		case 'l':
			r = raid_num_parse(optarg, 1, 1000000000, &n, "-l",
			    &err);
			s->q.limit = (size_t)n;
			break;
		case 'a': s->q.author = optarg + (*optarg == '@'); break;
		case 't': s->q.hashtag = optarg + (*optarg == '#'); break;
		case 's': s->q.words = optarg; break;
		case 'C': s->dir = optarg; break;
		case 'J': s->journal = optarg; break;
		case 1: r = raid_clock_parse(optarg, &s->q.since, "--since",
		    &err); break;
		case 2: r = raid_clock_parse(optarg, &s->q.until, "--until",
		    &err); break;
		case 3: s->thread = optarg; break;
		case 4: s->no_pager = 1; break;
		}
		if (r == -1)
			prog_usage("%s", err.msg);
	}
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

static int
show_query(struct show *s, struct store *st)
{
	char thread[RAID_TAG_SIZE];
	struct raid_err err;

	if (s->terminal && s->q.limit == 0)
		s->q.limit = 20;
	if (s->thread != NULL) {
		if (raid_post_resolve(st->db, s->thread, thread, &err) == -1)
			return prog_say(&err);
		s->q.thread = thread;
	}
	if (raid_query_each(st->db, &s->q, show_post, s, &err) == -1)
		return prog_say(&err);
	return s->shown > 0 ? RAID_OK : RAID_NO;
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
	if (argc > 0 && prog_tags(argc, argv, &tags, &err) == -1)
		prog_die(&err);
	if (argc > 0 && tags.n == 0)
		return RAID_NO;
	if (store_open(&st, s.dir, s.journal, RAID_DB_READ, &err) == -1)
		prog_die(&err);
	s.terminal = isatty(STDOUT_FILENO) && !s.json;
	s.colour = s.terminal && raid_out_colour(stdout);
	s.width = raid_out_width();
	if (s.terminal && !s.no_pager)
		pager = start_pager();
	s.paged = pager != -1;
	status = tags.n > 0 ? show_tags(&s, &st, &tags) : show_query(&s, &st);
	wait_pager(pager);
	raid_list_free(&tags);
	store_close(&st);
	return prog_end(status);
}
