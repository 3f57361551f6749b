"""Text for a terminal, with rich: readable at 40 columns and at 200, in words before colours.

Every word of the article and of the model goes through `visible` and into a `Text`: rich would take "[sic]"
for markup and drop it, and passes on escape sequences as they are.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..language.lexicon import lexicon
from ..language.numbers import numbers
from ..schema import Evidence, Partnership, Status
from .control_characters import visible
from .summary_view import SIGNS, SummaryView, capital, parties, reasons_words

NARROW = 72
"""Columns below which a table of partnerships would be mostly line breaks: they are shown one below the other."""
WIDEST = 100
"""Columns of running text: a longer line is hard to follow, however wide the terminal."""

_GAP = 3  # columns between two cells of a table
COLOURS = {  # of the sign before a status only: no colour is legible on every background
    Status.ESTABLISHED: "green",
    Status.IN_TALKS: "yellow",
    Status.CONSIDERED: "cyan",
    Status.ABANDONED: "magenta",
    Status.ENDED: "blue",
    Status.DENIED: "red",
}
_WEIGHTS = {0: 0.7, 1: 0.5}
"""Of the columns that give last when the room is short: the names, and before them the status."""
_GLUE = {0xA0: "\U0010fff0", 0x202F: "\U0010fff1"}
"""What stands for the spaces that no line may end at, while rich breaks lines: it knows none such. Of the private
characters that `visible` spells out, so that no text holds them."""
_HELD = "\U0010fff2"
"""The same for an ordinary space of ours."""
_SPACES: dict[int, int | str] = {**{ord(glue): space for space, glue in _GLUE.items()}, ord(_HELD): " "}
_LINK_NUMBER = re.compile(r"(?<=\x1b\]8;)id=\d+(?=;)")
"""Of a link, which rich makes up: without it the same summary is always the same text."""


def render_terminal(view: SummaryView) -> str:
    """Return the whole text for a terminal of `view.width` columns, with a line end."""
    width = view.width or 80
    return printed(_parts(view, width), width, color=view.color)


def printed(parts: Iterable[RenderableType], width: int, *, color: bool) -> str:
    """Return what rich prints on a terminal of so many columns, with a line end."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for part in parts:
        console.print(part)
    text = _LINK_NUMBER.sub("", out.getvalue()).translate(_SPACES)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _parts(view: SummaryView, width: int) -> Iterator[RenderableType]:
    yield _running(Text(view.title, "bold"), width)
    yield _running(Text(view.byline, "dim"), width)
    yield _heading(view.words.takeaways)
    yield from _takeaways(view, width)
    yield _heading(view.words.partnerships)
    yield from _partnerships(view, width)
    yield from _rejected(view, width)
    yield Text()
    for line in view.footer:
        yield _running(Text(line, "dim"), width)


def _glued(text: Text) -> Text:
    """Hold together what a space without a break holds together: "11 %" in French, the number of a line."""
    glued = text.copy()
    glued.plain = text.plain.translate(_GLUE)
    return glued


def _running(text: Text, width: int, left: int = 0) -> RenderableType:
    return Padding(_glued(text), (0, max(0, width - WIDEST), 0, left), expand=False)


def _heading(words: str) -> RenderableType:
    return Group(Text(), Text(words, "bold underline"))


def _item(text: Text, width: int) -> RenderableType:
    """Hang a text on a bullet."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=1)
    row.add_column(overflow="fold")  # rich's own way with a long word is to cut it
    row.add_row(Text("•", "dim"), _glued(text))
    return Padding(row, (0, max(0, width - WIDEST), 0, 0), expand=False)


def _takeaways(view: SummaryView, width: int) -> Iterator[RenderableType]:
    for takeaway in view.summary.takeaways:
        yield _item(_figures(visible(takeaway.text), view.words.language), width)
        yield from _quotes(view, takeaway.evidence, width)
    if not view.summary.takeaways:
        yield Text(view.words.none_found, "dim")


def _figures(words: str, language: str) -> Text:
    """Make the figures stand out, each with its scale and unit; numbers in words are left alone."""
    text = Text(words)
    for number in numbers(words, lexicon(language)):
        figure = words[number.start : number.end].rstrip(" .,;")
        if any(map(str.isdigit, figure)):
            text.stylize("bold", number.start, number.start + len(figure))
    return text


def _partnerships(view: SummaryView, width: int) -> Iterator[RenderableType]:
    if not view.summary.partnerships:
        yield Text(view.words.none_found, "dim")
    elif width >= NARROW and not view.quotes:
        yield _table(view, width)
    else:
        for partnership in view.summary.partnerships:
            yield _item(_lines(view, partnership), width)
            yield from _quotes(view, partnership.evidence, width)


def _status(view: SummaryView, status: Status) -> Text:
    return Text.assemble((SIGNS[status], COLOURS[status]), f" {view.words.of_status(status)}")


def _table(view: SummaryView, width: int) -> Table:
    """Lay partnerships out in columns; a detail that none of them has gets no column."""
    known = [view.details(partnership) for partnership in view.summary.partnerships]
    labels = [label for label in view.words.details if any(label in each for each in known)]
    rows = [
        (Text(parties(each), "bold"), _status(view, each.status), *(Text(more.get(label, "–")) for label in labels))
        for each, more in zip(view.summary.partnerships, known, strict=True)
    ]
    return in_columns((view.words.parties, view.words.status, *labels), rows, width)


def in_columns(labels: Sequence[str], rows: Sequence[Sequence[Text]], width: int) -> Table:
    """Lay rows out in columns that fill no more than `width`."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    header = [Text(capital(label)) for label in labels]
    for head, column in zip(header, _widths([header, *rows], width - _GAP * (len(header) - 1)), strict=True):
        table.add_column(head, width=column, overflow="fold")
    for row in rows:
        table.add_row(*map(_glued, row))
    return table


def _widths(rows: Sequence[Sequence[Text]], room: int) -> list[int]:
    """Share the room out: each column has what it needs, as long as the widest ones can give it."""
    widths = [max(text.cell_len for text in column) for column in zip(*rows, strict=True)]
    while sum(widths) > room:
        widths[max(range(len(widths)), key=lambda i: widths[i] * _WEIGHTS.get(i, 1))] -= 1
    return widths


def _lines(view: SummaryView, partnership: Partnership) -> Text:
    """Lay a partnership out in lines."""
    status = _status(view, partnership.status)
    text = Text.assemble((parties(partnership), "bold"), view.words.colon, status)
    for label, value in view.details(partnership).items():
        text.append(f"\n{label}{view.words.colon}", "dim").append(value)
    return text


def _quotes(view: SummaryView, evidence: Sequence[Evidence], width: int) -> Iterator[RenderableType]:
    if view.quotes:
        for each in evidence:
            text = Text.assemble((f"“{visible(each.quote)}”", "italic"))
            if place := view.place(each).replace(" ", _HELD, 1):
                text.append(" (", "dim").append(place, _link(view, each)).append(")", "dim")
            yield _running(text, width, left=4)


def _link(view: SummaryView, evidence: Evidence) -> str:
    """The style of a place: a link to that line of the file, where the terminal can follow one."""
    line = view.line(evidence)
    return "dim" if view.address is None or line is None else f"dim link {view.address}#{line}"


def _rejected(view: SummaryView, width: int) -> Iterator[RenderableType]:
    if view.summary.rejected and view.rejected_in_full:
        yield _heading(view.words.rejected)
        for each in view.summary.rejected:
            text = Text.assemble((f"{view.words.of_kind(each.kind)}{view.words.colon}", "dim"), view.claim_words(each))
            text.append(f"\n{reasons_words(each)}", "red")
            yield _item(text, width)
    elif view.summary.rejected:
        yield Text()
        yield _running(Text(view.rejected_count, "red"), width)
