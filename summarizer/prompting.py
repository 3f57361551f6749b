"""Find a prompt template, read its front matter, and render it strictly into messages.

A template is one Markdown file: TOML between two `+++` lines, then a Jinja2 body whose blocks `system` and `user`
become the two messages. Untrusted text (the article, a model's claims) never passes through Jinja: it is appended to
the `user` message unchanged, between fences that it cannot close.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import PromptError

if TYPE_CHECKING:  # jinja2 is imported when a template is rendered: a cached summary never needs it
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

Message = dict[str, str]
"""`{"role": "system" or "user", "content": …}`, as every chat API takes it."""

_HERE = Path(__file__).resolve().parent
_BUILT_IN = (_HERE / "prompts", _HERE.parent / "prompts")  # inside the wheel, then a checkout or editable install
_FRONT = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(?P<meta>.*?)^\+\+\+[ \t]*\n(?P<body>.*)\Z", re.DOTALL | re.MULTILINE)
_LARGEST = 200_000  # bytes: a template is a page or two
_LARGEST_RENDERED = 2_000_000  # characters: a loop can say more than any model reads


@dataclass(frozen=True)
class Prompt:
    """A template with its fingerprint."""

    name: str
    path: Path
    sha256: str
    """Of the whole file: any edit makes another prompt."""
    source: str
    """The file as it stands, front matter included."""
    front: str
    """The front matter, TOML."""
    body: str

    @property
    def description(self) -> str:
        """Its purpose, in a line. Raises `PromptError` where the front matter is not valid TOML."""
        return str(self._metadata.get("description", ""))

    @property
    def largest(self) -> int | None:
        """The maximum characters of the rendered template without the article, if it sets one. Raises `PromptError`."""
        stated = self._metadata.get("largest")
        if stated is None or (isinstance(stated, int) and stated > 0):
            return stated
        raise PromptError(f"the prompt {str(self.path)!r} has largest = {stated!r}: it must be a number of characters")

    @cached_property
    def _metadata(self) -> dict[str, Any]:
        import tomllib

        try:
            return tomllib.loads(self.front)
        except (ValueError, RecursionError) as error:  # the latter: nested too deeply
            named = str(self.path)
            raise PromptError(f"the front matter of the prompt {named!r} is not valid TOML: {error}") from error

    def render(self, variables: Mapping[str, object], fenced: Mapping[str, str]) -> list[Message]:
        """Render the messages: the template, then each text of `fenced` between fences, in order.

        The template also sees `fence`, a mapping of the names in `fenced` to their opening and closing lines.
        Raises `PromptError` when it uses a variable that does not exist.
        """
        fences = {name: Fence.around(name, text) for name, text in fenced.items()}
        context = {**variables, "fence": fences}
        system = self._block("system", context)
        if self._template.blocks:
            instructions = self._block("user", context)
        else:
            instructions = self._rendered(lambda: self._template.generate(context), context)
        user = [instructions, *(fences[name].enclose(text) for name, text in fenced.items())]
        messages = [{"role": "system", "content": system}] if system else []
        return [*messages, {"role": "user", "content": "\n\n".join(part for part in user if part)}]

    @cached_property
    def _template(self) -> "Template":
        from jinja2 import TemplateError

        try:
            return _environment().from_string(self.body)
        except (TemplateError, RecursionError, ValueError, SyntaxError, MemoryError) as error:
            raise PromptError(f"the prompt {str(self.path)!r} is not a valid Jinja2 template: {error}") from error

    def _block(self, name: str, context: Mapping[str, object]) -> str:
        block = self._template.blocks.get(name)
        if block is None:
            return ""
        return self._rendered(lambda: block(self._template.new_context(dict(context))), context)

    def _rendered(self, render: Callable[[], Iterable[str]], context: Mapping[str, object]) -> str:
        from jinja2 import TemplateError, UndefinedError

        parts, size = [], 0
        try:
            for part in render():
                parts.append(part)
                size += len(part)
                if size > _LARGEST_RENDERED:
                    raise ValueError(f"it grows beyond {_LARGEST_RENDERED:,} characters")
            return "".join(parts).strip()
        except UndefinedError as error:
            known = ", ".join(sorted(context))
            raise PromptError(f"the prompt {str(self.path)!r}: {error}; a template here may use: {known}") from error
        except RecursionError as error:
            raise PromptError(f"the prompt {str(self.path)!r} includes or calls itself without an end") from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, MemoryError) as error:
            why = str(error) or "it needs too much memory"
            raise PromptError(f"the prompt {str(self.path)!r} could not be rendered: {why}") from error


class Fence(NamedTuple):
    """The lines around untrusted text. Their mark is derived from the text, which cannot contain it."""

    open: str
    close: str

    @classmethod
    def around(cls, name: str, text: str) -> "Fence":
        """Return the fence of a text, always the same for the same text, so that prompts can be cached."""
        mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        while mark in text:
            mark = hashlib.sha256(mark.encode()).hexdigest()[:12]
        return cls(f"<{name}-{mark}>", f"</{name}-{mark}>")

    def enclose(self, text: str) -> str:
        """Return the text between the fences, unchanged but for lone surrogates, which no message can hold."""
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-8", "replace").decode("utf-8")
        return f"{self.open}\n{text}\n{self.close}"


def user_folder() -> Path:
    """Return the folder of the user's templates, which override built-in ones of the same name."""
    from platformdirs import user_config_path

    return user_config_path("summarizer", appauthor=False) / "prompts"


def find(name: str | Path, folder: Path | None = None) -> Prompt:
    """Find a template by name (in the user's `folder`, then among the built-in ones) or by path, and read it.

    A path has a separator or a suffix. Raises `PromptError`.
    """
    text = str(name)
    if isinstance(name, Path) or "/" in text or "\\" in text or text.endswith((".md", ".j2", ".txt")):
        return read(Path(text).expanduser())
    for place in _folders(folder):
        if (path := place / f"{text}.md").is_file():
            return read(path)
    known = ", ".join(prompt.name for prompt in available(folder)) or "none"
    raise PromptError(f"there is no prompt named {text!r}: give a path, or one of: {known}")


def available(folder: Path | None = None) -> list[Prompt]:
    """Return every template that can be found by name, sorted; unreadable ones are left out, and so is a README."""
    found = []
    names = {path.stem for place in _folders(folder) for path in place.glob("*.md")}
    for name in sorted(names - {"README"}):
        with suppress(PromptError):
            found.append(find(name, folder))
    return found


def read(path: Path) -> Prompt:
    """Read one template file. Raises `PromptError`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise PromptError(f"the prompt {str(path)!r} cannot be read: {reason}; check the path") from error
    if len(raw) > _LARGEST:
        raise PromptError(f"the prompt {str(path)!r} holds {len(raw)} bytes: a template has at most {_LARGEST}")
    try:
        source = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PromptError(f"the prompt {str(path)!r} is not UTF-8 text: save it as UTF-8") from error
    front, body = _split(source, path)
    if not body.strip():
        raise PromptError(f"the prompt {str(path)!r} is empty: copy the built-in one, `summarizer prompts path`")
    prompt = Prompt(path.stem, path, hashlib.sha256(raw).hexdigest(), source, front, body)
    if path.parent not in _BUILT_IN:  # built-in ones are known to be valid
        _ = prompt.description, prompt.largest
    return prompt


def _split(source: str, path: Path) -> tuple[str, str]:
    """Return front matter and body; the front matter is optional, but must be closed."""
    found = _FRONT.match(source)
    if found is None:
        if source.lstrip("\ufeff").startswith("+++"):
            raise PromptError(f"the prompt {str(path)!r} opens its front matter and never closes it: add a '+++' line")
        return "", source
    return found["meta"], found["body"]


def _folders(folder: Path | None) -> tuple[Path, ...]:
    return _BUILT_IN if folder is None else (folder, *_BUILT_IN)


@lru_cache(maxsize=1)
def _environment() -> "SandboxedEnvironment":
    """Strict (an unknown variable is an error) and sandboxed (a template cannot run code)."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # the result is not HTML: "AT&T" must not be escaped
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
