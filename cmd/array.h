/* SPDX-License-Identifier: ISC */
/* The parts of raid-array. */
#ifndef RAID_ARRAY_H
#define RAID_ARRAY_H

#include "array/roster.h"
#include "array/wire.h"
#include "base/buf.h"
#include "store.h"

struct array {
	struct store s;
	struct raid_roster roster;
	int json;		/* JSON lines */
	int project;		/* write .raid/array.json, not the user's */
	int ask_key;		/* -k */
	char **argv;		/* operands behind the command */
	int argc;
	int safe;		/* standard output is a terminal */
	size_t width;		/* of it; 0: nothing is cut */
};

/* A command: the status that the program ends with. */
typedef int array_command(struct array *a, struct raid_err *err);

array_command array_list, array_add, array_remove, array_set, array_key;
array_command array_import, array_export, array_setup, array_status;
array_command array_rank, array_test, array_models, array_list_presets;

/* --- a file that is changed (array_file.c) */

struct array_file {
	char *path;		/* links resolved */
	struct raid_buf text;
	unsigned mode;		/* that it has, or gets */
	int lock;		/* of its folder, against others of us */
	enum raid_origin origin;
};

/*
 * Open the file that a->project means, locked, for a person: a member's
 * process may not (RAID_EPERM).  One that is not there is begun.  Close in
 * every case.
 */
RAID_MUST int array_file_open(struct array *a, struct array_file *f,
    struct raid_err *err);

/*
 * Check it as programs will read it, write it whole, note it in the audit as
 * detail, and read the roster anew.  What cannot be right is RAID_EDATA, and
 * nothing is written.
 */
RAID_MUST int array_file_save(struct array *a, struct array_file *f,
    const char *detail, struct raid_err *err);
void array_file_close(struct array_file *f);

/* The file as JSON; NULL on failure.  The caller frees. */
struct raid_json *array_file_json(const struct array_file *f,
    struct raid_err *err);

/* The key of a member as the file writes it, in any case; NULL: not there. */
const char *array_file_name(const struct raid_json *file, const char *name);

/*
 * Set a key of members.NAME, or with member NULL of the file, after its path
 * "limits.cost_per_day"; words are the value as a person wrote it, none takes
 * the key away.
 */
RAID_MUST int array_file_set(struct array_file *f, const char *member,
    const char *key, char *const *words, size_t n, struct raid_err *err);

/* Put a whole member, or NULL to take it away. */
RAID_MUST int array_file_put(struct array_file *f, const char *member,
    const struct raid_json *value, struct raid_err *err);

/* --- shared by commands */

/* Read the roster anew. */
RAID_MUST int array_reload(struct array *a, struct raid_err *err);

/* The member of that name; none is RAID_EUSAGE and lists them. */
const struct raid_member *array_member(struct array *a, const char *name,
    struct raid_err *err);

/* Why it cannot even be asked: no program, no key.  The caller frees; NULL
 * if it can. */
char *array_trouble(struct array *a, const struct raid_member *m);

/* On stderr: what will keep the member from answering, or cost too much. */
void array_advise(struct array *a, const struct raid_member *m);

void array_advise_all(struct array *a);

/* The rows of members as list prints them, and advice. */
RAID_MUST int array_print_names(struct array *a, const struct raid_list *names,
    struct raid_err *err);

/* What the vendor of a member offers.  Free the list in every case. */
RAID_MUST int array_offer(struct array *a, const struct raid_member *m,
    struct raid_wire_list *list, struct raid_err *err);

/*
 * A roster of one, a member that is none yet, as its preset would have it, at
 * another address if base_url is given.  Free in every case.
 */
RAID_MUST int array_preset_member(struct array *a, const char *name,
    const char *base_url, struct raid_roster *r, struct raid_err *err);

/* --- keys (array_key.c) */

/*
 * Ask a person for the key of a member on /dev/tty, without echo, and store
 * it as keys/NAME.  1 stored, 0 nothing was typed.
 */
RAID_MUST int array_ask_key(struct array *a, const struct raid_member *m,
    struct raid_err *err);

#endif
