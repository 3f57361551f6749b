"""A folder with one file per article, each written whole, under a safe name that stays the same from run to run.

A hidden list in the folder tells which file belongs to which article, so that nothing is done twice. Web pages get an
index page that links to all of them.
"""

import errno
import hashlib
import json
import os
import re
import unicodedata
from pathlib import Path

from ...batch.resume import CompletedFiles
from ...errors import ConfigError
from ...rendering import Format, Layout
from ...schema import Article, Failure, Summary
from .output import Output, unwritable
from .sink import RenderSummary

_LIST = ".summarizer.jsonl"
_INDEX = "index.html"
_DOCUMENT_SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf")
"""Suffixes of sources that are left out of the name."""
_LONGEST = 100
"""Characters of a name: with a suffix, below the 255 bytes of a file system in any script."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names of devices on Windows."""


class FolderSink:
    """Writes each summary to a file of its own."""

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
            self._resume()
        except OSError as error:
            raise unwritable(str(folder), error) from error

    def write(self, summary: Summary, article: Article | None) -> None:
        """Write a summary to its file, then add it to the list."""
        source = summary.article.source or "article"
        path = self._folder / self._name(source, summary.article.sha256)
        try:
            output = Output.to_file(path, table=self._format.layout is Layout.TABLE)
            output.write(self._render(summary, article))
            output.close()
            self._add_to_list({"file": path.name, "source": source, "sha256": summary.article.sha256}, summary)
        except OSError as error:
            raise _write_failed(path, error) from error

    def fail(self, failure: Failure) -> None:
        """Write no file: the next run tries again."""
        self._failures.append(failure)

    def close(self) -> None:
        """Write the index page."""
        if not self._has_index or not (self._pages or self._failures):
            return
        from ...rendering.index_page import IndexEntry, render_index

        pages = [IndexEntry(name, summary) for name, summary in self._pages.items()]
        path = self._folder / _INDEX
        try:
            index = Output.to_file(path)
            index.write(render_index(pages, self._failures))
            index.close()
        except OSError as error:
            raise _write_failed(path, error) from error

    def _add_to_list(self, row: dict[str, str], summary: Summary) -> None:
        row = {**row, "request": self._request, "format": self._format.value}
        if self._has_index:
            self._pages[row["file"]] = summary
            row["summary"] = summary.model_dump_json()
        with (self._folder / _LIST).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _resume(self) -> None:
        """Read the list; a torn line, or one whose file is gone, does not count."""
        for row in self._rows().values():
            self._owners[row["file"].casefold()] = row["source"], row["sha256"]
            if row["format"] != self._format.value or not (self._folder / row["file"]).is_file():
                continue
            if self._has_index:
                if "summary" not in row:  # the index cannot show it: the page is made again
                    continue
                self._pages[row["file"]] = Summary.model_validate_json(row["summary"])
            if row["request"] == self._request:
                self.done.add(row["source"], row["sha256"])

    def _rows(self) -> dict[str, dict[str, str]]:
        path = self._folder / _LIST
        if not path.is_file():
            return {}
        text = path.read_text(encoding="utf-8", errors="replace")
        if not text.endswith("\n"):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n")
        rows = (_row(line) for line in text.splitlines())
        return {row["file"]: row for row in rows if row is not None}

    def _name(self, source: str, sha256: str) -> str:
        """Return the name of an article's file: its own, with a hash of the whole source if another article has it.

        An edited article replaces its older version; of two articles with the same source and different texts, one has
        a hash of both.
        """
        path = Path(source.rstrip("/\\"))
        stem = _safe(path.stem if path.suffix.lower() in _DOCUMENT_SUFFIXES else path.name)
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
        row = json.loads(line)
        kept = {key: str(row[key]) for key in ("file", "source", "sha256", "request", "format")}
        if "summary" in row:
            kept["summary"] = str(row["summary"])
    except (ValueError, KeyError, TypeError):
        return None
    return kept if kept["file"] == os.path.basename(kept["file"]) else None  # noqa: PTH119 - a plain name, nothing else


def _safe(name: str) -> str:
    """Return a name without anything that has a meaning to a file system or a shell."""
    stem = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-.")[:_LONGEST]
    stem = stem.encode("utf-8", "ignore")[:200].decode("utf-8", "ignore") or "article"
    return f"_{stem}" if _RESERVED.match(stem) else stem


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _write_failed(path: Path, error: OSError) -> ConfigError:
    hint = "free some space, and run" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "run"
    return ConfigError(f"cannot write {str(path)!r}: {error.strerror}; {hint} the same command again")
