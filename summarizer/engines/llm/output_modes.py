"""The request body in each output mode."""

from collections.abc import Callable

from ...prompting import Message
from .request_mode import OutputMode, RequestMode
from .response_schemas import Json, ResponseSchema


def request_body(mode: RequestMode, model: str, messages: list[Message], schema: ResponseSchema, limit: int) -> Json:
    """The request, as it is sent."""
    sendable: list[Message] = [{**message, "content": _sendable(message["content"])} for message in messages]
    body: Json = {"model": model, "messages": sendable, mode.limit: limit}
    if mode.temperature:
        body["temperature"] = 0
    plain = schema.strict if mode.bounds else schema.unbounded
    return {**body, **_FORMS[mode.mode](schema, sendable, plain)}


def _sendable(text: str) -> str:
    """The text without halves of surrogate pairs, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode()


def _as_schema(schema: ResponseSchema, _: list[Message], plain: Json) -> Json:
    described = {"name": schema.name, "strict": True, "schema": plain}
    return {"response_format": {"type": "json_schema", "json_schema": described}}


def _as_tool(schema: ResponseSchema, _: list[Message], plain: Json) -> Json:
    function = {"name": schema.name, "description": schema.description, "strict": True, "parameters": plain}
    return {
        "tools": [{"type": "function", "function": function}],
        "tool_choice": {"type": "function", "function": {"name": schema.name}},
    }


def _as_json(schema: ResponseSchema, messages: list[Message], plain: Json) -> Json:
    """Not all servers enforce the schema in this mode, so the instructions repeat it."""
    words = f"\n\nAnswer with one JSON object and nothing else. Its JSON schema:\n{schema.text}"
    return {
        "response_format": {"type": "json_object", "schema": plain},
        "messages": _instructed(messages, words),
    }


def _as_fenced(schema: ResponseSchema, messages: list[Message], _: Json) -> Json:
    words = f"\n\nAnswer with one JSON object in a ```json code block and nothing else. Its JSON schema:\n{schema.text}"
    return {"messages": _instructed(messages, words)}


def _instructed(messages: list[Message], words: str) -> list[Message]:
    """The messages with more words in the first one."""
    first, *others = messages
    return [{**first, "content": first["content"] + words}, *others]


_FORMS: dict[OutputMode, Callable[[ResponseSchema, list[Message], Json], Json]] = {
    OutputMode.SCHEMA: _as_schema,
    OutputMode.TOOLS: _as_tool,
    OutputMode.JSON: _as_json,
    OutputMode.FENCED: _as_fenced,
}
