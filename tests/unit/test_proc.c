/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"

#define ARGV(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })
#define SH(script) ARGV("sh", "-c", script)

/* Run it to its end; a failure to start fails the test. */
static void
run(struct raid_proc *p, struct raid_proc_opts o)
{
	struct raid_err err = { 0 };

	if (raid_proc_run(p, &o, &err) == -1)
		fail_msg("%s", err.msg);
}

static void
test_streams(void **state)
{
	struct raid_proc p;

	(void)state;
	run(&p, (struct raid_proc_opts){
	    .argv = SH("echo out; echo err >&2; exit 3") });
	assert_int_equal(p.end, RAID_PROC_EXITED);
	assert_int_equal(p.status, 3);
	assert_string_equal(raid_buf_str(&p.out), "out\n");
	assert_string_equal(raid_buf_str(&p.err), "err\n");
	raid_proc_free(&p);
	run(&p, (struct raid_proc_opts){ .argv = SH("echo a; echo b >&2"),
	    .merge = 1 });
	assert_string_equal(raid_buf_str(&p.out), "a\nb\n");
	raid_proc_free(&p);
	/* Without input standard input is empty, not ours. */
	run(&p, (struct raid_proc_opts){ .argv = ARGV("cat") });
	assert_int_equal(p.out.len, 0);
	raid_proc_free(&p);
}

static void
test_big_input(void **state)
{
	size_t n = (size_t)3 << 20;
	unsigned char *big = raid_malloc(n);
	struct raid_proc p;

	(void)state;
	for (size_t i = 0; i < n; i++)
		big[i] = (unsigned char)(i * 7 + i / 251);
	run(&p, (struct raid_proc_opts){ .argv = ARGV("cat"), .in = big,
	    .in_len = n });
	assert_int_equal(p.out.len, n);
	assert_memory_equal(p.out.p, big, n);
	raid_proc_free(&p);
	/* One that does not read it is no SIGPIPE for us. */
	run(&p, (struct raid_proc_opts){ .argv = SH("exec <&-; echo ok"),
	    .in = big, .in_len = n });
	assert_int_equal(p.status, 0);
	assert_string_equal(raid_buf_str(&p.out), "ok\n");
	raid_proc_free(&p);
	free(big);
}

static void
test_cannot_start(void **state)
{
	struct raid_err err = { 0 };
	struct raid_proc p;

	(void)state;
	assert_int_equal(raid_proc_run(&p, &(struct raid_proc_opts){
	    .argv = ARGV("raid-no-such-program") }, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	assert_non_null(strstr(err.msg, "not found in PATH"));
	raid_proc_free(&p);
	assert_int_equal(raid_proc_run(&p, &(struct raid_proc_opts){
	    .argv = ARGV("/etc/passwd") }, &err), -1);
	assert_int_equal(err.code, RAID_EPERM);
	raid_proc_free(&p);
	assert_int_equal(raid_proc_run(&p, &(struct raid_proc_opts){
	    .argv = ARGV("true"), .dir = "/no/such/folder" }, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_proc_free(&p);
}

static void
test_script(void **state)
{
	struct raid_err err = { 0 };
	char *dir = raid_path_mktemp(&err), *file;
	struct raid_proc p;

	(void)state;
	assert_non_null(dir);
	file = raid_path_join(dir, "s");
	assert_int_equal(raid_path_write(file, "echo $1-$#\n", 11, 0755,
	    &err), 0);
	run(&p, (struct raid_proc_opts){ .argv = ARGV("./s", "a", "b"),
	    .dir = dir });
	assert_string_equal(raid_buf_str(&p.out), "a-2\n");
	raid_proc_free(&p);
	assert_int_equal(raid_path_remove(dir, &err), 0);
	free(file);
	free(dir);
}

static void
ends(const char *script, struct raid_proc_opts o, enum raid_proc_end end,
    double within)
{
	struct raid_proc p;
	char text[100];
	double t = raid_clock_mono();

	o.argv = SH(script);
	run(&p, o);
	assert_int_equal(p.end, end);
	raid_proc_describe(&p, text, sizeof(text));
	assert_int_not_equal(text[0], '\0');
	assert_true(raid_clock_mono() - t < within);
	raid_proc_free(&p);
}

static void
test_limits(void **state)
{
	(void)state;
	ends("exec sleep 60", (struct raid_proc_opts){ .wall = 0.2 },
	    RAID_PROC_WALL, 1.5);
	ends("trap '' TERM; sleep 60; sleep 60", (struct raid_proc_opts){
	    .wall = 0.2, .grace = 0.2 }, RAID_PROC_WALL, 1.9);
	ends("for i in 1 2 3; do echo; sleep 0.1; done; sleep 60",
	    (struct raid_proc_opts){ .idle = 0.3 }, RAID_PROC_IDLE, 2.5);
	ends("exec dd if=/dev/zero of=/dev/null bs=100M 2>&1",
	    (struct raid_proc_opts){ .memory = (size_t)50 << 20 },
	    RAID_PROC_MEMORY, 2.0);
	/* Its memory counts wherever in the tree it is. */
	ends("(dd if=/dev/zero of=/dev/null bs=100M 2>&1; :); :",
	    (struct raid_proc_opts){ .memory = (size_t)50 << 20 },
	    RAID_PROC_MEMORY, 2.0);
	ends("exit 0", (struct raid_proc_opts){ .wall = 9, .idle = 9,
	    .memory = (size_t)1 << 30 }, RAID_PROC_EXITED, 1.0);
}

static void
test_flood(void **state)
{
	struct raid_err err;
	struct raid_proc p, *v;

	(void)state;
	run(&p, (struct raid_proc_opts){ .argv = SH("yes; yes"),
	    .out_max = 10001 });
	assert_int_equal(p.end, RAID_PROC_FLOOD);
	assert_int_equal(p.out.len, 10001);
	raid_proc_free(&p);
	/* One that has ended before anybody reads is one, too. */
	assert_int_equal(raid_proc_start(&p, &(struct raid_proc_opts){
	    .argv = SH("printf 123456"), .out_max = 5 }, &err), 0);
	usleep(200000);
	v = &p;
	while (raid_proc_wait(&v, 1, -1) > 0)
		continue;
	assert_int_equal(p.end, RAID_PROC_FLOOD);
	assert_string_equal(raid_buf_str(&p.out), "12345");
	raid_proc_free(&p);
	/* Exactly the maximum is no flood. */
	run(&p, (struct raid_proc_opts){ .argv = SH("printf 12345"),
	    .out_max = 5 });
	assert_int_equal(p.end, RAID_PROC_EXITED);
	assert_string_equal(raid_buf_str(&p.out), "12345");
	raid_proc_free(&p);
}

/* 1 while a process is there and no zombie. */
static int
alive(long pid)
{
	char path[64], text[300] = "";
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd == -1)
		return 0;
	(void)!read(fd, text, sizeof(text) - 1);
	close(fd);
	return strstr(text, ") Z") == NULL && text[0] != '\0';
}

static void
test_leftovers(void **state)
{
	struct raid_proc p;
	double t = raid_clock_mono();
	long pid;

	(void)state;
	run(&p, (struct raid_proc_opts){ .argv = SH("sleep 60 & echo $!") });
	assert_int_equal(p.end, RAID_PROC_EXITED);
	assert_true(raid_clock_mono() - t < 2);
	pid = strtol(raid_buf_str(&p.out), NULL, 10);
	assert_true(pid > 1);
	for (int i = 0; i < 100 && alive(pid); i++)
		usleep(10000);
	assert_false(alive(pid));
	raid_proc_free(&p);
	/* What is written within the time is kept. */
	run(&p, (struct raid_proc_opts){
	    .argv = SH("(sleep 0.05; echo late) & echo early") });
	assert_string_equal(raid_buf_str(&p.out), "early\nlate\n");
	raid_proc_free(&p);
}

static void
test_clean_world(void **state)
{
	int fd[2], keep[2];
	unsigned long long blocked, ignored;
	char script[100];
	struct raid_proc p;
	sigset_t set;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	keep[0] = fd[1];
	keep[1] = -1;
	(void)snprintf(script, sizeof(script), "test -e /proc/self/fd/%d",
	    fd[1]);
	run(&p, (struct raid_proc_opts){ .argv = SH(script) });
	assert_int_equal(p.status, 1);
	raid_proc_free(&p);
	(void)snprintf(script, sizeof(script), "echo kept >&%d", fd[1]);
	run(&p, (struct raid_proc_opts){ .argv = SH(script),
	    .keep_fds = keep });
	assert_int_equal(read(fd[0], script, 5), 5);
	assert_memory_equal(script, "kept\n", 5);
	raid_proc_free(&p);
	close(fd[0]);
	close(fd[1]);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	run(&p, (struct raid_proc_opts){
	    .argv = ARGV("grep", "Sig[BI]", "/proc/self/status") });
	assert_int_equal(sscanf(raid_buf_str(&p.out), "SigBlk: %llx SigIgn: %llx",
	    &blocked, &ignored), 2);
	assert_true(blocked == 0);
	/* 32 and 33 belong to the C library, which lets nobody touch them. */
	assert_true((ignored & ~0x180000000ULL) == 0);
	raid_proc_free(&p);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void
test_environment(void **state)
{
	char var[] = "A=b", nowhere[] = "PATH=/no/such:.";
	char *env[] = { var, NULL };
	struct raid_err err = { 0 };
	struct raid_proc p;
	struct stat st;
	char *found = raid_proc_find("sh");

	(void)state;
	assert_non_null(found);
	assert_int_equal(stat(found, &st), 0);
	free(found);
	assert_null(raid_proc_find("raid-no-such-program"));
	run(&p, (struct raid_proc_opts){ .argv = ARGV("env"), .env = env });
	assert_string_equal(raid_buf_str(&p.out), "A=b\n");
	raid_proc_free(&p);
	/* The child's PATH counts, not ours. */
	env[0] = nowhere;
	assert_int_equal(raid_proc_run(&p, &(struct raid_proc_opts){
	    .argv = ARGV("env"), .env = env }, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_proc_free(&p);
	run(&p, (struct raid_proc_opts){ .argv = ARGV("pwd"), .dir = "/" });
	assert_string_equal(raid_buf_str(&p.out), "/\n");
	raid_proc_free(&p);
	run(&p, (struct raid_proc_opts){ .argv = SH("kill -9 $$") });
	assert_int_equal(p.end, RAID_PROC_EXITED);
	assert_int_equal(p.status, 137);
	raid_proc_free(&p);
}

static void
count(void *arg, const void *s, size_t n)
{
	(void)s;
	*(size_t *)arg += n;
}

static void
test_several(void **state)
{
	static const char *const scripts[] = { "sleep 9; echo c",
	    "sleep 0.2; echo a", "sleep 1; echo b" };
	struct raid_proc p[3], *v[3];
	struct raid_err err = { 0 };
	size_t sum = 0;

	(void)state;
	for (int i = 0; i < 3; i++) {
		v[i] = &p[i];
		assert_int_equal(raid_proc_start(v[i],
		    &(struct raid_proc_opts){
		    .argv = SH(scripts[i]),
		    .on_out = count, .arg = &sum }, &err), 0);
	}
	assert_int_equal(raid_proc_wait(v, 3, 1), 3);
	assert_int_equal(raid_proc_wait(v, 3, -1), 2);
	assert_int_equal(p[1].end, RAID_PROC_EXITED);
	assert_int_equal(raid_proc_wait(v, 3, -1), 1);
	raid_proc_stop(v[0]);
	assert_int_equal(raid_proc_wait(v, 3, -1), 0);
	assert_int_equal(p[0].end, RAID_PROC_STOPPED);
	assert_int_equal(raid_proc_wait(v, 3, -1), 0);
	assert_int_equal(sum, 4);
	for (int i = 0; i < 3; i++)
		raid_proc_free(v[i]);
}

static void
test_wait_fd(void **state)
{
	struct raid_err err = { 0 };
	struct raid_proc p, *v = &p;
	double t;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	/* Nobody runs: the time passes, or the descriptor speaks. */
	t = raid_clock_mono();
	assert_int_equal(raid_proc_wait_fd(NULL, 0, fd[0], 100), 0);
	assert_true(raid_clock_mono() - t >= 0.1);
	assert_int_equal(write(fd[1], "x", 1), 1);
	assert_int_equal(raid_proc_wait_fd(NULL, 0, fd[0], -1), 0);
	/* A child runs on while the descriptor speaks. */
	assert_int_equal(raid_proc_start(v, &(struct raid_proc_opts){
	    .argv = SH("echo x; exec sleep 0.5") }, &err), 0);
	assert_int_equal(raid_proc_wait_fd(&v, 1, fd[0], -1), 1);
	assert_int_equal(read(fd[0], &(char){ 0 }, 1), 1);
	/* Its output alone is no reason to come back; its end is one. */
	t = raid_clock_mono();
	assert_int_equal(raid_proc_wait_fd(&v, 1, fd[0], 50), 1);
	assert_int_equal(raid_proc_wait_fd(&v, 1, fd[0], -1), 0);
	assert_true(raid_clock_mono() - t < 5);
	assert_int_equal(p.status, 0);
	assert_string_equal(raid_buf_str(&p.out), "x\n");
	raid_proc_free(v);
	/* The other end is closed: readable, too. */
	close(fd[1]);
	assert_int_equal(raid_proc_wait_fd(NULL, 0, fd[0], -1), 0);
	close(fd[0]);
	t = raid_clock_mono();
	assert_int_equal(raid_proc_wait_fd(NULL, 0, -1, 50), 0);
	assert_true(raid_clock_mono() - t >= 0.05);
}

/* Last: once a signal has come, every child is stopped. */
static void
test_signal(void **state)
{
	struct raid_proc p;
	double t = raid_clock_mono();

	(void)state;
	raid_proc_signals();
	assert_int_equal(raid_proc_signal(), 0);
	run(&p, (struct raid_proc_opts){
	    .argv = SH("echo part; kill -TERM $PPID; sleep 60") });
	assert_int_equal(p.end, RAID_PROC_STOPPED);
	assert_string_equal(raid_buf_str(&p.out), "part\n");
	assert_int_equal(raid_proc_signal(), SIGTERM);
	assert_true(raid_clock_mono() - t < 2);
	raid_proc_free(&p);
	/* Nobody runs and no descriptor speaks: a signal is enough. */
	assert_int_equal(kill(getpid(), SIGINT), 0);
	t = raid_clock_mono();
	assert_int_equal(raid_proc_wait_fd(NULL, 0, -1, 5000), 0);
	assert_true(raid_clock_mono() - t < 2);
	assert_int_equal(raid_proc_signal(), SIGINT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_big_input),
		cmocka_unit_test(test_cannot_start),
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_clean_world),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_wait_fd),
		cmocka_unit_test(test_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
