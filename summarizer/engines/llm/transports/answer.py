"""The answer of a model, read from a chat completion, whatever the server calls its parts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..response_schemas import Json, ResponseSchema


@dataclass(frozen=True)
class Answer:
    """One answer: its text and what it took."""

    text: str
    """The content, or the arguments of the tool call."""
    finish: str = "stop"
    called: bool = False
    """Whether the model called the tool."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    raw: Json = field(default_factory=dict, repr=False)
    """The whole response, for the trace and for instructor."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Transport(Protocol):
    """Carries a request to a model."""

    async def send(self, body: Json, schema: ResponseSchema) -> Answer:
        """Send one request. Raises `EngineError` and the subclasses that `error_mapping` defines."""

    async def aclose(self) -> None:
        """Close connections."""


def parse_completion(completion: Json, headers: Mapping[str, str]) -> Answer:
    """Read a chat completion that has a choice with a message."""
    choice = completion["choices"][0]
    message = choice["message"]
    arguments = _arguments(message)
    usage = completion.get("usage") or {}
    return Answer(
        text=_content(message) if arguments is None else arguments,
        finish=str(choice.get("finish_reason") or "stop"),
        called=arguments is not None,
        input_tokens=_count(usage, "prompt_tokens", "input_tokens"),
        output_tokens=_count(usage, "completion_tokens", "output_tokens"),
        raw=completion,
        headers=headers,
    )


def _arguments(message: Json) -> str | None:
    """The arguments of the first tool call; None where no tool was called."""
    calls = message.get("tool_calls")
    first = calls[0] if isinstance(calls, list) and calls else {"function": message.get("function_call")}
    function = first.get("function") if isinstance(first, dict) else None
    arguments = function.get("arguments") if isinstance(function, dict) else None
    return arguments if isinstance(arguments, str | None) else json.dumps(arguments, ensure_ascii=False)


def _content(message: Json) -> str:
    """The text of a message; some servers send it in parts."""
    content: Any = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text", "") if isinstance(part, dict) else str(part) for part in content)
        return "".join(map(str, parts))
    return content if isinstance(content, str) else ""


def _count(usage: Any, *names: str) -> int | None:
    found = [usage[name] for name in names if isinstance(usage, dict) and isinstance(usage.get(name), int)]
    return found[0] if found else None
