"""The README says what is true: its help is the command's, its Python runs, its links lead somewhere."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from summarizer.cli.main import COMMANDS, main_parser, parse
from summarizer.version import DISTRIBUTION

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def shown_help() -> str:
    return re.search(r"<!-- help -->\n```text\n(.*?)```\n<!-- /help -->", README, re.DOTALL)[1]


def test_the_help_in_the_readme_is_the_help_of_the_command() -> None:
    assert shown_help() == main_parser().format_help()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.strip().splitlines()[-1][:40])
def test_a_python_block_runs_and_prints_what_it_says(block: str) -> None:
    answer = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT, check=False)
    assert answer.returncode == 0, answer.stderr
    said = [line.partition("  # ")[2] for line in block.splitlines() if line.startswith("print(") and "  # " in line]
    assert not said or answer.stdout.splitlines() == said


def test_every_link_to_a_file_leads_to_one() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(name: str) -> None:
    with pytest.raises(SystemExit) as done:
        parse([name, "--help"])
    assert done.value.code == 0
    assert f"summarizer {name}" in README


# --- installing ------------------------------------------------------------------------------------------------------

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCUMENTS = [path for name in ("*.md", "Makefile", ".ci/run", "*/**/*.md") for path in ROOT.glob(name)]
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
