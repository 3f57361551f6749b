"""`summarizer golden add|review|run|diff|approve`: cases of one's own that must not change unnoticed."""

import argparse
import asyncio
import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...engines import open_engine
from ...errors import ConfigError, EngineError, SourceError
from ...evaluation import CaseResult, approve, check, find_cases, junit, read_case, record, replayed
from ...evaluation.recording import slug
from ...evaluation.reviewing import counted, extent
from ...loading import load
from ...protocols import OpenEngine
from ...rendering.control_characters import visible
from ...schema import Article
from ...settings import Settings, choose_model, read_settings
from .. import FAILED, OK, complain
from ..parser import common, make_parser
from .eval_command import chosen_folder

_ABOUT = """\
Cases of your own: an article, what a model answered, and what is true of it. A replay is offline, free and exact, and
tells what changed in facts, not in words.

  add ARTICLE…      ask a model now, and make a case of article, answer and proof
  review [CASE…]    go through a case claim by claim: accept, mend, reject; stop anywhere, go on later
  run [FOLDER]      play all answers back; exit 1 where a fact changed
  diff [CASE…]      what changed: a partnership gained or lost, a status, parties, where the evidence stands
  approve [CASE…]   take what changed; what a person wrote or reviewed stays beside it, untouched

CASE and FOLDER are in golden where there is one, else in fixtures."""
HOME = "golden"
"""Where new cases go."""
_ACTIONS = ("add", "review", "run", "diff", "approve")


def parser() -> argparse.ArgumentParser:
    """Return the parser of `golden`."""
    made = make_parser("summarizer golden", _ABOUT)
    add = made.add_argument
    add("action", choices=_ACTIONS, metavar="|".join(_ACTIONS), help="what to do")
    add("names", nargs="*", metavar="ARTICLE|CASE|FOLDER", help="with what; default: all cases there are")
    add("-m", "--model", metavar="MODEL", help="add: who answers; run, diff: ask anew instead of playing back")
    add("--base-url", metavar="URL", help="any OpenAI-compatible server [OPENAI_BASE_URL]")
    add("--prompt", metavar="NAME|PATH", help="with which prompt template")
    add("-l", "--language", metavar="TAG", help="add: output language; default: the article's own")
    add("-n", "--takeaways", type=int, metavar="N", help="add: how many takeaways at the most (5)")
    add("--folder", metavar="FOLDER", help="add: where cases are kept")
    add("--name", metavar="NAME", help="add: name of the case; default: after the file or the title")
    add("--allow-private", action="store_true", help="add: let a URL be on a private network")
    add("--force", action="store_true", help="add: write a case anew that is there already, its gold too")
    add("--by", metavar="NAME", help="review: who reviews; default: the user's name")
    add("--junit", metavar="FILE", help="run, diff: write the results as JUnit XML")
    add("--held-out", action="store_true", help="diff: show cases too that rules must not be made on")
    add("--no-cache", action="store_true", help="neither read nor write the cache")
    common(made)
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for, and return the exit status."""
    if arguments.action == "add":
        return _add(arguments)
    if arguments.action == "review":
        from .review_dialogue import review

        return review(_cases(arguments.names), arguments.by or _user())
    if arguments.action == "approve":
        return _approve(_cases(arguments.names))
    checked = asyncio.run(_check(arguments))
    if arguments.junit:
        _write_junit(Path(arguments.junit), checked, arguments)
    return _tell_all(checked, arguments) if arguments.action == "run" else _tell_changes(checked, arguments)


# --- which cases -----------------------------------------------------------------------------------------------


def _cases(names: Sequence[str]) -> list[Path]:
    """Return the folders of the cases that are named, by path or by their name in the usual folder."""
    if not names:
        return find_cases(chosen_folder(None))
    found = [case for name in names for case in find_cases(_place(name))]
    return list(dict.fromkeys(found))


def _place(name: str) -> Path:
    path, usual = Path(name), chosen_folder(None) / name
    return path if path.exists() or not usual.is_dir() else usual


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


# --- add -------------------------------------------------------------------------------------------------------


def _add(arguments: argparse.Namespace) -> int:
    """Make a case of each article that is named; one that cannot be read does not stop the others."""
    if not arguments.names:
        raise ConfigError("golden add wants an ARTICLE: a file, a URL, or - for standard input")
    if arguments.name and len(arguments.names) > 1:
        raise ConfigError(f"--name names one case, and {len(arguments.names)} articles are given: add them one by one")
    articles, status = [], OK
    for name in arguments.names:
        try:
            source = name if name == "-" or "://" in name else Path(name)
            articles.append(load(source, allow_private=arguments.allow_private))
        except SourceError as error:
            status = complain(str(error), FAILED)
    return max(status, asyncio.run(_ask_about(articles, arguments)))


async def _ask_about(articles: Sequence[Article], arguments: argparse.Namespace) -> int:
    engine, settings = _engine(arguments)
    status = OK
    try:
        for article in articles:
            try:
                await _add_one(article, engine, settings, arguments)
            except (SourceError, EngineError) as error:
                status = complain(f"{article.source}: {error}", FAILED)
    finally:
        await engine.aclose()
    return status


async def _add_one(article: Article, engine: OpenEngine, settings: Settings, arguments: argparse.Namespace) -> None:
    folder = Path(arguments.folder or HOME) / (arguments.name or slug(article))
    case, summary = await record(
        article,
        engine,
        folder,
        language=settings.language,
        takeaways=settings.takeaways,
        force=arguments.force,
    )
    print(f"{folder}: {extent(case.gold)}, answered by {visible(summary.provenance.model)}")
    if not arguments.quiet:
        complain(f"nobody has looked at it yet: summarizer golden review {folder}", OK)


def _engine(arguments: argparse.Namespace) -> tuple[OpenEngine, Settings]:
    settings: Any = read_settings(
        model=arguments.model,
        base_url=arguments.base_url,
        prompt=arguments.prompt,
        language=arguments.language,
        takeaways=arguments.takeaways,
        cache="off" if arguments.no_cache else None,
    )
    choice = choose_model(settings)
    if not settings.model and not arguments.quiet:
        complain(f"model {choice.model}: {choice.reason}", OK)
    return open_engine(choice.model, settings, warn=_notice), settings


def _notice(message: str) -> None:
    complain(message, OK)


# --- run, diff, approve ----------------------------------------------------------------------------------------


async def _check(arguments: argparse.Namespace) -> list[CaseResult]:
    """Play back, or ask the model that is named."""
    folders = _cases(arguments.names)
    if not arguments.model:
        return await check(folders)
    engine, settings = _engine(arguments)
    try:
        return await check(folders, engine, concurrency=settings.concurrency)
    finally:
        await engine.aclose()


def _tell_all(checked: Sequence[CaseResult], arguments: argparse.Namespace) -> int:
    """Print a line for each case, and how many are as they were."""
    for one in checked:
        print(f"{one.outcome:<8} {visible(one.name)}" + (f": {visible(one.message)}" if one.message else ""))
    same = sum(one.outcome == "same" for one in checked)
    unseen = sum(not one.human for one in checked)
    seen = f", {unseen} not reviewed yet" if unseen else ""
    took = sum(one.seconds for one in checked)
    print(f"{counted(len(checked), 'case')}, {same} as approved{seen}, {took:.2f} s")
    if any(one.outcome == "changed" for one in checked) and not arguments.quiet:
        complain("`summarizer golden diff` shows what changed, `summarizer golden approve` takes it", OK)
    if any(one.outcome == "faulty" for one in checked) and not arguments.quiet:
        complain("`summarizer golden diff` shows the faults; no command mends them: correct expected.json", OK)
    return OK if same == len(checked) else FAILED


def _tell_changes(checked: Sequence[CaseResult], arguments: argparse.Namespace) -> int:
    """Print what changed, case by case; nothing where nothing did."""
    told = [one for one in checked if one.outcome != "same"]
    for one in told:
        print(f"{visible(one.name)}: {visible(one.message)}")
        for line in one.lines(held_out=arguments.held_out):
            print(f"  {visible(line)}")
    return FAILED if told else OK


def _approve(folders: Sequence[Path]) -> int:
    """Take what each replay gives, and say which file has it now."""
    status = OK
    for folder in folders:
        try:
            case = read_case(folder)
            if taken := approve(case, replayed(case)):
                print(f"{folder.name}: taken, {taken}")
        except SourceError as error:
            status = complain(str(error), FAILED)
    return status


def _write_junit(path: Path, checked: Sequence[CaseResult], arguments: argparse.Namespace) -> None:
    try:
        path.write_text(junit(checked, held_out=arguments.held_out), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {str(path)!r}: {error.strerror}; name another with --junit") from error
