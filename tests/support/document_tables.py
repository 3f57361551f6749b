"""The tables in the documents that are made from the code: `python tests/support/document_tables.py` writes them."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from summarizer.docstrings import docstrings_of
from summarizer.schema import ReasonCode
from summarizer.settings import Settings

README = Path(__file__).parents[2] / "README.md"


def reasons_table() -> str:
    """Return what each reason code means."""
    source = Path(sys.modules[ReasonCode.__module__].__file__ or "").read_text(encoding="utf-8")
    meanings = re.findall(r'^    [A-Z_]+ = "([a-z_]+)"\n    """(.*?)"""', source, re.DOTALL | re.MULTILINE)
    rows = [f"| `{code}` | {' '.join(meaning.split())} |" for code, meaning in meanings if code in {*ReasonCode}]
    return "\n".join(["| reason code | what it says |", "|---|---|", *rows])


def settings_table() -> str:
    """Return each setting with its default and its allowed values."""
    told = docstrings_of(Settings)
    rows = []
    for name, field in Settings.model_fields.items():
        if not field.exclude:
            default = "–" if field.default is None else f"`{str(field.default).lower()}`"
            rows.append(f"| `{name}` | {default} | {' '.join(told[name].split())} |")
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *rows])


TABLES: dict[str, Callable[[], str]] = {"reasons": reasons_table, "settings": settings_table}


def with_tables(text: str) -> str:
    """Return a document with every table between its markers made anew."""
    for name, table in TABLES.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda found, table=table: f"{found[1]}{table()}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
