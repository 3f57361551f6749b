"""What can go wrong between us and a server: what a person reads, how many requests it takes, and what is kept."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx2
import openai
import pytest
from loopback import EMPTY, Loopback, Play, Request, Script, answer, completion, error, raw
from test_llm_engine import GOOD, PARTNERSHIP, TAKEAWAY, TEXT, drafted, opened

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
    Fault("web page", [PAGE], 1, EngineRefused, "a web page; check the --base-url"),
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
    Fault("only a part was read", [answer(GOOD, usage=(300, 50))], 1, truncated=True, says="not the whole article"),
]

TABLE = REFUSED + SHAPELESS + PASSING + FORMS + MENDED + ITEMS + LENGTHS


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
