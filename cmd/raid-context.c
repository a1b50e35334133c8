/* SPDX-License-Identifier: ISC */
/* raid-context: what a member is sent at a post. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "context/render.h"
#include "prog.h"
#include "team.h"

static const struct raid_prog prog = {
	"raid-context",
	"[-j] [-C dir] [-J journal] [-m member] [--window N]\n"
	" [-b budget] [tag]",
	"Print what a member is sent at a post (default: the last one): its\n"
	"prompt, the last posts, what they refer to, the attached files.\n\n"
	"  -m member     as this member (default: the prompt for all)\n"
	"  --window N    how many of the last posts (default: 50)\n"
	"  -b budget     at most so many tokens, by estimate\n"
	"  -j            as a list of messages in JSON\n"
	"  -C dir        work as if started in dir\n"
	"  -J journal    use this journal\n"
};

struct options {
	const char *dir, *journal, *member;
	struct raid_window_opts w;
	int json;
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "window", required_argument, NULL, 1 }, PROG_LONGS
	};
	struct raid_err err;
	long long n;
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jm:b:C:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->json = 1; break;
		case 'm': o->member = optarg; break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 'b':
			if (raid_num_parse(optarg, 1, 100000000, &n, "-b",
			    &err) == -1)
				prog_usage("%s", err.msg);
			o->w.budget = (size_t)n;
			break;
		case 1:
			if (raid_num_parse(optarg, 1, 100000, &n, "--window",
			    &err) == -1)
				prog_usage("%s", err.msg);
			o->w.window = (size_t)n;
			break;
		}
	}
}

static void
add_message(struct raid_json *list, const char *role, struct raid_buf *b)
{
	struct raid_json *m = raid_json_object();

	raid_json_set_str(m, "role", role);
	raid_json_set_str(m, "content", raid_buf_str(b));
	raid_json_add(list, m);
	raid_buf_reset(b);
}

static void
print_json(const struct raid_render_opts *o, const struct raid_window *w)
{
	struct raid_json *list = raid_json_array();
	struct raid_buf b;
	char *s;

	raid_buf_init(&b, SIZE_MAX / 4);
	raid_render_system(o, &b);
	add_message(list, "system", &b);
	raid_render_user(o, w, &b);
	add_message(list, "user", &b);
	s = raid_json_print(list, 0);
	puts(s);
	free(s);
	raid_buf_free(&b);
	raid_json_free(list);
}

static int
print(struct store *s, const struct options *o, const struct raid_member *m,
    const struct raid_window *w, struct raid_err *err)
{
	struct raid_render_opts ro = { .member = m->name, .role = m->role };
	char *text;

	if (!o->json) {
		text = team_context(s, m, m->role, w, err);
		if (text != NULL)
			fputs(text, stdout);
		free(text);
		return text != NULL ? 0 : -1;
	}
	text = team_prompt(s, m->role, err);
	if (text == NULL)
		return -1;
	ro.prompt = text;
	print_json(&ro, w);
	free(text);
	return 0;
}

/* Without -m: a member of no role, as anybody. */
static int
run(struct store *s, struct options *o, const char *operand,
    struct raid_err *err)
{
	struct raid_member anybody = { .name = (char []){ "member" },
		.role = (char []){ "" }, .local = 1 };
	const struct raid_member *m = &anybody;
	struct raid_window w = { 0 };
	struct raid_roster r = { 0 };
	char tag[RAID_TAG_SIZE];
	int ok = -1;

	if (raid_post_resolve(s->db, operand, tag, err) == -1)
		return -1;
	if (o->member != NULL && (team_roster(s, &r, err) == -1 ||
	    (m = team_find(&r, o->member, err)) == NULL))
		goto out;
	o->w.tag = tag;
	o->w.local = m->local;
	if (o->w.budget == 0)
		o->w.budget = team_room(m);
	if (raid_window_make(s->db, &o->w, &w, err) == 0)
		ok = print(s, o, m, &w, err);
out:
	raid_window_free(&w);
	raid_roster_free(&r);
	return ok;
}

int
main(int argc, char **argv)
{
	struct raid_list tags = { 0 };
	struct options o = { 0 };
	struct raid_err err;
	struct store s;
	int status = RAID_OK;

	prog_start(&prog);
	parse(&o, argc, argv);
	argc -= optind;
	argv += optind;
	if (argc > 1)
		prog_usage("one post at a time");
	if (argc == 0 && isatty(STDIN_FILENO))
		raid_list_add(&tags, "last");
	else if (prog_tags(argc, argv, &tags, &err) == -1)
		prog_die(&err);
	if (tags.n == 0)
		return RAID_NO;
	if (store_open(&s, o.dir, o.journal, RAID_DB_READ, &err) == -1)
		prog_die(&err);
	for (size_t i = 0; i < tags.n && status == RAID_OK; i++)
		if (run(&s, &o, tags.v[i], &err) == -1)
			status = prog_say(&err);
	raid_list_free(&tags);
	store_close(&s);
	return prog_end(status);
}
