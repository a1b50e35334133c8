/* SPDX-License-Identifier: ISC */
/*
 * Text that is stored in posts and commits, in the language of the journal.
 * Help, errors and JSON are English and do not come from here.
 */
#ifndef RAID_BASE_MSG_H
#define RAID_BASE_MSG_H

enum raid_msg {
	RAID_MSG_FROM,		/* "From %s: %s (chat_id=%s)" */
	RAID_MSG_PASS,		/* the word for a verdict */
	RAID_MSG_FAIL,
	RAID_MSG_EXIT_STATUS,	/* before the number */
	RAID_MSG_KILLED,	/* before what for */
	RAID_MSG_FAILS_ON_BASE,
	RAID_MSG_LAST_LINES,
	RAID_MSG_PATCH_TOO_LONG,
	RAID_MSG_REJECTED,	/* the edits, before why */
	RAID_MSG_LINES_FROM,	/* before a number and the lines */
	RAID_MSG_AGAIN,		/* what is asked for then */
	RAID_MSG_LOG_IN_PROSE,	/* before the page of a log, fenced */
	RAID_MSG_COUNT
};

/* language is "ru", or anything else for English.  The text is static. */
const char *raid_msg(const char *language, enum raid_msg id);

/* The language that LC_ALL, LC_MESSAGES or LANG name: "ru" or "en". */
const char *raid_msg_language(void);

#endif
