/* SPDX-License-Identifier: ISC */
#include "logs/state.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "logs/log_priv.h"

#define HEAD "raid-logsum state 1"

static void
skip_blanks(struct raid_state *s)
{
	while (s->left > 0 && (*s->p == ' ' || *s->p == '\n')) {
		s->p++;
		s->left--;
	}
}

void
raid_state_word(struct raid_state *s, const char *word)
{
	size_t n = strlen(word);

	skip_blanks(s);
	if (s->bad || s->left < n || memcmp(s->p, word, n) != 0) {
		s->bad = 1;
		return;
	}
	s->p += n;
	s->left -= n;
}

uint64_t
raid_state_num(struct raid_state *s, uint64_t max)
{
	uint64_t v = 0;
	size_t i = 0;
	unsigned d;

	skip_blanks(s);
	for (; !s->bad && i < s->left && s->p[i] >= '0' && s->p[i] <= '9';
	    i++) {
		d = s->p[i] - '0';
		if (v > (UINT64_MAX - d) / 10)
			s->bad = 1;
		v = v * 10 + d;
	}
	if (i == 0 || v > max)
		s->bad = 1;
	if (s->bad)
		return 0;
	s->p += i;
	s->left -= i;
	return v;
}

int64_t
raid_state_signed(struct raid_state *s)
{
	uint64_t v;
	int minus;

	skip_blanks(s);
	minus = s->left > 0 && *s->p == '-';
	if (minus) {
		s->p++;
		s->left--;
	}
	v = raid_state_num(s, (uint64_t)INT64_MAX + 1);
	if (minus)
		return v == (uint64_t)INT64_MAX + 1 ? INT64_MIN : -(int64_t)v;
	return v > INT64_MAX ? 0 : (int64_t)v;
}

const unsigned char *
raid_state_take(struct raid_state *s, size_t max, size_t *len)
{
	const unsigned char *p;

	*len = (size_t)raid_state_num(s, max);
	if (!s->bad && (s->left == 0 || *s->p != ':' || *len > s->left - 1))
		s->bad = 1;
	if (s->bad) {
		*len = 0;
		return NULL;
	}
	p = s->p + 1;
	s->p = p + *len;
	s->left -= *len + 1;
	return p;
}

void
raid_state_series(struct raid_state *s, struct raid_series *to)
{
	struct raid_series one = { 0 };

	skip_blanks(s);
	if (s->bad || raid_series_read(&one, &s->p, &s->left) == -1)
		s->bad = 1;
	else
		raid_series_join(to, &one);
	raid_series_free(&one);
}

void
raid_state_bytes(struct raid_buf *b, const void *p, size_t len)
{
	raid_buf_printf(b, " %zu:", len);
	raid_buf_add(b, p, len);
}

void
raid_log_write(struct raid_log *l, struct raid_buf *b)
{
	const struct raid_log_total *t = &l->total;

	raid_buf_printf(b, HEAD "\n%" PRIu64 " %" PRIu64 " %" PRIu64 " %"
	    PRIu64 " %" PRIu64 " %" PRIu64, t->lines, t->bytes, t->files,
	    t->timed, t->zoneless, t->backwards);
	for (size_t i = 0; i <= RAID_LEVEL_FATAL; i++)
		raid_buf_printf(b, " %" PRIu64, t->levels[i]);
	raid_buf_printf(b, " %" PRId64 " %" PRId64 " %d %" PRIu64 "\n",
	    t->first_time, t->last_time, t->shift, t->window_lines);
	raid_series_write(&t->all, b);
	raid_series_write(&t->errors, b);
	raid_metrics_write(l->metrics, b);
	raid_miner_write(l->miner, b);
	raid_buf_puts(b, "end\n");
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a == RAID_NO_TIME || (b != RAID_NO_TIME && b < a) ? b : a;
}

/* Numbers and series; the lines that were there before are in *before. */
static void
read_total(struct raid_log *l, struct raid_state *s, uint64_t *before)
{
	struct raid_log_total *t = &l->total;
	int64_t last;

	*before = t->lines;
	t->lines += raid_state_num(s, UINT32_MAX);
	t->bytes += raid_state_num(s, (uint64_t)1 << 50);
	t->files += raid_state_num(s, UINT32_MAX);
	t->timed += raid_state_num(s, UINT32_MAX);
	t->zoneless += raid_state_num(s, UINT32_MAX);
	t->backwards += raid_state_num(s, UINT32_MAX);
	for (size_t i = 0; i <= RAID_LEVEL_FATAL; i++)
		t->levels[i] += raid_state_num(s, UINT32_MAX);
	t->first_time = earlier(t->first_time, raid_state_signed(s));
	last = raid_state_signed(s);
	if (last > t->last_time)	/* RAID_NO_TIME is the least */
		t->last_time = last;
}

/* The rest of a state, whose intervals are as long as those of the log. */
static void
read_rest(struct raid_log *l, struct raid_state *s, uint64_t before)
{
	raid_state_series(s, &l->total.all);
	raid_state_series(s, &l->total.errors);
	if (s->bad || raid_metrics_read(l->metrics, &s->p, &s->left) == -1 ||
	    raid_miner_read(l->miner, s, before) == -1)
		s->bad = 1;
	raid_state_word(s, "end");
}

/* How long the intervals of a state are. */
static int
shift_of(const void *p, size_t len)
{
	struct raid_state s = { p, len, 0 };

	raid_state_word(&s, HEAD);
	for (size_t i = 0; i < 6 + RAID_LEVEL_FATAL + 1; i++)
		(void)raid_state_num(&s, UINT64_MAX);
	(void)raid_state_signed(&s);
	(void)raid_state_signed(&s);
	return (int)raid_state_num(&s, 40);
}

/* A state with shorter intervals is first made as coarse as the log is. */
static int
read_finer(struct raid_log *l, const void *p, size_t len, const char *name,
    struct raid_err *err)
{
	struct raid_log_opts o = { .groups = l->o.groups,
	    .bytes = l->o.bytes };
	struct raid_log *other = raid_log_new(&o);
	struct raid_buf b;
	int r;

	raid_buf_init(&b, RAID_STATE_MAX);
	r = raid_log_read(other, p, len, name, err);
	if (r == 0) {
		while (other->total.shift < l->total.shift)
			raid_log_halve(other);
		raid_log_write(other, &b);
		r = raid_log_read(l, b.p, b.len, name, err);
	}
	raid_buf_free(&b);
	raid_log_free(other);
	return r;
}

int
raid_log_read(struct raid_log *l, const void *p, size_t len,
    const char *name, struct raid_err *err)
{
	struct raid_state s = { p, len, 0 };
	uint64_t before;
	int shift = shift_of(p, len);

	if (shift < l->total.shift && shift >= RAID_LOG_SHIFT)
		return read_finer(l, p, len, name, err);
	while (l->total.shift < shift)
		raid_log_halve(l);
	raid_state_word(&s, HEAD);
	read_total(l, &s, &before);
	if ((int)raid_state_num(&s, 40) != l->total.shift)
		s.bad = 1;
	l->total.window_lines += raid_state_num(&s, UINT32_MAX);
	read_rest(l, &s, before);
	while (l->total.all.n > RAID_LOG_INTERVALS)
		raid_log_halve(l);
	return s.bad ? raid_fail(err, RAID_EDATA,
	    "%s: is no state of raid-logsum, or a damaged one", name) : 0;
}
