"""Golden cases: score models, prompts and versions against them, with confidence intervals, and detect changed facts.

cases         a folder with an article, a recorded draft and the gold
validation    check every quote, offset and name of a gold
scoring       counts of one summary against its gold            measures        counts → figures, and differences
benchmarking  score a model on cases; floors of the figures     report          the figures as tables
recording     record a draft as a case, and replay it           report_formats  text, Markdown, HTML, JSON
checking      changed facts of cases, regardless of wording     reviewing       a person's verdict on each claim
"""

from .benchmarking import REPLAY, Baseline, EvaluatedModel, evaluate
from .cases import Case, Gold, Trap, find_cases, read_case
from .checking import CaseResult, Change, approve, changes, check, compared, junit
from .measures import MEASURES, ModelDifference, difference
from .recording import record, replayed
from .report import Report, make_report
from .report_formats import show
from .scoring import Score, score
from .validation import faults

__all__ = [
    "MEASURES",
    "REPLAY",
    "Baseline",
    "Case",
    "CaseResult",
    "Change",
    "EvaluatedModel",
    "Gold",
    "ModelDifference",
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
