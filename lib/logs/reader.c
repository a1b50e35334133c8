/* SPDX-License-Identifier: ISC */
#include "logs/reader.h"

#include <sys/stat.h>
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "logs/reader_kind.h"

#define BLOCK ((size_t)256 << 10)

/* A short block and the one behind it: a decoder may give 4 MiB at once. */
#define HEAD_MAX ((size_t)16 << 20)

/* A tar of compressed logs, itself compressed, has four; more are for fun. */
#define LEVELS 8

/* Level 0 is the file; each other one takes apart what the one below gives. */
struct level {
	struct raid_reader *r;
	size_t index;
	struct archive *a;	/* none for the file */
	int members;		/* an archive; else a decoder */
	char *member;		/* the one in work */
	struct raid_buf head;	/* the beginning, of several short blocks */
	const void *p;		/* what was looked at and not taken yet */
	size_t len;
};

struct raid_reader {
	struct level level[LEVELS + 1];
	size_t top;
	enum { BEGIN, MEMBER, DATA, END } state;
	const char *name;
	struct raid_buf label;
	int fd, close;
	unsigned char *block;
	size_t last;		/* bytes of it */
	long long position, start, size;
	int failed;		/* the level that failed, or -1 */
	int only_member;	/* and this is so of one member of it only */
	struct raid_err why;
};

/* The name of what is in work: the file, the member, a member of that. */
static void
name_it(struct raid_reader *r)
{
	raid_buf_reset(&r->label);
	raid_buf_puts(&r->label, r->name);
	for (size_t i = 1; i <= r->top; i++)
		if (r->level[i].member != NULL) {
			raid_buf_puts(&r->label, ": ");
			raid_buf_puts(&r->label, r->level[i].member);
		}
}

static int
fail(struct raid_reader *r, size_t index, int status)
{
	struct archive *a = r->level[index].a;
	const char *why = archive_error_string(a);

	/* What fails below fails above, too: the lowest one is the cause. */
	if (r->failed >= 0)
		return -1;
	r->failed = (int)index;
	r->only_member = status == ARCHIVE_FAILED && r->level[index].members;
	return raid_fail(&r->why, RAID_EDATA, "%s: %s",
	    raid_buf_str(&r->label), why != NULL ? why :
	    "cannot be decompressed");
}

/* A block of zeros may be a hole of any length, and a log has lines only
 * where there are data.  1: go on, 0: there are none any more. */
static int
skip_hole(struct raid_reader *r)
{
	off_t now = lseek(r->fd, 0, SEEK_CUR), to;

	if (now == -1 || r->size == 0)
		return 1;
	to = lseek(r->fd, now, SEEK_DATA);
	if (to == -1)
		return errno == ENXIO ? 0 : lseek(r->fd, now, SEEK_SET) != -1;
	r->position = to - r->start;
	return 1;
}

static int
read_file(struct raid_reader *r, const void **p, size_t *len)
{
	struct pollfd in = { .fd = r->fd, .events = POLLIN };
	const unsigned char *b = r->block;
	ssize_t n;

	if (r->last > 0 && b[0] == '\0' &&
	    memcmp(b, b + 1, r->last - 1) == 0 && !skip_hole(r))
		return 0;
	while ((n = read(r->fd, r->block, BLOCK)) == -1) {
		if (errno == EAGAIN)
			(void)poll(&in, 1, -1);
		else if (errno != EINTR) {
			r->failed = 0;
			return raid_fail_errno(&r->why, "%s", r->name);
		}
	}
	r->position += n;
	*p = r->block;
	*len = r->last = (size_t)n;
	return n > 0;
}

static int
read_archive(struct level *l, const void **p, size_t *len)
{
	la_int64_t at;
	int n;

	do
		n = archive_read_data_block(l->a, p, len, &at);
	while (n == ARCHIVE_RETRY || (n == ARCHIVE_OK && *len == 0));
	if (n == ARCHIVE_OK || (n == ARCHIVE_WARN && *len > 0))
		return 1;
	return n == ARCHIVE_EOF ? 0 : fail(l->r, l->index, n);
}

/* The next bytes of a level: 1, 0 for its end, -1 with r->why. */
static int
pull(struct level *l, const void **p, size_t *len)
{
	if (l->len > 0) {
		*p = l->p;
		*len = l->len;
		l->len = 0;
		return 1;
	}
	if (l->r->failed >= 0)
		return -1;
	return l->a == NULL ? read_file(l->r, p, len) :
	    read_archive(l, p, len);
}

/* Look at the beginning of the top level. */
static int
look(struct level *l)
{
	const void *p;
	size_t len;
	int n;

	raid_buf_reset(&l->head);
	while ((n = pull(l, &p, &len)) == 1) {
		if (l->head.len == 0 && len >= RAID_READER_HEAD) {
			l->p = p;
			l->len = len;
			return 0;
		}
		raid_buf_add(&l->head, p, len);
		if (l->head.len >= RAID_READER_HEAD)
			break;
	}
	/* What came before a failure counts. */
	if (n == -1 && l->head.len == 0)
		return -1;
	l->p = l->head.p;
	l->len = l->head.len;
	return 0;
}

static la_ssize_t
feed(struct archive *a, void *arg, const void **p)
{
	struct level *l = arg;
	size_t len;
	int n = pull(l, p, &len);

	if (n == -1)
		archive_set_error(a, EIO, "%s", l->r->why.msg);
	return n == 1 ? (la_ssize_t)len : n;
}

static void
support(struct archive *a, enum raid_reader_kind kind)
{
	switch (kind) {
	case RAID_READER_PLAIN: break;
	case RAID_READER_GZIP:
		(void)archive_read_support_filter_gzip(a); break;
	case RAID_READER_BZIP2:
		(void)archive_read_support_filter_bzip2(a); break;
	case RAID_READER_XZ: (void)archive_read_support_filter_xz(a); break;
	case RAID_READER_ZSTD:
		(void)archive_read_support_filter_zstd(a); break;
	case RAID_READER_LZ4: (void)archive_read_support_filter_lz4(a); break;
	case RAID_READER_TAR: (void)archive_read_support_format_tar(a); break;
	case RAID_READER_ZIP:
		(void)archive_read_support_format_zip_streamable(a); break;
	}
	if (kind < RAID_READER_TAR) {
		(void)archive_read_support_format_raw(a);
		(void)archive_read_support_format_empty(a);
	}
}

/* Take apart what the top level gives. */
static int
push(struct raid_reader *r, enum raid_reader_kind kind)
{
	struct level *below = &r->level[r->top], *l = below + 1;
	struct archive_entry *e;
	int n;

	*l = (struct level){ .r = r, .index = ++r->top };
	raid_buf_init(&l->head, HEAD_MAX);
	l->members = kind >= RAID_READER_TAR;
	l->a = archive_read_new();
	if (l->a == NULL) {
		r->failed = 0;
		return raid_fail(&r->why, RAID_EOS, "%s: no memory", r->name);
	}
	support(l->a, kind);
	n = archive_read_open(l->a, below, NULL, feed, NULL);
	if (n == ARCHIVE_OK && !l->members)
		n = archive_read_next_header(l->a, &e);
	if (n < ARCHIVE_WARN)
		return fail(r, r->top, n);
	return 0;
}

static void
pop(struct raid_reader *r)
{
	struct level *l = &r->level[r->top--];

	archive_read_free(l->a);
	raid_buf_free(&l->head);
	free(l->member);
}

/* The stream of the top level is over, or, where it failed, that of the
 * failed one: what comes next is another member, or nothing. */
static void
leave(struct raid_reader *r)
{
	size_t whole = r->top;

	if (r->failed >= 0)
		whole = r->only_member ? (size_t)r->failed :
		    r->failed == 0 ? 0 : (size_t)r->failed - 1;
	r->failed = -1;
	while (r->top > 0 && (r->top > whole || !r->level[r->top].members))
		pop(r);
	r->state = r->top > 0 && whole > 0 ? MEMBER : END;
}

/* The next regular member of the top level. */
static int
next_member(struct raid_reader *r)
{
	struct level *l = &r->level[r->top];
	struct archive_entry *e;
	const char *name;
	int n;

	free(l->member);
	l->member = NULL;
	name_it(r);
	do
		n = archive_read_next_header(l->a, &e);
	while (n == ARCHIVE_RETRY || ((n == ARCHIVE_OK || n == ARCHIVE_WARN) &&
	    (archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e) != NULL)));
	if (n == ARCHIVE_EOF) {
		pop(r);
		leave(r);
		return 0;
	}
	if (n < ARCHIVE_WARN)
		return fail(r, r->top, n == ARCHIVE_FAILED ? ARCHIVE_FATAL : n);
	name = archive_entry_pathname(e);
	if (name == NULL)
		name = archive_entry_pathname_utf8(e);
	l->member = raid_strdup(name != NULL ? name : "a member");
	name_it(r);
	l->len = 0;
	r->state = BEGIN;
	return 0;
}

/* A stream begins: is it a log?  1 yes, 0 it is taken apart now, -1. */
static int
begin(struct raid_reader *r)
{
	struct level *l = &r->level[r->top];
	enum raid_reader_kind kind;

	if (look(l) == -1)
		return -1;
	kind = raid_reader_kind(l->p, l->len);
	if (kind == RAID_READER_PLAIN || r->top == LEVELS) {
		r->state = DATA;
		return 1;
	}
	if (push(r, kind) == -1)
		return -1;
	if (kind >= RAID_READER_TAR)
		r->state = MEMBER;
	return 0;
}

int
raid_reader_next(struct raid_reader *r, const void **p, size_t *len,
    struct raid_err *err)
{
	int n = 0;

	while (n == 0 && r->state != END) {
		switch (r->state) {
		case BEGIN:
			n = begin(r);
			if (n == 1)
				return RAID_READER_LOG;
			break;
		case MEMBER: n = next_member(r); break;
		case DATA:
			n = pull(&r->level[r->top], p, len);
			if (n == 1)
				return RAID_READER_BYTES;
			if (n == 0)
				leave(r);
			break;
		case END: break;
		}
	}
	if (n == 0)
		return RAID_READER_END;
	*err = r->why;
	leave(r);
	return -1;
}

struct raid_reader *
raid_reader_openfd(int fd, const char *name, struct raid_err *err)
{
	struct raid_reader *r;
	struct stat st;
	off_t at;

	if (fstat(fd, &st) == -1) {
		raid_fail_errno(err, "%s", name);
		return NULL;
	}
	if (S_ISDIR(st.st_mode)) {
		raid_fail(err, RAID_ENOINPUT, "%s: is a folder, not a log",
		    name);
		return NULL;
	}
	r = raid_calloc(1, sizeof(*r));
	r->fd = fd;
	r->name = name;
	r->failed = -1;
	r->block = raid_malloc(BLOCK);
	r->level[0].r = r;
	raid_buf_init(&r->level[0].head, HEAD_MAX);
	raid_buf_init(&r->label, 8192);
	name_it(r);
	at = lseek(fd, 0, SEEK_CUR);
	if (S_ISREG(st.st_mode) && at != -1 && st.st_size > at) {
		r->start = at;
		r->size = st.st_size - at;
	}
	return r;
}

struct raid_reader *
raid_reader_open(const char *name, struct raid_err *err)
{
	struct raid_reader *r;
	int fd;

	if (strcmp(name, "-") == 0)
		return raid_reader_openfd(STDIN_FILENO, "standard input", err);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1) {
		raid_fail_errno(err, "%s", name);
		return NULL;
	}
	r = raid_reader_openfd(fd, name, err);
	if (r == NULL)
		close(fd);
	else
		r->close = 1;
	return r;
}

void
raid_reader_close(struct raid_reader *r)
{
	if (r == NULL)
		return;
	while (r->top > 0)
		pop(r);
	if (r->close)
		close(r->fd);
	raid_buf_free(&r->level[0].head);
	raid_buf_free(&r->label);
	free(r->block);
	free(r);
}

const char *
raid_reader_name(const struct raid_reader *r)
{
	return raid_buf_str(&r->label);
}

long long
raid_reader_position(const struct raid_reader *r)
{
	return r->position;
}

long long
raid_reader_size(const struct raid_reader *r)
{
	return r->size;
}
