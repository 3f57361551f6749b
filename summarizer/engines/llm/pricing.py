"""What a call costs, what it can cost at the most, and the purse that no call may overdraw."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ...errors import ConfigError, EngineRefused
from .providers import Endpoint

_NAMES = {"gemini": "google", "bedrock": "aws", "azure_openai": "azure", "xai": "x-ai"}
_ROOM = 0.02  # seconds between two looks at whether the calls under way have left room
_NOTHING = 1e-12  # US dollars: what sums of floats leave behind
Price = tuple[float, float]
"""US dollars for a million tokens read, and for a million tokens written."""


class BudgetSpent(EngineRefused):
    """The next call could cost more than what is left of the budget."""


@dataclass(frozen=True)
class Pricing:
    """What a model costs: a price that was given, else the one in the table of genai-prices, else unknown."""

    endpoint: Endpoint
    given: Price | None = None

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars for so many tokens; None where the price is unknown, which is never 0."""
        if self.given is not None:
            return (input_tokens * self.given[0] + output_tokens * self.given[1]) / 1_000_000
        return _listed(self.endpoint, input_tokens, output_tokens) if self._is_listed else None

    @cached_property
    def _is_listed(self) -> bool:
        """Whether the table has the model: to look for one that it has not takes as long each time."""
        return self.endpoint.provider != "ollama" and _listed(self.endpoint, 1, 1) is not None


def _listed(endpoint: Endpoint, input_tokens: int, output_tokens: int) -> float | None:
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        if endpoint.base_url is not None:  # a gateway may charge what it likes: only known addresses have a price
            return float(calc_price(usage, endpoint.name, provider_api_url=endpoint.base_url).total_price)
        name = _NAMES.get(endpoint.provider, endpoint.provider)
        return float(calc_price(usage, endpoint.name, provider_id=name).total_price)
    except (LookupError, ValueError):
        return None


class Budget:
    """A budget in US dollars that everything asked through one engine shares; None is no bound."""

    def __init__(self, most: float | None, cost: Callable[[int, int], float | None], where: str) -> None:
        if most is not None and cost(1, 1) is None:
            raise ConfigError(
                f"the price of {where} is not known, so --max-cost cannot be kept: leave it out, "
                "or name a model whose price is known"
            )
        self._most = most
        self._cost = cost
        self._where = where
        self._spent = 0.0
        self._held = 0.0
        self._lock = threading.Lock()

    @property
    def spent(self) -> float:
        """What was spent so far, as far as prices are known."""
        return self._spent

    async def hold(self, input_tokens: int, output_tokens: int) -> float:
        """Set aside what a call can cost at the most, once the calls under way leave room for it.

        Raises `BudgetSpent` where it could exceed the budget.
        """
        if self._most is None:
            return 0.0
        bound = self._cost(input_tokens, output_tokens) or 0.0
        while not self._take(bound):  # noqa: ASYNC110  (an Event belongs to one loop, a purse does not)
            await asyncio.sleep(_ROOM)
        return bound

    def _take(self, bound: float) -> bool:
        with self._lock:
            if self._spent + self._held + bound <= (self._most or 0.0):
                self._held += bound
                return True
            if self._held > _NOTHING:
                return False
        raise BudgetSpent(
            f"the next call to {self._where} could cost up to ${bound:.4f}, and ${self._spent:.4f} of "
            f"--max-cost ${self._most:g} are spent: raise it to go on"
        )

    def pay(self, held: float, cost: float | None) -> None:
        """Give back what was set aside, and count what was really spent."""
        with self._lock:
            self._held -= held
            self._spent += cost or 0.0


def most_tokens(text: str) -> int:
    """A true upper bound: tokenizers work on bytes, and none makes more tokens than there are bytes."""
    return len(text.encode("utf-8", "surrogatepass"))
