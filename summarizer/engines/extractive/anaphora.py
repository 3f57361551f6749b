"""Who "elle", "the airline", "die beiden Unternehmen" or "we" stands for, from what the article has named so far."""

from collections import Counter, deque

from ...text.lexicon import Lexicon, lexicon
from .masking import Masked
from .organisations import Mention, Names, Sort

_MEMORY = 8
"""Sentences that an article goes on speaking of somebody without the name."""


class Story:
    """What has been named so far, sentence by sentence."""

    def __init__(self, names: Names, tag: str, title: str) -> None:
        self._tables = lexicon(tag) or Lexicon(tag, {})
        self._names = names
        self._recent: deque[list[Mention]] = deque(maxlen=_MEMORY)
        self._partners: dict[str, list[Mention]] = {}
        self._first: dict[str, Mention] = {}

    def tell(self, sentence: int) -> None:
        """Go on to the next sentence."""
        parties = self._names.parties(sentence)
        if parties:
            self._recent.appendleft(parties)
        for mention in parties:
            self._first.setdefault(mention.key, mention)

    def remember(self, parties: tuple[Mention, ...]) -> None:
        """Keep in mind who was told to be with whom."""
        for mention in parties:
            self._partners[mention.key] = [other for other in parties if other.key != mention.key]

    def described(self, masked: Masked, start: int, before: int, right: list[Mention]) -> list[Mention]:
        """Return who "the yard" is, where the clause begins so and the word has stood before a name."""
        found = self._tables.pattern("organisations.anaphors").search(masked.text, start, before)
        if found is None or masked.named(start, found.start()):
            return []
        named = self._by_head(found[0], {mention.key for mention in right})
        return [named] if named else []

    def stand_in(self, masked: Masked, before: int, right: list[Mention]) -> list[Mention]:
        """Return who the subject of a clause without a name stands for; nobody when it cannot be told."""
        keys = {mention.key for mention in right}
        if (found := self._last("anaphors", masked.text, before)) and (named := self._by_head(found, keys)):
            return [named]
        if self._last("we", masked.text, len(masked.text)) and (main := self._main(keys)):
            return [main]
        for mention in right:
            if known := [m for m in self._partners.get(mention.key, ()) if m.key not in keys]:
                return known[:1]
        return self._focus(keys)

    def pair(self, here: list[Mention]) -> list[Mention]:
        """Return the two organisations that were named last, those of this sentence first."""
        found = {mention.key: mention for mention in here}
        for parties in self._recent:
            if len(found) > 1:
                break
            for mention in parties:
                found.setdefault(mention.key, mention)
        return list(found.values())[:2]

    def _last(self, table: str, text: str, before: int) -> str | None:
        found = [match[0] for match in self._tables.pattern(f"organisations.{table}").finditer(text, 0, before)]
        return found[-1] if found else None

    def _by_head(self, anaphor: str, keys: set[str]) -> Mention | None:
        """Find "the airline" by the word that stood before the name."""
        words = {word for word in anaphor.replace("'", " ").split() if len(word) > 3}
        for parties in self._recent:
            for mention in parties:
                if mention.key not in keys and any(
                    words & set(head.split()) for head in self._names.heads[mention.key]
                ):
                    return mention
        return None

    def _main(self, keys: set[str]) -> Mention | None:
        """Return the organisation that the article is about."""
        counts = Counter({key: self._names.counts[key] for key in self._first if key not in keys})
        return self._first[max(counts, key=lambda key: counts[key])] if counts else None

    def _focus(self, keys: set[str]) -> list[Mention]:
        """Return the subject of the nearest sentence that names somebody else; what is known for a firm comes first."""
        for sure in (True, False):
            for parties in self._recent:
                for mention in parties:
                    solid = mention.sort is Sort.FIRM or self._names.counts[mention.key] > 1
                    if mention.key not in keys and (solid or not sure):
                        return [mention]
        return []
