"""JSON that somebody else wrote, bounded, so that whatever was read can be written again.

Python reads a thousand levels of lists and objects, pydantic writes 255 and reads 200: what lies in between would be
accepted, and end the run where it is stored.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 100
"""Levels of lists and objects: no draft needs ten, and what was read becomes part of something larger."""


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises `ValueError` where it is not JSON, or nested too deeply."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if is_too_deep(value):
        raise ValueError(_TOO_DEEP)
    return value


_TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"


def is_too_deep(value: Any) -> bool:
    """Whether a value of JSON is nested more than `DEEPEST` levels deep."""
    level = [value]
    for _ in range(DEEPEST):
        level = [each for container in level for each in _members(container) if isinstance(each, dict | list | tuple)]
        if not level:
            return False
    return True


def shallow(value: Any) -> Any:
    """Return a value of JSON, or a note in its place where it is nested too deeply."""
    return f"({_TOO_DEEP})" if is_too_deep(value) else value


def _members(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value
