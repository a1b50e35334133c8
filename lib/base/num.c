/* SPDX-License-Identifier: ISC */
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* strtoll takes leading blanks and signs that no raid argument has. */
static int
leading(const char *s, long long *v)
{
	char *end;

	if (!isdigit((unsigned char)s[0]) &&
	    !(s[0] == '-' && isdigit((unsigned char)s[1])))
		return -1;
	errno = 0;
	*v = strtoll(s, &end, 10);
	return errno == 0 ? (int)(end - s) : -1;
}

int
raid_num_parse(const char *s, long long min, long long max, long long *out,
    const char *what, struct raid_err *err)
{
	long long v = 0;
	int n = leading(s, &v);

	if (n < 0 || s[n] != '\0')
		return raid_fail(err, RAID_EUSAGE, "%s: '%.40s' is not a whole "
		    "number", what, s);
	if (v < min || v > max)
		return raid_fail(err, RAID_EUSAGE,
		    "%s: %lld is not between %lld and %lld", what, v, min, max);
	*out = v;
	return 0;
}

int
raid_num_span(const char *s, double *seconds, const char *what,
    struct raid_err *err)
{
	static const struct {
		const char *name;
		double factor;
	} units[] = { { "", 1 }, { "s", 1 }, { "ms", 0.001 }, { "m", 60 },
		{ "h", 3600 }, { "d", 86400 }, { "w", 604800 } };
	char number[32];
	size_t n = strspn(s, "0123456789.");

	if (n == 0 || n >= sizeof(number) || !isdigit((unsigned char)s[0]))
		goto bad;
	memcpy(number, s, n);
	number[n] = '\0';
	if (strchr(number, '.') != strrchr(number, '.'))
		goto bad;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(s + n, units[i].name) == 0) {
			/* The programs stay in the C locale: '.' it is. */
			*seconds = strtod(number, NULL) * units[i].factor;
			return 0;
		}
bad:
	return raid_fail(err, RAID_EUSAGE,
	    "%s: '%.40s' is not a span of time such as 90, 10m or 2h", what, s);
}

int
raid_num_size(const char *s, long long *bytes, const char *what,
    struct raid_err *err)
{
	static const char letters[] = "KMGT";
	const char *unit;
	long long v = 0;
	int n = leading(s, &v), shift = 0;

	if (n < 0 || v < 0)
		goto bad;
	if (s[n] != '\0') {
		unit = strchr(letters, toupper((unsigned char)s[n]));
		if (unit == NULL || s[n + 1] != '\0')
			goto bad;
		shift = 10 * (int)(unit - letters + 1);
	}
	if (v > LLONG_MAX >> shift)
		goto bad;
	*bytes = v << shift;
	return 0;
bad:
	return raid_fail(err, RAID_EUSAGE,
	    "%s: '%.40s' is not a size such as 4096, 64K or 2G", what, s);
}
