"""`summarizer prompts`: what templates there are, and what they say."""

import argparse

from ..prompting import available, find
from . import OK


def run(arguments: argparse.Namespace) -> int:
    """List the templates, print one, or say where it is."""
    if arguments.action == "list":
        for prompt in available():
            print(f"{prompt.name}\t{prompt.sha256[:12]}\t{prompt.description}")
        return OK
    prompt = find(arguments.name)
    print(prompt.path if arguments.action == "path" else prompt.source.rstrip())
    return OK
