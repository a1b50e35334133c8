/* SPDX-License-Identifier: ISC */
/*
 * What every part of raid shares: exit codes, the error, attributes.
 *
 * A function that can fail returns 0 or -1 (or NULL) and takes a
 * "struct raid_err *err" last.  The caller owns it; it is filled only on
 * failure.  Its code is the exit status the program would end with.
 */
#ifndef RAID_H
#define RAID_H

#define RAID_VERSION "0.1.0"

#define RAID_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define RAID_MUST __attribute__((warn_unused_result))
#define RAID_NORETURN __attribute__((noreturn))

enum raid_code {
	RAID_OK = 0,
	RAID_NO = 1,		/* a clean "no" */
	RAID_EUSAGE = 64,	/* the command line is wrong */
	RAID_EDATA = 65,	/* bad data */
	RAID_ENOINPUT = 66,	/* no such file, post or journal */
	RAID_EUNAVAIL = 69,	/* no member answered, no sandbox */
	RAID_EBUG = 70,		/* raid itself is at fault */
	RAID_EOS = 71,		/* the system refused: memory, fork */
	RAID_EIO = 74,		/* reading or writing failed */
	RAID_ETEMP = 75,	/* try again later */
	RAID_EPROTO = 76,	/* a peer talks nonsense */
	RAID_EPERM = 77,	/* not allowed */
	RAID_ECONFIG = 78,	/* the configuration is wrong or missing */
	RAID_EINTR = 130	/* interrupted */
};

struct raid_err {
	enum raid_code code;
	char msg[512];		/* NUL-terminated, no newline at the end */
};

/* Set *err and return -1, so that "return raid_fail(err, ...)" reads well. */
int raid_fail(struct raid_err *err, enum raid_code code, const char *fmt, ...)
    RAID_PRINTF(3, 4);

/* The same with ": strerror(errno)" appended; the code follows from errno. */
int raid_fail_errno(struct raid_err *err, const char *fmt, ...)
    RAID_PRINTF(2, 3);

/* Put what was being done before the message of *err: "journal /x: ...". */
int raid_fail_at(struct raid_err *err, const char *fmt, ...)
    RAID_PRINTF(2, 3);

/*
 * The status of several results taken together: 0 if one is 0, else the
 * highest of 64 and above, else 1.  Start with RAID_NO.
 */
int raid_status_merge(int sofar, int status);

#endif
