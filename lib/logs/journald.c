/* SPDX-License-Identifier: ISC */
#include "logs/journald.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIELD_MAX ((size_t)64 << 10)	/* bytes of one that are kept */
#define DATA 9				/* binary: behind the length */

static const char *const names[RAID_JOURNALD_FIELDS] = {
	"__REALTIME_TIMESTAMP", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM",
	"_PID", "PRIORITY", "MESSAGE"
};

int
raid_journald_is(const void *p, size_t len)
{
	static const char first[] = "__CURSOR=s=";

	return len >= sizeof(first) - 1 &&
	    memcmp(p, first, sizeof(first) - 1) == 0;
}

void
raid_journald_init(struct raid_journald *j)
{
	memset(j, 0, sizeof(*j));
	j->field = -1;
	raid_buf_init(&j->line, FIELD_MAX);
	for (size_t i = 0; i < RAID_JOURNALD_FIELDS; i++)
		raid_buf_init(&j->v[i], FIELD_MAX);
}

void
raid_journald_free(struct raid_journald *j)
{
	raid_buf_free(&j->line);
	for (size_t i = 0; i < RAID_JOURNALD_FIELDS; i++)
		raid_buf_free(&j->v[i]);
}

static int
field_of(const unsigned char *p, size_t len)
{
	for (int i = 0; i < RAID_JOURNALD_FIELDS; i++)
		if (strlen(names[i]) == len && memcmp(names[i], p, len) == 0)
			return i;
	return -1;
}

static void
add_time(const struct raid_buf *micros, struct raid_buf *out)
{
	unsigned long long us = strtoull(raid_buf_str(micros), NULL, 10);
	time_t t = (time_t)(us / 1000000);
	struct tm tm;
	char s[40];

	if (us == 0 || us > 253402300799000000ULL ||
	    gmtime_r(&t, &tm) == NULL ||
	    strftime(s, sizeof(s), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return;
	raid_buf_printf(out, "%s.%06lluZ ", s, us % 1000000);
}

static void
end_entry(struct raid_journald *j, struct raid_buf *out)
{
	const struct raid_buf *v = j->v, *name = &v[RAID_JOURNALD_NAME];

	if (v[RAID_JOURNALD_TIME].len > 0 || v[RAID_JOURNALD_MESSAGE].len > 0) {
		raid_buf_printf(out, "<%c>",
		    v[RAID_JOURNALD_PRIORITY].len == 1 ?
		    v[RAID_JOURNALD_PRIORITY].p[0] : '6');
		add_time(&v[RAID_JOURNALD_TIME], out);
		if (name->len == 0)
			name = &v[RAID_JOURNALD_COMM];
		raid_buf_printf(out, "%s %s", v[RAID_JOURNALD_HOST].len > 0 ?
		    raid_buf_str(&v[RAID_JOURNALD_HOST]) : "localhost",
		    name->len > 0 ? raid_buf_str(name) : "journal");
		if (v[RAID_JOURNALD_PID].len > 0)
			raid_buf_printf(out, "[%s]",
			    raid_buf_str(&v[RAID_JOURNALD_PID]));
		raid_buf_puts(out, ": ");
		raid_buf_add(out, v[RAID_JOURNALD_MESSAGE].p,
		    v[RAID_JOURNALD_MESSAGE].len);
		raid_buf_addc(out, '\n');
	}
	for (size_t i = 0; i < RAID_JOURNALD_FIELDS; i++)
		raid_buf_reset(&j->v[i]);
}

/* A line has ended: a field, the name of one with binary data, or nothing. */
static void
end_line(struct raid_journald *j, struct raid_buf *out)
{
	const unsigned char *p = j->line.p, *eq;
	size_t len = j->line.len, n;
	int field;

	eq = len == 0 ? NULL : memchr(p, '=', len);
	if (len == 0)
		end_entry(j, out);
	else if (eq == NULL) {
		j->field = field_of(p, len);
		j->binary = 1;
		j->left = 0;
	} else {
		n = (size_t)(eq - p);
		field = field_of(p, n);
		if (field >= 0) {
			raid_buf_reset(&j->v[field]);
			raid_buf_add(&j->v[field], eq + 1, len - n - 1);
		}
	}
	raid_buf_reset(&j->line);
}

/* Binary data: eight bytes of length, the lowest first, then the data and a
 * newline.  How many of the bytes belong to it. */
static size_t
take_binary(struct raid_journald *j, const unsigned char *p, size_t len)
{
	size_t i = 0, n;

	for (; i < len && j->binary < DATA; i++) {
		j->left |= (uint64_t)p[i] << (8 * (j->binary - 1));
		if (++j->binary == DATA && j->field >= 0)
			raid_buf_reset(&j->v[j->field]);
	}
	if (j->binary < DATA)
		return i;
	n = len - i < j->left ? len - i : (size_t)j->left;
	if (j->field >= 0)
		raid_buf_add(&j->v[j->field], p + i, n);
	i += n;
	j->left -= n;
	if (j->left == 0 && i < len) {
		j->binary = 0;
		i++;			/* the newline */
	}
	return i;
}

void
raid_journald_add(struct raid_journald *j, const void *data, size_t len,
    struct raid_buf *out)
{
	const unsigned char *p = data, *nl;
	size_t n;

	while (len > 0) {
		if (j->binary > 0) {
			n = take_binary(j, p, len);
			p += n;
			len -= n;
			continue;
		}
		nl = memchr(p, '\n', len);
		n = nl == NULL ? len : (size_t)(nl - p);
		raid_buf_add(&j->line, p, n);
		if (nl == NULL)
			return;
		end_line(j, out);
		p += n + 1;
		len -= n + 1;
	}
}

void
raid_journald_end(struct raid_journald *j, struct raid_buf *out)
{
	if (j->binary == 0 && j->line.len > 0)
		end_line(j, out);
	end_entry(j, out);
	j->binary = 0;
	raid_buf_reset(&j->line);
}
