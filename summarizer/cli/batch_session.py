"""What the actions of `summarizer batch` share: the settings, the journal, and the engine of a run."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from ..engines import open_language_model
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError
from ..provider_batch import AnsweredEngine, BatchRun, Journal
from ..settings import EXTRACTIVE, Settings, choose_model, read_settings

RUN_SETTINGS = ("model", "base_url", "language", "takeaways", "prompt")
"""The settings that a run keeps from its submission."""
IDENTITY = "identity"
"""The key of the engine's fingerprint among them."""


@dataclass(frozen=True)
class BatchSession:
    """One call of the command."""

    arguments: argparse.Namespace
    settings: Settings
    journal: Journal

    def open(self, settings: Settings) -> tuple[LlmEngine, AnsweredEngine]:
        """Open the engine and the answers; with a budget of zero, rejected claims are not repaired."""
        model = choose_model(settings).model
        if model == EXTRACTIVE:
            raise ConfigError("the extractive model has no batch service: choose a model with -m openai/NAME")
        silent = settings.max_cost == 0
        engine = open_language_model(model, settings.model_copy(update={"max_cost": None}) if silent else settings)
        place = settings.cache_place
        assert place is not None  # else there is no journal  # noqa: S101
        return engine, AnsweredEngine(engine, place, self.journal, silent=silent)

    def settings_of(self, run: BatchRun) -> Settings:
        """Return the settings with which a run was submitted, and the current budget."""
        kept = {name: value for name, value in run.settings.items() if name in RUN_SETTINGS and value is not None}
        return read_settings(**{**kept, "max_cost": self.settings.max_cost})


def journal_path(settings: Settings) -> Path:
    """Return where the journal is: beside the cache file if that is set, else in the user's state folder."""
    place = settings.cache_place
    if place is None:
        raise ConfigError("a batch needs the cache, where its answers are kept: unset SUMMARIZER_CACHE")
    if isinstance(place, Path) and settings.cache is not None:
        return place.with_name("batches.sqlite")
    from platformdirs import user_state_path

    return user_state_path("summarizer", appauthor=False) / "batches.sqlite"
