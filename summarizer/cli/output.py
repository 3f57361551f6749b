"""Where text is written: standard output, or a file that is replaced only when all is written."""

import contextlib
import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from ..errors import ConfigError

_BYTE_ORDER_MARK = "\ufeff"
"""At the beginning of a table in a file: without it, Excel takes UTF-8 for an old code page. A pipe gets none."""
_ASCII_SIGNS = dict(zip("●◐○✕■⊘•─–·“”’×", '+~?x#!*---""\'x', strict=True))
"""What replaces our own signs where a code page lacks them, in the same width."""


def write_text(text: str, name: str | None, *, table: bool = False, option: str = "-o") -> None:
    """Write a whole text to a file, or to standard output. Raises `ConfigError`, which names the option."""
    if name is None:
        write_file(None, text, table=table)
        return
    try:
        write_file(Path(name), text, table=table)
    except OSError as error:
        raise unwritable(name, error, option) from error


def refuse_own_input(inputs: Iterable[str], output: str | None) -> None:
    """Raise `ConfigError` where an output file is one of the inputs, which it would replace."""
    if output is None or not Path(output).is_file():
        return
    for name in inputs:
        if Path(name).is_file() and Path(name).samefile(output):
            raise ConfigError(f"the output {output!r} is also an input, which it would replace: choose another with -o")


def unwritable(name: str, error: OSError, option: str = "-o") -> ConfigError:
    """Return the error of an output that cannot be written."""
    return ConfigError(f"cannot write to {name!r}: {error.strerror}; choose another output with {option}")


def write_file(path: Path | None, text: str, *, table: bool = False) -> None:
    """Write a whole text to a file, or to standard output without a path. Raises `OSError`."""
    output = Output(path, table=table)
    output.write(text)
    output.close()


class Output:
    """An open text output."""

    def __init__(self, path: Path | None, *, table: bool = False) -> None:
        """Open a file, which is replaced on `close`, or standard output without a path. Raises `OSError`."""
        self._stream: TextIO = sys.stdout
        self._target: Path | None = None
        self._temporary: Path | None = None
        """A file beside the target, which it will replace."""
        self._mark = table
        self._failed = False
        if path is None:
            if table and isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(newline="")  # a CSV table has its own line ends
            self._mark = table and _begins_a_file(sys.stdout)
        elif path.exists() and not path.is_file():  # a device or a pipe stays one
            self._stream = os.fdopen(os.open(path, os.O_WRONLY), "w", encoding="utf-8", newline="")
            self._mark = False
        else:
            self._target = path.resolve()  # a symbolic link stays one
            prefix = f".{self._target.name}."
            handle, name = tempfile.mkstemp(dir=self._target.parent, prefix=prefix, suffix=".part")
            self._temporary = Path(name)
            self._stream = os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")

    def write(self, text: str) -> None:
        """Write and flush. Raises `OSError`; then nothing half written remains."""
        if self._mark and text:
            text, self._mark = _BYTE_ORDER_MARK + text, False
        try:
            try:
                self._stream.write(text)
            except UnicodeEncodeError:  # a terminal with another code page
                encoding = self._stream.encoding or "ascii"
                self._stream.write("".join(_encodable(character, encoding) for character in text))
            self._stream.flush()
        except OSError:
            self._failed = True
            self._abandon()
            raise

    def close(self, end: str = "") -> None:
        """Write the end, unless writing failed, and put a file in its place. Raises `OSError`."""
        if self._failed:
            return
        if end:
            self.write(end)
        if self._stream is sys.stdout:
            return
        try:
            self._stream.close()
            if self._temporary and self._target:
                self._temporary.chmod(_mode_of(self._target))
                self._temporary.replace(self._target)
        except OSError:
            self._abandon()
            raise

    def _abandon(self) -> None:
        """Remove a temporary file: it would fill a disk that is full already."""
        if self._temporary:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._temporary.unlink(missing_ok=True)


def _encodable(character: str, encoding: str) -> str:
    """Return a character, or what stands for it in a code page: a plainer sign, or its number."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return _ASCII_SIGNS.get(character) or character.encode("ascii", "backslashreplace").decode()
    return character


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
