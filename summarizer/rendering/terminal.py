"""Text for a terminal, with rich: readable at 40 columns and at 200, in words before colours.

Every word of the article and of the model goes through `visible` and into a `Text`: rich would take "[sic]"
for markup and drop it, and passes on escape sequences as they are.
"""

import io
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..schema import Evidence, Partnership, Status
from .view import NONE_FOUND, View, claim_words, details, parties, reasons_words, status_words
from .visible import visible

NARROW = 72
"""Columns below which a table of partnerships would be mostly line breaks: they are shown one below the other."""
WIDEST = 100
"""Columns of running text: a longer line is hard to follow, however wide the terminal."""

_GAP = 3  # columns between two cells of a table
_COLOURS = {  # of the sixteen that every terminal has, legible on light and dark
    Status.ESTABLISHED: "bold green",
    Status.IN_TALKS: "bold yellow",
    Status.CONSIDERED: "bold cyan",
    Status.ABANDONED: "bold magenta",
    Status.ENDED: "bold blue",
    Status.DENIED: "bold red",
}
_FIGURES = r"[$€£¥]?\d(?:[\d.,'’\u00a0\u202f]*\d)?(?:[\s\u00a0\u202f]?[%‰€$£¥])?"
_LABELS = {"purpose": "Purpose", "region": "Region", "date": "Date", "source": "Source"}


def render_terminal(view: View) -> str:
    """Return the whole text for a terminal of `view.width` columns, with a line end."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=view.width or 80,
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        no_color=not view.color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for part in _parts(view, console.width):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _parts(view: View, width: int) -> Iterator[RenderableType]:
    yield _running(Text(view.title, "bold"), width)
    yield _running(Text(view.byline, "dim"), width)
    yield _heading(view.headings.takeaways)
    yield from _takeaways(view, width)
    yield _heading(view.headings.partnerships)
    yield from _partnerships(view, width)
    yield from _rejected(view, width)
    yield Text()
    for line in view.footer:
        yield _running(Text(line, "dim"), width)


def _running(text: Text, width: int, left: int = 0) -> RenderableType:
    return Padding(text, (0, max(0, width - WIDEST), 0, left), expand=False)


def _heading(words: str) -> RenderableType:
    return Group(Text(), Text(words, "bold underline"))


def _item(text: Text, width: int) -> RenderableType:
    """Hang a text on a bullet."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=1)
    row.add_column(overflow="fold")  # rich's own way with a long word is to cut it
    row.add_row(Text("•", "dim"), text)
    return Padding(row, (0, max(0, width - WIDEST), 0, 0), expand=False)


def _takeaways(view: View, width: int) -> Iterator[RenderableType]:
    for takeaway in view.summary.takeaways:
        text = Text(visible(takeaway.text))
        text.highlight_regex(_FIGURES, "bold")
        yield _item(text, width)
        yield from _quotes(view, takeaway.evidence, width)
    if not view.summary.takeaways:
        yield Text(NONE_FOUND, "dim")


def _partnerships(view: View, width: int) -> Iterator[RenderableType]:
    if not view.summary.partnerships:
        yield Text(NONE_FOUND, "dim")
    elif width >= NARROW and not view.quotes:
        yield _table(view.summary.partnerships, width)
    else:
        for partnership in view.summary.partnerships:
            yield _item(_lines(partnership), width)
            yield from _quotes(view, partnership.evidence, width)


def _status(status: Status) -> Text:
    return Text(status_words(status), _COLOURS[status])


def _table(partnerships: Sequence[Partnership], width: int) -> Table:
    """Lay partnerships out in columns; a detail that none of them has gets no column."""
    known = [details(partnership) for partnership in partnerships]
    labels = [label for label in _LABELS if any(label in each for each in known)]
    rows = [
        (Text(parties(each), "bold"), _status(each.status), *(Text(more.get(label, "–")) for label in labels))
        for each, more in zip(partnerships, known, strict=True)
    ]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    header = [Text(words) for words in ("Parties", "Status", *(_LABELS[label] for label in labels))]
    for head, column in zip(header, _widths([header, *rows], width - _GAP * (len(header) - 1)), strict=True):
        table.add_column(head, width=column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _widths(rows: Sequence[Sequence[Text]], room: int) -> list[int]:
    """Share the room out: each column has what it needs, as long as the widest ones can give it."""
    widths = [max(text.cell_len for text in column) for column in zip(*rows, strict=True)]
    while sum(widths) > room:
        widths[max(range(len(widths)), key=lambda i: widths[i] * (1 if i else 0.7))] -= 1  # names give last
    return widths


def _lines(partnership: Partnership) -> Text:
    """Lay a partnership out in lines."""
    text = Text.assemble((parties(partnership), "bold"), ": ", _status(partnership.status))
    for label, value in details(partnership).items():
        text.append(f"\n{label}: ", "dim").append(value)
    return text


def _quotes(view: View, evidence: Sequence[Evidence], width: int) -> Iterator[RenderableType]:
    if view.quotes:
        for each in evidence:
            text = Text.assemble((f"“{visible(each.quote)}”", "italic"))
            if place := view.place(each):
                text.append(f" ({place})", "dim")
            yield _running(text, width, left=4)


def _rejected(view: View, width: int) -> Iterator[RenderableType]:
    if view.summary.rejected and view.rejected_in_full:
        yield _heading(view.headings.rejected)
        for each in view.summary.rejected:
            text = Text.assemble((f"{each.kind}: ", "dim"), claim_words(each), (f"\n{reasons_words(each)}", "red"))
            yield _item(text, width)
    elif view.summary.rejected:
        yield Text()
        yield _running(Text(view.rejected_count, "red"), width)
