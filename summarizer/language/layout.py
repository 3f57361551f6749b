"""What an article looks like to a reader: its sentences, and what each of them is for.

A title, a heading, the publisher's own takeaways and a line of a table are told apart by their place and their shape,
in any language; only the labels of takeaway boxes, and what addresses the reader or a machine, come from the tables.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from .lexicon import Lexicon, lexicon
from .normalization import FoldedText, fold
from .sentences import sentences


class SentenceRole(StrEnum):
    """What a sentence is for."""

    TITLE = "title"
    HEADING = "heading"
    BOX = "box"
    """The publisher's own takeaways."""
    BODY = "body"
    NOISE = "noise"
    """A dateline, a byline, a call to subscribe, an instruction to a machine."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage: `passage.text[start:end]`."""

    index: int
    start: int
    end: int
    text: str
    kind: SentenceRole
    paragraph: int
    opens: bool
    """First of its paragraph."""

    @cached_property
    def folded(self) -> FoldedText:
        """The sentence in folded form, with the way back."""
        return FoldedText(self.text)


@dataclass(frozen=True)
class Layout:
    """A passage with its sentences; `tables` is None for a language that has none."""

    text: str
    title: str
    tables: Lexicon | None
    language: str
    sentences: tuple[Sentence, ...] = field(default=())

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences that tell the story."""
        return tuple(sentence for sentence in self.sentences if sentence.kind is SentenceRole.BODY)

    @cached_property
    def box(self) -> tuple[Sentence, ...]:
        """The publisher's own takeaways."""
        return tuple(sentence for sentence in self.sentences if sentence.kind is SentenceRole.BOX)


_LONGEST_HEADING = 14  # words: a longer line without a full stop is a sentence that lost it
_ENDS = re.compile(r"[.!?…。！？][\"'”’»›」』)\]]*\s*$|[»”’」][.,]?\s*$")
_STOPS = re.compile(r"[.…。！][\"'”’»›」』)\]]*\s*$")
_BULLET = re.compile(r"\s*(?:[-*•–—▪‣·]|\d{1,2}[.)])\s+")
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_CLOCK = re.compile(r"\W*\d{1,2}\s?[:h.]\s?\d{2}\W*$")
DATELINE = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w'’. -]{1,30}(?:,? [^–—\n]{2,32}?)?(?:\s?\([^)\n]{2,40}\))?\s?(?:[–—]|\s-)\s+"
    r"(?=[\"“«„]?[^\W\d_a-zß-öø-ÿ])"
)
"""A place and a date at the head of a story: "HALIFAX, Oct 7 - "."""
_DATELINE_ALONE = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w'-]*(?: (?:d[aeo]s? )?[^\W\d_a-zß-öø-ÿ][\w'-]*)*"
    r"(?:,? \d{1,2}\.? (?:de )?\w+(?: (?:de )?\d{4})?)?\."
)
_NOISE = re.compile(r"https?://\S+$|[^\s@]{1,64}@[^\s@]{1,200}\.\w|©|^\W*$")
_INSTRUCTION = "takeaways.instructions"
_ANY_LANGUAGE = "en"  # a hidden instruction may be in English whatever the article is in


def read(text: str, language: str, title: str = "") -> Layout:
    """Find the sentences of a text and what each is for."""
    tables = lexicon(language)
    kinds = _Kinds(title, tables)
    found: list[Sentence] = []
    paragraph, last = 0, 0
    for index, (start, end) in enumerate(sentences(text)):
        gap = text[last:start]
        opens = index == 0 or "\n" in gap
        paragraph += opens
        ends_line = _LINE_END.match(text, end) is not None
        kind = kinds.of(text[start:end], whole_line=opens and ends_line, opens=opens, blank="\n\n" in gap)
        bullet = _BULLET.match(text, start, end)
        start = bullet.end() if bullet else start
        if start < end:
            found.append(Sentence(len(found), start, end, text[start:end], kind, paragraph, opens))
        last = end
    return Layout(text, title, tables, language, tuple(found))


class _Kinds:
    """Says what each sentence is for, in order: what opens a box colours what follows."""

    def __init__(self, title: str, tables: Lexicon | None) -> None:
        self._title = title.strip()
        self._tables = tables
        self._english = lexicon(_ANY_LANGUAGE)
        self._in_box = False
        self._box_began = False
        self._seen_body = False

    def of(self, text: str, *, whole_line: bool, opens: bool, blank: bool) -> SentenceRole:
        if self._in_box and self._still_in_box(text, opens=opens, blank=blank):
            self._box_began = True
            return SentenceRole.NOISE if self._is_instruction(text) else SentenceRole.BOX
        self._in_box = False
        kind = self._plain(text, whole_line=whole_line)
        self._seen_body |= kind is SentenceRole.BODY
        return kind

    def _plain(self, text: str, *, whole_line: bool) -> SentenceRole:
        if self._is_instruction(text) or _NOISE.search(text) or _CLOCK.match(text):
            return SentenceRole.NOISE
        if text.lstrip("# ").strip() == self._title and not _STOPS.search(text):
            return SentenceRole.TITLE
        if whole_line and self._opens_box(text):
            self._in_box, self._box_began = True, False
            return SentenceRole.HEADING
        words = len(text.split())
        if not self._seen_body and words <= 5 and _DATELINE_ALONE.fullmatch(text):
            return SentenceRole.NOISE  # "COTTBUS.", "Zaragoza, 14 de octubre."
        if whole_line and not _ENDS.search(text) and words <= _LONGEST_HEADING and not _BULLET.match(text):
            return SentenceRole.HEADING
        return SentenceRole.BODY

    def _still_in_box(self, text: str, *, opens: bool, blank: bool) -> bool:
        if _BULLET.match(text) or not opens:
            return True
        return not self._box_began or (not blank and not _ENDS.search(text) and len(text.split()) > 3)

    def _opens_box(self, text: str) -> bool:
        if self._tables is None or len(text) > 60:
            return False
        return bool(self._tables.pattern("takeaways.boxes").match(fold(text.strip("#*:_ "))))

    def _is_instruction(self, text: str) -> bool:
        tables = [table for table in (self._tables, self._english) if table is not None]
        folded = fold(text)
        return any(table.pattern(_INSTRUCTION).search(folded) for table in tables)
