"""The role of each sentence in an article: title, heading, takeaway box, body or noise.

Position and shape decide, in any language; only the labels of takeaway boxes and instructions to a machine come from
the lexicon.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from .lexicon import Lexicon, lexicon
from .normalization import FoldedText, fold
from .sentences import Span


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
    """A sentence of a document: `document.text[start:end]`."""

    index: int
    start: int
    end: int
    text: str
    role: SentenceRole
    paragraph: int
    opens: bool
    """First of its paragraph."""

    @cached_property
    def folded(self) -> FoldedText:
        """The sentence in folded form, with the way back."""
        return FoldedText(self.text)


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
"""A place and a date at the head of an article: "HALIFAX, Oct 7 - "."""
_DATELINE_ALONE = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w'-]*(?: (?:[a-z]{2,3} )?[^\W\d_a-zß-öø-ÿ][\w'-]*)*"
    r"(?:,? \d{1,2}\.? (?:[a-z]{2} )?\w+(?: (?:[a-z]{2} )?\d{4})?)?\."
)
_NOISE = re.compile(r"https?://\S+$|[^\s@]{1,64}@[^\s@]{1,200}\.\w|©|^\W*$")
_INSTRUCTION = "takeaways.instructions"
_ANY_LANGUAGE = "en"  # a hidden instruction may be in English whatever the article is in


def layout_of(text: str, spans: Iterable[Span], title: str, tables: Lexicon | None) -> tuple[Sentence, ...]:
    """Return a sentence for each span, with its role; a bullet before it is left out."""
    roles = _Roles(title, tables)
    found: list[Sentence] = []
    paragraph, last = 0, 0
    for index, (start, end) in enumerate(spans):
        gap = text[last:start]
        opens = index == 0 or "\n" in gap
        paragraph += opens
        ends_line = _LINE_END.match(text, end) is not None
        role = roles.of(text[start:end], whole_line=opens and ends_line, opens=opens, blank="\n\n" in gap)
        bullet = _BULLET.match(text, start, end)
        begins = bullet.end() if bullet and bullet.end() < end else start
        found.append(Sentence(index, begins, end, text[begins:end], role, paragraph, opens))
        last = end
    return tuple(found)


class _Roles:
    """Assigns roles in order: the label of a takeaway box decides what follows it."""

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
        if not self._seen_body and self._is_piece_of_title(text):
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

    def _is_piece_of_title(self, text: str) -> bool:
        """Tell whether a title of several sentences, or one that asks, begins or goes on with these words."""
        piece = text.lstrip("# ").strip()
        return piece in self._title and (piece != self._title or piece.endswith(("?", "…", "...")))

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
