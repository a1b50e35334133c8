/* SPDX-License-Identifier: ISC */
#include "logsum_read.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "logs/reader.h"
#include "logsum_progress.h"
#include "prog.h"

void
logsum_files_init(struct logsum_files *f, char *const *names, size_t n)
{
	static char dash[] = "-";
	static char *const standard[] = { dash };

	if (n == 0) {
		names = standard;
		n = 1;
	}
	f->n = n;
	f->v = raid_calloc(n, sizeof(*f->v));
	for (size_t i = 0; i < n; i++)
		f->v[i] = (struct logsum_file){ names[i], -1 };
}

void
logsum_files_free(struct logsum_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].fd != -1)
			close(f->v[i].fd);
	free(f->v);
}

int
logsum_temp(struct raid_err *err)
{
	const char *dir = getenv("TMPDIR");
	char *name;
	int fd;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	name = raid_strf("%s/raid-logsum.XXXXXX", dir);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd != -1)
		(void)unlink(name);
	else {
		raid_fail_errno(err, "a temporary file in %s", dir);
		err->code = RAID_EIO;
	}
	free(name);
	return fd;
}

static int
copy(int from, int to, struct raid_err *err)
{
	struct pollfd in = { .fd = from, .events = POLLIN };
	unsigned char b[65536];
	ssize_t n;

	while ((n = read(from, b, sizeof(b))) != 0) {
		if (n == -1 && errno == EAGAIN)
			(void)poll(&in, 1, -1);
		/* What is wrong with it, its reader says later. */
		if (n == -1 && errno != EAGAIN && errno != EINTR)
			break;
		if (n > 0 && raid_path_writefd(to, b, (size_t)n) == -1) {
			raid_fail_errno(err, "a temporary file");
			err->code = RAID_EIO;
			return -1;
		}
	}
	return 0;
}

int
logsum_files_keep(struct logsum_files *f, struct raid_err *err)
{
	for (size_t i = 0; i < f->n; i++) {
		struct logsum_file *x = &f->v[i];
		int standard = strcmp(x->name, "-") == 0, ok = 0;
		int fd = standard ? STDIN_FILENO :
		    open(x->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		struct stat st;

		if (fd != -1 && fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode) &&
		    (standard || !S_ISREG(st.st_mode))) {
			x->fd = logsum_temp(err);
			ok = x->fd == -1 ? -1 : copy(fd, x->fd, err);
		}
		if (fd != -1 && !standard)
			close(fd);
		if (ok == -1)
			return -1;
	}
	return 0;
}

static struct raid_reader *
open_one(const struct logsum_file *f, struct raid_err *err)
{
	if (f->fd == -1)
		return raid_reader_open(f->name, err);
	(void)lseek(f->fd, 0, SEEK_SET);
	return raid_reader_openfd(f->fd, strcmp(f->name, "-") == 0 ?
	    "standard input" : f->name, err);
}

/* Bytes of all of them; 0 if one is no regular file. */
static long long
size_of(const struct logsum_files *f)
{
	long long sum = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct logsum_file *x = &f->v[i];
		int fd = x->fd != -1 ? x->fd : STDIN_FILENO;
		struct stat st;

		if ((x->fd == -1 && strcmp(x->name, "-") != 0 ?
		    stat(x->name, &st) : fstat(fd, &st)) == -1)
			continue;
		if (!S_ISREG(st.st_mode))
			return 0;
		sum += st.st_size;
	}
	return sum;
}

static void
complain(struct logsum_progress *progress, const struct raid_err *err,
    int quiet, int *status)
{
	int code = err->code;

	if (!quiet) {
		logsum_progress_clear(progress);
		(void)prog_say(err);
	}
	if (code > *status)
		*status = code;
}

int
logsum_read(const struct logsum_files *f, const struct logsum_sink *s,
    int quiet)
{
	struct logsum_progress progress;
	int n, status = RAID_OK;
	struct raid_err err;
	const void *p;
	size_t len;

	logsum_progress_start(&progress, size_of(f));
	for (size_t i = 0; i < f->n; i++) {
		struct raid_reader *r = open_one(&f->v[i], &err);
		int open = 0;

		if (r == NULL) {
			complain(&progress, &err, quiet, &status);
			continue;
		}
		while ((n = raid_reader_next(r, &p, &len, &err)) !=
		    RAID_READER_END) {
			if (n == RAID_READER_BYTES) {
				s->add(s->arg, p, len);
				logsum_progress_add(&progress, p, len,
				    raid_reader_position(r));
				continue;
			}
			if (n == -1)
				complain(&progress, &err, quiet, &status);
			/* Also what is damaged is a log up to there. */
			if (open)
				s->end_log(s->arg);
			open = n == RAID_READER_LOG;
			if (open && s->begin_log != NULL)
				s->begin_log(s->arg, raid_reader_name(r));
		}
		if (open)
			s->end_log(s->arg);
		logsum_progress_file(&progress, raid_reader_position(r));
		raid_reader_close(r);
	}
	logsum_progress_clear(&progress);
	return status;
}
