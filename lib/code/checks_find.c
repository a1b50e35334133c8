/* SPDX-License-Identifier: ISC */
#include "code/checks_find.h"

#include <stdlib.h>

#include "base/path.h"

struct source {
	struct raid_repo *repo;
	const struct raid_replica_opts *what;
};

static int
on_file(void *arg, const char *path, struct raid_buf *b, struct raid_err *err)
{
	const struct source *s = arg;
	unsigned mode = 0;
	int r;

	raid_buf_free(b);
	r = raid_replica_file(s->repo, s->what, path, b, &mode, err);
	return r == 1 ? (mode & 0170000) == 0100000 : r;
}

/* The file of the base, else that beside the work tree; 1 there. */
static int
read_list(struct source *s, const struct raid_conf *conf,
    struct raid_json **file, struct raid_err *err)
{
	struct raid_buf b;
	char *path;
	int r;

	raid_buf_init(&b, 0);
	r = on_file(s, ".raid/checks.json", &b, err);
	if (r == 1) {
		*file = raid_json_parse(b.p, b.len, err);
		r = *file != NULL ? 1 :
		    raid_fail_at(err, ".raid/checks.json of the base");
	} else if (r == 0 && conf->dir != NULL) {
		path = raid_path_join(conf->dir, "checks.json");
		*file = raid_json_read(path, err);
		r = *file != NULL ? 1 : err->code == RAID_ENOINPUT ? 0 : -1;
		free(path);
	}
	raid_buf_free(&b);
	if (r == -1 && err->code == RAID_EDATA)
		err->code = RAID_ECONFIG;
	return r;
}

int
raid_checks_find(struct raid_checks *c, struct raid_repo *repo,
    const struct raid_replica_opts *what, const struct raid_conf *conf,
    struct raid_err *err)
{
	struct source s = { repo, what };
	struct raid_json *file = NULL;
	int r;

	*c = (struct raid_checks){ 0 };
	r = read_list(&s, conf, &file, err);
	if (r == 1 && conf->dir == NULL)
		r = raid_fail(err, RAID_EPERM, "the commit has a .raid/ that "
		    "the work tree has not, so nobody trusts it; "
		    "git checkout HEAD .raid && raid-init --trust");
	else if (r == 1 && raid_conf_trusted(conf, err) == -1)
		r = -1;
	if (r == 1 && raid_checks_parse(c, file, err) == -1)
		r = -1;
	raid_json_free(file);
	if (r == -1 || c->n != 0)
		return r == -1 ? -1 : 0;
	return raid_checks_detect(c, &(struct raid_checks_source){
	    .file = on_file, .arg = &s }, err);
}
