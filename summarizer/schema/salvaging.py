"""Read a model's answer item by item: a malformed one never costs its siblings."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from ..foreign_json import shallow
from .base import FrozenModel
from .draft import Draft, DraftPartnership, DraftTakeaway
from .reasons import ClaimKind, Reason, ReasonCode, Rejected
from .usage import DraftUsage

_KEYS = ("takeaways", "partnerships")
_Item = TypeVar("_Item", bound=FrozenModel)


def salvage(answer: Mapping[str, Any]) -> Draft:
    """Keep every well-formed item of an answer; the others go to `usage.malformed`, each with its reasons.

    Unknown keys are dropped and noted in `usage.warnings`.
    """
    notes = [f"unknown key {key!r:.60} in the answer was dropped" for key in answer if key not in _KEYS]
    malformed: list[Rejected] = []
    takeaways = _well_formed(answer.get("takeaways"), DraftTakeaway, "takeaway", malformed, notes)
    partnerships = _well_formed(answer.get("partnerships"), DraftPartnership, "partnership", malformed, notes)
    usage = DraftUsage(malformed=tuple(malformed), warnings=tuple(dict.fromkeys(notes)))
    return Draft(takeaways=tuple(takeaways), partnerships=tuple(partnerships), usage=usage)


def _well_formed(
    items: Any, model: type[_Item], kind: ClaimKind, malformed: list[Rejected], notes: list[str]
) -> list[_Item]:
    """Return the items that are valid; add the others to `malformed`, and unknown keys to `notes`."""
    if items is None:
        return []
    kept: list[_Item] = []
    for item in map(shallow, items if isinstance(items, list | tuple) else [items]):
        try:
            kept.append(model.model_validate(item))
        except ValidationError as error:
            malformed.append(Rejected(kind=kind, claim=_as_claim(item), reasons=_reasons(error)))
            continue
        if isinstance(item, Mapping):
            unknown = [key for key in item if key not in model.model_fields]
            notes += [f"unknown key {key!r:.60} of a {kind} was dropped" for key in unknown]
    return kept


def _as_claim(item: Any) -> dict[str, Any]:
    return {str(key): value for key, value in item.items()} if isinstance(item, Mapping) else {"answer": item}


def _reasons(error: ValidationError) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code=ReasonCode.MALFORMED,
            message=f"{'.'.join(str(part) for part in fault['loc']) or 'the item'}: {fault['msg']}",
            value=None if isinstance(fault["input"], Mapping) else str(fault["input"])[:200],
        )
        for fault in error.errors(include_url=False)
    )
