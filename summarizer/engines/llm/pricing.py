"""What a call costs: by a given price, else by the price table."""

from dataclasses import dataclass
from functools import cached_property

from .providers import PROVIDERS, Endpoint

Price = tuple[float, float]
"""US dollars per million input tokens, and per million output tokens."""


@dataclass(frozen=True)
class Pricing:
    """The price of a model: the given one, else the one in the table of genai-prices, else unknown."""

    endpoint: Endpoint
    given: Price | None = None

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars for so many tokens; None where the price is unknown, which is never 0."""
        if self.given is not None:
            return (input_tokens * self.given[0] + output_tokens * self.given[1]) / 1_000_000
        return _listed(self.endpoint, input_tokens, output_tokens) if self._is_listed else None

    @cached_property
    def _is_listed(self) -> bool:
        """Whether the table has the model, looked up once: a failed look-up searches the whole table."""
        return _listed(self.endpoint, 1, 1) is not None


def _listed(endpoint: Endpoint, input_tokens: int, output_tokens: int) -> float | None:
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        if endpoint.base_url is not None:  # a gateway sets its own prices: only known addresses are listed
            return float(calc_price(usage, endpoint.name, provider_api_url=endpoint.base_url).total_price)
        name = PROVIDERS[endpoint.provider].price_name or endpoint.provider
        return float(calc_price(usage, endpoint.name, provider_id=name).total_price)
    except (LookupError, ValueError):
        return None
