/* SPDX-License-Identifier: ISC */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raid.h"

static void *
checked(void *p)
{
	if (p == NULL) {
		fputs("raid: out of memory\n", stderr);
		exit(RAID_EOS);
	}
	return p;
}

void *
raid_malloc(size_t size)
{
	return checked(malloc(size != 0 ? size : 1));
}

void *
raid_calloc(size_t n, size_t size)
{
	return checked(calloc(n != 0 ? n : 1, size != 0 ? size : 1));
}

void *
raid_realloc(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return checked(NULL);
	return checked(realloc(p, n * size != 0 ? n * size : 1));
}

void *
raid_grow(void *p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap != 0 ? *cap : 8;

	if (need <= *cap)
		return p;
	while (n < need)
		n = n > SIZE_MAX / 2 ? need : n * 2;
	*cap = n;
	return raid_realloc(p, n, size);
}

char *
raid_strdup(const char *s)
{
	return raid_memdup(s, strlen(s));
}

char *
raid_strndup(const char *s, size_t n)
{
	return raid_memdup(s, strnlen(s, n));
}

void *
raid_memdup(const void *p, size_t len)
{
	char *d;

	if (len >= PTRDIFF_MAX)
		return checked(NULL);
	d = raid_malloc(len + 1);
	if (len != 0)
		memcpy(d, p, len);
	d[len] = '\0';
	return d;
}
