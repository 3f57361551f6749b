"""From parsed arguments to settings, and to the model that answers."""

from argparse import Namespace
from typing import Any

from ..settings import Settings, choose_model, read_settings
from .console import notify


def settings_from(arguments: Namespace, **overrides: Any) -> Settings:
    """Read the settings, with the options of a command over all others. Raises `ConfigError`."""
    options = {name: value for name, value in vars(arguments).items() if name in Settings.model_fields}
    return read_settings(**options | overrides)


def announced_model(arguments: Namespace, settings: Settings) -> str:
    """Choose the model, and report why where none was named."""
    choice = choose_model(settings)
    if not settings.model:
        notify(arguments, f"model {choice.model}: {choice.reason}")
    return choice.model
