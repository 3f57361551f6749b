"""Whether articles fail one by one, or the model is unavailable: then the run stops early."""

from ..errors import EngineError, EngineRefused, EngineUnavailable, InvalidDraft, SummarizerError

REFUSALS = 5
"""Refusals of a key, a model or a quota in a row, without an answer in between, after which the run stops."""
TIMES_CONCURRENCY = 2
"""Times the calls under way at once: so many failures in a row are a server that is down, each being retried before."""
INVALID_DRAFTS = 50
"""Articles in a row without an answer of the requested shape, before the model is given up: a few unusual ones side by
side must not end a run, for the next run would come no further."""


class CircuitBreaker:
    """Counts failures in a row; an answer of the model resets the count. Cached answers do not count."""

    def __init__(self, concurrency: int) -> None:
        self._limits: dict[type[SummarizerError], int] = {
            EngineRefused: REFUSALS,
            EngineUnavailable: max(REFUSALS, TIMES_CONCURRENCY * concurrency),
            InvalidDraft: max(INVALID_DRAFTS, TIMES_CONCURRENCY * concurrency),
        }
        self._fatal: SummarizerError | None = None
        self.succeeded()

    def succeeded(self) -> None:
        """Count a call that was answered."""
        self._in_a_row = dict.fromkeys(self._limits, 0)

    def failed(self, error: SummarizerError) -> None:
        """Count an article that failed, unless for what is its own: a content filter, or its length."""
        if isinstance(error, EngineRefused) and error.about_text:
            return
        kind = type(error)
        if kind.__name__ == "BudgetSpent":
            self._fatal = error
        elif kind in self._limits:
            self._in_a_row[kind] += 1
            if self._in_a_row[kind] >= self._limits[kind]:
                self._fatal = self._fatal or error

    def is_open(self) -> bool:
        """Whether no article can succeed any more."""
        return self._fatal is not None

    def check(self) -> None:
        """Raise `EngineRefused` or `EngineUnavailable` if no article can succeed any more."""
        if self._fatal is not None:
            kind: type[EngineError] = EngineUnavailable if isinstance(self._fatal, EngineUnavailable) else EngineRefused
            raise kind(f"stopped early, for no article can be done now: {self._fatal}") from self._fatal
