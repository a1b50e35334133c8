/* SPDX-License-Identifier: ISC */
#include "logsum_post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/proc.h"
#include "base/str.h"
#include "prog.h"

#define TAG "log_summary"

/* Beside us, or in PATH. */
static char *
program(const char *name)
{
	char *path = raid_conf_data(name);

	if (path != NULL && access(path, X_OK) == 0)
		return path;
	free(path);
	return raid_strdup(name);
}

/* Run it with this on its standard input; what it prints is printed. */
static int
run(struct raid_list *argv, const void *in, size_t len)
{
	struct raid_proc_opts o = { .argv = argv->v, .in = in, .in_len = len,
		.err_inherit = 1, .out_max = (size_t)64 << 20 };
	struct raid_proc p;
	struct raid_err err;
	char why[80];
	int status;

	(void)fflush(stdout);
	raid_proc_signals();
	if (raid_proc_run(&p, &o, &err) == -1)
		status = prog_say(&err);
	else if (p.end != RAID_PROC_EXITED) {
		raid_proc_describe(&p, why, sizeof(why));
		prog_warn("%s: %s", argv->v[0], why);
		status = p.end == RAID_PROC_STOPPED ? RAID_EINTR : RAID_EIO;
	} else {
		(void)fwrite(p.out.p, 1, p.out.len, stdout);
		status = p.status;
	}
	raid_proc_free(&p);
	return status;
}

static void
begin(struct raid_list *argv, const char *name, const char *journal)
{
	char *path = program(name);

	raid_list_add(argv, path);
	free(path);
	if (journal != NULL) {
		raid_list_add(argv, "-J");
		raid_list_add(argv, journal);
	}
	raid_list_add(argv, "-t");
	raid_list_add(argv, TAG);
}

int
logsum_post(const char *journal, const char *page, size_t len)
{
	struct raid_list argv = { 0 };
	int status;

	begin(&argv, "raid-post", journal);
	raid_list_add(&argv, "-");
	status = run(&argv, page, len);
	raid_list_free(&argv);
	return status;
}

/* A fence that is longer than every run of backticks in the text. */
static void
add_fenced(struct raid_buf *b, const char *s, size_t len)
{
	size_t longest = 2, run_ = 0;

	for (size_t i = 0; i < len; i++) {
		run_ = s[i] == '`' ? run_ + 1 : 0;
		if (run_ > longest)
			longest = run_;
	}
	for (int end = 0; end < 2; end++) {
		for (size_t i = 0; i <= longest; i++)
			raid_buf_addc(b, '`');
		raid_buf_addc(b, '\n');
		if (!end)
			raid_buf_add(b, s, len);
	}
}

int
logsum_ask(const char *journal, const char *members, const char *page,
    size_t len)
{
	struct raid_list argv = { 0 };
	struct raid_buf b;
	int status;

	raid_buf_init(&b, len + len / 2 + 4096);
	raid_buf_printf(&b, "%s\n\n", raid_msg(raid_msg_language(),
	    RAID_MSG_LOG_IN_PROSE));
	add_fenced(&b, page, len);
	begin(&argv, "raid-ask", journal);
	raid_list_add(&argv, "-m");
	raid_list_add(&argv, members);
	raid_list_add(&argv, "-");
	status = run(&argv, b.p, b.len);
	raid_list_free(&argv);
	raid_buf_free(&b);
	return status;
}
