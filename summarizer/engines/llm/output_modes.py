"""How one server wants to be asked: learned once from what it refuses, and remembered.

Servers take complementary forms of the same request. The ladder goes from the form that binds the model
most to the one that any server takes; a server that refuses a rung is asked on the next, and remembered
there.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from ...prompting import Message
from .response_schemas import Json, ResponseSchema

_FORGET = 30 * 86_400  # seconds: servers are upgraded, and a better rung is worth one refused request a month


class OutputMode(StrEnum):
    """The rungs, from the one that binds the model most."""

    SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON = "json"
    FENCED = "fenced"

    @property
    def next(self) -> "OutputMode | None":
        """The rung below, None at the bottom."""
        rungs = list(OutputMode)
        below = rungs.index(self) + 1
        return rungs[below] if below < len(rungs) else None


@dataclass(frozen=True)
class RequestMode:
    """All that a server may refuse of a request."""

    mode: OutputMode = OutputMode.SCHEMA
    limit: str = "max_tokens"
    """What the bound on the answer is called: OpenAI's newer models want `max_completion_tokens`."""
    temperature: bool = True
    """Whether a temperature may be given: reasoning models take none."""
    bounds: bool = True
    """Whether a schema may say how many items a list has at least: some gateways do not know the word."""

    def body(self, model: str, messages: list[Message], shape: ResponseSchema, limit: int) -> Json:
        """The request, as it goes over the wire."""
        asked: Json = {"model": model, "messages": messages, self.limit: limit}
        if self.temperature:
            asked["temperature"] = 0
        return {**asked, **_FORMS[self.mode](shape, messages, shape.schema if self.bounds else shape.unbounded)}


def _as_schema(shape: ResponseSchema, _: list[Message], schema: Json) -> Json:
    described = {"name": shape.name, "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": described}}


def _as_tool(shape: ResponseSchema, _: list[Message], schema: Json) -> Json:
    function = {"name": shape.name, "description": shape.description, "strict": True, "parameters": schema}
    return {
        "tools": [{"type": "function", "function": function}],
        "tool_choice": {"type": "function", "function": {"name": shape.name}},
    }


def _as_json(shape: ResponseSchema, messages: list[Message], schema: Json) -> Json:
    """JSON that is not held to a schema by all servers: the schema goes into the words too."""
    told = f"\n\nAnswer with one JSON object and nothing else. Its JSON schema:\n{shape.text}"
    return {"response_format": {"type": "json_object", "schema": schema}, "messages": _told(messages, told)}


def _as_fenced(shape: ResponseSchema, messages: list[Message], _: Json) -> Json:
    told = f"\n\nAnswer with one JSON object in a ```json code block and nothing else. Its JSON schema:\n{shape.text}"
    return {"messages": _told(messages, told)}


def _told(messages: list[Message], words: str) -> list[Message]:
    """The messages with more words in the first: the system's, or whose it is."""
    first, *others = messages
    return [{**first, "content": first["content"] + words}, *others]


_FORMS: dict[OutputMode, Callable[[ResponseSchema, list[Message], Json], Json]] = {
    OutputMode.SCHEMA: _as_schema,
    OutputMode.TOOLS: _as_tool,
    OutputMode.JSON: _as_json,
    OutputMode.FENCED: _as_fenced,
}


class RequestModes:
    """What was learned, by address and model: in memory, and in a small file where one is given.

    The file holds no key and no text. One that is missing, broken or unwritable only costs the learning.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._known: dict[str, RequestMode] = {}
        self._learned: set[str] = set()

    def get(self, endpoint: str, first: RequestMode) -> RequestMode:
        """The dialect to speak: the one that was learned, else `first`."""
        if endpoint not in self._known:
            stored = _read(self._stored().get(endpoint), self._clock())
            self._known[endpoint] = stored or first
            if stored is not None:
                self._learned.add(endpoint)
        return self._known[endpoint]

    def use(self, endpoint: str, dialect: RequestMode) -> None:
        """Speak this dialect from now on, without knowing yet whether it works."""
        self._known[endpoint] = dialect
        self._learned.discard(endpoint)

    def learn(self, endpoint: str, dialect: RequestMode) -> None:
        """Remember what worked."""
        if endpoint in self._learned and self._known.get(endpoint) == dialect:
            return
        self._known[endpoint] = dialect
        self._learned.add(endpoint)
        if self._path is None:
            return
        entry = {**asdict(dialect), "learned": int(self._clock())}
        text = json.dumps({**self._stored(), endpoint: entry}, indent=1, sort_keys=True)
        _replace(self._path, text)

    def _stored(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _read(entry: Any, now: float) -> RequestMode | None:
    try:
        if now - entry["learned"] > _FORGET:
            return None
        switches = (entry["temperature"] is True, entry["bounds"] is True)
        known = RequestMode(OutputMode(entry["mode"]), str(entry["limit"]), *switches)
    except (KeyError, TypeError, ValueError):
        return None
    return known if known.limit in ("max_tokens", "max_completion_tokens") else None


def _replace(path: Path, text: str) -> None:
    """Write the file whole, private to the user; a reader never sees half of it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        return  # it is only a convenience: the next process learns it again


def lower(dialect: RequestMode) -> RequestMode | None:
    """The same dialect one rung down, None at the bottom."""
    below = dialect.mode.next
    return None if below is None else replace(dialect, mode=below)
