/* SPDX-License-Identifier: ISC */
#include "logs/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/log_priv.h"

#define METRICS 2000
#define METRIC_BYTES ((size_t)16 << 20)

/* With the lock held: the block that a number is or will be in. */
static struct block *
block_of(struct raid_log *l, uint64_t number)
{
	return &l->blocks[number % l->nblock];
}

/* With the lock held: look at the next block, and count it when those before
 * it are counted. */
static void
work(struct raid_log *l)
{
	uint64_t number = l->taken++;
	struct block *b = block_of(l, number);

	pthread_mutex_unlock(&l->lock);
	raid_log_look(b);
	pthread_mutex_lock(&l->lock);
	while (l->counted != number)
		pthread_cond_wait(&l->change, &l->lock);
	pthread_mutex_unlock(&l->lock);
	raid_log_take(l, b);
	pthread_mutex_lock(&l->lock);
	b->state = EMPTY;
	l->counted++;
	pthread_cond_broadcast(&l->change);
}

/* With the lock held: who has to wait works meanwhile. */
static void
help(struct raid_log *l)
{
	if (l->taken != l->filled)
		work(l);
	else
		pthread_cond_wait(&l->change, &l->lock);
}

static void *
run_thread(void *arg)
{
	struct raid_log *l = arg;

	pthread_mutex_lock(&l->lock);
	while (!l->stop || l->taken != l->filled)
		help(l);
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void
start_threads(struct raid_log *l)
{
	size_t want = l->o.threads > THREADS_MAX ? THREADS_MAX : l->o.threads;

	l->nblock = want > 1 ? 2 * want : 1;
	l->blocks = raid_calloc(l->nblock, sizeof(*l->blocks));
	for (size_t i = 0; i < l->nblock; i++)
		raid_log_block_init(&l->blocks[i]);
	/* The caller's thread is one.  Where no other can be had, the work
	 * is done without. */
	while (l->nthread + 1 < want && pthread_create(
	    &l->threads[l->nthread], NULL, run_thread, l) == 0)
		l->nthread++;
}

struct raid_log *
raid_log_new(const struct raid_log_opts *o)
{
	struct raid_log *l = raid_calloc(1, sizeof(*l));
	struct raid_miner_opts m = { o->groups, o->bytes, o->assign };

	l->o = *o;
	l->metrics = raid_metrics_new(METRICS, METRIC_BYTES);
	l->miner = raid_miner_new(&m, l->metrics);
	l->tracer = raid_tracer_new();
	l->build = raid_build_new(0);
	raid_buf_init(&l->held_text, RAID_LOGLINE_MAX);
	raid_buf_init(&l->trace_text, RAID_LOGLINE_MAX);
	l->held_words = raid_calloc(RAID_MASK_WORDS, sizeof(*l->held_words));
	l->next = &l->events[0];
	l->held = &l->events[1];
	l->now = RAID_NO_TIME;
	l->ref = o->ref;
	l->total.first_time = l->total.last_time = RAID_NO_TIME;
	l->total.window_from = l->total.window_to = RAID_NO_TIME;
	l->total.shift = RAID_LOG_SHIFT;
	if (o->has_window && !o->window.of_day) {
		l->total.window_from = o->window.from;
		l->total.window_to = o->window.to;
	}
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->change, NULL);
	start_threads(l);
	return l;
}

static void
stop_threads(struct raid_log *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = 1;
	pthread_cond_broadcast(&l->change);
	while (l->taken != l->filled)
		work(l);
	pthread_mutex_unlock(&l->lock);
	for (size_t i = 0; i < l->nthread; i++)
		pthread_join(l->threads[i], NULL);
	l->nthread = 0;
}

void
raid_log_free(struct raid_log *l)
{
	if (l == NULL)
		return;
	stop_threads(l);
	for (size_t i = 0; i < l->nblock; i++)
		raid_log_block_free(&l->blocks[i]);
	free(l->blocks);
	if (l->journal != NULL)
		raid_journald_free(l->journal);
	free(l->journal);
	pthread_cond_destroy(&l->change);
	pthread_mutex_destroy(&l->lock);
	raid_series_free(&l->total.all);
	raid_series_free(&l->total.errors);
	raid_buf_free(&l->held_text);
	raid_buf_free(&l->trace_text);
	free(l->held_words);
	free(l->hidden.v);
	raid_tracer_free(l->tracer);
	raid_build_free(l->build);
	raid_miner_free(l->miner);
	raid_metrics_free(l->metrics);
	free(l);
}

/* An empty block to fill. */
static struct block *
next_block(struct raid_log *l)
{
	if (l->fill == NULL) {
		pthread_mutex_lock(&l->lock);
		l->fill = block_of(l, l->filled);
		while (l->fill->state != EMPTY)
			help(l);
		pthread_mutex_unlock(&l->lock);
		l->fill->len = 0;
		l->fill->ends_file = 0;
	}
	return l->fill;
}

/* The block has whole lines only: hand it on. */
static void
send_block(struct raid_log *l)
{
	struct block *b = l->fill;

	l->fill = NULL;
	pthread_mutex_lock(&l->lock);
	b->state = FILLED;
	l->filled++;
	pthread_cond_broadcast(&l->change);
	if (l->nthread == 0)
		work(l);
	pthread_mutex_unlock(&l->lock);
}

/* The first bytes of the line that the block ends with. */
static size_t
open_line(const struct block *b)
{
	const unsigned char *nl = b->len == 0 ? NULL :
	    memrchr(b->p, '\n', b->len);

	return nl == NULL ? 0 : (size_t)(nl - b->p) + 1;
}

/* Hand on the whole lines of the block, keep what is behind them. */
static void
send_lines(struct raid_log *l)
{
	struct block *b = l->fill, *next;
	unsigned char rest[RAID_LOGLINE_MAX];
	size_t from = open_line(b), len = b->len - from;

	if (len > RAID_LOGLINE_MAX)
		len = RAID_LOGLINE_MAX;
	if (from == 0)
		return;
	memcpy(rest, b->p + from, len);
	b->len = from;
	send_block(l);
	next = next_block(l);
	memcpy(next->p, rest, len);
	next->len = len;
}

static void
add_bytes(struct raid_log *l, const unsigned char *p, size_t len)
{
	const unsigned char *nl;

	while (len > 0) {
		struct block *b = next_block(l);
		size_t n = BLOCK + RAID_LOGLINE_MAX - b->len;

		if (l->skipping) {
			nl = memchr(p, '\n', len);
			if (nl == NULL)
				return;
			len -= (size_t)(nl - p);
			p = nl;
			l->skipping = 0;
		}
		if (n > len)
			n = len;
		memcpy(b->p + b->len, p, n);
		b->len += n;
		p += n;
		len -= n;
		if (b->len < BLOCK)
			continue;
		send_lines(l);
		b = next_block(l);
		/* More than is kept of a line: skip to its end. */
		if (b->len - open_line(b) >= RAID_LOGLINE_MAX) {
			b->len = open_line(b) + RAID_LOGLINE_MAX;
			l->skipping = 1;
		}
	}
}

/* Lines of entries of systemd's journal instead of its format. */
static void
add_journal(struct raid_log *l, const unsigned char *p, size_t len)
{
	struct raid_buf b;
	size_t n;

	raid_buf_init(&b, SIZE_MAX / 2);
	for (; len > 0; p += n, len -= n) {
		n = len < BLOCK ? len : BLOCK;
		raid_journald_add(l->journal, p, n, &b);
		add_bytes(l, b.p, b.len);
		raid_buf_reset(&b);
	}
	raid_buf_free(&b);
}

static void
end_journal(struct raid_log *l)
{
	struct raid_buf b;

	if (l->journal == NULL)
		return;
	raid_buf_init(&b, SIZE_MAX / 2);
	raid_journald_end(l->journal, &b);
	add_bytes(l, b.p, b.len);
	raid_buf_free(&b);
	raid_journald_free(l->journal);
	free(l->journal);
	l->journal = NULL;
}

void
raid_log_add(struct raid_log *l, const void *p, size_t len)
{
	l->total.bytes += len;
	if (!l->begun && raid_journald_is(p, len)) {
		l->journal = raid_malloc(sizeof(*l->journal));
		raid_journald_init(l->journal);
	}
	l->begun |= len > 0;
	if (l->journal != NULL)
		add_journal(l, p, len);
	else
		add_bytes(l, p, len);
}

void
raid_log_end_file(struct raid_log *l)
{
	struct block *b;

	end_journal(l);
	l->begun = 0;
	b = next_block(l);
	if (b->len > open_line(b))
		b->p[b->len++] = '\n';
	b->ends_file = 1;
	l->skipping = 0;
	send_block(l);
}

void
raid_log_flush(struct raid_log *l)
{
	(void)next_block(l);
	send_lines(l);
	pthread_mutex_lock(&l->lock);
	while (l->counted != l->filled)
		help(l);
	pthread_mutex_unlock(&l->lock);
}

void
raid_log_settle(struct raid_log *l)
{
	raid_log_flush(l);
	raid_log_take_rest(l);
}

void
raid_log_set_files(struct raid_log *l, uint64_t n)
{
	l->total.files = n;
}

void
raid_log_finish(struct raid_log *l)
{
	if (l->journal != NULL || (l->fill != NULL && l->fill->len > 0))
		raid_log_end_file(l);
	stop_threads(l);
	raid_log_take_rest(l);
	raid_build_end(l->build);
	raid_miner_finish(l->miner);
}

size_t
raid_log_count(const struct raid_log *l)
{
	return raid_miner_count(l->miner);
}

const struct raid_template *
raid_log_template(const struct raid_log *l, size_t i)
{
	return raid_miner_template(l->miner, i);
}

const struct raid_template *
raid_log_template_of(const struct raid_log *l, uint32_t group)
{
	return raid_miner_template_of(l->miner, group);
}

const struct raid_log_total *
raid_log_total(const struct raid_log *l)
{
	return &l->total;
}

const struct raid_metrics *
raid_log_metrics(const struct raid_log *l)
{
	return l->metrics;
}

const struct raid_build *
raid_log_build(const struct raid_log *l)
{
	return l->build;
}
