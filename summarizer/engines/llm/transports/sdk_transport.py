"""Every other provider that instructor supports: its own SDK sends the request, and the response is searched.

Where that SDK is OpenAI's with another address, the request goes through `OpenAITransport`.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ....errors import ConfigError
from ....prompting import Message
from .. import error_mapping, json_recovery
from ..providers import PROVIDERS, Endpoint
from ..response_schemas import Json, ResponseSchema
from .answer import Answer
from .openai_transport import OpenAITransport

if TYPE_CHECKING:
    from instructor import AsyncInstructor

_INPUT = ("input_tokens", "prompt_tokens", "prompt_token_count")
_OUTPUT = ("output_tokens", "completion_tokens", "candidates_token_count")
_CUT = ("max_tokens", "length", "MAX_TOKENS")


class ProviderTransport:
    """A provider's own SDK, opened by `instructor.from_provider`."""

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
        return await self._create(self._client, body, schema)

    async def _create(self, client: "AsyncInstructor", body: Json, schema: ResponseSchema) -> Answer:
        from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

        try:
            async with asyncio.timeout(self._timeout):
                parsed, completion = await client.create_with_completion(
                    response_model=schema.response_model,
                    messages=_portable(body["messages"]),
                    max_retries=0,  # one call: whatever is wrong with the answer is handled here
                    max_tokens=body.get("max_tokens", 0),
                )
        except (InstructorRetryException, IncompleteOutputException) as error:
            if error.last_completion is None:
                cause = error.__cause__ or error
                raise error_mapping.of_exception(cause, self._endpoint, self._timeout) from None
            return _answer(error.last_completion, None, schema)
        except Exception as error:  # noqa: BLE001  (each SDK has errors of its own, which hold prompts and keys)
            raise error_mapping.of_exception(error, self._endpoint, self._timeout) from None
        return _answer(completion, parsed.model_dump_json(), schema)

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
    system = [message for message in messages if message["role"] == "system"]
    parts = [
        f"Your answer was:\n{message['content']}" if message["role"] == "assistant" else message["content"]
        for message in messages
        if message["role"] != "system"
    ]
    return [*system, {"role": "user", "content": "\n\n".join(parts)}]


def _answer(completion: Any, text: str | None, schema: ResponseSchema) -> Answer:
    """Read a response of unknown form: find the part that looks like what was asked for."""
    raw = _plain(completion)
    members = list(_members(raw))
    counts = {key: value for key, value in members if isinstance(value, int)}
    stops = {str(value).rpartition(".")[2] for key, value in members if key in ("stop_reason", "finish_reason")}
    return Answer(
        text=text if text is not None else next(_texts(members, tuple(schema.model.model_fields)), ""),
        finish="length" if stops.intersection(_CUT) else "stop",
        input_tokens=next((counts[name] for name in _INPUT if name in counts), None),
        output_tokens=next((counts[name] for name in _OUTPUT if name in counts), None),
        raw=raw,
    )


def _plain(completion: Any) -> Json:
    dump = getattr(completion, "model_dump", None)
    raw = dump(mode="json", warnings=False) if callable(dump) else completion
    return raw if isinstance(raw, dict) else {"answer": raw}


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
    yield from (text for text in texts if json_recovery.read(text, keys)[0] is not None)
    yield from sorted(texts, key=len, reverse=True)[:1]
