"""Headings, statuses and labels of a summary in its output language, from the `[labels]` section of each lexicon.

Text about the article is in the language of the summary. Text about the run (model, cost, why a claim was rejected) is
in English, like every message of the program.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from ..language.lexicon import lexicon
from ..schema import ClaimKind, Status

_DEFAULT = "en"


class Labels(NamedTuple):
    """The labels in one language."""

    language: str
    """BCP 47, of the labels: `en` where the language asked for has none."""
    takeaways: str
    partnerships: str
    rejected: str
    articles: str
    article: str
    none_found: str
    statuses: Mapping[str, str]
    parties: str
    status: str
    labels: Mapping[str, str]
    """Of the optional fields of a partnership."""
    kinds: Mapping[str, str]
    """Of a rejected claim."""
    line: str
    """With a placeholder for its number."""
    elided: str
    close: str
    every: str
    """The choice of a filter that hides nothing."""
    reset: str
    skip: str
    nearest: str
    """Precedes the words of the article that are nearest to a rejected claim: its own quotes, or a sentence."""
    colon: str = ": "

    def of_status(self, status: Status) -> str:
        """Return the label of a status."""
        return self.statuses[status]

    def of_kind(self, kind: ClaimKind) -> str:
        """Return the label of a rejected claim's kind."""
        return self.kinds[kind]

    @property
    def details(self) -> tuple[str, ...]:
        """The labels of a partnership's optional fields, in order."""
        return tuple(self.labels.values())


def words_of(language: str) -> Labels:
    """Return the labels in a language (BCP 47), in English where it has none."""
    return _read(language.partition("-")[0].lower())


@cache
def _read(tag: str) -> Labels:
    tables = lexicon(tag)
    found: dict[str, Any] | None = (tables.get("labels") if tables else None) or _without_lexicon().get(tag)
    if found is None:
        return _read(_DEFAULT)
    texts = {key: text for key, text in found.items() if key != "fields"}
    return Labels(language=tag, labels=found["fields"], **texts)


@cache
def _without_lexicon() -> Mapping[str, Any]:
    """The labels in languages that have no lexicon."""
    return tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8"))
