"""Requests that are written now and answered later: the same messages and schema, read by the same rules."""

import json
from dataclasses import dataclass

from ...errors import InvalidDraft
from ...prompting import Message
from ...schema import Draft
from . import error_mapping
from .batch_api import PATH, PRICE
from .client import ModelClient, Reply
from .parsing import read_draft, with_usage
from .response_schemas import DRAFT, Json
from .tasks.draft import HIGHER, is_cut
from .transports.answer import parse_completion


class CutOff(InvalidDraft):
    """The limit cut the answer off: the same request needs a higher one."""


@dataclass(frozen=True)
class BatchRequest:
    """A line for the batch service, and the most that it can cost."""

    line: bytes
    cost_usd: float | None
    """At the price of a batch; null where the price is unknown."""


def write(client: ModelClient, messages: list[Message], key: str, *, higher: bool) -> BatchRequest:
    """Write a request under a key; `higher` raises the limit, after an answer that was cut off."""
    request = client.prepare(messages, DRAFT, client.limit * (HIGHER if higher else 1))
    row = {"custom_id": key, "method": "POST", "url": PATH, "body": request.body}
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return BatchRequest(
        line.encode() + b"\n", _discounted(client.pricing.cost(request.input_tokens, request.output_tokens))
    )


def read(client: ModelClient, completion: Json) -> Draft:
    """Read the draft in a chat completion of a batch; its malformed items are in its usage.

    Raises `EngineError` where it holds none, `CutOff` where it is not whole.
    """
    error = error_mapping.of_envelope(completion, client.endpoint)
    if error is not None:
        raise error
    answer = parse_completion(completion, {})
    usage = client.usage(answer)
    usage = usage.model_copy(update={"cost_usd": _discounted(usage.cost_usd), "warnings": ()})
    reply = Reply(answer, usage, client.mode)
    if is_cut(reply):
        raise CutOff(f"the answer of {client.endpoint.where} was cut off")
    draft = read_draft(reply)
    if draft is None:
        raise InvalidDraft(f"{client.endpoint.where} answered without the JSON that was asked for")
    return with_usage(draft, usage + draft.usage)


def _discounted(cost: float | None) -> float | None:
    return None if cost is None else cost * PRICE
