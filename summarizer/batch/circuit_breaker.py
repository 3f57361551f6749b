"""Whether it is the articles that fail, or the model that answers nobody: then the list is not burnt on it."""

from ..errors import EngineError, EngineRefused, EngineUnavailable, InvalidDraft, SummarizerError

REFUSALS = 5
"""Refusals of a key, a model or a quota in a row, without one answer between them, that make a model dead."""
PATIENCE = 2
"""Times the calls under way at once: that many in a row to which no answer came make a server dead. Each of them was
tried several times already."""
SHAPELESS = 50
"""Articles in a row to which no answer had the shape that was asked for, before the model is given up: a few odd ones
side by side must not end a run, for the next run would come no further."""


class CircuitBreaker:
    """Counts failures in a row; an answer starts the count again. What a cache answers says nothing."""

    def __init__(self, concurrency: int) -> None:
        self._limits: dict[type[EngineError], int] = {
            EngineRefused: REFUSALS,
            EngineUnavailable: max(REFUSALS, PATIENCE * concurrency),
            InvalidDraft: max(SHAPELESS, PATIENCE * concurrency),
        }
        self._in_a_row: dict[type[EngineError], int] = dict.fromkeys(self._limits, 0)
        self._fatal: SummarizerError | None = None

    def answered(self) -> None:
        """A call was answered."""
        self._in_a_row = dict.fromkeys(self._limits, 0)

    def failed(self, error: SummarizerError) -> None:
        """An article failed. Only what would meet every article counts: not a content filter, nor a length."""
        if getattr(error, "about_text", False):
            return
        kind = type(error)
        if kind.__name__ == "BudgetSpent":
            self._fatal = error
        elif kind in self._limits and isinstance(error, EngineError):
            self._in_a_row[kind] += 1
            if self._in_a_row[kind] >= self._limits[kind]:
                self._fatal = self._fatal or error

    def broken(self) -> bool:
        """Whether there is no use in going on."""
        return self._fatal is not None

    def check(self) -> None:
        """Raise what made the model useless, if anything did."""
        if self._fatal is not None:
            kind = EngineUnavailable if isinstance(self._fatal, EngineUnavailable) else EngineRefused
            raise kind(f"stopped early, for no article can be done now: {self._fatal}") from self._fatal
