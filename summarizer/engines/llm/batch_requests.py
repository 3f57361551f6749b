"""A request that is written down now and answered later: the same words, the same shape, read by the same rules."""

import json
from dataclasses import dataclass

from ...errors import InvalidDraft
from ...prompting import Message
from ...schema import Draft, DraftUsage
from . import error_mapping
from .batch_api import PATH, PRICE
from .client import ModelClient, Reply
from .parsing import read_draft, with_usage
from .response_schemas import DRAFT, Json
from .tasks.draft import HIGHER, is_cut
from .transports.openai_transport import answer_of


class CutOff(InvalidDraft):
    """The limit cut the answer off: the same request again wants a higher one."""


@dataclass(frozen=True)
class Written:
    """A line for the service, and the most that it can cost."""

    line: bytes
    cost_usd: float | None
    """At the price of a batch; null where the price is unknown."""


def write(line: ModelClient, messages: list[Message], key: str, *, higher: bool) -> Written:
    """Write a request down under a key; `higher` after an answer that was cut off."""
    ask = line.prepare(messages, DRAFT, line.limit * (HIGHER if higher else 1))
    request = {"custom_id": key, "method": "POST", "url": PATH, "body": ask.body}
    told = json.dumps(request, ensure_ascii=False, separators=(",", ":"))
    most = line.tariff.cost(ask.input_tokens, ask.output_tokens)
    return Written(told.encode("utf-8", "replace") + b"\n", None if most is None else most * PRICE)


def read(line: ModelClient, answer: Json) -> Draft:
    """Read the draft in a chat completion of a batch; what is malformed in it is in its usage.

    Raises `EngineError` where it holds none, `CutOff` where it is not whole.
    """
    fault = error_mapping.of_envelope(answer, line.endpoint)
    if fault is not None:
        raise fault
    told = answer_of(answer, {})
    heard = Reply(told, _effort(line, told.input_tokens, told.output_tokens), line.dialect)
    if is_cut(heard):
        raise CutOff(f"the answer of {line.endpoint.where} was cut off")
    draft = read_draft(heard)
    if draft is None:
        raise InvalidDraft(f"{line.endpoint.where} answered without the JSON that was asked for")
    return with_usage(draft, heard.usage + draft.usage)


def _effort(line: ModelClient, input_tokens: int | None, output_tokens: int | None) -> DraftUsage:
    if input_tokens is None or output_tokens is None:
        return DraftUsage(calls=1, cost_usd=None)
    cost = line.tariff.cost(input_tokens, output_tokens)
    used = DraftUsage(calls=1, input_tokens=input_tokens, output_tokens=output_tokens)
    return used.model_copy(update={"cost_usd": None if cost is None else cost * PRICE})
