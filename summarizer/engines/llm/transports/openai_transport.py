"""Chat completions of OpenAI and of every compatible server, through the openai SDK with its own retries off.

The response is read as plain JSON: the SDK's models check nothing of a 200 and take longer than the request.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import error_mapping
from ..providers import Endpoint
from ..response_schemas import Json, ResponseSchema
from .answer import Answer, parse_completion

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI


class OpenAITransport:
    """Sends requests to one endpoint, over one client for each event loop."""

    def __init__(self, endpoint: Endpoint, timeout: float, connect: "Callable[[], AsyncOpenAI] | None" = None) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._connect = connect or self._new_client
        self._client: AsyncOpenAI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, body: Json, schema: ResponseSchema) -> Answer:
        """Send one request."""
        from httpx2 import HTTPError, InvalidURL
        from openai import OpenAIError

        try:
            async with asyncio.timeout(self._timeout):  # the SDK's own timeout starts anew with every byte
                response = await self._post(body)
        except (OpenAIError, HTTPError, InvalidURL, OSError) as error:
            # "from None": the SDK's error holds the whole response, in which some servers repeat the key
            raise error_mapping.of_exception(error, self._endpoint, self._timeout) from None
        return self._parse(response)

    async def _post(self, body: Json) -> "Response":
        from httpx2 import Response
        from openai import Omit

        headers = {} if self._endpoint.api_key else {"Authorization": Omit()}
        return await self._connected().post(
            "/chat/completions", cast_to=Response, body=body, options={"headers": headers}
        )

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
            http_client=DefaultAioHttpClient(timeout=self._timeout),  # half the CPU time of the default one
        )

    def _parse(self, response: "Response") -> Answer:
        try:
            completion = json.loads(response.text)
        except (ValueError, RecursionError):  # the latter: nested too deep
            content_type = response.headers.get("content-type", "")
            raise error_mapping.of_page(response.text, content_type, self._endpoint) from None
        error = error_mapping.of_envelope(completion, self._endpoint)
        if error is not None:
            raise error
        return parse_completion(completion, response.headers)

    async def aclose(self) -> None:
        """Close connections."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            with suppress(OSError):
                await client.close()
