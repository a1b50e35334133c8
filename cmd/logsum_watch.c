/* SPDX-License-Identifier: ISC */
#include "logsum_watch.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "logs/reader.h"
#include "logs/reader_kind.h"
#include "prog.h"

#define PERIOD_MS 250
#define BLOCK ((size_t)256 << 10)
#define AT_ONCE (4 * BLOCK)

/* A line that has no end yet: so much of it is kept. */
#define TAIL_MAX ((size_t)64 << 10)

/* A writer may go on with the file that was moved away: so many periods. */
#define MOVED_MAX 20

struct watched {
	const char *name;
	int standard;		/* standard input: it has no name */
	int fd;			/* -1: it is not there */
	int grows;		/* it is a regular file */
	int over;		/* nothing will come any more */
	int told;		/* that it is not there was said */
	int moved;		/* periods since another has its name */
	struct stat st;
	off_t at;
	struct raid_reader *packed;	/* instead of all this */
	struct raid_buf tail;
};

struct logsum_watch {
	struct watched *v;
	size_t n, now;
	struct logsum_sink sink;
	size_t last;		/* the sink has lines of this one */
	int open;		/* and its log has not ended */
	unsigned char *block;
};

struct logsum_watch *
logsum_watch_new(const struct logsum_files *f, const struct logsum_sink *s)
{
	struct logsum_watch *w = raid_calloc(1, sizeof(*w));

	w->n = f->n;
	w->v = raid_calloc(f->n, sizeof(*w->v));
	w->sink = *s;
	w->block = raid_malloc(BLOCK);
	for (size_t i = 0; i < f->n; i++) {
		struct watched *x = &w->v[i];

		x->name = f->v[i].name;
		x->standard = strcmp(x->name, "-") == 0;
		x->fd = -1;
		raid_buf_init(&x->tail, TAIL_MAX);
	}
	return w;
}

static void
close_one(struct watched *x)
{
	if (x->fd != -1 && !x->standard)
		close(x->fd);
	x->fd = -1;
	raid_reader_close(x->packed);
	x->packed = NULL;
}

void
logsum_watch_free(struct logsum_watch *w)
{
	for (size_t i = 0; i < w->n; i++) {
		close_one(&w->v[i]);
		raid_buf_free(&w->v[i].tail);
	}
	free(w->v);
	free(w->block);
	free(w);
}

static void
end_log(struct logsum_watch *w)
{
	if (w->open)
		w->sink.end_log(w->sink.arg);
	w->open = 0;
}

/* Whole lines of a file; the last byte is a newline. */
static void
give(struct logsum_watch *w, struct watched *x, const void *p, size_t len)
{
	size_t i = (size_t)(x - w->v);

	if (w->open && w->last != i)
		end_log(w);
	w->last = i;
	w->open = 1;
	w->sink.add(w->sink.arg, p, len);
}

static void
give_tail(struct logsum_watch *w, struct watched *x)
{
	if (x->tail.len > 0) {
		give(w, x, x->tail.p, x->tail.len);
		give(w, x, "\n", 1);
	}
	raid_buf_reset(&x->tail);
}

/* Bytes of a file: its whole lines are given, the rest is kept. */
static void
take(struct logsum_watch *w, struct watched *x, const unsigned char *p,
    size_t len)
{
	const unsigned char *nl = memchr(p, '\n', len);
	size_t n;

	if (nl == NULL) {
		raid_buf_add(&x->tail, p, len);
		return;
	}
	n = (size_t)(nl - p) + 1;
	if (x->tail.len > 0) {
		raid_buf_add(&x->tail, p, n - 1);
		give_tail(w, x);
		p += n;
		len -= n;
	}
	nl = len > 0 ? memrchr(p, '\n', len) : NULL;
	n = nl == NULL ? 0 : (size_t)(nl - p) + 1;
	if (n > 0)
		give(w, x, p, n);
	raid_buf_add(&x->tail, p + n, len - n);
}

static void
complain(const struct raid_err *err, int *status)
{
	int code = prog_say(err);

	if (code > *status)
		*status = code;
}

/* A file that was opened: may it be followed, or is it read once? */
static int
look(struct watched *x, int *status)
{
	const char *name = x->standard ? "standard input" : x->name;
	unsigned char head[RAID_READER_HEAD];
	struct raid_err err;
	off_t at;
	ssize_t n;

	if (fstat(x->fd, &x->st) == -1 || S_ISDIR(x->st.st_mode)) {
		/* It says why. */
		if (raid_reader_openfd(x->fd, name, &err) == NULL)
			complain(&err, status);
		return -1;
	}
	x->grows = S_ISREG(x->st.st_mode);
	if (!x->grows)
		return 0;
	at = lseek(x->fd, 0, SEEK_CUR);
	x->at = at > 0 ? at : 0;
	n = pread(x->fd, head, sizeof(head), x->at);
	if (n > 0 && raid_reader_kind(head, (size_t)n) != RAID_READER_PLAIN) {
		x->packed = raid_reader_openfd(x->fd, name, &err);
		if (x->packed != NULL)
			return 0;
		complain(&err, status);
		return -1;
	}
	return 0;
}

/* What cannot be read will never be; what is not there may come. */
static void
open_one(struct watched *x, int *status)
{
	struct raid_err err;

	x->moved = 0;
	x->fd = x->standard ? STDIN_FILENO :
	    open(x->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (x->fd == -1 && errno == ENOENT) {
		if (!x->told)
			prog_warn("%s: is not there yet", x->name);
		x->told = 1;
		return;
	}
	if (x->fd == -1) {
		raid_fail_errno(&err, "%s", x->name);
		complain(&err, status);
		x->over = 1;
	} else if (look(x, status) == -1) {
		close_one(x);
		x->over = 1;
	}
}

static int
read_packed(struct logsum_watch *w, struct watched *x, int *status)
{
	struct raid_err err;
	size_t len, sum = 0;
	const void *p;
	int n;

	while (sum < AT_ONCE) {
		n = raid_reader_next(x->packed, &p, &len, &err);
		if (n == RAID_READER_BYTES) {
			take(w, x, p, len);
			sum += len;
			continue;
		}
		if (n == -1)
			complain(&err, status);
		give_tail(w, x);
		end_log(w);
		if (n == RAID_READER_END) {
			close_one(x);
			x->over = 1;
			return LOGSUM_WATCH_SOME;
		}
	}
	return LOGSUM_WATCH_MORE;
}

/* Has another file its name now?  Then what it still has was read. */
static void
look_for_new(struct logsum_watch *w, struct watched *x, int some)
{
	struct stat st;

	if (x->standard || stat(x->name, &st) == -1 ||
	    (st.st_dev == x->st.st_dev && st.st_ino == x->st.st_ino))
		return;
	if (some && ++x->moved < MOVED_MAX)
		return;
	give_tail(w, x);
	end_log(w);
	close_one(x);
}

/* The next bytes of a file, as read(2) gives them, without waiting for a
 * pipe. */
static ssize_t
read_now(struct logsum_watch *w, struct watched *x)
{
	struct pollfd in = { .fd = x->fd, .events = POLLIN };
	ssize_t n;

	if (!x->grows && poll(&in, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	do
		n = x->grows ? pread(x->fd, w->block, BLOCK, x->at) :
		    read(x->fd, w->block, BLOCK);
	while (n == -1 && errno == EINTR);
	return n;
}

static int
read_some(struct logsum_watch *w, struct watched *x, int *status)
{
	struct raid_err err;
	struct stat st;
	size_t sum = 0;
	ssize_t n = 0;

	if (x->grows && fstat(x->fd, &st) == 0 && st.st_size < x->at) {
		prog_warn("%s: was cut; it is read from its beginning",
		    x->standard ? "standard input" : x->name);
		give_tail(w, x);
		x->at = 0;
	}
	while (sum < AT_ONCE && (n = read_now(w, x)) > 0) {
		take(w, x, w->block, (size_t)n);
		x->at += n;
		sum += (size_t)n;
	}
	if (n == -1 && errno != EAGAIN) {
		raid_fail_errno(&err, "%s", x->name);
		complain(&err, status);
	}
	if ((n == -1 && errno != EAGAIN) || (n == 0 && !x->grows)) {
		give_tail(w, x);
		end_log(w);
		close_one(x);
		x->over = 1;
	}
	return sum >= AT_ONCE ? LOGSUM_WATCH_MORE :
	    sum > 0 ? LOGSUM_WATCH_SOME : LOGSUM_WATCH_QUIET;
}

static int
read_one(struct logsum_watch *w, struct watched *x, int *status)
{
	int some;

	if (x->over)
		return LOGSUM_WATCH_QUIET;
	if (x->fd == -1)
		open_one(x, status);
	if (x->fd == -1)
		return LOGSUM_WATCH_QUIET;
	if (x->packed != NULL)
		return read_packed(w, x, status);
	some = read_some(w, x, status);
	if (x->grows && some != LOGSUM_WATCH_MORE)
		look_for_new(w, x, some != LOGSUM_WATCH_QUIET);
	return some;
}

int
logsum_watch_read(struct logsum_watch *w, int *status)
{
	int some, all = LOGSUM_WATCH_QUIET;
	size_t over = 0;

	/* The one that has more is read on, so that its lines stay together. */
	for (; w->now < w->n; w->now++) {
		some = read_one(w, &w->v[w->now], status);
		if (some == LOGSUM_WATCH_MORE)
			return some;
		if (some != LOGSUM_WATCH_QUIET)
			all = some;
	}
	w->now = 0;
	for (size_t i = 0; i < w->n; i++)
		over += w->v[i].over != 0;
	return all == LOGSUM_WATCH_QUIET && over == w->n ? LOGSUM_WATCH_OVER :
	    all;
}

int
logsum_watch_wait(struct logsum_watch *w, const sigset_t *mask)
{
	struct timespec t = { 0, PERIOD_MS * 1000000L };
	struct pollfd *fds = raid_calloc(w->n + 1, sizeof(*fds));
	int gone;

	fds[0].fd = STDOUT_FILENO;
	for (size_t i = 0; i < w->n; i++) {
		const struct watched *x = &w->v[i];

		fds[i + 1] = (struct pollfd){ .fd = x->grows || x->over ? -1 :
		    x->fd, .events = POLLIN };
	}
	(void)ppoll(fds, w->n + 1, &t, mask);
	gone = (fds[0].revents & (POLLERR | POLLNVAL)) != 0;
	free(fds);
	return gone ? -1 : 0;
}

void
logsum_watch_end(struct logsum_watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		give_tail(w, &w->v[i]);
	end_log(w);
}

const char *
logsum_watch_name(const struct logsum_watch *w)
{
	return w->v[w->last].standard ? "standard input" : w->v[w->last].name;
}
