"""How a summary is shown: the format that was asked for, in the style of the output it goes to."""

import os
from argparse import Namespace
from pathlib import Path
from urllib.parse import quote

from ..rendering import Format, Rows, render
from ..schema import Article, Summary
from .console import ConsoleStyle, console_style
from .sinks import RenderSummary


def chosen_format(arguments: Namespace) -> Format:
    """Return the format that was asked for, else the one of the output's suffix, else text."""
    return Format(arguments.format or Format.of_path(arguments.output) or Format.TEXT)


def view_options(arguments: Namespace) -> str:
    """Return the options that change only how a summary is shown, as part of a fingerprint."""
    rows = arguments.rows
    chosen = {"quotes": arguments.quotes, "verbose": arguments.verbose, rows: rows != Rows.PARTNERSHIPS}
    return "".join(f"+{name}" for name, given in chosen.items() if given)


def renderer(arguments: Namespace) -> RenderSummary:
    """Return the function that renders a summary as the arguments say."""
    style = console_style() if arguments.output is None else ConsoleStyle()
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
            address=file_url(article) if style.links and arguments.quotes else None,
            rows=arguments.rows,
        )

    return rendered


def file_url(article: Article | None) -> str | None:
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
