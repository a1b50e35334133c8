/* SPDX-License-Identifier: ISC */
/*
 * A pack of objects as they are: no deltas, no compression.  It lives as
 * long as a replica, and libgit2's own packs cost ten times more.  The form
 * is that of gitformat-pack(5), with an index of version 1.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/repo_git.h"

#define PACK_MAX ((uint64_t)2 << 30)	/* offsets have 31 bits */
#define BLOCK_MAX 65535			/* bytes of a stored block */

struct entry {
	git_oid id;
	uint32_t at;
};

/* A file with its hash. */
struct sink {
	FILE *f;
	struct raid_sha1 *sha;
	uint64_t len;
};

static int
sink_open(struct sink *s, const char *path)
{
	*s = (struct sink){ .f = fopen(path, "wbxe") };
	if (s->f == NULL)
		return -1;
	s->sha = raid_sha1_new();
	return 0;
}

static void
put(struct sink *s, const void *p, size_t len)
{
	(void)fwrite(p, 1, len, s->f);
	raid_sha1_add(s->sha, p, len);
	s->len += len;
}

static void
put32(struct sink *s, uint32_t v)
{
	const unsigned char b[4] = { (unsigned char)(v >> 24),
	    (unsigned char)(v >> 16), (unsigned char)(v >> 8),
	    (unsigned char)v };

	put(s, b, sizeof(b));
}

/* The hash of all so far ends the file. */
static int
sink_close(struct sink *s, unsigned char sha[20])
{
	int bad;

	raid_sha1_end(s->sha, sha);
	(void)fwrite(sha, 1, 20, s->f);
	bad = ferror(s->f);
	return fclose(s->f) == EOF || bad ? -1 : 0;
}

/* The check of zlib, RFC 1950; 5552 sums fit 32 bits before the modulo. */
static uint32_t
adler(const unsigned char *p, size_t len)
{
	uint32_t a = 1, b = 0;

	while (len != 0) {
		size_t n = len < 5552 ? len : 5552;

		len -= n;
		for (; n != 0; n--) {
			a += *p++;
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return b << 16 | a;
}

/* A zlib stream of stored blocks. */
static void
put_stored(struct sink *s, const unsigned char *p, size_t len)
{
	uint32_t sum = adler(p, len);

	put(s, "\x78\x01", 2);
	do {
		size_t n = len < BLOCK_MAX ? len : BLOCK_MAX;
		const unsigned char head[5] = { n == len,
		    (unsigned char)n, (unsigned char)(n >> 8),
		    (unsigned char)~n, (unsigned char)(~n >> 8) };

		put(s, head, sizeof(head));
		put(s, p, n);
		p += n;
		len -= n;
	} while (len != 0);
	put32(s, sum);
}

/* Type and size: four bits, then seven at a time. */
static void
put_head(struct sink *s, git_object_t type, size_t len)
{
	unsigned char c = (unsigned char)(type << 4 | (len & 15));

	for (len >>= 4; len != 0; len >>= 7) {
		c |= 0x80;
		put(s, &c, 1);
		c = len & 0x7f;
	}
	put(s, &c, 1);
}

static int
put_objects(struct sink *s, git_odb *odb, struct entry *v, size_t n)
{
	git_odb_object *o;

	put(s, "PACK", 4);
	put32(s, 2);
	put32(s, (uint32_t)n);
	for (size_t i = 0; i < n && s->len < PACK_MAX; i++) {
		v[i].at = (uint32_t)s->len;
		if (git_odb_read(&o, odb, &v[i].id) < 0)
			return -1;
		put_head(s, git_odb_object_type(o), git_odb_object_size(o));
		put_stored(s, git_odb_object_data(o), git_odb_object_size(o));
		git_odb_object_free(o);
	}
	return 0;
}

static void
put_index(struct sink *s, const struct entry *v, size_t n,
    const unsigned char pack[20])
{
	size_t k = 0;

	for (unsigned first = 0; first < 256; first++) {
		while (k < n && v[k].id.id[0] <= first)
			k++;
		put32(s, (uint32_t)k);
	}
	for (size_t i = 0; i < n; i++) {
		put32(s, v[i].at);
		put(s, v[i].id.id, 20);
	}
	put(s, pack, 20);
}

static int
by_id(const void *a, const void *b)
{
	return git_oid_cmp(&((const struct entry *)a)->id,
	    &((const struct entry *)b)->id);
}

/* Sorted, each object once. */
static struct entry *
sorted(const git_oid *ids, size_t *n)
{
	struct entry *v = raid_calloc(*n, sizeof(*v));
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		v[i].id = ids[i];
	qsort(v, *n, sizeof(*v), by_id);
	for (size_t i = 0; i < *n; i++)
		if (kept == 0 || by_id(&v[kept - 1], &v[i]) != 0)
			v[kept++] = v[i];
	*n = kept;
	return v;
}

int
raid_repo_pack(git_odb *odb, const git_oid *ids, size_t n, const char *dir,
    struct raid_err *err)
{
	char *pack = raid_strf("%s/pack-raid.pack", dir);
	char *idx = raid_strf("%s/pack-raid.idx", dir);
	struct entry *v = sorted(ids, &n);
	unsigned char sha[20];
	struct sink s;
	int r = 0;

	if (sink_open(&s, pack) == -1) {
		r = raid_fail_errno(err, "%s", pack);
		goto out;
	}
	if (put_objects(&s, odb, v, n) == -1)
		r = raid_repo_fail(NULL, err, "the objects of the base");
	if (r == 0 && s.len >= PACK_MAX)
		r = raid_fail(err, RAID_EDATA, "the base: over 2 GiB");
	if (sink_close(&s, sha) == -1 && r == 0)
		r = raid_fail_errno(err, "%s", pack);
	if (r == 0 && sink_open(&s, idx) == -1) {
		r = raid_fail_errno(err, "%s", idx);
	} else if (r == 0) {
		put_index(&s, v, n, sha);
		if (sink_close(&s, sha) == -1)
			r = raid_fail_errno(err, "%s", idx);
	}
out:
	free(v);
	free(pack);
	free(idx);
	return r;
}
