"""Cases held against what was approved: which are as they were, which are not, and what a build server reads of it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from xml.etree import ElementTree as ET

from ..errors import ConfigError, PromptError, SummarizerError
from ..protocols import Engine
from ..rendering.control_characters import visible
from ..settings import DEFAULT_CONCURRENCY
from .cases import Case, read_case
from .fact_changes import Change
from .recording import compared, summarized
from .validation import faults


class Checked(NamedTuple):
    """What became of one case."""

    name: str
    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()
    """What is wrong with the gold itself."""
    error: str | None = None
    """Why it could not be played."""
    held_out: bool = False
    human: bool = True
    """Whether a person stands behind the gold."""
    seconds: float = 0.0

    @property
    def word(self) -> str:
        """What became of it, in a word."""
        if self.error is not None:
            return "failed"
        return "faulty" if self.faults else "changed" if self.changes else "same"

    @property
    def extent(self) -> str:
        """How much there is to say."""
        if self.error is not None:
            return self.error
        found = [_counted(len(self.faults), "fault of the gold"), _counted(len(self.changes), "fact changed")]
        return ", ".join(filter(None, found))

    def lines(self, *, held_out: bool = False) -> list[str]:
        """Say what changed and what is wrong; of a case that is held out, only where that is wanted."""
        if self.held_out and not held_out and (self.changes or self.faults):
            return ["held out: not shown, so that no rule is made on it"]
        return [*(f"fault: {fault}" for fault in self.faults), *map(str, self.changes)]


async def check(
    folders: Sequence[Path], engine: Engine | None = None, *, concurrency: int = DEFAULT_CONCURRENCY
) -> list[Checked]:
    """Play the answers of cases back, or ask another engine, and compare; one that fails does not stop the others.

    Raises `ConfigError` or `PromptError`, which would fail them all.
    """
    room = asyncio.Semaphore(concurrency if engine is not None else 1)

    async def one(folder: Path) -> Checked:
        async with room:
            began = perf_counter()
            try:
                case = read_case(folder)
                found = await _checked(case, engine)
            except (ConfigError, PromptError):
                raise
            except SummarizerError as error:
                found = Checked(folder.name, error=str(error))
            return found._replace(seconds=perf_counter() - began)

    return await asyncio.gather(*map(one, folders))


async def _checked(case: Case, engine: Engine | None) -> Checked:
    wrong = tuple(faults(case))
    found = tuple(compared(case, await summarized(case, engine)))
    return Checked(case.name, changes=found, faults=wrong, held_out=case.held_out, human=case.gold.human)


def junit(checked: Sequence[Checked], *, held_out: bool = False) -> str:
    """Return the results as JUnit XML, which build servers read."""
    suite = ET.Element(
        "testsuite",
        name="summarizer golden",
        tests=str(len(checked)),
        failures=str(sum(one.word in ("changed", "faulty") for one in checked)),
        errors=str(sum(one.word == "failed" for one in checked)),
        time=f"{sum(one.seconds for one in checked):.3f}",
    )
    for one in checked:
        case = ET.SubElement(suite, "testcase", classname="golden", name=visible(one.name), time=f"{one.seconds:.3f}")
        if one.word != "same":
            told = ET.SubElement(
                case, "error" if one.error is not None else "failure", type=one.word, message=visible(one.extent)
            )
            told.text = "\n".join(map(visible, one.lines(held_out=held_out)))
    whole = ET.Element("testsuites")
    whole.append(suite)
    ET.indent(whole)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(whole, encoding="unicode") + "\n"


def _counted(number: int, what: str) -> str:
    if not number:
        return ""
    head, _, rest = what.partition(" ")
    return f"{number} {head}{'' if number == 1 else 's'} {rest}"
