"""`summarizer eval [FOLDER]`: models and prompts against golden cases, side by side, and floors that must hold."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...engines import open_engine
from ...errors import ConfigError
from ...evaluation import REPLAY, Baseline, Case, EvaluatedModel, Report, Score, evaluate, find_cases, make_report, show
from ...evaluation.baseline import FILE
from ...evaluation.cases import read_cases
from ...evaluation.report_formats import FORMATS, insert
from ...rendering.control_characters import visible
from ...settings import EXTRACTIVE, Settings, choose_model, read_settings
from .. import FAILED, OK, complain
from ..parser import common, make_parser

_ABOUT = """\
Score models against golden cases: partnerships, status, takeaways, proof, cost. Several -m or --prompt are put side by
side, with the difference to the first and what chance makes of it. Exit 1 below a floor, or when an article failed.

FOLDER is golden where there is one, else fixtures. `-m replay` plays the recorded answers back: it measures the proof
alone. Without -m, whoever would answer `summarizer ARTICLE`."""
_FORMAT_OF = {".json": "json", ".md": "markdown", ".html": "html"}


def parser() -> argparse.ArgumentParser:
    """Return the parser of `eval`."""
    made = make_parser("summarizer eval", _ABOUT)
    add = made.add_argument
    add("folder", nargs="?", metavar="FOLDER", help="a folder of cases, or one case")
    add("-m", "--model", action="append", metavar="MODEL", help="who is measured; give it again for another one")
    add("--prompt", action="append", metavar="NAME|PATH", help="with which prompt; give it again for another one")
    add("--base-url", metavar="URL", help="any OpenAI-compatible server [OPENAI_BASE_URL]")
    add("-l", "--language", metavar="TAG", help="output language; default: each article's own")
    add("-n", "--takeaways", type=int, metavar="N", help="how many takeaways at the most (5)")
    add("-f", "--format", choices=FORMATS, metavar="FORMAT", help=f"{', '.join(FORMATS)}; default: what -o ends in")
    add("-o", "--output", metavar="PATH", help="write the report to a file")
    add("--into", metavar="FILE", help="put the figures between the lines <!-- evaluation --> of a document")
    add("--baseline", metavar="FILE", help=f"the floors; default: {FILE} beside the cases")
    add("--update", action="store_true", help="pin the floors to what was measured; refuses to lower one")
    add("--allow-regression", action="store_true", help="with --update: lower floors too")
    cache = made.add_mutually_exclusive_group()
    cache.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")
    cache.add_argument("--refresh", action="store_true", help="ask anew, and remember the answer")
    add("--concurrency", type=int, metavar="N", help="requests at the same time (16)")
    add("--rpm", type=int, metavar="N", help="requests a minute at the most")
    add("--tpm", type=int, metavar="N", help="tokens a minute at the most")
    add("--max-cost", type=float, metavar="USD", help="what each model may cost at the most")
    common(made)
    return made


def run(arguments: argparse.Namespace) -> int:
    """Measure, show, hold against the floors, and return the exit status."""
    _refuse(arguments)
    folder = chosen_folder(arguments.folder)
    cases = read_cases(find_cases(folder))
    if (unseen := sum(not case.gold.human for case in cases)) and not arguments.quiet:
        told = f"{unseen} of {len(cases)} golds are a model's answer that nobody has reviewed"
        complain(f"{told}: figures against them say who agrees with that model; `summarizer golden review`", OK)
    scores = {
        contender.label: _scores(contender, settings, cases, arguments)
        for contender, settings in _contenders(arguments).items()
    }
    report = make_report(scores, folder.name or str(folder))
    _write(report, arguments)
    for model, score in report.failed:
        complain(f"{model}: {score.case} failed and counts as empty: {score.error}", FAILED)
    held = _hold(report, Baseline(Path(arguments.baseline) if arguments.baseline else folder / FILE), arguments)
    return FAILED if report.failed else held


def chosen_folder(named: str | None) -> Path:
    """Return the folder of cases: the one that is named, else `golden` where there is one, else `fixtures`."""
    if named is not None:
        return Path(named)
    return next((path for path in (Path("golden"), Path("fixtures")) if path.is_dir()), Path("golden"))


def _refuse(arguments: argparse.Namespace) -> None:
    if arguments.allow_regression and not arguments.update:
        raise ConfigError("--allow-regression lowers floors: give it together with --update")


def _contenders(arguments: argparse.Namespace) -> dict[EvaluatedModel, Settings]:
    """Who is measured: every model with every prompt; those that have no prompt once."""
    found: dict[EvaluatedModel, Settings] = {}
    for model in arguments.model or [None]:
        for prompt in arguments.prompt or [None]:
            settings = _settings(arguments, model, prompt)
            chosen = choose_model(settings)
            if not settings.model and not arguments.quiet:
                complain(f"model {chosen.model}: {chosen.reason}", OK)
            found.setdefault(_contender(chosen.model, prompt, arguments), settings)
    return found


def _contender(model: str, prompt: str | None, arguments: argparse.Namespace) -> EvaluatedModel:
    if model == REPLAY:
        return EvaluatedModel(model)
    return EvaluatedModel(model, None if model == EXTRACTIVE else prompt, arguments.takeaways, arguments.language)


def _settings(arguments: argparse.Namespace, model: str | None, prompt: str | None) -> Settings:
    return read_settings(
        model=model,
        prompt=prompt,
        base_url=arguments.base_url,
        language=arguments.language,
        takeaways=arguments.takeaways,
        cache="off" if arguments.no_cache else None,
        concurrency=arguments.concurrency,
        rpm=arguments.rpm,
        tpm=arguments.tpm,
        max_cost=arguments.max_cost,
    )


def _scores(
    contender: EvaluatedModel, settings: Settings, cases: Sequence[Case], arguments: argparse.Namespace
) -> list[Score]:
    def warn(message: str) -> None:
        complain(message, OK)

    shown = _Counter(contender.label, len(cases), silent=arguments.quiet or not sys.stderr.isatty())

    async def measured() -> list[Score]:
        engine: Any = None
        if contender.model != REPLAY:
            engine = open_engine(contender.model, settings, refresh=arguments.refresh, warn=warn)
        try:
            return await evaluate(
                cases,
                engine,
                language=settings.language,
                takeaways=settings.takeaways,
                concurrency=settings.concurrency,
                on_score=shown.count,
            )
        finally:
            shown.close()
            if engine is not None:
                await engine.aclose()

    return asyncio.run(measured())


class _Counter:
    """How many articles are done, on a line of a terminal that goes away."""

    def __init__(self, label: str, total: int, *, silent: bool) -> None:
        self._label, self._total, self._silent = label, total, silent
        self._done = 0

    def count(self, score: Score) -> None:
        """One more."""
        self._done += 1
        if not self._silent:
            print(f"\r{visible(self._label)}: {self._done} of {self._total}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the line away."""
        if self._done and not self._silent:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _write(report: Report, arguments: argparse.Namespace) -> None:
    """Show the report where it was asked for: in a document, in a file, or on standard output."""
    if arguments.into:
        path = Path(arguments.into)
        _put(path, insert(_text_of(path), report))
        return
    suffix = Path(arguments.output or "").suffix.lower()
    text = show(report, arguments.format or _FORMAT_OF.get(suffix, "table"))
    if arguments.output:
        _put(Path(arguments.output), text)
    else:
        print(text, end="")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {str(path)!r}: {error}; name a document with --into") from error


def _put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"cannot write {str(path)!r}: {error.strerror}; name another file") from error


def _hold(report: Report, baseline: Baseline, arguments: argparse.Namespace) -> int:
    """Hold the figures against the floors, or pin the floors to the figures."""
    missed = baseline.missed(report)
    for miss in missed:
        complain(str(miss), FAILED)
    if not arguments.update:
        return FAILED if missed else OK
    if report.failed or (missed and not arguments.allow_regression):
        why = "an article failed" if report.failed else "a floor would sink: --allow-regression lets it"
        return complain(f"the floors in {str(baseline.path)!r} stay as they are: {why}", FAILED)
    baseline.update(report)
    complain(f"the floors are in {str(baseline.path)!r}", OK)
    return OK
