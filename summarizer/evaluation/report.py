"""The scores of an evaluation as tables, which every format shows."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from ..schema import Status
from ..version import __version__
from .measures import MEASURES, ModelDifference, difference
from .scoring import DENIAL, UNLISTED, Score

DEVELOPMENT, HELD_OUT = "development", "held out"


class Table(NamedTuple):
    """A title, the column names, and rows of cells."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The scores of each model on each article, separately for the development half and the half held out."""

    folder: str
    scores: Mapping[str, Sequence[Score]]
    """By model, in the order of the articles."""
    version: str
    date: str

    @cached_property
    def halves(self) -> tuple[str, ...]:
        """The halves that have articles."""
        held = {score.held_out for scores in self.scores.values() for score in scores}
        return tuple(half for half in (DEVELOPMENT, HELD_OUT) if (half == HELD_OUT) in held)

    def half(self, model: str, half: str) -> list[Score]:
        """Return the scores of a model on one half."""
        return [score for score in self.scores[model] if score.held_out == (half == HELD_OUT)]

    def columns(self) -> Iterator[tuple[str, str, list[Score]]]:
        """Yield model, half and scores, model by model."""
        for model in self.scores:
            for half in self.halves:
                yield model, half, self.half(model, half)

    @cached_property
    def differences(self) -> tuple[tuple[str, ModelDifference], ...]:
        """Each model compared with the first one, by half."""
        first, *others = self.scores
        found = (
            (half, difference(measure, other, self.half(other, half), self.half(first, half)))
            for half in self.halves
            for other in others
            for measure in MEASURES
        )
        return tuple((half, one) for half, one in found if one is not None)

    @property
    def failed(self) -> list[tuple[str, Score]]:
        """The articles that failed, by model."""
        return [(model, score) for model, scores in self.scores.items() for score in scores if score.error]

    @property
    def caption(self) -> str:
        """Version, date, folder and number of articles, in a line."""
        first = next(iter(self.scores))
        counts = [f"{len(self.half(first, half))}{self._named(half, ' ')}" for half in self.halves]
        articles = "article" if len(self.scores[first]) == 1 else "articles"
        return f"summarizer {self.version}, {self.date}, {self.folder}: {' and '.join(counts)} {articles}"

    def _named(self, half: str, before: str) -> str:
        """The name of a half, where there are two."""
        return f"{before}{half}" if len(self.halves) > 1 else ""

    def tables(self) -> Iterator[Table]:
        """Yield all tables that are not empty."""
        yield self.figures()
        optional = (
            *map(self._differences, self.halves),
            *(self._statuses(model, half, scores) for model, half, scores in self.columns()),
            self._alarms(),
            self._reasons(),
        )
        yield from (table for table in optional if table.rows)
        yield self._languages()
        columns = [scores for _, _, scores in self.columns()]
        yield self._by_column("What it took", [(label, *map(show, columns)) for label, show in _USAGE.items()])
        if self.failed:
            rows = tuple((model, score.case, score.error or "") for model, score in self.failed)
            note = "Each counts as an article in which nothing was found."
            yield Table("Articles that failed", ("model", "article", "why"), rows, note)

    def figures(self) -> Table:
        """The figures in percent, a column for each model and half."""
        columns = [scores for _, _, scores in self.columns()]
        rows = [(measure.label, *(_percent(measure.of(scores)) for scores in columns)) for measure in MEASURES]
        return self._by_column("Figures, in percent", rows)

    def _by_column(self, title: str, rows: Sequence[tuple[str, ...]], note: str = "") -> Table:
        """Return a table with a column for each model and half."""
        heads = (f"{model}{self._named(half, ', ')}" for model, half, _ in self.columns())
        return Table(title, ("", *heads), tuple(rows), note)

    def _differences(self, half: str) -> Table:
        rows = [
            (one.model, _LABELS[one.measure], f"{one.points:+.1f}", f"{one.low:+.1f} to {one.high:+.1f}", one.verdict)
            for where, one in self.differences
            if where == half and (one.low, one.high) != (0, 0)
        ]
        title = f"Against {next(iter(self.scores))}{self._named(half, ', ')}"
        header = ("model", "figure", "points", "95 % interval", "which is")
        return Table(title, header, tuple(rows), "Paired bootstrap over the articles.")

    def _statuses(self, model: str, half: str, scores: Sequence[Score]) -> Table:
        found = _summed(scores, "statuses")
        names = [status.value for status in Status]
        rows = [
            (gold, *(str(found[gold, ours] or "·") for ours in names))
            for gold in names
            if any(found[gold, ours] for ours in names)
        ]
        title = f"Status of the pairs found: gold down, {model} across{self._named(half, ', ')}"
        return Table(title, ("", *names), tuple(rows))

    def _alarms(self) -> Table:
        columns = [(_summed(scores, "false_alarms"), _summed(scores, "traps")) for _, _, scores in self.columns()]
        kinds = sorted({str(kind) for found in chain(*columns) for kind in found} - {DENIAL, UNLISTED})
        rows = [(kind, *(f"{alarms[kind]} of {traps[kind]}" for alarms, traps in columns)) for kind in kinds]
        rows += [
            (kind, *(str(alarms[kind]) for alarms, _ in columns))
            for kind in (DENIAL, UNLISTED)
            if any(alarms[kind] for alarms, _ in columns)
        ]
        note = "Pairs that are not partners according to the gold, and how many of them were reported as partners."
        return self._by_column("False alarms, by kind of trap", rows, note)

    def _reasons(self) -> Table:
        columns = [_summed(scores, "reasons") for _, _, scores in self.columns()]
        codes = sorted(set(chain(*columns)))
        rows = [(code.replace("_", " "), *(str(found[code]) for found in columns)) for code in codes]
        return self._by_column("Rejected, by reason", rows)

    def _languages(self) -> Table:
        """F1 of pairs and takeaways covered by language, to show a model that is good in one language only."""
        measures = [measure for measure in MEASURES if measure.name in ("pair_f1", "covered")]
        rows = []
        for tag in sorted({score.language for scores in self.scores.values() for score in scores}):
            columns = [[score for score in scores if score.language == tag] for _, _, scores in self.columns()]
            rows.append((tag, *(" / ".join(_percent(one.of(scores)) for one in measures) for scores in columns)))
        return self._by_column("By language: F1 of pairs / takeaways covered", rows)

    def to_json(self) -> dict[str, Any]:
        """Return all figures and counts as JSON types."""
        return {
            "schema": "evaluation/1",
            "version": self.version,
            "date": self.date,
            "folder": self.folder,
            "halves": {
                key(half): {
                    "articles": len(self.half(next(iter(self.scores)), half)),
                    "models": {model: _counts(self.half(model, half)) for model in self.scores},
                    "differences": [
                        {**one._asdict(), "verdict": one.verdict} for where, one in self.differences if where == half
                    ],
                }
                for half in self.halves
            },
        }


def key(half: str) -> str:
    """Return the name of a half in JSON."""
    return half.replace(" ", "_")


def make_report(scores: Mapping[str, Sequence[Score]], folder: str) -> Report:
    """Make a report with the date of today and the version of the program."""
    return Report(folder, scores, version=__version__, date=datetime.now(UTC).date().isoformat())


_LABELS = {measure.name: measure.label for measure in MEASURES}


def _summed(scores: Sequence[Score], name: str) -> Counter[Any]:
    total: Counter[Any] = Counter()
    for score in scores:
        total.update(getattr(score, name))
    return total


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _total(scores: Sequence[Score], name: str) -> str:
    return f"{sum(getattr(score, name) for score in scores):,}"


def _prompts(scores: Sequence[Score]) -> list[str]:
    return sorted({score.prompt for score in scores if score.prompt})


def _cost(scores: Sequence[Score]) -> float | None:
    """Return the cost in US dollars; None where that of an article is unknown."""
    costs = [score.cost_usd for score in scores if score.error is None]
    return None if None in costs else sum(cost for cost in costs if cost is not None)


_USAGE: Mapping[str, Callable[[Sequence[Score]], str]] = {
    "articles": lambda scores: str(len(scores)),
    "prompt": lambda scores: ", ".join(prompt[:12] for prompt in _prompts(scores)) or "–",
    "failed": lambda scores: str(sum(score.error is not None for score in scores)),
    "from the cache": lambda scores: _total(scores, "cached"),
    "calls": lambda scores: _total(scores, "calls"),
    "claims repaired": lambda scores: _total(scores, "repaired"),
    "tokens in": lambda scores: _total(scores, "input_tokens"),
    "tokens out": lambda scores: _total(scores, "output_tokens"),
    "US dollars": lambda scores: "unknown" if (cost := _cost(scores)) is None else f"{cost:.4f}",
    "seconds an article": lambda scores: f"{sum(score.seconds for score in scores) / max(1, len(scores)):.3f}",
}
_SUMS = (
    *("pairs", "gold_pairs", "hit_pairs", "takeaways", "gold_takeaways", "kept", "fallen", "repaired"),
    *("evidence", "exact", "calls", "cached", "input_tokens", "output_tokens"),
)


def _figures(scores: Sequence[Score]) -> dict[str, float | None]:
    return {measure.name: measure.of(scores) for measure in MEASURES}


def _counts(scores: Sequence[Score]) -> dict[str, Any]:
    statuses = sorted(_summed(scores, "statuses").items())
    return {
        "prompt_sha256": _prompts(scores),
        "figures": _figures(scores),
        "counts": {name: sum(getattr(score, name) for score in scores) for name in _SUMS},
        "statuses": [{"gold": gold, "ours": ours, "pairs": n} for (gold, ours), n in statuses],
        "false_alarms": dict(_summed(scores, "false_alarms")),
        "traps": dict(_summed(scores, "traps")),
        "rejected": dict(_summed(scores, "reasons")),
        "matches": dict(_summed(scores, "matches")),
        "cost_usd": _cost(scores),
        "seconds": round(sum(score.seconds for score in scores), 3),
        "articles": {score.case: _figures([score]) for score in scores},
        "failed": [{"article": score.case, "error": score.error} for score in scores if score.error],
    }
