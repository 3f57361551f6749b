"""Every other house that instructor knows: its client makes the request, and what comes back is read as ever.

Where that client turns out to be OpenAI's with another address, the request goes over our own wire.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ....errors import ConfigError, EngineError, EngineRefused
from ....prompting import Message
from .. import error_mapping, json_recovery
from ..providers import PROVIDERS, Endpoint
from ..response_schemas import Json, ResponseSchema
from .openai_transport import Answer, OpenAITransport

if TYPE_CHECKING:
    from instructor import AsyncInstructor

_INPUT = ("input_tokens", "prompt_tokens", "prompt_token_count")
_OUTPUT = ("output_tokens", "completion_tokens", "candidates_token_count")
_CUT = ("max_tokens", "length", "MAX_TOKENS")


class ProviderTransport:
    """A provider's own library, through `instructor.from_provider`."""

    def __init__(
        self, endpoint: Endpoint, timeout: float, connect: "Callable[[], AsyncInstructor] | None" = None
    ) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._connect = connect or self._from_provider
        self._client: AsyncInstructor | None = None
        self._own: OpenAITransport | None = None

    async def send(self, body: Json, shape: ResponseSchema) -> Answer:
        """Ask once."""
        if self._client is None:
            self._client = self._connect()
            self._own = self._own_wire(self._client)
        if self._own is not None:
            return await self._own.send(body, shape)
        return await self._through(self._client, body, shape)

    async def _through(self, client: "AsyncInstructor", body: Json, shape: ResponseSchema) -> Answer:
        from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

        limit = body.get("max_tokens", 0)
        try:
            async with asyncio.timeout(self._timeout):
                noun, completion = await client.create_with_completion(
                    response_model=shape.wrapped,
                    messages=_in_one(body["messages"]),
                    max_retries=0,  # one call: whatever is wrong with the answer is seen to by us
                    max_tokens=limit,
                )
        except TimeoutError as error:
            raise error_mapping.of_network(error, self._endpoint, self._timeout) from error
        except (InstructorRetryException, IncompleteOutputException) as error:
            if error.last_completion is None:
                raise self._fault(error.__cause__ or error) from None  # theirs hold prompts and keys
            return _answer(error.last_completion, None, shape)
        except Exception as error:  # noqa: BLE001  (each library has errors of its own)
            raise self._fault(error) from None
        return _answer(completion, noun.model_dump_json(), shape)

    def _fault(self, error: BaseException) -> EngineError:
        """The error of a library that we do not know, told by its status where it has one."""
        status = getattr(error, "status_code", None) or getattr(error, "code", None)
        response = getattr(error, "response", None)
        headers: Mapping[str, str] = getattr(response, "headers", None) or {}
        if isinstance(status, int) and status >= 400:
            return error_mapping.of_status(status, _body(error), headers, self._endpoint)
        if isinstance(error, Exception) and _is_network(error):
            return error_mapping.of_network(error, self._endpoint, self._timeout)
        told = error_mapping.clean(f"{type(error).__name__}: {error}", self._endpoint)
        return EngineRefused(f"{self._endpoint.where} could not be asked: {told}")

    def _own_wire(self, client: "AsyncInstructor") -> OpenAITransport | None:
        import openai

        theirs: Any = client.client
        if isinstance(theirs, openai.AsyncOpenAI):
            ours = theirs.with_options(timeout=self._timeout, max_retries=0)
            return OpenAITransport(self._endpoint, self._timeout, lambda: ours)
        if hasattr(theirs, "max_retries"):
            theirs.max_retries = 0
        return None

    def _from_provider(self) -> "AsyncInstructor":
        import instructor

        _quiet()
        provider = PROVIDERS[self._endpoint.provider]
        name = f"{provider.instructor or provider.name}/{self._endpoint.name}"
        try:
            return instructor.from_provider(name, async_client=True, api_key=self._endpoint.api_key)
        except Exception as error:  # noqa: BLE001  (each library has errors of its own)
            told = error_mapping.clean(str(error), self._endpoint)
            raise ConfigError(f"{self._endpoint.where} cannot be used: {told}") from None

    async def aclose(self) -> None:
        """Let go of connections."""
        if self._own is not None:
            await self._own.aclose()
        close = getattr(getattr(self._client, "client", None), "close", None)
        self._client = self._own = None
        if asyncio.iscoroutinefunction(close):
            await close()


def _in_one(messages: list[Message]) -> Any:
    """System and user alone: the houses do not agree on what the role of the model is called."""
    system = [message for message in messages if message["role"] == "system"]
    said = [_told(message) for message in messages if message["role"] != "system"]
    return [*system, {"role": "user", "content": "\n\n".join(said)}]


def _told(message: Message) -> str:
    content = message["content"]
    return f"Your answer was:\n{content}" if message["role"] == "assistant" else content


def _quiet() -> None:
    """Instructor logs whole answers as errors: its messages reach only who asked for them."""
    logger = logging.getLogger("instructor")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)


def _answer(completion: Any, text: str | None, shape: ResponseSchema) -> Answer:
    """An answer whose form is not known: the part of it that looks like what was asked for."""
    raw = _plain(completion)
    keys = tuple(shape.noun.model_fields)
    found = text if text is not None else next(_texts(raw, keys), "")
    counts = {key: value for key, value in _members(raw) if isinstance(value, int)}
    stops = {str(value) for key, value in _members(raw) if key in ("stop_reason", "finish_reason")}
    cut = any(stop.rpartition(".")[2] in _CUT for stop in stops)
    return Answer(
        text=found,
        finish="length" if cut else "stop",
        input_tokens=next((counts[name] for name in _INPUT if name in counts), None),
        output_tokens=next((counts[name] for name in _OUTPUT if name in counts), None),
        raw=raw,
    )


def _plain(completion: Any) -> Json:
    dump = getattr(completion, "model_dump", None)
    raw = dump(mode="json", warnings=False) if callable(dump) else completion
    return raw if isinstance(raw, dict) else {"answer": raw}


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, however deep."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield str(key), inside
            yield from _members(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _members(inside)


def _texts(raw: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """What may be the answer: an object with the right keys, or a text that holds one; then any text at all."""
    for _, value in _members(raw):
        if isinstance(value, dict) and any(key in value for key in keys):
            yield json.dumps(value, ensure_ascii=False)
    texts = [value for _, value in _members(raw) if isinstance(value, str)]
    yield from (text for text in texts if json_recovery.read(text, keys)[0] is not None)
    yield from sorted(texts, key=len, reverse=True)[:1]


def _body(error: BaseException) -> str:
    body = getattr(error, "body", None)
    return json.dumps(body, default=str) if isinstance(body, dict | list) else str(body or error)


def _is_network(error: Exception) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"APIConnectionError", "TransportError", "ConnectionError", "TimeoutError", "ClientError"})
