"""All that shapes a draft, as named parts, and their fingerprint: the key under which the draft is cached."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from ..protocols import Engine, FollowUpPrompts, model_of, prompt_of
from ..schema import Passage, Rejected, Takeaway

FORMAT = "drafts/2"
"""Part of every key: raised when the stored form changes."""


class CacheKey:
    """The key of a draft.

    `parts` is all that shapes the draft and nothing else: moving a file changes nothing, changing a word does.
    """

    def __init__(self, parts: Mapping[str, str]) -> None:
        self.parts = dict(parts)
        self.json = json.dumps(self.parts, sort_keys=True, separators=(",", ":"))
        self.key = hashlib.sha256(self.json.encode()).digest()

    @classmethod
    def of(cls, engine: Engine, passage: Passage) -> "CacheKey":
        """Return the key of a passage; model and prompt, part of the engine's identity, stand in it for the reports."""
        article = passage.article
        whole = (passage.start, passage.end) == (0, len(article.text))
        return cls._of(
            engine,
            prompt=" ".join(prompt_of(engine) or ()),
            text=article.sha256 if whole else _sha256(passage.text),
            place="whole" if whole else str(passage.start),
            title=article.title or "",
            published=article.published or "",
            language=article.language,
            output_language=passage.output_language,
            takeaways=str(passage.takeaways),
        )

    @classmethod
    def of_repair(
        cls, engine: Engine, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str
    ) -> "CacheKey":
        """Return the key of a request to repair claims that were rejected."""
        claims = [[claim.model_dump(mode="json"), list(near)] for claim, near in zip(failed, nearest, strict=True)]
        return cls._of(
            engine,
            prompt=f"repair {engine.repair_prompt if isinstance(engine, FollowUpPrompts) else ''}",
            text=_sha256(json.dumps(claims, sort_keys=True)),
            output_language=language,
        )

    @classmethod
    def of_choice(
        cls, engine: Engine, candidates: Sequence[Takeaway], count: int, title: str | None, language: str
    ) -> "CacheKey":
        """Return the key of a request to choose the takeaways of an article among those of its passages."""
        shown = [[candidate.text, *(evidence.quote for evidence in candidate.evidence)] for candidate in candidates]
        return cls._of(
            engine,
            prompt=f"merge {engine.merge_prompt if isinstance(engine, FollowUpPrompts) else ''}",
            text=_sha256(json.dumps(shown)),
            place=str(engine.window),
            title=title or "",
            output_language=language,
            takeaways=str(count),
        )

    @classmethod
    def _of(cls, engine: Engine, **parts: str) -> "CacheKey":
        return cls({"format": FORMAT, "engine": engine.identity, "model": model_of(engine), **parts})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
