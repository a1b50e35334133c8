/* SPDX-License-Identifier: ISC */
/*
 * "// ... existing code ...": does a line only stand for others?  Its words
 * are looked at without whatever marks around them make it a comment, so
 * that the language does not matter.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "code/degrade_priv.h"

#define TEXT_MAX 160	/* bytes; a longer line says something */

/* What may stand around the words of a comment.  A quote is not among it:
 * "... unchanged" is a string. */
static const char marks[] = " \t/*#;-<!>%{}[]()@=~_|:,&+";

/* Enough with dots before or on both sides. */
static const char *const weak[] = {
	"rest of", "the rest", "existing", "unchanged", "remain", "same as",
	"as before", "omitted", "previous", "original", "other ", "truncated",
	"elided", "snip", "your code", "code here", "no change", "not shown",
	"unmodified", "untouched", "keep ", "stays the same", "more code",
	"code continues", "остальн", "без изменени",
	"существующ", "прежн", "не измен",
	"как было", "как раньше", "опущен",
	"пропущен", "тот же код", "решта",
	"без змін", "其余", "其餘", "其他", "现有", "現有",
	"剩余", "剩餘", "不变", "不變", "省略", "原有",
	"未更改", "未修改", "无需修改", "保持", "已有",
	"原来", "rest de", "restlich", "der rest", "unverändert",
	"bestehend", "vorhanden", "bisherig", "wie bisher", "wie zuvor",
	"ausgelassen", "übrig", "bleibt", "gleich", "reste d", "le reste",
	"existan", "inchangé", "sans changement", "identique", "comme avant",
	"sans modification", "omis", "resto d", "el resto", "existente",
	"sin cambios", "igual que antes", "permanece", "omitido",
	"sin modific", "restante", "sem altera", "sem mudan", "inalterad",
	"esistente", "invariat", "senza modif", "il resto", "既存",
	"残り", "変更なし", "以下", "以降", "同じ",
	"そのまま", "他の", "기존", "나머지", "변경 없음",
	"생략", "그대로", "reszta", "istniej", "bez zmian", "bez změn",
	"zbytek", "ongewijzigd", "bestaande", "oförändra", "mevcut",
	"değişiklik", "بقية", "باقي", "बाकी"
};

/* Enough without dots, when they are most of a comment. */
static const char *const strong[] = {
	"остальной код", "существующий код",
	"код без изменени", "остальная часть",
	"остальные методы",
	"остальные функции",
	"остальное без изменени", "прежний код",
	"решта коду", "існуючий код", "其余代码",
	"其他代码", "现有代码", "剩余代码", "保持不变",
	"代码不变", "此处省略", "省略其余", "其余部分",
	"原有代码", "其餘程式碼", "現有程式碼", "代码省略",
	"其余不变", "其它代码", "restlicher code", "rest des codes",
	"rest der funkt", "rest der datei", "rest bleibt", "bestehender code",
	"vorhandener code", "bisheriger code", "code bleibt", "unverändert",
	"reste du code", "reste de la fonct", "reste du fichier",
	"code existan", "reste inchangé", "code inchangé", "inchangée",
	"resto del código", "resto de la función", "resto del archivo",
	"código existente", "sin cambios", "resto del codigo",
	"codigo existente", "resto do código", "restante do código",
	"sem alterações", "resto del codice", "codice esistente",
	"既存のコード", "残りのコード", "以下省略",
	"変更なし", "以降同じ", "残りは同じ", "他のコード",
	"기존 코드", "나머지 코드", "변경 없음", "reszta kodu",
	"istniejący kod", "zbytek kódu", "bestaande code", "mevcut kod"
};

/* In English a placeholder has no other words than these: what is left out,
 * that it is, and what it is.  The second list of each needs dots. */
static const char which[] = " rest remaining remainder existing other "
    "others previous original everything ";
static const char which_dots[] = " all more prior old ";
static const char state[] = " unchanged omitted unmodified untouched intact "
    "truncated elided skipped snipped remains remain stays stay unaffected "
    "preserved ";
static const char state_dots[] = " same before shown continues kept follows "
    "brevity ";
static const char what[] = " code function functions method methods class "
    "classes file implementation implementations logic content contents body "
    "imports script module program source definition definitions handlers "
    "routes tests test component components fields properties lines "
    "statements section config configuration snippet ";
static const char filler[] = " the of is are as for here goes to not no your "
    "this that and in below above it else changes change changed from was "
    "were keep leave left be with any exactly continue up down after add put "
    "insert ";

struct words {
	size_t n, which, state, what, code;
};

static int
has(const char *list, const char *word, size_t n)
{
	char w[24];

	if (n + 3 > sizeof(w))
		return 0;
	w[0] = ' ';
	memcpy(w + 1, word, n);
	memcpy(w + 1 + n, " ", 2);
	return strstr(list, w) != NULL;
}

/* Which kinds of words there are; 0 as soon as another one is found. */
static int
sort_words(const char *text, int dotted, struct words *c)
{
	static const char between[] = " \t.,:;()[]-/*'\"`!";
	size_t n;

	*c = (struct words){ 0 };
	for (text += strspn(text, between); *text != '\0';
	    text += n + strspn(text + n, between)) {
		n = strcspn(text, between);
		c->n++;
		if (has(which, text, n))
			c->which++;
		else if (has(state, text, n))
			c->state++;
		else if (has(which_dots, text, n))
			c->which += dotted != 0;
		else if (has(state_dots, text, n))
			c->state += dotted != 0;
		else if (has(what, text, n)) {
			c->what++;
			c->code += has(" code implementation ", text, n);
		} else if (!has(filler, text, n))
			return 0;
	}
	return 1;
}

static int
holds(const char *text, const char *const *list, size_t n)
{
	for (const char *s = text; *s != '\0'; s++)
		for (size_t i = 0; i < n; i++)
			if (*s == *list[i] &&
			    strncmp(s, list[i], strlen(list[i])) == 0)
				return 1;
	return 0;
}

/* How many bytes of dots begin (or end) the text: "...", or its one sign. */
static size_t
dots(const unsigned char *p, size_t len, int end)
{
	size_t n = 0;

	for (;;) {
		const unsigned char *q = end ? p + len - n : p + n;
		size_t left = len - n;

		if (left >= 3 && memcmp(end ? q - 3 : q, "\xe2\x80\xa6",
		    3) == 0)
			n += 3;
		else if (left >= 1 && (end ? q[-1] : *q) == '.')
			n++;
		else
			return n >= 3 ? n : 0;
	}
}

/* In lower case, as far as ASCII, Latin-1 and Cyrillic go. */
static void
lower(struct raid_line l, char *out)
{
	for (size_t i = 0; i < l.len; i++) {
		unsigned char c = l.p[i], last = i > 0 ? l.p[i - 1] : 0;

		if (c < 0x80)
			c = (unsigned char)tolower(c);
		else if ((last == 0xc3 && c >= 0x80 && c <= 0x9e) ||
		    (last == 0xd0 && c >= 0x90 && c <= 0x9f))
			c += 0x20;
		else if (last == 0xd0 && c >= 0xa0 && c <= 0xaf) {
			c -= 0x20;
			out[i - 1] = (char)0xd1;
		}
		out[i] = (char)c;
	}
}

/* The line as text in lower case, its marks and dots taken off. */
struct body {
	char text[TEXT_MAX + 1];
	size_t lead, trail;	/* bytes of marks before and behind it */
	int before, after;	/* there are dots */
	int tight;		/* "...x", and no mark of a comment: perhaps
				 * an operator */
};

static int
peel(struct raid_line l, enum raid_degrade_lang lang, struct body *b)
{
	const unsigned char *first;
	size_t n, from;

	b->lead = 0;
	b->before = b->after = b->tight = 0;
	l = raid_line_strip(l);
	if (l.len > TEXT_MAX || l.len == 0)
		return 0;
	first = l.p;
	from = l.len;
	if (l.len > 4 && l.p[3] == ' ' && (memcmp(l.p, "dnl", 3) == 0 ||
	    strncasecmp((const char *)l.p, "rem", 3) == 0)) {
		l.p += 4;
		l.len -= 4;
	}
	while (l.len != 0 && (strchr(marks, *l.p) != NULL ||
	    (*l.p == '"' && lang == RAID_LANG_VIM) || (*l.p == '.' &&
	    l.len > 1 && (l.p[1] == ' ' || l.p[1] == '\\')) ||
	    (*l.p == '\'' && l.len > 1 && l.p[1] == ' ')) && *l.p != '\0') {
		l.p++;
		l.len--;
	}
	b->lead = from - l.len;
	for (b->trail = 0; l.len != 0 && l.p[l.len - 1] != '\0' &&
	    strchr(marks, l.p[l.len - 1]) != NULL; b->trail++)
		l.len--;
	n = dots(l.p, l.len, 0);
	b->before = n != 0;
	if (n == 0 && b->lead == 0)
		return 0;
	l.p += n;
	l.len -= n;
	b->tight = b->before && l.len != 0 && *l.p != ' ' &&
	    (b->lead == 0 || strchr("{(<", *first) != NULL);
	n = dots(l.p, l.len, 1);
	b->after = n != 0;
	l.len -= n;
	l = raid_line_strip(l);
	lower(l, b->text);
	b->text[l.len] = '\0';
	return 1;
}

/* Do the marks make it a comment, or an aside in brackets? */
static int
is_comment(struct raid_line l, enum raid_degrade_lang lang)
{
	static const char *const openers[] = { "/", "#", ";", "--", "%", "<!",
		"<%", "<#", "<!--", "{#", "{/", "{-", "{{", "{%", "(", "[",
		"\\", "*", "!", "@*", "=", "~", "..", "." };

	l = raid_line_strip(l);
	if (l.len != 0 && ((*l.p == '"' && lang == RAID_LANG_VIM) ||
	    *l.p == '\'' || isalpha(*l.p)))
		return 1;
	for (size_t i = 0; i < sizeof(openers) / sizeof(*openers); i++)
		if (l.len >= strlen(openers[i]) &&
		    memcmp(l.p, openers[i], strlen(openers[i])) == 0)
			return 1;
	return l.len > 2 && *l.p == '<' && l.p[l.len - 1] == '>' &&
	    memchr(l.p, ' ', l.len) != NULL;
}

static int
is_ascii(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

/* English, without dots or with them: nothing but such words, and one that
 * says what it is about. */
static int
says_only(const struct words *c, const struct body *b)
{
	if (c->n > 12)
		return 0;
	if (b->tight)
		return (c->which != 0) + (c->state != 0) + (c->what != 0) > 1;
	if (c->which != 0 && c->state != 0)
		return c->n > 2 || b->before || b->after || c->what != 0;
	if (c->what != 0 && c->state != 0)
		return b->before || b->after || (c->code != 0 && c->n < 6);
	if (c->which != 0 && c->what != 0)
		return b->before || (c->code != 0 && c->n < 6);
	return b->before && (c->which != 0 || c->state != 0);
}

static size_t
count_blanks(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == ' ';
	return n;
}

/* Dots and a word that says so, in any language. */
static int
hints(size_t words, const struct body *b)
{
	if (b->tight || (!b->before && !(b->after &&
	    !is_ascii(b->text))))
		return 0;
	return words <= (b->before && b->after ? 14 : 8) &&
	    holds(b->text, weak, sizeof(weak) / sizeof(*weak));
}

enum raid_degrade_dots
raid_degrade_dots(struct raid_line l, enum raid_degrade_lang lang)
{
	struct body b;
	struct words c;
	size_t n;

	if (!peel(l, lang, &b))
		return RAID_DOTS_NONE;
	if (*b.text == '\0')
		/* "...)" ends the parameters of a function. */
		return !b.before || (b.lead == 0 && b.trail != 0) ?
		    RAID_DOTS_NONE : b.lead != 0 ? RAID_DOTS_COMMENT :
		    RAID_DOTS_NAKED;
	if (!b.before && (b.lead == 0 || !is_comment(l, lang)))
		return RAID_DOTS_NONE;
	n = count_blanks(b.text) + 1;
	if ((sort_words(b.text, b.before || b.after, &c) &&
	    says_only(&c, &b)) || hints(n, &b))
		return b.before || b.after ? RAID_DOTS_SAID : RAID_DOTS_WORDS;
	if (n <= 6 && strlen(b.text) <= 80 && holds(b.text, strong,
	    sizeof(strong) / sizeof(*strong)))
		return RAID_DOTS_WORDS;
	return RAID_DOTS_NONE;
}
