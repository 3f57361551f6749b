"""A real server: llama.cpp's, with a toy model whose answers are garbage in the right form.

Needs `LLAMA_SERVER` (its binary) and `LLAMA_MODEL` (a GGUF file).
"""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from test_llm_engine import TEXT, passage

from summarizer.engines.llm import open_llm
from summarizer.engines.llm.engine import LlmEngine
from summarizer.engines.llm.output_modes import OutputMode
from summarizer.engines.llm.tasks.verify import Review
from summarizer.errors import EngineError, EngineRefused
from summarizer.schema import Draft, Evidence, Takeaway

BINARY, MODEL = os.environ.get("LLAMA_SERVER", ""), os.environ.get("LLAMA_MODEL", "")
KEY = "sk-toy"
FIXTURES = Path(__file__).parent.parent / "fixtures"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (BINARY and MODEL), reason="LLAMA_SERVER and LLAMA_MODEL do not name a llama-server and its model"
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A llama-server of our own; its base URL."""
    binary = tmp_path_factory.mktemp("llama") / "llama-server"
    shutil.copy(BINARY, binary)
    binary.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [binary, "-m", MODEL, "--alias", "toy", "-c", "65536", "-np", "4", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--api-key", KEY, "--jinja", "--no-warmup", "-t", "1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1_200):
        assert process.poll() is None, "llama-server ended by itself"
        try:
            with urlopen(url) as answer:  # noqa: S310  (our own server)
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail("llama-server did not get ready")


def engine_of(server: str, folder: Path, **options: Any) -> LlmEngine:
    settings: dict[str, Any] = {"api_key": KEY, "max_output_tokens": 400, "timeout": 60, **options}
    return open_llm("openai/toy", base_url=server, environ={}, memory=folder / "request_modes.json", **settings)


def articles() -> list[str]:
    texts = [path.read_text("utf-8") for path in sorted(FIXTURES.glob("*/article.txt"))][:10]
    assert len(texts) == 10
    return texts


def outcomes(engine: LlmEngine, *texts: str) -> list[Draft | EngineError]:
    """A draft of each text, or the error that says why there is none."""

    async def run() -> list[Draft | EngineError]:
        try:
            return await asyncio.gather(*(one(text) for text in texts))
        finally:
            await engine.aclose()

    async def one(text: str) -> Draft | EngineError:
        try:
            return await engine.draft(passage(text))
        except EngineError as error:
            return error

    return asyncio.run(run())


def test_ten_articles_give_ten_drafts_or_clear_errors(server: str, tmp_path: Path) -> None:
    engine = engine_of(server, tmp_path)
    results = outcomes(engine, *articles())
    assert len(results) == 10
    for result in results:
        told = str(result)
        assert isinstance(result, Draft) or ("\n" not in told and "openai/toy" in told), told
    assert sum(isinstance(result, Draft) for result in results) >= 8
    assert engine.request_mode.mode is OutputMode.SCHEMA
    assert engine.total.input_tokens > 10_000


def test_schema_is_decoded_strictly(server: str, tmp_path: Path) -> None:
    """The toy writes garbage, yet each item has the form: nothing has to be mended or asked again."""
    engine = engine_of(server, tmp_path)
    (draft,) = outcomes(engine, TEXT)
    assert isinstance(draft, Draft), draft
    assert not [note for note in draft.usage.warnings if "unknown key" in note or "twice" in note]


def test_wrong_key_is_told(server: str, tmp_path: Path) -> None:
    (error,) = outcomes(engine_of(server, tmp_path, api_key="sk-wrong-0123456"), TEXT)
    assert isinstance(error, EngineRefused)
    assert "does not accept the key: Invalid API Key" in str(error)


def test_article_longer_than_the_context_is_split(server: str, tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {n} says that Alphaville grew by {n} %." for n in range(400))
    engine = engine_of(server, tmp_path)
    (draft,) = outcomes(engine, text)
    assert isinstance(draft, Draft), draft
    assert draft.usage.calls >= 2


def test_second_opinion_has_the_form(server: str, tmp_path: Path) -> None:
    engine = engine_of(server, tmp_path)
    claim = Takeaway(text="x", evidence=(Evidence(quote="x", start=0, end=1, match="verbatim"),))

    async def run() -> Review | EngineError:
        try:
            return await engine.verify([claim], "en")
        except EngineError as error:
            return error
        finally:
            await engine.aclose()

    told = asyncio.run(run())
    assert isinstance(told, Review) or "no opinions" in str(told), told
