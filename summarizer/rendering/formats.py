"""The output formats, one row each: adding a format is a row here and its renderer.

The choices of `--format`, the suffixes that `--output` recognizes, how several results share one document and how the
files of a folder are named all follow from these rows. Nothing heavy is imported, so that `--help` can read them.
"""

from collections.abc import Callable
from enum import Enum, StrEnum
from importlib import import_module
from typing import Any, Self


class Layout(Enum):
    """How several results share one document."""

    SEQUENCE = "texts with a separator between them"
    ARRAY = "elements of one JSON array"
    LINES = "one JSON object per line, failures included"
    TABLE = "rows of one CSV table under one header"
    PAGE = "not at all: each result is a document of its own"


class OutputFormat(StrEnum):
    """A row: the name of a format, then its attributes."""

    renderer: str
    """`module:function` in this package, imported when it is first used."""
    suffixes: tuple[str, ...]
    """Suffixes of file names that stand for the format; the first one names the files in a folder."""
    layout: Layout
    separator: str
    """Between two results of a sequence."""

    def __new__(
        cls,
        name: str,
        renderer: str = "",
        suffixes: tuple[str, ...] = (),
        layout: Layout = Layout.PAGE,
        separator: str = "",
    ) -> Self:
        """Make a member whose value is its name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.renderer = renderer
        member.suffixes = suffixes
        member.layout = layout
        member.separator = separator
        return member

    def load(self) -> Callable[[Any], str]:
        """Import the renderer."""
        module, _, function = self.renderer.partition(":")
        render: Callable[[Any], str] = getattr(import_module(f".{module}", __package__), function)
        return render


class Format(OutputFormat):
    """The output formats of a summary."""

    TEXT = "text", "text:render_text", (".txt",), Layout.SEQUENCE, "\n"
    JSON = "json", "json_csv:render_json", (".json",), Layout.ARRAY
    JSONL = "jsonl", "json_csv:render_jsonl", (".jsonl", ".ndjson"), Layout.LINES
    MARKDOWN = "markdown", "markdown:render_markdown", (".md", ".markdown"), Layout.SEQUENCE, "\n---\n\n"
    HTML = "html", "html:render_html", (".html", ".htm"), Layout.PAGE
    CSV = "csv", "json_csv:render_csv", (".csv",), Layout.TABLE


class GraphFormat(OutputFormat):
    """The output formats of a partnership graph."""

    TABLE = "table", "text:render_graph_text", (".txt",)
    JSON = "json", "graph_exports:render_json", (".json",)
    CSV = "csv", "graph_exports:render_csv", (".csv",), Layout.TABLE
    GRAPHML = "graphml", "graph_exports:render_graphml", (".graphml",)
    MERMAID = "mermaid", "graph_exports:render_mermaid", (".mmd", ".mermaid")
    DOT = "dot", "graph_exports:render_dot", (".dot", ".gv")
    HTML = "html", "map_page:render_html", (".html", ".htm")


class Rows(StrEnum):
    """What a row of a CSV table stands for."""

    PARTNERSHIPS = "partnerships"
    TAKEAWAYS = "takeaways"
    REJECTED = "rejected"
    ALL = "all"
