/* SPDX-License-Identifier: ISC */
/* raid-logsum: a log of any size as a page that finds what matters. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "logsum.h"
#include "logsum_follow.h"
#include "logsum_lines.h"
#include "logsum_post.h"
#include "logsum_state.h"
#include "prog.h"

static const struct raid_prog prog = {
	"raid-logsum",
	"[-Fj] [-b tokens] [-J journal] [--post | -m member,...]\n"
	" [--at time [--span time] | [--since time] [--until time]]\n"
	" [--tz zone] [--compare old] [--fail-on list] [--state file]\n"
	" [--threads N] [file...]\n"
	"--merge [-j] [-b tokens] [--state file] [file...]\n"
	"--templates [-j] [file...]\n"
	"--assign [file...]\n"
	"--show id [-j] [--at time | --since time...] [file...]",
	"Print a log as a page: what is bad or rare first, when it came, the\n"
	"numbers in it.  Without file, or for -, it reads standard input.\n"
	"Files may be compressed (gzip, bzip2, xz, zstd, lz4), tar or zip.\n\n"
	"  -b tokens       the page has at most so many (default 2000)\n"
	"  -j              as JSON\n"
	"  -F              follow: then print each line that is new in kind\n"
	"  --post          post the page as #log_summary, print the tag\n"
	"  -m member,...   ask these to tell it in prose; print that and the\n"
	"                  page\n"
	"  -J journal      use this journal for --post and -m\n\n"
	"  --at time       set the ten minutes around it against the rest\n"
	"  --span time     so long instead, as 30s or 2h\n"
	"  --since time    set what is later against the rest; with\n"
	"  --until time    what is between them\n"
	"  --tz zone       of times that name none (default UTC)\n"
	"  --compare old   what is new, gone or changed since this log\n"
	"  --fail-on list  end with 1 for any of these, with commas between:\n"
	"                  warn, error, fatal, trace, failed-test, new\n"
	"  --state file    write what was learned (-: only that)\n"
	"  --merge         the files are such states: join them\n"
	"  --threads N     at most so many (default: the CPUs, 8 at most)\n\n"
	"  --templates     a line for each template: id, count, template\n"
	"  --assign        a line for each line: the id of its template\n"
	"  --show id       the lines of a template, with their numbers\n"
};

enum {
	OPT_POST = 1, OPT_AT, OPT_SPAN, OPT_SINCE, OPT_UNTIL, OPT_TZ,
	OPT_COMPARE, OPT_FAIL_ON, OPT_STATE, OPT_MERGE, OPT_THREADS,
	OPT_TEMPLATES, OPT_ASSIGN, OPT_SHOW
};

static const struct option longs[] = {
	{ "post", no_argument, NULL, OPT_POST },
	{ "at", required_argument, NULL, OPT_AT },
	{ "span", required_argument, NULL, OPT_SPAN },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "tz", required_argument, NULL, OPT_TZ },
	{ "compare", required_argument, NULL, OPT_COMPARE },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "merge", no_argument, NULL, OPT_MERGE },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "templates", no_argument, NULL, OPT_TEMPLATES },
	{ "assign", no_argument, NULL, OPT_ASSIGN },
	{ "show", required_argument, NULL, OPT_SHOW },
	PROG_LONGS
};

/* Options that are looked at when all are known. */
struct later {
	const char *at, *span, *since, *until, *tz;
	int budget, no_file;
};

static long long
number(const char *s, long long min, long long max, const char *option)
{
	struct raid_err err;
	long long n;

	if (raid_num_parse(s, min, max, &n, option, &err) == -1)
		prog_usage("%s", err.msg);
	return n;
}

static void
take_option(struct logsum_opts *o, struct later *l, int c)
{
	switch (c) {
	case 'F': o->follow = 1; break;
	case 'j': o->json = 1; break;
	case 'J': o->journal = optarg; break;
	case 'm': o->members = optarg; break;
	case 'b':
		o->tokens = number(optarg, 100, 10000000, "-b");
		l->budget = 1;
		break;
	case OPT_POST: o->post = 1; break;
	case OPT_AT: l->at = optarg; break;
	case OPT_SPAN: l->span = optarg; break;
	case OPT_SINCE: l->since = optarg; break;
	case OPT_UNTIL: l->until = optarg; break;
	case OPT_TZ: l->tz = optarg; break;
	case OPT_COMPARE: o->compare = optarg; break;
	case OPT_FAIL_ON: o->fail_on |= logsum_fail_parse(optarg); break;
	case OPT_STATE: o->state = optarg; break;
	case OPT_MERGE: o->merge = 1; break;
	case OPT_THREADS: o->threads = number(optarg, 1, 8, "--threads"); break;
	case OPT_TEMPLATES: o->templates = 1; break;
	case OPT_ASSIGN: o->assign = 1; break;
	case OPT_SHOW: o->show = optarg; break;
	}
}

/* Of several things to do only one. */
static void
check_modes(const struct logsum_opts *o, const struct later *l)
{
	int modes = o->templates + o->assign + (o->show != NULL);
	int page = modes == 0;

	if (modes > 1)
		prog_usage("--templates, --assign, --show: take one");
	if (o->assign && o->json)
		prog_usage("--assign has no -j");
	if (l->budget && !page)
		prog_usage("-b is for the page");
	if (!page && (o->follow || o->post || o->members != NULL ||
	    o->compare != NULL || o->fail_on != 0 || o->state != NULL))
		prog_usage("-F, -m, --post, --compare, --fail-on and --state "
		    "are for the page");
	if ((o->templates || o->assign) && (l->at != NULL || l->since != NULL ||
	    l->until != NULL))
		prog_usage("a time is for the page and --show");
	if (o->post && o->members != NULL)
		prog_usage("--post or -m: take one");
	if ((o->post || o->members != NULL) && (o->json || o->follow))
		prog_usage("--post and -m have neither -j nor -F");
	if (o->follow && o->compare != NULL)
		prog_usage("-F has no --compare");
	if ((o->fail_on & LOGSUM_FAIL_NEW) != 0 && o->compare == NULL &&
	    !o->follow)
		prog_usage("--fail-on new is for --compare and -F");
}

/* What is learned of lines is not in a state. */
static void
check_merge(const struct logsum_opts *o, const struct later *l)
{
	if (o->merge && (o->follow || o->assign || o->show != NULL ||
	    l->at != NULL || l->since != NULL || l->until != NULL))
		prog_usage("--merge has none of -F, --assign, --show, --at, "
		    "--since, --until");
	if (o->state != NULL && strcmp(o->state, "-") == 0 && (o->follow ||
	    o->post || o->members != NULL || o->fail_on != 0 ||
	    o->compare != NULL || o->json || l->budget))
		prog_usage("--state - prints no page");
	if (o->compare != NULL && strcmp(o->compare, "-") == 0 &&
	    l->no_file)
		prog_usage("--compare -: the new log needs a file");
	if (o->show != NULL && (strlen(o->show) == 0 || strlen(o->show) > 8 ||
	    strspn(o->show, "0123456789abcdef") != strlen(o->show)))
		prog_usage("--show: '%.40s' is no id, or the beginning of one",
		    o->show);
}

/* "raid-logsum log -j" is a slip: there is hardly a file of that name. */
static void
check_operands(int argc, char **argv)
{
	for (int i = optind; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1] != '\0' &&
		    access(argv[i], F_OK) == -1)
			prog_usage("%s: no such file; options come first",
			    argv[i]);
}

static void
parse(struct logsum *g, int argc, char **argv)
{
	struct later l = { 0 };
	struct raid_err err;
	int c;

	g->o.tokens = 2000;
	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "Fjb:J:m:",
	    longs)) != -1)
		take_option(&g->o, &l, c);
	l.no_file = optind == argc;
	check_operands(argc, argv);
	check_modes(&g->o, &l);
	check_merge(&g->o, &l);
	if (l.no_file && isatty(STDIN_FILENO))
		prog_usage("no file given, and standard input is a terminal");
	if (l.tz != NULL && (g->zone = raid_zone_open(l.tz, &err)) == NULL)
		prog_usage("--tz: %s", err.msg);
	logsum_window(g, l.at, l.span, l.since, l.until);
	logsum_files_init(&g->files, argv + optind, (size_t)(argc - optind));
}

struct raid_log *
logsum_log_new(const struct logsum *g, int old)
{
	struct raid_log_opts o = g->log_opts;

	if (old) {
		o.has_window = o.assign = 0;
		o.on_lines = NULL;
	}
	return raid_log_new(&o);
}

static void
take(void *arg, const void *p, size_t len)
{
	struct logsum *g = arg;

	raid_log_add(g->log, p, len);
}

static void
end_log(void *arg)
{
	struct logsum *g = arg;

	raid_log_end_file(g->log);
}

static void
prepare(struct logsum *g)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct raid_err err;

	g->log_opts.zone = g->zone;
	g->log_opts.ref = raid_clock_ms();
	g->log_opts.threads = g->o.threads > 0 ? (size_t)g->o.threads :
	    cpus > 8 ? 8 : cpus > 0 ? (size_t)cpus : 1;
	if (!g->o.assign && logsum_mask_open(&g->mask, &err) == -1)
		prog_die(&err);
	if ((g->o.assign || g->o.show != NULL) &&
	    logsum_lines_keep(g, &err) == -1)
		prog_die(&err);
	if (g->o.show != NULL && logsum_files_keep(&g->files, &err) == -1)
		prog_die(&err);
}

/* The worst of what went wrong, else a "no". */
static int
worse(int a, int b)
{
	return a > b ? a : b;
}

/* Read all there is; the status that ends the program at once, or RAID_OK. */
static int
learn(struct logsum *g)
{
	struct logsum_sink sink = { NULL, take, end_log, g };
	struct logsum_follow *f = g->o.follow ? logsum_follow_new(g) : NULL;
	int status = RAID_OK;

	if (g->o.compare != NULL) {
		status = logsum_state_old(g);
		if (status != RAID_OK)
			return status;
	}
	g->log = logsum_log_new(g, 0);
	if (g->o.merge)
		status = logsum_state_merge(g);
	else if (f != NULL)
		status = logsum_follow_run(f);
	else
		g->status = worse(g->status, logsum_read(&g->files, &sink, 0));
	logsum_follow_free(f);
	return status;
}

/* Print the page, or what is made of it. */
static int
print_page(struct logsum *g)
{
	int status = RAID_OK;
	struct raid_buf b;

	/* Nothing could be read: that was said. */
	if (g->page_done ||
	    (g->status != RAID_OK && raid_log_total(g->log)->lines == 0))
		return RAID_OK;
	if (g->o.follow && !g->o.json)
		putchar('\n');
	raid_buf_init(&b, (size_t)64 << 20);
	logsum_page(g, &b);
	if (g->o.post)
		status = logsum_post(g->o.journal, raid_buf_str(&b), b.len);
	else if (g->o.members != NULL) {
		status = logsum_ask(g->o.journal, g->o.members,
		    raid_buf_str(&b), b.len);
		if (status == RAID_OK)
			putchar('\n');
	}
	if (!g->o.post)
		(void)fwrite(b.p, 1, b.len, stdout);
	raid_buf_free(&b);
	return status;
}

static int
print(struct logsum *g)
{
	unsigned failed;
	int status;

	if (g->o.assign)
		return logsum_lines_assign(g);
	if (g->o.show != NULL)
		return logsum_lines_show(g);
	status = print_page(g);
	/* Who follows a log has said it already. */
	failed = g->o.follow ? 0 : logsum_failed(g, 1);
	logsum_fail_say(failed);
	return status != RAID_OK ? status : failed != 0 ? RAID_NO : RAID_OK;
}

/* All is read: write, finish, print. */
static int
conclude(struct logsum *g, int status)
{
	int only = 0;

	if (g->o.state != NULL) {
		status = worse(status, logsum_state_write(g));
		only = strcmp(g->o.state, "-") == 0;
	}
	raid_log_finish(g->log);
	return only ? status : worse(status, print(g));
}

int
main(int argc, char **argv)
{
	struct logsum g = { 0 };
	int status;

	prog_start(&prog);
	parse(&g, argc, argv);
	prepare(&g);
	status = learn(&g);
	if (status <= RAID_NO)
		status = conclude(&g, status);
	if (g.spool != NULL)
		fclose(g.spool);
	raid_log_free(g.log);
	raid_log_free(g.old);
	raid_zone_close(g.zone);
	logsum_files_free(&g.files);
	logsum_mask_close(&g.mask);
	return prog_end(worse(status, g.status));
}
