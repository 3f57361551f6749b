"""What somebody mistypes: each line has the error that its comment names."""

from pathlib import Path

import summarizer
from summarizer import (
    Article,
    Draft,
    Engine,
    SummarizerError,
    Summary,
    asummarize,
    load,
    summarize,
    summarize_many,
)

summarizer.sumarize  # noqa: B018  # error: attr-defined
summarize("x", modle="extractive")  # error: call-arg
summarize("x", takeaways="5")  # error: arg-type
summarize("x", proof="codes")  # error: arg-type
summarize("x", timeout="3 s")  # error: arg-type
summarize(b"x")  # error: arg-type
summarize("x").takeaway  # noqa: B018  # error: attr-defined
summarize_many([1.5])  # error: list-item
summarize_many(["x"], concurency=3)  # error: call-arg
load("x").txt  # noqa: B018  # error: attr-defined


class NoEngine:
    """It lacks a window."""

    identity = "no engine/1"

    async def draft(self, passage: str) -> Draft:
        """Propose nothing."""
        return Draft()


ENGINE: Engine = NoEngine()  # error: assignment
TEXT: str = summarize(Path("x"), engine=None)  # error: assignment


async def forgotten(article: Article) -> Summary:
    """Forget to wait."""
    return asummarize(article)  # error: return-value


def misread(error: SummarizerError) -> None:
    """Ask what not every error knows."""
    print(error.status)  # error: attr-defined
