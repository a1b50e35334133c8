/* SPDX-License-Identifier: ISC */
/* Whose code a frame is of: the program's own, a library's, the runtime's. */
#include "logs/trace_priv.h"

struct rule {
	enum tier tier;
	char where;		/* 'f': the function begins so, 'F': is so,
				 * 'p': the place has it, 'P': begins so */
	const char *s;
};

static const struct rule rules_java[] = {
	{ TIER_RUNTIME, 'f', "java." },
	{ TIER_RUNTIME, 'f', "javax." },
	{ TIER_RUNTIME, 'f', "jdk." },
	{ TIER_RUNTIME, 'f', "sun." },
	{ TIER_RUNTIME, 'f', "com.sun." },
	{ TIER_RUNTIME, 'f', "kotlin." },
	{ TIER_RUNTIME, 'f', "kotlinx." },
	{ TIER_RUNTIME, 'f', "scala." },
	{ TIER_RUNTIME, 'f', "clojure." },
	{ TIER_RUNTIME, 'f', "groovy." },
	{ TIER_RUNTIME, 'f', "org.codehaus.groovy." },
	{ TIER_RUNTIME, 'f', "dalvik." },
	{ TIER_RUNTIME, 'f', "android." },
	{ TIER_RUNTIME, 'f', "com.android." },
	{ TIER_RUNTIME, 'f', "androidx." },
	{ TIER_LIBRARY, 'f', "jakarta." },
	{ TIER_LIBRARY, 'f', "akka." },
	{ TIER_LIBRARY, 'f', "io.netty." },
	{ TIER_LIBRARY, 'f', "io.reactivex." },
	{ TIER_LIBRARY, 'f', "io.grpc." },
	{ TIER_LIBRARY, 'f', "io.micrometer." },
	{ TIER_LIBRARY, 'f', "io.undertow." },
	{ TIER_LIBRARY, 'f', "io.quarkus." },
	{ TIER_LIBRARY, 'f', "io.lettuce." },
	{ TIER_LIBRARY, 'f', "reactor." },
	{ TIER_LIBRARY, 'f', "rx." },
	{ TIER_LIBRARY, 'f', "okhttp3." },
	{ TIER_LIBRARY, 'f', "okio." },
	{ TIER_LIBRARY, 'f', "retrofit2." },
	{ TIER_LIBRARY, 'f', "feign." },
	{ TIER_LIBRARY, 'f', "redis.clients." },
	{ TIER_LIBRARY, 'f', "ch.qos." },
	{ TIER_LIBRARY, 'f', "net.bytebuddy." },
	{ TIER_LIBRARY, 'f', "net.sf." },
	{ TIER_LIBRARY, 'f', "junit." },
	{ TIER_LIBRARY, 'f', "org.junit." },
	{ TIER_LIBRARY, 'f', "org.mockito." },
	{ TIER_LIBRARY, 'f', "org.apache." },
	{ TIER_LIBRARY, 'f', "org.springframework." },
	{ TIER_LIBRARY, 'f', "org.hibernate." },
	{ TIER_LIBRARY, 'f', "org.eclipse." },
	{ TIER_LIBRARY, 'f', "org.jboss." },
	{ TIER_LIBRARY, 'f', "org.slf4j." },
	{ TIER_LIBRARY, 'f', "org.aspectj." },
	{ TIER_LIBRARY, 'f', "org.postgresql." },
	{ TIER_LIBRARY, 'f', "org.gradle." },
	{ TIER_LIBRARY, 'f', "com.mysql." },
	{ TIER_LIBRARY, 'f', "com.zaxxer." },
	{ TIER_LIBRARY, 'f', "com.google." },
	{ TIER_LIBRARY, 'f', "com.fasterxml." },
	{ TIER_LIBRARY, 'f', "com.mongodb." },
	{ TIER_LIBRARY, 'f', "com.datastax." },
	{ TIER_LIBRARY, 'f', "com.amazonaws." },
	{ TIER_LIBRARY, 'f', "software.amazon." },
	{ TIER_LIBRARY, 'f', "com.netflix." },
	{ TIER_LIBRARY, 'f', "com.intellij." },
	{ TIER_LIBRARY, 'f', "oracle." },
	{ TIER_LIBRARY, 'P', "<generated>" },
	{ 0, 0, NULL }
};

static const struct rule rules_js[] = {
	{ TIER_RUNTIME, 'P', "node:" },
	{ TIER_RUNTIME, 'P', "internal/" },
	{ TIER_RUNTIME, 'P', "<anonymous>" },
	{ TIER_RUNTIME, 'P', "native" },
	{ TIER_RUNTIME, 'P', "index " },
	{ TIER_RUNTIME, 'P', "events.js" },
	{ TIER_RUNTIME, 'P', "module.js" },
	{ TIER_RUNTIME, 'P', "timers.js" },
	{ TIER_RUNTIME, 'P', "net.js" },
	{ TIER_LIBRARY, 'p', "node_modules/" },
	{ TIER_LIBRARY, 'p', "node_modules\\" },
	{ TIER_LIBRARY, 'p', "/.yarn/" },
	{ 0, 0, NULL }
};

static const struct rule rules_net[] = {
	{ TIER_RUNTIME, 'f', "System." },
	{ TIER_RUNTIME, 'f', "Microsoft." },
	{ TIER_RUNTIME, 'f', "MS." },
	{ TIER_RUNTIME, 'f', "Mono." },
	{ TIER_LIBRARY, 'f', "Newtonsoft." },
	{ TIER_LIBRARY, 'f', "Npgsql." },
	{ TIER_LIBRARY, 'f', "MySql." },
	{ TIER_LIBRARY, 'f', "Dapper." },
	{ TIER_LIBRARY, 'f', "MediatR." },
	{ TIER_LIBRARY, 'f', "Autofac." },
	{ TIER_LIBRARY, 'f', "Polly." },
	{ TIER_LIBRARY, 'f', "Serilog." },
	{ TIER_LIBRARY, 'f', "Grpc." },
	{ TIER_LIBRARY, 'f', "Swashbuckle." },
	{ TIER_LIBRARY, 'f', "StackExchange." },
	{ TIER_LIBRARY, 'f', "Xunit." },
	{ TIER_LIBRARY, 'f', "NUnit." },
	{ 0, 0, NULL }
};

static const struct rule rules_python[] = {
	{ TIER_LIBRARY, 'p', "site-packages/" },
	{ TIER_LIBRARY, 'p', "site-packages\\" },
	{ TIER_LIBRARY, 'p', "dist-packages/" },
	{ TIER_RUNTIME, 'p', "/lib/python" },
	{ TIER_RUNTIME, 'p', "/lib64/python" },
	{ TIER_RUNTIME, 'p', "\\Python3" },
	{ TIER_RUNTIME, 'P', "<frozen " },
	{ 0, 0, NULL }
};

static const struct rule rules_go[] = {
	{ TIER_LIBRARY, 'p', "/pkg/mod/" },
	{ TIER_LIBRARY, 'p', "/vendor/" },
	{ TIER_LIBRARY, 'p', "@v" },
	{ TIER_RUNTIME, 'F', "panic" },
	{ TIER_RUNTIME, 'f', "runtime." },
	{ TIER_RUNTIME, 'f', "runtime/" },
	{ TIER_RUNTIME, 'f', "internal/" },
	{ TIER_RUNTIME, 'p', "/go/src/internal/" },
	{ TIER_RUNTIME, 'p', "/go/src/runtime/" },
	{ TIER_RUNTIME, 'p', "/usr/local/go/src/" },
	{ TIER_RUNTIME, 'p', "/usr/lib/go" },
	{ TIER_RUNTIME, 'p', "/libexec/src/" },
	{ TIER_RUNTIME, 'f', "net/http." },
	{ TIER_RUNTIME, 'f', "net." },
	{ TIER_RUNTIME, 'f', "reflect." },
	{ TIER_RUNTIME, 'f', "testing." },
	{ TIER_RUNTIME, 'f', "sync." },
	{ TIER_RUNTIME, 'f', "database/sql." },
	{ TIER_RUNTIME, 'f', "encoding/" },
	{ TIER_RUNTIME, 'f', "os." },
	{ TIER_RUNTIME, 'f', "io." },
	{ TIER_RUNTIME, 'f', "bufio." },
	{ TIER_RUNTIME, 'f', "fmt." },
	{ TIER_RUNTIME, 'f', "syscall." },
	{ 0, 0, NULL }
};

static const struct rule rules_rust[] = {
	{ TIER_LIBRARY, 'p', ".cargo/registry" },
	{ TIER_LIBRARY, 'p', ".cargo/git" },
	{ TIER_RUNTIME, 'p', "/rustc/" },
	{ TIER_RUNTIME, 'p', "/library/std/" },
	{ TIER_RUNTIME, 'p', "/library/core/" },
	{ TIER_RUNTIME, 'f', "std::" },
	{ TIER_RUNTIME, 'f', "core::" },
	{ TIER_RUNTIME, 'f', "alloc::" },
	{ TIER_RUNTIME, 'f', "std[" },
	{ TIER_RUNTIME, 'f', "core[" },
	{ TIER_RUNTIME, 'f', "alloc[" },
	{ TIER_RUNTIME, 'f', "<std" },
	{ TIER_RUNTIME, 'f', "<core" },
	{ TIER_RUNTIME, 'f', "<alloc" },
	{ TIER_RUNTIME, 'f', "<<std" },
	{ TIER_RUNTIME, 'f', "test::" },
	{ TIER_RUNTIME, 'f', "rust_begin_unwind" },
	{ TIER_RUNTIME, 'F', "<unknown>" },
	{ TIER_RUNTIME, 'f', "rust_panic" },
	{ TIER_RUNTIME, 'f', "__rust" },
	{ TIER_RUNTIME, 'f', "backtrace::" },
	{ TIER_RUNTIME, 'f', "_start" },
	{ TIER_RUNTIME, 'f', "__libc_start" },
	{ TIER_RUNTIME, 'f', "start_thread" },
	{ TIER_RUNTIME, 'f', "clone" },
	{ TIER_RUNTIME, 'F', "main" },
	{ TIER_LIBRARY, 'f', "tokio::" },
	{ TIER_LIBRARY, 'f', "<tokio::" },
	{ TIER_LIBRARY, 'f', "futures_" },
	{ TIER_LIBRARY, 'f', "anyhow::" },
	{ TIER_LIBRARY, 'f', "hyper::" },
	{ TIER_LIBRARY, 'f', "rayon" },
	{ 0, 0, NULL }
};

static const struct rule rules_c[] = {
	{ TIER_RUNTIME, 'f', "__asan" },
	{ TIER_RUNTIME, 'f', "__interceptor_" },
	{ TIER_RUNTIME, 'f', "__sanitizer" },
	{ TIER_RUNTIME, 'f', "__ubsan" },
	{ TIER_RUNTIME, 'f', "__tsan" },
	{ TIER_RUNTIME, 'f', "__msan" },
	{ TIER_RUNTIME, 'f', "__libc_" },
	{ TIER_RUNTIME, 'f', "__GI_" },
	{ TIER_RUNTIME, 'f', "__pthread" },
	{ TIER_RUNTIME, 'f', "__assert_fail" },
	{ TIER_RUNTIME, 'f', "__cxa_" },
	{ TIER_RUNTIME, 'f', "__gnu_cxx::" },
	{ TIER_RUNTIME, 'f', "__cxxabiv1::" },
	{ TIER_RUNTIME, 'f', "__fortify_fail" },
	{ TIER_RUNTIME, 'f', "__stack_chk_fail" },
	{ TIER_RUNTIME, 'f', "std::" },
	{ TIER_RUNTIME, 'f', "operator new" },
	{ TIER_RUNTIME, 'f', "operator delete" },
	{ TIER_RUNTIME, 'f', "malloc_printerr" },
	{ TIER_RUNTIME, 'f', "google::Log" },
	{ TIER_RUNTIME, 'f', "_int_free" },
	{ TIER_RUNTIME, 'f', "_int_malloc" },
	{ TIER_RUNTIME, 'f', "(unknown)" },
	{ TIER_RUNTIME, 'f', "???" },
	{ TIER_RUNTIME, 'f', "??" },
	{ TIER_RUNTIME, 'F', "n/a" },
	{ TIER_RUNTIME, 'F', "_start" },
	{ TIER_RUNTIME, 'F', "abort" },
	{ TIER_RUNTIME, 'F', "raise" },
	{ TIER_RUNTIME, 'F', "gsignal" },
	{ TIER_RUNTIME, 'F', "clone" },
	{ TIER_RUNTIME, 'F', "clone3" },
	{ TIER_RUNTIME, 'F', "__clone" },
	{ TIER_RUNTIME, 'F', "__clone3" },
	{ TIER_RUNTIME, 'F', "start_thread" },
	{ TIER_RUNTIME, 'F', "malloc" },
	{ TIER_RUNTIME, 'F', "calloc" },
	{ TIER_RUNTIME, 'F', "realloc" },
	{ TIER_RUNTIME, 'F', "free" },
	{ TIER_RUNTIME, 'F', "strdup" },
	{ TIER_RUNTIME, 'F', "memcpy" },
	{ TIER_RUNTIME, 'F', "memset" },
	{ TIER_RUNTIME, 'F', "memmove" },
	{ TIER_RUNTIME, 'F', "strlen" },
	{ TIER_RUNTIME, 'F', "strcpy" },
	{ TIER_RUNTIME, 'F', "pthread_create" },
	{ TIER_RUNTIME, 'F', "" },
	{ TIER_RUNTIME, 'p', "libsanitizer/" },
	{ TIER_RUNTIME, 'p', "compiler-rt/" },
	{ TIER_RUNTIME, 'p', "sysdeps/" },
	{ TIER_RUNTIME, 'p', "/csu/" },
	{ TIER_RUNTIME, 'P', "./nptl/" },
	{ TIER_RUNTIME, 'P', "./stdlib/" },
	{ TIER_RUNTIME, 'P', "./malloc/" },
	{ TIER_RUNTIME, 'P', "./debug/" },
	{ TIER_RUNTIME, 'p', "/bits/" },
	{ TIER_RUNTIME, 'p', "libc.so" },
	{ TIER_RUNTIME, 'p', "libstdc++" },
	{ TIER_RUNTIME, 'p', "ld-linux" },
	{ TIER_RUNTIME, 'p', "libpthread" },
	{ TIER_LIBRARY, 'p', "/usr/lib" },
	{ TIER_LIBRARY, 'p', "/usr/include/" },
	{ TIER_LIBRARY, 'P', "/lib" },
	{ 0, 0, NULL }
};

static const struct rule rules_ruby[] = {
	{ TIER_LIBRARY, 'p', "/gems/" },
	{ TIER_RUNTIME, 'p', "/lib/ruby/" },
	{ TIER_RUNTIME, 'P', "<internal:" },
	{ 0, 0, NULL }
};

static const struct rule rules_php[] = {
	{ TIER_LIBRARY, 'p', "/vendor/" },
	{ TIER_RUNTIME, 'P', "[internal" },
	{ TIER_RUNTIME, 'F', "{main}" },
	{ 0, 0, NULL }
};

static const struct rule rules_perl[] = {
	{ TIER_RUNTIME, 'f', "eval " },
	{ TIER_LIBRARY, 'p', "/perl5/" },
	{ TIER_LIBRARY, 'p', "/share/perl" },
	{ TIER_LIBRARY, 'p', "/site_perl/" },
	{ 0, 0, NULL }
};

static const struct rule *const rules[] = {
	[LANG_JAVA] = rules_java,
	[LANG_JS] = rules_js,
	[LANG_NET] = rules_net,
	[LANG_PYTHON] = rules_python,
	[LANG_GO] = rules_go,
	[LANG_RUST] = rules_rust,
	[LANG_C] = rules_c,
	[LANG_VALGRIND] = rules_c,
	[LANG_RUBY] = rules_ruby,
	[LANG_PHP] = rules_php,
	[LANG_PERL] = rules_perl
};

enum tier
raid_trace_tier(enum language lang, const char *function, const char *place)
{
	for (const struct rule *r = rules[lang]; r->s != NULL; r++) {
		int yes = 0;

		switch (r->where) {
		case 'f':
			yes = *function == *r->s &&
			    strncmp(function, r->s, strlen(r->s)) == 0;
			break;
		case 'F':
			yes = strcmp(function, r->s) == 0;
			break;
		case 'p':
			yes = strstr(place, r->s) != NULL;
			break;
		case 'P':
			yes = strncmp(place, r->s, strlen(r->s)) == 0;
			break;
		}
		if (yes)
			return r->tier;
	}
	return TIER_OWN;
}
