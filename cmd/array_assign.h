/* SPDX-License-Identifier: ISC */
/* A place in the array and the model that takes it. */
#ifndef RAID_ARRAY_ASSIGN_H
#define RAID_ARRAY_ASSIGN_H

#include "array.h"

/* What import and setup know of one place.  Strings are borrowed. */
struct array_choice {
	const char *place;	/* "main", "research", "fallback", or a role
				 * as chains of models have it */
	const char *provider;	/* a preset, or what others call it */
	const char *model;	/* "": that of the preset */
	const char *base_url;	/* "": that of the preset */
	long long max_output;	/* 0: that of the preset */
	double temperature;	/* < 0: none */
};

/*
 * Give the place to that model: to the member that has it already, else to a
 * new one, whose name comes into name (200 bytes).  1 done, 0 nobody knows
 * the provider.
 */
RAID_MUST int array_assign(struct array_file *f,
    const struct raid_json *presets, const struct array_choice *c, char *name,
    size_t size, struct raid_err *err);

/* Give the place to a member of that name. */
RAID_MUST int array_assign_name(struct array_file *f, const char *place,
    const char *name, struct raid_err *err);

/* A role of a chain of models as raid calls it, and the other way round. */
const char *array_role_of_place(const char *place);
const char *array_place_of_role(const char *role);

/* Make the preset's member use this model: a program is told by an option, a
 * price and a context that are another model's go. */
void array_use_model(struct raid_json *member, const struct raid_json *preset,
    const char *model);

/* Where a temperature stands in a request of this provider: a path of keys
 * below options; NULL: its newer models refuse one. */
const char *array_temperature_key(const char *provider, const char *base_url);

#endif
