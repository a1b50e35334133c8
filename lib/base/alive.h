/* SPDX-License-Identifier: ISC */
/* Which process it is: its pid and when it was started name it for good. */
#ifndef RAID_BASE_ALIVE_H
#define RAID_BASE_ALIVE_H

/* When a process was started, in clock ticks since boot.  0: there is none,
 * or it has ended and only waits to be fetched by its parent. */
long long raid_alive_since(long long pid);

/* Does the process run that was started at that moment? */
int raid_alive(long long pid, long long since);

#endif
