"""`summarizer prompts`: list the prompt templates, show one, or compare the user's own with the built-in ones."""

import argparse
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from ... import defaults
from ...errors import PromptError
from ...prompting import Prompt, available, find, user_folder
from ...rendering.control_characters import visible
from ..console import ExitStatus
from ..parser import Parser, add_shared

_DESCRIPTION = """\
Inspect the prompt templates.

  list         all templates, with their fingerprints
  show [NAME]  the text of a template
  path [NAME]  the file of a template
  diff [NAME]  how your templates differ from the built-in ones"""


def parser() -> Parser:
    """Return the parser of `prompts`."""
    made = Parser("prompts", _DESCRIPTION, "list|show|path|diff [NAME]")
    arguments = made.group("arguments")
    add_shared(arguments, "action", choices=("list", "show", "path", "diff"))
    arguments.add_argument(
        "name", nargs="?", metavar="NAME", help=f"a template (default: {defaults.PROMPT}; diff: all)"
    )
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Run the action and return the exit status."""
    mine = user_folder()
    if arguments.action == "list":
        for prompt in available(mine):
            own = "\t(yours)" if prompt.path.is_relative_to(mine) else ""
            print(f"{visible(prompt.name)}\t{prompt.sha256[:12]}\t{visible(prompt.description)}{own}")
    elif arguments.action == "diff":
        for line in _differences(arguments.name, mine):
            print(visible(line))
    else:
        prompt = find(arguments.name or defaults.PROMPT, mine)
        shown = str(prompt.path) if arguments.action == "path" else prompt.source.rstrip()
        print("\n".join("\t".join(map(visible, line.split("\t"))) for line in shown.split("\n")))
    return ExitStatus.OK


def _differences(name: str | None, mine: Path) -> Iterator[str]:
    """Compare a template, or all of the user's own, with the built-in ones of the same name."""
    chosen = [find(name, mine)] if name else [prompt for prompt in available(mine) if prompt.path.is_relative_to(mine)]
    if not chosen:
        yield f"no prompts of your own: a file {defaults.PROMPT}.md in {str(mine)!r} would replace the built-in one"
    for prompt in chosen:
        yield from _difference(prompt)


def _difference(prompt: Prompt) -> Iterator[str]:
    try:
        built_in = find(prompt.name)
    except PromptError:
        yield f"{prompt.path}: {prompt.sha256[:12]}, no built-in prompt is named {prompt.name!r}"
        return
    if prompt.sha256 == built_in.sha256:
        yield f"{prompt.name}: {prompt.sha256[:12]}, the built-in one"
        return
    yield f"{prompt.name}: {built_in.sha256[:12]} built-in, {prompt.sha256[:12]} in {prompt.path}"
    yield from unified_diff(
        built_in.source.splitlines(), prompt.source.splitlines(), str(built_in.path), str(prompt.path), lineterm=""
    )
