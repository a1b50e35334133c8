/* SPDX-License-Identifier: ISC */
/*
 * calls [-a] HOW N COMMAND...: run COMMAND and stop it at one system call.
 * Those that change or sync a file are counted from 1, with -a all of them,
 * from the first flock(2) on, which is where a writer begins.  HOW is
 *	kill	SIGKILL comes before the call;
 *	eio	the call fails with EIO, and is not made;
 *	enospc	the same with ENOSPC;
 *	full	from it on each call that takes room fails with ENOSPC.
 * The status is that of the command, 137 when it was killed; 99 when it has
 * fewer calls, 98 when a process cannot be traced here.
 */
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#define CALL(r) ((r).orig_rax)
#define RESULT(r) ((r).rax)
#define ARG(r, n) ((n) == 0 ? (r).rdi : (r).rdx)
#elif defined(__aarch64__)
#define CALL(r) ((r).regs[8])
#define RESULT(r) ((r).regs[0])
#define ARG(r, n) ((r).regs[n])
#else
int
main(void)
{
	return 98;
}
#endif

#ifdef CALL
static struct user_regs_struct regs;

static int
get(pid_t pid)
{
	struct iovec v = { &regs, sizeof(regs) };

	return ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &v) == 0;
}

static void
set(pid_t pid)
{
	struct iovec v = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &v) == -1)
		abort();
}

/* Make the call that is about to begin no call at all. */
static void
skip(pid_t pid)
{
#ifdef __aarch64__
	int none = -1;
	struct iovec v = { &none, sizeof(none) };

	if (ptrace(PTRACE_SETREGSET, pid, (void *)NT_ARM_SYSTEM_CALL,
	    &v) == -1)
		abort();
#else
	CALL(regs) = (uint64_t)-1;
	set(pid);
#endif
}

/* What cannot fail, and memory, which has an end of its own. */
static int
can_fail(long call)
{
	switch (call) {
	case SYS_brk:
	case SYS_mmap:
	case SYS_munmap:
	case SYS_madvise:
	case SYS_mprotect:
	case SYS_mremap:
	case SYS_umask:
	case SYS_geteuid:
	case SYS_getpid:
	case SYS_gettid:
	case SYS_futex:
	case SYS_sigaltstack:
	case SYS_exit_group:
		return 0;
	default:
		return 1;
	}
}

/* Does it need room on the disk?  Messages have their own. */
static int
takes_room(long call)
{
	switch (call) {
	case SYS_write:
		return ARG(regs, 0) > STDERR_FILENO;
	case SYS_linkat:
	case SYS_mkdirat:
		return 1;
	default:
		return 0;
	}
}

/* Does it change anything?  The flags of openat2 are in its memory. */
static int
changes(long call)
{
	switch (call) {
	case SYS_openat:
		return (ARG(regs, 2) & O_CREAT) != 0;
	case SYS_write:
		return ARG(regs, 0) > STDERR_FILENO;
	case SYS_openat2:
	case SYS_fchmod:
	case SYS_fchown:
	case SYS_fsync:
	case SYS_linkat:
	case SYS_mkdirat:
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_unlinkat:
		return 1;
	default:
		return 0;
	}
}

static int
ended(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

/* The next stop for a system call: 1, or 0 when the process has ended. */
static int
next(pid_t pid, int *status)
{
	int sig = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, (void *)(intptr_t)sig) ==
		    -1 || waitpid(pid, status, 0) == -1)
			abort();
		if (!WIFSTOPPED(*status))
			return 0;
		if (WSTOPSIG(*status) == (SIGTRAP | 0x80))
			return get(pid);
		sig = WSTOPSIG(*status) == SIGTRAP ? 0 : WSTOPSIG(*status);
	}
}

static int
trace(pid_t pid, const char *how, long at, int all)
{
	long n = 0, call;
	int status, begun = 0, fails, counts;
	int e = strcmp(how, "eio") == 0 ? EIO : ENOSPC;

	while (next(pid, &status)) {
		call = (long)CALL(regs);
		begun |= call == SYS_flock;
		counts = begun && (all || changes(call));
		n += counts;
		fails = strcmp(how, "full") == 0 ? n >= at && takes_room(call)
		    : counts && n == at && can_fail(call);
		if (counts && n == at && *how == 'k') {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		}
		if (begun && *how != 'k' && fails)
			skip(pid);
		if (!next(pid, &status))
			break;
		if (begun && *how != 'k' && fails) {
			RESULT(regs) = (uint64_t)-e;
			set(pid);
		}
	}
	return n < at ? 99 : ended(status);
}

int
main(int argc, char **argv)
{
	int status, all = argc > 1 && strcmp(argv[1], "-a") == 0;
	pid_t pid;

	argc -= all;
	argv += all;
	if (argc < 4)
		return 64;
	pid = fork();
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) == -1)
			_exit(98);
		raise(SIGSTOP);
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1 ||
	    !WIFSTOPPED(status) || ptrace(PTRACE_SETOPTIONS, pid, 0,
	    (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) == -1)
		return 98;
	return trace(pid, argv[1], strtol(argv[2], NULL, 10), all);
}
#endif
