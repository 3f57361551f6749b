"""What is to be summarized: files, folders, patterns, URLs, JSON Lines, lists of all these, and standard input.

Only names are held: a list of any length is read while it is worked on.
"""

import glob
import os
import re
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..batch import Address, Row, Source
from ..errors import ConfigError, SourceError
from ..loading import FEEDS, SUFFIXES, holds_several
from .standard_input import lines_of_standard_input, peeked, split_lines

_STANDARD_INPUT = "-"
_JSON_LINES = (".jsonl", ".ndjson")
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_JSON_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"[^"]*"\s*:')  # no article begins like that


@dataclass(frozen=True)
class Inputs:
    """The sources, in order, and what is known of them in advance."""

    sources: Iterable[Source] | AsyncIterable[Source]
    total: int | None
    """How many there are; None if that is known only at the end, as of a feed."""
    many: bool
    """Whether there may be more than one result."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Files of folders whose type is not read from there, by suffix."""

    @property
    def only(self) -> Source | None:
        """The only source; None if there may be others."""
        return None if self.many or not isinstance(self.sources, tuple) else self.sources[0]

    def skipped_message(self) -> str | None:
        """Return a notice about the skipped files of folders; None if there are none."""
        if not self.skipped:
            return None
        counts = ", ".join(
            f"{count:,} {suffix or 'without a suffix'}" for suffix, count in sorted(self.skipped.items())
        )
        hint = "; name JSON Lines files themselves" if any(suffix in _JSON_LINES for suffix in self.skipped) else ""
        return f"skipped files in folders: {counts}{hint}"


def gather(names: list[str], files_from: str | None, output: Path | None = None) -> Inputs:
    """Resolve the inputs of a command line; files below `output` are results, not articles.

    Raises `SourceError` for a folder or a pattern without any article, `ConfigError` for a list that cannot be read.
    """
    if files_from == _STANDARD_INPUT and _STANDARD_INPUT in names:
        raise ConfigError("standard input cannot be both an article and the list of articles: give `-` once")
    rows_piped = _STANDARD_INPUT in names and _JSON_OBJECT.match(peeked()) is not None
    given = [_resolve(name, output) for name in names if name != _STANDARD_INPUT or not rows_piped]
    if files_from is not None and files_from != _STANDARD_INPUT:
        given.append(_resolve_list(files_from, output))
    piped = rows_piped or files_from == _STANDARD_INPUT
    totals = [None if piped else 0, *(each.total for each in given)]
    sources = given[0].sources if len(given) == 1 else (source for each in given for source in each.sources)
    return Inputs(
        _followed(sources, _piped(output, rows_only=rows_piped)) if piped else sources,
        total=None if None in totals else sum(filter(None, totals)),
        many=piped or files_from is not None or len(names) > 1 or any(each.many for each in given),
        skipped=sum((each.skipped for each in given), Counter[str]()),
    )


@dataclass(frozen=True)
class _Resolved:
    """What one argument stands for."""

    sources: Iterable[Source]
    total: int | None
    many: bool = True
    skipped: Counter[str] = field(default_factory=Counter)


def _resolve(name: str, output: Path | None) -> _Resolved:
    """Resolve a name: what exists counts before what it looks like."""
    path = Path(name)
    if path.is_dir():
        files, skipped = _articles_below(path, output)
        return _Resolved(map(Path, files), _total(files), skipped=skipped)
    if path.suffix.lower() in _JSON_LINES and path.is_file():
        return _Resolved(_rows_of(path), _count(_lines_of(path)))
    if name == _STANDARD_INPUT or _URL.match(name):
        return _Resolved((Address(name),), 1, many=False)
    if not path.exists() and glob.has_magic(name):
        return _resolve_pattern(name)
    if holds_several(path):
        return _Resolved((path,), None)
    return _Resolved((path,), 1, many=False)


def _resolve_pattern(pattern: str) -> _Resolved:
    """Expand a pattern that the shell left alone; `**` matches nested folders."""
    files = sorted(name for name in glob.glob(pattern, recursive=True) if Path(name).is_file())  # noqa: PTH207
    if not files:
        raise SourceError(f"no file matches {pattern!r}: check the pattern, or let the shell expand it")
    return _Resolved(map(Path, files), _total(files))


def _resolve_list(name: str, output: Path | None) -> _Resolved:
    """Resolve a file with one input per line."""
    path = Path(name)
    try:
        path.open("rb").close()
        total = _count(_names_of(path)) if path.is_file() else None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigError(f"cannot read the list {name!r}: {reason}; check --files-from") from error
    lines = enumerate(_names_of(path), start=1)
    return _Resolved(
        (source for number, line in lines for source in _sources_of(line, f"{name}:{number}", output)), total
    )


def _total(files: list[str]) -> int | None:
    """Return how many articles files hold; None if one of them may be a feed."""
    return None if any(Path(name).suffix.lower() in FEEDS for name in files) else len(files)


def _articles_below(folder: Path, output: Path | None) -> tuple[list[str], Counter[str]]:
    """Return the files below a folder that can be articles, sorted, and count the others by suffix.

    Hidden files and results are neither.
    """
    results = output.resolve() if output is not None else None
    found: list[str] = []
    skipped: Counter[str] = Counter()
    unreadable: list[str] = []
    """Folders that cannot be read: each fails as an article would, and says why."""
    for place, folders, files in os.walk(folder, onerror=lambda error: unreadable.append(error.filename)):
        here = Path(place)
        folders[:] = [name for name in folders if not _is_excluded(here, name, results)]
        for name in files:
            suffix = Path(name).suffix.lower()
            if _is_excluded(here, name, results):
                continue
            if suffix in SUFFIXES:
                found.append(str(here / name))
            else:
                skipped[suffix] += 1
    if not found and not unreadable:
        suffixes = ", ".join(sorted(suffix for suffix in SUFFIXES if suffix))
        raise SourceError(f"the folder {str(folder)!r} holds no article: put files in it that end in {suffixes}")
    return sorted(found + unreadable), skipped


def _is_excluded(place: Path, name: str, results: Path | None) -> bool:
    """Tell whether a name is hidden, or is where the results go."""
    return name.startswith(".") or (
        results is not None and name == results.name and (place / name).resolve() == results
    )


def _rows_of(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_lines_of(path), start=1):
        if line.strip():
            yield Row(line, f"{path}:{number}")


def _lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _names_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from split_lines(file.fileno(), names=True)


def _count(lines: Iterable[bytes]) -> int:
    return sum(1 for line in lines if line.strip())


def _sources_of(line: bytes, where: str, output: Path | None) -> Iterator[Source]:
    """Resolve a line of a list: a name, or a JSON object with `text`."""
    name = os.fsdecode(line.rstrip(b"\r\n"))
    if not name.strip():
        return
    if _JSON_OBJECT.match(line):
        yield Row(line, where)
    elif _URL.match(name):
        yield Address(name)
    elif (path := Path(name)).is_dir() or path.suffix.lower() in _JSON_LINES:
        try:
            yield from _resolve(name, output).sources
        except SourceError:
            yield path  # fails alone, and says why
    else:
        yield path


async def _followed(sources: Iterable[Source], piped: AsyncIterator[Source]) -> AsyncIterator[Source]:
    for source in sources:
        yield source
    async for source in piped:
        yield source


async def _piped(output: Path | None, *, rows_only: bool) -> AsyncIterator[Source]:
    """Yield the inputs of standard input as they come."""
    number = 0
    async for line in lines_of_standard_input(names=not rows_only):
        number += 1
        where = f"standard input:{number}"
        if rows_only and line.strip():
            yield Row(line, where)
            continue
        for source in _sources_of(line, where, output):
            yield source
