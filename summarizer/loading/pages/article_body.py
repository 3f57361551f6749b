"""Extract the body of an article as plain text, block by block, with trafilatura."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any, NamedTuple

from ..markup import Element, flat, letters_of, phrases, text_of, to_text, words_in
from .page_metadata import Headline, PageMetadata

_SHORTEST_BODY = 60
"""Characters: with trafilatura's default of 250, a brief of three sentences becomes the whole page."""
_PREFER_JSON_LD = 1.6
"""Times the words of the page: then JSON-LD holds the article, and the page only its beginning."""
_MUCH_LESS = 0.6
"""Of the words that trafilatura finds where nothing is removed for its name."""
_SENTENCE = 12
"""Words: shorter lines are labels."""
_PULL_QUOTE = 6
"""Words: a shorter line may well be said twice."""
_LONGEST_STANDFIRST = 700
"""Characters."""
_MOST_STANDFIRSTS = 4
_HEAD = 8
"""Lines at the top of a body that may name author and date."""
_LINE = 200
"""Characters: no dateline is longer."""
_BYLINE = 3
"""Words of a dateline beside names and dates: "By", "Published on", "Reuters"."""
_MANY = 1_000
"""Lines of a body above which repeated lines are not searched for: the time grows with their square."""
_OPENING = 30
"""Letters that tell the first line of a body from others."""
_GROUPED = ("- ", "| ", "|-")
_NUMBER = re.compile(r"\d+")
_CLOCK = re.compile(r"\b\d{1,2}[:h.]\d{2}(?!\d)")
_DATE = re.compile(
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
    fuller = _read(spare, headline) if spare is not None else []
    if _words(lines) < _MUCH_LESS * _words(fuller):
        lines = fuller
    from_json_ld = metadata.free and words_in(metadata.body or "") > _PREFER_JSON_LD * _words(lines)
    if from_json_ld:
        lines = _cleaned([flat(line) for line in to_text(metadata.body or "").split("\n")], headline)
    datelines = list(_datelines(lines, metadata))
    short = (text for _, text in _after(tree, headline) if 0 < words_in(text) < _SENTENCE)
    labels = [line for line in islice(short, _HEAD) if re.search(r"\d{4}", line)]  # a page may give its date there only
    return Body(tuple(line for line in lines if line not in datelines), (*datelines, *labels), from_json_ld)


def _words(lines: Sequence[str]) -> int:
    return words_in(" ".join(lines))


def _read(tree: Element, headline: Headline) -> list[str]:
    from trafilatura import bare_extraction
    from trafilatura.settings import DEFAULT_CONFIG, Extractor

    options = Extractor(config=DEFAULT_CONFIG, output_format="python", comments=False)
    options.min_extracted_size = _SHORTEST_BODY
    document: Any = bare_extraction(tree, options=options)
    blocks = _blocks((document and document.text) or "")
    lines = _without_notes(_cleaned(list(blocks), headline), tree)
    return [*_standfirst(tree, headline, lines), *lines]


def _blocks(text: str) -> Iterator[str]:
    """Yield the paragraphs of trafilatura's text; consecutive items of a list, or rows of a table, are one block."""
    for kind, lines in groupby(
        filter(None, map(flat, text.split("\n"))), key=lambda line: line[:2] in _GROUPED and line[0]
    ):
        if kind == "|":
            lines = (line.strip("| ") for line in lines if not line.startswith("|---"))
        if kind:
            yield "\n".join(lines)
        else:
            yield from lines


# --- lines that are not part of the article --------------------------------------------------------------------------


def _cleaned(lines: Sequence[str], headline: Headline) -> list[str]:
    """Leave out repetitions: the headline, and sentences that are set large."""
    kept = [line for at, line in enumerate(lines) if line and not headline.is_repeated_by(line, at_top=at < _HEAD)]
    if len(kept) > _MANY:
        return kept
    first = {line: at for at, line in reversed(list(enumerate(kept)))}
    return [
        line
        for at, line in enumerate(kept)
        if words_in(line) < _PULL_QUOTE or (first[line] == at and not _is_pull_quote(line, kept))
    ]


def _is_pull_quote(line: str, lines: Sequence[str]) -> bool:
    quote = line.strip('“”"«» ')
    return any(quote in other and len(other) > len(line) for other in lines)


def _without_notes(lines: list[str], tree: Element) -> list[str]:
    """Leave out the notes in italics below the last paragraph: who the author is, who helped."""
    notes = {letters_of(text_of(paragraph)) for paragraph in tree.iter("p") if not _has_upright_words(paragraph)}
    end = len(lines)
    while end > 2 and letters_of(lines[end - 1]) in notes:
        end -= 1
    return lines[:end] if 2 * end >= len(lines) else lines


def _has_upright_words(element: Element) -> bool:
    upright = [element.text, *(child.tail for child in element)]
    return any(text and words_in(text) for text in upright) or any(
        _has_upright_words(child) for child in element if child.tag not in ("em", "i")
    )


def _datelines(lines: Sequence[str], metadata: PageMetadata) -> Iterator[str]:
    """Yield the lines that name author and date, above the second paragraph: the first may be the standfirst."""
    paragraphs = 0
    for line in lines[:_HEAD]:
        if _is_dateline(line, metadata):
            yield line
        elif (paragraphs := paragraphs + (words_in(line) >= _SENTENCE)) > 1:
            return


def _is_dateline(line: str, metadata: PageMetadata) -> bool:
    """Return whether a line names the author or the date of the article, and nothing else."""
    if len(line) > _LINE or "\n" in line or line.endswith(("?", "!", "»", "”", "。")):
        return False
    anonymous = line
    for name in metadata.authors:
        anonymous = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", anonymous, flags=re.IGNORECASE)
    dated = _DATE.search(line) is not None
    left = words_in(_CLOCK.sub(" ", _DATE.sub(" ", anonymous)) if dated else anonymous)
    if left == 0:
        return dated or anonymous != line
    if line.endswith(".") and left > _BYLINE:
        return False
    return (dated and left <= _BYLINE) or (left < _SENTENCE and phrases("dateline").search(line) is not None)


# --- between headline and body ---------------------------------------------------------------------------------------

_PARTS = ("h1", "h2", "h3", "p", "div", "span", "li", "strong", "b", "time", "font")
_BLOCKS = frozenset(("p", "div", "ul", "ol", "section", "article", "main", "header", "table"))


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
        if letters not in known and _is_sentence(element, text):
            known += letters
            found.append((element, text))
    return []


def _after(tree: Element, headline: Headline) -> Iterator[tuple[Element, str]]:
    """Yield the innermost blocks after the headline, with their text."""
    started = headline.title is None
    for element in tree.iter(*_PARTS):
        if any(child.tag in _BLOCKS for child in element):
            continue
        text = text_of(element)
        if len(text) < 2 * _LINE and headline.is_repeated_by(text, at_top=True):
            started = True
        elif started:
            yield element, text


def _is_sentence(element: Element, text: str) -> bool:
    words = words_in(_NUMBER.sub(" ", text))  # without them a line with dates is short
    linked = words_in(" ".join(map(text_of, element.iter("a"))))
    return words >= _SENTENCE and len(text) <= _LONGEST_STANDFIRST and linked <= words / 2
