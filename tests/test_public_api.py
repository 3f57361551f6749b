"""The public names, what it costs to import them, and what a type checker and an exception say of them."""

import asyncio
import pickle
import re
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from loopback import Loopback, error, raw
from pytest_httpserver import HTTPServer

import summarizer
from summarizer import (
    ConfigError,
    EngineError,
    EngineUnavailable,
    Options,
    Settings,
    SourceError,
    asummarize,
    check_claim,
    load,
    ray,
    summarize,
    summarize_many,
)
from summarizer.cli.main import main
from summarizer.engines.llm import open_llm
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.engines.replay import ReplayEngine

ROOT = Path(__file__).parent.parent
TYPED = Path(__file__).parent / "typed_project"
EXAMPLE = Path(__file__).parent / "example_plugin"
PROMISED = """
Article Draft Summary Takeaway Partnership Evidence Rejected Failure Status Verdict Provenance Reason ReasonCode
SummarizerError ConfigError SourceError PromptError EngineError EngineRefused EngineUnavailable InvalidDraft
summarize asummarize summarize_many load load_all ground check_claim render
Address Settings Engine Repairer Selector Verifier __version__"""


def test_every_promised_name_is_public() -> None:
    assert set(PROMISED.split()) - set(summarizer.__all__) == set()


def test_every_public_name_is_there() -> None:
    assert [name for name in summarizer.__all__ if getattr(summarizer, name, None) is None] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(summarizer, "Summarizer")


def test_importing_the_package_pulls_in_no_client_and_no_terminal() -> None:
    code = (
        "import summarizer, sys; print([m for m in "
        "('openai', 'instructor', 'rich', 'pydantic', 'tenacity', 'lingua', 'typing', 'asyncio') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def test_each_error_is_a_summarizer_error() -> None:
    errors = [name for name in PROMISED.split() if name.endswith(("Error", "Refused", "Unavailable", "InvalidDraft"))]
    assert all(issubclass(getattr(summarizer, name), summarizer.SummarizerError) for name in errors)


# --- types -----------------------------------------------------------------------------------------------------------


def test_a_project_that_uses_the_package_is_checked() -> None:
    """Each line of the project says in a comment which error of mypy it has; the others have none."""
    wanted = {
        f"{path.name}:{number}: {code}"
        for path in TYPED.glob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for code in re.findall(r"# error: (\S+)", line)
    }
    strict = ["--strict", "--no-error-summary", "--config-file", ROOT / "pyproject.toml"]
    command = [sys.executable, "-m", "mypy", *strict]
    done = subprocess.run([*command, TYPED, EXAMPLE], capture_output=True, text=True, check=False, cwd=ROOT)
    found = re.findall(r"(\w+\.py:\d+): error: .*\[([\w-]+)\]", done.stdout)
    assert {f"{place}: {code}" for place, code in found} == wanted, done.stdout + done.stderr


def test_the_options_are_the_settings_that_a_door_does_not_name() -> None:
    named = {"model", "language", "takeaways"}
    assert set(Options.__annotations__) == set(Settings.model_fields) - named - {"origins"}


@pytest.mark.parametrize("door", [summarize, asummarize, summarize_many, ray.summarize_dataset])
def test_the_doors_take_the_same_settings(door: Any) -> None:
    hints = get_type_hints(door, localns={"Dataset": object})
    assert hints["options"] == get_type_hints(summarize)["options"]
    assert {"model", "language", "takeaways", "api_key"} <= set(hints)


# --- what an exception knows -----------------------------------------------------------------------------------------

OVERLOADED = error(429, "slow down", {"Retry-After": "7", "x-request-id": "req_1"})


def test_a_key_that_was_not_given_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Loopback(error(401, "Missing bearer")) as server, pytest.raises(EngineError, match="OPENAI_API_KEY"):
        summarize("Airbus and Thales signed a deal.", model="openai/toy", base_url=server.url, cache="off")


@pytest.mark.parametrize(
    ("play", "known"),
    [
        (error(401, "bad key"), {"status": 401, "retry_after": None}),
        (error(400, "odd", {"x-request-id": "req_2"}), {"status": 400, "request_id": "req_2"}),
        (error(403, "no", {"request-id": "req_3"}), {"status": 403, "request_id": "req_3"}),
        (error(404, "no such model"), {"status": 404}),
        (raw("<html>", content_type="text/html"), {"status": None}),
    ],
)
def test_an_error_of_a_model_knows_what_the_server_said(play: Any, known: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Airbus and Thales signed a deal on Monday.", encoding="utf-8")
    with Loopback(play) as server, pytest.raises(EngineError) as raised:
        summarize(path, model="openai/toy", base_url=server.url, api_key="sk-x", cache="off")
    told = vars(raised.value)
    assert {name: told.get(name) for name in known} == known
    assert (raised.value.model, raised.value.source) == ("openai/toy", str(path))


def test_patience_that_ran_out_knows_how_long_to_wait() -> None:
    async def no_wait(_: float) -> None:
        """Do not wait."""

    async def asked(url: str) -> None:
        engine = open_llm("openai/toy", base_url=url, retry_policy=RetryPolicy(sleep=no_wait, attempts=2))
        async with aclosing(engine):
            await asummarize("Airbus and Thales signed a deal on Monday.", engine=engine)

    with Loopback(OVERLOADED) as server, pytest.raises(EngineUnavailable) as raised:
        asyncio.run(asked(server.url))
    known = raised.value
    assert (known.status, known.retry_after, known.request_id, known.model) == (429, 7.0, "req_1", "openai/toy")
    copied = pickle.loads(pickle.dumps(known))  # noqa: S301 - ours
    assert vars(copied) == vars(known)


def test_an_error_of_reading_knows_its_source(tmp_path: Path, httpserver: HTTPServer) -> None:
    with pytest.raises(SourceError) as raised:
        load(tmp_path / "missing.txt")
    assert raised.value.source == str(tmp_path / "missing.txt")
    httpserver.expect_request("/gone").respond_with_data("gone", status=404)
    address = httpserver.url_for("/gone")
    with pytest.raises(SourceError) as raised:
        load(address, allow_private=True)
    assert (raised.value.source, raised.value.status) == (address, 404)
    with pytest.raises(SourceError) as raised:
        load(address.replace("://", "://user:secret@"), allow_private=True)
    assert raised.value.source == address


# --- whose words an error uses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "keyword", "flag"),
    [
        ({"model": "openai/toy", "base_url": "http://127.0.0.1:9/v1", "max_cost": 1}, "`max_cost`", "--max-cost"),
        ({"model": "nobody/toy"}, "nobody", "nobody"),
        ({"model": "toy"}, "`base_url`", "--base-url"),
        ({"model": "openai/toy"}, '`model="extractive"`', "--model extractive"),
    ],
)
def test_settings_are_keywords_in_python_and_flags_in_the_command(
    options: dict[str, Any],
    keyword: str,
    flag: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigError) as raised:
        summarize("Airbus and Thales signed a deal on Monday.", **options)
    assert keyword in str(raised.value) and "--" not in str(raised.value)
    given = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    assert main(["fixtures/apple-alibaba/article.txt", *given]) == 2
    said = capsys.readouterr().err
    assert flag in said and "`" not in said


def test_an_engine_and_a_model_are_not_both_given() -> None:
    with pytest.raises(ConfigError, match="both given"):
        summarize("Airbus and Thales signed a deal.", engine=ReplayEngine({}), model="openai/toy")


def test_a_claim_is_checked_against_an_article_and_nothing_else() -> None:
    with pytest.raises(TypeError, match=r"Article\.from_text"):
        check_claim("Norvik bought Zelba.", "Norvik bought Zelba.")  # type: ignore[arg-type]
