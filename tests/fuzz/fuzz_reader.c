/* SPDX-License-Identifier: ISC */
/*
 * A file of any bytes: it is read to an end, also where parts are damaged;
 * what is no archive comes out as it is, and the same through a pipe as from
 * a file.
 */
#include <sys/mman.h>
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "logs/reader.h"
#include "logs/reader_kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MAX ((size_t)8 << 20)

/* All bytes of all logs; each begins with a newline. */
static void
read_all(int fd, struct raid_buf *b)
{
	struct raid_err err;
	struct raid_reader *r = raid_reader_openfd(fd, "x", &err);
	const void *p;
	size_t len;
	int n;

	assert(r != NULL);
	while ((n = raid_reader_next(r, &p, &len, &err)) != RAID_READER_END) {
		if (n == RAID_READER_BYTES) {
			assert(len > 0);
			raid_buf_add(b, p, len);
		} else if (n == RAID_READER_LOG)
			raid_buf_addc(b, '\n');
		else
			assert(strncmp(err.msg, "x: ", 3) == 0);
		assert(strncmp(raid_reader_name(r), "x", 1) == 0);
		/* A bomb: enough is seen of it. */
		if (b->overflow)
			break;
	}
	raid_reader_close(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_buf file, pipe_;
	int fd = memfd_create("x", 0), ends[2];

	if (fd == -1 || len > 4096 || pipe(ends) == -1)
		return 0;
	raid_buf_init(&file, MAX);
	raid_buf_init(&pipe_, MAX);
	assert(write(fd, p, len) == (ssize_t)len);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	read_all(fd, &file);
	close(fd);
	assert(len == 0 || write(ends[1], p, len) == (ssize_t)len);
	close(ends[1]);
	read_all(ends[0], &pipe_);
	close(ends[0]);
	assert(file.len == pipe_.len &&
	    memcmp(file.p, pipe_.p, file.len) == 0);
	if (raid_reader_kind(p, len) == RAID_READER_PLAIN)
		assert(file.len == len + 1 &&
		    memcmp(file.p + 1, p, len) == 0);
	raid_buf_free(&file);
	raid_buf_free(&pipe_);
	return 0;
}
