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

int
team_texts(struct store *s, const struct raid_member *m, const char *role,
    const struct raid_window *w, char **system, char **user,
    struct raid_err *err)
{
	char *prompt = team_prompt(s, role, err);
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

char *
team_context(struct store *s, const struct raid_member *m, const char *role,
    const struct raid_window *w, struct raid_err *err)
{
	char *system, *user, *text;

	if (team_texts(s, m, role, w, &system, &user, err) == -1)
		return NULL;
	text = raid_strf("%s\n%s", system, user);
	free(system);
	free(user);
	return text;
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
