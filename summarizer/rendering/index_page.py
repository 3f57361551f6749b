"""An index of the pages of many articles: a table of all partnerships with filters, then all articles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from ..schema import OPTIONAL_FIELDS, Failure, Partnership, Status, Summary, field_values
from .page_frame import (
    Facet,
    classes,
    facets_of,
    filter_rules,
    filters,
    footer,
    frame,
    language_attributes,
    section,
    shown,
    spoken,
    status,
)
from .summary_view import Labels, SummaryView, capital, parties, words_of


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
    rows = [
        _Row(SummaryView(page.summary, None), partnership, f"{quote(page.file)}#claim-{number}")
        for page in pages
        for number, partnership in enumerate(page.summary.partnerships, len(page.summary.takeaways) + 1)
    ]
    facets = facets_of([row.partnership for row in rows], words)
    facets.append(Facet("article", words.article, tuple(row.view.title for row in rows)))
    title = f"{words.articles} ({len(pages):,})"
    models = Counter(page.summary.provenance.model for page in pages)
    articles = ("<ol>", *map(_article, pages), "</ol>") if pages else (f"<p>{words.none_found}</p>",)
    body = (
        "<header>",
        f"<h1>{title}</h1>",
        "</header>",
        "<main>",
        *section("partnerships", words.partnerships, _partnerships(rows, facets, words)),
        *section("articles", words.articles, articles),
        *_failures(failures),
        "</main>",
        *footer(f"{model}: {count:,}" for model, count in models.most_common()),
    )
    return frame(title, words, filter_rules(facets) if rows else (), body)


# --- the table ------------------------------------------------------------------------------------


def _partnerships(rows: Sequence[_Row], facets: Sequence[Facet], words: Labels) -> Iterator[str]:
    if not rows:
        yield f"<p>{words.none_found}</p>"
        return
    labels = (words.parties, words.status, *words.labels.values(), words.article)
    heads = "".join(f'<th scope="col">{capital(label)}</th>' for label in labels)
    yield from filters(facets, words)
    yield '<table class="rows">'
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row, names in zip(rows, classes(facets), strict=True):
        yield f'<tr class="{names}">{"".join(_cells(row, words))}</tr>'
    yield "</tbody>"
    yield "</table>"
    yield f'<p class="soft count" data-all="{len(rows)}"></p>'


def _cells(row: _Row, words: Labels) -> Iterator[str]:
    partnership, summary = row.partnership, row.view.summary
    own, other = spoken(summary.article.language), spoken(summary.provenance.output_language)
    yield f'<th scope="row" {own}><a href="{row.link}">{escape(parties(partnership))}</a></th>'
    yield f"<td>{status(words, partnership.status)}</td>"
    values = field_values(partnership)
    for field in OPTIONAL_FIELDS:
        value, label = values[field.name], words.labels[field.name]
        cell = f"<span {own if field.verbatim else other}>{shown(value)}</span>" if value else "–"
        none = "" if value else ' class="none"'
        yield f'<td data-label="{label}"{none}>{cell}</td>'
    title = f"<span {language_attributes(summary.article.language)}>{escape(row.view.title)}</span>"
    yield f'<td data-label="{words.article}">{title}</td>'


# --- the articles ---------------------------------------------------------------------------------


def _article(page: IndexEntry) -> str:
    view = SummaryView(page.summary, None)
    link = f'<a href="{quote(page.file)}">{escape(view.title)}</a>'
    title = f"<h3 {language_attributes(page.summary.article.language)}>{link}</h3>"
    byline = f'<p class="soft"><span lang="en" dir="auto">{escape(view.byline)}</span></p>'
    # what was rejected, and the warnings
    notes = (view.rejected_count, *view.footer[1:])
    about = "".join(f'<p class="soft" lang="en" dir="auto">{escape(note)}</p>' for note in notes if note)
    return f'<li class="article">{title}{byline}{_statuses(view)}{_takeaways(view)}{about}</li>'


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


def _failures(failures: Sequence[Failure]) -> Iterator[str]:
    if failures:
        items = (f'<li class="why" dir="auto">{shown(each.message)}</li>' for each in failures)
        yield from section("failures", "Not summarized", ("<ul>", *items, "</ul>"), ' lang="en" dir="ltr"')
