"""How a source is named in results and messages."""

from pathlib import Path


def without_credentials(address: str) -> str:
    """Return an address without the user name and password that it may hold."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else address


def printable(path: Path | str) -> str:
    """Return a path as text that can be written as UTF-8, whatever bytes the path is made of."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
