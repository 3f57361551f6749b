"""Engines and readers of other packages, found by their entry points and loaded when they are first wanted.

`summarizer.engines`: its name is that of a provider, its object a function `(model, settings) -> Engine`.
`summarizer.readers`: its name is a suffix such as `.odt`, its object a function `(raw, name, charset)` that returns the
text, or a `LoadedText`, and raises `SourceError`.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENGINES = "summarizer.engines"
READERS = "summarizer.readers"


@cache
def declared(group: str) -> dict[str, "EntryPoint"]:
    """Return the entry points of a group by name."""
    from importlib.metadata import entry_points  # imported here: it takes as long as a short run

    return {entry.name: entry for entry in entry_points(group=group)}


def plugin(group: str, name: str) -> Any:
    """Return what an installed package offers under a name; None if none does. Raises `ConfigError`."""
    if (entry := declared(group).get(name)) is None:
        return None
    try:
        return entry.load()
    except Exception as error:  # whatever the import of a stranger's module raises
        reason = f"{type(error).__name__}: {error}"
        raise ConfigError(f"cannot load {name!r} ({entry.value}): {reason}; mend or remove its package") from error
