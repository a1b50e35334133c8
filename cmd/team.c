/* SPDX-License-Identifier: ISC */
#include "team.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "context/render.h"

#define OUTPUT_GUESS 4096	/* tokens of an answer without a limit */
#define CONTEXT_GUESS 65536	/* tokens that a model takes */
#define PROMPT_MAX ((size_t)1 << 20)

int
team_roster(const struct store *s, struct raid_roster *r,
    struct raid_err *err)
{
	struct raid_json *project, *user;
	int ok;

	*r = (struct raid_roster){ 0 };
	if (raid_conf_read(&s->conf, "array.json", &project, &user, err) == -1)
		return -1;
	ok = raid_roster_parse(r, project, user, err);
	raid_json_free(project);
	raid_json_free(user);
	return ok;
}

void
team_names(const struct raid_roster *r, struct raid_buf *b)
{
	raid_buf_init(b, 300);
	for (size_t i = 0; i < r->n; i++)
		raid_buf_printf(b, "%s%s", i > 0 ? ", " : "", r->v[i].name);
	if (r->n == 0)
		raid_buf_puts(b, "none, see raid-array(5)");
}

const struct raid_member *
team_find(const struct raid_roster *r, const char *name, struct raid_err *err)
{
	const struct raid_member *m = raid_roster_find(r,
	    name + (*name == '@'));
	struct raid_buf b;

	if (m != NULL)
		return m;
	team_names(r, &b);
	raid_fail(err, RAID_EUSAGE, "%.60s is no member of the array; "
	    "members: %s", name, raid_buf_str(&b));
	raid_buf_free(&b);
	return NULL;
}

/* Append a file of a prompts folder.  1 done, 0 not there. */
static int
add_prompt(const char *dir, const char *name, struct raid_buf *b,
    struct raid_err *err)
{
	char *file = raid_strf("%s/prompts/%s.txt", dir, name);
	struct raid_buf text;
	int r = raid_path_read(file, PROMPT_MAX, &text, err);

	if (r == 0) {
		if (b->len > 0)
			raid_buf_addc(b, '\n');
		raid_buf_add(b, text.p, text.len);
	}
	raid_buf_free(&text);
	free(file);
	if (r == -1)
		return err->code == RAID_ENOINPUT ? 0 : -1;
	return 1;
}

char *
team_prompt(const struct store *s, const char *role, struct raid_err *err)
{
	const char *names[] = { "common", role };
	char *own = raid_conf_data("."), *text;
	struct raid_buf b;
	int r = 0;

	raid_buf_init(&b, 2 * PROMPT_MAX);
	if (raid_conf_trusted(&s->conf, err) == -1)
		r = -1;
	for (int i = 0; r != -1 && i < 2 && *names[i] != '\0'; i++) {
		r = s->conf.dir == NULL ? 0 :
		    add_prompt(s->conf.dir, names[i], &b, err);
		if (r == 0 && own != NULL)
			r = add_prompt(own, names[i], &b, err);
	}
	text = r == -1 ? NULL : raid_buf_take(&b);
	raid_buf_free(&b);
	free(own);
	return text;
}

void
team_guard_free(struct team_guard *g)
{
	raid_redact_found_free(&g->found);
	raid_redact_free(g->patterns);
	*g = (struct team_guard){ 0 };
}

/* Ready for the member?  1, or 0 if nothing is to be masked. */
static int
guard(struct store *s, struct team_guard *g, const struct raid_member *m,
    struct raid_err *err)
{
	if (g == NULL || m->local)
		return 0;
	if (g->patterns == NULL)
		g->patterns = raid_redact_load(&s->conf,
		    raid_db_meta(s->db, "id"), err);
	return g->patterns != NULL ? 1 : -1;
}

static int
mask_body(struct team_guard *g, struct raid_post *p, struct raid_err *err)
{
	struct raid_buf b;
	int r = raid_redact_mask(g->patterns, p->body, p->body_len, &b,
	    &g->found, err);

	if (r == 1) {
		free(p->body);
		p->body_len = b.len;
		p->body = raid_buf_take(&b);
	}
	raid_buf_free(&b);
	return r == -1 ? raid_fail_at(err, "%s", p->tag) : 0;
}

static int
mask_file(struct team_guard *g, struct raid_window_file *f,
    struct raid_err *err)
{
	struct raid_buf b;
	int r = raid_redact_mask(g->patterns, f->content.p, f->content.len,
	    &b, &g->found, err);

	if (r == 1) {
		raid_buf_free(&f->content);
		f->content = b;
		return 0;
	}
	raid_buf_free(&b);
	return r == -1 ? raid_fail_at(err, "%s", f->file->path) : 0;
}

/*
 * Each text is masked for itself, before it gets its fence: no pattern can
 * reach from one post into the next.
 */
int
team_window(struct store *s, struct team_guard *g,
    const struct raid_member *m, const struct raid_window_opts *o,
    struct raid_window *w, struct raid_err *err)
{
	int r;

	if (raid_window_make(s->db, o, w, err) == -1)
		return -1;
	r = guard(s, g, m, err);
	if (r != 1)
		return r;
	for (size_t i = 0; i < w->posts.n; i++)
		if (mask_body(g, &w->posts.v[i], err) == -1)
			return -1;
	for (size_t i = 0; i < w->nfiles; i++)
		if (mask_file(g, &w->files[i], err) == -1)
			return -1;
	return 0;
}

static char *
masked_prompt(struct store *s, struct team_guard *g,
    const struct raid_member *m, const char *role, struct raid_err *err)
{
	char *prompt = team_prompt(s, role, err);
	struct raid_buf b;
	int r;

	r = prompt != NULL ? guard(s, g, m, err) : -1;
	if (r == 0)
		return prompt;
	if (r == -1) {
		free(prompt);
		return NULL;
	}
	r = raid_redact_mask(g->patterns, prompt, strlen(prompt), &b,
	    &g->found, err);
	if (r == -1)
		raid_fail_at(err, "the prompt of role '%s'", role);
	if (r != 0) {
		free(prompt);
		prompt = r == 1 ? raid_buf_take(&b) : NULL;
	}
	raid_buf_free(&b);
	return prompt;
}

int
team_texts(struct store *s, struct team_guard *g, const struct raid_member *m,
    const char *role, const struct raid_window *w, char **system, char **user,
    struct raid_err *err)
{
	char *prompt = masked_prompt(s, g, m, role, err);
	struct raid_render_opts o = { .member = m->name, .role = role,
		.prompt = prompt };
	struct raid_buf b;

	*system = *user = NULL;
	if (prompt == NULL)
		return -1;
	raid_buf_init(&b, SIZE_MAX / 4);
	raid_render_system(&o, &b);
	*system = raid_buf_take(&b);
	raid_buf_free(&b);
	raid_buf_init(&b, SIZE_MAX / 4);
	raid_render_user(&o, w, &b);
	*user = raid_buf_take(&b);
	raid_buf_free(&b);
	free(prompt);
	return 0;
}

long long
team_output(const struct raid_member *m)
{
	return m->max_output > 0 ? m->max_output : OUTPUT_GUESS;
}

size_t
team_room(const struct raid_member *m)
{
	long long context = m->context > 0 ? m->context : CONTEXT_GUESS, room;

	if (m->kind == RAID_PROVIDER_EXEC && m->context <= 0)
		return 0;
	/* An estimate of tokens may be a tenth too low, and the prompt takes
	 * its part. */
	room = (context - team_output(m)) * 9 / 10 - 1500;
	return room > 1000 ? (size_t)room : 1000;
}

void
team_who(const struct raid_member *m, struct raid_buf *place,
    struct raid_ledger_who *who)
{
	raid_buf_init(place, SIZE_MAX / 4);
	raid_buf_puts(place, m->base_url);
	for (size_t i = 0; i < m->command.n; i++)
		raid_buf_printf(place, "%s ", m->command.v[i]);
	*who = (struct raid_ledger_who){ raid_provider_name(m->kind),
		raid_buf_str(place), m->model, m->name };
}

/* The lower of two limits of which 0 is none, in millionths. */
static long long
lower(double a, double b)
{
	if (a <= 0 || (b > 0 && b < a))
		a = b;
	return a > 0 ? raid_price_micro(a) : 0;
}

struct raid_ledger_limits
team_limits(const struct raid_member *m, const struct raid_roster *r)
{
	const struct raid_limits *l = &m->limits;

	return (struct raid_ledger_limits){
		.requests_per_minute = l->requests_per_minute,
		.tokens_per_minute = l->tokens_per_minute,
		.requests_per_day = l->requests_per_day,
		.cost_per_call = lower(l->cost_per_call, r->cost_per_call),
		.cost_per_day = lower(l->cost_per_day, 0),
		.all_per_day = lower(r->cost_per_day, 0),
		.cost_per_run = lower(r->cost_per_run, 0) };
}
