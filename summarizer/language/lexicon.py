"""Access to the words of a language, which stand in `lexicons/TAG.toml`; the README there describes every list."""

import re
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import Any

from .normalization import fold
from .phrases import compile_phrases


class Lexicon:
    """The lists of one language, each read by its dotted name: `status.ended`."""

    def __init__(self, tag: str, tables: dict[str, Any]) -> None:
        self.tag = tag
        self._tables = tables
        self._patterns: dict[str, re.Pattern[str]] = {}

    def get(self, name: str) -> Any:
        """Return the value under a dotted name, None where the language has none."""
        found: Any = self._tables
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    @cache  # noqa: B019 - a lexicon lives as long as the process
    def words(self, name: str) -> frozenset[str]:
        """Return a list of plain words, folded; empty where the language has no such list."""
        return frozenset(fold(word) for word in self.get(name) or ())

    def pattern(self, name: str) -> re.Pattern[str]:
        """Return a pattern that matches any entry of a list as whole words, nothing where there is none."""
        if name not in self._patterns:
            self._patterns[name] = compile_phrases(self.get(name) or ())
        return self._patterns[name]

    def alternatives(self, *names: str) -> str:
        """Return the entries of lists as one regular expression, which matches nothing where there is no entry."""
        return alternatives(chain.from_iterable(self.get(name) or () for name in names))

    @cached_property
    def months(self) -> dict[str, int]:
        """Folded month names and their abbreviations → 1 to 12."""
        return {fold(word): i for i, words in enumerate(self.get("dates.months") or (), 1) for word in words.split("|")}


@cache
def lexicon(tag: str) -> Lexicon | None:
    """Return the lexicon of a language by the primary subtag of its BCP 47 tag, None if there is none."""
    primary = tag.partition("-")[0].lower()
    if primary not in languages():  # a tag may come from anywhere: it is never a path
        return None
    return Lexicon(tag, _loads(_text(primary)))


def _text(primary: str) -> str:
    return (files(__package__) / "lexicons" / f"{primary}.toml").read_text(encoding="utf-8")


def _loads(text: str) -> dict[str, Any]:
    import tomllib  # imported here: a remembered summary may need no table

    return tomllib.loads(text)


@cache
def languages() -> tuple[str, ...]:
    """Return the tags of the languages that have a lexicon, sorted."""
    folder = files(__package__) / "lexicons"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


@cache
def across(name: str) -> tuple[str, ...]:
    """Return a list of all languages as one, each entry once, for rules that read every text alike."""
    tables = filter(None, map(lexicon, languages()))
    return tuple(dict.fromkeys(chain.from_iterable(one.get(name) or () for one in tables)))


@cache
def common() -> dict[str, Any]:
    """Return the tables of no language: abbreviations, units, currencies, legal forms."""
    return _loads((files(__package__) / "common.toml").read_text(encoding="utf-8"))


def alternatives(entries: Iterable[str]) -> str:
    """Return folded entries as one regular expression, the longest first, so that "together with" wins over "with"."""
    folded = ("".join(c if c.isascii() else fold(c) for c in entry).replace(" ", r"\s+") for entry in entries)
    return "|".join(f"(?:{entry})" for entry in sorted(folded, key=len, reverse=True)) or "(?!)"
