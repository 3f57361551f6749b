"""Resolve a spelling to an organisation: by the user's table first, then by rule, so that nothing is merged on a guess.

The table lists the spellings of each organisation. In TOML:

    Alibaba = ["Alibaba Group", "阿里巴巴"]

In CSV the name is in the first column, its spellings in the others. A spelling matches regardless of case, accents,
typography, punctuation and legal form, unless two organisations of the table differ in just that. Nothing else is
ignored: "Alibaba" is not "Alibaba Group", "Disney" is not "Disney+", and an acronym is not the words that it may stand
for, unless an article introduces it: "Alibaba Group (Alibaba)", "Banque centrale européenne (BCE)".
"""

import csv
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ..errors import ConfigError
from ..language.lexicon import common
from ..language.normalization import fold

_REMOVED = re.compile(r"[.'’!?…·]")  # removed: S.A., L'Oréal, Yahoo!
_SEPARATORS = re.compile(r"[^\w&+#@$%*]+")  # becomes a space; other signs are part of the name: AT&T, Disney+
_INITIALS = re.compile(r"(?<!\S)\w(?: \w)+(?!\S)")
_BRACKET = re.compile(r"[(（]([^()（）]{2,80})[)）]")
_LONGEST = 5_000
"""Characters of a quote that are searched."""


class OrganisationKey(NamedTuple):
    """The key of one organisation, whatever its spelling."""

    words: str
    named: str | None = None
    """Its name in the table."""


class OrganisationNames:
    """The user's table, which may be empty."""

    def __init__(self, table: Mapping[str, Iterable[str]] | None = None) -> None:
        """Read a table of names and their spellings. Raises `ConfigError` where a spelling has two names."""
        self._exact: dict[str, str] = {}
        self._loose: dict[str, str | None] = {}
        for name, spellings in (table or {}).items():
            for spelling in (name, *spellings):
                self._add(name, spelling)

    @classmethod
    def read(cls, path: Path) -> "OrganisationNames":
        """Read a table from a file: CSV where it is named so, else TOML. Raises `ConfigError`."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise ConfigError(f"cannot read the names {str(path)!r}: {reason}; check --names") from error
        rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _toml_rows(text, path)
        table: dict[str, list[str]] = {}
        for name, spellings in rows:
            table.setdefault(name, []).extend(spellings)
        try:
            return cls(table)
        except ConfigError as error:
            raise ConfigError(f"{str(path)!r}: {error}") from error

    def key(self, spelling: str) -> OrganisationKey:
        """Return the key of the organisation with a spelling."""
        words = name_key(spelling)
        named = self._exact.get(spelling_key(spelling)) or self._loose.get(words)
        return OrganisationKey(name_key(named), named) if named is not None else OrganisationKey(words)

    def _add(self, name: str, spelling: str) -> None:
        key = spelling_key(spelling)
        if not key:
            raise ConfigError(f"a spelling of {name!r} is empty: remove it")
        other = self._exact.setdefault(key, name)
        if other != name:
            raise ConfigError(f"the spelling {spelling!r} is listed under two names, {other!r} and {name!r}: keep one")
        loose = name_key(spelling)
        # Two organisations that differ in their legal form only: the name without it is ambiguous.
        self._loose[loose] = name if self._loose.get(loose, name) == name else None


def _toml_rows(text: str, path: Path) -> Iterator[tuple[str, list[str]]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"cannot read the names {str(path)!r}: it is not TOML: {error}") from error
    for name, spellings in table.items():
        listed = [spellings] if isinstance(spellings, str) else spellings
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise ConfigError(f'{str(path)!r}: {name!r} needs a list of spellings: {name!r} = ["…"]')
        yield name, listed


def _csv_rows(text: str) -> Iterator[tuple[str, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","  # what Excel writes in half of Europe
    for row in csv.reader(text.splitlines(), delimiter=delimiter):
        cells = [cell.strip() for cell in row if cell.strip()]
        if cells:
            yield cells[0], cells[1:]


# --- keys ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def spelling_key(name: str) -> str:
    """Return the key of a spelling, empty only for a name without visible characters."""
    folded = fold(name).strip()
    words = _SEPARATORS.sub(" ", _REMOVED.sub("", folded)).strip()
    return _INITIALS.sub(lambda run: run[0].replace(" ", ""), words) or folded


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return the key of an organisation's name: `spelling_key` without legal forms."""
    key = spelling_key(name)
    while (shorter := _without_form(key)) != key:
        key = shorter
    return key


def _without_form(key: str) -> str:
    """Remove a legal form, unless no name would be left: "The Limited", "Tiffany & Co. Ltd"."""
    forms = common()["names"]
    shorter = chain(
        (key[: -len(form)] for form in forms["legal"] if key.endswith(f" {form}")),
        (key[len(form) :] for form in forms["legal_before"] if key.startswith(f"{form} ")),
        (
            key.removeprefix(form).removesuffix(form)
            for form in forms["legal_joined"]
            if key.startswith(form) or key.endswith(form)
        ),
    )
    bare = next(shorter, key).strip()
    nameless = len(bare) < 2 or bare in common()["sentences"]["starters"] or bare.endswith("&")
    return key if nameless else bare


def possible_duplicates(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names of which one begins with the other, for a person to decide."""
    known = {name_key(name): name for name in names}
    for key, name in known.items():
        for end in (at for at, sign in enumerate(key) if sign == " "):
            short = known.get(key[:end])
            if short is not None and key[:end] not in common()["names"]["generic"]:
                yield short, name


# --- introductions -------------------------------------------------------------------------------------------------


class Introduction(NamedTuple):
    """A short form, and the long spelling that it stands for.

    A short form that begins the long one is valid in all articles, unless one of them uses it for another organisation.
    An acronym is valid in the article that introduces it only: elsewhere it may stand for something else.
    """

    short: str
    """As a `name_key`."""
    long: str
    is_acronym: bool


def introductions(quotes: Iterable[str], parties: Collection[str]) -> Iterator[Introduction]:
    """Yield the introductions in the quotes of one article in which one of the two forms is a party."""
    for quote in quotes:
        for bracket in _BRACKET.finditer(quote[:_LONGEST]):
            before = quote[: bracket.start()].rstrip()
            for party in parties:
                rest, end = before[: -len(party)], before[-len(party) :]
                if spelling_key(end) == spelling_key(party) and not rest[-1:].isalnum():
                    yield from _introduced(party, bracket[1].strip())


def _introduced(outside: str, inside: str) -> Iterator[Introduction]:
    for short, long in ((inside, outside), (outside, inside)):
        key, words = name_key(short), name_key(long).split()
        if key.split() == words[: len(key.split())] and len(key.split()) < len(words):
            if key not in common()["names"]["generic"]:
                yield Introduction(key, long, is_acronym=False)
        elif " " not in key and len(key) > 1 and key in _initials(words):
            yield Introduction(key, long, is_acronym=True)


def _initials(words: list[str]) -> tuple[str, str]:
    """Return the initials of all words, and of those with more than three letters."""
    return "".join(word[0] for word in words), "".join(word[0] for word in words if len(word) > 3)
