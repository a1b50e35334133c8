/* SPDX-License-Identifier: ISC */
#include "code/judge.h"

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

/* The next check to run: any in the first part, a failed one on the base. */
static int
find_next(struct raid_judge *j, size_t from)
{
	for (j->at = from; j->at < j->o.checks->n; j->at++)
		if (!j->on_base || !j->results.v[j->at].pass)
			return 1;
	return 0;
}

int
raid_judge_step(struct raid_judge *j, struct raid_err *err)
{
	int failed = j->sandbox.proc.end != RAID_PROC_EXITED ||
	    j->sandbox.proc.status != 0;

	j->running = 0;
	if (j->on_base) {
		/* What cannot run there says nothing of the patch. */
		if (j->sandbox.proc.end == RAID_PROC_STOPPED)
			return check_started(j, err);
		j->results.v[j->at].fails_on_base = failed;
	} else {
		if (check_started(j, err) == -1)
			return -1;
		note_result(j);
	}
	raid_sandbox_free(&j->sandbox);
	if (!find_next(j, j->at + 1)) {
		if (j->on_base || !j->o.base_too || !(j->on_base = 1,
		    find_next(j, 0)))
			return 0;
		if (lay(j, err) == -1)
			return -1;
	}
	return start_check(j, err) == -1 ? -1 : 1;
}

void
raid_judge_free(struct raid_judge *j)
{
	raid_sandbox_free(&j->sandbox);
	raid_replica_free(&j->replica);
	raid_results_free(&j->results);
}
