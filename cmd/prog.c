/* SPDX-License-Identifier: ISC */
#include "prog.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/path.h"

static const struct raid_prog *self;

void
prog_start(const struct raid_prog *p)
{
	self = p;
	/* A file that we open must never become standard output.  What was
	 * closed refuses writing, so that no result is lost unseen. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", O_RDONLY);
}

const char *
prog_name(void)
{
	return self->name;
}

static void
print_usage(FILE *f)
{
	const char *line = self->usage, *nl;

	/* Each line of usage is one way to call the program; one that begins
	 * with a blank goes on with the way before it. */
	do {
		nl = strchr(line, '\n');
		fprintf(f, "%s %-*s%.*s\n", line == self->usage ? "usage:" :
		    "      ", (int)strlen(self->name) + (*line != ' '),
		    *line != ' ' ? self->name : "",
		    (int)(nl != NULL ? (size_t)(nl - line) : strlen(line)),
		    line);
		line = nl != NULL ? nl + 1 : NULL;
	} while (line != NULL);
}

int
prog_option(int argc, char **argv, const char *shorts,
    const struct option *longs)
{
	static char here[] = ".";
	struct raid_err err;
	int c;

	opterr = 0;
	c = getopt_long(argc, argv, shorts, longs, NULL);
	switch (c) {
	case 'C':
		if (chdir(optarg) == -1) {
			raid_fail_errno(&err, "-C %s", optarg);
			prog_die(&err);
		}
		optarg = here;
		break;
	case 'h':
		print_usage(stdout);
		printf("\n%s  -h, --help; -V, --version\n", self->help);
		exit(prog_end(RAID_OK));
	case 'V':
		printf("%s %s\n", self->name, RAID_VERSION);
		exit(prog_end(RAID_OK));
	case ':':
		prog_usage("%s: wants an argument", argv[optind - 1]);
	case '?':
		/* optopt is 0 for a long option that nobody knows. */
		if (optopt > 0 && optopt < 128 && isgraph(optopt))
			prog_usage("-%c: no such option", optopt);
		prog_usage("%s: no such option", argv[optind - 1]);
	}
	return c;
}

static void
vwarn(const char *fmt, va_list ap)
{
	char text[1024];

	(void)fflush(stdout);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	fprintf(stderr, "%s: ", self->name);
	raid_out_text(stderr, text, strlen(text), 1);
	fputc('\n', stderr);
}

void
prog_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
}

int
prog_say(const struct raid_err *err)
{
	prog_warn("%s", err->msg);
	return err->code;
}

void
prog_die(const struct raid_err *err)
{
	exit(prog_say(err));
}

void
prog_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
	print_usage(stderr);
	exit(RAID_EUSAGE);
}

int
prog_end(int status)
{
	int earlier = ferror(stdout);

	/* What failed earlier did so for a reason that errno has lost. */
	if (fflush(stdout) == EOF || earlier) {
		prog_warn("standard output: %s", earlier ?
		    "could not be written" : strerror(errno));
		return RAID_EIO;
	}
	return status;
}

/* One line: a tag, or a JSON object with one. */
static int
add_line(const char *line, size_t len, struct raid_list *tags,
    struct raid_err *err)
{
	struct raid_json *j;
	const char *tag;
	int r = 0;

	while (len > 0 && memchr(" \t\r", line[len - 1], 3) != NULL)
		len--;
	while (len > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	if (len == 0)
		return 0;
	if (*line != '{') {
		if (len > 200 || memchr(line, '\0', len) != NULL)
			return raid_fail(err, RAID_EDATA,
			    "standard input: a line that is no tag");
		raid_list_addn(tags, line, len);
		return 0;
	}
	j = raid_json_parse(line, len, err);
	if (j == NULL)
		return raid_fail_at(err, "standard input");
	tag = raid_json_str(j, "tag", NULL);
	if (tag != NULL)
		raid_list_add(tags, tag);
	else
		r = raid_fail(err, RAID_EDATA,
		    "standard input: a JSON line without \"tag\"");
	raid_json_free(j);
	return r;
}

#define STDIN_MAX ((size_t)64 << 20)

int
prog_tags(int argc, char **argv, struct raid_list *tags, struct raid_err *err)
{
	struct raid_buf b;
	size_t at, n;
	int r = 0;

	if (argc == 1 && strcmp(argv[0], "-") == 0)
		argc = 0;
	else if (argc == 0 && isatty(STDIN_FILENO))
		prog_usage("no tag given, and standard input is a terminal");
	for (int i = 0; i < argc; i++)
		if (add_line(argv[i], strlen(argv[i]), tags, err) == -1)
			return -1;
	if (argc > 0)
		return 0;
	if (raid_path_readfd(STDIN_FILENO, "standard input", STDIN_MAX, &b,
	    err) == -1)
		r = -1;
	for (at = 0; r == 0 && at < b.len; at += n + 1) {
		n = strcspn((char *)b.p + at, "\n");
		/* A NUL ends strcspn early: take the line to its newline. */
		if (at + n < b.len && b.p[at + n] == '\0')
			n = b.len - at;
		r = add_line((char *)b.p + at, n, tags, err);
	}
	raid_buf_free(&b);
	return r;
}

int
prog_ask(const char *question, struct raid_err *err)
{
	char line[64];
	FILE *f = fopen("/dev/tty", "r+e");
	int yes = 0;

	if (f == NULL)
		return raid_fail(err, RAID_ETEMP,
		    "there is no terminal to ask on");
	(void)fflush(stdout);
	raid_out_text(f, question, strlen(question), 1);
	fputs(" [y/N] ", f);
	(void)fflush(f);
	if (fgets(line, sizeof(line), f) != NULL)
		yes = line[0] == 'y' || line[0] == 'Y';
	fclose(f);
	return yes;
}
