"""Remembers what was proven: the same rules, on the same answers about the same article, prove the same.

So a whole summary is kept beside the drafts, and when it is recalled only its quotes are held against the article
again, letter by letter: a hit costs a tenth of a proof. New rules, another request, a changed word: another key.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ..schema import Article, Partnership, Summary, Takeaway
from ..version import __version__
from .drafts import DraftCache

_RULES = ("grounding", "language", "pipeline.py", "chunking", "schema")  # in the package: what decides what is proven
_LEVEL = 1


class SummaryCache:
    """Summaries by article and request; no method raises, but for `Busy` where `keep` may not wait."""

    def __init__(self, memory: DraftCache) -> None:
        self._memory = memory

    def recall(self, article: Article, request: str) -> Summary | None:
        """Return the summary of an article, free of cost this time; None where there is none, or its quotes are off."""
        value = self._memory.recall_summary(self._key(article, request))
        if value is None:
            return None
        try:
            summary = Summary.model_validate_json(zlib.decompress(value))
        except (zlib.error, ValueError):
            return None
        return _anew(summary, article) if _holds(summary, article) else None

    def keep(self, article: Article, request: str, summary: Summary, *, wait: bool) -> None:
        """Remember a summary, unless something in it may go better another time."""
        if summary.provenance.truncated or summary.provenance.warnings != article.warnings:
            return
        try:
            value = zlib.compress(summary.model_dump_json().encode(), _LEVEL)
        except ValueError:  # half a character, which JSON cannot hold
            return
        self._memory.keep_summary(self._key(article, request), value, wait=wait)

    def _key(self, article: Article, request: str) -> bytes:
        known = rules_everywhere() if self._memory.shared else rules()
        parts = [known, request, article.sha256, article.title, article.language, article.published]
        return hashlib.sha256(json.dumps(parts).encode()).digest()


def _holds(summary: Summary, article: Article) -> bool:
    """Hold every quote against the article again."""
    claims: tuple[Takeaway | Partnership, ...] = (*summary.takeaways, *summary.partnerships)
    evidence = (one for claim in claims for one in claim.evidence)
    return all(article.text[one.start : one.end] == one.quote for one in evidence)


def _anew(summary: Summary, article: Article) -> Summary:
    """Return a summary as one that was found: what it took is nothing this time."""
    provenance = summary.provenance
    usage = type(provenance.usage)()
    free = {"cached": True, "calls": 0, "usage": usage, "cost_usd": 0.0, "version": __version__}
    seen = {**free, "seconds": 0.0, "warnings": article.warnings}
    return summary.model_copy(update={"article": article.info, "provenance": provenance.model_copy(update=seen)})


@lru_cache(maxsize=1)
def rules() -> str:
    """Return the fingerprint of the rules: the version, and when each of their files was changed."""
    seen = [(entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in _files()]
    return hashlib.sha256(json.dumps([__version__, sorted(seen)]).encode()).hexdigest()


@lru_cache(maxsize=1)
def rules_everywhere() -> str:
    """Return the fingerprint of the rules that is the same on every machine: the version, and what the files say."""
    seen = [(entry.name, hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()) for entry in _files()]
    return hashlib.sha256(json.dumps([__version__, sorted(seen)]).encode()).hexdigest()


def _files() -> Iterator["os.DirEntry[str]"]:
    """Yield the files that decide what is proven, in any depth."""
    package = Path(__file__).resolve().parent.parent
    entries = [entry for entry in os.scandir(package) if entry.name in _RULES]
    while entries:
        entry = entries.pop()
        if entry.is_dir():
            entries += [inside for inside in os.scandir(entry) if inside.name != "__pycache__"]
        else:
            yield entry
