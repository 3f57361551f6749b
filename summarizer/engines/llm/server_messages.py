"""What a server says went wrong, wherever it puts it: the sentence for a person, its codes, and when to come back.

The wordings are in `server_messages.toml`. Only the fields that hold an error are read: some servers repeat the
request, and with it the article, beside it.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import islice
from pathlib import Path
from time import time
from typing import Any, NamedTuple

from ...foreign_json import read_json

_LIMIT = r"(?:max_(?:completion_|output_)?tokens|(?:in|for) the (?:completion|output)|output tokens)"
"""What servers call the limit of an answer: `{limit}` in the table."""
_SENTENCES = ("error", "errors", "message", "detail", "details", "msg", "error_msg", "status_msg", "base_resp", "title")
"""Where the sentence stands; the first found leads on."""
_CODES = frozenset(
    (
        "code",
        "type",
        "status",
        "status_code",
        "error_code",
        "error_type",
        "reason",
        "param",
        "loc",
        "quotaId",
        "blockReason",
        "block_reason",
        "finish_reason",
    )
)
_INSIDE = frozenset(("metadata", "raw", "innererror", "violations", "choices", "promptFeedback", "prompt_feedback"))
_DELAYS = frozenset(("retryDelay", "retry_after", "retry_after_seconds"))
_READ = _CODES | _INSIDE | _DELAYS | set(_SENTENCES)
_LONGEST = 2_000  # characters of a sentence
_MOST_FIELDS = 100
_ALL = 6_000  # characters of all fields: each phrase is searched in them
_DURATION = re.compile(
    r"(?P<number>\d+(?:\.\d+)?) ?"
    r"(?P<unit>ms|milliseconds?|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)?(?![a-z])",
    re.IGNORECASE,
)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class _Signs(NamedTuple):
    """What tells one kind."""

    codes: frozenset[str]
    phrases: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class ServerMessage:
    """What one response says."""

    sentence: str
    """For a person; empty where there is none."""
    codes: frozenset[str] = frozenset()
    words: str = ""
    """All that it says, sentence and codes."""
    delay: float | None = None
    """Seconds after which the request may be sent again."""

    @classmethod
    def read(cls, body: object) -> "ServerMessage":
        """Read a body, as it came or as JSON that was parsed."""
        try:
            found = _parsed(body)
            if isinstance(found, str):
                plain = found[:_LONGEST]
                return cls("" if plain.lstrip()[:1] == "<" else plain, words=plain, delay=_delay(plain))
            fields = list(islice(_fields(found), _MOST_FIELDS))
            words = "\n".join(text for _, text in fields)[:_ALL]
            told = (duration(text) for key, text in fields if key in _DELAYS)
            return cls(
                _sentence(found)[:_LONGEST],
                frozenset(_code(text) for key, text in fields if key in _CODES),
                words,
                next((delay for delay in told if delay is not None), None) or _delay(words),
            )
        except RecursionError:
            return cls("", words=str(body)[:_LONGEST])

    def is_about(self, kind: str) -> bool:
        """Whether it is of a kind that the table knows."""
        signs = _signs()[kind]
        return not signs.codes.isdisjoint(self.codes) or any(phrase.search(self.words) for phrase in signs.phrases)

    @property
    def status(self) -> int | None:
        """The HTTP status that stands in the body."""
        return next((int(code) for code in sorted(self.codes) if re.fullmatch("[45][0-9][0-9]", code)), None)


def is_code_of(kind: str, *codes: object) -> bool:
    """Whether one of some codes, or a part of one before or after a colon, is of a kind."""
    parts = {_code(part) for code in codes for part in str(code or "").split(":")}
    return not _signs()[kind].codes.isdisjoint(parts)


def _code(text: object) -> str:
    return re.sub(r"[\W_]+", "", str(text)[:100].rpartition(".")[2]).lower()


@cache
def _signs() -> Mapping[str, _Signs]:
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {kind: _Signs(frozenset(map(_code, table["codes"])), _phrases(table)) for kind, table in tables.items()}


def _phrases(table: Mapping[str, Any]) -> tuple[re.Pattern[str], ...]:
    flags = re.IGNORECASE | re.DOTALL
    return tuple(re.compile(text.replace("{limit}", _LIMIT), flags) for text in table.get("phrases", {}).values())


def _parsed(body: object) -> object:
    """JSON where it is some: gateways send the message of another server as a string."""
    if isinstance(body, str) and body.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
        with suppress(ValueError):
            return read_json(body.lstrip("\ufeff"))
    return body


def _fields(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """The texts and numbers of the fields that are read, each with its key."""
    value = _parsed(value)
    if isinstance(value, dict):
        for name, inside in value.items():
            if name in _READ:
                yield from _fields(inside, name)
    elif isinstance(value, list):
        for inside in value:
            yield from _fields(inside, key)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield key, str(value)[:_LONGEST]


def _sentence(found: object) -> str:
    """The innermost sentence, or what there is as JSON."""
    found = _parsed(found)
    while isinstance(found, list | dict):
        if isinstance(found, list):
            inside = found[0] if found else ""
        elif isinstance(found.get("metadata"), dict) and found["metadata"].get("raw"):
            inside = found["metadata"]["raw"]
        elif isinstance(found.get("loc"), list) and found.get("msg"):
            inside = f"{'.'.join(map(str, found['loc']))}: {found['msg']}"
        else:
            inside = next((found[key] for key in _SENTENCES if found.get(key)), "")
        if not inside:
            return json.dumps(found, ensure_ascii=False, default=str)
        found = _parsed(inside)
    return str(found)


# --- when to come back ------------------------------------------------------------------------------------------------


def retry_after(headers: Mapping[str, str], message: ServerMessage | None = None) -> float | None:
    """How many seconds the server asks to wait, in a header or its message; None where it does not say."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"\d+(?:\.\d+)?", value):
            return float(value) * scale
        if value:
            with suppress(ValueError, TypeError, OverflowError):
                return max(0.0, parsedate_to_datetime(value).timestamp() - time())
            if (seconds := duration(value)) is not None:
                return seconds
    return message.delay if message is not None else None


def until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until requests and tokens are replenished, by `x-ratelimit-*`; None while some are left."""
    waits = [
        duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
        for kind in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{kind}", "").strip() == "0"
    ]
    return max((wait for wait in waits if wait is not None), default=None)


def duration(text: str) -> float | None:
    """Seconds in `6m0s`, `20ms`, `1.5 seconds` or `7`."""
    parts = [float(part["number"]) * _scale(part["unit"] or "s") for part in _DURATION.finditer(text[:100])]
    return sum(parts) if parts else None


def _scale(unit: str) -> float:
    unit = unit.lower()
    return _SECONDS["ms"] if unit in ("ms", "millisecond", "milliseconds") else _SECONDS[unit[0]]


def _delay(words: str) -> float | None:
    """The delay that a sentence names."""
    found = (phrase.search(words) for phrase in _signs()["come_back"].phrases)
    return next((duration(match["wait"]) for match in found if match is not None), None)
