"""From an answer to a draft: instructor reads a clean one; any other is recovered item by item."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ...schema import Draft, DraftPartnership, DraftTakeaway, DraftUsage, Rejected, salvage
from . import json_recovery
from .client import Reply
from .request_mode import OutputMode
from .response_schemas import CHOICE, DRAFT, OPINIONS, Json, Opinion

_KEYS = ("takeaways", "partnerships")
_N = TypeVar("_N", DraftTakeaway, DraftPartnership)


def read_draft(reply: Reply) -> Draft | None:
    """The draft in an answer, its malformed items in `usage.malformed`; None where it holds no draft."""
    clean = _clean(reply)
    if clean is not None:
        return clean
    found, notes = json_recovery.read(reply.answer.text, _KEYS)
    if found is None:
        found, notes = json_recovery.repaired(reply.answer.text, _KEYS), []
    return None if found is None else _salvaged(found, notes)


def read_part(reply: Reply) -> Draft:
    """The whole items of an answer that was cut off."""
    found = json_recovery.complete(reply.answer.text, _KEYS)
    if found is None:
        return Draft()
    part = _salvaged(found, [])
    return with_usage(part, DraftUsage(malformed=part.usage.malformed))  # a missing list means nothing here


def read_opinions(reply: Reply) -> dict[int, Opinion]:
    """The opinions in an answer, by the number of the claim; empty where there is none."""
    found, _ = json_recovery.read(reply.answer.text, tuple(OPINIONS.model.model_fields))
    items = found.get("opinions", []) if found is not None else []
    opinions: dict[int, Opinion] = {}
    for item in items:
        with suppress(ValidationError):
            opinion = Opinion.model_validate(item)
            opinions[opinion.claim] = opinion
    return opinions


def read_choice(reply: Reply, candidates: int) -> list[int] | None:
    """The numbers in an answer, from 1 to `candidates`, each once; None where it holds no choice."""
    found, _ = json_recovery.read(reply.answer.text, tuple(CHOICE.model.model_fields))
    if found is None:
        return None
    words = (str(number).strip() for number in _as_list(found["numbers"]))
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= len(str(candidates))]
    return [number for number in dict.fromkeys(numbers) if 1 <= number <= candidates]


def _clean(reply: Reply) -> Draft | None:
    """The draft of an answer that instructor reads without dropping anything; None for any other."""
    from instructor import Mode
    from openai.types.chat import ChatCompletion

    mode = Mode.MD_JSON if reply.mode.mode is OutputMode.FENCED else Mode.JSON_SCHEMA
    mode = Mode.TOOLS if reply.answer.called else mode
    try:
        completion = ChatCompletion.model_construct(**reply.answer.raw)
        draft: Draft = DRAFT.response_model.from_response(completion, mode=mode, strict=False)
    except Exception:  # noqa: BLE001  (whatever it is, the answer is read again, item by item)
        return None
    items: Sequence[BaseModel] = (draft, *draft.takeaways, *draft.partnerships)
    keys = sum(len(item.model_fields_set) for item in items)
    if not draft.model_fields_set.issuperset(_KEYS) or keys != reply.answer.text.count('":'):
        return None  # a key was dropped: it is unknown, or a duplicate
    return Draft(takeaways=draft.takeaways, partnerships=draft.partnerships)


def _salvaged(found: Json, notes: list[str]) -> Draft:
    """Every item that is well formed, or can be made so."""
    missing = [f"the answer had no {key!r}" for key in _KEYS if key not in found]
    lists = {key: [json_recovery.normalized(item) for item in _as_list(found.get(key))] for key in _KEYS}
    draft = salvage({**found, **lists})
    return with_usage(draft, DraftUsage(warnings=tuple(notes + missing)) + draft.usage)


def _as_list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def with_usage(draft: Draft, usage: DraftUsage) -> Draft:
    """The same draft with another usage."""
    return draft.model_copy(update={"usage": usage})


def patched(draft: Draft, correction: Draft) -> Draft:
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
