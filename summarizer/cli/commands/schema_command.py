"""`summarizer schema`: the JSON schema of what this program writes, and of what a model answers."""

import argparse
import json

from ... import schema as schemas
from ...docstrings import docstrings_of
from ...schema import Article, Draft, Failure, FrozenModel, Summary, Verdicts
from ..console import ExitStatus
from ..parser import Parser

_MODELS: dict[str, type[FrozenModel]] = {
    "summary": Summary,
    "failure": Failure,
    "verdicts": Verdicts,
    "draft": Draft,
    "article": Article,
}
_DESCRIPTION = """\
Print the JSON schema (draft 2020-12) of one of these:

  summary   what -f json and -f jsonl write
  failure   what -f jsonl writes of an article that failed
  verdicts  what `check -f json` writes
  draft     what a language model answers, and what `check` reads
  article   what was read"""


def parser() -> Parser:
    """Return the parser of `schema`."""
    made = Parser("schema", _DESCRIPTION, "[summary|failure|verdicts|draft|article]")
    made.group("arguments").add_argument(
        "model",
        nargs="?",
        choices=tuple(_MODELS),
        default="summary",
        metavar="MODEL",
        help="one of these (default: summary)",
    )
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Print the schema and return the exit status."""
    schema = _MODELS[arguments.model].model_json_schema(mode="serialization")
    for name, definition in {**schema.get("$defs", {}), schema["title"]: schema}.items():
        for field, docstring in docstrings_of(vars(schemas)[name]).items():
            if "properties" in definition and field in definition["properties"]:
                definition["properties"][field]["description"] = " ".join(docstring.split())
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return ExitStatus.OK
