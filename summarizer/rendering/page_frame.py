"""What the pages share: a frame that forbids itself all but its own style, safe words, and filters without a script.

A filter is a list to choose from. The style sheet hides the rows that do not have what is chosen, so that it works
where scripts are forbidden, and nothing is lost where styles are.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib.resources import files

from ..schema import Status
from .control_characters import visible
from .labels import Labels
from .summary_view import SIGNS, capital

_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"))
_SCRIPTS = frozenset(("arab", "hebr", "thaa", "syrc", "nkoo"))


def shown(text: str) -> str:
    """Return words of the article or of the model as HTML that shows exactly them."""
    return escape(visible(text))


def spoken(language: str) -> str:
    """Return the attributes of a few words in a language, names perhaps, which run as their letters do."""
    known = language.isascii() and language.replace("-", "").isalnum()
    return f'lang="{language if known else "und"}" dir="auto"'


def tongue(language: str) -> str:
    """Return the attributes of text in a language: what it is, and which way it runs."""
    if not language.isascii() or not language.replace("-", "").isalnum() or language == "und":
        return spoken(language)
    first, *rest = language.lower().split("-")
    leftwards = bool(_SCRIPTS & set(rest)) or (first in _RIGHT_TO_LEFT and "latn" not in rest)
    return f'lang="{language}" dir="{"rtl" if leftwards else "ltr"}"'


def status(words: Labels, value: Status) -> str:
    """Return a status as a sign and a word; the colour only repeats them."""
    sign = f'<span aria-hidden="true">{SIGNS[value]}</span>'
    return f'<span class="status {value}">{sign} {words.of_status(value)}</span>'


def frame(title: str, words: Labels, rules: Iterable[str], body: Iterable[str], script: str = "") -> str:
    """Return a whole page: what stands in `body`, with our style sheet and `rules` of its own, and a script if any."""
    style = "\n".join(((files(__package__) / "html.css").read_text(encoding="utf-8"), *rules))
    allowed = f"style-src {_fingerprint(style)}" + (f"; script-src {_fingerprint(script)}" if script else "")
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    head = (
        "<!doctype html>",
        f"<html {tongue(words.language)}>",
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


def _fingerprint(text: str) -> str:
    """What a browser knows a style or a script of ours by: it takes no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- filters --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facet:
    """One thing by which rows can be told apart."""

    name: str
    """Of ours: it becomes a part of classes and identifiers."""
    label: str
    values: tuple[str, ...]
    """Of each row, in their order; empty where a row has none."""

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The values there are, without regard to case, sorted; none comes last."""
        first = {value.casefold(): value for value in reversed(self.values)}
        return tuple(sorted(first.values(), key=lambda value: (not value, value.casefold())))


_BASE = 8
"""Of the digits by which a choice is named: a rule for each digit is far quicker to apply than one for each choice."""


def _digits(facet: Facet, number: int) -> list[str]:
    """The classes of a choice, and of the rows that have it."""
    most = len(facet.choices) - 1
    places = range(len(f"{most:o}"))
    return [f"{facet.name}-{place}-{number // _BASE**place % _BASE}" for place in places]


def classes(facets: Sequence[Facet]) -> list[str]:
    """Return the classes of each row, for the filters to take hold of."""
    columns = []
    for facet in facets:
        names = {choice.casefold(): " ".join(_digits(facet, i)) for i, choice in enumerate(facet.choices)}
        columns.append([names[value.casefold()] for value in facet.values])
    return [" ".join(("row", *row)) for row in zip(*columns, strict=True)]


def hiding(facets: Sequence[Facet]) -> Iterator[str]:
    """Return the rules that hide what was not chosen, in what stands behind the filters.

    Only names and numbers of ours are put into them.
    """
    for facet in facets:
        names = {name for number in range(len(facet.choices)) for name in _digits(facet, number)}
        for name in sorted(names):
            yield f".filters:has(option.{name}:checked) ~ .rows .row:not(.{name}) {{ display: none; }}"


def filters(facets: Sequence[Facet], words: Labels) -> Iterator[str]:
    """Return the lists to choose from; one with a single choice is left out."""
    told_apart = [facet for facet in facets if len(facet.choices) > 1]
    if not told_apart:
        return
    yield '<form class="filters" autocomplete="off">'
    for facet in told_apart:
        yield f'<label>{escape(capital(facet.label))} <select id="by-{facet.name}">'
        yield f"<option>{words.every}</option>"
        many = Counter(value.casefold() for value in facet.values)
        for number, choice in enumerate(facet.choices):
            names = " ".join(_digits(facet, number))
            yield f'<option class="{names}">{shown(choice) or "–"} ({many[choice.casefold()]})</option>'
        yield "</select></label>"
    yield f'<button type="reset">{words.reset}</button>'
    yield "</form>"
