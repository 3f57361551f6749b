"""What a call costs, and the limit in US dollars that no call may exceed."""

import asyncio
import threading
from dataclasses import dataclass
from functools import cached_property

from ...errors import ConfigError, EngineRefused
from .providers import PROVIDERS, Endpoint

_POLL = 0.02  # seconds between two looks at whether the calls under way have left room
_ROUNDING = 1e-12  # US dollars: what sums of floats leave behind


@dataclass(frozen=True)
class Pricing:
    """The price of a model: the given one, else the one in the table of genai-prices, else unknown."""

    endpoint: Endpoint
    given: tuple[float, float] | None = None
    """US dollars per million input tokens, and per million output tokens."""

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars for so many tokens; None where the price is unknown, which is never 0."""
        if self.given is not None:
            return (input_tokens * self.given[0] + output_tokens * self.given[1]) / 1_000_000
        return self._listed(input_tokens, output_tokens) if self._is_listed else None

    @cached_property
    def _is_listed(self) -> bool:
        """Whether the table has the model, looked up once: a failed look-up searches the whole table."""
        return self._listed(1, 1) is not None

    def _listed(self, input_tokens: int, output_tokens: int) -> float | None:
        from genai_prices import Usage, calc_price

        usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
        endpoint = self.endpoint
        try:
            if endpoint.base_url is not None:  # a gateway sets its own prices: only known addresses are listed
                return float(calc_price(usage, endpoint.name, provider_api_url=endpoint.base_url).total_price)
            name = PROVIDERS[endpoint.provider].price_name or endpoint.provider
            return float(calc_price(usage, endpoint.name, provider_id=name).total_price)
        except (LookupError, ValueError):
            return None


class BudgetSpent(EngineRefused):
    """The next call could cost more than what is left of the budget."""


class Budget:
    """A limit that everything asked through one engine shares; None is no limit."""

    def __init__(self, limit: float | None, pricing: Pricing) -> None:
        self._where = pricing.endpoint.where
        if limit is not None and pricing.cost(1, 1) is None:
            raise ConfigError(
                f"the price of {self._where} is not known, so `max_cost` cannot be kept: leave it out, "
                "or name a model whose price is known"
            )
        self._limit = limit
        self._pricing = pricing
        self._spent = 0.0
        self._reserved = 0.0
        self._lock = threading.Lock()

    async def reserve(self, input_tokens: int, output_tokens: int) -> float:
        """Reserve the maximum cost of a call, once the calls under way leave room for it.

        Raises `BudgetSpent` where it could exceed the limit.
        """
        if self._limit is None:
            return 0.0
        cost = self._pricing.cost(input_tokens, output_tokens) or 0.0
        while not self._try_reserve(cost, self._limit):  # noqa: ASYNC110  (an Event belongs to one loop, a budget does not)
            await asyncio.sleep(_POLL)
        return cost

    def _try_reserve(self, cost: float, limit: float) -> bool:
        with self._lock:
            if self._spent + self._reserved + cost <= limit:
                self._reserved += cost
                return True
            if self._reserved > _ROUNDING:
                return False
        raise BudgetSpent(
            f"the next call to {self._where} could cost up to ${cost:.4f}, and ${self._spent:.4f} of "
            f"`max_cost` ${limit:g} are spent: raise it to go on"
        )

    def settle(self, reserved: float, cost: float) -> None:
        """Release a reservation, and count the real cost."""
        with self._lock:
            self._reserved -= reserved
            self._spent += cost
