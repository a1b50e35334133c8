/* SPDX-License-Identifier: ISC */
/* Who a sandboxed command is. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "code/sandbox.h"
#include "code/sandbox_priv.h"

/* The range that systemd keeps free for users without a name. */
static uid_t
spare_uid(void)
{
	return 61184 + (uid_t)getpid() % 4000;
}

/* The number that uid has outside of our user namespace, in *outside; 0 if
 * it has none. */
static int
is_mapped(uid_t uid, unsigned long *outside)
{
	struct raid_err ignored;
	unsigned long from, to, n;
	struct raid_buf b;
	int found = 0;
	char *p;

	*outside = uid;
	if (raid_path_read("/proc/self/uid_map", 65536, &b, &ignored) == -1)
		found = 1;
	/* Lines of three numbers: first inside, first outside, how many. */
	for (p = (char *)b.p; !found && *p != '\0'; p += strcspn(p, "\n")) {
		from = strtoul(p, &p, 10);
		to = strtoul(p, &p, 10);
		n = strtoul(p, &p, 10);
		if (uid >= from && uid - from < n) {
			*outside = to + (uid - from);
			found = 1;
		}
		p += *p == '\n';
	}
	raid_buf_free(&b);
	return found;
}

int
raid_sandbox_is_root(void)
{
	unsigned long outside;

	return geteuid() == 0 && is_mapped(spare_uid(), &outside);
}

int
raid_sandbox_who(struct raid_err *err)
{
	unsigned long outside;

	if (geteuid() != 0 || raid_sandbox_is_root() ||
	    (is_mapped(0, &outside) && outside != 0))
		return 0;
	return raid_fail(err, RAID_EUNAVAIL, "no sandbox: root in a user "
	    "namespace that knows nobody else could still read what is "
	    "root's; run it outside of that, or as an ordinary user");
}

uid_t
raid_sandbox_uid(void)
{
	return raid_sandbox_is_root() ? spare_uid() : geteuid();
}
