/* SPDX-License-Identifier: ISC */
/* What the two halves of the roster share: the file, and one member of it. */
#ifndef RAID_ARRAY_ROSTER_PRIV_H
#define RAID_ARRAY_ROSTER_PRIV_H

#include "array/roster.h"

/* The object that is read, and how a message calls it. */
struct raid_place {
	const struct raid_json *j;
	const char *file;	/* ".raid/array.json" */
	const char *member;	/* NULL: the file itself */
	const char *part;	/* "price"; NULL: the object as such */
};

/* "FILE: member NAME: "KEY" WHAT" */
int raid_place_fail(const struct raid_place *p, const char *key,
    const char *what, struct raid_err *err);

/* The object that a key has, or p->j NULL where there is none. */
RAID_MUST int raid_place_object(const struct raid_place *p, const char *key,
    struct raid_place *out, struct raid_err *err);

/* A number of at least 0; what is absent leaves *v as it is. */
RAID_MUST int raid_place_number(const struct raid_place *p, const char *key,
    double max, double *v, struct raid_err *err);
RAID_MUST int raid_place_count(const struct raid_place *p, const char *key,
    long long max, long long *v, struct raid_err *err);

/* Strings of printable characters, as a new string or added to a list. */
RAID_MUST int raid_place_text(const struct raid_place *p, const char *key,
    char **v, struct raid_err *err);
RAID_MUST int raid_place_list(const struct raid_place *p, const char *key,
    struct raid_list *l, struct raid_err *err);

/* Read the object p->j into m, whose name and from are set. */
RAID_MUST int raid_member_read(struct raid_member *m,
    const struct raid_place *p, struct raid_err *err);

/* Where a provider is if nothing is said; NULL if that must be said. */
const char *raid_member_url(const char *provider);

void raid_member_free(struct raid_member *m);

#endif
