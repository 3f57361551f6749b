"""What a server or the network returns instead of a draft, as one of our errors with a message of one line.

401 403 402 404 other 4xx     EngineRefused      at once
quota, content filter         EngineRefused      at once
408 409 425 429 5xx, network  Transient          retried, then EngineUnavailable
400 422 5xx on a form         Unsupported        asked again in another form
400 413 422 5xx on the length TooLong            the passage is split
200 with an error             as with its status
200 without an answer         InvalidDraft or EngineRefused

How servers word each of them is in `server_messages.toml`.
"""

import json
import re
from collections.abc import Callable, Container, Mapping
from functools import partial
from typing import Any, NamedTuple

from ...errors import EngineError, EngineRefused, EngineUnavailable, InvalidDraft
from .output_modes import RefusedPart
from .providers import PROVIDERS, Endpoint
from .server_messages import ServerMessage, is_code_of, retry_after, until_reset


class Transient(EngineUnavailable):
    """Worth a retry: after `wait` seconds, where the server says how long."""

    def __init__(self, message: str, *, wait: float | None = None, crowded: bool = False) -> None:
        super().__init__(message)
        self.wait = self.retry_after = wait
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


_ANY = range(1_000)
_FORM = (400, 422)
_BROKEN = range(500, 600)
_RETRIED = {408, 409, 425, *_BROKEN} - {501, 505}
_NO_KEY = "{where} does not accept the key{reason}; check the key, or `base_url` that it is for"
_KEYLESS = "{where} needs a key, and none was given: set {variable}"
_NO_PERMISSION = "{where} does not permit this{reason}; check what the key is allowed to use"
_FILTERED = "the content filter of {where} stopped the article{reason}; another model may accept it"


class _Rule(NamedTuple):
    """The error of some statuses, where the response is of a kind, or any. `{where}` and `{reason}` are filled in."""

    statuses: Container[int]
    kind: str | None
    error: Callable[[str], EngineError]
    message: str


def _unsupported(part: RefusedPart) -> Callable[[str], Unsupported]:
    return partial(Unsupported, part=part)


_RULES = (
    _Rule(_ANY, "quota", EngineRefused, "the quota of {where} is used up{reason}; check the plan and its billing"),
    _Rule({401}, None, EngineRefused, _NO_KEY),
    _Rule({400, 403, 422, 451}, "content_filter", Filtered, _FILTERED),
    _Rule({402, 403}, None, EngineRefused, _NO_PERMISSION),
    _Rule({404}, None, EngineRefused, "{where} was not found{reason}; check the name of the model and `base_url`"),
    _Rule({413}, None, TooLong, "the request is too large for {where}{reason}"),
    _Rule({429}, "minute_too_small", TooLong, "the request exceeds the quota of a minute at {where}{reason}"),
    _Rule({429}, "per_day", EngineRefused, "the daily quota of {where} is used up{reason}; try again tomorrow"),
    _Rule(_FORM, "output_limit", _unsupported("size"), "{where} cannot write as much as was allowed{reason}"),
    _Rule(
        {*_FORM, *_BROKEN}, "context_length", TooLong, "the article does not fit into the context of {where}{reason}"
    ),
    _Rule({*_FORM, *_BROKEN}, "system_role", _unsupported("system"), "{where} takes no system message{reason}"),
    _Rule(_FORM, "output_limit_name", _unsupported("limit"), "{where} refused the limit of the answer{reason}"),
    _Rule(_FORM, "temperature", _unsupported("temperature"), "{where} refused the temperature{reason}"),
    _Rule(_FORM, "bounds", _unsupported("bounds"), "{where} refused the bounds of a list{reason}"),
    _Rule(_FORM, "output_mode", _unsupported("mode"), "{where} refused the form of the answer{reason}"),
    _Rule(_BROKEN, "output_mode_broken", _unsupported("mode"), "{where} refused the form of the answer{reason}"),
)
"""The first rule that applies decides."""

_ELSEWHERE = (
    "{where} redirects the request to another host, which was not sent the article; if you trust that host, "
    "name it as `base_url`"
)
_UNREACHABLE = "{where} cannot be reached; is the server running, is `base_url` right?"
_UNTRUSTED = "{where} has a certificate that cannot be trusted; check `base_url`"
_UNRESOLVED = "the name of {where} could not be resolved; check `base_url` and the network"
_CLOSED = "{where} closed the connection before it had answered"
_NETWORK: tuple[tuple[set[str], Callable[[str], EngineError], str], ...] = (
    ({"UnsupportedProtocol", "InvalidURL"}, EngineRefused, "{where} is not a valid address; check `base_url`"),
    ({"SSLCertVerificationError", "ClientConnectorCertificateError"}, EngineRefused, _UNTRUSTED),
    ({"RedirectedElsewhere"}, EngineRefused, _ELSEWHERE),
    ({"TooManyRedirects"}, EngineRefused, "{where} redirects the request in circles; check `base_url`"),
    ({"ClientConnectorDNSError", "gaierror"}, Transient, _UNRESOLVED),
    ({"ClientConnectorError"}, Transient, _UNREACHABLE),
    ({"ServerDisconnectedError", "ClientOSError", "ClientPayloadError"}, Transient, _CLOSED),
    ({"ConnectError"}, Transient, _UNREACHABLE),
    ({"TimeoutError", "APITimeoutError"}, Transient, "{where} did not answer within {timeout:g} s"),
)
"""By the names of the exception classes: each SDK has its own, and none is imported here."""
_CONNECTION = {"APIConnectionError", "TransportError", "HTTPError", "InvalidURL", "OSError", "ClientError"}

_REQUEST_IDS = ("x-request-id", "request-id", "apim-request-id", "cf-ray")
_KEYS = re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|AIza)[-_][\w*.-]{6,}|Bearer\s+\S+", re.IGNORECASE)


def of_exception(error: BaseException, endpoint: Endpoint, timeout: float) -> EngineError:
    """The error for an exception of any provider's SDK: by its HTTP status, where it has one."""
    response = getattr(error, "response", None)
    holders = ((error, "status_code"), (error, "code"), (response, "status_code"))
    statuses = (getattr(holder, name, None) for holder, name in holders)
    status = next((status for status in statuses if isinstance(status, int) and status >= 400), None)
    if status is not None:
        bodies = (getattr(error, "body", None), getattr(error, "details", None))  # the latter: of Google's
        body = next((body for body in bodies if body), str(error))
        headers = getattr(error, "headers", None) or getattr(response, "headers", None)
        return of_status(status, body, headers if isinstance(headers, Mapping) else {}, endpoint)
    if _CONNECTION & _class_names([error]):
        return of_network(error, endpoint, timeout)
    reason = clean(f"{type(error).__name__}: {error}", endpoint)
    return EngineRefused(f"{endpoint.where} could not be asked: {reason}")


def of_status(status: int, body: object, headers: Mapping[str, str], endpoint: Endpoint) -> EngineError:
    """The error for a status other than 2xx, with what the response says."""
    told = ServerMessage.read(body)
    error = _by_status(status, told, headers, endpoint)
    error.status, error.retry_after = status, retry_after(headers, told)
    error.request_id = next((headers[name] for name in _REQUEST_IDS if headers.get(name)), None)
    return error


def _by_status(status: int, told: ServerMessage, headers: Mapping[str, str], endpoint: Endpoint) -> EngineError:
    if status == 401 and not endpoint.api_key:
        return EngineRefused(_KEYLESS.format(where=endpoint.where, variable=PROVIDERS[endpoint.provider].key_variable))
    sentence = clean(told.sentence, endpoint).removesuffix(".")
    names = {"where": endpoint.where, "reason": f": {sentence}" if sentence else ""}
    for rule in _RULES:
        if status in rule.statuses and (rule.kind is None or told.is_about(rule.kind)):
            return rule.error(rule.message.format(**names))
    wait = retry_after(headers, told)
    if status == 429:
        wait = wait if wait is not None else until_reset(headers)
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
        return EngineRefused(f"{endpoint.where} answered with a web page; check `base_url`, does it end in /v1?")
    if "event-stream" in content_type or body.startswith(("data:", ":")):
        return InvalidDraft(f"{endpoint.where} answered with a stream that was not asked for")
    return InvalidDraft(f"{endpoint.where} answered 200 with something that is not JSON: {clean(body, endpoint)!r}")


def of_envelope(answer: Any, headers: Mapping[str, str], endpoint: Endpoint) -> EngineError | None:
    """The error for a 200 with JSON; None when it has a choice with a message."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return _of_no_choice(answer, headers, endpoint)
    finish = choice.get("finish_reason")
    if is_code_of("content_filter", finish):
        return filtered(endpoint)
    message = choice.get("message")
    is_empty = not isinstance(message, dict) or not (message.get("content") or message.get("tool_calls"))
    if choice.get("error") or is_code_of("broken_off", finish) or (answer.get("error") and is_empty):
        fault = choice if choice.get("error") else {"error": answer.get("error") or "it broke off the answer"}
        return _of_fault(fault, headers, endpoint, otherwise=Transient)
    if not isinstance(message, dict):
        return InvalidDraft(f"{endpoint.where} answered 200 with a choice that holds no message")
    if refusal := message.get("refusal"):
        return Filtered(f"{endpoint.where} declined to answer: {clean(str(refusal), endpoint)}")
    return None


def filtered(endpoint: Endpoint) -> Filtered:
    """The error for an answer that a content filter stopped."""
    return Filtered(f"the content filter of {endpoint.where} stopped the answer; another model may give one")


def _of_no_choice(answer: Any, headers: Mapping[str, str], endpoint: Endpoint) -> EngineError:
    told = ServerMessage.read(answer)
    is_fault = isinstance(answer, dict) and ("error" in answer or told.status or told.is_about("content_filter"))
    if is_fault or told.is_about("busy") or told.is_about("crowded"):
        return _of_fault(answer, headers, endpoint, otherwise=EngineRefused)
    return InvalidDraft(f"{endpoint.where} answered 200 without any choice")


def _of_fault(
    fault: Any, headers: Mapping[str, str], endpoint: Endpoint, *, otherwise: Callable[[str], EngineError]
) -> EngineError:
    """The error that a server tells with status 200: by the status in its body, else by its words."""
    told = ServerMessage.read(fault)
    statuses = {"content_filter": 400, "quota": 429, "crowded": 429, "busy": 503}
    by_words = next((status for kind, status in statuses.items() if told.is_about(kind)), None)
    if status := told.status or by_words:
        return of_status(status, fault, headers, endpoint)
    return otherwise(f"{endpoint.where} answered 200 with an error: {clean(told.sentence, endpoint)}")


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
