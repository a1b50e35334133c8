/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/path.h"
#include "journal/audit.h"
#include "journal/blob.h"
#include "journal/call.h"
#include "journal/post.h"
#include "journal/query.h"
#include "journal/report.h"
#include "journal/schema.h"
#include "journal/verdict.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static char *top;

/* A new journal in a folder of its own, at the time 1000. */
static int
begin(void **state)
{
	struct raid_err err;
	struct raid_db *db;

	top = raid_path_mktemp(&err);
	if (top == NULL || chdir(top) == -1)
		return -1;
	setenv("RAID_NOW", "1000", 1);
	if (raid_db_open(&db, "j.db", RAID_DB_CREATE, &err) == -1)
		return -1;
	*state = db;
	return 0;
}

static int
end(void **state)
{
	struct raid_err err;
	int r;

	raid_db_close(*state);
	r = chdir("/") == -1 ? -1 : raid_path_remove(top, &err);
	free(top);
	return r;
}

static void
post(struct raid_db *db, const struct raid_draft *d, const char *want)
{
	char tag[RAID_TAG_SIZE];
	struct raid_draft whole = *d;
	struct raid_err err;

	whole.body_len = strlen(d->body);
	if (whole.author == NULL)
		whole.author = "dev";
	if (raid_post_add(db, &whole, tag, &err) == -1)
		fail_msg("%s", err.msg);
	assert_string_equal(tag, want);
}

static long long
number(struct raid_db *db, const char *sql)
{
	struct raid_err err;
	struct raid_stmt *st = raid_db_query(db, &err, sql, "");
	long long n = raid_stmt_step(st, &err) == 1 ? raid_stmt_int(st, 0) : -1;

	raid_stmt_free(st);
	return n;
}

static void
test_transactions(void **state)
{
	struct raid_db *db = *state;
	struct raid_err err;

	assert_int_equal(raid_db_begin(db, &err), 0);
	post(db, &(struct raid_draft){ .body = "a" }, "post_1000");
	raid_db_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM post"), 0);
	/* An inner rollback takes the outer one with it, and says so. */
	assert_int_equal(raid_db_begin(db, &err), 0);
	assert_int_equal(raid_db_begin(db, &err), 0);
	post(db, &(struct raid_draft){ .body = "a" }, "post_1000");
	raid_db_rollback(db);
	assert_int_equal(raid_db_commit(db, &err), -1);
	assert_int_equal(err.code, RAID_EBUG);
	assert_int_equal(number(db, "SELECT count(*) FROM post"), 0);
	assert_int_equal(raid_db_begin(db, &err), 0);
	assert_int_equal(raid_db_begin(db, &err), 0);
	post(db, &(struct raid_draft){ .body = "a" }, "post_1000");
	assert_int_equal(raid_db_commit(db, &err), 0);
	assert_int_equal(raid_db_commit(db, &err), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM post"), 1);
	assert_int_equal(access("j.db.lock", F_OK), 0);
}

static void
test_append_only(void **state)
{
	static const char *const tables[] = { "post", "ref", "mention",
		"hashtag", "file", "call", "call_end", "verdict", "approval",
		"approval_end", "audit" };
	struct raid_db *db = *state;
	struct raid_err err;
	char sql[100];

	for (size_t i = 0; i < LEN(tables); i++) {
		(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM "
		    "sqlite_schema WHERE type = 'trigger' AND tbl_name = '%s'",
		    tables[i]);
		assert_int_equal(number(db, sql), 2);
	}
	post(db, &(struct raid_draft){ .body = "a #b" }, "post_1000");
	assert_int_equal(raid_db_run(db, &err, "DELETE FROM post", ""), -1);
	assert_int_equal(raid_db_run(db, &err, "UPDATE post SET body = ''",
	    ""), -1);
	assert_non_null(strstr(err.msg, "append-only"));
	assert_int_equal(raid_db_run(db, &err, "DELETE FROM hashtag", ""), -1);
	assert_int_equal(raid_db_run(db, &err, "INSERT OR REPLACE INTO post "
	    "SELECT id, ts, n, uid, 'x', who, kind, status, reply_ts, reply_n,"
	    " meta, 'forged' FROM post", ""), -1);
	assert_int_equal(number(db, "SELECT count(*) FROM post WHERE body = "
	    "'a #b'"), 1);
}

static void
test_get(void **state)
{
	const struct raid_attach files[] = { { "b/x", 0100755, "1\0" "2", 3 },
		{ "a", 0100644, "", 0 } };
	struct raid_list tags = { 0 };
	struct raid_db *db = *state;
	struct raid_post p;
	struct raid_err err;
	struct raid_buf b;
	char sha[RAID_HASH_SIZE], other[RAID_HASH_SIZE];

	raid_list_add(&tags, "Extra");
	post(db, &(struct raid_draft){ .body = "@B @a #x #ref_5_2",
	    .files = files, .nfiles = 2, .hashtags = &tags,
	    .meta = "{\"k\":1}" }, "post_1000");
	raid_list_free(&tags);
	assert_int_equal(raid_post_get(db, "#post_1000", &p, &err), 0);
	assert_string_equal(p.mentions.v[0], "a");
	assert_string_equal(p.mentions.v[1], "b");
	assert_string_equal(p.hashtags.v[0], "extra");
	assert_int_equal(p.hashtags.n, 2);
	assert_string_equal(p.refs.v[0], "post_5_2");
	assert_string_equal(p.files[0].path, "a");
	assert_int_equal(p.files[1].mode, 0100755);
	assert_int_equal(p.files[1].size, 3);
	assert_string_equal(p.kind, "chat");
	assert_string_equal(p.status, "complete");
	assert_string_equal(p.reply_to, "");
	assert_int_equal(strlen(p.uid), 64);
	assert_int_equal(raid_blob_get(db, p.files[1].sha256, &b, &err), 0);
	assert_memory_equal(b.p, "1\0" "2", 3);
	raid_buf_free(&b);
	raid_post_files_hash(&p, sha);
	p.nfiles = 0;
	raid_post_files_hash(&p, other);
	assert_string_not_equal(sha, other);
	p.nfiles = 2;
	raid_post_free(&p);
	assert_int_equal(raid_post_get(db, "post_7", &p, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_post_free(&p);

	/* A blob whose bytes have changed is told. */
	assert_int_equal(raid_blob_put(db, "abc", 3, sha, &err), 0);
	assert_int_equal(raid_blob_put(db, "abc", 3, sha, &err), 0);
	assert_int_equal(raid_db_run(db, &err, "UPDATE blob SET data = 'abd' "
	    "WHERE sha256 = ?", "h", sha), 0);
	assert_int_equal(raid_blob_get(db, sha, &b, &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	raid_buf_free(&b);
	other[0] = other[0] == '0' ? '1' : '0';
	assert_int_equal(raid_blob_get(db, other, &b, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_buf_free(&b);
}

static void
assert_base(struct raid_db *db, const char *tag, const char *commit,
    const char *owner)
{
	struct raid_base base;
	struct raid_err err;

	if (raid_post_base(db, tag, &base, &err) == -1)
		fail_msg("%s", err.msg);
	assert_string_equal(base.commit, commit);
	assert_string_equal(base.owner, owner);
}

static void
test_base(void **state)
{
	const struct raid_attach f = { "f", 0100644, "x", 1 };
	struct raid_db *db = *state;

	post(db, &(struct raid_draft){ .body = "old", .files = &f, .nfiles = 1,
	    .meta = "{\"base\":\"aa\"}" }, "post_1000");
	post(db, &(struct raid_draft){ .body = "answer", .kind = "reply",
	    .reply_to = "post_1000" }, "post_1000_2");
	post(db, &(struct raid_draft){ .body = "patch", .kind = "patch",
	    .meta = "{\"base\":\"bb\",\"question\":\"post_1000\"}",
	    .reply_to = "post_1000_2" }, "post_1000_3");
	post(db, &(struct raid_draft){ .body = "own files", .files = &f,
	    .nfiles = 1, .meta = "{\"base\":\"cc\"}",
	    .reply_to = "post_1000_3" }, "post_1000_4");
	post(db, &(struct raid_draft){ .body = "alone" }, "post_1000_5");
	post(db, &(struct raid_draft){ .body = "no files",
	    .meta = "{\"base\":\"dd\"}" }, "post_1000_6");
	post(db, &(struct raid_draft){ .body = "reply",
	    .reply_to = "post_1000_6" }, "post_1000_7");
	assert_base(db, "post_1000", "aa", "post_1000");
	assert_base(db, "post_1000_2", "aa", "post_1000");
	/* Files were attached over the commit of their own post. */
	assert_base(db, "post_1000_3", "aa", "post_1000");
	assert_base(db, "post_1000_4", "cc", "post_1000_4");
	assert_base(db, "post_1000_5", "", "");
	assert_base(db, "post_1000_7", "dd", "");
}

static size_t
count(struct raid_db *db, const struct raid_query *q)
{
	struct raid_posts posts;
	struct raid_err err;
	size_t n;

	if (raid_query_run(db, q, &posts, &err) == -1)
		fail_msg("%s", err.msg);
	n = posts.n;
	raid_posts_free(&posts);
	return n;
}

static void
test_query(void **state)
{
	struct raid_db *db = *state;
	struct raid_posts posts;
	struct raid_err err;

	post(db, &(struct raid_draft){ .body = "root" }, "post_1000");
	post(db, &(struct raid_draft){ .body = "a b #t", .author = "Ann",
	    .reply_to = "post_1000" }, "post_1000_2");
	post(db, &(struct raid_draft){ .body = "b x a", .kind = "reply",
	    .reply_to = "post_1000_2" }, "post_1000_3");
	setenv("RAID_NOW", "2000", 1);
	post(db, &(struct raid_draft){ .body = "see #ref_1000_3 #ref_9" },
	    "post_2000");
	post(db, &(struct raid_draft){ .body = "to myself #ref_2001" },
	    "post_2000_2");
	assert_int_equal(count(db, &(struct raid_query){ 0 }), 5);
	assert_int_equal(count(db, &(struct raid_query){ .author = "ANN" }), 1);
	assert_int_equal(count(db, &(struct raid_query){ .hashtag = "T" }), 1);
	assert_int_equal(count(db, &(struct raid_query){ .kind = "reply" }), 1);
	assert_int_equal(count(db, &(struct raid_query){ .words = "a b" }), 2);
	assert_int_equal(count(db, &(struct raid_query){ .words = "\"a b\"" }),
	    1);
	assert_int_equal(count(db, &(struct raid_query){ .since = 1001 }), 2);
	assert_int_equal(count(db, &(struct raid_query){ .until = 1000 }), 3);
	assert_int_equal(count(db, &(struct raid_query){ .limit = 2 }), 2);
	assert_int_equal(count(db, &(struct raid_query){
	    .reply_to = "post_1000" }), 1);
	assert_int_equal(count(db, &(struct raid_query){
	    .thread = "post_1000_3" }), 3);
	assert_int_equal(count(db, &(struct raid_query){
	    .thread = "post_5" }), 0);
	assert_int_equal(count(db, &(struct raid_query){ .upto =
	    &(struct raid_tag){ 1000, 2 }, .limit = 9 }), 2);
	assert_int_equal(count(db, &(struct raid_query){ .author = "Ann",
	    .words = "b", .kind = "chat", .thread = "post_1000" }), 1);

	/* The window of one, and what hangs on it. */
	assert_int_equal(raid_query_cascade(db, "post_2000", 1, 100, &posts,
	    &err), 0);
	assert_int_equal(posts.n, 4);
	assert_string_equal(posts.v[0].tag, "post_1000");
	assert_string_equal(posts.v[3].tag, "post_2000");
	raid_posts_free(&posts);
	assert_int_equal(raid_query_cascade(db, "post_2000", 1, 2, &posts,
	    &err), 0);
	assert_int_equal(posts.n, 2);
	assert_string_equal(posts.v[0].tag, "post_1000_3");
	raid_posts_free(&posts);
}

static void
test_calls(void **state)
{
	struct raid_db *db = *state;
	struct raid_draft d = { .author = "m", .kind = "reply",
		.reply_to = "post_1000", .body = "answer", .body_len = 6 };
	struct raid_call_end e = { .status = "complete", .reason = "",
		.answer = &d };
	struct raid_call_new c = { .tag = "post_1000", .member = "m",
		.model = "" };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	long long id;
	pid_t pid;
	int status;

	post(db, &(struct raid_draft){ .body = "q" }, "post_1000");
	assert_int_equal(raid_call_answered(db, "post_1000", "m", tag, &err),
	    0);
	assert_int_equal(raid_call_begin(db, &c, &id, &err), 0);
	assert_int_equal(raid_call_part(db, id, "ans", 3, &err), 0);
	/* We are there: nothing to recover. */
	assert_int_equal(raid_call_recover(db, "post_1000", &err), 0);
	assert_int_equal(raid_call_end(db, id, &e, tag, &err), 0);
	assert_string_equal(tag, "post_1000_2");
	assert_int_equal(raid_call_end(db, id, &e, tag, &err), -1);
	assert_int_equal(number(db, "SELECT count(*) FROM call_part"), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM post"), 2);
	assert_int_equal(raid_call_answered(db, "post_1000", "M", tag, &err),
	    1);
	assert_string_equal(tag, "post_1000_2");

	/* A process that dies within a call; its last character is cut. */
	c.member = "n";
	pid = fork();
	if (pid == 0) {
		struct raid_db *own;

		if (raid_db_open(&own, "j.db", RAID_DB_WRITE, &err) == -1 ||
		    raid_call_begin(own, &c, &id, &err) == -1 ||
		    raid_call_part(own, id, "half ", 5, &err) == -1 ||
		    raid_call_part(own, id, "\xd1\x8f\xd1", 3, &err) == -1)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(raid_call_recover(db, "post_1000", &err), 1);
	assert_int_equal(raid_call_recover(db, "post_1000", &err), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM post WHERE author = "
	    "'n' AND status = 'interrupted' AND body = 'half я'"), 1);
	assert_int_equal(raid_call_answered(db, "post_1000", "n", tag, &err),
	    0);
}

/* What the report says of one kind of sum. */
static struct raid_sum
total(struct raid_db *db, enum raid_by by, const char *key)
{
	struct raid_sum sum = { 0 };
	struct raid_calls calls;
	struct raid_sums sums;
	struct raid_err err;

	assert_int_equal(raid_report_calls(db, &(struct raid_report){ 0 },
	    &calls, &err), 0);
	assert_int_equal(raid_report_usage(db, &calls, by, &sums, &err), 0);
	for (size_t i = 0; i < sums.n; i++)
		if (key == NULL || strcmp(sums.v[i].key, key) == 0)
			raid_sum_add(&sum, &sums.v[i]);
	raid_sums_free(&sums);
	raid_calls_free(&calls);
	return sum;
}

static void
call_once(struct raid_db *db, const char *member, long long est,
    const struct raid_call_end *e)
{
	struct raid_call_new c = { .tag = "post_1000", .member = member,
		.model = "x", .input = est, .output = est, .cost = est };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	long long id;

	assert_int_equal(raid_call_begin(db, &c, &id, &err), 0);
	if (e != NULL)
		assert_int_equal(raid_call_end(db, id, e, tag, &err), 0);
}

/* A thousand calls of odd prices: the report's sums are the sum of what each
 * one cost, by whatever they are summed up. */
static void
test_usage(void **state)
{
	static const struct raid_price price = { 1, 0.1, 0.033, 0.125, 0.2,
		0.777 };
	struct raid_usage u = { .cost = -1 };
	struct raid_call_end e = { .status = "complete", .reason = "",
		.usage = &u, .raw_usage = "{}", .first = 0.25, .seconds = 1 };
	struct raid_db *db = *state;
	long long cost = 0, output = 0;
	struct raid_sum sum;

	post(db, &(struct raid_draft){ .body = "q" }, "post_1000");
	for (int i = 0; i < 1000; i++) {
		u.input = i * 31 % 997;
		u.cache_read = i * 17 % 911;
		u.cache_write = i * 13 % 83;
		u.cache_write_1h = i * 7 % 41;
		u.output = i * 29 % 499;
		u.reasoning = i % 3 == 0 ? -1 : i % 5;
		e.cost = raid_price_cost(&price, &u);
		cost += e.cost;
		output += u.output;
		call_once(db, i % 2 ? "a" : "b", 999999, &e);
	}
	sum = total(db, RAID_BY_MEMBER, NULL);
	assert_int_equal(sum.calls, 1000);
	assert_int_equal(sum.cost, cost);
	assert_int_equal(sum.tokens[RAID_COUNT_OUTPUT], output);
	assert_int_equal(sum.estimated, 0);
	assert_int_equal(total(db, RAID_BY_MEMBER, "a").cost +
	    total(db, RAID_BY_MEMBER, "b").cost, cost);
	assert_int_equal(total(db, RAID_BY_DAY, NULL).cost, cost);
	assert_int_equal(number(db, "SELECT count(*) FROM call_end WHERE "
	    "first_ms = 250 AND total_ms = 1000 AND usage = '{}'"), 1000);
	assert_int_equal(number(db, "SELECT count(*) FROM call_end WHERE "
	    "reasoning IS NULL"), 334);

	/* No price, no count: nothing is known, and nothing is made up. */
	e.cost = -1;
	call_once(db, "c", 0, &e);
	e.usage = NULL;
	e.cost = 5;
	call_once(db, "d", 0, &e);
	assert_int_equal(number(db, "SELECT count(*) FROM call_end WHERE "
	    "cost IS NULL"), 2);
	assert_int_equal(total(db, RAID_BY_MEMBER, "c").cost, 0);
	assert_int_equal(total(db, RAID_BY_MEMBER, "d").cost, 0);
}

/* A call without an end counts with its estimate, before and after its
 * process is found to be gone. */
static void
test_usage_lost(void **state)
{
	struct raid_db *db = *state, *own;
	struct raid_err err;
	struct raid_sum sum;
	int status;
	pid_t pid;

	post(db, &(struct raid_draft){ .body = "q" }, "post_1000");
	call_once(db, "runs", 1000, NULL);
	sum = total(db, RAID_BY_MEMBER, "runs");
	assert_int_equal(sum.cost, 1000);
	assert_int_equal(sum.estimated, 1);
	assert_int_equal(sum.failed, 0);
	pid = fork();
	if (pid == 0) {
		if (raid_db_open(&own, "j.db", RAID_DB_WRITE, &err) == -1)
			_exit(1);
		call_once(own, "gone", 333333, NULL);
		call_once(own, "free", 0, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (int i = 0; i < 2; i++) {
		sum = total(db, RAID_BY_MEMBER, "gone");
		assert_int_equal(sum.cost, 333333);
		assert_int_equal(sum.tokens[RAID_COUNT_INPUT], 333333);
		assert_int_equal(sum.tokens[RAID_COUNT_OUTPUT], 333333);
		assert_int_equal(sum.estimated, 1);
		assert_int_equal(sum.failed, 1);
		sum = total(db, RAID_BY_MEMBER, "free");
		assert_int_equal(sum.cost + sum.estimated, 0);
		assert_int_equal(raid_call_recover(db, "post_1000", &err),
		    i == 0 ? 2 : 0);
	}
	assert_int_equal(total(db, RAID_BY_MEMBER, "runs").failed, 0);
}

static void
test_verdicts(void **state)
{
	struct raid_db *db = *state;
	struct raid_draft d = { .author = "agent", .kind = "verdict",
		.reply_to = "post_1000", .body = "digest", .body_len = 6 };
	struct raid_verdict v = { .base = "aa", .checks = "cc", .pass = 1,
		.sandboxed = 1 }, got;
	char tag[RAID_TAG_SIZE];
	struct raid_err err;

	post(db, &(struct raid_draft){ .body = "patch", .kind = "patch" },
	    "post_1000");
	(void)snprintf(v.patch, sizeof(v.patch), "post_1000");
	raid_hash("diff", 4, v.diff);
	raid_hash("", 0, v.files);
	assert_int_equal(raid_verdict_find(db, v.diff, "aa", v.files, &got,
	    &err), 0);
	assert_int_equal(raid_verdict_add(db, &v, &d, tag, &err), 0);
	v.pass = 0;
	assert_int_equal(raid_verdict_add(db, &v, &d, tag, &err), 0);
	assert_int_equal(raid_verdict_find(db, v.diff, "aa", v.files, &got,
	    &err), 1);
	/* The newest decides. */
	assert_int_equal(got.pass, 0);
	assert_string_equal(got.post, tag);
	assert_string_equal(got.patch, "post_1000");
	assert_string_equal(got.diff, v.diff);
	assert_string_equal(got.output, "");
	assert_int_equal(raid_verdict_get(db, "post_1000_2", &got, &err), 1);
	assert_int_equal(got.pass, 1);
	assert_int_equal(raid_verdict_get(db, "post_1000", &got, &err), 0);
	assert_int_equal(raid_verdict_find(db, v.diff, "ab", v.files, &got,
	    &err), 0);
	assert_int_equal(raid_verdict_find(db, v.diff, "aa", v.diff, &got,
	    &err), 0);
	/* Of a patch that is not there, neither row nor post remains. */
	(void)snprintf(v.patch, sizeof(v.patch), "post_9");
	assert_int_equal(raid_verdict_add(db, &v, &d, tag, &err), -1);
	assert_int_equal(number(db, "SELECT count(*) FROM post"), 3);
}

static void
test_versions(void **state)
{
	struct raid_db *db = *state, *other;
	struct raid_err err;

	assert_int_equal(number(db, "PRAGMA user_version"),
	    raid_schema_version(&raid_schema_journal));
	assert_int_equal(strlen(raid_db_meta(db, "id")), 32);
	assert_int_equal(raid_audit_add(db, &(struct raid_audit){
	    .actor = "dev", .program = "p", .action = "a", .allowed_by = "",
	    .result = "done", .detail = "" }, &err), 0);
	/* A reader cannot write. */
	assert_int_equal(raid_db_open(&other, "j.db", RAID_DB_READ, &err), 0);
	assert_int_equal(raid_db_run(other, &err, "DELETE FROM blob", ""), -1);
	raid_db_close(other);
	assert_int_equal(raid_db_run(db, &err, "PRAGMA user_version = 99", ""),
	    0);
	assert_int_equal(raid_db_open(&other, "j.db", RAID_DB_WRITE, &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	assert_null(other);
	assert_int_equal(raid_db_open(&other, "none", RAID_DB_READ, &err), -1);
	assert_int_equal(err.code, RAID_ENOINPUT);
	raid_db_close(NULL);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		T(test_transactions), T(test_append_only), T(test_get),
		T(test_base), T(test_query), T(test_calls), T(test_usage), T(test_usage_lost), T(test_verdicts),
		T(test_versions)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
