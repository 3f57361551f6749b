"""Where results go: a stream, in which many make one document, or a folder with a file each."""

import contextlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TextIO

from ..errors import ConfigError
from ..rendering import Format
from ..schema import Article, Failure, Summary

Shown = Callable[[Summary, Article | None], str]

_SUFFIX = {Format.TEXT: ".txt", Format.MARKDOWN: ".md"}
_BETWEEN = {Format.TEXT: "\n", Format.MARKDOWN: "\n---\n\n", Format.JSON: ",\n", Format.HTML: "\n"}


class Sink(Protocol):
    """What takes results, one after the other."""

    def write(self, summary: Summary, article: Article | None) -> None:
        """Take a summary."""

    def fail(self, failure: Failure) -> None:
        """Take a failure."""

    def close(self) -> None:
        """Finish what is written."""


class Stream:
    """One stream for all: lines for jsonl, one array for json, one table for csv."""

    def __init__(
        self, stream: TextIO, format: Format, shown: Shown, *, many: bool, finish: Callable[[], None] | None = None
    ) -> None:
        self._stream = stream
        self._format = format
        self._shown = shown
        self._array = many and format is Format.JSON
        self._count = 0
        self._finish = finish

    @classmethod
    def to_file(cls, path: Path, format: Format, shown: Shown, *, many: bool) -> "Stream":
        """Write to a file, which takes its place only when all is written. Raises `OSError`."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        stream = os.fdopen(handle, "w", encoding="utf-8", newline="")

        def finish() -> None:
            stream.close()
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(path)

        return cls(stream, format, shown, many=many, finish=finish)

    def write(self, summary: Summary, article: Article | None) -> None:
        """Print a summary, and whatever stands between two of them."""
        text = self._shown(summary, article)
        if self._format is Format.CSV and self._count:
            text = text.partition("\n")[2]
        if self._count:
            self._put(_BETWEEN.get(self._format, ""))
        elif self._array:
            self._put("[\n")
        self._put(text.rstrip("\n") if self._array else text)
        self._count += 1
        self._stream.flush()

    def fail(self, failure: Failure) -> None:
        """Print a failure where the format has a line for it; standard error says it in any case."""
        if self._format is Format.JSONL:
            self._put(failure.model_dump_json() + "\n")
            self._stream.flush()

    def close(self) -> None:
        """End the array, and let a file take its place."""
        if self._array:
            self._put("\n]\n" if self._count else "[]\n")
        self._stream.flush()
        if self._finish:
            self._finish()

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
        except UnicodeEncodeError:  # a terminal of another code page: show what it has, name the rest
            encoding = self._stream.encoding or "ascii"
            self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


class Folder:
    """A file for each article, written whole or not at all, named after its source."""

    def __init__(self, folder: Path, format: Format, shown: Shown) -> None:
        self._folder = folder
        self._suffix = _SUFFIX.get(format, f".{format.value}")
        self._shown = shown
        self._taken: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error

    def write(self, summary: Summary, article: Article | None) -> None:
        """Write a summary to its own file."""
        path = self._folder / self._name(summary)
        sink = Stream.to_file(path, Format.TEXT, self._shown, many=False)
        sink.write(summary, article)
        sink.close()

    def fail(self, failure: Failure) -> None:
        """Leave no file: the next run tries again."""

    def close(self) -> None:
        """Nothing is open."""

    def _name(self, summary: Summary) -> str:
        stem = re.sub(r"[^\w.-]+", "-", Path(summary.article.source or "article").name).strip("-.") or "article"
        name, count = f"{stem}{self._suffix}", 1
        while name in self._taken:
            count += 1
            name = f"{stem}-{count}{self._suffix}"
        self._taken.add(name)
        return name


def _umask() -> int:
    mask = os.umask(0)
    with contextlib.suppress(OSError):
        os.umask(mask)
    return mask
