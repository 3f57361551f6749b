"""How a user writes a cache's place, an age and a size."""

import os
import re
from datetime import timedelta
from pathlib import Path

from ..errors import ConfigError

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_BYTES = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def parse_duration(text: str) -> timedelta:
    """Parse an age such as 30d, 12h or 2w."""
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip().lower()):
        return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])
    raise ConfigError(f"{text!r} is not an age; give a number and a unit: 45m, 12h, 30d or 4w")


def parse_size(text: str) -> int:
    """Parse a number of bytes such as 500MB or 2G."""
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", text.strip().lower()):
        return int(float(found[1]) * _BYTES[found[2]])
    raise ConfigError(f"{text!r} is not a size; give a number and a unit: 800K, 500MB or 2G")


def redact(place: Path | str) -> str:
    """Return a path, or an address with its password replaced by an ellipsis."""
    if isinstance(place, Path):
        return os.fspath(place)
    return re.sub(r"(?<=[?&]password=)[^&]*", "…", re.sub(r"(?<=://).*@", "…@", place))
