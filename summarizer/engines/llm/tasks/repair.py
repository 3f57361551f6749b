"""A second look at claims that were not proven, in one request: what is in doubt may stand, what is wrong be corrected.

Each claim is sent with what speaks against it and the sentences around its quotes or nearest to it, never the article.
A sentence that several claims lean on is sent once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ....prompting import Message, Prompt
from ....schema import Draft, DraftPartnership, DraftTakeaway, DraftUsage, Reason, ReasonCode, Rejected
from ..client import ModelClient
from ..parsing import read_revision, with_usage
from ..response_schemas import REVISION, TAKEAWAY_REVISION

_CLAIMS = 20  # looked at at one time: with more failures than that, asking again does not help
_SENTENCES = 12  # shown for one claim
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
    schema = REVISION if _has_partnerships(failed) else TAKEAWAY_REVISION
    reply = await client.request(repair_messages(prompt, failed, nearest, language), schema)
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
    numbers: dict[str, int] = {}
    claims = []
    for number, (rejected, shown) in enumerate(zip(failed[:_CLAIMS], nearest, strict=False), start=1):
        for sentence in shown[:_SENTENCES]:
            numbers.setdefault(sentence, len(numbers) + 1)
        claims.append(_claim(number, rejected, {sentence: numbers[sentence] for sentence in shown[:_SENTENCES]}))
    sentences = [f"{_json(str(number))}: {_json(sentence)}" for sentence, number in numbers.items()]
    listed = ",\n".join(sentences), ",\n".join(map(_json, claims))
    return prompt.render(
        {"language": language, "partnerships": _has_partnerships(failed)},
        {"claims": '{"sentences": {\n' + listed[0] + '},\n"claims": [\n' + listed[1] + "]}"},
    )


def _has_partnerships(claims: Sequence[Rejected]) -> bool:
    return any(rejected.kind == "partnership" for rejected in claims[:_CLAIMS])


def _claim(number: int, rejected: Rejected, sentences: Mapping[str, int]) -> dict[str, Any]:
    """A claim with what speaks against it, the sentences by number, and the quotes that stand in none of them."""
    stated = {key: value for key, value in rejected.claim.items() if value is not None and key != "quotes"}
    quotes = [quote for quote in rejected.claim["quotes"] if not any(quote.strip() in one for one in sentences)]
    against = [_words(reason) for reason in rejected.reasons]
    return {
        "number": number,
        "kind": rejected.kind,
        **stated,
        **({"quotes": quotes} if quotes else {}),
        **({"wrong" if rejected.is_refuted else "doubt": against} if against else {}),
        "sentences": list(sentences.values()),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _words(reason: Reason) -> str:
    return _STATUS if reason.code is ReasonCode.STATUS_CONFLICT else reason.message
