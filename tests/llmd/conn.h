/* SPDX-License-Identifier: ISC */
/* A connection; conn.c sends the answer, main.c reads the requests. */
#ifndef LLMD_CONN_H
#define LLMD_CONN_H

#include "llmd.h"

enum stage { READING, HEAD, BODY, END, HUNG };

struct conn {
	int fd, writing;		/* EPOLLOUT is awaited */
	int continued;			/* 100 was sent */
	struct raid_buf in, out;	/* as read; as it is to be written */
	size_t written;			/* of out */
	enum stage stage;
	double due, start;		/* when to go on; when the body began */
	size_t heap;			/* its place there + 1; 0: none */
	size_t index;			/* in conns */
	/* While a request is answered: */
	struct ask ask;
	int chunked, close, reset;	/* the framing; what the end is */
	const char *end;		/* for the log of ends */
	size_t framed;			/* of ask.made */
	long long sent, limit;		/* bytes of body; where it ends, or -1 */
	long long steps;		/* events that were paced */
};

/* Where the ends of requests are told; -1: nowhere. */
extern int ends_fd, epoll;

void log_line(int fd, struct raid_json *j);
void conn_new(int fd);

/* Close it; how tells what became of the request that was in work. */
void conn_free(struct conn *c, const char *how);
void conn_free_all(void);

/* Write what is framed: 0 when all is written, 1: there is no room, or -1. */
int conn_flush(struct conn *c);

/*
 * Go on with an answer as far as it goes now; 1 if it is over and the
 * connection is there for another request, else c may be gone.
 */
int conn_pump(struct conn *c);

/* Milliseconds until one must go on, -1: none; and the one that must now. */
int conn_wait(void);
struct conn *conn_due(void);

#endif
