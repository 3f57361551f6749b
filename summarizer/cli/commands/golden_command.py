"""`summarizer golden add|review|run|diff|approve`: regression tests of the user's own."""

import argparse
import asyncio
import getpass
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from ...engines import open_engine
from ...errors import ConfigError, EngineError, SourceError
from ...evaluation import CaseResult, approve, check, find_cases, junit, read_case, record, replayed
from ...evaluation.recording import slug
from ...evaluation.reviewing import extent
from ...loading import is_address, load
from ...protocols import OpenEngine
from ...rendering.control_characters import visible
from ...schema import Article
from ...settings import Settings
from ..arguments import announced_model, settings_from
from ..console import ExitStatus, complain, counted, notify, report
from ..output import write_text
from ..parser import Parser, add_shared
from .eval_command import chosen_folder

_DESCRIPTION = """\
Manage golden cases: an article, a model's answer, and what is true of it. Replaying the answers is offline, free and
exact, and detects changes of facts rather than of words.

  add ARTICLE...    ask a model, and make a case of the article, the answer and the proof
  review [CASE...]  accept, correct or reject each claim; can be interrupted and resumed
  run [FOLDER]      replay all answers; exits with 1 if a fact changed
  diff [CASE...]    show which facts changed
  approve [CASE...] accept the changes; what a person wrote or reviewed is left untouched

The default folder of cases is golden if it exists, else fixtures."""
_NEW_CASES = "golden"
"""The folder of new cases."""


def parser() -> Parser:
    """Return the parser of `golden`."""
    made = Parser("golden", _DESCRIPTION, "ACTION [NAME...]")
    arguments = made.group("arguments")
    add_shared(arguments, "action", choices=("add", "review", "run", "diff", "approve"))
    arguments.add_argument("names", nargs="*", metavar="NAME", help="articles, cases or folders (default: all cases)")
    model = made.group("add, run, diff")
    add_shared(model, "--model", help="model to ask (default: add: as for summarizer; run, diff: replay)")
    add_shared(model, "--base-url", "--prompt", "--no-cache")
    add = made.group("add", "--language", "--takeaways", "--allow-private")
    add.add_argument("--folder", metavar="FOLDER", help=f"folder of the new case (default: {_NEW_CASES})")
    add.add_argument("--name", metavar="NAME", help="name of the new case (default: by its file or title)")
    add.add_argument("--force", action="store_true", help="overwrite an existing case and its gold")
    review = made.group("review")
    review.add_argument("--by", metavar="NAME", help="name of the reviewer (default: the user's name)")
    changes = made.group("run, diff")
    changes.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")
    changes.add_argument("--held-out", action="store_true", help="diff: include the held-out cases")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Run the action and return the exit status."""
    if arguments.action == "add":
        return _add(arguments)
    if arguments.action == "review":
        from ..review_dialogue import review

        return review(_cases(arguments.names), arguments.by or _user())
    if arguments.action == "approve":
        return _approve(_cases(arguments.names))
    checked = asyncio.run(_check(arguments))
    if arguments.junit:
        write_text(junit(checked, held_out=arguments.held_out), arguments.junit, option="--junit")
    return _print_all(checked, arguments) if arguments.action == "run" else _print_changes(checked, arguments)


def _cases(names: Sequence[str]) -> list[Path]:
    """Return the folders of the named cases; a name is a path, or a case of the default folder."""
    if not names:
        return find_cases(chosen_folder(None))
    default = chosen_folder(None)
    places = [default / name if not Path(name).exists() and (default / name).is_dir() else Path(name) for name in names]
    return list(dict.fromkeys(case for place in places for case in find_cases(place)))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _add(arguments: argparse.Namespace) -> ExitStatus:
    """Make a case of each article; one that cannot be read does not stop the others."""
    if not arguments.names:
        raise ConfigError("`golden add` needs an ARTICLE: a file, a URL, or - for standard input")
    if arguments.name and len(arguments.names) > 1:
        raise ConfigError(
            f"--name names one case, and {len(arguments.names)} articles are given: add them one at a time"
        )
    articles, status = [], ExitStatus.OK
    for name in arguments.names:
        try:
            source = name if is_address(name) else Path(name)
            articles.append(load(source, allow_private=arguments.allow_private))
        except SourceError as error:
            status = complain(str(error))
    return max(status, asyncio.run(_add_all(articles, arguments)))


async def _add_all(articles: Sequence[Article], arguments: argparse.Namespace) -> ExitStatus:
    engine, settings = _engine(arguments)
    language, takeaways = settings.language, settings.takeaways
    status = ExitStatus.OK
    async with aclosing(engine):
        for article in articles:
            folder = Path(arguments.folder or _NEW_CASES) / (arguments.name or slug(article))
            try:
                case, summary = await record(
                    article, engine, folder, language=language, takeaways=takeaways, force=arguments.force
                )
            except (SourceError, EngineError) as error:
                status = complain(f"{article.source}: {error}")
                continue
            print(f"{folder}: {extent(case.gold)}, answered by {visible(summary.provenance.model)}")
            notify(arguments, f"not reviewed yet: run `summarizer golden review {folder}`")
    return status


def _engine(arguments: argparse.Namespace) -> tuple[OpenEngine, Settings]:
    settings = settings_from(arguments)
    return open_engine(announced_model(arguments, settings), settings, warn=report), settings


async def _check(arguments: argparse.Namespace) -> list[CaseResult]:
    """Replay the answers, or ask the model that is named."""
    folders = _cases(arguments.names)
    if not arguments.model:
        return await check(folders)
    engine, settings = _engine(arguments)
    async with aclosing(engine):
        return await check(folders, engine, concurrency=settings.concurrency)


def _print_all(checked: Sequence[CaseResult], arguments: argparse.Namespace) -> ExitStatus:
    """Print a line per case, and how many are unchanged."""
    for one in checked:
        print(f"{one.outcome:<8} {visible(one.name)}" + (f": {visible(one.message)}" if one.message else ""))
    same = sum(one.outcome == "same" for one in checked)
    unreviewed = sum(not one.human for one in checked)
    review = f", {unreviewed} not reviewed yet" if unreviewed else ""
    seconds = sum(one.seconds for one in checked)
    print(f"{counted(len(checked), 'case')}, {same} as approved{review}, {seconds:.2f} s")
    if any(one.outcome == "changed" for one in checked):
        notify(arguments, "`summarizer golden diff` shows the changes, `summarizer golden approve` accepts them")
    if any(one.outcome == "faulty" for one in checked):
        notify(arguments, "`summarizer golden diff` shows the faults: correct them in expected.json by hand")
    return ExitStatus.OK if same == len(checked) else ExitStatus.FAILED


def _print_changes(checked: Sequence[CaseResult], arguments: argparse.Namespace) -> ExitStatus:
    """Print the changes, case by case."""
    changed = [one for one in checked if one.outcome != "same"]
    for one in changed:
        print(f"{visible(one.name)}: {visible(one.message)}")
        for line in one.lines(held_out=arguments.held_out):
            print(f"  {visible(line)}")
    return ExitStatus.FAILED if changed else ExitStatus.OK


def _approve(folders: Sequence[Path]) -> ExitStatus:
    """Accept the result of each replay, and print which file it went to."""
    status = ExitStatus.OK
    for folder in folders:
        try:
            case = read_case(folder)
            if written := approve(case, replayed(case)):
                print(f"{folder.name}: approved, {written}")
        except SourceError as error:
            status = complain(str(error))
    return status
