/* SPDX-License-Identifier: ISC */
/* Files of patterns, after raid-redact(5). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "base/redact_priv.h"

#define FILE_BYTES_MAX ((size_t)1 << 20)
#define RULES_MAX 2000
#define BACK 64			/* where a match may begin before its word */
#define BACK_MAX 65536

struct raid_redact *
raid_redact_new(const char *key)
{
	struct raid_redact *r = raid_calloc(1, sizeof(*r));

	(void)snprintf(r->key, sizeof(r->key), "%s", key);
	r->words = raid_grow(NULL, &r->cap_words, 1, sizeof(*r->words));
	r->words[0] = (struct raid_redact_word){ 0 };
	r->n_words = 1;
	return r;
}

static void
free_rules(struct raid_redact_rule *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].kind);
		raid_list_free(&v[i].kinds);
		free(v[i].pattern);
		free(v[i].where);
		raid_match_free(v[i].m);
	}
	free(v);
}

void
raid_redact_free(struct raid_redact *r)
{
	if (r == NULL)
		return;
	free_rules(r->masks, r->n_masks);
	free_rules(r->skips, r->n_skips);
	for (size_t i = 1; i < r->n_words; i++)
		free(r->words[i].text);
	free(r->words);
	raid_list_free(&r->names);
	raid_list_free(&r->texts);
	free(r);
}

int
raid_redact_compile(struct raid_redact_rule *rule, int whole,
    struct raid_err *err)
{
	char *s;

	if (rule->m != NULL)
		return 0;
	s = whole ? raid_strf("\\A(?:%s)\\z", rule->pattern) : NULL;
	rule->m = raid_match_new(s != NULL ? s : rule->pattern, err);
	free(s);
	if (rule->m != NULL)
		return 0;
	err->code = RAID_ECONFIG;
	return raid_fail_at(err, "%s", rule->where);
}

static void
add_word(struct raid_redact *r, const char *s)
{
	struct raid_redact_word *w;
	unsigned *head;

	r->words = raid_grow(r->words, &r->cap_words, r->n_words + 1,
	    sizeof(*r->words));
	w = &r->words[r->n_words];
	*w = (struct raid_redact_word){ .text = raid_strdup(s),
		.len = strlen(s), .rule = r->n_masks };
	for (size_t i = 0; i < w->len; i++)
		if (w->text[i] >= 'A' && w->text[i] <= 'Z')
			w->text[i] += 'a' - 'A';
	head = &r->heads[(unsigned char)w->text[0] << 8 |
	    (unsigned char)w->text[1]];
	w->next = *head;
	*head = (unsigned)r->n_words++;
}

static int
is_kind(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= RAID_REDACT_KIND_MAX && s[n] == '\0';
}

/* Cut the next word off *s, "" if there is none. */
static char *
cut(char **s)
{
	char *word = *s;

	word += strspn(word, " \t");
	*s = word + strcspn(word, " \t");
	if (**s != '\0')
		*(*s)++ = '\0';
	*s += strspn(*s, " \t");
	return word;
}

/* The next "%{" that a name follows; names begin with a capital. */
static const char *
find_name(const char *s)
{
	while ((s = strstr(s, "%{")) != NULL && (s[2] < 'A' || s[2] > 'Z'))
		s += 2;
	return s;
}

/* The pattern with each %{NAME} replaced by what "let" gave it. */
static char *
expand(const struct raid_redact *r, const char *s, struct raid_err *err)
{
	const char *at, *end;
	struct raid_buf b;
	char *out;

	raid_buf_init(&b, FILE_BYTES_MAX);
	for (; (at = find_name(s)) != NULL; s = end + 1) {
		size_t i = 0, n;

		end = strchr(at, '}');
		n = end != NULL ? (size_t)(end - at) - 2 : strlen(at) - 2;
		while (i < r->names.n && (strlen(r->names.v[i]) != n ||
		    strncmp(r->names.v[i], at + 2, n) != 0))
			i++;
		if (end == NULL || i == r->names.n) {
			raid_buf_free(&b);
			raid_fail(err, RAID_ECONFIG, "no 'let' before this "
			    "line gives %.*s", (int)(n < 40 ? n + 3 : 40), at);
			return NULL;
		}
		raid_buf_add(&b, s, (size_t)(at - s));
		raid_buf_puts(&b, r->texts.v[i]);
	}
	raid_buf_puts(&b, s);
	out = b.overflow || b.len == 0 ? NULL : raid_buf_take(&b);
	if (out == NULL)
		raid_fail(err, RAID_ECONFIG, b.overflow ?
		    "the pattern is too long" : "the pattern is missing");
	raid_buf_free(&b);
	return out;
}

/* An item of the list of words: a word, or -N, how far before it a match may
 * begin. */
static int
read_word(struct raid_redact *r, struct raid_redact_rule *rule, const char *s,
    struct raid_err *err)
{
	long long n;

	if (*s == '-' && s[1] >= '0' && s[1] <= '9' &&
	    strspn(s + 1, "0123456789") == strlen(s + 1)) {
		if (raid_num_parse(s + 1, 0, BACK_MAX, &n, s, err) == -1)
			return -1;
		rule->back = (size_t)n;
		return 0;
	}
	if (strlen(s) < 2)
		return raid_fail(err, RAID_ECONFIG,
		    "the word '%s' is too short, two bytes at least", s);
	add_word(r, s);
	rule->words++;
	return 0;
}

/* mask KIND WORD,... PATTERN */
static int
read_mask(struct raid_redact *r, char *s, const char *where,
    struct raid_err *err)
{
	struct raid_redact_rule rule = { .kind = cut(&s), .back = BACK };
	struct raid_list words = { 0 };
	char *list = cut(&s);
	int ok = 0;

	if (!is_kind(rule.kind))
		return raid_fail(err, RAID_ECONFIG, "'%.60s' is no kind: "
		    "a-z, 0-9 and -, at most %d of them", rule.kind,
		    RAID_REDACT_KIND_MAX);
	rule.pattern = expand(r, s, err);
	if (rule.pattern == NULL)
		return -1;
	rule.kind = raid_strdup(rule.kind);
	rule.where = raid_strdup(where);
	if (strcmp(list, "-") != 0)
		raid_list_split(&words, list, ',');
	for (size_t i = 0; ok == 0 && i < words.n; i++)
		ok = read_word(r, &rule, words.v[i], err);
	raid_list_free(&words);
	/* Words point to it already. */
	r->masks = raid_grow(r->masks, &r->cap_masks, r->n_masks + 1,
	    sizeof(*r->masks));
	r->masks[r->n_masks++] = rule;
	return ok;
}

/* Kinds with commas between them.  One that is not there may be that of
 * another project. */
static int
read_kinds(const char *s, struct raid_list *l, struct raid_err *err)
{
	raid_list_split(l, s, ',');
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], "*") != 0 && !is_kind(l->v[i]))
			return raid_fail(err, RAID_ECONFIG,
			    "'%.60s' is no kind", l->v[i]);
	if (l->n == 0)
		return raid_fail(err, RAID_ECONFIG, "the kind is missing");
	return 0;
}

/* skip KIND,... PATTERN */
static int
read_skip(struct raid_redact *r, char *s, const char *where,
    struct raid_err *err)
{
	struct raid_redact_rule rule = { 0 };

	if (read_kinds(cut(&s), &rule.kinds, err) == -1 ||
	    (rule.pattern = expand(r, s, err)) == NULL) {
		raid_list_free(&rule.kinds);
		return -1;
	}
	rule.where = raid_strdup(where);
	r->skips = raid_grow(r->skips, &r->cap_skips, r->n_skips + 1,
	    sizeof(*r->skips));
	r->skips[r->n_skips++] = rule;
	return 0;
}

/* off KIND,... */
static int
read_off(struct raid_redact *r, char *s, struct raid_err *err)
{
	struct raid_list kinds = { 0 };
	int ok = read_kinds(s, &kinds, err);

	for (size_t i = 0; ok == 0 && i < r->n_masks; i++)
		if (raid_list_has(&kinds, r->masks[i].kind) ||
		    raid_list_has(&kinds, "*"))
			r->masks[i].off = 1;
	raid_list_free(&kinds);
	return ok;
}

/* let NAME PATTERN; the later one of a name counts from there on. */
static int
read_let(struct raid_redact *r, char *s, struct raid_err *err)
{
	const char *name = cut(&s);
	char *text;
	size_t i = 0;

	if (*name < 'A' || *name > 'Z')
		return raid_fail(err, RAID_ECONFIG,
		    "the name '%.40s' does not begin with A to Z", name);
	text = expand(r, s, err);
	if (text == NULL)
		return -1;
	while (i < r->names.n && strcmp(r->names.v[i], name) != 0)
		i++;
	if (i == r->names.n) {
		raid_list_add(&r->names, name);
		raid_list_add(&r->texts, text);
		free(text);
	} else {
		free(r->texts.v[i]);
		r->texts.v[i] = text;
	}
	return 0;
}

static int
read_line(struct raid_redact *r, enum raid_redact_file whose, char *line,
    const char *where, struct raid_err *err)
{
	const char *verb = cut(&line);
	int weakens = strcmp(verb, "skip") == 0 || strcmp(verb, "off") == 0;

	if (weakens && whose == RAID_REDACT_PROJECT)
		return raid_fail(err, RAID_ECONFIG, "'%s' stands in the "
		    "user's own file only, ~/.config/raid/redact.txt", verb);
	if (r->n_masks + r->n_skips + r->names.n >= RULES_MAX)
		return raid_fail(err, RAID_ECONFIG, "more than %d patterns",
		    RULES_MAX);
	if (strcmp(verb, "mask") == 0)
		return read_mask(r, line, where, err);
	if (strcmp(verb, "skip") == 0)
		return read_skip(r, line, where, err);
	if (strcmp(verb, "let") == 0)
		return read_let(r, line, err);
	if (strcmp(verb, "off") == 0)
		return read_off(r, line, err);
	return raid_fail(err, RAID_ECONFIG,
	    "'%.40s' is none of mask, skip, let, off", verb);
}

/* What raid itself brings is tested; that of others is tried at once. */
static int
compile_new(struct raid_redact *r, size_t masks, size_t skips,
    struct raid_err *err)
{
	for (size_t i = masks; i < r->n_masks; i++)
		if (raid_redact_compile(&r->masks[i], 0, err) == -1)
			return -1;
	for (size_t i = skips; i < r->n_skips; i++)
		if (raid_redact_compile(&r->skips[i], 1, err) == -1)
			return -1;
	return 0;
}

/* Does the line so far lack its pattern, so that a blank belongs before it? */
static int
lacks_pattern(const struct raid_buf *b)
{
	const char *s = raid_buf_str(b);
	int words = 0, wanted = raid_str_starts(s, "mask") ? 3 : 2;

	while (*(s += strspn(s, " \t")) != '\0') {
		s += strcspn(s, " \t");
		words++;
	}
	return words > 0 && words <= wanted;
}

/* Append a line of the file; one that begins with a blank goes on the last.
 * Returns 1 if it did. */
static int
join_line(struct raid_buf *b, const char *s, size_t n)
{
	int more = n > 0 && (*s == ' ' || *s == '\t');

	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	while (more && n > 0 && isspace((unsigned char)*s))
		s++, n--;
	if (more && n > 0 && lacks_pattern(b))
		raid_buf_addc(b, ' ');
	if (more || (n > 0 && *s != '#'))
		raid_buf_add(b, s, n);
	return more;
}

int
raid_redact_add(struct raid_redact *r, enum raid_redact_file whose,
    const char *name, const char *text, struct raid_err *err)
{
	size_t masks = r->n_masks, skips = r->n_skips, line = 1, first = 1;
	struct raid_buf b;
	char where[200];
	int ok = 0;

	raid_buf_init(&b, FILE_BYTES_MAX);
	for (const char *s = text; ok == 0 && *s != '\0'; line++) {
		size_t n = strcspn(s, "\n");
		const char *next = s + n + (s[n] == '\n');

		if (join_line(&b, s, n) == 0)
			first = line;
		s = next;
		if (b.len == 0 || *s == ' ' || *s == '\t')
			continue;
		(void)snprintf(where, sizeof(where), "%.150s:%zu", name,
		    first);
		/* The buffer is ours to cut up. */
		ok = read_line(r, whose, (char *)b.p, where, err);
		if (ok == -1) {
			err->code = RAID_ECONFIG;
			raid_fail_at(err, "%s", where);
		}
		raid_buf_reset(&b);
	}
	raid_buf_free(&b);
	if (ok == 0 && whose != RAID_REDACT_OWN)
		ok = compile_new(r, masks, skips, err);
	return ok;
}

/* A file of a folder; only raid's own must be there. */
static int
add_file(struct raid_redact *r, enum raid_redact_file whose, char *file,
    struct raid_err *err)
{
	struct raid_buf b;
	int ok = raid_path_read(file, FILE_BYTES_MAX, &b, err);

	if (ok == 0 && memchr(b.p, '\0', b.len) != NULL)
		ok = raid_fail(err, RAID_ECONFIG, "%s: holds a NUL", file);
	else if (ok == 0)
		ok = raid_redact_add(r, whose, file, raid_buf_str(&b), err);
	else if (err->code == RAID_ENOINPUT && whose != RAID_REDACT_OWN)
		ok = 0;
	else
		err->code = RAID_ECONFIG;
	raid_buf_free(&b);
	free(file);
	return ok;
}

struct raid_redact *
raid_redact_load(const struct raid_conf *c, const char *key,
    struct raid_err *err)
{
	struct raid_redact *r;
	char *own = raid_conf_data("redact.txt");
	int ok;

	if (own == NULL) {
		raid_fail(err, RAID_ECONFIG,
		    "redact.txt, the patterns of secrets, is not found");
		return NULL;
	}
	r = raid_redact_new(key);
	ok = add_file(r, RAID_REDACT_OWN, own, err);
	if (ok == 0)
		ok = raid_conf_trusted(c, err);
	if (ok == 0 && c->dir != NULL)
		ok = add_file(r, RAID_REDACT_PROJECT,
		    raid_path_join(c->dir, "redact.txt"), err);
	if (ok == 0 && c->user != NULL)
		ok = add_file(r, RAID_REDACT_USER,
		    raid_path_join(c->user, "redact.txt"), err);
	if (ok == 0)
		return r;
	raid_redact_free(r);
	return NULL;
}
