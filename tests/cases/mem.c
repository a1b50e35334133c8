/* SPDX-License-Identifier: ISC */
/* Storage of two ages, text, chance. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cases.h"

#define CHUNK (1u << 20)

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(16) char p[];
};

static struct chunk *stay, *go;
static int lasting = 1;

void
mem_lasting(int on)
{
	lasting = on;
}

void *
mem(size_t n)
{
	struct chunk **c = lasting ? &stay : &go, *new;

	n = (n + 15) & ~(size_t)15;
	if (*c == NULL || n > (*c)->size - (*c)->used) {
		size_t size = n > CHUNK ? n : CHUNK;

		new = raid_calloc(1, sizeof(*new) + size);
		*new = (struct chunk){ .next = *c, .size = size };
		*c = new;
	}
	(*c)->used += n;
	return (*c)->p + (*c)->used - n;
}

void
mem_reset(void)
{
	while (go != NULL) {
		struct chunk *c = go;

		go = c->next;
		free(c);
	}
}

void
put(struct out *o, const void *p, size_t n)
{
	if (o->p == NULL || n >= o->cap - o->n) {
		size_t cap = o->cap * 2 + n + 256;
		char *q = mem(cap);

		if (o->n > 0)
			memcpy(q, o->p, o->n);
		o->p = q;
		o->cap = cap;
	}
	if (n > 0)
		memcpy(o->p + o->n, p, n);
	o->n += n;
	o->p[o->n] = '\0';
}

void
puts_(struct out *o, const char *s)
{
	put(o, s, strlen(s));
}

static void
vputf(struct out *o, const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) == -1)
		abort();
	puts_(o, s);
	free(s);
}

void
putf(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vputf(o, fmt, ap);
	va_end(ap);
}

struct str
str(const char *s)
{
	return (struct str){ s, strlen(s) };
}

struct str
out_str(const struct out *o)
{
	return (struct str){ o->p == NULL ? "" : o->p, o->n };
}

struct str
strf(const char *fmt, ...)
{
	struct out o = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vputf(&o, fmt, ap);
	va_end(ap);
	return out_str(&o);
}

char *
dup_(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(mem(n), s, n);
}

int
same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int
has(struct str s, const char *what)
{
	return s.n > 0 && memmem(s.p, s.n, what, strlen(what)) != NULL;
}

int
starts(struct str s, const char *what)
{
	size_t n = strlen(what);

	return s.n >= n && memcmp(s.p, what, n) == 0;
}

struct str
replace(struct str s, const char *from, const char *to)
{
	size_t n = strlen(from), i = 0;
	struct out o = { 0 };

	while (i < s.n) {
		if (s.n - i >= n && memcmp(s.p + i, from, n) == 0) {
			puts_(&o, to);
			i += n;
		} else {
			put(&o, s.p + i++, 1);
		}
	}
	return out_str(&o);
}

/* splitmix64 */
uint64_t
rnd(struct make *m)
{
	uint64_t z = m->rnd += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Below n, which is above 0. */
size_t
upto(struct make *m, size_t n)
{
	return (size_t)(rnd(m) % n);
}

uint64_t
hash(const char *s, uint64_t seed)
{
	uint64_t h = 0xcbf29ce484222325u ^ (seed * 0x9e3779b97f4a7c15u);

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	h ^= h >> 29;
	return h * 0xbf58476d1ce4e5b9u;
}
