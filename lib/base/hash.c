/* SPDX-License-Identifier: ISC */
#include "base/hash.h"

#include <sys/types.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sha1.h>
#include <sha2.h>

#include "base/mem.h"

void
raid_hash(const void *p, size_t len, char out[RAID_HASH_SIZE])
{
	SHA2_CTX c;

	SHA256Init(&c);
	SHA256Update(&c, p, len);
	(void)SHA256End(&c, out);
}

void
raid_hash_strings(char out[RAID_HASH_SIZE], const char *const *v)
{
	SHA2_CTX c;

	SHA256Init(&c);
	for (; *v != NULL; v++) {
		char n[32];
		size_t len = strlen(*v);

		(void)snprintf(n, sizeof(n), "%zu:", len);
		SHA256Update(&c, (const uint8_t *)n, strlen(n));
		SHA256Update(&c, (const uint8_t *)*v, len);
	}
	(void)SHA256End(&c, out);
}

struct raid_sha1 {
	SHA1_CTX c;
};

struct raid_sha1 *
raid_sha1_new(void)
{
	struct raid_sha1 *s = raid_malloc(sizeof(*s));

	SHA1Init(&s->c);
	return s;
}

void
raid_sha1_add(struct raid_sha1 *s, const void *p, size_t len)
{
	SHA1Update(&s->c, p, len);
}

void
raid_sha1_end(struct raid_sha1 *s, unsigned char out[20])
{
	SHA1Final(out, &s->c);
	free(s);
}
