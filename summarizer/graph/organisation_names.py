"""Resolve a spelling to an organisation: by the user's table first, then by rule.

The table lists the spellings of each organisation. In TOML:

    Alibaba = ["Alibaba Group", "阿里巴巴"]

In CSV the name is in the first column, its spellings in the others. A spelling matches regardless of case, accents,
punctuation and legal form, unless two organisations of the table differ in just that.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..errors import ConfigError
from .spelling_keys import name_key, spelling_key


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
