/* SPDX-License-Identifier: ISC */
/* raid-logsum: a log of any size as the templates of its lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "logs/digest.h"
#include "logs/log.h"
#include "logsum_read.h"
#include "prog.h"

static const struct raid_prog prog = {
	"raid-logsum",
	"[-j] [-b tokens] [file...]\n"
	"--templates [-j] [file...]\n"
	"--assign [file...]",
	"Print a log as a page: the templates of its lines, what is bad or\n"
	"rare first.  Without file, or for -, it reads standard input.  Files\n"
	"may be compressed (gzip, bzip2, xz, zstd, lz4), or a tar or zip.\n\n"
	"  -b tokens     the page has at most so many (default 2000)\n"
	"  -j            as JSON\n"
	"  --templates   a line for each template: id, count, template\n"
	"  --assign      a line for each line: the id of its template\n"
};

struct options {
	int templates, assign, json;
	long long budget;
};

/* The log in work. */
struct work {
	struct raid_log *log;
	FILE *spool;		/* with --assign: the group of each line */
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "templates", no_argument, NULL, 1 },
		{ "assign", no_argument, NULL, 2 }, PROG_LONGS
	};
	struct raid_err err;
	int c, budget = 0;

	o->budget = 2000;
	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jb:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->json = 1; break;
		case 'b':
			if (raid_num_parse(optarg, 100, 10000000, &o->budget,
			    "-b", &err) == -1)
				prog_die(&err);
			budget = 1;
			break;
		case 1: o->templates = 1; break;
		case 2: o->assign = 1; break;
		}
	}
	if (o->templates && o->assign)
		prog_usage("--templates and --assign: take one");
	if (o->assign && o->json)
		prog_usage("--assign has no -j");
	if (budget && (o->templates || o->assign))
		prog_usage("-b is for the page");
}

static void
take_lines(void *arg, uint32_t group, uint64_t lines, int in_window)
{
	struct work *w = arg;

	(void)in_window;
	for (; lines > 0; lines--)
		(void)fwrite(&group, sizeof(group), 1, w->spool);
}

static void
take(void *arg, const void *p, size_t len)
{
	struct work *w = arg;

	raid_log_add(w->log, p, len);
}

static void
end_log(void *arg)
{
	struct work *w = arg;

	raid_log_end_file(w->log);
}

static int
print_assigned(struct work *w)
{
	uint32_t number;

	if (fflush(w->spool) == EOF || ferror(w->spool)) {
		prog_warn("temporary file: could not be written");
		return RAID_EIO;
	}
	rewind(w->spool);
	while (fread(&number, sizeof(number), 1, w->spool) == 1)
		puts(raid_log_template_of(w->log, number)->id);
	return RAID_OK;
}

static void
print_page(const struct options *o, const struct raid_log *m)
{
	struct raid_digest_opts d = { .tokens = (size_t)o->budget,
	    .json = o->json };
	struct raid_buf b;

	raid_buf_init(&b, (size_t)64 << 20);
	if (o->templates)
		raid_digest_table(m, &d, &b);
	else
		raid_digest_page(m, &d, &b);
	(void)fwrite(b.p, 1, b.len, stdout);
	raid_buf_free(&b);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct raid_log_opts lo = { 0 };
	struct work w = { 0 };
	struct logsum_sink sink = { take, end_log, &w };
	struct logsum_files files;
	int r = RAID_OK, status;

	prog_start(&prog);
	parse(&o, argc, argv);
	if (optind == argc && isatty(STDIN_FILENO))
		prog_usage("no file given, and standard input is a terminal");
	lo.assign = o.assign;
	lo.on_lines = o.assign ? take_lines : NULL;
	lo.arg = &w;
	lo.ref = raid_clock_now() * 1000;
	lo.threads = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	w.log = raid_log_new(&lo);
	if (o.assign) {
		w.spool = tmpfile();
		if (w.spool == NULL) {
			prog_warn("no temporary file can be made in /tmp");
			return RAID_EIO;
		}
	}
	logsum_files_init(&files, argv + optind, (size_t)(argc - optind));
	status = logsum_read(&files, &sink, 0);
	logsum_files_free(&files);
	raid_log_finish(w.log);
	if (o.assign)
		r = print_assigned(&w);
	else if (status == RAID_OK || raid_log_total(w.log)->lines > 0)
		print_page(&o, w.log);
	if (w.spool != NULL)
		fclose(w.spool);
	raid_log_free(w.log);
	return prog_end(r != RAID_OK ? r : status);
}
