/* SPDX-License-Identifier: ISC */
/* One thread serves all connections; ask.c knows what to say. */
#include "conn.h"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

static int log_fd = -1;
static volatile sig_atomic_t ended;

static void
log_request(const struct conn *c, const char *method, const char *target,
    const char *body, size_t len)
{
	static const char *const apis[] = {
		"openai", "anthropic", "gemini", "ollama"
	};
	struct raid_json *j;
	struct timespec t;

	if (log_fd < 0)
		return;
	j = raid_json_object();
	(void)clock_gettime(CLOCK_REALTIME, &t);
	raid_json_set_int(j, "id", c->ask.id);
	raid_json_set_num(j, "time", (double)t.tv_sec +
	    (double)(t.tv_nsec / 1000000) / 1e3);
	raid_json_set_str(j, "method", method);
	raid_json_set_str(j, "path", target);
	raid_json_set_str(j, "api", apis[c->ask.api]);
	raid_json_set_str(j, "model", c->ask.model);
	raid_json_set(j, "headers", raid_json_copy(c->ask.headers));
	if (c->ask.body != NULL)
		raid_json_set(j, "body", raid_json_copy(c->ask.body));
	else if (raid_utf8_check((const unsigned char *)body, len) == len)
		raid_json_set_str(j, "body", body);
	log_line(log_fd, j);
}

/* ---- the request comes in ---- */

/* One header; the values of a name that comes twice are joined. */
static void
add_header(struct raid_json *headers, char *name, const char *value)
{
	const char *before;
	char *both;

	for (char *p = name; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	before = raid_json_str(headers, name, NULL);
	if (before == NULL) {
		raid_json_set_str(headers, name, value);
		return;
	}
	both = raid_strf("%s, %s", before, value);
	raid_json_set_str(headers, name, both);
	free(both);
}

/* The headers, names in lower case. */
static struct raid_json *
read_headers(char *s)
{
	struct raid_json *j = raid_json_object();
	char *end, *value;

	for (; *s != '\0'; s = end) {
		end = strstr(s, "\r\n");
		if (end != NULL) {
			*end = '\0';
			end += 2;
		} else {
			end = s + strlen(s);
		}
		value = strchr(s, ':');
		if (value == NULL)
			continue;
		*value++ = '\0';
		add_header(j, s, value + strspn(value, " \t"));
	}
	return j;
}

static int
begin(struct conn *c, char *line, struct raid_json *headers,
    const char *body, size_t len)
{
	char *target = strchr(line, ' '), *version;

	if (target == NULL || (version = strchr(target + 1, ' ')) == NULL) {
		raid_json_free(headers);
		conn_free(c, "gone");
		return 0;
	}
	*target++ = '\0';
	*version++ = '\0';
	c->ask.id = ++stats.requests;
	if (++stats.busy > stats.most)
		stats.most = stats.busy;
	c->close = strcmp(version, "HTTP/1.0") == 0 || strcasecmp(
	    raid_json_str(headers, "connection", ""), "close") == 0;
	c->stage = HEAD;
	c->sent = c->steps = 0;
	c->framed = 0;
	c->reset = c->continued = 0;
	ask_begin(&c->ask, line, target, headers, body, len);
	log_request(c, line, target, body, len);
	c->due = raid_clock_mono() + (double)num(&c->ask, W_slow, 0) / 1e3;
	return 1;
}

/* Take a request from what was read; 0: it is not all there, or c is gone. */
static int
take_request(struct conn *c)
{
	char *end = memmem(c->in.p, c->in.len, "\r\n\r\n", 4), *head, *line;
	struct raid_json *headers;
	size_t at, len;
	int begun;

	if (end == NULL)
		return 0;
	at = (size_t)(end - (char *)c->in.p) + 4;
	head = raid_strndup((char *)c->in.p, at - 4);
	line = strstr(head, "\r\n");
	headers = read_headers(line != NULL ? line + 2 : end + 4);
	if (line != NULL)
		*line = '\0';
	len = strtoull(raid_json_str(headers, "content-length", "0"), NULL, 10);
	if (c->in.len - at < len) {
		if (!c->continued &&
		    *raid_json_str(headers, "expect", "") != '\0') {
			raid_buf_puts(&c->out, "HTTP/1.1 100 Continue\r\n\r\n");
			(void)conn_flush(c);
			c->continued = 1;
		}
		raid_json_free(headers);
		free(head);
		return 0;
	}
	line = raid_strndup((char *)c->in.p + at, len);
	memmove(c->in.p, c->in.p + at + len, c->in.len - at - len);
	c->in.len -= at + len;
	begun = begin(c, head, headers, line, len);
	free(head);
	free(line);
	return begun;
}

/* Answer what was read. */
static void
serve(struct conn *c)
{
	while (take_request(c) && conn_pump(c))
		continue;
}

static void
readable(struct conn *c)
{
	unsigned char p[65536];
	ssize_t n;

	do {
		n = read(c->fd, p, sizeof(p));
		if (n > 0)
			raid_buf_add(&c->in, p, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0 || errno != EAGAIN)
		conn_free(c, "gone");
	else if (c->stage == READING)
		serve(c);
}

/* ---- the server ---- */

static void
on_signal(int sig)
{
	(void)sig;
	ended = 1;
}

/* The listening socket on loopback; prints its port. */
static int
listen_on(unsigned int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int on = 1, fd = socket(AF_INET,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on)) != 0 || bind(fd, (struct sockaddr *)&a, len) != 0 ||
	    listen(fd, 4096) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
		perror("llmd: listen");
		exit(1);
	}
	printf("%u\n", (unsigned int)ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

/* What a ready connection is ready for. */
static void
ready(struct conn *c, uint32_t events)
{
	if ((events & EPOLLOUT) == 0)
		readable(c);
	else if (conn_pump(c))
		serve(c);
}

static void
loop(int fd)
{
	struct epoll_event e[256];
	sigset_t none;
	struct conn *c;
	int n, new;

	sigemptyset(&none);
	while (!ended) {
		n = epoll_pwait(epoll, e, 256, conn_wait(), &none);
		for (int i = 0; i < n; i++) {
			if (e[i].data.ptr != NULL)
				ready(e[i].data.ptr, e[i].events);
			else while ((new = accept4(fd, NULL, NULL,
			    SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
				conn_new(new);
		}
		while ((c = conn_due()) != NULL) {
			if (conn_pump(c))
				serve(c);
		}
	}
}

static int
open_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

static void
prepare(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct rlimit files;
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ours, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	/* It ends with the test that started it, however that ended. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

int
main(int argc, char **argv)
{
	struct epoll_event e = { .events = EPOLLIN };
	unsigned int port = 0;
	int fd, o;

	prepare();
	while ((o = getopt(argc, argv, "p:l:e:w")) != -1) {
		if (o == 'p') {
			port = (unsigned int)strtoul(optarg, NULL, 10);
		} else if (o == 'l') {
			log_fd = open_log(optarg);
		} else if (o == 'e') {
			ends_fd = open_log(optarg);
		} else if (o == 'w') {
			words_print();
			return 0;
		} else {
			return 64;
		}
	}
	fd = listen_on(port);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
	loop(fd);
	conn_free_all();
	return 0;
}
