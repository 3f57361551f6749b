"""The client of one model: a call waits for its turn, is paid for, traced, and retried where that helps."""

import json
import logging
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from ...errors import ConfigError, EngineError, InvalidDraft
from ...prompting import Message
from ...schema import DraftUsage
from .budget import Budget, Pricing
from .completions import Answer
from .error_mapping import TooLong, Transient, Unsupported, without_key
from .output_modes import LearnedModes, RequestMode, request_body
from .providers import Endpoint
from .rate_limit import RateLimits
from .response_schemas import Json, ResponseSchema
from .retry import RetryPolicy
from .server_messages import until_reset
from .transports import Transport

_LOG = logging.getLogger(__name__)

_BYTES_PER_TOKEN = 4  # as a rule and in most scripts: for rate limits, where an estimate will do
_SHORTEST = 512  # tokens: no draft worth having is shorter
_LONGEST_PAUSE = 60.0  # seconds: some servers give the reset of a whole day
_OVERHEAD = 200  # tokens: what servers put around messages and tools


@dataclass(frozen=True)
class ModelRequest:
    """A request, and the most that it can take."""

    body: Json
    schema: ResponseSchema
    mode: RequestMode
    input_tokens: int
    """An upper bound: no tokenizer makes more tokens of a text than it has bytes."""
    output_tokens: int

    @property
    def expected_tokens(self) -> int:
        """Tokens to expect in and out, for rate limits."""
        return self.input_tokens // _BYTES_PER_TOKEN + self.output_tokens // 8


@dataclass(frozen=True)
class Reply:
    """An answer, what it took, and the mode of its request."""

    answer: Answer
    usage: DraftUsage
    mode: RequestMode


@dataclass
class ModelClient:
    """One endpoint, with everything that a call to it needs."""

    endpoint: Endpoint
    transport: Transport
    modes: LearnedModes
    retry_policy: RetryPolicy
    rate_limits: RateLimits
    pricing: Pricing
    budget: Budget
    trace: "Trace"
    limit: int
    """Maximum number of output tokens."""
    total: DraftUsage = field(default_factory=DraftUsage)
    """What all calls took, those of failed articles included."""

    @property
    def mode(self) -> RequestMode:
        """How the server is asked now."""
        return self.modes.get(self._name, self.endpoint.request_mode)

    @cached_property
    def _name(self) -> str:
        return f"{self.endpoint.model} at {self.endpoint.address}"

    async def request(self, messages: list[Message], schema: ResponseSchema, limit: int | None = None) -> Reply:
        """Request an answer that follows a schema, in the best mode that the server accepts.

        Raises `EngineError`: at once where a retry cannot help, else when the retry policy gives up.
        """
        limit = limit or self.limit
        refused: set[RequestMode] = set()
        while True:
            request = self.prepare(messages, schema, limit)
            try:
                return await self.retry_policy.call(partial(self._send, request))
            except Unsupported as error:
                if error.part != "size":
                    refused.add(request.mode)
                    self._change_mode(request.mode, error, refused)
                    continue
                limit //= 2  # the model cannot write as much; the next calls begin with this limit
                if limit < _SHORTEST:
                    raise TooLong(str(error)).knowing(error) from error
                self.limit = min(self.limit, limit)

    def prepare(self, messages: list[Message], schema: ResponseSchema, limit: int) -> ModelRequest:
        """Make the request without sending it."""
        mode = self.mode
        body = request_body(mode, self.endpoint.name, messages, schema, limit)
        size = sum(len(message["content"].encode()) + 1 for message in body["messages"])
        return ModelRequest(body, schema, mode, size + schema.size + _OVERHEAD, limit)

    def confirm(self, mode: RequestMode) -> None:
        """Remember a mode whose answer could be read."""
        self.modes.learn(self._name, mode)

    def weaken(self, mode: RequestMode) -> None:
        """Use the next weaker output mode: the answer did not keep what this one promises."""
        weaker = mode.without("mode")
        if weaker is not None and self.mode == mode:
            self.modes.use(self._name, weaker)

    def _change_mode(self, mode: RequestMode, error: Unsupported, refused: set[RequestMode]) -> None:
        """Change the mode after a refusal, unless another task has changed it meanwhile."""
        if self.mode != mode and self.mode not in refused:
            return
        other = mode.without(error.part)
        if other is None or other in refused:
            raise InvalidDraft(f"{error}; no other form of the request is left to try").knowing(error) from error
        self.modes.use(self._name, other)

    async def _send(self, request: ModelRequest) -> Reply:
        async with self.rate_limits.turn(request.expected_tokens) as share:
            reserved = await self.budget.reserve(request.input_tokens, request.output_tokens)
            cost = 0.0
            began = time.perf_counter()
            try:
                answer = await self.transport.send(request.body, request.schema)
                seconds = time.perf_counter() - began
                usage = self.usage(answer).model_copy(update={"seconds": seconds})
                cost = reserved if usage.cost_usd is None else usage.cost_usd
            except EngineError as error:
                if isinstance(error, Transient) and error.crowded:
                    self.rate_limits.slow_down(error.wait)
                self.trace.failed(request.body, error, request.mode.mode, time.perf_counter() - began)
                raise
            finally:
                self.budget.settle(reserved, cost)
            share.amount = usage.input_tokens + usage.output_tokens or request.expected_tokens
        self.rate_limits.speed_up()
        self.rate_limits.pause(min(until_reset(answer.headers) or 0.0, _LONGEST_PAUSE))
        self.trace.answered(request.body, answer, request.mode.mode, time.perf_counter() - began, usage.cost_usd)
        self.total += usage
        return Reply(answer, usage, request.mode)

    def usage(self, answer: Answer) -> DraftUsage:
        """What one call took; where the server does not say, 0 tokens with a warning, at an unknown cost."""
        if answer.input_tokens is None or answer.output_tokens is None:
            warning = f"{self.endpoint.where} does not say how many tokens it used"
            return DraftUsage(calls=1, cost_usd=None, warnings=(warning,))
        return DraftUsage(
            calls=1,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost_usd=self.pricing.cost(answer.input_tokens, answer.output_tokens),
        )


class Trace:
    """A log line for each call, and where there is a path, a JSONL trace of all requests and answers, without keys."""

    def __init__(self, endpoint: Endpoint, path: Path | None = None) -> None:
        self._endpoint = endpoint
        self._path = path
        if path is not None:
            self._append(path, "")  # a file that cannot be written is reported before anything is paid

    def answered(self, body: Json, answer: Answer, mode: str, seconds: float, cost: float | None) -> None:
        """Record a call that was answered."""
        _LOG.info(
            "%s %s: %s tokens in, %s out, %.2f s, %s, %s",
            self._endpoint.model,
            mode,
            "?" if answer.input_tokens is None else answer.input_tokens,
            "?" if answer.output_tokens is None else answer.output_tokens,
            seconds,
            "price unknown" if cost is None else f"${cost:.6f}",
            answer.finish,
        )
        self._write(body, seconds, answer=answer.raw, cost_usd=cost)

    def failed(self, body: Json, error: Exception, mode: str, seconds: float) -> None:
        """Record a call that failed."""
        _LOG.info("%s %s: %.2f s, %s", self._endpoint.model, mode, seconds, error)
        self._write(body, seconds, error=f"{type(error).__name__}: {error}")

    def _write(self, body: Json, seconds: float, **outcome: object) -> None:
        if self._path is None:
            return
        row: Json = {
            "time": datetime.now(UTC).isoformat(),
            "model": self._endpoint.model,
            "address": self._endpoint.address,
        }
        row |= {"seconds": round(seconds, 3), "request": body, **outcome}
        line = json.dumps(row, ensure_ascii=False, default=str)
        self._append(self._path, without_key(line, self._endpoint) + "\n")

    def _append(self, path: Path, text: str) -> None:
        """In one write, so that lines of several tasks or processes do not mix; readable by the user only."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab", buffering=0) as file:
                file.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(f"the trace {str(path)!r} cannot be written: {reason}") from error
