"""From what a model wrote to the object that it meant: mended without a call, where nothing must be guessed.

Fences, prose around the JSON, `<think>` blocks, a trailing citation, duplicate keys, control characters in
strings, a tool call written out as text, numbers where words belong, one string where a list belongs, and
an answer that was cut off in the middle.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import OPTIONAL_FIELDS
from .response_schemas import Json

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_HALF_PAIR = re.compile(  # half of a character beyond the first 65,536: no text can hold it
    r"\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}", re.IGNORECASE
)
_LISTS = ("quotes", "parties")
_OPTIONAL = tuple(field.name for field in OPTIONAL_FIELDS)
_WRAPPERS = ("arguments", "parameters", "input", "answer", "response", "result", "output", "properties")


def read(text: str, keys: tuple[str, ...]) -> tuple[Json | None, list[str]]:
    """The object in `text` that has at least one of `keys`, None if none has; and notes of what was mended.

    The last such object counts: models think first, and answer then.
    """
    notes: list[str] = []
    text = _HALF_PAIR.sub("\\\\ufffd", text)
    for source in dict.fromkeys((_THOUGHT.sub("", text), text)):
        found = [unwrapped for value in _objects(source, notes) if (unwrapped := _unwrap(value, keys)) is not None]
        if found:
            return found[-1], list(dict.fromkeys(notes))
    return None, []


def complete(text: str, keys: tuple[str, ...]) -> Json | None:
    """What is whole of an answer that was cut off, without the item that was cut; None if nothing is."""
    for end, closing in reversed(_ends(text)):
        value, _ = read(text[:end] + closing, keys)
        if value is not None:
            return value
    return None


def is_cut(text: str) -> bool:
    """Whether an object was begun and never closed: the sign of a cut where the server does not report it."""
    ends = _ends(text)
    return "{" in text and (not ends or ends[-1][1] != "")


def normalized(item: Any) -> Any:
    """An item whose values have the type that they should have, where only one reading is possible."""
    if not isinstance(item, Mapping):
        return item
    mended = {key.strip() if isinstance(key, str) else key: value for key, value in item.items()}
    for key, value in mended.items():
        if key in _LISTS and isinstance(value, str):
            mended[key] = [value]
        elif key in _LISTS and isinstance(value, list):
            mended[key] = [_worded(part) for part in value]
        elif key in _OPTIONAL:
            mended[key] = None if value in ("", "null", "None") else _worded(value)
        elif key == "status" and isinstance(value, str):
            mended[key] = re.sub(r"[\s-]+", "_", value.strip().lower())
        elif key == "text":
            mended[key] = _worded(value)
    return mended


def _worded(value: Any) -> Any:
    """A number as the words that it was written in (numbers were read as `_Number`)."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class _Number(str):
    """A number as it was written: 1.10 stays 1.10."""

    __slots__ = ()


_TRIES = 1_000
"""Brackets that open nothing before an answer is given up: a small model that goes round in circles writes thousands,
and each may be read to the end."""


def _objects(text: str, notes: list[str]) -> Iterator[Any]:
    """Every outermost JSON object or list in a text, in order."""

    def pairs(members: list[tuple[str, Any]]) -> Json:
        return _merged(members, notes)

    decoder = json.JSONDecoder(object_pairs_hook=pairs, strict=False, parse_float=_Number)
    position = failed = 0
    while failed < _TRIES and (start := _next(text, position)) is not None:
        try:
            value, position = decoder.raw_decode(text, start)
        except RecursionError:
            return
        except ValueError:
            position = start + 1
            failed += 1
            continue
        yield value


def _next(text: str, position: int) -> int | None:
    starts = [at for bracket in "{[" if (at := text.find(bracket, position)) >= 0]
    return min(starts, default=None)


def _merged(members: list[tuple[str, Any]], notes: list[str]) -> Json:
    """An object without the loss of duplicate keys: lists follow each other, else the last wins; noted."""
    merged: Json = {}
    for key, value in members:
        if key in merged and merged[key] != value:
            notes.append(f"the key {key!r} stood twice in the answer")
            if isinstance(merged[key], list) and isinstance(value, list):
                value = merged[key] + value
        merged[key] = value
    return merged


def _unwrap(value: Any, keys: tuple[str, ...]) -> Json | None:
    """The object itself, or the one in a wrapper such as a tool call that was written out as text."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    for _ in range(3):
        if not isinstance(value, dict):
            return None
        if any(key in value for key in keys):
            return value
        inside = [value[key] for key in _WRAPPERS if key in value]
        if not inside and len(value) == 1:
            inside = list(value.values())
        if not inside:
            return None
        value = _loaded(inside[0])
    return None


def _loaded(value: Any) -> Any:
    """The arguments of a written-out call are sometimes a string with JSON in it."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return None


def _ends(text: str) -> list[tuple[int, str]]:
    """Where a cut text may be ended: after each object that is closed, with the brackets that are open there."""
    ends: list[tuple[int, str]] = []
    open_: list[str] = []
    in_string = escaped = False
    for position, c in enumerate(text[text.find("{") :], start=max(0, text.find("{")) + 1):
        if in_string:
            in_string, escaped = (escaped or c != '"'), (c == "\\" and not escaped)
        elif c == '"' and open_:
            in_string = True
        elif c in "{[":
            open_.append("}" if c == "{" else "]")
        elif c in "}]" and open_:
            open_.pop()
            if c == "}":
                ends.append((position, "".join(reversed(open_))))
    return ends
