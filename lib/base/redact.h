/* SPDX-License-Identifier: ISC */
/*
 * Secrets of known shapes in a text are replaced by masks that name their
 * kind, as [masked:github-token:3f2a].  The four digits are a keyed hash:
 * with one key the same secret always has the same mask, another one almost
 * always another, and nobody without the key can test a guess.  What is a
 * secret stands in files of patterns, see raid-redact(5).
 */
#ifndef RAID_BASE_REDACT_H
#define RAID_BASE_REDACT_H

#include "base/buf.h"
#include "base/conf.h"
#include "raid.h"

struct raid_redact;

/* Whose patterns they are, and so what they may do. */
enum raid_redact_file {
	RAID_REDACT_OWN,	/* raid's: compiled when first needed */
	RAID_REDACT_PROJECT,	/* may add patterns, never take some away */
	RAID_REDACT_USER	/* may also switch off and skip */
};

/*
 * Raid's own patterns with those of the project (which must be trusted) and
 * the user.  key is the journal's id, at most 64 bytes of it count.  NULL on
 * failure: without the patterns nothing may be sent.
 */
struct raid_redact *raid_redact_load(const struct raid_conf *c,
    const char *key, struct raid_err *err);

/* The same step by step: none, then the text of one file; name is for
 * messages.  A mistake is RAID_ECONFIG and names the line. */
struct raid_redact *raid_redact_new(const char *key);
RAID_MUST int raid_redact_add(struct raid_redact *r,
    enum raid_redact_file whose, const char *name, const char *text,
    struct raid_err *err);
void raid_redact_free(struct raid_redact *r);

/* How many different secrets of one kind were masked. */
struct raid_redact_kind {
	const char *name;		/* of the struct raid_redact */
	size_t n;
	unsigned char seen[65536 / 8];	/* a bit for each hash */
};

/* Of one text or of several; begin with { 0 }. */
struct raid_redact_found {
	struct raid_redact_kind **v;
	size_t n, cap;
};

/*
 * Mask the text p of len bytes.  1: out holds the masked text; 0: there is
 * no secret in it, out is empty.  Masks that stand there already stay as
 * they are, so that masking twice changes nothing.  -1 (RAID_EDATA): some
 * pattern could not be tried to its end, and the text may not be sent.  out
 * is initialised here and freed by the caller in every case.  found is
 * added to.
 */
RAID_MUST int raid_redact_mask(struct raid_redact *r, const void *p,
    size_t len, struct raid_buf *out, struct raid_redact_found *found,
    struct raid_err *err);

/* "3 secrets masked: 2 github-token, url-password"; nothing for none. */
void raid_redact_say(const struct raid_redact_found *found,
    struct raid_buf *b);
void raid_redact_found_free(struct raid_redact_found *found);

/* Length of the mask at the beginning of p, 0 if there is none. */
size_t raid_redact_mask_len(const void *p, size_t len);

#endif
