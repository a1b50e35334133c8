/* SPDX-License-Identifier: ISC */
/* Posts: add one, get one, find the one that an operand means. */
#ifndef RAID_JOURNAL_POST_H
#define RAID_JOURNAL_POST_H

#include <stddef.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/str.h"
#include "journal/db.h"
#include "journal/tag.h"

#define RAID_BODY_MAX ((size_t)1 << 20)

/* A file that a post carries; its content is a blob. */
struct raid_file {
	char *path;			/* relative to the repository */
	unsigned mode;			/* as git has it: 0100644, 0100755 */
	long long size;
	char sha256[RAID_HASH_SIZE];
};

struct raid_post {
	long long id;			/* rises in journal order */
	struct raid_tag t;
	char tag[RAID_TAG_SIZE];	/* t as text */
	char uid[RAID_HASH_SIZE];
	char journal[RAID_HASH_SIZE];	/* the one whose tags these are */
	char *author, *kind, *status;
	int imported;			/* it came from elsewhere: whatever its
					 * kind, it is text */
	int retracted;			/* its author, or dev, took it back */
	char reply_to[RAID_TAG_SIZE];	/* "" if to nothing */
	char *meta;			/* a JSON object */
	char *body;			/* NUL-terminated */
	size_t body_len;
	struct raid_file *files;
	size_t nfiles;
	struct raid_list mentions, hashtags;
	struct raid_list refs;		/* tags, "post_..." */
};

void raid_post_free(struct raid_post *p);

/* What raid_post_add is to store; all borrowed. */
struct raid_attach {
	const char *path;
	unsigned mode;
	const void *p;
	size_t len;
};

struct raid_draft {
	const char *author;
	const char *kind;		/* NULL: "chat" */
	const char *status;		/* NULL: "complete" */
	const char *reply_to;		/* a tag, or NULL */
	const char *meta;		/* a JSON object, or NULL */
	const char *body;
	size_t body_len;
	const struct raid_list *hashtags;	/* beside the body's, or NULL */
	const struct raid_attach *files;
	size_t nfiles;
};

/*
 * Is this a body?  Not empty or all blank, UTF-8, no NUL, at most
 * RAID_BODY_MAX.  0, or RAID_EDATA with the reason.
 */
RAID_MUST int raid_post_check(const void *body, size_t len,
    struct raid_err *err);

/*
 * Append a post, with what its body says, in one transaction (or in the one
 * that is open).  tag receives its tag.
 */
RAID_MUST int raid_post_add(struct raid_db *db, const struct raid_draft *d,
    char tag[RAID_TAG_SIZE], struct raid_err *err);

/* What raid_post_add finds out itself and an import brings along. */
struct raid_post_as {
	struct raid_tag t, reply;	/* reply.ts 0: to nothing */
	const char *uid;
	int given_refs;			/* refs stands for the body's */
	const struct raid_tag *refs;
	size_t nrefs;
	const struct raid_file *files;	/* rows without their content */
	size_t nfiles;
};

/*
 * Put in a post just so, in the transaction that is open; d->reply_to is not
 * looked at, and the body has been checked.  The tag and the uid must be free.
 */
RAID_MUST int raid_post_insert(struct raid_db *db, const struct raid_draft *d,
    const struct raid_post_as *as, long long *id, struct raid_err *err);

/* The uid of a draft with that tag in that journal; body ends with a NUL. */
void raid_post_uid(const char *journal, const char *tag,
    const struct raid_draft *d, char uid[RAID_HASH_SIZE]);

/* The post of a tag, whole.  Freed by the caller, on failure too. */
RAID_MUST int raid_post_get(struct raid_db *db, const char *tag,
    struct raid_post *p, struct raid_err *err);

/*
 * Which post an operand means: a tag, any unique tail of one, "last",
 * "last~2", "last@grok"; white space around it is dropped.  RAID_ENOINPUT
 * when none, RAID_EUSAGE when the tail fits several, RAID_EDATA when it is
 * no operand at all.
 */
RAID_MUST int raid_post_resolve(struct raid_db *db, const char *operand,
    char tag[RAID_TAG_SIZE], struct raid_err *err);

/*
 * The base a post stands on.  owner is the nearest post on the way up its
 * replies (itself included) that has files, "" if none has any; commit is
 * the owner's meta.base, else the nearest one, "" outside of git.
 */
struct raid_base {
	char commit[RAID_HASH_SIZE];
	char owner[RAID_TAG_SIZE];
};

RAID_MUST int raid_post_base(struct raid_db *db, const char *tag,
    struct raid_base *base, struct raid_err *err);

/* Hash of the files (path, mode, content) that lie over a base, for the
 * verdict; of none it is the hash of nothing. */
void raid_post_files_hash(const struct raid_post *p,
    char out[RAID_HASH_SIZE]);

/* As raid-jsonl(5) has it; the caller frees. */
struct raid_json *raid_post_json(const struct raid_post *p);

#endif
