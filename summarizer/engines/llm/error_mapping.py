"""What a server or the network returns instead of a draft, as one of our errors with a message of one line.

401 403 402 404 other 4xx     EngineRefused      at once
quota, content filter         EngineRefused      at once
408 409 425 429 5xx, network  Transient          retried, then EngineUnavailable
400 413 422 on a form         Unsupported        asked again in another form
400 413 on the length         TooLong            the passage is split
200 without an answer         InvalidDraft or EngineRefused
"""

import json
import re
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from time import time
from typing import Any, NamedTuple

from ...errors import EngineError, EngineRefused, EngineUnavailable, InvalidDraft
from ...foreign_json import read_json
from .output_modes import RefusedPart
from .providers import Endpoint


class Transient(EngineUnavailable):
    """Worth a retry: after `wait` seconds, where the server says how long."""

    def __init__(self, message: str, *, wait: float | None = None, crowded: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.crowded = crowded
        """Whether the server had too many requests."""


class RedirectedElsewhere(ConnectionError):
    """A server redirects a request, and the article in it, to another host, or to an unencrypted connection."""


class Unsupported(EngineError):
    """The server does not accept this form of the request."""

    def __init__(self, message: str, part: RefusedPart) -> None:
        super().__init__(message)
        self.part: RefusedPart = part


class TooLong(EngineRefused):
    """The request does not fit into what the model, or the quota of a minute, can take."""

    about_text = True


class Filtered(EngineRefused):
    """A content filter, or the model itself, rejects this text."""

    about_text = True


class _Rule(NamedTuple):
    """The error of some statuses, where the response matches a pattern. `{where}` and `{reason}` are filled in."""

    statuses: Container[int]
    pattern: re.Pattern[str]
    error: Callable[[str], EngineError]
    message: str
    whole: bool = False
    """Whether the pattern is searched in the whole body; else in the server's message alone, as some servers repeat
    the request beside it."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


_ANY = range(1_000)
_FORM = (400, 422)
_BROKEN = range(500, 600)
_RETRIED = {408, 409, 425, *_BROKEN} - {501, 505}
_ALWAYS = re.compile("")
_FILTER = _words(r"content[_ ](?:filter|policy|management)|ResponsibleAI|safety system|moderation")
_LIMIT = r"max_(?:completion_)?tokens|(?:in|for) the completion|output tokens"
_FILTERED = "the content filter of {where} stopped the article{reason}"
_QUOTA = _words("insufficient_quota|billing_hard_limit_reached|billing_not_active|quota_exceeded|credit balance")
_TOO_MUCH = _words(rf"^(?=.*(?:{_LIMIT})).*(?:too (?:large|high|many)|at most|at maximum|maximum|exceed|less than)")
_LENGTH = _words(
    r"context[ _](?:length|window|size)|maximum context|too (?:long|large|many tokens)"
    r"|exceeds? the (?:available )?context|string_above_max_length|prompt is too|reduce the length"
)
_MODE_BROKEN = r"response_format|json_schema|json_object|tool_choice|grammar"
_MODE = _words(_MODE_BROKEN + r"|structured|\btools?\b|function call|\bschema\b|\bstrict\b|guided")
_NO_KEY = "{where} does not accept the key{reason}; check the key, or the --base-url that it is for"
_NO_PERMISSION = "{where} does not permit this{reason}; check what the key is allowed to use"
_NOT_FOUND = "{where} was not found{reason}; check the name of the model and the --base-url"
_NO_MODE = "{where} refused the form of the answer{reason}"


_RULES = (
    _Rule(_ANY, _QUOTA, EngineRefused, "the quota of {where} is used up{reason}; check the plan and its billing", True),
    _Rule({401}, _ALWAYS, EngineRefused, _NO_KEY),
    _Rule({403}, _FILTER, Filtered, _FILTERED, True),
    _Rule({402, 403}, _ALWAYS, EngineRefused, _NO_PERMISSION),
    _Rule({404}, _ALWAYS, EngineRefused, _NOT_FOUND),
    _Rule({413}, _ALWAYS, TooLong, "the request is too large for {where}{reason}"),
    _Rule({429}, _words("request too large"), TooLong, "the request exceeds the quota of a minute at {where}{reason}"),
    _Rule(_FORM, _words("content_filter"), Filtered, _FILTERED, True),
    _Rule(_FORM, _TOO_MUCH, partial(Unsupported, part="size"), "{where} cannot write as much as was allowed{reason}"),
    _Rule(_FORM, _LENGTH, TooLong, "the article does not fit into the context of {where}{reason}"),
    _Rule(_FORM, _FILTER, Filtered, _FILTERED),
    _Rule(_FORM, _words(_LIMIT), partial(Unsupported, part="limit"), "{where} refused the limit of the answer{reason}"),
    _Rule(
        _FORM,
        _words("temperature"),
        partial(Unsupported, part="temperature"),
        "{where} refused the temperature{reason}",
    ),
    _Rule(
        _FORM, _words("minItems"), partial(Unsupported, part="bounds"), "{where} refused the bounds of a list{reason}"
    ),
    _Rule(_FORM, _MODE, partial(Unsupported, part="mode"), _NO_MODE),
    _Rule(_BROKEN, _words(_MODE_BROKEN), partial(Unsupported, part="mode"), _NO_MODE),
)
"""The first rule that applies decides."""
_PER_DAY = re.compile(r"\b(?:per day|RPD|TPD|daily)\b", re.IGNORECASE)

_ELSEWHERE = (
    "{where} redirects the request to another host, which was not sent the article; if you trust that host, "
    "name it with --base-url"
)
_UNREACHABLE = "{where} cannot be reached; is the server running, is the --base-url right?"
_UNTRUSTED = "{where} has a certificate that cannot be trusted; check the --base-url"
_UNRESOLVED = "the name of {where} could not be resolved; check the --base-url and the network"
_CLOSED = "{where} closed the connection before it had answered"
_NETWORK: tuple[tuple[set[str], Callable[[str], EngineError], str], ...] = (
    ({"UnsupportedProtocol", "InvalidURL"}, EngineRefused, "{where} is not a valid address; check the --base-url"),
    ({"SSLCertVerificationError", "ClientConnectorCertificateError"}, EngineRefused, _UNTRUSTED),
    ({"RedirectedElsewhere"}, EngineRefused, _ELSEWHERE),
    ({"TooManyRedirects"}, EngineRefused, "{where} redirects the request in circles; check the --base-url"),
    ({"ClientConnectorDNSError", "gaierror"}, Transient, _UNRESOLVED),
    ({"ClientConnectorError"}, Transient, _UNREACHABLE),
    ({"ServerDisconnectedError", "ClientOSError", "ClientPayloadError"}, Transient, _CLOSED),
    ({"ConnectError"}, Transient, _UNREACHABLE),
    ({"TimeoutError", "APITimeoutError"}, Transient, "{where} did not answer within {timeout:g} s"),
)
"""By the names of the exception classes: each SDK has its own, and none is imported here."""
_CONNECTION = {"APIConnectionError", "TransportError", "HTTPError", "InvalidURL", "OSError", "ClientError"}

_KEYS = re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|AIza)[-_][\w*.-]{6,}|Bearer\s+\S+", re.IGNORECASE)
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def of_exception(error: BaseException, endpoint: Endpoint, timeout: float) -> EngineError:
    """The error for an exception of any provider's SDK: by its HTTP status, where it has one."""
    response = getattr(error, "response", None)
    holders = ((error, "status_code"), (error, "code"), (response, "status_code"))
    statuses = (getattr(holder, name, None) for holder, name in holders)
    status = next((status for status in statuses if isinstance(status, int) and status >= 400), None)
    if status is not None:
        body = getattr(error, "body", None)
        text = json.dumps(body, default=str) if isinstance(body, dict | list) else str(error if body is None else body)
        return of_status(status, text, getattr(response, "headers", None) or {}, endpoint)
    if _CONNECTION & _class_names([error]):
        return of_network(error, endpoint, timeout)
    reason = clean(f"{type(error).__name__}: {error}", endpoint)
    return EngineRefused(f"{endpoint.where} could not be asked: {reason}")


def of_status(status: int, body: str, headers: Mapping[str, str], endpoint: Endpoint) -> EngineError:
    """The error for a status other than 2xx."""
    words = _server_message(body, endpoint)
    names = {"where": endpoint.where, "reason": f": {words}" if words else ""}
    for rule in _RULES:
        if status in rule.statuses and rule.pattern.search(body if rule.whole else words or body[:2000]):
            return rule.error(rule.message.format(**names))
    wait = retry_after(headers)
    if status == 429 and _PER_DAY.search(words) and (wait is None or wait > 600):
        return EngineRefused("the daily quota of {where} is used up{reason}; try again tomorrow".format(**names))
    if status == 429:
        message = "{where} answered 429, too many requests{reason}".format(**names)
        return Transient(message, wait=wait, crowded=True)
    if status in _RETRIED:
        return Transient(f"{endpoint.where} answered {status}{names['reason']}", wait=wait)
    return EngineRefused(f"{endpoint.where} refused the request with {status}{names['reason']}")


def of_network(error: BaseException, endpoint: Endpoint, timeout: float) -> EngineError:
    """The error for a broken connection, by the exceptions beneath the SDK's own."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    names = _class_names(causes)
    for classes, kind, message in _NETWORK:
        if classes & names:
            return kind(message.format(where=endpoint.where, timeout=timeout))
    return Transient(f"the connection to {endpoint.where} broke off ({type(causes[-1]).__name__})")


def _class_names(errors: list[BaseException]) -> set[str]:
    return {kind.__name__ for error in errors for kind in type(error).__mro__}


def of_page(body: str, content_type: str, endpoint: Endpoint) -> EngineError:
    """The error for a 200 whose body is not JSON."""
    if not body.strip():
        return InvalidDraft(f"{endpoint.where} answered 200 with an empty body")
    if "html" in content_type or body.lstrip()[:1] == "<":
        return EngineRefused(f"{endpoint.where} answered with a web page; check the --base-url, does it end in /v1?")
    if "event-stream" in content_type or body.startswith(("data:", ":")):
        return InvalidDraft(f"{endpoint.where} answered with a stream that was not asked for")
    return InvalidDraft(f"{endpoint.where} answered 200 with something that is not JSON: {clean(body, endpoint)!r}")


def of_envelope(answer: Any, endpoint: Endpoint) -> EngineError | None:
    """The error for a 200 with JSON; None when it has a choice with a message."""
    if isinstance(answer, dict) and answer.get("error") and not answer.get("choices"):
        return _of_error(answer, endpoint)
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not isinstance(choices, list) or not choices:
        return InvalidDraft(f"{endpoint.where} answered 200 without any choice")
    message = choices[0].get("message") if isinstance(choices[0], dict) else None
    if not isinstance(message, dict):
        return InvalidDraft(f"{endpoint.where} answered 200 with a choice that holds no message")
    refusal = message.get("refusal")
    if refusal:
        return Filtered(f"{endpoint.where} declined to answer: {clean(str(refusal), endpoint)}")
    if choices[0].get("finish_reason") == "content_filter":
        return Filtered(f"the content filter of {endpoint.where} stopped the answer")
    return None


def _of_error(answer: dict[str, Any], endpoint: Endpoint) -> EngineError:
    """Some gateways put the status into the body."""
    error = answer["error"]
    code = error.get("code") if isinstance(error, dict) else None
    status = int(str(code)) if re.fullmatch("[45][0-9]{2}", str(code)) else None
    if status is not None:
        return of_status(status, json.dumps(answer), {}, endpoint)
    kind = Filtered if _FILTER.search(json.dumps(answer)) else EngineRefused
    return kind(f"{endpoint.where} answered 200 with an error: {_server_message(json.dumps(answer), endpoint)}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds the server asks to wait, by any of the headers in use; None where it does not say."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"\d+(?:\.\d+)?", value):
            return float(value) * scale
        if value:  # a date
            with suppress(ValueError, TypeError):
                return max(0.0, parsedate_to_datetime(value).timestamp() - time())
            return None
    return None


def until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until requests and tokens are replenished, by `x-ratelimit-*`; None while some are left."""
    waits = [
        duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
        for kind in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{kind}", "").strip() == "0"
    ]
    return max((wait for wait in waits if wait is not None), default=None)


def duration(text: str) -> float | None:
    """Seconds in `6m0s`, `20ms`, `1.5s` or `7`."""
    parts = [float(part["number"]) * _SECONDS[part["unit"] or "s"] for part in _DURATION.finditer(text)]
    return sum(parts) if parts else None


def _server_message(body: str, endpoint: Endpoint) -> str:
    """The server's own message, wherever it puts it, as one line."""
    try:
        found = read_json(body)
    except ValueError:
        return "" if body.lstrip()[:1] == "<" else clean(body, endpoint)
    for key in ("error", "message", "detail", "msg"):
        while isinstance(found, dict) and found.get(key):
            found = found[key]
    if isinstance(found, list | dict):
        found = json.dumps(found, ensure_ascii=False)
    return clean(str(found), endpoint)


def without_key(text: str, endpoint: Endpoint) -> str:
    """The text without the key, which some servers repeat, as it stands or as a string of JSON."""
    key = endpoint.api_key
    for said in dict.fromkeys((json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1], key)) if key else ():
        text = text.replace(said, "…")
    return text


def clean(text: str, endpoint: Endpoint) -> str:
    """One printable line of at most 300 characters, without anything that looks like a key."""
    text = without_key(text, endpoint)
    line = " ".join("".join(c if c.isprintable() else " " for c in _KEYS.sub("…", text)).split())
    return line if len(line) <= 300 else line[:299] + "…"
