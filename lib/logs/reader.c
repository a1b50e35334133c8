/* SPDX-License-Identifier: ISC */
#include "logs/reader.h"

#include <sys/stat.h>
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK ((size_t)256 << 10)

struct raid_reader {
	struct archive *a;
	const char *name;
	int fd, standard, ended;
};

static int
fail(struct raid_reader *r, struct raid_err *err)
{
	const char *why = archive_error_string(r->a);
	int e = archive_errno(r->a);

	/* What a decoder says has no number of the system's. */
	return raid_fail(err, e == EIO || e == EISDIR || e == EBADF ?
	    RAID_EIO : RAID_EDATA, "%s: %s", r->name,
	    why != NULL ? why : "cannot be decompressed");
}

static int
open_fd(struct raid_reader *r, const char *name, struct raid_err *err)
{
	struct stat st;

	r->standard = strcmp(name, "-") == 0;
	r->name = r->standard ? "standard input" : name;
	r->fd = r->standard ? STDIN_FILENO :
	    open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (r->fd == -1 || fstat(r->fd, &st) == -1)
		return raid_fail_errno(err, "%s", r->name);
	if (S_ISDIR(st.st_mode))
		return raid_fail(err, RAID_ENOINPUT,
		    "%s: is a folder, not a log", r->name);
	return 0;
}

struct raid_reader *
raid_reader_open(const char *name, struct raid_err *err)
{
	struct raid_reader *r = raid_calloc(1, sizeof(*r));
	struct archive_entry *e;
	int n;

	if (open_fd(r, name, err) == -1)
		goto failed;
	r->a = archive_read_new();
	if (r->a == NULL)
		goto damaged;
	(void)archive_read_support_filter_gzip(r->a);
	(void)archive_read_support_filter_bzip2(r->a);
	(void)archive_read_support_filter_xz(r->a);
	(void)archive_read_support_filter_zstd(r->a);
	(void)archive_read_support_format_raw(r->a);
	(void)archive_read_support_format_empty(r->a);
	if (archive_read_open_fd(r->a, r->fd, BLOCK) != ARCHIVE_OK)
		goto damaged;
	n = archive_read_next_header(r->a, &e);
	if (n == ARCHIVE_EOF)
		r->ended = 1;
	else if (n != ARCHIVE_OK && n != ARCHIVE_WARN)
		goto damaged;
	return r;
damaged:
	if (r->a == NULL)
		raid_fail(err, RAID_EOS, "%s: no memory", r->name);
	else
		fail(r, err);
failed:
	raid_reader_close(r);
	return NULL;
}

void
raid_reader_close(struct raid_reader *r)
{
	if (r == NULL)
		return;
	archive_read_free(r->a);
	if (!r->standard && r->fd >= 0)
		close(r->fd);
	free(r);
}

int
raid_reader_next(struct raid_reader *r, const void **p, size_t *len,
    struct raid_err *err)
{
	la_int64_t at;
	int n;

	if (r->ended)
		return 0;
	do
		n = archive_read_data_block(r->a, p, len, &at);
	while (n == ARCHIVE_RETRY || (n == ARCHIVE_OK && *len == 0));
	if (n == ARCHIVE_OK || (n == ARCHIVE_WARN && *len > 0))
		return 1;
	r->ended = 1;
	return n == ARCHIVE_EOF ? 0 : fail(r, err);
}
