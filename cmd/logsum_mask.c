/* SPDX-License-Identifier: ISC */
#include "logsum_mask.h"

#include <stdio.h>
#include <string.h>

#include "base/conf.h"

/* The masks of one machine are alike, so that pages can be compared; who has
 * only a page cannot test a guess. */
static void
machine_key(char out[64])
{
	FILE *f = fopen("/etc/machine-id", "re");

	(void)snprintf(out, 64, "raid-logsum");
	if (f == NULL)
		return;
	if (fgets(out, 64, f) == NULL)
		(void)snprintf(out, 64, "raid-logsum");
	fclose(f);
}

int
logsum_mask_open(struct logsum_mask *m, struct raid_err *err)
{
	struct raid_conf c = { 0 };
	struct raid_err ignored;
	char key[64], *dir;

	memset(m, 0, sizeof(*m));
	machine_key(key);
	/* A log can be read anywhere: in a folder that tells nothing, and in
	 * a project that is not trusted. */
	if (raid_conf_find(&c, ".", NULL, &ignored) == -1) {
		raid_conf_free(&c);
		c = (struct raid_conf){ 0 };
	}
	dir = c.dir;
	if (raid_conf_trusted(&c, &ignored) == -1)
		c.dir = NULL;
	m->patterns = raid_redact_load(&c, key, err);
	c.dir = dir;
	raid_conf_free(&c);
	return m->patterns == NULL ? -1 : 0;
}

void
logsum_mask_close(struct logsum_mask *m)
{
	raid_redact_free(m->patterns);
	raid_redact_found_free(&m->found);
}

void
logsum_mask_add(void *arg, const void *p, size_t len, struct raid_buf *out)
{
	struct logsum_mask *m = arg;
	struct raid_err ignored;
	struct raid_buf b;
	int n = raid_redact_mask(m->patterns, p, len, &b, &m->found,
	    &ignored);

	if (n == 1)
		raid_buf_add(out, b.p, b.len);
	else if (n == 0)
		raid_buf_add(out, p, len);
	else
		raid_buf_puts(out, "[not searched for secrets]");
	raid_buf_free(&b);
}
