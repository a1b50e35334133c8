/* SPDX-License-Identifier: ISC */
/* raid-test: run the checks on patches in a sandbox; a verdict for each. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "prog.h"
#include "test_job.h"

static const struct raid_prog prog = {
	"raid-test",
	"[-j] [-C repo] [-J journal] [-P jobs] [--first] [--strict]\n"
	" [--head] [--mount path]... [--timeout T] [--no-sandbox]\n"
	" [tag... | -] [-- command...]\n"
	"[option...] --tree [-- command...]",
	"Run the checks on each patch, in a copy of its base and in a\n"
	"sandbox. Post a verdict and print its tag. With a command that is\n"
	"the check. With a command and no tag, or with --tree, judge the work\n"
	"tree as it is; that needs no journal.\n\n"
	"  -P jobs        so many patches at once (1)\n"
	"  --first        stop at the first patch that passes\n"
	"  --strict       end with 0 only if all pass\n"
	"  --head         on HEAD instead of the base of the patch\n"
	"  --tree         judge the work tree\n"
	"  --mount path   let the checks read a file or folder (:rw writes)\n"
	"  --timeout T    kill each check after T, such as 90, 10m\n"
	"  --no-sandbox   run the checks as ourselves\n"
	"  -j             print the verdicts as JSON lines\n"
	"  -C repo        work in this repository\n"
	"  -J journal     use this journal\n"
};

#define JOBS_MAX 64

struct run {
	const char *dir, *journal;
	long long jobs;
	int json, first, strict, tree;
	struct raid_list tags;
	struct store s;
	struct test_opts o;
	struct test_job *v;
	size_t n;
	int status;
};

enum { OPT_FIRST = 256, OPT_STRICT, OPT_HEAD, OPT_TREE, OPT_MOUNT,
    OPT_TIMEOUT, OPT_NO_SANDBOX };

static void
number(struct run *r, int c, const char *s)
{
	struct raid_err err;

	if (c == 'P' ? raid_num_parse(s, 1, JOBS_MAX, &r->jobs, "-P", &err) :
	    raid_num_span(s, &r->o.timeout, "--timeout", &err))
		prog_usage("%s", err.msg);
}

static int
options(struct run *r, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "first", no_argument, NULL, OPT_FIRST },
		{ "strict", no_argument, NULL, OPT_STRICT },
		{ "head", no_argument, NULL, OPT_HEAD },
		{ "tree", no_argument, NULL, OPT_TREE },
		{ "mount", required_argument, NULL, OPT_MOUNT },
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },
		{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
		PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jC:J:P:",
	    longs)) != -1)
		switch (c) {
		case 'j': r->json = 1; break;
		case 'C': r->dir = optarg; break;
		case 'J': r->journal = optarg; break;
		case OPT_FIRST: r->first = 1; break;
		case OPT_STRICT: r->strict = 1; break;
		case OPT_HEAD: r->o.head = 1; break;
		case OPT_TREE: r->tree = 1; break;
		case OPT_MOUNT: raid_list_add(&r->o.mounts, optarg); break;
		case OPT_NO_SANDBOX: r->o.off = 1; break;
		default: number(r, c, optarg); break;
		}
	return optind;
}

/* What stands before "--" are tags, what stands behind it is a command. */
static void
operands(struct run *r, int argc, char **argv, struct raid_err *err)
{
	int at = options(r, argc, argv), n = at;

	if (strcmp(argv[at - 1], "--") == 0) {
		r->o.command = argv + at;
	} else {
		while (n < argc && strcmp(argv[n], "--") != 0)
			n++;
		if (n < argc)
			r->o.command = argv + n + 1;
	}
	if (r->o.command != NULL && r->o.command[0] == NULL)
		prog_usage("no command after --");
	if (r->tree && n > at)
		prog_usage("--tree judges no patch");
	/* Who names a command alone means the work tree: a job of cron or CI
	 * must not wait for tags on a pipe that nobody writes to. */
	if (r->o.command != NULL && n == at)
		r->tree = 1;
	if (!r->tree && prog_tags(n - at, argv + at, &r->tags, err) == -1)
		prog_die(err);
}

/* May this be done, and without a sandbox? */
static int
permit(struct run *r, struct raid_err *err)
{
	struct raid_policy p;
	int off;

	if (r->o.off && r->s.member)
		return raid_fail(err, RAID_EPERM, "--no-sandbox is for a "
		    "person; unset RAID_ACTOR");
	if (!r->tree) {
		if (raid_policy_load(&p, &r->s.conf, err) == -1)
			return -1;
		/* A person who runs it has been asked already. */
		off = r->s.member || raid_policy_get(&p, "test") ==
		    RAID_POLICY_DENY ? raid_policy_check(&p, "test", err) : 0;
		raid_policy_free(&p);
		if (off == -1)
			return -1;
	}
	off = raid_sandbox_is_off(r->s.conf.user, err);
	if (off == -1)
		return -1;
	r->o.off |= off;
	return r->o.off ? 0 : raid_sandbox_probe(err);
}

/* Say how a job ended; its status. */
static int
report(struct run *r, struct test_job *j)
{
	char tag[RAID_TAG_SIZE];
	int pass = raid_results_pass(&j->judge.results);

	if (j->state == JUDGED && (test_job_record(&r->o, j, tag, &j->err)
	    == -1 || store_print(&r->s, tag, r->json, &j->err) == -1))
		j->state = BROKEN;
	return j->state == BROKEN ? prog_say(&j->err) : pass ? RAID_OK :
	    RAID_NO;
}

/* Wait until one of the running jobs ends its check. */
static void
wait_any(struct run *r)
{
	struct raid_proc *v[JOBS_MAX];
	struct test_job *of[JOBS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].state == RUNNING) {
			of[n] = &r->v[i];
			v[n++] = raid_judge_proc(&r->v[i].judge);
		}
	if (n == 0)
		return;
	(void)raid_proc_wait(v, n, -1);
	for (size_t i = 0; i < n; i++)
		if (v[i]->end != RAID_PROC_RUNNING)
			test_job_step(of[i]);
}

/* Start as many as may run, from *next on. */
static void
start_some(struct run *r, size_t *next)
{
	long long running = 0;

	for (size_t i = 0; i < *next; i++)
		running += r->v[i].state == RUNNING;
	for (; *next < r->n && running < r->jobs; (*next)++) {
		test_job_start(&r->o, &r->v[*next], NULL);
		running += r->v[*next].state == RUNNING;
	}
}

/* Verdicts come in the order of the tags, whoever ends first. */
static void
judge_all(struct run *r)
{
	size_t next = 0, told = 0;
	int status;

	while (told < r->n && raid_proc_signal() == 0) {
		start_some(r, &next);
		wait_any(r);
		for (; told < next && r->v[told].state > RUNNING; told++) {
			status = report(r, &r->v[told]);
			test_job_free(&r->v[told]);
			if (!r->strict)
				r->status = raid_status_merge(r->status,
				    status);
			else if (status > r->status)
				r->status = status;
			if (status == RAID_OK && r->first)
				return;
		}
	}
}

static int
test_tags(struct run *r, struct raid_err *err)
{
	r->status = r->strict && r->tags.n != 0 ? RAID_OK : RAID_NO;
	if (r->tags.n == 0)
		return 0;
	if (store_open(&r->s, r->dir, r->journal, RAID_DB_WRITE, err) == -1 ||
	    permit(r, err) == -1)
		return -1;
	r->o.repo = raid_repo_open(r->dir != NULL ? r->dir : ".", err);
	if (r->o.repo == NULL)
		return -1;
	r->n = r->tags.n;
	r->v = raid_calloc(r->n, sizeof(*r->v));
	for (size_t i = 0; i < r->n; i++)
		r->v[i].operand = r->tags.v[i];
	judge_all(r);
	for (size_t i = 0; i < r->n; i++)
		test_job_free(&r->v[i]);
	free(r->v);
	return 0;
}

static void
print_verdict(const struct run *r, const struct test_job *j)
{
	struct raid_json *o = raid_json_object();
	struct raid_buf body;
	char *s;

	raid_buf_init(&body, RAID_BODY_MAX);
	test_job_digest(j, raid_msg_language(), &body);
	if (r->json) {
		raid_json_set_str(o, "type", "verdict");
		raid_json_set_int(o, "v", 1);
		raid_json_set_str(o, "body", raid_buf_str(&body));
		raid_json_set(o, "meta", test_job_meta(&r->o, j));
		s = raid_json_print(o, 0);
		puts(s);
		free(s);
	} else {
		(void)fwrite(body.p, 1, body.len, stdout);
	}
	raid_json_free(o);
	raid_buf_free(&body);
}

/* The subfolder of the work tree that we stand in; the caller frees. */
static char *
subfolder(const struct run *r)
{
	const char *work = raid_repo_work(r->o.repo);
	char *real = realpath(r->dir != NULL ? r->dir : ".", NULL), *sub;
	size_t n = work != NULL ? strlen(work) : 0;

	sub = raid_strdup(work != NULL && real != NULL &&
	    strncmp(real, work, n) == 0 && real[n] == '/' ? real + n + 1 : "");
	free(real);
	return sub;
}

static int
test_tree(struct run *r, struct raid_err *err)
{
	const char *dir = r->dir != NULL ? r->dir : ".";
	struct test_job j = { 0 };
	char *sub;
	int ret = -1;

	if (store_conf(&r->s, dir, r->journal, err) == -1 ||
	    permit(r, err) == -1)
		return -1;
	r->o.repo = raid_repo_open(dir, err);
	if (r->o.repo == NULL)
		return -1;
	sub = subfolder(r);
	test_job_start(&r->o, &j, sub);
	while (j.state == RUNNING) {
		struct raid_proc *v[1] = { raid_judge_proc(&j.judge) };

		if (raid_proc_wait(v, 1, -1) == 0)
			test_job_step(&j);
	}
	*err = j.err;
	if (j.state == JUDGED) {
		print_verdict(r, &j);
		r->status = raid_results_pass(&j.judge.results) ? RAID_OK :
		    RAID_NO;
		ret = 0;
	}
	free(sub);
	test_job_free(&j);
	return ret;
}

int
main(int argc, char **argv)
{
	struct raid_judge_bases bases = { 0 };
	struct run r = { .jobs = 1 };
	struct raid_err err;
	int ret;

	prog_start(&prog);
	operands(&r, argc, argv, &err);
	r.o.s = &r.s;
	r.o.bases = &bases;
	/* The copies are removed, whoever closes the pipe. */
	(void)signal(SIGPIPE, SIG_IGN);
	raid_proc_signals();
	ret = r.tree ? test_tree(&r, &err) : test_tags(&r, &err);
	if (raid_proc_signal() != 0)
		r.status = 128 + raid_proc_signal();
	else if (ret == -1)
		r.status = prog_say(&err);
	raid_judge_bases_free(&bases);
	raid_repo_free(r.o.repo);
	store_close(&r.s);
	raid_list_free(&r.o.mounts);
	raid_list_free(&r.tags);
	return prog_end(r.status);
}
