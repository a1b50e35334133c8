/* SPDX-License-Identifier: ISC */
#include "code/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define OUT_MAX ((size_t)64 << 20)

static const struct raid_check *
current(const struct raid_judge *j)
{
	return &j->o.checks->v[j->at];
}

static int
start_check(struct raid_judge *j, struct raid_err *err)
{
	const struct raid_check *k = current(j);
	struct raid_sandbox_opts so = { .root = j->replica.tree,
	    .at = raid_repo_work(j->o.repo), .mounts = &k->mounts,
	    .network = k->network, .off = j->o.off };
	struct raid_proc_opts po = { .argv = k->command.v, .dir = j->o.dir,
	    .merge = 1, .out_max = OUT_MAX, .wall = k->timeout, .idle = k->idle,
	    .memory = (size_t)k->memory };

	if (raid_sandbox_start(&j->sandbox, &so, &po, err) == -1)
		return raid_fail_at(err, "check %s", k->name);
	j->running = 1;
	return 0;
}

static int
lay(struct raid_judge *j, struct raid_err *err)
{
	struct raid_replica_opts what = j->o.what;

	raid_replica_free(&j->replica);
	what.owner = j->o.off ? geteuid() : raid_sandbox_uid();
	if (j->on_base)
		what.diff = NULL;
	return raid_replica_make(&j->replica, j->o.repo, &what, err);
}

int
raid_judge_start(struct raid_judge *j, const struct raid_judge_opts *o,
    struct raid_err *err)
{
	*j = (struct raid_judge){ .o = *o, .sandbox.status_fd = -1 };
	if (lay(j, err) == -1)
		return -1;
	return start_check(j, err);
}

struct raid_proc *
raid_judge_proc(struct raid_judge *j)
{
	return &j->sandbox.proc;
}

/* The last line of what it printed, for a message. */
static const char *
last_line(const struct raid_proc *p, int *len)
{
	const char *s = raid_buf_str(&p->out);
	size_t n = p->out.len, at;

	while (n > 0 && s[n - 1] == '\n')
		n--;
	for (at = n; at > 0 && s[at - 1] != '\n'; at--)
		continue;
	*len = n - at < 200 ? (int)(n - at) : 200;
	return s + at;
}

/* Nobody can say yes or no of a check that did not run. */
static int
check_started(struct raid_judge *j, struct raid_err *err)
{
	const struct raid_proc *p = &j->sandbox.proc;
	const char *line;
	int len;

	if (p->end == RAID_PROC_STOPPED)
		return raid_fail(err, raid_proc_signal() != 0 ? RAID_EINTR :
		    RAID_ETEMP, "check %s: stopped", current(j)->name);
	if (raid_sandbox_result(&j->sandbox, err) == -1)
		return -1;
	if (p->end != RAID_PROC_EXITED ||
	    (p->status != 126 && p->status != 127))
		return 0;
	line = last_line(p, &len);
	return raid_fail(err, RAID_ECONFIG, "check %s cannot start: %.*s; "
	    "what it needs may be mounted, see checks.json in raid-test(1)",
	    current(j)->name, len, line);
}

static void
note_result(struct raid_judge *j)
{
	struct raid_proc *p = &j->sandbox.proc;
	const struct raid_check *k = current(j);
	struct raid_result *e = raid_results_add(&j->results);
	char how[120];

	raid_proc_describe(p, how, sizeof(how));
	e->name = raid_strdup(k->name);
	e->command = raid_str_shell(k->command.v);
	e->how = raid_strdup(how);
	e->status = p->status;
	e->pass = p->end == RAID_PROC_EXITED && p->status == 0;
	e->seconds = p->seconds;
	raid_buf_add(&e->out, p->out.p, p->out.len);
}

/* The base of a judge, as a key: patches of one question share it. */
static void
base_key(const struct raid_judge *j, char key[RAID_HASH_SIZE])
{
	const struct raid_overlay *o = j->o.what.files;
	char one[RAID_HASH_SIZE], checks[RAID_HASH_SIZE], all[RAID_HASH_SIZE];

	(void)snprintf(all, sizeof(all), "none");
	for (size_t i = 0; o != NULL && i < o->n; i++) {
		raid_hash(o->v[i].p, o->v[i].len, one);
		raid_hash_strings(all, (const char *const[]){ all,
		    o->v[i].path, o->v[i].mode & 0100 ? "x" : "-", one,
		    NULL });
	}
	raid_checks_hash(j->o.checks, checks);
	raid_hash_strings(key, (const char *const[]){
	    j->o.what.commit != NULL ? j->o.what.commit : "", all, checks,
	    NULL });
}

static struct raid_judge_base *
find_base(const struct raid_judge *j)
{
	struct raid_judge_bases *b = j->o.bases;
	char key[RAID_HASH_SIZE];

	base_key(j, key);
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->v[i].key, key) == 0)
			return &b->v[i];
	b->v = raid_grow(b->v, &b->cap, b->n + 1, sizeof(*b->v));
	b->v[b->n] = (struct raid_judge_base){ 0 };
	memcpy(b->v[b->n].key, key, sizeof(key));
	return &b->v[b->n++];
}

void
raid_judge_bases_free(struct raid_judge_bases *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->v[i].fails);
	free(b->v);
	*b = (struct raid_judge_bases){ 0 };
}

/* The base is known as far as it matters. */
static int
blame_base(struct raid_judge *j, const struct raid_judge_base *b)
{
	for (size_t i = 0; i <= j->last; i++)
		j->results.v[i].fails_on_base = !j->results.v[i].pass &&
		    b->fails[i];
	return 0;
}

/*
 * All checks of the patch have run.  When one failed, run them on the base
 * up to the last that failed: one may need what those before it made.
 */
static int
turn_to_base(struct raid_judge *j, struct raid_err *err)
{
	const struct raid_judge_base *b;
	size_t n = j->results.n;

	while (n > 0 && j->results.v[n - 1].pass)
		n--;
	if (n == 0 || j->o.bases == NULL)
		return 0;
	j->last = n - 1;
	b = find_base(j);
	if (b->n >= n)
		return blame_base(j, b);
	j->on_base = 1;
	j->at = 0;
	j->fails = raid_calloc(n, sizeof(*j->fails));
	if (lay(j, err) == -1 || start_check(j, err) == -1)
		return -1;
	return 1;
}

/* A check has ended on the base. */
static int
step_on_base(struct raid_judge *j, int failed, struct raid_err *err)
{
	struct raid_judge_base *b;

	j->fails[j->at] = failed;
	if (j->at < j->last) {
		j->at++;
		return start_check(j, err) == -1 ? -1 : 1;
	}
	b = find_base(j);
	if (b->n <= j->last) {
		free(b->fails);
		b->fails = raid_memdup(j->fails,
		    (j->last + 1) * sizeof(*j->fails));
		b->n = j->last + 1;
	}
	return blame_base(j, b);
}

int
raid_judge_step(struct raid_judge *j, struct raid_err *err)
{
	const struct raid_proc *p = &j->sandbox.proc;
	int failed = p->end != RAID_PROC_EXITED || p->status != 0;

	j->running = 0;
	/* What cannot run on the base says nothing of the patch. */
	if ((!j->on_base || p->end == RAID_PROC_STOPPED) &&
	    check_started(j, err) == -1)
		return -1;
	if (!j->on_base)
		note_result(j);
	raid_sandbox_free(&j->sandbox);
	if (j->on_base)
		return step_on_base(j, failed, err);
	if (++j->at == j->o.checks->n)
		return turn_to_base(j, err);
	return start_check(j, err) == -1 ? -1 : 1;
}

void
raid_judge_free(struct raid_judge *j)
{
	raid_sandbox_free(&j->sandbox);
	raid_replica_free(&j->replica);
	raid_results_free(&j->results);
	free(j->fails);
	j->fails = NULL;
}
