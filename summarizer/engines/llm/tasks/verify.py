"""Verify claims that were kept: a second opinion on whether each follows from its evidence."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ....errors import InvalidDraft
from ....prompting import Message, Prompt
from ....schema import PROOF_FIELDS, DraftUsage, Partnership, Takeaway
from ..client import ModelClient
from ..parsing import read_opinions
from ..response_schemas import OPINIONS

Claim = Takeaway | Partnership


@dataclass(frozen=True)
class Review:
    """A model's opinion of each claim, in their order; None for one that it did not mention."""

    entailed: tuple[bool | None, ...]
    why: tuple[str, ...]
    usage: DraftUsage


async def verify(client: ModelClient, prompt: Prompt, claims: Sequence[Claim], language: str) -> Review:
    """Ask once whether each claim follows from its evidence. Raises `EngineError`."""
    if not claims:
        return Review((), (), DraftUsage())
    reply = await client.request(verify_messages(prompt, claims, language), OPINIONS)
    opinions = read_opinions(reply)
    if not opinions:
        client.weaken(reply.mode)
        raise InvalidDraft(f"{client.endpoint.where} gave no opinions that could be read; try another model")
    client.confirm(reply.mode)
    found = [opinions.get(number) for number in range(1, len(claims) + 1)]
    return Review(
        entailed=tuple(None if opinion is None else opinion.entailed for opinion in found),
        why=tuple("" if opinion is None else opinion.why for opinion in found),
        usage=reply.usage,
    )


def verify_messages(prompt: Prompt, claims: Sequence[Claim], language: str) -> list[Message]:
    """The messages of a second opinion. Raises `PromptError`."""
    numbered = [
        {
            "claim": number,
            **claim.model_dump(mode="json", exclude=PROOF_FIELDS, exclude_none=True),
            "evidence": [evidence.quote for evidence in claim.evidence],
        }
        for number, claim in enumerate(claims, start=1)
    ]
    return prompt.render({"language": language}, {"claims": json.dumps(numbered, ensure_ascii=False, indent=1)})
