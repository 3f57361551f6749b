"""A second look at claims that were not proven, in one request: what is in doubt may stand, what is wrong be corrected.

Each claim is sent with what speaks against it and the sentences around its quotes or nearest to it, never the article.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from ....prompting import Message, Prompt
from ....schema import Draft, DraftPartnership, DraftTakeaway, DraftUsage, Reason, ReasonCode, Rejected
from ..client import ModelClient
from ..parsing import read_revision, with_usage
from ..response_schemas import REVISION

_CLAIMS = 20  # looked at at one time: with more failures than that, asking again does not help
_SENTENCES = 12  # shown for one claim
_LONGEST = 700  # characters of one sentence that are shown
_STATUS = "the quoted words may show another status: is it agreed, discussed, envisaged, dropped, over, or denied?"
"""In the place of a message that names a status, which would suggest it."""


async def repair(
    client: ModelClient,
    prompt: Prompt,
    failed: Sequence[Rejected],
    nearest: Sequence[Sequence[str]],
    language: str,
) -> Draft:
    """Ask once about claims that were not proven: the draft holds those that stand, as they are, and better versions.

    `nearest` are sentences of the article, for each claim of `failed`. Raises `EngineError`.
    """
    reply = await client.request(repair_messages(prompt, failed, nearest, language), REVISION)
    found = read_revision(reply)
    if found is None:
        warning = f"{client.endpoint.where} gave no repaired claims that could be read"
        return Draft(usage=reply.usage + DraftUsage(warnings=(warning,)))
    client.confirm(reply.mode)
    corrected, stands = found
    # What is still malformed was rejected already, with the reasons of the first answer.
    usage = reply.usage + DraftUsage(warnings=corrected.usage.warnings)
    numbered = enumerate(failed[:_CLAIMS], start=1)
    return with_usage(_joined(corrected, (one for n, one in numbered if n in stands and not one.is_refuted)), usage)


def _joined(corrected: Draft, standing: Iterable[Rejected]) -> Draft:
    """Return a draft of the claims that stand, as they were, and the corrected ones."""
    takeaways, partnerships = list(corrected.takeaways), list(corrected.partnerships)
    for rejected in standing:
        if rejected.kind == "takeaway":
            takeaways.append(DraftTakeaway.model_validate(rejected.claim))
        else:
            partnerships.append(DraftPartnership.model_validate(rejected.claim))
    return Draft(takeaways=tuple(takeaways), partnerships=tuple(partnerships))


def repair_messages(
    prompt: Prompt, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str
) -> list[Message]:
    """The messages of a second look. Raises `PromptError`."""
    claims: list[dict[str, Any]] = [
        {
            "number": number,
            "kind": rejected.kind,
            "claim": rejected.claim,
            "wrong" if rejected.is_refuted else "doubt": [_words(reason) for reason in rejected.reasons],
            "sentences": [sentence[:_LONGEST] for sentence in sentences[:_SENTENCES]],
        }
        for number, (rejected, sentences) in enumerate(zip(failed[:_CLAIMS], nearest, strict=False), start=1)
    ]
    return prompt.render({"language": language}, {"claims": json.dumps(claims, ensure_ascii=False, indent=1)})


def _words(reason: Reason) -> str:
    return _STATUS if reason.code is ReasonCode.STATUS_CONFLICT else reason.message
