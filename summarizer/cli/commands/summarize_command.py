"""`summarizer INPUT...`: summarize articles and write the results in the order given."""

import argparse
import sys
from pathlib import Path

from ...engines import open_engine, open_language_model
from ...rendering import Format, Rows
from ...settings import EXTRACTIVE
from ..arguments import announced_model, settings_from
from ..console import ExitStatus, notify
from ..delivery import deliver
from ..inputs import gather
from ..presentation import chosen_format


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Summarize the inputs and return the exit status."""
    settings = settings_from(arguments)
    model = announced_model(arguments, settings)
    _warn_of_unused_options(arguments, model)
    inputs = gather(arguments.inputs, arguments.files_from, Path(arguments.output) if arguments.output else None)
    if skipped := inputs.skipped_message():
        notify(arguments, skipped)
    if arguments.verbose:
        _log_calls()
    if arguments.dry_run:
        from ..dry_run import preview

        return preview(inputs, model, settings, verbose=arguments.verbose)
    trace = Path(arguments.trace) if arguments.trace else None
    engine = open_engine(
        model, settings, refresh=arguments.refresh, trace=trace, warn=lambda message: notify(arguments, message)
    )
    verifier = (
        None if arguments.verify is None else open_language_model(arguments.verify or model, settings, trace=trace)
    )
    return deliver(arguments, settings, inputs, engine, verifier)


def _warn_of_unused_options(arguments: argparse.Namespace, model: str) -> None:
    if model == EXTRACTIVE and arguments.prompt:
        notify(arguments, "--prompt is ignored: the extractive model has no prompt; choose a language model with -m")
    if arguments.rows != Rows.PARTNERSHIPS and chosen_format(arguments) is not Format.CSV:
        notify(arguments, "--rows is ignored: only csv has rows; choose it with -f csv")


def _log_calls() -> None:
    """Print a line for each request on standard error."""
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("summarizer: %(message)s"))
    logger = logging.getLogger("summarizer")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
