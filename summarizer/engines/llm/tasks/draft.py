"""One passage, one draft: asked once when all goes well, and more where an answer is cut off or malformed."""

from collections.abc import Callable

from ....errors import EngineError, InvalidDraft
from ....prompting import Message
from ....schema import Draft, DraftUsage, Passage
from .. import json_recovery, reask
from ..client import ModelClient, Reply
from ..error_mapping import TooLong
from ..output_modes import OutputMode
from ..parsing import patched, read_draft, read_part, with_usage
from ..response_schemas import DRAFT

_REASKS = 2
HIGHER = 4  # times the limit, for an answer that was cut off
_SHORTEST = 1_000  # characters: a passage that is not split again
_DEEPEST = 4
_PLAUSIBLE = 256  # tokens: no context is smaller, and some gateways count what they like
_BYTES_PER_TOKEN = 14  # a prompt of which the server counts fewer tokens than that was not read whole


class DraftTask:
    """Drafts passages over one line."""

    def __init__(self, line: ModelClient, messages: Callable[[Passage], list[Message]]) -> None:
        self._line = line
        self._messages = messages

    async def draft(self, passage: Passage, depth: int = 0) -> Draft:
        """Draft a passage, in two halves where it is too long for the model. Raises `EngineError`."""
        messages = self._messages(passage)
        try:
            heard, spent = await self._uncut(messages)
        except TooLong:
            if depth >= _DEEPEST or not (halves := _halves(passage)):
                raise
            return await self._split(halves, DraftUsage(), depth + 1)
        if not is_cut(heard):
            return await self._shaped(messages, heard, spent)
        if depth == 0 and (halves := _halves(passage)):
            return await self._split(halves, spent, _DEEPEST)
        part = read_part(heard)
        return with_usage(part, spent + part.usage + DraftUsage(truncated=True))

    async def _uncut(self, messages: list[Message]) -> tuple[Reply, DraftUsage]:
        """The answer; one that was cut off is asked for once more with a higher limit."""
        heard = await self._line.ask(messages, DRAFT)
        if not is_cut(heard):
            return heard, heard.usage
        try:
            more = await self._line.ask(messages, DRAFT, self._line.limit * HIGHER)
        except EngineError as error:
            note = f"an answer was cut off, and could not be asked for with a higher limit: {error}"
            return heard, heard.usage + DraftUsage(warnings=(note,))
        return more, heard.usage + more.usage

    async def _split(self, halves: tuple[Passage, Passage], spent: DraftUsage, depth: int) -> Draft:
        """Both halves one after the other; one that fails is told, and the other stays."""
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
        from ....chunking import merge  # hardly ever needed, and some time to read

        whole = merge(drafts)
        return with_usage(whole, spent + whole.usage)

    async def _shaped(self, messages: list[Message], heard: Reply, spent: DraftUsage) -> Draft:
        """The draft in an answer; what is not in shape is asked again, alone, at most twice."""
        draft = self._read(heard)
        if unread := _unread(messages, heard, self._line):
            spent += unread
        answers = 1
        for _ in range(_REASKS):
            if draft is not None and not draft.usage.malformed:
                break
            try:
                heard = await self._line.ask(_again(messages, heard, draft), DRAFT)
            except EngineError as error:
                if draft is None:
                    raise
                spent += DraftUsage(warnings=(f"malformed items could not be asked for again: {error}",))
                break
            answers += 1
            spent += heard.usage
            again = self._read(heard)
            draft = again if draft is None else draft if again is None else patched(draft, again)
        if draft is None:
            raise self._nonsense(heard, answers)
        return with_usage(draft, spent + draft.usage)

    def _read(self, heard: Reply) -> Draft | None:
        """Read an answer, and learn whether the server keeps what the form of the request promises."""
        draft = read_draft(heard)
        if draft is not None:
            self._line.understood(heard.dialect)
        elif heard.dialect.mode is not OutputMode.TOOLS or not heard.answer.called:
            self._line.mistrust(heard.dialect)
        return draft

    def _nonsense(self, heard: Reply, answers: int) -> InvalidDraft:
        shown = " ".join(heard.answer.text.split())[:80]
        times = "once" if answers == 1 else f"{answers} times"
        what = f"its last answer begins with {shown!r}" if shown else "its last answer is empty"
        return InvalidDraft(
            f"{self._line.endpoint.where} answered {times}, never with the JSON that was asked for: {what}; "
            "try another model"
        )


def _again(messages: list[Message], heard: Reply, draft: Draft | None) -> list[Message]:
    if draft is None:
        return reask.again_whole(messages, heard.answer.text)
    return reask.again_items(messages, draft.usage.malformed)


def is_cut(heard: Reply) -> bool:
    """Whether the limit cut the answer off, even where the server calls it something else."""
    if heard.answer.finish == "length":
        return True
    return heard.answer.called and json_recovery.is_cut(heard.answer.text)


def _unread(messages: list[Message], heard: Reply, line: ModelClient) -> DraftUsage | None:
    """A note where the server counts far too few tokens: some cut a long prompt without a word."""
    counted = heard.answer.input_tokens
    if not counted or counted < _PLAUSIBLE:
        return None
    size = sum(len(message["content"].encode("utf-8", "surrogatepass")) for message in messages)
    if counted * _BYTES_PER_TOKEN >= size:
        return None
    note = f"{line.endpoint.where} read {counted} tokens of a prompt of {size} bytes: not the whole article"
    return DraftUsage(truncated=True, warnings=(note,))


def _halves(passage: Passage) -> tuple[Passage, Passage] | None:
    """The passage in two, between the sentences nearest to its middle; None for one too short."""
    text = passage.text
    if len(text) < 2 * _SHORTEST:
        return None
    from ....language.sentences import sentences

    ends = [span.end for span in sentences(text)][:-1] or [len(text) // 2]
    middle = passage.start + min(ends, key=lambda end: abs(end - len(text) // 2))
    return (
        passage.model_copy(update={"end": middle}),
        passage.model_copy(update={"start": middle}),
    )
