/* SPDX-License-Identifier: ISC */
/* What became of a sandbox, and whether one can be had at all. */
#include "code/sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/path.h"

/* 1 if a file holds this text and a newline. */
static int
file_says(const char *path, const char *text)
{
	struct raid_err ignored;
	struct raid_buf b;
	int r;

	r = raid_path_read(path, 100, &b, &ignored) == 0 &&
	    strcmp(raid_buf_str(&b), text) == 0;
	raid_buf_free(&b);
	return r;
}

/* Why bubblewrap could not do it, and what helps. */
static int
explain(const char *said, struct raid_err *err)
{
	const char *help = "allow it namespaces (in a container: "
	    "--privileged), or use --no-sandbox";
	size_t n;

	if (strncmp(said, "bwrap: ", 7) == 0)
		said += 7;
	n = strcspn(said, "\n");
	if (geteuid() != 0 && file_says(
	    "/proc/sys/kernel/unprivileged_userns_clone", "0\n"))
		help = "sysctl -w kernel.unprivileged_userns_clone=1";
	else if (geteuid() != 0 && file_says(
	    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n"))
		help = "sysctl -w "
		    "kernel.apparmor_restrict_unprivileged_userns=0";
	else if (file_says("/proc/sys/user/max_user_namespaces", "0\n"))
		help = "sysctl -w user.max_user_namespaces=10000";
	return raid_fail(err, RAID_EUNAVAIL, "no sandbox: %.*s; %s",
	    n < 200 ? (int)n : 200, said, help);
}

int
raid_sandbox_result(struct raid_sandbox *s, struct raid_err *err)
{
	const struct raid_proc *p = &s->proc;
	char text[512] = "";
	ssize_t n;

	if (s->status_fd == -1 || p->end != RAID_PROC_EXITED)
		return 0;
	n = pread(s->status_fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	if (strstr(text, "\"exit-code\"") != NULL)
		return 0;
	/* Killed from outside after it had begun. */
	if (p->status > 128 && strstr(text, "child-pid") != NULL)
		return 0;
	return explain(p->err.len != 0 ? raid_buf_str(&p->err) :
	    p->out.len != 0 ? raid_buf_str(&p->out) : "bubblewrap failed",
	    err);
}

void
raid_sandbox_free(struct raid_sandbox *s)
{
	if (s->proc.priv != NULL)
		raid_proc_free(&s->proc);
	if (s->status_fd > 0)
		close(s->status_fd);
	*s = (struct raid_sandbox){ .status_fd = -1 };
}

int
raid_sandbox_probe(struct raid_err *err)
{
	static const char *const argv[] = { "true", NULL };
	struct raid_sandbox_opts o = { .at = "/tmp" };
	struct raid_proc_opts po = { .argv = (char *const *)argv, .wall = 20 };
	struct raid_sandbox s;
	struct raid_proc *const v[1] = { &s.proc };
	char text[100];
	int r;

	r = raid_sandbox_start(&s, &o, &po, err);
	while (r == 0 && raid_proc_wait(v, 1, -1) > 0)
		continue;
	if (r == 0 && raid_proc_signal() != 0)
		r = raid_fail(err, RAID_EINTR, "interrupted");
	if (r == 0)
		r = raid_sandbox_result(&s, err);
	if (r == 0 && (s.proc.end != RAID_PROC_EXITED ||
	    s.proc.status != 0)) {
		raid_proc_describe(&s.proc, text, sizeof(text));
		r = explain(s.proc.err.len != 0 ? raid_buf_str(&s.proc.err) :
		    text, err);
	}
	raid_sandbox_free(&s);
	return r;
}

int
raid_sandbox_is_off(const char *user, struct raid_err *err)
{
	struct raid_json *j;
	char *path;
	int off;

	if (user == NULL)
		return 0;
	path = raid_path_join(user, "policy.json");
	j = raid_json_read(path, err);
	free(path);
	if (j == NULL)
		return err->code == RAID_ENOINPUT ? 0 : -1;
	off = strcmp(raid_json_str(j, "sandbox", "on"), "off") == 0;
	raid_json_free(j);
	return off;
}
