/* SPDX-License-Identifier: ISC */
#include "raid.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
raid_fail(struct raid_err *err, enum raid_code code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return -1;
}

static enum raid_code
code_of_errno(int e)
{
	switch (e) {
	case ENOENT:
	case ENOTDIR:
		return RAID_ENOINPUT;
	case EACCES:
	case EPERM:
		return RAID_EPERM;
	case EIO:
	case ENOSPC:
	case EDQUOT:
	case EROFS:
	case EPIPE:
	case EFBIG:
		return RAID_EIO;
	default:
		return RAID_EOS;
	}
}

int
raid_fail_errno(struct raid_err *err, const char *fmt, ...)
{
	int e = errno;
	size_t n;
	va_list ap;

	err->code = code_of_errno(e);
	va_start(ap, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	n = strlen(err->msg);
	(void)snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", strerror(e));
	return -1;
}

int
raid_fail_at(struct raid_err *err, const char *fmt, ...)
{
	char was[sizeof(err->msg)];
	size_t n;
	va_list ap;

	memcpy(was, err->msg, sizeof(was));
	va_start(ap, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	n = strlen(err->msg);
	(void)snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", was);
	return -1;
}

int
raid_status_merge(int sofar, int status)
{
	if (sofar == RAID_OK || status == RAID_OK)
		return RAID_OK;
	return status > sofar ? status : sofar;
}
