"""Any language model behind one door: this room alone knows of keys, servers, retries, pacing and money.

endpoints  who is asked            dialects  how it wants to be asked      wire      one request
patience   sent again as it is     pacing    how fast                      money     at what price
line       one call, all of that   reading   from an answer to a draft     mending   without a call
drafting   one passage, one draft  second    what failed, what was kept    choosing  what is the whole's
engine     the protocol            trace     what happened
"""

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...settings import DEFAULT_CONCURRENCY, DEFAULT_PROMPT, DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from ...prompting import Prompt
    from .client import ModelClient
    from .engine import LlmEngine
    from .model_listing import ListedModel
    from .providers import Endpoint
    from .rate_limit import RateLimits
    from .retry import RetryPolicy
    from .transports.openai_transport import Transport

__all__ = ["list_models", "open_llm"]

MAX_OUTPUT_TOKENS = 4_096  # a full draft takes some 1,500; reasoning models think within the limit


def open_llm(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    prompt: "Prompt | str | Path" = DEFAULT_PROMPT,
    prompts_folder: Path | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    concurrency: int = DEFAULT_CONCURRENCY,
    rpm: int | None = None,
    tpm: int | None = None,
    max_cost: float | None = None,
    price: tuple[float, float] | None = None,
    trace: Path | None = None,
    memory: Path | None = None,
    max_output_tokens: int = MAX_OUTPUT_TOKENS,
    window: int | None = None,
    patience: "RetryPolicy | None" = None,
    wire: "Callable[[Endpoint, float], Transport] | None" = None,
    pace: "RateLimits | None" = None,
    environ: Mapping[str, str] | None = None,
) -> "LlmEngine":
    """Open the engine of a model, `provider/name`. Nothing is sent, and no client library is imported yet.

    `price` is in US dollars for a million tokens in and out, for a model that the table does not know.
    `memory` is the small file that remembers how servers want to be asked (None: in the user's cache
    folder). A `pace` or `patience` that is given replaces the shared one that the limits make. Raises
    `ConfigError` or `PromptError`.
    """
    from ...prompting import Prompt, find, user_folder
    from .engine import LlmEngine
    from .providers import resolve

    endpoint = resolve(model, base_url, api_key, os.environ if environ is None else environ)

    @cache
    def line() -> "ModelClient":
        from . import rate_limit
        from .client import ModelClient
        from .output_modes import RequestModes
        from .pricing import Budget, Pricing
        from .retry import RetryPolicy
        from .trace import Trace
        from .transports.openai_transport import OpenAITransport
        from .transports.sdk_transport import ProviderTransport

        tariff = Pricing(endpoint, price)
        return ModelClient(
            endpoint=endpoint,
            wire=(wire or (OpenAITransport if endpoint.base_url else ProviderTransport))(endpoint, timeout),
            dialects=RequestModes(memory or _memory()),
            patience=patience or RetryPolicy(),
            pace=pace or rate_limit.shared(endpoint.address, concurrency, rpm, tpm),
            tariff=tariff,
            purse=Budget(max_cost, tariff.cost, endpoint.where),
            trace=Trace(endpoint, trace),
            limit=max_output_tokens,
        )

    folder = prompts_folder or user_folder()
    template = prompt if isinstance(prompt, Prompt) else find(prompt, folder)
    if max_cost is not None or trace is not None:
        line()  # what is wrong with either is told now, and not when something is asked
    return LlmEngine(endpoint, line, template, limit=max_output_tokens, window=window, prompts_folder=folder)


def list_models(environ: Mapping[str, str] | None = None, chosen: str | None = None) -> "list[ListedModel]":
    """What can be used here and now, one row for each provider; see `model_listing`."""
    from . import model_listing

    return model_listing.list_models(os.environ if environ is None else environ, chosen)


def _memory() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("summarizer", appauthor=False) / "dialects.json"
