/* SPDX-License-Identifier: ISC */
/*
 * Lines that are pairs of keys and values: objects of JSON, and logfmt
 * ("time=... level=info msg=\"...\"").  Each looks at every byte at most
 * once, and at so many only; what is broken ends the search.
 */
#include <string.h>

#include "logs/header_priv.h"
#include "logs/logtime.h"

#define JSON_MAX 4096
#define LOGFMT_MAX 1024

struct pairs {
	struct raid_header *h;
	const unsigned char *p;
	size_t len, at;
	int dated, levelled;
};

/* Keys by their first letter: of a Time, a Level, a syslog Priority. */
static const char *
keys_of(unsigned char c)
{
	switch (c | 0x20) {
	case 'a': return "Tasctime Lat ";
	case 'd': return "Tdate Tdatetime ";
	case 'e': return "Teventtime Tevent_time ";
	case 'i': return "Tiso8601 Tisotime ";
	case 'l': return "Llevel Llvl Llevelname Llog.level Lloglevel "
	    "Llog_level Llevel_name Tlogged_at ";
	case 'p': return "Ppriority Pprio ";
	case 's': return "Lseverity Lseverity_text Lseveritytext Ls "
	    "Tsyslog_timestamp ";
	case 't': return "Ttime Tts Ttimestamp Tt Ttime_local "
	    "Ttime_iso8601 ";
	case '@' | 0x20: return "T@timestamp T@t L@l L@level ";
	case '_' | 0x20: return "T__realtime_timestamp "
	    "T_source_realtime_timestamp T_time ";
	}
	return NULL;
}

/* What a key tells; 0 for nothing. */
static int
kind_of(const unsigned char *key, size_t len)
{
	unsigned char low[32];
	const char *keys;

	if (len == 0 || len >= sizeof(low))
		return 0;
	keys = keys_of(*key);
	if (keys == NULL)
		return 0;
	/* _ and @ are changed by what makes letters low. */
	for (size_t i = 0; i < len; i++)
		low[i] = is_upper(key[i]) ? key[i] | 0x20 : key[i];
	for (const char *end; *keys != '\0'; keys = end + 1) {
		end = strchr(keys, ' ');
		if ((size_t)(end - keys) == len + 1 &&
		    memcmp(keys + 1, low, len) == 0)
			return *keys;
	}
	return 0;
}

static enum raid_level
level_of(int kind, const unsigned char *v, size_t len)
{
	size_t n = digits(v, len);
	unsigned k;

	while (len > 0 && v[len - 1] == ' ')
		len--;
	if (n > 0 && n < 3 && n == len) {
		k = n == 1 ? v[0] - (unsigned)'0' :
		    (v[0] - (unsigned)'0') * 10 + v[1] - '0';
		if (k < 8)
			return raid_header_severity(k);
		if (kind == 'P' || k < 10 || k > 69)
			return RAID_LEVEL_NONE;
		/* 10, 20 trace, debug; 30 info; ... 60 fatal */
		return k < 30 ? RAID_LEVEL_DEBUG :
		    (enum raid_level)(k / 10 - 1);
	}
	if (len == 1)
		return raid_header_level_letter(*v);
	return raid_header_level_word(v, len);
}

/* One pair.  For a time, len may be of all that is left: it is measured. */
static void
take(struct pairs *s, int kind, size_t value, size_t len)
{
	const unsigned char *v = s->p + value;
	struct raid_logtime t;
	size_t n;

	if (kind == 'T') {
		if (s->dated)
			return;
		n = raid_logtime_len(v, len, &t);
		if (n == 0 || !t.dated)
			return;
		s->h->time = value;
		s->h->time_len = n;
		s->dated = 1;
	} else if (kind != 0 && !s->levelled) {
		s->h->level = level_of(kind, v, len);
		s->levelled = s->h->level != RAID_LEVEL_NONE;
	}
}

/* The quote that ends the string behind at, or len. */
static size_t
string_end(const struct pairs *s, size_t at)
{
	while (at < s->len && s->p[at] != '"')
		at += s->p[at] == '\\' ? 2 : 1;
	return at < s->len ? at : s->len;
}

static void
blanks(struct pairs *s)
{
	while (s->at < s->len && (s->p[s->at] == ' ' ||
	    s->p[s->at] == '\t'))
		s->at++;
}

/* Pass over an object or array. */
static void
skip_nested(struct pairs *s)
{
	size_t depth = 0;

	for (; s->at < s->len; s->at++) {
		switch (s->p[s->at]) {
		case '"':
			s->at = string_end(s, s->at + 1);
			break;
		case '{': case '[':
			depth++;
			break;
		case '}': case ']':
			if (--depth == 0) {
				s->at++;
				return;
			}
		}
	}
	s->at = s->len;
}

/* A value of JSON, of which at is the first byte. */
static void
json_value(struct pairs *s, int kind)
{
	static const char date[] = "{\"$date\":\"";
	size_t from = s->at, end;

	switch (s->p[from]) {
	case '"':
		end = string_end(s, from + 1);
		take(s, kind, from + 1, end - from - 1);
		s->at = end < s->len ? end + 1 : end;
		return;
	case '{':
		if (kind == 'T' && s->len - from > sizeof(date) &&
		    memcmp(s->p + from, date, sizeof(date) - 1) == 0)
			take(s, kind, from + sizeof(date) - 1,
			    s->len - from - sizeof(date) + 1);
		/* FALLTHROUGH */
	case '[':
		skip_nested(s);
		return;
	}
	while (s->at < s->len && !one_of(",}] \t", s->p[s->at]))
		s->at++;
	take(s, kind, from, s->at - from);
}

void
raid_header_json(struct raid_header *h, const unsigned char *p, size_t len,
    size_t at)
{
	struct pairs s = { h, p, len - at > JSON_MAX ? at + JSON_MAX : len,
	    at + 1, h->time_len > 0, h->level != RAID_LEVEL_NONE };
	size_t key, end;

	while (!s.dated || !s.levelled) {
		blanks(&s);
		if (s.at >= s.len || p[s.at] != '"')
			return;
		key = s.at + 1;
		end = string_end(&s, key);
		s.at = end + 1;
		blanks(&s);
		if (s.at >= s.len || p[s.at] != ':')
			return;
		s.at++;
		blanks(&s);
		if (s.at >= s.len)
			return;
		json_value(&s, kind_of(p + key, end - key));
		blanks(&s);
		if (s.at >= s.len || p[s.at] != ',')
			return;
		s.at++;
	}
}

static int
is_key(unsigned char c)
{
	return is_alnum(c) || one_of("_.-@/", c);
}

int
raid_header_logfmt(struct raid_header *h, const unsigned char *p, size_t len,
    size_t at)
{
	struct pairs s = { h, p, len - at > LOGFMT_MAX ? at + LOGFMT_MAX :
	    len, at, h->time_len > 0, h->level != RAID_LEVEL_NONE };
	size_t key, from;
	int kind, found = s.dated + s.levelled;

	while (s.at < s.len && (!s.dated || !s.levelled)) {
		for (key = s.at; s.at < s.len && is_key(p[s.at]);)
			s.at++;
		if (s.at >= s.len || p[s.at] != '=' || s.at == key) {
			if (key == at)
				break;		/* it is something else */
			while (s.at < s.len && p[s.at] != ' ')
				s.at++;
			blanks(&s);
			continue;
		}
		kind = kind_of(p + key, s.at - key);
		from = ++s.at;
		if (from < s.len && p[from] == '"') {
			s.at = string_end(&s, ++from);
			take(&s, kind, from, s.at - from);
			s.at++;
		} else {
			while (s.at < s.len && p[s.at] != ' ')
				s.at++;
			/* A time may have a blank. */
			take(&s, kind, from, (kind == 'T' ? s.len : s.at) -
			    from);
			if (s.at - from > 6 && memcmp(p + from, "audit(",
			    6) == 0)
				take(&s, 'T', from + 6, s.at - from - 6);
		}
		blanks(&s);
	}
	return s.dated + s.levelled > found;
}
