/* SPDX-License-Identifier: ISC */
#include "array/exec.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

extern char **environ;

static int
is_own(const char *entry)
{
	static const char *const own[] = { "RAID_FILES=", "RAID_ROOT=",
		"RAID_BASE=", "RAID_JOURNAL=", "RAID_TAG=", "RAID_MEMBER=",
		"RAID_ROLE=", "RAID_ACTOR=", "PATH=", "PWD=" };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (raid_str_starts(entry, own[i]))
			return 1;
	return 0;
}

/* Our own folder ends its PATH, so that the members which come with raid
 * are found from cron too. */
static void
add_path(struct raid_list *env)
{
	const char *path = getenv("PATH");
	char exe[4096], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (path == NULL || *path == '\0')
		path = "/usr/local/bin:/usr/bin:/bin";
	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash != NULL)
		*slash = '\0';
	raid_list_addf(env, "PATH=%s:%s", path, slash != NULL ? exe : "/bin");
}

static void
make_env(const struct raid_exec_opts *o, struct raid_list *env)
{
	struct raid_buf files;

	for (char **e = environ; *e != NULL; e++)
		if (!is_own(*e))
			raid_list_add(env, *e);
	add_path(env);
	raid_buf_init(&files, SIZE_MAX / 4);
	for (size_t i = 0; i < o->files->n; i++)
		raid_buf_printf(&files, "%s%s", i > 0 ? "\n" : "",
		    o->files->v[i]);
	raid_list_addf(env, "RAID_FILES=%s", raid_buf_str(&files));
	raid_buf_free(&files);
	raid_list_addf(env, "RAID_ROOT=%s", o->root);
	raid_list_addf(env, "RAID_BASE=%s", o->base);
	raid_list_addf(env, "RAID_JOURNAL=%s", o->journal);
	raid_list_addf(env, "RAID_TAG=%s", o->tag);
	raid_list_addf(env, "RAID_MEMBER=%s", o->member->name);
	raid_list_addf(env, "RAID_ROLE=%s", o->role);
	raid_list_addf(env, "RAID_ACTOR=%s", o->member->name);
}

int
raid_exec_start(struct raid_proc *p, const struct raid_exec_opts *o,
    struct raid_err *err)
{
	struct raid_list env = { 0 };
	struct raid_proc_opts po = { .argv = o->member->command.v,
		.dir = o->dir, .in = o->context, .in_len = strlen(o->context),
		.out_max = o->answer_bytes, .idle = o->member->idle,
		.wall = o->member->wall, .on_out = o->on_out, .arg = o->arg };
	int r;

	if (o->member->kind != RAID_PROVIDER_EXEC) {
		/* *p is to be fit for raid_proc_free in every case. */
		*p = (struct raid_proc){ .end = RAID_PROC_EXITED };
		raid_buf_init(&p->out, 0);
		raid_buf_init(&p->err, 0);
		return raid_fail(err, RAID_ECONFIG, "provider %s is no "
		    "command to run", raid_provider_name(o->member->kind));
	}
	if (o->deadline > 0 && (po.wall <= 0 || o->deadline < po.wall))
		po.wall = o->deadline;
	make_env(o, &env);
	po.env = env.v;
	r = raid_proc_start(p, &po, err);
	raid_list_free(&env);
	return r;
}

size_t
raid_exec_strip(unsigned char *p, size_t len)
{
	size_t from = 0, to = 0;

	while (from < len) {
		if (p[from] == '\033')
			from += raid_str_escape(p + from, len - from);
		else
			p[to++] = p[from++];
	}
	return to;
}

/* The last line of what it said on stderr, for the reason. */
static void
add_last_line(const struct raid_proc *p, char *reason, size_t size)
{
	const char *s = raid_buf_str(&p->err);
	size_t end = strlen(s), start, used = strlen(reason);

	while (end > 0 && isspace((unsigned char)s[end - 1]))
		end--;
	for (start = end; start > 0 && s[start - 1] != '\n'; start--)
		continue;
	if (end > start && used < size)
		(void)snprintf(reason + used, size - used, ": %.*s",
		    (int)(end - start < 300 ? end - start : 300), s + start);
}

enum raid_answer
raid_exec_answer(const struct raid_proc *p, struct raid_buf *text,
    char *reason, size_t size)
{
	raid_buf_add(text, p->out.p, p->out.len);
	text->len = raid_exec_strip(text->p, text->len);
	text->p[text->len] = '\0';
	raid_proc_describe(p, reason, size);
	switch (p->end) {
	case RAID_PROC_EXITED:
		break;
	case RAID_PROC_FLOOD:
		return RAID_ANSWER_TRUNCATED;
	default:
		return RAID_ANSWER_INTERRUPTED;
	}
	if (p->status != 0) {
		add_last_line(p, reason, size);
		return RAID_ANSWER_FAILED;
	}
	*reason = '\0';
	if (raid_answer_is_silent(text->p, text->len))
		return RAID_ANSWER_SILENT;
	return RAID_ANSWER_COMPLETE;
}
