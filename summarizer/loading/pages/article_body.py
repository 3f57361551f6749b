"""Extract the body of an article as plain text, block by block, with trafilatura."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..markup import Element, flat, letters_of, measure, names, phrases, text_of, to_text, words_in
from .page_metadata import PageMetadata

_SHORTEST_BODY = 60
"""Characters: with trafilatura's default of 250, a brief of three sentences becomes the whole page."""
_PREFER_JSON_LD = 1.6
"""Times the words of the page: then JSON-LD holds the article, and the page only its beginning."""
_SENTENCE = 12
"""Words: shorter lines are labels."""
_STANDFIRST = 6
_LONGEST_STANDFIRST = 700
"""Characters."""
_HEAD = 8
"""Lines at the top of a body that may name author and date."""
_LINE = 200
"""Characters: no line of boilerplate is longer."""
_MANY = 1_000
"""Lines of a body above which repeated lines are not searched for: the time grows with their square."""
_BREAK = "\u2028"


class Body(NamedTuple):
    """The body of a page."""

    lines: tuple[str, ...]
    """Paragraphs, headings, lists and tables, without the headline."""
    datelines: tuple[str, ...] = ()
    """The lines that name author and date."""
    from_json_ld: bool = False
    """Whether the text is from JSON-LD, because the page itself shows less."""


def find(tree: Element, title: str | None, metadata: PageMetadata) -> Body:
    """Return the body of the article."""
    lines = _cleaned(_extracted(tree), title)
    lines = [*(line for line in _standfirst(tree, title, lines) if line not in lines), *lines]
    from_json_ld = metadata.free and words_in(metadata.body or "") > _PREFER_JSON_LD * words_in(" ".join(lines))
    if from_json_ld:
        lines = _cleaned([flat(line) for line in to_text(metadata.body or "").split("\n")], title)
    datelines = [line for line in lines[:_HEAD] if _is_dateline(line, metadata)]
    short = (text for _, text in _after(tree, title) if 0 < words_in(text) < _SENTENCE)
    labels = [line for line in islice(short, _HEAD) if re.search(r"\d{4}", line)]  # a page may give its date there only
    return Body(tuple(line for line in lines if line not in datelines), (*datelines, *labels), from_json_ld)


def _extracted(tree: Element) -> list[str]:
    from trafilatura import bare_extraction
    from trafilatura.settings import DEFAULT_CONFIG, Extractor

    options = Extractor(config=DEFAULT_CONFIG, output_format="python", comments=False, tables=True)
    options.min_extracted_size = _SHORTEST_BODY
    document: Any = bare_extraction(tree, options=options)
    return [] if document is None or document.body is None else list(_blocks(document.body))


# --- trafilatura's tree → text ---------------------------------------------------------------------------------------


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
    """Yield the texts between line breaks."""
    for lb in element.iter("lb"):
        lb.tail = f"{_BREAK}{lb.tail or ''}"
    yield from filter(None, map(flat, "".join(element.itertext()).split(_BREAK)))


# --- lines that are not part of the article --------------------------------------------------------------------------


def _cleaned(lines: Sequence[str], title: str | None) -> list[str]:
    """Leave out boilerplate and repetitions: the headline, and pull quotes."""
    kept = [line for line in lines if line and not _repeats(line, title)]
    return kept if len(kept) > _MANY else [line for line in dict.fromkeys(kept) if not _is_pull_quote(line, kept)]


def _is_pull_quote(line: str, lines: Sequence[str]) -> bool:
    """Return whether a line repeats a sentence of another line."""
    quote = line.strip('“”"«» ')
    return words_in(quote) >= _STANDFIRST and any(quote in other and len(other) > len(line) for other in lines)


def _repeats(line: str, title: str | None) -> bool:
    return title is not None and letters_of(line) == letters_of(title)


def _is_dateline(line: str, metadata: PageMetadata) -> bool:
    """Return whether a line names the author or the date of the article, and nothing else."""
    if len(line) > _LINE or "\n" in line or line.endswith(("?", "!", "»", "”")):
        return False
    dated = re.search(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d{2}", line) is not None
    anonymous = line
    for name in filter(None, re.split(r";\s*", metadata.author or "")):
        anonymous = re.sub(re.escape(name), " ", anonymous, flags=re.IGNORECASE)
    written = phrases("dateline").search(line) is not None or anonymous != line
    if (dated and written) or sum(map(str.isalpha, anonymous)) < 4:
        return True
    return (dated or written) and words_in(line) <= _SENTENCE and not line.endswith(".")


# --- between headline and body ---------------------------------------------------------------------------------------

_PARTS = ("h1", "h2", "h3", "p", "div", "span", "li", "strong", "b", "time", "font")


def _standfirst(tree: Element, title: str | None, lines: Sequence[str]) -> list[str]:
    """Return the sentences between the headline and the first line of the body, which trafilatura may miss."""
    first = lines[0].removeprefix("- ")[:40] if lines else ""
    sizes = measure(tree)
    found: list[str] = []
    for element, text in _after(tree, title):
        if first and text.startswith(first):
            return found
        if _is_standfirst(element, text) and sizes[element].share <= 0.5 and text not in " ".join(found):
            found.append(text)
    return []


def _after(tree: Element, title: str | None) -> Iterator[tuple[Element, str]]:
    """Yield the innermost blocks after the headline, with their text."""
    started = title is None
    for element in tree.iter(*_PARTS):
        if any(child.tag in ("p", "div", "ul", "ol", "section", "article") for child in element):
            continue
        text = text_of(element)
        if len(text) < 2 * _LINE and _repeats(text, title):
            started = True
        elif started:
            yield element, text


def _is_standfirst(element: Element, text: str) -> bool:
    words = words_in(text)
    if words < _STANDFIRST or len(text) > _LONGEST_STANDFIRST:
        return False
    own_and_parent = [element] if element.getparent() is None else [element, element.getparent()]
    named = " ".join(part.get(key, "") for part in own_and_parent for key in ("class", "id", "data-gu-name"))
    return words >= _SENTENCE or names("standfirst").search(named) is not None
