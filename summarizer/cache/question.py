"""What shapes a draft, as parts by name, and their fingerprint: the key under which it is remembered."""

import hashlib
import json
from collections.abc import Mapping

from ..schema import Passage

FORMAT = "drafts/1"
"""Part of every key: raised when what is stored changes its shape."""


class Question:
    """A passage put to an engine.

    `parts` is all that shapes the answer and nothing else: moving a file changes nothing, changing a word
    does.
    """

    def __init__(self, parts: Mapping[str, str]) -> None:
        self.parts = dict(parts)
        self.json = json.dumps(self.parts, sort_keys=True, separators=(",", ":"))
        self.key = hashlib.sha256(self.json.encode()).digest()

    @classmethod
    def of(cls, identity: str, passage: Passage) -> "Question":
        """Gather the parts; `identity` is the engine's, and bears no key."""
        article = passage.article
        whole = (passage.start, passage.end) == (0, len(article.text))
        return cls(
            {
                "format": FORMAT,
                "engine": identity,
                "text": hashlib.sha256(passage.text.encode("utf-8", "surrogatepass")).hexdigest(),
                "place": "whole" if whole else str(passage.start),
                "title": article.title or "",
                "published": article.published or "",
                "language": article.language,
                "output_language": passage.output_language,
                "takeaways": str(passage.takeaways),
            }
        )
