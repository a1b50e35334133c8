/* SPDX-License-Identifier: ISC */
#include "base/out.h"

#include <sys/ioctl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/utf8.h"

int
raid_out_colour(FILE *f)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(f)) && (no == NULL || *no == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

size_t
raid_out_width(void)
{
	const char *s = getenv("COLUMNS");
	struct raid_err ignored;
	struct winsize w;
	long long n;

	if (s != NULL && raid_num_parse(s, 20, 1000, &n, "", &ignored) == 0)
		return (size_t)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20)
		return w.ws_col;
	return 80;
}

/* Bidirectional controls: they make code read other than it runs. */
static int
steers(uint32_t c)
{
	return (c < ' ' && c != '\n' && c != '\t') ||
	    (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

void
raid_out_text(FILE *f, const void *p, size_t len, int safe)
{
	const unsigned char *s = p;
	size_t i, n, from = 0;
	uint32_t c;

	for (i = 0; safe && i < len; i += n) {
		n = raid_utf8_next(s + i, len - i, &c);
		if (n != 0 && !steers(c))
			continue;
		(void)fwrite(s + from, 1, i - from, f);
		if (n == 0 || c < 0x100)
			fprintf(f, "\\x%02x", n == 0 ? s[i] : (unsigned)c);
		else
			fprintf(f, "\\u%04x", (unsigned)c);
		n = n == 0 ? 1 : n;
		from = i + n;
	}
	(void)fwrite(s + from, 1, len - from, f);
}

void
raid_out_line(FILE *f, const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n\t");

		raid_out_text(f, s, n, 1);
		s += n;
		if (*s != '\0')
			fputs(*s++ == '\n' ? "\\n" : "\\t", f);
	}
}
