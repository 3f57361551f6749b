"""Extract the body of an article as plain text, block by block, with trafilatura."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..markup import Element, flat, letters_of, names, phrases, text_of, to_text, words_in
from .page_metadata import Headline, PageMetadata

_SHORTEST_BODY = 60
"""Characters: with trafilatura's default of 250, a brief of three sentences becomes the whole page."""
_PREFER_JSON_LD = 1.6
"""Times the words of the page: then JSON-LD holds the article, and the page only its beginning."""
_SENTENCE = 12
"""Words: shorter lines are labels."""
_STANDFIRST = 6
_LONGEST_STANDFIRST = 700
"""Characters."""
_MOST_STANDFIRSTS = 4
_HEAD = 8
"""Lines at the top of a body that may name author and date."""
_LINE = 200
"""Characters: no line of boilerplate is longer."""
_MANY = 1_000
"""Lines of a body above which repeated lines are not searched for: the time grows with their square."""
_BREAK = "\u2028"
_MUCH_LESS = 0.6
"""Of the words that trafilatura finds where nothing is removed for its name."""
_OPENING = 30
"""Letters that tell the first line of a body from others."""
_BYLINE = 3
"""Words of a dateline beside names and dates: "By", "Published on", "Reuters", a month."""
_NUMBER = re.compile(r"\d+")
_CLOCK = r"\b\d{1,2}[:h.]\d{2}(?!\d)"
_DATED = re.compile(
    r"\b\d{1,2}\D{1,15}(?:19|20)\d\d\b|\b(?:19|20)\d\d\W{1,3}\d{1,2}\W{1,3}\d{1,2}\b|\d{4}年\d+月\d+日"
    r"|[^\W\d]{3,}\.? \d{1,2}, (?:19|20)\d\d\b"
)


class Body(NamedTuple):
    """The body of a page."""

    lines: tuple[str, ...]
    """Paragraphs, headings, lists and tables, without the headline."""
    datelines: tuple[str, ...] = ()
    """The lines that name author and date."""
    from_json_ld: bool = False
    """Whether the text is from JSON-LD, because the page itself shows less."""


def find(tree: Element, spare: Element | None, headline: Headline, metadata: PageMetadata) -> Body:
    """Return the body of the article; `spare` is the tree with all that bears the name of boilerplate."""
    lines = _read(tree, headline) or _cleaned([text for _, text in _after(tree, headline)], headline)
    if spare is not None and words_in(" ".join(lines)) < _MUCH_LESS * words_in(
        " ".join(more := _read(spare, headline))
    ):
        lines = more
    from_json_ld = metadata.free and words_in(metadata.body or "") > _PREFER_JSON_LD * words_in(" ".join(lines))
    if from_json_ld:
        lines = _cleaned([flat(line) for line in to_text(metadata.body or "").split("\n")], headline)
    datelines = list(_datelines(lines, metadata))
    short = (text for _, text in _after(tree, headline) if 0 < words_in(text) < _SENTENCE)
    labels = [line for line in islice(short, _HEAD) if re.search(r"\d{4}", line)]  # a page may give its date there only
    return Body(tuple(line for line in lines if line not in datelines), (*datelines, *labels), from_json_ld)


def _read(tree: Element, headline: Headline) -> list[str]:
    lines = _without_notes(_cleaned(_extracted(tree), headline), tree)
    return [*_standfirst(tree, headline, lines), *lines]


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
            items = (flat(_own_text(item)) for item in element.iter("item"))
            yield "\n".join(f"- {item}" for item in items if item)
        case "table":
            yield "\n".join(filter(None, map(_row, element.iter("row"))))
        case "quote" | "body" | "div" if len(element):
            yield from _blocks(element)
        case _:
            yield from _paragraphs(element)


def _own_text(element: Any) -> str:
    """Return the text of a list item without that of lists in it."""
    parts = (("" if child.tag == "list" else _own_text(child), child.tail or "") for child in element)
    return " ".join((element.text or "", *(text for part in parts for text in part)))


def _row(row: Any) -> str:
    cells = [flat(" ".join(cell.itertext())) for cell in row.iter("cell")]
    return " | ".join(cells) if any(cells) else ""


def _paragraphs(element: Any) -> Iterator[str]:
    """Yield the texts between line breaks."""
    for lb in element.iter("lb"):
        lb.tail = f"{_BREAK}{lb.tail or ''}"
    yield from filter(None, map(flat, "".join(element.itertext()).split(_BREAK)))


# --- lines that are not part of the article --------------------------------------------------------------------------


def _cleaned(lines: Sequence[str], headline: Headline) -> list[str]:
    """Leave out boilerplate and repetitions: the headline, and pull quotes."""
    kept = [line for at, line in enumerate(lines) if line and not headline.is_repeated_by(line, at < _HEAD)]
    if len(kept) > _MANY:
        return kept
    seen: set[str] = set()
    return [
        line for line in kept if not (_is_long(line) and (line in seen or seen.add(line) or _is_pull_quote(line, kept)))
    ]


def _without_notes(lines: list[str], tree: Element) -> list[str]:
    """Leave out what follows the last paragraph: notes in italics (who the author is), offers to subscribe."""
    notes = {letters_of(text_of(p)) for p in tree.iter("p") if _is_in_italics(p)}
    end = len(lines)
    while end > 2 and (letters_of(lines[end - 1]) in notes or _is_offer(lines[end - 1])):
        end -= 1
    return lines[:end] if end > len(lines) / 2 else lines


def _is_in_italics(paragraph: Element) -> bool:
    return not _has_text_outside(paragraph, ("em", "i"))


def _has_text_outside(element: Element, tags: tuple[str, ...]) -> bool:
    """Return whether an element has words outside its descendants with some tags."""
    if words_in(element.text or ""):
        return True
    return any(
        words_in(child.tail or "") or (child.tag not in tags and _has_text_outside(child, tags)) for child in element
    )


def _is_offer(line: str) -> bool:
    return words_in(line) <= _SENTENCE * 3 and phrases("paywall").search(line) is not None


def _is_pull_quote(line: str, lines: Sequence[str]) -> bool:
    """Return whether a line repeats a sentence of another line."""
    quote = line.strip('“”"«» ')
    return any(quote in other and len(other) > len(line) for other in lines)


def _is_long(line: str) -> bool:
    return words_in(line) >= _STANDFIRST


def _datelines(lines: Sequence[str], metadata: PageMetadata) -> Iterator[str]:
    """Yield the lines that name author and date, above the second paragraph: the first may be the standfirst."""
    paragraphs = 0
    for line in lines[:_HEAD]:
        if _is_dateline(line, metadata):
            yield line
        elif words_in(line) >= _SENTENCE:
            paragraphs += 1
            if paragraphs == 2:
                return


def _is_dateline(line: str, metadata: PageMetadata) -> bool:
    """Return whether a line names the author or the date of the article, and nothing else."""
    if len(line) > _LINE or "\n" in line or line.endswith(("?", "!", "»", "”", "。")):
        return False
    anonymous = line
    for name in metadata.authors:
        anonymous = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", anonymous, flags=re.IGNORECASE)
    dated = _DATED.search(line) is not None
    left = words_in(re.sub(_CLOCK, " ", _DATED.sub(" ", anonymous)) if dated else anonymous)
    if left == 0:
        return dated or anonymous != line
    written = phrases("dateline").search(line) is not None
    return not (line.endswith(".") and left > _BYLINE) and (
        (dated and left <= _BYLINE) or (written and left < _SENTENCE)
    )


# --- between headline and body ---------------------------------------------------------------------------------------

_PARTS = ("h1", "h2", "h3", "p", "div", "span", "li", "strong", "b", "time", "font")


def _standfirst(tree: Element, headline: Headline, lines: Sequence[str]) -> list[str]:
    """Return the sentences between the headline and the first line of the body, which trafilatura may miss.

    Many of them are other stories, but for those beside the first line.
    """
    first = letters_of(lines[0])[:_OPENING] if lines else ""
    known = letters_of(" ".join(lines))
    found: list[tuple[Element, str]] = []
    for element, text in _after(tree, headline):
        letters = letters_of(text)
        if first and letters.startswith(first):
            beside = [text for other, text in found if other.getparent() is element.getparent()]
            return [text for _, text in found] if len(found) - len(beside) <= _MOST_STANDFIRSTS else beside
        if letters not in known and _is_standfirst(element, text) and not _is_linked(element, text):
            known += letters
            found.append((element, text))
    return []


def _is_linked(element: Element, text: str) -> bool:
    linked = " ".join(text_of(link) for link in element.iter("a"))
    return words_in(linked) > words_in(text) / 2


def _after(tree: Element, headline: Headline) -> Iterator[tuple[Element, str]]:
    """Yield the innermost blocks after the headline, with their text."""
    started = headline.title is None
    for element in tree.iter(*_PARTS):
        if any(
            child.tag in ("p", "div", "ul", "ol", "section", "article", "main", "header", "table") for child in element
        ):
            continue
        text = text_of(element)
        if len(text) < 2 * _LINE and headline.is_repeated_by(text, at_top=True):
            started = True
        elif started:
            yield element, text


def _is_standfirst(element: Element, text: str) -> bool:
    words = words_in(_NUMBER.sub(" ", text))  # without them a line with dates is short
    if words < _STANDFIRST or len(text) > _LONGEST_STANDFIRST:
        return False
    own_and_parent = [element] if element.getparent() is None else [element, element.getparent()]
    named = " ".join(part.get(key, "") for part in own_and_parent for key in ("class", "id", "data-gu-name"))
    return words >= _SENTENCE or names("standfirst").search(named) is not None
