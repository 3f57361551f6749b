"""What the embedded model makes of sentences in seven languages: who with whom, in which state, what it leaves.

The cases stand in `data/extractive_partnerships.toml`; the names are invented.
"""

import asyncio
import tomllib
from pathlib import Path

import pytest

from summarizer.engines.extractive import ExtractiveEngine
from summarizer.language.normalization import fold
from summarizer.schema import Article, Draft, Passage

CASES = tomllib.loads((Path(__file__).parent / "data" / "extractive_partnerships.toml").read_text(encoding="utf-8"))


def draft(text: str, language: str, *, output: str | None = None, takeaways: int = 5) -> Draft:
    article = Article(text=text, language=language)
    passage = Passage(article=article, start=0, end=len(text), output_language=output or language, takeaways=takeaways)
    return asyncio.run(ExtractiveEngine().draft(passage))


def told(text: str, language: str) -> list[str]:
    """Return the partnerships as "a + b: status", folded and sorted, legal forms and articles left out."""
    return sorted(_line(partnership.parties, partnership.status) for partnership in draft(text, language).partnerships)


def _line(parties: tuple[str, ...] | list[str], status: str) -> str:
    return f"{' + '.join(sorted(fold(party).strip() for party in parties))}: {status}"


def _wanted(case: str) -> str:
    parties, _, status = case.rpartition(": ")
    return _line(parties.split(" + "), status)


@pytest.mark.parametrize(
    ("language", "case"), [(language, case) for language, cases in CASES.items() for case in cases]
)
def test_sentence_is_read_as_its_author_meant_it(language: str, case: dict[str, list[str]]) -> None:
    assert told(str(case["text"]), language) == sorted(map(_wanted, case["states"]))
