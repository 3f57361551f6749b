"""`summarizer eval [FOLDER]`: score models and prompts on golden cases, and hold the scores to a baseline."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

from ...engines import open_engine
from ...errors import ConfigError
from ...evaluation import (
    REPLAY,
    Baseline,
    Case,
    EvaluatedModel,
    Report,
    Score,
    evaluate,
    find_cases,
    make_report,
    read_case,
    show,
)
from ...evaluation.benchmarking import FILE
from ...evaluation.report_formats import insert
from ...protocols import OpenEngine
from ...rendering import Format, GraphFormat
from ...rendering.control_characters import visible
from ...settings import EXTRACTIVE, Settings
from ..arguments import announced_model, format_among, settings_from
from ..console import ExitStatus, complain, notify, report
from ..output import write_text
from ..parser import Parser, add_shared, listed

_DESCRIPTION = """\
Score models on golden cases: partnerships, statuses, takeaways, proof and cost. Several models or prompts are compared
with the first one, with the statistical significance of each difference.

`-m replay` plays the recorded answers back, which measures the proof alone. Exits with 1 below a floor of the baseline,
or if an article failed."""
_CASE_FOLDERS = (Path("golden"), Path("fixtures"))
_FORMATS = (GraphFormat.TABLE, Format.JSON, Format.MARKDOWN, Format.HTML)


def parser() -> Parser:
    """Return the parser of `eval`."""
    made = Parser("eval", _DESCRIPTION, "[FOLDER]")
    cases = made.group("input")
    cases.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="a folder of cases, or a case (default: golden, else fixtures)"
    )
    model = made.group("model")
    add_shared(model, "--model", action="append", help="model to score, or replay; can be repeated")
    add_shared(model, "--prompt", action="append", help="prompt template to score; can be repeated")
    add_shared(model, "--base-url", "--language", "--takeaways")
    output = made.group("output")
    add_shared(
        output,
        "--format",
        choices=tuple(map(str, _FORMATS)),
        help=f"{listed(_FORMATS)} (default: by the suffix of --output, else table)",
    )
    add_shared(output, "--output", help="write the report to a file")
    output.add_argument(
        "--into", metavar="FILE", help="update the figures between the <!-- evaluation --> lines of a document"
    )
    floors = made.group("baseline")
    floors.add_argument("--baseline", metavar="FILE", help=f"the floors (default: {FILE} beside the cases)")
    floors.add_argument("--update", action="store_true", help="raise the floors to the measured scores")
    floors.add_argument("--allow-regression", action="store_true", help="with --update: lower floors too")
    limits = made.group("requests and cache", "--concurrency", "--rpm", "--tpm")
    add_shared(limits, "--max-cost", help="maximum cost of each model")
    add_shared(limits.add_mutually_exclusive_group(), "--no-cache", "--refresh")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Score, report, compare with the baseline, and return the exit status."""
    if arguments.allow_regression and not arguments.update:
        raise ConfigError("--allow-regression lowers floors: give it together with --update")
    format_among(_FORMATS, arguments)  # wrong ones are refused before anybody is asked
    folder = chosen_folder(arguments.folder)
    cases = [read_case(found) for found in find_cases(folder)]
    if unreviewed := sum(not case.gold.human for case in cases):
        share = f"{unreviewed} of {len(cases)} golds are unreviewed answers of a model"
        notify(arguments, f"{share}: scores on them measure agreement with it; run `summarizer golden review`")
    scores = {
        contender.label: asyncio.run(_scores(contender, settings, cases, arguments))
        for contender, settings in _contenders(arguments).items()
    }
    result = make_report(scores, folder.name or str(folder))
    _write(result, arguments)
    for model, score in result.failed:
        report(f"{model}: {score.case} failed and counts as empty: {score.error}")
    baseline = Baseline(Path(arguments.baseline) if arguments.baseline else folder / FILE)
    status = _compare(result, baseline, arguments)
    return ExitStatus.FAILED if result.failed else status


def chosen_folder(named: str | None) -> Path:
    """Return the folder of cases: the one that is named, else `golden` if it exists, else `fixtures`."""
    if named is not None:
        return Path(named)
    return next((path for path in _CASE_FOLDERS if path.is_dir()), _CASE_FOLDERS[0])


def _contenders(arguments: argparse.Namespace) -> dict[EvaluatedModel, Settings]:
    """Return what is scored: every model with every prompt; a model without prompts once."""
    found: dict[EvaluatedModel, Settings] = {}
    for model in arguments.model or [None]:
        for prompt in arguments.prompt or [None]:
            settings = settings_from(arguments, model=model, prompt=prompt)
            name = announced_model(arguments, settings)
            used = None if name == EXTRACTIVE else prompt
            asked = () if name == REPLAY else (used, arguments.takeaways, arguments.language)
            found.setdefault(EvaluatedModel(name, *asked), settings)
    return found


async def _scores(
    contender: EvaluatedModel, settings: Settings, cases: Sequence[Case], arguments: argparse.Namespace
) -> list[Score]:
    """Score a model; on a terminal, a line that is removed at the end shows how many articles are scored."""
    live = not arguments.quiet and sys.stderr.isatty()
    numbers = count(1)

    def show_progress(_: Score) -> None:
        if live:
            done = f"{next(numbers)} of {len(cases)}"
            print(f"\r{visible(contender.label)}: {done}", end="", file=sys.stderr, flush=True)

    engine: OpenEngine | None = None
    async with AsyncExitStack() as stack:
        if live:
            stack.callback(print, "\r\x1b[K", end="", file=sys.stderr, flush=True)
        if contender.model != REPLAY:
            engine = open_engine(contender.model, settings, refresh=arguments.refresh, warn=report)
            stack.push_async_callback(engine.aclose)
        return await evaluate(
            cases,
            engine,
            language=settings.language,
            takeaways=settings.takeaways,
            concurrency=settings.concurrency,
            on_score=show_progress,
        )


def _write(result: Report, arguments: argparse.Namespace) -> None:
    """Write the report into a document, to a file, or to standard output."""
    if arguments.into:
        try:
            text = Path(arguments.into).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"cannot read {arguments.into!r}: {error}; choose another document with --into"
            ) from error
        write_text(insert(text, result), arguments.into, option="--into")
        return
    write_text(show(result, format_among(_FORMATS, arguments)), arguments.output)


def _compare(result: Report, baseline: Baseline, arguments: argparse.Namespace) -> ExitStatus:
    """Compare the scores with the floors, and update the floors on request."""
    missed = baseline.missed(result)
    for miss in missed:
        report(str(miss))
    if not arguments.update:
        return ExitStatus.FAILED if missed else ExitStatus.OK
    if result.failed or (missed and not arguments.allow_regression):
        why = "an article failed" if result.failed else "a floor would be lowered: allow that with --allow-regression"
        return complain(f"the floors in {str(baseline.path)!r} are unchanged: {why}")
    baseline.update(result)
    report(f"the floors in {str(baseline.path)!r} are updated")
    return ExitStatus.OK
