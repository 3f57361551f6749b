"""`summarizer config`: what is set and by what, the place of the settings file, and an example of it."""

import argparse
import json
import os
from collections.abc import Iterator

from ... import defaults
from ...cache.notation import redact
from ...docstrings import docstrings_of
from ...engines.llm.providers import PROVIDERS
from ...loading import without_credentials
from ...prompting import user_folder
from ...settings import Settings, choose_model, config_path, read_settings
from ..console import ExitStatus
from ..parser import Parser

_DESCRIPTION = """\
Show the settings. Each is a key in the settings file, a variable SUMMARIZER_… in the environment,
a keyword in Python, and most are options of the command; each overrides the one before.

  show     every setting, its value, and what it is set by
  path     the settings file, whether it exists or not
  example  a settings file with every setting: summarizer config example > "$(summarizer config path)\""""
_EXAMPLES: dict[str, object] = {
    "model": defaults.MODEL,
    "base_url": "http://127.0.0.1:8080/v1",
    "language": "fr",
    "cache": "off",
    "processes": 0,
    "window": 40_000,
    "rpm": 60,
    "tpm": 100_000,
    "max_cost": 5.0,
}
"""What stands in the example where there is no default."""


def parser() -> Parser:
    """Return the parser of `config`."""
    made = Parser("config", _DESCRIPTION, "[show|path|example]")
    made.group("arguments").add_argument(
        "action",
        nargs="?",
        choices=("show", "path", "example"),
        default="show",
        metavar="ACTION",
        help="one of the actions above (default: show)",
    )
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Run the action and return the exit status."""
    if arguments.action == "path":
        print(config_path())
        return ExitStatus.OK
    for line in _example() if arguments.action == "example" else _shown():
        print(line)
    return ExitStatus.OK


def _shown() -> Iterator[str]:
    settings = read_settings()
    values = settings.model_dump()
    choice = choose_model(settings)
    place = settings.cache_place
    values |= {"model": choice.model, "cache": "off" if place is None else redact(place)}
    if settings.base_url:
        values["base_url"] = without_credentials(settings.base_url)
    origins = {"model": choice.reason} | {name: f"set by {origin}" for name, origin in settings.origins.items()}
    width = max(len(str(value)) for value in values.values())
    for name, value in values.items():
        text = "–" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        yield f"{name:<13}  {text:<{width}}  {origins.get(name, 'default')}"
    path = config_path()
    yield ""
    missing = "" if path.exists() else " (there is none: `summarizer config example` prints one)"
    yield f"settings file  {path}{missing}"
    yield f"prompts        {user_folder()}"
    keys = sorted({key for provider in PROVIDERS.values() for key in provider.keys if os.environ.get(key)})
    yield f"keys           {', '.join(keys) or 'none is set'}"


def _example() -> Iterator[str]:
    """Yield TOML in which every setting is a comment, so that nothing is set until a line is uncommented."""
    docstrings = docstrings_of(Settings)
    for name, field in Settings.model_fields.items():
        if field.exclude:
            continue
        value = _EXAMPLES.get(name, field.default)
        yield f"# {' '.join(docstrings[name].split())} [SUMMARIZER_{name.upper()}]"
        yield f"#{name} = {json.dumps(value)}"
        yield ""
