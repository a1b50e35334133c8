/* SPDX-License-Identifier: ISC */
#ifndef RING_H
#define RING_H

#include <stddef.h>
#include <stdio.h>

struct ring;

/* NULL: no memory. */
struct ring *ring_new(size_t cap);
void ring_push(struct ring *r, double x);
size_t ring_lost(const struct ring *r);
double ring_mean(const struct ring *r);
void ring_print(const struct ring *r, FILE *to);
void ring_free(struct ring *r);

#endif
