/* SPDX-License-Identifier: ISC */
/* Posts as text for people, and the pager. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/out.h"
#include "base/utf8.h"
#include "show.h"

#define SHORT_LINES 20
#define STEP 2			/* columns for each level of a tree */

/* Deep threads keep room for their text. */
static size_t
indent_of(const struct show *s, int depth)
{
	size_t n = depth > 0 ? (size_t)depth * STEP : 0;

	return n > s->width / 3 ? s->width / 3 : n;
}

/* How many bytes the first n lines take, long ones counted as the screen
 * folds them; *more is how many lines are left out. */
static size_t
first_lines(const struct raid_post *p, size_t n, size_t width, size_t *more)
{
	size_t at = 0, rows = 0, len;

	while (at < p->body_len) {
		len = strcspn(p->body + at, "\n");
		rows += 1 + len / width;
		if (rows > n)
			break;
		at += len + (at + len < p->body_len);
	}
	/* Of a first line that is too long, its beginning; whole characters. */
	if (at == 0 && p->body_len > 0)
		for (at = n * width; at > 0 && (p->body[at] & 0xc0) == 0x80;)
			at--;
	*more = 0;
	for (size_t i = at; i < p->body_len; i += len + 1) {
		len = strcspn(p->body + i, "\n");
		(*more)++;
	}
	return at;
}

static void
print_head(const struct show *s, const struct raid_post *p, int indent)
{
	const char *bold = s->colour ? "\033[1m" : "";
	const char *plain = s->colour ? "\033[0m" : "";
	char when[32];

	raid_clock_format(p->t.ts, when, sizeof(when));
	printf("%*s%s#%s  ", indent, "", bold, p->tag);
	raid_out_line(stdout, p->author);
	printf("%s  %s", plain, when);
	if (strcmp(p->kind, "chat") != 0) {
		printf("  ");
		raid_out_line(stdout, p->kind);
	}
	if (strcmp(p->status, "complete") != 0) {
		printf("  (");
		raid_out_line(stdout, p->status);
		putchar(')');
	}
	if (p->retracted)
		printf("  (retracted)");
	if (*p->reply_to != '\0')
		printf("  to #%s", p->reply_to);
	putchar('\n');
	for (size_t i = 0; i < p->nfiles; i++) {
		printf("%*sfile: ", indent, "");
		raid_out_line(stdout, p->files[i].path);
		printf(" (%lld bytes)\n", p->files[i].size);
	}
}

static void
print_body(const struct show *s, const char *body, size_t len, int indent)
{
	size_t n;

	for (size_t at = 0; at < len; at += n) {
		n = strcspn(body + at, "\n");
		if (at + n < len)
			n++;
		if (n > len - at)
			n = len - at;
		if (body[at] != '\n')
			printf("%*s", indent, "");
		raid_out_text(stdout, body + at, n, s->safe);
	}
	if (len > 0 && body[len - 1] != '\n')
		putchar('\n');
}

void
show_text(struct show *s, const struct raid_post *p, int depth)
{
	size_t len = p->body_len, more = 0, indent = indent_of(s, depth);

	if (s->shown > 0)
		putchar('\n');
	print_head(s, p, (int)indent);
	if (s->shorten)
		len = first_lines(p, SHORT_LINES, s->width - indent, &more);
	print_body(s, p->body, len, (int)indent);
	if (more > 0)
		printf("%*s[%zu more lines: raid-show %s | cat]\n",
		    (int)indent, "", more, p->tag);
}

void
show_excerpt(FILE *f, const struct raid_post *p, size_t columns)
{
	size_t from = strspn(p->body, " \t\r\n"), n, at = from, used = 0;
	size_t end = from + strcspn(p->body + from, "\r\n");
	uint32_t c;
	int w;

	while (at < end && (n = raid_utf8_next((const unsigned char *)p->body +
	    at, end - at, &c)) != 0) {
		w = raid_utf8_width(c);
		if (used + (size_t)(w > 0 ? w : 0) + 3 > columns &&
		    end - at > 3)
			break;
		used += (size_t)(w > 0 ? w : 0);
		at += n;
	}
	for (size_t i = from; i < at; i += n) {
		n = strcspn(p->body + i, "\t");
		if (n > at - i)
			n = at - i;
		raid_out_text(f, p->body + i, n, 1);
		if (i + n < at) {
			fputc(' ', f);
			n++;
		}
	}
	if (at < end)
		fputs("...", f);
}

pid_t
show_pager_start(void)
{
	const char *pager = getenv("PAGER");
	int fds[2];
	pid_t pid;

	if (pager == NULL || *pager == '\0')
		pager = "less";
	if (strcmp(pager, "cat") == 0 || pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	(void)setenv("LESS", "FRX", 0);
	/* Bodies are UTF-8, whatever locale there is or is not. */
	(void)setenv("LESSCHARSET", "utf-8", 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[0], STDIN_FILENO);
		execl("/bin/sh", "sh", "-c", "command -v \"${1%% *}\" "
		    ">/dev/null 2>&1 || exec cat; eval \"exec $1\"", "pager",
		    pager, (char *)NULL);
		_exit(127);
	}
	if (pid != -1) {
		(void)dup2(fds[1], STDOUT_FILENO);
		/* ^C is for the pager alone. */
		(void)signal(SIGINT, SIG_IGN);
		(void)signal(SIGPIPE, SIG_IGN);
	}
	close(fds[0]);
	close(fds[1]);
	return pid;
}

void
show_pager_wait(pid_t pid)
{
	if (pid == -1)
		return;
	(void)fflush(stdout);
	clearerr(stdout);
	(void)close(STDOUT_FILENO);
	(void)open("/dev/null", O_WRONLY);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}
