"""One document for all results, on standard output or in a file."""

from pathlib import Path

from ...rendering import Format, Layout
from ...rendering.json_csv import to_line
from ...schema import Article, Failure, Summary
from .document import Document
from .output import Output
from .sink import RenderSummary


class StreamSink:
    """Writes each result as soon as it comes."""

    done = None
    others = 0

    def __init__(self, path: Path | None, format: Format, render: RenderSummary, *, many: bool) -> None:
        """Open a file, or standard output without a path. Raises `OSError`."""
        table = format.layout is Layout.TABLE
        self._output = Output.to_file(path, table=table) if path else Output.to_standard_output(table=table)
        self._document = Document(format, many=many)
        self._format = format
        self._render = render

    def write(self, summary: Summary, article: Article | None) -> None:
        """Write a summary, and what separates it from the last one."""
        if text := self._document.add(self._render(summary, article)):
            self._output.write(text)

    def fail(self, failure: Failure) -> None:
        """Write a failure if the format has failures; it is reported on standard error in any case."""
        if self._format.layout is Layout.LINES:
            self._output.write(to_line(failure))

    def close(self) -> None:
        """Finish the document."""
        self._output.close(self._document.end())
