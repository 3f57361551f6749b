"""Where results go: a stream, in which many make one document, a file of lines that is taken up again, or a folder."""

import contextlib
import io
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TextIO

from ...batch.resume import CompletedLines, CompletedOutputs
from ...errors import ConfigError
from ...rendering import Format
from ...rendering.json_csv import to_line
from ...schema import Article, Failure, Summary

Shown = Callable[[Summary, Article | None], str]

_MARK = "\ufeff"
"""Before a sheet in a file: Excel takes UTF-8 for an old code page without it. A pipe gets none."""
_PLAINER = dict(zip("●◐○✕■⊘•─–·“”’×", '+~?x#!*---""\'x', strict=True))
"""What stands for our own signs where a code page lacks them, in the same width."""
_BETWEEN = {Format.TEXT: "\n", Format.MARKDOWN: "\n---\n\n", Format.JSON: ",\n", Format.HTML: "\n"}


class Sink(Protocol):
    """What takes results, one after the other."""

    @property
    def done(self) -> CompletedOutputs | None:
        """What it holds already, None where it holds nothing."""

    @property
    def others(self) -> int:
        """How many results it holds that were asked for in another way."""

    def write(self, summary: Summary, article: Article | None) -> None:
        """Take a summary."""

    def fail(self, failure: Failure) -> None:
        """Take a failure."""

    def close(self) -> None:
        """Finish what is written."""


class StreamSink:
    """One stream for all: lines for jsonl, one array for json, one table for csv."""

    done: CompletedOutputs | None = None
    others = 0

    def __init__(
        self,
        stream: TextIO,
        format: Format,
        shown: Shown,
        *,
        many: bool,
        marked: bool = False,
        part: "Part | None" = None,
    ) -> None:
        self._stream = stream
        self._format = format
        self._shown = shown
        self._many = many
        self._array = many and format is Format.JSON
        self._alone: str | None = None
        """In json, the one result that was expected: an object, until another comes, as of a feed at an address."""
        self._count = 0
        self._marked = marked and format is Format.CSV
        self._part = part
        self._broken = False
        """Whether it takes no more, as of a disk that is full."""

    @classmethod
    def to_standard_output(cls, format: Format, shown: Shown, *, many: bool) -> "StreamSink":
        """Write to standard output, which may have been sent to a file."""
        if format is Format.CSV and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(newline="")  # a sheet brings its own line ends
        return cls(sys.stdout, format, shown, many=many, marked=_begins_a_file(sys.stdout))

    @classmethod
    def to_file(cls, path: Path, format: Format, shown: Shown, *, many: bool) -> "StreamSink":
        """Write to a file, which takes its place only when all is written. Raises `OSError`."""
        if path.exists() and not path.is_file():  # a device or a pipe keeps its place
            return cls(path.open("w", encoding="utf-8", newline=""), format, shown, many=many)
        part = Part(path)
        return cls(part.stream, format, shown, many=many, marked=True, part=part)

    def write(self, summary: Summary, article: Article | None) -> None:
        """Print a summary, and whatever stands between two of them."""
        text = self._shown(summary, article)
        if not self._many and self._format is Format.HTML and self._count:
            raise ConfigError("there are several articles, and html makes a page for each: give a folder, -o pages/")
        if not self._many and self._format is Format.JSON:
            if self._alone is None:
                self._alone = text
                return
            self._many = self._array = True
            self._write(self._alone)
        self._write(text)

    def _write(self, text: str) -> None:
        if self._format is Format.CSV and self._count:
            text = text.partition("\n")[2]
        if self._count:
            text = _BETWEEN.get(self._format, "") + text
        if self._array:
            text = ("" if self._count else "[\n") + text.rstrip("\n")
        if self._marked and not self._count:
            text = _MARK + text
        self._count += 1
        self._put(text)

    def put(self, text: str) -> None:
        """Print a whole text that was made elsewhere, and finish."""
        self._put(_MARK + text if self._marked else text)
        self.close()

    def fail(self, failure: Failure) -> None:
        """Print a failure where the format has a line for it; standard error says it in any case."""
        if self._format is Format.JSONL:
            self._put(to_line(failure))

    def close(self) -> None:
        """End the array, and let a file take its place."""
        if self._broken:
            return
        if self._array:
            self._put("\n]\n" if self._count else "[]\n")
        elif self._alone is not None:
            self._write(self._alone)
            self._alone = None
        if self._part:
            self._part.finish()
        elif self._stream is not sys.stdout:
            self._stream.close()

    def _put(self, text: str) -> None:
        try:
            self._print(text)
        except OSError:
            if self._part:
                self._part.abandon()
            self._broken = True
            raise

    def _print(self, text: str) -> None:
        try:
            self._stream.write(text)
        except UnicodeEncodeError:  # a terminal of another code page: show what it has, name the rest
            encoding = self._stream.encoding or "ascii"
            self._stream.write("".join(_within(encoding, character) for character in text))
        self._stream.flush()


class ResumableSink:
    """A file in JSON Lines that says itself what is done: the same command again does the rest."""

    def __init__(self, path: Path, shown: Shown, request: str) -> None:
        self._lines = CompletedLines(path.resolve(), request)
        self._shown = shown
        self.done: CompletedOutputs | None = self._lines.done
        self.others = self._lines.others

    def write(self, summary: Summary, article: Article | None) -> None:
        """Add a line."""
        self._put(self._shown(summary, article))

    def fail(self, failure: Failure) -> None:
        """Add a line that does not count: the next run tries again."""
        self._put(to_line(failure))

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()

    def _put(self, line: str) -> None:
        try:
            self._lines.write(line)
        except OSError as error:
            raise ConfigError(
                f"cannot write to {str(self._lines.path)!r}: {error.strerror}; what it holds is whole: "
                "make room, and run the same command again"
            ) from error


def open_sink(name: str | None, format: Format, shown: Shown, *, many: bool, request: str, look: str = "") -> Sink:
    """Choose where results go: standard output, a file, or a folder with a file each. Raises `ConfigError`.

    A folder is what is one, or ends in a slash, or has no suffix where there are many articles. `request` is the
    fingerprint of what is asked: a file or folder knows by it what is done. `look` tells pages of a folder apart that
    show the same in another way.
    """
    if name is None:
        return StreamSink.to_standard_output(format, shown, many=many)
    output = Path(name)
    if output.is_dir() or name.endswith(("/", os.sep)) or (many and not output.suffix and not output.exists()):
        from .folder import FolderSink

        return FolderSink(output, format, shown, request + look)
    try:
        if format is Format.JSONL and (output.is_file() or not output.exists()):
            return ResumableSink(output, shown, request)
        return StreamSink.to_file(output, format, shown, many=many)
    except OSError as error:
        raise ConfigError(f"cannot write to {str(output)!r}: {error.strerror}; name another with -o") from error


def _within(encoding: str, character: str) -> str:
    """What a code page has of a character: it, a plainer one for those of ours, or its number."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return _PLAINER.get(character) or character.encode("ascii", "backslashreplace").decode()
    return character


def put(text: str, name: str | None, *, is_sheet: bool = False) -> None:
    """Write a whole text to standard output, or to a file that takes its place when all is written.

    Raises `ConfigError` where the file cannot be written.
    """
    format = Format.CSV if is_sheet else Format.TEXT
    if name is None:
        StreamSink.to_standard_output(format, _nothing, many=False).put(text)
        return
    try:
        StreamSink.to_file(Path(name), format, _nothing, many=False).put(text)
    except OSError as error:
        raise ConfigError(f"cannot write to {name!r}: {error.strerror}; name another with -o") from error


def _nothing(_summary: Summary, _article: Article | None) -> str:
    return ""


class Part:
    """A file that is written whole, in a file beside it, before it takes its place."""

    def __init__(self, path: Path) -> None:
        """Open the file beside it. Raises `OSError`."""
        self._path = path.resolve()  # a link stays one
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.", suffix=".part")
        self._beside = Path(name)
        self.stream: TextIO = os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")

    def finish(self) -> None:
        """Put it in its place; nothing is left where that cannot be done. Raises `OSError`."""
        try:
            self.stream.close()
            self._beside.chmod(_mode_of(self._path))
            self._beside.replace(self._path)
        except OSError:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Take away what was written: on a full disk it is in the way."""
        with contextlib.suppress(OSError):
            self.stream.close()
        self._beside.unlink(missing_ok=True)


def _begins_a_file(stream: TextIO) -> bool:
    """Whether what is written now begins a file in UTF-8, `> partnerships.csv` for one."""
    with contextlib.suppress(OSError):
        file = os.fstat(stream.fileno())
        return stat.S_ISREG(file.st_mode) and not file.st_size and stream.encoding.lower().startswith("utf")
    return False


def _mode_of(path: Path) -> int:
    """The permissions of the file that is replaced, or those of a new one."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
