"""`summarizer cache`: inspect the cache, explain a miss, or remove entries."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ...cache import reports
from ...cache.keys import CacheKey
from ...cache.notation import parse_duration, parse_size, redact
from ...chunking import split
from ...engines import open_engine
from ...errors import ConfigError
from ...loading import load
from ...rendering.control_characters import visible
from ...settings import EXTRACTIVE, Settings, choose_model
from ..arguments import settings_from
from ..console import ExitStatus, counted
from ..parser import Parser, add_shared

_DESCRIPTION = """\
Inspect or shrink the cache of answers.

  stats        count the answers by model
  why ARTICLE  explain why an article is, or is not, answered from the cache
  prune        remove old answers
  clear        remove all answers
  path         print where the cache is"""
_SHOWN = 60
"""Characters of a part of a key: enough to tell two fingerprints apart."""


def parser() -> Parser:
    """Return the parser of `cache`."""
    made = Parser("cache", _DESCRIPTION, "ACTION [ARTICLE]")
    arguments = made.group("arguments")
    add_shared(arguments, "action", choices=("stats", "why", "prune", "clear", "path"))
    arguments.add_argument("article", nargs="?", metavar="ARTICLE", help="the article to explain")
    why = "why: how the article is summarized"
    made.group(why, "--model", "--base-url", "--prompt", "--language", "--takeaways")
    prune = made.group("prune")
    prune.add_argument("--older-than", metavar="AGE", help="remove answers older than this, such as 12h, 30d or 6w")
    prune.add_argument("--max-size", metavar="SIZE", help="remove the oldest answers beyond this size, such as 500MB")
    clear = made.group("clear")
    clear.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Run the action and return the exit status."""
    settings = settings_from(arguments)
    path = settings.cache_place
    if path is None:
        raise ConfigError("the cache is off: to turn it on, set SUMMARIZER_CACHE to a file or a server, or unset it")
    if arguments.article is not None and arguments.action != "why":
        raise ConfigError(f"`cache {arguments.action}` takes no ARTICLE")
    match arguments.action:
        case "path":
            print(redact(path))
        case "stats":
            print("\n".join(map(visible, _stats(path))))
        case "why":
            return _why(arguments, settings, path)
        case "prune":
            _prune(arguments, path)
        case "clear":
            return _clear(arguments, path)
    return ExitStatus.OK


def _stats(path: Path | str) -> Iterator[str]:
    found = reports.stats(path)
    yield f"path     {found.place}"
    yield f"answers  {found.entries:,}"
    yield f"size     {_size(found.size)}"
    if found.entries:
        yield f"oldest   {found.oldest}"
        yield f"newest   {found.newest}"
    for model, count in found.models.items():
        yield f"model    {model}: {count:,}"


def _why(arguments: argparse.Namespace, settings: Settings, path: Path | str) -> ExitStatus:
    if arguments.article is None:
        raise ConfigError("cache why needs an article: summarizer cache why ARTICLE")
    model = choose_model(settings).model
    if model == EXTRACTIVE:
        raise ConfigError(
            "the extractive model is not cached because it is faster than the cache: choose another model with -m"
        )
    article = load(arguments.article)
    engine = open_engine(model, settings.model_copy(update={"cache": "off"}))
    passages = split(article, engine.window, output_language=settings.language, takeaways=settings.takeaways)
    reasons = [reports.why(path, CacheKey.of(engine, passage), article.source) for passage in passages]
    print("\n\n".join("\n".join(map(visible, _explanation(why))) for why in reasons))
    return ExitStatus.OK


def _explanation(why: reports.Why) -> Iterator[str]:
    yield f"key: {why.key}"
    for name, value in why.parts.items():
        yield f"  {name:16} {_short(value)}"
    if why.remembered:
        yield f"cached on {why.remembered}: it is answered from the cache"
    elif why.nearest is None:
        yield "not cached, and neither is anything about this text or from this source"
    else:
        yield f"not cached; the nearest answer is of {why.nearest}, and differs in:"
    for one in why.differences:
        yield f"  {one.part:16} now {_short(one.asked)}, then {_short(one.remembered)}"


def _short(value: str) -> str:
    shown = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return repr(shown) if shown.strip() != shown or not shown else shown


def _prune(arguments: argparse.Namespace, path: Path | str) -> None:
    if arguments.older_than is None and arguments.max_size is None:
        raise ConfigError("`cache prune` needs --older-than AGE, --max-size SIZE, or both")
    older_than = None if arguments.older_than is None else parse_duration(arguments.older_than)
    max_size = None if arguments.max_size is None else parse_size(arguments.max_size)
    print(_removed(reports.prune(path, older_than=older_than, max_size=max_size)))


def _clear(arguments: argparse.Namespace, path: Path | str) -> ExitStatus:
    entries = reports.stats(path).entries
    if entries and not arguments.yes and not _is_confirmed(entries, path):
        print("nothing was removed")
        return ExitStatus.FAILED
    print(_removed(reports.clear(path)))
    return ExitStatus.OK


def _is_confirmed(entries: int, path: Path | str) -> bool:
    """Ask for confirmation on the terminal. Raises `ConfigError` where there is none."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(f"this would remove {counted(entries, 'answer')}: confirm with --yes")
    print(f"Remove {counted(entries, 'answer')} from {redact(path)}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")


def _removed(removed: reports.Removed) -> str:
    return f"removed {counted(removed.entries, 'answer')}, {_size(removed.size)}"


def _size(count: int) -> str:
    """Return a number of bytes in words."""
    for unit, size in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} B"
