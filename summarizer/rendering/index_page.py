"""An index of the pages of many articles: a table of all partnerships with filters, then all articles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from ..schema import OPTIONAL_FIELDS, Failure, Partnership, Status, Summary, field_values
from .labels import Labels, words_of
from .page_frame import Facet, classes, filter_rules, filters, frame, language_attributes, shown, spoken, status
from .summary_view import SummaryView, capital, parties


class IndexEntry(NamedTuple):
    """The page of one article, in the folder of the index."""

    file: str
    """Its file name."""
    summary: Summary


class _Row(NamedTuple):
    """A partnership, with a link to its evidence."""

    view: SummaryView
    partnership: Partnership
    link: str


def render_index(pages: Sequence[IndexEntry], failures: Sequence[Failure] = ()) -> str:
    """Return the index of `pages`, in their order, and of the failures."""
    languages = {page.summary.provenance.output_language.partition("-")[0].lower() for page in pages}
    words = words_of(languages.pop() if len(languages) == 1 else "en")
    rows = [row for page in pages for row in _rows(page)]
    facets = _facets(rows, words)
    title = f"{words.articles} ({len(pages):,})"
    body = (
        "<header>",
        f"<h1>{title}</h1>",
        "</header>",
        "<main>",
        *_partnerships(rows, facets, words),
        *_articles(pages, words),
        *_failures(failures),
        "</main>",
        *_foot(pages),
    )
    return frame(title, words, filter_rules(facets), body)


def _rows(page: IndexEntry) -> Iterator[_Row]:
    view = SummaryView(page.summary, None)
    for number, partnership in enumerate(page.summary.partnerships, len(page.summary.takeaways) + 1):
        yield _Row(view, partnership, f"{quote(page.file)}#claim-{number}")


def _facets(rows: Sequence[_Row], words: Labels) -> list[Facet]:
    if not rows:
        return []
    partnerships = [row.partnership for row in rows]
    values = [field_values(each) for each in partnerships]
    return [
        Facet("status", words.status, tuple(words.of_status(each.status) for each in partnerships)),
        *(
            Facet(field.label, words.labels[field.name], tuple(each[field.name] or "" for each in values))
            for field in OPTIONAL_FIELDS
            if field.filters
        ),
        Facet("article", words.article, tuple(row.view.title for row in rows)),
    ]


# --- the table ------------------------------------------------------------------------------------


def _partnerships(rows: Sequence[_Row], facets: Sequence[Facet], words: Labels) -> Iterator[str]:
    yield '<section aria-labelledby="partnerships">'
    yield f'<h2 id="partnerships">{words.partnerships}</h2>'
    if rows:
        yield from filters(facets, words)
        yield from _table(rows, classes(facets), words)
        yield f'<p class="soft count" data-all="{len(rows)}"></p>'
    else:
        yield f"<p>{words.none_found}</p>"
    yield "</section>"


def _table(rows: Sequence[_Row], names: Sequence[str], words: Labels) -> Iterator[str]:
    labels = [words.parties, words.status, *words.details, words.article]
    heads = "".join(f'<th scope="col">{capital(label)}</th>' for label in labels)
    yield '<table class="rows">'
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row, name in zip(rows, names, strict=True):
        yield f'<tr class="{name}">{"".join(_cells(row, words))}</tr>'
    yield "</tbody>"
    yield "</table>"


def _cells(row: _Row, words: Labels) -> Iterator[str]:
    partnership, summary = row.partnership, row.view.summary
    own, other = spoken(summary.article.language), spoken(summary.provenance.output_language)
    yield f'<th scope="row" {own}><a href="{row.link}">{escape(parties(partnership))}</a></th>'
    yield f"<td>{status(words, partnership.status)}</td>"
    values = field_values(partnership)
    for field in OPTIONAL_FIELDS:
        value, label = values[field.name], words.labels[field.name]
        cell = f"<span {own if field.verbatim else other}>{shown(value)}</span>" if value else "–"
        yield f'<td data-label="{label}"{"" if value else _NONE}>{cell}</td>'
    title = f"<span {language_attributes(summary.article.language)}>{escape(row.view.title)}</span>"
    yield f'<td data-label="{words.article}">{title}</td>'


_NONE = ' class="none"'


# --- the articles ---------------------------------------------------------------------------------


def _articles(pages: Sequence[IndexEntry], words: Labels) -> Iterator[str]:
    yield '<section aria-labelledby="articles">'
    yield f'<h2 id="articles">{words.articles}</h2>'
    yield from ("<ol>", *(_article(page) for page in pages), "</ol>") if pages else (f"<p>{words.none_found}</p>",)
    yield "</section>"


def _article(page: IndexEntry) -> str:
    view = SummaryView(page.summary, None)
    link = f'<a href="{quote(page.file)}">{escape(view.title)}</a>'
    title = f"<h3 {language_attributes(page.summary.article.language)}>{link}</h3>"
    byline = f'<p class="soft"><span lang="en" dir="auto">{escape(view.byline)}</span></p>'
    return f'<li class="article">{title}{byline}{_statuses(view)}{_takeaways(view)}{_rejected(view)}</li>'


def _statuses(view: SummaryView) -> str:
    """The number of partnerships with each status."""
    counted = Counter(each.status for each in view.summary.partnerships)
    shown_counts = [f"{status(view.words, each)} × {counted[each]}" for each in Status if counted[each]]
    return f"<p {language_attributes(view.words.language)}>{', '.join(shown_counts)}</p>" if shown_counts else ""


def _takeaways(view: SummaryView) -> str:
    if not view.summary.takeaways:
        return ""
    items = "".join(f"<li>{shown(each.text)}</li>" for each in view.summary.takeaways)
    heading = f"{view.words.takeaways} ({len(view.summary.takeaways)})"
    summary = f"<summary {language_attributes(view.words.language)}>{heading}</summary>"
    items_language = language_attributes(view.summary.provenance.output_language)
    return f"<details>{summary}<ul {items_language}>{items}</ul></details>"


def _rejected(view: SummaryView) -> str:
    notes = (view.rejected_count, *view.footer[1:])
    return "".join(f'<p class="soft" lang="en" dir="auto">{escape(note)}</p>' for note in notes if note)


def _failures(failures: Sequence[Failure]) -> Iterator[str]:
    if failures:
        yield '<section aria-labelledby="failures" lang="en" dir="ltr">'
        yield '<h2 id="failures">Not summarized</h2>'
        yield from ("<ul>", *(f'<li class="why" dir="auto">{shown(each.message)}</li>' for each in failures), "</ul>")
        yield "</section>"


def _foot(pages: Sequence[IndexEntry]) -> Iterator[str]:
    models = Counter(page.summary.provenance.model for page in pages)
    yield '<footer lang="en" dir="ltr">'
    yield from (f'<p class="soft">{shown(model)}: {count:,}</p>' for model, count in models.most_common())
    yield "</footer>"
