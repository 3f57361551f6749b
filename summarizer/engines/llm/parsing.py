"""From what a model wrote to the draft that it meant, without another call.

instructor reads a clean answer. Any other is recovered item by item: fences, prose around the JSON, `<think>` blocks, a
trailing citation, duplicate keys, control characters in strings, a tool call written out as text, numbers where text
belongs, one string where a list belongs, and an answer that was cut off. Last, json-repair reads what is not JSON at
all: single quotes, trailing commas, unescaped quotes.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ...schema import OPTIONAL_FIELDS, Draft, DraftUsage, salvage
from .output_modes import OutputMode
from .response_schemas import DRAFT, Json, Opinion

if TYPE_CHECKING:
    from .client import Reply

_KEYS = ("takeaways", "partnerships")
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_HALF_PAIR = re.compile(  # half of a surrogate pair: no text can hold it
    r"\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}", re.IGNORECASE
)
_WHOLE = re.compile(r"\s*(\d{1,4})(?:\.0)?\s*")
_BRACKET = re.compile(r"[{\[]")
_LISTS = ("quotes", "parties")
_OPTIONAL = tuple(field.name for field in OPTIONAL_FIELDS)
_WRAPPERS = ("arguments", "parameters", "input", "answer", "response", "result", "output", "properties")
_TRIES = 1_000
"""Brackets that open nothing before an answer is given up: a small model that repeats itself writes thousands, and each
may be read to the end."""
_REPAIRABLE = 1_000
"""Quotes and brackets in what json-repair is given: its time grows with their square, to 10 s for 10,000."""


def read_draft(reply: "Reply") -> Draft | None:
    """The draft in an answer, its malformed items in `usage.malformed`; None where it holds no draft."""
    if (clean := _clean(reply)) is not None:
        return clean
    found, notes = read_object(reply.answer.text, _KEYS)
    if found is None:
        found, notes = repaired_object(reply.answer.text, _KEYS), []
    return None if found is None else _salvaged(found, notes)


def read_revision(reply: "Reply") -> tuple[Draft, frozenset[int]] | None:
    """The corrected claims in an answer, and the numbers of those that stand; None where it holds neither."""
    keys = (*_KEYS, "stands")
    found, notes = read_object(reply.answer.text, keys)
    if found is None:
        found, notes = repaired_object(reply.answer.text, keys), []
    if found is None:
        return None
    numbers = (_WHOLE.fullmatch(str(n)) for n in _as_list(found.pop("stands", None)))  # some models write them as text
    return _salvaged(found, notes), frozenset(int(n[1]) for n in numbers if n)


def read_part(reply: "Reply") -> Draft | None:
    """The whole items of an answer that was cut off or is broken; None where it has none."""
    found = whole_items(reply.answer.text)
    return None if found is None else _salvaged(found, [])


def read_opinions(reply: "Reply") -> dict[int, Opinion]:
    """The opinions in an answer, by the number of the claim; empty where there is none."""
    found, _ = read_object(reply.answer.text, ("opinions",))
    opinions: dict[int, Opinion] = {}
    for item in found["opinions"] if found is not None else ():
        with suppress(ValidationError):
            opinion = Opinion.model_validate(item)
            opinions[opinion.claim] = opinion
    return opinions


def read_choice(reply: "Reply", candidates: int) -> list[int] | None:
    """The numbers in an answer, from 1 to `candidates`, each once; None where it holds no choice."""
    found, _ = read_object(reply.answer.text, ("numbers",))
    if found is None:
        return None
    words = (str(number).strip() for number in _as_list(found["numbers"]))
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= len(str(candidates))]
    return [number for number in dict.fromkeys(numbers) if 1 <= number <= candidates]


def _clean(reply: "Reply") -> Draft | None:
    """The draft of an answer that instructor reads without dropping anything; None for any other."""
    from instructor import Mode
    from openai.types.chat import ChatCompletion

    plain = Mode.MD_JSON if reply.mode.mode is OutputMode.FENCED else Mode.JSON_SCHEMA
    mode = Mode.TOOLS if reply.answer.called else plain
    try:
        completion = ChatCompletion.model_construct(**reply.answer.raw)
        draft: Draft = DRAFT.response_model.from_response(completion, mode=mode, strict=False)
    except Exception:  # noqa: BLE001  (whatever it is, the answer is read again, item by item)
        return None
    keys = sum(len(item.model_fields_set) for item in (draft, *draft.takeaways, *draft.partnerships))
    if not draft.model_fields_set.issuperset(_KEYS) or keys != reply.answer.text.count('":'):
        return None  # a key was dropped: it is unknown, or a duplicate
    return Draft(takeaways=draft.takeaways, partnerships=draft.partnerships)


def _salvaged(found: Json, notes: list[str]) -> Draft:
    """Every item that is well formed, or can be made so."""
    missing = [f"the answer had no {key!r}" for key in _KEYS if key not in found]
    lists = {key: [normalized(_decoded(item)) for item in _as_list(found.get(key))] for key in _KEYS}
    draft = salvage({**found, **lists})
    return with_usage(draft, DraftUsage(warnings=tuple(notes + missing)) + draft.usage)


def _as_list(value: object) -> list[object]:
    value = _decoded(value)
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _decoded(value: object) -> object:
    """The value itself, or what it holds where it is a string of JSON: some models write lists and items so."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            return _decoder([]).decode(value)
    return value


def with_usage(draft: Draft, usage: DraftUsage) -> Draft:
    """The same draft with another usage."""
    return draft.model_copy(update={"usage": usage})


# --- JSON in the text of an answer ------------------------------------------------------------------------------------


def read_object(text: str, keys: tuple[str, ...]) -> tuple[Json | None, list[str]]:
    """The object in `text` that has at least one of `keys`, None if none has; and notes of what was changed.

    The last such object counts: models think first, and answer then.
    """
    notes: list[str] = []
    text = _HALF_PAIR.sub("\\\\ufffd", text)
    for source in dict.fromkeys((_THOUGHT.sub("", text), text)):
        found = [unwrapped for value in _objects(source, notes) if (unwrapped := _unwrap(value, keys)) is not None]
        if found:
            return found[-1], list(dict.fromkeys(notes))
    return None, []


def repaired_object(text: str, keys: tuple[str, ...]) -> Json | None:
    """The object in a text that is not quite JSON; None unless it has all of `keys`, each once.

    json-repair completes half an item and drops a duplicate key without a word, so an answer that may hold either is
    not given to it.
    """
    text = _HALF_PAIR.sub("\\\\ufffd", _THOUGHT.sub("", text))
    begin, end = text.find("{"), text.rfind("}") + 1
    is_cut_off = "{" in text[end:]
    if (
        is_cut_off
        or any(len(re.findall(rf"{key}\W{{0,3}}:", text)) != 1 for key in keys)
        or sum(map(text.count, "\"'{[")) > _REPAIRABLE
    ):
        return None
    from json_repair import repair_json

    try:
        value = _unwrap(repair_json(text[begin:end], return_objects=True), keys)
    except (ValueError, RecursionError):
        return None
    return value if value is not None and all(key in value for key in keys) else None


def whole_items(text: str) -> Json | None:
    """The items that are whole in an answer that is not: one that was cut off, or is broken somewhere; None if none is.

    An item is told by its keys, wherever it stands.
    """
    values = chain.from_iterable(map(_items, _objects(_HALF_PAIR.sub("\\\\ufffd", _THOUGHT.sub("", text)), [])))
    items = [value for value in values if isinstance(value, dict) and "quotes" in value]
    found: Json = {
        key: [item for item in items if part in item] for key, part in zip(_KEYS, ("text", "parties"), strict=True)
    }
    return found if any(found.values()) else None


def _items(value: Any) -> Iterator[Any]:
    """What a list or a whole draft holds; else the value itself."""
    if isinstance(value, dict) and any(key in value for key in _KEYS):
        yield from chain.from_iterable(_as_list(value.get(key)) for key in _KEYS)
    else:
        yield from _as_list(value)


def is_cut(text: str) -> bool:
    """Whether an object was begun and never closed: the sign of a cut where the server does not report it."""
    with suppress(ValueError, RecursionError):
        json.loads(text)
        return False
    depth, in_string, escaped, is_closed = 0, False, False, False
    for c in text[text.find("{") :] if "{" in text else "":
        if in_string:
            in_string, escaped = (escaped or c != '"'), (c == "\\" and not escaped)
        elif c == '"' and depth:
            in_string = True
        elif c in "{[":
            depth += 1
        elif c in "}]" and depth:
            depth -= 1
            if c == "}":
                is_closed = depth == 0
    return "{" in text and not is_closed


def normalized(item: Any) -> Any:
    """An item whose values have the type that they should have, where only one reading is possible."""
    if not isinstance(item, Mapping):
        return item
    result = {key.strip() if isinstance(key, str) else key: value for key, value in item.items()}
    for key, value in result.items():
        if key in _LISTS and isinstance(value, str | list):
            result[key] = [_as_text(part) for part in _as_list(value)]
        elif key in _OPTIONAL:
            result[key] = None if value in ("", "null", "None") else _as_text(value)
        elif key == "status" and isinstance(value, str):
            result[key] = re.sub(r"[\s-]+", "_", value.strip().lower())
        elif key == "text":
            result[key] = _as_text(value)
    return result


def _as_text(value: Any) -> Any:
    """An integer as text; a float, whose notation is lost (`read_object` keeps it as `_Number`), stays invalid."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Number(str):
    """A number as it was written: 1.10 stays 1.10."""

    __slots__ = ()


def _decoder(notes: list[str]) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=partial(_merged, notes), strict=False, parse_float=_Number)


def _objects(text: str, notes: list[str]) -> Iterator[Any]:
    """Every outermost JSON object or list in a text, in order."""
    decoder = _decoder(notes)
    position = failed = 0
    while failed < _TRIES and (bracket := _BRACKET.search(text, position)) is not None:
        try:
            value, position = decoder.raw_decode(text, bracket.start())
        except RecursionError:
            return
        except ValueError:
            position = bracket.end()
            failed += 1
            continue
        yield value


def _merged(notes: list[str], members: list[tuple[str, Any]]) -> Json:
    """An object that loses no duplicate key: lists are joined, else the last value wins; noted."""
    merged: Json = {}
    for key, value in members:
        if key in merged and merged[key] != value:
            notes.append(f"the key {key!r} stood twice in the answer")
            if isinstance(merged[key], list) and isinstance(value, list):
                value = merged[key] + [item for item in value if item not in merged[key]]
        merged[key] = value
    return merged


def joined(texts: Sequence[str]) -> str:
    """Objects of several texts as one, with their lists joined."""
    found = [value for text in texts for value in _objects(text, []) if isinstance(value, dict)]
    if not found:
        return "\n".join(texts)
    return json.dumps(_merged([], [member for each in found for member in each.items()]), ensure_ascii=False)


def _unwrap(value: Any, keys: tuple[str, ...]) -> Json | None:
    """The object itself, or the one in a wrapper such as a tool call that was written out as text."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    for _ in range(3):
        if not isinstance(value, dict):
            return None
        if any(key in value for key in keys):
            return value
        inside = [value[key] for key in _WRAPPERS if key in value] or list(value.values())[: len(value) == 1]
        value = inside[0] if inside else None
        if isinstance(value, str):  # the arguments of a written-out call are sometimes a string of JSON
            value = next(_objects(value, []), None)
    return None
