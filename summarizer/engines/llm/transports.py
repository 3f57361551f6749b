"""How a request reaches a server: through the openai SDK, or through another provider's SDK and instructor.

Retries of the SDKs are off. The responses are read as plain JSON: the models of the openai SDK check nothing of a 200,
and take longer than the request; those of other SDKs are searched for what looks like the answer.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from ...errors import ConfigError
from ...prompting import Message
from . import error_mapping, parsing
from .completions import Answer, failed_generation, parse_completion, read_body, token_count
from .providers import PROVIDERS, Endpoint
from .response_schemas import Json, ResponseSchema
from .server_messages import is_code_of

if TYPE_CHECKING:
    from ssl import SSLContext

    from httpx2 import Request
    from instructor import AsyncInstructor
    from openai import AsyncOpenAI

_INPUT = ("input_tokens", "prompt_tokens", "prompt_token_count")
_OUTPUT = ("output_tokens", "completion_tokens", "candidates_token_count")
_THOUGHT_TOKENS = ("thoughts_token_count",)  # Gemini counts them beside the others
_STOPS = ("stop_reason", "finish_reason", "block_reason")
_SPOKEN = ("text", "content", "arguments")


class Transport(Protocol):
    """Carries a request to a model."""

    async def send(self, body: Json, schema: ResponseSchema) -> Answer:
        """Send one request. Raises `EngineError` and the subclasses that `error_mapping` defines."""

    async def aclose(self) -> None:
        """Close connections."""


# --- the openai SDK --------------------------------------------------------------------------------------------------


@cache
def _certificates() -> "SSLContext":
    """Read the certificates of this machine, once: that takes longer than all else that a client needs."""
    import openai  # noqa: F401 - imported here with the client that it brings
    from httpx2 import create_ssl_context

    return create_ssl_context()


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
        if not _certificates.cache_info().currsize:  # with the SDK, a second of work in which a loop would stand still
            await asyncio.to_thread(_certificates)
        from httpx2 import HTTPError, InvalidURL, Response
        from openai import Omit, OpenAIError

        headers = {} if self._endpoint.api_key else {"Authorization": Omit()}
        try:
            async with asyncio.timeout(self._timeout):  # the SDK's own timeout starts anew with every byte
                response = await self._connected().post(
                    "/chat/completions", cast_to=Response, body=body, options={"headers": headers}
                )
        except (OpenAIError, HTTPError, InvalidURL, OSError) as error:
            if (written := failed_generation(error)) is not None:
                return written
            # "from None": the SDK's error holds the whole response, in which some servers repeat the key
            raise error_mapping.of_exception(error, self._endpoint, self._timeout) from None
        completion = read_body(response.text)
        if completion is None:
            content_type = response.headers.get("content-type", "")
            raise error_mapping.of_page(response.text, content_type, self._endpoint)
        return parse_completion(completion, self._endpoint, schema, response.headers)

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
                timeout=self._timeout, verify=_certificates(), event_hooks={"request": [self._stay]}
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


# --- the SDKs of other providers -------------------------------------------------------------------------------------


_RECEIVED: ContextVar[list[Any]] = ContextVar("received")
"""The raw responses to the request of this task: instructor drops what it cannot parse."""


def _receive(response: Any) -> None:
    _RECEIVED.get().append(response)


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
            self._client.on("completion:response", _receive)
            self._openai = self._compatible(self._client)
        if self._openai is not None:
            return await self._openai.send(body, schema)
        from instructor.core.exceptions import InstructorRetryException

        received: list[Any] = []
        token = _RECEIVED.set(received)
        text = None
        try:
            async with asyncio.timeout(self._timeout):
                parsed = await self._client.create(
                    response_model=schema.response_model,
                    messages=_portable(body["messages"]),
                    max_retries=0,  # one call: whatever is wrong with the answer is handled here
                    max_tokens=body.get("max_tokens", 0),
                    **PROVIDERS[self._endpoint.provider].call_options,
                )
                text = parsed.model_dump_json()
        except Exception as error:  # noqa: BLE001  (each SDK has errors of its own, which hold prompts and keys)
            if not received:  # else it is about the answer, which is read below
                cause = error.__cause__ if isinstance(error, InstructorRetryException) else error
                raise error_mapping.of_exception(cause or error, self._endpoint, self._timeout) from None
        finally:
            _RECEIVED.reset(token)
        return _found_answer(received[-1], text, schema, self._endpoint)

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
        sdk: Any = getattr(self._client, "client", None)
        close = getattr(sdk, "close", None)
        self._client = self._openai = None
        if asyncio.iscoroutinefunction(close):
            await close()
        elif isinstance(sdk, AbstractAsyncContextManager):  # Mistral's and Cohere's have no other way
            await sdk.__aexit__(None, None, None)


def _portable(messages: list[Message]) -> Any:
    """The system message and one user message: providers disagree on the name of the model's role."""
    prefixes = {"assistant": "Your answer was:\n", "user": ""}
    parts = [prefixes[message["role"]] + message["content"] for message in messages if message["role"] in prefixes]
    system = [message for message in messages if message["role"] == "system"]
    return [*system, {"role": "user", "content": "\n\n".join(parts)}]


def _found_answer(completion: Any, text: str | None, schema: ResponseSchema, endpoint: Endpoint) -> Answer:
    """Read a response of unknown form: find the part that looks like what was asked for. Raises `EngineRefused`."""
    dump = getattr(completion, "model_dump", None)
    raw = dump(mode="json", warnings=False) if callable(dump) else completion
    raw = raw if isinstance(raw, dict) else {"answer": raw}
    members = list(_members(raw))
    stops = [value for key, value in members if key in _STOPS and isinstance(value, str)]
    if is_code_of("content_filter", *stops):
        raise error_mapping.filtered(endpoint)
    counts = dict(members)
    output = [count for names in (_OUTPUT, _THOUGHT_TOKENS) if (count := token_count(counts, *names)) is not None]
    return Answer(
        text=text if text is not None else next(_texts(members, tuple(schema.model.model_fields)), ""),
        finish="length" if is_code_of("cut_off", *stops) else "stop",
        input_tokens=token_count(counts, *_INPUT),
        output_tokens=sum(output) if output else None,
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
    texts = [(key, value) for key, value in members if isinstance(value, str)]
    yield from (text for _, text in texts if parsing.read_object(text, keys)[0] is not None)
    yield from sorted((text for key, text in texts if key in _SPOKEN), key=len, reverse=True)[:1]
