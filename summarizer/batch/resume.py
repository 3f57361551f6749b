"""What an output already holds: an interrupted run resumes from its own output.

A line counts when it is complete, and of the same article, by name and text, with the same request. Failures do not
count: they are removed and tried again. An incomplete last line is removed before another is written. The earlier
result of an edited article stays, and is counted: a name does not prove that it is the same article.
"""

import errno
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import ConfigError
from ..foreign_json import read_json

if sys.platform != "win32":
    import fcntl

_OPENING = b'{"schema":"'
"""How every line of ours begins, which tells an incomplete one from other content."""


class CompletedOutputs:
    """The articles that are completed, each as often as it was; each is stored as eight bytes."""

    def __init__(self) -> None:
        self._done: Counter[int] = Counter()
        self.count = 0
        """Number of results."""
        self.changed = 0
        """Number of articles that were completed under the same name with another text."""

    def add(self, source: str, sha256: str) -> None:
        """Note that an article is completed."""
        self.count += 1
        self._done[_digest(source, sha256)] += 1
        self._done[_digest(source)] += 1

    def has(self, source: str, sha256: str | None = None) -> bool:
        """Whether an article is completed, with any text where no `sha256` is given; each result counts once."""
        if not self._done:
            return False
        by_name = _digest(source)
        digest = by_name if sha256 is None else _digest(source, sha256)
        found = self._done[digest] > 0
        self.changed += not found and self._done[by_name] > 0
        self._done.subtract({digest, by_name} if found else ())
        return found


def _digest(*parts: str) -> int:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


class CompletedFiles(CompletedOutputs):
    """The same for an output with a file per article; articles of the same name and text share one.

    It knows which articles this run contains: of two with the same name, neither takes the other's file.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[int] = set()

    def has(self, source: str, sha256: str | None = None) -> bool:
        """Whether an article has a file, with any text where no `sha256` is given."""
        if sha256 is None:
            return self._done[_digest(source)] > 0
        self._asked.add(_digest(source, sha256))
        return self._done[_digest(source, sha256)] > 0

    def asked(self, source: str, sha256: str) -> bool:
        """Whether this run has contained an article so far."""
        return _digest(source, sha256) in self._asked

    def lose(self, source: str, sha256: str) -> None:
        """Note that an article has no file any more."""
        self._done[_digest(source, sha256)] = 0


class CompletedLines:
    """An output in JSON Lines, open for appending: every line is written at once, unbuffered."""

    def __init__(self, path: Path, request: str) -> None:
        """Open the file, or create it; remove an incomplete last line, and failures.

        `request` is the fingerprint that a result must have to count. Raises `ConfigError` for a file that holds
        anything else, or to which another run is writing, and `OSError`.
        """
        self.path = path
        self.done = CompletedOutputs()
        self.others = 0
        """Number of results of another model, prompt or option, which stay."""
        self._request = request
        self._file = _locked(path)
        try:
            self._resume()
        except BaseException:
            self.close()
            raise

    def write(self, line: str) -> None:
        """Append a line, which ends with a newline; no part of it stays where that fails.

        Raises `OSError`, also where the file is no longer found under its name.
        """
        whole = os.fstat(self._file.fileno()).st_size
        left = memoryview(line.encode("utf-8", "backslashreplace"))
        try:
            while left:  # a full disk takes a part: the next call raises
                left = left[os.write(self._file.fileno(), left) :]
        except OSError:
            self._file.truncate(whole)
            raise
        self.check()

    def check(self) -> None:
        """Raise `FileNotFoundError` where the file was removed, renamed or replaced: nobody would find its lines."""
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(self._file.fileno()), self.path.stat()):
                return
        raise FileNotFoundError(errno.ENOENT, "it was removed, renamed or replaced during the run")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _resume(self) -> None:
        failed = whole = 0
        for line in _lines(self._file):
            if not line.endswith(b"\n"):
                if not line.startswith(_OPENING) and not _OPENING.startswith(line) and line.strip(b"\0"):
                    raise _foreign(line, self.path)  # not what we did write; a power cut may leave NULs
                self._file.truncate(whole)
                break
            whole += len(line)
            failed += not self._count(line)
        if failed:
            self._file = _without_failures(self._file, self.path)

    def _count(self, line: bytes) -> bool:
        """Count a result; False for a failure."""
        result = _result(line, self.path)
        if result["schema"] == "failure/1":
            return False
        article, provenance = result.get("article"), result.get("provenance")
        if isinstance(article, dict) and isinstance(provenance, dict) and provenance.get("request") == self._request:
            self.done.add(str(article.get("source") or ""), str(article.get("sha256") or ""))
        else:
            self.others += 1
        return True


def _locked(path: Path) -> BinaryIO:
    """Open and lock a file. Raises `ConfigError` where another run has locked it, and `OSError`."""
    while True:
        file = path.open("a+b", buffering=0)
        try:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file  # else another run has just replaced it
        except (BlockingIOError, FileNotFoundError) as error:
            file.close()
            if isinstance(error, BlockingIOError):
                raise ConfigError(
                    f"another run is writing to {str(path)!r}: let it end, or name another file with -o"
                ) from None
        file.close()


def _lines(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    with open(file.fileno(), "rb", closefd=False) as buffered:
        yield from buffered


def _result(line: bytes, path: Path) -> dict[str, Any]:
    try:
        result = read_json(line)
    except ValueError:
        result = None
    if isinstance(result, dict) and result.get("schema") in ("summary/1", "failure/1"):
        return result
    raise _foreign(line, path)


def _foreign(line: bytes, path: Path) -> ConfigError:
    shown = line[:40].decode(errors="replace")
    return ConfigError(
        f"{str(path)!r} holds something else than summaries, {shown!r} for one: it was left as it is; "
        "name another file with -o"
    )


def _without_failures(file: BinaryIO, path: Path) -> BinaryIO:
    """Replace a file by one without the failures; a crash leaves the one or the other."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    fresh = _locked(part)
    with open(fresh.fileno(), "wb", closefd=False) as out:
        out.writelines(line for line in _lines(file) if _result(line, path)["schema"] == "summary/1")
    part.chmod(os.fstat(file.fileno()).st_mode & 0o777)
    part.replace(path)
    file.close()
    return fresh
