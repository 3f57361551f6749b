"""Messages that ask a model again, with the errors of its answer."""

import json
from collections.abc import Sequence

from ...prompting import Message
from ...schema import Rejected

_ITEMS = 12  # asked for again at one time: with more errors than that, the model is not up to the task
_LONGEST = 1_200  # characters of one item that are shown back


def again_whole(messages: Sequence[Message], text: str) -> list[Message]:
    """Ask for the whole answer again: there was no JSON object of the right kind in it."""
    shown = text.strip()[:_LONGEST] or "(nothing)"
    return [
        *messages,
        {"role": "assistant", "content": shown},
        {
            "role": "user",
            "content": "That is not the JSON object that was asked for. Answer with one JSON object that has "
            "the keys `takeaways` and `partnerships`, each a list, and with nothing else before or after it.",
        },
    ]


def again_items(messages: Sequence[Message], malformed: Sequence[Rejected]) -> list[Message]:
    """Ask for the malformed items alone, each with what is wrong with it."""
    items = malformed[:_ITEMS]
    shown = {f"{kind}s": [item.claim for item in items if item.kind == kind] for kind in ("takeaway", "partnership")}
    faults = "\n".join(
        f"- {item.kind} {json.dumps(item.claim, ensure_ascii=False)[:_LONGEST]}: "
        + "; ".join(reason.message for reason in item.reasons)
        for item in items
    )
    return [
        *messages,
        {"role": "assistant", "content": json.dumps(shown, ensure_ascii=False)[: _LONGEST * _ITEMS]},
        {
            "role": "user",
            "content": f"These items are not in the form that was asked for:\n{faults}\n"
            "Answer in the same JSON form with these items only, corrected. "
            "Leave out one that the article cannot bear out.",
        },
    ]
