/* SPDX-License-Identifier: ISC */
/* What a call of a model used, what that costs, and what it may cost. */
#ifndef RAID_BASE_PRICE_H
#define RAID_BASE_PRICE_H

/* Money is whole millionths of a dollar, so that sums of sums agree. */
#define RAID_MICRO 1000000LL

/* Counts of tokens; -1 where the provider does not say. */
struct raid_usage {
	long long input;	/* neither read from a cache nor written to */
	long long cache_read;
	long long cache_write;	/* all of it, that of one hour too */
	long long cache_write_1h;	/* of cache_write, kept for an hour */
	long long output;	/* with reasoning */
	long long reasoning;	/* of output */
	double cost;		/* USD, as the provider says; < 0: it does
				 * not say */
};

/* USD a million tokens.  What the file leaves out is filled in, never too
 * low: a cached token costs what an uncached one does, one that is cached
 * for an hour no less than one that is cached for minutes. */
struct raid_price {
	int known;		/* 0: all others are 0 and mean nothing */
	double input;		/* uncached */
	double cache_read, cache_write, cache_write_1h;
	double output;		/* and reasoning */
};

/* USD as millionths, to the nearest; -1 for less than nothing and for what
 * is no number.  More than a thousand million dollars are that much. */
long long raid_price_micro(double usd);

/*
 * What a call cost, in millionths: as the provider says, else by the price.
 * A count that is not known is 0.  -1: there is neither price nor cost, or
 * the provider counted nothing at all.
 */
long long raid_price_cost(const struct raid_price *p,
    const struct raid_usage *u);

/* What a call may cost at most, rounded up: with each token of the input at
 * the highest price there is for input.  -1: the price is not known. */
long long raid_price_most(const struct raid_price *p, long long input,
    long long output);

/*
 * Put estimates where the provider says nothing of the input (no count of it
 * at all) or of the output, as when a stream broke off.  1 if the cost rests
 * on an estimate then, 0 if it does not.
 */
int raid_price_fill(struct raid_usage *u, long long input, long long output);

/*
 * Millionths as dollars for people: "4.97", below a dollar up to four digits,
 * "0.0125", below a cent of a cent six.  Rounded up, never down.
 */
#define RAID_PRICE_SIZE 32
void raid_price_format(long long micro, char out[RAID_PRICE_SIZE]);

#endif
