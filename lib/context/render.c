/* SPDX-License-Identifier: ISC */
#include "context/render.h"

#include <string.h>

#include "base/clock.h"
#include "base/fence.h"
#include "base/utf8.h"

void
raid_render_system(const struct raid_render_opts *o, struct raid_buf *b)
{
	if (*o->prompt != '\0') {
		raid_buf_puts(b, o->prompt);
		raid_buf_puts(b, o->prompt[strlen(o->prompt) - 1] == '\n' ?
		    "\n" : "\n\n");
	}
	raid_buf_printf(b, "You are @%s", o->member);
	if (*o->role != '\0')
		raid_buf_printf(b, ", role: %s", o->role);
	raid_buf_puts(b, ".\n");
}

static void
fenced(struct raid_buf *b, const void *p, size_t len)
{
	size_t n = raid_fence_ticks(p, len);

	for (size_t i = 0; i < n; i++)
		raid_buf_addc(b, '`');
	raid_buf_addc(b, '\n');
	raid_buf_add(b, p, len);
	if (len == 0 || ((const char *)p)[len - 1] != '\n')
		raid_buf_addc(b, '\n');
	for (size_t i = 0; i < n; i++)
		raid_buf_addc(b, '`');
	raid_buf_puts(b, "\n\n");
}

/* A path may hold any character but a newline: that would be a line of its
 * own outside of the fence. */
static void
one_line(struct raid_buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		raid_buf_addc(b, (unsigned char)*s < ' ' ? '?' :
		    (unsigned char)*s);
}

static void
render_post(struct raid_buf *b, const struct raid_post *p)
{
	char when[32];

	raid_clock_format(p->t.ts, when, sizeof(when));
	raid_buf_printf(b, "#%s @", p->tag);
	one_line(b, p->author);
	raid_buf_printf(b, " %s", when);
	if (strcmp(p->kind, "chat") != 0)
		raid_buf_printf(b, " %s", p->kind);
	if (strcmp(p->status, "complete") != 0)
		raid_buf_printf(b, " (%s)", p->status);
	if (*p->reply_to != '\0')
		raid_buf_printf(b, " answers #%s", p->reply_to);
	raid_buf_addc(b, '\n');
	for (size_t i = 0; i < p->nfiles; i++) {
		raid_buf_puts(b, "attached: ");
		one_line(b, p->files[i].path);
		raid_buf_addc(b, '\n');
	}
	fenced(b, p->body, p->body_len);
}

static void
render_file(struct raid_buf *b, const struct raid_window_file *f)
{
	raid_buf_puts(b, "file ");
	one_line(b, f->file->path);
	if (memchr(f->content.p, '\0', f->content.len) != NULL ||
	    raid_utf8_check(f->content.p, f->content.len) < f->content.len) {
		raid_buf_printf(b, " (%zu bytes that are not text)\n\n",
		    f->content.len);
		return;
	}
	raid_buf_addc(b, '\n');
	fenced(b, f->content.p, f->content.len);
}

void
raid_render_user(const struct raid_render_opts *o, const struct raid_window *w,
    struct raid_buf *b)
{
	raid_buf_puts(b, "The posts, oldest first:\n\n");
	if (w->left_out > 0)
		raid_buf_printf(b, "(%zu older posts are left out.)\n\n",
		    w->left_out);
	for (size_t i = 0; i < w->posts.n; i++)
		render_post(b, &w->posts.v[i]);
	if (w->nfiles > 0)
		raid_buf_printf(b, "The files as they are now, from #%s:\n\n",
		    w->owner.tag);
	for (size_t i = 0; i < w->nfiles; i++)
		render_file(b, &w->files[i]);
	raid_buf_printf(b, "Answer #%s now, as @%s.\n",
	    w->posts.v[w->asked].tag, o->member);
}
