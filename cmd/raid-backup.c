/* SPDX-License-Identifier: ISC */
/* raid-backup: copy the journal away while it is used, and put it back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/proc.h"
#include "journal/backup.h"
#include "prog.h"
#include "store.h"

static const struct raid_prog prog = {
	"raid-backup",
	"[-nqv] [-C dir] [-J journal] [--keep D,W,M] folder\n"
	"[-qv] [-C dir] [-J journal] --restore file",
	"Copy the journal into a folder while it is used, verified and\n"
	"compressed, remove what has grown old, and print the new file's "
	"path.\n\n"
	"  --keep D,W,M    keep the newest backup of D days, W weeks and\n"
	"                  M months (default: 7,4,12)\n"
	"  --restore file  put a backup back; the journal that is there is\n"
	"                  kept as journal.db.before-TIME\n"
	"  -n              only print what a backup made now would remove\n"
	"  -q              print nothing\n"
	"  -v              say how large it is and what was removed\n"
	"  -C dir          work as if started in dir\n"
	"  -J journal      use this journal\n"
};

struct options {
	const char *dir, *journal, *restore;
	struct raid_backup_keep keep;
	int dry, quiet, verbose;
};

static void
parse_keep(struct raid_backup_keep *k, const char *s)
{
	int *const field[] = { &k->days, &k->weeks, &k->months };
	struct raid_list parts = { 0 };
	struct raid_err err;
	long long n;

	raid_list_split(&parts, s, ',');
	if (parts.n != 3)
		prog_usage("--keep: '%.40s' is not three numbers, such as "
		    "7,4,12", s);
	for (int i = 0; i < 3; i++) {
		if (raid_num_parse(parts.v[i], 0, 100000, &n, "--keep",
		    &err) == -1)
			prog_usage("%s", err.msg);
		*field[i] = (int)n;
	}
	raid_list_free(&parts);
}

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "keep", required_argument, NULL, 1 },
		{ "restore", required_argument, NULL, 2 }, PROG_LONGS
	};
	int c, keep = 0;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "nqvC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'n': o->dry = 1; break;
		case 'q': o->quiet = 1; break;
		case 'v': o->verbose = 1; break;
		case 'C': o->dir = optarg; break;
		case 'J': o->journal = optarg; break;
		case 1: parse_keep(&o->keep, optarg); keep = 1; break;
		case 2: o->restore = optarg; break;
		}
	}
	if (o->restore != NULL && (o->dry || keep))
		prog_usage("--restore goes neither with -n nor with --keep");
	if (o->restore != NULL && optind < argc)
		prog_usage("%s: --restore has its file already", argv[optind]);
	if (o->restore == NULL && optind + 1 != argc)
		prog_usage("name one folder for the backups");
}

/* Where nothing can be written, nothing can be noted: a backup is made from
 * such a place, too. */
static int
open_journal(const struct options *o, struct store *s, int *writable,
    struct raid_err *err)
{
	if (store_conf(s, o->dir, o->journal, err) == -1)
		return -1;
	*writable = s->conf.journal == NULL ||
	    access(s->conf.journal, W_OK) == 0;
	store_close(s);
	return store_open(s, o->dir, o->journal, *writable ? RAID_DB_WRITE :
	    RAID_DB_READ, err);
}

static int
backup(const struct options *o, const char *dir, struct store *s,
    struct raid_err *err)
{
	struct raid_list gone = { 0 };
	struct raid_backup b;
	int writable, r;

	if (open_journal(o, s, &writable, err) == -1)
		return -1;
	r = raid_backup_make(s->db, dir, &b, err);
	if (r == 0 && !o->quiet)
		puts(b.path);
	if (r == 0 && o->verbose)
		prog_warn("%lld posts, %lld bytes, %lld compressed", b.posts,
		    b.bytes, b.packed);
	if (r == 0 && writable)
		r = store_audit(s, "backup", NULL, s->member ? "policy" :
		    "person", "done", b.path, err);
	if (r == 0)
		r = raid_backup_prune(dir, &o->keep, 0, &gone, err);
	for (size_t i = 0; o->verbose && i < gone.n; i++)
		prog_warn("removed %s", gone.v[i]);
	raid_list_free(&gone);
	free(b.path);
	return r;
}

static int
show_old(const struct options *o, const char *dir, struct raid_err *err)
{
	struct raid_list gone = { 0 };
	int r = raid_backup_prune(dir, &o->keep, raid_clock_now(), &gone, err);

	for (size_t i = 0; r == 0 && i < gone.n; i++)
		puts(gone.v[i]);
	raid_list_free(&gone);
	return r;
}

static int
restore(const struct options *o, struct store *s, struct raid_err *err)
{
	struct raid_audit a = { .program = prog_name(), .action = "restore",
		.allowed_by = "person", .result = "done",
		.detail = o->restore };
	const char *journal;
	char *kept;
	int r;

	if (store_conf(s, o->dir, o->journal, err) == -1)
		return -1;
	/* A member must not put the journal back to before its own deeds. */
	if (s->member)
		return raid_fail(err, RAID_EPERM, "a member may not restore a "
		    "journal; a person may");
	a.actor = s->actor;
	journal = s->conf.journal != NULL ? s->conf.journal :
	    s->conf.journal_new;
	if (journal == NULL)
		return raid_fail(err, RAID_ENOINPUT, "no project here; name "
		    "the journal to be made with -J");
	r = raid_backup_restore(o->restore, journal, &a, &kept, err);
	if (r == 0 && !o->quiet)
		puts(journal);
	if (r == 0 && kept != NULL && !o->quiet)
		prog_warn("what was there is kept as %s", kept);
	free(kept);
	return r;
}

int
main(int argc, char **argv)
{
	struct options o = { .keep = { 7, 4, 12 } };
	struct store s = { 0 };
	struct raid_err err;
	int r;

	prog_start(&prog);
	parse(&o, argc, argv);
	raid_proc_signals();
	if (o.restore != NULL)
		r = restore(&o, &s, &err);
	else if (o.dry)
		r = show_old(&o, argv[optind], &err);
	else
		r = backup(&o, argv[optind], &s, &err);
	store_close(&s);
	return prog_end(r == 0 ? RAID_OK : prog_say(&err));
}
