"""One page with the drawing, the pairs with their quotes, a timeline and the names: self-contained, no network.

It is readable without its script, which only searches and filters. The security policy allows that script and the style
sheet by their hashes, and nothing else. What is too much for a page is left out, with a note.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby

from ..graph import Edge, Organisation, State
from ..schema import Status, field_values
from .graph_view import DETAILS, WORDS, GraphView, conflict_words, counted, disputed, earlier, when
from .map_drawing import CONFLICT, MapDrawing
from .page_frame import frame, language_attributes, shown, status
from .summary_view import SIGNS

PAIRS = 400
"""Pairs on the page, those in most articles first."""
STATES = 6
"""Statements of a pair: those that contradict each other, then the latest."""
TIMELINE = 400
"""Statements in the timeline, the latest first."""
NAMES = 500
LONGEST_QUOTE = 2_000
"""Characters."""
CHOICES = 100
"""Regions and sources that a filter suggests."""

_ELSEWHERE = "the formats json and csv have all"


def render_html(view: GraphView) -> str:
    """Return the page."""
    edges = view.graph.edges[:PAIRS]
    body = (
        *_header(view),
        '<main class="graph">',
        *_filters(edges),
        *_map(view, edges),
        *_contradictions(view),
        *_pairs(view, edges),
        *_timeline(view),
        *_names(view),
        "</main>",
        '<footer><p class="soft">Every line is backed by words of an article that summarizer found in it.</p></footer>',
    )
    return frame(
        f"Who works with whom: {view.title}", WORDS, (_file("map_page.css"),), body, script=_file("map_page.js")
    )


def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _header(view: GraphView) -> Iterator[str]:
    yield '<a class="skip" href="#pairs">Skip to the pairs</a>'
    yield "<header>"
    yield "<h1>Who works with whom</h1>"
    yield f'<p class="soft">{escape(view.title)}</p>'
    yield from (f'<p class="soft">{escape(note)}</p>' for note in view.notes)
    yield '<nav aria-label="On this page">'
    places = (("map", "Map"), ("pairs", "Pairs"), ("timeline", "Timeline"), ("names", "Names"))
    yield from (f'<a href="#{place}">{words}</a>' for place, words in places)
    yield "</nav>"
    yield "</header>"


def _section(name: str, heading: str, parts: Iterable[str]) -> Iterator[str]:
    yield f'<section id="{name}" aria-labelledby="{name}-heading">'
    yield f'<h2 id="{name}-heading">{heading}</h2>'
    yield from parts
    yield "</section>"


def _left_out(kept: int, of: int, what: str, which: str) -> Iterator[str]:
    if kept < of:
        yield f'<p class="soft">{kept:,} of {counted(of, what)}: {which}; {_ELSEWHERE}.</p>'


# --- filters -------------------------------------------------------------------------------------------------------


def _filters(edges: Sequence[Edge]) -> Iterator[str]:
    """The search form, hidden until the script runs."""
    states = [state for edge in edges for state in edge.states]
    regions = Counter(state.region for state in states if state.region)
    sources = Counter(source for state in states for source in (state.attribution, state.source) if source)
    yield '<form class="filters" role="search" aria-label="Search and filters" hidden>'
    yield '<label>Name or words <input type="search" name="words" autocomplete="off"></label>'
    yield '<label>Status <select name="status"><option value="">all</option>'
    yield from (f'<option value="{each}">{SIGNS[each]} {WORDS.statuses[each]}</option>' for each in Status)
    yield "</select></label>"
    yield from _choice("region", "Region", regions)
    yield from _choice("source", "Source", sources)
    yield '<button type="reset">Show all</button>'
    yield '<output aria-live="polite"></output>'
    yield "</form>"


def _choice(name: str, label: str, found: Counter[str]) -> Iterator[str]:
    yield f'<label>{label} <input name="{name}" list="{name}-choices" autocomplete="off"></label>'
    options = "".join(f'<option value="{shown(value)}"></option>' for value, _ in found.most_common(CHOICES))
    yield f'<datalist id="{name}-choices">{options}</datalist>'


# --- the map -------------------------------------------------------------------------------------------------------


_STROKE = '<svg viewBox="0 0 44 12" aria-hidden="true"><line class="tie" x1="2" y1="6" x2="42" y2="6"/></svg>'


def _map(view: GraphView, edges: Sequence[Edge]) -> Iterator[str]:
    picture = MapDrawing.of(view.graph.organisations, edges)
    legend = "".join(f'<li class="{each}">{_STROKE} {SIGNS[each]} {WORDS.statuses[each]}</li>' for each in Status)
    everybody = view.graph.organisations
    yield from _section(
        "map",
        "Map",
        (
            *_left_out(len(picture.organisations), len(everybody), "organisation", "the best connected"),
            *_left_out(len(picture.edges), len(view.graph.edges), "pair", "those of most articles between them"),
            f'<ul class="legend">{legend}<li>{CONFLICT} articles contradict each other</li></ul>',
            '<div class="picture" tabindex="0" role="region" aria-label="Map of the organisations">',
            *picture.svg(),
            "</div>",
        )
        if view.graph.edges
        else ("<p>None found.</p>",),
    )


# --- pairs ---------------------------------------------------------------------------------------------------------


def _status(value: Status) -> str:
    return status(WORDS, value)


def _contradictions(view: GraphView) -> Iterator[str]:
    """The contradictions, side by side."""
    edges = [edge for edge in view.graph.edges if edge.conflict == "contradiction"]
    if edges:
        found = _left_out(min(len(edges), PAIRS), len(edges), "contradiction", "those of most articles")
        yield from _section("contradictions", "Contradictions", (*found, *map(_contradiction, edges[:PAIRS])))


def _contradiction(edge: Edge) -> str:
    sides: dict[Status, list[State]] = {}
    for state in disputed(edge):
        sides.setdefault(state.status, []).append(state)
    lists = "".join(f'<ul class="said">{"".join(map(_state, states[-STATES:]))}</ul>' for states in sides.values())
    heading = f'<h3 dir="auto">{_parties(edge.parties)}</h3>'
    return f'<div class="contradiction item">{heading}<div class="sides">{lists}</div></div>'


def _pairs(view: GraphView, edges: Sequence[Edge]) -> Iterator[str]:
    body = (
        *_left_out(len(edges), len(view.graph.edges), "pair", "those of most articles"),
        "<table>",
        "<thead><tr><th>Organisations</th><th>Status</th><th>What the articles say</th></tr></thead>",
        "<tbody>",
        *(_row(number, edge) for number, edge in enumerate(edges, 1)),
        "</tbody>",
        "</table>",
    )
    yield from _section("pairs", "Pairs", body)


def _parties(parties: Iterable[str]) -> str:
    return " + ".join(f'<bdi class="name">{shown(name)}</bdi>' for name in parties)


def _row(number: int, edge: Edge) -> str:
    before = "".join(f"{_status(each) if each else '…'} → " for each in earlier(edge))
    course = before + " / ".join(map(_status, edge.status))
    flag = f'<p class="why">{conflict_words(edge)}</p>' if edge.conflict else ""
    about = f'<p class="soft">{edge.when or "no date"}, {counted(edge.articles, "article")}</p>'
    chosen = _chosen(edge)
    more = len(edge.states) - len(chosen)
    rest = f'<p class="soft">and {more:,} more: {_ELSEWHERE}</p>' if more else ""
    return (
        f'<tr id="pair-{number}" class="item" data-status="{" ".join(edge.status)}">'
        f'<th scope="row">{_parties(edge.parties)}</th><td>{course}{flag}{about}</td>'
        f'<td><ul class="said">{"".join(map(_state, chosen))}</ul>{rest}</td></tr>'
    )


def _chosen(edge: Edge) -> list[State]:
    """Return the states of a pair that are shown, in chronological order."""
    against = [state.statement for state in disputed(edge)][-STATES // 2 :]
    latest = [state.statement for state in reversed(edge.states) if state.statement not in against]
    kept = {*against, *latest[: STATES - len(against)]}
    return [state for state in edge.states if state.statement in kept]


def _state(state: State) -> str:
    said = " · ".join(f"<bdi>{shown(part)}</bdi>" for part in (state.attribution, state.title, state.source) if part)
    quoted = (
        evidence.quote if len(evidence.quote) <= LONGEST_QUOTE else f"{evidence.quote[:LONGEST_QUOTE]}… ({_ELSEWHERE})"
        for evidence in state.evidence
    )
    spoken = language_attributes(state.language)
    quotes = "".join(f"<blockquote {spoken}>“{shown(words)}”</blockquote>" for words in quoted)
    values = [field_values(state)[field.name] for field in DETAILS]
    known = " · ".join(f"<bdi>{shown(value)}</bdi>" for value in values if value)
    sources = shown(" ".join(filter(None, (state.attribution, state.source))))
    return (
        f'<li data-region="{shown(state.region or "")}" data-source="{sources}">{_status(state.status)} '
        f'<span dir="auto">{escape(when(state))}</span> {f"<p>{known}</p>" if known else ""}'
        f'<p class="soft">{said}{" · " if said else ""}{shown(state.model)}</p>{quotes}</li>'
    )


# --- timeline ------------------------------------------------------------------------------------------------------


def _timeline(view: GraphView) -> Iterator[str]:
    states = {state.statement: state for edge in view.graph.edges for state in edge.states}
    ordered = sorted(states.values(), key=lambda state: (state.when or "", -state.statement), reverse=True)
    latest = ordered[:TIMELINE]
    left_out = _left_out(len(latest), len(ordered), "statement", "the latest")
    months = (
        f'<h3>{month or "Without a date"}</h3><ol class="line">{"".join(map(_event, said))}</ol>'
        for month, said in groupby(latest, key=lambda state: (state.when or "")[:7])
    )
    yield from _section("timeline", "Timeline", (*left_out, *months))


def _event(state: State) -> str:
    source = shown(" ".join(filter(None, (state.attribution, state.source))))
    dated = f'<span class="when" dir="auto">{escape(when(state))}</span>' if state.published or state.date else ""
    said = " · ".join(f"<bdi>{shown(part)}</bdi>" for part in (state.attribution, state.title or state.source) if part)
    return (
        f'<li class="item" data-status="{state.status}" data-region="{shown(state.region or "")}" '
        f'data-source="{source}">{dated} {_parties(state.parties)} '
        f'{_status(state.status)} <span class="soft">{said}</span></li>'
    )


# --- names ---------------------------------------------------------------------------------------------------------


def _names(view: GraphView) -> Iterator[str]:
    everybody = view.graph.organisations
    named = everybody[:NAMES]
    body = (
        *_left_out(len(named), len(everybody), "organisation", "those of most articles"),
        "<table>",
        "<thead><tr><th>Organisation</th><th>Spellings</th><th>Partners</th><th>Articles</th></tr></thead>",
        "<tbody>",
        *map(_name, named),
        "</tbody>",
        "</table>",
    )
    yield from _section("names", "Names", body)


def _name(organisation: Organisation) -> str:
    spellings = ", ".join(
        f"<bdi>{shown(name)}</bdi>" + (f" ×{number:,}" if number > 1 else "")
        for name, number in organisation.spellings.items()
    )
    return (
        f'<tr class="item"><th scope="row"><bdi class="name">{shown(organisation.name)}</bdi></th>'
        f"<td>{spellings}</td><td>{organisation.partners:,}</td><td>{organisation.articles:,}</td></tr>"
    )
