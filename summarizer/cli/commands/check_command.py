"""`summarizer check ARTICLE CLAIMS`: check claims of any origin against an article."""

import argparse
import asyncio
from pathlib import Path

from ...engines import open_language_model
from ...errors import EngineError, SourceError
from ...loading import is_address, load
from ...loading.text_encoding import decode
from ...rendering import Layout
from ...rendering.verdicts import render_verdicts
from ...schema import Verdict
from ...settings import Settings
from ..arguments import chosen_format, settings_from
from ..claim_verdicts import settle, verdicts_of
from ..console import ExitStatus, console_style, counted, notify, report
from ..output import write_text
from ..parser import Parser, add_shared

_DESCRIPTION = """\
Check claims against an article: one verdict for each claim, in the order given.

  supported     the claim repeats the article, or its quotes prove it
  doubtful      code cannot tell; -m MODEL gives these claims a second look
  unsupported   a definite fault, such as a number that the article lacks"""


def parser() -> Parser:
    """Return the parser of `check`."""
    made = Parser("check", _DESCRIPTION, "ARTICLE CLAIMS")
    inputs = made.group("input")
    inputs.add_argument("article", metavar="ARTICLE", help="a file, a URL, or -")
    inputs.add_argument(
        "claims", metavar="CLAIMS", help="a draft or summary in JSON, or a text with one claim per line"
    )
    add_shared(inputs, "--allow-private")
    model = made.group("model")
    add_shared(
        model,
        "--model",
        help="let a model look at the doubtful claims, 20 in a request, such as openai/NAME (default: none)",
    )
    add_shared(model, "--base-url")
    output = made.group("output")
    add_shared(output, "--format")
    add_shared(output, "--output", help="write to a file")
    add_shared(output, "--strict", help="exit with status 3 if any claim is not supported")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Check the claims, print the verdicts with their reasons, and return the exit status."""
    settings = settings_from(arguments)
    format = chosen_format(arguments)
    name = arguments.article
    article = load(name if is_address(name) else Path(name), allow_private=settings.allow_private)
    verdicts = verdicts_of(_read_claims(arguments.claims), article)
    failed = False
    if arguments.model:
        try:
            verdicts = asyncio.run(_second_look(verdicts, arguments, settings))
        except EngineError as error:
            report(f"no second look: {error}")
            failed = True
    text = render_verdicts(verdicts, article, format, color=console_style(arguments.output).color)
    write_text(text, arguments.output, table=format.layout is Layout.TABLE)
    if failed:
        return ExitStatus.FAILED
    rejected = arguments.strict and not all(verdict.supported for verdict in verdicts)
    return ExitStatus.REJECTED if rejected else ExitStatus.OK


def _read_claims(name: str) -> str:
    """Read the claims from a file or standard input. Raises `SourceError`."""
    if name == "-":
        return load("-").text
    try:
        return decode(Path(name).read_bytes(), name).text
    except OSError as error:
        raise SourceError(f"cannot read the claims {name!r}: {error.strerror}; check the path") from error


async def _second_look(verdicts: list[Verdict], arguments: argparse.Namespace, settings: Settings) -> list[Verdict]:
    model = open_language_model(arguments.model, settings)
    try:
        settled = await settle(verdicts, model)
    finally:
        await model.aclose()
    if silent := sum(verdict.grade == "doubtful" for verdict in settled):
        notify(arguments, f"{arguments.model} gave no opinion on {counted(silent, 'doubtful claim')}")
    return settled
