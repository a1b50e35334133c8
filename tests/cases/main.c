/* SPDX-License-Identifier: ISC */
/*
 * cases [-lv] [-n MAX] [-s SEED] [-k KIND] [-K KEEP] [-P JOBS] [-p PROGRAM]
 *     [-c PERCENT] [-t PERCENT] FOLDER...
 *
 * Makes cases from the pairs in the folders, runs raid-patch on each, and
 * prints how each kind fared.
 *	-n	cases a kind, 40 if it is not said
 *	-k	only kinds whose name begins so; may be given often
 *	-K	folder for the cases that failed, -A for all
 *	-c -t	what clear and hard cases must reach, in percent
 * Ends with 1 when that is not reached, a case is wrong or half done, or a
 * hostile one is not refused.
 */
#include <sys/wait.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "cases.h"

#define JOBS_MAX 16
#define ONLY_MAX 32

struct options {
	struct run_opts run;
	const char *only[ONLY_MAX];
	size_t n_only, max;
	uint64_t seed;
	int jobs, verbose;
	double clear, hard;
};

struct place {
	const struct pair *p;
	uint64_t order;
};

static struct pair *pairs;
static unsigned sums[512][VERDICTS];

static int
by_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

static int
wanted(const struct options *o, const char *name)
{
	for (size_t i = 0; i < o->n_only; i++)
		if (strncmp(name, o->only[i], strlen(o->only[i])) == 0)
			return 1;
	return o->n_only == 0;
}

/* Those that take long are few. */
static size_t
limit(const struct options *o, const char *name)
{
	static const char *const big[] = { "hostile-huge", "hostile-hunks",
	    "hostile-files", "hostile-long-line" };

	for (size_t i = 0; i < 4; i++)
		if (strcmp(name, big[i]) == 0 && o->max > 1)
			return 1;
	return o->max;
}

/* The share of one job: every jobs-th pair, as many of the cases. */
static void
work_kind(const struct options *o, size_t kind, size_t job, int fd)
{
	size_t n = 0, done = 0, count = 0, jobs = (size_t)o->jobs;
	size_t max = (limit(o, kinds[kind].name) + (kind + job) % jobs) / jobs;
	struct place *v;

	for (const struct pair *p = pairs; p != NULL; p = p->next)
		count++;
	v = raid_malloc((count + 1) * sizeof(*v));
	for (const struct pair *p = pairs; p != NULL; p = p->next)
		v[n++] = (struct place){ p, hash(p->name, o->seed ^
		    hash(kinds[kind].name, 1)) };
	qsort(v, n, sizeof(*v), by_order);
	for (size_t i = job; i < n && done < max; i += jobs) {
		struct make m = { .kind = &kinds[kind], .pair = v[i].p,
		    .rnd = v[i].order };
		struct score s = { .kind = kind };

		if (kind_build(&m)) {
			done++;
			s.v = run_case(&m, &o->run);
			if (write(fd, &s, sizeof(s)) != (ssize_t)sizeof(s))
				_exit(2);
		}
		mem_reset();
	}
	free(v);
}

static void
work(struct options *o, const char *scratch, int job, int fd)
{
	struct raid_err err;

	o->run.scratch = strf("%s/%d", scratch, job).p;
	if (raid_path_mkdirs(o->run.scratch, 0755, &err) == -1)
		_exit(2);
	mem_lasting(0);
	/* What strf made is of the first age. */
	for (size_t k = 0; k < n_kinds; k++)
		if (wanted(o, kinds[k].name))
			work_kind(o, k, (size_t)job, fd);
}

static void
show_scores(const struct options *o)
{
	static const char *const names[KLASSES] = { "clear", "hard", "either",
	    "hostile" };

	printf("%-24s %-8s %5s %5s %7s %5s %4s %4s %6s %4s\n", "kind", "class",
	    "n", "good", "refused", "wrong", "half", "diff", "broken", "once");
	for (size_t k = 0; k < n_kinds; k++) {
		const unsigned *s = sums[k];
		unsigned n = 0;

		for (int i = 0; i < VERDICTS; i++)
			n += s[i];
		if (n > 0 || (o->verbose && wanted(o, kinds[k].name)))
			printf("%-24s %-8s %5u %5u %7u %5u %4u %4u %6u %4u%s\n",
			    kinds[k].name, names[kinds[k].klass], n, s[GOOD],
			    s[NOT_PLACED], s[WRONG], s[HALF], s[BAD_DIFF],
			    s[BROKEN], s[ONCE], s[GOOD] == n ? "" : " *");
	}
}

/* The totals; is it as good as it must be? */
static int
show_totals(const struct options *o)
{
	unsigned n[KLASSES] = { 0 }, good[KLASSES] = { 0 }, all = 0, wrong = 0;
	unsigned half = 0, other = 0, once = 0;
	double part[KLASSES];

	for (size_t k = 0; k < n_kinds; k++) {
		for (int i = 0; i < VERDICTS; i++)
			n[kinds[k].klass] += sums[k][i];
		good[kinds[k].klass] += sums[k][GOOD] + sums[k][ONCE];
		once += sums[k][ONCE];
		if (kinds[k].klass != HOSTILE)
			wrong += sums[k][WRONG];
		half += sums[k][HALF];
		other += sums[k][BAD_DIFF] + sums[k][BROKEN];
	}
	for (int i = 0; i < KLASSES; i++) {
		part[i] = n[i] > 0 ? 100.0 * good[i] / n[i] : 100;
		all += n[i];
	}
	printf("cases %u\nclear %.2f %% of %u\nhard %.2f %% of %u\n"
	    "either %.2f %% of %u\nhostile refused %.2f %% of %u\n"
	    "wrong %u\nhalf-applied %u\nbad diff or broken %u\n"
	    "changed by its own diff %u\n", all,
	    part[CLEAR], n[CLEAR], part[HARD], n[HARD], part[EITHER],
	    n[EITHER], part[HOSTILE], n[HOSTILE], wrong, half, other, once);
	return wrong == 0 && half == 0 && other == 0 &&
	    good[HOSTILE] == n[HOSTILE] && part[CLEAR] >= o->clear &&
	    part[HARD] >= o->hard && all > 0;
}

static int
all_jobs(struct options *o, const char *scratch)
{
	int fds[2], status, bad = 0;
	struct score s;

	if (pipe(fds) == -1)
		return -1;
	for (int i = 0; i < o->jobs; i++)
		if (fork() == 0) {
			(void)close(fds[0]);
			work(o, scratch, i, fds[1]);
			_exit(0);
		}
	(void)close(fds[1]);
	while (read(fds[0], &s, sizeof(s)) == (ssize_t)sizeof(s))
		sums[s.kind][s.v]++;
	while (wait(&status) != -1)
		bad |= status;
	return bad ? -1 : 0;
}

static int
usage(void)
{
	fputs("usage: cases [-Alv] [-n max] [-s seed] [-k kind] [-K keep] "
	    "[-P jobs]\n\t[-p program] [-c percent] [-t percent] folder ...\n",
	    stderr);
	return 64;
}

static int
parse(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "Alvn:s:k:K:P:p:c:t:")) != -1) {
		switch (c) {
		case 'A': o->run.keep_all = 1; break;
		case 'l':
			for (size_t i = 0; i < n_kinds; i++)
				puts(kinds[i].name);
			exit(0);
		case 'v': o->verbose = 1; break;
		case 'n': o->max = strtoul(optarg, NULL, 10); break;
		case 's': o->seed = strtoull(optarg, NULL, 10); break;
		case 'k':
			if (o->n_only < ONLY_MAX)
				o->only[o->n_only++] = optarg;
			break;
		case 'K': o->run.keep = optarg; break;
		case 'P': o->jobs = (int)strtol(optarg, NULL, 10); break;
		case 'p': o->run.program = optarg; break;
		case 'c': o->clear = strtod(optarg, NULL); break;
		case 't': o->hard = strtod(optarg, NULL); break;
		default: return -1;
		}
	}
	return optind < argc && o->jobs > 0 && o->jobs <= JOBS_MAX ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct options o = { .run.program = "raid-patch", .max = 40,
	    .seed = 1, .jobs = 2 };
	struct raid_err err;
	char *scratch;
	int r;

	if (parse(&o, argc, argv) == -1 || n_kinds > 512)
		return usage();
	for (int i = optind; i < argc; i++)
		(void)pairs_load(argv[i], &pairs);
	scratch = raid_path_mktemp(&err);
	if (scratch == NULL)
		return 2;
	r = all_jobs(&o, scratch);
	if (raid_path_remove(scratch, &err) == -1)
		fprintf(stderr, "cases: %s\n", err.msg);
	free(scratch);
	if (r == -1) {
		fputs("cases: a job failed\n", stderr);
		return 2;
	}
	show_scores(&o);
	return show_totals(&o) ? 0 : 1;
}
