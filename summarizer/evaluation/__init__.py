"""Golden cases, and what they say of a model, a prompt or a version: scores with their doubt, and facts that changed.

cases       a folder with an article, an answer and the gold     validation  every quote, offset and name of it, proven
names       who is who, whatever form a name has                 pairs       partnerships against the gold
scoring     one summary against its gold: counts                 rouge       words that two texts share
measures    counts → figures, and their difference               running     models against cases
report      all that, as tables                                  showing     text, Markdown, HTML, JSON
floors      figures that must not sink                           facts       what changed, wording apart
recording   an answer becomes a case                             reviewing   a person's word on each claim
recorder    an engine that listens to another one            checking    cases against what was approved, and JUnit
"""

from .baseline import Baseline
from .cases import Case, Gold, Trap, find_cases, read_case
from .checking import Checked, check, junit
from .contest import REPLAY, EvaluatedModel, evaluate
from .fact_changes import Change, changes
from .measures import MEASURES, Difference, difference
from .recording import approve, compared, record, replayed
from .report import Report, make_report
from .report_formats import show
from .scoring import Score, score
from .validation import faults

__all__ = [
    "MEASURES",
    "REPLAY",
    "Baseline",
    "Case",
    "Change",
    "Checked",
    "Difference",
    "EvaluatedModel",
    "Gold",
    "Report",
    "Score",
    "Trap",
    "approve",
    "changes",
    "check",
    "compared",
    "difference",
    "evaluate",
    "faults",
    "find_cases",
    "junit",
    "make_report",
    "read_case",
    "record",
    "replayed",
    "score",
    "show",
]
