"""Show a report as text, Markdown, a self-contained HTML page, or JSON."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

from ..errors import ConfigError
from ..rendering.control_characters import visible
from .report import Report, Table

FORMATS = ("table", "json", "markdown", "html")
MARKERS = ("<!-- evaluation -->", "<!-- /evaluation -->")
"""The lines of a document between which the figures are inserted."""


def show(report: Report, format: str = "table") -> str:
    """Show a report; the string ends with a line end. Raises `ConfigError` where there is no such format."""
    if format not in _RENDERERS:
        raise ConfigError(f"there is no format {format!r} for an evaluation; the formats are {', '.join(FORMATS)}")
    return _RENDERERS[format](report)


def insert(document: str, report: Report) -> str:
    """Insert the figures between the markers of a document. Raises `ConfigError` where it has none."""
    first, last = MARKERS
    block = "\n".join((first, report.caption + ".", "", *_markdown_table(report.figures()), last))
    pattern = re.compile(f"{re.escape(first)}.*?{re.escape(last)}", re.DOTALL)
    if not pattern.search(document):
        raise ConfigError(f"the document has no place for the figures: put the lines {first} and {last} into it")
    return pattern.sub(lambda _: block, document, count=1)


def _text(report: Report) -> str:
    return "\n".join((report.caption, *(line for table in report.tables() for line in _text_table(table)))) + "\n"


def _text_table(table: Table) -> Iterator[str]:
    rows = [[visible(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield ""
    yield visible(table.title)
    for row in rows:
        cells = [
            cell.ljust(width) if _is_text(cell) else cell.rjust(width) for cell, width in zip(row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()
    if table.note:
        yield table.note


def _is_text(cell: str) -> bool:
    return not re.fullmatch(r"[+\-–·]?[\d.,]*( (of|to|/) [+\-–]?[\d.,]*)?", cell) or not cell


def _markdown(report: Report) -> str:
    lines = [f"# Evaluation: {_markdown_cell(report.caption)}"]
    for table in report.tables():
        lines += ["", f"## {_markdown_cell(table.title)}", "", *_markdown_table(table)]
    return "\n".join(lines) + "\n"


def _markdown_table(table: Table) -> Iterator[str]:
    header, *rows = (f"| {' | '.join(map(_markdown_cell, row))} |" for row in (table.header, *table.rows))
    yield from (header, "|---" * len(table.header) + "|", *rows)
    if table.note:
        yield f"\n{table.note}"


def _markdown_cell(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", visible(text))


_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #8885; white-space: nowrap; }
th { font-weight: 600; } .words, tbody th, thead th:first-child { text-align: left; }
p.note { opacity: .75; }
"""


def _html(report: Report) -> str:
    fingerprint = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Evaluation: {_escaped(report.caption)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<h1>Evaluation</h1>",
        f"<p>{_escaped(report.caption)}</p>",
    ]
    for table in report.tables():
        lines += _html_table(table)
    return "\n".join((*lines, "</body>", "</html>")) + "\n"


def _html_table(table: Table) -> Iterator[str]:
    yield f"<h2>{_escaped(table.title)}</h2>"
    yield '<div class="wide"><table>'
    columns = zip(*table.rows, strict=True)
    heads = "".join(
        f'<th scope="col"{_class(all(map(_is_text, cells)))}>{_escaped(head)}</th>'
        for head, cells in zip(table.header, columns, strict=False)
    )
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for first, *rest in table.rows:
        cells = "".join(f"<td{_class(_is_text(cell))}>{_escaped(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{_escaped(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    if table.note:
        yield f'<p class="note">{_escaped(table.note)}</p>'


def _class(is_text: bool) -> str:
    return ' class="words"' if is_text else ""


def _escaped(text: str) -> str:
    return escape(visible(text))


_RENDERERS: Mapping[str, Callable[[Report], str]] = {
    "table": _text,
    "json": lambda report: json.dumps(report.to_json(), indent=2) + "\n",
    "markdown": _markdown,
    "html": _html,
}
