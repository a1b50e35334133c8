/* SPDX-License-Identifier: ISC */
/*
 * A window as text.  Each body and file stands in a fence longer than any
 * run of backticks inside it, so that no body can forge another post.
 */
#ifndef RAID_CONTEXT_RENDER_H
#define RAID_CONTEXT_RENDER_H

#include "base/buf.h"
#include "context/window.h"

struct raid_render_opts {
	const char *member;	/* its name, without '@' */
	const char *role;
	const char *prompt;	/* what it is told first, "" for nothing */
};

/* The system part: the prompt and who the member is. */
void raid_render_system(const struct raid_render_opts *o, struct raid_buf *b);

/* The user part: posts, files, what is asked. */
void raid_render_user(const struct raid_render_opts *o,
    const struct raid_window *w, struct raid_buf *b);

#endif
