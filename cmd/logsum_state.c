/* SPDX-License-Identifier: ISC */
#include "logsum_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "logs/state.h"
#include "prog.h"

/* A state begins so; where one ends and the next begins, BETWEEN stands,
 * which no text of a log can hold. */
#define HEAD "raid-logsum state "
#define HEAD_LEN (sizeof(HEAD) - 1)
#define BETWEEN "\nend\n" HEAD
#define END_LEN (sizeof("\nend\n") - 1)

/* A file in work. */
struct input {
	struct raid_log *log;
	int states_only;	/* what is no state is no log either */
	enum { UNKNOWN, LOG, STATES } kind;
	char *name;
	struct raid_buf text;	/* of states: what was not read yet */
	size_t seen;		/* before this none ends */
	int status;
};

/* The first so many bytes are a state. */
static void
read_state(struct input *in, size_t len)
{
	struct raid_err err;

	if (in->text.overflow)
		in->status = raid_fail(&err, RAID_EDATA,
		    "%s: is too long for a state", in->name);
	else if (in->status == RAID_OK)
		in->status = raid_log_read(in->log, in->text.p, len,
		    in->name, &err);
	if (in->status == -1)
		in->status = prog_say(&err);
	in->text.len -= len;
	memmove(in->text.p, in->text.p + len, in->text.len);
	in->seen = 0;
}

static void
begin_log(void *arg, const char *name)
{
	struct input *in = arg;

	free(in->name);
	in->name = raid_strdup(name);
	in->kind = in->states_only ? STATES : UNKNOWN;
	in->seen = 0;
	raid_buf_reset(&in->text);
}

/* Enough was read, or all, to know what it is. */
static void
tell_kind(struct input *in)
{
	if (in->text.len >= HEAD_LEN &&
	    memcmp(in->text.p, HEAD, HEAD_LEN) == 0) {
		in->kind = STATES;
		return;
	}
	in->kind = LOG;
	raid_log_add(in->log, in->text.p, in->text.len);
}

static void
add(void *arg, const void *p, size_t len)
{
	struct input *in = arg;
	unsigned char *at;

	if (in->kind == LOG) {
		raid_log_add(in->log, p, len);
		return;
	}
	raid_buf_add(&in->text, p, len);
	if (in->kind == UNKNOWN && in->text.len >= HEAD_LEN)
		tell_kind(in);
	while (in->kind == STATES && (at = memmem(in->text.p + in->seen,
	    in->text.len - in->seen, BETWEEN, sizeof(BETWEEN) - 1)) != NULL)
		read_state(in, (size_t)(at - in->text.p) + END_LEN);
	if (in->text.len >= sizeof(BETWEEN))
		in->seen = in->text.len - sizeof(BETWEEN);
}

static void
end_log(void *arg)
{
	struct input *in = arg;

	if (in->kind == UNKNOWN)
		tell_kind(in);
	if (in->kind == LOG)
		raid_log_end_file(in->log);
	else
		read_state(in, in->text.len);
}

/* The status of reading the files; that of states is in->status. */
static int
read_all(const struct logsum_files *f, struct input *in)
{
	struct logsum_sink sink = { begin_log, add, end_log, in };
	int status;

	raid_buf_init(&in->text, RAID_STATE_MAX);
	status = logsum_read(f, &sink, 0);
	raid_buf_free(&in->text);
	free(in->name);
	return status;
}

int
logsum_state_merge(struct logsum *g)
{
	struct input in = { .log = g->log, .states_only = 1 };
	int status = read_all(&g->files, &in);

	/* Where a part is missing, the sums would be wrong. */
	return in.status != RAID_OK ? in.status : status;
}

int
logsum_state_old(struct logsum *g)
{
	struct input in = { .log = logsum_log_new(g, 1) };
	char *name = raid_strdup(g->o.compare);
	struct logsum_files f;
	int status;

	g->old = in.log;
	logsum_files_init(&f, &name, 1);
	status = read_all(&f, &in);
	logsum_files_free(&f);
	free(name);
	if (in.status != RAID_OK)
		return in.status;
	raid_log_finish(in.log);
	if (status != RAID_OK && raid_log_total(in.log)->lines == 0)
		return status;
	g->status = status;
	return RAID_OK;
}

int
logsum_state_write(struct logsum *g)
{
	struct raid_err err;
	struct raid_buf b;
	int status = RAID_OK;

	raid_log_settle(g->log);
	raid_buf_init(&b, RAID_STATE_MAX);
	raid_log_write(g->log, &b);
	if (b.overflow) {
		prog_warn("the state is too long");
		status = RAID_EDATA;
	} else if (strcmp(g->o.state, "-") == 0)
		(void)fwrite(b.p, 1, b.len, stdout);
	else if (raid_path_write(g->o.state, b.p, b.len, 0600, &err) == -1)
		status = prog_say(&err);
	raid_buf_free(&b);
	return status;
}
