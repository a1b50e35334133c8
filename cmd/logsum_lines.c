/* SPDX-License-Identifier: ISC */
#include "logsum_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/out.h"
#include "logs/verbatim.h"
#include "prog.h"

/* An event: so many lines of one group, one behind the other. */
struct event {
	uint32_t group;
	uint32_t lines : 31, in_window : 1;
};

static void
keep(void *arg, uint32_t group, uint64_t lines, int in_window)
{
	struct logsum *g = arg;
	struct event e = { group, (uint32_t)lines & INT32_MAX,
		in_window != 0 };

	/* What fails is seen when it is read. */
	(void)fwrite(&e, sizeof(e), 1, g->spool);
}

int
logsum_lines_keep(struct logsum *g, struct raid_err *err)
{
	int fd = logsum_temp(err);

	if (fd == -1)
		return -1;
	g->spool = fdopen(fd, "w+");
	if (g->spool == NULL) {
		close(fd);
		return raid_fail_errno(err, "a temporary file");
	}
	g->log_opts.assign = 1;
	g->log_opts.on_lines = keep;
	g->log_opts.arg = g;
	return 0;
}

static int
rewind_spool(struct logsum *g)
{
	if (fflush(g->spool) == EOF || ferror(g->spool)) {
		prog_warn("a temporary file could not be written");
		return RAID_EIO;
	}
	rewind(g->spool);
	return RAID_OK;
}

int
logsum_lines_assign(struct logsum *g)
{
	struct event e;

	if (rewind_spool(g) != RAID_OK)
		return RAID_EIO;
	while (fread(&e, sizeof(e), 1, g->spool) == 1)
		for (uint32_t i = 0; i < e.lines; i++)
			puts(raid_log_template_of(g->log, e.group)->id);
	return RAID_OK;
}

/* The second reading. */
struct second {
	struct logsum *g;
	const struct raid_template *want;
	struct raid_verbatim lines;
	struct event e;		/* the event that the line is of */
	uint32_t left;		/* lines of it */
	int over;		/* there are more lines than at first */
	uint64_t number;
	struct raid_buf masked;
	int safe;		/* standard output is a terminal */
};

static void
print_json(const struct second *s)
{
	struct raid_json *j = raid_json_object();

	raid_json_set_str(j, "type", "log_line");
	raid_json_set_int(j, "v", 1);
	raid_json_set_int(j, "line", (long long)s->number);
	logsum_put_json(j, &s->masked);
}

static void
print_line(struct second *s, const unsigned char *p, size_t len)
{
	raid_buf_reset(&s->masked);
	logsum_mask_add(&s->g->mask, p, len, &s->masked);
	if (s->g->o.json) {
		print_json(s);
		return;
	}
	printf("%" PRIu64 "\t", s->number);
	raid_out_text(stdout, s->masked.p, s->masked.len, s->safe);
	putchar('\n');
}

/* The line that was read: is it wanted? */
static int
is_wanted(struct second *s)
{
	return strcmp(raid_log_template_of(s->g->log, s->e.group)->id,
	    s->want->id) == 0 &&
	    (!s->g->log_opts.has_window || s->e.in_window);
}

static void
take_line(void *arg, const unsigned char *p, size_t len)
{
	struct second *s = arg;

	s->number++;
	while (s->left == 0 && !s->over) {
		if (fread(&s->e, sizeof(s->e), 1, s->g->spool) != 1)
			s->over = 1;
		else
			s->left = s->e.lines;
	}
	if (s->over)
		return;
	s->left--;
	if (is_wanted(s))
		print_line(s, p, len);
}

static void
take(void *arg, const void *p, size_t len)
{
	struct second *s = arg;

	if (!s->over)
		raid_verbatim_add(&s->lines, p, len);
}

static void
end_log(void *arg)
{
	struct second *s = arg;

	raid_verbatim_end(&s->lines);
}

/* The template whose id begins so. */
static const struct raid_template *
find(const struct raid_log *l, const char *id)
{
	const struct raid_template *t, *found = NULL;
	size_t len = strlen(id);

	for (size_t i = 0; i < raid_log_count(l); i++) {
		t = raid_log_template(l, i);
		if (strncmp(t->id, id, len) != 0)
			continue;
		if (found != NULL && strcmp(found->id, t->id) != 0) {
			prog_warn("--show %s: more than one id begins so: %s, "
			    "%s", id, found->id, t->id);
			return NULL;
		}
		found = t;
	}
	if (found == NULL)
		prog_warn("--show %s: no template has this id; raid-logsum "
		    "--templates lists them all", id);
	return found;
}

int
logsum_lines_show(struct logsum *g)
{
	struct logsum_sink sink;
	struct second s = { .g = g, .safe = isatty(STDOUT_FILENO) };

	s.want = find(g->log, g->o.show);
	if (s.want == NULL)
		return RAID_NO;
	if (rewind_spool(g) != RAID_OK)
		return RAID_EIO;
	raid_verbatim_init(&s.lines, take_line, &s);
	raid_buf_init(&s.masked, 4 * RAID_LOGLINE_MAX);
	sink = (struct logsum_sink){ NULL, take, end_log, &s };
	(void)logsum_read(&g->files, &sink, 1);
	raid_verbatim_free(&s.lines);
	raid_buf_free(&s.masked);
	return RAID_OK;
}
