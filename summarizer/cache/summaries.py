"""A cache of summaries: the same rules, applied to the same drafts of the same article, accept the same claims.

When a summary is recalled, only its quotes are compared with the article again, letter by letter, which takes a tenth
of the time of grounding it. New rules, another request or a changed word make another key.
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

_RULES = ("grounding", "language", "pipeline.py", "chunking", "schema")  # in the package: what decides what is accepted
_LEVEL = 1


class SummaryCache:
    """Summaries by article and request; no method raises, but for `StoreBusy` where `keep` may not wait."""

    def __init__(self, drafts: DraftCache) -> None:
        self._drafts = drafts

    def recall(self, article: Article, request: str) -> Summary | None:
        """Return the summary of an article, free this time; None where there is none, or its quotes do not match."""
        value = self._drafts.recall_summary(self._key(article, request))
        if value is None:
            return None
        try:
            summary = Summary.model_validate_json(zlib.decompress(value))
        except (zlib.error, ValueError):
            return None
        return _without_cost(summary, article) if _matches(summary, article) else None

    def keep(self, article: Article, request: str, summary: Summary, *, wait: bool) -> None:
        """Store a summary, unless another run may give a better one."""
        if summary.provenance.truncated or summary.provenance.warnings != article.warnings:
            return
        try:
            value = zlib.compress(summary.model_dump_json().encode(), _LEVEL)
        except ValueError:  # a lone surrogate, which JSON cannot hold
            return
        self._drafts.keep_summary(self._key(article, request), value, wait=wait)

    def _key(self, article: Article, request: str) -> bytes:
        fingerprint = portable_rules() if self._drafts.shared else rules()
        parts = [fingerprint, request, article.sha256, article.title, article.language, article.published]
        return hashlib.sha256(json.dumps(parts).encode()).digest()


def _matches(summary: Summary, article: Article) -> bool:
    """Compare every quote with the article."""
    claims: tuple[Takeaway | Partnership, ...] = (*summary.takeaways, *summary.partnerships)
    return all(article.text[each.start : each.end] == each.quote for claim in claims for each in claim.evidence)


def _without_cost(summary: Summary, article: Article) -> Summary:
    """Return a summary as one that was recalled, with the warnings of this article."""
    provenance = summary.provenance
    free = {"cached": True, "calls": 0, "usage": type(provenance.usage)(), "cost_usd": 0.0, "seconds": 0.0}
    changes = {**free, "version": __version__, "warnings": article.warnings}
    return summary.model_copy(update={"article": article.info, "provenance": provenance.model_copy(update=changes)})


@lru_cache(maxsize=1)
def rules() -> str:
    """Return the fingerprint of the rules on this machine: the version, and when each of their files was changed."""
    files = [(entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in _files()]
    return hashlib.sha256(json.dumps([__version__, sorted(files)]).encode()).hexdigest()


@lru_cache(maxsize=1)
def portable_rules() -> str:
    """Return the fingerprint of the rules that is the same on every machine: the version, and the files' content."""
    files = [(entry.name, hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()) for entry in _files()]
    return hashlib.sha256(json.dumps([__version__, sorted(files)]).encode()).hexdigest()


def _files() -> Iterator["os.DirEntry[str]"]:
    """Yield the files that decide what is accepted, at any depth."""
    package = Path(__file__).resolve().parent.parent
    entries = [entry for entry in os.scandir(package) if entry.name in _RULES]
    while entries:
        entry = entries.pop()
        if entry.is_dir():
            entries += [inside for inside in os.scandir(entry) if inside.name != "__pycache__"]
        else:
            yield entry
