"""What parsed arguments stand for: settings, the model that answers, and how a summary is shown."""

import os
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any, TypeVar
from urllib.parse import quote

from ..errors import ConfigError
from ..rendering import Format, Rows, render
from ..rendering.formats import OutputFormat
from ..schema import Article, Summary
from ..settings import Settings, choose_model, read_settings
from .console import console_style, notify
from .parser import listed
from .sinks import RenderSummary

_Format = TypeVar("_Format", bound=OutputFormat)


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
    """Return the format of summaries or verdicts, as `format_among`."""
    return format_among(Format, arguments)


def format_among(formats: Iterable[_Format], arguments: Namespace) -> _Format:
    """Return the format that was asked for, else the one of the output's suffix, else the first.

    Raises `ConfigError` for a suffix that stands for none of them: what is written would not be what it is called.
    """
    known = tuple(formats)
    suffix = PurePath(arguments.output or "").suffix.lower()
    if arguments.format:
        return next(each for each in known if each == arguments.format)
    if not suffix or arguments.output.endswith(("/", os.sep)) or Path(arguments.output).is_dir():
        return known[0]
    if found := next((each for each in known if suffix in each.suffixes), None):
        return found
    suffixes = listed(suffix for each in known for suffix in each.suffixes)
    raise ConfigError(f"cannot write {suffix} files, as {arguments.output!r}: use {suffixes}, or name a format with -f")


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
