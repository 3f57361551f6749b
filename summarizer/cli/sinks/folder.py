"""A folder with a file for each article, written whole or not at all, under a safe name of its own.

A hidden list in the folder says which file is of which article: a name stays the same from run to run, and what is done
is not done again. Pages get one more that leads to them all.
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
from ...rendering import Format
from ...schema import Article, Failure, Summary
from .stream import Shown, StreamSink

LIST = ".summarizer.jsonl"
INDEX = "index.html"

_SUFFIX = {Format.TEXT: ".txt", Format.MARKDOWN: ".md"}
_TEXTS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf")  # of a source, left out of the name
_LONGEST = 100  # characters of a name: with a suffix, below the 255 bytes of a file system in any script
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # devices, on Windows


class FolderSink:
    """Writes each summary to its own file."""

    def __init__(self, folder: Path, format: Format, shown: Shown, request: str) -> None:
        self._folder = folder
        self._format = format
        self._shown = shown
        self._request = request
        self.done = CompletedFiles()
        self.others = 0
        self._owners = {INDEX: ("", "")} if format is Format.HTML else {}
        """Name of a file, as the least discerning file system sees it → name and SHA-256 of the article it is of."""
        self._pages: dict[str, Summary] = {}
        """By the name of its file, what the index shows of it."""
        self._failures: list[Failure] = []
        if format is Format.HTML and (folder / INDEX).exists() and not (folder / LIST).exists():
            raise ConfigError(f"the folder {str(folder)!r} has an {INDEX} that is not ours: name another one with -o")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._take_up()
        except OSError as error:
            raise ConfigError(
                f"cannot write to the folder {str(folder)!r}: {error.strerror}; name another with -o"
            ) from error

    def write(self, summary: Summary, article: Article | None) -> None:
        """Write a summary to its own file, then to the list."""
        source = summary.article.source or "article"
        path = self._folder / self._name(source, summary.article.sha256)
        try:
            sink = StreamSink.to_file(path, self._format, self._shown, many=False)
            sink.write(summary, article)
            sink.close()
            self._note({"file": path.name, "source": source, "sha256": summary.article.sha256}, summary)
        except OSError as error:
            raise _unwritten(path, error) from error

    def fail(self, failure: Failure) -> None:
        """Leave no file: the next run tries again."""
        self._failures.append(failure)

    def close(self) -> None:
        """Write the page that leads to the others."""
        if self._format is not Format.HTML or not (self._pages or self._failures):
            return
        from ...rendering.index_page import IndexEntry, render_index

        pages = [IndexEntry(name, summary) for name, summary in self._pages.items()]
        index = self._folder / INDEX
        try:
            StreamSink.to_file(index, Format.HTML, self._shown, many=False).put(render_index(pages, self._failures))
        except OSError as error:
            raise _unwritten(index, error) from error

    def _note(self, row: dict[str, str], summary: Summary) -> None:
        known = {**row, "request": self._request, "format": self._format.value}
        if self._format is Format.HTML:
            self._pages[row["file"]] = summary
            known["summary"] = summary.model_dump_json()
        line = json.dumps(known)
        with (self._folder / LIST).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def _take_up(self) -> None:
        """Read the list; a line that is torn, or whose file is gone, does not count."""
        rows = self._rows()
        for row in rows.values():
            self._owners[row["file"].casefold()] = row["source"], row["sha256"]
            if row["format"] != self._format.value or not (self._folder / row["file"]).is_file():
                continue
            if self._format is Format.HTML:
                self._pages[row["file"]] = Summary.model_validate_json(row["summary"])
            if row["request"] == self._request:
                self.done.add(row["source"], row["sha256"])

    def _rows(self) -> dict[str, dict[str, str]]:
        path = self._folder / LIST
        if not path.is_file():
            return {}
        text = path.read_text(encoding="utf-8", errors="replace")
        if not text.endswith("\n"):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n")
        rows = (_row(line) for line in text.splitlines())
        return {row["file"]: row for row in rows if row is not None}

    def _name(self, source: str, sha256: str) -> str:
        """The name of an article's file: its own, with a mark of its whole source where another has it.

        An article that was edited takes the place of the older one; one of two that have the same name and another text
        has a mark of both.
        """
        suffix = _SUFFIX.get(self._format, f".{self._format.value}")
        path = Path(source.rstrip("/\\"))
        stem = _safe(path.stem if path.suffix.lower() in _TEXTS else path.name)
        for mark in ("", f"-{_mark(source)}", f"-{_mark(source, sha256)}"):
            name = f"{stem}{mark}{suffix}"
            owner = self._owners.get(name.casefold(), (source, sha256))
            if owner == (source, sha256) or (owner[0] == source and not self.done.asked(*owner)):
                if owner[1] != sha256:
                    self.done.lose(*owner)
                self._owners[name.casefold()] = source, sha256
                return name
        raise AssertionError("two articles with the same mark")


def _mark(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _unwritten(path: Path, error: OSError) -> ConfigError:
    do = "make room, and run" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "run"
    return ConfigError(f"cannot write {str(path)!r}: {error.strerror}; {do} the same command again")


def _row(line: str) -> dict[str, str] | None:
    try:
        row = json.loads(line)
        kept = {key: str(row[key]) for key in ("file", "source", "sha256", "request", "format")}
        if kept["format"] == Format.HTML.value:
            kept["summary"] = str(row["summary"])  # without it, no index can be made: the page is done again
    except (ValueError, KeyError, TypeError):
        return None
    return kept if kept["file"] == os.path.basename(kept["file"]) else None  # noqa: PTH119 - a plain name, nothing else


def _safe(name: str) -> str:
    """What is left of a name when nothing in it can mean anything to a file system or a shell."""
    stem = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-.")[:_LONGEST]
    stem = stem.encode("utf-8", "ignore")[:200].decode("utf-8", "ignore") or "article"
    return f"_{stem}" if _RESERVED.match(stem) else stem
