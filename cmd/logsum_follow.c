/* SPDX-License-Identifier: ISC */
#include "logsum_follow.h"

#include <sys/wait.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/out.h"
#include "logsum_watch.h"
#include "prog.h"

/* A line that begins a new group, and perhaps a new template. */
struct news {
	uint64_t line;
	long long came;		/* seconds since 1970 */
	const char *file;
	char *text;
	size_t len;
	const struct raid_template *t;	/* that it begins */
};

struct logsum_follow {
	struct logsum *g;
	struct logsum_watch *watch;
	int live;		/* what was there at first is read */
	struct news *v;
	size_t n, cap;
};

static volatile sig_atomic_t caught;

static void
on_signal(int sig)
{
	caught = sig;
}

static void
on_new(void *arg, uint64_t line, const unsigned char *p, size_t len,
    enum raid_level level)
{
	struct logsum_follow *f = arg;

	(void)level;
	if (!f->live)
		return;
	f->v = raid_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
	f->v[f->n++] = (struct news){ line, raid_clock_now(),
		logsum_watch_name(f->watch), raid_memdup(p, len), len, NULL };
}

struct logsum_follow *
logsum_follow_new(struct logsum *g)
{
	struct logsum_follow *f = raid_calloc(1, sizeof(*f));

	f->g = g;
	g->log_opts.on_new = on_new;
	g->log_opts.arg = f;
	/* The log is looked at by a child, which has no other threads. */
	g->log_opts.threads = 0;
	return f;
}

static void
forget(struct logsum_follow *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i].text);
	f->n = 0;
}

void
logsum_follow_free(struct logsum_follow *f)
{
	if (f == NULL)
		return;
	forget(f);
	free(f->v);
	free(f);
}

static void
add(void *arg, const void *p, size_t len)
{
	struct logsum_follow *f = arg;

	raid_log_add(f->g->log, p, len);
}

/* Lines of another file come. */
static void
end_log(void *arg)
{
	struct logsum_follow *f = arg;

	raid_log_settle(f->g->log);
}

/* Which of the lines begin a template that was not there before? */
static size_t
find_new(struct logsum_follow *f)
{
	size_t found = 0;

	for (size_t i = 0; i < raid_log_count(f->g->log); i++) {
		const struct raid_template *t = raid_log_template(f->g->log,
		    i);
		size_t lo = 0, hi = f->n;

		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;

			if (f->v[mid].line < t->first)
				lo = mid + 1;
			else
				hi = mid;
		}
		if (lo < f->n && f->v[lo].line == t->first) {
			f->v[lo].t = t;
			found++;
		}
	}
	return found;
}

/* The line; of a trace what the page has of it, too. */
static void
text_of(struct logsum_follow *f, const struct news *n, struct raid_buf *b)
{
	if (n->t->trace)
		logsum_mask_add(&f->g->mask, n->t->example,
		    n->t->example_len, b);
	else
		logsum_mask_add(&f->g->mask, n->text, n->len, b);
}

static void
print_text(struct logsum_follow *f, const struct news *n,
    const struct raid_buf *text)
{
	char when[32];

	raid_clock_format(n->came, when, sizeof(when));
	printf("%s %s ", when, n->t->id);
	if (f->g->files.n > 1) {
		raid_out_line(stdout, n->file);
		fputs(": ", stdout);
	}
	raid_out_text(stdout, text->p, text->len, isatty(STDOUT_FILENO));
	putchar('\n');
}

static void
print_json(const struct news *n, const struct raid_buf *text)
{
	struct raid_json *j = raid_json_object();

	raid_json_set_str(j, "type", "log_new");
	raid_json_set_int(j, "v", 1);
	raid_json_set_int(j, "ts", n->came);
	raid_json_set_str(j, "id", n->t->id);
	raid_json_set_str(j, "level", raid_level_name(n->t->level));
	raid_json_set_int(j, "line", (long long)n->line);
	logsum_put_json(j, text);
}

/* In the child: what there is to say of the log as it is. */
static int
tell(struct logsum_follow *f, int page)
{
	struct logsum *g = f->g;
	unsigned failed;
	struct raid_buf b;

	/* What this finds in a line that is held back, we find later. */
	f->live = 0;
	raid_log_finish(g->log);
	raid_buf_init(&b, (size_t)64 << 20);
	if (page && raid_log_total(g->log)->lines > 0) {
		logsum_page(g, &b);
		(void)fwrite(b.p, 1, b.len, stdout);
		if (!g->o.json)
			putchar('\n');
	}
	failed = logsum_failed(g, 1);
	if (find_new(f) > 0)
		failed |= LOGSUM_FAIL_NEW & g->o.fail_on;
	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].t == NULL)
			continue;
		raid_buf_reset(&b);
		text_of(f, &f->v[i], &b);
		if (g->o.json)
			print_json(&f->v[i], &b);
		else
			print_text(f, &f->v[i], &b);
	}
	raid_buf_free(&b);
	logsum_fail_say(failed);
	return prog_end(failed != 0 ? RAID_NO : RAID_OK);
}

/*
 * A finished log takes no more lines, and only then it is known which of its
 * groups are one template: so a child finishes its copy.  RAID_OK, RAID_NO
 * for a condition, or what went wrong.
 */
static int
look(struct logsum_follow *f, int page)
{
	int status;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(tell(f, page));
	forget(f);
	if (pid == -1 || waitpid(pid, &status, 0) == -1) {
		prog_warn("no process can be started");
		return RAID_EOS;
	}
	/* Nobody reads what is printed: so we would have ended, too. */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGPIPE ? RAID_EIO : RAID_EBUG;
	return WEXITSTATUS(status);
}

/* Signals wait, but where we do.  A shell lets what it starts with & ignore
 * SIGINT; here it asks for the last page all the same. */
static void
catch_signals(sigset_t *blocked, sigset_t *waiting)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old, act = { .sa_handler = on_signal };

	(void)sigemptyset(blocked);
	(void)sigprocmask(SIG_BLOCK, NULL, waiting);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (signals[i] == SIGHUP &&
		    sigaction(SIGHUP, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &act, NULL);
		(void)sigaddset(blocked, signals[i]);
		(void)sigdelset(waiting, signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, blocked, NULL);
}

/* Has one come while we were busy? */
static int
is_caught(const sigset_t *blocked)
{
	const struct timespec now = { 0, 0 };

	if (caught == 0 && sigtimedwait(blocked, NULL, &now) > 0)
		caught = 1;
	return caught != 0;
}

/* What is known of the levels needs no child. */
static int
check_levels(struct logsum_follow *f)
{
	unsigned failed = logsum_failed(f->g, 0);

	logsum_fail_say(failed);
	return failed != 0 ? RAID_NO : RAID_OK;
}

/* Read what is there; what is new is told, and at a pause all of it. */
static int
step(struct logsum_follow *f, int *some)
{
	int quiet = *some == LOGSUM_WATCH_QUIET, status;

	*some = logsum_watch_read(f->watch, &f->g->status);
	if (*some == LOGSUM_WATCH_OVER)
		logsum_watch_end(f->watch);
	if (*some == LOGSUM_WATCH_SOME || *some == LOGSUM_WATCH_MORE)
		raid_log_flush(f->g->log);
	else if (!quiet)
		raid_log_settle(f->g->log);
	/* A trace and a failed test may be of a kind that is known. */
	status = RAID_OK;
	if (f->n > 0 || (*some != LOGSUM_WATCH_QUIET && (f->g->o.fail_on &
	    (LOGSUM_FAIL_TRACE | LOGSUM_FAIL_TEST)) != 0))
		status = look(f, 0);
	return status == RAID_OK ? check_levels(f) : status;
}

static int
follow(struct logsum_follow *f, const sigset_t *blocked,
    const sigset_t *waiting)
{
	int some, status, again = 0;

	/* Behind the end of a file there may be nothing at all. */
	do
		some = logsum_watch_read(f->watch, &f->g->status);
	while ((some == LOGSUM_WATCH_MORE || (some == LOGSUM_WATCH_SOME &&
	    again++ == 0)) && !is_caught(blocked));
	raid_log_settle(f->g->log);
	raid_log_set_files(f->g->log, f->g->files.n);
	if (some == LOGSUM_WATCH_OVER || is_caught(blocked))
		return RAID_OK;
	status = look(f, 1);
	f->g->page_done = status != RAID_OK;
	f->live = 1;
	while (status == RAID_OK && some != LOGSUM_WATCH_OVER &&
	    !is_caught(blocked)) {
		if (some != LOGSUM_WATCH_MORE &&
		    logsum_watch_wait(f->watch, waiting) == -1)
			return RAID_EIO;
		status = step(f, &some);
	}
	return status;
}

int
logsum_follow_run(struct logsum_follow *f)
{
	struct logsum_sink sink = { NULL, add, end_log, f };
	sigset_t blocked, waiting;
	int status;

	catch_signals(&blocked, &waiting);
	f->watch = logsum_watch_new(&f->g->files, &sink);
	status = follow(f, &blocked, &waiting);
	logsum_watch_end(f->watch);
	raid_log_settle(f->g->log);
	raid_log_set_files(f->g->log, f->g->files.n);
	if (status == RAID_OK && f->n > 0)
		status = look(f, 0);
	logsum_watch_free(f->watch);
	return status;
}
