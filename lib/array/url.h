/* SPDX-License-Identifier: ISC */
/* The address of a provider, taken apart as far as raid must judge it. */
#ifndef RAID_ARRAY_URL_H
#define RAID_ARRAY_URL_H

#include "raid.h"

struct raid_url {
	int tls;		/* https */
	char host[256];		/* lower case, no brackets, no port */
	const char *path;	/* borrowed: from the slash behind the host, or
				 * "" */
};

/*
 * "http://" or "https://", a host, perhaps a port and a path; nothing that a
 * key could hide in (user:password@, ?query, #fragment), nothing that is not
 * printable ASCII.  0, or RAID_ECONFIG with what is wrong, for a sentence
 * that begins with the name of the key.
 */
RAID_MUST int raid_url_parse(struct raid_url *u, const char *s,
    struct raid_err *err);

/* Is it this machine?  Only what needs no look-up counts: "localhost",
 * 127.0.0.0/8, ::1. */
int raid_url_loopback(const struct raid_url *u);

#endif
