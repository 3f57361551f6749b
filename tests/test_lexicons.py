"""Every list of a lexicon is read by code and described in the README; no entry stands in the shadow of another."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from summarizer.language.normalization import fold
from summarizer.rendering.summary_view import Labels

PACKAGE = Path(__file__).parent.parent / "summarizer"
FOLDER = PACKAGE / "language" / "lexicons"
LEXICONS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
README = (FOLDER / "README.md").read_text(encoding="utf-8")
UNORDERED = {("dates", "months"), ("dates", "weekdays"), ("takeaways", "stop"), ("organisations", "nouns")}
"""Lists with their own notation."""
LABELS = {*Labels._fields, "fields"}
"""What `rendering.summary_view` reads as a whole."""


def lists(lexicon: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return ((section, name) for section, table in lexicon.items() for name in table)


@cache
def strings() -> list[tuple[set[str], set[str]]]:
    """The strings of each module, and its f-strings with `*` for what they put in."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        plain = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        found.append((plain, {template(node) for node in nodes if isinstance(node, ast.JoinedStr)}))
    return found


def template(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def is_read(section: str, name: str) -> bool:
    """Tell whether a module has "section.name", or puts it together from a name and perhaps a section."""
    return (section == "labels" and name in LABELS) or any(
        f"{section}.{name}" in plain
        or (name in plain and (f"{section}.*" in templates or (section in plain and "*.*" in templates)))
        for plain, templates in strings()
    )


@pytest.mark.parametrize("tag", LEXICONS)
def test_code_reads_every_list(tag: str) -> None:
    assert [f"{section}.{name}" for section, name in lists(LEXICONS[tag]) if not is_read(section, name)] == []


@pytest.mark.parametrize("tag", LEXICONS)
def test_no_entry_is_shadowed_by_an_earlier_one_of_its_list(tag: str) -> None:
    shadowed = []
    for section, name in lists(LEXICONS[tag]):
        entries = LEXICONS[tag][section][name]
        if isinstance(entries, list) and (section, name) not in UNORDERED:
            shadowed += [f"{section}.{name}: {entry}" for entry in in_shadow(entries, plain=section == "words")]
    assert shadowed == []


def in_shadow(entries: list[str], *, plain: bool) -> Iterator[str]:
    """Yield what an earlier entry equals, or always matches first, without looking around it."""
    for i, entry in enumerate(entries):
        words = [] if plain else [one for one in entries[:i] if one.isascii() and one[-1] != "'"]
        general = [one.replace(" ", r"\s+") for one in words if not re.search(r"\(\?|[\\$^]", one)]
        is_literal = entry.isascii() and re.fullmatch(r"[\w' &-]*[\w &-]", entry) is not None
        if fold(entry) in map(fold, entries[:i]) or (is_literal and any(re.fullmatch(one, entry) for one in general)):
            yield entry


def test_the_readme_describes_every_list() -> None:
    described = set(re.findall(r"`([a-z_]+\.(?!toml|txt)[a-z_]+)`", README))
    assert described == {f"{section}.{name}" for lexicon in LEXICONS.values() for section, name in lists(lexicon)}
