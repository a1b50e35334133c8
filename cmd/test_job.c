/* SPDX-License-Identifier: ISC */
#include "test_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/checks_find.h"
#include "journal/blob.h"
#include "journal/verdict.h"
#include "logs/build.h"

#define BRIEF_TOKENS 1500	/* of one check */

/* The base of a job with what lies over it, and its diff if it has one. */
static struct raid_replica_opts
what_of(const struct test_job *j)
{
	return (struct raid_replica_opts){ .files = &j->files,
	    .commit = *j->commit != '\0' ? j->commit : NULL,
	    .diff = j->patch.diff.p, .diff_len = j->patch.diff.len };
}

/* The command stands for the checks, but it needs what they need. */
static void
replace_checks(const struct test_opts *o, struct test_job *j)
{
	struct raid_list mounts = { 0 };

	for (size_t i = 0; i < j->checks.n; i++)
		for (size_t k = 0; k < j->checks.v[i].mounts.n; k++)
			raid_list_addnew(&mounts, j->checks.v[i].mounts.v[k]);
	raid_checks_free(&j->checks);
	raid_checks_add(&j->checks, o->command[0], o->command);
	j->checks.v[0].mounts = mounts;
}

static int
find_checks(const struct test_opts *o, struct test_job *j,
    struct raid_err *err)
{
	struct raid_replica_opts what = what_of(j);
	int r = raid_checks_find(&j->checks, o->repo, &what, &o->s->conf, err);

	if (o->command != NULL) {
		/* What is wrong with the project's checks is no matter. */
		replace_checks(o, j);
		r = 0;
	}
	if (r == 0 && j->checks.n == 0)
		r = raid_fail(err, RAID_ECONFIG, "no checks: name them in "
		    ".raid/checks.json, or: raid-test %s%s-- command...",
		    j->operand != NULL ? j->operand : "",
		    j->operand != NULL ? " " : "");
	for (size_t i = 0; i < j->checks.n; i++) {
		for (size_t k = 0; k < o->mounts.n; k++)
			raid_list_addnew(&j->checks.v[i].mounts,
			    o->mounts.v[k]);
		if (o->timeout > 0)
			j->checks.v[i].timeout = o->timeout;
	}
	return r;
}

static int
lay_files(const struct test_opts *o, struct test_job *j, struct raid_err *err)
{
	const struct raid_post *owner = &j->patch.owner;
	struct raid_buf b;
	int r = 0;

	for (size_t i = 0; r == 0 && i < owner->nfiles; i++) {
		const struct raid_file *f = &owner->files[i];

		r = store_file(o->s, f, &b, err);
		if (r == 0)
			raid_overlay_set(&j->files, f->path, f->mode, b.p,
			    b.len);
		raid_buf_free(&b);
	}
	return r;
}

static int
load(const struct test_opts *o, struct test_job *j, struct raid_err *err)
{
	char head[RAID_REPO_HEX] = "";

	if (j->operand == NULL) {
		if (raid_repo_dirty(o->repo, &j->files, err) == -1)
			return -1;
	} else if (patch_load(o->s, j->operand, &j->patch, err) == -1 ||
	    lay_files(o, j, err) == -1) {
		return -1;
	}
	if ((o->head || j->operand == NULL) &&
	    raid_repo_commit(o->repo, "HEAD", head, err) == -1)
		return -1;
	(void)snprintf(j->commit, sizeof(j->commit), "%s",
	    o->head || j->operand == NULL ? head : j->patch.base);
	return find_checks(o, j, err);
}

static void
broken(struct test_job *j)
{
	j->state = BROKEN;
	if (*j->patch.post.tag != '\0')
		raid_fail_at(&j->err, "%s", j->patch.post.tag);
}

void
test_job_start(const struct test_opts *o, struct test_job *j, const char *dir)
{
	struct raid_judge_opts jo = { .repo = o->repo, .checks = &j->checks,
		.dir = dir, .off = o->off,
		.bases = j->operand != NULL ? o->bases : NULL };

	j->state = BROKEN;
	if (load(o, j, &j->err) == -1)
		return;
	jo.what = what_of(j);
	if (raid_judge_start(&j->judge, &jo, &j->err) == 0)
		j->state = RUNNING;
	else
		broken(j);
}

void
test_job_step(struct test_job *j)
{
	switch (raid_judge_step(&j->judge, &j->err)) {
	case 0:
		j->state = JUDGED;
		break;
	case -1:
		broken(j);
		break;
	}
}

struct raid_json *
test_job_meta(const struct test_opts *o, const struct test_job *j)
{
	const struct raid_results *res = &j->judge.results;
	struct raid_json *m = raid_json_object();
	char checks[RAID_HASH_SIZE];

	raid_checks_hash(&j->checks, checks);
	raid_json_set_bool(m, "pass", raid_results_pass(res));
	raid_json_set_str(m, "checks", checks);
	raid_json_set_bool(m, "sandboxed", !o->off);
	if (*j->commit != '\0')
		raid_json_set_str(m, "base", j->commit);
	raid_json_set(m, "results", raid_results_json(res));
	return m;
}

/* Counts, and of a check that failed what failed where. */
static void
brief(const struct raid_result *e, struct raid_buf *out)
{
	struct raid_build *b = raid_build_new(1);

	raid_build_text(b, e->out.p, e->out.len);
	raid_build_end(b);
	raid_build_digest(b, BRIEF_TOKENS, e->pass ? RAID_BUILD_BRIEF : 0,
	    out);
	raid_build_free(b);
}

void
test_job_digest(const struct test_job *j, const char *language,
    struct raid_buf *out)
{
	raid_results_digest(&j->judge.results, language, brief, out);
}

/* Blob, post, row and audit entry in one transaction. */
static int
store_verdict(const struct test_opts *o, const struct test_job *j,
    struct raid_verdict *v, const struct raid_draft *d,
    char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_db *db = o->s->db;
	struct raid_buf all;
	int r = -1;

	if (raid_db_begin(db, err) == -1)
		return -1;
	raid_buf_init(&all, RAID_BLOB_MAX);
	raid_results_output(&j->judge.results, &all);
	if (raid_blob_put(db, all.p, all.len, v->output, err) == 0 &&
	    raid_verdict_add(db, v, d, tag, err) == 0 &&
	    store_audit(o->s, "test", v->patch, o->off ? "--no-sandbox" :
	    "policy", v->pass ? "pass" : "fail", tag, err) == 0)
		r = raid_db_commit(db, err);
	else
		raid_db_rollback(db);
	raid_buf_free(&all);
	return r;
}

int
test_job_record(const struct test_opts *o, struct test_job *j,
    char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	const struct patch *p = &j->patch;
	struct raid_verdict v = { .sandboxed = !o->off,
		.pass = raid_results_pass(&j->judge.results) };
	struct raid_draft d = { .author = "agent", .kind = "verdict",
		.reply_to = p->post.tag };
	struct raid_json *m = test_job_meta(o, j);
	char *meta = raid_json_print(m, 0);
	struct raid_buf body;
	int r;

	raid_checks_hash(&j->checks, v.checks);
	raid_post_files_hash(&p->owner, v.files);
	memcpy(v.patch, p->post.tag, sizeof(v.patch));
	memcpy(v.base, j->commit, sizeof(v.base));
	(void)snprintf(v.diff, sizeof(v.diff), "%s", p->sha256);
	raid_buf_init(&body, RAID_BODY_MAX);
	test_job_digest(j, raid_db_meta(o->s->db, "language"), &body);
	d.meta = meta;
	d.body = raid_buf_str(&body);
	d.body_len = body.len;
	r = store_verdict(o, j, &v, &d, tag, err);
	raid_buf_free(&body);
	raid_json_free(m);
	free(meta);
	return r;
}

void
test_job_free(struct test_job *j)
{
	raid_judge_free(&j->judge);
	patch_free(&j->patch);
	raid_overlay_free(&j->files);
	raid_checks_free(&j->checks);
	*j = (struct test_job){ .state = JUDGED };
}
