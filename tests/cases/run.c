/* SPDX-License-Identifier: ISC */
/*
 * Run raid-patch on a case and judge: every byte beneath the folder counts,
 * and what lies beside it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/proc.h"
#include "cases.h"

struct ran {
	int status;		/* of the program */
	struct str out, err;
};

static void
drop_folder(const char *path)
{
	struct raid_err err;

	if (raid_path_remove(path, &err) == -1) {
		fprintf(stderr, "cases: %s\n", err.msg);
		exit(2);
	}
}

static struct str
copied(const struct raid_buf *b)
{
	return (struct str){ memcpy(mem(b->len + 1), b->p, b->len), b->len };
}

static void
run(const char *const *argv, const char *dir, struct str in, struct ran *r)
{
	struct raid_proc p;
	struct raid_proc_opts o = {
	    .argv = (char *const *)argv, .dir = dir, .in = in.p,
	    .in_len = in.n, .out_max = 256u << 20, .wall = 60 };
	struct raid_err err;

	if (raid_proc_run(&p, &o, &err) == -1) {
		fprintf(stderr, "cases: %s\n", err.msg);
		exit(2);
	}
	r->status = p.end == RAID_PROC_EXITED ? p.status : 255;
	r->out = copied(&p.out);
	r->err = copied(&p.err);
	raid_proc_free(&p);
}

/* The world of a case: the folder, something beside it, a repository. */
static void
world(const struct make *m, const char *top)
{
	struct str root = strf("%s/root", top);

	drop_folder(top);
	disk_put(root.p, &m->before);
	disk_write(strf("%s/outside/secret", top).p, str("secret\n"), 0644);
	if (!m->git)
		return;
	disk_write(strf("%s/.git/HEAD", root.p).p,
	    str("ref: refs/heads/main\n"), 0644);
	disk_write(strf("%s/.git/config", root.p).p, str("[core]\n"
	    "\trepositoryformatversion = 0\n\tbare = false\n"), 0644);
	disk_write(strf("%s/.git/objects/info/x", root.p).p, str(""), 0644);
	disk_write(strf("%s/.git/refs/heads/x", root.p).p, str(""), 0644);
}

/* Does a strict git apply make the same tree of the diff? */
static int
git_agrees(const struct make *m, const char *scratch, struct str diff)
{
	struct str top = strf("%s/git", scratch), dir = strf("%s/g", top.p);
	const char *const argv[] = { "git", "apply", "-v",
	    "--whitespace=nowarn", "-", NULL };
	struct shot s;
	struct ran r;

	drop_folder(top.p);
	disk_put(dir.p, &m->before);
	run(argv, dir.p, diff, &r);
	if (r.status != 0 || has(r.err, "offset") || has(r.err, "fuzz"))
		return 0;
	disk_shot(top.p, &s);
	return shot_is(&s, "g", &m->after);
}

static enum verdict
judge(const struct make *m, const struct ran *r, const struct shot *was,
    const struct shot *is)
{
	int still = shot_same(was, is, NULL);

	if (r->status == 0) {
		if (m->want == ALREADY)
			return still ? GOOD : WRONG;
		if (m->want == REFUSED)
			return WRONG;
		return shot_is(is, "root", &m->after) &&
		    shot_same(was, is, "root") ? GOOD : WRONG;
	}
	if (!still)
		return HALF;
	if (r->status != 1 && r->status != 65 && r->status != 77)
		return BROKEN;
	return m->want == REFUSED || m->want == PLACED_OR_REFUSED ? GOOD :
	    NOT_PLACED;
}

static void
keep(const struct make *m, const struct run_opts *o, const struct ran *r,
    struct str reply, const char *why)
{
	struct str d = strf("%s/%s/%s", o->keep, m->kind->name, m->pair->name);
	struct str from = strf("%s/top/root", o->scratch);
	struct str to = strf("%s/got", d.p);
	const char *const argv[] = { "cp", "-a", from.p, to.p, NULL };
	struct ran c;

	drop_folder(d.p);
	disk_put(strf("%s/before", d.p).p, &m->before);
	disk_put(strf("%s/want", d.p).p, &m->after);
	disk_write(strf("%s/reply.md", d.p).p, reply, 0644);
	disk_write(strf("%s/diff", d.p).p, r->out, 0644);
	disk_write(strf("%s/said", d.p).p, strf("%s: wanted %s, exit %d\n%s",
	    why, m->want == PLACED ? "placed" : m->want == REFUSED ?
	    "refused" : m->want == ALREADY ? "already applied" :
	    "placed or refused", r->status, r->err.p), 0644);
	run(argv, "/", str(""), &c);
}

enum verdict
run_case(const struct make *m, const struct run_opts *o)
{
	static const char *const names[VERDICTS] = { "good", "not placed",
	    "wrong", "half", "bad diff", "broken",
	    "changed when its diff is applied once more" };
	struct str top = strf("%s/top", o->scratch);
	struct str root = strf("%s/root", top.p);
	const char *const dry[] = { o->program, "-", NULL };
	const char *const wet[] = { o->program, "-w", "-", NULL };
	struct str reply = out_str(&m->o);
	struct ran a, b, c;
	struct shot was, is;
	enum verdict v;

	if (m->kind->klass == HOSTILE && reply.n < 1u << 20)
		reply = replace(reply, "@WORK@", top.p);
	world(m, top.p);
	disk_shot(top.p, &was);
	run(dry, root.p, reply, &a);
	disk_shot(top.p, &is);
	if (!shot_same(&was, &is, NULL)) {
		v = WRONG;	/* it was not to write */
		b = a;
	} else {
		run(wet, root.p, reply, &b);
		disk_shot(top.p, &is);
		v = judge(m, &b, &was, &is);
		if (v == GOOD && (a.status != b.status || !same(a.out, b.out)))
			v = BAD_DIFF;
		if (v == GOOD && b.status == 0 && m->want != ALREADY) {
			if (!git_agrees(m, o->scratch, b.out))
				v = BAD_DIFF;
			/* Once more it changes nothing. */
			run(wet, root.p, b.out, &c);
			disk_shot(top.p, &was);
			if (v == GOOD && !shot_same(&was, &is, NULL))
				v = ONCE;
		}
	}
	if (o->keep != NULL && (v != GOOD || o->keep_all))
		keep(m, o, &b, reply, names[v]);
	return v;
}
