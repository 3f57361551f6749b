"""Select the takeaways of a long article by number from those of its passages: a model can choose, but not invent.

One request, as a rule. More candidates than a request can hold are shortened, and if they are still too many, put into
groups whose winners are compared again.
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
"""Maximum bytes of a candidate, in full or shortened."""
_WORDS = {_FULL: (400, 250, 2), _BRIEF: (250, 100, 1)}
"""Maximum bytes of its sentence, bytes of a quote, and number of quotes."""
_TITLE = 300
"""Maximum bytes of the article's title."""


@dataclass(frozen=True)
class TakeawaySelector:
    """Selects with one client, for one article."""

    client: ModelClient
    prompt: Prompt
    count: int
    title: str | None
    language: str

    async def select(self, candidates: Sequence[Takeaway], room: int) -> Draft:
        """Return up to `count` candidates, the best first; none where an answer holds none. Raises `EngineError`."""
        left, usage = list(candidates), DraftUsage()
        while True:
            groups, size = _groups(left, self.count, room)
            results = await _gather([self._best(group, size) for group in groups])
            usage = sum((spent for _, spent in results), usage)
            chosen = [best for best, _ in results]
            if not all(chosen):
                warning = f"{self.client.endpoint.where} chose no takeaways: the first of each passage stand"
                return Draft(usage=usage + DraftUsage(warnings=(warning,)))
            left = list(chain.from_iterable(chosen))
            if len(groups) == 1:
                drafted = (DraftTakeaway(text=one.text, quotes=tuple(e.quote for e in one.evidence)) for one in left)
                return Draft(takeaways=tuple(drafted), usage=usage)

    async def _best(self, candidates: Sequence[Takeaway], size: int) -> tuple[list[Takeaway], DraftUsage]:
        reply = await self.client.request(self._messages(candidates, size), CHOICE)
        numbers = read_choice(reply, len(candidates))
        if numbers is None:
            self.client.weaken(reply.mode)
            return [], reply.usage
        self.client.confirm(reply.mode)
        return [candidates[number - 1] for number in numbers[: self.count]], reply.usage

    def _messages(self, candidates: Sequence[Takeaway], size: int) -> list[Message]:
        """The messages of a selection. Raises `PromptError`."""
        variables = {"takeaways": self.count, "language": self.language}
        title = json.dumps({"title": _clipped(self.title or "", _TITLE)}, ensure_ascii=False)
        return self.prompt.render(variables, {"candidates": "\n".join((title, *_shown(candidates, size)))})


def largest(candidates: int, count: int, room: int) -> Iterator[int]:
    """Yield for each request the maximum bytes of its candidates."""
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
    """How many shortened candidates fit into one request: enough for the number of groups to shrink."""
    return max(2 * count, room // _BRIEF)


def _groups(candidates: Sequence[Takeaway], count: int, room: int) -> tuple[list[Sequence[Takeaway]], int]:
    """Divide the candidates into requests, and return the maximum bytes of each candidate."""
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
    """As much of a text as fits into so many bytes of JSON."""
    while (over := len(json.dumps(words, ensure_ascii=False).encode("utf-8", "surrogatepass")) - most) > 0:
        words = words[: -max(2, over // 4)] + "…"
    return words


async def _gather(requests: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """Wait for all; the first that fails cancels the others."""
    tasks = [asyncio.ensure_future(request) for request in requests]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
