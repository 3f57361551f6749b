"""What can go wrong between us and a server: what a person reads, how many requests it takes, and what is kept."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, cast

import httpx2
import openai
import pytest
from loopback import EMPTY, Loopback, Play, Request, Script, answer, completion, error, raw
from test_llm_engine import GOOD, PARTNERSHIP, TAKEAWAY, TEXT, drafted, opened

from summarizer.engines.llm.completions import parse_completion, read_body
from summarizer.engines.llm.error_mapping import of_status
from summarizer.engines.llm.providers import Endpoint
from summarizer.engines.llm.rate_limit import RateLimits
from summarizer.engines.llm.response_schemas import DRAFT
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.engines.llm.transports import OpenAITransport
from summarizer.errors import EngineError, EngineRefused, EngineUnavailable, InvalidDraft, SummarizerError

KEY = "sk-secret-0123456789"
BAD_STATUS = {**PARTNERSHIP, "status": "rumoured"}
ONE_PARTY = {**PARTNERSHIP, "parties": ["Apple"]}
NO_QUOTES = {**TAKEAWAY, "quotes": []}
PAGE = raw("<html><body>Sign in</body></html>", content_type="text/html")
LONG = " ".join(f"Sentence {n} of the article says something about Alphaville." for n in range(80))
WHOLE = json.dumps(GOOD, ensure_ascii=False)
CUT = json.dumps({"takeaways": [TAKEAWAY, TAKEAWAY | {"text": "Cut"}]})[:-30]


async def at_once(_: float) -> None:
    """Do not wait."""


@dataclass(frozen=True)
class Fault:
    """One line of the table."""

    name: str
    plays: list[Script]
    requests: int
    raises: type[SummarizerError] | None = None
    says: str = ""
    """Of the error, or of a warning in what is kept; a regular expression."""
    kept: tuple[int, int] = (1, 1)
    """Takeaways and partnerships."""
    malformed: int = 0
    truncated: bool = False
    text: str = TEXT
    options: dict[str, Any] = field(default_factory=dict)


def of(*items: dict[str, Any], kind: str = "takeaways") -> dict[str, Any]:
    return {**EMPTY, kind: list(items)}


def smaller_than(size: int, good: Script, bad: Script) -> Script:
    """Good for a short prompt, bad for a long one."""

    def play(request: Request) -> Play:
        script = good if len(request.words) < size else bad
        return script if isinstance(script, Play) else script(request)

    return play


REFUSED = [
    Fault("wrong key", [error(401, f"Incorrect API key: {KEY}")], 1, EngineRefused, "does not accept the key"),
    Fault("wrong key, no error object", [raw('{"detail": "Unauthorized"}', 401)], 1, EngineRefused, "Unauthorized"),
    Fault("no credit", [error(402, "Payment required")], 1, EngineRefused, "does not permit"),
    Fault("no permission", [error(403, "Country not supported")], 1, EngineRefused, "Country not supported"),
    Fault("unknown model", [error(404, "The model `toy` does not exist")], 1, EngineRefused, "name of the model"),
    Fault("wrong path", [raw("<html>404</html>", 404, "text/html")], 1, EngineRefused, "was not found; check"),
    Fault("method not allowed", [raw("", 405)], 1, EngineRefused, "405"),
    Fault("other 400", [error(400, "Invalid value: 'user'")], 1, EngineRefused, "refused the request with 400"),
    Fault(
        "quota used up",
        [error(429, "You exceeded your current quota", code="insufficient_quota")],
        1,
        EngineRefused,
        "quota .* is used up: You exceeded your current quota; check the plan",
    ),
    Fault(
        "no credit at Anthropic", [error(400, "Your credit balance is too low")], 1, EngineRefused, "quota .* used up"
    ),
    Fault("no credit at DeepSeek", [error(402, "Insufficient Balance")], 1, EngineRefused, "quota .* used up"),
    Fault(
        "daily quota",
        [error(429, "Rate limit reached on requests per day (RPD)", {"Retry-After": "7200"})],
        1,
        EngineRefused,
        "daily quota",
    ),
    Fault(
        "content filter of the input",
        [error(400, "The response was filtered", code="content_filter")],
        1,
        EngineRefused,
        "filter",
    ),
    Fault(
        "content filter of the output",
        [answer("", finish="content_filter")],
        1,
        EngineRefused,
        "content filter .* stopped the answer",
    ),
    Fault(
        "refusal",
        [answer(None, refusal="I can't help with that")],
        1,
        EngineRefused,
        "declined to answer: I can't help",
    ),
    Fault(
        "content filter of a gateway",
        [error(403, "Your input was stopped by moderation")],
        1,
        EngineRefused,
        "content filter .* stopped the article",
    ),
    Fault(
        "an answer of nothing but brackets", [answer('{"takeaways": ' + "[" * 50_000)], 3, InvalidDraft, "never with"
    ),
    Fault("braces without end", [answer('{"a": ' * 20_000)], 3, InvalidDraft, "never with"),
    Fault("an envelope nested too deep", [raw('{"choices": ' + "[" * 50_000)], 1, InvalidDraft, "not JSON"),
    Fault("a fault nested too deep", [raw('{"error": ' + "[" * 9_000, status=401)], 1, EngineRefused, "the key"),
    Fault("web page", [PAGE], 1, EngineRefused, "a web page; check `base_url`"),
    Fault(
        "error with status 200",
        [raw('{"error": {"message": "No provider", "code": "bad"}}')],
        1,
        EngineRefused,
        "No provider",
    ),
    Fault(
        "status in the body of a 200",
        [raw('{"error": {"message": "Key limit", "code": 403}}')],
        1,
        EngineRefused,
        "permit",
    ),
    Fault(
        "endless redirect",
        [Play(308, b"", {"Location": "/v1/chat/completions"})],
        21,
        EngineRefused,
        "in circles",
    ),
    *(
        Fault(f"redirect {status} to {where}", [Play(status, b"", {"Location": where})], 1, EngineRefused, "not sent")
        for status in (307, 308)
        for where in (
            "http://localhost:1/v1/chat/completions",
            "//127.0.0.2/",
            "https://example.invalid/v1",
            "http://[::1]:1/",
        )
    ),
]

SHAPELESS = [
    Fault("empty object", [raw("{}")], 1, InvalidDraft, "without any choice"),
    Fault("JSON that is a list", [raw("[]")], 1, InvalidDraft, "without any choice"),
    Fault("no choices", [completion({"choices": []})], 1, InvalidDraft, "without any choice"),
    Fault("a choice without a message", [completion({"choices": [{"index": 0}]})], 1, InvalidDraft, "no message"),
    Fault("empty body", [raw("")], 1, InvalidDraft, "empty body"),
    Fault("empty stream", [raw(": ping\n\n", content_type="text/event-stream")], 1, InvalidDraft, "a stream"),
    Fault("text instead of JSON", [raw("upstream ok", content_type="text/plain")], 1, InvalidDraft, "not JSON"),
    Fault(
        "nonsense, three times",
        [answer("I am happy to help!")],
        3,
        InvalidDraft,
        "answered 3 times, never with the JSON .*'I am happy to help!'; try another model",
    ),
    Fault(
        "half a character, shown back",
        [raw('{"choices": [{"message": {"content": "Sure \\ud83d"}}]}')],
        3,
        InvalidDraft,
        "never with the JSON .*'Sure ",
    ),
    Fault("empty content, three times", [answer("")], 3, InvalidDraft, "last answer is empty"),
    Fault("empty object as content", [answer("{}")], 3, InvalidDraft, "begins with '{}'"),
    Fault(
        "every form refused",
        [error(400, "'response_format' and 'tools' are not supported")],
        4,
        InvalidDraft,
        "no other form",
    ),
]

PASSING = [
    Fault("too many requests, once", [error(429, "slow down", {"Retry-After": "1"}), answer(GOOD)], 2),
    Fault(
        "retry-after as a date",
        [error(429, "x", {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})],
        1,
        EngineUnavailable,
        "asked once; it asks to wait",
    ),
    Fault("retry-after in milliseconds", [error(429, "x", {"retry-after-ms": "20"}), answer(GOOD)], 2),
    Fault("server error, once", [error(500), answer(GOOD)], 2),
    Fault("bad gateway with a page", [raw("<html>502</html>", 502, "text/html"), answer(GOOD)], 2),
    Fault("overloaded, twice", [error(503), error(529), answer(GOOD)], 3),
    Fault("request timeout of the server", [error(408), answer(GOOD)], 2),
    Fault("conflict", [error(409), answer(GOOD)], 2),
    Fault("connection closed, once", [Play(reset=True), answer(GOOD)], 2),
    Fault("answer broken off, once", [Play(body=b'{"choices": [', cut=5), answer(GOOD)], 2),
    Fault("429 in the body of a 200", [raw('{"error": {"message": "x", "code": 429}}'), answer(GOOD)], 2),
    Fault("server error, for ever", [error(500, "boom")], 4, EngineUnavailable, "answered 500: boom; asked 4 times"),
    Fault("connection closed, for ever", [Play(reset=True)], 4, EngineUnavailable, "closed the connection"),
    Fault("429 for ever", [error(429, "slow down")], 4, EngineUnavailable, "too many requests: slow down; asked 4"),
    Fault("asked to wait an hour", [error(429, "x", {"Retry-After": "3600"})], 1, EngineUnavailable, "wait 3600 s"),
    Fault(
        "silence",
        [Play(delay=60)],
        2,
        EngineUnavailable,
        "did not answer within 0.15 s; asked 2 times",
        options={"timeout": 0.15, "retry_policy": RetryPolicy(attempts=2, sleep=at_once)},
    ),
    Fault("silence, once", [Play(delay=60), answer(GOOD)], 2, options={"timeout": 2.0}),
]

FORMS = [
    Fault(
        "no bounds in a schema",
        [error(400, "Invalid schema for response_format 'Draft': 'minItems' is not permitted"), answer(GOOD)],
        2,
    ),
    Fault("no schemas", [error(400, "response_format: unsupported type json_schema"), answer(GOOD)], 2),
    Fault(
        "no schemas, told with 422", [raw('{"detail": [{"loc": ["body", "response_format"]}]}', 422), answer(GOOD)], 2
    ),
    Fault("no schemas, told with 500", [error(500, "literal_error: response_format.type"), answer(GOOD)], 2),
    Fault("neither schemas nor tools", [error(400, "json_schema?"), error(400, "tools?"), answer(GOOD)], 3),
    Fault(
        "only words",
        [error(400, "json_schema"), error(400, "tools"), error(400, "json_object"), answer(f"```json\n{WHOLE}\n```")],
        4,
    ),
    Fault("tool not called, words instead", [error(400, "json_schema"), answer("Sure!"), answer(GOOD)], 3),
    Fault(
        "another name for the limit",
        [error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."), answer(GOOD)],
        2,
    ),
    Fault("no temperature", [error(400, "Unsupported value: 'temperature' does not support 0"), answer(GOOD)], 2),
    Fault("no temperature, and no schemas", [error(400, "temperature"), error(400, "json_schema"), answer(GOOD)], 3),
]

MENDED = [
    Fault("half a surrogate pair", [answer(WHOLE.replace("vente", "\\ud83d vente"))], 1),
    Fault("half a surrogate pair in the article", [answer(GOOD)], 1, text=TEXT + " \ud83d"),
    Fault("fences", [answer(f"Here it is:\n```json\n{WHOLE}\n```\nHope it helps!")], 1),
    Fault("thoughts", [answer(f'<think>{{"takeaways": []}} or {{so}}…</think>\n{WHOLE}')], 1),
    Fault("thoughts that hold the answer", [answer(f"<think>{WHOLE}")], 1),
    Fault("a trailing citation", [answer(f"{WHOLE} [1]")], 1),
    Fault("duplicate keys", [answer('{"takeaways": [], "partnerships": [], ' + WHOLE[1:])], 1, says="stood twice"),
    Fault("a call written out", [answer(json.dumps({"name": "Draft", "arguments": GOOD}))], 1),
    Fault("a call written out as a string", [answer(json.dumps({"name": "Draft", "arguments": WHOLE}))], 1),
    Fault("a raw line break in a string", [answer(WHOLE.replace("baissé de", "baissé\nde"))], 1),
    Fault("trailing commas", [answer(WHOLE.replace("}]", "},]"))], 1),
    Fault("an unescaped quotation mark", [answer(WHOLE.replace("Les ventes d’Apple", 'Les "ventes" d’Apple'))], 1),
    Fault("an unknown key", [answer({**GOOD, "confidence": 0.9})], 1, says="unknown key 'confidence'"),
    Fault("numbers for words", [answer(of({**PARTNERSHIP, "date": 2025}, kind="partnerships"))], 1, kept=(0, 1)),
    Fault("one quote instead of a list", [answer(of({**TAKEAWAY, "quotes": "Les ventes"}))], 1, kept=(1, 0)),
    Fault(
        "capitals in a status", [answer(of({**PARTNERSHIP, "status": "In talks"}, kind="partnerships"))], 1, kept=(0, 1)
    ),
    Fault("one list missing", [answer({"takeaways": [TAKEAWAY]})], 1, says="no 'partnerships'", kept=(1, 0)),
    Fault(
        "content in parts", [completion({"choices": [{"message": {"content": [{"type": "text", "text": WHOLE}]}}]})], 1
    ),
    Fault("no usage", [answer(GOOD, usage=None)], 1, says="does not say how many tokens"),
]

ITEMS = [
    Fault(
        "one bad status, corrected",
        [answer({"takeaways": [TAKEAWAY], "partnerships": [BAD_STATUS]}), answer(of(PARTNERSHIP, kind="partnerships"))],
        2,
    ),
    Fault(
        "one bad item, never corrected",
        [answer({"takeaways": [TAKEAWAY, NO_QUOTES], "partnerships": [PARTNERSHIP]}), answer(of(NO_QUOTES))],
        3,
        malformed=1,
    ),
    Fault(
        "one bad item, withdrawn",
        [answer({"takeaways": [TAKEAWAY], "partnerships": [ONE_PARTY]}), answer(EMPTY)],
        3,
        kept=(1, 0),
        malformed=1,
    ),
    Fault(
        "one bad item, then the server is gone",
        [answer({"takeaways": [TAKEAWAY, NO_QUOTES], "partnerships": []}), error(500)],
        5,
        kept=(1, 0),
        malformed=1,
        says="could not be asked for again",
    ),
    Fault(
        "one bad item, then nonsense",
        [answer({"takeaways": [TAKEAWAY, NO_QUOTES], "partnerships": []}), answer("Sorry.")],
        3,
        kept=(1, 0),
        malformed=1,
    ),
    Fault(
        "the whole answer repeated for one item",
        [answer({"takeaways": [TAKEAWAY], "partnerships": [BAD_STATUS]}), answer(GOOD)],
        2,
    ),
    Fault(
        "an item that is no object",
        [answer({"takeaways": ["just words", TAKEAWAY], "partnerships": []}), answer(EMPTY)],
        3,
        kept=(1, 0),
        malformed=1,
    ),
    Fault("nonsense, then good", [answer("nonsense"), answer(GOOD)], 2),
]

LENGTHS = [
    Fault(
        "fewer output tokens",
        [error(400, "max_tokens is too large: 4096. At most 2048 are supported."), answer(GOOD)],
        2,
    ),
    Fault(
        "answer larger than the context",
        [
            error(
                400,
                "maximum context length is 4096 tokens, but you asked for 904 in the messages, 4096 in the completion",
            ),
            answer(GOOD),
        ],
        2,
    ),
    Fault(
        "never few enough output tokens",
        [error(400, "max_tokens is too large")],
        4,
        EngineRefused,
        "cannot write as much",
    ),
    Fault("cut off, then whole", [answer(CUT, finish="length"), answer(GOOD)], 2),
    Fault("cut off twice, short article", [answer(CUT, finish="length")], 2, kept=(1, 0), truncated=True),
    Fault(
        "cut off twice, then in halves",
        [answer(CUT, finish="length"), answer(CUT, finish="length"), answer(GOOD)],
        4,
        text=LONG,
    ),
    Fault("cut off for ever", [answer(CUT, finish="length")], 6, kept=(1, 0), truncated=True, text=LONG),
    Fault(
        "no higher limit",
        [answer(CUT, finish="length"), error(400, "too high: 16384 is more than this model allows")],
        2,
        kept=(1, 0),
        truncated=True,
        says="could not be asked for with a higher limit",
    ),
    Fault(
        "article too long",
        [smaller_than(9_500, answer(GOOD), error(400, "maximum context length is 4096 tokens"))],
        3,
        text=LONG,
    ),
    Fault(
        "article too long for ever",
        [error(400, "prompt is too long: 5000 tokens")],
        7,
        EngineRefused,
        "does not fit into the context",
        text=LONG,
    ),
    Fault("short article too long", [error(413, "Payload Too Large")], 1, EngineRefused, "too large"),
    Fault(
        "larger than a minute's quota",
        [error(429, "Request too large for gpt-4 on tokens per min")],
        1,
        EngineRefused,
        "quota of a minute",
    ),
    Fault(
        "one half fails",
        [smaller_than(9_500, answer(GOOD), error(400, "context length")), answer(GOOD), error(401, "expired")],
        3,
        truncated=True,
        says="were not read: .*does not accept the key",
        text=LONG,
    ),
    Fault(
        "a context was filled", [answer(GOOD, usage=(4096, 50))], 1, truncated=True, says="4096 tokens.*larger context"
    ),
    Fault("only a part was read", [answer(GOOD, usage=(300, 50))], 1, truncated=True, says="not the whole article"),
]


def body(what: object, status: int = 400) -> Play:
    """An error of any shape."""
    return raw(json.dumps(what, ensure_ascii=False), status)


def message(**parts: Any) -> Play:
    """A choice whose message has these parts."""
    return completion({"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **parts}}]})


def call(arguments: Any, name: str = "Draft") -> dict[str, Any]:
    return {"id": "c", "type": "function", "function": {"name": name, "arguments": arguments}}


def stream(*deltas: dict[str, Any], end: str = "stop") -> Play:
    """Chunks that nobody asked for."""
    events = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": end}], "usage": usage})
    lines = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    return raw(": open\n\n" + lines + "data: [DONE]\n\n", content_type="text/event-stream")


NO_SCHEMA = error(400, "response_format json_schema is not supported")
FILTER = "the content filter .* stopped the (?:article|answer).*another model"
FILTERS = [
    ("DashScope, of the answer", error(400, "Output data may contain inappropriate", code="data_inspection_failed")),
    ("DashScope, its own form", body({"code": "DataInspectionFailed", "message": "No.", "request_id": "7"})),
    ("DashScope, in words", error(400, "<400> InternalError.Algo.DataInspectionFailed: Input text data may …")),
    ("DeepSeek", error(400, "Content Exists Risk", code="invalid_request_error")),
    ("Moonshot", body({"error": {"message": "The request was rejected because it was considered high risk"}})),
    ("Xiaomi", body({"error": {"code": "421", "message": "Moderation Block", "type": "content_filter"}})),
    ("xAI", body({"code": "The caller does not have permission", "error": "Content violates usage guidelines."}, 403)),
    ("OpenAI, for safety", error(400, "Invalid prompt: we've limited access to this content for safety reasons.")),
    ("Azure", body({"error": {"code": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}, "message": "n"}})),
    ("Anthropic", body({"type": "error", "error": {"message": "Output blocked by content filtering policy"}})),
    ("StepFun", body({"error": {"type": "censorship_blocked", "message": "Blocked."}}, 451)),
    ("Ark", body({"error": {"code": "InputTextSensitiveContentDetected", "message": "The request failed"}})),
    ("Zhipu", body({"error": {"code": "1301", "message": "x"}})),
    ("MiniMax, in a 200", body({"base_resp": {"status_code": 1026, "status_msg": "input new_sensitive"}}, 200)),
    ("OpenRouter", body({"error": {"code": 403, "message": "Your chosen model requires moderation"}}, 403)),
    ("a gateway around another", error(400, json.dumps({"error": {"code": "content_filter", "message": "x"}}))),
    ("Gemini, no candidate", body({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, 200)),
    ("Gemini, by a gateway", answer("", finish="content_filter: PROHIBITED_CONTENT")),
    ("Gemini, safety", answer("", finish="SAFETY")),
    ("Gemini, recited", answer(CUT, finish="RECITATION")),
    ("Z.ai", answer("", finish="sensitive")),
    ("Anthropic, by a gateway", answer(None, finish="refusal")),
    ("Bedrock", answer("", finish="guardrail_intervened")),
    ("StepFun, in words", error(451, "The content you provided or machine outputted is blocked.")),
    ("OpenRouter, in words", error(403, "Your input was flagged. No credits were charged.")),
    ("Zhipu, in words", error(400, "系统检测到输入或生成内容可能包含不安全或敏感内容。")),
]
OVERFLOWS = [
    ("xAI", body({"code": "x", "error": "This model's maximum prompt length is 8192 but the request contains 9973"})),
    ("TGI", body({"error": "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4200 and 1024"}, 422)),
    ("Gemini in a list", body([{"error": {"code": 400, "message": "The input token count (9731) exceeds the max"}}])),
    (
        "watsonx",
        body({"errors": [{"code": "x", "message": "the number of input tokens 5000 cannot exceed the total"}]}),
    ),
    ("Zhipu, in Chinese", body({"error": {"code": "1261", "message": "Prompt 超长"}})),
    ("a code alone", error(400, "Request rejected.", code="context_length_exceeded")),
    ("llama.cpp, with 500", error(500, "the request exceeds the available context size. try increasing it")),
    ("Z.ai's code, with 500", error(500, "failed", code="model_context_window_exceeded")),
    ("Mistral", error(400, "Prompt contains 40000 tokens, too large for model with 32768 maximum context length")),
    ("Perplexity", error(400, "The total length of all messages is too long.")),
    ("Bedrock, Titan", error(400, "Too many input tokens. Max input tokens: 8192, request input token count: 9000")),
    ("vLLM, prompt", error(400, "The decoder prompt (length 9000) is longer than the maximum model length of 8192")),
    ("Yi", error(400, "Total tokens in request more than max tokens allowed")),
    ("Anthropic's code", body({"type": "error", "error": {"type": "request_too_large", "message": "No"}})),
    (
        "OpenRouter around another",
        body(
            {
                "error": {
                    "code": 400,
                    "message": "Provider returned error",
                    "metadata": {
                        "raw": '{"error": {"message": "Input length 9000 exceeds the maximum allowed length of 8192"}}'
                    },
                }
            }
        ),
    ),
    ("LiteLLM", error(400, "ContextWindowExceededError: litellm.BadRequestError: x")),
    ("Moonshot", error(400, "Invalid request: Your request exceeded model token limit: 8192 (requested: 10021)")),
    ("TensorRT", body({"object": "error", "message": "Prompt length (5000) exceeds maximum input length (4096)."})),
    ("ExLlama", body({"detail": {"error": {"message": "Prompt length 4500 is greater than max_seq_len 4096"}}})),
    ("Ark", error(400, "Total tokens of image and text exceed max message tokens. Request id: 0217")),
    ("LM Studio", body({"error": "Trying to keep the first 6131 tokens when context the overflows."})),
    ("Copilot", error(400, "prompt token count of 9000 exceeds the limit of 8192")),
    ("Cohere", body({"message": "the total number of tokens in the prompt exceeds the limit of 4081."})),
]
LIMITS = [
    "Range of max_tokens should be [1, 2000]",
    "Invalid max_tokens value, the valid range of max_tokens is [1, 2000]",
    "max_tokens must be between 1 and 2000",
    "max_tokens (4096) is greater than the limit of 2000",
    "max_tokens should be no more than 2000",
    "`max_completion_tokens` must be less than or equal to `2000`",
    "max_tokens: 4096 > 2000, which is the maximum allowed number of output tokens for claude",
    "The maximum tokens you requested exceeds the model limit of 2000 in the output tokens",
    "max_tokens should be in [1, 2000]",
    "max_tokens 4096 is not in the range of the model",
    "This endpoint's maximum context length is 4096. You requested 5000 (904 of text input, 4096 in the output).",
]
TOLD = [
    ("vLLM", body({"object": "error", "message": "Engine is busy", "type": "InternalServerError", "code": 500}, 200)),
    ("a status", body({"status": "error", "error": "model is loading", "status_code": 503}, 200)),
    ("a status in words", body({"error": {"message": "x", "status": "UNAVAILABLE"}}, 200)),
    ("overloaded", body({"error": {"message": "x", "type": "overloaded_error"}}, 200)),
    ("crowded", body({"error": {"message": "Rate limit exceeded", "type": "rate_limit_error"}}, 200)),
    ("MiniMax", body({"choices": None, "base_resp": {"status_code": 1002, "status_msg": "rate limit"}}, 200)),
    ("words alone", body({"message": "The server is overloaded, try again later"}, 200)),
    ("of the choice", completion({"choices": [{"finish_reason": "error", "error": {"code": 502, "message": "idle"}}]})),
    ("a broken choice", answer(CUT, finish="error")),
    ("Z.ai", answer("", finish="network_error")),
    ("beside the choice", completion({"choices": [{"message": {"content": ""}}], "error": {"message": "Idle"}})),
    ("in a stream", raw('data: {"error": {"message": "busy", "code": 503}}\n\n', content_type="text/event-stream")),
]
NO_SYSTEM = [
    body({"object": "error", "message": "System role not supported", "type": "BadRequestError", "code": 400}),
    body({"error": 'Error rendering prompt with jinja template: "Only user and assistant roles are supported!"'}),
    error(400, "Unsupported value: 'messages[0].role' does not support 'system' with this model.", param="messages"),
    error(500, "Jinja Exception: System role not supported"),
    error(400, "Conversation roles must alternate user/assistant/user/assistant/..."),
    error(400, "Only user, assistant and tool roles are supported, got system."),
    body([{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3-12b-it"}}]),
    error(400, "System messages are not supported by this model"),
]
ONE, OTHER = ({**EMPTY, "takeaways": [TAKEAWAY]}, {**EMPTY, "partnerships": [PARTNERSHIP]})
WHERE = [
    ("the second call", [NO_SCHEMA, message(tool_calls=[call("{}"), call(WHOLE)])], 2, ""),
    ("a call of another tool first", [NO_SCHEMA, message(tool_calls=[call('{"x": 1}', "think"), call(WHOLE)])], 2, ""),
    ("a call with nothing, then words", [NO_SCHEMA, message(content=WHOLE, tool_calls=[call("")])], 2, ""),
    ("a call for each", [NO_SCHEMA, message(tool_calls=[call(json.dumps(each)) for each in (ONE, OTHER)])], 2, ""),
    ("the same call twice", [NO_SCHEMA, message(tool_calls=[call(WHOLE), call(WHOLE)])], 2, ""),
    ("arguments as an object", [NO_SCHEMA, message(tool_calls=[call(GOOD)])], 2, ""),
    ("an object as content", [message(content=GOOD)], 1, ""),
    ("parts, thoughts first", [message(content=[{"type": "thinking", "thinking": []}, {"text": WHOLE}])], 1, ""),
    ("parsed", [message(content=None, parsed=GOOD)], 1, ""),
    ("reasoning_content", [message(content="", reasoning_content=WHOLE)], 1, ""),
    ("reasoning", [message(content=None, reasoning=f" {WHOLE}\n")], 1, ""),
    ("lists as strings", [message(content=json.dumps({k: json.dumps(v) for k, v in GOOD.items()}))], 1, ""),
    ("items as strings", [message(content=json.dumps({k: [json.dumps(v[0])] for k, v in GOOD.items()}))], 1, ""),
    ("a byte order mark", [raw("\ufeff" + json.dumps({"choices": [{"message": {"content": WHOLE}}]}))], 1, "tokens"),
    ("a stream", [stream(*({"content": WHOLE[i : i + 40]} for i in range(0, len(WHOLE), 40)))], 1, ""),
    (
        "a stream of a call",
        [stream(*({"tool_calls": [{"index": 0, "function": {"arguments": part}}]} for part in (WHOLE[:9], WHOLE[9:])))],
        1,
        "",
    ),
    ("a stream of thoughts", [stream({"reasoning_content": "hm"}, {"content": WHOLE})], 1, ""),
    (
        "Groq's slip",
        [error(400, "Failed to generate JSON.", code="json_validate_failed", failed_generation=WHOLE)],
        1,
        "tokens",
    ),
    (
        "Groq's slip, empty",
        [error(400, "Failed to call a function.", code="tool_use_failed", failed_generation=""), answer(GOOD)],
        2,
        "tokens",
    ),
    (
        "Groq's slip, cut",
        [error(400, "max completion tokens reached", failed_generation=CUT), answer(GOOD)],
        2,
        "tokens",
    ),
    ("a comment", [answer(WHOLE.replace("{", "{\n// takeaways and partnerships\n", 1))], 1, ""),
]
BROKEN = WHOLE.replace('"partnerships": [', '"partnerships": [ "takeaways": ')
KEPT = [
    Fault("no end, finish stop", [answer(CUT)], 2, kept=(1, 0), truncated=True),
    Fault("no end, finish stop, then whole", [answer(CUT), answer(GOOD)], 2),
    Fault("broken in the middle", [answer(BROKEN)], 3, truncated=True, says="only the whole items"),
    Fault("broken, then nonsense", [answer(BROKEN), answer("no")], 3, truncated=True, says="whole items"),
    Fault("broken, then gone", [answer(BROKEN), error(401)], 2, truncated=True, says="does not accept"),
    Fault("all thoughts, cut twice", [answer("", finish="length")], 2, InvalidDraft, "before one claim was whole"),
]
WAITS = [
    ("Retry-After", error(429, "x", {"Retry-After": "900"}), "900 s"),
    ("in words", error(429, "Rate limit reached. Please try again in 15m7.5s."), "908 s"),
    ("in words of a 503", error(503, "Overloaded; please retry after 300 seconds"), "300 s"),
    ("Gemini", body([{"error": {"message": "Quota", "details": [{"retryDelay": "270s"}]}}], 429), "270 s"),
    ("Gemini, in words", error(429, "Quota exceeded. Please retry in 411.07s."), "411 s"),
    (
        "until the reset",
        error(429, "x", {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m"}),
        "360",
    ),
]
PER_DAY = [
    error(429, "Rate limit reached on tokens per day (TPD): Limit 100000. Please try again in 19.5s."),
    error(429, "Rate limit exceeded: free-models-per-day."),
    error(429, "You have used up your daily free allocation of 10,000 neurons"),
    body(
        [
            {
                "error": {
                    "code": 429,
                    "message": "You exceeded your current quota",
                    "details": [
                        {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},
                        {"retryDelay": "9s"},
                    ],
                }
            }
        ],
        429,
    ),
]

SAID = [
    *(Fault(f"filter: {name}", [play], 1, EngineRefused, FILTER) for name, play in FILTERS),
    *(Fault(f"too long: {name}", [smaller_than(9_500, answer(GOOD), play)], 3, text=LONG) for name, play in OVERFLOWS),
    *(Fault(f"limit: {words}", [error(400, words), error(400, words), answer(GOOD)], 3) for words in LIMITS),
    *(Fault(f"told in a 200: {name}", [play, answer(GOOD)], 2) for name, play in TOLD),
    *(Fault(f"no system role, {n}", [play, answer(GOOD)], 2) for n, play in enumerate(NO_SYSTEM)),
    *(Fault(f"answer in {name}", plays, requests, says=says) for name, plays, requests, says in WHERE),
    *(Fault(f"wait: {name}", [play], 1, EngineUnavailable, f"asks to wait {says}") for name, play, says in WAITS),
    *(Fault(f"per day, {n}", [play], 1, EngineRefused, "daily quota") for n, play in enumerate(PER_DAY)),
]
LOOK_ALIKE = [
    Fault("took too long", [error(500, "The request took too long to process"), answer(GOOD)], 2),
    Fault("moderation is down", [error(503, "moderation service unavailable"), answer(GOOD)], 2),
    Fault("too many tokens a minute", [error(429, "Throttling: too many tokens, please wait"), answer(GOOD)], 2),
    Fault(
        "an echo of the article",
        [body({"error": {"message": "odd"}, "prompt": "content filter, prompt is too long"})],
        1,
        EngineRefused,
        "with 400: odd",
    ),
    Fault(
        "an echo of the request",
        [body({"detail": [{"msg": "odd", "loc": ["x"], "input": {"type": "json_schema"}}]}, 422)],
        1,
        EngineRefused,
        "x: odd",
    ),
    Fault("thoughts in words", [message(content="", reasoning="I shall write {} now"), answer(GOOD)], 2),
    Fault("a quote in brackets", [answer(of({**TAKEAWAY, "quotes": "[1] ventes"}))], 1, kept=(1, 0)),
]

TABLE = REFUSED + SHAPELESS + PASSING + FORMS + MENDED + ITEMS + LENGTHS + SAID + KEPT + LOOK_ALIKE


def kinds(kind: type[openai.OpenAIError]) -> set[type[openai.OpenAIError]]:
    return {kind}.union(*(kinds(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize("kind", sorted(kinds(openai.OpenAIError), key=lambda kind: kind.__name__))
def test_every_error_of_the_client_becomes_one_of_ours(kind: type[openai.OpenAIError]) -> None:
    error = kind.__new__(kind)
    request = httpx2.Request("POST", "http://x/v1")
    error.__dict__.update(response=httpx2.Response(418, request=request, text="tea"), message="tea")

    class Client:
        async def post(self, *_: object, **__: object) -> None:
            raise error

        async def close(self) -> None:
            """Nothing is open."""

    async def run() -> None:
        transport = OpenAITransport(Endpoint("openai", "toy", "http://x/v1"), 1.0, lambda: cast(Any, Client()))
        try:
            await transport.send({}, DRAFT)
        finally:
            await transport.aclose()

    with pytest.raises(EngineError, match="'openai/toy' at x/v1"):
        asyncio.run(run())


def test_table_is_long_enough() -> None:
    assert len(TABLE) >= 40
    assert len({fault.name for fault in TABLE}) == len(TABLE)


@pytest.mark.parametrize("fault", TABLE, ids=lambda fault: fault.name)
def test_fault(fault: Fault, loopback: Callable[..., Loopback], tmp_path: Path) -> None:
    meet(fault, loopback(*fault.plays), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("fault", REFUSED + PASSING, ids=lambda fault: fault.name)
def test_fault_of_a_later_request(fault: Fault, loopback: Callable[..., Loopback], tmp_path: Path) -> None:
    meet(fault, loopback(answer(GOOD), *fault.plays), tmp_path, after=[TEXT])


def meet(fault: Fault, server: Loopback, tmp_path: Path, after: Sequence[str] = ()) -> None:
    trace = tmp_path / "trace.jsonl"
    options = {"retry_policy": RetryPolicy(sleep=at_once), "rate_limits": RateLimits(sleep=at_once), **fault.options}
    engine = opened(server, tmp_path, api_key=KEY, trace=trace, **options)

    if fault.raises is not None:
        with pytest.raises(fault.raises, match=fault.says) as caught:
            drafted(engine, fault.text, after=after)
        told = str(caught.value)
        assert "\n" not in told and len(told) < 600
        assert "'openai/toy' at 127.0.0.1" in told
        assert type(caught.value).__module__.startswith("summarizer")
    else:
        draft = drafted(engine, fault.text, after=after)
        told = " ".join(draft.usage.warnings)
        assert (len(draft.takeaways), len(draft.partnerships)) == fault.kept
        assert len(draft.usage.malformed) == fault.malformed
        assert draft.usage.truncated is fault.truncated
        assert re.search(fault.says, told) if fault.says else not told
        assert draft.usage.calls + len(after) == engine.total.calls

    asked = 1 if fault.name == "endless redirect" else fault.requests
    assert server.count == fault.requests + len(after)
    assert KEY not in told
    assert KEY not in trace.read_text("utf-8")
    assert len(trace.read_text("utf-8").splitlines()) == asked + len(after)


@pytest.mark.parametrize(
    ("play", "about_text"),
    [
        (error(400, "The response was filtered", code="content_filter"), True),
        (error(403, "Your input was stopped by moderation"), True),
        (raw('{"error": {"message": "content_filter", "code": "bad"}}'), True),
        (answer(None, refusal="I can't help with that"), True),
        (error(403, "This key may not use the model"), False),
        (error(401, "Incorrect API key provided"), False),
    ],
)
def test_what_a_filter_refuses_is_told_from_what_would_meet_every_article(
    loopback: Callable[..., Loopback], tmp_path: Path, play: Script, about_text: bool
) -> None:
    with pytest.raises(EngineRefused) as refused:
        drafted(opened(loopback(play), tmp_path))
    assert refused.value.about_text is about_text


# --- what no server should send ----------------------------------------------------------------------------------

WHOLE_COMPLETION: dict[str, Any] = {
    "error": {"message": "m", "code": "c", "details": [{"retryDelay": "3s", "metadata": {"raw": "{}"}}]},
    "choices": [
        {
            "finish_reason": "stop",
            "delta": {"content": "x", "tool_calls": [{"index": 0, "function": {"name": "Draft", "arguments": "{}"}}]},
            "message": {
                "content": WHOLE,
                "tool_calls": [{"function": {"name": "Draft", "arguments": WHOLE}}],
                "reasoning": "r",
            },
        }
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
    "promptFeedback": {"blockReason": "x"},
}
ODD: list[Any] = [None, 0, 2**63, 1e400, "", "x", "429", "[", '{"error":', [], {}, [[]], [None], "\ud83d", 10**30]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in inside for place in places(child, (*path, key)))]


def put(root: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value in one place."""
    if not path:
        return value
    copy = dict(root) if isinstance(root, dict) else list(root)
    copy[path[0]] = put(root[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("path", places(WHOLE_COMPLETION), ids=lambda path: ".".join(map(str, path)) or "whole")
def test_an_odd_value_in_any_place_is_read_or_told(path: tuple[Any, ...]) -> None:
    endpoint = Endpoint("openai", "toy", "http://x/v1")
    for odd, without in product(ODD, ((), ("error",))):
        sent = put({k: v for k, v in WHOLE_COMPLETION.items() if k not in without or k in path}, path, odd)
        assert isinstance(of_status(400, sent, {}, endpoint), EngineError)
        for read in (sent, read_body(f"data: {json.dumps(sent)}\n\n")):
            with suppress(EngineError):
                parse_completion(read, endpoint, DRAFT)


@pytest.mark.parametrize(
    "sent",
    [
        '{"error": {"message": "' + "max_tokens input prompt " * 200_000 + '"}}',
        json.dumps({"errors": [{"message": "input prompt only user role system max_tokens is " * 50}] * 3_000}),
        '{"error": ' * 900 + "1" + "}" * 900,
        '{"error": {"code": ' + "9" * 5_000 + "}}",
    ],
    ids=["long", "many", "deep", "digits"],
)
def test_a_swollen_error_is_read_in_time(sent: str) -> None:
    began = time.process_time()
    told = str(of_status(500, sent, {}, Endpoint("openai", "toy", "http://x/v1")))
    assert time.process_time() - began < 2 and len(told) < 500
