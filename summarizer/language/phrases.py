"""A list of entries as one pattern, which is tried only where a word begins as one of its entries does.

A sentence of the news is looked through for some thirty lists, and has a word of two or three of them. So it is read
once for how its words begin, and of a list that has no such beginning nothing more is asked.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from itertools import product

from .normalization import fold
from .tokens import words

HEAD = 4
"""Letters by which the beginning of a word is told."""
MANY, SHORT = 24, 64
"""A list of fewer entries is quicker looked for everywhere in a text of fewer characters."""
LONG = 10_000
"""Characters of a text above which it is not remembered how its words begin."""
WIDE = 8
"""Letters of a choice behind which too much may follow to be written down."""

_END = 1 << 62


class PhrasePattern:
    """Entries as one compiled pattern of whole words, for folded text: its methods are those of `re.Pattern`.

    An elided entry goes on with the next word (`n'`); one in a script without spaces has no whole words.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = [_folded(entry) for entry in entries]
        self._is_long = len(self._entries) > MANY
        self._of_head: dict[str, re.Pattern[str]] = {}

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return _compiled(self._entries)

    @cached_property
    def _heads(self) -> list[frozenset[str]] | None:
        """How the words begin at which each entry may be found; None where any word may begin one of them."""
        heads = [heads_of(entry) for entry in self._entries]
        return None if None in heads else [found for found in heads if found is not None]

    @cached_property
    def _all_heads(self) -> frozenset[str]:
        return frozenset[str]().union(*(self._heads or ()))

    @property
    def pattern(self) -> str:
        """The entries as one regular expression."""
        return self._regex.pattern

    def match(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Return the entry that begins at an offset."""
        return self._regex.match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the entry that is all of a text."""
        return self._regex.fullmatch(text)

    def search(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Return the first entry in `text[start:end]`."""
        heads = self._heads_in(text)
        if heads is None:
            return self._regex.search(text, start, end)
        return next(self._found(text, start, end, heads), None) if heads else None

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        """Return the entries in `text[start:end]`, one behind the other."""
        heads = self._heads_in(text)
        if heads is None:
            return self._regex.finditer(text, start, end)
        return self._found(text, start, end, heads) if heads else iter(())

    def may_be_in(self, text: str) -> bool:
        """Tell whether a word of a text begins as an entry does: a quick look before a longer one."""
        return not self._is_absent(text)

    def sub(self, by: str, text: str) -> str:
        """Return a text with something else in the place of each entry."""
        return text if self._is_absent(text) else self._regex.sub(by, text)

    def blank(self, text: str) -> str:
        """Return a text of the same length with spaces in the place of each entry."""
        return text if self._is_absent(text) else self._regex.sub(lambda word: " " * len(word[0]), text)

    def _is_absent(self, text: str) -> bool:
        heads = self._heads_in(text)
        return heads is not None and not heads

    def _heads_in(self, text: str) -> frozenset[str] | None:
        """Return how the words of a text begin at which an entry may be; None where it is quicker to look at all."""
        size = len(text)
        if size > LONG or (size <= SHORT and not self._is_long) or self._heads is None:
            return None
        return self._all_heads.intersection(_places(text))

    def _found(self, text: str, start: int, end: int, heads: Iterable[str]) -> Iterator[re.Match[str]]:
        places = _places(text)
        at = start
        for place, head in sorted([(where, one) for one in heads for where in places[one]]):
            if at <= place < end and (found := self._beginning_with(head).match(text, place, end)):
                yield found
                at = found.end()

    def _beginning_with(self, head: str) -> re.Pattern[str]:
        """Return the entries that may begin with a head, in their order, as one pattern."""
        if head not in self._of_head:
            pairs = zip(self._entries, self._heads or (), strict=True)
            self._of_head[head] = _compiled(entry for entry, heads in pairs if head in heads)
        return self._of_head[head]


def _folded(entry: str) -> str:
    """Take accents and typography off an entry and leave its regular expression alone; a space is any white space."""
    return "".join(c if c.isascii() else fold(c) for c in entry).replace(" ", r"\s+")


def _compiled(entries: Iterable[str]) -> re.Pattern[str]:
    words: list[str] = []
    elided: list[str] = []
    unspaced: list[str] = []
    for entry in entries:
        (elided if entry.endswith("'") else words if entry.isascii() else unspaced).append(entry)
    # One look for the beginning of a word before all of them: it is what keeps long tables fast.
    parts = [rf"(?:{'|'.join(words)})(?!\w)"] if words else []
    parts += [rf"(?:{'|'.join(elided)})"] if elided else []
    bounded = [rf"(?<!\w)(?:{'|'.join(parts)})"] if parts else []
    return re.compile("|".join([*bounded, *unspaced]) or r"(?!)")


@lru_cache(maxsize=256)
def _places(text: str) -> dict[str, list[int]]:
    """How each word of a text begins → where."""
    places: dict[str, list[int]] = {}
    at = 0
    for word in words(text):
        at = text.index(word, at)
        head = word[:HEAD]
        if head in places:
            places[head].append(at)
        else:
            places[head] = [at]
        at += len(word)
    return places


# --- how an entry can begin ------------------------------------------------------------------------------------

_PLAIN = re.compile(rf"([a-z0-9]{{{HEAD}}})(?![?*{{])(?:[^|()]|\([^()]*\))*\Z", re.ASCII)
"""Most entries: letters, with choices further on."""
_ATOM = re.compile(
    r"(?P<look>\(\?(?:!|=|<!|<=))|(?P<group>\((?:\?:)?)|\[(?P<letters>[^\]]+)\]"
    r"|(?P<edge>[\^$]|\\b)|(?P<any>\.|\\[wdSWD])|\\(?:x[0-9a-f]{2}|.)|(?P<plain>[^\\()\[\]|?*+{}])"
)
_TIMES = re.compile(r"(?:[?*+]|\{(?P<least>\d+)(?P<more>,(?P<most>\d*))?\})[?+]?")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789_"
_SIGNS = " '-.,%"
_CLOSED, _ANY = "\0", "\1"
"""Behind what begins an entry and ends a word, "a deux" begins as "a"; and before what may be any word."""


@cache
def heads_of(entry: str) -> frozenset[str] | None:
    """Return how the words begin at which an entry may be found; more of them do no harm. None where any word may."""
    if plain := _PLAIN.match(entry):
        return frozenset({plain[1]})
    found, end = _alternatives(entry, 0)
    heads = frozenset(head.rstrip(_CLOSED) for head in found)
    if end != len(entry) or "" in heads or not entry.isascii() or any(_ANY in head for head in heads):
        return None
    return heads


def _alternatives(entry: str, at: int) -> tuple[set[str], int]:
    """Return how what stands from an offset on can begin, and where it ends."""
    found, at = _sequence(entry, at)
    while entry[at : at + 1] == "|":
        more, at = _sequence(entry, at + 1)
        found |= more
    return found, at


def _sequence(entry: str, at: int) -> tuple[set[str], int]:
    found = {""}
    while at < len(entry) and entry[at] not in "|)":
        atom, at = _atom(entry, at)
        least, most, at = _times(entry, at)
        for i in range(most):
            whole = {head for head in found if len(head) == HEAD or head.endswith((_CLOSED, _ANY))}
            if not (begun := found - whole):
                break
            wide = len(atom) >= WIDE and max(map(len, atom)) == 1 and any(len(head) < HEAD - 1 for head in begun)
            longer = {(head + more)[:HEAD] for head, more in product(begun, (_ANY,) if wide else atom)}
            found = whole | longer if i < least else found | longer
    return found, at


def _atom(entry: str, at: int) -> tuple[frozenset[str], int]:
    """Return what one atom may be, and where it ends."""
    atom = _ATOM.match(entry, at)
    if atom is None:
        return frozenset({_ANY}), at + 1
    if atom["look"] or atom["group"]:
        inside, end = _alternatives(entry, atom.end())
        return _NOTHING if atom["look"] else frozenset(inside), end + 1
    if atom["edge"]:
        return _NOTHING, atom.end()
    if atom["any"] or atom["letters"]:
        return _letters(atom[0]), atom.end()
    return frozenset({atom["plain"] if atom["plain"] and atom["plain"] in _ALPHABET else _CLOSED}), atom.end()


_NOTHING = frozenset({""})


@cache
def _letters(some: str) -> frozenset[str]:
    """Return which letters `[a-z]` or `.` may be, and whether it may end a word."""
    chosen = re.compile(some)
    signs = (_CLOSED,) if any(map(chosen.match, _SIGNS)) else ()
    return frozenset((*filter(chosen.match, _ALPHABET), *signs))


def _times(entry: str, at: int) -> tuple[int, int, int]:
    """Return how often an atom stands there at least and at most, and where that ends."""
    times = _TIMES.match(entry, at)
    if times is None:
        return 1, 1, at
    if times["least"] is None:
        return int(times[0][0] == "+"), 1 if times[0][0] == "?" else HEAD, times.end()
    least = int(times["least"])
    return least, int(times["most"] or HEAD) if times["more"] else least, times.end()
