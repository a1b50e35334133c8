/* SPDX-License-Identifier: ISC */
/* What an answer says beside its edits. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/fence.h"
#include "code/degrade_priv.h"

/* That something goes, or goes elsewhere: beginnings of words. */
static const char *const removal[] = {
	"remov", "delete", "deleti", "drop", "obsolet", "no longer", "unused",
	"rid of", "revert", "replac", "renam", "move", "moving", "merge",
	"consolidat", "refactor", "rewrit", "rework", "disable", "disabling",
	"deprecat", "eliminat", "prune", "purge", "unneeded", "unnecessary",
	"redundan", "superfluous", "dead code", "strip ", "cleanup",
	"clean up", "cleaned up", "discard", "dedup", "duplicate",
	"duplication", "удал", "убра", "убир", "заме",
	"переимен", "перене", "объедин", "entfern",
	"lösch", "ersetz", "umbenann", "verschob", "gestrichen", "supprim",
	"enlev", "retir", "remplac", "renomm", "déplac", "elimin", "borra",
	"quita", "quité", "reemplaz", "renombr", "movid", "excluí",
	"删除", "移除", "去掉", "去除", "替换", "重命名",
	"移动", "合并", "刪除", "替換", "清理", "削除",
	"置き換え", "移動", "統合", "삭제", "제거", "usuń",
	"usuni", "rimoss", "rimoz", "verwijder"
};

static int
starts(const struct raid_line *l, const char *s)
{
	size_t n = strlen(s);

	return l->len >= n && memcmp(l->p, s, n) == 0;
}

/* A line that belongs to a diff once it has begun? */
static int
in_diff(const struct raid_line *l)
{
	static const char *const heads[] = { "index ", "new file mode",
		"deleted file mode", "old mode", "new mode", "similarity ",
		"dissimilarity ", "rename ", "copy ", "Binary ", "GIT " };

	if (l->len == 0 || strchr(" +-@\\\n\r", *l->p) != NULL)
		return 1;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (starts(l, heads[i]))
			return 1;
	return 0;
}

/* The words between two fences, without diffs and blocks. */
static void
take(struct raid_degrade_speech *s, struct raid_line text)
{
	const char *until = NULL;
	struct raid_line l;
	int diff = 0;

	while (raid_degrade_line(&text, &l)) {
		if (until != NULL) {
			if (starts(&l, until))
				until = NULL;
			continue;
		}
		if (starts(&l, "<<<<<<< ")) {
			until = ">>>>>>> ";
			continue;
		}
		if (starts(&l, "*** Begin Patch")) {
			until = "*** End Patch";
			continue;
		}
		if (starts(&l, "diff --git ") || starts(&l, "@@ ") ||
		    (starts(&l, "--- ") && text.len > 4 &&
		    memcmp(text.p, "+++ ", 4) == 0))
			diff = 1;
		else if (diff && !in_diff(&l))
			diff = 0;
		if (!diff)
			raid_buf_add(&s->raw, l.p, l.len);
	}
}

static const unsigned char *
find_any(const unsigned char *p, size_t len, const char *const *list, size_t n)
{
	const unsigned char *at;

	for (size_t i = 0; i < n; i++)
		if ((at = memmem(p, len, list[i], strlen(list[i]))) != NULL)
			return at;
	return NULL;
}

/* "the tests pass" speaks of no test that goes. */
static int
is_praise(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "pass", "succe", "green", "ok" };

	return find_any(p, len < 24 ? len : 24, words,
	    sizeof(words) / sizeof(*words)) != NULL;
}

/* Does one part of a sentence, up to a mark, speak of tests that go? */
static int
part_says(const unsigned char *p, size_t len)
{
	static const char *const tests[] = { "test", "assert", "spec", "case",
		"тест", "测试", "測試", "用例", "テスト", "테스트", "prueb",
		"prüf" };
	static const char *const offs[] = { "skip", "flaky", "ignor",
		"comment out", "commented out", "rip out", "cut " };
	const unsigned char *at;

	at = find_any(p, len, tests, sizeof(tests) / sizeof(*tests));
	if (at == NULL || is_praise(at, len - (size_t)(at - p)))
		return 0;
	return find_any(p, len, removal, sizeof(removal) / sizeof(*removal)) !=
	    NULL || find_any(p, len, offs, sizeof(offs) / sizeof(*offs)) !=
	    NULL;
}

/* Part by part; a line may break anywhere in it. */
static int
says_tests_go(const struct raid_buf *b)
{
	size_t from = 0;

	for (size_t i = 0; i <= b->len; i++)
		if (i == b->len || strchr(",;:!?", b->p[i]) != NULL ||
		    (b->p[i] == '.' && isspace(b->p[i + 1])) ||
		    (b->p[i] == '\n' && b->p[i + 1] == '\n')) {
			if (part_says(b->p + from, i - from))
				return 1;
			from = i;
		}
	return 0;
}

void
raid_degrade_listen(struct raid_degrade_speech *s, const void *p, size_t len)
{
	const unsigned char *t = p;
	struct raid_fence f;
	size_t pos = 0, from = 0;

	raid_buf_init(&s->raw, RAID_EDITS_TEXT_MAX);
	raid_buf_init(&s->words, RAID_EDITS_TEXT_MAX);
	while (raid_fence_next(t, len, &pos, &f)) {
		take(s, (struct raid_line){ t + from, f.start - from });
		from = f.end;
	}
	take(s, (struct raid_line){ t + from, len - from });
	for (size_t i = 0; i < s->raw.len; i++)
		raid_buf_addc(&s->words, s->raw.p[i] < 0x80 ?
		    (unsigned char)tolower(s->raw.p[i]) : s->raw.p[i]);
	s->removal = find_any(s->words.p, s->words.len, removal,
	    sizeof(removal) / sizeof(*removal)) != NULL;
	s->tests = says_tests_go(&s->words);
}

static int
is_name(unsigned char c)
{
	return isalnum(c) || c == '_' || c == '$' || c >= 0x80;
}

int
raid_degrade_speaks(const struct raid_degrade_speech *s, const void *name,
    size_t len)
{
	const unsigned char *p = s->raw.p, *end = p + s->raw.len, *at;

	if (len == 0)
		return 0;
	for (; (at = memmem(p, (size_t)(end - p), name, len)) != NULL;
	    p = at + 1)
		if ((at == s->raw.p || !is_name(at[-1])) &&
		    (at + len == end || !is_name(at[len])))
			return 1;
	return 0;
}
