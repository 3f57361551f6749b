"""What the documents and messages have somebody install is this project, wherever it comes from.

`test_wheel.py` runs these lines.
"""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from summarizer.version import DISTRIBUTION

ROOT = Path(__file__).parent.parent
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
