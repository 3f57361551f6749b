"""The takeaways of a long article, chosen by number from those of its passages: a model can choose, and not invent.

One request, as a rule. More candidates than a request can hold are shown with fewer words, and if they are too many
even so, in groups whose best meet again.
"""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from ....prompting import Message, Prompt
from ....schema import Draft, DraftTakeaway, DraftUsage, Takeaway
from ..client import ModelClient
from ..parsing import read_choice
from ..response_schemas import CHOICE

_T = TypeVar("_T")
_FULL, _BRIEF = 1_000, 400
"""Bytes of a candidate at the most, in full or with fewer words."""
_WORDS = {_FULL: (400, 250, 2), _BRIEF: (250, 100, 1)}
"""Bytes of its sentence, bytes of a quote, and how many quotes."""
_TITLE = 300
"""Bytes of the article's title."""


@dataclass(frozen=True)
class TakeawaySelector:
    """Chooses over one line, for one article."""

    line: ModelClient
    prompt: Prompt
    count: int
    title: str | None
    language: str

    async def choose(self, candidates: Sequence[Takeaway], room: int) -> Draft:
        """Return up to `count` candidates, the best first; none where an answer holds none. Raises `EngineError`."""
        left, usage = list(candidates), DraftUsage()
        while True:
            groups, size = _groups(left, self.count, room)
            rounds = await _all([self._best(group, size) for group in groups])
            usage = sum((took for _, took in rounds), usage)
            chosen = [best for best, _ in rounds]
            if not all(chosen):
                note = f"{self.line.endpoint.where} chose no takeaways: the first of each passage stand"
                return Draft(usage=usage + DraftUsage(warnings=(note,)))
            left = list(chain.from_iterable(chosen))
            if len(groups) == 1:
                return Draft(takeaways=tuple(map(_drafted, left)), usage=usage)

    async def _best(self, candidates: Sequence[Takeaway], size: int) -> tuple[list[Takeaway], DraftUsage]:
        heard = await self.line.ask(self._messages(candidates, size), CHOICE)
        numbers = read_choice(heard, len(candidates))
        if numbers is None:
            self.line.mistrust(heard.dialect)
            return [], heard.usage
        self.line.understood(heard.dialect)
        return [candidates[number - 1] for number in numbers[: self.count]], heard.usage

    def _messages(self, candidates: Sequence[Takeaway], size: int) -> list[Message]:
        """What is said for a choice. Raises `PromptError`."""
        variables = {"takeaways": self.count, "language": self.language}
        title = json.dumps({"title": _clipped(self.title or "", _TITLE)}, ensure_ascii=False)
        return self.prompt.render(variables, {"candidates": "\n".join((title, *_shown(candidates, size)))})


def largest(candidates: int, count: int, room: int) -> Iterator[int]:
    """Yield for each request the most bytes of candidates that it can hold."""
    if candidates <= count:
        return
    each = _most(count, room)
    if candidates <= each:
        yield _TITLE + min(candidates * _FULL, max(room, each * _BRIEF))
        return
    sizes = [min(each, candidates - start) for start in range(0, candidates, each)]
    yield from (_TITLE + size * _BRIEF for size in sizes)
    yield from largest(sum(min(count, size) for size in sizes), count, room)


def _most(count: int, room: int) -> int:
    """How many candidates with few words are put into one request: enough for the groups to become fewer."""
    return max(2 * count, room // _BRIEF)


def _groups(candidates: Sequence[Takeaway], count: int, room: int) -> tuple[list[Sequence[Takeaway]], int]:
    """Put the candidates into requests, and say how many bytes each may have."""
    if sum(len(line.encode()) for line in _shown(candidates, _FULL)) <= room:
        return [candidates], _FULL
    each = _most(count, room)
    return [candidates[start : start + each] for start in range(0, len(candidates), each)], _BRIEF


def _shown(candidates: Sequence[Takeaway], size: int) -> Iterator[str]:
    """Yield a line of JSON for each candidate, with its number."""
    sentence, quote, quotes = _WORDS[size]
    for number, candidate in enumerate(candidates, start=1):
        words = [_clipped(evidence.quote, quote) for evidence in candidate.evidence[:quotes]]
        shown = {"number": number, "takeaway": _clipped(candidate.text, sentence), "quotes": words}
        yield json.dumps(shown, ensure_ascii=False)


def _clipped(words: str, most: int) -> str:
    """As much of a text as takes so many bytes in JSON."""
    while (over := len(json.dumps(words, ensure_ascii=False).encode("utf-8", "surrogatepass")) - most) > 0:
        words = words[: -max(2, over // 4)] + "…"
    return words


def _drafted(takeaway: Takeaway) -> DraftTakeaway:
    return DraftTakeaway(text=takeaway.text, quotes=tuple(evidence.quote for evidence in takeaway.evidence))


async def _all(asked: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """Wait for all; the first that fails stops the others."""
    tasks = [asyncio.ensure_future(one) for one in asked]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
