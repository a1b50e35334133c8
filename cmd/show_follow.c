/* SPDX-License-Identifier: ISC */
/* raid-show -F: what is there, and then what comes. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/utf8.h"
#include "journal/call.h"
#include "journal/follow.h"
#include "prog.h"
#include "show.h"

static volatile sig_atomic_t caught;

struct following {
	struct show *s;
	struct store *st;
	long long last;		/* id of the newest post that was looked at */
	int begun;
	char *status;		/* the line that stands on the terminal */
};

static void
on_signal(int sig)
{
	caught = sig;
}

/* The beginning of s that takes at most so many columns, in bytes. */
static size_t
fitting(const char *s, size_t columns)
{
	size_t at = 0, used = 0, len = strlen(s), n;
	uint32_t c;
	int w;

	while ((n = raid_utf8_next((const unsigned char *)s + at, len - at,
	    &c)) != 0) {
		w = raid_utf8_width(c);
		used += w > 0 ? (size_t)w : 0;
		if (used > columns)
			break;
		at += n;
	}
	return at;
}

static char *
status_text(const struct raid_lives *l)
{
	size_t len = 0;
	char *text = NULL;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		return NULL;
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0)
			fputs(", ", f);
		raid_out_line(f, l->v[i].member);
		fprintf(f, " ... %zu tok", l->v[i].tokens);
	}
	(void)fclose(f);
	return text;
}

static void
set_status(struct following *f, char *text)
{
	const char *old = f->status != NULL ? f->status : "";

	if (text == NULL || strcmp(text, old) == 0) {
		free(text);
		return;
	}
	/* One column stays free: a full line would fold. */
	printf("\r\033[K%.*s", (int)fitting(text, f->s->width - 1), text);
	free(f->status);
	f->status = text;
}

static void
draw_status(struct following *f)
{
	struct raid_lives l;
	struct raid_err ignored;

	/* A terminal may have been made wider or narrower. */
	f->s->width = raid_out_width();
	if (raid_call_live(f->st->db, &l, &ignored) == 0)
		set_status(f, status_text(&l));
	raid_lives_free(&l);
}

static int
print_one(struct raid_post *p, void *arg, struct raid_err *err)
{
	struct following *f = arg;

	set_status(f, raid_strdup(""));
	if (show_print(f->s, p, -1, err) == -1)
		return -1;
	if (fflush(stdout) == EOF)
		return raid_fail_errno(err, "standard output");
	return 0;
}

/*
 * The posts up to the newest one that there is now.  Ids rise as
 * transactions commit, so nothing appears below the last one later on.
 */
static int
print_new(struct following *f, struct raid_err *err)
{
	struct raid_query q = f->s->q;
	long long newest = 0;

	if (raid_query_newest(f->st->db, &newest, err) == -1)
		return -1;
	if (f->begun) {
		q.after = f->last;
		q.limit = 0;
	}
	q.until_id = newest;
	if (newest > f->last && (f->begun || q.limit > 0) &&
	    raid_query_each(f->st->db, &q, print_one, f, err) == -1)
		return -1;
	f->begun = 1;
	if (newest > f->last)
		f->last = newest;
	return 0;
}

static int
follow(struct following *f, int live, const sigset_t *mask,
    struct raid_err *err)
{
	struct raid_err ignored;
	struct raid_follow *w;
	int event = RAID_FOLLOW_NEWS;

	if (raid_follow_open(&w, &f->st->db, err) == -1)
		return -1;
	while (caught == 0 && event != RAID_FOLLOW_GONE) {
		if (event == RAID_FOLLOW_NEWS && print_new(f, err) == -1) {
			event = -1;
			break;
		}
		if (live)
			draw_status(f);
		if (fflush(stdout) == EOF) {
			event = raid_fail_errno(err, "standard output");
			break;
		}
		event = raid_follow_wait(w, STDOUT_FILENO, mask, err);
		if (event == -1) {
			/* The last words of a journal that went away. */
			(void)!print_new(f, &ignored);
			break;
		}
	}
	raid_follow_close(w);
	return event;
}

/* On a terminal its line must be taken away before we end. */
static void
catch_signals(sigset_t *waiting)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old, act = { .sa_handler = on_signal };
	sigset_t blocked;

	(void)sigemptyset(&blocked);
	(void)sigprocmask(SIG_BLOCK, NULL, waiting);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &act, NULL);
		(void)sigaddset(&blocked, signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &blocked, NULL);
}

int
show_follow(struct show *s, struct store *st)
{
	struct following f = { .s = s, .st = st };
	const char *term = getenv("TERM");
	int live, event, status;
	struct raid_err err;
	sigset_t mask;

	live = s->safe && s->format == SHOW_TEXT && term != NULL &&
	    strcmp(term, "dumb") != 0;
	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	if (live)
		catch_signals(&mask);
	event = follow(&f, live, &mask, &err);
	set_status(&f, raid_strdup(""));
	free(f.status);
	status = event == -1 ? prog_say(&err) : RAID_OK;
	if (caught != 0 && fflush(stdout) == 0) {
		(void)signal(caught, SIG_DFL);
		(void)raise(caught);
		(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	}
	return caught != 0 ? RAID_EINTR : status;
}
