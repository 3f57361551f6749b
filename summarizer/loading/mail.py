"""Mail → text: the words of whoever wrote it, without signature, and without what it answers to.

The plain part is read where it says what the web part says, else the web part. A mail that only passes something on
is what it passes on.
"""

import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Any, TypeVar

from ..errors import SourceError
from .readers import PLAIN, LoadedText
from .sandbox import run_bounded
from .text_encoding import decode

ORDINARY = 2_000_000
"""Bytes of a mail that is read without more ado."""
LONGEST = 8_000
"""Bytes of one header, or of one line: the work of the header parser grows with the square of it."""

_Value = TypeVar("_Value")

_FOLDED = re.compile(rb"[^\n]+(?:\n[ \t][^\n]*)*")
_PREFIX = re.compile(r"(?:\s*(?:re|fwd?|tr|aw|wg|antw|rv|rif|r|i|enc)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_QUOTED = re.compile(r"\s{0,3}>")
_MARKS = re.compile(r"^(?:\s{0,3}>)+ ?")
_WROTE = re.compile(
    r"^[^\n]{0,300}\b(?:wrote|a écrit|écrivait|schrieb|escribió|ha scritto|scrisse|escreveu|schreef)\s*:\s*$",
    re.IGNORECASE,
)
_SIGNATURE = "-- "
_WORD = re.compile(r"\w+")
_FORWARDED = 3
"""Times as many words quoted as written: the mail passes them on."""


def read_mail(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read one message: its subject is the title, its date the day of publication. Raises `SourceError`.

    An ordinary one is read here and now; one whose headers could cost minutes, in a process of its own.
    """
    if len(raw) <= ORDINARY and all(len(line[0]) <= LONGEST for line in _FOLDED.finditer(raw)):
        return parse(raw, name, charset)
    text, warnings, *rest = run_bounded("mail", raw, name, charset)
    return LoadedText(text, tuple(warnings), *rest)


def parse(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read a message here and now."""
    try:
        message = _parsed(raw, name)
        read, warnings = _body(message, name)
        attached = [_called(part) for part in message.iter_attachments()]
    except SourceError:
        raise
    except Exception as error:
        raise _damaged(name, error) from error
    if not _WORD.search(read.text):
        only = f"only what is attached ({_listed(attached)}); save that, and give it" if attached else PLAIN
        raise SourceError(f"cannot read {name!r}: it has no words of its own; {only}")
    if attached:
        warnings = (*warnings, f"what is attached was not read: {_listed(attached)}")
    return _with_headers(read._replace(warnings=(*read.warnings, *warnings)), message)


def _parsed(raw: bytes, name: str) -> EmailMessage:
    from email import message_from_bytes, policy

    raw = raw.replace(b"\r\n", b"\n").lstrip(b"\n")
    message = message_from_bytes(raw, policy=policy.default)
    if not message.keys():
        raise SourceError(f"cannot read {name!r}: it is no mail, for it has no headers; {PLAIN}")
    return message


def _damaged(name: str, error: Exception) -> SourceError:
    said = str(error).partition("\n")[0][:100] or type(error).__name__
    return SourceError(f"cannot read {name!r}: the mail is damaged ({said}); save it anew, or {PLAIN}")


def _called(part: Any) -> str:
    return _known(lambda: str(part.get_filename() or "")) or str(part.get_content_type())


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:100]) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def _with_headers(read: LoadedText, message: EmailMessage) -> LoadedText:
    """The article as a reader sees it: the subject above the text."""
    subject = _PREFIX.sub("", " ".join(str(_known(lambda: message["subject"]) or "").split()), count=1)
    title = subject or read.title
    text = read.text if not title or read.text.startswith(title) else f"{title}\n\n{read.text}"
    sent = _known(lambda: message["date"].datetime)
    published = sent.isoformat() if isinstance(sent, datetime) else read.published
    author = _known(lambda: message["from"].addresses[0].display_name) or read.author
    return read._replace(text=text, title=title, published=published, author=author)


def _known(find: Callable[[], _Value]) -> _Value | None:
    """What a header says, None where it cannot be understood."""
    try:
        return find()
    except Exception:  # noqa: BLE001 - the header parser raises anything
        return None


# --- the body --------------------------------------------------------------------------------------------------------


def _body(message: EmailMessage, name: str) -> tuple[LoadedText, tuple[str, ...]]:
    plain = _part(message, "plain")
    page = _part(message, "html")
    written = _plain(plain, name) if plain is not None else None
    shown = _page(page, name) if page is not None else None
    if shown is not None and (written is None or 2 * _count(written.text) < _count(shown.text)):
        return shown, ()
    return _own(written or LoadedText(""))


def _part(message: EmailMessage, kind: str) -> Any:
    return message.get_body(preferencelist=(kind,))


def _count(text: str) -> int:
    return len(_WORD.findall(text))


def _plain(part: Any, name: str) -> LoadedText:
    text, warnings = decode(_payload(part), name, part.get_content_charset())
    if part.get_param("format", "").lower() == "flowed":
        text = _unflowed(text, stuck=part.get_param("delsp", "").lower() == "yes")
    return LoadedText(text, warnings)


def _payload(part: Any) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unflowed(text: str, *, stuck: bool) -> str:
    """Join the lines that end in a space, as RFC 3676 has it; quotes and signatures stay."""
    parts: list[str] = []
    flowing = False
    for line in text.split("\n"):
        joined = flowing and not _QUOTED.match(line)
        flowing = line.endswith(" ") and line != _SIGNATURE and not _QUOTED.match(line)
        shown = line.removeprefix(" ")
        parts.append(("" if joined or not parts else "\n") + (shown[:-1] if flowing and stuck else shown))
    return "".join(parts)


def _page(part: Any, name: str) -> LoadedText | None:
    """The web part, read as any page; None where nothing is found in it."""
    from .pages import read_page

    try:
        return read_page(_payload(part), name, part.get_content_charset())
    except SourceError:
        return None


def _own(read: LoadedText) -> tuple[LoadedText, tuple[str, ...]]:
    """What the sender wrote: no signature, and no quotes where these are not the point of the mail."""
    lines = read.text.split("\n")
    signature = next((at for at, line in enumerate(lines) if line == _SIGNATURE), len(lines))
    kept = lines[:signature]
    quoted = [line for line in kept if _QUOTED.match(line)]
    own = [line for at, line in enumerate(kept) if not _QUOTED.match(line) and not _introduces(kept, at)]
    notes = ["the signature left out"] if signature < len(lines) else []
    if not quoted:
        return read._replace(text="\n".join(kept).strip()), tuple(notes)
    if _count("\n".join(quoted)) > _FORWARDED * _count("\n".join(own)):
        return read._replace(text="\n".join(_MARKS.sub("", line) for line in kept).strip()), tuple(notes)
    lines_left = "1 quoted line" if len(quoted) == 1 else f"{len(quoted)} quoted lines"
    notes.insert(0, f"{lines_left} of what it answers to left out")
    return read._replace(text="\n".join(own).strip()), tuple(notes)


def _introduces(lines: list[str], at: int) -> bool:
    """Whether a line says whose words follow: "On Monday, Ada wrote:"."""
    following = next(filter(str.strip, lines[at + 1 : at + 4]), "")
    return bool(_QUOTED.match(following)) and _WROTE.match(lines[at]) is not None
