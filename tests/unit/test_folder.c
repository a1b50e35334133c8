/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/path.h"
#include "code/folder.h"

static char *dir;
static int fd;

static int
setup(void **state)
{
	struct raid_err err;

	(void)state;
	dir = raid_path_mktemp(&err);
	if (dir == NULL)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	return fd == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	struct raid_err err;
	int r = raid_path_remove(dir, &err);

	(void)state;
	close(fd);
	free(dir);
	return r;
}

static void
put(const char *path, const char *text, unsigned mode)
{
	struct raid_err err;

	assert_int_equal(raid_path_put(fd, path, text, strlen(text), mode,
	    &err), 0);
}

/* What stands at path: its text, or "-" and the kind. */
static void
assert_file(const char *path, const char *text)
{
	static const char *const kinds[] = { "-absent", "", "-folder",
		"-link", "-other" };
	struct raid_place_file f = { .kind = RAID_PLACE_ABSENT };
	struct raid_err err;

	raid_buf_init(&f.data, 0);
	assert_int_equal(raid_folder_file(&fd, path, &f, &err), 0);
	assert_string_equal(f.kind == RAID_PLACE_FILE ?
	    raid_buf_str(&f.data) : kinds[f.kind], text);
	raid_buf_free(&f.data);
}

static unsigned
perm(const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(fd, path, &st, 0), 0);
	return st.st_mode & 0777;
}

/* A change, with the texts copied; NULL: the file is not there. */
static struct raid_place_change
change(const char *path, const char *before, const char *after)
{
	struct raid_place_change c = { .path = strdup(path),
		.old_mode = before != NULL ? 0100644 : 0,
		.mode = after != NULL ? 0100644 : 0 };

	raid_buf_init(&c.before, 100);
	raid_buf_init(&c.after, 100);
	raid_buf_puts(&c.before, before != NULL ? before : "");
	raid_buf_puts(&c.after, after != NULL ? after : "");
	return c;
}

static void
drop(struct raid_place_change *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].path);
		free(v[i].new_path);
		raid_buf_free(&v[i].before);
		raid_buf_free(&v[i].after);
	}
}

static void
test_kinds(void **state)
{
	(void)state;
	put("a/b", "text", 0644);
	put("l", "a", 0120000);
	assert_int_equal(mkfifoat(fd, "p", 0600), 0);
	put("sub/.gitx", "", 0644);
	assert_int_equal(mkdirat(fd, "m", 0700), 0);
	assert_int_equal(mkdirat(fd, "m/.git", 0700), 0);
	assert_file("a/b", "text");
	assert_file("a", "-folder");
	assert_file("a/b/c", "-absent");
	assert_file("n", "-absent");
	assert_file("l", "-link");
	assert_file("p", "-other");
	assert_file("sub", "-folder");
	assert_file("m", "-other");
}

/* Write, and see that nothing is left beside the files. */
static int
write_now(const struct raid_place *pl, struct raid_err *err)
{
	struct raid_folder f;
	int r;

	assert_int_equal(raid_folder_open(&f, dir, NULL, err), 0);
	assert_int_equal(raid_folder_lock(&f, err), 0);
	r = raid_folder_write(&f, pl, NULL, err);
	assert_file(".raid-write", "-absent");
	raid_folder_close(&f);
	return r;
}

static void
test_write(void **state)
{
	struct raid_place_change v[] = { change("a", "1", "2"),
		change("d/old", "x", NULL), change("n/m/new", NULL, "y"),
		change("r", "1", "3") };
	struct raid_place pl = { .v = v, .n = 4 };
	struct raid_err err;

	(void)state;
	put("a", "1", 0640);
	put("d/old", "x", 0644);
	put("r", "1", 0751);
	v[3].new_path = strdup("s");
	v[3].old_mode = v[3].mode = 0100755;
	assert_int_equal(raid_folder_check(fd, &pl, &err), 0);
	assert_int_equal(write_now(&pl, &err), 0);
	assert_file("a", "2");
	assert_int_equal(perm("a"), 0640);
	assert_file("d", "-absent");
	assert_file("n/m/new", "y");
	assert_file("r", "-absent");
	assert_file("s", "3");
	assert_int_equal(perm("s"), 0751);
	assert_int_equal(raid_folder_check(fd, &pl, &err), 1);
	put("a", "3", 0640);
	assert_int_equal(raid_folder_check(fd, &pl, &err), -1);
	assert_int_equal(err.code, RAID_NO);
	drop(v, 4);
}

/* Nothing is looked at through a link. */
static void
test_link(void **state)
{
	struct raid_place_change v[] = { change("l/a", "1", "2") };
	struct raid_place pl = { .v = v, .n = 1 };
	struct raid_err err;

	(void)state;
	put("d/a", "1", 0644);
	put("l", "d", 0120000);
	assert_int_equal(raid_folder_check(fd, &pl, &err), -1);
	assert_int_equal(err.code, RAID_EPERM);
	assert_int_equal(write_now(&pl, &err), -1);
	assert_file("d/a", "1");
	drop(v, 1);
}

/* The last rename fails: a folder is in its way. */
static void
test_undo(void **state)
{
	struct raid_place_change v[] = { change("a", "1", "2"),
		change("d/old", "x", NULL), change("n/m/new", NULL, "y"),
		change("q", "1", "3"), change("z", NULL, "3") };
	struct raid_place pl = { .v = v, .n = 5 };
	struct raid_err err;

	(void)state;
	put("a", "1", 0640);
	put("d/old", "x", 0644);
	put("q", "1", 0600);
	v[3].new_path = strdup("s");
	put("z/in", "", 0644);
	assert_int_equal(raid_folder_check(fd, &pl, &err), -1);
	assert_int_equal(write_now(&pl, &err), -1);
	assert_non_null(strstr(err.msg, "z: "));
	assert_file("a", "1");
	assert_int_equal(perm("a"), 0640);
	assert_file("d/old", "x");
	assert_file("n", "-absent");
	assert_file("q", "1");
	assert_int_equal(perm("q"), 0600);
	assert_file("s", "-absent");
	assert_file("z", "-folder");
	drop(v, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link, setup, teardown),
		cmocka_unit_test_setup_teardown(test_undo, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
