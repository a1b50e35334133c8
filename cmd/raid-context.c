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
	" [-b budget] [--raw] [tag]",
	"Print what a member is sent at a post (default: the last one): its\n"
	"prompt, the last posts, what they refer to, the attached files.\n\n"
	"  -m member     as this member (default: the prompt for all)\n"
	"  --window N    how many of the last posts (default: 50)\n"
	"  -b budget     at most so many tokens, by estimate\n"
	"  --raw         mask no secret, whoever the member is\n"
	"  -j            as a list of messages in JSON\n"
	"  -C dir        work as if started in dir\n"
	"  -J journal    use this journal\n"
};

struct options {
	const char *dir, *journal, *member;
	struct raid_window_opts w;
	int json, raw;
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "window", required_argument, NULL, 1 },
		{ "raw", no_argument, NULL, 2 }, PROG_LONGS
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
		case 2: o->raw = 1; break;
		}
	}
}

static void
add_message(struct raid_json *list, const char *role, const char *text)
{
	struct raid_json *m = raid_json_object();

	raid_json_set_str(m, "role", role);
	raid_json_set_str(m, "content", text);
	raid_json_add(list, m);
}

static void
print(const char *system, const char *user, int json)
{
	struct raid_json *list;
	char *s;

	if (!json) {
		printf("%s\n%s", system, user);
		return;
	}
	list = raid_json_array();
	add_message(list, "system", system);
	add_message(list, "user", user);
	s = raid_json_print(list, 0);
	puts(s);
	free(s);
	raid_json_free(list);
}

static void
say_masked(const char *tag, const struct team_guard *g)
{
	struct raid_buf b;

	raid_buf_init(&b, 10000);
	raid_redact_say(&g->found, &b);
	if (b.len > 0)
		prog_warn("%s: %s", tag, raid_buf_str(&b));
	raid_buf_free(&b);
}

/* Without -m: a member of no role, as anybody.  It is shown what is private,
 * but where its context goes nobody knows. */
static int
run(struct store *s, struct options *o, const char *operand,
    struct raid_err *err)
{
	struct raid_member anybody = { .name = (char []){ "member" },
		.role = (char []){ "" } };
	const struct raid_member *m = &anybody;
	struct team_guard guard = { 0 }, *g = o->raw ? NULL : &guard;
	struct raid_window w = { 0 };
	struct raid_roster r = { 0 };
	char tag[RAID_TAG_SIZE], *system = NULL, *user = NULL;
	int ok = -1;

	if (raid_post_resolve(s->db, operand, tag, err) == -1)
		return -1;
	if (o->member != NULL && (team_roster(s, &r, err) == -1 ||
	    (m = team_find(&r, o->member, err)) == NULL))
		goto out;
	o->w.tag = tag;
	o->w.local = m == &anybody || m->local;
	if (o->w.budget == 0)
		o->w.budget = team_room(m);
	if (team_window(s, g, m, &o->w, &w, err) == 0)
		ok = team_texts(s, g, m, m->role, &w, &system, &user, err);
	if (ok == 0) {
		print(system, user, o->json);
		say_masked(tag, &guard);
	}
	free(system);
	free(user);
out:
	team_guard_free(&guard);
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
