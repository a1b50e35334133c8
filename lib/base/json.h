/* SPDX-License-Identifier: ISC */
/*
 * JSON, strictly: one value, valid UTF-8, no \u0000, no lone surrogate, no
 * duplicate key, nothing behind it, depth at most 64.  Integers of more than
 * 15 digits travel as strings.
 */
#ifndef RAID_BASE_JSON_H
#define RAID_BASE_JSON_H

#include <stddef.h>

#include "base/str.h"
#include "raid.h"

struct raid_json;

/* Parse len bytes; NULL and RAID_EDATA with line and column on failure. */
struct raid_json *raid_json_parse(const void *p, size_t len,
    struct raid_err *err);
void raid_json_free(struct raid_json *j);

/* A file; one that is not there gives NULL and RAID_ENOINPUT. */
struct raid_json *raid_json_read(const char *path, struct raid_err *err);

/* Reading.  A key that is absent, or j being NULL, is no error: NULL or 0. */
const struct raid_json *raid_json_get(const struct raid_json *j,
    const char *key);
const struct raid_json *raid_json_first(const struct raid_json *j);
const struct raid_json *raid_json_next(const struct raid_json *item);
const char *raid_json_key(const struct raid_json *item);
int raid_json_is_object(const struct raid_json *j);
int raid_json_is_array(const struct raid_json *j);
int raid_json_is_string(const struct raid_json *j);
int raid_json_is_number(const struct raid_json *j);
int raid_json_is_bool(const struct raid_json *j);
int raid_json_is_null(const struct raid_json *j);	/* null itself */
const char *raid_json_text(const struct raid_json *j);	/* NULL: no string */
double raid_json_number(const struct raid_json *j);	/* 0: no number */
int raid_json_true(const struct raid_json *j);		/* 1 for true only */

/* The same of a member of an object, with what stands for an absent one. */
const char *raid_json_str(const struct raid_json *j, const char *key,
    const char *absent);
long long raid_json_int(const struct raid_json *j, const char *key,
    long long absent);

/* Making.  What is set or added belongs to j; a key set twice is replaced. */
struct raid_json *raid_json_object(void);
struct raid_json *raid_json_array(void);
void raid_json_set(struct raid_json *j, const char *key, struct raid_json *v);
void raid_json_unset(struct raid_json *j, const char *key);
void raid_json_set_str(struct raid_json *j, const char *key, const char *s);
void raid_json_set_int(struct raid_json *j, const char *key, long long v);
void raid_json_set_num(struct raid_json *j, const char *key, double v);
void raid_json_set_bool(struct raid_json *j, const char *key, int v);
void raid_json_set_list(struct raid_json *j, const char *key,
    const struct raid_list *l);
void raid_json_set_null(struct raid_json *j, const char *key);
void raid_json_add(struct raid_json *array, struct raid_json *v);
void raid_json_add_str(struct raid_json *array, const char *s);
struct raid_json *raid_json_copy(const struct raid_json *j);

/* Text that the caller frees: on one line, or indented with a newline. */
char *raid_json_print(const struct raid_json *j, int pretty);

#endif
