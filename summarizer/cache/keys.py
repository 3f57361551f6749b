"""What shapes a draft, as parts by name, and their fingerprint: the key under which it is remembered."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from ..protocols import Engine, FollowUpPrompts, model_of, prompt_of
from ..schema import Passage, Rejected, Takeaway

FORMAT = "drafts/2"
"""Part of every key: raised when what is stored changes its shape."""


class CacheKey:
    """A passage put to an engine.

    `parts` is all that shapes the answer and nothing else: moving a file changes nothing, changing a word
    does.
    """

    def __init__(self, parts: Mapping[str, str]) -> None:
        self.parts = dict(parts)
        self.json = json.dumps(self.parts, sort_keys=True, separators=(",", ":"))
        self.key = hashlib.sha256(self.json.encode()).digest()

    @classmethod
    def of(cls, engine: Engine, passage: Passage) -> "CacheKey":
        """Gather the parts. Model and prompt are in the identity of the engine too, but there nobody can read them."""
        article = passage.article
        whole = (passage.start, passage.end) == (0, len(article.text))
        return cls(
            {
                "format": FORMAT,
                "engine": engine.identity,
                "model": model_of(engine),
                "prompt": " ".join(prompt_of(engine) or ()),
                "text": article.sha256 if whole else _sha256(passage.text),
                "place": "whole" if whole else str(passage.start),
                "title": article.title or "",
                "published": article.published or "",
                "language": article.language,
                "output_language": passage.output_language,
                "takeaways": str(passage.takeaways),
            }
        )

    @classmethod
    def of_repair(
        cls, engine: Engine, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str
    ) -> "CacheKey":
        """Gather the parts of a second question, about claims that failed."""
        claims = [[fallen.model_dump(mode="json"), list(near)] for fallen, near in zip(failed, nearest, strict=True)]
        told = json.dumps(claims, sort_keys=True, ensure_ascii=True)
        return cls(
            {
                "format": FORMAT,
                "engine": engine.identity,
                "model": model_of(engine),
                "prompt": f"repair {engine.repair_prompt if isinstance(engine, FollowUpPrompts) else ''}",
                "text": _sha256(told),
                "output_language": language,
            }
        )

    @classmethod
    def of_choice(
        cls, engine: Engine, candidates: Sequence[Takeaway], count: int, title: str | None, language: str
    ) -> "CacheKey":
        """Gather the parts of the question which takeaways of all passages are the whole article's."""
        shown = [[candidate.text, *(evidence.quote for evidence in candidate.evidence)] for candidate in candidates]
        told = json.dumps(shown, ensure_ascii=True)
        return cls(
            {
                "format": FORMAT,
                "engine": engine.identity,
                "model": model_of(engine),
                "prompt": f"merge {engine.merge_prompt if isinstance(engine, FollowUpPrompts) else ''}",
                "text": _sha256(told),
                "place": str(engine.window),
                "title": title or "",
                "output_language": language,
                "takeaways": str(count),
            }
        )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
