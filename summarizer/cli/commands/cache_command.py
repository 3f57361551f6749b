"""`summarizer cache`: what is remembered, why something was not, and how to make it less."""

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
from ...protocols import OpenEngine
from ...schema import Article
from ...settings import EXTRACTIVE, Settings, choose_model, read_settings
from .. import FAILED, OK

_SHOWN = 60  # characters of a part: enough to tell two fingerprints apart


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for, and return the exit status."""
    settings = _settings(arguments)
    path = settings.cache_place
    if path is None:
        raise ConfigError("the cache is off: set SUMMARIZER_CACHE to a file or a server, or unset it, to have one")
    if arguments.article is not None and arguments.action != "why":
        raise ConfigError(f"cache {arguments.action} takes no article: only `cache why ARTICLE` does")
    match arguments.action:
        case "path":
            print(redact(path))
        case "stats":
            print("\n".join(_stats(path)))
        case "why":
            return _why(arguments, settings, path)
        case "prune":
            _prune(arguments, path)
        case "clear":
            return _clear(arguments, path)
    return OK


def _settings(arguments: argparse.Namespace) -> Settings:
    return read_settings(
        model=arguments.model,
        base_url=arguments.base_url,
        language=arguments.language,
        takeaways=arguments.takeaways,
        prompt=arguments.prompt,
    )


def _stats(path: Path | str) -> Iterator[str]:
    found = reports.stats(path)
    yield f"path     {found.place}"
    yield f"answers  {found.entries:,}"
    yield f"size     {sized(found.size)}"
    if found.entries:
        yield f"oldest   {found.oldest}"
        yield f"newest   {found.newest}"
    for model, count in found.models.items():
        yield f"model    {model}: {count:,}"


# --- why -------------------------------------------------------------------------------------------------------------


def _why(arguments: argparse.Namespace, settings: Settings, path: Path | str) -> int:
    if arguments.article is None:
        raise ConfigError("cache why needs an article: summarizer cache why ARTICLE")
    model = choose_model(settings).model
    if model == EXTRACTIVE:
        raise ConfigError("the extractive model is not cached, for it is faster than a cache: name another with -m")
    article = load(arguments.article)
    engine = open_engine(model, settings.model_copy(update={"cache": "off"}))
    lines = list(_told(article, engine, settings, path))
    print("\n\n".join(lines))
    return OK


def _told(article: Article, engine: OpenEngine, settings: Settings, path: Path | str) -> Iterator[str]:
    """What there is to say of each passage that the article would be asked about in."""
    for passage in split(article, engine.window, output_language=settings.language, takeaways=settings.takeaways):
        why = reports.why(path, CacheKey.of(engine, passage), article.source)
        yield "\n".join((*_parts(why), _verdict(why), *_differences(why)))


def _parts(why: reports.Why) -> Iterator[str]:
    yield f"key: {why.key}"
    for name, value in why.parts.items():
        yield f"  {name:16} {_short(value)}"


def _verdict(why: reports.Why) -> str:
    if why.remembered:
        return f"remembered since {why.remembered}: it is answered from the cache"
    if why.nearest is None:
        return "not remembered, and nothing about this text or from this place is"
    return f"not remembered; the nearest question was answered on {why.nearest}, and differs in:"


def _differences(why: reports.Why) -> Iterator[str]:
    for one in why.differences:
        yield f"  {one.part:16} now {_short(one.asked)}, then {_short(one.remembered)}"


def _short(value: str) -> str:
    shown = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return repr(shown) if shown.strip() != shown or not shown else shown


# --- less ------------------------------------------------------------------------------------------------------------


def _prune(arguments: argparse.Namespace, path: Path | str) -> None:
    if arguments.older_than is None and arguments.max_size is None:
        raise ConfigError("cache prune needs to know what to remove: --older-than 30d, --max-size 500MB, or both")
    older_than = None if arguments.older_than is None else parse_duration(arguments.older_than)
    max_size = None if arguments.max_size is None else parse_size(arguments.max_size)
    print(_removed(reports.prune(path, older_than=older_than, max_size=max_size)))


def _clear(arguments: argparse.Namespace, path: Path | str) -> int:
    entries = reports.stats(path).entries
    if entries and not arguments.yes and not _is_confirmed(entries, path):
        print("nothing was removed")
        return FAILED
    print(_removed(reports.clear(path)))
    return OK


def _is_confirmed(entries: int, path: Path | str) -> bool:
    """Ask the person at the terminal; where there is none, nobody agreed. Raises `ConfigError`."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(f"cache clear would remove {entries:,} answers that were paid for: say --yes to do it")
    print(f"Remove all {entries:,} answers in {redact(path)}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")


def _removed(removed: reports.Removed) -> str:
    return f"removed {removed.entries:,} answers, {sized(removed.size)}"


def sized(count: int) -> str:
    """Bytes as a person says them."""
    for unit, size in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} B"
