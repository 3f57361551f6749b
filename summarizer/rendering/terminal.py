"""Text for a terminal, with rich: readable at 40 columns and at 200, and without colours.

Untrusted text goes through `visible` and into a `Text`: rich would take "[sic]" for markup and drop it, and does not
escape control sequences.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..language.lexicon import lexicon
from ..language.numbers import numbers
from ..schema import Evidence, Partnership, Status, Takeaway
from .control_characters import visible
from .graph_view import (
    DETAILS,
    WITHOUT_DATE,
    WORDS,
    GraphView,
    conflict_words,
    counted,
    details,
    disputed,
    earlier,
    pair,
    quotes,
    when,
    who_says,
)
from .summary_view import SIGNS, Labels, SummaryView, capital, parties, reasons_words

if TYPE_CHECKING:
    from ..graph import Edge, State

NARROW = 72
"""Columns below which partnerships are listed rather than shown as a table."""
WIDEST = 100
"""Columns of running text: longer lines are hard to read."""
ROOMY = 110
"""Columns from which on the table of a graph has the purpose."""

_GAP = 3  # columns between two cells of a table
_COLOURS = {  # of the symbol only: no colour is legible on every background
    Status.ESTABLISHED: "green",
    Status.IN_TALKS: "yellow",
    Status.CONSIDERED: "cyan",
    Status.ABANDONED: "magenta",
    Status.ENDED: "blue",
    Status.DENIED: "red",
}
_WEIGHTS = {0: 0.7, 1: 0.5}
"""By column: the parties and the status are narrowed last where space is short."""
_GLUE = {0xA0: "\U0010fff0", 0x202F: "\U0010fff1"}
"""Stand-ins for no-break spaces while rich breaks lines, because it breaks at them. `visible` escapes these private
characters, so that no text contains them."""
_HELD = "\U0010fff2"
"""The stand-in for an ordinary space at which no line may break."""
_SPACES: dict[int, int | str] = {**{ord(glue): space for space, glue in _GLUE.items()}, ord(_HELD): " "}
_LINK_NUMBER = re.compile(r"(?<=\x1b\]8;)id=\d+(?=;)")
"""The random id of a link: without it the output is deterministic."""


def render_summary(view: SummaryView) -> str:
    """Return the text for a terminal of `view.width` columns, with a line end."""
    width = view.width or 80
    return _printed(_parts(view, width), width, color=view.color)


def render_lines(
    lines: Iterable[tuple[int, Sequence[tuple[str, str]]]], width: int | None, *, color: bool = False
) -> str:
    """Return lines, each the columns on its left and its pieces with their styles, broken at words."""
    width = width or 80
    texts = ((left, Text.assemble(*pieces)) for left, pieces in lines)
    return _printed((_running(text, width, left) if text else Text() for left, text in texts), width, color=color)


def _printed(parts: Iterable[RenderableType], width: int, *, color: bool) -> str:
    """Return what rich prints on a terminal of `width` columns, with a line end."""
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
    """Replace no-break spaces by their stand-ins."""
    glued = text.copy()
    glued.plain = text.plain.translate(_GLUE)
    return glued


def _running(text: Text, width: int, left: int = 0) -> RenderableType:
    return Padding(_glued(text), (0, max(0, width - WIDEST), 0, left), expand=False)


def _heading(words: str) -> RenderableType:
    return Group(Text(), Text(words, "bold underline"))


def _item(text: Text, width: int) -> RenderableType:
    """A bulleted item with a hanging indent."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=1)
    row.add_column(overflow="fold")  # by default rich truncates a long word
    row.add_row(Text("•", "dim"), _glued(text))
    return Padding(row, (0, max(0, width - WIDEST), 0, 0), expand=False)


def _takeaways(view: SummaryView, width: int) -> Iterator[RenderableType]:
    for takeaway in view.summary.takeaways:
        text = _figures(visible(takeaway.text), view.words.language)
        own = view.own_quote(takeaway) if view.quotes else None
        if own is not None:
            text = Text.assemble("“", text, "”", _place(view, own))
        yield _item(text.append_text(_settled(view, takeaway, " ")), width)
        yield from _doubts(view, takeaway, width)
        yield from _quotes(view, [each for each in takeaway.evidence if each is not own], width)
    if not view.summary.takeaways:
        yield Text(view.words.none_found, "dim")


def _figures(words: str, language: str) -> Text:
    """Embolden figures with their scale and unit; numbers in words are unchanged."""
    text = Text(words)
    for number in numbers(words, lexicon(language)):
        figure = words[number.start : number.end].rstrip(" .,;")
        if any(map(str.isdigit, figure)):
            text.stylize("bold", number.start, number.start + len(figure))
    return text


def _partnerships(view: SummaryView, width: int) -> Iterator[RenderableType]:
    if not view.summary.partnerships:
        yield Text(view.no_partnerships, "dim")
    elif (
        width >= NARROW
        and not view.quotes
        and not any(map(view.doubts, view.summary.partnerships))
        and (table := _table(view, width))
    ):
        yield table
    else:
        for partnership in view.summary.partnerships:
            yield _item(_lines(view, partnership), width)
            yield from _doubts(view, partnership, width)
            yield from _quotes(view, partnership.evidence, width)


def _settled(view: SummaryView, claim: Takeaway | Partnership, before: str) -> Text:
    settled = view.settled(claim)
    return Text(f"{before}({settled})" if settled else "", "dim")


def _doubts(view: SummaryView, claim: Takeaway | Partnership, width: int) -> Iterator[RenderableType]:
    yield from (_running(Text(doubt, "dim"), width, left=4) for doubt in view.doubts(claim))


def _status(status: Status, words: Labels = WORDS) -> Text:
    return Text.assemble((SIGNS[status], _COLOURS[status]), f" {words.statuses[status]}")


def _table(view: SummaryView, width: int) -> Table | None:
    """A table of partnerships, with a column for each optional field that occurs; None where it would divide words."""
    known = [view.details(partnership) for partnership in view.summary.partnerships]
    labels = [label for label in view.words.labels.values() if any(label in each for each in known)]
    rows = [
        (
            Text.assemble((parties(each), "bold"), _settled(view, each, "\n")),
            _status(each.status, view.words),
            *(Text(more.get(label, "–")) for label in labels),
        )
        for each, more in zip(view.summary.partnerships, known, strict=True)
    ]
    labels = [view.words.parties, view.words.status, *labels]
    words = sum(_longest_words([list(map(Text, labels)), *rows])) + _GAP * (len(labels) - 1)
    return _in_columns(labels, rows, width) if words <= width else None


def _in_columns(labels: Sequence[str], rows: Sequence[Sequence[Text]], width: int) -> Table:
    """Return a table of at most `width` columns."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    header = [Text(capital(label)) for label in labels]
    for head, column in zip(header, _widths([header, *rows], width - _GAP * (len(header) - 1)), strict=True):
        table.add_column(head, width=column, overflow="fold")
    for row in rows:
        table.add_row(*map(_glued, row))
    return table


def _widths(rows: Sequence[Sequence[Text]], room: int) -> list[int]:
    """Return the widths of the columns: the widest are narrowed until all fit, words divided only if they must be."""
    widths = [max(line.cell_len for text in column for line in text.split()) for column in zip(*rows, strict=True)]
    words = _longest_words(rows)
    while sum(widths) > room:
        wide = [i for i, width in enumerate(widths) if width > words[i]] or range(len(widths))
        widths[max(wide, key=lambda i: widths[i] * _WEIGHTS.get(i, 1))] -= 1
    return widths


def _longest_words(rows: Sequence[Sequence[Text]]) -> list[int]:
    """Return the width of the longest word of each column."""
    return [max(cell_len(word) for text in column for word in text.plain.split()) for column in zip(*rows, strict=True)]


def _lines(view: SummaryView, partnership: Partnership) -> Text:
    """A partnership as lines."""
    status = _status(partnership.status, view.words)
    text = Text.assemble((parties(partnership), "bold"), view.words.colon, status)
    for label, value in view.details(partnership).items():
        text.append(f"\n{label}{view.words.colon}", "dim").append(value)
    return text.append_text(_settled(view, partnership, "\n"))


def _quotes(view: SummaryView, evidence: Sequence[Evidence], width: int) -> Iterator[RenderableType]:
    if view.quotes:
        for each in evidence:
            yield _running(Text.assemble((f"“{visible(each.quote)}”", "italic"), _place(view, each)), width, left=4)


def _place(view: SummaryView, evidence: Evidence) -> Text:
    """Where a quote stands, in brackets, with a link to its line; empty where that is not known."""
    if not (place := view.place(evidence).replace(" ", _HELD, 1)):
        return Text()
    line = view.line(evidence)
    linked = "" if view.address is None or line is None else f" link {view.address}#{line}"
    return Text.assemble((" (", "dim"), (place, f"dim{linked}"), (")", "dim"))


def _rejected(view: SummaryView, width: int) -> Iterator[RenderableType]:
    if view.summary.rejected and view.reasons_in_full:
        yield _heading(view.words.rejected)
        for each in view.summary.rejected:
            text = Text.assemble((f"{view.words.kinds[each.kind]}{view.words.colon}", "dim"), view.claim_words(each))
            text.append(f"\n{reasons_words(each)}", "red")
            yield _item(text, width)
    elif view.summary.rejected:
        yield Text()
        yield _running(Text(f"{view.rejected_count}; -v shows them", "red"), width)


# --- a graph --------------------------------------------------------------------------------------------------------


def render_graph(view: GraphView) -> str:
    """Return the text for a terminal of `view.width` columns, with a line end."""
    return _printed(_graph_parts(view), view.width or 80, color=view.color)


def _graph_parts(view: GraphView) -> Iterator[RenderableType]:
    yield Text(view.title, "bold")
    yield from (Text(note, "dim") for note in view.notes)
    width = view.width or 80
    if width >= NARROW and not view.quotes and view.graph.edges:
        yield Text()
        yield _pairs_table(view.graph.edges, width)
        yield from _contradictions(view, width)
        return
    for edge in view.graph.edges:
        yield Text()
        yield _pair_lines(edge)
        yield from _states(edge.states if view.quotes else disputed(edge), width)


def _course(edge: "Edge") -> Text:
    """The history of a pair, and the label of its conflict."""
    now = Text(" / ").join(map(_status, edge.status))
    text = Text(" → ").join([*(_status(status) if status else Text("…") for status in earlier(edge)), now])
    return text.append(f"\n{conflict_words(edge)}", "bold red") if edge.conflict else text


def _pairs_table(edges: Sequence["Edge"], width: int) -> Table:
    """A table of pairs, with a column for each optional field that occurs and fits."""
    known = [details(edge) for edge in edges]
    wanted = [field.label for field in DETAILS if field.verbatim or width >= ROOMY]
    labels = [label for label in wanted if any(label in each for each in known)]
    rows = [
        (
            *(Text(pair(edge), "bold"), _course(edge), Text(edge.when or WITHOUT_DATE), Text(f"{edge.articles:,}")),
            *(Text(more.get(label, "–")) for label in labels),
        )
        for edge, more in zip(edges, known, strict=True)
    ]
    return _in_columns(("organisations", "status", "latest", "articles", *labels), rows, width)


def _contradictions(view: GraphView, width: int) -> Iterator[RenderableType]:
    edges = [edge for edge in view.graph.edges if edge.conflict]
    if edges:
        yield Text()
        yield Text("Contradictions", "bold underline")
    for edge in edges:
        yield Text.assemble((pair(edge), "bold"), ": ", (conflict_words(edge), "red"))
        yield from _states(disputed(edge), width)


def _pair_lines(edge: "Edge") -> Text:
    """A pair as lines."""
    text = Text.assemble((pair(edge), "bold"), ": ", _course(edge))
    text.append(f"\n{edge.when or WITHOUT_DATE}, {counted(edge.articles, 'article')}", "dim")
    for label, value in details(edge).items():
        text.append(f"\n{label}: ", "dim").append(value)
    return text


def _states(states: Sequence["State"], width: int) -> Iterator[RenderableType]:
    for state in states:
        text = _status(state.status).append(f", {when(state)}, ")
        text.append(who_says(state), "dim")
        for quote in quotes(state):
            text.append(f"\n{quote}", "italic")
        yield _running(text, width, left=4)
