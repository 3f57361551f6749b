"""Compare the results of cases with what was approved, and report the differences, as JUnit XML too."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from xml.etree import ElementTree as ET

from .. import defaults
from ..errors import ConfigError, PromptError, SummarizerError
from ..protocols import Engine
from ..rendering.control_characters import visible
from .cases import Case, read_case
from .fact_changes import Change
from .recording import compared, summarized
from .validation import faults


class CaseResult(NamedTuple):
    """The result of one case."""

    name: str
    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()
    """Errors in the gold itself."""
    error: str | None = None
    """Why there is no summary."""
    held_out: bool = False
    human: bool = True
    """Whether a person wrote or reviewed the gold."""
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """One of failed, faulty, changed, same."""
        if self.error is not None:
            return "failed"
        return "faulty" if self.faults else "changed" if self.changes else "same"

    @property
    def message(self) -> str:
        """The error, or how many faults and changes there are."""
        if self.error is not None:
            return self.error
        counts = [_counted(len(self.faults), "fault of the gold"), _counted(len(self.changes), "fact changed")]
        return ", ".join(filter(None, counts))

    def lines(self, *, held_out: bool = False) -> list[str]:
        """Return the faults and changes; of a held-out case only on request."""
        if self.held_out and not held_out and (self.changes or self.faults):
            return ["held out: not shown, so that no rule is tuned on it"]
        return [*(f"fault: {fault}" for fault in self.faults), *map(str, self.changes)]


async def check(
    folders: Sequence[Path], engine: Engine | None = None, *, concurrency: int = defaults.CONCURRENCY
) -> list[CaseResult]:
    """Replay the drafts of cases, or ask another engine, and compare; one that fails does not stop the others.

    Raises `ConfigError` or `PromptError`, which concern them all.
    """
    slots = asyncio.Semaphore(concurrency if engine is not None else 1)

    async def one(folder: Path) -> CaseResult:
        async with slots:
            began = perf_counter()
            try:
                case = read_case(folder)
                result = await _result(case, engine)
            except (ConfigError, PromptError):
                raise
            except SummarizerError as error:
                result = CaseResult(folder.name, error=str(error))
            return result._replace(seconds=perf_counter() - began)

    return await asyncio.gather(*map(one, folders))


async def _result(case: Case, engine: Engine | None) -> CaseResult:
    changes = tuple(compared(case, await summarized(case, engine)))
    return CaseResult(
        case.name, changes=changes, faults=tuple(faults(case)), held_out=case.held_out, human=case.gold.human
    )


def junit(results: Sequence[CaseResult], *, held_out: bool = False) -> str:
    """Return the results as JUnit XML, for build servers."""
    suite = ET.Element(
        "testsuite",
        name="summarizer golden",
        tests=str(len(results)),
        failures=str(sum(one.outcome in ("changed", "faulty") for one in results)),
        errors=str(sum(one.outcome == "failed" for one in results)),
        time=f"{sum(one.seconds for one in results):.3f}",
    )
    for one in results:
        case = ET.SubElement(suite, "testcase", classname="golden", name=visible(one.name), time=f"{one.seconds:.3f}")
        if one.outcome != "same":
            failure = ET.SubElement(
                case, "error" if one.error is not None else "failure", type=one.outcome, message=visible(one.message)
            )
            failure.text = "\n".join(map(visible, one.lines(held_out=held_out)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counted(number: int, what: str) -> str:
    if not number:
        return ""
    head, _, rest = what.partition(" ")
    return f"{number} {head}{'' if number == 1 else 's'} {rest}"
