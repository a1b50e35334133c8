/* SPDX-License-Identifier: ISC */
/* raid-broadcast: replicate posts to members, collect their answers. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array/answer.h"
#include "array/exec.h"
#include "array/route.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "journal/blob.h"
#include "journal/call.h"
#include "prog.h"
#include "rescue.h"
#include "team.h"

static const struct raid_prog prog = {
	"raid-broadcast",
	"[-j] [-C dir] [-J journal] [-m member]... [--again]\n"
	" [--deadline T] [tag...]",
	"Ask the members that each post addresses, all at once, and print the\n"
	"tags of their complete answers in the order in which they end.\n\n"
	"  -m member      ask this member instead (repeat, or a,b,c)\n"
	"  --again        ask also who has answered already\n"
	"  --deadline T   after T (90, 10m) take what is complete\n"
	"  -j             print the answers as JSON lines\n"
	"  -C dir         work as if started in dir\n"
	"  -J journal     use this journal\n"
};

struct options {
	const char *dir, *journal;
	struct raid_list members;
	int again, json;
	double deadline;
};

/* One member at work on one post. */
struct ask {
	const struct raid_member *member;
	const char *role;
	struct store *s;
	long long call;
	char *dir, *context;
	struct raid_proc proc;
	struct raid_buf part;	/* came since it was last stored */
	double stored;		/* when that was */
	int running;
};

/* All that belongs to one post. */
struct round {
	const struct options *o;
	struct store *s;
	struct raid_roster roster;
	struct raid_post post;
	struct raid_base base;
	char *journal;		/* absolute, for the members */
	struct ask *v;
	size_t n;
	int status;
	int closed;		/* nobody reads our output any more */
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "again", no_argument, NULL, 1 },
		{ "deadline", required_argument, NULL, 2 }, PROG_LONGS
	};
	struct raid_err err;
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jm:C:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->json = 1; break;
		case 'm': raid_list_split(&o->members, optarg, ','); break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1: o->again = 1; break;
		case 2:
			if (raid_num_span(optarg, &o->deadline, "--deadline",
			    &err) == -1)
				prog_usage("%s", err.msg);
			break;
		}
	}
}

#define PART_SECONDS 1.0
#define PART_BYTES 16384

/* Keep what has come, so that kill -9 of this process loses a second. */
static void
store_part(struct ask *a)
{
	struct raid_err err;

	if (a->part.len > 0 && raid_call_part(a->s->db, a->call, a->part.p,
	    a->part.len, &err) == -1)
		prog_warn("%s: %s", a->member->name, err.msg);
	raid_buf_reset(&a->part);
	a->stored = raid_clock_mono();
}

static void
take_output(void *arg, const void *p, size_t len)
{
	struct ask *a = arg;

	raid_buf_add(&a->part, p, len);
	if (a->part.len >= PART_BYTES ||
	    raid_clock_mono() - a->stored >= PART_SECONDS)
		store_part(a);
}

/* The attached files, as attached, in the member's working folder. */
static int
lay_files(struct round *r, struct ask *a, const struct raid_window *w,
    struct raid_list *paths, struct raid_err *err)
{
	int fd, ok = 0;

	(void)r;
	a->dir = raid_path_mktemp(err);
	if (a->dir == NULL)
		return -1;
	fd = open(a->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return raid_fail_errno(err, "%s", a->dir);
	for (size_t i = 0; ok == 0 && i < w->nfiles; i++) {
		const struct raid_file *f = w->files[i].file;

		ok = raid_path_put(fd, f->path, w->files[i].content.p,
		    w->files[i].content.len, f->mode, err);
		raid_list_add(paths, f->path);
	}
	close(fd);
	return ok;
}

static int
start(struct round *r, struct ask *a, const struct raid_window *w,
    struct raid_err *err)
{
	struct raid_list paths = { 0 };
	struct raid_exec_opts o = { .member = a->member, .role = a->role,
		.root = r->s->conf.root != NULL ? r->s->conf.root : "",
		.base = r->base.commit, .journal = r->journal,
		.tag = r->post.tag, .files = &paths,
		.answer_bytes = r->roster.answer_bytes,
		.deadline = r->o->deadline, .on_out = take_output, .arg = a };
	int ok = -1;

	a->context = team_context(r->s, a->member, a->role, w, err);
	if (a->context != NULL && lay_files(r, a, w, &paths, err) == 0) {
		o.context = a->context;
		o.dir = a->dir;
		ok = raid_exec_start(&a->proc, &o, err);
	}
	raid_list_free(&paths);
	return ok;
}

/*
 * The answer as a post.  What is no valid body is kept as a blob, and the
 * post says so: nothing that was paid for is lost.
 */
static int
make_body(struct round *r, struct raid_buf *text, char **meta,
    struct raid_err *err)
{
	struct raid_json *j = raid_json_object();
	char sha[RAID_HASH_SIZE];
	struct raid_err why;

	if (raid_post_check(text->p, text->len, &why) == -1) {
		if (raid_blob_put(r->s->db, text->p, text->len, sha, err) ==
		    -1) {
			raid_json_free(j);
			return -1;
		}
		raid_buf_reset(text);
		raid_buf_printf(text, "The answer is no text for a post (%s) "
		    "and is kept as blob %s.", why.msg, sha);
		raid_json_set_str(j, "blob", sha);
	}
	*meta = raid_json_print(j, 0);
	raid_json_free(j);
	return 0;
}

static int
store_answer(struct round *r, struct ask *a, enum raid_answer kind,
    const char *reason, struct raid_buf *text)
{
	struct raid_call_end e = { .status = raid_answer_name(kind),
		.reason = reason, .seconds = a->proc.seconds };
	struct raid_draft d = { .author = a->member->name, .kind = "reply",
		.status = raid_answer_name(kind), .reply_to = r->post.tag };
	char tag[RAID_TAG_SIZE], *meta = NULL;
	struct raid_err err;
	int ok = 0;

	if (kind == RAID_ANSWER_COMPLETE || (text->len > 0 &&
	    (kind == RAID_ANSWER_TRUNCATED ||
	    kind == RAID_ANSWER_INTERRUPTED))) {
		ok = make_body(r, text, &meta, &err);
		d.meta = meta;
		d.body = raid_buf_str(text);
		d.body_len = text->len;
		e.answer = &d;
	} else if (text->len > 0) {
		e.raw = raid_buf_str(text);
	}
	if (ok == 0)
		ok = raid_call_end(r->s->db, a->call, &e, tag, &err);
	if (ok == -1) {
		(void)prog_say(&err);
		if (e.answer != NULL)
			rescue_answer(r->s, &d);
		free(meta);
		return RAID_EIO;
	}
	free(meta);
	if (kind != RAID_ANSWER_COMPLETE)
		prog_warn("%s: %s%s%s%s%s", a->member->name, e.status,
		    *reason != '\0' ? ": " : "", reason,
		    *tag != '\0' ? "; what came is " : "", tag);
	else if (store_print(r->s, tag, r->o->json, &err) == -1) {
		r->closed = 1;
		return prog_say(&err);
	}
	switch (kind) {
	case RAID_ANSWER_COMPLETE:
		return RAID_OK;
	case RAID_ANSWER_SILENT:
		return RAID_NO;
	default:
		return RAID_EUNAVAIL;
	}
}

/* A member has ended, or could not be started at all. */
static void
finish(struct round *r, struct ask *a, const struct raid_err *failed)
{
	enum raid_answer kind = RAID_ANSWER_FAILED;
	char reason[600] = "";
	struct raid_buf text;
	struct raid_err ignored;

	raid_buf_init(&text, r->roster.answer_bytes);
	if (failed != NULL)
		(void)snprintf(reason, sizeof(reason), "%s", failed->msg);
	else
		kind = raid_exec_answer(&a->proc, &text, reason,
		    sizeof(reason));
	r->status = raid_status_merge(r->status,
	    store_answer(r, a, kind, reason, &text));
	raid_buf_free(&text);
	raid_proc_free(&a->proc);
	a->running = 0;
	if (a->dir != NULL && raid_path_remove(a->dir, &ignored) == -1)
		prog_warn("%s", ignored.msg);
}

/* Who has answered this post completely is not asked, nor paid, again. */
static int
answered(struct round *r, const struct raid_member *m)
{
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	int found;

	if (r->o->again)
		return 0;
	found = raid_call_answered(r->s->db, r->post.tag, m->name, tag, &err);
	if (found == 1)
		found = store_print(r->s, tag, r->o->json, &err) == 0 ? 1 : -1;
	if (found == -1)
		r->status = raid_status_merge(r->status, prog_say(&err));
	else if (found == 1)
		r->status = RAID_OK;
	return found != 0;
}

/* The call and its entry in the audit are one transaction. */
static int
reserve(struct round *r, const struct raid_member *m, long long *call,
    struct raid_err *err)
{
	struct raid_call_new c = { .tag = r->post.tag, .member = m->name,
		.model = m->model };
	struct store *s = r->s;

	if (raid_db_begin(s->db, err) == -1)
		return -1;
	if (raid_call_begin(s->db, &c, call, err) == -1 || store_audit(s,
	    "ask", r->post.tag, s->member ? "policy" : "person", "asked",
	    m->name, err) == -1) {
		raid_db_rollback(s->db);
		return -1;
	}
	return raid_db_commit(s->db, err);
}

static void
begin(struct round *r, const struct raid_member *m, int critic)
{
	struct raid_window_opts wo = { .tag = r->post.tag, .local = m->local };
	struct ask *a = &r->v[r->n];
	struct raid_window w;
	struct raid_err err;

	*a = (struct ask){ .member = m, .s = r->s,
		.role = critic ? "critic" : m->role,
		.stored = raid_clock_mono() };
	if (raid_window_make(r->s->db, &wo, &w, &err) == -1 ||
	    reserve(r, m, &a->call, &err) == -1) {
		raid_window_free(&w);
		prog_warn("%s: %s", m->name, err.msg);
		r->status = raid_status_merge(r->status, err.code);
		return;
	}
	raid_buf_init(&a->part, r->roster.answer_bytes);
	r->n++;
	if (start(r, a, &w, &err) == 0)
		a->running = 1;
	else
		finish(r, a, &err);
	raid_window_free(&w);
}

/* Serve all that run until the last one has ended. */
static void
serve(struct round *r)
{
	struct raid_proc **procs = raid_calloc(r->n, sizeof(*procs));
	size_t running;

	do {
		running = 0;
		for (size_t i = 0; i < r->n; i++) {
			struct ask *a = &r->v[i];

			if (a->running && a->proc.end != RAID_PROC_RUNNING)
				finish(r, a, NULL);
			if (!a->running)
				continue;
			if (r->closed)
				raid_proc_stop(&a->proc);
			if (raid_clock_mono() - a->stored >= PART_SECONDS)
				store_part(a);
			procs[running++] = &a->proc;
		}
		if (running > 0)
			(void)raid_proc_wait(procs, running, 1000);
	} while (running > 0);
	free(procs);
}

/* Whom to ask: -m, or whom the post addresses. */
static int
choose(struct round *r, struct raid_route *route, size_t *n,
    struct raid_err *err)
{
	struct raid_buf names;

	for (size_t i = 0; i < r->o->members.n; i++) {
		const struct raid_member *m = team_find(&r->roster,
		    r->o->members.v[i], err);
		size_t k = 0;

		if (m == NULL)
			return -1;
		while (k < *n && route[k].member != m)
			k++;
		route[k] = (struct raid_route){ m, 0 };
		*n += k == *n;
	}
	if (r->o->members.n == 0)
		*n = raid_route_make(&r->roster, r->post.author,
		    &r->post.mentions, &r->post.hashtags, route);
	if (*n != 0)
		return 0;
	team_names(&r->roster, &names);
	raid_fail(err, RAID_NO, "%s addresses nobody; use @name or -m "
	    "(members: %s)", r->post.tag, raid_buf_str(&names));
	raid_buf_free(&names);
	return -1;
}

static int
ask_all(struct round *r, struct raid_err *err)
{
	struct raid_route *route = raid_calloc(r->roster.n + 1,
	    sizeof(*route));
	size_t n = 0;

	if (choose(r, route, &n, err) == -1 ||
	    raid_call_recover(r->s->db, r->post.tag, err) == -1 ||
	    raid_post_base(r->s->db, r->post.tag, &r->base, err) == -1) {
		free(route);
		return -1;
	}
	r->v = raid_calloc(n, sizeof(*r->v));
	for (size_t i = 0; i < n && raid_proc_signal() == 0; i++)
		if (!answered(r, route[i].member))
			begin(r, route[i].member, route[i].critic);
	serve(r);
	free(route);
	return 0;
}

static int
broadcast(struct store *s, const struct options *o, const char *operand)
{
	struct round r = { .o = o, .s = s, .status = RAID_NO };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;

	r.journal = realpath(s->conf.journal, NULL);
	if (raid_post_resolve(s->db, operand, tag, &err) == -1 ||
	    raid_post_get(s->db, tag, &r.post, &err) == -1 ||
	    team_roster(s, &r.roster, &err) == -1 || ask_all(&r, &err) == -1)
		r.status = prog_say(&err);
	for (size_t i = 0; i < r.n; i++) {
		raid_buf_free(&r.v[i].part);
		free(r.v[i].dir);
		free(r.v[i].context);
	}
	free(r.v);
	free(r.journal);
	raid_post_free(&r.post);
	raid_roster_free(&r.roster);
	return r.status;
}

int
main(int argc, char **argv)
{
	struct raid_policy policy = { 0 };
	struct raid_list tags = { 0 };
	struct options o = { 0 };
	struct raid_err err;
	struct store s;
	int status = RAID_NO;

	prog_start(&prog);
	parse(&o, argc, argv);
	if (prog_tags(argc - optind, argv + optind, &tags, &err) == -1)
		prog_die(&err);
	if (tags.n == 0)
		return RAID_NO;
	if (store_open(&s, o.dir, o.journal, RAID_DB_WRITE, &err) == -1 ||
	    raid_policy_load(&policy, &s.conf, &err) == -1 ||
	    raid_policy_check(&policy, "exec", &err) == -1)
		prog_die(&err);
	raid_proc_signals();
	/* A reader that went away must not keep us from storing answers. */
	(void)signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < tags.n && raid_proc_signal() == 0; i++)
		status = raid_status_merge(status, broadcast(&s, &o,
		    tags.v[i]));
	if (raid_proc_signal() != 0)
		status = 128 + raid_proc_signal();
	raid_policy_free(&policy);
	raid_list_free(&tags);
	raid_list_free(&o.members);
	store_close(&s);
	return prog_end(status);
}
