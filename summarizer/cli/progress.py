"""The progress of a run: a bar on a terminal, a line every 30 seconds elsewhere, and a closing line."""

import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from ..schema import Failure, Summary

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

EVERY = 30.0
"""Seconds between two lines of a log."""


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
            self.rejected += len(outcome.rejected)
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
        return ", ".join(self._parts())

    def _parts(self) -> list[str]:
        done = f"{self.done:,} done" + (f" ({self.cached:,} from the cache)" if self.cached else "")
        failed = f"{self.failed:,} failed" if self.failed else ""
        skipped = f"{self.skipped:,} done before" if self.skipped else ""
        rejected = f"{self.rejected:,} {'claim' if self.rejected == 1 else 'claims'} rejected" if self.rejected else ""
        unpriced = f"{self.unpriced:,} of unknown price" if self.unpriced else ""
        cost = f"${self.cost_usd:,.4f}" if self.cost_usd else ""
        return [part for part in (done, failed, skipped, rejected, cost, unpriced) if part]

    def pace(self) -> str:
        """Return the speed and the time left."""
        fast = f"{self.rate:,.0f} a minute"
        if self.left is None or self.done + self.failed == 0:
            return fast
        return f"{fast}, {in_words(60 * self.left / max(0.001, self.rate))} left"

    def closing(self) -> str:
        """Return the last line of a run."""
        took = monotonic() - self.began
        return f"{self.words()}, {in_words(took)}" + (f", {self.rate:,.0f} a minute" if took >= 1 else "")


def in_words(seconds: float) -> str:
    """Return a duration in words."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


class Progress(Protocol):
    """Shows how far a run is."""

    def show(self, tally: Tally) -> None:
        """Show the counts, if it is time."""

    def close(self) -> None:
        """Remove what is on the screen."""


class Silent:
    """Shows nothing."""

    def show(self, tally: Tally) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Plain:
    """Prints a line now and then, for a log."""

    def __init__(self) -> None:
        self._last = monotonic()

    def show(self, tally: Tally) -> None:
        """Print a line if the last one is 30 seconds old."""
        now = monotonic()
        if now - self._last >= EVERY:
            self._last = now
            of = "" if tally.total is None else f"{tally.seen:,} of {tally.total:,}: "
            print(f"summarizer: {of}{tally.words()}, {tally.pace()}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Do nothing."""


class Bar:
    """A bar at the bottom of a terminal; other lines scroll above it."""

    def __init__(self, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
        self._bar: RichProgress = Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4)
        self._task = self._bar.add_task("", total=total)
        self._bar.start()

    def show(self, tally: Tally) -> None:
        """Update the bar, which is drawn four times a second."""
        self._bar.update(self._task, completed=tally.seen, description=f"{tally.words()}, {tally.pace()}")

    def close(self) -> None:
        """Remove the bar."""
        self._bar.stop()


def open_progress(total: int | None, *, many: bool, quiet: bool, results_on_terminal: bool) -> Progress:
    """Choose a bar on a terminal, lines elsewhere, and nothing where results are printed on the same terminal."""
    if quiet or not many:
        return Silent()
    if not sys.stderr.isatty():
        return Plain()
    return Silent() if results_on_terminal else Bar(total)
