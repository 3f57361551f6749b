"""The body of an article as plain text: trafilatura's choice of what is on a page, line by line."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from .facts import Facts
from .signs import DATELINE, ELSEWHERE, NOISE, STANDFIRST
from .words import flat, linked, text_of, words_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ENOUGH = 60
"""Characters of a body: trafilatura's own 250 turn a brief of three sentences into all that is on its page."""
_RATHER_JSON = 1.6
"""Times the words of the page: then JSON-LD has the article, and the page has its beginning."""
_TOLD = 12
"""Words of a line that is a sentence rather than a label."""
_STANDFIRST = 6
_BREAK = "\u2028"


def find(tree: "HtmlElement", title: str | None, said: Facts) -> tuple[str, ...]:
    """Return the blocks of the article's body, without its headline."""
    lines = _tidied(_extracted(tree), title, said)
    lines = [*_before(tree, title, said, lines), *lines]
    if said.body and words_in(said.body) > _RATHER_JSON * words_in(" ".join(lines)):
        lines = _tidied(_split(said.body), title, said)
    return tuple(lines)


def _split(body: str) -> list[str]:
    from ..markup import to_text

    return [line for line in map(flat, to_text(body).split("\n")) if line]


@cache
def _options() -> Any:
    from trafilatura.settings import DEFAULT_CONFIG, Extractor

    options = Extractor(config=DEFAULT_CONFIG, output_format="python", comments=False, tables=True)
    options.min_extracted_size = _ENOUGH
    return options


def _extracted(tree: "HtmlElement") -> list[str]:
    from trafilatura import bare_extraction

    document: Any = bare_extraction(deepcopy(tree), options=_options())
    return [] if document is None or document.body is None else list(_blocks(document.body))


# --- blocks: what trafilatura leaves, as lines --------------------------------------------------------------------------


def _blocks(body: Any) -> Iterator[str]:
    if text := flat(body.text):
        yield text
    for element in body:
        yield from _block(element)
        if text := flat(element.tail):
            yield text


def _block(element: Any) -> Iterator[str]:
    match element.tag:
        case "list":
            items = (flat(" ".join(item.itertext())) for item in element.iter("item"))
            yield "\n".join(f"- {item}" for item in items if item)
        case "table":
            yield "\n".join(filter(None, map(_row, element.iter("row"))))
        case "quote" | "body" | "div" if len(element):
            yield from _blocks(element)
        case _:
            yield from _paragraphs(element)


def _row(row: Any) -> str:
    cells = [flat(" ".join(cell.itertext())) for cell in row.iter("cell")]
    return " | ".join(cells) if any(cells) else ""


def _paragraphs(element: Any) -> Iterator[str]:
    """Words between line breaks, a paragraph each."""
    for lb in element.iter("lb"):
        lb.tail = f"{_BREAK}{lb.tail or ''}"
    yield from filter(None, map(flat, "".join(element.itertext()).split(_BREAK)))


# --- lines that are not the article's -----------------------------------------------------------------------------------


def _tidied(lines: Sequence[str], title: str | None, said: Facts) -> list[str]:
    kept = [line for line in lines if line and not NOISE.search(line) and not _repeats(line, title)]
    kept = [line for line in kept if not (ELSEWHERE.search(line) and words_in(line) <= 2 * _TOLD and ":" in line[:30])]
    start = next((i for i, line in enumerate(kept) if words_in(line) >= _TOLD), len(kept))
    head = [line for line in kept[:start] if not is_dateline(line, said)]
    return [*head, *kept[start:]]


def _repeats(line: str, title: str | None) -> bool:
    return title is not None and line.casefold().strip(" .") == title.casefold().strip(" .")


def is_dateline(line: str, said: Facts) -> bool:
    """Tell whether a line says who wrote the article, or when, and no more."""
    if DATELINE.search(line):
        return True
    rest = line.casefold()
    for name in re.split(r";\s*", said.author or ""):
        rest = rest.replace(name.casefold(), " ") if name else rest
    letters = sum(map(str.isalpha, rest))
    dated = bool(re.search(r"\d{4}|\d{1,2}[:.h]\d{2}", line))
    return letters < 4 or (dated and words_in(line) <= _TOLD and not line.rstrip().endswith((".", "!", "?", "»", "”")))


# --- a standfirst that stands apart from the body -----------------------------------------------------------------------


def _before(tree: "HtmlElement", title: str | None, said: Facts, lines: Sequence[str]) -> list[str]:
    """The sentences between the headline and the first line that was found."""
    first = lines[0].removeprefix("- ")[:40] if lines else None
    found: list[str] = []
    started = False
    for element in tree.iter("h1", "h2", "h3", "p", "div", "span", "li", "strong", "b"):
        text = text_of(element)
        if not started:
            started = title is not None and text == title
            continue
        if first is not None and text.startswith(first):
            return [line for line in found if line not in lines]
        if _is_standfirst(element, text, said) and text not in " ".join(found):
            found.append(text)
    return []


def _is_standfirst(element: "HtmlElement", text: str, said: Facts) -> bool:
    if words_in(text) < _STANDFIRST or any(len(child) or child.tag in ("p", "div", "ul") for child in element):
        return False
    if NOISE.search(text) or ELSEWHERE.search(text) or linked(element) > 0.5 or is_dateline(text, said):
        return False
    says = f"{element.get('class', '')} {element.get('id', '')} {element.get('data-gu-name', '')}"
    parent = element.getparent()
    says += f" {parent.get('class', '')} {parent.get('data-gu-name', '')}" if parent is not None else ""
    return bool(STANDFIRST.search(says)) or words_in(text) >= _TOLD
