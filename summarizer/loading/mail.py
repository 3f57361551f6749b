"""Mail → text: what the sender wrote, without the signature and without the quoted message.

The plain part is read unless the HTML part says much more. A mail that only forwards a message is that message.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, TypeVar

from ..errors import SourceError
from . import pages
from .loaded_text import SAVE_AS_TEXT, LoadedText, damaged
from .markup import phrases, words_in
from .text_encoding import codec, decode

_Value = TypeVar("_Value")

_QUOTED = re.compile(r"\s{0,3}>")
_QUOTE_MARKS = re.compile(r"^(?:\s{0,3}>)+ ?")
_ENCODED_WORD = re.compile(rb"=\?([\w.:-]+)(?=(?:\*[\w-]*)?\?[bq]\?)", re.IGNORECASE)
_UNKNOWN = (b"unknown-8bit", b"x-unknown")
_SIGNATURE = "-- "
_WORD = re.compile(r"\w+")
_FORWARDED = 3
"""Times as many quoted words as own ones: the mail forwards them."""


def parse(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read one message: its subject is the title, its date the day of publication. Raises `SourceError`."""
    try:
        message = _message(raw, name)
        loaded, warnings = _body(message, name)
        attachments = [_attachment_name(part) for part in message.iter_attachments()]
    except SourceError:
        raise
    except Exception as error:
        raise damaged(name, "mail", error, "save it again") from error
    if not _WORD.search(loaded.text):
        only = f"only attachments ({_listed(attachments)}); save them, and give those" if attachments else SAVE_AS_TEXT
        raise SourceError(f"cannot read {name!r}: it has no text of its own; {only}")
    if attachments:
        warnings = (*warnings, f"attachments were not read: {_listed(attachments)}")
    return _with_headers(loaded._replace(warnings=(*loaded.warnings, *warnings)), message)


def _message(raw: bytes, name: str) -> EmailMessage:
    raw = raw.replace(b"\r\n", b"\n").lstrip(b"\n")
    message = message_from_bytes(raw, policy=policy.default)
    if not message.keys():
        raise SourceError(f"cannot read {name!r}: it is no mail: it has no headers; {SAVE_AS_TEXT}")
    head, blank, rest = raw.partition(b"\n\n")
    readable = _readable(head, message, name)
    return message if readable == head else message_from_bytes(readable + blank + rest, policy=policy.default)


def _readable(head: bytes, message: EmailMessage, name: str) -> bytes:
    """Return headers in UTF-8 that are neither that nor ASCII, and encoded words with the charset that is meant."""
    part: Any = message.get_body(preferencelist=("plain", "html"))
    body, charset = (b"", None) if part is None else (_payload(part), part.get_content_charset())

    def meant(word: re.Match[bytes]) -> bytes:
        declared = charset if word[1].lower() in _UNKNOWN else word[1].decode()
        return b"=?" + (codec(declared) or declared or "utf-8").encode()

    try:
        bare = b"\x1b" not in head and head.decode() is not None
    except UnicodeDecodeError:
        bare = False
    if not bare:
        lines = head.replace(b"\r", b" ").split(b"\n")
        odd = [at for at, line in enumerate(lines) if b"\x1b" in line or not line.isascii()]
        with suppress(SourceError):  # a guess needs the words of the body, and is misled by names of fields
            text = decode(b"\n".join([*(lines[at] for at in odd), body]), name, charset).text
            for at, line in zip(odd, text.split("\n"), strict=False):
                lines[at] = line.encode()
        head = b"\n".join(lines)
    return _ENCODED_WORD.sub(meant, head)


def _attachment_name(part: Any) -> str:
    return _header(lambda: str(part.get_filename() or "")) or str(part.get_content_type())


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:100]) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def _with_headers(loaded: LoadedText, message: EmailMessage) -> LoadedText:
    """Add the metadata of the headers, and the subject above the text."""
    subject = " ".join(str(_header(lambda: message["subject"]) or "").split())
    title = phrases("subject_prefix").sub("", subject, count=1) or loaded.title
    text = loaded.text if not title or loaded.text.startswith(title) else f"{title}\n\n{loaded.text}"
    sent = _header(lambda: message["date"].datetime)
    published = sent.date().isoformat() if isinstance(sent, datetime) else loaded.published
    return loaded._replace(text=text, title=title, published=published)


def _header(get: Callable[[], _Value]) -> _Value | None:
    """Return the value of a header, None where it cannot be parsed."""
    try:
        return get()
    except Exception:  # noqa: BLE001 - the header parser raises anything
        return None


# --- the body --------------------------------------------------------------------------------------------------------


def _body(message: EmailMessage, name: str) -> tuple[LoadedText, tuple[str, ...]]:
    plain_part: Any = message.get_body(preferencelist=("plain",))
    html_part: Any = message.get_body(preferencelist=("html",))
    plain = _plain(plain_part, name) if plain_part is not None else None
    html = None
    if html_part is not None:
        with suppress(SourceError):  # there is no article in it
            html = pages.parse(_payload(html_part), name, html_part.get_content_charset())
    if html is not None and (plain is None or 2 * words_in(plain.text) < words_in(html.text)):
        return html, ()
    return _without_quotes(plain or LoadedText(""))


def _plain(part: Any, name: str) -> LoadedText:
    text, warnings = decode(_payload(part), name, part.get_content_charset())
    if part.get_param("format", "").lower() == "flowed":
        text = _unflowed(text, delete_spaces=part.get_param("delsp", "").lower() == "yes")
    return LoadedText(text, warnings)


def _payload(part: Any) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unflowed(text: str, *, delete_spaces: bool) -> str:
    """Join the lines that end in a space (RFC 3676), except quotes and the signature."""
    parts: list[str] = []
    flowing = False
    for line in text.split("\n"):
        joined = flowing and not _QUOTED.match(line)
        flowing = line.endswith(" ") and line != _SIGNATURE and not _QUOTED.match(line)
        shown = line.removeprefix(" ")
        parts.append(("" if joined or not parts else "\n") + (shown[:-1] if flowing and delete_spaces else shown))
    return "".join(parts)


def _without_quotes(loaded: LoadedText) -> tuple[LoadedText, tuple[str, ...]]:
    """Leave out the signature, and the quoted lines unless the mail forwards them; return notes on both."""
    lines = loaded.text.split("\n")
    signature = next((at for at, line in enumerate(lines) if line == _SIGNATURE), len(lines))
    kept = lines[:signature]
    quoted = [line for line in kept if _QUOTED.match(line)]
    own = [line for at, line in enumerate(kept) if not _QUOTED.match(line) and not _introduces_quote(kept, at)]
    notes = ["the signature left out"] if signature < len(lines) else []
    if quoted and words_in("\n".join(quoted)) > _FORWARDED * words_in("\n".join(own)):
        own = [_QUOTE_MARKS.sub("", line) for line in kept]
    elif quoted:
        count = "1 quoted line" if len(quoted) == 1 else f"{len(quoted)} quoted lines"
        notes.insert(0, f"{count} of the earlier message left out")
    return loaded._replace(text="\n".join(own).strip()), tuple(notes)


def _introduces_quote(lines: list[str], at: int) -> bool:
    """Return whether a line announces the quote that follows: "On Monday, Ada wrote:"."""
    following = next(filter(str.strip, lines[at + 1 : at + 4]), "")
    return bool(_QUOTED.match(following)) and phrases("quote_header").match(lines[at]) is not None
