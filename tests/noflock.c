/* SPDX-License-Identifier: ISC */
/* noflock.so, for LD_PRELOAD: the writers' lock is always had at once, so
 * that what it brings can be measured. */
#include <sys/file.h>

int
flock(int fd, int how)
{
	(void)fd;
	(void)how;
	return 0;
}
