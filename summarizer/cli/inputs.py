"""What is to be summarized: files, folders, patterns, addresses, JSON Lines, lists of all that, and standard input.

Nothing is held but names: a list of any length is read as it is worked on.
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

from ..batch import Address, Row, Source
from ..errors import ConfigError, SourceError
from ..loading import FEEDS, SUFFIXES, holds_several

STANDARD_INPUT = "-"
_ROWS = (".jsonl", ".ndjson")
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"[^"]*"\s*:')  # no article begins like that
_BUFFERED = 256
"""Lines of standard input that are read ahead."""


@dataclass(frozen=True)
class Inputs:
    """The sources, in order, and what can be known of them before."""

    sources: Iterable[Source] | AsyncIterable[Source]
    total: int | None
    """How many, None where that shows only at the end."""
    many: bool
    """Whether more than one result may come."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Files of folders that are of a kind not taken from there, by suffix."""

    @property
    def only(self) -> Source | None:
        """The one source where no other can come, None where one may."""
        return None if self.many or not isinstance(self.sources, tuple) else self.sources[0]

    def leaving_out(self) -> str | None:
        """Say what of the folders is left out, None where nothing is."""
        if not self.left_out:
            return None
        kinds = ", ".join(
            f"{count:,} {suffix or 'without a suffix'}" for suffix, count in sorted(self.left_out.items())
        )
        rows = "; give JSON lines by their own name" if any(suffix in _ROWS for suffix in self.left_out) else ""
        return f"files in folders that are not read from there: {kinds}{rows}"


def gather(names: list[str], files_from: str | None, output: Path | None = None) -> Inputs:
    """Look at what was given on the command line; files below `output` are results, not articles.

    Raises `SourceError` for a folder or a pattern without any article, `ConfigError` where a list cannot be read.
    """
    if files_from == STANDARD_INPUT and STANDARD_INPUT in names:
        raise ConfigError("standard input cannot be both an article and the list of articles: give `-` once")
    piped = STANDARD_INPUT in names and _is_rows()
    given = [Given.of(name, output) for name in names if name != STANDARD_INPUT or not piped]
    if files_from is not None and files_from != STANDARD_INPUT:
        given.append(Given.of_list(files_from, output))
    counts = [one.count for one in given]
    total = None if None in counts else sum(count or 0 for count in counts)
    many = piped or files_from is not None or len(names) > 1 or any(one.many for one in given)
    files = given[0].sources if len(given) == 1 else (source for one in given for source in one.sources)
    left_out = sum((one.left_out for one in given), Counter[str]())
    if not piped and files_from != STANDARD_INPUT:
        return Inputs(files, total, many, left_out)
    return Inputs(_after(files, _piped(output, rows_only=piped)), None, many, left_out)


@dataclass(frozen=True)
class Given:
    """What one argument stands for."""

    sources: Iterable[Source]
    count: int | None
    """None where that shows only when it is read, as for a feed."""
    many: bool = True
    left_out: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, name: str, output: Path | None) -> "Given":
        """Tell what a name is: what is there counts before what it looks like."""
        path = Path(name)
        if path.is_dir():
            files, left_out = _articles_below(path, output)
            count = None if any(map(_is_called_feed, files)) else len(files)
            return cls(map(Path, files), count, left_out=left_out)
        if path.suffix.lower() in _ROWS and path.is_file():
            return cls(_rows_of(path), _count(_lines_of(path)))
        if name == STANDARD_INPUT or _URL.match(name):
            return cls((Address(name),), 1, many=False)
        if not path.exists() and glob.has_magic(name):
            return cls.of_pattern(name)
        if holds_several(path):
            return cls((path,), None)
        return cls((path,), 1, many=False)

    @classmethod
    def of_pattern(cls, pattern: str) -> "Given":
        """A pattern that the shell was kept from expanding; `**` stands for folders in folders."""
        found = sorted(name for name in glob.glob(pattern, recursive=True) if Path(name).is_file())  # noqa: PTH207
        if not found:
            raise SourceError(f"no file matches {pattern!r}: check the pattern, or let the shell expand it")
        return cls(map(Path, found), None if any(map(_is_called_feed, found)) else len(found))

    @classmethod
    def of_list(cls, name: str, output: Path | None) -> "Given":
        """A file with one input a line."""
        path = Path(name)
        try:
            path.open("rb").close()
            return cls(_listed(_names_of(path), name, output), _count(_names_of(path)) if path.is_file() else 0)
        except (OSError, ValueError) as error:
            raise ConfigError(f"cannot read the list {name!r}: {_why(error)}; check --files-from") from error


def _is_called_feed(name: str) -> bool:
    return Path(name).suffix.lower() in FEEDS


def _articles_below(folder: Path, output: Path | None) -> tuple[list[str], Counter[str]]:
    """The files below a folder that can be articles, by name, and the rest by suffix; what is hidden, or a result, is
    neither."""
    results = output.resolve() if output is not None else None
    found: list[str] = []
    left_out: Counter[str] = Counter()
    closed: list[str] = []
    """Folders that cannot be looked into: each fails as an article would, and says why."""
    for place, folders, files in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        here = Path(place)
        folders[:], names = ([name for name in some if not _is_apart(here, name, results)] for some in (folders, files))
        suffixes = {name: Path(name).suffix.lower() for name in names}
        found += [str(here / name) for name in names if suffixes[name] in SUFFIXES]
        left_out.update(suffix for suffix in suffixes.values() if suffix not in SUFFIXES)
    if not found and not closed:
        kinds = ", ".join(sorted(suffix for suffix in SUFFIXES if suffix))
        raise SourceError(f"the folder {str(folder)!r} holds no article: put files in it that end in {kinds}")
    return sorted(found + closed), left_out


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _is_apart(place: Path, name: str, results: Path | None) -> bool:
    """Whether a name is hidden, or is where the results go."""
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
    """The lines of a list of names."""
    with path.open("rb") as file:
        yield from _split(file.fileno(), b"", of_names=True)


def _count(lines: Iterable[bytes]) -> int:
    """How many lines are not blank: a list that is on disk says how long it is."""
    return sum(1 for line in lines if line.strip())


def _listed(lines: Iterable[bytes], where: str, output: Path | None) -> Iterator[Source]:
    """The inputs of a list: a name a line, or a JSON object with `text`."""
    for number, line in enumerate(lines, start=1):
        yield from _meant(line, f"{where}:{number}", output)


def _meant(line: bytes, where: str, output: Path | None) -> Iterator[Source]:
    name = os.fsdecode(line.rstrip(b"\r\n"))
    if not name.strip():
        return
    if _OBJECT.match(line):
        yield Row(line, where)
    elif _URL.match(name):
        yield Address(name)
    elif (path := Path(name)).is_dir() or path.suffix.lower() in _ROWS:
        try:
            yield from Given.of(name, output).sources
        except SourceError:
            yield path  # fails alone, and says why
    else:
        yield path


# --- standard input ------------------------------------------------------------------------------------------------


def _is_rows() -> bool:
    """Whether standard input holds JSON Lines: looks at its beginning, and takes nothing."""
    return _OBJECT.match(_peeked()) is not None


def _peeked() -> bytes:
    """What a look at standard input sees, without taking it."""
    peek = None if sys.stdin is None else getattr(sys.stdin.buffer, "peek", None)
    return bytes(peek(1)) if peek is not None else b""


async def _after(files: Iterable[Source], piped: AsyncIterator[Source]) -> AsyncIterator[Source]:
    for source in files:
        yield source
    async for source in piped:
        yield source


async def _piped(output: Path | None, *, rows_only: bool) -> AsyncIterator[Source]:
    """The inputs that come through standard input, as they come: whoever writes them may be slow."""
    number = 0
    async for line in _lines_of_standard_input(peeked=rows_only):
        number += 1
        if rows_only and line.strip():
            yield Row(line, f"standard input:{number}")
            continue
        for source in _meant(line, f"standard input:{number}", output):
            yield source


async def _lines_of_standard_input(*, peeked: bool) -> AsyncIterator[bytes]:
    """Lines, read in a thread of their own so that nothing waits for them but who wants the next."""
    import asyncio

    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()
    room = threading.Semaphore(_BUFFERED)
    buffered = sys.stdin.buffer.read(len(_peeked())) if peeked else b""

    def read() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody wants more
            for line in chain(_split(sys.stdin.fileno(), buffered, of_names=not peeked), (None,)):
                room.acquire()
                loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        room.release()
        yield line


def _split(descriptor: int, waiting: bytes, *, of_names: bool) -> Iterator[bytes]:
    """Split what comes into lines; names end in NUL where there is any, as `find -print0` writes them.

    Read below Python's buffer, whose lock would hold up the end of the process.
    """
    end = b"\n"
    while True:
        if of_names and b"\0" in waiting:
            end = b"\0"
        *lines, waiting = waiting.split(end)
        yield from lines
        if not (more := os.read(descriptor, 1 << 16)):
            break
        waiting += more
    if waiting:
        yield waiting
