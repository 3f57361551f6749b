"""The one place that talks to a server: a request body goes out, an answer or a fault comes back.

The SDK's own retries are off, and the answer is taken as it came: a call costs little more than its
transport.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .. import error_mapping
from ..providers import Endpoint
from ..response_schemas import Json, ResponseSchema

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

    from .openai_client import OpenAIClient


@dataclass(frozen=True)
class Answer:
    """What came back, told apart from what it means."""

    text: str
    """The content, or the arguments of the tool that was called."""
    finish: str = "stop"
    called: bool = False
    """Whether a tool was called."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    raw: Json = field(default_factory=dict, repr=False)
    """The whole answer, for the trace and for instructor."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Transport(Protocol):
    """Whatever carries a request to a model."""

    async def send(self, body: Json, shape: ResponseSchema) -> Answer:
        """Ask once. Raises `EngineError` and the children that `error_mapping` adds to it."""

    async def aclose(self) -> None:
        """Let go of connections."""


class OpenAITransport:
    """Chat completions of OpenAI and of every server that speaks like it."""

    def __init__(self, endpoint: Endpoint, timeout: float, connect: "Callable[[], AsyncOpenAI] | None" = None) -> None:
        self._connect = connect
        self._endpoint = endpoint
        self._timeout = timeout
        self._posting: OpenAIClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, body: Json, shape: ResponseSchema) -> Answer:
        """Ask once."""
        response = await self._connected().post(body)
        return self._read(_text(response), response.headers)

    def _read(self, body: str, headers: Mapping[str, str]) -> Answer:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):  # the latter: nested too deep
            raise error_mapping.of_page(body, headers.get("content-type", ""), self._endpoint) from None
        fault = error_mapping.of_envelope(answer, self._endpoint)
        if fault is not None:
            raise fault
        return answer_of(answer, headers)

    def _connected(self) -> "OpenAIClient":
        """The client of this event loop: one that was made in another loop fails there."""
        loop = asyncio.get_running_loop()
        if self._posting is None or self._loop is not loop:
            from .openai_client import OpenAIClient

            client = self._connect() if self._connect is not None else None
            self._posting, self._loop = OpenAIClient(self._endpoint, self._timeout, client), loop
        return self._posting

    async def aclose(self) -> None:
        """Let go of connections."""
        posting, self._posting = self._posting, None
        if posting is not None and self._loop is asyncio.get_running_loop():
            with suppress(OSError):
                await posting.close()


def _text(response: "Response") -> str:
    """The text of a response; `text` looks longer for the usual charset than it takes to decode."""
    charset = response.headers.get("content-type", "").lower().partition("charset")[2]
    return response.text if charset not in ("", "=utf-8") else response.content.decode("utf-8", "replace")


def answer_of(answer: Json, headers: Mapping[str, str]) -> Answer:
    """Take apart a chat completion that has a choice with a message."""
    choice = answer["choices"][0]
    message = choice["message"]
    arguments = _arguments(message)
    usage = answer.get("usage") or {}
    return Answer(
        text=_content(message) if arguments is None else arguments,
        finish=str(choice.get("finish_reason") or "stop"),
        called=arguments is not None,
        input_tokens=_count(usage, "prompt_tokens", "input_tokens"),
        output_tokens=_count(usage, "completion_tokens", "output_tokens"),
        raw=answer,
        headers=headers,
    )


def _arguments(message: Json) -> str | None:
    """The arguments of the first tool call, None where no tool was called."""
    calls = message.get("tool_calls")
    first = calls[0] if isinstance(calls, list) and calls else {"function": message.get("function_call")}
    function = first.get("function") if isinstance(first, dict) else None
    arguments = function.get("arguments") if isinstance(function, dict) else None
    return arguments if isinstance(arguments, str | None) else json.dumps(arguments, ensure_ascii=False)


def _content(message: Json) -> str:
    """The text of a message, whose parts some servers give one by one."""
    content: Any = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text", "") if isinstance(part, dict) else str(part) for part in content)
        return "".join(map(str, parts))
    return content if isinstance(content, str) else ""


def _count(usage: Any, *names: str) -> int | None:
    found = [usage[name] for name in names if isinstance(usage, dict) and isinstance(usage.get(name), int)]
    return found[0] if found else None
