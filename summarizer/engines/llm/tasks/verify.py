"""What is asked about claims after they met the article: a repair of what failed, an opinion on what was kept.

Neither sends the article: a claim goes with its reasons and the sentences nearest to it, or with its evidence, so
both are small whatever the length of the article.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....errors import InvalidDraft
from ....prompting import Message, Prompt
from ....schema import Draft, DraftUsage, Partnership, Rejected, Takeaway
from ..client import ModelClient
from ..parsing import read_draft, read_opinions, with_usage
from ..response_schemas import DRAFT, OPINIONS

_CLAIMS = 20  # repaired at one time: more failures than that are not mended by asking
_SENTENCES = 6  # shown for one claim
_LONGEST = 700  # characters of one sentence or quote that are shown

Claim = Takeaway | Partnership


@dataclass(frozen=True)
class ReviewTasks:
    """What a model thinks of each claim, in their order; None of one that it said nothing about."""

    entailed: tuple[bool | None, ...]
    why: tuple[str, ...]
    usage: DraftUsage


async def repair(
    line: ModelClient,
    prompt: Prompt,
    failed: Sequence[Rejected],
    nearest: Sequence[Sequence[str]],
    language: str,
) -> Draft:
    """Ask once for better versions of claims that failed: only what comes back is in the draft.

    `nearest` are true sentences of the article, for each claim of `failed`. Raises `EngineError`.
    """
    messages = repair_messages(prompt, failed, nearest, language)
    heard = await line.ask(messages, DRAFT)
    draft = read_draft(heard)
    if draft is None:
        note = f"{line.endpoint.where} gave no repaired claims that could be read"
        return Draft(usage=heard.usage + DraftUsage(warnings=(note,)))
    line.understood(heard.dialect)
    # What is still malformed was rejected already, with the reasons of the first answer.
    kept = heard.usage + DraftUsage(warnings=draft.usage.warnings)
    return with_usage(draft, kept)


def repair_messages(
    prompt: Prompt, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str
) -> list[Message]:
    """What is said for a repair. Raises `PromptError`."""
    claims = [
        {
            "kind": rejected.kind,
            "claim": rejected.claim,
            "wrong": [reason.message for reason in rejected.reasons],
            "sentences": [sentence[:_LONGEST] for sentence in sentences[:_SENTENCES]],
        }
        for rejected, sentences in zip(failed[:_CLAIMS], nearest, strict=False)
    ]
    return prompt.render({"language": language}, {"claims": _json(claims)})


async def verify(line: ModelClient, prompt: Prompt, claims: Sequence[Claim], language: str) -> ReviewTasks:
    """Ask once whether each claim follows from its evidence. Raises `EngineError`."""
    if not claims:
        return ReviewTasks((), (), DraftUsage())
    heard = await line.ask(verify_messages(prompt, claims, language), OPINIONS)
    opinions = read_opinions(heard)
    if not opinions:
        line.mistrust(heard.dialect)
        raise InvalidDraft(f"{line.endpoint.where} gave no opinions that could be read; try another model")
    line.understood(heard.dialect)
    found = [opinions.get(number) for number in range(1, len(claims) + 1)]
    return ReviewTasks(
        entailed=tuple(None if opinion is None else opinion.entailed for opinion in found),
        why=tuple("" if opinion is None else opinion.why for opinion in found),
        usage=heard.usage,
    )


def verify_messages(prompt: Prompt, claims: Sequence[Claim], language: str) -> list[Message]:
    """What is said for a second opinion. Raises `PromptError`."""
    numbered = [
        {
            "claim": number,
            **claim.model_dump(mode="json", exclude={"evidence"}, exclude_none=True),
            "evidence": [evidence.quote for evidence in claim.evidence],
        }
        for number, claim in enumerate(claims, start=1)
    ]
    return prompt.render({"language": language}, {"claims": _json(numbered)})


def _json(claims: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(claims, ensure_ascii=False, indent=1)
