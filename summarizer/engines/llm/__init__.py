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

if TYPE_CHECKING:
    from ...prompting import Prompt
    from .endpoints import Endpoint
    from .engine import LlmEngine
    from .line import Line
    from .listing import Listed
    from .pacing import Pace
    from .patience import Patience
    from .wire import Wire

__all__ = ["list_models", "open_llm"]

MAX_OUTPUT_TOKENS = 4_096  # a full draft takes some 1,500; reasoning models think within the limit


def open_llm(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    prompt: "Prompt | str | Path" = "summarize",
    prompts_folder: Path | None = None,
    timeout: float = 120.0,
    concurrency: int = 8,
    rpm: int | None = None,
    tpm: int | None = None,
    max_cost: float | None = None,
    price: tuple[float, float] | None = None,
    trace: Path | None = None,
    memory: Path | None = None,
    max_output_tokens: int = MAX_OUTPUT_TOKENS,
    window: int | None = None,
    patience: "Patience | None" = None,
    wire: "Callable[[Endpoint, float], Wire] | None" = None,
    pace: "Pace | None" = None,
    environ: Mapping[str, str] | None = None,
) -> "LlmEngine":
    """Open the engine of a model, `provider/name`. Nothing is sent, and no client library is imported yet.

    `price` is in US dollars for a million tokens in and out, for a model that the table does not know.
    `memory` is the small file that remembers how servers want to be asked (None: in the user's cache
    folder). A `pace` or `patience` that is given replaces the shared one that the limits make. Raises
    `ConfigError` or `PromptError`.
    """
    from ...prompting import Prompt, find, user_folder
    from .endpoints import resolve
    from .engine import LlmEngine

    endpoint = resolve(model, base_url, api_key, os.environ if environ is None else environ)

    @cache
    def line() -> "Line":
        from . import pacing
        from .dialects import Dialects
        from .foreign import ProviderWire
        from .line import Line
        from .money import Purse, Tariff
        from .patience import Patience
        from .trace import Trace
        from .wire import OpenAIWire

        tariff = Tariff(endpoint, price)
        return Line(
            endpoint=endpoint,
            wire=(wire or (OpenAIWire if endpoint.base_url else ProviderWire))(endpoint, timeout),
            dialects=Dialects(memory or _memory()),
            patience=patience or Patience(),
            pace=pace or pacing.shared(endpoint.address, concurrency, rpm, tpm),
            tariff=tariff,
            purse=Purse(max_cost, tariff.cost, endpoint.where),
            trace=Trace(endpoint, trace),
            limit=max_output_tokens,
        )

    folder = prompts_folder or user_folder()
    template = prompt if isinstance(prompt, Prompt) else find(prompt, folder)
    if max_cost is not None or trace is not None:
        line()  # what is wrong with either is told now, and not when something is asked
    return LlmEngine(endpoint, line, template, limit=max_output_tokens, window=window, prompts_folder=folder)


def list_models(environ: Mapping[str, str] | None = None, chosen: str | None = None) -> "list[Listed]":
    """What can be used here and now, one row for each provider; see `listing`."""
    from . import listing

    return listing.list_models(os.environ if environ is None else environ, chosen)


def _memory() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("summarizer", appauthor=False) / "dialects.json"
