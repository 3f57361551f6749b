"""One client of the SDK, and the requests that go over it. Imported when something is asked: it needs all of the SDK.

What the SDK makes of a body, beside the body, is the same each time, and takes longer to make than to send: options,
headers, addresses. So the first request goes through `post`, and those that follow are the same one with another body,
over the same HTTP client, with the errors that `post` raises.
"""

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from httpx2 import URL, AsyncClient, ByteStream, HTTPError, InvalidURL, Request, Response
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, DefaultAioHttpClient, Omit, OpenAIError
from pydantic_core import PydanticSerializationError, to_json

from ....errors import EngineRefused
from .. import error_mapping
from ..providers import Endpoint
from ..response_schemas import Json

if TYPE_CHECKING:
    from openai._types import RequestOptions

_PATH = "/chat/completions"
_ITS_OWN = (b"content-length", b"cookie")  # headers that are not the same for every request


class RequestHead(NamedTuple):
    """A request without its body."""

    url: URL
    headers: list[tuple[bytes, bytes]]
    extensions: dict[str, Any]


class OpenAIClient:
    """Posts to one endpoint, in one event loop. Without a `client` of the endpoint, one is made."""

    def __init__(self, endpoint: Endpoint, timeout: float, client: AsyncOpenAI | None = None) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        hooks = {"request": [self._learn]}
        self._http = DefaultAioHttpClient(timeout=timeout, event_hooks=hooks) if client is None else None
        """What our own client sends with. One that was given may look into each body for where to send it, as Azure's
        does."""
        self._client = client or AsyncOpenAI(
            api_key=endpoint.api_key or "none",  # without one the client would look for OPENAI_API_KEY by itself
            base_url=endpoint.base_url,
            timeout=timeout,
            max_retries=0,
            http_client=self._http,
        )
        self._head: RequestHead | None = None
        """Of the first request that went out."""

    async def post(self, body: Json) -> Response:
        """Send a body, and return a success. Raises `EngineError`."""
        try:
            async with asyncio.timeout(self._timeout):  # the transport's own bound starts again with every byte
                return await self._sent(body)
        except APIStatusError as error:
            answer = error.response
            fault = error_mapping.of_status(answer.status_code, answer.text, answer.headers, self._endpoint)
            raise fault from None  # theirs holds the whole body, in which some servers say the key back
        except (APIConnectionError, TimeoutError, OSError, HTTPError, InvalidURL) as error:
            raise error_mapping.of_network(error, self._endpoint, self._timeout) from error
        except OpenAIError as error:
            told = error_mapping.clean(f"{type(error).__name__}: {error}", self._endpoint)
            raise EngineRefused(f"{self._endpoint.where} could not be asked: {told}") from None

    async def _sent(self, body: Json) -> Response:
        options: RequestOptions = {} if self._endpoint.api_key else {"headers": {"Authorization": Omit()}}
        if self._http is None:
            return await self._client.post(_PATH, cast_to=Response, body=body, options=options)
        content = _written(body)
        if self._head is not None:
            return await _again(self._http, self._head, content)
        return await self._client.post(_PATH, cast_to=Response, content=content, options=options)

    async def _learn(self, request: Request) -> None:
        if self._head is None:
            headers = [(name, value) for name, value in request.headers.raw if name.lower() not in _ITS_OWN]
            self._head = RequestHead(request.url, headers, dict(request.extensions))

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()


async def _again(http: AsyncClient, head: RequestHead, content: bytes) -> Response:
    """Send the same request with another body. Raises `APIConnectionError`, `APIStatusError`."""
    request = Request(
        "POST",
        head.url,
        headers=[*head.headers, (b"Content-Length", b"%d" % len(content))],
        cookies=http.cookies,
        stream=ByteStream(content),  # to which no headers are added: that takes longer than all the rest
        extensions=head.extensions,
    )
    request.read()  # it goes out in one piece
    try:
        response = await http.send(request)
    except Exception as error:  # whatever breaks is the connection, as `post` has it
        raise APIConnectionError(request=request) from error
    if not response.is_success:
        raise APIStatusError("", response=response, body=None)
    return response


def _written(body: Json) -> bytes:
    """Return the bytes that the SDK would make of a body, in a quarter of the time."""
    try:
        return to_json(body)
    except PydanticSerializationError:  # half a character, in an answer that is shown back
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
