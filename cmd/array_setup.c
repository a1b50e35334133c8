/* SPDX-License-Identifier: ISC */
/*
 * raid-array setup: the places of the array, one question each.  Questions go
 * to standard error and answers are lines of standard input, so that it works
 * in a pipe as on a terminal; a key is only asked for on a terminal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "array.h"
#include "array/key.h"
#include "array_assign.h"
#include "array_preset.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "prog.h"

static const struct question {
	const char *place, *text;
} questions[] = {
	{ "main", "who answers in the first place" },
	{ "research", "who analyses and searches" },
	{ "fallback", "who answers where another one fails" },
	{ "analyzer", "who takes documents apart" },
	{ "summarizer", "who sums up" },
	{ "integrator", "who puts results together" }
};

struct setup {
	struct array *a;
	struct raid_json *presets;
	struct raid_list choices;	/* members, then models of presets */
	size_t members;			/* so many of them are members */
	/* For each answer: the place, who, the model ("": its own), and
	 * whether who is a member. */
	struct raid_list places, who, models;
	int member[sizeof(questions) / sizeof(questions[0])];
	char *limit;			/* NULL or "": as it is */
	struct raid_list names;		/* who got a place */
};

/* A line of standard input without its blanks; NULL at the end. */
static char *
read_line(void)
{
	char *line = NULL, *s, *copy;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, stdin);

	if (n == -1) {
		free(line);
		return NULL;
	}
	while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
		line[--n] = '\0';
	s = line + strspn(line, " \t");
	copy = raid_strdup(s);
	free(line);
	return copy;
}

static void
show(size_t number, const char *name, const char *provider, const char *model,
    const char *note)
{
	fprintf(stderr, "%4zu  ", number);
	raid_out_line(stderr, name);
	fprintf(stderr, "  %s ", provider);
	raid_out_line(stderr, *model != '\0' ? model : "(name the model)");
	if (*note != '\0')
		fprintf(stderr, "  %s", note);
	fputc('\n', stderr);
}

/* Members that can answer a question, and models that could be members. */
static void
list_choices(struct setup *s)
{
	const struct raid_roster *r = &s->a->roster;
	const struct raid_json *p, *m;

	for (size_t i = 0; i < r->n; i++) {
		raid_list_add(&s->choices, r->v[i].name);
		show(s->choices.n, r->v[i].name,
		    raid_provider_name(r->v[i].kind), *r->v[i].model != '\0' ||
		    r->v[i].command.n == 0 ? r->v[i].model :
		    r->v[i].command.v[0], "a member");
	}
	s->members = s->choices.n;
	p = raid_json_first(s->presets);
	for (; p != NULL; p = raid_json_next(p)) {
		m = raid_json_get(p, "member");
		if (raid_json_get(m, "command") != NULL ||
		    raid_roster_find(r, raid_json_key(p)) != NULL)
			continue;
		raid_list_add(&s->choices, raid_json_key(p));
		show(s->choices.n, raid_json_key(p), raid_json_str(m,
		    "provider", ""), raid_json_str(m, "model", ""),
		    array_preset_usable(&s->a->s.conf, p) ? "its key is here" :
		    "");
	}
}

/* What an answer begins with, a number or a name; NULL: neither. */
static const char *
pick(const struct setup *s, const char *word, int *member)
{
	struct raid_err ignored;
	long long n;

	if (raid_num_parse(word, 1, (long long)s->choices.n, &n, "", &ignored)
	    == 0) {
		*member = (size_t)n <= s->members;
		return s->choices.v[n - 1];
	}
	for (size_t i = 0; i < s->choices.n; i++)
		if (strcasecmp(s->choices.v[i], word) == 0) {
			*member = i < s->members;
			return s->choices.v[i];
		}
	*member = 0;
	return array_preset_find(s->presets, word) != NULL ? word : NULL;
}

/* Understand an answer: "2", "claude", "vllm Qwen/Qwen3-32B".  1 done, 0 it
 * is none, which is said. */
static int
take(struct setup *s, const char *place, const char *answer)
{
	size_t n = strcspn(answer, " \t");
	const char *model = answer + n + strspn(answer + n, " \t"), *who;
	char *word = raid_strndup(answer, n);
	const struct raid_json *preset;
	int member = 0, ok = 0;

	who = pick(s, word, &member);
	preset = who != NULL ? raid_json_get(array_preset_find(s->presets,
	    who), "member") : NULL;
	member = member && *model == '\0';
	if (who == NULL || (!member && preset == NULL)) {
		fprintf(stderr, "No member and no preset has that name.\n");
	} else if (!member && *model == '\0' &&
	    raid_json_get(preset, "command") == NULL &&
	    raid_json_get(preset, "model") == NULL) {
		fprintf(stderr, "Name its model, too: %s MODEL\n", who);
	} else {
		s->member[s->places.n] = member;
		raid_list_add(&s->places, place);
		raid_list_add(&s->who, who);
		raid_list_add(&s->models, model);
		ok = 1;
	}
	free(word);
	return ok;
}

/* Ask for one place until there is an answer; an empty one leaves it.  0 go
 * on, 1 nothing more comes. */
static int
ask(struct setup *s, const struct question *q, struct raid_err *err)
{
	char *line;
	int r;

	for (;;) {
		fprintf(stderr, "%s, %s (number or name, Enter for none): ",
		    q->place, q->text);
		line = read_line();
		if (line == NULL)
			return 1;
		r = *line == '\0' || take(s, q->place, line) ? 0 : -1;
		/* What comes from a pipe has nobody to try again. */
		if (r == -1 && !isatty(STDIN_FILENO))
			raid_fail(err, RAID_EDATA, "%s: '%.60s' is no answer",
			    q->place, line);
		free(line);
		if (r == 0 || !isatty(STDIN_FILENO))
			return r;
	}
}

static int
ask_all(struct setup *s, struct raid_err *err)
{
	const size_t n = sizeof(questions) / sizeof(questions[0]);
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = ask(s, &questions[i], err);
	if (r == 0) {
		fprintf(stderr, "USD a day at most, over all projects (Enter "
		    "for %.2f): ", s->a->roster.cost_per_day);
		s->limit = read_line();
	}
	return r == -1 ? -1 : 0;
}

/* Nobody waits for a person: the file is opened when all is answered. */
static int
carry_out(struct setup *s, struct array_file *f, struct raid_err *err)
{
	struct array_choice c = { .base_url = "", .temperature = -1 };
	char name[200];
	int r = 1;

	for (size_t i = 0; r == 1 && i < s->places.n; i++) {
		c.place = s->places.v[i];
		c.provider = s->who.v[i];
		c.model = s->models.v[i];
		(void)snprintf(name, sizeof(name), "%s", c.provider);
		if (!s->member[i])
			r = array_assign(f, s->presets, &c, name,
			    sizeof(name), err);
		else if (array_assign_name(f, c.place, name, err) == -1)
			r = -1;
		(void)raid_list_addnew(&s->names, name);
	}
	if (r == 1 && s->limit != NULL && *s->limit != '\0' &&
	    array_file_set(f, NULL, "limits.cost_per_day", &s->limit, 1, err)
	    == -1)
		r = -1;
	return r == -1 ? -1 : array_file_save(s->a, f, "setup", err);
}

/* Keys of those that have none, on a terminal. */
static int
ask_keys(struct setup *s, struct raid_err *err)
{
	const struct raid_member *m;
	struct raid_err why;
	char *source;
	int r = 0;

	for (size_t i = 0; r != -1 && isatty(STDIN_FILENO) &&
	    i < s->names.n; i++) {
		m = raid_roster_find(&s->a->roster, s->names.v[i]);
		source = m == NULL ? NULL :
		    raid_key_source(m, s->a->s.conf.user, &why);
		if (m != NULL && source == NULL && why.code == RAID_ECONFIG)
			r = array_ask_key(s->a, m, err);
		free(source);
	}
	return r == -1 ? -1 : 0;
}

static int
run(struct setup *s, struct raid_err *err)
{
	struct array_file f;
	int r;

	list_choices(s);
	if (ask_all(s, err) == -1)
		return -1;
	if (s->places.n == 0 && (s->limit == NULL || *s->limit == '\0'))
		return raid_fail(err, RAID_NO, "nothing was answered, and "
		    "nothing is changed");
	r = array_file_open(s->a, &f, err);
	if (r == 0)
		r = carry_out(s, &f, err);
	array_file_close(&f);
	if (r == -1 || ask_keys(s, err) == -1 ||
	    array_print_names(s->a, &s->names, err) == -1)
		return -1;
	return RAID_OK;
}

int
array_setup(struct array *a, struct raid_err *err)
{
	struct setup s = { .a = a, .presets = array_presets(err) };
	int r = -1;

	/* Before a person has answered half a dozen questions. */
	if (a->s.member)
		raid_fail(err, RAID_EPERM,
		    "a member may not change the array; a person may");
	else if (s.presets != NULL)
		r = run(&s, err);
	raid_list_free(&s.choices);
	raid_list_free(&s.places);
	raid_list_free(&s.who);
	raid_list_free(&s.models);
	raid_list_free(&s.names);
	free(s.limit);
	raid_json_free(s.presets);
	return r;
}
