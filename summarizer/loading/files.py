"""Read a file or standard input up to a size limit; what would block or never end is refused before it is read."""

import errno
import os
import re
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from ..errors import SourceError

LARGEST = 20_000_000
"""Bytes: ten times the longest report that news is based on."""

_FOLDER = "it is a folder; give the files in it"
_IRREGULAR = "it is not a regular file; pipe its text in with `-`"
_SITE = re.compile(r"(https?):/+(.+)", re.IGNORECASE)  # of which a path keeps one slash
_CAUSES = {
    errno.ENOENT: "there is no such file; check the path",
    errno.ENOTDIR: "there is no such file; check the path",
    errno.EACCES: "permission denied; make it readable for you (chmod u+r)",
    errno.EPERM: "permission denied; make it readable for you (chmod u+r)",
    errno.ELOOP: "it is a symbolic link to itself; give the file it should point to",
    errno.ENAMETOOLONG: "the file name is too long; pipe a text itself in with `-`, or use Article.from_text(…)",
    errno.ENXIO: _IRREGULAR,
}


def read_file(path: Path, name: str) -> bytes:
    """Return the bytes of a regular file; `name` stands in messages. Raises `SourceError`."""
    try:
        # Non-blocking: opening a FIFO without a writer would hang.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read {name!r}: {_cause(path, error)}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"cannot read {name!r}: {_FOLDER if stat.S_ISDIR(status.st_mode) else _IRREGULAR}")
        if status.st_size > LARGEST:
            raise too_large(name)
        with open(descriptor, "rb", closefd=False) as file:
            return _read(file, name)
    except OSError as error:
        raise SourceError(f"cannot read {name!r}: {_cause(path, error)}") from error
    finally:
        os.close(descriptor)


def read_standard_input() -> bytes:
    """Return all of standard input. Raises `SourceError`."""
    if sys.stdin is None:
        raise SourceError("cannot read standard input: it is closed; give a file instead of `-`")
    try:
        return _read(sys.stdin.buffer, "standard input")
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read standard input: {error}; give a file instead of `-`") from error


def _cause(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):  # a NUL in the name
        return "it is not a valid file name; check the path"
    if os.path.isdir(path):  # noqa: PTH112 - never raises; some systems cannot even open a folder
        unreadable = not os.access(path, os.R_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)
        return "permission denied; make it readable for you (chmod u+rx)" if unreadable else _FOLDER
    if error.errno == errno.ENOENT and path.is_symlink():
        return "it is a broken symbolic link; give the file it should point to"
    if error.errno == errno.ENOENT and str(path).lower().startswith("www."):
        return "there is no such file; write a URL with https:// before it"
    if error.errno == errno.ENOENT and (site := _SITE.match(str(path))):
        return f"an address is not a path; give load('{site[1]}://{site[2]}')"
    return _CAUSES.get(error.errno or 0, f"{error.strerror or error}")


def too_large(name: str) -> SourceError:
    """Return the error for a source of more than `LARGEST` bytes."""
    return SourceError(f"cannot read {name!r}: it is larger than {LARGEST // 1_000_000} MB; give one article at a time")


def _read(file: BinaryIO, name: str) -> bytes:
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise too_large(name)
    return raw


# --- how a source is named in results and messages ------------------------------------------------------------------


def without_credentials(address: str) -> str:
    """Return an address without the user name and password that it may hold."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else address


def printable(path: Path | str) -> str:
    """Return a path as text that can be written as UTF-8, whatever bytes the path is made of."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
