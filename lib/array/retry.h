/* SPDX-License-Identifier: ISC */
/*
 * Whether and when a call is made again: what the vendors' own libraries do.
 */
#ifndef RAID_ARRAY_RETRY_H
#define RAID_ARRAY_RETRY_H

#define RAID_RETRY_TIMES 2	/* after the first call */
#define RAID_RETRY_WAIT 60.0	/* seconds, the most a server may ask for */

enum raid_retry {
	RAID_RETRY_NO,		/* the same request would fail again */
	RAID_RETRY_YES,
	RAID_RETRY_QUOTA,	/* not for hours: a day's quota, a spending
				 * limit, no money left */
	RAID_RETRY_KEY		/* the key is missing, wrong or not allowed */
};

/* What an HTTP status alone says; 0: there was no connection, or it broke. */
enum raid_retry raid_retry_status(int status);

/* Is there another attempt after n calls that ended so? */
int raid_retry_again(enum raid_retry r, int n);

/*
 * Seconds to wait after n calls (1: the first has failed).  asked is what the
 * server asked for (< 0: nothing), which counts when it is above 0 and not
 * above RAID_RETRY_WAIT; random is between 0 and 1.
 */
double raid_retry_delay(int n, double asked, double random);

#endif
