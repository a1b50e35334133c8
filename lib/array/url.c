/* SPDX-License-Identifier: ISC */
#include "array/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Letters, digits, '.', '-' and '_'; in brackets what an IPv6 address has. */
static int
take_host(struct raid_url *u, const char *s, size_t len)
{
	int v6 = len > 2 && s[0] == '[' && s[len - 1] == ']';
	unsigned char addr[sizeof(struct in6_addr)];

	if (v6) {
		s++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(u->host))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (!v6 && !isalnum((unsigned char)s[i]) &&
		    strchr(".-_", s[i]) == NULL)
			return -1;
		u->host[i] = (char)tolower((unsigned char)s[i]);
	}
	u->host[len] = '\0';
	return v6 && inet_pton(AF_INET6, u->host, addr) != 1 ? -1 : 0;
}

/* ":1" to ":65535", or nothing. */
static int
check_port(const char *s, size_t len)
{
	long port = 0;

	if (len == 0)
		return 0;
	if (*s != ':' || len < 2 || len > 6)
		return -1;
	for (size_t i = 1; i < len; i++) {
		if (!isdigit((unsigned char)s[i]))
			return -1;
		port = port * 10 + (s[i] - '0');
	}
	return port >= 1 && port <= 65535 ? 0 : -1;
}

int
raid_url_parse(struct raid_url *u, const char *s, struct raid_err *err)
{
	size_t len, host;

	*u = (struct raid_url){ .path = "" };
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return raid_fail(err, RAID_ECONFIG,
			    "has a character that no address has");
	if (strncasecmp(s, "https://", 8) == 0)
		u->tls = 1;
	else if (strncasecmp(s, "http://", 7) != 0)
		return raid_fail(err, RAID_ECONFIG,
		    "must begin with https:// or http://");
	s += 7 + u->tls;
	/* What is shown nowhere could still be logged by a server. */
	if (strpbrk(s, "?#") != NULL)
		return raid_fail(err, RAID_ECONFIG,
		    "must end before '?' or '#'");
	len = strcspn(s, "/");
	if (memchr(s, '@', len) != NULL)
		return raid_fail(err, RAID_ECONFIG,
		    "must not hold a user or a password");
	host = *s == '[' ? strcspn(s, "]") + 1 : strcspn(s, ":/");
	if (host > len || take_host(u, s, host) == -1 ||
	    check_port(s + host, len - host) == -1)
		return raid_fail(err, RAID_ECONFIG,
		    "must name a host, and perhaps a port, after the slashes");
	u->path = s + len;
	return 0;
}

int
raid_url_loopback(const struct raid_url *u)
{
	unsigned char a[sizeof(struct in6_addr)];

	if (strcmp(u->host, "localhost") == 0)
		return 1;
	if (inet_pton(AF_INET, u->host, a) == 1)
		return a[0] == 127;
	return inet_pton(AF_INET6, u->host, a) == 1 &&
	    memcmp(a, &in6addr_loopback, sizeof(a)) == 0;
}
