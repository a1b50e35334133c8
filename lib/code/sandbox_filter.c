/* SPDX-License-Identifier: ISC */
/*
 * The system calls that nothing in a sandbox needs: those that would make
 * new user namespaces (and with them new privileges), and those that reach
 * parts of the kernel that no namespace holds apart.
 */
#include "code/sandbox_priv.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#define X32 0x40000000U		/* the other way to call the same kernel */
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#endif

#ifdef ARCH
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
	offsetof(struct seccomp_data, field))
#define IS(k, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), (yes), (no))
#define RET(e) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (e))
#define DENY(nr, e) IS(nr, 0, 1), RET(e)

/* The number of the call is loaded before and after each group. */
static const struct sock_filter filter[] = {
	/* 32-bit calls have other numbers: none of them. */
	LOAD(arch), IS(ARCH, 1, 0), RET(ENOSYS),
	LOAD(nr),
#ifdef X32
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1), RET(ENOSYS),
#endif
	/* Its flags lie in memory, out of our sight; libc falls back. */
	DENY(__NR_clone3, ENOSYS),
	IS(__NR_unshare, 1, 0), IS(__NR_clone, 0, 4),
	LOAD(args[0]),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1),
	RET(EPERM), LOAD(nr),
	/* Other families (vsock, for one) know no network namespace. */
	IS(__NR_socket, 0, 7),
	LOAD(args[0]), IS(AF_UNIX, 4, 0), IS(AF_INET, 3, 0),
	IS(AF_INET6, 2, 0), IS(AF_NETLINK, 1, 0),
	RET(EAFNOSUPPORT), LOAD(nr),
	DENY(__NR_keyctl, EPERM), DENY(__NR_add_key, EPERM),
	DENY(__NR_request_key, EPERM), DENY(__NR_bpf, EPERM),
	DENY(__NR_userfaultfd, EPERM), DENY(__NR_perf_event_open, EPERM),
	DENY(__NR_io_uring_setup, EPERM), DENY(__NR_io_uring_enter, EPERM),
	DENY(__NR_io_uring_register, EPERM),
	DENY(__NR_open_by_handle_at, EPERM), DENY(__NR_setns, EPERM),
	DENY(__NR_kexec_load, EPERM), DENY(__NR_mount, EPERM),
	DENY(__NR_umount2, EPERM), DENY(__NR_pivot_root, EPERM),
	DENY(__NR_open_tree, EPERM), DENY(__NR_move_mount, EPERM),
	DENY(__NR_fsopen, EPERM), DENY(__NR_fsmount, EPERM),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
};

const void *
raid_sandbox_filter(size_t *len)
{
	*len = sizeof(filter);
	return filter;
}
#else
const void *
raid_sandbox_filter(size_t *len)
{
	*len = 0;
	return NULL;
}
#endif
