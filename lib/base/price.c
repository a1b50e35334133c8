/* SPDX-License-Identifier: ISC */
#include "base/price.h"

#include <math.h>
#include <stdio.h>

#define MOST 1e15	/* millionths; sums of thousands of them still fit */

static long long
clamp(double micro)
{
	return micro >= MOST ? (long long)MOST : (long long)micro;
}

long long
raid_price_micro(double usd)
{
	if (!(usd >= 0))
		return -1;
	return clamp(floor(usd * RAID_MICRO + 0.5));
}

/* A count as it enters a sum. */
static double
count(long long n)
{
	return n > 0 ? (double)n : 0;
}

static int
counts_nothing(const struct raid_usage *u)
{
	return u->input < 0 && u->cache_read < 0 && u->cache_write < 0 &&
	    u->output < 0;
}

/* USD a million tokens are millionths of a dollar a token. */
long long
raid_price_cost(const struct raid_price *p, const struct raid_usage *u)
{
	double hour = count(u->cache_write_1h);
	double minutes = count(u->cache_write) - hour;

	if (u->cost >= 0)
		return raid_price_micro(u->cost);
	if (!p->known || counts_nothing(u))
		return -1;
	return clamp(floor(count(u->input) * p->input +
	    count(u->cache_read) * p->cache_read +
	    (minutes > 0 ? minutes : 0) * p->cache_write +
	    hour * p->cache_write_1h + count(u->output) * p->output + 0.5));
}

long long
raid_price_most(const struct raid_price *p, long long input, long long output)
{
	double top = fmax(fmax(p->input, p->cache_read),
	    fmax(p->cache_write, p->cache_write_1h));

	if (!p->known)
		return -1;
	/* 0.1 is a bit more than a tenth: no reason for a millionth. */
	return clamp(ceil(count(input) * top + count(output) * p->output -
	    1e-6));
}

int
raid_price_fill(struct raid_usage *u, long long input, long long output)
{
	int filled = 0;

	if (u->input < 0 && u->cache_read < 0 && u->cache_write < 0) {
		u->input = input;
		filled = 1;
	}
	if (u->output < 0) {
		u->output = output;
		filled = 1;
	}
	return filled && !(u->cost >= 0);
}

void
raid_price_format(long long micro, char out[RAID_PRICE_SIZE])
{
	long long step = micro >= RAID_MICRO ? 10000 : micro >= 100 ? 100 : 1;
	long long n = (micro + step - 1) / step * step;
	int len = snprintf(out, RAID_PRICE_SIZE, "%lld.%06lld",
	    n / RAID_MICRO, n % RAID_MICRO);

	/* Cents are always there. */
	while (out[len - 1] == '0' && out[len - 3] != '.')
		out[--len] = '\0';
}
