"""How a request reaches a server: through the openai SDK, or through another provider's SDK and instructor.

Retries of the SDKs are off. The responses are read as plain JSON: the models of the openai SDK check nothing of a 200,
and take longer than the request; those of other SDKs are searched for what looks like the answer.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ...errors import ConfigError
from ...foreign_json import read_json
from ...prompting import Message
from . import error_mapping, parsing
from .providers import PROVIDERS, Endpoint
from .response_schemas import Json, ResponseSchema

if TYPE_CHECKING:
    from httpx2 import Request
    from instructor import AsyncInstructor
    from openai import AsyncOpenAI

_INPUT = ("input_tokens", "prompt_tokens", "prompt_token_count")
_OUTPUT = ("output_tokens", "completion_tokens", "candidates_token_count")
_MOST_TOKENS = 10**12
"""Of one answer: a count beyond it is none, and no database could hold it."""
_CUT = ("max_tokens", "length", "MAX_TOKENS")


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


# --- the openai SDK --------------------------------------------------------------------------------------------------


class OpenAITransport:
    """Sends requests to OpenAI or a compatible server, over one client for each event loop."""

    def __init__(self, endpoint: Endpoint, timeout: float, connect: "Callable[[], AsyncOpenAI] | None" = None) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._connect = connect or self._new_client
        self._client: AsyncOpenAI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, body: Json, schema: ResponseSchema) -> Answer:
        """Send one request."""
        from httpx2 import HTTPError, InvalidURL, Response
        from openai import Omit, OpenAIError

        headers = {} if self._endpoint.api_key else {"Authorization": Omit()}
        try:
            async with asyncio.timeout(self._timeout):  # the SDK's own timeout starts anew with every byte
                response = await self._connected().post(
                    "/chat/completions", cast_to=Response, body=body, options={"headers": headers}
                )
        except (OpenAIError, HTTPError, InvalidURL, OSError) as error:
            # "from None": the SDK's error holds the whole response, in which some servers repeat the key
            raise error_mapping.of_exception(error, self._endpoint, self._timeout) from None
        try:
            completion = read_json(response.text)
        except ValueError:
            content_type = response.headers.get("content-type", "")
            raise error_mapping.of_page(response.text, content_type, self._endpoint) from None
        return parse_completion(completion, self._endpoint, response.headers)

    def _connected(self) -> "AsyncOpenAI":
        """The client of this event loop: one that was made in another loop fails there."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = self._connect(), loop
        return self._client

    def _new_client(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI, DefaultAioHttpClient

        return AsyncOpenAI(
            api_key=self._endpoint.api_key or "none",  # without one the SDK would read OPENAI_API_KEY
            base_url=self._endpoint.base_url,
            timeout=self._timeout,
            max_retries=0,
            http_client=DefaultAioHttpClient(  # half the CPU time of the default one
                timeout=self._timeout, event_hooks={"request": [self._stay]}
            ),
        )

    async def _stay(self, request: "Request") -> None:
        """Raise `RedirectedElsewhere` for a request to another host than the endpoint's."""
        refuse_elsewhere(request, self._endpoint)

    async def aclose(self) -> None:
        """Close connections."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            with suppress(OSError):
                await client.close()


def refuse_elsewhere(request: "Request", endpoint: Endpoint) -> None:
    """Raise `RedirectedElsewhere` where a redirect would take what is sent from the host of its endpoint."""
    from httpx2 import URL

    ours, asked = URL(endpoint.base_url or ""), request.url
    if request.method != "GET" and (asked.host != ours.host or (ours.scheme == "https") > (asked.scheme == "https")):
        raise error_mapping.RedirectedElsewhere


def parse_completion(completion: Json, endpoint: Endpoint, headers: Mapping[str, str] | None = None) -> Answer:
    """Read a chat completion, whatever the server calls its parts. Raises `EngineError` where it holds no message."""
    error = error_mapping.of_envelope(completion, endpoint)
    if error is not None:
        raise error
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
        headers=headers or {},
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
        return "".join(str(part.get("text", "") if isinstance(part, dict) else part) for part in content)
    return content if isinstance(content, str) else ""


def _count(usage: Any, *names: str) -> int | None:
    counts = [usage.get(name) for name in names] if isinstance(usage, dict) else []
    return next((count for count in counts if type(count) is int and 0 <= count <= _MOST_TOKENS), None)


# --- the SDKs of other providers -------------------------------------------------------------------------------------


class ProviderTransport:
    """A provider's own SDK, opened by `instructor.from_provider`; for OpenAI's with another address, the one above."""

    def __init__(
        self, endpoint: Endpoint, timeout: float, connect: "Callable[[], AsyncInstructor] | None" = None
    ) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._connect = connect or self._from_provider
        self._client: AsyncInstructor | None = None
        self._openai: OpenAITransport | None = None

    async def send(self, body: Json, schema: ResponseSchema) -> Answer:
        """Send one request."""
        if self._client is None:
            self._client = self._connect()
            self._openai = self._compatible(self._client)
        if self._openai is not None:
            return await self._openai.send(body, schema)
        from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

        try:
            async with asyncio.timeout(self._timeout):
                parsed, completion = await self._client.create_with_completion(
                    response_model=schema.response_model,
                    messages=_portable(body["messages"]),
                    max_retries=0,  # one call: whatever is wrong with the answer is handled here
                    max_tokens=body.get("max_tokens", 0),
                )
        except (InstructorRetryException, IncompleteOutputException) as error:
            if error.last_completion is None:
                cause = error.__cause__ or error
                raise error_mapping.of_exception(cause, self._endpoint, self._timeout) from None
            return _found_answer(error.last_completion, None, schema)
        except Exception as error:  # noqa: BLE001  (each SDK has errors of its own, which hold prompts and keys)
            raise error_mapping.of_exception(error, self._endpoint, self._timeout) from None
        return _found_answer(completion, parsed.model_dump_json(), schema)

    def _compatible(self, client: "AsyncInstructor") -> OpenAITransport | None:
        import openai

        sdk: Any = client.client
        if isinstance(sdk, openai.AsyncOpenAI):
            once = sdk.with_options(timeout=self._timeout, max_retries=0)
            return OpenAITransport(self._endpoint, self._timeout, lambda: once)
        if hasattr(sdk, "max_retries"):
            sdk.max_retries = 0
        return None

    def _from_provider(self) -> "AsyncInstructor":
        import instructor

        logger = logging.getLogger("instructor")  # it logs whole answers as errors: silent unless a level was set
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL)
        provider = PROVIDERS[self._endpoint.provider]
        name = f"{provider.instructor_name or provider.name}/{self._endpoint.name}"
        try:
            return instructor.from_provider(name, async_client=True, api_key=self._endpoint.api_key)
        except Exception as error:  # noqa: BLE001  (each SDK has errors of its own)
            reason = error_mapping.clean(str(error), self._endpoint)
            raise ConfigError(f"{self._endpoint.where} cannot be used: {reason}") from None

    async def aclose(self) -> None:
        """Close connections."""
        if self._openai is not None:
            await self._openai.aclose()
        close = getattr(getattr(self._client, "client", None), "close", None)
        self._client = self._openai = None
        if asyncio.iscoroutinefunction(close):
            await close()


def _portable(messages: list[Message]) -> Any:
    """The system message and one user message: providers disagree on the name of the model's role."""
    prefixes = {"assistant": "Your answer was:\n", "user": ""}
    parts = [prefixes[message["role"]] + message["content"] for message in messages if message["role"] in prefixes]
    system = [message for message in messages if message["role"] == "system"]
    return [*system, {"role": "user", "content": "\n\n".join(parts)}]


def _found_answer(completion: Any, text: str | None, schema: ResponseSchema) -> Answer:
    """Read a response of unknown form: find the part that looks like what was asked for."""
    dump = getattr(completion, "model_dump", None)
    raw = dump(mode="json", warnings=False) if callable(dump) else completion
    raw = raw if isinstance(raw, dict) else {"answer": raw}
    members = list(_members(raw))
    counts = {key: value for key, value in members if isinstance(value, int)}
    stops = {str(value).rpartition(".")[2] for key, value in members if key in ("stop_reason", "finish_reason")}
    return Answer(
        text=text if text is not None else next(_texts(members, tuple(schema.model.model_fields)), ""),
        finish="length" if stops.intersection(_CUT) else "stop",
        input_tokens=_count(counts, *_INPUT),
        output_tokens=_count(counts, *_OUTPUT),
        raw=raw,
    )


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield str(key), inside
            yield from _members(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _members(inside)


def _texts(members: list[tuple[str, Any]], keys: tuple[str, ...]) -> Iterator[str]:
    """What may be the answer, the likeliest first: an object with the right keys, a text that holds one, any text."""
    for _, value in members:
        if isinstance(value, dict) and any(key in value for key in keys):
            yield json.dumps(value, ensure_ascii=False)
    texts = [value for _, value in members if isinstance(value, str)]
    yield from (text for text in texts if parsing.read_object(text, keys)[0] is not None)
    yield from sorted(texts, key=len, reverse=True)[:1]
