/* SPDX-License-Identifier: ISC */
/* raid-test: run the checks on patches in a sandbox; a verdict for each. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/path.h"
#include "code/checks_find.h"
#include "code/judge.h"
#include "journal/blob.h"
#include "journal/verdict.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-test",
	"[-j] [-C repo] [-J journal] [-P jobs] [--first] [--strict]\n"
	"[--head] [--mount path]... [--timeout T] [--no-sandbox]\n"
	"[--tree] [tag...] [-- command...]",
	"Run the checks on each patch, in a copy of its base and in a\n"
	"sandbox. Post a verdict and print its tag. With a command that is\n"
	"the check. With a command, but neither tags nor a pipe on standard\n"
	"input, judge the work tree as it is; that needs no journal.\n\n"
	"  -P jobs        so many patches at once (1)\n"
	"  --first        stop at the first patch that passes\n"
	"  --strict       end with 0 only if all pass\n"
	"  --head         on HEAD instead of the base of the patch\n"
	"  --tree         judge the work tree, whatever standard input is\n"
	"  --mount path   let the checks read a file or folder (:rw writes)\n"
	"  --timeout T    kill each check after T, such as 90, 10m\n"
	"  --no-sandbox   run the checks as ourselves\n"
	"  -j             print the verdicts as JSON lines\n"
	"  -C repo        work in this repository\n"
	"  -J journal     use this journal\n"
};

#define JOBS_MAX 64

/* A patch and its way to a verdict. */
struct job {
	const char *operand;
	struct raid_post patch, owner;
	struct raid_json *meta;
	struct raid_buf diff;
	struct raid_overlay files;
	char commit[RAID_HASH_SIZE];	/* what it is judged on; "": unborn */
	struct raid_checks checks;
	struct raid_judge judge;
	enum { WAITING, RUNNING, JUDGED, BROKEN } state;
	struct raid_err err;		/* of one that is BROKEN */
};

struct run {
	const char *dir, *journal;
	long long jobs;
	int json, first, strict, head, tree, off;
	double timeout;
	struct raid_list mounts, tags;
	char **command;			/* NULL: the checks of the project */
	struct store s;
	struct raid_repo *repo;
	struct job *v;
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
	    raid_num_span(s, &r->timeout, "--timeout", &err))
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
		case OPT_HEAD: r->head = 1; break;
		case OPT_TREE: r->tree = 1; break;
		case OPT_MOUNT: raid_list_add(&r->mounts, optarg); break;
		case OPT_NO_SANDBOX: r->off = 1; break;
		default: number(r, c, optarg); break;
		}
	return optind;
}

/* What stands before "--" are tags, what stands behind it is a command. */
static void
operands(struct run *r, int argc, char **argv, struct raid_err *err)
{
	struct stat st;
	int at = options(r, argc, argv), n = at;

	if (strcmp(argv[at - 1], "--") == 0) {
		r->command = argv + at;
	} else {
		while (n < argc && strcmp(argv[n], "--") != 0)
			n++;
		if (n < argc)
			r->command = argv + n + 1;
	}
	if (r->command != NULL && r->command[0] == NULL)
		prog_usage("no command after --");
	if (r->tree && n > at)
		prog_usage("--tree judges no patch");
	/* A command may be all that is meant: only a pipe brings tags then. */
	if (r->command != NULL && n == at && (fstat(STDIN_FILENO, &st) == -1 ||
	    !S_ISFIFO(st.st_mode)))
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

	if (r->off && r->s.member)
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
	r->off |= off;
	return r->off ? 0 : raid_sandbox_probe(err);
}

/* The base of a job with what lies over it, and its diff if it has one. */
static struct raid_replica_opts
what_of(const struct job *j)
{
	return (struct raid_replica_opts){ .files = &j->files,
	    .commit = *j->commit != '\0' ? j->commit : NULL,
	    .diff = j->diff.p, .diff_len = j->diff.len };
}

/* A command stands for the checks, but it needs what they need. */
static int
find_checks(struct run *r, struct job *j, struct raid_err *err)
{
	struct raid_replica_opts what = what_of(j);
	struct raid_list mounts = { 0 };
	int ret = raid_checks_find(&j->checks, r->repo, &what, &r->s.conf,
	    err);

	if (ret == 0 && j->checks.n == 0)
		ret = raid_fail(err, RAID_ECONFIG, "no checks: name them in "
		    ".raid/checks.json, or: raid-test %s -- command...",
		    r->tree ? "--tree" : j->operand);

	if (r->command != NULL) {
		for (size_t i = 0; ret == 0 && i < j->checks.n; i++)
			for (size_t k = 0; k < j->checks.v[i].mounts.n; k++)
				raid_list_addnew(&mounts,
				    j->checks.v[i].mounts.v[k]);
		raid_checks_free(&j->checks);
		raid_checks_add(&j->checks, r->command[0], r->command);
		j->checks.v[0].mounts = mounts;
		ret = 0;
	}
	for (size_t i = 0; i < j->checks.n; i++) {
		for (size_t k = 0; k < r->mounts.n; k++)
			raid_list_addnew(&j->checks.v[i].mounts,
			    r->mounts.v[k]);
		if (r->timeout > 0)
			j->checks.v[i].timeout = r->timeout;
	}
	return ret;
}

/* The patch that an operand means: a patch, or that of a verdict. */
static int
find_patch(struct run *r, struct job *j, struct raid_err *err)
{
	struct raid_verdict v;
	char tag[RAID_TAG_SIZE];
	int found;

	if (raid_post_resolve(r->s.db, j->operand, tag, err) == -1)
		return -1;
	found = raid_verdict_get(r->s.db, tag, &v, err);
	if (found == -1 || raid_post_get(r->s.db, found == 1 ? v.patch : tag,
	    &j->patch, err) == -1)
		return -1;
	if (strcmp(j->patch.kind, "patch") != 0)
		return raid_fail(err, RAID_EDATA, "%s is a %s, not a patch; "
		    "make one of an answer: raid-patch %s", j->patch.tag,
		    j->patch.kind, j->patch.tag);
	j->meta = raid_json_parse(j->patch.meta, strlen(j->patch.meta), err);
	return j->meta != NULL ? 0 : raid_fail_at(err, "%s", j->patch.tag);
}

/* The files that lie over its base. */
static int
find_files(struct run *r, struct job *j, struct raid_err *err)
{
	const char *question = raid_json_str(j->meta, "question", "");
	struct raid_buf b;
	int ret = 0;

	if (*question != '\0' &&
	    raid_post_get(r->s.db, question, &j->owner, err) == -1)
		return -1;
	for (size_t i = 0; ret == 0 && i < j->owner.nfiles; i++) {
		const struct raid_file *f = &j->owner.files[i];

		ret = store_file(&r->s, f, &b, err);
		if (ret == 0)
			raid_overlay_set(&j->files, f->path, f->mode, b.p,
			    b.len);
		raid_buf_free(&b);
	}
	return ret;
}

static int
load(struct run *r, struct job *j, struct raid_err *err)
{
	char head[RAID_REPO_HEX] = "";

	if (find_patch(r, j, err) == -1 || find_files(r, j, err) == -1)
		return -1;
	if (r->head && raid_repo_commit(r->repo, "HEAD", head, err) == -1)
		return -1;
	(void)snprintf(j->commit, sizeof(j->commit), "%s", r->head ? head :
	    raid_json_str(j->meta, "base", ""));
	raid_buf_free(&j->diff);
	if (raid_blob_get(r->s.db, raid_json_str(j->meta, "diff", ""),
	    &j->diff, err) == -1)
		return raid_fail_at(err, "%s", j->patch.tag);
	return find_checks(r, j, err);
}

static void
begin(struct run *r, struct job *j)
{
	struct raid_judge_opts o = { .repo = r->repo, .checks = &j->checks,
	    .off = r->off, .base_too = 1 };

	j->state = BROKEN;
	if (load(r, j, &j->err) == -1)
		return;
	o.what = what_of(j);
	if (raid_judge_start(&j->judge, &o, &j->err) == 0)
		j->state = RUNNING;
	else
		raid_fail_at(&j->err, "%s", j->patch.tag);
}

static void
go_on(struct job *j)
{
	switch (raid_judge_step(&j->judge, &j->err)) {
	case 0:
		j->state = JUDGED;
		break;
	case -1:
		j->state = BROKEN;
		raid_fail_at(&j->err, "%s", j->patch.tag);
		break;
	}
}

static char *
make_meta(const struct run *r, const struct job *j, const char *checks)
{
	const struct raid_results *res = &j->judge.results;
	struct raid_json *o = raid_json_object();
	char *s;

	raid_json_set_bool(o, "pass", raid_results_pass(res));
	raid_json_set_str(o, "checks", checks);
	raid_json_set_bool(o, "sandboxed", !r->off);
	if (*j->commit != '\0')
		raid_json_set_str(o, "base", j->commit);
	raid_json_set(o, "results", raid_results_json(res));
	s = raid_json_print(o, 0);
	raid_json_free(o);
	return s;
}

/* The verdict, its digest and all output go into the journal at once. */
static int
record(struct run *r, struct job *j, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	struct raid_verdict v = { .sandboxed = !r->off,
	    .pass = raid_results_pass(&j->judge.results) };
	struct raid_draft d = { .author = "agent", .kind = "verdict",
	    .reply_to = j->patch.tag };
	struct raid_buf all, body;
	char *meta;
	int ret = -1;

	raid_buf_init(&all, RAID_BLOB_MAX);
	raid_buf_init(&body, RAID_BODY_MAX);
	raid_checks_hash(&j->checks, v.checks);
	raid_post_files_hash(&j->owner, v.files);
	memcpy(v.patch, j->patch.tag, sizeof(v.patch));
	memcpy(v.base, j->commit, sizeof(v.base));
	(void)snprintf(v.diff, sizeof(v.diff), "%s",
	    raid_json_str(j->meta, "diff", ""));
	raid_results_output(&j->judge.results, &all);
	raid_results_digest(&j->judge.results, raid_db_meta(r->s.db,
	    "language"), &body);
	d.meta = meta = make_meta(r, j, v.checks);
	d.body = raid_buf_str(&body);
	d.body_len = body.len;
	if (raid_db_begin(r->s.db, err) == 0) {
		if (raid_blob_put(r->s.db, all.p, all.len, v.output, err) == 0
		    && raid_verdict_add(r->s.db, &v, &d, tag, err) == 0 &&
		    store_audit(&r->s, "test", j->patch.tag, r->off ?
		    "--no-sandbox" : "policy", v.pass ? "pass" : "fail", tag,
		    err) == 0)
			ret = raid_db_commit(r->s.db, err);
		else
			raid_db_rollback(r->s.db);
	}
	raid_buf_free(&all);
	raid_buf_free(&body);
	free(meta);
	return ret;
}

static void
job_free(struct job *j)
{
	raid_judge_free(&j->judge);
	raid_post_free(&j->patch);
	raid_post_free(&j->owner);
	raid_json_free(j->meta);
	raid_buf_free(&j->diff);
	raid_overlay_free(&j->files);
	raid_checks_free(&j->checks);
}

/* Say how a job ended; its status. */
static int
report(struct run *r, struct job *j)
{
	char tag[RAID_TAG_SIZE];
	int pass = raid_results_pass(&j->judge.results);

	if (j->state == JUDGED && (record(r, j, tag, &j->err) == -1 ||
	    store_print(&r->s, tag, r->json, &j->err) == -1))
		j->state = BROKEN;
	return j->state == BROKEN ? prog_say(&j->err) : pass ? RAID_OK :
	    RAID_NO;
}

/* Wait until one of the running jobs ends its check. */
static void
wait_any(struct run *r)
{
	struct raid_proc *v[JOBS_MAX];
	struct job *of[JOBS_MAX];
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
			go_on(of[i]);
}

/* Start as many as may run, report in the order of the tags. */
static void
judge_all(struct run *r)
{
	size_t next = 0, told = 0;
	long long running;
	int status;

	while (told < r->n && raid_proc_signal() == 0) {
		running = 0;
		for (size_t i = told; i < next; i++)
			running += r->v[i].state == RUNNING;
		for (; next < r->n && running < r->jobs; next++) {
			begin(r, &r->v[next]);
			running += r->v[next].state == RUNNING;
		}
		wait_any(r);
		for (; told < next && r->v[told].state > RUNNING; told++) {
			status = report(r, &r->v[told]);
			job_free(&r->v[told]);
			r->v[told] = (struct job){ .state = JUDGED };
			if (r->strict)
				r->status = status > r->status ? status :
				    r->status;
			else
				r->status = raid_status_merge(r->status,
				    status);
			if (status == RAID_OK && r->first)
				return;
		}
	}
	if (raid_proc_signal() != 0)
		r->status = RAID_EINTR;
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
	r->repo = raid_repo_open(r->dir != NULL ? r->dir : ".", err);
	if (r->repo == NULL)
		return -1;
	r->n = r->tags.n;
	r->v = raid_calloc(r->n, sizeof(*r->v));
	for (size_t i = 0; i < r->n; i++)
		r->v[i].operand = r->tags.v[i];
	judge_all(r);
	for (size_t i = 0; i < r->n; i++)
		job_free(&r->v[i]);
	free(r->v);
	return 0;
}

static void
print_verdict(const struct run *r, const struct job *j)
{
	struct raid_buf body;
	char checks[RAID_HASH_SIZE], *s;
	struct raid_json *o, *meta;
	struct raid_err err;

	raid_buf_init(&body, RAID_BODY_MAX);
	raid_results_digest(&j->judge.results, raid_msg_language(), &body);
	if (r->json) {
		raid_checks_hash(&j->checks, checks);
		s = make_meta(r, j, checks);
		meta = raid_json_parse(s, strlen(s), &err);
		free(s);
		o = raid_json_object();
		raid_json_set_str(o, "type", "verdict");
		raid_json_set_int(o, "v", 1);
		raid_json_set_str(o, "body", raid_buf_str(&body));
		raid_json_set(o, "meta", meta);
		s = raid_json_print(o, 0);
		puts(s);
		free(s);
		raid_json_free(o);
	} else {
		(void)fwrite(body.p, 1, body.len, stdout);
	}
	raid_buf_free(&body);
}

/* The subfolder of the work tree that we stand in; the caller frees. */
static char *
subfolder(const struct run *r)
{
	const char *work = raid_repo_work(r->repo);
	char *real = realpath(r->dir != NULL ? r->dir : ".", NULL), *sub;
	size_t n = strlen(work);

	sub = raid_strdup(real != NULL && strncmp(real, work, n) == 0 &&
	    real[n] == '/' ? real + n + 1 : "");
	free(real);
	return sub;
}

static int
judge_tree(struct run *r, struct job *j, struct raid_err *err)
{
	struct raid_judge_opts o = { .repo = r->repo, .checks = &j->checks,
	    .off = r->off };
	char head[RAID_REPO_HEX] = "", *sub;
	int ret;

	if (raid_repo_commit(r->repo, "HEAD", head, err) == -1 ||
	    raid_repo_dirty(r->repo, &j->files, err) == -1)
		return -1;
	memcpy(j->commit, head, sizeof(head));
	if (find_checks(r, j, err) == -1)
		return -1;
	sub = subfolder(r);
	o.dir = sub;
	o.what = what_of(j);
	ret = raid_judge_start(&j->judge, &o, err) == -1 ? -1 : 1;
	while (ret == 1) {
		struct raid_proc *v[1] = { raid_judge_proc(&j->judge) };

		if (raid_proc_wait(v, 1, -1) == 0)
			ret = raid_judge_step(&j->judge, err);
	}
	free(sub);
	return ret;
}

static int
test_tree(struct run *r, struct raid_err *err)
{
	const char *dir = r->dir != NULL ? r->dir : ".";
	struct job j = { 0 };
	int ret;

	if (store_conf(&r->s, dir, r->journal, err) == -1 ||
	    permit(r, err) == -1)
		return -1;
	r->repo = raid_repo_open(dir, err);
	if (r->repo == NULL)
		return -1;
	ret = judge_tree(r, &j, err);
	if (ret == 0) {
		print_verdict(r, &j);
		r->status = raid_results_pass(&j.judge.results) ? RAID_OK :
		    RAID_NO;
	}
	job_free(&j);
	return ret;
}

int
main(int argc, char **argv)
{
	struct run r = { .jobs = 1 };
	struct raid_err err;
	int ret;

	prog_start(&prog);
	operands(&r, argc, argv, &err);
	raid_proc_signals();
	ret = r.tree ? test_tree(&r, &err) : test_tags(&r, &err);
	if (ret == -1)
		r.status = prog_say(&err);
	raid_repo_free(r.repo);
	store_close(&r.s);
	raid_list_free(&r.mounts);
	raid_list_free(&r.tags);
	return prog_end(r.status);
}
