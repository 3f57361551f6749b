"""`render(summary, article, format)`: a table of the formats, each in a room of its own.

What an article or a model says is hostile until shown: in no format can it become markup, a formula, a
link, or a sequence that steers a terminal, and in none is it lost.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from ..errors import ConfigError
from ..schema import Article, Summary
from .summary_view import Rows, SummaryView

_Choice = TypeVar("_Choice", bound=StrEnum)


class Format(StrEnum):
    """What a summary can be shown as."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"


def render(
    summary: Summary,
    article: Article | None,
    format: Format | str = Format.TEXT,
    *,
    quotes: bool = False,
    verbose: bool = False,
    width: int | None = None,
    color: bool = False,
    address: str | None = None,
    rows: Rows | str = Rows.PARTNERSHIPS,
) -> str:
    """Show a summary; the string ends with a line end.

    `quotes` shows the evidence under each claim (json, jsonl, csv and html always have it), `verbose` what
    was rejected in full. `width` is that of a terminal: without it, text is laid out for a pipe, a line for
    each claim. `address` is that of the article's file, `file://…`, for a terminal that follows links; `rows` says what
    a row of csv is. Raises `ConfigError` where there is no such format, or no such row.
    """
    renderer = _RENDERERS[_one_of(Format, format, "format")]
    view = SummaryView(
        summary,
        article,
        quotes=quotes,
        verbose=verbose,
        width=width,
        color=color,
        address=address,
        rows=_one_of(Rows, rows, "row"),
    )
    return renderer(view)


def _one_of(choices: type[_Choice], asked: str, what: str) -> _Choice:
    try:
        return choices(asked)
    except ValueError:
        raise ConfigError(f"there is no {what} {str(asked)!r}; the {what}s are {', '.join(choices)}") from None


def _text(view: SummaryView) -> str:
    if view.width is None and not view.color:
        from .plain import render_plain

        return render_plain(view)
    from .terminal import render_terminal

    return render_terminal(view)


def _json(view: SummaryView) -> str:
    from .json_csv import render_json

    return render_json(view)


def _jsonl(view: SummaryView) -> str:
    from .json_csv import render_jsonl

    return render_jsonl(view)


def _csv(view: SummaryView) -> str:
    from .json_csv import render_csv

    return render_csv(view)


def _markdown(view: SummaryView) -> str:
    from .markdown import render_markdown

    return render_markdown(view)


def _html(view: SummaryView) -> str:
    from .html import render_html

    return render_html(view)


# Each imports what it needs when it is asked, so that a pipe never waits for rich.
_RENDERERS: Mapping[Format, Callable[[SummaryView], str]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.JSONL: _jsonl,
    Format.MARKDOWN: _markdown,
    Format.HTML: _html,
    Format.CSV: _csv,
}
