"""What proposes a draft: money, network, chance and test doubles all live behind one protocol, `Engine`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigError
from ..plugins import ENGINES, plugin
from ..protocols import Engine, OpenEngine
from ..settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from .llm.engine import LlmEngine


__all__ = ["open_engine", "open_language_model"]


def open_engine(
    model: str,
    settings: Settings,
    *,
    api_key: str | None = None,
    refresh: bool = False,
    trace: Path | None = None,
    warn: Callable[[str], None] | None = None,
) -> OpenEngine:
    """Open the engine of a model, with the cache around it; no request is made yet.

    The embedded model is not cached: it answers faster than a cache would. `warn` is called once if the cache cannot be
    used. Raises `ConfigError` or `PromptError`.
    """
    if model == EXTRACTIVE:
        from .extractive import ExtractiveEngine

        return ExtractiveEngine()
    engine = _of_another_package(model, settings)
    place = settings.cache_place
    if engine is None:
        engine = open_language_model(model, settings, api_key=api_key, trace=trace)
        if place is None:
            return engine
    from ..cache import CachedEngine, CacheMode

    mode = CacheMode.OFF if place is None else CacheMode.REFRESH if refresh else CacheMode.READ_WRITE
    return CachedEngine(engine, place or Path(os.devnull), mode=mode, warn=warn)


def _of_another_package(model: str, settings: Settings) -> Engine | None:
    """Open an engine that an installed package offers; None where the model is one of ours. Raises `ConfigError`."""
    from .llm.providers import PROVIDERS

    provider = model.partition("/")[0]
    if provider in PROVIDERS or settings.base_url is not None:
        return None
    opened = plugin(ENGINES, provider)
    engine: Engine | None = None if opened is None else opened(model, settings)
    return engine


def open_language_model(
    model: str, settings: Settings, *, api_key: str | None = None, trace: Path | None = None
) -> "LlmEngine":
    """Open a language model without a cache: for a preview, or for a second opinion.

    Raises `ConfigError`, also for the embedded model, which has neither.
    """
    if model == EXTRACTIVE:
        raise ConfigError("the embedded model has no prompt and no opinion: name a language model, openai/NAME for one")
    from .llm import open_llm

    return open_llm(
        model,
        base_url=settings.base_url if settings.base_url_applies_to(model) else None,
        api_key=api_key,
        prompt=settings.prompt,
        timeout=settings.timeout,
        concurrency=settings.concurrency,
        window=settings.window,
        rpm=settings.rpm,
        tpm=settings.tpm,
        max_cost=settings.max_cost,
        trace=trace,
    )
