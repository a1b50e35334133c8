/* SPDX-License-Identifier: ISC */
#include <sys/resource.h>
#include <sys/stat.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#include "array/key.h"
#include "array/url.h"
#include "base/mem.h"
#include "base/path.h"

static int
parse(struct raid_roster *r, const char *project, const char *user,
    struct raid_err *err)
{
	struct raid_err why;
	struct raid_json *p = NULL, *u = NULL;
	int ok;

	if (project != NULL)
		assert_non_null(p = raid_json_parse(project, strlen(project),
		    &why));
	if (user != NULL)
		assert_non_null(u = raid_json_parse(user, strlen(user), &why));
	ok = raid_roster_parse(r, p, u, err);
	raid_json_free(p);
	raid_json_free(u);
	return ok;
}

/* A roster of one file that must be well. */
static void
good(struct raid_roster *r, const char *project, const char *user)
{
	struct raid_err err = { RAID_OK, "" };

	if (parse(r, project, user, &err) == -1)
		fail_msg("%s", err.msg);
}

/* One member "m" with these keys, and the message that must come. */
static void
bad(const char *keys, const char *message)
{
	struct raid_err err = { RAID_OK, "" };
	struct raid_roster r;
	char text[2000];

	(void)snprintf(text, sizeof(text), "{\"members\": {\"m\": {%s}}}",
	    keys);
	assert_int_equal(parse(&r, text, NULL, &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	assert_string_equal(err.msg, message);
	raid_roster_free(&r);
}
#define M ".raid/array.json: member m: "
#define OPENAI "\"provider\": \"openai\", \"model\": \"x\", " \
	"\"base_url\": \"https://h.example/v1\""

static void
test_members(void **state)
{
	const struct raid_member *m;
	struct raid_roster r;

	(void)state;
	good(&r, "{\"members\": {\"Grok\": {\"provider\": \"openai\","
	    "\"base_url\": \"https://api.x.ai/v1//\", \"model\": \"grok-4\","
	    "\"key_env\": \"XAI_API_KEY\", \"role\": \"analyst\","
	    "\"key_command\": [\"pass\", \"show\", \"x\"],"
	    "\"context\": 131072, \"max_output\": 8192, \"idle\": 0,"
	    "\"spares\": [\"local\", \"nobody\"], \"unknown\": [1],"
	    "\"headers\": {\"X-Title\": \"raid, it is\"},"
	    "\"options\": {\"temperature\": 0},"
	    "\"limits\": {\"requests_per_minute\": 60, "
	    "\"tokens_per_minute\": 30000, \"requests_per_day\": 1000,"
	    "\"cost_per_call\": 0.25, \"cost_per_day\": 2},"
	    "\"price\": {\"input\": 3, \"cache_read\": 0.75, \"output\": 15}},"
	    "\"tool\": {\"provider\": \"exec\", \"command\": [\"t\", \"\"]}}}",
	    "{\"members\": {\"local\": {\"provider\": \"ollama\","
	    "\"model\": \"q:7b\", \"local\": true}}}");
	assert_int_equal(r.n, 3);
	m = raid_roster_find(&r, "GROK");
	assert_non_null(m);
	assert_int_equal(m->kind, RAID_PROVIDER_OPENAI);
	assert_int_equal(m->from, RAID_ORIGIN_PROJECT);
	assert_string_equal(m->base_url, "https://api.x.ai/v1");
	assert_string_equal(m->key_env, "XAI_API_KEY");
	assert_string_equal(m->key_command.v[2], "x");
	assert_string_equal(m->headers.v[0], "X-Title: raid, it is");
	assert_true(raid_json_is_number(raid_json_get(m->options,
	    "temperature")));
	assert_string_equal(m->max_tokens_key, "max_tokens");
	assert_string_equal(m->spares.v[1], "nobody");
	assert_true(m->context == 131072 && m->max_output == 8192);
	assert_true(m->idle == 0 && m->wall == 1800);
	assert_true(m->limits.requests_per_minute == 60 &&
	    m->limits.tokens_per_minute == 30000 &&
	    m->limits.requests_per_day == 1000 &&
	    m->limits.cost_per_call == 0.25 && m->limits.cost_per_day == 2);
	assert_true(m->price.known && m->price.input == 3 &&
	    m->price.cache_read == 0.75 && m->price.output == 15 &&
	    m->price.cache_write == 3 && m->price.cache_write_1h == 3);
	m = raid_roster_find(&r, "local");
	assert_int_equal(m->from, RAID_ORIGIN_USER);
	assert_string_equal(m->base_url, "http://127.0.0.1:11434");
	assert_true(m->price.known && m->price.output == 0);
	assert_string_equal(raid_provider_name(m->kind), "ollama");
	m = raid_roster_find(&r, "tool");
	assert_string_equal(m->command.v[1], "");
	assert_string_equal(m->base_url, "");
	assert_int_equal(m->price.known, 0);
	raid_roster_free(&r);

	good(&r, "{\"members\": {\"gpt\": {\"provider\": \"openai\","
	    "\"base_url\": \"https://api.openai.com/v1\","
	    "\"model\": \"g\"}}}", NULL);
	assert_string_equal(r.v[0].max_tokens_key, "max_completion_tokens");
	raid_roster_free(&r);
}

static void
test_mistakes(void **state)
{
	(void)state;
	bad("", M "\"provider\" must be \"exec\", \"openai\", "
	    "\"anthropic\", \"gemini\" or \"ollama\"");
	bad("\"provider\": \"exec\"",
	    M "\"command\" must be a list of words, the program first");
	bad("\"provider\": \"exec\", \"command\": [\"\"]",
	    M "\"command\" must be a list of words, the program first");
	bad("\"provider\": \"exec\", \"command\": [\"a\", 1]",
	    M "\"command\" has something that is no string");
	bad("\"provider\": \"exec\", \"command\": [\"a\"], \"role\": \"a/b\"",
	    M "\"role\" must be one word");
	bad("\"provider\": \"exec\", \"command\": [\"a\"], \"role\": 5",
	    M "\"role\" must be a string on one line");
	bad("\"provider\": \"exec\", \"command\": [\"a\"], \"local\": 1",
	    M "\"local\" must be true or false");
	bad("\"provider\": \"exec\", \"command\": [\"a\"], \"idle\": -1",
	    M "\"idle\" must be a number from 0 to 10000000");
	bad("\"provider\": \"openai\", \"base_url\": \"https://h/v1\"",
	    M "\"model\" is missing");
	bad("\"provider\": \"openai\", \"model\": \"x\"", M "\"base_url\" is "
	    "missing: what stands before /chat/completions");
	bad("\"provider\": \"openai\", \"model\": \"x\", \"base_url\": "
	    "\"https://h/v1/chat/completions\"", M "\"base_url\" must end "
	    "before /chat/completions, which is added");
	bad("\"provider\": \"anthropic\", \"model\": \"x\", \"base_url\": "
	    "\"https://api.anthropic.com/v1/\"", M "\"base_url\" must end "
	    "before /v1/messages, which is added");
	bad(OPENAI ", \"local\": true", M "\"local\" is true, but "
	    "\"base_url\" is another machine");
	bad(OPENAI ", \"key\": \"sk-1\"", M "\"key\" may not stand here: a "
	    "key goes into ~/.config/raid/keys/");
	bad(OPENAI ", \"key_env\": \"sk-1\"", M "\"key_env\" must be the name "
	    "of an environment variable, not a key");
	bad(OPENAI ", \"key_command\": \"pass x\"", M "\"key_command\" must "
	    "be a list of words, the program first");
	bad(OPENAI ", \"headers\": []", M "\"headers\" must be an object");
	bad(OPENAI ", \"headers\": {\"X-API-Key\": \"s\"}", M "headers: "
	    "\"X-API-Key\" is set by raid; a key goes into a file of its own");
	bad(OPENAI ", \"headers\": {\"a b\": \"s\"}",
	    M "headers: \"a b\" is no name of a header");
	bad(OPENAI ", \"headers\": {\"a\": \"s\\r\\nHost: x\"}",
	    M "headers: \"a\" must have a value of printable ASCII");
	bad(OPENAI ", \"options\": {\"stream\": false}",
	    M "options: \"stream\" is set by raid");
	bad(OPENAI ", \"price\": {\"input\": 1}",
	    M "price: \"output\" is missing: USD a million tokens");
	bad(OPENAI ", \"context\": 1.5",
	    M "\"context\" must be a whole number");
	bad(OPENAI ", \"limits\": {\"cost_per_day\": \"5\"}",
	    M "limits: \"cost_per_day\" must be a number from 0 to 1000000");
	bad(OPENAI ", \"spares\": \"x\"",
	    M "\"spares\" must be a list of strings");
}

static void
test_wide(void **state)
{
	struct raid_err err = { RAID_OK, "" };
	struct raid_roster r;

	(void)state;
	good(&r, NULL, NULL);
	assert_true(r.cost_per_call == 0.50 && r.cost_per_day == 5.00 &&
	    r.cost_per_run == 0 && r.rounds == 0 && !r.refuse);
	assert_int_equal(r.answer_bytes, 8 << 20);
	assert_string_equal(r.main, "");
	raid_roster_free(&r);

	/* A project may lower what is spent, never raise it. */
	good(&r, "{\"main\": \"a\", \"limits\": {\"cost_per_day\": 100,"
	    "\"cost_per_call\": 0.1, \"cost_per_run\": 1, \"rounds\": 2}}",
	    "{\"main\": \"b\", \"fallback\": [\"c\"], \"limits\": "
	    "{\"cost_per_day\": 20, \"rounds\": 0, \"on_limit\": \"refuse\","
	    "\"answer_bytes\": 1000}}");
	assert_true(r.cost_per_day == 20 && r.cost_per_call == 0.1 &&
	    r.cost_per_run == 1 && r.rounds == 2 && r.refuse &&
	    r.answer_bytes == 1000);
	assert_string_equal(r.main, "a");
	assert_string_equal(r.fallback.v[0], "c");
	raid_roster_free(&r);
	good(&r, "{\"limits\": {\"cost_per_day\": 0}}", NULL);
	assert_true(r.cost_per_day == 5);
	raid_roster_free(&r);
	good(&r, "{\"limits\": {\"cost_per_day\": 7}}",
	    "{\"limits\": {\"cost_per_day\": 0}}");
	assert_true(r.cost_per_day == 7);
	raid_roster_free(&r);

	assert_int_equal(parse(&r, NULL, "{\"limits\": {\"on_limit\": 1}}",
	    &err), -1);
	assert_string_equal(err.msg, "the user's array.json: limits: "
	    "\"on_limit\" must be \"wait\" or \"refuse\"");
	raid_roster_free(&r);
	assert_int_equal(parse(&r, "{\"main\": []}", NULL, &err), -1);
	assert_string_equal(err.msg, ".raid/array.json: \"main\" must be a "
	    "string on one line");
	raid_roster_free(&r);
	assert_int_equal(parse(&r, "{\"members\": {\"all\": {}}}", NULL,
	    &err), -1);
	assert_string_equal(err.msg, ".raid/array.json: a member may not be "
	    "named 'all': @all means others");
	raid_roster_free(&r);
}

static void
test_url(void **state)
{
	static const char *const wrong[] = { "", "h", "ftp://h", "https://",
		"https:///x", "https://a b", "https://u:p@h/", "https://h?k=1",
		"https://h#f", "https://h:0", "https://h:65536", "https://h:",
		"https://[::1", "https://[::g]/", "https://h:80x",
		"https://h\\x", "https://\xd1\x8f/" };
	static const char *const here[] = { "http://localhost:8080/v1",
		"http://127.0.0.1", "https://127.8.9.1:1/", "http://[::1]:80",
		"HTTP://LocalHost" };
	static const char *const there[] = { "http://localhost.evil.example",
		"http://127.0.0.1.example", "http://[::2]", "http://128.0.0.1",
		"http://0x7f000001", "http://10.0.0.1" };
	struct raid_err err = { RAID_OK, "" };
	struct raid_url u;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (raid_url_parse(&u, wrong[i], &err) == 0)
			fail_msg("%s", wrong[i]);
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		if (raid_url_parse(&u, here[i], &err) == -1 ||
		    !raid_url_loopback(&u))
			fail_msg("%s", here[i]);
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		if (raid_url_parse(&u, there[i], &err) == -1 ||
		    raid_url_loopback(&u))
			fail_msg("%s", there[i]);
	assert_int_equal(raid_url_parse(&u, "https://API.x.ai:443/v1", &err),
	    0);
	assert_string_equal(u.host, "api.x.ai");
	assert_string_equal(u.path, "/v1");
	assert_true(u.tls);
}

static char dir[] = "/tmp/raid-key.XXXXXX";

static int
make_dir(void **state)
{
	char path[100];

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/keys", dir);
	return mkdir(path, 0700);
}

static int
remove_dir(void **state)
{
	struct raid_err err;

	(void)state;
	return raid_path_remove(dir, &err);
}

static void
put_key(const char *name, const char *text, unsigned mode)
{
	char *path = raid_key_path(dir, name);
	struct raid_err err;

	assert_int_equal(raid_path_write(path, text, strlen(text), mode,
	    &err), 0);
	free(path);
}

/* The key of the first member; "" for none, NULL for a failure with why. */
static char *
get(const char *project, const char *user, char *from, struct raid_err *err)
{
	const char *source;
	struct raid_roster r;
	char *key, *copy;

	good(&r, project, user);
	*err = (struct raid_err){ RAID_OK, "" };
	if (raid_key_get(&r.v[0], dir, &key, &source, err) == -1) {
		raid_roster_free(&r);
		return NULL;
	}
	copy = raid_strdup(key != NULL ? key : "");
	(void)snprintf(from, 200, "%s", source);
	raid_key_free(key);
	raid_roster_free(&r);
	return copy;
}
#define MEMBER(name, more) "{\"members\": {\"" name "\": {\"provider\": " \
	"\"openai\", \"model\": \"x\", \"base_url\": " more "}}}"

static void
is_key(const char *project, const char *user, const char *key,
    const char *source)
{
	char from[200], *got;
	struct raid_err err;

	got = get(project, user, from, &err);
	if (got == NULL)
		fail_msg("%s", err.msg);
	assert_string_equal(got, key);
	assert_string_equal(from + (*from == '/' ? strlen(dir) : 0), source);
	free(got);
}

static void
no_key(const char *project, const char *user, enum raid_code code,
    const char *why)
{
	struct raid_err err;
	char from[200];

	assert_null(get(project, user, from, &err));
	assert_int_equal(err.code, code);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s", err.msg);
	assert_null(strstr(err.msg, "sk-"));
}

static void
test_key(void **state)
{
	const char *own = MEMBER("own", "\"https://h.example/v1\", "
	    "\"key_env\": \"RAID_TEST_KEY\"");
	const char *command = MEMBER("cmd", "\"https://h.example/v1\", "
	    "\"key_command\": [\"echo\", \"  sk-5  \"]");
	struct rlimit l;

	(void)state;
	unsetenv("RAID_TEST_KEY");
	no_key(NULL, own, RAID_ECONFIG, "no key: $RAID_TEST_KEY is not set");
	setenv("RAID_TEST_KEY", "sk-env", 1);
	is_key(NULL, own, "sk-env", "$RAID_TEST_KEY");
	put_key("own", "\t sk-file \r\nmore\n", 0600);
	is_key(NULL, own, "sk-file", "/keys/own");
	put_key("own", "sk-file", 0640);
	no_key(NULL, own, RAID_EPERM, "others can read this key; run: chmod "
	    "600 /tmp/raid-key.");
	put_key("own", "\nsk-2\n", 0600);
	no_key(NULL, own, RAID_ECONFIG, "the first line is empty");
	put_key("own", "sk-a sk-b\n", 0600);
	no_key(NULL, own, RAID_ECONFIG, "the first line is no key");
	is_key(NULL, command, "sk-5", "key_command echo");
	put_key("cmd", "sk-file", 0600);
	is_key(NULL, command, "sk-file", "/keys/cmd");
	assert_int_equal(getrlimit(RLIMIT_CORE, &l), 0);
	assert_true(l.rlim_cur <= 1);

	no_key(NULL, MEMBER("c", "\"https://h.example\", \"key_command\": "
	    "[\"sh\", \"-c\", \"echo sk-9; echo sk-8 >&2; exit 3\"]"),
	    RAID_ECONFIG, "key_command sh: exit status 3");
	no_key(NULL, MEMBER("c", "\"https://h.example\", \"key_command\": "
	    "[\"raid-no-such-program\"]"), RAID_ENOINPUT, "not found");
	no_key(NULL, MEMBER("c", "\"https://h.example\", \"key_command\": "
	    "[\"true\"]"), RAID_ECONFIG, "the first line is empty");

	/* No key is fine where none is named, and on this machine. */
	is_key(NULL, MEMBER("n", "\"https://h.example/v1\""), "", "");
	unsetenv("RAID_TEST_KEY");
	is_key(NULL, MEMBER("n", "\"http://127.0.0.1:8000/v1\", "
	    "\"key_env\": \"RAID_TEST_KEY\""), "", "");
}

/* A key goes only where its owner sends it. */
static void
test_key_way(void **state)
{
	const char *evil = MEMBER("own", "\"https://evil.example/v1\"");
	const char *mine = MEMBER("own", "\"https://h.example/v1/\"");

	(void)state;
	put_key("own", "sk-file", 0600);
	no_key(evil, mine, RAID_EPERM, "is not sent to "
	    "https://evil.example/v1");
	no_key(evil, NULL, RAID_EPERM, "is not sent to ");
	is_key(mine, mine, "sk-file", "/keys/own");
	setenv("RAID_TEST_KEY", "sk-env", 1);
	is_key(MEMBER("own", "\"https://evil.example/v1\", \"key_env\": "
	    "\"RAID_TEST_KEY\""), mine, "sk-env", "$RAID_TEST_KEY");
	no_key(NULL, MEMBER("own", "\"http://h.example/v1\""), RAID_EPERM,
	    "a key would go unencrypted to h.example");
	is_key(NULL, MEMBER("own", "\"http://h.example/v1\", "
	    "\"plain_http\": true"), "sk-file", "/keys/own");
	is_key(NULL, MEMBER("own", "\"http://localhost:1/v1\""), "sk-file",
	    "/keys/own");
	unsetenv("RAID_TEST_KEY");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_key_way)
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
