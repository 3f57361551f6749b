"""The SDKs of other providers, the real ones, against a loopback server that speaks their wire form.

Each is skipped where its SDK is not installed. All of them, in an environment of their own:
`pip install -c constraints.txt -e '.[anthropic,gemini,mistral,groq,cohere]' pytest pytest-xdist hypothesis`.
"""

import asyncio
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from loopback import Loopback, Play
from test_llm_engine import GOOD, TAKEAWAY, passage

from summarizer.engines.llm import open_llm
from summarizer.engines.llm.engine import LlmEngine
from summarizer.engines.llm.providers import PROVIDERS
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.engines.llm.transports import ProviderTransport
from summarizer.errors import EngineRefused, EngineUnavailable, InvalidDraft
from summarizer.schema import Draft

pytestmark = [
    pytest.mark.slow,  # each SDK takes seconds to import
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # Google's leaves a connection open
]
KEY = "sk-secret-0123456789"
Start = Callable[..., Loopback]
Json = dict[str, Any]


def anthropic(arguments: Json | None, text: str = "", stop: str = "tool_use") -> Json:
    called = {"type": "tool_use", "id": "t", "name": "Draft", "input": arguments}
    content = [called] if arguments is not None else [{"type": "text", "text": text}] if text else []
    usage = {"input_tokens": 1000, "output_tokens": 100}
    return {"id": "m", "type": "message", "role": "assistant", "model": "x", "content": content,
            "stop_reason": stop, "stop_sequence": None, "usage": usage}  # fmt: skip


def gemini(arguments: Json | None, text: str = "", stop: str = "STOP") -> Json:
    parts = [{"functionCall": {"name": "Draft", "args": arguments}}] if arguments is not None else [{"text": text}]
    usage = {"promptTokenCount": 1000, "candidatesTokenCount": 60, "thoughtsTokenCount": 40, "totalTokenCount": 1100}
    content = {"role": "model", "parts": parts} if arguments is not None or text else {"role": "model"}
    return {"candidates": [{"content": content, "finishReason": stop}], "usageMetadata": usage}


def openai(arguments: Json | None, text: str = "", stop: str = "tool_calls") -> Json:
    function = {"name": "Draft", "arguments": json.dumps(arguments)}
    calls = [{"id": "c", "type": "function", "function": function}] if arguments is not None else None
    message = {"role": "assistant", "content": text, "tool_calls": calls}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "x", "usage": usage,
            "choices": [{"index": 0, "finish_reason": stop, "message": message}]}  # fmt: skip


def cohere(arguments: Json | None, text: str = "", stop: str = "TOOL_CALL") -> Json:
    message: Json = {"role": "assistant", "content": [{"type": "text", "text": text}]}
    if arguments is not None:
        function = {"name": "Draft", "arguments": json.dumps(arguments)}
        message = {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": function}]}
    tokens = {"input_tokens": 1000.0, "output_tokens": 100.0}
    usage = {"billed_units": {"input_tokens": 900.0, "output_tokens": 90.0}, "tokens": tokens}
    return {"id": "x", "finish_reason": stop, "message": message, "usage": usage}


class Sdk(NamedTuple):
    """How one provider is spoken to."""

    provider: str
    package: str
    answer: Callable[..., Json]
    cut: str
    filtered: str | None
    path: str
    """A part of the path of its requests."""


SDKS = [
    Sdk("anthropic", "anthropic", anthropic, "max_tokens", "refusal", "/v1/messages"),
    Sdk("gemini", "google.genai", gemini, "MAX_TOKENS", "SAFETY", ":generateContent"),
    Sdk("mistral", "mistralai", openai, "length", None, "/v1/chat/completions"),
    Sdk("groq", "groq", openai, "length", None, "/openai/v1/chat/completions"),
    Sdk("cohere", "cohere", cohere, "MAX_TOKENS", "ERROR_TOXIC", "/v2/chat"),
]
each_sdk = pytest.mark.parametrize("sdk", SDKS, ids=lambda sdk: sdk.provider)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Draft]:
    """Draft the passage with one SDK, pointed at a server as a user points it at a gateway."""

    def run(sdk: Sdk, server: Loopback) -> Draft:
        try:
            importlib.import_module(sdk.package)
        except ModuleNotFoundError:
            pytest.skip(f"{sdk.package} is not installed")
        root = server.url.removesuffix("/v1")
        if (variable := PROVIDERS[sdk.provider].gateway_variable) is not None:
            monkeypatch.setenv(variable, root)
        engine = open_llm(
            f"{sdk.provider}/x",
            environ={PROVIDERS[sdk.provider].keys[0]: KEY},
            memory=tmp_path / "request_modes.json",
            retry_policy=RetryPolicy(sleep=at_once),
            transport=lambda endpoint, timeout: ProviderTransport(endpoint, timeout, _connect(sdk.provider, root)),
        )
        return asyncio.run(_drafted(engine))

    return run


def _connect(provider: str, root: str) -> Callable[[], Any] | None:
    """A client for the SDKs that are not pointed elsewhere by a variable, or read it once, when they are imported."""
    import instructor

    if provider == "mistral":
        return lambda: instructor.from_mistral(
            importlib.import_module("mistralai.client").Mistral(api_key=KEY, server_url=root), model="x", use_async=True
        )
    if provider == "cohere":
        return lambda: instructor.from_cohere(
            importlib.import_module("cohere").AsyncClientV2(api_key=KEY, base_url=root), model="x"
        )
    return None


async def _drafted(engine: LlmEngine) -> Draft:
    try:
        return await engine.draft(passage())
    finally:
        await engine.aclose()


async def at_once(_: float) -> None:
    """Do not wait."""


def play(what: Json, status: int = 200, headers: dict[str, str] | None = None) -> Play:
    return Play(status, json.dumps(what).encode(), headers or {})


@each_sdk
def test_an_article_takes_one_request_and_its_tokens_count(
    sdk: Sdk, ask: Callable[..., Draft], loopback: Start
) -> None:
    server = loopback(play(sdk.answer(GOOD)))
    draft = ask(sdk, server)
    assert draft.model_dump(mode="json") == GOOD
    assert (draft.usage.calls, draft.usage.input_tokens, draft.usage.output_tokens) == (1, 1000, 100)
    assert server.count == 1 and sdk.path in server.requests[0].path


@each_sdk
def test_a_malformed_item_is_asked_for_again(sdk: Sdk, ask: Callable[..., Draft], loopback: Start) -> None:
    bad = {"takeaways": [TAKEAWAY, {"text": "no quotes"}], "partnerships": []}
    server = loopback(play(sdk.answer(bad)), play(sdk.answer({**bad, "takeaways": [{**TAKEAWAY, "text": "Better."}]})))
    draft = ask(sdk, server)
    assert [takeaway.text for takeaway in draft.takeaways] == [TAKEAWAY["text"], "Better."]
    assert server.count == 2


@each_sdk
@pytest.mark.parametrize("text", ["I am happy to help!", ""])
def test_prose_and_nothing_are_asked_again(text: str, sdk: Sdk, ask: Callable[..., Draft], loopback: Start) -> None:
    server = loopback(
        play(sdk.answer(None, text, "STOP" if sdk.provider == "gemini" else "stop")), play(sdk.answer(GOOD))
    )
    assert ask(sdk, server).model_dump(mode="json") == GOOD
    assert server.count == 2


@each_sdk
def test_the_answer_in_words_is_read(sdk: Sdk, ask: Callable[..., Draft], loopback: Start) -> None:
    server = loopback(play(sdk.answer(None, json.dumps(GOOD), "STOP" if sdk.provider == "gemini" else "stop")))
    assert ask(sdk, server).model_dump(mode="json") == GOOD
    assert server.count == 1


@each_sdk
def test_an_answer_that_is_all_thoughts_is_asked_for_once_more(
    sdk: Sdk, ask: Callable[..., Draft], loopback: Start
) -> None:
    server = loopback(play(sdk.answer(None, "", sdk.cut)))
    with pytest.raises(InvalidDraft, match="before one claim was whole"):
        ask(sdk, server)
    assert server.count == 2


@each_sdk
def test_a_filtered_answer_is_paid_once(sdk: Sdk, ask: Callable[..., Draft], loopback: Start) -> None:
    if sdk.filtered is None:
        pytest.skip(f"{sdk.provider} tells no filter in an answer")
    server = loopback(play(sdk.answer(None, "", sdk.filtered)))
    with pytest.raises(EngineRefused, match="content filter") as refused:
        ask(sdk, server)
    assert refused.value.about_text and server.count == 1


def test_a_prompt_that_gemini_blocks_is_told(ask: Callable[..., Draft], loopback: Start) -> None:
    server = loopback(play({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}))
    with pytest.raises(EngineRefused, match="content filter"):
        ask(SDKS[1], server)
    assert server.count == 1


@each_sdk
@pytest.mark.parametrize(
    ("status", "raises", "says", "requests"),
    [
        (401, EngineRefused, "does not accept the key: No luck", 1),
        (429, EngineUnavailable, "429, too many requests: No luck; asked 4 times", 4),
        (500, EngineUnavailable, "answered 500: No luck; asked 4 times", 4),
    ],
)
def test_errors_are_told_alike(
    status: int,
    raises: type[Exception],
    says: str,
    requests: int,
    sdk: Sdk,
    ask: Callable[..., Draft],
    loopback: Start,
) -> None:
    told = {"message": "No luck"} if sdk.provider in ("cohere", "mistral") else {"error": {"message": "No luck"}}
    server = loopback(play(told, status))
    with pytest.raises(raises, match=says) as caught:
        ask(sdk, server)
    assert KEY not in str(caught.value) and "\n" not in str(caught.value)
    assert server.count == requests
