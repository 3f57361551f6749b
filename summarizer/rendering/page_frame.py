"""The common parts of the HTML pages: the frame with its security policy, escaping, and filters without a script.

A filter is a select element. The style sheet hides the rows without the chosen value, so that filters work where
scripts are blocked, and everything is visible where style sheets are.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib.resources import files

from ..schema import OPTIONAL_FIELDS, Partnership, Status, field_values
from .control_characters import visible
from .summary_view import SIGNS, Labels, capital

_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"))
_SCRIPTS = frozenset(("arab", "hebr", "thaa", "syrc", "nkoo"))


def shown(text: str) -> str:
    """Return untrusted text as HTML that shows it literally."""
    return escape(visible(text))


def spoken(language: str) -> str:
    """Return the HTML attributes of a phrase, such as a name, whose direction depends on its letters."""
    known = language.isascii() and language.replace("-", "").isalnum()
    return f'lang="{language if known else "und"}" dir="auto"'


def language_attributes(language: str) -> str:
    """Return the HTML attributes of text in a language: `lang` and `dir`."""
    if not language.isascii() or not language.replace("-", "").isalnum() or language == "und":
        return spoken(language)
    first, *rest = language.lower().split("-")
    leftwards = bool(_SCRIPTS & set(rest)) or (first in _RIGHT_TO_LEFT and "latn" not in rest)
    return f'lang="{language}" dir="{"rtl" if leftwards else "ltr"}"'


def status(words: Labels, value: Status) -> str:
    """Return a status as a symbol and a word; the colour only repeats them."""
    sign = f'<span aria-hidden="true">{SIGNS[value]}</span>'
    return f'<span class="status {value}">{sign} {words.statuses[value]}</span>'


def section(name: str, heading: str, parts: Iterable[str], attributes: str = "") -> Iterator[str]:
    """Yield a section that is named by its heading."""
    yield f'<section aria-labelledby="{name}"{attributes}>'
    yield f'<h2 id="{name}">{heading}</h2>'
    yield from parts
    yield "</section>"


def footer(lines: Iterable[str]) -> Iterator[str]:
    """Yield the end of a page: untrusted lines about the run, in English."""
    yield '<footer lang="en" dir="ltr">'
    yield from (f'<p class="soft">{shown(line)}</p>' for line in lines)
    yield "</footer>"


def frame(title: str, words: Labels, rules: Iterable[str], body: Iterable[str], script: str = "") -> str:
    """Return a page with a `body`, the common style sheet, CSS `rules` of its own, and a script if any."""
    style = "\n".join(((files(__package__) / "html.css").read_text(encoding="utf-8"), *rules))
    allowed = f"style-src {_csp_hash(style)}" + (f"; script-src {_csp_hash(script)}" if script else "")
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    head = (
        "<!doctype html>",
        f"<html {language_attributes(words.language)}>",
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
    )
    last = (f"<script>{script}</script>",) if script else ()
    return "\n".join((*head, *body, *last, "</body>", "</html>")) + "\n"


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- filters --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facet:
    """One property that rows can be filtered by."""

    name: str
    """Trusted: it becomes part of class names and ids."""
    label: str
    values: tuple[str, ...]
    """One for each row; empty where it has none."""

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The distinct values, ignoring case, sorted; the empty one last."""
        first = {value.casefold(): value for value in reversed(self.values)}
        return tuple(sorted(first.values(), key=lambda value: (not value, value.casefold())))


def facets_of(partnerships: Sequence[Partnership], words: Labels) -> list[Facet]:
    """Return the properties that partnerships can be filtered by."""
    values = [field_values(each) for each in partnerships]
    return [
        Facet("status", words.status, tuple(words.statuses[each.status] for each in partnerships)),
        *(
            Facet(field.label, words.labels[field.name], tuple(visible(each[field.name] or "") for each in values))
            for field in OPTIONAL_FIELDS
            if field.filters
        ),
    ]


def _digits(facet: Facet, number: int) -> list[str]:
    """Return the CSS classes of a choice and of its rows: one for each octal digit of its number.

    Browsers apply a rule for each digit faster than one for each choice.
    """
    width = len(f"{len(facet.choices) - 1:o}")
    return [f"{facet.name}-{place}-{digit}" for place, digit in enumerate(reversed(f"{number:0{width}o}"))]


def classes(facets: Sequence[Facet]) -> list[str]:
    """Return the CSS classes of each row."""
    columns = []
    for facet in facets:
        names = {choice.casefold(): " ".join(_digits(facet, i)) for i, choice in enumerate(facet.choices)}
        columns.append([names[value.casefold()] for value in facet.values])
    return [" ".join(("row", *row)) for row in zip(*columns, strict=True)]


def filter_rules(facets: Sequence[Facet]) -> Iterator[str]:
    """Yield the CSS rules that hide the rows without the chosen values; they contain no untrusted text."""
    for facet in facets:
        names = {name for number in range(len(facet.choices)) for name in _digits(facet, number)}
        for name in sorted(names):
            yield f".filters:has(option.{name}:checked) ~ .rows .row:not(.{name}) {{ display: none; }}"


def filters(facets: Sequence[Facet], words: Labels) -> Iterator[str]:
    """Yield the select elements; one with a single choice is left out."""
    offered = [facet for facet in facets if len(facet.choices) > 1]
    if not offered:
        return
    yield '<form class="filters" autocomplete="off">'
    for facet in offered:
        yield f'<label>{escape(capital(facet.label))} <select id="by-{facet.name}">'
        yield f"<option>{words.every}</option>"
        counts = Counter(value.casefold() for value in facet.values)
        for number, choice in enumerate(facet.choices):
            names = " ".join(_digits(facet, number))
            yield f'<option class="{names}">{shown(choice) or "–"} ({counts[choice.casefold()]})</option>'
        yield "</select></label>"
    yield f'<button type="reset">{words.reset}</button>'
    yield "</form>"
