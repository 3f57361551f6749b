"""Failures of articles on standard error: each message once, then how often it was repeated."""

from collections import Counter

from ..schema import Failure
from .console import report

_DISTINCT = 100
"""Messages that are remembered."""
_NAMED = 3
"""Articles that are named where a message is repeated."""


class FailureLog:
    """Reports failures; a server that is down gives the same message for every article."""

    def __init__(self) -> None:
        self._sources: dict[str, list[str]] = {}
        """Message → the next articles that failed with it."""
        self._repeated: Counter[str] = Counter()

    def report(self, failure: Failure) -> None:
        """Report a failure, unless its message was reported already."""
        message = failure.message
        if message not in self._sources:
            if len(self._sources) < _DISTINCT:
                self._sources[message] = []
            report(message)
            return
        self._repeated[message] += 1
        if len(self._sources[message]) < _NAMED:
            self._sources[message].append(failure.source)

    def report_repeated(self) -> None:
        """Report how many more failed with the same message."""
        for message, count in self._repeated.items():
            names = ", ".join(self._sources[message]) + (", …" if count > _NAMED else "")
            report(f"{count:,} more failed alike ({names}): {message}")
