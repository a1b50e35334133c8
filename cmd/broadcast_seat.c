/* SPDX-License-Identifier: ISC */
/* Ask a member, again where that may help, and its spares where not. */
#include "broadcast.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array/key.h"
#include "array/retry.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "journal/call.h"
#include "prog.h"

/* A member that says it needs longer than this has spares that do not. */
#define PATIENCE 20.0	/* seconds */
#define BUSY_WAIT 0.3	/* until we look whether the other one has ended */

struct seat *
seat_new(struct round *r, const struct raid_member *m, int critic)
{
	struct seat *s = raid_calloc(1, sizeof(*s));

	*s = (struct seat){ .r = r, .asked = m, .m = m, .critic = critic };
	raid_buf_init(&s->part, r->c->roster.answer_bytes);
	raid_list_add(&r->cascade->asked, m->folded);
	return s;
}

/* What belongs to one call. */
static void
clear_call(struct seat *s)
{
	struct raid_err err;

	raid_talk_free(&s->talk);
	raid_window_free(&s->w);
	raid_buf_reset(&s->part);
	if (s->dir != NULL && raid_path_remove(s->dir, &err) == -1)
		screen_say(s->r->c->screen, "%s", err.msg);
	free(s->dir);
	s->dir = NULL;
}

void
seat_free(struct seat *s)
{
	clear_call(s);
	raid_buf_free(&s->part);
	free(s);
}

static void
done(struct seat *s, int status)
{
	s->state = SEAT_DONE;
	s->r->status = raid_status_merge(s->r->status, status);
}

/* The attached files, as attached, in the member's working folder. */
static int
lay_files(struct seat *s, struct raid_list *paths, struct raid_err *err)
{
	int fd, ok = 0;

	s->dir = raid_path_mktemp(err);
	if (s->dir == NULL)
		return -1;
	fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return raid_fail_errno(err, "%s", s->dir);
	for (size_t i = 0; ok == 0 && i < s->w.nfiles; i++) {
		const struct raid_file *f = s->w.files[i].file;

		ok = raid_path_put(fd, f->path, s->w.files[i].content.p,
		    s->w.files[i].content.len, f->mode, err);
		raid_list_add(paths, f->path);
	}
	close(fd);
	return ok;
}

static double
time_left(const struct seat *s)
{
	double left = s->r->end - raid_clock_mono();

	return s->r->end <= 0 ? 0 : left > 0.001 ? left : 0.001;
}

static int
start_talk(struct seat *s, const char *key, const char *system,
    const char *user, struct raid_err *err)
{
	struct cast *c = s->r->c;
	const struct raid_conf *conf = &c->s->conf;
	struct raid_list paths = { 0 };
	struct raid_talk_opts o = { .member = s->m, .system = system,
		.user = user, .key = key,
		.answer_bytes = c->roster.answer_bytes,
		.deadline = time_left(s), .on_text = answer_text, .arg = s,
		.exec = { .role = s->critic ? "critic" : s->m->role,
		.root = conf->root != NULL ? conf->root : "",
		.base = s->r->base.commit, .journal = c->journal,
		.tag = s->r->post.tag, .files = &paths } };
	int r = 0;

	if (s->m->kind != RAID_PROVIDER_EXEC) {
		if (c->http == NULL)
			c->http = raid_http_new(err);
		r = c->http != NULL ? 0 : -1;
	} else {
		r = lay_files(s, &paths, err);
		o.exec.dir = s->dir;
	}
	if (r == 0)
		r = raid_talk_start(&s->talk, c->http, &o, err);
	raid_list_free(&paths);
	return r;
}

/*
 * The call and its entry in the audit are one transaction.  1: another
 * process asks the same just now, and its answer will do.
 */
static int
note_call(struct seat *s, const struct estimate *e, struct raid_err *err)
{
	struct raid_call_new c = { .tag = s->r->post.tag,
		.member = s->m->name, .model = s->m->model,
		.input = e->input, .output = e->output, .cost = e->cost };
	struct store *st = s->r->c->s;
	int busy;

	s->e = *e;
	if (raid_db_begin(st->db, err) == -1)
		return -1;
	busy = s->r->c->o->again ? 0 :
	    raid_call_busy(st->db, c.tag, c.member, err);
	if (busy != 0) {
		raid_db_rollback(st->db);
		return busy;
	}
	if (raid_call_begin(st->db, &c, &s->call, err) == -1 ||
	    store_audit(st, "ask", c.tag, st->member ? "policy" : "person",
	    "asked", s->m->name, err) == -1) {
		raid_db_rollback(st->db);
		return -1;
	}
	return raid_db_commit(st->db, err);
}

/* Is m asked already for this post, in its own seat or in another one? */
static int
is_taken(const struct seat *s, const struct raid_member *m)
{
	for (size_t i = 0; i < s->r->n; i++) {
		const struct seat *t = s->r->v[i];

		if (t->asked == m || (t != s && t->m == m))
			return 1;
	}
	return strcmp(m->folded, s->r->cascade->author) == 0;
}

/* The next spare, its own before those of all; NULL: nobody is left. */
static const struct raid_member *
next_spare(struct seat *s)
{
	const struct cast *c = s->r->c;
	const struct raid_list *own = &s->asked->spares,
	    *all = &c->roster.fallback;

	while (!c->o->no_spare && s->spare < own->n + all->n + s->r->npool) {
		size_t i = s->spare++;
		const struct raid_member *m = i >= own->n + all->n ?
		    s->r->pool[i - own->n - all->n] :
		    raid_roster_find(&c->roster,
		    i < own->n ? own->v[i] : all->v[i - own->n]);

		if (m != NULL && m != s->m && !is_taken(s, m))
			return m;
	}
	return NULL;
}

/*
 * m cannot answer, and why.  The first reason, that of the member which was
 * addressed, waits to be told together with who answered instead.
 */
static void
give_up(struct seat *s, int status, const char *why)
{
	const struct raid_member *next = s->r->over ? NULL : next_spare(s);
	struct screen *screen = s->r->c->screen;

	if (s->m == s->asked && next != NULL)
		(void)snprintf(s->why, sizeof(s->why), "%s",
		    raid_str_starts(why, "failed: ") ? why + 8 : why);
	else
		screen_say(screen, "%s: %s", s->m->name, why);
	clear_call(s);
	if (next != NULL) {
		s->m = next;
		s->tries = 0;
		s->state = SEAT_READY;
		return;
	}
	if (s->m != s->asked)
		screen_say(screen, "%s: %s; no spare answered",
		    s->asked->name, s->why);
	done(s, status);
}

/* Who has answered this post completely is not asked, nor paid, again. */
static int
answered(struct seat *s)
{
	struct cast *c = s->r->c;
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	int found;

	if (c->o->again || s->tries > 0)
		return 0;
	found = raid_call_answered(c->s->db, s->r->post.tag, s->m->name, tag,
	    &err);
	if (found == 0)
		return 0;
	screen_clear(c->screen);
	if (found == 1 && store_print(c->s, tag, c->o->json, &err) == 0) {
		s->complete = 1;
		done(s, RAID_OK);
	} else {
		done(s, prog_say(&err));
	}
	return 1;
}

/* Not now: in so many seconds. */
static void
wait_for(struct seat *s, double seconds)
{
	s->wake = raid_clock_mono() + seconds;
	s->state = SEAT_WAITING;
}

static void finish(struct seat *s);

static void
ask(struct seat *s, const char *system, const char *user,
    const struct estimate *e)
{
	const char *source = "";
	char *key = NULL;
	struct raid_err err;
	double wait = 0;
	int r;

	r = cost_reserve(s, e, &wait, &err);
	if (r == 1) {
		wait_for(s, wait);
		return;
	}
	if (r == -1) {
		give_up(s, err.code, err.msg);
		return;
	}
	r = 0;
	if (s->m->kind != RAID_PROVIDER_EXEC)
		r = raid_key_get(s->m, s->r->c->s->conf.user, &key, &source,
		    &err);
	if (r == 0)
		r = note_call(s, e, &err);
	if (r != 0) {
		raid_key_free(key);
		cost_release(s);
		if (r == 1)
			wait_for(s, BUSY_WAIT);
		else
			give_up(s, err.code, err.msg);
		return;
	}
	(void)snprintf(s->source, sizeof(s->source), "%s", source);
	s->tries++;
	s->began = s->stored = raid_clock_mono();
	s->state = SEAT_RUNNING;
	if (start_talk(s, key, system, user, &err) == -1) {
		s->talk.answer = RAID_ANSWER_FAILED;
		(void)snprintf(s->talk.reason, sizeof(s->talk.reason), "%s",
		    err.msg);
		finish(s);
	}
	raid_key_free(key);
}

int
seat_texts(struct seat *s, char **system, char **user, struct estimate *e,
    struct raid_err *err)
{
	struct cast *c = s->r->c;
	struct raid_window_opts wo = { .tag = s->r->post.tag,
		.local = s->m->local, .budget = team_room(s->m) };

	*system = *user = NULL;
	raid_window_free(&s->w);
	raid_redact_found_free(&c->guard.found);
	if (team_window(c->s, &c->guard, s->m, &wo, &s->w, err) == -1 ||
	    team_texts(c->s, &c->guard, s->m, s->critic ? "critic" :
	    s->m->role, &s->w, system, user, err) == -1)
		return -1;
	cost_estimate(s->m, *system, *user, e);
	return 0;
}

/* Nothing is hidden silently; a further try hides the same. */
static void
say_masked(struct seat *s)
{
	struct raid_buf b;

	raid_buf_init(&b, 10000);
	raid_redact_say(&s->r->c->guard.found, &b);
	if (b.len > 0 && s->tries == 0)
		screen_say(s->r->c->screen, "%s: %s", s->m->name,
		    raid_buf_str(&b));
	raid_buf_free(&b);
}

static void
begin(struct seat *s)
{
	char *system = NULL, *user = NULL;
	struct estimate e;
	struct raid_err err;

	if (answered(s))
		return;
	clear_call(s);
	if (seat_texts(s, &system, &user, &e, &err) == -1)
		give_up(s, err.code, err.msg);
	else {
		say_masked(s);
		ask(s, system, user, &e);
	}
	free(system);
	free(user);
}

/* Is it worth while to ask the same member again, and after how long? */
static int
is_again(struct seat *s, double *delay)
{
	const struct raid_talk *t = &s->talk;

	*delay = raid_retry_delay(s->tries, t->retry_after, drand48());
	return t->answer == RAID_ANSWER_FAILED && t->bytes == 0 &&
	    !t->child && !s->stopped && !s->r->over &&
	    raid_retry_again(t->retry, s->tries) && *delay <= PATIENCE &&
	    (s->r->end <= 0 || raid_clock_mono() + *delay < s->r->end);
}

/* A call has ended, or could not be begun. */
static void
finish(struct seat *s)
{
	enum raid_answer kind = s->talk.answer;
	char tag[RAID_TAG_SIZE] = "", why[900], *reason = s->talk.reason;
	double delay;
	int status, again = is_again(s, &delay);

	if (s->talk.retry == RAID_RETRY_KEY && *s->source != '\0')
		(void)snprintf(reason, sizeof(s->talk.reason),
		    "%d key rejected (%s)", s->talk.reply->status, s->source);
	cost_settle(s, again);
	status = answer_store(s, &kind, tag);
	if (kind == RAID_ANSWER_COMPLETE) {
		if (s->m != s->asked)
			screen_say(s->r->c->screen, "%s: %s; %s answered "
			    "instead", s->asked->name, s->why, s->m->name);
		done(s, status);
		round_answered(s, tag);
		return;
	}
	if (again) {
		wait_for(s, delay);
		return;
	}
	(void)snprintf(why, sizeof(why), "%s%s%s%s%s", raid_answer_name(kind),
	    *reason != '\0' ? ": " : "", reason,
	    *tag != '\0' ? "; what came is " : "", tag);
	/* It has said what it wants to say. */
	if (kind == RAID_ANSWER_SILENT || kind == RAID_ANSWER_REFUSED ||
	    status == RAID_EIO)
		s->spare = SIZE_MAX / 2;
	give_up(s, status, why);
}

void
seat_step(struct seat *s)
{
	double now = raid_clock_mono();

	switch (s->state) {
	case SEAT_READY:
		begin(s);
		break;
	case SEAT_WAITING:
		if (now >= s->wake)
			begin(s);
		break;
	case SEAT_RUNNING:
		raid_talk_look(&s->talk);
		if (!s->talk.running)
			finish(s);
		else if (now - s->stored >= 1)
			answer_part(s);
		break;
	case SEAT_DONE:
		break;
	}
}

void
seat_stop(struct seat *s, const char *why)
{
	s->stopped = 1;
	if (s->state == SEAT_RUNNING) {
		raid_talk_stop(&s->talk, why);
	} else if (s->state != SEAT_DONE) {
		s->spare = SIZE_MAX / 2;
		give_up(s, RAID_EUNAVAIL, why);
	}
}
