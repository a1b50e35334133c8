/* SPDX-License-Identifier: ISC */
/* The kinds of cases, and how one is built. */
#include <string.h>

#include "cases.h"

/* Steps up to CUT come before the hunks are cut. */
int
cut(struct make *m)
{
	return changes_make(m);
}

const struct kind kinds[] = {
	/* Unified diffs that a careful person places without a doubt. */
	{ "diff-git", CLEAR, DIFF, { cut } },
	{ "diff-tilde", CLEAR, DIFF, { cut, tilde } },
	{ "diff-four", CLEAR, DIFF, { cut, four, info_patch } },
	{ "diff-unfenced", CLEAR, DIFF, { cut, unfenced } },
	{ "diff-list", CLEAR, DIFF, { cut, listed } },
	{ "diff-cited", CLEAR, DIFF, { cut, cited } },
	{ "diff-info-none", CLEAR, DIFF, { cut, info_none, plain_names } },
	{ "diff-info-title", CLEAR, DIFF, { cut, info_path } },
	{ "diff-one-fence", CLEAR, DIFF, { many, cut, one_fence } },
	{ "diff-fences", CLEAR, DIFF, { many, cut, plain_names } },
	{ "diff-plain", CLEAR, DIFF, { cut, plain_names, alone } },
	{ "diff-bare", CLEAR, DIFF, { cut, bare_names } },
	{ "diff-dot", CLEAR, DIFF, { cut, dot_names } },
	{ "diff-time", CLEAR, DIFF, { cut, time_names } },
	{ "diff-index", CLEAR, DIFF, { one, cut, index_names } },
	{ "diff-svn", CLEAR, DIFF, { one, cut, svn_names } },
	{ "diff-mail", CLEAR, DIFF, { cut, mailed } },
	{ "diff-numbers", CLEAR, DIFF, { cut, wrong_numbers } },
	{ "diff-counts", CLEAR, DIFF, { cut, wrong_counts } },
	{ "diff-dots", CLEAR, DIFF, { cut, dots } },
	{ "diff-empty", CLEAR, DIFF, { cut, empty_head } },
	{ "diff-short", CLEAR, DIFF, { cut, short_head } },
	{ "diff-name", CLEAR, DIFF, { cut, name_head, plain_names } },
	{ "diff-crlf-reply", CLEAR, DIFF, { cut, crlf_reply } },
	{ "diff-crlf-file", CLEAR, DIFF, { crlf_file, cut } },
	{ "diff-crlf-both", CLEAR, DIFF, { crlf_file, cut, crlf_reply } },
	{ "diff-no-eol", CLEAR, DIFF, { no_eol_file, cut } },
	{ "diff-no-marker", CLEAR, DIFF, { no_eol_file, cut, no_marker,
	    unique } },
	{ "diff-bare-blank", CLEAR, DIFF, { cut, bare_blanks } },
	{ "diff-context0", CLEAR, DIFF, { context0, cut, unique } },
	{ "diff-context1", CLEAR, DIFF, { context1, cut, unique } },
	{ "diff-context9", CLEAR, DIFF, { context9, cut } },
	{ "diff-split", CLEAR, DIFF, { cut, fence_each } },
	{ "diff-mode", CLEAR, DIFF, { mode_changed, cut } },
	{ "diff-rename", CLEAR, DIFF, { renamed, cut } },
	{ "diff-rename-only", CLEAR, DIFF, { renamed_only, cut } },
	{ "diff-delete", CLEAR, DIFF, { deleted, cut } },
	{ "diff-new", CLEAR, DIFF, { created, cut } },
	{ "diff-new-plain", CLEAR, DIFF, { created, cut, plain_names } },
	{ "diff-odd-name", CLEAR, DIFF, { odd_name, cut } },
	{ "diff-bom", CLEAR, DIFF, { bom_file, cut } },
	{ "diff-latin1", CLEAR, DIFF, { latin1_file, cut } },
	{ "diff-mixed", CLEAR, DIFF, { mixed_file, cut } },
	{ "diff-filled", CLEAR, DIFF, { filled, cut } },
	{ "diff-noise", CLEAR, DIFF, { cut, noisy } },
	{ "diff-twin", CLEAR, DIFF, { twins, cut } },
	{ "diff-done", CLEAR, DIFF, { cut, done_before } },
	/* Blocks, Codex patches, whole files. */
	{ "block-before", CLEAR, BLOCK, { cut, unique } },
	{ "block-inside", CLEAR, BLOCK, { cut, unique, inside } },
	{ "block-unfenced", CLEAR, BLOCK, { cut, unique, unfenced } },
	{ "block-several", CLEAR, BLOCK, { cut, unique, several } },
	{ "block-fences", CLEAR, BLOCK, { cut, unique, fence_each } },
	{ "block-backwards", CLEAR, BLOCK, { cut, unique, backwards } },
	{ "block-context0", CLEAR, BLOCK, { context0, cut, unique } },
	{ "block-new", CLEAR, BLOCK, { created, cut, unique } },
	{ "block-crlf-file", CLEAR, BLOCK, { crlf_file, cut, unique } },
	{ "block-crlf-reply", CLEAR, BLOCK, { cut, unique, crlf_reply } },
	{ "block-no-eol", CLEAR, BLOCK, { no_eol_file, cut, unique } },
	{ "block-list", CLEAR, BLOCK, { cut, unique, listed } },
	{ "block-noise", CLEAR, BLOCK, { cut, unique, noisy } },
	{ "block-done", CLEAR, BLOCK, { cut, done_before } },
	{ "codex", CLEAR, CODEX, { cut, unique } },
	{ "codex-anchor", CLEAR, CODEX, { cut, unique, anchored } },
	{ "codex-unfenced", CLEAR, CODEX, { cut, unique, unfenced } },
	{ "codex-many", CLEAR, CODEX, { many, cut, unique } },
	{ "codex-add", CLEAR, CODEX, { created, cut } },
	{ "codex-delete", CLEAR, CODEX, { deleted, cut } },
	{ "codex-move", CLEAR, CODEX, { renamed, cut, unique } },
	{ "codex-eof", CLEAR, CODEX, { cut, unique, at_eof } },
	{ "codex-crlf-file", CLEAR, CODEX, { crlf_file, cut, unique } },
	{ "codex-noise", CLEAR, CODEX, { cut, unique, noisy } },
	{ "codex-done", CLEAR, CODEX, { cut, done_before } },
	{ "whole-above", CLEAR, WHOLE, { cut } },
	{ "whole-info", CLEAR, WHOLE, { cut, inside } },
	{ "whole-new", CLEAR, WHOLE, { created, cut, inside } },
	{ "whole-crlf-file", CLEAR, WHOLE, { crlf_file, cut } },
	{ "whole-bom", CLEAR, WHOLE, { bom_file, cut } },
	{ "whole-no-eol", CLEAR, WHOLE, { no_eol_file, cut, inside } },
	{ "whole-nested", CLEAR, WHOLE, { nested, cut, four } },
	{ "whole-noise", CLEAR, WHOLE, { cut, noisy } },
	{ "whole-done", CLEAR, WHOLE, { cut, done_before } },
	/* What needs tolerance. */
	{ "hard-drop", HARD, DIFF, { cut, drop } },
	{ "hard-invent", HARD, DIFF, { cut, invent } },
	{ "hard-reword", HARD, DIFF, { cut, reword } },
	{ "hard-reword2", HARD, DIFF, { cut, reword, reword, dots } },
	{ "hard-drop-invent", HARD, DIFF, { cut, drop, invent } },
	{ "hard-merge", HARD, DIFF, { cut, merge } },
	{ "hard-context9-drop", HARD, DIFF, { context9, cut, drop, drop } },
	{ "hard-backwards", HARD, DIFF, { cut, fence_each, backwards } },
	{ "hard-shift-in", HARD, DIFF, { cut, shift_in } },
	{ "hard-shift-out", HARD, DIFF, { cut, shift_out } },
	{ "hard-blanks-lost", HARD, DIFF, { trailing, cut, blanks_lost } },
	{ "hard-blanks-added", HARD, DIFF, { cut, blanks_added } },
	{ "hard-spaces2", HARD, DIFF, { cut, to_spaces2 } },
	{ "hard-spaces4", HARD, DIFF, { cut, to_spaces4 } },
	{ "hard-spaces8", HARD, DIFF, { cut, to_spaces8 } },
	{ "hard-tabs", HARD, DIFF, { cut, to_tabs } },
	{ "hard-quotes-old", HARD, DIFF, { cut, quotes_old } },
	{ "hard-quotes-all", HARD, DIFF, { cut, quotes_all } },
	{ "hard-dashes", HARD, DIFF, { cut, dashes_old } },
	{ "hard-nbsp-old", HARD, DIFF, { cut, nbsp_old } },
	{ "hard-nbsp-all", HARD, DIFF, { cut, nbsp_all } },
	{ "hard-html", HARD, DIFF, { cut, html_all } },
	{ "hard-twin-near", HARD, DIFF, { twins, cut, near_numbers } },
	{ "hard-twin-section", HARD, DIFF, { twin_heads, cut, section_head } },
	{ "hard-combined", HARD, DIFF, { cut, combine } },
	{ "hard-combined-crlf", HARD, DIFF, { crlf_file, cut, combine } },
	{ "hard-drop-blanks", HARD, DIFF, { trailing, cut, blanks_lost,
	    drop } },
	{ "hard-block-shift-in", HARD, BLOCK, { cut, shift_in } },
	{ "hard-block-shift-out", HARD, BLOCK, { cut, shift_out } },
	{ "hard-block-blanks", HARD, BLOCK, { trailing, cut, blanks_lost } },
	{ "hard-block-bar", HARD, BLOCK, { cut, unique, bar_numbers } },
	{ "hard-block-colon", HARD, BLOCK, { cut, unique, colon_numbers } },
	{ "hard-block-spaces4", HARD, BLOCK, { cut, to_spaces4 } },
	{ "hard-block-spaces8", HARD, BLOCK, { cut, to_spaces8 } },
	{ "hard-block-tabs", HARD, BLOCK, { cut, to_tabs } },
	{ "hard-block-quotes", HARD, BLOCK, { cut, quotes_all } },
	{ "hard-block-html", HARD, BLOCK, { cut, html_all } },
	{ "hard-block-dressed", HARD, BLOCK, { cut, unique, dressed } },
	{ "hard-block-inherit", HARD, BLOCK, { cut, unique, inherited } },
	{ "hard-codex-twin", HARD, CODEX, { twin_heads, cut,
	    section_anchor } },
	{ "hard-codex-reword", HARD, CODEX, { cut, reword } },
	{ "hard-codex-drop", HARD, CODEX, { cut, drop } },
	{ "hard-codex-blanks", HARD, CODEX, { trailing, cut, blanks_lost } },
	{ "hard-codex-shift", HARD, CODEX, { cut, shift_out } },
	{ "hard-codex-quotes", HARD, CODEX, { cut, quotes_old } },
	{ "hard-whole-dressed", HARD, WHOLE, { cut, dressed } },
	/* Nobody can tell: placed rightly or refused. */
	{ "either-drop-beside", EITHER, DIFF, { cut, drop_beside } },
	{ "either-block-reword", EITHER, BLOCK, { cut, reword } },
	{ "either-prefix-diff", EITHER, DIFF, { one, cut, broken_off } },
	{ "either-prefix-crlf", EITHER, DIFF, { one, cut, broken_off,
	    crlf_reply } },
	{ "either-prefix-block", EITHER, BLOCK, { one, cut, broken_off } },
	{ "either-prefix-codex", EITHER, CODEX, { one, cut, broken_off } },
	{ "either-prefix-whole", EITHER, WHOLE, { one, cut, broken_off } },
	{ "either-prefix-new", EITHER, CODEX, { created, cut, broken_off } },
	{ "either-context0", EITHER, DIFF, { context0, cut } },
	{ "either-huge", EITHER, DIFF, { cut, huge_numbers } },
	/* To be refused, all of them. */
	{ "hostile-dotdot", HOSTILE, ANY, { h_dotdot } },
	{ "hostile-absolute", HOSTILE, ANY, { h_absolute } },
	{ "hostile-git", HOSTILE, ANY, { h_git } },
	{ "hostile-git-case", HOSTILE, ANY, { h_git_case } },
	{ "hostile-git-tail", HOSTILE, ANY, { h_git_tail } },
	{ "hostile-git-short", HOSTILE, ANY, { h_git_short } },
	{ "hostile-git-backslash", HOSTILE, ANY, { h_git_backslash } },
	{ "hostile-git-unicode", HOSTILE, ANY, { h_git_unicode } },
	{ "hostile-git-stream", HOSTILE, ANY, { h_git_stream } },
	{ "hostile-git-itself", HOSTILE, ANY, { h_git_itself } },
	{ "hostile-raid", HOSTILE, ANY, { h_raid } },
	{ "hostile-raid-case", HOSTILE, ANY, { h_raid_case } },
	{ "hostile-control-name", HOSTILE, ANY, { h_control_name } },
	{ "hostile-line-name", HOSTILE, ANY, { h_line_name } },
	{ "hostile-nul-name", HOSTILE, ANY, { h_nul_name } },
	{ "hostile-submodule", HOSTILE, ANY, { h_submodule } },
	{ "hostile-link-dir", HOSTILE, ANY, { h_link_dir } },
	{ "hostile-link-file", HOSTILE, ANY, { h_link_file } },
	{ "hostile-link-dangling", HOSTILE, ANY, { h_link_dangling } },
	{ "hostile-link-new", HOSTILE, ANY, { h_link_new } },
	{ "hostile-link-used", HOSTILE, ANY, { h_link_used } },
	{ "hostile-gitlink", HOSTILE, ANY, { h_gitlink } },
	{ "hostile-odd-mode", HOSTILE, ANY, { h_odd_mode } },
	{ "hostile-mode-to-link", HOSTILE, ANY, { h_mode_to_link } },
	{ "hostile-rename-out", HOSTILE, ANY, { h_rename_out } },
	{ "hostile-rename-onto", HOSTILE, ANY, { h_rename_onto } },
	{ "hostile-file-folder", HOSTILE, ANY, { h_file_folder } },
	{ "hostile-both", HOSTILE, ANY, { h_both } },
	{ "hostile-create-over", HOSTILE, ANY, { h_create_over } },
	{ "hostile-twice", HOSTILE, ANY, { h_twice } },
	{ "hostile-missing", HOSTILE, ANY, { h_missing } },
	{ "hostile-cut-diff", HOSTILE, ANY, { h_cut_diff } },
	{ "hostile-cut-unfenced", HOSTILE, ANY, { h_cut_unfenced } },
	{ "hostile-cut-search", HOSTILE, ANY, { h_cut_search } },
	{ "hostile-cut-replace", HOSTILE, ANY, { h_cut_replace } },
	{ "hostile-cut-codex", HOSTILE, ANY, { h_cut_codex } },
	{ "hostile-cut-whole", HOSTILE, ANY, { h_cut_whole } },
	{ "hostile-cut-second", HOSTILE, ANY, { h_cut_second } },
	{ "hostile-alternatives", HOSTILE, ANY, { h_alternatives } },
	{ "hostile-ambiguous", HOSTILE, ANY, { h_ambiguous } },
	{ "hostile-minus", HOSTILE, ANY, { h_minus } },
	{ "hostile-stale", HOSTILE, ANY, { h_stale } },
	{ "hostile-other-file", HOSTILE, ANY, { h_other_file } },
	{ "hostile-delete-other", HOSTILE, ANY, { h_delete_other } },
	{ "hostile-binary", HOSTILE, ANY, { h_binary } },
	{ "hostile-no-file", HOSTILE, ANY, { h_no_file } },
	{ "hostile-none", HOSTILE, ANY, { h_none } },
	{ "hostile-placeholder", HOSTILE, ANY, { h_placeholder } },
	{ "hostile-placeholder-edit", HOSTILE, ANY, { h_placeholder_edit } },
	{ "hostile-shrunk", HOSTILE, ANY, { h_shrunk } },
	{ "hostile-lost", HOSTILE, ANY, { h_lost } },
	{ "hostile-tests", HOSTILE, ANY, { h_tests } },
	{ "hostile-braces", HOSTILE, ANY, { h_braces } },
	{ "hostile-conflict", HOSTILE, ANY, { h_conflict } },
	{ "hostile-doubled", HOSTILE, ANY, { h_doubled } },
	{ "hostile-huge", HOSTILE, ANY, { h_huge } },
	{ "hostile-hunks", HOSTILE, ANY, { h_hunks } },
	{ "hostile-files", HOSTILE, ANY, { h_files } },
	{ "hostile-long-line", HOSTILE, ANY, { h_long_line } },
};

const size_t n_kinds = sizeof(kinds) / sizeof(*kinds);

/* In a whole file what is defined may not vanish without a word. */
static int
keeps_names(const struct change *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i].n; k++) {
			struct str s = c->v[i].v[k].s;
			size_t from, to;

			if (c->v[i].v[k].kind != '-' || (s.n > 4 &&
			    strspn(strf("%.*s", (int)s.n, s.p).p, " \t") > 4))
				continue;
			for (from = 0; from < s.n; from = to + 1) {
				to = from;
				while (to < s.n && strchr(" \t(){}[];:,.*&=",
				    s.p[to]) == NULL)
					to++;
				if (to - from > 3 && !has(c->f->new,
				    strf("%.*s", (int)(to - from),
				    s.p + from).p))
					return 0;
			}
		}
	return 1;
}

/* Can the form say this of a file? */
static int
sayable(const struct make *m, const struct change *c)
{
	const struct file *f = c->f;
	struct lines a = lines(f->old), b = lines(f->new);
	int modify = f->old_mode != 0 && f->mode != 0;
	int marked = m->form == DIFF && !m->no_marker;

	if (modify && c->n == 0 && f->mode == f->old_mode &&
	    f->path == f->new_path)
		return 0;
	if (f->mode != f->old_mode && modify && (m->form != DIFF ||
	    m->names != NAMES_GIT))
		return 0;
	if (f->path != f->new_path && !(m->form == CODEX ||
	    (m->form == DIFF && m->names == NAMES_GIT)))
		return 0;
	if (f->mode == 0 && (m->form == BLOCK || m->form == WHOLE))
		return 0;
	if (modify && a.n > 0 && b.n > 0 && a.crlf != b.crlf)
		return 0;
	if ((!m->mixed && ((!a.crlf && has(f->old, "\r")) || (!b.crlf &&
	    has(f->new, "\r")))) || (!modify && (a.crlf || b.crlf)))
		return 0;
	if (!marked && modify && a.no_eol != b.no_eol)
		return 0;
	if (!marked && f->old_mode == 0 && (b.no_eol || b.n == 0))
		return 0;
	if (modify && (b.n == 0 || (a.n == 0 && m->form != DIFF)))
		return 0;
	if (!modify && m->names != NAMES_GIT && same(f->old, f->new))
		return 0;
	if (!modify && (m->names == NAMES_INDEX || m->names == NAMES_SVN))
		return 0;
	/* A bare word need not be the name of a new file. */
	if (m->form == WHOLE && f->old_mode == 0 &&
	    strpbrk(f->new_path, "./") == NULL)
		return 0;
	if (m->form == WHOLE && (b.n > 500 || (modify && !keeps_names(c))))
		return 0;
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i].n; k++) {
			struct str s = c->v[i].v[k].s;

			if (m->form == BLOCK && (starts(s, "=======") ||
			    starts(s, "<<<<<<<") || starts(s, ">>>>>>>")))
				return 0;
			if (m->form == CODEX && starts(s, "*** "))
				return 0;
		}
	return 1;
}

/* Fill m->before and m->after from the files. */
int
finish_trees(struct make *m)
{
	m->before.v = mem((m->rest.n + m->nf + 8) * sizeof(*m->before.v));
	m->after.v = mem((m->rest.n + m->nf + 8) * sizeof(*m->after.v));
	for (size_t i = 0; i < m->rest.n; i++)
		m->before.v[m->before.n++] = m->after.v[m->after.n++] =
		    m->rest.v[i];
	for (size_t i = 0; i < m->nf; i++) {
		const struct file *f = &m->f[i];
		int told = m->form == DIFF && m->names == NAMES_GIT;

		if (f->old_mode != 0)
			m->before.v[m->before.n++] = (struct node){ f->path,
			    f->old_mode, f->old };
		/* Of a new file the mode may be left open. */
		if (f->mode != 0)
			m->after.v[m->after.n++] = (struct node){ f->new_path,
			    f->old_mode == 0 && !told ? 0100000 : f->mode,
			    f->new };
	}
	if (m->want == ALREADY)
		m->before = m->after;
	return 1;
}

/* An honest case of m->kind from m->pair.  0: this pair gives none. */
int
kind_build(struct make *m)
{
	const struct kind *k = m->kind;

	m->nf = m->pair->n;
	m->f = mem((m->nf + 4) * sizeof(*m->f));
	memcpy(m->f, m->pair->v, m->nf * sizeof(*m->f));
	m->rest = m->pair->rest;
	m->form = k->form;
	m->want = k->klass == EITHER ? PLACED_OR_REFUSED : PLACED;
	m->context = 3;
	m->fence = '`';
	m->fence_len = 3;
	m->margin = "";
	m->lang = (int)upto(m, 8);
	m->git = (int)upto(m, 2);
	for (size_t i = 0; k->op[i] != NULL; i++)
		if (!k->op[i](m) || m->fatal)
			return 0;
	if (k->klass == HOSTILE)
		return 1;
	for (size_t i = 0; i < m->nf; i++) {
		const struct change *c = &m->c[i];

		if (!tame(c->f) || !sayable(m, c))
			return 0;
	}
	if (!plain_text(m) || (m->form != WHOLE && !all_decidable(m)))
		return 0;
	show(m);
	if (m->prefix)
		m->o.n = upto(m, m->o.n);
	return finish_trees(m);
}
