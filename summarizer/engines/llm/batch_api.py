"""The provider's batch service: requests are uploaded and answers downloaded as files, at half the price, in a day.

The messages and the schema are those of any request, and the answers are read by the same rules. A job carries a ticket
of ours in its metadata, so that one whose creation was never confirmed is found again. Calls are small and rare: the
blocking client will do.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from ...errors import ConfigError, EngineRefused, InvalidDraft
from ...prompting import Message
from ...schema import Draft
from . import error_mapping
from .client import ModelClient, Reply
from .completions import parse_completion
from .parsing import read_draft, with_usage
from .providers import Endpoint
from .response_schemas import DRAFT, Json
from .retry import RetryPolicy
from .tasks.drafting import HIGHER, is_cut
from .transports import refuse_elsewhere

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import Batch, FileObject

_PRICE = 0.5
"""The price of a request in a batch, relative to the list price."""
MOST_REQUESTS = 50_000
MOST_BYTES = 190_000_000
"""Of a file: the service accepts 200 MB, however it counts them."""
_PATH: Literal["/v1/chat/completions"] = "/v1/chat/completions"

_TICKET = "summarizer_ticket"
_CLOCK_SKEW = 3_600  # seconds
GONE = "unknown"
"""The status of a job that the service does not know: it has expired, or belongs to another key."""
_ALIASES = {
    **dict.fromkeys(("complete", "done", "ended", "finished", "succeeded", "success"), "completed"),
    **dict.fromkeys(("error", "errored", "failure", "rejected", "invalid"), "failed"),
    **dict.fromkeys(("canceled", "aborted", "stopped"), "cancelled"),
    **dict.fromkeys(("timeout", "timed_out", "timeout_exceeded"), "expired"),
}
"""What other services call the states of a job, in small letters and without their own name for a state."""
_OVER = frozenset(("completed", "failed", "expired", "cancelled", GONE))
_NO_LIST = (404, 405, 501)
"""Statuses of a service that cannot list its files or jobs."""

_T = TypeVar("_T")
_Named = TypeVar("_Named", "Batch", "FileObject")


@dataclass(frozen=True)
class BatchJob:
    """The state of one job."""

    id: str
    status: str
    total: int = 0
    completed: int = 0
    failed: int = 0
    output_file: str | None = None
    error_file: str | None = None
    complaint: str | None = None
    """Why the whole job was refused."""

    @property
    def is_over(self) -> bool:
        """Whether no more answers will come."""
        return self.status in _OVER


class BatchService:
    """The batch service of one endpoint. Every method may be repeated, and may raise `EngineError`."""

    def __init__(self, endpoint: Endpoint, *, timeout: float = 600.0, retry_policy: RetryPolicy | None = None) -> None:
        if endpoint.base_url is None:
            raise ConfigError(
                f"the batch service of {endpoint.provider} is not supported: name a model of openai/, or `base_url`"
            )
        self._endpoint = endpoint
        self._timeout = timeout
        self._retry_policy = retry_policy or RetryPolicy(attempts=8, seconds=600.0)

    def upload(self, path: Path, since: float) -> str:
        """Upload a file of requests, unless it was uploaded since then (Unix time) under its name; return its id."""

        def attempt(client: "OpenAI") -> str:
            for file in _each(lambda: client.files.list(purpose="batch", order="desc")):
                if file.created_at is not None and file.created_at < since - _CLOCK_SKEW:
                    continue  # not every service lists the newest first
                if (file.filename, file.bytes) == (path.name, path.stat().st_size):
                    return file.id
            with path.open("rb") as content:
                return client.files.create(file=(path.name, content), purpose="batch").id

        return self._call(attempt)

    def create(self, file: str, ticket: str) -> BatchJob:
        """Create a job, unless there is one with this ticket."""

        def attempt(client: "OpenAI") -> BatchJob:
            for batch in _each(lambda: client.batches.list(limit=100)):
                if (batch.metadata or {}).get(_TICKET) == ticket:
                    return _job(batch)
            metadata = {_TICKET: ticket}
            return _job(
                client.batches.create(input_file_id=file, endpoint=_PATH, completion_window="24h", metadata=metadata)
            )

        return self._call(attempt)

    def look(self, id: str) -> BatchJob:
        """Return the state of a job."""

        def attempt(client: "OpenAI") -> BatchJob:
            from openai import NotFoundError

            try:
                return _job(client.batches.retrieve(id))
            except NotFoundError:
                client.batches.list(limit=1)  # fails in its turn where there is no batch service at all
                return BatchJob(id, GONE)

        return self._call(attempt)

    def download(self, file: str, path: Path) -> bool:
        """Download a whole file of answers; False where the service no longer has it."""

        def attempt(client: "OpenAI") -> bool:
            from openai import NotFoundError

            try:
                with client.files.with_streaming_response.content(file) as response:
                    response.stream_to_file(path)
            except NotFoundError:
                return False
            return True

        return self._call(attempt)

    def close(self) -> None:
        """Close connections."""
        if "_client" in vars(self):
            self._client.close()

    def _call(self, action: "Callable[[OpenAI], _T]") -> _T:
        return self._retry_policy.call_blocking(lambda: self._attempt(action))

    def _attempt(self, action: "Callable[[OpenAI], _T]") -> _T:
        import httpx2
        from openai import APIStatusError, OpenAIError

        try:
            return action(self._client)
        except (OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ConnectionError) as error:
            if isinstance(error, APIStatusError) and error.status_code in (404, 405, 501):
                raise EngineRefused(
                    f"{self._endpoint.where} has no batch service at {self._endpoint.address}, or no longer what was "
                    "asked for there; check `base_url`"
                ) from None
            raise error_mapping.of_exception(error, self._endpoint, self._timeout) from None  # theirs may hold the key

    @cached_property
    def _client(self) -> "OpenAI":
        from openai import DefaultHttpxClient, OpenAI

        stay = partial(refuse_elsewhere, endpoint=self._endpoint)
        return OpenAI(
            api_key=self._endpoint.api_key or "none",
            base_url=self._endpoint.base_url,
            timeout=self._timeout,
            max_retries=0,
            http_client=DefaultHttpxClient(timeout=self._timeout, event_hooks={"request": [stay]}),
        )


def _each(listed: Callable[[], Iterable[_Named]]) -> Iterator[_Named]:
    """Yield what is listed, page after page; some servers start over instead of ending the list, or have none."""
    from openai import APIStatusError

    seen: set[str] = set()
    try:
        for each in listed():
            if each.id in seen:
                return
            seen.add(each.id)
            yield each
    except APIStatusError as error:
        if error.status_code not in _NO_LIST:
            raise


def _job(batch: "Batch") -> BatchJob:
    counts = batch.request_counts
    errors = (batch.errors.data if batch.errors else None) or []
    return BatchJob(
        id=batch.id,
        status=_status_of(batch.status),
        total=(counts and counts.total) or 0,
        completed=(counts and counts.completed) or 0,
        failed=(counts and counts.failed) or 0,
        output_file=batch.output_file_id,
        error_file=batch.error_file_id,
        complaint="; ".join(filter(None, (error.message for error in errors))) or None,
    )


def _status_of(said: object) -> str:
    """Return the status of a job as OpenAI calls it: `JOB_STATE_SUCCEEDED` is `completed`."""
    status = re.sub(r"[\s-]+", "_", str(said or "").strip().lower())
    status = re.sub(r"^(?:job|batch)_(?:state|status)?_?", "", status)
    return _ALIASES.get(status, status)


# --- requests and answers, as lines of the files ---------------------------------------------------------------------


class CutOff(InvalidDraft):
    """The limit cut the answer off: the same request needs a higher one."""


@dataclass(frozen=True)
class BatchRequest:
    """A line for the batch service, and the most that it can cost."""

    line: bytes
    cost_usd: float | None
    """At the price of a batch; null where the price is unknown."""


def write_request(client: ModelClient, messages: list[Message], key: str, *, higher: bool) -> BatchRequest:
    """Write a request under a key; `higher` raises the limit, after an answer that was cut off."""
    request = client.prepare(messages, DRAFT, client.limit * (HIGHER if higher else 1))
    row = {"custom_id": key, "method": "POST", "url": _PATH, "body": request.body}
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return BatchRequest(
        line.encode() + b"\n", _discounted(client.pricing.cost(request.input_tokens, request.output_tokens))
    )


def read_answer(client: ModelClient, completion: Json) -> Draft:
    """Read the draft in a chat completion of a batch; its malformed items are in its usage.

    Raises `EngineError` where it holds none, `CutOff` where it is not whole.
    """
    answer = parse_completion(completion, client.endpoint, DRAFT)
    usage = client.usage(answer)
    usage = usage.model_copy(update={"cost_usd": _discounted(usage.cost_usd), "warnings": ()})
    reply = Reply(answer, usage, client.mode)
    if is_cut(reply):
        raise CutOff(f"the answer of {client.endpoint.where} was cut off")
    draft = read_draft(reply)
    if draft is None:
        raise InvalidDraft(f"{client.endpoint.where} answered without the JSON that was asked for")
    return with_usage(draft, usage + draft.usage)


def _discounted(cost: float | None) -> float | None:
    return None if cost is None else cost * _PRICE
