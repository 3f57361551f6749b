"""Any language model behind one protocol: this package alone knows of keys, servers, retries, rate limits and money."""

import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ... import defaults

if TYPE_CHECKING:
    from ...prompting import Prompt
    from .client import ModelClient
    from .engine import LlmEngine
    from .providers import Endpoint
    from .rate_limit import RateLimits
    from .retry import RetryPolicy
    from .transports import Transport

__all__ = ["open_llm"]

MAX_OUTPUT_TOKENS = 4_096  # a full draft takes some 1,500; reasoning models think within the limit


def open_llm(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    prompt: "Prompt | str | Path" = defaults.PROMPT,
    prompts_folder: Path | None = None,
    timeout: float = defaults.TIMEOUT,
    concurrency: int = defaults.CONCURRENCY,
    rpm: int | None = None,
    tpm: int | None = None,
    max_cost: float | None = None,
    price: tuple[float, float] | None = None,
    trace: Path | None = None,
    memory: Path | None = None,
    max_output_tokens: int = MAX_OUTPUT_TOKENS,
    window: int | None = None,
    retry_policy: "RetryPolicy | None" = None,
    transport: "Callable[[Endpoint, float], Transport] | None" = None,
    rate_limits: "RateLimits | None" = None,
    environ: Mapping[str, str] | None = None,
) -> "LlmEngine":
    """Open the engine of a model, `provider/name`. Nothing is sent, and no SDK is imported yet.

    `price` is in US dollars per million tokens in and out, for a model that the price table does not know. `memory` is
    the small file of learned request modes (None: in the user's cache folder). `rate_limits` replaces the limits that
    the process shares, and `concurrency`, `rpm` and `tpm` with them. Raises `ConfigError` or `PromptError`.
    """
    from ...prompting import Prompt, find, user_folder
    from .engine import LlmEngine
    from .providers import resolve

    endpoint = resolve(model, base_url, api_key, os.environ if environ is None else environ)
    folder = prompts_folder or user_folder()
    template = prompt if isinstance(prompt, Prompt) else find(prompt, folder)
    settings = _ClientSettings(
        timeout=timeout,
        limits=(concurrency, rpm, tpm),
        max_cost=max_cost,
        price=price,
        trace=trace,
        memory=memory,
        max_output_tokens=max_output_tokens,
        retry_policy=retry_policy,
        transport=transport,
        rate_limits=rate_limits,
    )
    client = cache(partial(_open_client, endpoint, settings))
    if max_cost is not None or trace is not None:
        client()  # report what is wrong with either before anything is sent
    return LlmEngine(endpoint, client, template, limit=max_output_tokens, window=window, prompts_folder=folder)


class _ClientSettings(NamedTuple):
    """What a client is opened with; see `open_llm`."""

    timeout: float
    limits: tuple[int, int | None, int | None]
    max_cost: float | None
    price: tuple[float, float] | None
    trace: Path | None
    memory: Path | None
    max_output_tokens: int
    retry_policy: "RetryPolicy | None"
    transport: "Callable[[Endpoint, float], Transport] | None"
    rate_limits: "RateLimits | None"


def _open_client(endpoint: "Endpoint", settings: _ClientSettings) -> "ModelClient":
    """Open the client that the first request needs: what is answered from the cache never imports this."""
    from platformdirs import user_cache_path

    from . import rate_limit
    from .budget import Budget, Pricing
    from .client import ModelClient, Trace
    from .output_modes import LearnedModes
    from .retry import RetryPolicy
    from .transports import OpenAITransport, ProviderTransport

    transport = settings.transport or (OpenAITransport if endpoint.base_url else ProviderTransport)
    pricing = Pricing(endpoint, settings.price)
    memory = settings.memory or user_cache_path("summarizer", appauthor=False) / "request_modes.json"
    return ModelClient(
        endpoint=endpoint,
        transport=transport(endpoint, settings.timeout),
        modes=LearnedModes(memory),
        retry_policy=settings.retry_policy or RetryPolicy(),
        rate_limits=settings.rate_limits or rate_limit.shared(endpoint.address, *settings.limits),
        pricing=pricing,
        budget=Budget(settings.max_cost, pricing),
        trace=Trace(endpoint, settings.trace),
        limit=settings.max_output_tokens,
    )
