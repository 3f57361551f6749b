"""From an answer to a draft: instructor reads a clean one, and any other is mended and kept item by item."""

from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ...schema import Draft, DraftPartnership, DraftTakeaway, DraftUsage, Rejected, salvage
from . import json_recovery
from .client import Reply
from .output_modes import OutputMode
from .response_schemas import CHOICE, DRAFT, OPINIONS, Json, Opinion
from .transports.openai_transport import Answer

_KEYS = ("takeaways", "partnerships")
_N = TypeVar("_N", DraftTakeaway, DraftPartnership)


def read_draft(heard: Reply) -> Draft | None:
    """The draft in an answer, its malformed items in `usage.malformed`; None where it holds no draft."""
    clean = _clean(heard)
    if clean is not None:
        return clean
    found, notes = json_recovery.read(heard.answer.text, _KEYS)
    return None if found is None else _salvaged(found, notes)


def read_part(heard: Reply) -> Draft:
    """The whole items of an answer that was cut off."""
    found = json_recovery.complete(heard.answer.text, _KEYS)
    if found is None:
        return Draft()
    part = _salvaged(found, [])
    return with_usage(part, DraftUsage(malformed=part.usage.malformed))  # that a list is missing says nothing here


def read_opinions(heard: Reply) -> dict[int, Opinion]:
    """The opinions in an answer, by the number of the claim; empty where there is none."""
    found, _ = json_recovery.read(heard.answer.text, tuple(OPINIONS.noun.model_fields))
    items = found.get("opinions", []) if found is not None else []
    opinions = [opinion for item in items if (opinion := _opinion(item)) is not None]
    return {opinion.claim: opinion for opinion in opinions}


def _opinion(item: object) -> Opinion | None:
    try:
        return Opinion.model_validate(item)
    except ValidationError:
        return None


def read_choice(heard: Reply, candidates: int) -> list[int] | None:
    """The numbers in an answer, from 1 to `candidates`, each once; None where it holds no choice."""
    found, _ = json_recovery.read(heard.answer.text, tuple(CHOICE.noun.model_fields))
    if found is None:
        return None
    words = (str(one).strip() for one in _listed(found["numbers"]))
    named = [int(word) for word in words if word.isdecimal() and len(word) <= len(str(candidates))]
    return [number for number in dict.fromkeys(named) if 1 <= number <= candidates]


def _clean(heard: Reply) -> Draft | None:
    """The draft of an answer that is right in every way, read by instructor; None for any other."""
    answer = heard.answer
    mode = "TOOLS" if answer.called else "JSON_SCHEMA"
    mode = "MD_JSON" if heard.dialect.mode is OutputMode.FENCED else mode
    try:
        draft: Draft = _parser(mode)(response=_completion(answer), response_model=DRAFT.wrapped, strict=False)
    except Exception:  # noqa: BLE001  (whatever it is, the answer is looked at again, with more care)
        return None
    if not draft.model_fields_set.issuperset(_KEYS) or _keys(draft) != answer.text.count('":'):
        return None  # a key was dropped: unknown, or twice there
    return Draft(takeaways=draft.takeaways, partnerships=draft.partnerships)


@cache
def _parser(mode: str) -> Any:
    """What reads an answer in a mode of instructor's.

    Its `from_response` comes to the same, but first looks through the whole schema for asynchronous validators, of
    which ours has none: ten times the work of reading an answer.
    """
    from instructor import OutputMode as Instructor
    from instructor import Provider
    from instructor.v2 import mode_registry

    return mode_registry.get_handlers(Provider.OPENAI, Instructor[mode]).response_parser


def _completion(answer: Answer) -> SimpleNamespace:
    """What instructor looks at of a chat completion, under the names of the SDK's classes.

    Those would be made of the whole answer, for its text. Raises what comes of an answer of another form.
    """
    choice = answer.raw["choices"][0]
    message = choice["message"]
    call = SimpleNamespace(function=SimpleNamespace(arguments=answer.text))
    said = SimpleNamespace(
        content=message.get("content"),
        refusal=message.get("refusal"),
        tool_calls=[call] if answer.called else None,
    )
    return SimpleNamespace(choices=[SimpleNamespace(finish_reason=choice.get("finish_reason"), message=said)])


def _keys(draft: Draft) -> int:
    items: Sequence[BaseModel] = (draft, *draft.takeaways, *draft.partnerships)
    return sum(len(item.model_fields_set) for item in items)


def _salvaged(found: Json, notes: list[str]) -> Draft:
    """Every item that is well formed, or can be made so."""
    missing = [f"the answer had no {key!r}" for key in _KEYS if key not in found]
    lists = {key: found.get(key) for key in _KEYS}
    extra = {key: value for key, value in found.items() if key not in _KEYS}
    mended = {key: [json_recovery.normalized(item) for item in _listed(value)] for key, value in lists.items()}
    draft = salvage({**mended, **extra})
    return with_usage(draft, DraftUsage(cost_usd=0.0, warnings=tuple(notes + missing)) + draft.usage)


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def with_usage(draft: Draft, usage: DraftUsage) -> Draft:
    """The same draft with another usage."""
    return draft.model_copy(update={"usage": usage})


def patched(draft: Draft, again: Draft) -> Draft:
    """A draft with the items that were asked again; what did not come back well stays malformed."""
    asked = draft.usage.malformed
    takeaways, left = _added(draft.takeaways, again.takeaways, again, asked, "takeaway")
    partnerships, still = _added(draft.partnerships, again.partnerships, again, asked, "partnership")
    return Draft(
        takeaways=takeaways,
        partnerships=partnerships,
        usage=DraftUsage(malformed=left + still, warnings=draft.usage.warnings),
    )


def _added(
    kept: tuple[_N, ...], new: tuple[_N, ...], again: Draft, asked: tuple[Rejected, ...], kind: str
) -> tuple[tuple[_N, ...], tuple[Rejected, ...]]:
    """At most as many as were asked for: a model that repeats its whole answer adds nothing twice."""
    wanted = [item for item in asked if item.kind == kind]
    fresh = [item for item in new if item not in kept][: len(wanted)]
    bad = [item for item in again.usage.malformed if item.kind == kind][: len(wanted) - len(fresh)]
    return kept + tuple(fresh), tuple(bad + wanted[len(fresh) + len(bad) :])
