"""`summarizer batch submit|status|collect`: the provider's batch service, at half the price and within a day."""

import argparse
from contextlib import closing

from ...errors import ConfigError
from ...provider_batch import Journal
from ..arguments import settings_from
from ..batch_collect import chosen_run, collect_run
from ..batch_session import RUN_SETTINGS, BatchSession, journal_path
from ..batch_status import show_status
from ..batch_submit import submit_run
from ..console import ExitStatus, complain
from ..parser import Parser, add_general, add_shared, make_parser

_DESCRIPTION = """\
Use the provider's batch API: the same prompt, cache and proof as any other run, at half the price, within a day.

  submit INPUT...  submit what is neither cached nor pending; run it again to retry what failed
  status [RUN...]  show how far each job is, and what its answers cost
  collect [RUN]    fetch the answers, prove them and write the summaries; can be repeated

`submit` prints the name of the run (default: the last one). Rejected claims are repaired at once, at the full price,
unless --max-cost is 0."""
_ACTIONS = ("submit", "status", "collect")


def parser() -> Parser:
    """Return the parser of `batch`."""
    made = make_parser("summarizer batch", _DESCRIPTION, usage="summarizer batch [OPTIONS] ACTION [INPUT|RUN...]")
    arguments = made.add_argument_group("arguments")
    arguments.add_argument("action", choices=_ACTIONS, metavar="ACTION", help="one of the actions above")
    arguments.add_argument("names", nargs="*", metavar="INPUT|RUN", help="submit: articles; status, collect: runs")
    submit = made.add_argument_group("submit")
    add_shared(submit, "--files-from")
    add_shared(submit, "--model", help="openai/NAME, or any model with --base-url [SUMMARIZER_MODEL]")
    add_shared(submit, "--base-url", "--prompt", "--language", "--takeaways")
    both = made.add_argument_group("submit, collect")
    add_shared(both, "--max-cost", help="maximum cost of the submission, or of the repairs of a collection")
    both.add_argument("--wait", action="store_true", help="poll until every job is over, then write the summaries")
    collect = made.add_argument_group("collect")
    add_shared(collect, "--format", "--output", "--strict", "--quotes", "--rows")
    add_general(made)
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Run the action and return the exit status."""
    _refuse_misplaced_options(arguments)
    settings = settings_from(arguments)
    with closing(Journal(journal_path(settings))) as journal:
        session = BatchSession(arguments, settings, journal)
        try:
            if arguments.action == "submit":
                return submit_run(session)
            if arguments.action == "status":
                return show_status(session)
            return collect_run(session, chosen_run(arguments.names, journal))
        except KeyboardInterrupt:
            hint = "what was submitted goes on: `summarizer batch collect` fetches it"
            return complain(f"interrupted; {hint}", ExitStatus.INTERRUPTED)


def _refuse_misplaced_options(arguments: argparse.Namespace) -> None:
    """Refuse an option that would have no effect. Raises `ConfigError`."""
    options = vars(arguments)
    if arguments.action != "submit" and (given := [name for name in RUN_SETTINGS if options[name] is not None]):
        raise ConfigError(f"a run is collected as it was submitted: leave out --{given[0].replace('_', '-')}")
    given = [name for name in ("format", "output", "strict", "quotes") if options[name]]
    if arguments.action == "submit" and given and not arguments.wait:
        raise ConfigError(f"submit prints no summaries yet: give --{given[0]} to `batch collect`, or add --wait")
    if arguments.action == "status" and (arguments.output or arguments.format not in (None, "text", "json")):
        raise ConfigError("batch status is printed as text or json, to standard output")
    if arguments.action != "submit" and arguments.files_from is not None:
        raise ConfigError(f"batch {arguments.action} takes no articles: leave out --files-from")
