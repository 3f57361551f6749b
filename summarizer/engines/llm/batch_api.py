"""The provider's batch service: files of requests go up, files of answers come down, for half the price, within a day.

A job is known by a ticket of ours in its metadata, so that one whose creation was never heard of is found again. What
is asked here is small and rare: the ordinary client does, and waits.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ...errors import ConfigError, EngineRefused
from . import error_mapping
from .providers import Endpoint
from .retry import RetryPolicy

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import OpenAI
    from openai.types import Batch, FileObject

PRICE = 0.5
"""Times the list price: what OpenAI asks for a request in a batch."""
MOST_REQUESTS = 50_000
MOST_BYTES = 190_000_000
"""Of a file: the service takes 200 MB, however it counts them."""
PATH = "/v1/chat/completions"

_TICKET = "summarizer_ticket"
_EARLIER = 3_600  # seconds before a job was written down, for clocks that differ
GONE = "unknown"
"""The status of a job that the service does not know: its time is over, or the key is another's."""
_OVER = frozenset(("completed", "failed", "expired", "cancelled", GONE))

_T = TypeVar("_T")
_Named = TypeVar("_Named", "Batch", "FileObject")


@dataclass(frozen=True)
class BatchJob:
    """What the service says of one job."""

    id: str
    status: str
    total: int = 0
    completed: int = 0
    failed: int = 0
    output_file: str | None = None
    error_file: str | None = None
    complaint: str | None = None
    """Why the whole of it was refused."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status in _OVER


class BatchService:
    """The batch service of one endpoint; all that is asked may be asked again. Every method may raise `EngineError`."""

    def __init__(self, endpoint: Endpoint, *, timeout: float = 600.0, patience: RetryPolicy | None = None) -> None:
        if endpoint.base_url is None:
            raise ConfigError(
                f"the batch service of {endpoint.provider} is not spoken here: name a model of openai/, or --base-url"
            )
        self._endpoint = endpoint
        self._timeout = timeout
        self._patience = patience or RetryPolicy(attempts=8, seconds=600.0)
        self._client: OpenAI | None = None

    def upload(self, path: Path, since: float) -> str:
        """Send a file of requests, unless it was sent since then (Unix time) under its name; return its id."""

        def attempt(client: "OpenAI") -> str:
            for file in _each(client.files.list(purpose="batch", order="desc")):
                if file.created_at < since - _EARLIER:
                    break
                if (file.filename, file.bytes) == (path.name, path.stat().st_size):
                    return file.id
            with path.open("rb") as content:
                return client.files.create(file=(path.name, content), purpose="batch").id

        return self._ask(attempt)

    def create(self, file: str, ticket: str) -> BatchJob:
        """Begin a job, unless there is one with this ticket."""

        def attempt(client: "OpenAI") -> BatchJob:
            for batch in _each(client.batches.list(limit=100)):
                if (batch.metadata or {}).get(_TICKET) == ticket:
                    return _job(batch)
            asked = {"input_file_id": file, "metadata": {_TICKET: ticket}}
            return _job(client.batches.create(endpoint=PATH, completion_window="24h", **asked))  # type: ignore[arg-type]

        return self._ask(attempt)

    def look(self, id: str) -> BatchJob:
        """Return how far a job is."""

        def attempt(client: "OpenAI") -> BatchJob:
            from openai import NotFoundError

            try:
                return _job(client.batches.retrieve(id))
            except NotFoundError:
                client.batches.list(limit=1)  # fails in its turn where there is no batch service at all
                return BatchJob(id, GONE)

        return self._ask(attempt)

    def download(self, file: str, path: Path) -> bool:
        """Bring a file of answers, whole; False where the service no longer has it."""

        def attempt(client: "OpenAI") -> bool:
            from openai import NotFoundError

            try:
                with client.files.with_streaming_response.content(file) as response:
                    response.stream_to_file(path)
            except NotFoundError:
                return False
            return True

        return self._ask(attempt)

    def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            self._client.close()

    def _ask(self, what: "Callable[[OpenAI], _T]") -> _T:
        return self._patience.insist(lambda: self._once(what))

    def _once(self, what: "Callable[[OpenAI], _T]") -> _T:
        import httpx2
        from openai import APIConnectionError, APIStatusError, OpenAIError

        try:
            return what(self._connected())
        except APIStatusError as error:
            raise self._fault(error.response) from None  # theirs may say the key back
        except (APIConnectionError, httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ConnectionError) as error:
            raise error_mapping.of_network(error, self._endpoint, self._timeout) from error
        except OpenAIError as error:
            told = error_mapping.clean(f"{type(error).__name__}: {error}", self._endpoint)
            raise EngineRefused(f"the batch service of {self._endpoint.where} could not be asked: {told}") from None

    def _fault(self, response: "Response") -> Exception:
        if response.status_code in (404, 405, 501):
            return EngineRefused(
                f"{self._endpoint.where} has no batch service at {self._endpoint.address}, or no longer what was asked "
                "for there; check --base-url"
            )
        response.read()
        return error_mapping.of_status(response.status_code, response.text, response.headers, self._endpoint)

    def _connected(self) -> "OpenAI":
        import openai

        if self._client is None:
            self._client = openai.OpenAI(
                api_key=self._endpoint.api_key or "none",
                base_url=self._endpoint.base_url,
                timeout=self._timeout,
                max_retries=0,
            )
        return self._client


def _each(listed: Iterable[_Named]) -> Iterator[_Named]:
    """Yield what is listed, page after page; some servers begin again at the end instead of saying that it is one."""
    seen: set[str] = set()
    for each in listed:
        if each.id in seen:
            return
        seen.add(each.id)
        yield each


def _job(batch: "Batch") -> BatchJob:
    counts = batch.request_counts
    errors = (batch.errors.data if batch.errors else None) or []
    return BatchJob(
        id=batch.id,
        status=batch.status,
        total=counts.total if counts else 0,
        completed=counts.completed if counts else 0,
        failed=counts.failed if counts else 0,
        output_file=batch.output_file_id,
        error_file=batch.error_file_id,
        complaint="; ".join(filter(None, (error.message for error in errors))) or None,
    )
