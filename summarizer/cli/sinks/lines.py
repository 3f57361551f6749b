"""A JSON Lines file that is resumed: the same command does only what the file lacks."""

from pathlib import Path

from ...batch.resume import CompletedLines, CompletedOutputs
from ...errors import ConfigError
from ...rendering.json_csv import to_line
from ...schema import Article, Failure, Summary
from .sink import RenderSummary


class ResumableSink:
    """Appends a line for each result."""

    def __init__(self, path: Path, render: RenderSummary, request: str) -> None:
        """Open the file. Raises `ConfigError` for a file of something else, and `OSError`."""
        self._lines = CompletedLines(path.resolve(), request)
        self._render = render
        self.done: CompletedOutputs | None = self._lines.done
        self.others = self._lines.others

    def write(self, summary: Summary, article: Article | None) -> None:
        """Append a summary."""
        self._append(self._render(summary, article))

    def fail(self, failure: Failure) -> None:
        """Append a failure, which does not count as done: the next run tries again."""
        self._append(to_line(failure))

    def close(self) -> None:
        """Close the file."""
        self._lines.close()

    def _append(self, line: str) -> None:
        try:
            self._lines.write(line)
        except OSError as error:
            raise ConfigError(
                f"cannot write to {str(self._lines.path)!r}: {error.strerror}; the lines it holds are complete: "
                "free some space, and run the same command again"
            ) from error
