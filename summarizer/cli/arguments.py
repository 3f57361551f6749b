"""What parsed arguments stand for: settings, the model that answers, and how a summary is shown."""

import os
from argparse import Namespace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..rendering import Format, Rows, render
from ..schema import Article, Summary
from ..settings import Settings, choose_model, read_settings
from .console import console_style, notify
from .sinks import RenderSummary


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


def chosen_format(arguments: Namespace) -> Format:
    """Return the format that was asked for, else the one of the output's suffix, else text."""
    return Format(arguments.format or Format.of_path(arguments.output) or Format.TEXT)


def view_options(arguments: Namespace) -> str:
    """Return the options that change only how a summary is shown, as part of a fingerprint."""
    rows = arguments.rows
    chosen = {"quotes": arguments.quotes, "verbose": arguments.verbose, rows: rows != Rows.PARTNERSHIPS}
    return "".join(f"+{name}" for name, given in chosen.items() if given)


def renderer(arguments: Namespace) -> RenderSummary:
    """Return the function that renders a summary as the arguments say, in the style of the output it goes to."""
    style = console_style(arguments.output)
    format = chosen_format(arguments)

    def rendered(summary: Summary, article: Article | None) -> str:
        return render(
            summary,
            article,
            format,
            quotes=arguments.quotes,
            verbose=arguments.verbose,
            width=style.width,
            color=style.color,
            address=_file_url(article) if style.links and arguments.quotes else None,
            rows=arguments.rows,
        )

    return rendered


def _file_url(article: Article | None) -> str | None:
    """Return the URL of the article's file; None if its text is not that of a file."""
    if article is None or not article.source:
        return None
    path = Path(article.source)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if text.removeprefix("\ufeff") != article.text:
        return None  # an identifier that happens to be the name of a file, or a file that has changed
    if os.name == "nt":
        return path.resolve().as_uri()
    return f"file://{quote(os.uname().nodename)}{quote(str(path.resolve()))}"
