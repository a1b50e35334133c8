/* SPDX-License-Identifier: ISC */
#include "base/alive.h"

#include <sys/types.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/path.h"

/* Field 22 of /proc/PID/stat (proc(5)), counted behind the name, which may
 * hold anything; field 3 is the state. */
long long
raid_alive_since(long long pid)
{
	char path[64], *s, *end;
	struct raid_err ignored;
	struct raid_buf b;
	long long v = 0;

	(void)snprintf(path, sizeof(path), "/proc/%lld/stat", pid);
	if (raid_path_read(path, 4096, &b, &ignored) == 0 &&
	    (s = strrchr((char *)b.p, ')')) != NULL &&
	    strncmp(s, ") Z", 3) != 0 && strncmp(s, ") X", 3) != 0) {
		for (int field = 2; field < 22 && s != NULL; field++) {
			s = strchr(s, ' ');
			s = s != NULL ? s + 1 : NULL;
		}
		v = s != NULL ? strtoll(s, &end, 10) : 0;
	}
	raid_buf_free(&b);
	return v;
}

int
raid_alive(long long pid, long long since)
{
	/* Where there is no /proc the pid has to do. */
	if (since == 0)
		return kill((pid_t)pid, 0) == 0 || errno == EPERM;
	return raid_alive_since(pid) == since;
}
