"""Draft a passage: one request when all goes well, more where an answer is cut off or malformed."""

import json
from collections.abc import Callable
from typing import TypeVar

from ....errors import EngineError, InvalidDraft
from ....prompting import Message
from ....schema import Draft, DraftPartnership, DraftTakeaway, DraftUsage, Passage, Rejected
from .. import parsing
from ..client import ModelClient, Reply
from ..error_mapping import TooLong
from ..output_modes import OutputMode
from ..parsing import read_draft, read_part, with_usage
from ..response_schemas import DRAFT

_N = TypeVar("_N", DraftTakeaway, DraftPartnership)

_REASKS = 2
HIGHER = 4  # times the limit, for an answer that was cut off
_SHORTEST = 1_000  # characters: a passage that is not split again
_ITEMS = 12  # asked for again at one time: with more errors than that, the model is not up to the task
_LONGEST = 1_200  # characters of one item that are shown back
_DEEPEST = 4  # times that a passage is split
_PLAUSIBLE = 256  # tokens: no context is smaller; some gateways report arbitrary counts
_BYTES_PER_TOKEN = 14  # a prompt for which the server counts fewer tokens than that was not read whole
_CONTEXTS = frozenset(2**n for n in range(10, 18))  # tokens: what servers such as Ollama cut a prompt to


class DraftTask:
    """Drafts passages with one client."""

    def __init__(self, client: ModelClient, messages: Callable[[Passage], list[Message]]) -> None:
        self._client = client
        self._messages = messages

    async def draft(self, passage: Passage, depth: int = 0) -> Draft:
        """Draft a passage, in two halves where it is too long for the model. Raises `EngineError`."""
        messages = self._messages(passage)
        try:
            reply, spent = await self._uncut(messages)
        except TooLong:
            if depth >= _DEEPEST or not (halves := _halves(passage)):
                raise
            return await self._split(halves, DraftUsage(), depth + 1)
        if not is_cut(reply):
            return await self._corrected(messages, reply, spent)
        if depth == 0 and (halves := _halves(passage)):
            return await self._split(halves, spent, _DEEPEST)
        part = read_part(reply)
        if part is None:
            raise InvalidDraft(
                f"{self._client.endpoint.where} reached the limit of its answer before one claim was whole; "
                "try another model, or one that thinks less"
            )
        return with_usage(part, spent + part.usage + DraftUsage(truncated=True))

    async def _uncut(self, messages: list[Message]) -> tuple[Reply, DraftUsage]:
        """The answer; one that was cut off is asked for once more with a higher limit."""
        reply = await self._client.request(messages, DRAFT)
        if not is_cut(reply):
            return reply, reply.usage
        try:
            more = await self._client.request(messages, DRAFT, self._client.limit * HIGHER)
        except EngineError as error:
            note = f"an answer was cut off, and could not be asked for with a higher limit: {error}"
            return reply, reply.usage + DraftUsage(warnings=(note,))
        return more, reply.usage + more.usage

    async def _split(self, halves: tuple[Passage, Passage], spent: DraftUsage, depth: int) -> Draft:
        """Draft both halves in turn; one that fails is noted, and the other is kept."""
        drafts: list[Draft] = []
        failure: EngineError | None = None
        for half in halves:
            try:
                drafts.append(await self.draft(half, depth))
            except EngineError as error:
                failure = error
                note = f"the characters {half.start} to {half.end} of the article were not read: {error}"
                spent += DraftUsage(truncated=True, unread=((half.start, half.end),), warnings=(note,))
        if failure is not None and not drafts:
            raise failure
        from ....chunking import merge  # slow to import, and hardly ever needed

        whole = merge(drafts)
        return with_usage(whole, spent + whole.usage)

    async def _corrected(self, messages: list[Message], reply: Reply, spent: DraftUsage) -> Draft:
        """The draft in an answer; malformed items are asked for again, alone, at most twice."""
        draft = self._read(reply)
        part = read_part(reply) if draft is None else None
        if unread := _unread(messages, reply, self._client):
            spent += unread
        answers = 1
        while answers <= _REASKS and (draft is None or draft.usage.malformed):
            try:
                reply = await self._client.request(_again(messages, reply, draft), DRAFT)
            except EngineError as error:
                if draft is None and part is None:
                    raise
                spent += DraftUsage(warnings=(f"malformed items could not be asked for again: {error}",))
                break
            answers += 1
            spent += reply.usage
            correction = self._read(reply)
            draft = _patched(draft, correction) if draft and correction else draft or correction
            part = part or read_part(reply)
        if draft is None and part is None:
            raise self._unreadable(reply, answers)
        if draft is None:
            note = f"only the whole items of a broken answer of {self._client.endpoint.where} are kept"
            spent += DraftUsage(truncated=True, warnings=(note,))
        whole = draft or part or Draft()
        return with_usage(whole, spent + whole.usage)

    def _read(self, reply: Reply) -> Draft | None:
        """Read an answer, and learn whether the server keeps what the output mode promises."""
        draft = read_draft(reply)
        if draft is not None:
            self._client.confirm(reply.mode)
        elif reply.mode.mode is not OutputMode.TOOLS or not reply.answer.called:
            self._client.weaken(reply.mode)
        return draft

    def _unreadable(self, reply: Reply, answers: int) -> InvalidDraft:
        shown = " ".join(reply.answer.text.split())[:80]
        times = "once" if answers == 1 else f"{answers} times"
        what = f"its last answer begins with {shown!r}" if shown else "its last answer is empty"
        return InvalidDraft(
            f"{self._client.endpoint.where} answered {times}, never with the JSON that was asked for: {what}; "
            "try another model"
        )


def is_cut(reply: Reply) -> bool:
    """Whether the limit cut the answer off, even where the server calls it something else."""
    answer = reply.answer
    if answer.finish == "length" or not parsing.is_cut(answer.text):
        return answer.finish == "length"
    return answer.called or (read_draft(reply) is None and read_part(reply) is not None)


def _halves(passage: Passage) -> tuple[Passage, Passage] | None:
    """The passage in two, between the sentences nearest to its middle; None for one too short."""
    text = passage.text
    if len(text) < 2 * _SHORTEST:
        return None
    from ....language.sentences import sentences

    ends = [span.end for span in sentences(text)][:-1] or [len(text) // 2]
    middle = passage.start + min(ends, key=lambda end: abs(end - len(text) // 2))
    return passage.model_copy(update={"end": middle}), passage.model_copy(update={"start": middle})


def _unread(messages: list[Message], reply: Reply, client: ModelClient) -> DraftUsage | None:
    """A warning where the server counts far too few tokens: some cut a long prompt silently."""
    counted = reply.answer.input_tokens
    size = sum(len(message["content"].encode("utf-8", "surrogatepass")) for message in messages)
    if not counted or counted < _PLAUSIBLE:
        return None
    if counted * _BYTES_PER_TOKEN < size:
        note = f"{client.endpoint.where} read {counted} tokens of a prompt of {size} bytes: not the whole article"
    elif counted in _CONTEXTS and not client.endpoint.is_hosted:
        note = (
            f"{client.endpoint.where} read exactly {counted} tokens, which looks like all that its context holds: it "
            "may not have read the whole article; give it a larger context, or set a smaller SUMMARIZER_WINDOW"
        )
    else:
        return None
    return DraftUsage(truncated=True, warnings=(note,))


def _again(messages: list[Message], reply: Reply, draft: Draft | None) -> list[Message]:
    """Ask for the whole answer again where it held no draft, else for the malformed items, each with its errors."""
    if draft is None:
        shown = reply.answer.text.strip()[:_LONGEST] or "(nothing)"
        words = (
            "That is not the JSON object that was asked for. Answer with one JSON object that has "
            "the keys `takeaways` and `partnerships`, each a list, and with nothing else before or after it."
        )
    else:
        items = draft.usage.malformed[:_ITEMS]
        kinds = ("takeaway", "partnership")
        claims = {f"{kind}s": [item.claim for item in items if item.kind == kind] for kind in kinds}
        shown = json.dumps(claims, ensure_ascii=False)[: _LONGEST * _ITEMS]
        faults = "\n".join(
            f"- {item.kind} {json.dumps(item.claim, ensure_ascii=False)[:_LONGEST]}: "
            + "; ".join(reason.message for reason in item.reasons)
            for item in items
        )
        words = (
            f"These items are not in the form that was asked for:\n{faults}\n"
            "Answer in the same JSON form with these items only, corrected. "
            "Leave out one that the article cannot bear out."
        )
    return [*messages, {"role": "assistant", "content": shown}, {"role": "user", "content": words}]


def _patched(draft: Draft, correction: Draft) -> Draft:
    """A draft with the items that were asked for again; what did not come back well formed stays malformed."""
    wanted = draft.usage.malformed
    takeaways, left = _added(draft.takeaways, correction.takeaways, correction, wanted, "takeaway")
    partnerships, still = _added(draft.partnerships, correction.partnerships, correction, wanted, "partnership")
    usage = DraftUsage(malformed=left + still, warnings=draft.usage.warnings)
    return Draft(takeaways=takeaways, partnerships=partnerships, usage=usage)


def _added(
    kept: tuple[_N, ...], new: tuple[_N, ...], correction: Draft, malformed: tuple[Rejected, ...], kind: str
) -> tuple[tuple[_N, ...], tuple[Rejected, ...]]:
    """At most as many items as were asked for: a model that repeats its whole answer adds nothing twice."""
    wanted = [item for item in malformed if item.kind == kind]
    fresh = [item for item in new if item not in kept][: len(wanted)]
    bad = [item for item in correction.usage.malformed if item.kind == kind][: len(wanted) - len(fresh)]
    return kept + tuple(fresh), tuple(bad + wanted[len(fresh) + len(bad) :])
