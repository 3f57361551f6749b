"""What a server or the network answers instead of a draft, in one clear line each.

401 403 402 404 other 4xx     EngineRefused      at once
quota, content filter         EngineRefused      at once
408 409 425 429 5xx, network  Transient          tried again, then EngineUnavailable
400 413 422 on a form         Unsupported        asked again in another form
400 413 on the length         TooLong            the passage is split
200 without an answer         InvalidDraft or EngineRefused
"""

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, Literal

from ...errors import EngineError, EngineRefused, EngineUnavailable, InvalidDraft
from .providers import Endpoint

Part = Literal["mode", "limit", "size", "temperature", "bounds"]


class Transient(EngineUnavailable):
    """Worth another try: after `wait` seconds, where the server says how long."""

    def __init__(self, message: str, *, wait: float | None = None, crowded: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.crowded = crowded
        """Too many requests: ours should come more slowly."""


class Unsupported(EngineError):
    """The server does not take this form of the request."""

    def __init__(self, message: str, part: Part) -> None:
        super().__init__(message)
        self.part: Part = part


class TooLong(EngineRefused):
    """The request does not fit into what the model, or the quota of a minute, can take."""

    about_text = True


class Filtered(EngineRefused):
    """A content filter, or the model itself, will not have this text."""

    about_text = True


_QUOTA = (
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "quota_exceeded",
    "credit balance",
)
_PER_DAY = re.compile(r"\b(?:per day|RPD|TPD|daily)\b", re.IGNORECASE)
_LENGTH = re.compile(
    r"context[ _](?:length|window|size)|maximum context|too (?:long|large|many tokens)"
    r"|exceeds? the (?:available )?context|string_above_max_length|prompt is too|reduce the length",
    re.IGNORECASE,
)
_FILTER = re.compile(r"content[_ ](?:filter|policy|management)|ResponsibleAI|safety system|moderation", re.IGNORECASE)
_LIMIT = re.compile(r"max_(?:completion_)?tokens|(?:in|for) the completion|output tokens", re.IGNORECASE)
_TOO_LARGE = re.compile(r"too (?:large|high|many)|at most|at maximum|maximum|exceed|less than", re.IGNORECASE)
_TEMPERATURE = re.compile(r"temperature", re.IGNORECASE)
_MODE = re.compile(
    r"response_format|json_schema|json_object|structured|tool_choice|\btools?\b|function call|grammar"
    r"|\bschema\b|\bstrict\b|guided",
    re.IGNORECASE,
)
_MODE_BROKEN = re.compile(r"response_format|json_schema|json_object|tool_choice|grammar", re.IGNORECASE)
_KEYS = re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|AIza)[-_][\w*.-]{6,}|Bearer\s+\S+", re.IGNORECASE)
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def of_status(status: int, body: str, headers: Mapping[str, str], endpoint: Endpoint) -> EngineError:
    """The error that a status other than 2xx stands for."""
    said = _said(body, endpoint)
    told = f": {said}" if said else ""
    where = endpoint.where
    wait = retry_after(headers)
    if any(word in body for word in _QUOTA):
        return EngineRefused(f"the quota of {where} is used up{told}; check the plan and its billing")
    if status == 401:
        return EngineRefused(f"{where} does not accept the key{told}; check the key, or the --base-url that it is for")
    if status == 403 and _FILTER.search(body):
        return Filtered(f"the content filter of {where} stopped the article{told}")
    if status in (402, 403):
        return EngineRefused(f"{where} does not permit this{told}; check what the key is allowed to use")
    if status == 404:
        return EngineRefused(f"{where} was not found{told}; check the name of the model and the --base-url")
    if status == 429:
        return _crowded(said, told, wait, where)
    if status in (400, 422) and "content_filter" in body:
        return Filtered(f"the content filter of {where} stopped the article{told}")
    if status in (400, 413, 422) or status >= 500:
        formal = _formal(status, said or body[:2000], told, where)
        if formal is not None:
            return formal
    if status in (408, 409, 425) or (status >= 500 and status not in (501, 505)):
        return Transient(f"{where} answered {status}{told}", wait=wait)
    return EngineRefused(f"{where} refused the request with {status}{told}")


def _crowded(said: str, told: str, wait: float | None, where: str) -> EngineError:
    if re.search(r"request too large", said, re.IGNORECASE):
        return TooLong(f"the request is larger than the quota of a minute at {where}{told}")
    if _PER_DAY.search(said) and (wait is None or wait > 600):
        return EngineRefused(f"the daily quota of {where} is used up{told}; try again tomorrow")
    return Transient(f"{where} answered 429, too many requests{told}", wait=wait, crowded=True)


def _formal(status: int, said: str, told: str, where: str) -> EngineError | None:
    """What is wrong with the request itself, if that is what the server complains of."""
    if status == 413:
        return TooLong(f"the request is too large for {where}{told}")
    if status < 500 and _LIMIT.search(said) and _TOO_LARGE.search(said):
        return Unsupported(f"{where} cannot write as much as was allowed{told}", "size")
    if status < 500 and _LENGTH.search(said):
        return TooLong(f"the article does not fit into the context of {where}{told}")
    if status < 500 and _FILTER.search(said):
        return Filtered(f"the content filter of {where} stopped the article{told}")
    if status < 500 and _LIMIT.search(said):
        return Unsupported(f"{where} refused the limit of the answer{told}", "limit")
    if status < 500 and _TEMPERATURE.search(said):
        return Unsupported(f"{where} refused the temperature{told}", "temperature")
    if status < 500 and "minItems" in said:
        return Unsupported(f"{where} refused the bounds of a list{told}", "bounds")
    if (_MODE if status < 500 else _MODE_BROKEN).search(said):
        return Unsupported(f"{where} refused the form of the answer{told}", "mode")
    return None


def of_network(error: Exception, endpoint: Endpoint, timeout: float) -> EngineError:
    """The error that a broken connection stands for, told by what lies beneath the client's own."""
    causes = list(_causes(error))
    names = {name for cause in causes for name in (kind.__name__ for kind in type(cause).__mro__)}
    if "UnsupportedProtocol" in names or "InvalidURL" in names:
        return EngineRefused(f"{endpoint.where} is not an address that can be asked; check the --base-url")
    if "SSLCertVerificationError" in names or "ClientConnectorCertificateError" in names:
        return EngineRefused(f"{endpoint.where} has a certificate that cannot be trusted; check the --base-url")
    if "TooManyRedirects" in names:
        return EngineRefused(f"{endpoint.where} sends the request round in circles; check the --base-url")
    broken = {"ServerDisconnectedError", "ClientOSError", "ClientPayloadError"} & names
    if broken and "ClientConnectorError" not in names:
        return Transient(f"{endpoint.where} closed the connection before it had answered")
    if "ClientConnectorDNSError" in names or "gaierror" in names:
        return Transient(f"the name of {endpoint.where} could not be resolved; check the --base-url and the network")
    if "ClientConnectorError" in names or "ConnectError" in names:
        return Transient(f"{endpoint.where} cannot be reached; is the server running, is the --base-url right?")
    if "TimeoutError" in names or "APITimeoutError" in names:
        return Transient(f"{endpoint.where} did not answer within {timeout:g} s")
    return Transient(f"the connection to {endpoint.where} broke off ({type(causes[-1]).__name__})")


def _causes(error: BaseException | None) -> Any:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def of_page(body: str, content_type: str, endpoint: Endpoint) -> EngineError:
    """The error that a 200 stands for whose body is no JSON."""
    if not body.strip():
        return InvalidDraft(f"{endpoint.where} answered 200 with an empty body")
    if "html" in content_type or body.lstrip()[:1] == "<":
        return EngineRefused(f"{endpoint.where} answered with a web page; check the --base-url, does it end in /v1?")
    if "event-stream" in content_type or body.startswith(("data:", ":")):
        return InvalidDraft(f"{endpoint.where} answered with a stream that was not asked for")
    return InvalidDraft(f"{endpoint.where} answered 200 with something that is not JSON: {clean(body, endpoint)!r}")


def of_envelope(answer: Any, endpoint: Endpoint) -> EngineError | None:
    """The error that a 200 with JSON stands for, None when it has a choice with a message."""
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
    status = int(str(code)) if str(code).isdecimal() and 400 <= int(str(code)) < 600 else None
    if status is not None:
        return of_status(status, json.dumps(answer), {}, endpoint)
    kind = Filtered if _FILTER.search(json.dumps(answer)) else EngineRefused
    return kind(f"{endpoint.where} answered 200 with an error: {_said(json.dumps(answer), endpoint)}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds the server asks to wait, by any of the headers in use; None where it does not say."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"\d+(?:\.\d+)?", value):
            return float(value) * scale
        if value:
            return _until(value)
    return None


def until_reset(headers: Mapping[str, str]) -> float | None:
    """How long nothing is left of a minute's requests or tokens, by `x-ratelimit-*`; None while there is."""
    waits = [
        duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
        for kind in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{kind}", "").strip() == "0"
    ]
    return max((wait for wait in waits if wait is not None), default=None)


def duration(text: str) -> float | None:
    """Seconds in `6m0s`, `20ms`, `1.5s` or `7`."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text.strip()):
        return float(text)
    parts = list(_DURATION.finditer(text))
    if not parts:
        return None
    return sum(float(part["number"]) * _SECONDS[part["unit"]] for part in parts)


def _until(date: str) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time())
    except (ValueError, TypeError):
        return None


def _said(body: str, endpoint: Endpoint) -> str:
    """The server's own words, wherever it puts them, fit for one line."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return "" if body.lstrip()[:1] == "<" else clean(body, endpoint)
    for key in ("error", "message", "detail", "msg"):
        while isinstance(found, dict) and found.get(key):
            found = found[key]
    if isinstance(found, list | dict):
        found = json.dumps(found, ensure_ascii=False)
    return clean(str(found), endpoint)


def clean(text: str, endpoint: Endpoint) -> str:
    """One printable line of at most 300 characters, without anything that looks like a key."""
    if endpoint.api_key:
        text = text.replace(endpoint.api_key, "…")
    line = " ".join("".join(c if c.isprintable() else " " for c in _KEYS.sub("…", text)).split())
    return line if len(line) <= 300 else line[:299] + "…"
