"""Who can be asked: addresses, keys, other houses, and the list that `summarizer models` shows."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from loopback import Loopback, answer, error
from test_llm_engine import GOOD, TAKEAWAY, passage

from summarizer.engines.llm import open_llm
from summarizer.engines.llm.providers import PROVIDERS, Provider, list_models, resolve
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.engines.llm.transports import ProviderTransport
from summarizer.errors import ConfigError, EngineRefused, EngineUnavailable, InvalidDraft
from summarizer.schema import Draft

Start = Callable[..., Loopback]
KEY = "sk-secret-0123456789"


@pytest.mark.parametrize(
    ("model", "base_url", "environ", "address", "key"),
    [
        ("openai/a", None, {"OPENAI_API_KEY": KEY}, "https://api.openai.com/v1", KEY),
        ("openai/a", None, {"OPENAI_BASE_URL": "http://h:1/v1/"}, "http://h:1/v1", None),
        ("openai/a", "http://g/v1", {"OPENAI_BASE_URL": "http://h/v1", "OPENAI_API_KEY": KEY}, "http://g/v1", KEY),
        ("meta/llama-3", "http://g/v1", {}, "http://g/v1", None),
        ("toy", None, {"OPENAI_BASE_URL": "http://h/v1"}, "http://h/v1", None),
        ("ollama/llama3:8b", None, {"OPENAI_API_KEY": KEY}, "http://127.0.0.1:11434/v1", None),
        ("ollama/a", None, {"OLLAMA_HOST": "0.0.0.0"}, "http://127.0.0.1:11434/v1", None),
        ("ollama/a", None, {"OLLAMA_HOST": "box:9"}, "http://box:9/v1", None),
        ("ollama/a", None, {"OLLAMA_HOST": "https://box/"}, "https://box:443/v1", None),
        ("ollama/a", None, {"OLLAMA_API_KEY": "k"}, "http://127.0.0.1:11434/v1", "k"),
        ("mistral/a", "http://g/v1", {"MISTRAL_API_KEY": "m", "OPENAI_API_KEY": KEY}, "http://g/v1", "m"),
        ("xai/grok", None, {"XAI_API_KEY": "x", "OPENAI_BASE_URL": "http://h/v1"}, "https://api.x.ai/v1", "x"),
        ("deepseek/a", None, {"DEEPSEEK_API_KEY": "d", "OPENAI_BASE_URL": "http://h/v1"}, None, "d"),
    ],
)
def test_address_and_key_are_those_of_the_house(
    model: str, base_url: str | None, environ: dict[str, str], address: str | None, key: str | None
) -> None:
    endpoint = resolve(model, base_url, None, environ)
    assert (endpoint.base_url, endpoint.api_key) == (address, key)
    assert KEY not in repr(endpoint)


def test_name_after_the_provider_may_hold_slashes() -> None:
    assert resolve("openai/org/model", "http://h/v1", None, {}).name == "org/model"
    assert resolve("org/model", "http://h/v1", None, {}).name == "org/model"


@pytest.mark.parametrize(
    ("model", "base_url", "environ", "says"),
    [
        ("openai/a", "ftp://h/v1", {}, "not an http or https address"),
        ("openai/a", "http://me:secret@/v1", {}, r"'http://…@/v1'"),
        ("openai/a", "localhost:8080", {}, "use https://HOST/v1"),
        ("openai/a", None, {"OPENAI_API_KEY": "sk-1 2"}, "OPENAI_API_KEY holds a space"),
        ("openai/a", None, {"OPENAI_API_KEY": "sk-…"}, "character that no key has"),
        ("", None, {}, "does not name a model"),
        ("openai/", None, {}, "does not name a model"),
        ("xai/grok", None, {"OPENAI_API_KEY": KEY}, "no key for 'xai/grok': set XAI_API_KEY"),
        ("azure_openai/x", None, {}, "set AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT"),
    ],
)
def test_what_cannot_be_asked_is_told(model: str, base_url: str | None, environ: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        resolve(model, base_url, None, environ)
    assert "secret" not in str(caught.value)


def test_extra_that_is_missing_is_named() -> None:
    missing = [provider for provider in PROVIDERS.values() if not provider.installed]
    assert missing, "the tests need one provider whose library is not there"
    for provider in missing:
        with pytest.raises(ConfigError, match=rf"pip install 'newsroom-summarizer\[{provider.extra}\]'"):
            resolve(f"{provider.name}/x", None, "key", {})


def test_list_shows_what_can_be_used_and_no_key() -> None:
    rows = {row.provider: row for row in list_models({"OPENAI_API_KEY": KEY, "DEEPSEEK_API_KEY": KEY})}
    assert next(iter(rows)) == "extractive"
    assert rows["extractive"].usable and not rows["extractive"].default
    assert rows["openai"].usable and rows["openai"].default
    assert rows["deepseek"].usable and not rows["openrouter"].usable
    assert "set OPENROUTER_API_KEY" in rows["openrouter"].missing
    assert KEY not in str(rows)
    assert set(rows) == {"extractive", *PROVIDERS}


@pytest.mark.parametrize("provider", [row for row in PROVIDERS.values() if row.gateway_variable])
def test_list_says_how_an_sdk_is_pointed_at_a_gateway(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    there = provider._replace(module="json")
    monkeypatch.setitem(PROVIDERS, provider.name, there)  # type: ignore[arg-type]
    (row,) = (row for row in list_models({provider.keys[0]: KEY}) if row.provider == provider.name)
    assert row.usable and f"{provider.gateway_variable} names a gateway" in row.missing


def test_a_server_of_ones_own_is_ready_where_it_takes_a_connection_and_only_there(loopback: Start) -> None:
    def ollama(host: str) -> tuple[bool, str]:
        row = next(row for row in list_models({"OLLAMA_HOST": host}) if row.provider == "ollama")
        return row.usable, row.missing

    with Loopback(answer(GOOD)) as gone:
        gone_at = gone.url.removeprefix("http://").removesuffix("/v1")
    server = loopback(answer(GOOD))
    there_at = server.url.removeprefix("http://").removesuffix("/v1")
    assert ollama(there_at) == (True, f"a server answers at {there_at}; it must have the model")
    assert ollama(gone_at) == (
        False,
        f"no server answers at {gone_at}: start it with `ollama serve`, or set OLLAMA_HOST",
    )
    own = {row.provider: row for row in list_models({"OPENAI_BASE_URL": f"http://me:secret@{gone_at}/v1"})}["openai"]
    assert not own.usable
    assert own.missing == f"no server answers at {gone_at}: start it, or correct OPENAI_BASE_URL"
    assert server.count == 0


def test_list_says_which_would_be_chosen() -> None:
    def default(**environ: str) -> str:
        return next(row.example for row in list_models(environ) if row.default)

    def chosen(model: str) -> str:
        return next(row.example for row in list_models({}, model) if row.default)

    assert default() == "extractive"
    assert default(OPENAI_API_KEY=KEY).startswith("openai/")
    assert chosen("ollama/mine") == "ollama/mine"


# --- other houses, through instructor's client --------------------------------------------------------------------


async def at_once(_: float) -> None:
    """Do not wait."""


def through(connect: Callable[[], Any], tmp_path: Path) -> Draft:
    engine = open_llm(
        "deepseek/x",
        environ={"DEEPSEEK_API_KEY": KEY},
        memory=tmp_path / "d.json",
        retry_policy=RetryPolicy(sleep=at_once),
        transport=lambda endpoint, timeout: ProviderTransport(endpoint, timeout, connect),
    )

    async def run() -> Draft:
        try:
            return await engine.draft(passage())
        finally:
            await engine.aclose()

    return asyncio.run(run())


def test_house_that_speaks_like_openai_uses_our_transport(loopback: Start, tmp_path: Path) -> None:
    import instructor

    server = loopback(answer(GOOD))

    def connect() -> Any:
        return instructor.from_provider("deepseek/x", async_client=True, api_key=KEY, base_url=server.url)

    assert through(connect, tmp_path).model_dump(mode="json") == GOOD
    assert server.modes == ["json_schema"]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def foreign(server: Loopback) -> Callable[[], Any]:
    """A house with a client of its own: instructor around a create function, as it is around every SDK."""
    import instructor
    import openai

    def connect() -> Any:
        theirs = openai.AsyncOpenAI(api_key=KEY, base_url=server.url, max_retries=0)
        create = instructor.patch(create=theirs.chat.completions.create, mode=instructor.Mode.TOOLS)
        house = SimpleNamespace(max_retries=2, close=theirs.close)
        return instructor.AsyncInstructor(client=house, create=create, mode=instructor.Mode.TOOLS, model="x")

    return connect


def test_other_house_answers_through_its_own_client(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer(GOOD))
    draft = through(foreign(server), tmp_path)
    assert draft.model_dump(mode="json") == GOOD
    assert (draft.usage.calls, draft.usage.input_tokens, draft.usage.output_tokens) == (1, 1000, 100)
    assert server.modes == ["tools"] and server.count == 1


def test_malformed_item_of_another_house_costs_none_of_its_siblings(loopback: Start, tmp_path: Path) -> None:
    bad = {"takeaways": [TAKEAWAY, {"text": "no quotes"}], "partnerships": []}
    server = loopback(answer(bad))
    draft = through(foreign(server), tmp_path)
    assert len(draft.takeaways) == 1 and len(draft.usage.malformed) == 1
    assert server.count == 3


@pytest.mark.parametrize(
    ("play", "raises", "says", "requests"),
    [
        (error(401, f"bad {KEY}"), EngineRefused, "does not accept the key", 1),
        (error(400, "no such thing"), EngineRefused, "refused the request with 400", 1),
        (answer("x", finish="length"), InvalidDraft, "reached the limit of its answer before one claim was whole", 2),
    ],
)
def test_faults_of_another_house_are_told_alike(
    play: Any, raises: type[Exception], says: str, requests: int, loopback: Start, tmp_path: Path
) -> None:
    server = loopback(play)
    with pytest.raises(raises, match=says) as caught:
        through(foreign(server), tmp_path)
    assert KEY not in str(caught.value)
    assert server.count == requests


def test_house_that_cannot_be_reached_is_unavailable(tmp_path: Path) -> None:
    with Loopback(answer(GOOD)) as server:
        gone = server.url
    server.url = gone
    with pytest.raises(EngineUnavailable, match="asked 4 times"):
        through(foreign(server), tmp_path)
