/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "code/repo.h"

static char *top;	/* a folder of our own, also HOME */

/* Run a script in the folder; it must succeed. */
static void
sh(const char *script)
{
	const char *const argv[] = { "sh", "-ec", script, NULL };
	struct raid_err err = { 0 };
	struct raid_proc p;

	if (raid_proc_run(&p, &(struct raid_proc_opts){
	    .argv = (char *const *)argv, .dir = top, .merge = 1 },
	    &err) == -1)
		fail_msg("%s", err.msg);
	if (p.status != 0)
		fail_msg("%s: %s", script, raid_buf_str(&p.out));
	raid_proc_free(&p);
}

static struct raid_repo *
repo(const char *name, struct raid_err *err)
{
	char *dir = raid_path_join(top, name);
	struct raid_repo *r = raid_repo_open(dir, err);

	free(dir);
	return r;
}

static int
setup(void **state)
{
	struct raid_err err;

	(void)state;
	top = raid_path_mktemp(&err);
	if (top == NULL)
		return -1;
	setenv("HOME", top, 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	sh("git config --global user.name Tester\n"
	    "git config --global user.email t@raid.invalid\n"
	    "git config --global init.defaultBranch main\n"
	    "git config --global core.autocrlf true\n"
	    "git init -q r; cd r; git config core.autocrlf false\n"
	    "mkdir d; printf 'a\\r\\n' >d/a; ln -s d/a l; echo x >x\n"
	    "chmod +x x; echo '*.o' >.gitignore\n"
	    "git add .; git commit -qm one");
	return 0;
}

static int
teardown(void **state)
{
	struct raid_err err;

	(void)state;
	return raid_path_remove(top, &err);
}

static void
file_is(struct raid_repo *r, const char *hex, const char *path, unsigned mode,
    const char *text)
{
	struct raid_err err = { 0 };
	struct raid_buf b;
	unsigned m = 0;

	assert_int_equal(raid_repo_file(r, hex, path, &b, &m, &err), 1);
	assert_int_equal(m, mode);
	assert_string_equal(raid_buf_str(&b), text);
	raid_buf_free(&b);
}

static void
test_file(void **state)
{
	struct raid_err err = { 0 };
	struct raid_repo *r = repo("r/d", &err);
	char hex[RAID_REPO_HEX];
	struct raid_buf b;
	unsigned mode;

	(void)state;
	assert_non_null(r);
	assert_true(strlen(raid_repo_work(r)) > strlen("/r"));
	assert_int_equal(raid_repo_commit(r, "HEAD", hex, &err), 1);
	file_is(r, hex, "d/a", 0100644, "a\r\n");
	file_is(r, hex, "x", 0100755, "x\n");
	file_is(r, hex, "l", 0120000, "d/a");
	file_is(r, hex, "d", 040000, "");
	assert_int_equal(raid_repo_file(r, hex, "no", &b, &mode, &err), 0);
	raid_buf_free(&b);
	assert_int_equal(raid_repo_file(r, hex, "x/no", &b, &mode, &err), 0);
	raid_buf_free(&b);
	hex[0] = hex[0] == 'a' ? 'b' : 'a';
	assert_int_equal(raid_repo_file(r, hex, "x", &b, &mode, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_buf_free(&b);
	assert_int_equal(raid_repo_file(r, "zz", "x", &b, &mode, &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	raid_buf_free(&b);
	assert_int_equal(raid_repo_commit(r, "nix", hex, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_repo_free(r);
}

static void
over_is(const struct raid_overlay *o, const char *path, unsigned mode,
    const char *text)
{
	const struct raid_repo_over *e = raid_overlay_get(o, path);

	if (e == NULL)
		fail_msg("%s is not in the overlay", path);
	assert_int_equal(e->mode, mode);
	assert_string_equal(e->p, text);
}

static void
test_dirty(void **state)
{
	struct raid_overlay o = { 0 };
	struct raid_err err = { 0 };
	struct raid_repo *r;

	(void)state;
	sh("git clone -q r w; cd w; echo new >d/new; echo 2 >x; rm l\n"
	    "echo o >k.o; git rm -q d/a; echo staged >st; git add st\n"
	    "mkdir sub; ln -s /etc/passwd sub/out");
	r = repo("w", &err);
	assert_non_null(r);
	assert_int_equal(raid_repo_dirty(r, &o, &err), 0);
	over_is(&o, "d/new", 0100644, "new\n");
	over_is(&o, "x", 0100755, "2\n");
	over_is(&o, "l", 0, "");
	over_is(&o, "d/a", 0, "");
	over_is(&o, "st", 0100644, "staged\n");
	over_is(&o, "sub/out", 0120000, "/etc/passwd");
	assert_int_equal(o.n, 6);
	raid_overlay_free(&o);
	raid_repo_free(r);
}

static void
refused(const char *name, enum raid_code code, const char *help)
{
	struct raid_err err = { 0 };
	struct raid_repo *r = repo(name, &err);

	assert_null(r);
	assert_int_equal(err.code, code);
	if (strstr(err.msg, help) == NULL)
		fail_msg("%s", err.msg);
}

static void
test_refused(void **state)
{
	struct raid_err err = { 0 };
	char hex[RAID_REPO_HEX];
	struct raid_repo *r;

	(void)state;
	refused(".", RAID_ENOINPUT, "git init");
	sh("git init -q --object-format=sha256 s");
	refused("s", RAID_ECONFIG, "fast-import");
	sh("git init -q u");
	r = repo("u", &err);
	assert_non_null(r);
	assert_int_equal(raid_repo_commit(r, "HEAD", hex, &err), 0);
	raid_repo_free(r);
	if (geteuid() != 0)
		return;
	sh("git clone -q r f; chown -R 61184 f");
	refused("f", RAID_EPERM, "safe.directory");
	sh("git config --global --add safe.directory \"$PWD/f\"");
	r = repo("f", &err);
	assert_non_null(r);
	raid_repo_free(r);
}

static void
test_partial(void **state)
{
	struct raid_err err = { 0 };
	char hex[RAID_REPO_HEX];
	struct raid_repo *r;
	struct raid_buf b;
	unsigned mode;

	(void)state;
	sh("git -C r config uploadpack.allowfilter 1\n"
	    "git clone -q --no-checkout --filter=blob:none "
	    "\"file://$PWD/r\" p");
	r = repo("p", &err);
	assert_non_null(r);
	assert_int_equal(raid_repo_commit(r, "HEAD", hex, &err), 1);
	assert_int_equal(raid_repo_file(r, hex, "x", &b, &mode, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	assert_non_null(strstr(err.msg, "git -C"));
	raid_buf_free(&b);
	raid_repo_free(r);
	sh("git -C p archive HEAD >/dev/null");
	r = repo("p", &err);
	file_is(r, hex, "x", 0100755, "x\n");
	raid_repo_free(r);
}

static void
test_identity(void **state)
{
	struct raid_err err = { 0 };
	struct raid_repo *r = repo("r", &err);
	char *name, *email;

	(void)state;
	assert_int_equal(raid_repo_identity(r, &name, &email, &err), 0);
	assert_string_equal(name, "Tester");
	assert_string_equal(email, "t@raid.invalid");
	free(name);
	free(email);
	setenv("GIT_COMMITTER_NAME", "Other", 1);
	assert_int_equal(raid_repo_identity(r, &name, &email, &err), 0);
	assert_string_equal(name, "Other");
	free(name);
	free(email);
	unsetenv("GIT_COMMITTER_NAME");
	raid_repo_free(r);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	r = repo("r", &err);
	assert_int_equal(raid_repo_identity(r, &name, &email, &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	unsetenv("GIT_CONFIG_GLOBAL");
	raid_repo_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_dirty),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_identity),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
