"""The documents say what is true: tables are the code's, Python and shell run, and links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from document_tables import with_tables

from summarizer.cli.main import COMMANDS, parse
from summarizer.schema import ArticleInfo, Evidence, Partnership, Provenance, Reason, Rejected, Summary, Takeaway

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path for path in ROOT.glob("**/*.md") if not {".venv", "data", "pages"} & set(path.relative_to(ROOT).parts)
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(named(path), block) for path in DOCUMENTS for block in pattern.findall(path.read_text(encoding="utf-8"))]


def test_the_readme_is_short() -> None:
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    assert len(README.splitlines()) <= 300
    assert len(re.findall(r"[\w’'.-]+", prose)) <= 2_500


def test_the_tables_are_those_of_the_code() -> None:
    assert with_tables(README) == README, "run `make docs`"


def test_every_field_of_the_output_is_described() -> None:
    described = set(re.findall(r"`([a-z0-9_]+)(?:\[\])?`", README))
    models = (Summary, ArticleInfo, Takeaway, Partnership, Evidence, Rejected, Reason, Provenance)
    fields = {(f.alias or name) for model in models for name, f in model.model_fields.items() if not f.exclude}
    assert sorted(fields - described) == []


@pytest.mark.parametrize(("document", "block"), blocks(_BLOCK), ids=lambda value: value.strip().splitlines()[-1][:40])
def test_a_python_block_runs_and_prints_what_it_says(document: str, block: str) -> None:
    answer = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT, check=False)
    assert answer.returncode == 0, f"{document}: {answer.stderr}"
    said = [line.partition("  # ")[2] for line in block.splitlines() if line.startswith("print(") and "  # " in line]
    assert not said or answer.stdout.splitlines() == said


@pytest.mark.parametrize(("document", "block"), blocks(_SHELL), ids=lambda value: value.strip().splitlines()[0][:40])
def test_each_command_of_a_shell_block_is_understood(document: str, block: str) -> None:
    for line in block.replace("\\\n", "").splitlines():
        words = shlex.split(line, comments=True)
        for command in " ".join(words).split(" | "):
            if command.startswith("summarizer "):
                parse(command.split()[1:])


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target, anchor in _LINK.findall(document.read_text(encoding="utf-8")):
        path = document.parent / target if target else document
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            assert anchor in anchors(path), f"{target}#{anchor}"


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_a_document(name: str) -> None:
    with pytest.raises(SystemExit) as done:
        parse([name, "--help"])
    assert done.value.code == 0
    assert any(f"summarizer {name}" in path.read_text(encoding="utf-8") for path in DOCUMENTS)
