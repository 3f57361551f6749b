"""What an output holds already: the output is the ledger, so that a run that was cut short is taken up where it was.

A line counts when it is whole, and of the same article, by name and text, asked for in the same way. Failures do not
count: they are taken out and tried again. A line that was cut short is taken off the end before another is written.
The older result of an article that was edited stays, and is counted: a name is no proof that it is the same article.
"""

import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import ConfigError

if sys.platform != "win32":
    import fcntl

_OPENING = b'{"schema":"'
"""Of every line of ours: what tells a line that was cut short from the words of somebody else."""


class CompletedOutputs:
    """The articles that are done, each as often as it was done; eight bytes remember one."""

    def __init__(self) -> None:
        self._done: Counter[int] = Counter()
        self.count = 0
        """How many results it was told of."""
        self.changed = 0
        """How many articles it was asked for that it knows under their name, with another text."""

    def add(self, source: str, sha256: str) -> None:
        """Write down that an article is done."""
        self.count += 1
        self._done[_digest(source, sha256)] += 1
        self._done[_digest(source)] += 1

    def has(self, source: str, sha256: str | None = None) -> bool:
        """Whether an article is done, whatever its text where no `sha256` is given; each result counts once."""
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
    """The same of articles with a file each, whose file is for all that have the same name and text.

    It knows which articles there are in this run: of two with the same name, neither takes the other's file.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[int] = set()

    def has(self, source: str, sha256: str | None = None) -> bool:
        """Whether an article has a file, whatever its text where no `sha256` is given."""
        if sha256 is not None:
            self._asked.add(_digest(source, sha256))
        return self._done[_digest(source) if sha256 is None else _digest(source, sha256)] > 0

    def asked(self, source: str, sha256: str) -> bool:
        """Whether this run has an article, as far as it was seen."""
        return _digest(source, sha256) in self._asked

    def lose(self, source: str, sha256: str) -> None:
        """An article has no file any more."""
        self._done[_digest(source, sha256)] = 0


class CompletedLines:
    """An output in JSON Lines, open for more: every line is written whole, in one call, and is there at once."""

    def __init__(self, path: Path, request: str) -> None:
        """Open the file, or make it; take off a torn end, and take out failures.

        `request` is the fingerprint that a result must bear to count. Raises `ConfigError` for a file that holds
        anything else, or into which another run is writing, and `OSError`.
        """
        self.path = path
        self.done = CompletedOutputs()
        self.others = 0
        """Results of another model, prompt or option: they stay."""
        self._request = request
        self._file = _locked(path)
        try:
            self._take_up()
        except BaseException:
            self.close()
            raise

    def write(self, line: str) -> None:
        """Add a line, which ends in a line end; no part of it stays where that fails. Raises `OSError`."""
        whole = os.fstat(self._file.fileno()).st_size
        left = memoryview(line.encode("utf-8", "backslashreplace"))
        try:
            while left:  # a disk that fills up takes a part: the next call says why
                left = left[os.write(self._file.fileno(), left) :]
        except OSError:
            self._file.truncate(whole)
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _take_up(self) -> None:
        failed = whole = 0
        for line in _lines(self._file):
            if not line.endswith(b"\n"):
                _refuse_unless_ours(line, self.path)
                self._file.truncate(whole)
                break
            whole += len(line)
            failed += not self._count(line)
        if failed:
            self._file = _without_failures(self._file, self.path)

    def _count(self, line: bytes) -> bool:
        """Take note of a result; False for a failure."""
        result = _result(line, self.path)
        if result["schema"] == "failure/1":
            return False
        article, provenance = result["article"], result.get("provenance") or {}
        if provenance.get("request") == self._request:
            self.done.add(article.get("source") or "", article.get("sha256") or "")
        else:
            self.others += 1
        return True


def _locked(path: Path) -> BinaryIO:
    """Open a file that nobody else writes to. Raises `ConfigError`, `OSError`."""
    while True:
        file = path.open("a+b", buffering=0)
        try:
            _lock(file)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file  # else another run has just put a new file in its place
        except (BlockingIOError, FileNotFoundError) as error:
            file.close()
            if isinstance(error, BlockingIOError):
                raise ConfigError(
                    f"another run is writing to {str(path)!r}: let it end, or name another file with -o"
                ) from None
        file.close()


def _lock(file: BinaryIO) -> None:
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    with open(file.fileno(), "rb", closefd=False) as buffered:
        yield from buffered


def _refuse_unless_ours(torn: bytes, path: Path) -> None:
    """Let nothing be cut off that we did not write; a power cut may leave NULs."""
    if not torn.startswith(_OPENING) and not _OPENING.startswith(torn) and torn.strip(b"\0"):
        raise _foreign(torn, path)


def _result(line: bytes, path: Path) -> dict[str, Any]:
    try:
        result = json.loads(line)
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
    """Put a file without the failures in the place of one with them; a crash leaves the one or the other."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    fresh = _locked(part)
    with open(fresh.fileno(), "wb", closefd=False) as out:
        out.writelines(line for line in _lines(file) if _result(line, path)["schema"] == "summary/1")
    part.chmod(os.fstat(file.fileno()).st_mode & 0o777)
    part.replace(path)
    file.close()
    return fresh
