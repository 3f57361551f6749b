"""`summarizer models`: which models can be used here and now; no key is shown, and no model is asked."""

import argparse
import os

from ...engines.llm.model_listing import list_models
from ...settings import choose_model, read_settings
from .. import OK


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each provider: whether it can be used, an example, what is missing; a star at the choice."""
    choice = choose_model(read_settings())
    rows = list_models(os.environ, choice.model)
    width = max(len(row.example) for row in rows)
    for row in sorted(rows, key=lambda row: not row.usable):
        star, usable = "*" if row.default else " ", "ready  " if row.usable else "missing"
        print(f"{star} {usable}  {row.example:<{width}}  {row.missing}".rstrip())
    print(f"\n* is chosen where no model is named: {choice.model}, for {choice.reason}")
    return OK
