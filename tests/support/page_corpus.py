"""The pages in `pages/`, each with what a person reads on it, and how near a reader comes to that."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "pages"
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_]+")


@dataclass(frozen=True)
class Page:
    """A page, and its truth."""

    slug: str
    raw: bytes
    url: str
    charset: str | None = None
    """What the server says."""
    held_out: bool = False
    """Whether nobody looked at what readers make of it while they were made."""
    refused: str | None = None
    """What it is, if no article."""
    text: tuple[str, ...] = ()
    """The body, without the headline."""
    title: str | None = None
    published: str | None = None
    language: str | None = None
    author: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class Found:
    """What a reader made of a page."""

    text: str
    title: str | None
    published: str | None
    language: str | None


@dataclass(frozen=True)
class Score:
    """How near that comes to the truth, over many pages."""

    pages: int
    precision: float
    recall: float
    """Of the words of the body, each page counting the same."""
    title: float
    published: float
    language: float
    unread: int
    """Articles of which nothing was read."""


def pages(*, held_out: bool | None = None) -> tuple[Page, ...]:
    """Return the pages, or one half of them."""
    found = (_page(folder) for folder in sorted(FOLDER.iterdir()))
    return tuple(page for page in found if held_out is None or page.held_out is held_out)


def _page(folder: Path) -> Page:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    truth["text"] = tuple(truth.get("text", ()))
    return Page(slug=folder.name, raw=(folder / "page.html").read_bytes(), **truth)


def score(chosen: Iterable[Page], read: Callable[[Page], Found | None]) -> Score:
    """Score a reader on the pages that are articles."""
    articles = [page for page in chosen if page.refused is None]
    found = [(page, read(page)) for page in articles]
    exact = [precision_and_recall(page, got.text if got else "") for page, got in found]
    whole = len(articles)
    return Score(
        pages=whole,
        precision=sum(one[0] for one in exact) / whole,
        recall=sum(one[1] for one in exact) / whole,
        title=sum(got is not None and got.title == page.title for page, got in found) / whole,
        published=sum(got is not None and (got.published or "")[:10] == (page.published or "") for page, got in found)
        / whole,
        language=sum(got is not None and got.language == page.language for page, got in found) / whole,
        unread=sum(got is None for _, got in found),
    )


def precision_and_recall(page: Page, text: str) -> tuple[float, float]:
    """Compare the words of a text with those of a page's body; the headline at its head counts for nothing."""
    head, _, rest = text.partition("\n")
    got = _words(rest if page.title and head.strip() == page.title else text)
    true = _words("\n".join(page.text))
    common = (got & true).total()
    return common / max(1, got.total()), common / true.total()


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
