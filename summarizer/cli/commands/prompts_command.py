"""`summarizer prompts`: what templates there are, what they say, and how a person's own differ from ours."""

import argparse
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from ...errors import PromptError
from ...prompting import Prompt, available, find, user_folder
from .. import OK

_USUAL = "summarize"


def run(arguments: argparse.Namespace) -> int:
    """List the templates, print one, say where it is, or compare a person's own with the built-in one."""
    mine = user_folder()
    if arguments.action == "list":
        for prompt in available(mine):
            own = "\t(yours)" if prompt.path.is_relative_to(mine) else ""
            print(f"{prompt.name}\t{prompt.sha256[:12]}\t{prompt.description}{own}")
    elif arguments.action == "diff":
        for line in _differences(arguments.name, mine):
            print(line)
    else:
        prompt = find(arguments.name or _USUAL, mine)
        print(prompt.path if arguments.action == "path" else prompt.source.rstrip())
    return OK


def _differences(name: str | None, mine: Path) -> Iterator[str]:
    """Compare the template that is named, or all that a person has, with the built-in ones of the same name."""
    asked = [find(name, mine)] if name else [prompt for prompt in available(mine) if prompt.path.is_relative_to(mine)]
    if not asked:
        yield f"no prompt of yours: a file {_USUAL}.md in {str(mine)!r} would win over the built-in one"
    for prompt in asked:
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
    lines = unified_diff(
        built_in.source.splitlines(), prompt.source.splitlines(), str(built_in.path), str(prompt.path), lineterm=""
    )
    yield from lines
