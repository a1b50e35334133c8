/* SPDX-License-Identifier: ISC */
#include "array/retry.h"

#define FIRST 0.5
#define LONGEST 8.0

enum raid_retry
raid_retry_status(int status)
{
	switch (status) {
	case 0:
	case 408:
	case 409:
	case 429:
		return RAID_RETRY_YES;
	case 401:
	case 403:
		return RAID_RETRY_KEY;
	case 402:
		return RAID_RETRY_QUOTA;
	default:
		return status >= 500 ? RAID_RETRY_YES : RAID_RETRY_NO;
	}
}

int
raid_retry_again(enum raid_retry r, int n)
{
	return r == RAID_RETRY_YES && n <= RAID_RETRY_TIMES;
}

double
raid_retry_delay(int n, double asked, double random)
{
	double delay = FIRST;

	if (asked > 0 && asked <= RAID_RETRY_WAIT)
		return asked;
	while (--n > 0 && delay < LONGEST)
		delay *= 2;
	/* Those who failed together do not come back together. */
	return delay * (1 - 0.25 * random);
}
