/* SPDX-License-Identifier: ISC */
/* Runs a fuzz target over the files named, for builds without libFuzzer. */
#include <stdint.h>
#include <stdio.h>

#include "base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
main(int argc, char **argv)
{
	struct raid_err err;
	struct raid_buf b;

	for (int i = 1; i < argc; i++) {
		if (raid_path_read(argv[i], 1u << 26, &b, &err) == -1) {
			fprintf(stderr, "%s: %s\n", argv[i], err.msg);
			return err.code;
		}
		(void)LLVMFuzzerTestOneInput(b.p, b.len);
		raid_buf_free(&b);
	}
	printf("%d replayed\n", argc - 1);
	return 0;
}
