"""What the documents and messages have somebody install is this project, wherever it comes from.

`test_wheel.py` runs these lines.
"""

import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from summarizer import ConfigError, Settings
from summarizer.cli.main import main
from summarizer.engines import open_engine
from summarizer.ray import summarize_dataset
from summarizer.version import DISTRIBUTION

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCUMENTS = [
    path
    for name in ("*.md", "Makefile", ".ci/run", "*/**/*.md")
    for path in ROOT.glob(name)
    if ".venv" not in path.parts
]
INSTALLS = sorted(
    {
        word
        for path in DOCUMENTS
        for line in re.findall(r"pip install ([^`#&\n]+)", path.read_text(encoding="utf-8"))
        for word in shlex.split(line)
        if not word.startswith("-") and word != "constraints.txt"
    }
)


def test_each_way_to_install_is_documented() -> None:
    assert {".", ".[dev]", ".[redis]"} < set(INSTALLS)
    assert [word for word in INSTALLS if word.endswith(".whl[redis]")]
    assert [word for word in INSTALLS if " @ git+" in word]


@pytest.mark.parametrize("wanted", INSTALLS)
def test_an_install_line_never_installs_what_an_index_has_under_that_name(wanted: str) -> None:
    extras = re.findall(r"[\w-]+", (re.search(r"\[(.*)\]", wanted) or [""])[0])
    assert set(extras) <= set(PROJECT["optional-dependencies"])
    if not wanted.startswith("."):
        requirement = Requirement(wanted)
        assert (requirement.name, bool(requirement.url)) == (PROJECT["name"], True)


def test_what_a_message_has_installed_is_this_project() -> None:
    assert DISTRIBUTION == PROJECT["name"] != "summarizer"
    assert PROJECT["scripts"] == {"summarizer": "summarizer.cli:main"}
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "summarizer").rglob("*.py")]
    named = [name for source in sources for name in re.findall(r"pip install '?([^'\[\s]+)", source)]
    assert set(named) == {"{DISTRIBUTION}"}


@pytest.mark.parametrize(
    ("module", "extra", "use"),
    [
        ("ray", "ray", lambda: summarize_dataset(None)),
        ("redis", "redis", lambda: open_engine("openai/toy", Settings(cache="redis://127.0.0.1:1/0"), api_key="x")),
    ],
)
def test_a_missing_package_is_one_line_with_its_extra(
    module: str, extra: str, use: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=rf"pip install 'newsroom-summarizer\[{extra}\]'"):
        use()


@pytest.mark.parametrize(("module", "command"), [("mcp.server.mcpserver", "mcp"), ("shtab", "completion bash")])
def test_a_command_without_its_package_says_so(
    module: str, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert main(command.split()) == 2
    assert f"pip install 'newsroom-summarizer[{command.split()[0]}]'" in capsys.readouterr().err
