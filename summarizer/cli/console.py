"""What standard output can show: how wide it is, whether in colour, and whether it follows links."""

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ..schema import Article

_PLAIN = ("", "dumb", "unknown")
"""Terminals that know no colour."""
_WITHOUT_LINKS = ("linux", "cons25", "eterm", "vt")
"""Beginnings of the names of those that would print the address of a link, or lose the text."""


class ConsoleStyle(NamedTuple):
    """Of a pipe or a file, unless it says otherwise."""

    width: int | None = None
    color: bool = False
    links: bool = False


def look_of_standard_output() -> ConsoleStyle:
    """Ask the terminal; a pipe has no width, and `NO_COLOR` or a dumb terminal no colour."""
    if not sys.stdout.isatty():
        return ConsoleStyle()
    kind = os.environ.get("TERM", "").lower() if os.name != "nt" else "windows"
    color = kind not in _PLAIN and not os.environ.get("NO_COLOR")
    return ConsoleStyle(
        width=shutil.get_terminal_size().columns,
        color=color,
        links=color and not kind.startswith(_WITHOUT_LINKS),
    )


def address_of(article: Article | None) -> str | None:
    """Return the address of the article's file; None where its text is not that of a file."""
    if article is None or not article.source:
        return None
    path = Path(article.source)
    try:
        lines = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if lines.removeprefix("\ufeff") != article.text:
        return None  # an identifier that happens to be the name of a file, or a file that has changed
    return (
        f"file://{quote(os.uname().nodename)}{quote(str(path.resolve()))}"
        if os.name != "nt"
        else path.resolve().as_uri()
    )
