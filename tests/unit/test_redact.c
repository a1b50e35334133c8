/* SPDX-License-Identifier: ISC */
/*
 * base/redact: shapes of secrets and what only looks like one.  No value
 * here was ever a key, and each is cut in two by "" so that nothing that
 * looks for keys in sources finds one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/redact.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

#define R10 "Xk7Qm2Vb9T"
#define R20 R10 "z4Wn8Rc5Lp"
#define R22 R20 "h3"
#define R24 R20 "j3Hs"
#define R32 R20 "d6Fg1Hj4Ka0S"
#define R36 R32 "q9Zw"
#define R40 R20 "y5Tr3Ew2Qa1Sz8Xd6Cf4"
#define R64 R40 R24
#define R100 R40 R40 R20
#define H8 "9c1e85a5"
#define H16 H8 "c5e9fc54"
#define H32 H16 "612808977ee8f548"
#define H40 H32 "b2258d31"
#define H48 H32 H16
#define H64 H32 "d6a1f7c05b8e49f2a3017d6c4e5b8f90"
#define B64 "MIIEowIBAAKCAQEAq7X2b9Lk4vRz8WcN1yHd6JpS3gUeA0oXi5TmQfZsKjPwEuVt"
#define B64B "q7X2b9Lk4vRz8WcN1yHd6JpS3gUeA0oXi5TmQfZsKjPwEuVtGhBnMcYxDrLaOiF3"
#define PEM(kind) "-----BEG" "IN " kind "PRIVATE KEY-----"
#define PEMEND(kind) "-----END " kind "PRIVATE KEY-----"

static struct raid_redact *redact;

/* What stands between <( and )> is the secret. */
static const struct {
	const char *kind, *text;
} secrets[] = {
	{ "private-key", "a\n" PEM("RSA ") "\n<(" B64 "\n" B64B "\nab3=)>\n"
	    PEMEND("RSA ") "\nb" },
	{ "private-key", PEM("") "\r\n<(" B64 "\r\n" B64B ")>\r\n" PEMEND("") },
	{ "private-key", PEM("OPENSSH ") "\n<(b3BlbnNzaC1rZXktdjEAAAAABG5v" B64
	    "\nAAAAAAAAAAAAAAAA)>\n" PEMEND("OPENSSH ") },
	{ "private-key", PEM("EC ") "\n<(Proc-Type: 4,ENCRYPTED\nDEK-Info: "
	    "AES-128-CBC,9C1E85A5C5E9FC54\n\n" B64 ")>\n" PEMEND("EC ") },
	{ "private-key", "-----BEG" "IN PGP PRIVATE KEY BLOCK-----\n<(Version: "
	    "GnuPG v2\n\n" B64 "\n=ab3d)>\n-----END PGP PRIVATE KEY BLOCK-----" },
	{ "private-key", PEM("") "\n<(" B64 "\n" B64B "\nab3d)>" },
	{ "private-key", PEM("") "\n<(" B64 "\n" B64B ")>\nand then some text" },
	{ "private-key", PEM("") "<(\\n" B64 "\\n" B64B ")>" },
	{ "private-key", "+" PEM("DSA ") "\n<(+" B64 "\n+" B64B "\n+)>"
	    PEMEND("DSA ") },
	{ "private-key", "x\n<(" B64 "\n" B64B "\nabcd)>\n" PEMEND("") },
	{ "private-key", "\"private_key\": \"" PEM("") "<(\\n" B64 "\\n)>"
	    PEMEND("") "\\n\"" },
	{ "private-key", "k = (\"" PEM("") "<(\\n\"\n    \"" B64 "\\n\"\n    \""
	    B64B "\\n\"\n    \")>" PEMEND("") "\\n\")" },
	{ "private-key", "---- BEG" "IN SSH2 ENCRYPTED PRIVATE KEY ----\n<(" B64
	    ")>\n---- END SSH2 ENCRYPTED PRIVATE KEY ----" },
	{ "private-key", "client-key-data: <(LS0t" "LS1CRUdJTiBSU0EgUFJJVkFURSB"
	    "LRVktLS0tLQpNSUk" B64 ")>\n" },
	{ "private-key", "tls.key: |\n  <(LS0t" "LS1CRUdJTiBQUklWQVRFIEtFWS0tLS0"
	    "tCk1JSQ" B64 "\n  " B64B "\n  ab3d=)>\n" },
	{ "private-key", "k: <(LS0t" "LS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0t"
	    B64 ")>\n" },
	{ "private-key", "Private-Lines: 2\n<(" B64 "\n" B64B ")>\n-- " },
	{ "private-key", "Private-MAC: <(" H40 ")>\n" },
	{ "private-key", "[Interface]\nPrivateKey = <(" R40 "abc=)>\n" },
	{ "private-key", "{\"kty\":\"EC\",\"d\":\"<(" R40 "abc)>\"}" },
	{ "private-key", "-----BEG" "IN OpenVPN Static key V1-----\n<(" H32 "\n"
	    H32 ")>\n-----END" },
	{ "age-key", "# age\n<(AGE-SECRET" "-KEY-1QQPZ9WX5T3HS6DG1FY0UA7EEXK7QM2VB9"
	    "TZ4WN8RC5LPJ3HS6DG1FY0)>\n" },

	{ "aws-key", "aws_access_key_id = <(AK" "IAQ3EGRZ7MT5XJPW2N)>\n" },
	{ "aws-key", "id=<(AS" "IAQ3EGRZ7MT5XJPW2N)>&x" },
	{ "aws-key", "aws_secret_access_key = <(" R20 "/b+" R10 "abcdefg)>\n" },
	{ "aws-key", "\"SecretAccessKey\": \"<(" R40 ")>\"" },
	{ "aws-key", "aws_session_token=<(" R100 "==)>\n" },
	{ "aws-key", "&X-Amz-Signature=<(" H64 ")>&a=b" },
	{ "google-key", "key=<(AI" "zaSy" R32 "a)>\"" },
	{ "google-key", "\"client_secret\":\"<(GOC" "SPX-" R20 "d6Fg1Hj4)>\"" },
	{ "google-key", "x <(ya" "29.a0Af" R40 ")> y" },
	{ "google-key", "\"private_key_id\": \"<(" H40 ")>\"," },
	{ "azure-key", "DefaultEndpointsProtocol=https;AccountName=x;Account"
	    "Key=<(" R64 R22 "==)>;EndpointSuffix=y" },
	{ "azure-key", "?sv=2022-11-02&ss=b&sig=<(" R40 "%2Bx%3D)>&se=1" },
	{ "azure-key", "secret <(abc8" "Q~" R32 ")>\n" },
	{ "github-token", "git clone https://<(gh" "p_" R36 ")>@github.com/a/b" },
	{ "github-token", "(<(gh" "o_" R36 ")>)" },
	{ "github-token", "\\n<(gh" "s_" R36 ")>\\n" },
	{ "github-token", "GITHUB_TOKEN=<(gh" "p_" R36 ")>\n" },
	{ "github-token", "'<(github" "_pat_" R22 "_" R40 R10 R10 ")>'" },
	{ "gitlab-token", "token <(gl" "pat-" R20 ")>\n" },
	{ "gitlab-token", "<(gl" "rt-" R20 ")>" },
	{ "slack-token", "<(xo" "xb-123456789012-1234567890123-" R24 ")>" },
	{ "slack-token", "<(xa" "pp-1-A0123456789-1234567890123-" H64 ")>" },
	{ "slack-webhook", "https://hooks.slack" ".com/services/<(T0AB1CD2E/"
	    "B0FG3HI4J/" R24 ")> " },
	{ "discord-token", "bot <(MT" R22 "ab.G" "k3xYz." R32 "abcd)>\n" },
	{ "discord-webhook", "https://discord" ".com/api/webhooks/"
	    "<(123456789012345678/" R64 "abcd)>" },
	{ "telegram-token", "https://api.telegram.org/bot<(1234567890" ":AAH"
	    R32 ")>/getMe" },
	{ "telegram-token", "BOT <(987654321" ":AAF" R32 ")>\n" },
	{ "stripe-key", "<(sk" "_live_" R24 ")>" },
	{ "stripe-key", "<(rk" "_test_" R24 ")>" },
	{ "stripe-key", "<(wh" "sec_" R32 ")>" },
	{ "square-token", "<(sq" "0atp-" R22 ")>" },
	{ "shopify-token", "<(sh" "pat_" H32 ")>" },
	{ "sendgrid-key", "<(S" "G." R22 "." R40 "abc)>" },
	{ "mailgun-key", "api:<(ke" "y-" H32 ")>@" },
	{ "mailchimp-key", " <(" H32 "-us" "14)>\n" },
	{ "twilio-key", "<(S" "K" H32 ")>" },
	{ "npm-token", "//registry.example/:_authToken=<(np" "m_" R36 ")>\n" },
	{ "npm-token", "//registry.example/:_authToken=<(" R20 ")>\n" },
	{ "pypi-token", "password = <(py" "pi-AgEIcHlwaS5vcmc" R64 ")>\n" },
	{ "docker-token", "<(dc" "kr_pat_" R24 "abc)>" },
	{ "docker-auth", "\"auths\":{\"x\":{\"auth\":\"<(dXNlcjpwYXNz" "d29yZA==)>\"" },
	{ "digitalocean-token", "<(do" "p_v1_" H64 ")>" },
	{ "databricks-token", "<(da" "pi" H32 ")>" },
	{ "vault-token", "<(hv" "s.CAESI" R32 ")>" },
	{ "grafana-token", "<(gl" "sa_" R32 "_" H8 ")>" },
	{ "openai-key", "OPENAI_API_KEY=<(s" "k-" R24 R24 ")>\n" },
	{ "openai-key", "<(s" "k-proj-" R40 "_" R40 "-" R20 ")>" },
	{ "openai-key", "'<(s" "k-" H32 ")>'" },
	{ "anthropic-key", "<(s" "k-ant-api03-" R64 "-" R20 "AA)>" },
	{ "openrouter-key", "<(s" "k-or-v1-" H64 ")>" },
	{ "xai-key", "<(xa" "i-" R64 R10 R10 ")>" },
	{ "groq-key", "<(gs" "k_" R40 R10 "ab)>" },
	{ "huggingface-token", "<(h" "f_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh)>" },
	{ "jwt", "x <(ey" "JhbGciOiJIUzI1NiJ9.ey" "JzdWIiOiIxMjM0NTY3ODkwIn0." R40
	    ")>\n" },

	{ "url-password", "DATABASE=postgres://app:<(hun" "ter2)>@db.example/x" },
	{ "url-password", "redis://:<(s3" "cr3t)>@localhost:6379" },
	{ "url-password", "amqp://u:<(p@ss" "w0rd)>@rabbit" },
	{ "url-password", "https://<(" H32 ")>@o1.ingest.example/2" },
	{ "auth-header", "Authorization: Bearer <(" R24 ")>\r\n" },
	{ "auth-header", "-H 'Authorization: Basic <(dXNlcjpw" "YXNz)>'" },
	{ "auth-header", "\"authorization\": \"token <(" R24 ")>\"" },
	{ "auth-header", "-H \"X-Api-Key: <(" R24 ")>\"" },
	{ "cookie", "Cookie: <(session=" R24 "; theme=dark)>\r\n" },
	{ "cookie", "Set-Cookie: <(sid=" R24 "; Path=/; HttpOnly)>\n" },
	{ "pgpass-password", "db.example:5432:app:me:<(hun" "ter2)>\n" },
	{ "auth-header", "-H \"X-Vault-Token: <(" R24 ")>\"" },
	{ "secret", "--header 'PRIVATE-TOKEN: <(" R20 ")>'" },
	{ "password", "{\\\"password: <(hun" "ter2)>\\\"}" },
	{ "netrc-password", "machine h\nlogin me\npassword <(hun" "ter2)>\n" },
	{ "command-password", "curl -s -u admin:<(hun" "ter2)> https://x" },
	{ "command-password", "CREATE USER u IDENTIFIED BY '<(hun" "ter2)>';" },
	{ "command-password", "sshpass -p <(hun" "ter2)> ssh h" },

	{ "env-secret", "DB_PASSWORD=<(hun" "ter2)>\nX=1\n" },
	{ "env-secret", "export DB_PASSWORD=\"<(correct horse battery)>\"\n" },
	{ "env-secret", "  export API_TOKEN='<(abc" "def)>'\n" },
	{ "env-secret", "SECRET_KEY=<(mysuper" "secret)>\n" },
	{ "env-secret", "docker run -e MYSQL_ROOT_PASSWORD=<(r00" "t)> mysql" },
	{ "env-secret", "CLIENT_SECRET_PROD=<(a&b" ";c|d)>\n" },
	{ "env-secret", "PASSWORD=<(letmein)>" },
	{ "secret", "STORAGE_KEY=<(" R24 ")>\n" },
	{ "secret", "UPLOAD_KEY=<(a1b2" "c3d4e5)>\n" },
	{ "password", "\"password\": \"<(hun" "ter2)>\"," },
	{ "password", "{\\\"password\\\": \\\"<(hun" "ter2)>\\\"}" },
	{ "password", "password: <(hun" "ter2)>\n" },
	{ "password", "  db_password: '<(swordfish)>'  # x\n" },
	{ "password", "password = <(s3" "cr3t!)>\r\n" },
	{ "password", "spring.datasource.password=<(hun" "ter2)>\n" },
	{ "password", "<password><(hun" "ter2)></password>" },
	{ "password", "$dbPass = \"<(hun" "ter2)>\";" },
	{ "password", "mysqladmin --password=<(hun" "ter2)> status" },
	{ "password", "?user=me&password=<(hun" "ter2)>&x=1" },
	{ "password", "- name: DB_PASSWORD\n  value: <(hun" "ter2)>\n" },
	{ "password", "config[\"smtp_password\"] = \"<(a b" "3 c)>\"" },
	{ "secret", "api_key = \"<(" R24 ")>\"" },
	{ "secret", "\"client_secret\": \"<(" R32 ")>\"" },
	{ "secret", "const apiKey = '<(" H32 ")>';" },
	{ "secret", "apiKey: <(" R24 ")>\n" },
	{ "secret", "https://x/?access_token=<(" R24 ")>&a=b" },
	{ "secret", "tool --api-key <(" R24 ")> run" },
	{ "secret", "\"authToken\": \"<(0d9e8f7a-1b2c-4d3e" "-8f90-a1b2c3d4e5f6)>\"" },
	{ "password-hash", "root:<($6" "$saltsalt$" R64 R22 ")>:19000:0:99999" },
	{ "password-hash", "u:<($2" "y$10$" R40 R10 "abc)>\n" },
};

static const char *const harmless[] = {
	"", "\n", "hello world",
	"commit 3f2a9c1e85a5c5e9fc54612808977ee8f548b225",
	"index 9c1e85a..c5e9fc5 100644",
	"id: 0d9e8f7a-1b2c-4d3e-8f90-a1b2c3d4e5f6",
	"sha256:" H64, "sha512-" R64 R22 "==",
	"<img src=\"data:image/png;base64,iVBORw0KGgo" B64 B64B "AAAA\">",
	B64 "\n" B64B "\n" B64 "\n",
	"-----BEGIN CERTIFICATE-----\n" B64 "\n-----END CERTIFICATE-----",
	"-----BEG" "IN PUBLIC KEY-----\n" B64 "\n-----END PUBLIC KEY-----",
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" R40 " me@host",
	"if (strstr(s, \"" PEM("") "\") == NULL)\n\treturn -1;\n",
	"grep -q '" PEM("RSA ") "' file && echo found\n",
	PEM("") "\n...\n" PEMEND(""),
	"API_KEY=YOUR_API_KEY", "api_key: \"<your key>\"",
	"OPENAI_API_KEY=s" "k-...", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	"TOKEN=${TOKEN}", "TOKEN=$TOKEN", "TOKEN=\"$1\"", "export TOKEN=$(cat key)",
	"PASSWORD=`cat /run/secret`", "PASSWORD=", "PASSWORD=\"\"", "PASSWORD=''",
	"PASSWORD=\n", "password: \n", "\"password\": \"\"", "\"password\": null",
	"PASSWORD=changeme", "password: <password>", "password: \"********\"",
	"password = getpass.getpass()", "password = os.environ[\"DB_PASSWORD\"]",
	"key = os.environ[\"API_KEY\"]", "os.environ.get('SECRET_KEY', None)",
	"const key = process.env.API_KEY;", "API_KEY=process.env.API_KEY",
	"apiKey: process.env.OPENAI_API_KEY,", "token = os.Getenv(\"TOKEN\")",
	"api_key=api_key,", "login(user, password=password)",
	"def f(password: str, token: Optional[str] = None):",
	"password: string;", "  password: string\n", "char *password = NULL;",
	"password = buf + 4;", "passwd = conn->passwd;", "if (!password) {",
	"printf(\"password: %s\\n\", p);", "\"password\": \"Password\"",
	"<label for=\"password\">Password</label>",
	"<input type=\"password\" name=\"password\" value=\"\">",
	"RESET_PASSWORD = \"reset_password\"", "PASSWORD_MIN_LENGTH=12",
	"Forgot your password: click here", "\"password\": \"Mot de passe\"",
	"type: \"password\"", "'password' => 'required|min:8'",
	"\"token\": \"string\"", "unk_token = \"<unk>\"", "max_tokens: 4096",
	"TOKEN_IF = 57", "sort_key = \"created_at\"", "SORT_KEY=created_at_2",
	"KEY=1", "PRIMARY_KEY=id", "PWD=/home/me/src", "PASS=$((PASS + 1))",
	"SSH_KEY=/home/me/.ssh/id_ed25519", "TOKEN_FILE=/run/token",
	"SECRET_NAME=my-app-secret", "secret: my-tls-secret",
	"tokenizer = \"cl100k_base\"", "author: \"me\"", "keyboard: 'us105'",
	"secretKeyRef:\n  name: db\n  key: password\n",
	"PASSWORD=${{ secrets.DB_PASSWORD }}", "password: {{ db_password }}",
	"password: !vault |", "password: ${DB_PASSWORD:?not set}",
	"Authorization: Bearer <token>", "Authorization: Bearer ${TOKEN}",
	"\"Authorization: Bearer \" + token", "Authorization: Bearer YOUR_TOKEN",
	"http://localhost:8080/path?x=1@2", "http://host:80/a@b", "a:b@c",
	"git@github.com:user/repo.git", "ssh://git@host:22/x",
	"postgres://user:${PASS}@host/db", "postgres://user:password@host/db",
	"https://user:pass@example.com", "http://[::1]:80/@",
	"see risk-analysis-of-something-2024-long-name-here",
	"sk-folding-cube sk-circle sk-fading-circle12", "task-1234567890abcdefghij",
	"eyJ is how base64 of {\" begins", "Cookie: name=value", "cookies: 3",
	"docker run -u 1000:1000 x", "curl -u $USER:$PASS x", "AKIA",
	"[masked:password:3f2a]", "PASSWORD=[masked:password:3f2a]",
	"SHA256 (x) = " H64, "GPG_KEY 7169605F62C751356D054A26A821E680E5FA6305",
	"bytes=\"123456789\"", "version = \"1.2.3-beta.4\"", "x86_64-linux-gnu",
	"#define KEY_ENTER 0x157", "case TOKEN_STRING:", "--token-limit 4000",
	"the secret: never tell", "private_key = load_key(path1)",
	"v->pass ? \"pass\" : \"fail\"", "all columns identified by \"order\"",
	"FSPass P = FSPass::Pass1)", "\tU_UNEXPECTED_TOKEN=0x10100,",
	"secret = keypair[:32]", "'Test2::Event::Pass' => '1.302103',",
	"private_key = $dir/private/cakey.pem", "pass 'parameters' to it",
	"user_pass = '%s:%s' % (user, pw)", "SESSION_KEY = '_auth_user_id'",
	"certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSQ"
	    B64, "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0K" B64,
	"result_count $$1 \"PASS: \" $$pass \"$$brg\"",
	"_core_token = r'(?:[^\"%s]1)+'", "'NAME=x,TOKEN=${TOKEN},'",
	"f'login {u} password {self.password}'", "ask.password('  Again: ')",
	"\t---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n\t((?:[^-]++|-)++)\n",
	"log(f\"token: {token1}\")", "echo \"token: $token1\"",
	"data:EAAA" R40 "+" R40 R20,
};

/* The text without its marks, and with its secret masked; 0 if so. */
static int
expect(const char *kind, const char *text)
{
	const char *from = strstr(text, "<("), *to = strstr(text, ")>");
	struct raid_redact_found found = { 0 };
	struct raid_buf in, out, again, head, say;
	struct raid_err err;
	int r, bad;

	assert_true(from != NULL && to != NULL);
	raid_buf_init(&in, SIZE_MAX / 4);
	raid_buf_add(&in, text, (size_t)(from - text));
	raid_buf_add(&in, from + 2, (size_t)(to - from) - 2);
	raid_buf_puts(&in, to + 2);
	r = raid_redact_mask(redact, in.p, in.len, &out, &found, &err);
	raid_buf_init(&head, SIZE_MAX / 4);
	raid_buf_add(&head, text, (size_t)(from - text));
	raid_buf_printf(&head, "[masked:%s:", kind);
	bad = r != 1 || out.len < head.len + 5 ||
	    memcmp(out.p, head.p, head.len) != 0 ||
	    strcmp((char *)out.p + head.len + 5, to + 2) != 0;
	if (bad)
		print_error("%s: wanted in\n%s\ngot\n%s\n", kind,
		    raid_buf_str(&in), r == -1 ? err.msg : raid_buf_str(&out));
	raid_buf_init(&say, 1000);
	raid_redact_say(&found, &say);
	raid_buf_reset(&head);
	raid_buf_printf(&head, "1 secret masked: %s", kind);
	bad |= strcmp(raid_buf_str(&say), raid_buf_str(&head));
	/* A second time changes nothing. */
	r = raid_redact_mask(redact, out.p, out.len, &again, &found, &err);
	if (r != 0)
		print_error("%s: again\n%s\n", kind, raid_buf_str(&again));
	bad |= r;
	raid_buf_free(&again);
	raid_buf_free(&say);
	raid_buf_free(&head);
	raid_buf_free(&out);
	raid_buf_free(&in);
	raid_redact_found_free(&found);
	return bad;
}

static void
test_secrets(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < LEN(secrets); i++)
		bad += expect(secrets[i].kind, secrets[i].text) != 0;
	assert_int_equal(bad, 0);
}

static void
test_harmless(void **state)
{
	struct raid_redact_found found = { 0 };
	struct raid_buf out;
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < LEN(harmless); i++) {
		if (raid_redact_mask(redact, harmless[i], strlen(harmless[i]),
		    &out, &found, &err) != 0)
			fail_msg("%s: %s", harmless[i], raid_buf_str(&out));
		assert_int_equal(out.len, 0);
		raid_buf_free(&out);
	}
	assert_int_equal(found.n, 0);
	raid_redact_found_free(&found);
}

/* A struct raid_redact of these lines. */
static struct raid_redact *
rules(const char *key, const char *text)
{
	struct raid_redact *r = raid_redact_new(key);
	struct raid_err err;

	if (raid_redact_add(r, RAID_REDACT_USER, "rules", text, &err) == -1)
		fail_msg("%s", err.msg);
	return r;
}

/* What comes out of them, with the digits of each mask as "#". */
static void
assert_masked(struct raid_redact *r, const char *in, const char *want)
{
	struct raid_redact_found found = { 0 };
	struct raid_buf out;
	struct raid_err err;
	size_t n;
	int ok = raid_redact_mask(r, in, strlen(in), &out, &found, &err);

	assert_int_not_equal(ok, -1);
	if (ok == 0)
		raid_buf_puts(&out, in);
	for (size_t i = 0; i < out.len; i++)
		if ((n = raid_redact_mask_len(out.p + i, out.len - i)) > 0)
			memset(out.p + i + n - 5, '#', 4);
	assert_string_equal(raid_buf_str(&out), want);
	raid_buf_free(&out);
	raid_redact_found_free(&found);
}

static void
test_rules(void **state)
{
	struct raid_redact *r;

	(void)state;
	r = rules("k", "# a comment\n\nlet ABC a(b)?c\n"
	    "mask one ac,bc x%{ABC}x\n"
	    "mask two hit,top\n\t(?:t)o\n\tp(\\d+)\n"
	    "mask all - q{3}\n"
	    "mask far zz,-3 y..zz\n"
	    "mask none zw,-0 .zw\n"
	    "skip two 1.*\nskip one,two b\n");
	/* The first group that took part, else all of the match. */
	assert_masked(r, "xacx xabcx", "[masked:one:####] xabcx");
	assert_masked(r, "xacx xAbcx xabbcx", "[masked:one:####] xAbcx xabbcx");
	assert_masked(r, "TOP8 top12 top22", "TOP8 top12 top[masked:two:####]");
	/* A match begins close before the word; no word: anywhere. */
	assert_masked(r, "qqqqqq", "[masked:all:####][masked:all:####]");
	assert_masked(r, "y12zz y123zz", "[masked:far:####] y123zz");
	assert_masked(r, "azw", "azw");
	raid_redact_free(r);

	r = rules("k", "mask a xx xx\nmask b yy yy\nmask a x1 x1\noff a\n");
	assert_masked(r, "xx yy x1", "xx [masked:b:####] x1");
	raid_redact_free(r);
	r = rules("k", "mask a xx xx\nmask b yy yy\noff *\n");
	assert_masked(r, "xx yy", "xx yy");
	raid_redact_free(r);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "mask", "rules:1: '' is no kind" },
		{ "mask A b c", "'A' is no kind" },
		{ "mask a bb", "the pattern is missing" },
		{ "mask a b c", "the word 'b' is too short" },
		{ "mask a bb,-70000 c", "-70000" },
		{ "\n#\nmask a bb (", "rules:3: pattern '('" },
		{ "mask a bb\n\tc\n\t(", "rules:1: pattern 'c('" },
		{ "mask a bb %{X}", "no 'let' before this line gives %{X}" },
		{ "mask a bb %{X", "gives %{X" },
		{ "let x y", "'x' does not begin with A to Z" },
		{ "skip A b", "'A' is no kind" },
		{ "mask a bb c\nskip a (", "rules:2: pattern" },
		{ "off", "the kind is missing" },
		{ "off b,C", "'C' is no kind" },
		{ "hide a b", "'hide' is none of mask, skip, let, off" },
	};
	struct raid_redact *r;
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		r = raid_redact_new("");
		assert_int_equal(raid_redact_add(r, RAID_REDACT_USER, "rules",
		    bad[i].text, &err), -1);
		assert_int_equal(err.code, RAID_ECONFIG);
		if (strstr(err.msg, bad[i].why) == NULL)
			fail_msg("%s: %s", bad[i].text, err.msg);
		raid_redact_free(r);
	}
	/* A project adds; it cannot weaken. */
	r = rules("k", "mask a xx xx\n");
	assert_int_equal(raid_redact_add(r, RAID_REDACT_PROJECT, "p",
	    "mask b yy yy\n", &err), 0);
	assert_masked(r, "xx yy", "[masked:a:####] [masked:b:####]");
	assert_int_equal(raid_redact_add(r, RAID_REDACT_PROJECT, "p",
	    "off a\n", &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	assert_int_equal(raid_redact_add(r, RAID_REDACT_PROJECT, "p",
	    "skip a x.*\n", &err), -1);
	assert_masked(r, "xx yy", "[masked:a:####] [masked:b:####]");
	raid_redact_free(r);
}

static void
test_overlap(void **state)
{
	struct raid_redact *r = rules("k", "mask first bb b+\n"
	    "mask last aa a[ab]*\nmask wide =[ =\\[(.*)\\]=\n"
	    "mask word kk kk(\\w*)\n");

	(void)state;
	/* One mask over both, named by what stands first in the file. */
	assert_masked(r, "aabbab", "[masked:first:####]");
	assert_masked(r, "aabb bb aa", "[masked:first:####] "
	    "[masked:first:####] [masked:last:####]");
	/* Masks stay, what stands around them does not. */
	assert_masked(r, "=[x[masked:y:1234]z]=",
	    "=[[masked:wide:####][masked:y:####][masked:wide:####]]=");
	assert_masked(r, "=[\"[masked:y:1234]\"]=", "=[\"[masked:y:####]\"]=");
	/* Words in masks are none. */
	assert_masked(r, "[masked:kk:1234]", "[masked:kk:####]");
	assert_masked(r, "[masked:kk-aa:1234]", "[masked:kk-aa:####]");
	raid_redact_free(r);
	assert_int_equal(raid_redact_mask_len("[masked:a:0123]x", 16), 15);
	assert_int_equal(raid_redact_mask_len("[masked:a:0123", 14), 0);
	assert_int_equal(raid_redact_mask_len("[masked:a:012G]", 15), 0);
	assert_int_equal(raid_redact_mask_len("[masked::0123]", 14), 0);
	assert_int_equal(raid_redact_mask_len("[masked:A:0123]", 15), 0);
	assert_int_equal(raid_redact_mask_len("", 0), 0);
}

static void
mask_of(struct raid_redact *r, const char *in, char out[64])
{
	struct raid_redact_found found = { 0 };
	struct raid_buf b;
	struct raid_err err;

	assert_int_equal(raid_redact_mask(r, in, strlen(in), &b, &found,
	    &err), 1);
	(void)snprintf(out, 64, "%s", raid_buf_str(&b));
	raid_buf_free(&b);
	raid_redact_found_free(&found);
}

static void
test_hash(void **state)
{
	static const char text[] = "mask a xx xx\\w+\n";
	struct raid_redact *r = rules("one", text), *o = rules("other", text);
	char a[64], b[64];

	(void)state;
	mask_of(r, "xx1", a);
	mask_of(r, "xx1", b);
	assert_string_equal(a, b);
	mask_of(r, "xx2", b);
	assert_string_not_equal(a, b);
	mask_of(o, "xx1", b);
	assert_string_not_equal(a, b);
	raid_redact_free(r);
	raid_redact_free(o);
}

static void
test_say(void **state)
{
	struct raid_redact *r = rules("k", "mask a xx xx\\w+\nmask b yy yy\n");
	struct raid_redact_found found = { 0 };
	struct raid_buf out, say;
	struct raid_err err;

	(void)state;
	raid_buf_init(&say, 1000);
	raid_redact_say(&found, &say);
	assert_string_equal(raid_buf_str(&say), "");
	/* The same secret again is one. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(raid_redact_mask(r, "xx1 yy xx2 xx1", 14,
		    &out, &found, &err), 1);
		raid_buf_free(&out);
	}
	raid_redact_say(&found, &say);
	assert_string_equal(raid_buf_str(&say),
	    "3 secrets masked: 2 a, b");
	raid_buf_free(&say);
	raid_redact_found_free(&found);
	raid_redact_free(r);
}

/* What cannot be told is refused, never passed. */
static void
test_limits(void **state)
{
	struct raid_redact *r = rules("k", "mask slow aa (?:a+)+[bc]\n");
	struct raid_redact_found found = { 0 };
	struct raid_buf out;
	struct raid_err err;
	char *s = raid_strf("one\ntwo\n%0*d", 100, 0);

	(void)state;
	for (char *c = s; *c != '\0'; c++)
		*c = *c == '0' ? 'a' : *c;
	assert_int_equal(raid_redact_mask(r, s, strlen(s), &out, &found,
	    &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	assert_non_null(strstr(err.msg, "line 3: the pattern of rules:1"));
	assert_int_equal(out.len, 0);
	raid_buf_free(&out);
	free(s);
	raid_redact_free(r);

	/* The same with a skip. */
	r = rules("k", "mask any aa a+\nskip any (?:a+)+[bc]\n");
	assert_int_equal(raid_redact_mask(r, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaa", 44, &out, &found, &err), -1);
	raid_buf_free(&out);
	raid_redact_free(r);

	/* Each mask makes another secret of what follows. */
	r = rules("k", "mask a 11 11\nmask b - (?<=\\])z\n");
	assert_masked(r, "11zz", "[masked:a:####][masked:b:####]"
	    "[masked:b:####]");
	assert_int_equal(raid_redact_mask(r, "11zzzzzzzzzzzzzzzzzzzz", 22,
	    &out, &found, &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	assert_int_equal(out.len, 0);
	raid_buf_free(&out);
	raid_redact_free(r);
	raid_redact_found_free(&found);
}

/*
 * Time grows with the text, also on what is made to be slow: a word after
 * the other, runs without an end.  (Measured: 0.1 s for 10 MB of sources.)
 */
static void
test_time(void **state)
{
	static const char *const parts[] = { "password=", "password=\"",
		"password=${", "api_key: ", "://", "://a:", "sk-", "eyJaaaaaaaaa.",
		"-----BEG" "IN PRIVATE KEY-----", B64 "\n", "AKIA", "curl -u ",
		"Authorization: Bearer ", "Cookie: a=", "\\\"token\\\":", "_KEY=",
		"-----END ", "a", "[masked:a:1234]" };
	enum { SIZE = 1 << 18 };
	struct raid_redact_found found = { 0 };
	double start = raid_clock_mono();
	struct raid_buf in, out;
	struct raid_err err;

	(void)state;
	raid_buf_init(&in, SIZE);
	for (size_t i = 0; i < LEN(parts); i++) {
		raid_buf_reset(&in);
		while (!in.overflow)
			raid_buf_puts(&in, parts[i]);
		if (raid_redact_mask(redact, in.p, in.len, &out, &found,
		    &err) == -1)
			assert_int_equal(err.code, RAID_EDATA);
		raid_buf_free(&out);
	}
	assert_true(raid_clock_mono() - start < 60);
	raid_buf_free(&in);
	raid_redact_found_free(&found);
}

static int
load(void **state)
{
	char *file = raid_conf_data("../redact.txt");
	struct raid_err err;
	struct raid_buf b;

	(void)state;
	redact = raid_redact_new("0123456789abcdef");
	/* As a user's file each pattern is compiled at once. */
	if (raid_path_read(file, 1 << 20, &b, &err) == -1 ||
	    raid_redact_add(redact, RAID_REDACT_USER, "redact.txt",
	    raid_buf_str(&b), &err) == -1) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	raid_buf_free(&b);
	free(file);
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	raid_redact_free(redact);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
