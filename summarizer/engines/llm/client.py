"""The line to one model: a call takes its turn, is paid for, written down, tried again where that helps."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from ...errors import EngineError, InvalidDraft
from ...prompting import Message
from ...schema import DraftUsage
from .error_mapping import TooLong, Transient, Unsupported, until_reset
from .output_modes import RequestMode, RequestModes, lower
from .pricing import Budget, Pricing, most_tokens
from .providers import Endpoint
from .rate_limit import RateLimits
from .response_schemas import Json, ResponseSchema
from .retry import RetryPolicy
from .trace import Trace
from .transports.openai_transport import Answer, Transport

_BYTES = 4  # to a token, as a rule and in most scripts: for pacing, where a guess will do
_REASONING = re.compile(r"o\d|gpt-[5-9]")  # OpenAI's models that take no temperature
_LEAST = 512  # tokens: no draft worth having is shorter
_LONGEST_HOLD = 60.0  # seconds: some servers give the reset of a whole day
_OVERHEAD = 200  # tokens: what servers put around messages and tools


@dataclass(frozen=True)
class ModelRequest:
    """A request, and the most that it can take."""

    body: Json
    shape: ResponseSchema
    dialect: RequestMode
    input_tokens: int
    output_tokens: int

    @property
    def likely(self) -> int:
        """Tokens to expect in and out, for pacing."""
        return self.input_tokens // _BYTES + self.output_tokens // 8


@dataclass(frozen=True)
class Reply:
    """An answer, what it took, and how it was asked for."""

    answer: Answer
    usage: DraftUsage
    dialect: RequestMode


@dataclass
class ModelClient:
    """One endpoint, with everything that a call to it needs."""

    endpoint: Endpoint
    wire: Transport
    dialects: RequestModes
    patience: RetryPolicy
    pace: RateLimits
    tariff: Pricing
    purse: Budget
    trace: Trace
    limit: int
    """Tokens that an answer may have."""
    total: DraftUsage = field(default_factory=DraftUsage)
    """What all calls took, those of articles that failed included."""
    clock: Callable[[], float] = time.perf_counter

    @property
    def dialect(self) -> RequestMode:
        """How the server is asked at this moment."""
        return self.dialects.get(self._name, _first(self.endpoint))

    @cached_property
    def _name(self) -> str:
        return f"{self.endpoint.model} at {self.endpoint.address}"

    async def ask(self, messages: list[Message], shape: ResponseSchema, limit: int | None = None) -> Reply:
        """Ask for an answer of a shape, in the best form that the server takes.

        Raises `EngineError`: what cannot be helped at once, the rest when patience runs out.
        """
        limit = limit or self.limit
        refused: set[RequestMode] = set()
        while True:
            ask = self.prepare(messages, shape, limit)
            try:
                return await self.patience.keep(partial(self._once, ask))
            except Unsupported as fault:
                if fault.part == "size":
                    limit = self._smaller(limit, fault)
                    continue
                refused.add(ask.dialect)
                self._change(ask.dialect, fault, refused)

    def prepare(self, messages: list[Message], shape: ResponseSchema, limit: int) -> ModelRequest:
        """Make the request, without sending it; its bounds hold whatever tokenizer the model has."""
        dialect = self.dialect
        body = dialect.body(self.endpoint.name, messages, shape, limit)
        words = "\n".join(message["content"] for message in body["messages"])
        return ModelRequest(body, shape, dialect, most_tokens(words) + shape.size + _OVERHEAD, limit)

    def understood(self, dialect: RequestMode) -> None:
        """Remember a dialect whose answer was of use."""
        self.dialects.learn(self._name, dialect)

    def mistrust(self, dialect: RequestMode) -> None:
        """Go one rung down: the answer did not keep what the form promises."""
        below = lower(dialect)
        if below is not None and self.dialect == dialect:
            self.dialects.use(self._name, below)

    def _smaller(self, limit: int, fault: Unsupported) -> int:
        """Half the limit, for a model that cannot write as much; the next calls begin with what it can."""
        if limit // 2 < _LEAST:
            raise TooLong(str(fault)) from fault
        self.limit = min(self.limit, limit // 2)
        return limit // 2

    def _change(self, dialect: RequestMode, fault: Unsupported, refused: set[RequestMode]) -> None:
        """Speak another dialect after a refusal, unless another task has changed it meanwhile."""
        if self.dialect != dialect and self.dialect not in refused:
            return
        other = _without(dialect, fault)
        if other is None or other in refused:
            raise InvalidDraft(f"{fault}; no other form of the request is left to try") from fault
        self.dialects.use(self._name, other)

    async def _once(self, ask: ModelRequest) -> Reply:
        async with self.pace.turn(ask.likely) as turn:
            held = await self.purse.hold(ask.input_tokens, ask.output_tokens)
            paid = 0.0
            began = self.clock()
            try:
                answer = await self.wire.send(ask.body, ask.shape)
                usage = self._effort(answer)
                paid = held if usage.cost_usd is None else usage.cost_usd
            except EngineError as error:
                if isinstance(error, Transient) and error.crowded:
                    self.pace.crowded(error.wait)
                self.trace.failed(ask.body, error, ask.dialect.mode, self.clock() - began)
                raise
            finally:
                self.purse.pay(held, paid)
            turn.used(usage.input_tokens + usage.output_tokens or ask.likely)
        self.pace.fine()
        self.pace.hold(min(until_reset(answer.headers) or 0.0, _LONGEST_HOLD))
        self.trace.answered(ask.body, answer, ask.dialect.mode, self.clock() - began, usage.cost_usd)
        self.total += usage
        return Reply(answer, usage, ask.dialect)

    def _effort(self, answer: Answer) -> DraftUsage:
        """What one call took; where the server does not say, 0 tokens with a note, at an unknown cost."""
        if answer.input_tokens is None or answer.output_tokens is None:
            note = f"{self.endpoint.where} does not say how many tokens it used"
            return DraftUsage(calls=1, cost_usd=None, warnings=(note,))
        return DraftUsage(
            calls=1,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost_usd=self.tariff.cost(answer.input_tokens, answer.output_tokens),
        )


def _first(endpoint: Endpoint) -> RequestMode:
    """What a server is taken to speak before it was asked."""
    if not endpoint.is_openai:
        return RequestMode()
    return RequestMode(limit="max_completion_tokens", temperature=not _REASONING.match(endpoint.name))


def _without(dialect: RequestMode, fault: Unsupported) -> RequestMode | None:
    """The dialect without what was refused, None if nothing is left to leave out."""
    if fault.part == "temperature":
        return replace(dialect, temperature=False)
    if fault.part == "bounds":
        return replace(dialect, bounds=False)
    if fault.part == "limit":
        other = "max_tokens" if dialect.limit == "max_completion_tokens" else "max_completion_tokens"
        return replace(dialect, limit=other)
    return lower(dialect)
