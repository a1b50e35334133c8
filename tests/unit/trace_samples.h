/* SPDX-License-Identifier: ISC */
/*
 * Traces as the programs themselves print them, and what is to be found in
 * each.  skip: lines above the trace that are not part of it.
 */
#ifndef TRACE_SAMPLES_H
#define TRACE_SAMPLES_H

struct sample {
	const char *name, *text;
	size_t skip, lines;
	const char *language, *type, *message, *cause;
	const char *own[5];	/* "function|place", innermost first */
};

static const struct sample samples[] = {
	{ "java_chain",
	    "Exception in thread \"main\" java.lang.RuntimeException: wrap\n"
	    "\tat com.acme.Cart.outer(Cart.java:6)\n"
	    "\tat com.acme.Cart.main(Cart.java:10)\n"
	    "\tSuppressed: java.io.IOException: close failed\n"
	    "\t\t... 2 more\n"
	    "\tCaused by: java.lang.Error: x\n"
	    "\t\t... 2 more\n"
	    "Caused by: java.lang.IllegalStateException: basket 17 is gone\n"
	    "second line of it\n"
	    "\tat com.acme.Cart.inner(Cart.java:5)\n"
	    "\t... 2 more\n",
	0, 11, "java", "java.lang.RuntimeException",
	"wrap",
	"java.lang.IllegalStateException: basket 17 is gone",
	{ "com.acme.Cart.outer|Cart.java:6",
	  "com.acme.Cart.main|Cart.java:10" } },
	{ "java_lambda",
	    "Exception in thread \"main\" java.lang.NullPointerException: Canno"
		"t invoke \"Object.hashCode()\" because \"<local1>\" is null\n"
	    "\tat com.acme.Cart.lambda$main$0(Cart.java:11)\n"
	    "\tat java.base/java.util.stream.ReferencePipeline$3$1.accept(Refer"
		"encePipeline.java:197)\n"
	    "\tat java.base/java.util.AbstractList$RandomAccessSpliterator.forE"
		"achRemaining(AbstractList.java:720)\n"
	    "\tat java.base/java.util.stream.AbstractPipeline.copyInto(Abstract"
		"Pipeline.java:509)\n"
	    "\tat java.base/java.util.stream.AbstractPipeline.wrapAndCopyInto(A"
		"bstractPipeline.java:499)\n"
	    "\tat java.base/java.util.stream.ForEachOps$ForEachOp.evaluateSeque"
		"ntial(ForEachOps.java:150)\n"
	    "\tat java.base/java.util.stream.ForEachOps$ForEachOp$OfRef.evaluat"
		"eSequential(ForEachOps.java:173)\n"
	    "\tat java.base/java.util.stream.AbstractPipeline.evaluate(Abstract"
		"Pipeline.java:234)\n"
	    "\tat java.base/java.util.stream.ReferencePipeline.forEach(Referenc"
		"ePipeline.java:596)\n"
	    "\tat com.acme.Cart.main(Cart.java:11)\n",
	0, 11, "java", "java.lang.NullPointerException",
	"Cannot invoke \"Object.hashCode()\" because \"<local1>\" is null",
	"",
	{ "com.acme.Cart.lambda$main$0|Cart.java:11",
	  "com.acme.Cart.main|Cart.java:11" } },
	{ "java_logback",
	    "java.util.concurrent.CompletionException: com.acme.pay.Declined: c"
		"ard 17\n"
	    "\tat java.base/java.util.concurrent.CompletableFuture.encodeThrowa"
		"ble(CompletableFuture.java:315) ~[?:?]\n"
	    "\tat com.acme.pay.Gateway$$Lambda$142/0x0000000800e3a440.run(Unkno"
		"wn Source) ~[pay-1.2.jar:1.2]\n"
	    "\tat com.acme.pay.Gateway$$EnhancerBySpringCGLIB$$1a2b3c4d.charge("
		"<generated>) ~[pay-1.2.jar:1.2]\n"
	    "\tat jdk.internal.reflect.GeneratedMethodAccessor123.invoke(Unknow"
		"n Source) ~[?:?]\n"
	    "\tat org.springframework.web.method.support.InvocableHandlerMethod"
		".doInvoke(InvocableHandlerMethod.java:205) ~[spring-web-5.3.jar:5."
		"3]\n"
	    "\t... 48 common frames omitted\n"
	    "Caused by: com.acme.pay.Declined: card 17\n"
	    "\tat com.acme.pay.Bank.ask(Bank.kt:77)\n"
	    "\t... 12 more\n"
	    "\tSuppressed: java.io.IOException: close\n"
	    "\t\tat com.acme.pay.Bank.close(Bank.kt:99)\n"
	    "\t\tCaused by: java.net.SocketException: Broken pipe\n"
	    "\t\t\t... 3 more\n",
	0, 14, "java", "java.util.concurrent.CompletionException",
	"com.acme.pay.Declined: card 17",
	"com.acme.pay.Declined: card 17",
	{ "com.acme.pay.Gateway$$Lambda$142/0x0000000800e3a440.run|Unknown So"
	    "urce" } },
	{ "java_reflect",
	    "Exception in thread \"main\" java.lang.reflect.InvocationTargetExc"
		"eption\n"
	    "\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invok"
		"e0(Native Method)\n"
	    "\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invok"
		"e(NativeMethodAccessorImpl.java:77)\n"
	    "\tat java.base/jdk.internal.reflect.DelegatingMethodAccessorImpl.i"
		"nvoke(DelegatingMethodAccessorImpl.java:43)\n"
	    "\tat java.base/java.lang.reflect.Method.invoke(Method.java:569)\n"
	    "\tat com.acme.Cart.main(Cart.java:14)\n"
	    "Caused by: java.lang.RuntimeException: wrap\n"
	    "\tat com.acme.Cart.outer(Cart.java:6)\n"
	    "\t... 5 more\n"
	    "\tSuppressed: java.io.IOException: close failed\n"
	    "\t\t... 6 more\n"
	    "\tCaused by: java.lang.Error: x\n"
	    "\t\t... 6 more\n"
	    "Caused by: java.lang.IllegalStateException: basket 17 is gone\n"
	    "second line of it\n"
	    "\tat com.acme.Cart.inner(Cart.java:5)\n"
	    "\t... 6 more\n",
	0, 17, "java", "java.lang.reflect.InvocationTargetException",
	"",
	"java.lang.IllegalStateException: basket 17 is gone",
	{ "com.acme.Cart.main|Cart.java:14" } },
	{ "scala",
	    "Exception in thread \"main\" scala.MatchError: 17 (of class java.l"
		"ang.Integer)\n"
	    "\tat Cart$.$anonfun$split$1(Cart.scala:12)\n"
	    "\tat scala.collection.immutable.List.foreach(List.scala:392)\n"
	    "\tat Cart$.main(Cart.scala:30)\n"
	    "\tat Cart.main(Cart.scala)\n",
	0, 5, "java", "scala.MatchError",
	"17 (of class java.lang.Integer)",
	"",
	{ "Cart$.$anonfun$split$1|Cart.scala:12",
	  "Cart$.main|Cart.scala:30",
	  "Cart.main|Cart.scala" } },
	{ "jstack",
	    "   java.lang.Thread.State: BLOCKED (on object monitor)\n"
	    "\tat com.acme.cart.Lock.take(Lock.java:31)\n"
	    "\t- waiting to lock <0x00000000e0a1b2c8> (a java.lang.Object)\n"
	    "\tat com.acme.cart.Cart.merge(Cart.java:88)\n"
	    "\t- locked <0x00000000e0a1b2d8> (a com.acme.cart.Cart)\n",
	0, 5, "java", "java.lang.Thread.State",
	"BLOCKED (on object monitor)",
	"",
	{ "com.acme.cart.Lock.take|Lock.java:31",
	  "com.acme.cart.Cart.merge|Cart.java:88" } },
	{ "net_async",
	    "System.Net.Http.HttpRequestException: Connection refused (pay.inte"
		"rnal:443)\n"
	    " ---> System.Net.Sockets.SocketException (111): Connection refused"
		"\n"
	    "   at System.Net.Sockets.Socket.AwaitableSocketAsyncEventArgs.Thro"
		"wException(SocketError error, CancellationToken cancellationToken)"
		"\n"
	    "   at System.Net.Sockets.Socket.<ConnectAsync>g__WaitForConnectWit"
		"hCancellation|281_0(AwaitableSocketAsyncEventArgs saea, ValueTask "
		"connectTask, CancellationToken cancellationToken)\n"
	    "   --- End of inner exception stack trace ---\n"
	    "   at System.Net.Http.HttpConnectionPool.ConnectToTcpHostAsync(Str"
		"ing host, Int32 port, HttpRequestMessage initialRequest, Boolean a"
		"sync, CancellationToken cancellationToken)\n"
	    "--- End of stack trace from previous location ---\n"
	    "   at Shop.Pay.Gateway.<ChargeAsync>d__12.MoveNext() in C:\\src\\S"
		"hop\\Pay\\Gateway.cs:line 87\n"
	    "   at System.Runtime.CompilerServices.TaskAwaiter.HandleNonSuccess"
		"AndDebuggerNotification(Task task)\n"
	    "   at lambda_method42(Closure, Object)\n",
	0, 10, "dotnet", "System.Net.Http.HttpRequestException",
	"Connection refused (pay.internal:443)",
	"System.Net.Sockets.SocketException: Connection refused",
	{ "Shop.Pay.Gateway.<ChargeAsync>d__12.MoveNext|C:\\src\\Shop\\Pay\\G"
	    "ateway.cs:line 87" } },
	{ "net_inner",
	    "Unhandled exception. System.InvalidOperationException: order 17 ca"
		"nnot be closed\n"
	    " ---> System.ArgumentNullException: Value cannot be null. (Paramet"
		"er 'lines')\n"
	    "   at Shop.Orders.Order.Sum(IEnumerable`1 lines) in /src/Orders/Or"
		"der.cs:line 44\n"
	    "   at Shop.Orders.Order.Close() in /src/Orders/Order.cs:line 61\n"
	    "   --- End of inner exception stack trace ---\n"
	    "   at Shop.Orders.OrderService.Close(Guid id, CancellationToken ct"
		") in /src/Orders/OrderService.cs:line 118\n"
	    "   at Shop.Program.<Main>$(String[] args) in /src/Program.cs:line "
		"9\n",
	0, 7, "dotnet", "System.InvalidOperationException",
	"order 17 cannot be closed",
	"System.ArgumentNullException: Value cannot be null. (Parameter 'li"
	    "nes')",
	{ "Shop.Orders.OrderService.Close|/src/Orders/OrderService.cs:line 11"
	    "8",
	  "Shop.Program.<Main>$|/src/Program.cs:line 9" } },
	{ "net_old",
	    "System.Web.HttpException (0x80004005): request failed ---> System."
		"NullReferenceException: Object reference not set to an instance of"
		" an object.\n"
	    "   at Shop.Web.Cart.Page_Load(Object sender, EventArgs e)\n"
	    "   at System.Web.UI.Control.LoadRecursive()\n",
	0, 3, "dotnet", "System.Web.HttpException",
	"request failed",
	"System.NullReferenceException: Object reference not set to an inst"
	    "ance of an object.",
	{ "Shop.Web.Cart.Page_Load|" } },
	{ "net_plain",
	    "System.TimeoutException: The operation has timed out.\n"
	    "   at Shop.Queue.Take()\n"
	    "   at Shop.Worker.Run(Object state)\n",
	0, 3, "dotnet", "System.TimeoutException",
	"The operation has timed out.",
	"",
	{ "Shop.Queue.Take|",
	  "Shop.Worker.Run|" } },
	{ "js_browser",
	    "Uncaught TypeError: Cannot read properties of undefined (reading '"
		"lines')\n"
	    "    at Cart.merge (https://shop.example/static/js/main.3f2a1b.js:2"
		":18841)\n"
	    "    at new Page (webpack-internal:///./src/page.ts:14:9)\n"
	    "    at eval (eval at run (https://shop.example/static/js/main.3f2a"
		"1b.js:2:99), <anonymous>:1:1)\n"
	    "    at Array.forEach (<anonymous>)\n",
	0, 5, "javascript", "TypeError",
	"Cannot read properties of undefined (reading 'lines')",
	"",
	{ "Cart.merge|https://shop.example/static/js/main.3f2a1b.js:2:18841",
	  "new Page|webpack-internal:///./src/page.ts:14:9",
	  "eval|eval at run (https://shop.example/static/js/main.3f2a1b.js:2:"
	    "99), <anonymous>:1:1" } },
	{ "js_chain",
	    "UnhandledPromiseRejectionWarning: Error: cart 17 not found\n"
	    "    at Store.get (/srv/shop/src/store.js:61:11)\n"
	    "    at processTicksAndRejections (internal/process/task_queues.js:"
		"97:5)\n"
	    "    at async Promise.all (index 0)\n"
	    "    at async CartController.post (/srv/shop/src/cart.js:88:20)\n"
	    "    at /srv/shop/node_modules/express/lib/router/layer.js:95:5\n"
	    "    at <anonymous>\n",
	0, 7, "javascript", "Error",
	"cart 17 not found",
	"",
	{ "Store.get|/srv/shop/src/store.js:61:11",
	  "CartController.post|/srv/shop/src/cart.js:88:20" } },
	{ "node_agg",
	    "/srv/app/a.js:12\n"
	    "if (k === 'agg') throw new AggregateError([new Error('one'), new T"
		"ypeError('two')], 'several');\n"
	    "                 ^\n"
	    "\n"
	    "AggregateError: several\n"
	    "    at Object.<anonymous> (/srv/app/a.js:12:24)\n"
	    "    at Module._compile (node:internal/modules/cjs/loader:1521:14)"
		"\n"
	    "    at Module._extensions..js (node:internal/modules/cjs/loader:16"
		"23:10)\n"
	    "    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
	    "    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
	    "    at Function.executeUserEntryPoint [as runMain] (node:internal/"
		"modules/run_main:164:12)\n"
	    "    at node:internal/main/run_main_module:28:49 {\n"
	    "  [errors]: [\n"
	    "    Error: one\n"
	    "        at Object.<anonymous> (/srv/app/a.js:12:44)\n"
	    "        at Module._compile (node:internal/modules/cjs/loader:1521:"
		"14)\n"
	    "        at Module._extensions..js (node:internal/modules/cjs/loade"
		"r:1623:10)\n"
	    "        at Module.load (node:internal/modules/cjs/loader:1266:32)"
		"\n"
	    "        at Module._load (node:internal/modules/cjs/loader:1091:12)"
		"\n"
	    "        at Function.executeUserEntryPoint [as runMain] (node:inter"
		"nal/modules/run_main:164:12)\n"
	    "        at node:internal/main/run_main_module:28:49,\n"
	    "    TypeError: two\n"
	    "        at Object.<anonymous> (/srv/app/a.js:12:62)\n"
	    "        at Module._compile (node:internal/modules/cjs/loader:1521:"
		"14)\n"
	    "        at Module._extensions..js (node:internal/modules/cjs/loade"
		"r:1623:10)\n"
	    "        at Module.load (node:internal/modules/cjs/loader:1266:32)"
		"\n"
	    "        at Module._load (node:internal/modules/cjs/loader:1091:12)"
		"\n"
	    "        at Function.executeUserEntryPoint [as runMain] (node:inter"
		"nal/modules/run_main:164:12)\n"
	    "        at node:internal/main/run_main_module:28:49\n"
	    "  ]\n"
	    "}\n"
	    "\n"
	    "Node.js v20.20.2\n",
	0, 33, "javascript", "AggregateError",
	"several",
	"Error: one",
	{ "Object.<anonymous>|/srv/app/a.js:12:24" } },
	{ "node_assert",
	    "node:assert:90\n"
	    "  throw new AssertionError(obj);\n"
	    "  ^\n"
	    "\n"
	    "AssertionError [ERR_ASSERTION]: Expected values to be strictly equ"
		"al:\n"
	    "\n"
	    "1 !== 2\n"
	    "\n"
	    "    at Object.<anonymous> (/srv/app/a.js:9:39)\n"
	    "    at Module._compile (node:internal/modules/cjs/loader:1521:14)"
		"\n"
	    "    at Module._extensions..js (node:internal/modules/cjs/loader:16"
		"23:10)\n"
	    "    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
	    "    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
	    "    at Function.executeUserEntryPoint [as runMain] (node:internal/"
		"modules/run_main:164:12)\n"
	    "    at node:internal/main/run_main_module:28:49 {\n"
	    "  generatedMessage: true,\n"
	    "  code: 'ERR_ASSERTION',\n"
	    "  actual: 1,\n"
	    "  expected: 2,\n"
	    "  operator: 'strictEqual'\n"
	    "}\n"
	    "\n"
	    "Node.js v20.20.2\n",
	0, 23, "javascript", "AssertionError",
	"Expected values to be strictly equal:",
	"",
	{ "Object.<anonymous>|/srv/app/a.js:9:39" } },
	{ "node_cause",
	    "/srv/app/a.js:2\n"
	    "async function foo(){ try { inner(3); } catch (e) { throw new Erro"
		"r('outer failed', { cause: e }); } }\n"
	    "                                                          ^\n"
	    "\n"
	    "Error: outer failed\n"
	    "    at foo (/srv/app/a.js:2:59)\n"
	    "    at Object.<anonymous> (/srv/app/a.js:6:20)\n"
	    "    ... 5 lines matching cause stack trace ...\n"
	    "    at node:internal/main/run_main_module:28:49 {\n"
	    "  [cause]: TypeError: bad thing 3\n"
	    "      at inner (/srv/app/a.js:1:26)\n"
	    "      at foo (/srv/app/a.js:2:29)\n"
	    "      at Object.<anonymous> (/srv/app/a.js:6:20)\n"
	    "      at Module._compile (node:internal/modules/cjs/loader:1521:14"
		")\n"
	    "      at Module._extensions..js (node:internal/modules/cjs/loader:"
		"1623:10)\n"
	    "      at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
	    "      at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
	    "      at Function.executeUserEntryPoint [as runMain] (node:interna"
		"l/modules/run_main:164:12)\n"
	    "      at node:internal/main/run_main_module:28:49\n"
	    "}\n"
	    "\n"
	    "Node.js v20.20.2\n",
	0, 22, "javascript", "Error",
	"outer failed",
	"TypeError: bad thing 3",
	{ "foo|/srv/app/a.js:2:59",
	  "Object.<anonymous>|/srv/app/a.js:6:20" } },
	{ "node_conn",
	    "node:events:502\n"
	    "      throw er; // Unhandled 'error' event\n"
	    "      ^\n"
	    "\n"
	    "Error: connect ECONNREFUSED 127.0.0.1:1\n"
	    "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:"
		"16)\n"
	    "Emitted 'error' event on Socket instance at:\n"
	    "    at emitErrorNT (node:internal/streams/destroy:169:8)\n"
	    "    at emitErrorCloseNT (node:internal/streams/destroy:128:3)\n"
	    "    at process.processTicksAndRejections (node:internal/process/ta"
		"sk_queues:82:21) {\n"
	    "  errno: -111,\n"
	    "  code: 'ECONNREFUSED',\n"
	    "  syscall: 'connect',\n"
	    "  address: '127.0.0.1',\n"
	    "  port: 1\n"
	    "}\n"
	    "\n"
	    "Node.js v20.20.2\n",
	0, 18, "javascript", "Error",
	"connect ECONNREFUSED 127.0.0.1:1",
	"",
	{ "TCPConnectWrap.afterConnect|node:net:1611:16" } },
	{ "node_log",
	    "2024-01-02 03:04:05 ERROR request failed TypeError: bad thing 1\n"
	    "    at inner (/srv/app/a.js:1:26)\n"
	    "    at new A (/srv/app/a.js:3:26)\n"
	    "    at Object.<anonymous> (/srv/app/a.js:8:26)\n"
	    "    at Module._compile (node:internal/modules/cjs/loader:1521:14)"
		"\n"
	    "    at Module._extensions..js (node:internal/modules/cjs/loader:16"
		"23:10)\n"
	    "    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
	    "    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
	    "    at Function.executeUserEntryPoint [as runMain] (node:internal/"
		"modules/run_main:164:12)\n"
	    "    at node:internal/main/run_main_module:28:49\n",
	0, 10, "javascript", "TypeError",
	"bad thing 1",
	"",
	{ "inner|/srv/app/a.js:1:26",
	  "new A|/srv/app/a.js:3:26",
	  "Object.<anonymous>|/srv/app/a.js:8:26" } },
	{ "node_sync",
	    "/srv/app/a.js:1\n"
	    "function inner(x){ throw new TypeError('bad thing ' + x); }\n"
	    "                   ^\n"
	    "\n"
	    "TypeError: bad thing 5\n"
	    "    at inner (/srv/app/a.js:1:26)\n"
	    "    at Object.<anonymous> (/srv/app/a.js:5:19)\n"
	    "    at Module._compile (node:internal/modules/cjs/loader:1521:14)"
		"\n"
	    "    at Module._extensions..js (node:internal/modules/cjs/loader:16"
		"23:10)\n"
	    "    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
	    "    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
	    "    at Function.executeUserEntryPoint [as runMain] (node:internal/"
		"modules/run_main:164:12)\n"
	    "    at node:internal/main/run_main_module:28:49\n"
	    "\n"
	    "Node.js v20.20.2\n",
	0, 15, "javascript", "TypeError",
	"bad thing 5",
	"",
	{ "inner|/srv/app/a.js:1:26",
	  "Object.<anonymous>|/srv/app/a.js:5:19" } },
	{ "node_throw",
	    "/srv/app/t.js:1\n"
	    "throw 5\n"
	    "^\n"
	    "5\n"
	    "(Use `node --trace-uncaught ...` to show where the exception was t"
		"hrown)\n"
	    "\n"
	    "Node.js v20.20.2\n",
	0, 7, "javascript", "stack trace",
	"5",
	"",
	{ NULL } },
	{ "py_chain",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 4, in chain\n"
	    "    try: inner(3)\n"
	    "         ^^^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 2, in inner\n"
	    "    def inner(x): raise ValueError(\"bad %d\" % x)\n"
	    "                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "ValueError: bad 3\n"
	    "\n"
	    "The above exception was the direct cause of the following exceptio"
		"n:\n"
	    "\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 12, in <module>\n"
	    "    if k == 'chain': chain()\n"
	    "                     ^^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 5, in chain\n"
	    "    except ValueError as e: raise RuntimeError(\"outer\") from e\n"
	    "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "RuntimeError: outer\n",
	0, 19, "python", "RuntimeError",
	"outer",
	"ValueError: bad 3",
	{ "chain|/srv/app/p.py:5",
	  "<module>|/srv/app/p.py:12" } },
	{ "py_context",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 7, in ctx\n"
	    "    try: inner(4)\n"
	    "         ^^^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 2, in inner\n"
	    "    def inner(x): raise ValueError(\"bad %d\" % x)\n"
	    "                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "ValueError: bad 4\n"
	    "\n"
	    "During handling of the above exception, another exception occurred"
		":\n"
	    "\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 13, in <module>\n"
	    "    if k == 'ctx': ctx()\n"
	    "                   ^^^^^\n"
	    "  File \"/srv/app/p.py\", line 8, in ctx\n"
	    "    except ValueError: {}[\"nokey\"]\n"
	    "                       ~~^^^^^^^^^\n"
	    "KeyError: 'nokey'\n",
	0, 19, "python", "KeyError",
	"'nokey'",
	"ValueError: bad 4",
	{ "ctx|/srv/app/p.py:8",
	  "<module>|/srv/app/p.py:13" } },
	{ "py_fatal",
	    "Fatal Python error: Segmentation fault\n"
	    "\n"
	    "Current thread 0x00007fa99f441b80 (most recent call first):\n"
	    "  File \"/usr/lib/python3.11/ctypes/__init__.py\", line 519 in str"
		"ing_at\n"
	    "  File \"/srv/app/p.py\", line 23 in <module>\n",
	0, 5, "python", "Fatal Python error",
	"Segmentation fault",
	"",
	{ "<module>|/srv/app/p.py:23" } },
	{ "py_group",
	    "  + Exception Group Traceback (most recent call last):\n"
	    "  |   File \"/srv/app/p.py\", line 21, in <module>\n"
	    "  |     asyncio.run(main())\n"
	    "  |   File \"/usr/lib/python3.11/asyncio/runners.py\", line 190, i"
		"n run\n"
	    "  |     return runner.run(main)\n"
	    "  |            ^^^^^^^^^^^^^^^^\n"
	    "  |   File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, i"
		"n run\n"
	    "  |     return self._loop.run_until_complete(task)\n"
	    "  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "  |   File \"/usr/lib/python3.11/asyncio/base_events.py\", line 65"
		"3, in run_until_complete\n"
	    "  |     return future.result()\n"
	    "  |            ^^^^^^^^^^^^^^^\n"
	    "  |   File \"/srv/app/p.py\", line 18, in main\n"
	    "  |     async with asyncio.TaskGroup() as tg:\n"
	    "  |   File \"/usr/lib/python3.11/asyncio/taskgroups.py\", line 145"
		", in __aexit__\n"
	    "  |     raise me from None\n"
	    "  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-excepti"
		"ons)\n"
	    "  +-+---------------- 1 ----------------\n"
	    "    | Traceback (most recent call last):\n"
	    "    |   File \"/srv/app/p.py\", line 19, in f\n"
	    "    |     async def f(n): inner(n)\n"
	    "    |                     ^^^^^^^^\n"
	    "    |   File \"/srv/app/p.py\", line 2, in inner\n"
	    "    |     def inner(x): raise ValueError(\"bad %d\" % x)\n"
	    "    |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "    | ValueError: bad 1\n"
	    "    +---------------- 2 ----------------\n"
	    "    | Traceback (most recent call last):\n"
	    "    |   File \"/srv/app/p.py\", line 19, in f\n"
	    "    |     async def f(n): inner(n)\n"
	    "    |                     ^^^^^^^^\n"
	    "    |   File \"/srv/app/p.py\", line 2, in inner\n"
	    "    |     def inner(x): raise ValueError(\"bad %d\" % x)\n"
	    "    |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "    | ValueError: bad 2\n"
	    "    +------------------------------------\n",
	0, 36, "python", "ExceptionGroup",
	"unhandled errors in a TaskGroup (2 sub-exceptions)",
	"ValueError: bad 1",
	{ "main|/srv/app/p.py:18",
	  "<module>|/srv/app/p.py:21" } },
	{ "py_loguru",
	    "2024-01-02 03:04:05.678 | ERROR    | __main__:<module>:12 - job 17"
		" failed\n"
	    "Traceback (most recent call last):\n"
	    "\n"
	    "  File \"/srv/app/job.py\", line 12, in <module>\n"
	    "    main(17)\n"
	    "    └ <function main at 0x7f3b34d1e7f7>\n"
	    "\n"
	    "> File \"/srv/app/job.py\", line 9, in main\n"
	    "    return 1 / (n - 17)\n"
	    "                └ 17\n"
	    "\n"
	    "ZeroDivisionError: division by zero\n",
	1, 11, "python", "ZeroDivisionError",
	"division by zero",
	"",
	{ "main|/srv/app/job.py:9",
	  "<module>|/srv/app/job.py:12" } },
	{ "py_pool",
	    "multiprocessing.pool.RemoteTraceback: \n"
	    "\"\"\"\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/usr/lib/python3.11/multiprocessing/pool.py\", line 125, "
		"in worker\n"
	    "    result = (True, func(*args, **kwds))\n"
	    "                    ^^^^^^^^^^^^^^^^^^^\n"
	    "  File \"/usr/lib/python3.11/multiprocessing/pool.py\", line 48, i"
		"n mapstar\n"
	    "    return list(map(*args))\n"
	    "           ^^^^^^^^^^^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 2, in inner\n"
	    "    def inner(x): raise ValueError(\"bad %d\" % x)\n"
	    "                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "ValueError: bad 1\n"
	    "\"\"\"\n"
	    "\n"
	    "The above exception was the direct cause of the following exceptio"
		"n:\n"
	    "\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 33, in <module>\n"
	    "    with multiprocessing.Pool(1) as p: p.map(inner, [1])\n"
	    "                                       ^^^^^^^^^^^^^^^^^\n"
	    "  File \"/usr/lib/python3.11/multiprocessing/pool.py\", line 367, "
		"in map\n"
	    "    return self._map_async(func, iterable, mapstar, chunksize).get"
		"()\n"
	    "           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
		"^^\n"
	    "  File \"/usr/lib/python3.11/multiprocessing/pool.py\", line 774, "
		"in get\n"
	    "    raise self._value\n"
	    "ValueError: bad 1\n",
	1, 26, "python", "ValueError",
	"bad 1",
	"ValueError: bad 1",
	{ "<module>|/srv/app/p.py:33" } },
	{ "py_recursion",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 14, in <module>\n"
	    "    if k == 'rec': rec(0)\n"
	    "                   ^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 9, in rec\n"
	    "    def rec(n): return rec(n+1)\n"
	    "                       ^^^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 9, in rec\n"
	    "    def rec(n): return rec(n+1)\n"
	    "                       ^^^^^^^^\n"
	    "  File \"/srv/app/p.py\", line 9, in rec\n"
	    "    def rec(n): return rec(n+1)\n"
	    "                       ^^^^^^^^\n"
	    "  [Previous line repeated 996 more times]\n"
	    "RecursionError: maximum recursion depth exceeded\n",
	0, 15, "python", "RecursionError",
	"maximum recursion depth exceeded",
	"",
	{ "rec|/srv/app/p.py:9",
	  "<module>|/srv/app/p.py:14" } },
	{ "py_sqlalchemy",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/shop/stock.py\", line 198, in apply\n"
	    "    cur.execute(SQL, rows)\n"
	    "  File \"/usr/lib/python3/dist-packages/psycopg2/extras.py\", line"
		" 146, in execute\n"
	    "    return super().execute(query, vars)\n"
	    "psycopg2.errors.UniqueViolation: duplicate key\n"
	    "DETAIL:  Key (item)=(17) already exists.\n"
	    "HINT:  See server log for query details.\n"
	    "LINE 1: update account set x = 1\n"
	    "[SQL: update account set x = %(x)s]\n"
	    "(Background on this error at: https://sqlalche.me/e/14/e3q8)\n",
	0, 11, "python", "psycopg2.errors.UniqueViolation",
	"duplicate key",
	"",
	{ "apply|/srv/shop/stock.py:198" } },
	{ "py_stack",
	    "Stack (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 28, in <module>\n"
	    "    logging.error(\"next\", stack_info=True)\n",
	0, 3, "python", "stack",
	"",
	"",
	{ "<module>|/srv/app/p.py:28" } },
	{ "py_syntax",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/p.py\", line 15, in <module>\n"
	    "    if k == 'syn': compile(\"a = = 3\", \"foo.py\", \"exec\")\n"
	    "                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
	    "  File \"foo.py\", line 1\n"
	    "    a = = 3\n"
	    "        ^\n"
	    "SyntaxError: invalid syntax\n",
	0, 8, "python", "SyntaxError",
	"invalid syntax",
	"",
	{ "|foo.py:1",
	  "<module>|/srv/app/p.py:15" } },
	{ "py_syntax_alone",
	    "  File \"/srv/app/bad.py\", line 1\n"
	    "    a = = 3\n"
	    "        ^\n"
	    "SyntaxError: invalid syntax\n",
	0, 4, "python", "SyntaxError",
	"invalid syntax",
	"",
	{ "|/srv/app/bad.py:1" } },
	{ "go_deadlock",
	    "fatal error: all goroutines are asleep - deadlock!\n"
	    "\n"
	    "goroutine 1 [semacquire]:\n"
	    "sync.runtime_Semacquire(0xc00001c0b8?)\n"
	    "\t/usr/local/go/src/runtime/sema.go:62 +0x25\n"
	    "sync.(*WaitGroup).Wait(0xc00001c0b0)\n"
	    "\t/usr/local/go/src/sync/waitgroup.go:116 +0x48\n"
	    "main.main()\n"
	    "\t/home/dev/q/main.go:18 +0x9a\n"
	    "\n"
	    "goroutine 18 [chan receive, 5 minutes]:\n"
	    "main.worker(0xc000078060)\n"
	    "\t/home/dev/q/main.go:9 +0x2c\n"
	    "created by main.main in goroutine 1\n"
	    "\t/home/dev/q/main.go:15 +0x5e\n"
	    "exit status 2\n",
	0, 16, "go", "fatal error",
	"all goroutines are asleep - deadlock!",
	"",
	{ "main.main|/home/dev/q/main.go:18" } },
	{ "go_http",
	    "2024/01/02 03:04:05 http: panic serving 10.0.0.7:52344: assignment"
		" to entry in nil map\n"
	    "goroutine 19 [running]:\n"
	    "net/http.(*conn).serve.func1()\n"
	    "\t/usr/local/go/src/net/http/server.go:1850 +0xbf\n"
	    "panic({0x6a1b40, 0x7552a0})\n"
	    "\t/usr/local/go/src/runtime/panic.go:890 +0x262\n"
	    "main.(*Cart).Add(...)\n"
	    "\t/srv/shop/cart.go:17\n"
	    "main.handler({0x758ad0, 0xc0001a8000}, 0xc000190000)\n"
	    "\t/srv/shop/main.go:33 +0x5a\n",
	0, 10, "go", "panic",
	"assignment to entry in nil map",
	"",
	{ "main.(*Cart).Add|/srv/shop/cart.go:17",
	  "main.handler|/srv/shop/main.go:33" } },
	{ "go_index",
	    "panic: runtime error: index out of range [5] with length 3\n"
	    "\n"
	    "goroutine 1 [running]:\n"
	    "main.(*Cart).Line(...)\n"
	    "\t/home/dev/shop/cart.go:23\n"
	    "main.total({0xc0000b2000, 0x3, 0x4})\n"
	    "\t/home/dev/shop/main.go:41 +0x1d\n"
	    "main.main()\n"
	    "\t/home/dev/shop/main.go:12 +0x45\n"
	    "exit status 2\n",
	0, 10, "go", "panic",
	"runtime error: index out of range [5] with length 3",
	"",
	{ "main.(*Cart).Line|/home/dev/shop/cart.go:23",
	  "main.total|/home/dev/shop/main.go:41",
	  "main.main|/home/dev/shop/main.go:12" } },
	{ "go_nil",
	    "panic: runtime error: invalid memory address or nil pointer derefe"
		"rence [recovered]\n"
	    "\tpanic: runtime error: invalid memory address or nil pointer dere"
		"ference\n"
	    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4f1"
		"c26]\n"
	    "\n"
	    "goroutine 34 [running]:\n"
	    "panic({0x50a0e0?, 0x5f3d60?})\n"
	    "\t/usr/local/go/src/runtime/panic.go:884 +0x213\n"
	    "github.com/acme/shop/internal/session.(*Store).Get(0x0, {0xc00001c"
		"0f0, 0x11})\n"
	    "\t/src/internal/session/store.go:61 +0x26\n"
	    "github.com/acme/shop/internal/http.(*Server).cart.func1({0x5c6f08,"
		" 0xc0001361c0}, 0xc000146000)\n"
	    "\t/src/internal/http/server.go:188 +0x9d\n"
	    "net/http.HandlerFunc.ServeHTTP(0xc0000a6b60?, {0x5c6f08?, 0xc00013"
		"61c0?}, 0x0?)\n"
	    "\t/usr/local/go/src/net/http/server.go:2122 +0x2f\n"
	    "created by net/http.(*Server).Serve in goroutine 1\n"
	    "\t/usr/local/go/src/net/http/server.go:3086 +0x5cb\n",
	0, 15, "go", "panic",
	"runtime error: invalid memory address or nil pointer dereference ["
	    "recovered]",
	"",
	{ "github.com/acme/shop/internal/session.(*Store).Get|/src/internal/s"
	    "ession/store.go:61",
	  "github.com/acme/shop/internal/http.(*Server).cart.func1|/src/inter"
	    "nal/http/server.go:188" } },
	{ "go_quit",
	    "SIGQUIT: quit\n"
	    "PC=0x45c2e1 m=0 sigcode=0\n"
	    "\n"
	    "goroutine 0 [idle]:\n"
	    "runtime.futex()\n"
	    "\t/usr/local/go/src/runtime/sys_linux_amd64.s:557 +0x21 fp=0x7ffd "
		"sp=0x7ffd pc=0x45c2e1\n"
	    "\n"
	    "goroutine 1 [select]:\n"
	    "main.loop(0xc00007e000)\n"
	    "\t/srv/agent/loop.go:77 +0x12f\n"
	    "main.main()\n"
	    "\t/srv/agent/main.go:20 +0x85\n"
	    "\n"
	    "rax    0xca\n"
	    "rbx    0x0\n"
	    "rip    0x45c2e1\n"
	    "rflags 0x286\n"
	    "cs     0x33\n",
	0, 18, "go", "SIGQUIT",
	"quit",
	"",
	{ "main.loop|/srv/agent/loop.go:77",
	  "main.main|/srv/agent/main.go:20" } },
	{ "go_race",
	    "==================\n"
	    "WARNING: DATA RACE\n"
	    "Write at 0x00c0000b4018 by goroutine 7:\n"
	    "  main.main.func1()\n"
	    "      /home/dev/r/main.go:11 +0x3e\n"
	    "\n"
	    "Previous write at 0x00c0000b4018 by main goroutine:\n"
	    "  main.main()\n"
	    "      /home/dev/r/main.go:13 +0xbb\n"
	    "\n"
	    "Goroutine 7 (running) created at:\n"
	    "  main.main()\n"
	    "      /home/dev/r/main.go:10 +0xae\n"
	    "==================\n",
	0, 14, "go", "data race",
	"",
	"",
	{ "main.main.func1|/home/dev/r/main.go:11" } },
	{ "zap",
	    "github.com/acme/op/controllers.(*CartReconciler).Reconcile\n"
	    "\t/workspace/controllers/cart.go:88\n"
	    "sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controlle"
		"r).reconcileHandler\n"
	    "\t/go/pkg/mod/sigs.k8s.io/controller-runtime@v0.15.0/pkg/internal/"
		"controller/controller.go:324\n",
	0, 4, "go", "stack trace",
	"",
	"",
	{ "github.com/acme/op/controllers.(*CartReconciler).Reconcile|/worksp"
	    "ace/controllers/cart.go:88" } },
	{ "rust_assert",
	    "thread 'main' (10218) panicked at r.rs:8:23:\n"
	    "assertion `left == right` failed: math\n"
	    "  left: 2\n"
	    " right: 3\n"
	    "note: run with `RUST_BACKTRACE=1` environment variable to display "
		"a backtrace\n",
	0, 5, "rust", "panic",
	"assertion `left == right` failed: math",
	"",
	{ "|r.rs:8:23" } },
	{ "rust_backtrace",
	    "thread 'main' (10236) panicked at r.rs:2:40:\n"
	    "index out of bounds: the len is 3 but the index is 99\n"
	    "stack backtrace:\n"
	    "   0: __rustc::rust_begin_unwind\n"
	    "             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/li"
		"brary/std/src/panicking.rs:689:5\n"
	    "   1: core::panicking::panic_fmt\n"
	    "             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/li"
		"brary/core/src/panicking.rs:80:14\n"
	    "   2: core::panicking::panic_bounds_check\n"
	    "             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/li"
		"brary/core/src/panicking.rs:271:5\n"
	    "   3: r::inner\n"
	    "             at ./r.rs:2:40\n"
	    "   4: r::S::go\n"
	    "             at ./r.rs:3:42\n"
	    "   5: r::main\n"
	    "             at ./r.rs:6:37\n"
	    "   6: core::ops::function::FnOnce::call_once\n"
	    "             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/li"
		"brary/core/src/ops/function.rs:250:5\n"
	    "note: Some details are omitted, run with `RUST_BACKTRACE=full` for"
		" a verbose backtrace.\n",
	0, 18, "rust", "panic",
	"index out of bounds: the len is 3 but the index is 99",
	"",
	{ "r::inner|./r.rs:2:40",
	  "r::S::go|./r.rs:3:42",
	  "r::main|./r.rs:6:37" } },
	{ "rust_hash",
	    "thread 'main' panicked at src/main.rs:7:69:\n"
	    "called `Option::unwrap()` on a `None` value\n"
	    "stack backtrace:\n"
	    "   0:     0x55f0c1a4f1e8 - std::backtrace_rs::backtrace::libunwind"
		"::trace::h0123456789abcdef\n"
	    "                               at /rustc/90c541806f23a127002de5b40"
		"38be731ba1458ca/library/std/src/../../backtrace/src/backtrace/libu"
		"nwind.rs:93:5\n"
	    "   1:     0x55f0c1a4f2aa - ringd::load::h89abcdef01234567\n"
	    "                               at /src/ringd/src/load.rs:7:69\n"
	    "   2:     0x55f0c1a4f300 - ringd::main::hfedcba9876543210\n"
	    "   3:     0x7f3b34b4f0b3 - __libc_start_main\n"
	    "   4:                0x0 - <unknown>\n",
	0, 10, "rust", "panic",
	"called `Option::unwrap()` on a `None` value",
	"",
	{ "ringd::load|/src/ringd/src/load.rs:7:69",
	  "ringd::main|" } },
	{ "rust_new",
	    "thread 'main' (10216) panicked at r.rs:2:40:\n"
	    "index out of bounds: the len is 3 but the index is 99\n"
	    "note: run with `RUST_BACKTRACE=1` environment variable to display "
		"a backtrace\n",
	0, 3, "rust", "panic",
	"index out of bounds: the len is 3 but the index is 99",
	"",
	{ "|r.rs:2:40" } },
	{ "rust_old",
	    "thread 'worker-3' panicked at 'index out of bounds: the len is 3 b"
		"ut the index is 99', src/ring.rs:88:9\n"
	    "stack backtrace:\n"
	    "   0: rust_begin_unwind\n"
	    "             at /rustc/90c541806f23a127002de5b4038be731ba1458ca/li"
		"brary/std/src/panicking.rs:578:5\n"
	    "   1: core::panicking::panic_fmt\n"
	    "             at /rustc/90c541806f23a127002de5b4038be731ba1458ca/li"
		"brary/core/src/panicking.rs:67:14\n"
	    "   2: ringd::ring::Ring<T>::push\n"
	    "             at ./src/ring.rs:88:9\n"
	    "   3: ringd::worker::{{closure}}\n"
	    "             at ./src/worker.rs:31:13\n"
	    "note: Some details are omitted, run with `RUST_BACKTRACE=full` for"
		" a verbose backtrace.\n",
	0, 11, "rust", "panic",
	"index out of bounds: the len is 3 but the index is 99",
	"",
	{ "ringd::ring::Ring<T>::push|./src/ring.rs:88:9",
	  "ringd::worker::{{closure}}|./src/worker.rs:31:13" } },
	{ "rust_overflow",
	    "thread 'main' (10224) has overflowed its stack\n"
	    "fatal runtime error: stack overflow, aborting\n",
	0, 2, "rust", "stack overflow",
	"",
	"",
	{ NULL } },
	{ "asan_free",
	    "================================================================="
		"\n"
	    "==10512==ERROR: AddressSanitizer: heap-use-after-free on address 0"
		"x602000000010 at pc 0x557edf52b109 bp 0x7ffe10200020 sp 0x7ffe1020"
		"0018\n"
	    "READ of size 4 at 0x602000000010 thread T0\n"
	    "    #0 0x557edf52b108 in use /srv/app/c.c:8:33\n"
	    "    #1 0x557edf52b2c2 in main /srv/app/c.c:13:43\n"
	    "    #2 0x7f652d572249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "    #3 0x7f652d572304 in __libc_start_main csu/../csu/libc-start.c"
		":360:3\n"
	    "    #4 0x557edf46d310 in _start (/srv/app/ca+0x21310) (BuildId: b4"
		"3d9dfbfcde8a7c4e052e21e7736c2c3e630ccf)\n"
	    "\n"
	    "0x602000000010 is located 0 bytes inside of 8-byte region [0x60200"
		"0000010,0x602000000018)\n"
	    "freed by thread T0 here:\n"
	    "    #0 0x557edf4efeb2 in free (/srv/app/ca+0xa3eb2) (BuildId: b43d"
		"9dfbfcde8a7c4e052e21e7736c2c3e630ccf)\n"
	    "    #1 0x557edf52b2b6 in main /srv/app/c.c:13:27\n"
	    "    #2 0x7f652d572249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "\n"
	    "previously allocated by thread T0 here:\n"
	    "    #0 0x557edf4f015e in __interceptor_malloc (/srv/app/ca+0xa415e"
		") (BuildId: b43d9dfbfcde8a7c4e052e21e7736c2c3e630ccf)\n"
	    "    #1 0x557edf52b247 in main /srv/app/c.c:12:11\n"
	    "    #2 0x7f652d572249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "\n"
	    "SUMMARY: AddressSanitizer: heap-use-after-free /srv/app/c.c:8:33 i"
		"n use\n"
	    "Shadow bytes around the buggy address:\n"
	    "  0x0c047fff7fe0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		"\n"
	    "  0x0c047fff7ff0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		"\n"
	    "=>0x0c047fff8000: fa fa[fd]fa fa fa fa fa fa fa fa fa fa fa fa fa"
		"\n"
	    "  0x0c047fff8010: fa fa fa fa fa fa fa fa fa fa fa fa fa fa fa fa"
		"\n"
	    "Shadow byte legend (one shadow byte represents 8 application bytes"
		"):\n"
	    "  Addressable:           00\n"
	    "  Partially addressable: 01 02 03 04 05 06 07 \n"
	    "  Heap left redzone:       fa\n"
	    "  Freed heap region:       fd\n"
	    "==10512==ABORTING\n",
	0, 32, "c", "AddressSanitizer: heap-use-after-free",
	"on address 0x602000000010",
	"",
	{ "use|/srv/app/c.c:8:33",
	  "main|/srv/app/c.c:13:43" } },
	{ "asan_segv",
	    "AddressSanitizer:DEADLYSIGNAL\n"
	    "================================================================="
		"\n"
	    "==10594==ERROR: AddressSanitizer: SEGV on unknown address 0x000000"
		"000000 (pc 0x55be3056510d bp 0x7ffeb23eb8b0 sp 0x7ffeb23eb890 T0)"
		"\n"
	    "==10594==The signal is caused by a READ memory access.\n"
	    "==10594==Hint: address points to the zero page.\n"
	    "    #0 0x55be3056510d in use /srv/app/c.c:8:33\n"
	    "    #1 0x55be305652fc in main /srv/app/c.c:14:33\n"
	    "    #2 0x7f118a44d249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "    #3 0x7f118a44d304 in __libc_start_main csu/../csu/libc-start.c"
		":360:3\n"
	    "    #4 0x55be304a7310 in _start (/srv/app/ca+0x21310) (BuildId: b4"
		"3d9dfbfcde8a7c4e052e21e7736c2c3e630ccf)\n"
	    "\n"
	    "AddressSanitizer can not provide additional info.\n"
	    "SUMMARY: AddressSanitizer: SEGV /srv/app/c.c:8:33 in use\n"
	    "==10594==ABORTING\n",
	0, 14, "c", "AddressSanitizer: SEGV",
	"on unknown address 0x000000000000",
	"",
	{ "use|/srv/app/c.c:8:33",
	  "main|/srv/app/c.c:14:33" } },
	{ "lsan",
	    "================================================================="
		"\n"
	    "==10663==ERROR: LeakSanitizer: detected memory leaks\n"
	    "\n"
	    "Direct leak of 100 byte(s) in 1 object(s) allocated from:\n"
	    "    #0 0x561a9d2ca15e in __interceptor_malloc (/srv/app/ca+0xa415e"
		") (BuildId: b43d9dfbfcde8a7c4e052e21e7736c2c3e630ccf)\n"
	    "    #1 0x561a9d305337 in main /srv/app/c.c:15:32\n"
	    "    #2 0x7f941363a249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "\n"
	    "Direct leak of 8 byte(s) in 1 object(s) allocated from:\n"
	    "    #0 0x561a9d2ca15e in __interceptor_malloc (/srv/app/ca+0xa415e"
		") (BuildId: b43d9dfbfcde8a7c4e052e21e7736c2c3e630ccf)\n"
	    "    #1 0x561a9d305247 in main /srv/app/c.c:12:11\n"
	    "    #2 0x7f941363a249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "\n"
	    "SUMMARY: AddressSanitizer: 108 byte(s) leaked in 2 allocation(s)."
		"\n",
	0, 14, "c", "LeakSanitizer: detected memory leaks",
	"",
	"",
	{ "main|/srv/app/c.c:15:32" } },
	{ "ubsan",
	    "c.c:16:45: runtime error: signed integer overflow: 2147483647 + 2 "
		"cannot be represented in type 'int'\n"
	    "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior c.c:16:45 "
		"in \n",
	0, 2, "c", "UndefinedBehaviorSanitizer",
	"signed integer overflow: 2147483647 + 2 cannot be represented in t"
	    "ype 'int'",
	"",
	{ "|c.c:16:45" } },
	{ "ubsan_stack",
	    "c.c:16:45: runtime error: signed integer overflow: 2147483647 + 2 "
		"cannot be represented in type 'int'\n"
	    "    #0 0x555d26fb177e in main /srv/app/c.c:16\n"
	    "    #1 0x7fc4da845249 in __libc_start_call_main ../sysdeps/nptl/li"
		"bc_start_call_main.h:58\n"
	    "    #2 0x7fc4da845304 in __libc_start_main_impl ../csu/libc-start."
		"c:360\n"
	    "    #3 0x555d26fb11e0 in _start (/srv/app/cg+0x21e0)\n",
	0, 5, "c", "UndefinedBehaviorSanitizer",
	"signed integer overflow: 2147483647 + 2 cannot be represented in t"
	    "ype 'int'",
	"",
	{ "main|/srv/app/c.c:16" } },
	{ "tsan",
	    "==================\n"
	    "WARNING: ThreadSanitizer: data race (pid=10999)\n"
	    "  Write of size 4 at 0x5581681de258 by main thread:\n"
	    "    #0 main /srv/app/c.c:17:72 (ct+0xd032f) (BuildId: 1702151cd21c"
		"03bd2c87b1015cb548376421502c)\n"
	    "\n"
	    "  Previous write of size 4 at 0x5581681de258 by thread T1:\n"
	    "    #0 th /srv/app/c.c:9:29 (ct+0xd04a4) (BuildId: 1702151cd21c03b"
		"d2c87b1015cb548376421502c)\n"
	    "\n"
	    "  Location is global 'g' of size 4 at 0x5581681de258 (ct+0x1476258"
		")\n"
	    "\n"
	    "  Thread T1 (tid=11010, finished) created by main thread at:\n"
	    "    #0 pthread_create <null> (ct+0x513bd) (BuildId: 1702151cd21c03"
		"bd2c87b1015cb548376421502c)\n"
	    "    #1 main /srv/app/c.c:17:41 (ct+0xd0317) (BuildId: 1702151cd21c"
		"03bd2c87b1015cb548376421502c)\n"
	    "\n"
	    "SUMMARY: ThreadSanitizer: data race /srv/app/c.c:17:72 in main\n"
	    "==================\n",
	0, 16, "c", "ThreadSanitizer: data race",
	"(pid=10999)",
	"",
	{ "main|/srv/app/c.c:17:72" } },
	{ "msan",
	    "==11083==WARNING: MemorySanitizer: use-of-uninitialized-value\n"
	    "    #0 0x55fb6c71dea0 in main /srv/app/c.c:18:44\n"
	    "    #1 0x7f8013fe6249 in __libc_start_call_main csu/../sysdeps/npt"
		"l/libc_start_call_main.h:58:16\n"
	    "    #2 0x7f8013fe6304 in __libc_start_main csu/../csu/libc-start.c"
		":360:3\n"
	    "    #3 0x55fb6c6972b0 in _start (/srv/app/cm+0x212b0) (BuildId: 2e"
		"775fb180582ac9b19d88d7ce8ece03d2e2524c)\n"
	    "\n"
	    "SUMMARY: MemorySanitizer: use-of-uninitialized-value /srv/app/c.c:"
		"18:44 in main\n"
	    "Exiting\n",
	0, 8, "c", "MemorySanitizer: use-of-uninitialized-value",
	"",
	"",
	{ "main|/srv/app/c.c:18:44" } },
	{ "gdb",
	    "Program received signal SIGSEGV, Segmentation fault.\n"
	    "0x00005555555551e8 in use (p=0x0) at c.c:8\n"
	    "8\tstatic int use(int *p) { return p[0]; }\n"
	    "#0  0x00005555555551e8 in use (p=0x0) at c.c:8\n"
	    "#1  0x0000555555555364 in main (c=2, v=0x7fffffffe788) at c.c:14\n",
	0, 5, "c", "SIGSEGV",
	"Segmentation fault",
	"",
	{ "use|c.c:8",
	  "main|c.c:14" } },
	{ "gdb_abort",
	    "Program received signal SIGABRT, Aborted.\n"
	    "__pthread_kill_implementation (threadid=<optimized out>, signo=sig"
		"no@entry=6, no_tid=no_tid@entry=0) at ./nptl/pthread_kill.c:44\n"
	    "44\t./nptl/pthread_kill.c: No such file or directory.\n"
	    "#0  __pthread_kill_implementation (threadid=<optimized out>, signo"
		"=signo@entry=6, no_tid=no_tid@entry=0) at ./nptl/pthread_kill.c:44"
		"\n"
	    "#1  0x00007ffff7aa8f4f in __pthread_kill_internal (signo=6, thread"
		"id=<optimized out>) at ./nptl/pthread_kill.c:78\n"
	    "#2  0x00007ffff7a59fb2 in __GI_raise (sig=sig@entry=6) at ../sysde"
		"ps/posix/raise.c:26\n"
	    "#3  0x00007ffff7a44472 in __GI_abort () at ./stdlib/abort.c:79\n"
	    "#4  0x00007ffff7c9d919 in ?\? () from /lib/x86_64-linux-gnu/libstd"
		"c++.so.6\n"
	    "#5  0x00007ffff7ca8e1a in ?\? () from /lib/x86_64-linux-gnu/libstd"
		"c++.so.6\n"
	    "#6  0x00007ffff7ca8e85 in std::terminate() () from /lib/x86_64-lin"
		"ux-gnu/libstdc++.so.6\n"
	    "#7  0x00007ffff7ca90d8 in __cxa_throw () from /lib/x86_64-linux-gn"
		"u/libstdc++.so.6\n"
	    "#8  0x00005555555551de in a::T::go (this=0x7fffffffe67f) at t.cc:2"
		"\n"
	    "#9  0x000055555555518d in main () at t.cc:3\n",
	0, 13, "c", "SIGABRT",
	"Aborted",
	"",
	{ "a::T::go|t.cc:2",
	  "main|t.cc:3" } },
	{ "gdb_threads",
	    "Program terminated with signal SIGSEGV, Segmentation fault.\n"
	    "#0  0x000055d0c1a4f1e8 in ring_push (r=0x0, item=0x7f3b2c000b20) a"
		"t src/ring.c:88\n"
	    "88\t\tr->slot[r->head] = item;\n"
	    "[Current thread is 1 (Thread 0x7f3b34a5f700 (LWP 2211))]\n"
	    "(gdb) thread apply all bt\n"
	    "\n"
	    "Thread 2 (Thread 0x7f3b34a60740 (LWP 2210)):\n"
	    "#0  0x00007f3b34d1e7f7 in __GI___pthread_timedjoin_ex (threadid=13"
		"9893, thread_return=0x0) at pthread_join_common.c:89\n"
	    "#1  0x000055d0c1a4f2ff in main () at src/main.c:40\n"
	    "\n"
	    "Thread 1 (Thread 0x7f3b34a5f700 (LWP 2211)):\n"
	    "#0  0x000055d0c1a4f1e8 in ring_push (r=0x0, item=0x7f3b2c000b20) a"
		"t src/ring.c:88\n"
	    "#1  0x000055d0c1a4f2aa in worker (arg=0x7ffd5a4b1c40) at src/worke"
		"r.c:31\n"
	    "#2  0x00007f3b34d1d609 in start_thread (arg=<optimized out>) at pt"
		"hread_create.c:477\n"
	    "#3  0x00007f3b34c44133 in clone () from /lib/x86_64-linux-gnu/libc"
		".so.6\n",
	0, 15, "c", "SIGSEGV",
	"Segmentation fault",
	"",
	{ "ring_push|src/ring.c:88",
	  "worker|src/worker.c:31" } },
	{ "coredump",
	    "Jan  2 03:04:05 web3 systemd-coredump[4242]: Process 4199 (ringd) "
		"of user 998 dumped core.\n"
	    "                                             \n"
	    "                                             Stack trace of thread"
		" 4201:\n"
	    "                                             #0  0x00005581d2c4a1e"
		"8 ring_push (/opt/ring/bin/ringd + 0x11e8)\n"
	    "                                             #1  0x00005581d2c4a2a"
		"a worker (/opt/ring/bin/ringd + 0x12aa)\n"
	    "                                             #2  0x00007f1c2a08b60"
		"9 start_thread (libpthread.so.0 + 0x8609)\n"
	    "                                             #3  0x00007f1c29fb213"
		"3 __clone (libc.so.6 + 0x11f133)\n",
	2, 5, "c", "core dump",
	"Stack trace of thread 4201:",
	"",
	{ "ring_push|/opt/ring/bin/ringd",
	  "worker|/opt/ring/bin/ringd" } },
	{ "valgrind",
	    "==12313== Invalid read of size 4\n"
	    "==12313==    at 0x1091E8: use (c.c:8)\n"
	    "==12313==    by 0x10933A: main (c.c:13)\n"
	    "==12313==  Address 0x4a43040 is 0 bytes inside a block of size 8 f"
		"ree'd\n"
	    "==12313==    at 0x484417B: free (in /usr/libexec/valgrind/vgpreloa"
		"d_memcheck-amd64-linux.so)\n"
	    "==12313==    by 0x10932E: main (c.c:13)\n"
	    "==12313==  Block was alloc'd at\n"
	    "==12313==    at 0x48417B4: malloc (in /usr/libexec/valgrind/vgprel"
		"oad_memcheck-amd64-linux.so)\n"
	    "==12313==    by 0x1092F8: main (c.c:12)\n",
	0, 9, "c", "Invalid read",
	"Invalid read of size 4",
	"",
	{ "use|c.c:8",
	  "main|c.c:13" } },
	{ "valgrind_leak",
	    "==12710== 100 bytes in 1 blocks are definitely lost in loss record"
		" 2 of 2\n"
	    "==12710==    at 0x48417B4: malloc (in /usr/libexec/valgrind/vgprel"
		"oad_memcheck-amd64-linux.so)\n"
	    "==12710==    by 0x10938C: main (c.c:15)\n",
	0, 3, "c", "definitely lost",
	"100 bytes in 1 blocks are definitely lost in loss record 2 of 2",
	"",
	{ "main|c.c:15" } },
	{ "valgrind_segv",
	    "==12962== Process terminating with default action of signal 11 (SI"
		"GSEGV)\n"
	    "==12962==  Access not within mapped region at address 0x0\n"
	    "==12962==    at 0x1091E8: use (c.c:8)\n"
	    "==12962==    by 0x109363: main (c.c:14)\n"
	    "==12962==  If you believe this happened as a result of a stack\n"
	    "==12962==  overflow in your program's main thread (unlikely but\n"
	    "==12962==  possible), you can try to increase the size of the\n"
	    "==12962==  main thread stack using the --main-stacksize= flag.\n"
	    "==12962==  The main thread stack size used in this run was 8388608"
		".\n",
	1, 8, "c", "Access not within mapped region",
	"Access not within mapped region at address 0x0",
	"",
	{ "use|c.c:8",
	  "main|c.c:14" } },
	{ "backtrace",
	    "./cc(deep+0x4e)[0x5627889df292]\n"
	    "./cc(main+0x1ba)[0x5627889df485]\n"
	    "/lib/x86_64-linux-gnu/libc.so.6(+0x2724a)[0x7f9c1a71b24a]\n"
	    "/lib/x86_64-linux-gnu/libc.so.6(__libc_start_main+0x85)[0x7f9c1a71"
		"b305]\n"
	    "./cc(_start+0x21)[0x5627889df101]\n",
	0, 5, "c", "stack trace",
	"",
	"",
	{ "deep|./cc",
	  "main|./cc" } },
	{ "glibc_error",
	    "*** Error in `./ringd': double free or corruption (fasttop): 0x000"
		"00000017f2010 ***\n"
	    "======= Backtrace: =========\n"
	    "/lib/x86_64-linux-gnu/libc.so.6(+0x777e5)[0x7f3b34b4f7e5]\n"
	    "/lib/x86_64-linux-gnu/libc.so.6(cfree+0x4c)[0x7f3b34b5c53c]\n"
	    "./ringd(ring_free+0x2e)[0x4006ae]\n"
	    "./ringd(main+0x31)[0x4006e1]\n",
	0, 6, "c", "double free or corruption (fasttop)",
	"",
	"",
	{ "ring_free|./ringd",
	  "main|./ringd" } },
	{ "glog",
	    "F0102 03:04:05.678901 12345 ring.cc:88] Check failed: r->head < r-"
		">size (17 vs. 16) \n"
	    "*** Check failure stack trace: ***\n"
	    "    @     0x7f3b34d1e7f7  google::LogMessage::Fail()\n"
	    "    @     0x7f3b34d20123  google::LogMessageFatal::~LogMessageFata"
		"l()\n"
	    "    @     0x55d0c1a4f1e8  ring::Ring::Push()\n"
	    "    @     0x55d0c1a4f2aa  main\n"
	    "    @     0x7f3b34b4f0b3  __libc_start_main\n"
	    "    @     0x55d0c1a4f0ae  _start\n"
	    "    @              (nil)  (unknown)\n",
	0, 9, "c", "Check failed",
	"Check failed: r->head < r->size (17 vs. 16)",
	"",
	{ "ring::Ring::Push()|",
	  "main|" } },
	{ "smash",
	    "*** stack smashing detected ***: terminated\n",
	0, 1, "c", "stack smashing detected",
	"",
	"",
	{ NULL } },
	{ "terminate",
	    "terminate called after throwing an instance of 'std::runtime_error"
		"'\n"
	    "  what():  boom 17\n",
	0, 2, "c", "std::runtime_error",
	"boom 17",
	"",
	{ NULL } },
	{ "ruby_new",
	    "cart.rb:12:in 'Integer#/': divided by 0 (ZeroDivisionError)\n"
	    "\tfrom cart.rb:12:in 'Cart#split'\n"
	    "\tfrom cart.rb:30:in 'block in Cart.run'\n"
	    "\tfrom /usr/lib/ruby/3.4.0/set.rb:501:in 'Hash#each_key'\n"
	    "\tfrom cart.rb:41:in '<main>'\n",
	0, 5, "ruby", "ZeroDivisionError",
	"divided by 0",
	"",
	{ "Integer#/|cart.rb:12",
	  "Cart#split|cart.rb:12",
	  "block in Cart.run|cart.rb:30",
	  "<main>|cart.rb:41" } },
	{ "ruby_old",
	    "/srv/app/cart.rb:12:in `split': cannot split 17 (ArgumentError)\n"
	    "\tfrom /srv/app/cart.rb:30:in `block in run'\n"
	    "\tfrom /usr/lib/ruby/vendor_ruby/bundler.rb:9:in `each'\n"
	    "\tfrom /srv/app/cart.rb:41:in `<main>'\n",
	0, 4, "ruby", "ArgumentError",
	"cannot split 17",
	"",
	{ "split|/srv/app/cart.rb:12",
	  "block in run|/srv/app/cart.rb:30",
	  "<main>|/srv/app/cart.rb:41" } },
	{ "ruby_reversed",
	    "Traceback (most recent call last):\n"
	    "\t2: from cart.rb:9:in `<main>'\n"
	    "\t1: from cart.rb:5:in `run'\n"
	    "cart.rb:2:in `split': boom (RuntimeError)\n",
	0, 4, "ruby", "RuntimeError",
	"boom",
	"",
	{ "split|cart.rb:2",
	  "run|cart.rb:5",
	  "<main>|cart.rb:9" } },
	{ "php_monolog",
	    "[2024-01-02 03:04:05] production.ERROR: Undefined variable $total "
		"{\"exception\":\"[object] (ErrorException(code: 0): Undefined vari"
		"able $total at /var/www/app/Cart.php:12)\n"
	    "[stacktrace]\n"
	    "#0 /var/www/app/Cart.php(12): Illuminate\\\\Foundation\\\\Bootstra"
		"p\\\\HandleExceptions->handleError(2, 'Undefined')\n"
	    "#1 /var/www/vendor/laravel/framework/src/Pipeline.php(183): App\\"
		"\\Cart->total()\n"
	    "#2 {main}\n"
	    "\"} \n",
	0, 6, "php", "ErrorException",
	"Undefined variable $total",
	"",
	{ "Illuminate\\\\Foundation\\\\Bootstrap\\\\HandleExceptions->handleE"
	    "rror|/var/www/app/Cart.php:12" } },
	{ "php_next",
	    "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Co"
		"nnection refused in /var/www/shop/src/Db.php:31\n"
	    "Stack trace:\n"
	    "#0 /var/www/shop/src/Db.php(31): PDO->__construct('mysql:host=db',"
		" 'shop', Object(SensitiveParameterValue))\n"
	    "#1 /var/www/shop/src/Repo.php(18): Shop\\Db->connect()\n"
	    "#2 /var/www/shop/vendor/slim/slim/Slim/App.php(199): Shop\\Repo->f"
		"ind(17)\n"
	    "#3 {main}\n"
	    "\n"
	    "Next RuntimeException: no database in /var/www/shop/src/Repo.php:2"
		"0\n"
	    "Stack trace:\n"
	    "#0 /var/www/shop/public/index.php(9): Shop\\Repo->find(17)\n"
	    "#1 [internal function]: Shop\\Kernel->{closure}()\n"
	    "#2 {main}\n"
	    "  thrown in /var/www/shop/src/Repo.php on line 20\n",
	0, 13, "php", "RuntimeException",
	"no database",
	"PDOException: SQLSTATE[HY000] [2002] Connection refused",
	{ "Shop\\Repo->find|/var/www/shop/public/index.php:9" } },
	{ "perl",
	    "cannot split 17 at lib/Cart.pm line 12.\n"
	    "\tCart::split(Cart=HASH(0x55d0c1a4f1e8), 17) called at lib/Shop.pm"
		" line 30\n"
	    "\tShop::run(\"main\") called at bin/shop.pl line 9\n"
	    "\teval {...} called at bin/shop.pl line 8\n",
	0, 4, "perl", "die",
	"cannot split 17",
	"",
	{ "Cart::split|lib/Shop.pm:30",
	  "Shop::run|bin/shop.pl:9" } },
	{ "perl_croak",
	    "bad at -e line 1.\n"
	    "\tmain::f(1) called at -e line 1\n"
	    "\tmain::g(2) called at -e line 1\n",
	0, 3, "perl", "die",
	"bad",
	"",
	{ "main::f|-e:1",
	  "main::g|-e:1" } }
};

#endif
