/* SPDX-License-Identifier: ISC */
/* buildlog [-k]: the digest of the log of a build on standard input; -k: as
 * text that is known to be one. */
#include <stdio.h>
#include <string.h>

#include "logs/build.h"

int
main(int argc, char **argv)
{
	static char in[1 << 20];
	size_t n = fread(in, 1, sizeof(in), stdin);
	struct raid_build *b = raid_build_new(argc > 1 &&
	    strcmp(argv[1], "-k") == 0);
	struct raid_buf out;

	raid_buf_init(&out, 1 << 20);
	raid_build_text(b, in, n);
	raid_build_end(b);
	raid_build_digest(b, 4000, RAID_BUILD_LINES, &out);
	(void)fwrite(out.p, 1, out.len, stdout);
	raid_buf_free(&out);
	raid_build_free(b);
	return 0;
}
