"""Where results are written: one stream, a JSON Lines file that is resumed, or a folder that is resumed."""

import errno
import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from ..batch.resume import CompletedFiles, CompletedLines, CompletedOutputs
from ..errors import ConfigError
from ..foreign_json import read_json
from ..loading import SUFFIXES
from ..rendering import Format, Layout
from ..rendering.json_csv import to_line
from ..schema import Article, Failure, Summary, Verdict
from .output import Output, unwritable, write_file

Outcome = TypeVar("Outcome")
RenderSummary = Callable[[Summary, Article | None], str]

_LIST = ".summarizer.jsonl"
_INDEX = "index.html"
_LONGEST = 100
"""Characters of a name: with a suffix, below the 255 bytes of a file system in any script."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names of devices on Windows."""


class Sink(Protocol):
    """Takes results, one after the other."""

    @property
    def done(self) -> CompletedOutputs | None:
        """The results it already holds; None if it cannot be resumed."""

    @property
    def others(self) -> int:
        """How many results it holds of another model, prompt or option."""

    def write(self, summary: Summary, article: Article | None) -> None:
        """Take a summary."""

    def fail(self, failure: Failure) -> None:
        """Take a failure."""

    def close(self) -> None:
        """Finish writing."""


def open_sink(
    name: str | None, format: Format, render: RenderSummary, *, many: bool, request: str, view: str = ""
) -> Sink:
    """Open standard output, a file, or a folder. Raises `ConfigError`.

    `request` is the fingerprint of what is asked, by which a file or a folder knows what is done; `view` tells files
    of a folder apart that show the same results in another way.
    """
    output = Path(name) if name is not None else None
    try:
        if output is not None and is_folder(str(name), many=many):
            return FolderSink(output, format, render, request + view)
        if many and format.layout is Layout.PAGE:
            raise only_one_page()
        if output is not None and format.layout is Layout.LINES and (output.is_file() or not output.exists()):
            return ResumableSink(output, render, request)
        return StreamSink(output, format, render, many=many)
    except OSError as error:
        raise unwritable(str(name), error) from error


def is_folder(name: str, *, many: bool) -> bool:
    """Tell whether an output is a folder: it is one, ends in a slash, or has no suffix and may hold many results."""
    path = Path(name)
    return path.is_dir() or name.endswith(("/", os.sep)) or (many and not path.suffix and not path.exists())


def only_one_page() -> ConfigError:
    """Return the error of several pages in one document."""
    return ConfigError("html makes a page for each article: give a folder for them, such as -o pages/")


# --- one document ----------------------------------------------------------------------------------------------------


class StreamSink(Generic[Outcome]):
    """Writes each result as soon as it comes: separated texts, lines, one JSON array, or one table."""

    done = None
    others = 0

    def __init__(
        self, path: Path | None, format: Format, render: Callable[[Outcome, Article | None], str], *, many: bool
    ) -> None:
        """Open a file, or standard output without a path. Raises `OSError`."""
        self._path = path
        self._output = Output(path, table=format.layout is Layout.TABLE)
        self._format = format
        self._render = render
        self._many = many
        self._count = 0
        self._held = ""
        """The only JSON object so far; it becomes the first element of an array if another one follows."""

    def write(self, outcome: Outcome, article: Article | None) -> None:
        """Write a result, and what separates it from the last one. Raises `ConfigError` for a second page."""
        self._count += 1
        text, layout = self._render(outcome, article), self._format.layout
        if layout is Layout.ARRAY and not self._many and self._count == 1:
            self._held = text
            return
        if layout is Layout.ARRAY:
            text = self._element(text)
        elif self._count > 1:
            if layout is Layout.PAGE:
                raise only_one_page()
            if layout is Layout.TABLE:
                text = text.partition("\n")[2]  # without another header
            text = self._format.separator + text
        if text:
            self._write(text)

    def fail(self, failure: Failure) -> None:
        """Write a failure if the format has failures; it is reported on standard error in any case."""
        if self._format.layout is Layout.LINES:
            self._write(to_line(failure))

    def close(self) -> None:
        """Finish the document."""
        is_array = self._format.layout is Layout.ARRAY and self._many
        end = ("\n]\n" if self._count else "[]\n") if is_array else self._held
        with _explained(self._path):
            self._output.close(end)

    def _write(self, text: str) -> None:
        with _explained(self._path):
            self._output.write(text)

    def _element(self, text: str) -> str:
        """Return one more element of an array, after the one that was held."""
        elements = [each.rstrip("\n") for each in (self._held, text) if each]
        opening = "[\n" if self._held or self._count == 1 else ",\n"
        self._held, self._many = "", True
        return opening + ",\n".join(elements)


# --- JSON Lines ------------------------------------------------------------------------------------------------------


class ResumableSink:
    """A JSON Lines file with a line for each result; the same command does only what the file lacks."""

    def __init__(self, path: Path, render: RenderSummary, request: str) -> None:
        """Open the file. Raises `ConfigError` for a file of something else, and `OSError`."""
        self._lines = CompletedLines(path.resolve(), request)
        self._is_lost = False
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
        """Close the file. Raises `ConfigError` where it is no longer there."""
        try:
            if not self._is_lost:
                with _explained(self._lines.path):
                    self._lines.check()
        finally:
            self._lines.close()

    def _append(self, line: str) -> None:
        self._is_lost = True
        with _explained(self._lines.path):
            self._lines.write(line)
        self._is_lost = False


# --- a folder --------------------------------------------------------------------------------------------------------


class FolderSink:
    """A folder with one file per article, each written whole, under a safe name that stays the same from run to run.

    A hidden list in the folder tells which file belongs to which article, so that nothing is done twice. Web pages get
    an index page that links to all of them.
    """

    def __init__(self, folder: Path, format: Format, render: RenderSummary, request: str) -> None:
        """Open or create the folder. Raises `ConfigError`."""
        self._folder = folder
        self._format = format
        self._render = render
        self._request = request
        self._has_index = format.layout is Layout.PAGE
        self.done = CompletedFiles()
        self.others = 0
        self._owners = {_INDEX: ("", "")} if self._has_index else {}
        """Case-folded name of a file → source and SHA-256 of its article."""
        self._pages: dict[str, Summary] = {}
        """Name of a file → what the index shows of it."""
        self._failures: list[Failure] = []
        if self._has_index and (folder / _INDEX).exists() and not (folder / _LIST).exists():
            raise ConfigError(
                f"the folder {str(folder)!r} has an {_INDEX} of somebody else: choose another folder with -o"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._refuse_others(_LIST, *self._owners)
            self._resume()
        except OSError as error:
            raise unwritable(str(folder), error) from error

    def write(self, summary: Summary, article: Article | None) -> None:
        """Write a summary to its file, then add it to the list."""
        source = summary.article.source or "article"
        path = self._folder / self._name(source, summary.article.sha256)
        with _explained(path):
            self._refuse_others(path.name)
            write_file(path, self._render(summary, article), table=self._format.layout is Layout.TABLE)
            self._add_to_list({"file": path.name, "source": source, "sha256": summary.article.sha256}, summary)

    def fail(self, failure: Failure) -> None:
        """Write no file: the next run tries again."""
        self._failures.append(failure)

    def close(self) -> None:
        """Write the index page."""
        if not self._has_index or not (self._pages or self._failures):
            return
        from ..rendering.index_page import IndexEntry, render_index

        pages = [IndexEntry(name, summary) for name, summary in self._pages.items()]
        path = self._folder / _INDEX
        with _explained(path):
            write_file(path, render_index(pages, self._failures))

    def _refuse_others(self, *names: str) -> None:
        """Refuse to write through a symbolic link, which leads out of the folder, or to anything but a file."""
        for name in names:
            path = self._folder / name
            if path.is_symlink() or (path.exists() and not path.is_file()):
                raise ConfigError(
                    f"{str(path)!r} is not a file of its own: a symbolic link, a folder or a device is not written to; "
                    "remove it, or choose another folder with -o"
                )

    def _add_to_list(self, row: dict[str, str], summary: Summary) -> None:
        row = {**row, "request": self._request, "format": self._format.value}
        if self._has_index:
            self._pages[row["file"]] = summary
            row["summary"] = summary.model_dump_json()
        with (self._folder / _LIST).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _resume(self) -> None:
        """Read the list; a torn line, or one whose file is gone, does not count."""
        path = self._folder / _LIST
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else "\n"
        if not text.endswith("\n"):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n")
        rows = {row["file"]: row for row in map(_row, text.splitlines()) if row is not None}
        for row in rows.values():
            self._owners[row["file"].casefold()] = row["source"], row["sha256"]
            if row["format"] != self._format.value or not (self._folder / row["file"]).is_file():
                continue
            if self._has_index:
                try:
                    self._pages[row["file"]] = Summary.model_validate_json(row.get("summary", ""))
                except ValueError:  # the index cannot show it: the page is made again
                    continue
            if row["request"] == self._request:
                self.done.add(row["source"], row["sha256"])

    def _name(self, source: str, sha256: str) -> str:
        """Return the name of an article's file: its own, with a hash of the whole source if another article has it.

        An edited article replaces its older version; of two articles with the same source and different texts, one has
        a hash of both.
        """
        stem = stem_of(source)
        for mark in ("", f"-{_hash(source)}", f"-{_hash(source, sha256)}"):
            name = f"{stem}{mark}{self._format.suffixes[0]}"
            owner = self._owners.get(name.casefold(), (source, sha256))
            if owner == (source, sha256) or (owner[0] == source and not self.done.asked(*owner)):
                if owner[1] != sha256:
                    self.done.lose(*owner)
                self._owners[name.casefold()] = source, sha256
                return name
        raise AssertionError("two articles with the same hash")


def _row(line: str) -> dict[str, str] | None:
    try:
        row = read_json(line)
        kept = {key: str(row[key]) for key in ("file", "source", "sha256", "request", "format")}
        if "summary" in row:
            kept["summary"] = str(row["summary"])
    except (ValueError, KeyError, TypeError):
        return None
    return kept if kept["file"] == os.path.basename(kept["file"]) else None  # noqa: PTH119 - a plain name, nothing else


class PlainFolderSink:
    """A folder with one file of verdicts per article, under its name; nothing of an earlier run is kept or resumed."""

    def __init__(self, folder: Path, format: Format, render: Callable[[list[Verdict], Article | None], str]) -> None:
        """Open or create the folder. Raises `OSError`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._format = format
        self._render = render
        self._taken: Counter[str] = Counter()

    def write(self, verdicts: list[Verdict], article: Article | None) -> None:
        """Write to `a.verdicts.json`, for a second article of that name to `a-2.verdicts.json`."""
        stem = stem_of((article and article.source) or "article")
        self._taken[stem.casefold()] += 1
        if (number := self._taken[stem.casefold()]) > 1:
            stem = f"{stem}-{number}"
        path = self._folder / f"{stem}.verdicts{self._format.suffixes[0]}"
        with _explained(path):
            write_file(path, self._render(verdicts, article), table=self._format.layout is Layout.TABLE)

    def fail(self, failure: Failure) -> None:
        """Write no file: the failure is reported on standard error."""

    def close(self) -> None:
        """Every file is complete already."""


def stem_of(source: str) -> str:
    """Return the name, without a suffix, of the file for a source."""
    path = Path(source.rstrip("/\\"))
    return _safe(path.stem if path.suffix.lower() in SUFFIXES else path.name)


def _safe(name: str) -> str:
    """Return a name without anything that has a meaning to a file system or a shell."""
    stem = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-.")[:_LONGEST]
    stem = stem.encode("utf-8", "ignore")[:200].decode("utf-8", "ignore") or "article"
    return f"_{stem}" if _RESERVED.match(stem) else stem


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


@contextmanager
def _explained(path: Path | None) -> Iterator[None]:
    """Turn an `OSError` into a `ConfigError` that names the file; without a path, of standard output, it is raised."""
    try:
        yield
    except OSError as error:
        if path is None:
            raise
        hint = "free some space, and run" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "run"
        raise ConfigError(f"cannot write {str(path)!r}: {error.strerror}; {hint} the same command again") from error
