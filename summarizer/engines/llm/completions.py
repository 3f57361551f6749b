"""Chat completions as servers send them: the answer in one, wherever the server puts it.

A stream that nobody asked for, several tool calls, content in parts, as an object or among the thoughts.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...foreign_json import read_json
from . import error_mapping, parsing
from .providers import Endpoint
from .response_schemas import Json, ResponseSchema
from .server_messages import ServerMessage, is_code_of

_THOUGHTS = ("reasoning_content", "reasoning")
_MOST_TOKENS = 10**12
"""No call takes as many; a server that says so does not count."""


@dataclass(frozen=True)
class Answer:
    """One answer: its text and what it took."""

    text: str
    """The content, or the arguments of the tool call."""
    finish: str = "stop"
    called: bool = False
    """Whether the model called the tool."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    raw: Json = field(default_factory=dict, repr=False)
    """The whole response, for the trace and for instructor."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_body(text: str) -> Any:
    """The JSON of a body, behind a byte order mark or in the events of a stream; None where there is none."""
    text = text.lstrip("\ufeff")
    events = [line.removeprefix("data:").strip() for line in text.splitlines() if line.startswith("data:")]
    try:
        if not events:
            return read_json(text)
        return _joined_stream([read_json(event) for event in events if event not in ("", "[DONE]")])
    except ValueError:
        return None


def _joined_stream(chunks: list[Any]) -> Json | None:
    """The completion that the chunks of a stream make up; the last one that is no chunk, such as an error, as it is."""
    whole: Json = {}
    message: Json = {"role": "assistant", "content": ""}
    calls: dict[str, Json] = {}
    finish = None
    for chunk in _objects(chunks):
        whole |= {key: value for key, value in chunk.items() if value is not None}
        for choice in _objects(chunk.get("choices")):
            finish = choice.get("finish_reason") or finish
            delta = choice.get("delta")
            if not isinstance(delta, dict):
                continue
            _extend(message, delta, ("content", *_THOUGHTS, "refusal"))
            for call in _objects(delta.get("tool_calls")):
                function = calls.setdefault(str(call.get("index")), {})
                for part in _objects([call.get("function")]):
                    _extend(function, part, ("name", "arguments"))
    if calls:
        message["tool_calls"] = [{"type": "function", "function": function} for function in calls.values()]
    if len(message) > 2 or message["content"]:
        whole["choices"] = [{"index": 0, "message": message, "finish_reason": finish}]
    return whole or None


def _objects(values: Any) -> list[Json]:
    """The objects of what should be a list of them."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _extend(texts: Json, more: Json, names: Iterable[str]) -> None:
    for name in names:
        if isinstance(more.get(name), str):
            texts[name] = texts.get(name, "") + more[name]


def parse_completion(
    completion: Any, endpoint: Endpoint, schema: ResponseSchema, headers: Mapping[str, str] | None = None
) -> Answer:
    """Read a chat completion, whatever the server calls its parts. Raises `EngineError` where it holds no message."""
    if (error := error_mapping.of_envelope(completion, headers or {}, endpoint)) is not None:
        raise error
    choice = completion["choices"][0]
    message = choice["message"]
    arguments = _arguments(message, schema)
    usage = completion.get("usage") or {}
    finish = choice.get("finish_reason")
    return Answer(
        text=_content(message) if arguments is None else arguments,
        finish="length" if is_code_of("cut_off", finish) else str(finish or "stop"),
        called=arguments is not None,
        input_tokens=token_count(usage, "prompt_tokens", "input_tokens"),
        output_tokens=token_count(usage, "completion_tokens", "output_tokens"),
        raw=completion,
        headers=headers or {},
    )


def _arguments(message: Json, schema: ResponseSchema) -> str | None:
    """The arguments of the tool calls as one object; None where no tool was called with any.

    Models call a second tool first, call with nothing, or give each item in a call of its own.
    """
    calls = _objects(message.get("tool_calls")) or [{"function": message.get("function_call")}]
    functions = _objects([call.get("function") for call in calls])
    ours = [function for function in functions if function.get("name") == schema.name] or functions
    given = [text for text in map(_as_text, (function.get("arguments") for function in ours)) if text is not None]
    spoken = [text for text in given if text.strip() not in ("", "{}")]
    if not spoken:
        return given[0] if given and not _content(message) else None
    return spoken[0] if len(spoken) == 1 else parsing.joined(spoken)


def _content(message: Json) -> str:
    """The text of a message; where it is empty, the thoughts, if they are nothing but a JSON object."""
    content = _as_text(message.get("content")) or ""
    if content.strip():
        return content
    thoughts = (_as_text(message.get(name)) or "" for name in ("parsed", *_THOUGHTS))
    return next((text for text in thoughts if re.fullmatch(r"\s*\{.*\}\s*", text, re.DOTALL)), content)


def _as_text(content: Any) -> str | None:
    """A text, sent as it is, in parts, or as an object."""
    if isinstance(content, list):
        return "".join(_as_text(part.get("text") if isinstance(part, dict) else part) or "" for part in content)
    return content if isinstance(content, str | None) else json.dumps(content, ensure_ascii=False)


def token_count(usage: Any, *names: str) -> int | None:
    """A number of tokens; Cohere counts in floats."""
    counts = [usage.get(name) for name in names] if isinstance(usage, dict) else []
    return next((int(count) for count in counts if isinstance(count, int | float) and 0 <= count < _MOST_TOKENS), None)


def failed_generation(error: Exception) -> Answer | None:
    """What the model wrote, where the server sends it as an error for its form: Groq does, with status 400."""
    body = getattr(error, "body", None)
    written = body.get("failed_generation") if isinstance(body, dict) else None
    if written is None:
        return None
    is_cut = ServerMessage.read(body).is_about("output_cut")
    text = _as_text(written) or ""
    return Answer(text, finish="length" if is_cut else "stop", raw={"error": body})
