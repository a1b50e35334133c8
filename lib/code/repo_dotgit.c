/* SPDX-License-Identifier: ISC */
/* The .git of a replica: like a fresh clone, without remote or hook. */
#include <sys/stat.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "code/repo_git.h"

/* Make dir and all beneath it the owner's. */
static int
give_away(int dirfd, const char *name, uid_t owner)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC), r = 0;
	DIR *d = fd != -1 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (d == NULL)
		return -1;
	r = fchown(fd, owner, owner);
	while (r == 0 && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		r = e->d_type == DT_DIR ? give_away(fd, e->d_name, owner) :
		    fchownat(fd, e->d_name, owner, owner, AT_SYMLINK_NOFOLLOW);
	}
	closedir(d);
	return r;
}

static int
put_bytes(int dirfd, const char *path, const void *p, size_t len)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0644);
	ssize_t n = fd != -1 ? write(fd, p, len) : -1;

	if (fd != -1)
		close(fd);
	return n == (ssize_t)len ? 0 : -1;
}

static int
put_text(int dirfd, const char *path, const char *text)
{
	return put_bytes(dirfd, path, text, strlen(text));
}

/* Fixed in all it says, so that the same files give the same commit. */
static int
commit(const struct raid_repo_dotgit *d, git_oid *id, struct raid_err *err)
{
	git_signature who = { .name = (char *)(uintptr_t)"raid",
	    .email = (char *)(uintptr_t)"raid@raid.invalid",
	    .when = { .time = 946684800 } };
	git_tree *t = NULL;
	int r = 0;

	if (git_tree_lookup(&t, d->git, d->tree) < 0 ||
	    git_commit_create(id, d->git, NULL, &who, &who, NULL, "replica\n",
	    t, 0, NULL) < 0)
		r = raid_repo_fail(NULL, err, "the replica's commit");
	git_tree_free(t);
	return r;
}

static int
make_folders(int dirfd)
{
	static const char *const dirs[] = { ".git", ".git/objects",
	    ".git/objects/pack", ".git/objects/info", ".git/refs",
	    ".git/refs/heads", ".git/refs/tags", ".git/info", ".git/hooks" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (mkdirat(dirfd, dirs[i], 0755) == -1)
			return -1;
	return 0;
}

/* Everything but the objects. */
static int
put_files(const struct raid_repo_dotgit *d, int dirfd, const git_oid *id,
    struct raid_err *err)
{
	char hex[RAID_REPO_HEX + 1];
	struct raid_buf index;
	int r;

	git_oid_tostr(hex, sizeof(hex), id);
	hex[RAID_REPO_HEX - 1] = '\n';
	hex[RAID_REPO_HEX] = '\0';
	r = raid_path_read(d->index, (size_t)1 << 30, &index, err);
	if (r == 0 &&
	    (put_text(dirfd, ".git/HEAD", "ref: refs/heads/main\n") == -1 ||
	    put_text(dirfd, ".git/refs/heads/main", hex) == -1 ||
	    put_text(dirfd, ".git/config", "[core]\n"
	    "\trepositoryformatversion = 0\n\tfilemode = true\n"
	    "\tbare = false\n\tlogallrefupdates = true\n") == -1 ||
	    put_bytes(dirfd, ".git/index", index.p, index.len) == -1))
		r = raid_fail_errno(err, "replica: .git");
	raid_buf_free(&index);
	return r;
}

int
raid_repo_dotgit(const struct raid_repo_dotgit *d, struct raid_err *err)
{
	char *pack = raid_path_join(d->work, ".git/objects/pack");
	int fd = open(d->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = -1;
	git_odb *odb = NULL;
	git_oid id;

	if (fd == -1 || make_folders(fd) == -1) {
		raid_fail_errno(err, "replica: .git");
		goto out;
	}
	if (commit(d, &id, err) == -1)
		goto out;
	d->ids[d->n] = id;
	if (git_repository_odb(&odb, d->git) < 0)
		raid_repo_fail(NULL, err, "replica: .git");
	else
		r = raid_repo_pack(odb, d->ids, d->n + 1, pack, err);
	if (r == 0)
		r = put_files(d, fd, &id, err);
	if (r == 0 && d->owner != geteuid() &&
	    give_away(fd, ".git", d->owner) == -1)
		r = raid_fail_errno(err, "replica: .git");
out:
	git_odb_free(odb);
	if (fd != -1)
		close(fd);
	free(pack);
	return r;
}
