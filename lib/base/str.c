/* SPDX-License-Identifier: ISC */
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static void
push(struct raid_list *l, char *s)
{
	l->v = raid_grow(l->v, &l->cap, l->n + 2, sizeof(*l->v));
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void
raid_list_add(struct raid_list *l, const char *s)
{
	push(l, raid_strdup(s));
}

void
raid_list_addn(struct raid_list *l, const char *s, size_t len)
{
	push(l, raid_memdup(s, len));
}

static char *
vstrf(const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return raid_strdup("");
	s = raid_malloc((size_t)n + 1);
	(void)vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

void
raid_list_addf(struct raid_list *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	push(l, vstrf(fmt, ap));
	va_end(ap);
}

int
raid_list_has(const struct raid_list *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return 1;
	return 0;
}

int
raid_list_addnew(struct raid_list *l, const char *s)
{
	if (raid_list_has(l, s))
		return 0;
	raid_list_add(l, s);
	return 1;
}

void
raid_list_free(struct raid_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct raid_list){ 0 };
}

void
raid_list_split(struct raid_list *l, const char *s, char separator)
{
	while (*s != '\0') {
		const char *end = strchr(s, separator);
		size_t n = end != NULL ? (size_t)(end - s) : strlen(s);

		if (n != 0)
			raid_list_addn(l, s, n);
		s += n + (end != NULL);
	}
}

char *
raid_strf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vstrf(fmt, ap);
	va_end(ap);
	return s;
}

int
raid_str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

int
raid_str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

static void
add_quoted(struct raid_buf *b, const char *w)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";

	if (*w != '\0' && w[strspn(w, safe)] == '\0') {
		raid_buf_puts(b, w);
		return;
	}
	raid_buf_addc(b, '\'');
	for (; *w != '\0'; w++) {
		if (*w == '\'')
			raid_buf_puts(b, "'\\''");
		else
			raid_buf_addc(b, (unsigned char)*w);
	}
	raid_buf_addc(b, '\'');
}

size_t
raid_str_escape(const unsigned char *p, size_t len)
{
	size_t i = 2;

	if (len < 2 || p[1] < ' ' || p[1] > '~')
		return 1;
	switch (p[1]) {
	case '[':		/* CSI: parameters, one letter */
		while (i < len && p[i] >= ' ' && p[i] <= '?')
			i++;
		return i < len && p[i] >= '@' && p[i] <= '~' ? i + 1 : i;
	case ']': case 'P': case 'X': case '^': case '_': /* strings */
		while (i < len && p[i] >= ' ')
			i++;
		if (i < len && p[i] == '\a')
			return i + 1;
		return i + 1 < len && p[i] == '\033' && p[i + 1] == '\\' ?
		    i + 2 : i;
	}
	if (p[1] > '/')
		return 2;
	while (i < len && p[i] >= ' ' && p[i] <= '/')	/* "\033(B" */
		i++;
	return i < len && p[i] > '/' && p[i] <= '~' ? i + 1 : i;
}

char *
raid_str_shell(char *const *argv)
{
	struct raid_buf b;
	char *s;

	raid_buf_init(&b, SIZE_MAX / 4);
	for (size_t i = 0; argv[i] != NULL; i++) {
		if (i != 0)
			raid_buf_addc(&b, ' ');
		add_quoted(&b, argv[i]);
	}
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}
