/* SPDX-License-Identifier: ISC */
/*
 * The export format of systemd's journal ("journalctl -o export") as lines:
 * "<3>2025-01-01T00:00:00.123456Z host name[17]: message".  Of a message of
 * several lines the others follow as they are.
 * See https://systemd.io/JOURNAL_EXPORT_FORMATS/.
 */
#ifndef RAID_LOGS_JOURNALD_H
#define RAID_LOGS_JOURNALD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Fields that are used; others are passed over. */
enum raid_journald_field {
	RAID_JOURNALD_TIME,
	RAID_JOURNALD_HOST,
	RAID_JOURNALD_NAME,
	RAID_JOURNALD_COMM,	/* the name, where no other is given */
	RAID_JOURNALD_PID,
	RAID_JOURNALD_PRIORITY,
	RAID_JOURNALD_MESSAGE,
	RAID_JOURNALD_FIELDS
};

struct raid_journald {
	struct raid_buf line;	/* the field in work, its beginning */
	struct raid_buf v[RAID_JOURNALD_FIELDS];
	int field;		/* that binary data are for; -1: none used */
	int binary;		/* bytes of the length that were read, or 9:
				 * the data */
	uint64_t left;		/* of the data */
};

/* Does a file with these first bytes have the format? */
int raid_journald_is(const void *p, size_t len);

void raid_journald_init(struct raid_journald *j);
void raid_journald_free(struct raid_journald *j);

/* Take bytes, cut anywhere; append the lines of entries that end. */
void raid_journald_add(struct raid_journald *j, const void *p, size_t len,
    struct raid_buf *out);

/* The file has ended: so has the last entry. */
void raid_journald_end(struct raid_journald *j, struct raid_buf *out);

#endif
