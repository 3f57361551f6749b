"""The README says what is true: its help is the command's, its Python runs, its links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.cli.main import COMMANDS, main_parser, parse

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
