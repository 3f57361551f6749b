"""The MCP server, asked by the SDK's own client: over standard input and output, and what it refuses."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from summarizer.cli.main import main

ARTICLE = "Norvik signed a partnership with Zelba in Oslo. The two companies will build 40 tidal turbines together.\n"
OTHER = "Norvik has ended its partnership with Brel Group. The factory in Lund will be closed by 2027.\n"


@asynccontextmanager
async def client(*arguments: str) -> AsyncIterator[Client]:
    command = ["-m", "summarizer", "mcp", "-m", "extractive", *arguments]
    async with Client(StdioServerParameters(command=sys.executable, args=command)) as opened:
        yield opened


def asked(arguments: tuple[str, ...], question: Callable[[Client], Awaitable[Any]]) -> Any:
    async def ask() -> Any:
        async with client(*arguments) as opened:
            return await question(opened)

    return anyio.run(ask)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "articles"
    inside.mkdir()
    (inside / "deal.txt").write_text(ARTICLE, encoding="utf-8")
    (inside / "end.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "secret.txt").write_text(ARTICLE, encoding="utf-8")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    return inside


def test_each_tool_says_what_it_takes_and_gives(folder: Path) -> None:
    tools = {tool.name: tool for tool in asked((str(folder),), Client.list_tools).tools}
    assert set(tools) == {"summarize", "check", "graph"}
    assert {"takeaways", "partnerships", "rejected"} <= tools["summarize"].output_schema["properties"].keys()
    assert "verdicts" in tools["check"].output_schema["properties"]
    assert "graph" in tools["graph"].output_schema["properties"]


def test_an_article_is_summarized_with_evidence(folder: Path) -> None:
    answer = asked((str(folder),), lambda opened: opened.call_tool("summarize", {"source": "deal.txt"}))
    (partnership,) = answer.structured_content["partnerships"]
    assert (partnership["parties"], partnership["status"]) == (["Norvik", "Zelba"], "established")
    for evidence in partnership["evidence"]:
        assert ARTICLE[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert answer.structured_content["schema"] == "summary/1"
    assert answer.structured_content["article"]["source"] == "deal.txt"


def test_claims_are_checked_in_order() -> None:
    claims = [
        "The two companies will build 90 tidal turbines together.",
        "Norvik signed a partnership with Zelba in Oslo.",
    ]
    answer = asked((), lambda opened: opened.call_tool("check", {"text": ARTICLE, "claims": claims}))
    assert [each["grade"] for each in answer.structured_content["verdicts"]] == ["unsupported", "supported"]
    assert [each["claim"] for each in answer.structured_content["verdicts"]] == claims


def test_the_graph_joins_articles_and_names_those_that_failed(folder: Path) -> None:
    (folder / "loop.txt").symlink_to("loop.txt")
    names = ["deal.txt", "end.txt", "gone.txt", "a\0b", "loop.txt"]
    answer = asked((str(folder),), lambda opened: opened.call_tool("graph", {"articles": names})).structured_content
    assert [edge["parties"] for edge in answer["graph"]["edges"]] == [["Brel Group", "Norvik"], ["Norvik", "Zelba"]]
    assert [failure["source"] for failure in answer["failures"]] == ["gone.txt", "a\0b", "loop.txt"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"source": "../secret.txt"}, "outside the folder"),
        ({"source": "/etc/hostname"}, "outside the folder"),
        ({"source": "link.txt"}, "outside the folder"),
        ({"source": "http://127.0.0.1:9/a"}, "127.0.0.1"),
        ({"source": "gone.txt"}, "gone.txt"),
        ({"text": " "}, "empty"),
        ({"text": ARTICLE, "source": "deal.txt"}, "not both"),
        ({}, "give a source or a text"),
        ({"text": ARTICLE, "takeaways": 0}, "takeaways"),
    ],
)
def test_what_the_command_refuses_is_refused(folder: Path, arguments: dict[str, Any], why: str) -> None:
    answer = asked((str(folder),), lambda opened: opened.call_tool("summarize", arguments))
    assert answer.is_error
    assert why in answer.content[0].text
    assert "Traceback" not in answer.content[0].text and str(folder) not in answer.content[0].text


def test_without_a_folder_no_file_is_read() -> None:
    answer = asked((), lambda opened: opened.call_tool("summarize", {"source": "README.md"}))
    assert answer.is_error and "without a folder" in answer.content[0].text


def test_a_folder_that_is_none_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", str(tmp_path / "gone")]) == 2
    assert "is no folder" in capsys.readouterr().err
