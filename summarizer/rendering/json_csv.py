"""The formats for machines: JSON, JSON lines, and CSV."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from ..schema import OPTIONAL_FIELDS, Evidence, Rejected, Summary, field_values
from .control_characters import visible
from .formats import Rows
from .summary_view import SummaryView

COLUMNS = (
    *("kind", "text", "parties", "status"),
    *(field.name for field in OPTIONAL_FIELDS),
    *("date_iso", "quotes", "source", "title", "language", "model", "published", "reasons", "proof"),
)
"""Of the CSV of all rows."""
_OF_PARTNERSHIPS = {"parties", "status", "date_iso", *(field.name for field in OPTIONAL_FIELDS)}
_WITHOUT: dict[Rows, set[str]] = {
    Rows.PARTNERSHIPS: {"text", "reasons"},
    Rows.TAKEAWAYS: {"reasons", *_OF_PARTNERSHIPS},
    Rows.REJECTED: {"proof", "date_iso"},
    Rows.ALL: set(),
}
"""The columns that would be empty, whatever the summary. Those that are there have one order."""

_CLAIMED = (*("text", "parties", "status"), *(field.name for field in OPTIONAL_FIELDS), "quotes")
"""The columns that a claim of a model may have."""
_AND = "; "
# JSON escapes control characters below U+0020 only; these also control a terminal or break a line.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠]|[\t\r\n]")


def render_json(view: SummaryView) -> str:
    """Return the summary as indented JSON, with a line end."""
    return to_json(view.summary)


def render_jsonl(view: SummaryView) -> str:
    """Return the summary as one line of JSON, with its line end."""
    return to_line(view.summary)


def to_json(model: BaseModel) -> str:
    """Return a model as indented JSON, with a line end."""
    return _dumped(model, indent=2) + "\n"


def to_line(model: BaseModel) -> str:
    """Return a summary or a failure as one line of JSON, with its line end."""
    return _dumped(model) + "\n"


def render_csv(view: SummaryView) -> str:
    """Return the CSV of a summary with a header, as RFC 4180 and Excel define it.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    columns = [column for column in COLUMNS if column not in _WITHOUT[view.rows]]
    about = view.summary.article.model_dump(include={"source", "title", "language", "published"})
    about["model"] = view.summary.provenance.model
    header = dict(zip(columns, columns, strict=True))
    return written([header, *({**claim, **about} for claim in _claims(view.summary, view.rows))], columns)


_Row = Mapping[str, str | None]


def _claims(summary: Summary, rows: Rows) -> Iterator[_Row]:
    if rows in (Rows.TAKEAWAYS, Rows.ALL):
        for takeaway in summary.takeaways:
            yield {
                "kind": "takeaway",
                "text": takeaway.text,
                "quotes": joined_quotes(takeaway.evidence),
                "proof": takeaway.proof,
            }
    if rows in (Rows.PARTNERSHIPS, Rows.ALL):
        for partnership in summary.partnerships:
            yield {
                "kind": "partnership",
                "parties": _AND.join(partnership.parties),
                "status": partnership.status.value,
                **field_values(partnership),
                "quotes": joined_quotes(partnership.evidence),
                "proof": partnership.proof,
                "date_iso": partnership.date_iso,
            }
    if rows in (Rows.REJECTED, Rows.ALL):
        yield from map(_rejected, summary.rejected)


def _rejected(rejected: Rejected) -> _Row:
    """A rejected claim as the model wrote it; an unrecognized one as JSON in the column `text`."""
    claim = rejected.claim
    row = {column: _spelled(claim[column]) for column in _CLAIMED if claim.get(column) is not None}
    if rejected.kind == "field" and str(claim.get("field")) in _CLAIMED:
        row[str(claim["field"])] = _spelled(claim.get("value"))
    if not row:
        row["text"] = json.dumps(claim, ensure_ascii=False, default=str)
    reasons = "; ".join(f"{reason.code}: {reason.message}" for reason in rejected.reasons)
    return {**row, "kind": f"rejected {rejected.kind}", "reasons": reasons}


def _spelled(value: Any) -> str:
    return _AND.join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def joined_quotes(evidence: tuple[Evidence, ...]) -> str:
    """Return the quotes of a claim as one cell."""
    return " | ".join(each.quote for each in evidence)


def written(rows: Iterable[_Row], columns: Sequence[str]) -> str:
    """Return rows as CSV, in which no cell can run as a formula."""
    out = io.StringIO()
    # All quoted: a spreadsheet that splits at semicolons must not find a formula after one.
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        cells = (row.get(column) or "" for column in columns)
        writer.writerow([f"'{visible(cell)}" if _FORMULA.match(cell) else visible(cell) for cell in cells])
    return out.getvalue()


def _dumped(model: BaseModel, *, indent: int | None = None) -> str:
    """Return JSON with escapes for the characters that control a terminal or break lines."""
    try:
        text = model.model_dump_json(indent=indent)
    except PydanticSerializationError:  # a lone surrogate, which no JSON parser accepts
        separators = None if indent else (",", ":")
        text = json.dumps(model.model_dump(), indent=indent, separators=separators, ensure_ascii=False)
        text = _SURROGATE.sub("\ufffd", text)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
