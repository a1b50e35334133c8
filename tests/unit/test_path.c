/* SPDX-License-Identifier: ISC */
/* Paths, git's files, configuration, trust, policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/githead.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/policy.h"
#include "base/str.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static char *top;	/* a folder of our own, HOME and working folder */

static int
begin(void **state)
{
	struct raid_err err;

	(void)state;
	top = raid_path_mktemp(&err);
	if (top == NULL || chdir(top) == -1)
		return -1;
	setenv("HOME", top, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("RAID_JOURNAL");
	return 0;
}

static int
end(void **state)
{
	struct raid_err err;
	int r = chdir("/") == -1 ? -1 : raid_path_remove(top, &err);

	(void)state;
	free(top);
	return r;
}

/* Write a file and its folders. */
static void
put(const char *path, const char *text)
{
	struct raid_err err;
	char *dir = raid_strdup(path), *slash = strrchr(dir, '/');

	if (slash != NULL) {
		*slash = '\0';
		assert_int_equal(raid_path_mkdirs(dir, 0755, &err), 0);
	}
	if (raid_path_write(path, text, strlen(text), 0640, &err) == -1)
		fail_msg("%s", err.msg);
	free(dir);
}

static void
test_safe(void **state)
{
	static const char *const good[] = { "a", "a/b", ".gitignore", "..a",
		"a..", ".github/x", "git", "x.git", ".git2", "a b",
		"\xd1\x8f/\xd1\x8f", "...", ".gitmodules", "a\\b" },
	    *const bad[] = { "", "/", "/a", "a//b", "a/", ".", "..", "./a",
		"a/..", "a/./b", "../a", ".git", ".git/x", "a/.git", ".GIT/x",
		".Git ", ".git.", ".git . .", "git~1", "GIT~1/x", ".git:x",
		".git::$INDEX_ALLOCATION/x", ".git\\x", ".g\xe2\x80\x8cit/x",
		"\xef\xbb\xbf.git", "a\nb", "a\x7f", "\t", "a\\.git\\x",
		"a\\GIT~1", "..\\x", "a\\..\\..\\b", ".git\\..\\x",
		".git                  ", ".git . . . . . . . . . ./x",
		".git              :x", ".git\xe2\x80\x8b/x", ".gi\xe2\x81\xa0t",
		".g\xc2\xadit", "\xef\xbc\x8e\xef\xbd\x87it", ".G\xc4\xb0T",
		"x/.git\xef\xb8\x8f. " };
	struct raid_err err;
	char *big;

	(void)state;
	for (size_t i = 0; i < LEN(good); i++)
		if (raid_path_safe(good[i], &err) == -1)
			fail_msg("refused: %s: %s", good[i], err.msg);
	for (size_t i = 0; i < LEN(bad); i++) {
		if (raid_path_safe(bad[i], &err) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(err.code, RAID_EPERM);
	}
	big = raid_strf("%05000d", 1);
	assert_int_equal(raid_path_safe(big, &err), -1);
	free(big);
}

static void
test_edit(void **state)
{
	static const char *const good[] = { "raid", "a/raid", ".raidx",
		".raid2/x", "x.raid", "a.raid-1" },
	    *const bad[] = { ".raid", ".raid/policy.json", ".RAID/x", ".raid.",
		".raid /x", "a/.raid/x", ".r\xe2\x80\x8c" "aid/x", ".raid:x",
		".raid-write", "a/.raid-0123-1.new", ".Raid-x", ".git/x",
		"../x" };
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < LEN(good); i++)
		if (raid_path_edit(good[i], &err) == -1)
			fail_msg("refused: %s: %s", good[i], err.msg);
	for (size_t i = 0; i < LEN(bad); i++) {
		if (raid_path_edit(bad[i], &err) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(err.code, RAID_EPERM);
	}
}

static void
test_files(void **state)
{
	struct raid_err err;
	struct raid_buf b;
	struct stat st;
	struct rlimit files;
	char deep[4000] = "deep", *p;

	(void)state;
	p = raid_path_join("a/", "b");
	assert_string_equal(p, "a/b");
	free(p);
	put("f", "12345");
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(raid_path_read("f", 5, &b, &err), 0);
	assert_string_equal(raid_buf_str(&b), "12345");
	raid_buf_free(&b);
	assert_int_equal(raid_path_read("f", 4, &b, &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	raid_buf_free(&b);
	assert_int_equal(raid_path_read("missing", 4, &b, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_buf_free(&b);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(raid_path_read("pipe", 4, &b, &err), -1);
	raid_buf_free(&b);
	assert_int_equal(raid_path_write("no/such/folder", "x", 1, 0600,
	    &err), -1);
	assert_int_equal(access("f.tmp", F_OK), -1);

	/* A folder without permissions, and links that are not followed. */
	put("keep/x", "x");
	put("gone/a/b", "x");
	assert_int_equal(symlink("../keep", "gone/link"), 0);
	assert_int_equal(chmod("gone/a", 0), 0);
	assert_int_equal(raid_path_remove("gone", &err), 0);
	assert_int_equal(access("gone", F_OK), -1);
	assert_int_equal(access("keep/x", F_OK), 0);
	assert_int_equal(raid_path_remove("gone", &err), 0);
	/* Deeper than we may have descriptors. */
	for (int i = 0; i < 1500; i++)
		(void)strncat(deep, "/d", sizeof(deep) - strlen(deep) - 1);
	assert_int_equal(raid_path_mkdirs(deep, 0755, &err), 0);
	put("deep/d/d/e/f", "x");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 100,
	    files.rlim_max }), 0);
	if (raid_path_remove("deep", &err) == -1)
		fail_msg("a deep folder: %s", err.msg);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

static void
test_beneath(void **state)
{
	struct raid_err err;
	struct raid_buf b;
	struct stat st;
	int dir, fd;

	(void)state;
	put("out/secret", "s");
	put("root/a/f", "x");
	assert_int_equal(symlink("../out", "root/link"), 0);
	assert_int_equal(symlink("../out/secret", "root/file"), 0);
	dir = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	fd = raid_path_openat(dir, "a/f", O_RDONLY, 0, &err);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(raid_path_openat(dir, "link/secret", O_RDONLY, 0,
	    &err), -1);
	assert_int_equal(err.code, RAID_EPERM);
	assert_int_equal(raid_path_openat(dir, "file", O_RDONLY, 0, &err), -1);
	assert_int_equal(err.code, RAID_EPERM);
	assert_int_equal(raid_path_openat(dir, "../out/secret", O_RDONLY, 0,
	    &err), -1);

	/* A new file in new folders; a link is replaced, not written through. */
	assert_int_equal(raid_path_put(dir, "n/m/f", "y", 1, 0100755, &err), 0);
	assert_int_equal(stat("root/n/m/f", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	assert_int_equal(raid_path_put(dir, "file", "y", 1, 0100644, &err), 0);
	assert_int_equal(raid_path_read("out/secret", 9, &b, &err), 0);
	assert_string_equal(raid_buf_str(&b), "s");
	raid_buf_free(&b);
	assert_int_equal(raid_path_put(dir, "link/x", "y", 1, 0100644, &err),
	    -1);
	assert_int_equal(access("out/x", F_OK), -1);
	assert_int_equal(raid_path_put(dir, "a", "y", 1, 0100644, &err), -1);
	assert_int_equal(raid_path_put(dir, "a/f/g", "y", 1, 0100644, &err),
	    -1);
	assert_int_equal(raid_path_put(dir, "l", "a/f", 3, 0120000, &err), 0);
	assert_int_equal(lstat("root/l", &st), 0);
	assert_true(S_ISLNK(st.st_mode));

	/* Folders that become empty go, others stay. */
	put("root/n/other", "x");
	assert_int_equal(raid_path_drop(dir, "n/m/f", &err), 0);
	assert_int_equal(access("root/n/m", F_OK), -1);
	assert_int_equal(access("root/n", F_OK), 0);
	assert_int_equal(raid_path_drop(dir, "link/secret", &err), -1);
	assert_int_equal(access("out/secret", F_OK), 0);
	close(dir);
}

#define HEX "0123456789012345678901234567890123456789"

/* The commit of HEAD as seen from a folder, "unborn", "none" or "failed". */
static void
assert_head(const char *dir, const char *want)
{
	struct raid_err err;
	struct raid_git g;
	char hex[RAID_GIT_HEX] = "unborn";
	int r = raid_git_find(dir, &g, &err);

	if (r == 0)
		(void)snprintf(hex, sizeof(hex), "none");
	if (r == -1 || (r == 1 && raid_git_head(&g, hex, &err) == -1))
		(void)snprintf(hex, sizeof(hex), "failed");
	raid_git_free(&g);
	if (strcmp(hex, want) != 0)
		fail_msg("%s: %s, not %s (%s)", dir, hex, want, err.msg);
}

static void
test_githead(void **state)
{
	char *big;

	(void)state;
	put("g/.git/HEAD", "ref: refs/heads/main\n");
	assert_head("g", "none");	/* no objects: not a repository */
	put("g/.git/objects/x", "");
	assert_head("g", "unborn");
	put("g/.git/packed-refs", "# pack-refs with: peeled\n"
	    "1111111111111111111111111111111111111111 refs/heads/xmain\n"
	    HEX " refs/heads/main\n^1111111111111111111111111111111111111111\n");
	assert_head("g", HEX);
	put("g/.git/packed-refs", HEX " refs/heads/main");
	assert_head("g/.git/..", HEX);
	put("g/.git/refs/heads/main", HEX "\n");
	put("g/.git/refs/heads/one", "ref: refs/heads/main\n");
	put("g/.git/HEAD", "ref: refs/heads/one\n");
	assert_head("g", HEX);
	put("g/.git/refs/heads/main", "ref: refs/heads/one\n");
	assert_head("g", "failed");	/* in circles */
	put("g/.git/HEAD", HEX "012345678901234567890123\n");
	assert_head("g", HEX "012345678901234567890123");
	for (int i = 0; i < 5; i++) {
		static const char *const bad[] = { "", "nonsense\n", HEX "0\n",
			"ref: /etc/passwd\n", "ref: refs/heads/.invalid\n" };

		put("g/.git/HEAD", bad[i]);
		assert_head("g", "failed");
	}
	/* A branch that cannot be read is there all the same. */
	put("g/.git/HEAD", "ref: refs/heads/big\n");
	assert_head("g", "unborn");
	big = raid_strf("%05000d", 1);
	put("g/.git/refs/heads/big", big);
	free(big);
	assert_head("g", "failed");
	put("g/.git/HEAD", "ref: refs/heads\n");
	assert_head("g", "unborn");
	put("g/in/.git", "gitdir: ../elsewhere\n");
	assert_head("g/in", "failed");
	put("w/.git", "gitdir: ../g/.git/worktrees/w\n");
	put("g/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
	put("g/.git/worktrees/w/commondir", "../..\n");
	put("g/.git/refs/heads/w", HEX "\n");
	assert_head("w", HEX);
	put("g/.git/worktrees/w/commondir", "../../nowhere\n");
	assert_head("w", "failed");
	assert_head("missing", "failed");
}

static void
test_conf(void **state)
{
	struct raid_conf c;
	struct raid_err err;
	struct raid_json *project, *user;

	(void)state;
	put("c/sub/x", "x");
	assert_int_equal(raid_conf_find(&c, "c/sub", NULL, &err), 0);
	assert_null(c.dir);
	assert_null(c.journal);
	assert_int_equal(raid_conf_trusted(&c, &err), 0);
	raid_conf_free(&c);
	assert_int_equal(raid_conf_find(&c, "c/sub", "/named", &err), 0);
	assert_string_equal(c.journal, "/named");
	raid_conf_free(&c);
	setenv("RAID_JOURNAL", "/env", 1);
	assert_int_equal(raid_conf_find(&c, "c/sub", NULL, &err), 0);
	assert_string_equal(c.journal, "/env");
	raid_conf_free(&c);
	assert_int_equal(raid_conf_find(&c, "c/sub", "/named", &err), 0);
	assert_string_equal(c.journal, "/named");
	raid_conf_free(&c);
	unsetenv("RAID_JOURNAL");

	/* Nothing of a .raid/ is read before it is trusted. */
	put("c/.raid/array.json", "{\"a\": 1}");
	put("c/.raid/broken.json", "{");
	put("c/.raid/list.json", "[]");
	assert_int_equal(raid_conf_find(&c, "c/sub", NULL, &err), 0);
	assert_true(raid_str_ends(c.dir, "/c/.raid"));
	assert_int_equal(raid_conf_read(&c, "array.json", &project, &user,
	    &err), -1);
	assert_int_equal(err.code, RAID_EPERM);
	assert_true(raid_str_ends(err.msg, "raid-init --trust"));
	put(".config/raid/trusted", "/other/c/.raid");
	assert_int_equal(raid_conf_trusted(&c, &err), -1);
	assert_int_equal(raid_conf_trust(&c, c.dir, &err), 1);
	assert_int_equal(raid_conf_trust(&c, c.dir, &err), 0);
	assert_int_equal(raid_conf_trusted(&c, &err), 0);
	assert_int_equal(raid_conf_trust(&c, "/x\n/y/.raid", &err), -1);
	assert_int_equal(raid_conf_read(&c, "array.json", &project, &user,
	    &err), 0);
	assert_int_equal(raid_json_int(project, "a", 0), 1);
	assert_null(user);
	raid_json_free(project);
	assert_int_equal(raid_conf_read(&c, "broken.json", &project, &user,
	    &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	assert_int_equal(raid_conf_read(&c, "list.json", &project, &user,
	    &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	raid_conf_free(&c);
}

static void
test_policy(void **state)
{
	static const struct {
		const char *project, *user;
		enum raid_policy_answer want;
	} cases[] = { { "{}", "{}", RAID_POLICY_ASK },
		{ "{\"x\":\"allow\"}", "{}", RAID_POLICY_ALLOW },
		{ "{\"x\":\"allow\"}", "{\"x\":\"deny\"}", RAID_POLICY_DENY },
		{ "{\"x\":\"allow\"}", "{\"x\":\"ask\"}", RAID_POLICY_ALLOW },
		{ "{\"x\":\"deny\"}", "{\"x\":\"allow\"}", RAID_POLICY_DENY },
		{ "{}", "{\"x\":{\"do\":\"allow\"}}", RAID_POLICY_ALLOW },
		{ "{\"x\":{\"author\":\"p\"}}", "{\"x\":\"allow\"}",
		    RAID_POLICY_ALLOW },
		{ "{\"x\":\"alow\"}", "{}", RAID_POLICY_DENY },
		{ "{\"x\":1}", "{}", RAID_POLICY_ASK },
		{ "{\"x\":{\"do\":true}}", "{}", RAID_POLICY_ASK },
		{ "{}", "{\"x\":null}", RAID_POLICY_ASK } };
	struct raid_policy p;
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		p.project = raid_json_parse(cases[i].project,
		    strlen(cases[i].project), &err);
		p.user = raid_json_parse(cases[i].user, strlen(cases[i].user),
		    &err);
		if (raid_policy_get(&p, "x") != cases[i].want)
			fail_msg("%s over %s", cases[i].project,
			    cases[i].user);
		assert_int_equal(raid_policy_check(&p, "x", &err),
		    cases[i].want == RAID_POLICY_ALLOW ? 0 : -1);
		raid_policy_free(&p);
	}
	p.project = raid_json_parse("{\"sandbox\":\"off\",\"c\":{\"author\":"
	    "\"person\"}}", 41, &err);
	assert_non_null(p.project);
	/* A repository cannot turn the sandbox off. */
	assert_string_equal(raid_policy_user(&p, "sandbox", "on"), "on");
	assert_string_equal(raid_policy_setting(&p, "c", "author", "-"),
	    "person");
	assert_string_equal(raid_policy_setting(&p, "c", "other", "-"), "-");
	raid_policy_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe), cmocka_unit_test(test_edit),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_beneath), cmocka_unit_test(test_githead),
		cmocka_unit_test(test_conf), cmocka_unit_test(test_policy)
	};

	return cmocka_run_group_tests(tests, begin, end);
}
