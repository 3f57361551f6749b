"""Read summaries one at a time: from JSON, JSON arrays, JSON lines, folders of those, and standard input.

The input is untrusted: a line that is not a summary becomes an `Unread`, and reading goes on.
"""

import codecs
import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any, NamedTuple

from pydantic import ValidationError

from ..errors import SourceError
from ..foreign_json import read_json
from ..schema import Failure, Summary

STANDARD_INPUT = "-"
SUFFIXES = (".json", ".jsonl", ".ndjson")
LONGEST = 64_000_000
"""Bytes of one summary; larger ones are not read into memory."""

_CHUNK = 1 << 20
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")


class Unread(NamedTuple):
    """A line, an item or a file that is not a summary, and why."""

    where: str
    why: str


Item = Summary | Failure | Unread


def read(names: Iterable[str]) -> Iterator[Item]:
    """Yield the content of files, folders and standard input in the order given, a folder's sorted by name.

    Raises `SourceError` for a folder without a file of summaries.
    """
    for name in names:
        for path in _files(name):
            where = "standard input" if path == STANDARD_INPUT else path
            try:
                with nullcontext(sys.stdin.buffer) if path == STANDARD_INPUT else Path(path).open("rb") as file:
                    yield from _items(file, where)
            except OSError as error:
                yield Unread(where, f"it cannot be read: {error.strerror or error}; check the path")


def _files(name: str) -> Iterator[str]:
    folder = Path(name)
    if name == STANDARD_INPUT or not folder.is_dir():
        yield name
        return
    paths = sorted(
        str(path)
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not paths:
        raise SourceError(f"the folder {name!r} holds no summary: put files in it that end in {', '.join(SUFFIXES)}")
    yield from paths


def _items(file: IO[bytes], where: str) -> Iterator[Item]:
    """Tell JSON lines from a JSON document, whose first line is only `{`, or begins an array."""
    number, line = 1, file.readline(LONGEST).removeprefix(codecs.BOM_UTF8)
    while line and not line.strip():
        number, line = number + 1, file.readline(LONGEST)
    if not line:
        yield Unread(where, "it is empty")
    elif line.strip() == b"{" or line.lstrip().startswith(b"["):
        yield from _document(line, file, where)
    else:
        yield from _lines(line, number, file, where)


# --- lines ---------------------------------------------------------------------------------------------------------


def _lines(line: bytes, number: int, file: IO[bytes], where: str) -> Iterator[Item]:
    while line:
        if len(line) >= LONGEST:
            yield Unread(f"{where}:{number}", "the line is too long for a summary")
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST)
        elif line.strip():
            yield _of_line(line, f"{where}:{number}")
        number, line = number + 1, file.readline(LONGEST)


def _of_line(line: bytes, where: str) -> Item:
    try:
        return Summary.model_validate_json(line)
    except ValidationError:  # a failure, a lone surrogate, which pydantic refuses, or something else
        pass
    try:
        return _of_value(read_json(line.decode()), where)
    except ValueError as error:
        return Unread(where, f"it is not JSON: {error}")


def _of_value(value: Any, where: str) -> Item:
    model = Failure if isinstance(value, dict) and value.get("schema") == "failure/1" else Summary
    try:
        return model.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        return Unread(where, f"it is not a summary: {f'{place}: ' if place else ''}{fault['msg']}")


# --- one document --------------------------------------------------------------------------------------------------


def _document(begun: bytes, file: IO[bytes], where: str) -> Iterator[Item]:
    """Read an array, or consecutive values, one at a time."""
    values = _ValueStream(begun, file)
    number = 0
    try:
        for number, value in enumerate(values, 1):
            yield _of_value(value, f"{where}, item {number}")
    except (ValueError, RecursionError) as error:
        yield Unread(f"{where}, item {number + 1}", f"it is not JSON, and nothing after it was read: {error}")


class _ValueStream:
    """Yields the values of a JSON document. Raises `ValueError` where it is invalid, or cut off."""

    def __init__(self, begun: bytes, file: IO[bytes]) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = self._decode(begun)
        self._at = 0
        self._ended = False

    def __iter__(self) -> Iterator[Any]:
        if self._next_character() != "[":
            while self._next_character():
                yield self._value()
            return
        self._at += 1
        while self._next_character() != "]":
            yield self._value()
            if self._next_character() not in (",", "]"):
                raise ValueError("a comma or the closing bracket of the array is missing")
            self._at += self._next_character() == ","

    def _next_character(self) -> str:
        """Return the next character that is not white space; empty at the end."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]  # it matches the empty string too
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._read(_CHUNK)

    def _value(self) -> Any:
        size = _CHUNK
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._text, self._at)
            except ValueError:
                if self._ended or len(self._text) - self._at > LONGEST:
                    raise
                self._read(size)
                size *= 2  # so that a long value is parsed only a few times
            else:
                return value

    def _read(self, size: int) -> None:
        chunk = self._file.read(size)
        self._ended = not chunk
        self._text = self._text[self._at :] + self._decode(chunk, final=self._ended)
        self._at = 0
