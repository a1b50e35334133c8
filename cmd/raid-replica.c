/* SPDX-License-Identifier: ISC */
/* raid-replica: run a command in a throw-away replica, show what it changed. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/fence.h"
#include "base/num.h"
#include "base/path.h"
#include "code/replica.h"
#include "code/sandbox.h"
#include "prog.h"

static const struct raid_prog prog = {
	"raid-replica",
	"[-C repo] [--base commit] [--network] [--mount path[:rw]]...\n"
	" [--env NAME]... [--timeout T] [--no-sandbox] -- command...",
	"Run a command in a copy of a commit (HEAD) with the files that\n"
	"RAID_FILES lists laid over it, in a sandbox.  Print what it prints,\n"
	"then what it changed as a diff in a fence.\n\n"
	"  -C repo           the repository; else RAID_ROOT, else this one\n"
	"  --base commit     instead of RAID_BASE, or HEAD\n"
	"  --network         let it reach the network\n"
	"  --mount path      let it read a file or folder; path:rw: write it\n"
	"  --env NAME        give it a variable of our environment\n"
	"  --timeout T       kill it after T, such as 90, 10m\n"
	"  --no-sandbox      run it as ourselves (the copy protects no more\n"
	"                    than the repository)\n"
};

enum { OPT_BASE = 256, OPT_NETWORK, OPT_MOUNT, OPT_ENV, OPT_TIMEOUT,
    OPT_NO_SANDBOX };

struct run {
	const char *dir, *base;
	struct raid_list mounts, env;
	double timeout;
	int network, off;
	char **argv;
};

static void
add_env(struct run *run, const char *name)
{
	const char *value = getenv(name);

	if (strchr(name, '=') != NULL)
		raid_list_add(&run->env, name);
	else if (value != NULL)
		raid_list_addf(&run->env, "%s=%s", name, value);
}

static void
options(int argc, char **argv, struct run *run)
{
	static const struct option longs[] = {
		{ "base", required_argument, NULL, OPT_BASE },
		{ "network", no_argument, NULL, OPT_NETWORK },
		{ "mount", required_argument, NULL, OPT_MOUNT },
		{ "env", required_argument, NULL, OPT_ENV },
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },
		{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
		PROG_LONGS
	};
	struct raid_err err;
	int c;

	while ((c = prog_option(argc, argv, "+" PROG_SHORTS "C:", longs)) != -1)
		switch (c) {
		case 'C':
			run->dir = optarg;
			break;
		case OPT_BASE:
			run->base = optarg;
			break;
		case OPT_NETWORK:
			run->network = 1;
			break;
		case OPT_MOUNT:
			raid_list_add(&run->mounts, optarg);
			break;
		case OPT_ENV:
			add_env(run, optarg);
			break;
		case OPT_TIMEOUT:
			if (raid_num_span(optarg, &run->timeout, "--timeout",
			    &err) == -1)
				prog_usage("%s", err.msg);
			break;
		case OPT_NO_SANDBOX:
			run->off = 1;
			break;
		}
	run->argv = argv + optind;
	if (run->argv[0] == NULL)
		prog_usage("no command given");
}

static const char *
env(const char *name)
{
	const char *s = getenv(name);

	return s != NULL && *s != '\0' ? s : NULL;
}

/* The attached files lie in the working folder. */
static int
read_files(struct raid_overlay *o, struct raid_err *err)
{
	struct raid_list names = { 0 };
	struct raid_buf b;
	struct stat st;
	int r = 0;

	raid_list_split(&names, env("RAID_FILES") != NULL ?
	    env("RAID_FILES") : "", '\n');
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		if (raid_path_safe(names.v[i], err) == -1) {
			r = raid_fail_at(err, "RAID_FILES");
			break;
		}
		r = raid_path_read(names.v[i], RAID_REPO_FILE_MAX, &b, err);
		if (r == 0 && stat(names.v[i], &st) == 0)
			raid_overlay_set(o, names.v[i], st.st_mode & 0100 ?
			    0100755 : 0100644, b.p, b.len);
		raid_buf_free(&b);
	}
	raid_list_free(&names);
	return r;
}

/* Is the sandbox off, by option or by the user's configuration? */
static int
look_for_off(struct run *run, const char *dir, struct raid_err *err)
{
	struct raid_conf conf;
	int r;

	if (run->off && env("RAID_ACTOR") != NULL)
		return raid_fail(err, RAID_EPERM, "--no-sandbox is for a "
		    "person; unset RAID_ACTOR");
	if (run->off)
		return 0;
	r = raid_conf_find(&conf, dir, NULL, err);
	if (r == 0)
		r = raid_sandbox_is_off(conf.user, err);
	raid_conf_free(&conf);
	run->off = r == 1;
	return r == -1 ? -1 : 0;
}

/* With nobody left to read it there is no point in going on. */
static void
on_out(void *arg, const void *p, size_t len)
{
	(void)fwrite(p, 1, len, stdout);
	if (fflush(stdout) == EOF)
		raid_proc_stop(arg);
}

/* A fence that the command left open would swallow ours. */
static void
close_fence(const struct raid_buf *out)
{
	struct raid_fence f;
	size_t pos = 0;
	int open = 0;

	while (raid_fence_next(out->p, out->len, &pos, &f))
		open = !f.closed;
	if (out->len != 0 && out->p[out->len - 1] != '\n')
		putchar('\n');
	for (size_t i = 0; open && i < f.ticks; i++)
		putchar(f.ch);
	if (open)
		putchar('\n');
}

static int
print_changes(struct raid_replica *r, const struct raid_buf *out,
    struct raid_err *err)
{
	struct raid_list left_out = { 0 };
	struct raid_buf diff;
	int ret;

	raid_buf_init(&diff, (size_t)256 << 20);
	ret = raid_replica_changes(r, &diff, &left_out, err);
	for (size_t i = 0; i < left_out.n; i++)
		prog_warn("%s: changed, but no text; left out",
		    left_out.v[i]);
	if (ret == 0 && diff.len != 0) {
		size_t n = raid_fence_ticks(diff.p, diff.len);

		close_fence(out);
		for (size_t i = 0; i < n; i++)
			putchar('`');
		puts("diff");
		(void)fwrite(diff.p, 1, diff.len, stdout);
		for (size_t i = 0; i < n; i++)
			putchar('`');
		putchar('\n');
	}
	raid_list_free(&left_out);
	raid_buf_free(&diff);
	return ret;
}

/* The subfolder of the repository in which we were called, or "". */
static char *
subfolder(const struct raid_repo *repo, const char *dir, const char *tree)
{
	const char *work = raid_repo_work(repo);
	char *real = realpath(dir, NULL), *sub = NULL, *there;
	size_t n = strlen(work);
	struct stat st;

	if (real != NULL && strncmp(real, work, n) == 0 && real[n] == '/') {
		there = raid_strf("%s%s", tree, real + n);
		if (lstat(there, &st) == 0 && S_ISDIR(st.st_mode))
			sub = raid_strf("%s", real + n + 1);
		free(there);
	}
	free(real);
	return sub != NULL ? sub : raid_strf("%s", "");
}

/* Returns the command's status, or -1. */
static int
run_in(struct run *run, struct raid_replica *r, const struct raid_repo *repo,
    const char *dir, struct raid_err *err)
{
	char *sub = subfolder(repo, dir, r->tree), why[100];
	struct raid_sandbox s;
	struct raid_sandbox_opts o = { .root = r->tree,
	    .at = raid_repo_work(repo), .mounts = &run->mounts,
	    .env = &run->env, .network = run->network, .off = run->off };
	struct raid_proc_opts po = { .argv = run->argv, .dir = sub,
	    .in_inherit = 1, .err_inherit = 1, .wall = run->timeout,
	    .out_max = (size_t)64 << 20, .on_out = on_out, .arg = &s.proc };
	struct raid_proc *const v[1] = { &s.proc };
	int ret;

	ret = raid_sandbox_start(&s, &o, &po, err);
	while (ret == 0 && raid_proc_wait(v, 1, -1) > 0)
		continue;
	if (ret == 0)
		ret = raid_sandbox_result(&s, err);
	if (ret == 0 && ferror(stdout))
		ret = raid_fail(err, RAID_EIO, "standard output: "
		    "nobody takes it");
	if (ret == 0 && s.proc.end != RAID_PROC_EXITED) {
		raid_proc_describe(&s.proc, why, sizeof(why));
		ret = raid_fail(err, raid_proc_signal() != 0 ? RAID_EINTR :
		    RAID_ETEMP, "%s: %s", run->argv[0], why);
	}
	if (ret == 0)
		ret = print_changes(r, &s.proc.out, err);
	if (ret == 0)
		ret = s.proc.status;
	raid_sandbox_free(&s);
	free(sub);
	return ret;
}

static int
replicate(struct run *run, struct raid_err *err)
{
	const char *dir = run->dir != NULL ? run->dir :
	    env("RAID_ROOT") != NULL ? env("RAID_ROOT") : ".";
	const char *base = run->base != NULL ? run->base :
	    env("RAID_BASE") != NULL ? env("RAID_BASE") : "HEAD";
	struct raid_overlay files = { 0 };
	struct raid_replica r = { 0 };
	struct raid_replica_opts o = { .files = &files };
	struct raid_repo *repo;
	char hex[RAID_REPO_HEX];
	int ret = -1;

	repo = raid_repo_open(dir, err);
	if (repo == NULL || look_for_off(run, dir, err) == -1)
		goto out;
	if (raid_repo_work(repo) == NULL) {
		raid_fail(err, RAID_EUSAGE, "%s: a bare repository", dir);
		goto out;
	}
	if (!run->off && raid_sandbox_probe(err) == -1)
		goto out;
	ret = raid_repo_commit(repo, base, hex, err);
	o.commit = ret == 1 ? hex : NULL;
	o.owner = run->off ? geteuid() : raid_sandbox_uid();
	if (ret != -1)
		ret = read_files(&files, err);
	if (ret == 0)
		ret = raid_replica_make(&r, repo, &o, err);
	if (ret == 0)
		ret = run_in(run, &r, repo, dir, err);
out:
	raid_replica_free(&r);
	raid_overlay_free(&files);
	raid_repo_free(repo);
	return ret;
}

int
main(int argc, char **argv)
{
	struct run run = { 0 };
	struct raid_err err;
	int status;

	prog_start(&prog);
	options(argc, argv, &run);
	/* The copy is removed, whoever closes the pipe. */
	(void)signal(SIGPIPE, SIG_IGN);
	raid_proc_signals();
	status = replicate(&run, &err);
	if (status == -1)
		status = prog_say(&err);
	raid_list_free(&run.mounts);
	raid_list_free(&run.env);
	return prog_end(status);
}
