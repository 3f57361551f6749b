"""Who does what to whom: a claim that swaps two names of a sentence says something else.

The words of claim and sentence are aligned in order, once as they stand and once with the two names
swapped. Where the swap makes them match, the claim has them the wrong way round. Two names that do something
together may stand in any order, and a passive turns them round without a lie: such pairs are passed over.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from ...language.content_words import stem
from ...language.entities.names import NameSpan, core
from ...language.lexicon import Lexicon
from ...language.normalization import fold_characters
from ...language.tokens import words
from ...schema import Reason
from ..document import Document
from ..evidence import ClaimEvidence
from .name_support import claimed_names
from .table import ROLES

GAIN = 2
"""Additional words that match after the swap: the two names match then, and did not before."""
FITTING = 0.6
"""Share of a claim's words that must match after the swap: otherwise the sentence says something else anyway."""
ALMOST = 0.75
"""The same, where one more word matches: for adjacent names, or a sentence that has only one of them."""

_WORD = re.compile(r"\w+")


class _Named(NamedTuple):
    """A name in a text, without its legal form, and where it stands."""

    entity: str
    start: int
    end: int


def check_roles(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason for the first two names of a claim that its evidence has in swapped roles."""
    document = evidence.reading
    tables = document.lexicon
    if tables is None or document.output_lexicon is not tables:
        return []
    names = _entities(claimed_names(claim, document), 0)
    if len(names) < 2:
        return []
    said = _Side(fold_characters(claim), names, tables)
    told = [_side(i, document, names, tables) for i in evidence.sentences]
    for first, second in combinations(list(dict.fromkeys(name.entity for name in names)), 2):
        if _swapped(first, second, said, told) and not said.is_joint(first, second):
            return [_reason(first, second, claim, names)]
    return []


class _Side:
    """A claim or a sentence, with its names and the content words between them."""

    def __init__(self, plain: str, names: Sequence[_Named], tables: Lexicon) -> None:
        """`plain` is the text, folded character by character."""
        self._text = plain
        self._names = names
        self._tables = tables
        self._first = {name.entity: name for name in reversed(names)}

    @cached_property
    def has_agents(self) -> bool:
        """Whether it may have the agent of a passive."""
        return self._tables.pattern("roles.agents").search(self._text) is not None

    def has(self, entity: str) -> bool:
        """Tell whether a name stands in it."""
        return entity in self._first

    def precedes(self, first: str, second: str) -> bool:
        """Tell whether the first occurrence of one name precedes that of another."""
        return self._first[first].start < self._first[second].start

    def is_joint(self, first: str, second: str) -> bool:
        """Tell whether only a conjunction stands between two names, or "with" before the second."""
        between = self._between(first, second)
        if not _WORD.search(self._tables.pattern("statements.and").sub(" ", between)):
            return True
        joined = [match.end() for match in self._tables.pattern("statements.with").finditer(between)]
        return bool(joined) and not _content(between[joined[-1] :], self._tables)

    def between(self, first: str, second: str) -> list[str]:
        """Return the content words between two names."""
        return _content(self._between(first, second), self._tables)

    def agent(self, first: str, second: str) -> str | None:
        """Return which of two names is the agent of a passive: "by A"."""
        return next((entity for entity in (first, second) if self._by(entity) is not None), None)

    def done_by(self, entity: str) -> str | None:
        """Return the content word right before the "by" of a passive, whose agent the name is."""
        before = self._by(entity)
        said = words(before or "")
        return next(iter(_content(said[-1], self._tables)), None) if said else None

    def _by(self, entity: str) -> str | None:
        """Return the words before "by" where a name stands right behind it."""
        if not self.has_agents:
            return None
        before = self._text[max(0, self._first[entity].start - 40) : self._first[entity].start]
        found = [match.span() for match in self._tables.pattern("roles.agents").finditer(before)]
        is_agent = found and not _content(before[found[-1][1] :], self._tables)
        return before[: found[-1][0]] if is_agent else None

    @cached_property
    def sequence(self) -> list[str]:
        """The content words and names, in order."""
        found: list[str] = []
        at = 0
        for name in self._names:
            found += _content(self._text[at : name.start], self._tables)
            found.append(f"\0{name.entity}")
            at = name.end
        return found + _content(self._text[at:], self._tables)

    def _between(self, first: str, second: str) -> str:
        a, b = sorted((self._first[first], self._first[second]), key=lambda name: name.start)
        return self._text[a.end : b.start]


def _swapped(first: str, second: str, said: _Side, told: Sequence[_Side]) -> bool:
    both = [side for side in told if side.has(first) and side.has(second)]
    if any(_passive_differs(first, second, said, side) for side in both if said.has_agents or side.has_agents):
        return True
    if any(side.precedes(first, second) for side in both):
        return False
    return any(_in_swapped_order(first, second, said, side) for side in both) or any(
        _misplaced(first, second, said, side) for side in told if side.has(first) != side.has(second)
    )


def _passive_differs(first: str, second: str, said: _Side, told: _Side) -> bool:
    """Tell whether a name is the agent of a passive on one side, and the object of the same verb on the other."""
    return any(
        passive.precedes(other, entity)
        and active.precedes(other, entity)
        and active.agent(first, second) is None
        and passive.done_by(entity) in {*passive.between(first, second)} & {*active.between(first, second)}
        for passive, active in ((said, told), (told, said))
        for entity, other in ((first, second), (second, first))
    )


def _in_swapped_order(first: str, second: str, said: _Side, told: _Side) -> bool:
    """Tell whether a sentence with both names has them in swapped roles."""
    if told.is_joint(first, second) or (said.agent(first, second) is None) != (told.agent(first, second) is None):
        return False
    gain, share = _fit(first, second, said, told, FITTING)
    return (gain >= GAIN and share >= FITTING) or (gain > 0 and share >= ALMOST)


def _misplaced(first: str, second: str, said: _Side, told: _Side) -> bool:
    """Tell whether a sentence with one of the names, almost in the claim's words, has it in the place of the other."""
    there, other = (first, second) if told.has(first) else (second, first)
    if (said.agent(other, other) is None) != (told.agent(there, there) is None):
        return False
    gain, share = _fit(first, second, said, told, ALMOST)
    return gain > 0 and share >= ALMOST


def _fit(first: str, second: str, said: _Side, told: _Side, least: float) -> tuple[int, float]:
    """Return how many more words match after a swap, and the share of all that match then; zero below the minimum."""
    mine, theirs = said.sequence, told.sequence
    other = {f"\0{first}": f"\0{second}", f"\0{second}": f"\0{first}"}
    swapped = [other.get(word, word) for word in mine]
    if sum(map(set(theirs).__contains__, swapped)) < least * len(mine):
        return 0, 0.0  # too few fit, in whatever order
    after = _common(swapped, theirs)
    return after - _common(mine, theirs), after / len(mine)


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest common subsequence of two lists of words."""
    places: dict[str, int] = {}
    for i, word in enumerate(right):
        places[word] = places.get(word, 0) | 1 << i
    row = whole = (1 << len(right)) - 1  # a row of the usual table in one number: a bit is 0 where the row goes up
    for word in left:
        matched = row & places.get(word, 0)
        row = (row + matched) | (row - matched)
    return (~row & whole).bit_count()


def _entities(names: Sequence[NameSpan], start: int) -> list[_Named]:
    return [_Named(core(name.folded), name.start - start, name.end - start) for name in names]


def _side(i: int, document: Document, known: Sequence[_Named], tables: Lexicon) -> _Side:
    """Return a sentence of the article, with the names that the claim uses."""
    start, end = document.sentences[i]
    names = [
        name._replace(entity=next((one.entity for one in known if _same(one.entity, name.entity)), name.entity))
        for name in _entities(document.names(i), start)
    ]
    return _Side(document.plain[start:end], names, tables)


def _same(left: str, right: str) -> bool:
    return left == right or any(a.startswith(f"{b} ") or a.endswith(f" {b}") for a, b in ((left, right), (right, left)))


def _content(folded: str, tables: Lexicon) -> list[str]:
    function = tables.words("words.function")
    return [stem(word) for word in words(folded) if word not in function and (len(word) > 2 or word.isdigit())]


def _reason(first: str, second: str, claim: str, names: Sequence[_Named]) -> Reason:
    shown = {name.entity: claim[name.start : name.end] for name in reversed(names)}
    message = f"the quoted words have {shown[second]!r} where the claim has {shown[first]!r}, and the other way round"
    return ROLES.reason(message, shown[first])
