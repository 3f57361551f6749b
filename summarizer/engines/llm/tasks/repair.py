"""Repair claims that failed: each is sent with its reasons and the sentences nearest to it, never the article."""

import json
from collections.abc import Sequence

from ....prompting import Message, Prompt
from ....schema import Draft, DraftUsage, Rejected
from ..client import ModelClient
from ..parsing import read_draft, with_usage
from ..response_schemas import DRAFT

_CLAIMS = 20  # repaired at one time: with more failures than that, asking again does not help
_SENTENCES = 6  # shown for one claim
_LONGEST = 700  # characters of one sentence that are shown


async def repair(
    client: ModelClient,
    prompt: Prompt,
    failed: Sequence[Rejected],
    nearest: Sequence[Sequence[str]],
    language: str,
) -> Draft:
    """Ask once for better versions of claims that failed: the draft holds only what came back.

    `nearest` are sentences of the article, for each claim of `failed`. Raises `EngineError`.
    """
    reply = await client.request(repair_messages(prompt, failed, nearest, language), DRAFT)
    draft = read_draft(reply)
    if draft is None:
        warning = f"{client.endpoint.where} gave no repaired claims that could be read"
        return Draft(usage=reply.usage + DraftUsage(warnings=(warning,)))
    client.confirm(reply.mode)
    # What is still malformed was rejected already, with the reasons of the first answer.
    return with_usage(draft, reply.usage + DraftUsage(warnings=draft.usage.warnings))


def repair_messages(
    prompt: Prompt, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str
) -> list[Message]:
    """The messages of a repair. Raises `PromptError`."""
    claims = [
        {
            "kind": rejected.kind,
            "claim": rejected.claim,
            "wrong": [reason.message for reason in rejected.reasons],
            "sentences": [sentence[:_LONGEST] for sentence in sentences[:_SENTENCES]],
        }
        for rejected, sentences in zip(failed[:_CLAIMS], nearest, strict=False)
    ]
    return prompt.render({"language": language}, {"claims": json.dumps(claims, ensure_ascii=False, indent=1)})
