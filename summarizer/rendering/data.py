"""The formats for machines: JSON as the contract has it, a line of it, and rows for a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from ..schema import Evidence, Partnership, Summary, Takeaway
from .view import View, status_words
from .visible import visible

COLUMNS = (
    *("kind", "text", "parties", "status", "purpose", "region", "date", "attribution", "quotes"),
    *("source", "title", "language", "model"),
)
"""Of the CSV: a row for each takeaway, and one for each partnership."""

_AND = "; "
# JSON escapes the controls below U+0020 only: these act on a terminal, or break a line in two, just as well.
_ACTIVE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_HALF = re.compile("[\ud800-\udfff]")
_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠]|[\t\r\n]")


def render_json(view: View) -> str:
    """Return the summary as indented JSON, with a line end."""
    return _dumped(view.summary, indent=2) + "\n"


def render_jsonl(view: View) -> str:
    """Return the summary as one line of JSON, with its line end."""
    return to_line(view.summary)


def to_line(noun: BaseModel) -> str:
    """Return a summary or a failure as one line of JSON, with its line end."""
    return _dumped(noun) + "\n"


def render_csv(view: View) -> str:
    """Return a header and the rows of a summary, in UTF-8 without a byte order mark."""
    return csv_header() + csv_rows(view.summary)


def csv_header() -> str:
    """Return the names of the columns as a line: once for however many summaries."""
    return _written([COLUMNS])


def csv_rows(summary: Summary) -> str:
    """Return the rows of a summary; what a spreadsheet would run as a formula begins with an apostrophe."""
    about = (
        summary.article.source,
        summary.article.title,
        summary.article.language,
        summary.provenance.model,
    )
    claims = (
        *map(_takeaway, summary.takeaways),
        *map(_partnership, summary.partnerships),
    )
    return _written((*claim, *about) for claim in claims)


def _takeaway(takeaway: Takeaway) -> tuple[str | None, ...]:
    return ("takeaway", takeaway.text, *(None,) * 6, _quotes(takeaway.evidence))


def _partnership(partnership: Partnership) -> tuple[str | None, ...]:
    return (
        *("partnership", None, _AND.join(partnership.parties), status_words(partnership.status)),
        *(partnership.purpose, partnership.region, partnership.date, partnership.attribution),
        _quotes(partnership.evidence),
    )


def _quotes(evidence: tuple[Evidence, ...]) -> str:
    return " | ".join(each.quote for each in evidence)


def _written(rows: "Iterator[tuple[str | None, ...]] | list[tuple[str, ...]]") -> str:
    out = io.StringIO()
    # All quoted: a spreadsheet that splits at semicolons must not find a formula behind one.
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([_cell(value or "") for value in row] for row in rows)
    return out.getvalue()


def _cell(value: str) -> str:
    return f"'{visible(value)}" if _FORMULA.match(value) else visible(value)


def _dumped(noun: BaseModel, *, indent: int | None = None) -> str:
    """Write JSON, in which what stands in strings and acts where it is printed is escaped."""
    try:
        text = noun.model_dump_json(indent=indent)
    except PydanticSerializationError:  # half of a character, which no reader of JSON takes, our own included
        separators = None if indent else (",", ":")
        text = json.dumps(noun.model_dump(), indent=indent, separators=separators, ensure_ascii=False)
        text = _HALF.sub("\ufffd", text)
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
