"""What is reported during a run: its progress, its failures, and a closing line.

Progress is a bar on a terminal, and a line every 30 seconds elsewhere.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from ..schema import Failure, Summary
from .console import counted, report, say

_SECONDS = 30.0
"""Between two lines of a log."""
_FEW = 20
"""Articles that must be done before the time left is told: the first ones wait for connections and dictionaries."""
_DISTINCT = 100
"""Messages of failures that are remembered."""
_NAMED = 3
"""Articles that are named where a message is repeated."""


@dataclass
class Tally:
    """The counts so far."""

    total: int | None = None
    """How many articles there are; None while unknown."""
    done: int = 0
    failed: int = 0
    skipped: int = 0
    """Done by an earlier run."""
    cached: int = 0
    rejected: int = 0
    """Claims that were not proven."""
    nulled: int = 0
    """Optional fields of kept claims that were not."""
    cost_usd: float = 0.0
    unpriced: int = 0
    """Articles whose price is not known."""
    began: float = field(default_factory=monotonic)

    def add(self, outcome: Summary | Failure | None) -> None:
        """Count the outcome of an article; None for one that was done before."""
        if outcome is None:
            self.skipped += 1
        elif isinstance(outcome, Failure):
            self.failed += 1
        else:
            self.done += 1
            self.cached += outcome.provenance.cached
            fields = sum(rejected.kind == "field" for rejected in outcome.rejected)
            self.rejected += len(outcome.rejected) - fields
            self.nulled += fields
            self.cost_usd += outcome.provenance.cost_usd or 0.0
            self.unpriced += outcome.provenance.cost_usd is None

    @property
    def seen(self) -> int:
        """How many articles are settled."""
        return self.done + self.failed + self.skipped

    @property
    def left(self) -> int | None:
        """How many are not; None while the total is unknown."""
        return None if self.total is None else max(0, self.total - self.seen)

    @property
    def rate(self) -> float:
        """Articles per minute, without those of earlier runs."""
        return 60 * (self.done + self.failed) / max(0.001, monotonic() - self.began)

    def words(self) -> str:
        """Return the counts as one line."""
        parts = (
            f"{self.done:,} done" + (f" ({self.cached:,} from the cache)" if self.cached else ""),
            f"{self.failed:,} failed" if self.failed else "",
            f"{self.skipped:,} done before" if self.skipped else "",
            f"{counted(self.rejected, 'claim')} rejected" if self.rejected else "",
            f"{counted(self.nulled, 'detail')} left out" if self.nulled else "",
            f"${self.cost_usd:,.4f}" if self.cost_usd else "",
            f"{self.unpriced:,} of unknown price" if self.unpriced else "",
        )
        return ", ".join(filter(None, parts))

    def pace(self) -> str:
        """Return the speed and the time left."""
        fast = f"{self.rate:,.0f} a minute"
        if self.left is None or self.done + self.failed < _FEW:
            return fast
        return f"{fast}, {_duration(60 * self.left / max(0.001, self.rate))} left"

    def closing(self) -> str:
        """Return the last line of a run."""
        took = monotonic() - self.began
        return f"{self.words()}, {_duration(took)}" + (f", {self.rate:,.0f} a minute" if took >= 1 else "")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def open_progress(total: int | None, *, quiet: bool, results_on_terminal: bool) -> "Progress":
    """Choose a bar on a terminal, lines elsewhere, and nothing where results are printed on the same terminal."""
    if quiet:
        return Progress()
    if not sys.stderr.isatty():
        return ProgressLog()
    return Progress() if results_on_terminal else ProgressBar(total)


class Progress:
    """Shows how far a run is: this one, not at all."""

    def show(self, tally: Tally) -> None:
        """Show the counts, if it is time."""

    def close(self) -> None:
        """Remove what is on the screen."""


class ProgressLog(Progress):
    """Prints a line now and then, for a log."""

    def __init__(self) -> None:
        self._last = monotonic()

    def show(self, tally: Tally) -> None:
        """Print a line if the last one is 30 seconds old."""
        now = monotonic()
        if now - self._last >= _SECONDS:
            self._last = now
            of = "" if tally.total is None else f"{tally.seen:,} of {tally.total:,}: "
            say(f"summarizer: {of}{tally.words()}, {tally.pace()}")


class ProgressBar(Progress):
    """A bar at the bottom of a terminal; other lines scroll above it."""

    def __init__(self, total: int | None) -> None:
        from rich import console, progress

        columns = (progress.BarColumn(bar_width=24), progress.TextColumn("{task.description}", markup=False))
        self._bar = progress.Progress(
            *columns, console=console.Console(stderr=True), transient=True, refresh_per_second=4
        )
        self._task = self._bar.add_task("", total=total)
        self._bar.start()

    def show(self, tally: Tally) -> None:
        """Update the bar, which is drawn four times a second."""
        self._bar.update(self._task, completed=tally.seen, description=f"{tally.words()}, {tally.pace()}")

    def close(self) -> None:
        """Remove the bar."""
        self._bar.stop()


class FailureLog:
    """Reports failures, each message once: a server that is down gives the same message for every article."""

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
