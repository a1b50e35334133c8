/* SPDX-License-Identifier: ISC */
/* raid-commit: commit patches that passed, in the name of their authors. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "code/repo_commit.h"
#include "journal/call.h"
#include "journal/query.h"
#include "journal/verdict.h"
#include "patch.h"
#include "prog.h"
#include "team.h"

static const struct raid_prog prog = {
	"raid-commit",
	"[-jny] [-C repo] [-J journal] [--pick how | --all]\n"
	" [--no-verify] [tag...]",
	"Commit patches whose newest verdict is a pass in the sandbox, and\n"
	"print the tag of each commit's post. Of patches that answer the same\n"
	"post the first that passed is taken.\n\n"
	"  -y             do not ask\n"
	"  -n             say what would be committed, write nothing\n"
	"  --pick how     of rivals take the first, smallest or cheapest\n"
	"  --all          commit all that passed, one after another\n"
	"  --no-verify    although git would sign or run hooks\n"
	"  -j             print the posts as JSON lines\n"
	"  -C repo        work in this repository\n"
	"  -J journal     use this journal\n"
};

enum pick { FIRST, SMALLEST, CHEAPEST, ALL };

struct options {
	const char *dir, *journal;
	enum pick pick;
	int yes, dry, json, no_verify;
};

/* A patch that is asked for, and what is known of it. */
struct candidate {
	struct patch patch;
	struct raid_verdict verdict;
	char old[RAID_TAG_SIZE];	/* its commit post, if there is one */
	int passed;
	double cost;
};

struct run {
	const struct options *o;
	struct store s;
	struct raid_repo *repo;
	struct raid_roster roster;
	struct raid_policy policy;
	struct candidate *v;
	int status;
};

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "pick", required_argument, NULL, 1 },
		{ "all", no_argument, NULL, 2 },
		{ "no-verify", no_argument, NULL, 3 }, PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jnyC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': o->json = 1; break;
		case 'n': o->dry = 1; break;
		case 'y': o->yes = 1; break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1:
			if (strcmp(optarg, "first") == 0)
				o->pick = FIRST;
			else if (strcmp(optarg, "smallest") == 0)
				o->pick = SMALLEST;
			else if (strcmp(optarg, "cheapest") == 0)
				o->pick = CHEAPEST;
			else
				prog_usage("--pick: '%.40s' is not first, "
				    "smallest or cheapest", optarg);
			break;
		case 2: o->pick = ALL; break;
		case 3: o->no_verify = 1; break;
		}
	}
}

/*
 * The verdict that decides: of this diff, on HEAD as it is where it was
 * tested there, else on the patch's own base.
 */
static int
find_verdict(struct run *r, struct candidate *c, struct raid_err *err)
{
	const struct patch *p = &c->patch;
	char head[RAID_REPO_HEX] = "", files[RAID_HASH_SIZE];
	const char *why = "refused: not tested";
	int found;

	raid_post_files_hash(&p->owner, files);
	found = raid_repo_commit(r->repo, "HEAD", head, err);
	if (found == 1)
		found = raid_verdict_find(r->s.db, p->sha256, head, files,
		    &c->verdict, err);
	if (found == 0)
		found = raid_verdict_find(r->s.db, p->sha256, p->base, files,
		    &c->verdict, err);
	if (found == -1)
		return -1;
	if (found == 0)
		prog_warn("%s is not tested; test it: raid-test %s",
		    c->patch.post.tag, c->patch.post.tag);
	else if (!c->verdict.pass)
		prog_warn("%s did not pass (%s)", c->patch.post.tag,
		    c->verdict.post);
	else if (!c->verdict.sandboxed)
		prog_warn("%s passed without a sandbox, which does not "
		    "count; test it: raid-test %s", c->patch.post.tag,
		    c->patch.post.tag);
	else
		c->passed = 1;
	if (c->passed || r->o->dry)
		return 0;
	if (found != 0)
		why = c->verdict.pass ? "refused: tested without a sandbox" :
		    "refused: did not pass";
	return store_audit(&r->s, "commit", c->patch.post.tag, r->s.member ?
	    "policy" : "person", why, NULL, err);
}

/* The commit post of a patch, if there is one that was made here. */
static int
find_old(struct store *s, struct candidate *c, struct raid_err *err)
{
	struct raid_posts posts;
	int r = raid_query_run(s->db, &(struct raid_query){ .kind = "commit",
	    .reply_to = c->patch.post.tag }, &posts, err);

	for (size_t i = 0; r == 0 && i < posts.n; i++)
		if (!posts.v[i].imported)
			memcpy(c->old, posts.v[i].tag, sizeof(c->old));
	raid_posts_free(&posts);
	return r;
}

static int
load(struct run *r, const char *operand, struct candidate *c,
    struct raid_err *err)
{
	struct store *s = &r->s;

	if (patch_load(s, operand, &c->patch, err) == -1 ||
	    find_old(s, c, err) == -1 ||
	    raid_call_cost(s->db, c->patch.post.reply_to, &c->cost, err) == -1)
		return -1;
	return *c->old != '\0' ? 0 : find_verdict(r, c, err);
}

/* One line that fits a subject, whatever the member wrote. */
static void
add_subject(struct raid_buf *b, const char *s)
{
	size_t n = strcspn(s, "\r\n");

	if (n > 100) {
		for (n = 100; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80;)
			n--;
	}
	for (size_t i = 0; i < n; i++)
		raid_buf_addc(b, (unsigned char)s[i] < ' ' ? ' ' :
		    (unsigned char)s[i]);
}

static char *
make_message(struct run *r, const struct candidate *c)
{
	const struct raid_post *p = &c->patch.post;
	struct raid_buf b;
	char *s;

	raid_buf_init(&b, 8192);
	raid_buf_printf(&b, "%s %s: ", raid_msg(raid_db_meta(r->s.db,
	    "language"), RAID_MSG_FROM), p->author);
	add_subject(&b, raid_json_str(c->patch.meta, "subject", "a change"));
	raid_buf_printf(&b, " (chat_id=%s)\n\nRaid-Post: %s\nRaid-Member: %s\n"
	    "Raid-Verdict: %s\n", p->reply_to, p->reply_to, p->author,
	    c->verdict.post);
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}

/* May it be done?  allowed_by says by what. */
static int
allowed(struct run *r, const struct candidate *c,
    const struct raid_commit_opts *o, const char **allowed_by,
    struct raid_err *err)
{
	struct raid_buf b;
	int yes;

	switch (raid_policy_get(&r->policy, "commit")) {
	case RAID_POLICY_ALLOW:
		*allowed_by = "policy";
		return 0;
	case RAID_POLICY_DENY:
		return raid_policy_check(&r->policy, "commit", err);
	default:
		break;
	}
	if (r->s.member)
		return raid_fail(err, RAID_EPERM, "%s is a member and may not "
		    "approve a commit; a person does: raid-commit %s",
		    r->s.actor, c->patch.post.tag);
	if (r->o->yes) {
		*allowed_by = "-y";
		return 0;
	}
	raid_buf_init(&b, 65536);
	raid_buf_puts(&b, o->message);
	for (size_t i = 0; i < o->changes->n; i++)
		raid_buf_printf(&b, "  %s\n", o->changes->v[i].path);
	raid_buf_puts(&b, "Commit this?");
	yes = prog_ask(raid_buf_str(&b), err);
	raid_buf_free(&b);
	*allowed_by = "person";
	if (yes == -1)
		return raid_fail(err, RAID_ETEMP, "there is no terminal to "
		    "ask on; commit without asking: raid-commit -y %s",
		    c->patch.post.tag);
	return yes == 1 ? 0 : raid_fail(err, RAID_NO, "%s: not committed",
	    c->patch.post.tag);
}

/* The commit is a fact: its post and the entry in the audit follow. */
static int
record(struct run *r, const struct candidate *c, const char *hex,
    const char *message, const char *allowed_by, struct raid_err *err)
{
	struct raid_json *meta = raid_json_object();
	struct raid_draft d = { .author = "agent", .kind = "commit",
		.reply_to = c->patch.post.tag, .body = message,
		.body_len = strlen(message) };
	char tag[RAID_TAG_SIZE], *text;
	int ok;

	raid_json_set_str(meta, "commit", hex);
	d.meta = text = raid_json_print(meta, 0);
	ok = store_post(&r->s, &d, "commit", allowed_by, hex, tag, err);
	if (ok == 0)
		ok = store_print(&r->s, tag, r->o->json, err);
	else
		raid_fail_at(err, "%s is committed as %s, but not noted in "
		    "the journal", c->patch.post.tag, hex);
	free(text);
	raid_json_free(meta);
	return ok;
}

static int
commit(struct run *r, const struct candidate *c, struct raid_commit_opts *o,
    struct raid_err *err)
{
	char hex[RAID_REPO_HEX], *line;
	const char *by = "recovered";
	int done;

	/* A kill between the commit and its post must not commit twice. */
	line = raid_strf("Raid-Verdict: %s", c->verdict.post);
	done = raid_repo_head_says(r->repo, line, hex, err);
	free(line);
	if (done == 1)
		return record(r, c, hex, o->message, by, err);
	if (done == -1 || raid_repo_commit_check(r->repo, o, err) == -1)
		return -1;
	if (r->o->dry) {
		prog_warn("%s would be committed: %.*s", c->patch.post.tag,
		    (int)strcspn(o->message, "\n"), o->message);
		return 0;
	}
	if (allowed(r, c, o, &by, err) == -1 ||
	    raid_repo_commit_make(r->repo, o, hex, err) == -1)
		return -1;
	return record(r, c, hex, o->message, by, err);
}

static int
try_commit(struct run *r, const struct candidate *c, struct raid_err *err)
{
	const struct raid_member *m = raid_roster_find(&r->roster,
	    c->patch.post.author);
	struct patch_base over = { &r->s, r->repo, c->patch.base,
		&c->patch.owner };
	struct raid_place_base base = { patch_base_file, &over };
	struct raid_commit_opts o = { .base = c->patch.base,
		.now = raid_clock_now(), .no_verify = r->o->no_verify };
	char *message = make_message(r, c), *email;
	struct raid_place place;
	int ok;

	email = m != NULL && *m->email != '\0' ? raid_strf("%s", m->email) :
	    raid_strf("%s@raid.invalid", c->patch.post.author);
	if (strcmp(raid_policy_setting(&r->policy, "commit", "author",
	    "member"), "person") != 0) {
		o.author = c->patch.post.author;
		o.email = email;
	}
	o.message = message;
	ok = raid_place_apply_clean(c->patch.diff.p, c->patch.diff.len,
	    &base, &place, err);
	o.changes = &place;
	if (ok == 0)
		ok = commit(r, c, &o, err);
	else if (ok == 1)
		ok = raid_fail(err, RAID_NO, "%s changes nothing",
		    c->patch.post.tag);
	raid_place_free(&place);
	free(message);
	free(email);
	return ok;
}

/* Is a to be taken before b, of two that passed? */
static int
better(const struct options *o, const struct candidate *a,
    const struct candidate *b)
{
	if (o->pick == SMALLEST)
		return a->patch.diff.len < b->patch.diff.len;
	return o->pick == CHEAPEST && a->cost < b->cost;
}

static int
alternatives(const struct candidate *a, const struct candidate *b)
{
	return *a->patch.question != '\0' &&
	    strcmp(a->patch.question, b->patch.question) == 0;
}

/*
 * Of the candidates from i on that are alternatives of i, the one to commit;
 * n if none passed.  The others are named and done with.
 */
static size_t
choose(struct run *r, size_t i, size_t n, int *done)
{
	size_t best = n;

	for (size_t k = i; k < n; k++) {
		struct candidate *c = &r->v[k];

		if (done[k] || (k != i && (r->o->pick == ALL ||
		    !alternatives(&r->v[i], c))))
			continue;
		done[k] = 1;
		if (*c->old != '\0')
			return k;
		if (c->passed && (best == n || better(r->o, c, &r->v[best])))
			best = k;
	}
	for (size_t k = i; best < n && k < n; k++)
		if (k != best && done[k] && r->v[k].passed &&
		    r->o->pick != ALL && alternatives(&r->v[best], &r->v[k]))
			prog_warn("%s passed too, and is left: %s was taken",
			    r->v[k].patch.post.tag, r->v[best].patch.post.tag);
	return best;
}

/* A refusal is an act, too; what has failed first is what is told. */
static void
note_refusal(struct run *r, const struct candidate *c,
    const struct raid_err *why)
{
	char *result = raid_strf("refused: %s", why->msg);
	struct raid_err err;

	if (!r->o->dry && store_audit(&r->s, "commit", c->patch.post.tag,
	    r->s.member ? "policy" : "person", result, NULL, &err) == -1)
		(void)prog_say(&err);
	free(result);
}

static void
commit_all(struct run *r, size_t n)
{
	int *done = raid_calloc(n + 1, sizeof(*done)), ok;
	struct raid_err err;
	size_t k;

	for (size_t i = 0; i < n; i++) {
		if (done[i])
			continue;
		k = choose(r, i, n, done);
		if (k == n)
			continue;
		if (*r->v[k].old != '\0')
			ok = store_print(&r->s, r->v[k].old, r->o->json, &err);
		else
			ok = try_commit(r, &r->v[k], &err);
		/* Not what could not be printed: that is committed. */
		if (ok == -1 && err.code != RAID_EIO)
			note_refusal(r, &r->v[k], &err);
		r->status = raid_status_merge(r->status,
		    ok == 0 ? RAID_OK : prog_say(&err));
	}
	free(done);
}

static int
open_all(struct run *r, struct raid_err *err)
{
	if (store_open(&r->s, r->o->dir, r->o->journal, RAID_DB_WRITE, err)
	    == -1 || raid_policy_load(&r->policy, &r->s.conf, err) == -1 ||
	    team_roster(&r->s, &r->roster, err) == -1)
		return -1;
	if (r->o->yes && r->s.member)
		return raid_fail(err, RAID_EPERM, "-y is a person's word, and "
		    "%s is a member", r->s.actor);
	r->repo = raid_repo_open(r->o->dir != NULL ? r->o->dir : ".", err);
	return r->repo != NULL ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct raid_list tags = { 0 };
	struct options o = { 0 };
	struct run r = { .o = &o, .status = RAID_NO };
	struct raid_err err;
	size_t n = 0;

	prog_start(&prog);
	parse(&o, argc, argv);
	if (prog_tags(argc - optind, argv + optind, &tags, &err) == -1)
		prog_die(&err);
	if (tags.n == 0)
		return RAID_NO;
	if (open_all(&r, &err) == -1)
		prog_die(&err);
	r.v = raid_calloc(tags.n, sizeof(*r.v));
	for (size_t i = 0; i < tags.n; i++) {
		if (load(&r, tags.v[i], &r.v[n], &err) == 0) {
			n++;
			continue;
		}
		r.status = raid_status_merge(r.status, prog_say(&err));
		patch_free(&r.v[n].patch);
		r.v[n] = (struct candidate){ 0 };
	}
	commit_all(&r, n);
	for (size_t i = 0; i < n; i++)
		patch_free(&r.v[i].patch);
	free(r.v);
	raid_repo_free(r.repo);
	raid_roster_free(&r.roster);
	raid_policy_free(&r.policy);
	raid_list_free(&tags);
	store_close(&r.s);
	return prog_end(r.status);
}
