/* SPDX-License-Identifier: ISC */
/* Answers of model servers, as they stream them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/wire.h"
#include "base/mem.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define D(json) "data: " json "\n\n"
#define A(name, json) "event: " name "\ndata: " json "\n\n"
#define DONE "data: [DONE]\n\n"
#define OPENAI RAID_PROVIDER_OPENAI
#define ANTHROPIC RAID_PROVIDER_ANTHROPIC
#define GEMINI RAID_PROVIDER_GEMINI
#define OLLAMA RAID_PROVIDER_OLLAMA

struct stream {
	const char *name;
	enum raid_provider p;
	const char *bytes;
	const char *mark;	/* the terminal marker; "" the last byte */
	enum raid_answer answer;
	const char *text, *reasoning, *model, *finish;
	struct raid_usage u;
	const char *reason;	/* a part of it */
};

static const struct stream streams[] = {
{ "OpenAI", OPENAI,
	D("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
	"\"created\":1,\"model\":\"gpt-5.4\",\"choices\":[{\"index\":0,"
	"\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},"
	"\"finish_reason\":null}],\"obfuscation\":\"aB3\"}")
	D("{\"model\":\"gpt-5.4\",\"choices\":[{\"index\":0,\"delta\":"
	"{\"content\":\"Hi \\u2014 \"},\"finish_reason\":null}],\"usage\":null}")
	D("{\"model\":\"gpt-5.4\",\"choices\":[{\"index\":0,\"delta\":"
	"{\"content\":\"при\xf0\x9f\x98\x80\\ud83d\\ude00\\n\"},"
	"\"finish_reason\":null}],\"usage\":null}")
	D("{\"model\":\"gpt-5.4\",\"choices\":[{\"index\":0,\"delta\":{},"
	"\"finish_reason\":\"stop\"}],\"usage\":null}")
	D("{\"model\":\"gpt-5.4\",\"choices\":[],\"usage\":{\"prompt_tokens\":21,"
	"\"completion_tokens\":7,\"total_tokens\":28,\"prompt_tokens_details\":"
	"{\"cached_tokens\":16,\"cache_write_tokens\":2},"
	"\"completion_tokens_details\":{\"reasoning_tokens\":3}}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE,
	"Hi — при\xf0\x9f\x98\x80\xf0\x9f\x98\x80\n", "", "gpt-5.4", "stop",
	{ 3, 16, 2, 0, 7, 3, -1 }, "" },
{ "DeepSeek: comments, content null, a cache of its own", OPENAI,
	": keep-alive\n\n: keep-alive\n\n"
	D("{\"model\":\"d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":null,"
	"\"reasoning_content\":\"Hm\"},\"finish_reason\":null}]}")
	": keep-alive\n\n"
	D("{\"model\":\"d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"Yes\",\"reasoning_content\":null},\"finish_reason\":null}]}")
	D("{\"model\":\"d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},"
	"\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":100,"
	"\"completion_tokens\":9,\"total_tokens\":109,"
	"\"prompt_cache_hit_tokens\":64,\"prompt_cache_miss_tokens\":36,"
	"\"completion_tokens_details\":{\"reasoning_tokens\":5}}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "Yes", "Hm", "d", "stop",
	{ 36, 64, 0, 0, 9, 5, -1 }, "" },
{ "DeepSeek: blank lines before plain JSON", OPENAI,
	"\n\n\n  \n{\"model\":\"d\",\"object\":\"chat.completion\",\"choices\":"
	"[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Yes\","
	"\"reasoning_content\":\"Hm\"},\"finish_reason\":\"stop\"}],\"usage\":"
	"{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}",
	"", RAID_ANSWER_COMPLETE, "Yes", "Hm", "d", "stop",
	{ 10, 0, 0, 0, 2, -1, -1 }, "" },
{ "DeepSeek: out of resources", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Y\"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	"\"insufficient_system_resource\"}]}") DONE,
	"[DONE]", RAID_ANSWER_INTERRUPTED, "Y", "", "",
	"insufficient_system_resource", { -1, -1, -1, -1, -1, -1, -1 },
	"gave up (insufficient_system_resource)" },
{ "xAI: reasoning is outside of completion_tokens, cost in ticks", OPENAI,
	D("{\"model\":\"grok-5\",\"choices\":[{\"index\":0,\"delta\":"
	"{\"reasoning_content\":\"A\"}}]}")
	D("{\"model\":\"grok-5\",\"choices\":[{\"index\":0,\"delta\":"
	"{\"content\":\"B\"},\"finish_reason\":\"stop\"}]}")
	D("{\"model\":\"grok-5\",\"choices\":[],\"usage\":{\"prompt_tokens\":32,"
	"\"completion_tokens\":9,\"total_tokens\":135,\"prompt_tokens_details\":"
	"{\"cached_tokens\":6},\"completion_tokens_details\":"
	"{\"reasoning_tokens\":94},\"cost_in_usd_ticks\":125000000}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "B", "A", "grok-5", "stop",
	{ 26, 6, 0, 0, 103, 94, 0.0125 }, "" },
{ "Mistral: content is a list, usage unasked", OPENAI,
	D("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
	"\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":"
	"[{\"type\":\"text\",\"text\":\"Let me\"},{\"type\":\"text\",\"text\":"
	"\" see\"}]}]},\"finish_reason\":null}]}")
	D("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"[{\"type\":\"text\",\"text\":\"Fo\"},{\"type\":\"new\",\"x\":1},"
	"{\"type\":\"text\",\"text\":\"ur\"}]},\"finish_reason\":null}]}")
	D("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\".\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,"
	"\"total_tokens\":12,\"completion_tokens\":7}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "Four.", "Let me see", "m", "stop",
	{ 5, 0, 0, 0, 7, -1, -1 }, "" },
{ "OpenRouter: comments, cost, reasoning", OPENAI,
	": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n"
	D("{\"id\":\"gen-1\",\"provider\":\"X\",\"model\":\"a/b\",\"choices\":"
	"[{\"index\":0,\"delta\":{\"content\":\"\",\"reasoning\":\"mm\","
	"\"reasoning_details\":[{\"type\":\"reasoning.text\"}]},"
	"\"finish_reason\":null,\"native_finish_reason\":null}]}")
	D("{\"model\":\"a/b\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"ok\"},\"finish_reason\":\"stop\",\"native_finish_reason\":"
	"\"end_turn\"}]}")
	D("{\"model\":\"a/b\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,"
	"\"total_tokens\":14,\"cost\":0.00042}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "ok", "mm", "a/b", "stop",
	{ 10, 0, 0, 0, 4, -1, 0.00042 }, "" },
{ "OpenRouter: an error amid a 200", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Once upon\"}}]}")
	D("{\"id\":\"gen-2\",\"error\":{\"code\":502,\"message\":"
	"\"Provider disconnected\",\"metadata\":{\"provider_name\":\"X\"}},"
	"\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},"
	"\"finish_reason\":\"error\"}]}") DONE,
	"[DONE]", RAID_ANSWER_INTERRUPTED, "Once upon", "", "", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "Provider disconnected" },
{ "Ollama /v1: three counts, reasoning", OPENAI,
	D("{\"model\":\"q\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
	"\"assistant\",\"content\":\"\",\"reasoning\":\"x\"},"
	"\"finish_reason\":null}]}")
	D("{\"model\":\"q\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"y\"},\"finish_reason\":null}]}")
	D("{\"model\":\"q\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"\"},\"finish_reason\":\"stop\"}]}")
	D("{\"model\":\"q\",\"choices\":[],\"usage\":{\"prompt_tokens\":26,"
	"\"completion_tokens\":8,\"total_tokens\":34}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "y", "x", "q", "stop",
	{ 26, 0, 0, 0, 8, -1, -1 }, "" },
{ "llama.cpp: pings of one colon, usage in the last chunk", OPENAI,
	":\n\n:\n\n"
	D("{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":"
	"{\"role\":\"assistant\",\"content\":null}}],\"model\":\"l\"}") ":\n\n"
	D("{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":"
	"{\"content\":\"Sure\"}}],\"model\":\"l\"}") ":\n\n"
	D("{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"delta\":{}}],"
	"\"model\":\"l\",\"usage\":{\"completion_tokens\":5,\"prompt_tokens\":44,"
	"\"total_tokens\":49},\"timings\":{\"prompt_n\":1,\"cache_n\":43,"
	"\"predicted_n\":5}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "Sure", "", "l", "stop",
	{ 44, 0, 0, 0, 5, -1, -1 }, "" },
{ "llama.cpp: timings alone", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Sure\"}}]}")
	D("{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"delta\":{}}],"
	"\"timings\":{\"prompt_n\":1,\"cache_n\":43,\"predicted_n\":5}}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "Sure", "", "", "stop",
	{ 1, 43, 0, 0, 5, -1, -1 }, "" },
{ "vLLM: running totals, reasoning", OPENAI,
	D("{\"model\":\"v\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":"
	"\"r\"}}],\"usage\":{\"prompt_tokens\":9,\"total_tokens\":10,"
	"\"completion_tokens\":1}}")
	D("{\"model\":\"v\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"a\"}}],\"usage\":{\"prompt_tokens\":9,\"total_tokens\":11,"
	"\"completion_tokens\":2}}")
	D("{\"model\":\"v\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"b\"},\"finish_reason\":\"stop\",\"stop_reason\":null}],\"usage\":"
	"{\"prompt_tokens\":9,\"total_tokens\":12,\"completion_tokens\":3}}")
	DONE, "[DONE]", RAID_ANSWER_COMPLETE, "ab", "r", "v", "stop",
	{ 9, 0, 0, 0, 3, -1, -1 }, "" },
{ "Azure: a first chunk without choices, a filter amid the text", OPENAI,
	D("{\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\","
	"\"prompt_filter_results\":[{\"prompt_index\":0,"
	"\"content_filter_results\":{}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Bo\"},"
	"\"content_filter_results\":{}}],\"model\":\"gpt-5\"}")
	D("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	"\"content_filter\"}],\"model\":\"gpt-5\"}") DONE,
	"[DONE]", RAID_ANSWER_REFUSED, "Bo", "", "gpt-5", "content_filter",
	{ -1, -1, -1, -1, -1, -1, -1 }, "refused (content_filter)" },
{ "a whole answer as one event", OPENAI,
	D("{\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"all\"},"
	"\"finish_reason\":\"stop\"}],\"error\":null}"),
	"\"error\":null}", RAID_ANSWER_COMPLETE, "all", "", "m", "stop",
	{ -1, -1, -1, -1, -1, -1, -1 }, "" },
{ "deltas, and the whole of them again", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one \"},"
	"\"message\":{\"content\":\"one \"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"two\"},"
	"\"message\":{\"content\":\"one two\"}}]}")
	D("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"one two\"},"
	"\"finish_reason\":\"stop\"}]}") DONE,
	"\"stop\"}]}", RAID_ANSWER_COMPLETE, "one two", "", "", "stop",
	{ -1, -1, -1, -1, -1, -1, -1 }, "" },
{ "a limit of tokens", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	"\"length\"}]}") DONE,
	"[DONE]", RAID_ANSWER_TRUNCATED, "half", "", "", "length",
	{ -1, -1, -1, -1, -1, -1, -1 }, "limit of tokens" },
{ "a reason nobody knows", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"},"
	"\"finish_reason\":\"tired\"}]}") DONE,
	"[DONE]", RAID_ANSWER_TRUNCATED, "half", "", "", "tired",
	{ -1, -1, -1, -1, -1, -1, -1 }, "not known: tired" },
{ "no reason", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}")
	DONE, "[DONE]", RAID_ANSWER_TRUNCATED, "half", "", "", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "before the answer did" },
{ "no marker", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"whole\"},"
	"\"finish_reason\":\"stop\"}]}"),
	"", RAID_ANSWER_TRUNCATED, "whole", "", "", "stop",
	{ -1, -1, -1, -1, -1, -1, -1 }, "without its last mark" },
{ "a refusal in a part of its own", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"I will\"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\" not.\"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	"\"stop\"}]}") DONE,
	"[DONE]", RAID_ANSWER_REFUSED, "I will not.", "", "", "stop",
	{ -1, -1, -1, -1, -1, -1, -1 }, "refused: I will not." },
{ "silence", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\" #si\"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lent\\n\"},"
	"\"finish_reason\":\"stop\"}]}") DONE,
	"[DONE]", RAID_ANSWER_SILENT, " #silent\n", "", "", "stop",
	{ -1, -1, -1, -1, -1, -1, -1 }, "" },
{ "nothing at all, and complete", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	"\"stop\"}]}") DONE,
	"[DONE]", RAID_ANSWER_SILENT, "", "", "", "stop",
	{ -1, -1, -1, -1, -1, -1, -1 }, "" },
{ "bytes that are no UTF-8, half a pair, a NUL, a tab", OPENAI,
	D("{\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"a\xff\xfe b\\ud83d c\\u0000 d\\udc00\te\xe2\x82\"}}]}")
	D("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	"\"stop\"}]}") DONE,
	"[DONE]", RAID_ANSWER_COMPLETE, "a\xef\xbf\xbd\xef\xbf\xbd b\xef\xbf\xbd"
	" c\xef\xbf\xbd d\xef\xbf\xbd\te\xef\xbf\xbd\xef\xbf\xbd", "", "",
	"stop", { -1, -1, -1, -1, -1, -1, -1 }, "" },
{ "Anthropic", ANTHROPIC,
	A("message_start", "{\"type\":\"message_start\",\"message\":{\"id\":"
	"\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
	"\"claude-sonnet-5-5\",\"content\":[],\"stop_reason\":null,\"usage\":"
	"{\"input_tokens\":25,\"cache_creation_input_tokens\":300,"
	"\"cache_read_input_tokens\":1000,\"cache_creation\":"
	"{\"ephemeral_5m_input_tokens\":100,\"ephemeral_1h_input_tokens\":200},"
	"\"output_tokens\":1}}}")
	A("content_block_start", "{\"type\":\"content_block_start\",\"index\":0,"
	"\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}")
	A("ping", "{\"type\": \"ping\"}")
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm\"}}")
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"signature_delta\",\"signature\":\"xx\"}}")
	A("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
	A("content_block_start", "{\"type\":\"content_block_start\",\"index\":1,"
	"\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":1,"
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi \"}}")
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":1,"
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"зд\"}}")
	A("new_event", "{\"type\":\"new_event\",\"x\":[1]}")
	A("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":1}")
	A("message_delta", "{\"type\":\"message_delta\",\"delta\":"
	"{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":"
	"{\"output_tokens\":15,\"input_tokens\":null,"
	"\"output_tokens_details\":{\"thinking_tokens\":4}}}")
	A("message_stop", "{\"type\":\"message_stop\"}"),
	"\"message_stop\"}", RAID_ANSWER_COMPLETE, "Hi зд", "Hm",
	"claude-sonnet-5-5", "end_turn", { 25, 1000, 300, 200, 15, 4, -1 },
	"" },
{ "Anthropic: overloaded amid the text", ANTHROPIC,
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}")
	A("error", "{\"type\":\"error\",\"error\":{\"type\":"
	"\"overloaded_error\",\"message\":\"Overloaded\"}}"),
	"", RAID_ANSWER_INTERRUPTED, "Hi", "", "", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "overloaded_error: Overloaded" },
{ "Anthropic: a refusal", ANTHROPIC,
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}")
	A("message_delta", "{\"type\":\"message_delta\",\"delta\":"
	"{\"stop_reason\":\"refusal\"},\"usage\":{\"output_tokens\":1}}")
	A("message_stop", "{\"type\":\"message_stop\"}"),
	"\"message_stop\"}", RAID_ANSWER_REFUSED, "Hi", "", "", "refusal",
	{ -1, 0, 0, 0, 1, -1, -1 }, "refused (refusal)" },
{ "Anthropic: max_tokens", ANTHROPIC,
	A("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}")
	A("message_delta", "{\"type\":\"message_delta\",\"delta\":"
	"{\"stop_reason\":\"max_tokens\"}}")
	A("message_stop", "{\"type\":\"message_stop\"}"),
	"\"message_stop\"}", RAID_ANSWER_TRUNCATED, "Hi", "", "", "max_tokens",
	{ -1, -1, -1, -1, -1, -1, -1 }, "limit of tokens" },
{ "Anthropic: plain JSON", ANTHROPIC,
	"{\n \"id\":\"msg_\",\"type\":\"message\",\"model\":\"c\",\n"
	"\"content\":[{\"type\":\"thinking\",\"thinking\":\"T\",\"signature\":"
	"\"s\"},{\"type\":\"text\",\"text\":\"one\"},{\"type\":\"text\","
	"\"text\":\" two\"}],\"stop_reason\":\"end_turn\",\"usage\":"
	"{\"input_tokens\":3,\"output_tokens\":2}}",
	"", RAID_ANSWER_COMPLETE, "one two", "T", "c", "end_turn",
	{ 3, 0, 0, 0, 2, -1, -1 }, "" },
{ "Gemini", GEMINI,
	D("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":"
	"[{\"text\":\"thinking\",\"thought\":true}]},\"index\":0}],"
	"\"usageMetadata\":{\"promptTokenCount\":40,\"totalTokenCount\":52,"
	"\"thoughtsTokenCount\":12},\"modelVersion\":\"gemini-3-pro\"}")
	D("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":"
	"[{\"text\":\"Hel\"},{\"text\":\"lo\",\"thoughtSignature\":\"x\"}]}}],"
	"\"usageMetadata\":{\"promptTokenCount\":40,\"candidatesTokenCount\":2,"
	"\"thoughtsTokenCount\":12,\"totalTokenCount\":54}}")
	D("{\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":"
	"\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":40,"
	"\"candidatesTokenCount\":3,\"thoughtsTokenCount\":12,"
	"\"cachedContentTokenCount\":30,\"toolUsePromptTokenCount\":5,"
	"\"totalTokenCount\":60}}"),
	"60}}", RAID_ANSWER_COMPLETE, "Hello", "thinking", "gemini-3-pro",
	"STOP", { 15, 30, 0, 0, 15, 12, -1 }, "" },
{ "Gemini: an array, as it comes without alt=sse", GEMINI,
	"[{\n  \"candidates\": [\n    {\n      \"content\": {\n        "
	"\"parts\": [\n          {\n            \"text\": \"a]}\\\"[{\"\n"
	"          }\n        ]\n      }\n    }\n  ]\n}\n,\r\n{\n  "
	"\"candidates\": [{\"content\":{\"parts\":[{\"text\":\"b\"}]},"
	"\"finishReason\":\"STOP\"}]\n}\n]\n",
	"\n}\n]", RAID_ANSWER_COMPLETE, "a]}\"[{b", "", "", "STOP",
	{ -1, -1, -1, -1, -1, -1, -1 }, "" },
{ "Gemini: an error without data: amid the stream", GEMINI,
	D("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}")
	"{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is "
	"overloaded.\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n",
	"", RAID_ANSWER_INTERRUPTED, "Hi", "", "", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "UNAVAILABLE: The model is overl" },
{ "Gemini: the same in an array", GEMINI,
	D("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}")
	"[{\n  \"error\": {\"code\": 500, \"message\": \"Internal\",\n"
	"\"status\": \"INTERNAL\"}}\n]\n",
	"", RAID_ANSWER_INTERRUPTED, "Hi", "", "", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "INTERNAL: Internal" },
{ "Gemini: a blocked question", GEMINI,
	D("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},"
	"\"usageMetadata\":{\"promptTokenCount\":8,\"totalTokenCount\":8}}"),
	"8}}", RAID_ANSWER_REFUSED, "", "", "", "PROHIBITED_CONTENT",
	{ 8, 0, 0, 0, 0, 0, -1 }, "refused (PROHIBITED_CONTENT)" },
{ "Gemini: unsafe", GEMINI,
	D("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},"
	"\"finishReason\":\"SAFETY\"}]}"),
	"}]}", RAID_ANSWER_REFUSED, "Hi", "", "", "SAFETY",
	{ -1, -1, -1, -1, -1, -1, -1 }, "refused (SAFETY)" },
{ "Gemini: thoughts ate the limit", GEMINI,
	D("{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\",\"index\":0}],"
	"\"usageMetadata\":{\"promptTokenCount\":8,\"thoughtsTokenCount\":99,"
	"\"totalTokenCount\":107}}"),
	"107}}", RAID_ANSWER_TRUNCATED, "", "", "", "MAX_TOKENS",
	{ 8, 0, 0, 0, 99, 99, -1 }, "limit of tokens" },
{ "Ollama", OLLAMA,
	"{\"model\":\"llama3.2\",\"created_at\":\"x\",\"message\":{\"role\":"
	"\"assistant\",\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}\n"
	"{\"model\":\"llama3.2\",\"message\":{\"role\":\"assistant\","
	"\"content\":\"Hi\\n\"},\"done\":false}\n"
	"{\"model\":\"llama3.2\",\"message\":{\"role\":\"assistant\","
	"\"content\":\"you\"},\"done\":false}\n"
	"{\"model\":\"llama3.2\",\"message\":{\"role\":\"assistant\","
	"\"content\":\"\"},\"done_reason\":\"stop\",\"done\":true,"
	"\"total_duration\":4883583458,\"prompt_eval_count\":26,"
	"\"eval_count\":282}\n",
	"282}", RAID_ANSWER_COMPLETE, "Hi\nyou", "hm", "llama3.2", "stop",
	{ 26, 0, 0, 0, 282, -1, -1 }, "" },
{ "Ollama: plain JSON", OLLAMA,
	"{\"model\":\"l\",\"message\":{\"role\":\"assistant\",\"content\":"
	"\"Hi\"},\"done_reason\":\"stop\",\"done\":true,\"eval_count\":2}",
	"", RAID_ANSWER_COMPLETE, "Hi", "", "l", "stop",
	{ -1, 0, 0, 0, 2, -1, -1 }, "" },
{ "Ollama: no reason", OLLAMA,
	"{\"model\":\"l\",\"message\":{\"content\":\"Hi\"},\"done\":true}\n",
	"", RAID_ANSWER_TRUNCATED, "Hi", "", "l", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "before the answer did" },
{ "Ollama: an error as a line", OLLAMA,
	"{\"model\":\"l\",\"message\":{\"content\":\"Hi\"},\"done\":false}\n"
	"{\"error\":\"an error was encountered while running the model\"}\n",
	"", RAID_ANSWER_INTERRUPTED, "Hi", "", "l", "",
	{ -1, -1, -1, -1, -1, -1, -1 }, "encountered while running" },
{ "Ollama: only put away", OLLAMA,
	"{\"model\":\"l\",\"message\":{\"content\":\"\"},\"done_reason\":"
	"\"unload\",\"done\":true}\n",
	"", RAID_ANSWER_FAILED, "", "", "l", "unload",
	{ -1, -1, -1, -1, -1, -1, -1 }, "gave up (unload)" },
};

static void
same_usage(const struct stream *s, const struct raid_reply *r)
{
	const struct raid_usage *a = &r->usage, *b = &s->u;

	if (a->input != b->input || a->cache_read != b->cache_read ||
	    a->cache_write != b->cache_write ||
	    a->cache_write_1h != b->cache_write_1h ||
	    a->output != b->output || a->reasoning != b->reasoning)
		fail_msg("%s: usage %lld %lld %lld %lld %lld %lld", s->name,
		    a->input, a->cache_read, a->cache_write,
		    a->cache_write_1h, a->output, a->reasoning);
	if (a->cost < b->cost - 1e-12 || a->cost > b->cost + 1e-12)
		fail_msg("%s: cost %g", s->name, a->cost);
	if ((r->raw_usage != NULL) != (b->input >= 0 || b->output >= 0))
		fail_msg("%s: raw usage %s", s->name, r->raw_usage != NULL ?
		    r->raw_usage : "(none)");
}

static void
same(const struct stream *s, const struct raid_reply *r, const char *how)
{
	if (r->answer != s->answer)
		fail_msg("%s (%s): %s: %s", s->name, how,
		    raid_answer_name(r->answer), r->reason);
	if (strcmp(raid_buf_str(&r->text), s->text) != 0 ||
	    strlen(s->text) != r->text.len)
		fail_msg("%s (%s): text '%s'", s->name, how,
		    raid_buf_str(&r->text));
	if (strcmp(raid_buf_str(&r->reasoning), s->reasoning) != 0)
		fail_msg("%s (%s): reasoning '%s'", s->name, how,
		    raid_buf_str(&r->reasoning));
	if (strcmp(r->model, s->model) != 0 ||
	    strcmp(r->finish, s->finish) != 0)
		fail_msg("%s (%s): model '%s' finish '%s'", s->name, how,
		    r->model, r->finish);
	if (*s->reason == '\0' ? *r->reason != '\0' :
	    strstr(r->reason, s->reason) == NULL)
		fail_msg("%s (%s): reason '%s'", s->name, how, r->reason);
	same_usage(s, r);
	assert_true(r->done);
}

static struct raid_wire *
begin(enum raid_provider p)
{
	struct raid_wire *w = raid_wire_new(p);

	raid_wire_status(w, 200);
	return w;
}

static void
test_streams(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(streams); i++) {
		const struct stream *s = &streams[i];
		struct raid_wire *w = begin(s->p);

		raid_wire_feed(w, s->bytes, strlen(s->bytes));
		raid_wire_end(w, NULL);
		same(s, raid_wire_reply(w), "whole");
		raid_wire_free(w);
	}
}

static void
test_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(streams); i++) {
		const struct stream *s = &streams[i];
		size_t len = strlen(s->bytes);
		struct raid_wire *w = begin(s->p);

		for (size_t k = 0; k < len; k++)
			raid_wire_feed(w, s->bytes + k, 1);
		raid_wire_end(w, NULL);
		same(s, raid_wire_reply(w), "byte by byte");
		raid_wire_free(w);
		for (size_t k = 0; k <= len; k++) {
			w = begin(s->p);
			raid_wire_feed(w, s->bytes, k);
			raid_wire_feed(w, s->bytes + k, len - k);
			raid_wire_end(w, NULL);
			same(s, raid_wire_reply(w), "split");
			raid_wire_free(w);
		}
	}
}

/* Other ends of lines, a byte order mark, no space behind colons. */
static void
feed_dressed(struct raid_wire *w, const char *bytes, int how)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };

	if (how == 3)
		raid_wire_feed(w, "\xef\xbb\xbf", 3);
	for (const char *p = bytes; *p != '\0'; p++) {
		if (*p == '\n' && how < 3)
			raid_wire_feed(w, ends[how], strlen(ends[how]));
		else if (how != 4 || *p != ' ' || p == bytes || p[-1] != ':')
			raid_wire_feed(w, p, 1);
		if (how == 5 && *p == '\n')
			raid_wire_feed(w, "id: 7\nretry: 3\nodd\n", 19);
	}
}

static void
test_dressed(void **state)
{
	static const char *const names[] = { "LF", "CRLF", "CR", "BOM",
		"no space", "other fields" };

	(void)state;
	for (size_t i = 0; i < LEN(streams); i++)
		for (int how = 0; how < 6; how++) {
			const struct stream *s = &streams[i];
			struct raid_wire *w = begin(s->p);

			/* Fields amid bare JSON would be JSON. */
			if (how == 5 && (s->bytes[0] == '{' ||
			    s->bytes[0] == '[' || s->p == GEMINI))
				how = 6;
			else
				feed_dressed(w, s->bytes, how);
			raid_wire_end(w, NULL);
			if (how < 6)
				same(s, raid_wire_reply(w), names[how]);
			raid_wire_free(w);
		}
}

/* A stream that is cut is not complete before its marker, wherever that is,
 * however it ends; and its text is all that came, and nothing else. */
static void
cut(const struct stream *s, size_t k, const char *transport, size_t *least)
{
	const char *mark = strstr(s->bytes, s->mark);
	size_t end = *s->mark != '\0' ? (size_t)(mark - s->bytes) +
	    strlen(s->mark) : strlen(s->bytes);
	struct raid_wire *w = begin(s->p);
	const struct raid_reply *r = raid_wire_reply(w);
	size_t before;

	raid_wire_feed(w, s->bytes, k);
	before = r->text.len;
	raid_wire_end(w, transport);
	if (k < end && (r->answer == RAID_ANSWER_COMPLETE ||
	    r->answer == RAID_ANSWER_SILENT))
		fail_msg("%s: cut at %zu: %s", s->name, k,
		    raid_answer_name(r->answer));
	if (k < end && *r->reason == '\0')
		fail_msg("%s: cut at %zu: no reason", s->name, k);
	if (r->text.len < before || r->text.len < *least ||
	    strncmp(s->text, raid_buf_str(&r->text), r->text.len) != 0)
		fail_msg("%s: cut at %zu: '%s'", s->name, k,
		    raid_buf_str(&r->text));
	if (r->text.len > 0 && r->answer == RAID_ANSWER_FAILED)
		fail_msg("%s: cut at %zu: text is lost", s->name, k);
	if (transport != NULL && k < end && r->text.len == 0 &&
	    r->retry == RAID_RETRY_NO && r->answer == RAID_ANSWER_FAILED)
		fail_msg("%s: cut at %zu: no retry", s->name, k);
	*least = r->text.len;
	raid_wire_free(w);
}

static void
test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(streams); i++) {
		const struct stream *s = &streams[i];
		size_t len = strlen(s->bytes), clean = 0, broken = 0;

		for (size_t k = 0; k <= len; k++) {
			cut(s, k, NULL, &clean);
			cut(s, k, "connection reset", &broken);
		}
		if (clean != strlen(s->text))
			fail_msg("%s: %zu bytes of text", s->name, clean);
	}
}

/* What is there at a cut, by hand: up to where the bytes stand. */
static void
test_cut_text(void **state)
{
	static const struct {
		enum raid_provider p;
		const char *upto, *text;
		enum raid_answer answer;
	} cases[] = {
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"content\":\"ab", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"content\":\"ab\\", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"content\":\"ab\\u04", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"content\":\"ab\xd0", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"content\":\"ab\\ud83d\\u",
		"ab", RAID_ANSWER_TRUNCATED },
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"content\":\"ab\"},"
		"\"finish_reason\":\"st", "ab", RAID_ANSWER_TRUNCATED },
	{ OPENAI, "data: {\"choices\":[{\"delta\":{\"cont", "",
		RAID_ANSWER_FAILED },
	{ OPENAI, "{\"choices\":[{\"message\":{\"content\":\"a long one",
		"a long one", RAID_ANSWER_TRUNCATED },
	{ OPENAI, "{\"choices\":[{\"message\":{\"content\":\"all\"},"
		"\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12",
		"all", RAID_ANSWER_TRUNCATED },
	{ OPENAI, D("{\"choices\":[{\"delta\":{\"content\":\"all\"},"
		"\"finish_reason\":\"stop\"}]}") "data: [DONE", "all",
		RAID_ANSWER_TRUNCATED },
	{ OPENAI, D("{\"choices\":[{\"delta\":{\"content\":\"all\"},"
		"\"finish_reason\":\"stop\"}]}") "data: [DONE]", "all",
		RAID_ANSWER_COMPLETE },
	{ ANTHROPIC, "data: {\"type\":\"content_block_delta\",\"delta\":"
		"{\"type\":\"text_delta\",\"text\":\"ab", "ab",
		RAID_ANSWER_TRUNCATED },
	/* It might have been a thought. */
	{ GEMINI, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":"
		"\"ab", "", RAID_ANSWER_FAILED },
	{ GEMINI, "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":"
		"\"hm\",\"thought\":true},{\"text\":\"ab", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OLLAMA, "{\"message\":{\"content\":\"ab", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OLLAMA, "{\"message\":{\"content\":\"ab\"},\"done\":true,"
		"\"done_reason\":\"stop\",\"prompt_eval_count\":1,\"ev", "ab",
		RAID_ANSWER_TRUNCATED },
	{ OPENAI, "{\"choices\":[{\"message\":{\"content\":\"all\"},"
		"\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,"
		"\"comple", "all", RAID_ANSWER_TRUNCATED },
	{ ANTHROPIC, "{\"type\":\"message\",\"content\":[{\"type\":\"text\","
		"\"text\":\"all\"}],\"usage\":{\"input_tokens\":1,\"out", "all",
		RAID_ANSWER_TRUNCATED },
	/* The whole answer was there; what is cut is behind it. */
	{ OPENAI, D("{\"choices\":[{\"message\":{\"content\":\"all\"},"
		"\"finish_reason\":\"stop\"}]}") "data: {\"choices\":[],\"usa",
		"all", RAID_ANSWER_COMPLETE } };

	(void)state;
	for (size_t i = 0; i < 2 * LEN(cases); i++) {
		const char *transport = i % 2 == 1 ? "line is down" : NULL;
		enum raid_answer answer = cases[i / 2].answer;
		struct raid_wire *w = begin(cases[i / 2].p);
		const struct raid_reply *r = raid_wire_reply(w);
		const char *upto = cases[i / 2].upto;

		if (transport != NULL && answer == RAID_ANSWER_TRUNCATED)
			answer = RAID_ANSWER_INTERRUPTED;
		raid_wire_feed(w, upto, strlen(upto));
		raid_wire_end(w, transport);
		if (strcmp(raid_buf_str(&r->text), cases[i / 2].text) != 0 ||
		    r->answer != answer || r->usage.input != -1)
			fail_msg("%s: %s '%s'", upto,
			    raid_answer_name(r->answer),
			    raid_buf_str(&r->text));
		if (answer == RAID_ANSWER_INTERRUPTED)
			assert_string_equal(r->reason, transport);
		/* Half a word is none. */
		assert_string_not_equal(r->finish, "st");
		raid_wire_free(w);
	}
}

/* Events that cannot be read are never passed over. */
static void
test_fault(void **state)
{
	static const char *const bad[] = { "{\"choices\":[{\"delta\":",
		"{\"a\":1,\"a\":2}", "nonsense", "17", "null",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
		"[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
		"]]]]]]]]]]" };

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		struct raid_wire *w = begin(OPENAI);
		const struct raid_reply *r = raid_wire_reply(w);
		char *s = raid_strf(D("{\"choices\":[{\"delta\":{\"content\":"
		    "\"one\"}}]}") "data: %s\n\n" D("{\"choices\":[{\"delta\":"
		    "{\"content\":\"two\"},\"finish_reason\":\"stop\"}]}")
		    DONE, bad[i]);

		raid_wire_feed(w, s, strlen(s));
		assert_true(r->done);
		raid_wire_end(w, NULL);
		if (r->answer != RAID_ANSWER_TRUNCATED ||
		    r->retry != RAID_RETRY_YES ||
		    strstr(r->reason, "cannot be read") == NULL ||
		    strcmp(raid_buf_str(&r->text), "one") != 0)
			fail_msg("%s: %s: %s", bad[i],
			    raid_answer_name(r->answer), r->reason);
		free(s);
		raid_wire_free(w);
	}
}

/* Tools are kept apart; who asks for one instead of answering has failed. */
static void
test_tools(void **state)
{
	static const struct {
		const char *name;
		enum raid_provider p;
		const char *bytes;
		enum raid_answer answer;
		const char *tools, *reason;
	} cases[] = {
	{ "in pieces", OPENAI,
		D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
		"\"call_x\",\"type\":\"function\",\"function\":{\"name\":\"f\","
		"\"arguments\":\"\"}}]}}]}")
		D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
		"\"function\":{\"arguments\":\"{\\\"a\"}}]}}]}")
		D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
		"\"function\":{\"arguments\":\"\\\":1}\"}}]},\"finish_reason\":"
		"\"tool_calls\"}]}") DONE, RAID_ANSWER_FAILED,
		"{\"id\":\"call_x\",\"name\":\"f\",\"arguments\":"
		"\"{\\\"a\\\":1}\"}\n", "asks for the tool 'f' instead" },
	{ "two, both with index 0", OPENAI,
		D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
		"\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
		"{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\","
		"\"arguments\":\"{\"}}]}}]}")
		D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
		"\"function\":{\"arguments\":\"}\"}}]},\"finish_reason\":"
		"\"tool_calls\"}]}") DONE, RAID_ANSWER_FAILED,
		"{\"id\":\"a\",\"name\":\"f\",\"arguments\":\"{}\"}\n"
		"{\"id\":\"b\",\"name\":\"g\",\"arguments\":\"{}\"}\n",
		"asks for the tool 'f' instead" },
	{ "cut by the limit, and not said so", OPENAI,
		D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
		"\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\"}}]},"
		"\"finish_reason\":\"tool_calls\"}]}") DONE, RAID_ANSWER_FAILED,
		"{\"id\":\"a\",\"name\":\"f\",\"arguments\":\"{\\\"a\"}\n",
		"is cut" },
	{ "of old", OPENAI,
		D("{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"f\","
		"\"arguments\":\"{}\"}},\"finish_reason\":\"function_call\"}]}")
		DONE, RAID_ANSWER_FAILED,
		"{\"id\":\"\",\"name\":\"f\",\"arguments\":\"{}\"}\n", "'f'" },
	{ "beside text", OPENAI,
		D("{\"choices\":[{\"delta\":{\"content\":\"Well.\",\"tool_calls\":"
		"[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]},"
		"\"finish_reason\":\"tool_calls\"}]}") DONE,
		RAID_ANSWER_COMPLETE, "{\"id\":\"\",\"name\":\"f\","
		"\"arguments\":\"{\\\"a\\\":1}\"}\n", "" },
	{ "none, though it says so", OPENAI,
		D("{\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}")
		DONE, RAID_ANSWER_FAILED, "", "asks for the tool ''" },
	{ "Anthropic's", ANTHROPIC,
		D("{\"type\":\"content_block_start\",\"index\":1,"
		"\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\","
		"\"name\":\"f\",\"input\":{}}}")
		D("{\"type\":\"content_block_delta\",\"index\":1,\"delta\":"
		"{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\"\"}}")
		D("{\"type\":\"content_block_delta\",\"index\":1,\"delta\":"
		"{\"type\":\"input_json_delta\",\"partial_json\":\":2}\"}}")
		D("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
		"\"tool_use\"}}") D("{\"type\":\"message_stop\"}"),
		RAID_ANSWER_FAILED, "{\"id\":\"toolu_1\",\"name\":\"f\","
		"\"arguments\":\"{\\\"a\\\":2}\"}\n", "'f'" },
	{ "Gemini's", GEMINI,
		D("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":"
		"{\"name\":\"f\",\"args\":{\"a\":1}},\"thoughtSignature\":\"s\"},"
		"{\"functionCall\":{\"name\":\"g\"}}]},\"finishReason\":"
		"\"STOP\"}]}"), RAID_ANSWER_FAILED,
		"{\"id\":\"\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}\n"
		"{\"id\":\"\",\"name\":\"g\",\"arguments\":\"{}\"}\n", "'f'" },
	{ "Ollama's", OLLAMA,
		"{\"message\":{\"content\":\"\",\"tool_calls\":[{\"function\":"
		"{\"name\":\"f\",\"arguments\":{\"a\":1}}}]},\"done\":false}\n"
		"{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":"
		"\"stop\"}\n", RAID_ANSWER_FAILED,
		"{\"id\":\"\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}\n",
		"'f'" } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_wire *w = begin(cases[i].p);
		const struct raid_reply *r = raid_wire_reply(w);

		raid_wire_feed(w, cases[i].bytes, strlen(cases[i].bytes));
		raid_wire_end(w, NULL);
		if (r->answer != cases[i].answer ||
		    strcmp(raid_buf_str(&r->tools), cases[i].tools) != 0 ||
		    strstr(r->reason, cases[i].reason) == NULL)
			fail_msg("%s: %s: %s: %s", cases[i].name,
			    raid_answer_name(r->answer), r->reason,
			    raid_buf_str(&r->tools));
		raid_wire_free(w);
	}
}

static void
flood(const char *event, const char *text, const char *reasoning)
{
	struct raid_wire *w = raid_wire_new(OPENAI);
	const struct raid_reply *r = raid_wire_reply(w);

	raid_wire_max(w, 10);
	raid_wire_status(w, 200);
	for (int i = 0; i < 100 && !r->done; i++)
		raid_wire_feed(w, event, strlen(event));
	assert_true(r->done);
	raid_wire_end(w, NULL);
	assert_int_equal(r->answer, RAID_ANSWER_TRUNCATED);
	assert_int_equal(r->retry, RAID_RETRY_NO);
	assert_non_null(strstr(r->reason, "limit of 10 bytes"));
	assert_string_equal(raid_buf_str(&r->text), text);
	assert_string_equal(raid_buf_str(&r->reasoning), reasoning);
	raid_wire_free(w);
}

/* An event without an end, which begins so. */
static void
flood_line(const char *begin_of_it)
{
	size_t len = 3u << 20;
	char *s = raid_malloc(len + 1);

	memset(s, 'x', len);
	s[len] = '\0';
	memcpy(s, begin_of_it, strlen(begin_of_it));
	flood(s, "xxxxxxxxxx", "");
	free(s);
}

static void
test_flood(void **state)
{
	(void)state;
	flood(D("{\"choices\":[{\"delta\":{\"content\":\"да\"}}]}"),
	    "дадад", "");
	flood(D("{\"choices\":[{\"delta\":{\"content\":\"123да\"}}]}"),
	    "123да123", "");
	flood(D("{\"choices\":[{\"delta\":{\"reasoning\":\"abc\"}}]}"), "",
	    "abcabcabca");
	flood(D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
	    "\"function\":{\"arguments\":\"abc\"}}]}}]}"), "", "");
	flood(D("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
	    "\"a\"},{\"index\":0,\"id\":\"b\"},{\"index\":0,\"id\":\"c\"},"
	    "{\"index\":0,\"id\":\"d\"}]}}]}"), "", "");
	flood_line("{\"choices\":[{\"message\":{\"content\":\"");
	flood_line("data:{\"choices\":[{\"delta\":{\"content\":\"");
}

/* Lines of data: are one event, and a line may be without a value. */
static void
test_lines(void **state)
{
	static const char bytes[] = "data: {\"choices\":\r\ndata:[{\"delta\":"
	    "{\"content\":\"a\"},\r\ndata:  \"finish_reason\":\"stop\"}]\r\n"
	    "data\r\ndata: }\r\n\r\nevent: x\r\n\r\n\r\ndata: \r\n\r\n"
	    "data: [DONE] bye";
	struct raid_wire *w = begin(OPENAI);
	const struct raid_reply *r = raid_wire_reply(w);

	(void)state;
	raid_wire_feed(w, bytes, sizeof(bytes) - 1);
	raid_wire_end(w, NULL);
	assert_int_equal(r->answer, RAID_ANSWER_COMPLETE);
	assert_string_equal(raid_buf_str(&r->text), "a");
	raid_wire_free(w);
}

/* What the body says of itself counts, not its type. */
static void
test_types(void **state)
{
	static const char *const types[] = { "application/json",
		"text/event-stream; charset=utf-8", "application/x-ndjson",
		"text/plain", "nonsense", "" };

	(void)state;
	for (size_t i = 0; i < LEN(streams); i++)
		for (size_t k = 0; k < LEN(types); k++) {
			const struct stream *s = &streams[i];
			struct raid_wire *w = begin(s->p);
			char *h = raid_strf("Content-Type: %s\r\n", types[k]);

			raid_wire_header(w, h, strlen(h));
			raid_wire_feed(w, s->bytes, strlen(s->bytes));
			raid_wire_end(w, NULL);
			same(s, raid_wire_reply(w), types[k]);
			free(h);
			raid_wire_free(w);
		}
}

/* Once the marker is there, a line that breaks does no harm; nor does what a
 * server still sends. */
static void
test_after(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(streams); i++) {
		const struct stream *s = &streams[i];
		struct raid_wire *w = begin(s->p);

		raid_wire_feed(w, s->bytes, strlen(s->bytes));
		if (raid_wire_reply(w)->done) {
			raid_wire_feed(w, D("{\"error\":{\"message\":\"x\"}}"),
			    34);
			raid_wire_end(w, "connection reset");
			raid_wire_end(w, NULL);
			same(s, raid_wire_reply(w), "after the end");
		}
		raid_wire_free(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_dressed),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_text),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_tools),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
