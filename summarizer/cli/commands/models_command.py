"""`summarizer models`: list the models that can be used; no key is shown and no request is made."""

import argparse
import os

from ...engines.llm.providers import ListedModel, list_models
from ...plugins import ENGINES, declared
from ...settings import choose_model, read_settings
from ..console import ExitStatus
from ..parser import Parser


def parser() -> Parser:
    """Return the parser of `models`."""
    return Parser("models", "List the models that can be used, what the others need, and which one is the default.", "")


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Print a line per provider: whether it can be used, an example, and what is missing; a star marks the default."""
    choice = choose_model(read_settings())
    rows = list_models(os.environ, choice.model)
    for name, entry in declared(ENGINES).items():
        package = entry.dist.name if entry.dist else entry.value
        rows.append(ListedModel(name, f"{name}/NAME", True, f"of the package {package}"))
    width = max(len(row.example) for row in rows)
    for row in sorted(rows, key=lambda row: not row.usable):
        star, usable = "*" if row.default else " ", "ready  " if row.usable else "missing"
        print(f"{star} {usable}  {row.example:<{width}}  {row.missing}".rstrip())
    print(f"\n* the default model is {choice.model}: {choice.reason}")
    return ExitStatus.OK
