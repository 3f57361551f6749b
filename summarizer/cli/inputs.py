"""What is to be summarized: files, folders, patterns, URLs, JSON Lines, lists of all these, and standard input.

Only names are held: a list of any length is read while it is worked on.
"""

import glob
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ..batch.sources import Row, Source, rows
from ..errors import ConfigError, SourceError
from ..loading import FEEDS, STANDARD_INPUT, SUFFIXES, Address, holds_several
from ..loading.source_formats import is_read_elsewhere
from ..loading.text_encoding import decode, lines_of, utf8

_READ_AHEAD = 256
"""Lines of standard input that are read before they are needed."""
JSON_LINES = (".jsonl", ".ndjson")
"""Suffixes of files with an article a line."""
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_JSON_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"[^"]*"\s*:')  # no article begins like that


@dataclass(frozen=True)
class Inputs:
    """The sources, in order, and what is known of them in advance."""

    sources: Iterable[Source] | AsyncIterable[Source]
    total: int | None
    """How many there are; None if that is known only at the end, as of a feed."""
    many: bool = True
    """Whether there may be more than one result."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Files of folders whose type is not read from there, by suffix."""

    @property
    def only(self) -> Source | None:
        """The only source; None if there may be others."""
        return None if self.many or not isinstance(self.sources, tuple) else self.sources[0]

    def synchronous(self) -> Iterable[Source]:
        """Return the sources without an event loop, those of standard input too."""
        return self.sources if isinstance(self.sources, Iterable) else _in_order(self.sources)

    def skipped_message(self) -> str | None:
        """Return a notice about the skipped files of folders; None if there are none."""
        if not self.skipped:
            return None
        by_suffix = sorted(self.skipped.items())
        counts = ", ".join(f"{count:,} {suffix or 'without a suffix'}" for suffix, count in by_suffix)
        hint = "; name JSON Lines files themselves" if any(suffix in JSON_LINES for suffix in self.skipped) else ""
        return f"skipped files in folders: {counts}{hint}"


def _in_order(sources: AsyncIterable[Source]) -> Iterator[Source]:
    import asyncio

    with asyncio.Runner() as runner:
        stream = aiter(sources)

        async def next_source() -> Source | None:
            return await anext(stream, None)

        while (source := runner.run(next_source())) is not None:
            yield source


# --- names -----------------------------------------------------------------------------------------------------------


def gather(names: list[str], files_from: str | None, output: Path | None = None) -> Inputs:
    """Resolve the inputs of a command line; files below `output` are results, not articles.

    Raises `SourceError` for a folder or a pattern without any article, `ConfigError` for a list that cannot be read.
    """
    if files_from == STANDARD_INPUT and STANDARD_INPUT in names:
        raise ConfigError("standard input cannot be both an article and the list of articles: give `-` once")
    rows_piped = STANDARD_INPUT in names and _JSON_OBJECT.match(b"".join(utf8((_peeked(),)))) is not None
    given = [_resolve(name, output) for name in names if name != STANDARD_INPUT or not rows_piped]
    if files_from is not None and files_from != STANDARD_INPUT:
        given.append(_resolve_list(files_from, output))
    piped = rows_piped or files_from == STANDARD_INPUT
    totals = [None if piped else 0, *(each.total for each in given)]
    in_turn = chain.from_iterable(each.synchronous() for each in given)
    sources = given[0].sources if len(given) == 1 else in_turn
    return Inputs(
        _piped(in_turn, output, rows_only=rows_piped) if piped else sources,
        total=None if None in totals else sum(filter(None, totals)),
        many=piped or files_from is not None or len(names) > 1 or any(each.many for each in given),
        skipped=sum((each.skipped for each in given), Counter[str]()),
    )


def _resolve(name: str, output: Path | None) -> Inputs:
    """Resolve a name: what exists counts before what it looks like."""
    path = Path(name)
    if path.is_dir():
        files, skipped = _articles_below(path, output)
        return Inputs(map(Path, files), _total(files), skipped=skipped)
    if path.suffix.lower() in JSON_LINES and path.is_file():
        with path.open("rb") as file:
            total = sum(not line.isspace() for line in file)
        return Inputs(_rows_of(path), total)
    if name == STANDARD_INPUT or _URL.match(name):
        return Inputs((Address(name),), 1, many=False)
    if not path.exists() and glob.has_magic(name):  # a pattern that the shell left alone
        files = sorted(found for found in glob.glob(name, recursive=True) if Path(found).is_file())  # noqa: PTH207
        if not files:
            raise SourceError(f"no file matches {name!r}: check the pattern, or let the shell expand it")
        return Inputs(map(Path, files), _total(files))
    if holds_several(path):
        return Inputs((path,), None)
    return Inputs((path,), 1, many=False)


def _resolve_list(name: str, output: Path | None) -> Inputs:
    """Resolve a file with one input per line."""
    path = Path(name)
    try:
        path.open("rb").close()
        total = sum(1 for line in _names_of(path) if line.strip()) if path.is_file() else None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigError(f"cannot read the list {name!r}: {reason}; check --files-from") from error
    lines = enumerate(_names_of(path), start=1)
    return Inputs((source for number, line in lines for source in _sources_of(line, f"{name}:{number}", output)), total)


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
            if suffix in SUFFIXES or is_read_elsewhere(suffix):
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
    with path.open("rb") as file:
        yield from rows(file, str(path))


def _names_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from lines_of(_chunks(file.fileno()), names=True)


def _sources_of(line: bytes, where: str, output: Path | None) -> Iterator[Source]:
    """Resolve a line of a list: a name, or a JSON object with `text`."""
    name = _name_in(line.rstrip(b"\r\n"))
    if not name.strip():
        return
    if _JSON_OBJECT.match(line):
        yield Row(line, where)
    elif _URL.match(name):
        yield Address(name)
    elif (path := Path(name)).is_dir() or path.suffix.lower() in JSON_LINES:
        try:
            yield from _resolve(name, output).synchronous()
        except SourceError:
            yield path  # fails alone, and says why
    else:
        yield path


def _name_in(line: bytes) -> str:
    """Return a name as the system spells it, or as a list from Windows does."""
    name = os.fsdecode(line)
    if name.isprintable() or Path(name).exists():
        return name
    with suppress(SourceError):
        return decode(line, "list").text
    return name


# --- standard input: whoever writes it may be slow -------------------------------------------------------------------


async def _piped(first: Iterable[Source], output: Path | None, *, rows_only: bool) -> AsyncIterator[Source]:
    """Yield the sources that come `first`, then those of standard input as they come."""
    for source in first:
        yield source
    number = 0
    async for line in _lines_of_standard_input(names=not rows_only):
        number += 1
        where = f"standard input:{number}"
        if rows_only and line.strip():
            yield Row(line, where)
            continue
        for source in _sources_of(line, where, output):
            yield source


async def _lines_of_standard_input(*, names: bool) -> AsyncIterator[bytes]:
    """Yield lines, read in a thread of their own so that the event loop never blocks; `names` as in `lines_of`."""
    import asyncio

    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()
    free = threading.Semaphore(_READ_AHEAD)
    buffered = b"" if names else sys.stdin.buffer.read(len(_peeked()))

    def read() -> None:
        with suppress(RuntimeError):  # the event loop is closed: nobody needs more
            chunks = filter(None, chain((buffered,), _chunks(sys.stdin.fileno())))
            for line in chain(lines_of(chunks, names=names), (None,)):
                free.acquire()
                loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        free.release()
        yield line


def _chunks(descriptor: int) -> Iterator[bytes]:
    """Read below Python's buffer, whose lock would delay the end of the process."""
    while chunk := os.read(descriptor, 1 << 16):
        yield chunk


def _peeked() -> bytes:
    """Return the beginning of standard input without consuming it."""
    peek = None if sys.stdin is None else getattr(sys.stdin.buffer, "peek", None)
    return bytes(peek(1)) if peek is not None else b""
