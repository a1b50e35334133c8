/* SPDX-License-Identifier: ISC */
#include "code/sandbox.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/sandbox_priv.h"

#define PROCESSES 1024
#define FILE_SIZE (4LL << 30)
#define TMP_SIZE (1LL << 30)
#define SYSTEM_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:" \
	"/sbin:/bin"
#define HOME_INSIDE "/home/raid"
#define ELSEWHERE "/replica"	/* for a repository in place of the system */

/* One that is being put together. */
struct plan {
	const struct raid_sandbox_opts *o;
	const char *at;		/* where o->root is, inside */
	struct raid_list argv;
	struct raid_list env;
	char *home;		/* inside */
	int fds[8];		/* given to bubblewrap, ended by -1 */
	size_t nfds;
};

char *
raid_sandbox_expand(const char *path)
{
	const char *home = getenv("HOME");

	if (path[0] == '~' && (path[1] == '/' || path[1] == '\0') &&
	    home != NULL)
		return raid_strf("%s%s", home, path + 1);
	return raid_strdup(path);
}

static void
args(struct plan *c, const char *const *v)
{
	for (; *v != NULL; v++)
		raid_list_add(&c->argv, *v);
}
#define ARGS(c, ...) args(c, (const char *const[]){ __VA_ARGS__, NULL })

/* Does path lie in dir, or is it dir itself? */
static int
within(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '/' ||
	    path[n] == '\0' || (n > 0 && dir[n - 1] == '/'));
}

/* A file in memory that bubblewrap reads; its number, or -1. */
static int
give(struct plan *c, const char *name, const void *p, size_t len,
    struct raid_err *err)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd == -1 || (len != 0 && write(fd, p, len) != (ssize_t)len) ||
	    lseek(fd, 0, SEEK_SET) == -1) {
		raid_fail_errno(err, "a file in memory");
		if (fd != -1)
			close(fd);
		return -1;
	}
	c->fds[c->nfds++] = fd;
	c->fds[c->nfds] = -1;
	return fd;
}

static void
bind_system(struct plan *c)
{
	static const char *const dirs[] = { "/usr", "/bin", "/sbin", "/lib",
	    "/lib32", "/lib64", "/libx32", "/etc", "/opt" };
	char target[256];
	struct stat st;
	ssize_t n;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (lstat(dirs[i], &st) == -1)
			continue;
		if (!S_ISLNK(st.st_mode)) {
			ARGS(c, "--ro-bind", dirs[i], dirs[i]);
			continue;
		}
		n = readlink(dirs[i], target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		ARGS(c, "--symlink", target, dirs[i]);
	}
	/* Where resolv.conf often points to. */
	if (c->o->network)
		ARGS(c, "--ro-bind-try", "/run/systemd/resolve",
		    "/run/systemd/resolve");
}

/* bubblewrap would make the folders above a mount 0700, and root's. */
static void
add_parents(struct plan *c, const char *path)
{
	char *p = raid_strdup(path);

	for (char *s = strchr(p + 1, '/'); s != NULL; s = strchr(s + 1, '/')) {
		*s = '\0';
		ARGS(c, "--perms", "0755", "--dir", p);
		*s = '/';
	}
	free(p);
}

static void
add_tmpfs(struct plan *c, const char *at)
{
	char size[32];

	add_parents(c, at);

	(void)snprintf(size, sizeof(size), "%lld", c->o->tmp_size != 0 ?
	    c->o->tmp_size : TMP_SIZE);
	ARGS(c, "--perms", "1777", "--size", size, "--tmpfs", at);
}

static int
add_data(struct plan *c, const char *path, const char *text,
    struct raid_err *err)
{
	char num[16];
	int fd = give(c, "raid", text, strlen(text), err);

	if (fd == -1)
		return -1;
	(void)snprintf(num, sizeof(num), "%d", fd);
	ARGS(c, "--perms", "0644", "--ro-bind-data", num, path);
	return 0;
}

/* Nobody of this machine is known inside. */
static int
add_users(struct plan *c, struct raid_err *err)
{
	unsigned uid = (unsigned)raid_sandbox_uid();
	unsigned gid = raid_sandbox_is_root() ? uid : (unsigned)getegid();
	char *passwd, *group;
	int r;

	passwd = raid_strf("root:x:0:0:root:/root:/usr/sbin/nologin\n"
	    "raid:x:%u:%u:raid:%s:/bin/sh\n", uid, gid, c->home);
	group = raid_strf("root:x:0:\nraid:x:%u:\n", gid);
	r = add_data(c, "/etc/passwd", passwd, err);
	if (r == 0)
		r = add_data(c, "/etc/group", group, err);
	free(passwd);
	free(group);
	return r;
}

/* The path outside; what is relative lies in the repository. */
static char *
mount_path(const struct plan *c, const char *spec)
{
	char *path, *p;

	spec += *spec == '?';
	if (*spec == '/' || *spec == '~') {
		path = raid_sandbox_expand(spec);
	} else {
		path = raid_path_join(c->o->at, spec);
	}
	p = path + strlen(path);
	if (raid_str_ends(path, ":rw") || raid_str_ends(path, ":ro"))
		p[-3] = '\0';
	return path;
}

/* Those in the repository come after the replica, the others before. */
static int
add_mounts(struct plan *c, int inner, struct raid_err *err)
{
	const struct raid_list *l = c->o->mounts;
	int r = 0;

	for (size_t i = 0; l != NULL && r == 0 && i < l->n; i++) {
		const char *spec = l->v[i];
		char *path = mount_path(c, spec);

		if (within(path, c->o->at) != inner) {
			;
		} else if (access(path, F_OK) == 0) {
			if (!inner)
				add_parents(c, path);
			ARGS(c, raid_str_ends(spec, ":rw") ? "--bind" :
			    "--ro-bind", path, path);
		} else if (*spec != '?') {
			r = raid_fail_errno(err, "mount %s", path);
		}
		free(path);
	}
	return r;
}

static int
is_system(const char *path)
{
	static const char *const taken[] = { "/usr", "/bin", "/sbin", "/lib",
	    "/lib32", "/lib64", "/etc", "/opt", "/proc", "/dev", "/var",
	    "/tmp", "/var/tmp", "/dev/shm" };

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(path, taken[i]) == 0)
			return 1;
	return path[1] == '\0';
}

/* The folder that HOME is inside: empty, at the path it has outside, so
 * that a mounted ~/.cargo is where programs look for it. */
static char *
home_inside(const char *at)
{
	const char *home = getenv("HOME");

	if (home == NULL || *home != '/' || is_system(home) ||
	    within(home, "/usr") || within(home, "/etc") ||
	    within(home, "/proc") || within(home, at))
		return raid_strdup(HOME_INSIDE);
	return raid_strdup(home);
}

/* Those folders of our PATH that are there inside, then the usual ones. */
static char *
path_inside(const struct plan *c)
{
	static const char *const seen[] = { "/usr", "/bin", "/sbin", "/opt" };
	const char *path = getenv("PATH");
	struct raid_list all = { 0 }, keep = { 0 };
	struct raid_buf b;
	char *inside;

	raid_list_split(&all, path != NULL ? path : "", ':');
	for (size_t i = 0; i < all.n; i++) {
		int ok = within(all.v[i], c->at);

		for (size_t k = 0; k < sizeof(seen) / sizeof(seen[0]); k++)
			ok |= within(all.v[i], seen[k]);
		for (size_t k = 0; c->o->mounts != NULL &&
		    k < c->o->mounts->n; k++) {
			char *m = mount_path(c, c->o->mounts->v[k]);

			ok |= within(all.v[i], m);
			free(m);
		}
		if (ok)
			raid_list_addnew(&keep, all.v[i]);
	}
	raid_list_free(&all);
	raid_list_split(&all, SYSTEM_PATH, ':');
	for (size_t i = 0; i < all.n; i++)
		raid_list_addnew(&keep, all.v[i]);
	raid_buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < keep.n; i++)
		raid_buf_printf(&b, "%s%s", i != 0 ? ":" : "", keep.v[i]);
	raid_list_free(&all);
	raid_list_free(&keep);
	inside = raid_buf_take(&b);
	raid_buf_free(&b);
	return inside;
}

/* Clean: nothing that could be a key gets in unless it is named. */
static void
make_env(struct plan *c)
{
	const char *tz = getenv("TZ");
	char *path = c->o->off ? raid_strdup(getenv("PATH") != NULL ?
	    getenv("PATH") : SYSTEM_PATH) : path_inside(c);

	raid_list_addf(&c->env, "PATH=%s", path);
	raid_list_addf(&c->env, "HOME=%s", c->home);
	raid_list_add(&c->env, "USER=raid");
	raid_list_add(&c->env, "LOGNAME=raid");
	raid_list_add(&c->env, "LANG=C.UTF-8");
	raid_list_addf(&c->env, "TZ=%s", tz != NULL ? tz : "UTC");
	raid_list_add(&c->env, "TERM=dumb");
	for (size_t i = 0; c->o->env != NULL && i < c->o->env->n; i++)
		raid_list_add(&c->env, c->o->env->v[i]);
	free(path);
}

static int
add_filter(struct plan *c, struct raid_err *err)
{
	size_t len;
	const void *p = raid_sandbox_filter(&len);
	char num[16];
	int fd;

	if (p == NULL && raid_sandbox_is_root())
		return raid_fail(err, RAID_EUNAVAIL, "no sandbox for root on "
		    "this kind of machine; run it as an ordinary user");
	if (p == NULL)
		return 0;
	fd = give(c, "seccomp", p, len, err);
	if (fd == -1)
		return -1;
	(void)snprintf(num, sizeof(num), "%d", fd);
	ARGS(c, "--seccomp", num);
	return 0;
}

static void
add_namespaces(struct plan *c)
{
	ARGS(c, "--unshare-pid", "--unshare-ipc", "--unshare-uts",
	    "--unshare-cgroup-try", "--die-with-parent", "--new-session",
	    "--hostname", "raid", "--cap-drop", "ALL");
	if (!c->o->network)
		ARGS(c, "--unshare-net");
	if (!raid_sandbox_is_root())
		ARGS(c, "--unshare-user", "--disable-userns");
	else
		ARGS(c, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
		    "--cap-add", "CAP_SETPCAP");
}

static int
add_files(struct plan *c, const char *dir, struct raid_err *err)
{
	const struct raid_sandbox_opts *o = c->o;
	char *wd;

	bind_system(c);
	if (add_users(c, err) == -1)
		return -1;
	ARGS(c, "--proc", "/proc", "--dev", "/dev");
	add_tmpfs(c, "/tmp");
	add_tmpfs(c, "/var/tmp");
	add_tmpfs(c, "/dev/shm");
	add_tmpfs(c, c->home);
	if (add_mounts(c, 0, err) == -1)
		return -1;
	if (o->root != NULL) {
		add_parents(c, c->at);
		ARGS(c, "--bind", o->root, c->at);
	}
	if (add_mounts(c, 1, err) == -1)
		return -1;
	/* What is not mounted may not be written, or it would fill memory. */
	ARGS(c, "--remount-ro", "/dev", "--remount-ro", "/");
	wd = dir != NULL && *dir != '\0' ? raid_path_join(c->at, dir) :
	    raid_strdup(c->at);
	ARGS(c, "--chdir", wd);
	free(wd);
	return 0;
}

static void
add_command(struct plan *c, char *const *argv)
{
	unsigned uid = (unsigned)raid_sandbox_uid();
	unsigned n = c->o->processes != 0 ? c->o->processes : PROCESSES;
	long long size = c->o->file_size != 0 ? c->o->file_size : FILE_SIZE;

	ARGS(c, "--");
	if (raid_sandbox_is_root()) {
		ARGS(c, "setpriv", "--reuid");
		raid_list_addf(&c->argv, "%u", uid);
		ARGS(c, "--regid");
		raid_list_addf(&c->argv, "%u", uid);
		ARGS(c, "--clear-groups", "--no-new-privs", "--inh-caps",
		    "-all", "--bounding-set", "-all", "--");
	}
	/* Inside, since processes are counted for each user. */
	ARGS(c, "prlimit", "--core=0:0");
	raid_list_addf(&c->argv, "--nproc=%u:%u", n, n);
	raid_list_addf(&c->argv, "--fsize=%lld:%lld", size, size);
	ARGS(c, "--");
	args(c, (const char *const *)argv);
}

static int
prepare(struct plan *c, struct raid_sandbox *s, const struct raid_proc_opts *po,
    struct raid_err *err)
{
	char num[16], *bwrap;

	if (raid_sandbox_who(err) == -1)
		return -1;
	bwrap = raid_proc_find("bwrap");
	if (bwrap == NULL)
		return raid_fail(err, RAID_EUNAVAIL, "no sandbox: bubblewrap "
		    "is not installed: apt install bubblewrap");
	raid_list_add(&c->argv, bwrap);
	free(bwrap);
	add_namespaces(c);
	s->status_fd = give(c, "status", NULL, 0, err);
	if (s->status_fd == -1)
		return -1;
	c->nfds = 0;	/* this one stays with s; the child gets it below */
	(void)snprintf(num, sizeof(num), "%d", s->status_fd);
	ARGS(c, "--json-status-fd", num);
	if (add_files(c, po->dir, err) == -1 || add_filter(c, err) == -1)
		return -1;
	c->fds[c->nfds] = s->status_fd;
	c->fds[c->nfds + 1] = -1;
	add_command(c, po->argv);
	return 0;
}

/* Without a sandbox: the folder itself, our own PATH, an empty HOME. */
static int
start_off(struct raid_sandbox *s, struct plan *c, struct raid_proc_opts *p,
    struct raid_err *err)
{
	char *dir = p->dir != NULL && *p->dir != '\0' ?
	    raid_path_join(c->o->root, p->dir) : raid_strdup(c->o->root);
	int r;

	free(c->home);
	c->home = raid_strf("%s.home", c->o->root);
	r = mkdir(c->home, 0700);
	if (r == -1 && errno != EEXIST) {
		r = raid_fail_errno(err, "%s", c->home);
	} else {
		make_env(c);
		p->env = c->env.v;
		p->dir = dir;
		r = raid_proc_start(&s->proc, p, err);
	}
	free(dir);
	return r;
}

int
raid_sandbox_start(struct raid_sandbox *s, const struct raid_sandbox_opts *o,
    const struct raid_proc_opts *po, struct raid_err *err)
{
	struct plan c = { .o = o, .fds = { -1 } };
	struct raid_proc_opts p = *po;
	int r;

	*s = (struct raid_sandbox){ .status_fd = -1 };
	p.keep_fds = NULL;
	c.at = o->root != NULL && is_system(o->at) ? ELSEWHERE : o->at;
	c.home = home_inside(c.at);
	if (o->off) {
		r = start_off(s, &c, &p, err);
	} else {
		r = prepare(&c, s, po, err);
		make_env(&c);
		p.argv = c.argv.v;
		p.env = c.env.v;
		p.dir = "/";
		p.keep_fds = c.fds;
		if (r == 0)
			r = raid_proc_start(&s->proc, &p, err);
	}
	for (size_t i = 0; i < c.nfds; i++)
		close(c.fds[i]);
	raid_list_free(&c.argv);
	raid_list_free(&c.env);
	free(c.home);
	return r;
}
