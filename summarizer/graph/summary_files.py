"""Summaries from files, one at a time: JSON, an array of them, JSON lines, folders of those, and standard input.

What is read is anybody's: a line that is no summary is a value, `Unread`, and the rest is read on.
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
from ..schema import Failure, Summary

STANDARD_INPUT = "-"
SUFFIXES = (".json", ".jsonl", ".ndjson")
LONGEST = 64_000_000
"""Bytes of one summary, far above any: what is larger is not read into memory."""

_CHUNK = 1 << 20


class Unread(NamedTuple):
    """A line, an item or a file that holds no summary, and why."""

    where: str
    why: str


Item = Summary | Failure | Unread


def read(names: Iterable[str]) -> Iterator[Item]:
    """Yield what files, folders and standard input hold, in the order given and by name in a folder.

    Raises `SourceError` for a folder without a file of summaries.
    """
    for name in names:
        for path in _files(name):
            yield from _read_file(path)


def _files(name: str) -> Iterator[str]:
    folder = Path(name)
    if name == STANDARD_INPUT or not folder.is_dir():
        yield name
        return
    found = sorted(
        str(path)
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise SourceError(f"the folder {name!r} holds no summary: put files in it that end in {', '.join(SUFFIXES)}")
    yield from found


def _read_file(name: str) -> Iterator[Item]:
    where = "standard input" if name == STANDARD_INPUT else name
    try:
        with nullcontext(sys.stdin.buffer) if name == STANDARD_INPUT else Path(name).open("rb") as file:
            yield from _items(file, where)
    except OSError as error:
        yield Unread(where, f"it cannot be read: {error.strerror or error}; check the path")


def _items(file: IO[bytes], where: str) -> Iterator[Item]:
    """Tell lines of JSON from one document: a first line that only begins a value, or an array, is a document's."""
    number, line = _first_line(file)
    if not line:
        yield Unread(where, "it is empty")
    elif line.strip() == b"{" or line.lstrip().startswith(b"["):
        yield from _document(line, file, where)
    else:
        yield from _lines(line, number, file, where)


def _first_line(file: IO[bytes]) -> tuple[int, bytes]:
    """Return the first line that is not blank, and its number; an empty one where there is none."""
    number, line = 1, file.readline(LONGEST).removeprefix(codecs.BOM_UTF8)
    while line and not line.strip():
        number, line = number + 1, file.readline(LONGEST)
    return number, line


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
    except ValidationError:  # a failure, half of a character, which pydantic refuses, or nothing of ours
        pass
    try:
        return _of_value(json.loads(line.decode()), where)
    except (ValueError, RecursionError) as error:
        return Unread(where, f"it is not JSON: {error}")


def _of_value(value: Any, where: str) -> Item:
    noun = Failure if isinstance(value, dict) and value.get("schema") == "failure/1" else Summary
    try:
        return noun.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        return Unread(where, f"it is no summary: {f'{place}: ' if place else ''}{fault['msg']}")


# --- one document --------------------------------------------------------------------------------------------------


def _document(begun: bytes, file: IO[bytes], where: str) -> Iterator[Item]:
    """Read an array, or one value after the other, holding one of them at a time."""
    values = _Values(begun, file)
    number = 0
    try:
        for number, value in enumerate(values, 1):
            yield _of_value(value, f"{where}, item {number}")
    except (ValueError, RecursionError) as error:
        yield Unread(f"{where}, item {number + 1}", f"it is not JSON, and nothing behind it was read: {error}")


class _Values:
    """The values of a JSON document as they come. Raises `ValueError` where it is none, or is cut short."""

    def __init__(self, begun: bytes, file: IO[bytes]) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = self._decode(begun)
        self._at = 0
        self._ended = False

    def __iter__(self) -> Iterator[Any]:
        if self._next_sign() != "[":
            while self._next_sign():
                yield self._value()
            return
        self._at += 1
        while self._next_sign() != "]":
            yield self._value()
            if self._next_sign() not in (",", "]"):
                raise ValueError("a comma or the closing bracket of the array is missing")
            self._at += self._next_sign() == ","

    def _next_sign(self) -> str:
        """Return the next character that is not white space, empty at the end."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]  # it matches nothing, too
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more(_CHUNK)

    def _value(self) -> Any:
        size = _CHUNK
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._text, self._at)
            except ValueError:
                if self._ended or len(self._text) - self._at > LONGEST:
                    raise
                self._more(size)
                size *= 2  # so that a long value is read again a few times only
            else:
                return value

    def _more(self, size: int) -> None:
        chunk = self._file.read(size)
        self._ended = not chunk
        self._text = self._text[self._at :] + self._decode(chunk, final=self._ended)
        self._at = 0


_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")
