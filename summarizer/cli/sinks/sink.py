"""What every sink can do."""

from collections.abc import Callable
from typing import Protocol

from ...batch.resume import CompletedOutputs
from ...schema import Article, Failure, Summary

RenderSummary = Callable[[Summary, Article | None], str]


class Sink(Protocol):
    """Takes results, one after the other."""

    @property
    def done(self) -> CompletedOutputs | None:
        """The results it already holds; None if it cannot be resumed."""

    @property
    def others(self) -> int:
        """How many results it holds of another model, prompt or option."""

    def write(self, summary: Summary, article: Article | None) -> None:
        """Take a summary."""

    def fail(self, failure: Failure) -> None:
        """Take a failure."""

    def close(self) -> None:
        """Finish writing."""
