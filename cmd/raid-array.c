/* SPDX-License-Identifier: ISC */
/* raid-array: who is in the array, how they are, what they are worth. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "base/out.h"
#include "prog.h"
#include "team.h"

static const struct raid_prog prog = {
	"raid-array",
	"[-jk] [--project] [-C dir] [-J journal] [command [operand...]]",
	"Keep the members of the array and see how they do.\n\n"
	"  list [name...]        who they are; the command if none is given\n"
	"  status                which of them can answer now\n"
	"  test [name...]        ask each a tiny question\n"
	"  models name           what its vendor offers\n"
	"  rank                  which of them mend what they are asked to\n"
	"  presets               vendors, servers, programs that raid knows\n"
	"  add name [preset] [key=value...]\n"
	"                        a member, from what raid knows\n"
	"  set name key [value...], set name key=value...\n"
	"                        change keys of it; without a value take one\n"
	"                        away; the name all stands for the array\n"
	"  remove name...        take members out\n"
	"  key name              store a key, from a terminal or a pipe\n"
	"  setup                 ask step by step\n"
	"  import [file]         models of Task Master or Ricochet\n"
	"  export taskmaster|ricochet [file]\n\n"
	"  -j          print JSON lines\n"
	"  -k          ask for the key, on the terminal\n"
	"  --project   change .raid/array.json, not the user's file\n"
	"  -C dir      work as if started in dir\n"
	"  -J journal  use this journal\n"
};

static const struct command {
	const char *name;
	array_command *run;
	int min, max;		/* operands; max < 0: any number */
	int changes;		/* the user's file, or the project's */
	const char *usage;
} commands[] = {
	{ "list", array_list, 0, -1, 0, "[name...]" },
	{ "presets", array_list_presets, 0, 0, 0, "no operand" },
	{ "add", array_add, 1, -1, 1, "name [preset] [key=value...]" },
	{ "remove", array_remove, 1, -1, 1, "name..." },
	{ "set", array_set, 2, -1, 1, "name key [value...]" },
	{ "key", array_key, 1, 1, 1, "name" },
	{ "import", array_import, 0, 1, 1, "[file]" },
	{ "export", array_export, 1, 2, 0, "taskmaster|ricochet [file]" },
	{ "status", array_status, 0, 0, 0, "no operand" },
	{ "rank", array_rank, 0, 0, 0, "no operand" },
	{ "setup", array_setup, 0, 0, 1, "no operand" },
	{ "test", array_test, 0, -1, 0, "[name...]" },
	{ "models", array_models, 1, 1, 0, "name" },
};

static void
parse(struct array *a, const char **dir, const char **journal, int argc,
    char **argv)
{
	static const struct option longs[] = {
		{ "project", no_argument, NULL, 1 }, PROG_LONGS
	};
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "jkC:J:",
	    longs)) != -1) {
		switch (c) {
		case 'j': a->json = 1; break;
		case 'k': a->ask_key = 1; break;
		case 'C': *dir = optarg; break;
		case 'J': *journal = optarg; break;
		case 1: a->project = 1; break;
		}
	}
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	prog_usage("%.40s: no such command", name);
}

/* What is one's own can be changed beside a .raid/ that is a stranger's. */
static void
forget_stranger(struct array *a)
{
	struct raid_err err;

	if (a->project || raid_conf_trusted(&a->s.conf, &err) == 0)
		return;
	prog_warn("%s", err.msg);
	free(a->s.conf.dir);
	a->s.conf.dir = NULL;
}

int
main(int argc, char **argv)
{
	struct array a = { .safe = isatty(STDOUT_FILENO) };
	const char *dir = NULL, *journal = NULL;
	const struct command *c = &commands[0];
	struct raid_err err;
	int r;

	prog_start(&prog);
	parse(&a, &dir, &journal, argc, argv);
	if (optind < argc) {
		c = find(argv[optind++]);
		/* Options may stand behind the command as well. */
		parse(&a, &dir, &journal, argc, argv);
	}
	a.argc = argc - optind;
	a.argv = argv + optind;
	if (a.argc < c->min || (c->max >= 0 && a.argc > c->max))
		prog_usage("%s: wants %s", c->name, c->usage);
	if (a.safe)
		a.width = raid_out_width();
	r = store_conf(&a.s, dir, journal, &err);
	if (r == 0 && c->changes)
		forget_stranger(&a);
	if (r == 0)
		r = array_reload(&a, &err);
	if (r == 0)
		r = c->run(&a, &err);
	raid_roster_free(&a.roster);
	store_close(&a.s);
	return prog_end(r == -1 ? prog_say(&err) : r);
}
