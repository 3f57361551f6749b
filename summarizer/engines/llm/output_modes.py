"""How a server is asked: the output mode, the parts of a request that it may refuse, and what was learned of it.

Servers accept complementary forms of the same request. The modes go from the one that constrains the model most to the
one that any server accepts.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...foreign_json import read_json

if TYPE_CHECKING:
    from ...prompting import Message
    from .response_schemas import Json, ResponseSchema

_MAX_AGE = 30 * 86_400  # seconds: servers are upgraded, and a better mode is worth one refused request a month
_INSTRUCTION = "\n\nAnswer with one JSON object{place} and nothing else. Its JSON schema:\n{schema}"

RefusedPart = Literal["mode", "limit", "size", "temperature", "bounds", "system"]


class OutputMode(StrEnum):
    """The forms of a request for JSON, from the one that constrains the model most."""

    SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON = "json"
    FENCED = "fenced"


_PLACES = {OutputMode.JSON: "", OutputMode.FENCED: " in a ```json code block"}
"""Where the answer is asked for, in the modes whose instructions say so."""


@dataclass(frozen=True)
class RequestMode:
    """All that a server may refuse of a request."""

    mode: OutputMode = OutputMode.SCHEMA
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """The name of the output limit: OpenAI's newer models require `max_completion_tokens`."""
    temperature: bool = True
    """Whether a temperature may be given: reasoning models accept none."""
    bounds: bool = True
    """Whether a schema may say how many items a list has at least: some gateways do not know the keyword."""
    system: bool = True
    """Whether a message may have the role of the system: some templates of chats know user and assistant alone."""

    def without(self, part: RefusedPart) -> "RequestMode | None":
        """The mode to try after a server refused a part; None if none is left."""
        if part in ("temperature", "bounds", "system"):
            dropped: dict[str, Any] = {part: False}
            return replace(self, **dropped)
        if part == "limit":
            return replace(self, limit="max_tokens" if self.limit != "max_tokens" else "max_completion_tokens")
        weaker = list(OutputMode)[list(OutputMode).index(self.mode) + 1 :]
        return replace(self, mode=weaker[0]) if weaker else None


def request_body(
    mode: RequestMode, model: str, messages: "list[Message]", schema: "ResponseSchema", limit: int
) -> "Json":
    """The request, as it is sent."""
    # UTF-8 cannot encode half of a surrogate pair
    sendable = [{**message, "content": message["content"].encode("utf-8", "replace").decode()} for message in messages]
    if mode.mode in _PLACES:  # not all servers enforce the schema in these modes, so the instructions repeat it
        sendable[0]["content"] += _INSTRUCTION.format(place=_PLACES[mode.mode], schema=schema.text)
    if not mode.system:
        sendable = _without_system(sendable)
    body: Json = {"model": model, "messages": sendable, mode.limit: limit}
    if mode.temperature:
        body["temperature"] = 0
    plain = schema.strict if mode.bounds else schema.unbounded
    match mode.mode:
        case OutputMode.SCHEMA:
            described = {"name": schema.name, "strict": True, "schema": plain}
            body["response_format"] = {"type": "json_schema", "json_schema": described}
        case OutputMode.TOOLS:
            function = {"name": schema.name, "description": schema.description, "strict": True, "parameters": plain}
            body["tools"] = [{"type": "function", "function": function}]
            body["tool_choice"] = {"type": "function", "function": {"name": schema.name}}
        case OutputMode.JSON:
            body["response_format"] = {"type": "json_object", "schema": plain}
    return body


def _without_system(messages: "list[Json]") -> "list[Json]":
    """The same words without the role of the system: its message stands at the head of the user's first."""
    system = [message["content"] for message in messages if message["role"] == "system"]
    others = [message for message in messages if message["role"] != "system"]
    first, *rest = others or [{"role": "user", "content": ""}]
    return [{**first, "content": "\n\n".join([*system, first["content"]])}, *rest]


class LearnedModes:
    """The modes learned from what servers refuse, by endpoint: in memory, and in a small file where one is given.

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
        try:
            found = read_json(self._path.read_text("utf-8")) if self._path is not None else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _decode(self, entry: Any) -> RequestMode | None:
        from pydantic import TypeAdapter, ValidationError

        try:
            fresh = self._clock() - entry["learned"] <= _MAX_AGE
            return TypeAdapter(RequestMode).validate_python(entry) if fresh else None
        except (KeyError, TypeError, ValidationError):
            return None


def _replace(path: Path, text: str) -> None:
    """Write the file whole, private to the user; a reader never sees half of it."""
    from tempfile import mkstemp

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        return  # the next process learns it again
