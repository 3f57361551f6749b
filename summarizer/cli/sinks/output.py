"""Where text is written: standard output, or a file that is replaced only when all is written."""

import contextlib
import io
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from ...errors import ConfigError

_BYTE_ORDER_MARK = "\ufeff"
"""At the beginning of a table in a file: without it, Excel takes UTF-8 for an old code page. A pipe gets none."""
_ASCII_SIGNS = dict(zip("●◐○✕■⊘•─–·“”’×", '+~?x#!*---""\'x', strict=True))
"""What replaces our own signs where a code page lacks them, in the same width."""


class Output:
    """An open text output."""

    def __init__(self, stream: TextIO, *, replacement: "_Replacement | None" = None, mark: bool = False) -> None:
        self._stream = stream
        self._replacement = replacement
        self._mark = mark
        self._failed = False

    @classmethod
    def to_standard_output(cls, *, table: bool) -> "Output":
        """Write to standard output, which may be redirected to a file."""
        if table and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(newline="")  # a CSV table has its own line ends
        return cls(sys.stdout, mark=table and _begins_a_file(sys.stdout))

    @classmethod
    def to_file(cls, path: Path, *, table: bool = False) -> "Output":
        """Write to a file, which is replaced on `close`. Raises `OSError`."""
        if path.exists() and not path.is_file():  # a device or a pipe stays one
            return cls(path.open("w", encoding="utf-8", newline=""))
        replacement = _Replacement(path)
        return cls(replacement.stream, replacement=replacement, mark=table)

    def write(self, text: str) -> None:
        """Write and flush. Raises `OSError`; then nothing half written remains."""
        if self._mark and text:
            text, self._mark = _BYTE_ORDER_MARK + text, False
        try:
            self._print(text)
        except OSError:
            if self._replacement:
                self._replacement.abandon()
            self._failed = True
            raise

    def close(self, end: str = "") -> None:
        """Write the end, unless writing failed, and put a file in its place. Raises `OSError`."""
        if self._failed:
            return
        if end:
            self.write(end)
        if self._replacement:
            self._replacement.finish()
        elif self._stream is not sys.stdout:
            self._stream.close()

    def _print(self, text: str) -> None:
        try:
            self._stream.write(text)
        except UnicodeEncodeError:  # a terminal with another code page
            encoding = self._stream.encoding or "ascii"
            self._stream.write("".join(_encodable(character, encoding) for character in text))
        self._stream.flush()


def write_text(text: str, name: str | None, *, table: bool = False, option: str = "-o") -> None:
    """Write a whole text to a file, or to standard output. Raises `ConfigError`, which names the option."""
    if name is None:
        output = Output.to_standard_output(table=table)
        output.write(text)
        output.close()
        return
    try:
        output = Output.to_file(Path(name), table=table)
        output.write(text)
        output.close()
    except OSError as error:
        raise unwritable(name, error, option) from error


def unwritable(name: str, error: OSError, option: str = "-o") -> ConfigError:
    """Return the error of an output that cannot be written."""
    return ConfigError(f"cannot write to {name!r}: {error.strerror}; choose another output with {option}")


def _encodable(character: str, encoding: str) -> str:
    """Return a character, or what stands for it in a code page: a plainer sign, or its number."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return _ASCII_SIGNS.get(character) or character.encode("ascii", "backslashreplace").decode()
    return character


class _Replacement:
    """A temporary file beside the one it will replace."""

    def __init__(self, path: Path) -> None:
        """Create it. Raises `OSError`."""
        self._path = path.resolve()  # a symbolic link stays one
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.", suffix=".part")
        self._temporary = Path(name)
        self.stream: TextIO = os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")

    def finish(self) -> None:
        """Replace the file; nothing remains where that fails. Raises `OSError`."""
        try:
            self.stream.close()
            self._temporary.chmod(_mode_of(self._path))
            self._temporary.replace(self._path)
        except OSError:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Remove what was written: it would fill a disk that is full already."""
        with contextlib.suppress(OSError):
            self.stream.close()
        self._temporary.unlink(missing_ok=True)


def _begins_a_file(stream: TextIO) -> bool:
    """Tell whether the stream is at the beginning of a file in UTF-8, as with `> partnerships.csv`."""
    with contextlib.suppress(OSError):
        file = os.fstat(stream.fileno())
        return stat.S_ISREG(file.st_mode) and not file.st_size and stream.encoding.lower().startswith("utf")
    return False


def _mode_of(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those of a new file."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
