"""The request modes that were learned from what servers refuse, remembered in a small file."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .request_mode import RequestMode

_ENTRY = TypeAdapter(RequestMode)
_MAX_AGE = 30 * 86_400  # seconds: servers are upgraded, and a better mode is worth one refused request a month


class LearnedModes:
    """The modes by endpoint: in memory, and in a file where one is given.

    The file holds no key and no text. One that is missing, broken or read-only only costs the learning.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._current: dict[str, RequestMode] = {}
        self._proven: set[str] = set()

    def get(self, endpoint: str, default: RequestMode) -> RequestMode:
        """The mode to use: the learned one, else `default`."""
        if endpoint not in self._current:
            learned = self._decode(self._load().get(endpoint))
            self._current[endpoint] = learned or default
            if learned is not None:
                self._proven.add(endpoint)
        return self._current[endpoint]

    def use(self, endpoint: str, mode: RequestMode) -> None:
        """Use a mode from now on, without knowing yet whether it works."""
        self._current[endpoint] = mode
        self._proven.discard(endpoint)

    def learn(self, endpoint: str, mode: RequestMode) -> None:
        """Remember a mode that works."""
        if endpoint in self._proven and self._current.get(endpoint) == mode:
            return
        self._current[endpoint] = mode
        self._proven.add(endpoint)
        if self._path is not None:
            entry = {**asdict(mode), "learned": int(self._clock())}
            _replace(self._path, json.dumps({**self._load(), endpoint: entry}, indent=1, sort_keys=True))

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _decode(self, entry: Any) -> RequestMode | None:
        try:
            if self._clock() - entry["learned"] > _MAX_AGE:
                return None
            return _ENTRY.validate_python(entry)
        except (KeyError, TypeError, ValidationError):
            return None


def _replace(path: Path, text: str) -> None:
    """Write the file whole, private to the user; a reader never sees half of it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        return  # the next process learns it again
