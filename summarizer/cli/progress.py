"""How far a run is: a bar where a person watches, a plain line now and then where none does, and a closing line."""

import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from ..schema import Failure, Summary

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

EVERY = 30.0
"""Seconds between two plain lines: a run that is shorter says nothing but its end."""


@dataclass
class Tally:
    """What was seen so far."""

    total: int | None = None
    """How many articles there are, None while that is not known."""
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
        """Count what became of one article; None for one that was done before."""
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
        """How many articles are settled, for this run."""
        return self.done + self.failed + self.skipped

    @property
    def left(self) -> int | None:
        """How many are not, None while the end of the list is not known."""
        return None if self.total is None else max(0, self.total - self.seen)

    @property
    def rate(self) -> float:
        """Articles a minute, those of earlier runs left aside."""
        return 60 * (self.done + self.failed) / max(0.001, monotonic() - self.began)

    def words(self) -> str:
        """All that in a line."""
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
        """How fast it goes, and how long it will take."""
        fast = f"{self.rate:,.0f} a minute"
        if self.left is None or self.done + self.failed == 0:
            return fast
        return f"{fast}, {lasting(60 * self.left / max(0.001, self.rate))} left"

    def closing(self) -> str:
        """The last line of a run."""
        took = monotonic() - self.began
        return f"{self.words()}, {lasting(took)}" + (f", {self.rate:,.0f} a minute" if took >= 1 else "")


def lasting(seconds: float) -> str:
    """A time as a person says it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


class Progress(Protocol):
    """What shows how far a run is."""

    def show(self, tally: Tally) -> None:
        """Show it, if it is time."""

    def close(self) -> None:
        """Take away what would stay in the way."""


class Silent:
    """Shows nothing."""

    def show(self, tally: Tally) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Plain:
    """A line every so often, for a log."""

    def __init__(self) -> None:
        self._said = monotonic()

    def show(self, tally: Tally) -> None:
        """Print a line when the last one is old."""
        now = monotonic()
        if now - self._said >= EVERY:
            self._said = now
            of = "" if tally.total is None else f"{tally.seen:,} of {tally.total:,}: "
            print(f"summarizer: {of}{tally.words()}, {tally.pace()}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing is open."""


class Bar:
    """A bar at the foot of a terminal, over which other lines pass."""

    def __init__(self, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
        self._bar: RichProgress = Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4)
        self._task = self._bar.add_task("", total=total)
        self._bar.start()

    def show(self, tally: Tally) -> None:
        """Move the bar; it is drawn four times a second."""
        self._bar.update(self._task, completed=tally.seen, description=f"{tally.words()}, {tally.pace()}")

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()


def open_progress(total: int | None, *, many: bool, quiet: bool, in_the_way: bool) -> Progress:
    """Choose: a bar on a terminal to which no results go, lines where there is no terminal, else nothing."""
    if quiet or not many:
        return Silent()
    if not sys.stderr.isatty():
        return Plain()
    return Silent() if in_the_way else Bar(total)
