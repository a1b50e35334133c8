/* SPDX-License-Identifier: ISC */
/*
 * Hostile replies, first part: names that lead where nobody may write.
 * Nothing of the tree may change, not even what is honest in the reply.
 */
#include <string.h>

#include "cases.h"

static const char text_[] = "#!/bin/sh\necho hello from the reply\n";

/* A tree and, every other time, an honest edit to begin with.  0: no. */
int
hostile_begin(struct make *m, int honest)
{
	if (!one(m) || !cut(m) || !tame(m->f) || !plain_text(m) ||
	    m->c[0].n == 0)
		return 0;
	for (size_t i = 0; i < m->rest.n; i++)
		if (strncmp(m->rest.v[i].path, m->f->path,
		    strlen(m->f->path)) == 0)
			return 0;
	prose(m, 0, m->f->path);
	for (size_t i = 0; i < m->c[0].n; i++)
		if (!decidable(&m->c[0], &m->c[0].v[i], 1))
			honest = 0;
	if (honest && upto(m, 2)) {
		show_form(m, DIFF, &m->c[0]);
		prose(m, 1, m->f->path);
	}
	return 1;
}

/* The trees: what was must stay. */
int
hostile_end(struct make *m)
{
	m->want = REFUSED;
	if (!finish_trees(m))
		return 0;
	m->after = m->before;
	return 1;
}

static void
node(struct make *m, const char *path, unsigned mode, const char *data)
{
	struct node *v = mem((m->rest.n + 1) * sizeof(*v));

	memcpy(v, m->rest.v, m->rest.n * sizeof(*v));
	v[m->rest.n] = (struct node){ path, mode, str(data) };
	m->rest.v = v;
	m->rest.n++;
}

static enum form
any_form(struct make *m)
{
	return (enum form)(DIFF + upto(m, 4));
}

/*
 * A new file, in any form that makes it one: a line over a fence is a path
 * only when it looks like one.
 */
static void
new_file(struct make *m, const char *path)
{
	enum form form = any_form(m);

	for (const char *p = path; *p != '\0'; p++)
		if (*p <= ' ')
			form = DIFF;
	if (form == WHOLE && strpbrk(path, "./") == NULL)
		form = DIFF;
	show_new(m, form, path, text_);
}

/* A new file at one of the paths. */
static int
new_at(struct make *m, const char *const *paths, size_t n)
{
	if (!hostile_begin(m, 1))
		return 0;
	m->path_inside = (int)upto(m, 2);
	m->names = upto(m, 2) ? NAMES_GIT : NAMES_PLAIN;
	new_file(m, paths[upto(m, n)]);
	return hostile_end(m);
}

#define NEW_AT(name, ...) \
int \
name(struct make *m) \
{ \
	static const char *const v[] = { __VA_ARGS__ }; \
	m->git = 1; \
	return new_at(m, v, sizeof(v) / sizeof(*v)); \
}

NEW_AT(h_dotdot, "../evil.txt", "docs/../../evil.txt", "../outside/secret",
    "./../evil.txt", "a/b/../../../evil.txt")
NEW_AT(h_absolute, "@WORK@/evil.txt", "@WORK@/outside/secret",
    "/@WORK@/evil.txt", "@WORK@/root/evil.txt")
NEW_AT(h_git, ".git/hooks/pre-commit", ".git/config", ".git/info/attributes",
    "sub/.git/config", ".git/objects/info/alternates")
NEW_AT(h_git_case, ".GIT/hooks/pre-commit", ".Git/config", ".gIT/HEAD")
NEW_AT(h_git_tail, ".git./config", ".git /config", ".git. ./config",
    "sub/.git.../hooks/x")
NEW_AT(h_git_short, "git~1/config", "GIT~1/hooks/post-checkout", "sub/git~1/x")
NEW_AT(h_git_backslash, ".git\\config", ".git\\hooks\\pre-commit",
    "sub\\.git\\config", "..\\evil.txt")
NEW_AT(h_git_unicode, ".g\u200cit/config", ".gi\u200dt/config",
    ".git\ufeff/config", ".g\u200eit/hooks/x")
NEW_AT(h_git_stream, ".git::$INDEX_ALLOCATION/config", ".git:x/config",
    ".git::$DATA")
NEW_AT(h_git_itself, ".git", ".GIT", "sub/.git")
NEW_AT(h_raid, ".raid/journal.db", ".raid/policy.json", ".raid/array.json",
    ".raid/members/x")
NEW_AT(h_raid_case, ".RAID/policy.json", ".Raid/array.json")
NEW_AT(h_control_name, "a\x01" "b.txt", "bell\a.sh",
    "esc\x1b[2J.sh")

/* A line end or NUL in a name, in quotes as git has them, and bare. */
int
h_line_name(struct make *m)
{
	static const char *const names[] = { "\"b/a\\nb.txt\"",
	    "\"b/x\\000y.txt\"", "\"b/cr\\r.txt\"", "\"b/a\\012../evil\"" };

	if (!hostile_begin(m, 1))
		return 0;
	putf(&m->o, "```diff\n--- /dev/null\n+++ %s\n@@ -0,0 +1 @@\n+x\n"
	    "```\n", names[upto(m, 4)]);
	return hostile_end(m);
}

int
h_nul_name(struct make *m)
{
	if (!hostile_begin(m, 1))
		return 0;
	puts_(&m->o, "```diff\n--- /dev/null\n+++ b/ok.txt");
	put(&m->o, "\0/../evil.txt\n", 14);
	puts_(&m->o, "@@ -0,0 +1 @@\n+x\n```\n");
	return hostile_end(m);
}

int
h_submodule(struct make *m)
{
	node(m, "vendor/ext", 0160000, "");
	if (!hostile_begin(m, 1))
		return 0;
	new_file(m, upto(m, 3) ? "vendor/ext/new.txt" :
	    "vendor/ext");
	return hostile_end(m);
}

int
h_link_dir(struct make *m)
{
	node(m, "out", 0120000, "../outside");
	node(m, "docs/real/x.txt", 0100644, "x\n");
	node(m, "in", 0120000, "docs/real");
	if (!hostile_begin(m, 1))
		return 0;
	new_file(m, upto(m, 2) ? "out/evil.txt" : "in/evil.txt");
	return hostile_end(m);
}

int
h_link_file(struct make *m)
{
	struct file f = { "settings.txt", "settings.txt", 0100644, 0100644,
	    str("secret\n"), str("changed\n") };
	struct change c;

	node(m, "settings.txt", 0120000, "../outside/secret");
	if (!hostile_begin(m, 1) || change_make(&c, &f, 3) == -1)
		return 0;
	show_form(m, any_form(m), &c);
	return hostile_end(m);
}

int
h_link_dangling(struct make *m)
{
	node(m, "gone.txt", 0120000, upto(m, 2) ? "../outside/new.txt" :
	    "nowhere.txt");
	if (!hostile_begin(m, 1))
		return 0;
	new_file(m, "gone.txt");
	return hostile_end(m);
}

static void
special(struct make *m, const char *path, const char *mode,
    const char *content)
{
	putf(&m->o, "```diff\ndiff --git a/%s b/%s\nnew file mode %s\n"
	    "index 0000000..1a2b3c4\n--- /dev/null\n+++ b/%s\n"
	    "@@ -0,0 +1 @@\n+%s\n\\ No newline at end of file\n```\n\n", path,
	    path, mode, path, content);
}

int
h_link_new(struct make *m)
{
	if (!hostile_begin(m, 1))
		return 0;
	special(m, "shortcut", "120000", upto(m, 2) ? "../outside/secret" :
	    "README");
	return hostile_end(m);
}

int
h_link_used(struct make *m)
{
	if (!hostile_begin(m, 1))
		return 0;
	special(m, "cache", "120000", "../outside");
	new_file(m, "cache/evil.txt");
	return hostile_end(m);
}

int
h_gitlink(struct make *m)
{
	if (!hostile_begin(m, 1))
		return 0;
	special(m, "vendor/lib", "160000", "Subproject commit "
	    "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d");
	return hostile_end(m);
}

int
h_odd_mode(struct make *m)
{
	static const char *const modes[] = { "104755", "040000", "020666",
	    "010644", "060644", "999999", "-1" };

	if (!hostile_begin(m, 1))
		return 0;
	special(m, "tool", modes[upto(m, 7)], "text");
	return hostile_end(m);
}

/* A file becomes a link by its mode. */
int
h_mode_to_link(struct make *m)
{
	if (!hostile_begin(m, 0))
		return 0;
	putf(&m->o, "```diff\ndiff --git a/%s b/%s\nold mode 100644\n"
	    "new mode 120000\n```\n", m->f->path, m->f->path);
	return hostile_end(m);
}

int
h_rename_out(struct make *m)
{
	static const char *const to[] = { "../evil.txt", ".git/config",
	    "@WORK@/evil.txt", ".raid/x", ".git/hooks/post-commit" };
	const char *p = to[upto(m, 5)];

	m->git = 1;
	if (!hostile_begin(m, 0))
		return 0;
	if (upto(m, 2))
		putf(&m->o, "```diff\ndiff --git a/%s b/%s\n"
		    "similarity index 100%%\nrename from %s\nrename to %s\n"
		    "```\n", m->f->path, p, m->f->path, p);
	else
		putf(&m->o, "*** Begin Patch\n*** Update File: %s\n"
		    "*** Move to: %s\n@@\n-%.*s\n+%.*s!\n*** End Patch\n",
		    m->f->path, p, (int)m->c[0].old.v[0].n,
		    m->c[0].old.v[0].p, (int)m->c[0].old.v[0].n,
		    m->c[0].old.v[0].p);
	return hostile_end(m);
}

int
h_rename_onto(struct make *m)
{
	node(m, "taken.txt", 0100644, "this is there already\n");
	if (!hostile_begin(m, 0))
		return 0;
	m->f->new_path = "taken.txt";
	show_form(m, upto(m, 2) ? DIFF : CODEX, &m->c[0]);
	m->f->new_path = m->f->path;
	return hostile_end(m);
}

/* The path of a file used as a folder, or the other way round. */
int
h_file_folder(struct make *m)
{
	node(m, "plain.txt", 0100644, "a file\n");
	node(m, "folder/x.txt", 0100644, "in a folder\n");
	if (!hostile_begin(m, 1))
		return 0;
	new_file(m, upto(m, 2) ? "plain.txt/new.txt" : "folder");
	return hostile_end(m);
}

int
h_both(struct make *m)
{
	if (!hostile_begin(m, 1))
		return 0;
	new_file(m, "fresh");
	new_file(m, "fresh/inner.txt");
	return hostile_end(m);
}

int
h_create_over(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };

	node(m, "present.txt", 0100644, "one\ntwo\nthree\n");
	if (!hostile_begin(m, 1))
		return 0;
	show_new(m, forms[upto(m, 3)], "present.txt", text_);
	return hostile_end(m);
}

/* Two versions of one new file. */
int
h_twice(struct make *m)
{
	if (!hostile_begin(m, 1))
		return 0;
	new_file(m, "fresh.sh");
	prose(m, 1, "fresh.sh");
	show_new(m, any_form(m), "fresh.sh", "#!/bin/sh\necho otherwise\n");
	return hostile_end(m);
}

int
h_missing(struct make *m)
{
	const char *path;

	if (!hostile_begin(m, 0))
		return 0;
	path = m->f->path;
	m->f->path = m->f->new_path = "not/there.txt";
	show_form(m, upto(m, 3) ? DIFF : CODEX, &m->c[0]);
	m->f->path = m->f->new_path = path;
	return hostile_end(m);
}
